"""A visit that came back in a form is shown behind the score by its own row."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from kehujingli.answers.explain.papers import event_nodes
from kehujingli.answers.sources import Sources
from kehujingli.periods import Period

LAST = Period.of("2026-10").last
ROWS = {
    "visits": [{"date": LAST - 9, "way": "电话", "purpose": "回访", "part": 0, "row": 5}],
    "visit_plan": [
        {
            "planned_on": LAST - 3,
            "visited_on": None,
            "result": "met",
            "way": "上门",
            "remark": "谈授信",
            "part": 1,
            "row": 4,
        },
        {
            "planned_on": LAST - 5,
            "visited_on": LAST - 4,
            "result": "met",
            "way": "上门",
            "remark": None,
            "part": 1,
            "row": 5,
        },
        {
            "planned_on": LAST - 2,
            "visited_on": None,
            "result": "absent",
            "way": "上门",
            "remark": None,
            "part": 1,
            "row": 6,
        },
    ],
}


def test_visits_of_the_record_and_of_forms_stand_together_newest_first() -> None:
    sources = SimpleNamespace(
        given=lambda table, **_: ROWS[table], last_day=LAST, place=lambda part, row: f"{part}:{row}"
    )
    asked: dict[str, Any] = {"actual": "visits_done_ratio", "customer_id": "C1", "entity": ""}
    found = [one.said for one in event_nodes(cast("Sources", sources), asked)]
    assert found == ["2026-10-28 上门 谈授信，1:4", "2026-10-27 上门，1:5", "2026-10-22 电话 回访，0:5"]

"""项目储备 reckoned by hand: four projects, how far each came and how long it took."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from kehujingli.periods import Period, day_of
from kehujingli.studies.projects import projects
from kehujingli.studies.study import Answer

OCTOBER = Period.of("2026-10")


def rows(*told: tuple[Any, ...]) -> pd.DataFrame:
    """``told``: project, stage, day, 元 expected, day expected."""

    def on(text: str | None) -> int | None:
        return None if text is None else day_of(date.fromisoformat(text))

    made = [
        (number, "C1", "扩建", stage, on(day), amount and amount * 100, "M1", on(until), None, place)
        for place, (number, stage, day, amount, until) in enumerate(told, 2)
    ]
    columns = [
        "project_id",
        "customer_id",
        "name",
        "stage",
        "stage_on",
        "expected",
        "manager_id",
        "expected_on",
        "lost_reason",
        "source_row",
    ]
    return pd.DataFrame(made, columns=columns).astype(dict.fromkeys(("stage_on", "expected", "expected_on"), "Int64"))


FOUR = (
    ("P1", "lead", "2026-09-01", None, None),
    ("P1", "survey", "2026-09-11", 1_000_000, "2026-10-01"),
    ("P2", "lead", "2026-09-01", 500_000, None),
    ("P2", "survey", "2026-09-05", None, None),
    ("P2", "landed", "2026-10-05", None, None),
    ("P3", "lead", "2026-10-01", None, None),
    ("P4", "survey", "2026-08-01", 200_000, None),
    ("P4", "given_up", "2026-08-31", None, None),
)


def ask(*told: tuple[Any, ...]) -> Answer:
    return projects(rows(*told), period=OCTOBER)


def test_who_came_so_far_or_further_and_who_is_there_now() -> None:
    told = ask(*FOUR)
    funnel = told.frames["projects_funnel"].set_index("stage")
    assert funnel["reached"].to_dict() == {"lead": 4, "survey": 3, "proposal": 1, "approval": 1, "landed": 1}
    assert funnel["now"].to_dict() == {"lead": 1, "survey": 1, "proposal": 0, "approval": 0, "landed": 1}
    assert funnel.loc["survey", "conversion"] == 0.75
    assert funnel.loc["survey", "lost"] == 1
    assert funnel.loc["lead", "mean_days"] == 7, "10 and 4 days; P3 is still there"
    assert (
        told.lines[0] == "在手 2 个项目，预计 1,000,000.00 元（1 个没有写金额）；共 4 个，落地 1 个，从头到落地 25.00%"
    )
    assert told.lines[1] == "过了预计日期还没落地的 1 个，最久 30 天"


def test_what_comes_after_the_period_is_not_known_yet() -> None:
    told = ask(FOUR[0], ("P1", "survey", "2026-11-01", None, None))
    assert told.frames["projects_list"]["stage"].tolist() == ["lead"]


def test_a_step_back_and_a_step_after_the_end_are_told() -> None:
    back = ask(FOUR[0], FOUR[1], ("P1", "proposal", "2026-09-20", None, None), ("P1", "lead", "2026-09-25", None, None))
    assert [one.code for one in back.findings] == ["study.projects-back"]
    (row,) = back.frames["projects_list"].itertuples()
    assert (row.stage, row.days, row.reached) == ("lead", 36, 2), "back at 线索 since 25 September, once at 推荐"
    skipped = ask(("P1", "proposal", "2026-09-01", None, None), ("P1", "survey", "2026-09-09", None, None))
    assert [one.code for one in skipped.findings] == ["study.projects-back"]
    assert skipped.frames["projects_funnel"].set_index("stage").loc["proposal", "reached"] == 1
    after = ask(*FOUR, ("P4", "proposal", "2026-10-20", None, None))
    assert [one.code for one in after.findings] == ["study.projects-after-end"]


def test_a_stage_that_is_written_again_with_news_is_the_same_stage_with_the_news() -> None:
    """The list of each month says where a project is: its first day there counts, and the newest amount, date and manager."""
    told = ask(
        FOUR[1],
        ("P1", "survey", "2026-09-30", 1_500_000, "2026-12-01"),
        ("P1", "survey", "2026-10-31", None, None),
    )
    (row,) = told.frames["projects_list"].itertuples()
    assert (row.days, row.expected, pd.isna(row.overdue)) == (50, 150_000_000, True)
    assert told.lines == ["在手 1 个项目，预计 1,500,000.00 元；共 1 个，落地 0 个，从头到落地 0.00%"]
    assert not told.findings


def test_the_order_of_rows_changes_nothing() -> None:
    one, other = ask(*FOUR), projects(rows(*FOUR).iloc[::-1], period=OCTOBER)
    for key, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame, other.frames[key])

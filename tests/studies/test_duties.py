"""岗位职责 reckoned by hand: who answers for what, and who for nothing."""

from __future__ import annotations

import pandas as pd

from kehujingli.periods import Period
from kehujingli.studies.duties import duties
from kehujingli.tables.frames import complete

TOLD = (
    ("资产岗", "贷后检查", "answers"),
    ("部经理", "贷后检查", "approves"),
    ("负债", "大额存款维护", "answers"),
    ("资产岗", "大额存款维护", "answers"),
    ("内勤", "档案整理", "helps"),
    ("部经理", "授信审批", "answers"),
    ("部经理", "授信审批", "approves"),
)


OCTOBER = Period.of("2026-10")


def roster(*told: tuple[str, str] | tuple[str, str, int]) -> pd.DataFrame:
    """``told``: number, 岗位, day of leaving."""
    frame = pd.DataFrame(told, columns=["manager_id", "specialism", "until"][: max(map(len, told))])
    return complete("managers", frame.assign(part=0, row=range(2, len(told) + 2)))


def test_a_duty_without_one_post_that_answers_for_it_is_told() -> None:
    frame = pd.DataFrame(TOLD, columns=["post", "duty", "duty_part"])
    told = duties(frame, roster(("M1", "asset"), ("M2", "asset"), ("M3", "intermediary")), period=OCTOBER)
    found = told.frames["duties"].set_index("duty")["verdict"].to_dict()
    assert found == {
        "贷后检查": "",
        "大额存款维护": "2 个岗位都主责",
        "档案整理": "没有岗位主责",
        "授信审批": "部经理自己主责自己审批",
    }
    posts = told.frames["duties_posts"].set_index("post")
    assert posts["verdict"].to_dict() == {
        "资产岗": "",
        "部经理": "",
        "负债": "",
        "内勤": "一项也不主责",
        "中间业务": "名册里有人，岗位职责里没有这个岗位",
    }
    assert posts.loc["资产岗", "people"] == 2
    assert told.lines[0] == "4 项职责，4 个岗位；要看的 3 项、2 个岗位"


def test_who_has_left_is_nobody_of_a_post() -> None:
    """M2 left on the 30th; M3 leaves on the last day and still counts on it; the only one of 中间业务 is gone."""
    frame = pd.DataFrame([("资产岗", "贷后检查", "answers")], columns=["post", "duty", "duty_part"])
    last = OCTOBER.last
    people = roster(
        ("M1", "asset", last + 99), ("M2", "asset", last - 1), ("M3", "asset", last), ("M4", "intermediary", last - 30)
    )
    posts = duties(frame, people, period=OCTOBER).frames["duties_posts"].set_index("post")
    assert posts["people"].to_dict() == {"资产岗": 2}

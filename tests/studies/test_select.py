"""选拔 on rounds reckoned by hand: scores, pass marks, wishes and room; the reasons and what would have been needed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from kehujingli.errors import Problem
from kehujingli.studies.people.choices import Post, Wish
from kehujingli.studies.people.marks import Candidate, Rules
from kehujingli.studies.people.round import Round
from kehujingli.studies.select import select
from kehujingli.studies.study import Answer

PARTS = ("理论", "业绩", "技能")
PLAIN = Rules(weights={"理论": Decimal(1)}, pass_marks={}, pass_total=Decimal(0), ties=())


def exam(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"round": "第1轮", "name": None, "subject": "理论", "full": None, "approved_by": "主任"}
    frame = pd.DataFrame([usual | row for row in rows])
    return frame.assign(source_row=range(2, 2 + len(frame)))


def marks(who: str, *scores: str) -> list[dict[str, Any]]:
    return [{"applicant_id": who, "subject": part, "score": score} for part, score in zip(PARTS, scores, strict=False)]


def quotas(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """(机构, 岗位, 名额, 最低分)"""
    frame = pd.DataFrame(rows, columns=["branch_id", "specialism", "quota", "minimum"]).assign(round="第1轮")
    return frame.astype({"quota": "Int64"})


def wishes(*rows: str, form: tuple[str, ...] = ()) -> pd.DataFrame:
    """``M1 A B``: what M1 wants; ``form``: whom a branch wants."""
    told = [("applicant", row.split()[0], post, rank) for row in rows for rank, post in enumerate(row.split()[1:], 1)]
    told += [("branch", who, row.split()[0], rank) for row in form for rank, who in enumerate(row.split()[1:], 1)]
    frame = pd.DataFrame(told, columns=["filed_by", "applicant_id", "branch_id", "rank"])
    return frame.assign(round="第1轮", specialism=None).astype({"rank": "Int64"})


def scored(**totals: str) -> pd.DataFrame:
    return exam(*(row for who, total in totals.items() for row in marks(who, total)))


def given(answer: Answer) -> dict[str, str | None]:
    rows = answer.frames["select_results"]
    return {
        who: None if pd.isna(post) else post for who, post in zip(rows["applicant_id"], rows["branch_id"], strict=True)
    }


def reason(answer: Answer, who: str) -> str:
    rows = answer.frames["select_results"].set_index("applicant_id")
    return f"{rows['outcome'][who]}：{rows['reason'][who]}"


def codes(answer: Answer) -> list[str]:
    return [one.code for one in answer.findings]


def test_the_score_of_the_domain_is_exact() -> None:
    """82 × 60 % + 90 × 30 % + 76 × 10 % = 49.2 + 27 + 7.6"""
    answer = select(exam(*marks("M1", "82", "90", "76"), *marks("M2", "69.99", "100", "100")), rules=Rules())
    rows = answer.frames["select_results"].set_index("applicant_id")
    assert rows["total"]["M1"] == Decimal("83.80")
    assert list(answer.frames["select_marks"]["worth"][:3]) == [Decimal("49.2"), 27, Decimal("7.6")]
    assert reason(answer, "M1") == "上线：综合 83.8 分，第 1 名"
    assert reason(answer, "M2") == "未上线：理论 69.99 分，不到及格线 70 分"
    assert list(answer.frames["select_left"]["applicant_id"]) == ["M2"]


def test_who_is_just_below_a_line_is_not_said_to_be_on_it() -> None:
    """104.995 of 150 is 69.9966…: rounded it would be 70, the line itself. 70 is enough."""
    rules = Rules(weights={"理论": Decimal(1)}, pass_marks={"理论": Decimal(70)}, pass_total=Decimal(0), ties=())
    rows = [{"applicant_id": who, "score": score, "full": "150"} for who, score in (("M1", "104.995"), ("M2", "105"))]
    answer = select(exam(*rows), rules=rules)
    assert reason(answer, "M1") == "未上线：理论 69.99 分，不到及格线 70 分"
    assert reason(answer, "M2").startswith("上线：")
    marked = answer.frames["select_marks"].set_index("applicant_id")
    assert (marked["mark"]["M1"], marked["verdict"]["M1"]) == (Decimal("69.99"), "不到及格线")
    assert (marked["mark"]["M2"], marked["verdict"]["M2"]) == (70, "")


def test_a_least_score_that_nobody_can_have_is_told() -> None:
    room = quotas(("A", None, 1, "150"), ("B", None, 1, "100")).assign(source_row=[2, 3])
    answer = select(scored(M1="100"), wishes("M1 A B"), room, rules=PLAIN)
    (one,) = [one for one in answer.findings if one.code == "study.select-minimum"]
    assert "第 2 行 A 150" in one.message
    assert "第 3 行" not in one.message
    (why,) = answer.frames["select_why"].to_dict("records")
    assert why["reason"] == "综合 100 分，不到岗位最低分 150 分；满分也排不到前面"


def test_marks_are_of_their_full_mark_and_rounded_once() -> None:
    """20 of 30 is 66.666…, × 0.6 = 40 exactly; 100 × 0.4 = 40."""
    rules = Rules(weights={"机试": Decimal("0.6"), "考核": Decimal("0.4")}, pass_total=Decimal(80))
    rows = [{"applicant_id": "M1", "subject": "机试", "score": "20", "full": "30"}]
    rows.append({"applicant_id": "M1", "subject": "考核", "score": "50", "full": "50"})
    assert list(select(exam(*rows), rules=rules).frames["select_results"]["total"]) == [Decimal("80.00")]


def test_wishes_and_room_decide_and_each_is_told_why() -> None:
    answer = select(
        scored(M1="90", M2="85", M3="80"),
        wishes("M1 A B", "M2 A B", "M3 A"),
        quotas(("A", None, 1, None), ("B", None, 1, None)),
        rules=PLAIN,
    )
    assert given(answer) == {"M1": "A", "M2": "B", "M3": None}
    assert reason(answer, "M2") == "录取：综合 85 分，第 2 名，第 2 志愿B录取，前 1 个志愿没有录到"
    why = answer.frames["select_why"][["applicant_id", "branch_id", "place", "of", "cutoff", "needed"]]
    assert why.to_numpy().tolist() == [["M2", "A", 2, 3, 90, Decimal("90.01")], ["M3", "A", 3, 3, 90, Decimal("90.01")]]
    assert "排第 3（共 3 人），录满 1 人，最后一名 90 分；综合要到 90.01 分" in reason(answer, "M3")
    assert codes(answer) == ["study.select-quota-short"]
    assert list(answer.frames["select_left"]["applicant_id"]) == ["M3"]


def test_quotas_are_by_post_with_their_own_least_score() -> None:
    """A wish without 岗位 is for each post of the branch; M2 is below the least of the first."""
    answer = select(
        scored(M1="90", M2="75"),
        wishes("M1 A", "M2 A"),
        quotas(("A", "asset", 2, "80"), ("A", "liability", 1, None)),
        rules=PLAIN,
    )
    assert list(answer.frames["select_results"]["specialism"]) == ["asset", "liability"]
    (why,) = answer.frames["select_why"].to_dict("records")
    assert (why["reason"], why["needed"]) == ("综合 75 分，不到岗位最低分 80 分；综合要到 80 分", 80)


def test_a_branch_that_ranked_applicants_itself_goes_by_its_own_order() -> None:
    asked = wishes("M1 A", "M2 A", "M3 A", form=("A M3 M1",))
    room = quotas(("A", None, 2, None))
    answer = select(scored(M1="80", M2="90", M3="70"), asked, room, rules=PLAIN)
    assert given(answer) == {"M2": None, "M1": "A", "M3": "A"}
    (why,) = answer.frames["select_why"].to_dict("records")
    assert why["reason"] == "排第 3（共 3 人），录满 2 人，按机构自己的排序，录到第 2"
    assert (why["cutoff"], why["needed"]) == (None, None), "no score is a line where the branch does not go by scores"
    more = quotas(("A", None, 3, None))
    assert given(select(scored(M1="80", M2="90", M3="70"), asked, more, rules=PLAIN))["M2"] == "A"
    strict = PLAIN.model_copy(update={"unlisted": False})
    answer = select(scored(M1="80", M2="90", M3="70"), asked, more, rules=strict)
    assert "机构自己排了序，没有排本人" in reason(answer, "M2")


def test_the_same_score_goes_by_the_rules_and_by_number_only_with_a_word() -> None:
    rules = Rules(pass_marks={}, pass_total=Decimal(0))
    rows = [*marks("M1", "80", "80", "80"), *marks("M2", "75", "90", "80"), *marks("M3", "75", "90", "80")]
    one = select(exam(*rows), wishes("M1 A", "M2 A"), quotas(("A", None, 1, None)), rules=rules)
    assert given(one) == {"M2": "A", "M1": None, "M3": None}
    assert "study.select-tie" not in codes(one)
    (why,) = one.frames["select_why"].to_dict("records")
    assert why["needed"] == Decimal("80.01"), "at the same score 业绩 would still part them"
    assert "study.select-tie" in codes(
        select(exam(*rows), wishes("M2 A", "M3 A"), quotas(("A", None, 1, None)), rules=rules)
    )


@pytest.mark.parametrize("ranked", [(), (0,), (0, 2)])
def test_what_was_needed_is_what_a_new_reckoning_gives_it_for(ranked: tuple[int, ...]) -> None:
    """``ranked``: posts whose branch ranks by itself, so that whoever is passed over asks elsewhere."""
    chance = Random(3)
    tried = 0
    for _ in range(150):
        posts = [Post(f"{n}", "", chance.randint(0, 2), Decimal(chance.choice([0, 75]))) for n in range(3)]
        people = [Candidate(f"{n}", total=Decimal(chance.randint(70, 80))) for n in range(6)]
        people.sort(key=lambda one: one.order(()))
        asked = {one.applicant_id: [Wish(p, n) for n, p in enumerate(chance.sample(range(3), 2), 1)] for one in people}
        forms = {post: {f"{who}": place for place, who in enumerate(chance.sample(range(6), 4))} for post in ranked}
        done = Round(people, posts, asked, forms, PLAIN)
        for who, one in enumerate(people):
            for denied in done.denied(who):
                if denied.needed is None:
                    assert posts[denied.wish.post].quota == 0 or denied.wish.post in ranked
                    continue
                tried += 1
                for total, gets in ((denied.needed, True), (denied.needed - Decimal("0.01"), False)):
                    moved = [replace(each, total=total) if each is one else each for each in people]
                    moved.sort(key=lambda each: each.order(()))
                    again = Round(moved, posts, asked | {one.applicant_id: [denied.wish]}, forms, PLAIN)
                    place = [each.applicant_id for each in moved].index(one.applicant_id)
                    assert (again.got[place] == denied.wish.post) is gets
    assert tried > (300 if not ranked else 80)


def test_full_marks_may_be_needed_and_more_than_those_is_said_in_words() -> None:
    """Who stands behind 99.99 by number needs 100, behind 100 nothing helps; before 100 by number 100 is enough."""
    room = quotas(("A", None, 1, None), ("B", None, 1, None))
    asked = wishes("M2 A", "M9 A", "M3 B", "M8 B", "M1 B")
    answer = select(scored(M2="99.99", M9="80", M3="100", M8="80", M1="70"), asked, room, rules=PLAIN)
    why = answer.frames["select_why"].set_index("applicant_id")["reason"]
    assert why["M9"].endswith("；综合要到 100 分")
    assert why["M8"].endswith("；满分也排不到前面")
    assert why["M1"].endswith("；综合要到 100 分")


def test_of_two_rows_of_a_post_the_narrower_count_and_a_branch_ranks_for_each_post_apart() -> None:
    """Two rows: quotas 2 and 1, 最低分 60 and 70. A branch's first for 资产 and its first for 负债 are no contradiction, two firsts of one are."""
    room = quotas(("A", "asset", 2, "60"), ("A", "asset", 1, "70"), ("A", "liability", 1, None))
    answer = select(scored(M1="90", M2="80"), wishes("M1 A", "M2 A"), room, rules=PLAIN)
    posts = answer.frames["select_posts"].set_index("specialism")
    assert (posts["quota"]["asset"], posts["minimum"]["asset"]) == (1, 70)
    ranked = wishes("M1 A", "M2 A", form=("A M2 M1",))
    ranked.loc[ranked["filed_by"] == "branch", ["specialism", "rank"]] = [["asset", 1], ["liability", 1]]
    room = quotas(("A", "asset", 1, None), ("A", "liability", 1, None))
    assert "study.select-rank-twice" not in codes(select(scored(M1="90", M2="80"), ranked, room, rules=PLAIN))
    ranked.loc[ranked["filed_by"] == "branch", "specialism"] = "asset"
    assert "study.select-rank-twice" in codes(select(scored(M1="90", M2="80"), ranked, room, rules=PLAIN))


def test_without_wishes_one_post_goes_by_rank_and_several_are_only_ranked() -> None:
    one = select(scored(M1="70", M2="90"), None, quotas(("A", None, 1, None)), rules=PLAIN)
    assert given(one) == {"M2": "A", "M1": None}
    two = select(scored(M1="70", M2="90"), None, quotas(("A", None, 1, None), ("B", None, 1, None)), rules=PLAIN)
    assert list(two.frames["select_results"]["outcome"]) == ["上线", "上线"]
    assert "只排名次" in two.lines[1]


def test_what_is_wrong_with_the_marks_is_told_and_the_rest_goes_on() -> None:
    rows = [
        *marks("M1", "80", "80", "80"),
        {"applicant_id": "M1", "subject": "测评", "score": "90"},
        {"applicant_id": "M2", "subject": "理论", "score": "101"},
        {"applicant_id": "M2", "subject": "业绩", "score": "80", "approved_by": None},
        *marks("M3", "80", "80", "80"),
        {"applicant_id": "M3", "subject": "理论", "score": "90"},
        {"applicant_id": "M3", "subject": "理论", "score": "80"},
    ]
    answer = select(exam(*rows), rules=Rules())
    assert codes(answer) == [
        "study.select-part-unknown",
        "study.select-over-full",
        "study.select-unapproved",
        "study.select-mark-twice",
        "study.select-part-lacking",
    ]
    assert "第 5 行 M1 测评" in answer.findings[0].message
    assert "第 6 行 M2 理论 101（满分 100）" in answer.findings[1].message
    assert list(answer.frames["select_results"]["applicant_id"]) == ["M1", "M2", "M3"]
    assert reason(answer, "M3") == "未上线：没有可用的理论成绩，不排名次"


def test_who_wished_for_posts_that_are_not_there_is_not_said_to_have_filed_nothing() -> None:
    answer = select(scored(M1="90", M2="80"), wishes("M1 Z", "M2 A"), quotas(("A", None, 1, None)), rules=PLAIN)
    assert reason(answer, "M1") == "没有可用志愿：综合 90 分，第 1 名，没有填志愿，或填的岗位都不在本轮名额里"
    assert reason(answer, "M2").startswith("录取")


def test_what_is_wrong_with_the_forms_is_told_and_the_rest_goes_on() -> None:
    asked = pd.concat([wishes("M1 Z A", "M2 A", "M4 A"), wishes("M2 B")], ignore_index=True)
    room = quotas(("A", None, 2, None), ("A", None, 1, "70"), ("B", None, None, None))
    answer = select(scored(M1="90", M2="80"), asked, room, rules=PLAIN)
    assert codes(answer) == [
        "study.select-quota-twice",
        "study.select-quota-odd",
        "study.select-post-unknown",
        "study.select-rank-twice",
        "study.select-unmarked",
        "study.select-quota-short",
    ]
    assert "M1 → Z" in answer.findings[2].message
    assert "M2 1" in answer.findings[3].message
    assert given(answer) == {"M1": "A", "M2": None}
    assert "第 2 志愿A录取" in reason(answer, "M1")


def test_the_last_round_counts_unless_another_is_named() -> None:
    rows = exam(
        {"applicant_id": "M1", "score": "80", "round": "第2轮"},
        {"applicant_id": "M2", "score": "80", "round": "第10轮"},
    )
    last = select(rows, rules=PLAIN)
    assert (list(last.frames["select_results"]["applicant_id"]), codes(last)) == (["M2"], ["study.select-rounds"])
    assert list(select(rows, rules=PLAIN, round="第2轮").frames["select_results"]["applicant_id"]) == ["M1"]
    with pytest.raises(Problem, match="没有这一轮"):
        select(rows, rules=PLAIN, round="第3轮")


def test_the_score_of_the_month_stands_in_for_performance_where_the_rules_say_so() -> None:
    month = pd.DataFrame({"manager_id": ["M1"], "score": [Decimal("103.5")]})
    rows = exam(*(row for row in marks("M1", "80", "0", "80") if row["subject"] != "业绩"))
    assert codes(select(rows, scores=month, rules=Rules())) == ["study.select-part-lacking"]
    answer = select(rows, scores=month, rules=Rules(performance="业绩"))
    assert list(answer.frames["select_results"]["total"]) == [Decimal("86.00")], "48 + 30 (not above full marks) + 8"


@pytest.mark.parametrize(
    "wrong", [{"weights": {"理论": "0.9"}}, {"pass_marks": {"面试": 60}}, {"ties": ["面试"]}, {"performance": "面试"}]
)
def test_rules_that_do_not_fit_together_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"rules\.bad-value"):
        Rules.model_validate(wrong)

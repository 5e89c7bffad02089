"""编制测算 on branches reckoned by hand, and beside what a plan leaves without a manager."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.assign import Plan, assign
from kehujingli.periods import Period, day_of
from kehujingli.rules import AssignRules
from kehujingli.studies.headcount import Rules, headcount
from kehujingli.studies.network.changing import changes
from kehujingli.studies.network.staffing import Person, moves, people_on, posts_of
from kehujingli.studies.study import Answer
from kehujingli.tables.frames import complete, empty

DAY = 20_758
ASSIGN = AssignRules.model_validate(
    {
        "managed": ["mobile/small", "mobile/medium", "mobile/large"],
        "workload": {"small": 1, "medium": 2, "large": 5},
        "cost": {
            "move": {"small": 1, "medium": 1, "large": 1, "business": 1, "borrower": 1},
            "wrong_specialism": 5,
            "imbalance": 1,
            "unassigned": 1_000,
        },
    }
)


def roster(*rows: tuple[str, str | None, str | None, int | None]) -> pd.DataFrame:
    """(工号, 机构号, 岗位, 管户上限), as a month keeps it"""
    frame = pd.DataFrame(rows, columns=["manager_id", "branch_id", "specialism", "capacity"], dtype="object")
    frame = complete("managers", frame.assign(name=frame["manager_id"], part=0, row=range(2, 2 + len(frame))))
    return frame.rename(columns={"part": "source_part", "row": "source_row"})


def households(*rows: tuple[str, str | None, int] | tuple[str, str | None, int, float]) -> dict[str, pd.DataFrame]:
    """(机构号, 管户人, 户数, 每户折算户 = 1): depositors with 1,000.00 元, of the plan and of the classes."""
    plan = [(row[0], row[1], row[3] if len(row) > 3 else 1.0) for row in rows for _ in range(row[2])]
    frame = pd.DataFrame(plan, columns=["branch_id", "assigned_manager", "load"])
    frame = frame.assign(
        customer_id=[f"C{n:04d}" for n in range(len(frame))],
        missing=frame["assigned_manager"].isna().map({True: "capacity", False: None}),
        loan_balance=0,
        effective_on=DAY,
        average_deposit=100_000,
        deposit_balance=100_000,
        group="mobile/small",
    )
    return {"plan": frame, "classes": frame}


def told(
    people: pd.DataFrame, *rows: Any, rules: Rules | None = None, cost: dict[str, int] | None = None, **more: Any
) -> Answer:
    frames = households(*rows)
    carried = frames["plan"].groupby("assigned_manager")["load"].sum()
    loads = pd.DataFrame({"manager_id": carried.index, "load_after": carried.to_numpy()})
    branches = pd.DataFrame({"branch_id": ["A", "B", "C"], "branch_name": ["甲社", "乙社", "丙社"]})
    if cost:
        branches["cost"] = branches["branch_id"].map(cost).astype("Int64")
    return headcount(
        frames["plan"],
        loads,
        frames["classes"],
        people,
        branches,
        period=Period.of("2026-10"),
        rules=rules or Rules(),
        **more,
    )


def rows(answer: Answer, columns: str, of: str = "headcount") -> list[list[Any]]:
    frame = answer.frames[of][columns.split()]
    return frame.astype("object").where(frame.notna(), None).to_numpy().tolist()


def codes(answer: Answer) -> list[str]:
    """Without what every roster of these tests lacks."""
    return [one.code for one in answer.findings if one.code != "study.headcount-team"]


def test_need_is_loads_over_limit_and_a_part_of_a_person_is_a_whole_one_where_service_would_be_lost() -> None:
    """甲社 25 ÷ 10 = 2.5 of 2; 乙社 15 ÷ 10 = 1.5 of 4."""
    people = roster(*((f"M{n}", "A" if n < 2 else "B", "liability", 10) for n in range(6)))
    answer = told(people, ("A", "M0", 10), ("A", "M1", 10), ("A", None, 5), ("B", "M2", 10), ("B", "M3", 5))
    columns = "branch_id load_due need people surplus shortage spare wanted moved_in hired free"
    assert rows(answer, columns) == [
        ["A", 25, 2.5, 2, 0, 0.5, 0, 1, 1, 0, 0],
        ["B", 15, 1.5, 4, 2.5, 0, 2, 0, 0, 0, 25],
    ]
    assert rows(answer, "branch_id into manager_id load", "headcount_moves") == [["B", "A", "M4", 0]]
    assert "还要增配 0 人" in answer.lines[0]
    halved = told(people, ("A", "M0", 10), ("A", "M1", 10), ("A", None, 2), rules=Rules(rounding="nearest"))
    assert rows(halved, "branch_id shortage wanted")[0] == ["A", 0.2, 0]


def test_moves_are_of_one_post_and_go_by_nearness_then_by_surplus() -> None:
    """丙社 has two to spare and 乙社 one; 甲社 lacks one liability manager. Asset managers are no help."""
    people = roster(
        ("M1", "B", "liability", 10),
        *((f"N{n}", "C", "liability", 10) for n in range(2)),
        *((f"P{n}", "B", "asset", 10) for n in range(5)),
    )
    short = ("A", None, 10)
    assert rows(told(people, short), "into branch_id", "headcount_moves") == [["A", "C"]]
    near = Rules(near={"A": ("B",)})
    assert rows(told(people, short, rules=near), "into branch_id", "headcount_moves") == [["A", "B"]]


def test_what_no_own_post_can_fill_is_filled_by_who_can_do_it() -> None:
    """甲社 lacks one liability manager, 丙社 two; 甲社 can spare its two asset managers, 乙社 its three. Only P1 and Q1 may do liability too:
    P1 could go to either and stays in 甲社, so Q1 fills one of 丙社's two and the other is to be hired. What Q2 can do is no 岗位."""
    people = roster(
        *((f"P{n}", "A", "asset", 10) for n in range(2)),
        *((f"Q{n}", "B", "asset", 10 + n) for n in range(3)),
        ("M1", "A", "liability", 10),
        ("M2", "C", "liability", 10),
    ).assign(skills=[None, "资产、负债", None, "负债岗", "会计", None, None])
    answer = told(people, ("A", "M1", 10), ("A", None, 10), ("C", "M2", 10), ("C", None, 20))
    columns = "manager_id branch_id specialism into becomes"
    assert rows(answer, columns, "headcount_moves") == [
        ["P1", "A", "asset", "A", "liability"],
        ["Q1", "B", "asset", "C", "liability"],
    ]
    posts = {(row[0], row[1]): row[2:] for row in rows(answer, "branch_id specialism wanted moved_in hired")}
    assert posts["A", "liability"] == [1, 1, 0]
    assert posts["C", "liability"] == [2, 1, 1]
    assert "可以调 2 人（2 人从别的岗位转来），还要增配 1 人" in answer.lines[1]
    (said,) = [one for one in answer.findings if one.code == "study.headcount-skill"]
    assert "会计" in said.message


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_other_way_to_change_posts_fills_more(data: Any) -> None:
    keys = [(branch, of) for branch in "AB" for of in ("asset", "liability")]
    left = {key: data.draw(st.integers(0, 2)) for key in keys}
    wanted = {key: 0 if left[key] else data.draw(st.integers(0, 2)) for key in keys}
    going = {key: [Person(f"{key[0]}{key[1]}{n}", *key, 10) for n in range(left[key])] for key in keys}
    may = st.sampled_from([(), ("asset",), ("liability",), ("asset", "liability")])
    skills = {one.manager_id: data.draw(may) for people in going.values() for one in people}
    found = changes(left, wanted, going, skills, {"A": ("B",)})
    assert len({one.person.manager_id for one in found}) == len(found)
    for key in keys:
        assert sum((one.into, one.specialism) == key for one in found) <= wanted[key]
    assert all(one.specialism in skills[one.person.manager_id] for one in found)

    def most(people: list[Person], room: dict[tuple[str, str], int]) -> int:
        if not people:
            return 0
        first, rest = people[0], people[1:]
        ways = [most(rest, room)]
        for key, places in room.items():
            if places and key[1] in skills[first.manager_id] and key[1] != first.specialism:
                ways.append(1 + most(rest, {**room, key: places - 1}))
        return max(ways)

    assert len(found) == most([one for people in going.values() for one in people], wanted)


def test_who_serves_another_branch_is_not_moved_and_is_told() -> None:
    """甲社's one person looks after 8 of 乙社 beside 2 of her own: 0.8 too many there, but nobody to spare."""
    people = roster(("M1", "A", None, 10), ("M2", "A", None, 10))
    answer = told(people, ("A", "M1", 2), ("A", "M2", 3), ("B", "M1", 8), ("C", None, 4))
    assert rows(answer, "branch_id surplus spare lent borrowed")[:2] == [["A", 1.5, 0, 8, 0], ["B", 0, 0, 0, 8]]
    assert rows(answer, "into", "headcount_moves") == []


def test_households_of_another_line_than_the_post_are_counted_and_a_post_of_no_line_has_none() -> None:
    """All are depositors: of 资产 they are not, of 负债 they are, and who has no 岗位, or 中间业务, may have any."""
    posts = {"M1": "asset", "M2": "liability", "M3": None, "M4": "intermediary"}
    people = roster(*((who, "A", post, 10) for who, post in posts.items()))
    answer = told(people, *(("A", who, 2 + n) for n, who in enumerate(posts)))
    assert rows(answer, "specialism odd") == [[None, 0], ["asset", 2], ["intermediary", 0], ["liability", 0]]


def test_the_shortage_is_what_the_plan_leaves_without_a_manager() -> None:
    """Households of one 折算户, people who serve their own branch: to the household."""
    people = roster(("M1", "A", None, 3), ("M2", "A", None, 4), ("M3", "B", None, 9))
    plan = planned(people, [("A", "small")] * 12 + [("B", "small")] * 6)
    (first, second) = posts_of(asked(plan), people_on(people, DAY)[0], None)
    assert (first.due, first.capacity, first.unassigned) == (12, 7, 5)
    assert -first.balance * first.limit == first.unassigned
    assert (second.unassigned, second.balance) == (0, Fraction(1, 3))


def planned(people: pd.DataFrame, who: list[tuple[str, str]]) -> Plan:
    frame = pd.DataFrame(who, columns=["branch_id", "scale"])
    customers = frame.assign(
        customer_id=[f"C{n:03d}" for n in range(len(frame))],
        village=None,
        customer_type="person",
        group="mobile/" + frame["scale"],
        scale_amount=1_000,
        average_deposit=1_000,
        loan_balance=0,
        holder_id=None,
    )
    return assign(customers, people, empty("grids"), ASSIGN, DAY)


def asked(plan: Plan) -> pd.DataFrame:
    return plan.customers.assign(asset=False)


PLACES = st.sampled_from(["A", "B", "C"])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(PLACES, st.sampled_from([1.0, 2.0, 5.0]), st.booleans(), st.integers(0, 5)), max_size=14),
    st.lists(st.tuples(PLACES, st.integers(1, 9), st.sampled_from([None, "asset", "liability"])), max_size=5),
    st.randoms(use_true_random=False),
)
def test_sums_hold_in_any_order_of_rows(who: list[Any], staff: list[Any], chance: Any) -> None:
    """Any plan that breaks no limit; who finds no room with the one that chance gave is not assigned."""
    people = roster(*((f"M{n}", branch, post, limit) for n, (branch, limit, post) in enumerate(staff)))
    room = {f"M{n}": float(limit) for n, (_, limit, _) in enumerate(staff)}
    kept: list[tuple[Any, ...]] = []
    for branch, load, asset, at in who:
        fits = room.get(f"M{at}", 0.0) >= load
        if fits:
            room[f"M{at}"] -= load
        kept.append((branch, load, asset, f"M{at}" if fits else None, None if fits else "capacity"))
    plan = pd.DataFrame(kept, columns=["branch_id", "load", "asset", "assigned_manager", "missing"])
    posts = posts_of(plan, people_on(people, DAY)[0], 5)
    mixed = people.sample(frac=1, random_state=chance.randint(0, 99))
    assert posts_of(plan.iloc[chance.sample(range(len(plan)), len(plan))], people_on(mixed, DAY)[0], 5) == posts
    for post in posts:
        assert post.limit is not None
        assert post.balance is not None
        assert max(post.balance, 0) - max(-post.balance, 0) == len(post.people) - post.due / post.limit
        if post.people:
            assert post.free == sum(room[one.manager_id] for one in post.people), "what the plan leaves free"
            assert post.due - post.capacity == post.unassigned + post.borrowed - post.lent - post.free
        assert (post.wanted("up") or 0) * post.limit >= post.lacking
    assert sum(post.due for post in posts) == plan["load"].sum()
    done = moves(posts, {}, {}, "up").done
    for specialism in {post.specialism for post in posts}:
        here = [post for post in posts if post.specialism == specialism]
        most = min(sum(post.spare("up") or 0 for post in here), sum(post.wanted("up") or 0 for post in here))
        assert sum(one.person.specialism == specialism for one in done) == most
    gone = {move.person for move in done}
    for post in posts:
        if gone & {*post.people}:
            assert sum(one.limit or 0 for one in post.people if one not in gone) >= post.own + post.lent


def test_two_branches_as_one_keep_what_the_rules_keep() -> None:
    """乙社 goes with 10 of 20 折算户 into 甲社 with 8 of 10: 8 + 10 × 90 % = 17 over a mean limit of 15 = 1.1333… of 2 people."""
    people = roster(("M1", "A", None, 10), ("M2", "B", None, 20))
    rules = Rules(saved="0.25")  # type: ignore[arg-type]
    answer = told(people, ("A", "M1", 8), ("B", "M2", 10), rules=rules, cost={"A": 30_000, "B": 20_000}, merge=["B=A"])
    columns = "part customers deposit_balance load_due people cost"
    assert rows(answer, columns, "headcount_merge") == [
        ["撤并", 10, 1_000_000, 10, 1, 20_000],
        ["并入", 8, 800_000, 8, 1, 30_000],
        ["合并后", 17, 1_700_000, 17, 2, 45_000],
    ]
    assert rows(answer, "need wanted", "headcount_merge")[-1] == [17 / 15, 0]
    assert rows(answer, "branch_id need")[1] == ["B", 0.5], "what is stays as it is"
    assert rows(told(people, ("A", "M1", 8), ("B", "M2", 10), merge=["B=A"]), "cost", "headcount_merge") == [[None]] * 3


def test_of_what_a_third_branch_looks_after_a_part_stays_too() -> None:
    """Five households of 乙社 are looked after from 丙社: 4.5 of them stay, and still are."""
    people = roster(("M1", "A", None, 10), ("M3", "C", None, 10))
    answer = told(people, ("A", "M1", 8), ("B", "M3", 5), merge=["B=A"])
    assert rows(answer, "part load_due", "headcount_merge") == [["撤并", 5], ["并入", 8], ["合并后", 12.5]]


def test_merges_that_cannot_be_are_told_and_the_others_are_reckoned() -> None:
    people = roster(("M1", "A", None, 10), ("M2", "B", None, 10), ("M3", "C", None, 10))
    asked = ["A=A", "Z=A", "A", "B=A", "A=B", "B=C", "C=B"]
    answer = told(people, ("A", "M1", 8), ("B", "M2", 8), ("C", "M3", 4), merge=asked)
    assert codes(answer) == ["study.headcount-merge"]
    assert "--what-if 'B 并入 A' --what-if 'C 并入 A'" in answer.lines[-1], (
        "the merged branches' own optimum is the trial's"
    )
    (one,) = (one for one in answer.findings if one.code == "study.headcount-merge")
    assert "有 5 处不能算" in one.message
    assert (
        "A=A（和自己合并）、Z=A（没有机构 Z）、A（不是 机构=机构）、A=B（B 已经并入 A）、B=C（B 已经并入 A）"
        in one.message
    )
    parts = rows(answer, "part branch_id load_due", "headcount_merge")
    assert parts == [["撤并", "B", 8], ["撤并", "C", 4], ["并入", "A", 8], ["合并后", "A", 8 + 7.2 + 3.6]]


def test_a_roster_with_holes_is_told_and_the_rest_goes_on() -> None:
    """M2 has no limit and counts as one of 10; M3's limit is 0 and counts as nobody; M4 stands in no branch."""
    people = roster(("M1", "A", None, 10), ("M2", "A", None, None), ("M3", "A", None, 0), ("M4", None, None, 10))
    answer = told(people, ("A", "M1", 10), ("A", "M2", 5))
    assert codes(answer) == ["study.headcount-nowhere", "study.headcount-no-limit", "study.headcount-zero-limit"]
    assert [one.message.split("：")[1].split("，")[0] for one in answer.findings[:3]] == ["M4", "M2", "M3"]
    assert rows(answer, "branch_id people need") == [["", 1, 0], ["A", 2, 1.5]]
    assert rows(told(people, ("A", None, 30)), "into", "headcount_moves") == [], "nobody moves from no branch"


def test_without_any_limit_no_number_of_people_is_told_unless_the_rules_say_one() -> None:
    people = roster(("M1", "A", None, None))
    bare = told(people, ("A", "M1", 20))
    assert codes(bare) == ["study.headcount-no-limit", "study.headcount-unknown"]
    assert rows(bare, "need surplus shortage wanted") == [[None] * 4]
    assert rows(told(people, ("A", "M1", 20), rules=Rules(limit=8)), "need shortage wanted") == [[2.5, 1.5, 2]]


def test_households_too_large_for_the_room_that_is_left_are_told_and_counted() -> None:
    """Two people with 3 free each and a household of 5 that fits neither: 15 − 16 is no shortage, and still one is lost."""
    people = roster(("M1", "A", None, 8), ("M2", "A", None, 8))
    answer = told(people, ("A", "M1", 5), ("A", "M2", 5), ("A", None, 1, 5.0))
    assert codes(answer) == ["study.headcount-beside"]
    assert rows(answer, "shortage wanted spare unassigned_load") == [[0, 1, 0, 5]]


def test_the_team_is_told_as_far_as_the_roster_has_the_columns() -> None:
    """On 2026-10-31 who was born on 1996-11-01 is 29 and who was born on 1996-10-31 is 30; M3 is not on duty."""
    people = roster(*((f"M{n}", "A", None, 10) for n in range(4)))
    born = [day_of(date(1996, 11, 1)), day_of(date(1996, 10, 31)), None, day_of(date(1960, 1, 1))]
    people = people.assign(
        birth_date=pd.array(born, "Int64"),
        education=["本科", "本科", None, "大专"],
        certificates=["会计师；理财师", "无", None, None],
        until=pd.array([None, None, None, DAY - 1], "Int64"),
    )
    answer = told(people, ("A", "M0", 5))
    found = rows(answer, "kind value people", "headcount_team")
    assert found[:3] == [["年龄", "不满 30 岁", 1], ["年龄", "满 30 不满 40 岁", 1], ["年龄", "缺", 1]]
    assert found[3:5] == [["学历", "本科", 2], ["学历", "缺", 1]]
    assert found[5:8] == [["证书", "有", 1], ["证书", "没有", 1], ["证书", "缺", 1]]
    assert found[8:] == [["任职年限", "缺", 3], ["入行年限", "缺", 3]]
    (one,) = answer.findings
    assert (one.code, one.message) == (
        "study.headcount-team",
        "《客户经理名册》没有入行日期、任职日期，队伍的这几项都记“缺”。",
    )


def test_what_lacked_people_still_lacks_them_in_a_merger_but_for_the_room_there_is() -> None:
    """甲社: two of 100, 50 of their own, 150 looked after for 丙社, 80 of 甲社's left for want of room. 乙社: one of 100 with 90.
    Merged: 300 − 140 − 150 = 10 of room for 80, so 0.7 of a person: one more. What 甲社 looked after for 乙社 becomes their own."""
    people = roster(("M1", "A", None, 100), ("M2", "A", None, 100), ("M3", "B", None, 100))
    given = [("A", "M1", 50), ("C", "M1", 50), ("C", "M2", 100), ("A", None, 80), ("B", "M3", 90)]
    rules = Rules(retention="1")  # type: ignore[arg-type]
    answer = told(people, *given, rules=rules, merge=["B=A"])
    assert rows(answer, "part load_due people wanted", "headcount_merge")[-1] == ["合并后", 220, 3, 1]
    inside = [("A", "M1", 50), ("B", "M1", 50), ("A", None, 80), ("B", "M3", 90)]
    answer = told(people, *inside, rules=rules, merge=["B=A"])
    assert rows(answer, "load_due people wanted", "headcount_merge")[-1] == [270, 3, 0], "110 of room for 80"

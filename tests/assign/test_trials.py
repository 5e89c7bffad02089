"""Is a trial what the roster would have given, and are its sentences read as they stand or refused?"""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from rosters import FIRST, RULES, county, customers, managers, person

from kehujingli.assign import assign, judged
from kehujingli.assign.sentences import Hired, Left, Limited, Merged, Names, read, read_all
from kehujingli.assign.trials import Given, changed
from kehujingli.errors import Exit, Problem
from kehujingli.tables.frames import empty
from kehujingli.values import listed

NAMES = Names(
    {"M0005": "高娜", "M0012": "王芳", "M0013": "王芳"},
    {"801001": "联社营业部", "801002": "东关信用社", "801003": "西关信用社"},
    ("M0099",),
)


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("M0012 离岗", Left("M0012")),
        ("高娜 离岗", Left("M0005")),
        ("新增 1 人 东关 负债", Hired(1, "801002", "liability")),
        ("新增 2 人 801001", Hired(2, "801001", None)),
        ("801003 并入 801002", Merged("801003", "801002")),
        ("西关信用社 并入 东关", Merged("801003", "801002")),
        ("上限 M0005=300", Limited("M0005", 300)),
        ("上限　高娜＝３００", Limited("M0005", 300)),
    ],
)
def test_four_forms_by_number_or_name(sentence: str, meant: object) -> None:
    assert read(sentence, NAMES) == meant


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("M0012离岗", "assign.trial-unread"),
        ("M0012 离岗 吧", "assign.trial-unread"),
        ("新增 0 人 东关", "assign.trial-unread"),
        ("新增 一 人 东关", "assign.trial-unread"),
        ("新增 1 人 东关 柜员", "assign.trial-unread"),
        ("上限 M0005=-3", "assign.trial-unread"),
        ("上限 M0005=3.5", "assign.trial-unread"),
        ("东关 并入 801002", "assign.trial-unread"),
        ("M0077 离岗", "assign.trial-unknown"),
        ("M0099 离岗", "assign.trial-unknown"),
        ("801003 并入 南关", "assign.trial-unknown"),
        ("王芳 离岗", "assign.trial-ambiguous"),
        ("新增 1 人 信用社", "assign.trial-ambiguous"),
    ],
)
def test_whatever_else_is_refused_with_its_code(sentence: str, code: str) -> None:
    with pytest.raises(Problem) as told:
        read(sentence, NAMES)
    [found] = told.value.findings
    assert (found.code, told.value.exit) == (code, Exit.USAGE)
    assert sentence in found.message
    if code == "assign.trial-unread":
        assert all(form in found.cure for form in ("离岗", "新增", "并入", "上限"))


def test_the_ambiguous_name_is_told_with_all_it_could_be() -> None:
    with pytest.raises(Problem, match="M0012 王芳、M0013 王芳"):
        read("王芳 离岗", NAMES)


@pytest.mark.parametrize(
    "sentences",
    [
        ("上限 M0005=300", "上限 M0005=200"),
        ("M0005 离岗", "上限 高娜=200"),
        ("801003 并入 801002", "801003 并入 801001"),
        ("801003 并入 801002", "801002 并入 801003"),
    ],
)
def test_two_sentences_about_one_thing_contradict_each_other(sentences: tuple[str, str]) -> None:
    with pytest.raises(Problem) as told:
        read_all(sentences, NAMES)
    assert [one.code for one in told.value.findings] == ["assign.trial-conflict"]


def test_every_wrong_sentence_is_told_at_once() -> None:
    with pytest.raises(Problem) as told:
        read_all(["胡说", "M0005 离岗", "M0077 离岗"], NAMES)
    assert [one.code for one in told.value.findings] == ["assign.trial-unread", "assign.trial-unknown"]


def _tried(given: Given, *changes: Any) -> dict[str, str | None]:
    other, _ = changed(given, changes, FIRST)
    plan = assign(other.customers, other.managers, other.grids, RULES, FIRST, {})
    return dict(zip(plan.customers["customer_id"], listed(plan.customers["assigned_manager"]), strict=True))


def test_the_customers_of_who_leaves_go_to_who_stays() -> None:
    given = county(customers(("801001", "A"), ("801001", "B")), managers(person("A"), person("B")))
    assert _tried(given) == {"C0": "A", "C1": "B"}
    assert _tried(given, Left("A")) == {"C0": "B", "C1": "B"}


def test_a_limit_that_is_another_moves_just_what_is_above_it() -> None:
    """Each of the three weighs 2: a limit of 4 leaves two of them."""
    assert RULES.workload.medium == 2
    given = county(customers(*[("801001", "A")] * 3), managers(person("A"), person("B")))
    assert sorted(map(str, _tried(given, Limited("A", 4)).values())) == ["A", "A", "B"]


def test_a_newcomer_has_the_mean_limit_and_the_lowest_authority_of_her_colleagues() -> None:
    staff = managers(
        person("A", capacity=10, specialism="liability", authority=900),
        person("B", capacity=13, specialism="liability", authority=500),
        person("C", capacity=99, specialism="asset"),
        person("D", "801002", capacity=50),
    )
    given = county(customers(("801001", None)), staff)
    _, (one, other) = changed(given, [Hired(1, "801001", "liability"), Hired(1, "801002", "asset")], FIRST)
    assert (one.manager, one.capacity, one.authority, one.alike) == ("新增1", 11, 500, 2)
    assert (other.manager, other.capacity, other.authority) == ("新增2", 50, None), (
        "nobody of 资产 there: the branch's own"
    )


def test_who_is_hired_for_a_branch_without_anybody_serves_it() -> None:
    given = county(customers(("801001", "A"), ("801002", None)), managers(person("A")))
    assert _tried(given) == {"C0": "A", "C1": None}
    assert _tried(given, Hired(1, "801002")) == {"C0": "A", "C1": "新增1"}


def test_a_branch_that_is_merged_brings_customers_people_and_whom_others_serve_there() -> None:
    staff = managers(person("A"), person("B", "801002", capacity=0), person("C", "801003", serves="801002"))
    given = county(customers(("801001", "A"), ("801002", None)), staff)
    other, _ = changed(given, [Merged("801002", "801001"), Hired(1, "801002")], FIRST)
    assert other.customers["branch_id"].tolist() == ["801001", "801001"]
    assert other.managers["branch_id"].tolist() == ["801001", "801001", "801003", "801001"]
    assert other.managers["serves"].tolist()[2] == "801001"
    assert other.managers["manager_id"].tolist()[3] == "新增1", "hired for what goes, she goes along"


def test_branches_that_go_one_into_another_end_in_the_last() -> None:
    given = county(customers(("1", None), ("2", None), ("3", None)), managers(person("A", "3")))
    other, _ = changed(given, [Merged("1", "2"), Merged("2", "3")], FIRST)
    assert set(other.customers["branch_id"]) == {"3"}


def test_a_frozen_customer_stands_and_the_rest_is_placed_beside() -> None:
    """C0 is A's and is frozen to B, who has room for one only: C1, whom B held, must go."""
    people, staff = customers(("801001", "A"), ("801001", "B")), managers(person("A"), person("B", capacity=2))
    given = county(people, staff)
    plan = assign(given.customers, given.managers, given.grids, RULES, FIRST, {}, {"C0": "B"})
    assert plan.customers["assigned_manager"].tolist() == ["B", "A"]
    assert plan.customers["reason"].tolist()[0] == "冻结：指定由他管户"
    assert not plan.findings


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ({"C0": "Z"}, "名册里没有这个人"),
        ({"C0": "D"}, "不在岗"),
        ({"C0": "E"}, "不服务机构 801001"),
        ({"C2": "B"}, "贷款 1.00 万元超过他的授信权限 0.50 万元"),
        ({"C0": "B", "C1": "B"}, "管户上限 2，先冻结的已占 2，放不下这一户的 2 折算户"),
        ({"C3": "A"}, "公共户"),
        ({"C9": "A"}, "客户信息里没有这一户"),
    ],
)
def test_what_cannot_be_frozen_is_told_with_its_reason_and_placed_by_the_rules(pairs: dict[str, str], why: str) -> None:
    people = customers(
        ("801001", "A"), ("801001", "A"), ("801001", "A", "medium", 1_000_000), ("801001", None, "small")
    )
    staff = managers(
        person("A"), person("B", capacity=2, authority=500_000), person("D", until=FIRST - 1), person("E", "801002")
    )
    given = county(people, staff)
    plan = assign(given.customers, given.managers, given.grids, RULES, FIRST, {}, pairs)
    [told] = plan.findings
    assert told.code == "assign.freeze-impossible"
    assert why in told.message
    last = list(pairs)[-1]
    if last in set(plan.customers["customer_id"]):
        assert plan.customers.set_index("customer_id").at[last, "assigned_manager"] == "A"


def test_what_somebody_else_planned_is_judged_by_the_same_rules() -> None:
    """C0 to whom she is not: a move of a medium customer; C1's manager is gone: unassigned, 2 折算户 at the cost of each."""
    given = county(
        customers(("801001", "A"), ("801001", "A")), managers(person("A"), person("B"), person("D", until=1))
    )
    rules = RULES.model_copy(update={"cost": RULES.cost.model_copy(update={"imbalance": 0})})
    plan = judged(given.customers, given.managers, given.grids, rules, FIRST, {"C0": "B", "C1": "D"})
    assert plan.customers["move"].tolist() == ["moved", "unassigned"]
    assert plan.objective == rules.cost.move.medium + 2 * rules.cost.unassigned
    best = assign(given.customers, given.managers, given.grids, rules, FIRST)
    assert (
        best.objective
        == 0
        == judged(given.customers, given.managers, given.grids, rules, FIRST, {"C0": "A", "C1": "A"}).objective
    )


@pytest.mark.parametrize("moves", ["forced", "rebalance"])
def test_who_is_held_is_not_left_out_for_one_alike_who_is_not(moves: str) -> None:
    """Room for two of three medium customers: M keeps the two she has, whichever of the three they are."""
    rules = RULES.model_copy(update={"moves": moves})
    for free in range(3):
        people = customers(*(("801001", None if number == free else "M") for number in range(3)))
        plan = assign(people, managers(person("M", capacity=4)), empty("grids"), rules, FIRST)
        assert plan.customers["move"].tolist() == ["unassigned" if number == free else "kept" for number in range(3)]


def test_every_form_stands_in_the_help_of_the_command() -> None:
    from kehujingli.assign.sentences import FORMS
    from kehujingli.commands.month import typed_assign

    said = inspect.signature(typed_assign).parameters["what_if"].annotation.__metadata__[0].help
    shown = re.findall(r"“(.*?)”", FORMS)
    assert len(shown) == 4
    assert all(form in said for form in shown)

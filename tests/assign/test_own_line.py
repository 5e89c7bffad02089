"""Where the rules keep people to their own line: does 资产 get borrowers only, 负债 depositors only, and is it said who finds nobody?"""

from __future__ import annotations

import pandas as pd
from rosters import FIRST, RULES, county, customers, managers, person

from kehujingli.assign import Plan, assign
from kehujingli.assign.fitting import unfit
from kehujingli.rules import AssignRules
from kehujingli.tables.frames import complete
from kehujingli.values import listed

OWN = RULES.model_copy(update={"own_line": True})
DEPOSIT = 10_000_000
"""分 on average of every customer of ``rosters``: who owes as much is a borrower above all."""
A, B = person("A", specialism="asset"), person("B", specialism="liability")


def _plan(people: pd.DataFrame, staff: pd.DataFrame, rules: AssignRules = OWN, **more: object) -> Plan:
    given = county(people, staff)
    return assign(given.customers, given.managers, given.grids, rules, FIRST, **more)  # type: ignore[arg-type]


def _given(plan: Plan) -> list[str | None]:
    return listed(plan.customers["assigned_manager"])


def _row(holder: str | None, loan: int) -> tuple[str, str | None, str, int]:
    return "801001", holder, "medium", loan


def test_each_gets_the_customers_of_her_line_and_gives_up_the_others_with_the_reason() -> None:
    people = customers(_row("B", DEPOSIT), _row("A", DEPOSIT - 1), _row("A", DEPOSIT), _row(None, 0))
    plan = _plan(people, managers(A, B))
    assert _given(plan) == ["A", "B", "A", "B"]
    assert plan.customers["reason"].tolist()[:2] == [
        "调整，原管户经理 B 岗位是负债，不管这条线的户：岗位与主要业务相符、本社在岗、负荷合适",
        "调整，原管户经理 A 岗位是资产，不管这条线的户：岗位与主要业务相符、本社在岗、负荷合适",
    ]
    assert plan.findings == ()


def test_off_as_it_is_unless_written_holders_stay() -> None:
    people = customers(_row("B", DEPOSIT), _row("A", 0))
    assert not RULES.own_line
    assert _given(_plan(people, managers(A, B), RULES)) == ["B", "A"]


def test_who_has_no_post_takes_any_and_who_is_of_the_third_line_leads_nobody() -> None:
    staff = managers(person("C", specialism="intermediary"), person("D"))
    plan = _plan(customers(_row("C", DEPOSIT), _row(None, 0)), staff)
    assert _given(plan) == ["D", "D"]
    (told,) = plan.findings
    assert (told.code, told.count) == ("assign.line-idle", 1)
    assert "：C。" in told.message


def test_a_customer_of_whose_line_nobody_is_stays_without_a_manager_and_it_is_said() -> None:
    plan = _plan(customers(_row("B", DEPOSIT), _row("B", 0)), managers(B))
    assert _given(plan) == [None, "B"]
    assert listed(plan.customers["missing"]) == ["specialism", None]
    assert plan.customers["reason"].iloc[0] == "主要业务是资产，本社没有管得了的资产岗、也没有不分岗位的客户经理"
    assert [told.code for told in plan.findings] == ["assign.no-line", "assign.borrower-unmanaged"]


def test_who_avoids_her_and_who_is_of_another_line_are_told_apart() -> None:
    rows = pd.DataFrame([{"manager_id": "A", "customer_id": "C0", "reason": "配偶", "part": 0, "row": 0}])
    plan = _plan(customers(_row(None, DEPOSIT)), managers(A, B), conflicts=complete("conflicts", rows))
    assert plan.customers["missing"].tolist() == ["conflict"]
    assert plan.customers["reason"].tolist() == ["回避：A 配偶；别人的岗位不是这条线"]


def test_room_of_another_line_is_no_room() -> None:
    """Two borrowers of 2 折算户 each and room for one with A, for both with B: one is left for want of room, not of a line."""
    staff = managers(A | {"capacity": 2}, B)
    plan = _plan(customers(_row(None, DEPOSIT), _row(None, DEPOSIT)), staff)
    assert sorted(map(str, _given(plan))) == ["A", "None"]
    assert plan.customers["missing"].dropna().tolist() == ["capacity"]


def test_neither_freezing_nor_approving_gives_a_customer_to_another_line() -> None:
    given = county(customers(_row("A", DEPOSIT)), managers(A, B))
    plan = _plan(given.customers, given.managers, frozen={"C0": "B"})
    assert _given(plan) == ["A"]
    assert plan.findings[0].message.startswith("客户 C0 冻结给 B 做不到：岗位是负债，不管这条线的户。")
    why = unfit(given, {"C0": "B"}, FIRST, home_village=False, own_line=True)
    assert why == {"C0": "岗位是负债，不管这条线的户"}
    assert unfit(given, {"C0": "B"}, FIRST, home_village=False) == {}

"""Whose a cost is, by hand: months of a quarter add up to it, and a cost of no branch is nobody's."""

from __future__ import annotations

import pandas as pd

from kehujingli.periods import Period
from kehujingli.studies.money.costs import borne, shared


def costs(*rows: tuple[str, str | None, str, int, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["period", "branch_id", "kind", "amount", "driver"])
    return frame.assign(manager_id=None, source_row=range(2, 2 + len(rows)))


def people() -> pd.DataFrame:
    frame = pd.DataFrame({"branch_id": ["801", "801", "802", ""], "holder_id": "", "customers": 1})
    return frame.assign(**dict.fromkeys(("transactions", "visits", "deposits", "loans"), 0))


def test_months_of_a_quarter_add_up_to_it_and_the_first_bear_the_odd_cents() -> None:
    """100.01 元 are 33.34, 33.34, 33.33; what was booked back so too: −100.01."""
    for amount, parts in ((100_01, [33_34, 33_34, 33_33]), (-100_01, [-33_33, -33_34, -33_34])):
        rows = costs(("2026年二季度", "801", "工资", amount, "customers"))
        months = [borne(rows, Period.of(f"2026-0{month}"))[0]["cost"] for month in (3, 4, 5, 6, 7)]
        assert [month.tolist() for month in months] == [[], *([part] for part in parts), []]
        assert sum(parts) == amount


def test_a_cost_of_no_branch_is_nobody_s_even_where_somebody_has_no_branch() -> None:
    rows, _ = borne(costs(("2026-06", None, "总行", 9_00, "customers")), Period.of("2026-06"))
    told = shared(rows, people())
    assert (len(told.parts), told.lost["cost"].sum()) == (0, 9_00)
    (found,) = told.findings
    assert found.code == "study.cost-whose"
    assert "没写机构号也没写工号的费用 9.00 元（按户数分）" in found.message


def test_one_driver_that_adds_up_to_nothing_is_told_once_with_all_its_rows() -> None:
    """Nobody was visited: both branches' 走访 is one finding of 7 元 in rows 2 and 4, and the cost by 户数 goes on."""
    rows = costs(
        ("2026-06", "801", "走访", 4_00, "visits"),
        ("2026-06", "801", "工资", 6_00, "customers"),
        ("2026-06", "802", "走访", 3_00, "visits"),
    )
    told = shared(borne(rows, Period.of("2026-06"))[0], people())
    (found,) = told.findings
    assert (found.code, found.count, found.amount) == ("study.cost-nothing", 2, 7_00)
    assert "《费用》（第 2、4 行）机构 801、机构 802 的费用 7.00 元按走访分" in found.message
    assert (told.parts["cost"].sum(), told.lost["cost"].sum()) == (6_00, 7_00)


def test_a_part_of_a_cost_tells_which_kinds_it_is_of() -> None:
    rows = costs(
        ("2026-06", "801", "工资", 6_00, "customers"),
        ("2026-06", "801", "奖金", 4_00, "customers"),
        ("2026-06", "802", "房租", 5_00, "customers"),
    )
    told = shared(borne(rows, Period.of("2026-06"))[0], people())
    kinds = [told.pools[pool] for pool in told.parts["pool"]]
    assert list(zip(told.parts["cost"], kinds, strict=True)) == [
        (5_00, ("奖金", "工资")),
        (5_00, ("奖金", "工资")),
        (5_00, ("房租",)),
    ]

"""Whose scheme is it? Several schemes in one file, each for a population; a manager in none or in two is told and not scored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import write_xlsx
from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    customer,
    manager,
    post,
    reckon,
    workspace,
)

from kehujingli.actuals.ways import ways
from kehujingli.errors import Problem
from kehujingli.intake.ledger import Ledger
from kehujingli.lists.main import item_list
from kehujingli.lists.scores import summed
from kehujingli.month import Month, Request, open_month
from kehujingli.rules import EXAMPLE, IncentiveRules, load_rules

TWO = """
[institution]
name = "示例"
document = "示〔2026〕1号"
[incentive]
rounding = { points = 1, pay = 2 }
[incentive.pay]
standard = 1_000

[[incentive.scheme]]
title = "资产岗"
population = { specialism = ["资产"] }
[[incentive.scheme.item]]
id = "loans"
label = "贷款分"
category = "risk"
points = 100
shape = "linear"
slope = 1
base = 0

[[incentive.scheme]]
title = "负债岗"
population = { specialism = ["负债"], grade = ["中级", "高级"] }
[[incentive.scheme.item]]
id = "deposits"
label = "存款分"
category = "benefit"
points = 100
shape = "linear"
slope = 2
base = 0
[incentive.scheme.pay]
standard = 3_000
"""
HEADER = ["工号", "岗位", "等级", "考核期间", "贷款分", "存款分", "来源", "审批人"]
PEOPLE = [
    ["M1", "资产", "中级", "2026-10", 80, 1, "系统", "乙"],
    ["M2", "负债", "高级", "2026-10", 1, 40, "系统", "乙"],
    ["M3", "负债", "见习", "2026-10", 1, 40, "系统", "乙"],
]


def _month(folder: Path, text: str) -> Month:
    rules = folder / "rules.toml"
    rules.write_text(text, encoding="utf-8")
    actuals = write_xlsx(folder / "实绩.xlsx", [HEADER, *PEOPLE])
    return open_month(Request(period="2026-10", rules=rules, actuals=actuals), Ledger(folder / "ledger"))


def test_each_population_has_its_own_items_and_pay(tmp_path: Path) -> None:
    month = _month(tmp_path, TWO)
    people = {manager.manager_id: manager for manager in month.scores.managers}
    assert (people["M1"].score, people["M1"].pay) == (Decimal("80.0"), Decimal("800.00"))
    assert (people["M2"].score, people["M2"].pay) == (Decimal("80.0"), Decimal("2400.00"))
    assert [item.item.id for item in people["M2"].items] == ["deposits"]
    assert {item.id for item in month.rules.incentive.item} == {"loans", "deposits"}


def test_a_manager_in_no_population_is_told_and_not_scored(tmp_path: Path) -> None:
    month = _month(tmp_path, TWO)
    assert [manager.manager_id for manager in month.scores.withheld] == ["M3"]
    told = next(told for told in month.findings if told.code == "score.no-scheme")
    assert "M3" in told.message


def test_a_manager_in_two_populations_is_told_and_not_scored(tmp_path: Path) -> None:
    month = _month(tmp_path, TWO.replace('specialism = ["负债"], grade = ["中级", "高级"]', 'grade = ["中级", "见习"]'))
    withheld = {manager.manager_id: manager.withheld for manager in month.scores.withheld}
    assert withheld["M1"] == ("同时在几套办法里：资产岗、负债岗",)
    assert {"score.two-schemes", "score.no-scheme"} <= {told.code for told in month.findings}


def test_a_wrong_total_is_told_with_the_lines_of_its_own_scheme(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(
        TWO.replace('points = 100\nshape = "linear"\nslope = 2', 'points = 90\nshape = "linear"\nslope = 2'),
        encoding="utf-8",
    )
    with pytest.raises(Problem) as refused:
        load_rules(path)
    (told,) = refused.value.findings
    assert told.code == "rules.points-total"
    assert f"第 {path.read_text(encoding='utf-8').splitlines().index('points = 90') + 1} 行" in told.message


@pytest.mark.parametrize(("over", "spent"), [("tell", "3200.00"), ("scale", "2000.00")])
def test_a_scheme_that_pays_more_than_its_pool(tmp_path: Path, over: str, spent: str) -> None:
    pool = f'pool = 2_000\nover_pool = "{over}"\n'
    text = TWO.replace('specialism = ["负债"], grade = ["中级", "高级"]', 'specialism = ["负债"]')
    text = text.replace("standard = 3_000\n", f"standard = 2_000\n{pool}")
    month = _month(tmp_path, text)
    paid = sum(
        (manager.pay or Decimal(0) for manager in month.scores.managers if manager.specialism == "liability"),
        Decimal(0),
    )
    assert f"{paid:.2f}" == spent
    assert "score.pool-exceeded" in {told.code for told in month.findings}


APART_ITEMS = """
[[incentive.scheme.item]]
id = "growth"
label = "存款净增"
category = "growth"
points = 50
shape = "linear"
slope = 1
base = 0
actual = "average_deposit_growth"
baseline = "{baseline}"
[[incentive.scheme.item]]
id = "npl"
label = "不良率"
category = "risk"
points = 50
shape = "linear"
slope = 10
base = 0
actual = "npl_ratio"
"""
APART = f"""
[institution]
name = "示例"
document = "示〔2026〕1号"

[[incentive.scheme]]
title = "城区"
population = {{ branch = ["801001"] }}
responsibility = "holder"
{APART_ITEMS.format(baseline="last_year_average")}
[[incentive.scheme]]
title = "乡镇"
population = {{ branch = ["801002"] }}
{APART_ITEMS.format(baseline="year_opening")}
"""


def test_the_same_actual_is_reckoned_for_each_scheme_as_it_wants_it(tmp_path: Path) -> None:
    """Deposits of 1,000 until June and 1,600 from July, 400 on average the year before; a bad loan that M1 holds and M2 answers for."""
    place = workspace(
        tmp_path,
        {
            "客户信息.xlsx": [
                CUSTOMERS,
                customer("C1", holder="M1"),
                customer("C2", holder="M2", branch="801002"),
                customer("C3"),
            ],
            "存款账户_20261031.xlsx": [
                ACCOUNTS,
                *([f"A{who}", who, "活期", 1600, 400, LONG_AGO, None, None] for who in ("C1", "C2")),
            ],
            "贷款台账_20261031.xlsx": [LOANS, ["L1", "C1", None, None, 500, "次级", 0, "M1", "M2"]],
            "名册.xlsx": [MANAGERS, manager("M1"), manager("M2", branch="801002")],
            "流水.xlsx": [
                TRANSACTIONS,
                *(
                    row
                    for who in ("C1", "C2")
                    for row in (post(dt.date(2025, 12, 31), who, 1, 1000), post(dt.date(2026, 7, 1), who, 600, 1600))
                ),
                post(dt.date(2026, 10, 31), "C3", 1),
            ],
        },
    )
    rules = place.root / "rules" / "2000-01-01.toml"
    example = EXAMPLE.read_text(encoding="utf-8").partition("[incentive]")[0]
    rules.write_text(example + APART.partition('document = "示〔2026〕1号"\n')[2], encoding="utf-8")
    month = reckon(place, "2026-10")
    found = {
        manager.manager_id: {
            item.item.id: item.quantity.value.quantize(Decimal("0.01")) for item in manager.items if item.quantity
        }
        for manager in month.scores.managers
    }
    assert found == {
        "M1": {"growth": Decimal("842.76"), "npl": Decimal(1)},
        "M2": {"growth": Decimal("242.76"), "npl": Decimal(1)},
    }
    items = item_list(month.scores)
    names = {(row.manager_id, row.item_id): row.actual_name for row in items.itertuples()}
    assert (names["M1", "growth"], names["M2", "growth"]) == (
        "average_deposit_growth",
        "average_deposit_growth:year_opening",
    )
    sums = month.actuals.contributions.groupby(["actual", "holder"])["numerator"].sum()
    assert int(sums["average_deposit_growth:year_opening", "M2"]) == 24276


def test_the_first_way_of_an_actual_keeps_its_name() -> None:
    def scheme(branch: str, least: int) -> dict[str, object]:
        item = {
            "id": "woken",
            "label": "激活",
            "category": "growth",
            "points": 100,
            "shape": "lots",
            "lot": 1,
            "per_lot": 1,
            "actual": "customers_woken",
            "min_average": least,
        }
        return {"population": {"branch": [branch]}, "item": [item]}

    rules = IncentiveRules.model_validate({"scheme": [scheme("1", 500), scheme("2", 1000), scheme("3", 500)]})
    assert list(ways(rules).values()) == ["customers_woken", "customers_woken:1000"]


def test_the_share_of_full_marks_goes_by_each_schemes_own() -> None:
    """20 of 20 points in the town and 15 of 30 in the villages are 35 of 50, not more than all."""

    def scored(points: int, full: int) -> Any:
        item = SimpleNamespace(id="growth", points=Decimal(full))
        return SimpleNamespace(item=item, points=Decimal(points))

    town, village = (
        SimpleNamespace(manager_id=who, score=None, pay=None, items=[scored(points, full)])
        for who, points, full in (("M1", 20, 20), ("M2", 15, 30))
    )
    rules: Any = SimpleNamespace(item=[SimpleNamespace(id="growth", points=Decimal(20))])
    posts: Any = [town, village]
    assert summed(posts, rules)["item:growth"] == Decimal("0.7")

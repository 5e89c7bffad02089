"""投入产出 of six customers reckoned by hand, in a month of thirty days: June 2026.

Prices: deposits 活期 1.00 %, ≤1年 2.00 %; loans ≤1年 2.00 %, ≤3年 2.50 %. A year has 365 days.

======== ============================================ =========================================== ==============
customer deposit, month's average                     loan                                        FTP profit
======== ============================================ =========================================== ==============
A        365,000.00 on demand at 0.25 %                                                           225.00
B        730,000.00 ≤1年 at 1.50 %                                                                300.00
C                                                     365,000.00 ≤1年 at 5.00 %, normal           900.00
D        36,500.00 on demand at 0.25 %                73,000.00 ≤3年 at 6.00 %, substandard       22.50, 210.00
E        0.01 on demand at 0.25 %                                                                 0.00
F        nothing at all
======== ============================================ =========================================== ==============

365,000 × (1.00 − 0.25) % × 30 ÷ 365 = 225. Expected loss a year 1 % of normal, 25 % of substandard: C 300.00, D 1,500.00.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.errors import Problem
from kehujingli.periods import Period, day_of
from kehujingli.studies.contribution import STUDY, Rules, contribution
from kehujingli.studies.money.loss import Rules as LossRates
from kehujingli.studies.money.views import NOBODY
from kehujingli.studies.study import Answer, answer

JUNE = Period.of("2026-06")
RULES = Rules(least=2)
RATES = LossRates(normal=Decimal("0.01")).by_class
VIEWS = ("", "_branches", "_managers", "_products", "_customers")
ADDS = ("deposits", "loans", "deposit_profit", "loan_profit", "fees", "expected_loss", "cost", "contribution")


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def people() -> pd.DataFrame:
    rows = [
        ("A", "801", "城关", "M1", "高娜", "frequent/large", 40, 0),
        ("B", "801", "城关", "M1", "高娜", "frequent/large", 20, 0),
        ("C", "801", "城关", "M2", "王强", "mobile/medium", 0, 365_000_00),
        ("D", "802", "东关", "M3", "李敏", "mobile/medium", 7, 73_000_00),
        ("E", "802", "东关", "M3", "李敏", "dormant/small", 0, 0),
        ("F", "802", "东关", None, None, "dormant/small", 0, 0),
    ]
    columns = ["customer_id", "branch_id", "branch_name", "holder_id", "manager_name", "group", "transactions"]
    frame = pd.DataFrame(rows, columns=[*columns, "loan_balance"])
    return frame.assign(
        customer_name=frame["customer_id"], customer_type="person", previous_group=None, worst_class=None
    )


def accounts() -> pd.DataFrame:
    rows = [
        ("1", "A", "801", "demand", 2_500, day("2020-01-01"), None, 365_000_00),
        ("2", "B", "801", "term", 15_000, day("2026-01-31"), day("2027-01-31"), 730_000_00),
        ("3", "D", "802", "demand", 2_500, day("2020-01-01"), None, 36_500_00),
        ("4", "E", "802", "demand", 2_500, day("2020-01-01"), None, 1),
    ]
    columns = ["account_id", "customer_id", "branch_id", "kind", "rate", "opened", "matures_on", "balance"]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.assign(average_month=None, product_month=frame["balance"] * 30, known_month=True)
    return frame.astype({"matures_on": "Int64", "average_month": "Int64", "rate": "Int64"})


def loans() -> pd.DataFrame:
    rows = [
        ("L1", "C", "801", "农户贷款", 50_000, day("2026-03-01"), day("2027-03-01"), 365_000_00, "normal"),
        ("L2", "D", "802", "经营贷款", 60_000, day("2025-03-01"), day("2028-02-01"), 73_000_00, "substandard"),
    ]
    columns = ["loan_id", "customer_id", "branch_id", "product", "rate", "issued_on", "due_on", "balance", "five_class"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(status=None).astype({"issued_on": "Int64", "due_on": "Int64", "rate": "Int64"})


def ftp(*more: tuple[str, str, int, str]) -> pd.DataFrame:
    rows = [
        ("deposit", "demand", 10_000, "2025-01-01"),
        ("deposit", "to_1_year", 20_000, "2025-01-01"),
        ("loan", "to_1_year", 20_000, "2025-01-01"),
        ("loan", "to_3_years", 25_000, "2025-01-01"),
        *more,
    ]
    told = [(*row[:3], day(row[3]), place) for place, row in enumerate(rows, 2)]
    return pd.DataFrame(told, columns=["side", "term", "price", "valid_from", "source_row"])


def costs(*rows: tuple[str, str | None, str | None, str, int, str | None]) -> pd.DataFrame:
    columns = ["period", "branch_id", "manager_id", "kind", "amount", "driver"]
    return pd.DataFrame([*rows], columns=columns).assign(source_row=range(2, 2 + len(rows)))


SPENT = costs(
    ("2026-06", "801", None, "工资", 100_00, "customers"),  # A, B, C: 33.34, 33.33, 33.33
    ("2026-06", "801", None, "柜面", 60_00, "transactions"),  # A 40.00, B 20.00
    ("2026-06", None, "M3", "走访", 30_00, "visits"),  # D 2 of 3: 20.00, E 10.00
    ("2026年", "802", None, "贷后", 120_00, "loans"),  # a twelfth, D alone: 10.00
    ("2026-06", "801", None, "揽储", 109_50, "deposits"),  # A 365 : B 730: 36.50, 73.00
    ("2026-07", "801", None, "工资", 999_00, "customers"),  # another month's
)


def fees() -> pd.DataFrame:
    rows = [
        (day("2026-06-30"), None, "A", "代理保险", 15_00, "M9", "801"),
        (None, "2026年二季度", "E", "短信费", 5_00, None, None),
        (day("2026-06-01"), None, None, "手续费", 2_00, None, "802"),
        (day("2026-05-31"), None, "A", "代理保险", 400_00, None, None),
    ]
    columns = ["date", "period", "customer_id", "product", "amount", "manager_id", "branch_id"]
    return pd.DataFrame(rows, columns=columns).assign(source_row=2).astype({"date": "Int64"})


def visits(*rows: tuple[str, str]) -> pd.DataFrame:
    went = rows or (("2026-06-02", "D"), ("2026-06-20", "D"), ("2026-06-03", "E"), ("2026-05-31", "A"))
    told = [(day(when), who, "上门", 30) for when, who in went]
    return pd.DataFrame(told, columns=["date", "customer_id", "way", "minutes"]).astype({"minutes": "Int64"})


def asked(**changed: Any) -> Answer:
    given = {
        "accounts": accounts(),
        "loans": loans(),
        "classes": people(),
        "ftp": ftp(),
        "costs": SPENT,
        "fees": fees(),
        "visits": visits(),
    }
    facts = {"period": JUNE, "before": JUNE.back(1), "rules": RULES, "loss_rates": RATES}
    return contribution(**{**given, **facts, **changed})


def of(told: Answer, view: str, key: str) -> dict[str, pd.Series]:
    return {row[key]: row for _, row in told.frames[f"contribution{view}"].iterrows()}


def test_six_customers_by_hand() -> None:
    told = of(asked(), "_customers", "customer_id")
    columns = ["deposit_profit", "loan_profit", "fees", "expected_loss", "cost", "contribution"]
    assert {who: [int(row[key]) for key in columns] for who, row in told.items()} == {
        "A": [225_00, 0, 15_00, 0, 33_34 + 40_00 + 36_50, 240_00 - 109_84],
        "B": [300_00, 0, 0, 0, 33_33 + 20_00 + 73_00, 300_00 - 126_33],
        "C": [0, 900_00, 0, 300_00, 33_33, 566_67],
        "D": [22_50, 210_00, 0, 1_500_00, 20_00 + 10_00, 232_50 - 1_530_00],
        "E": [0, 0, 5_00, 0, 10_00, -5_00],
        NOBODY: [0, 0, 2_00, 0, 0, 2_00],
    }


def test_views_of_the_six_by_hand() -> None:
    told = asked()
    whole = 130_16 + 173_67 + 566_67 - 1_297_50 - 5_00 + 2_00
    assert f"= 贡献 {Decimal(whole) / 100:,.2f} 元" in told.lines[0]
    sums = {view: told.frames[f"contribution{view}"].set_index("part")["contribution"].to_dict() for view in VIEWS[1:4]}
    assert sums["_branches"] == {"城关": 130_16 + 173_67 + 566_67, "东关": -1_297_50 - 5_00 + 2_00}
    assert sums["_managers"] == {"高娜 M1": 303_83, "王强 M2": 566_67, "李敏 M3": -1_302_50, "未挂户": 2_00}
    assert sums["_products"] == {
        "存款 活期": 247_50,
        "存款 定期": 300_00,
        "贷款 农户贷款": 600_00,
        "贷款 经营贷款": -1_290_00,
        "中收 代理保险": 15_00,
        "中收 短信费": 5_00,
        "中收 手续费": 2_00,
        "费用 户数": -100_00,
        "费用 笔数": -60_00,
        "费用 走访": -30_00,
        "费用 贷款余额": -10_00,
        "费用 存款日均": -109_50,
    }
    per_cost = told.frames["contribution_customers"].set_index("customer_id")["per_cost"]
    assert per_cost.drop(NOBODY).to_dict() == {"A": 2.18, "B": 2.37, "C": 18.00, "D": -42.25, "E": 0.5}
    assert pd.isna(per_cost[NOBODY]), "nothing was spent"
    groups = told.frames["contribution"].set_index("group")
    assert groups.loc["mobile/medium", "contribution"] == 566_67 - 1_297_50
    assert groups.loc["mobile/medium", "customers"] == 2
    raroc = (900_00 + 210_00 - 300_00 - 1_500_00 - 10_00) * 365 / 30 / (438_000_00 * 0.105)
    assert groups.loc["mobile/medium", "raroc"] == pytest.approx(raroc)


def test_the_five_questions_stand_side_by_side() -> None:
    rows = asked().frames["contribution_questions"]
    first = rows.iloc[0]
    assert (first["whose"], first["came_out"], first["amount_out"]) == ("全辖", "存款内部利润", 547_50)
    whole = rows[rows["put_in"] == "投入合计"].iloc[0]
    assert (whole["amount_in"], whole["amount_out"]) == (309_50, 547_50 + 1_110_00 + 22_00 - 1_800_00)
    ways = rows[rows["put_in"] == "走访"]
    assert list(ways["way"]) == ["按走访（上门 3 次）", "按走访（上门 2 次）", "按走访（上门 1 次）"]
    assert list(ways["amount_in"]) == [30_00, 20_00, 10_00]


def test_a_group_names_the_costs_that_it_bears_and_no_others() -> None:
    """801 (A, B, C) pays 工资, 802 (D, E, F) 房租: A and B bear 工资 alone, C and D both, E and F 房租 alone."""
    both = costs(
        ("2026-06", "801", None, "工资", 100_00, "customers"), ("2026-06", "802", None, "房租", 50_00, "customers")
    )
    rows = asked(costs=both).frames["contribution_questions"]
    named = rows[rows["whose"].isin(["经常联系户·大型客户", "流动户·中等客户", "休眠户·小客户"])]
    assert list(named["put_in"]) == ["工资", "工资、房租", "房租"]
    assert list(named["amount_in"]) == [66_67, 50_00, 33_33]


def test_a_cost_that_nobody_drives_stays_with_its_branch() -> None:
    odd = costs(
        ("2026-06", "801", None, "走访", 8_00, "visits"),  # nobody of 801 was visited in June
        ("2026-06", "802", None, "杂费", 9_00, None),
        ("某月", "802", None, "工资", 9_99, "customers"),
    )
    told = asked(costs=odd)
    assert [one.code for one in told.findings] == ["study.cost-period", "study.cost-driver", "study.cost-nothing"]
    assert "《费用》（第 2 行）机构 801 的费用 8.00 元按走访分" in told.findings[2].message
    assert "《费用》第 3 行没写分摊动因" in told.findings[1].message
    assert "第 4 行的期间“某月”" in told.findings[0].message
    assert of(told, "_branches", "part")["城关"]["cost"] == 8_00
    assert of(told, "_customers", "customer_id")[NOBODY]["cost"] == 17_00
    assert "没有分到户的 17.00 元" in "".join(told.lines)


def test_a_hole_in_terms_leaves_those_loans_out_and_says_which() -> None:
    told = asked(ftp=ftp().query("term != 'to_3_years'"))
    (found,) = told.findings
    assert (found.code, found.count) == ("study.ftp-hole", 1)
    assert "贷款 ≤3年 没有价：1 笔日均 73,000.00 元" in found.message
    row = of(told, "_customers", "customer_id")["D"]
    assert (row["loan_profit"], row["expected_loss"], row["unpriced"]) == (0, 0, 73_000_00)
    assert "没有价的日均 73,000.00 元" in told.lines[1]


def test_where_a_loan_has_no_price_what_capital_brings_is_said_of_those_that_have() -> None:
    """C has her price, D has none: C's is (900 − 300) × 365 ÷ 30 ÷ (365,000 × 10.5 %), and so is the whole's, of 365 of 438 parts; D's is not known."""
    told = asked(ftp=ftp().query("term != 'to_3_years'"))
    rows = of(told, "_customers", "customer_id")
    priced = 600 * 365 / 30 / (365_000 * 0.105)
    assert rows["C"]["raroc"] == pytest.approx(priced)
    assert rows["C"]["priced"] == 1
    assert pd.isna(rows["D"]["raroc"])
    assert rows["D"]["priced"] == 0
    line = (
        f"贷款 RAROC {priced:.2%}（时点：没有上月的贷款台账；只是有价的 83.33%，没有价的贷款日均 73,000.00 元不在内）"
    )
    assert line in told.lines


def test_loans_without_any_price_have_no_raroc() -> None:
    told = asked(ftp=ftp().query("side != 'loan'"))
    assert any(line.startswith("贷款 RAROC 缺：贷款日均 438,000.00 元都没有价") for line in told.lines)


def test_a_deposit_without_a_rate_takes_nothing_from_the_loans() -> None:
    bare = accounts()
    bare.loc[2, "rate"] = pd.NA
    deposits_only = of(asked(accounts=bare), "_customers", "customer_id")["D"]
    assert deposits_only["unpriced"] == 36_500_00
    assert not pd.isna(deposits_only["raroc"]), "a deposit without a rate takes nothing from the loan's"


def test_a_price_that_begins_within_the_month_has_a_hole_before_it() -> None:
    late = ftp().query("term != 'to_3_years'")
    begun = pd.concat([late, ftp(("loan", "to_3_years", 25_000, "2026-06-02")).tail(1)], ignore_index=True)
    (found,) = asked(ftp=begun).findings
    assert "2026-06-02 才起价" in found.message


def test_two_prices_of_one_day_are_no_price_and_one_price_twice_is_one() -> None:
    (found,) = asked(ftp=ftp(("loan", "to_3_years", 26_000, "2025-01-01"))).findings
    assert "2025-01-01 起有不同的价（第 5、6 行）" in found.message
    assert not asked(ftp=ftp(("loan", "to_3_years", 25_000, "2025-01-01"))).findings
    superseded = ftp(("loan", "to_3_years", 26_000, "2025-01-01"), ("loan", "to_3_years", 25_000, "2026-01-01"))
    assert not asked(ftp=superseded).findings, "what was in doubt before the month does not touch it"


def test_a_price_that_changes_within_the_month_counts_each_day() -> None:
    """Ten days at 1.00 %, twenty at 1.30 %: A makes 365,000 × (10 × 0.75 + 20 × 1.05) % ÷ 365 = 285.00."""
    told = asked(ftp=ftp(("deposit", "demand", 13_000, "2026-06-11")))
    assert of(told, "_customers", "customer_id")["A"]["deposit_profit"] == 285_00


def test_a_loan_has_the_mean_of_both_ends_and_a_new_one_its_days() -> None:
    """L1 was 365,000 larger a month ago: 547,500 on average; L2 was lent on 16 June: 15 of 30 days; L9 is repaid and gone."""
    opening = loans().assign(balance=[730_000_00, 0], loan_id=["L1", "L9"], customer_id=["C", "E"])
    opening["balance"] = [730_000_00, 146_000_00]
    now = loans()
    now.loc[1, "issued_on"], now.loc[1, "due_on"] = day("2026-06-16"), day("2028-06-16")
    told = of(asked(loans=now, previous_loans=opening), "_customers", "customer_id")
    assert told["C"]["loans"] == 547_500_00
    assert told["D"]["loans"] == 36_500_00
    assert told["E"]["loans"] == 73_000_00


def test_what_lacks_its_rate_or_its_average_is_left_out_not_taken_for_nothing() -> None:
    bare = accounts()
    bare.loc[0, "rate"] = pd.NA
    bare.loc[2, "known_month"] = False
    told = asked(accounts=bare)
    assert {one.message.split("，")[0] for one in told.findings} == {"存款有 1 笔没有利率", "存款有 1 笔算不出月日均"}
    assert {one.code for one in told.findings} == {"study.ftp-line"}
    rows = of(told, "_customers", "customer_id")
    assert (rows["A"]["unpriced"], rows["D"]["unpriced"]) == (365_000_00, 36_500_00)


def test_a_fee_of_no_month_is_told() -> None:
    odd = fees()
    odd.loc[1, "period"] = "上次"
    (found,) = asked(fees=odd).findings
    assert found.code == "study.fee-period"


def test_what_loans_are_charged_weighs_by_their_average() -> None:
    """365,000 元 at 5 % and 182,500 at 8 % of one term and class: 6 %; the floor is 2 + 1 + 1.05 %, and neither is below."""
    more = loans().head(1).assign(loan_id="L9", rate=80_000, balance=182_500_00)
    told = asked(loans=pd.concat([loans(), more], ignore_index=True), costs=None)
    row = of(told, "_floors", "term")["to_1_year"]
    assert (row["count"], row["loans"], row["below"]) == (2, 547_500_00, 0)
    assert row["charged"] == pytest.approx(0.06)


def test_costs_of_a_month_under_way_are_the_whole_month_s() -> None:
    """To 20 June D has 140.00 of profit and 1,000.00 of loss in 20 days, and 10.00 of costs in 30; the floor's cost is that of 30 days too."""
    told = asked(period=Period(JUNE.month, date(2026, 6, 20)))
    row = of(told, "_customers", "customer_id")["D"]
    assert (row["loan_profit"], row["expected_loss"], row["cost"]) == (140_00, 1_000_00, 30_00)
    assert row["raroc"] == pytest.approx(((140 - 1_000) / 20 - 10 / 30) * 365 / (73_000 * 0.105))
    assert of(told, "_floors", "term")["to_3_years"]["cost"] == pytest.approx(10_00 * 365 / 30 / 438_000_00)
    assert any("费用是整月的，利润只到 2026-06-20，贡献和一元产出偏低" in line for line in told.lines)
    assert not any("整月" in line for line in asked().lines)


def test_the_floor_of_a_loan_and_a_loan_tried_before_it_is_made() -> None:
    """2.00 + 1.00 + cost + 10.5 × 10 % = 1.05; costs of lending 10.00 a month on 438,000: 0.0278 % a year."""
    told = asked(loan=("C=50万/12月/4.5%", "新户=1,000,000/4年"))
    rows = told.frames["contribution_floors"].set_index("term")
    cost = 10_00 * 365 / 30 / 438_000_00
    assert rows.loc["to_1_year", "floor"] == pytest.approx(0.02 + 0.01 + cost + 0.0105)
    assert (rows.loc["to_1_year", "below"], rows.loc["to_3_years", "below"]) == (0, 1)
    assert "下限 4.078%；报价 4.500%，够，一年比下限多 2,111.11 元，RAROC 14.02%" in told.lines[-2]
    assert "缺，贷款 >3年 没有价" in told.lines[-1]
    with pytest.raises(Problem) as wrong:
        asked(loan=("C=很多/12月",))
    assert wrong.value.findings[0].code == "study.loan"


def test_what_one_more_visit_brought_is_a_slope_with_its_numbers() -> None:
    """A and B of one group: A had two visits in May and 225.00 more in June, B none and 300.00 more: −37.50 a visit; two are too few for the rest."""
    then = accounts().assign(product_month=0, balance=0)
    told = asked(
        previous_accounts=then,
        previous_loans=loans().iloc[:0],
        visits=visits(("2026-05-03", "A"), ("2026-05-04", "A")),
        classes=pd.concat([people(), people().head(2).assign(customer_id=["G", "H"])], ignore_index=True),
        costs=costs(("2026-05", "801", None, "走访", 15_00, "visits")),
        rules=Rules(least=1),
        loss_rates=LossRates().by_class,
    )
    row = of(told, "_visits", "group")["frequent/large"]
    assert (row["customers"], row["visited"], row["visits"]) == (4, 1, 2)
    assert row["per_visit"] == round((225_00 - (300_00 + 0 + 0) / 3) / 2)
    assert row["per_hour"] == row["per_visit"] * 2, "half an hour a visit"
    assert float(row["per_yuan"]) == pytest.approx(row["per_visit"] / 7_50)
    assert row["said"].startswith("相关，不是因果")
    lacking = of(told, "_visits", "group")["mobile/medium"]
    assert pd.isna(lacking["per_visit"])
    assert lacking["said"].startswith("缺")


def test_a_month_before_without_prices_says_nothing_of_visits() -> None:
    """Nothing moved, but prices begin in June: a profit of nothing in May would be a rise; G and H, who hold nothing, are left."""
    told = asked(
        ftp=ftp().assign(valid_from=day("2026-06-01")),
        previous_accounts=accounts().assign(product_month=accounts()["balance"] * 31),
        previous_loans=loans(),
        visits=visits(("2026-05-03", "B"), ("2026-05-04", "G")),
        classes=pd.concat([people(), people().head(2).assign(customer_id=["G", "H"])], ignore_index=True),
        rules=Rules(least=2),
    )
    row = of(told, "_visits", "group")["frequent/large"]
    assert (row["customers"], row["visited"]) == (2, 1)
    assert pd.isna(row["per_visit"])
    assert "2 户有存贷款没有价，没有算" in row["said"]
    assert told.lines[-1].endswith("（有存贷款没有价的户不算），不说一次走访带来多少")


def test_without_the_month_before_visits_are_missing_and_the_reason_is_said() -> None:
    told = asked()
    assert told.frames["contribution_visits"][["customers", "visited", "visits"]].isna().all(axis=None)
    assert told.lines[-1] == (
        "走访  缺：2026-05 没有留下《存款账户》《贷款台账》：那个月没有跑过，或没有这些导出，不说一次走访带来多少"
    )
    frames = {"accounts": accounts(), "loans": loans(), "classes": people(), "ftp": ftp(), "costs": SPENT}
    facts = {"period": JUNE, "before": JUNE.back(1), "rules": RULES, "loss_rates": RATES}
    found = [one for one in answer(STUDY, frames.get, facts).findings if one.code == "study.without-before"]
    assert [one.message.split("：")[0] for one in found] == ["缺上期存款账户", "缺上期贷款台账"]
    assert {one.cure for one in found} == {"要算，请先运行 kehujingli run --period 2026-05（要有那个月的导出），再来。"}
    assert asked(visits=None).lines[-1] == "走访  缺：没有《走访记录》，不说一次走访带来多少"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 10**12), min_size=4, max_size=4),
    st.lists(st.integers(0, 10**9), min_size=2, max_size=2),
    st.lists(st.integers(1, 10**8), min_size=5, max_size=5),
    st.randoms(use_true_random=False),
)
def test_every_view_adds_up_whatever_the_order_of_rows(
    held: list[int], lent: list[int], spent: list[int], draw: Random
) -> None:
    def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.sample(frac=1, random_state=draw.randrange(2**32)).reset_index(drop=True)

    spent_frame = SPENT.assign(amount=[*spent, 1])
    given = {
        "accounts": accounts().assign(product_month=held),
        "loans": loans().assign(balance=lent),
        "costs": spent_frame,
        "classes": people(),
        "fees": fees(),
    }
    told = asked(**given)
    sums = {view: told.frames[f"contribution{view}"][list(ADDS)].sum().to_dict() for view in VIEWS}
    assert all(sums[view] == sums[""] for view in VIEWS)
    other = asked(**{name: shuffled(frame) for name, frame in given.items()})
    for name, frame in told.frames.items():
        pd.testing.assert_frame_equal(frame, other.frames[name])
    assert told.lines == other.lines

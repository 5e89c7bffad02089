"""市场格局 reckoned by hand: figures in 万元, September against June 2026; 城关 by its 区域, 东关 by its village, none of ours in 南乡."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kehujingli.errors import Problem
from kehujingli.periods import Period, day_of
from kehujingli.rules.models import Institution
from kehujingli.studies.market import Rules, market
from kehujingli.studies.places.towns import Towns
from kehujingli.studies.study import Answer

SEPTEMBER, JUNE = Period.of("2026-09"), Period.of("2026-06")
OURS = Institution(name="东关县农村信用合作联社")
WAN = 1_000_000
BRANCHES = pd.DataFrame(
    [("801001", "城关信用社", "城关"), ("801002", "东关信用社", "东片")], columns=["branch_id", "branch_name", "region"]
)
NOW = {"城关镇": {"农行": (300, 100), "工行": (200, 100)}, "东关镇": {"农行": (400, 50)}, "南乡": {"农行": (200, 20)}}
THEN = {"城关镇": {"农行": (280, 90), "工行": (200, 110)}, "东关镇": {"农行": (420, 50)}, "南乡": {"农行": (190, 20)}}


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def table(*parts: tuple[str, dict[str, dict[str, Any]]]) -> pd.DataFrame:
    """``parts``: a day and town → bank → deposits and loans in 万元."""
    rows = [
        (day(on), town, bank, *(None if one is None else one * WAN for one in figures), None)
        for on, towns in parts
        for town, banks in towns.items()
        for bank, figures in banks.items()
    ]
    frame = pd.DataFrame(rows, columns=["date", "region", "bank", "deposits", "loans", "households"])
    frame = frame.astype(dict.fromkeys(("date", "deposits", "loans", "households"), "Int64"))
    return frame.assign(source_row=range(4, 4 + len(frame)))


def customers(town: int, eastern: int, village: str = "东关村") -> pd.DataFrame:
    rows = [
        ("C1", "person", "resident", "801001", "城关信用社", None, town * WAN, 100 * WAN),
        ("C2", "person", "farmer", "801002", "东关信用社", village, eastern * WAN, 50 * WAN),
        ("C3", "business", "enterprise", "801002", "东关信用社", village, 0, 0),
    ]
    columns = "customer_id customer_type customer_group branch_id branch_name village deposit_balance loan_balance"
    return pd.DataFrame(rows, columns=columns.split())


VILLAGES = pd.DataFrame(
    [("东关村", "801002", "东关镇", 4), ("西山村", "801002", "东关镇", 6)],
    columns=["village", "branch_id", "town", "households"],
).astype({"households": "Int64"})
HOLDINGS = pd.DataFrame({"customer_id": ["C2"], "product": ["手机银行"], "closed_on": pd.array([None], "Int64")})


def ask(said: pd.DataFrame | None = None, rules: Rules | None = None, **given: Any) -> Answer:
    usual: dict[str, Any] = {"previous": customers(420, 100), "villages": VILLAGES}
    table_of = table(("2026-06-30", THEN), ("2026-09-30", NOW)) if said is None else said
    known = {"period": SEPTEMBER, "before": JUNE, "institution": OURS, "rules": rules or Rules()}
    return market(customers(500, 100), BRANCHES, table_of, **{**usual, **known, **given})


def of(told: Answer, name: str = "market_deposits", by: str = "region") -> dict[str, dict[str, Any]]:
    rows = told.frames[name].astype("object").to_dict("records")
    return {row[by]: {key: None if pd.isna(value) else value for key, value in row.items()} for row in rows}


def codes(told: Answer) -> list[str]:
    return sorted(one.code for one in told.findings)


def test_share_and_what_it_gained_are_of_the_others_and_the_month() -> None:
    told = of(ask())
    town, whole = told["城关镇"], told["全县"]
    assert (town["own"], town["market"]) == (500 * WAN, 1000 * WAN)
    assert town["share"] == 0.5
    assert (town["own_change"], town["market_change"], town["gained"]) == (80 * WAN, 100 * WAN, 0.8)
    assert town["share_change"] == pytest.approx(500 / 1000 - 420 / 900)
    assert (town["hhi"], town["rank"], town["largest"]) == (2500 + 900 + 400, 1, "农行")
    assert (whole["own"], whole["market"]) == (600 * WAN, 1700 * WAN)
    assert (told["南乡"]["share"], told["南乡"]["advice"]) == (0, "主攻")
    assert (town["advice"], town["lacks"]) == ("守住", "")


def test_a_market_that_did_not_grow_has_no_share_of_growth() -> None:
    eastern = of(ask())["东关镇"]
    assert (eastern["market_change"], eastern["gained"]) == (-20 * WAN, None)
    assert eastern["lacks"] == "市场减少，不算增量份额"
    fewer = of(ask(previous=customers(501, 100)))["城关镇"]
    assert (fewer["own_change"], fewer["gained"]) == (-WAN, None)
    assert fewer["lacks"] == "本行减少，不算增量份额"
    same = table(("2026-06-30", {"东关镇": {"农行": (400, 50)}}), ("2026-09-30", {"东关镇": {"农行": (400, 50)}}))
    assert of(ask(same))["东关镇"]["lacks"] == "市场没有增减，不算增量份额"


def test_room_is_up_to_the_share_of_the_county_or_of_the_rules() -> None:
    assert of(ask())["东关镇"]["room"] == round(500 * WAN * 600 / 1700) - 100 * WAN
    assert of(ask())["城关镇"]["room"] == 0
    assert of(ask(rules=Rules(goal="0.3")))["东关镇"]["room"] == 50 * WAN


def test_a_share_that_falls_is_told_before_one_that_is_low() -> None:
    told = ask(previous=customers(500, 140))
    assert of(told)["东关镇"]["advice"] == "在丢，查去向"
    assert any(line.startswith("存款在丢，查去向：东关镇") for line in told.lines)


def test_our_own_row_is_compared_and_not_counted() -> None:
    said = {"城关镇": {**NOW["城关镇"], "本行": (490, 100), OURS.name: (490, 100)}}
    told = ask(table(("2026-09-30", said)))
    assert of(told)["城关镇"]["market"] == 1000 * WAN
    row = of(told, "market_own", "measure")["存款"]
    assert (row["told"], row["own"], row["gap"]) == (490, 500, 10)
    assert row["by"] == pytest.approx(10 / 490)
    assert "study.market-own" in codes(told), "2.04 % is more than the rules' 2 %"


def test_a_market_told_as_a_whole_takes_our_part_out_of_it() -> None:
    said = {"城关镇": {"全市场": (980, 300), "本行": (480, 100), "农行": (300, 100)}}
    town = of(ask(table(("2026-09-30", said))))["城关镇"]
    assert town["market"] == (980 - 480 + 500) * WAN
    assert (town["hhi"], town["rank"]) == (None, None), "not all banks are told of"
    bare = of(ask(table(("2026-09-30", {"城关镇": {"全市场": (1000, 300)}}))))["城关镇"]
    assert bare["share"] == 0.5


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"全市场": (400, 300)}, "市场合计小于本行"),
        ({"全市场": (1000, 300), "农行": (600, 1)}, "各家相加多于市场合计"),
        ({"本行": (500, 100)}, "没有别家的存款"),
        ({"农行": (300, 100), "工行": (None, 100)}, "工行没有写存款"),
        ({"农行": (3, 100)}, "本行占到 99.4%，像是单位不对"),
        ({"农行": (3, 100), "本行": (5, 100)}, "本行的报表数和本月差几倍，像是单位不对"),
        ({"农行": (300, 100), "东关农商行": (500, 100)}, "东关农商行是不是本行不知道"),
    ],
)
def test_a_share_that_cannot_be_is_none_and_says_why(said: dict[str, Any], why: str) -> None:
    told = ask(table(("2026-09-30", {"城关镇": said})))
    town = of(told)["城关镇"]
    assert (town["share"], town["market"], town["lacks"]) == (None, None, why)
    assert "study.market-lacks" in codes(told)
    assert of(told)["全县"]["share"] is None


def test_a_bank_that_is_named_like_ours_is_what_the_rules_say() -> None:
    said = table(("2026-09-30", {"城关镇": {"农行": (300, 100), "东关农商行": (500, 100)}}))
    assert of(ask(said, Rules(own_banks=("东关农商行",))))["城关镇"]["market"] == 800 * WAN
    assert of(ask(said, Rules(not_own=("东关农商行",))))["城关镇"]["market"] == 1300 * WAN
    assert "study.market-own-like" in codes(ask(said))


def test_a_row_that_is_told_twice_counts_once_and_not_at_all_where_it_differs() -> None:
    once, same = table(("2026-09-30", NOW)), table(("2026-09-30", NOW), ("2026-09-30", NOW))
    assert of(ask(once)) == of(ask(same))
    torn = table(("2026-09-30", NOW), ("2026-09-30", {"城关镇": {"农行": (310, 100)}}))
    told = ask(torn)
    assert of(told)["城关镇"]["share"] is None
    assert of(told)["东关镇"]["share"] == 0.2
    assert "study.market-twice" in codes(told)


def test_a_market_of_another_quarter_is_told_and_not_compared() -> None:
    told = ask(table(("2026-03-31", THEN), ("2026-06-30", NOW)))
    assert of(told)["城关镇"]["share"] == 0.5
    assert of(told)["城关镇"]["market_change"] is None
    assert of(told)["城关镇"]["lacks"] == "上期：市场最近的是 2026-06-30 的，不在本月"
    assert {"study.market-day", "study.market-changes"} <= {*codes(told)}
    (said,) = (one for one in told.findings if one.code == "study.market-day")
    assert "--period 2026-06" in said.cure
    old = ask(table(("2026-03-31", NOW)))
    assert of(old)["城关镇"]["lacks"] == "最近的是 2026-03-31 的，早了 183 天"
    mixed = ask(table(("2026-06-30", {"南乡": NOW["南乡"]}), ("2026-09-30", {k: NOW[k] for k in ("城关镇", "东关镇")})))
    assert of(mixed)["全县"]["lacks"] == "各乡镇的日期不一样"
    later = ask(table(("2026-09-30", NOW), ("2026-12-31", THEN)))
    assert of(later)["城关镇"]["share"] == 0.5, "what is of later is not looked at"


def test_changes_of_another_list_of_banks_or_another_unit_are_none() -> None:
    fewer = {"城关镇": {"农行": (280, 90)}}
    told = ask(table(("2026-06-30", fewer), ("2026-09-30", NOW)))
    assert of(told)["城关镇"]["lacks"] == "两期列的银行不一样（工行）"
    slipped = {"城关镇": {"农行": (28, 9), "工行": (20, 11)}}
    told = ask(table(("2026-06-30", slipped), ("2026-09-30", NOW)))
    assert of(told)["城关镇"]["lacks"] == "市场比上期差 2.1 倍，像是单位不对"
    none = ask(previous=None)
    assert of(none)["城关镇"]["lacks"] == "上期：本行没有 2026-06 的客户分类"


def test_a_branch_of_no_town_is_told_and_no_town_is_without_us_then() -> None:
    torn = VILLAGES.assign(town=["东关镇", "南乡"])
    told = ask(villages=torn)
    assert "study.market-branch" in codes(told)
    (said,) = (one for one in told.findings if one.code == "study.market-branch")
    assert "东关信用社（村在东关镇、南乡）" in said.text
    assert of(told)["南乡"]["lacks"] == of(told)["东关镇"]["lacks"] == "有机构对不上乡镇"
    given = ask(villages=torn, rules=Rules(towns={"东关": ("801002",)}))
    assert of(given)["东关镇"]["share"] == 0.2


def test_a_branch_that_was_there_then_and_is_not_now_leaves_no_change() -> None:
    was = customers(420, 100).replace({"branch_id": {"801002": "801009"}})
    told = of(ask(previous=was))
    assert told["城关镇"]["lacks"] == "上期：那时的机构 801009 对不上乡镇"
    given = of(ask(previous=was, rules=Rules(towns={"东关镇": ("801002", "801009")})))
    assert given["城关镇"]["gained"] == 0.8


def test_the_line_of_the_county_goes_before_the_sum_of_its_towns() -> None:
    told = ask(table(("2026-09-30", {**NOW, "东关县": {"农行": (1400, 270)}})))
    assert of(told)["全县"]["share"] == 0.3
    assert "study.market-towns" not in codes(told)
    less = ask(table(("2026-09-30", {**NOW, "全县": {"农行": (1000, 270)}})))
    assert "study.market-towns" in codes(less)


def test_two_names_of_a_town_are_one_where_no_day_has_both() -> None:
    one = Towns.of([(1, "城关镇"), (2, "城关")])
    assert (one.find("城关街道"), one.find("城关镇")) == ("城关", "城关")
    two = Towns.of([(1, "城关镇"), (1, "城关乡")])
    assert (two.find("城关乡"), two.find("城关")) == ("城关乡", None)


def test_a_village_is_covered_by_people_and_a_firm_is_no_household() -> None:
    told = ask(holdings=HOLDINGS)
    row = of(told, "market_villages", "village")["东关村"]
    assert (row["customers"], row["people"], row["coverage"], row["open"]) == (2, 1, 0.25, 3)
    assert (row["mean_deposit"], row["bare"], row["advice"]) == (50 * WAN, 1, "整村开户")
    assert of(told, "market_villages", "village")["西山村"]["coverage"] == 0, "nobody lives elsewhere"
    groups = of(told, "market_groups", "customer_group")
    assert (groups["farmer"]["coverage"], groups["enterprise"]["coverage"]) == (0.25, None)
    assert of(told, "market", "region")["东关镇"]["coverage"] == 0.1
    assert of(ask(), "market_villages", "village")["东关村"]["bare"] is None


def test_a_village_that_was_renamed_is_not_taken_for_an_empty_one() -> None:
    given = {"villages": VILLAGES.assign(village=["东新村", "西山村"])}
    told = ask(**given)
    rows = of(told, "market_villages", "village")
    assert {name: (row["coverage"], row["lacks"]) for name, row in rows.items()} == {
        "东新村": (None, "没有客户，或村名改了"),
        "西山村": (None, "没有客户，或村名改了"),
    }
    assert "study.market-village" in codes(told)
    named = of(ask(rules=Rules(villages={"东关村": "东新村"}), **given), "market_villages", "village")
    assert (named["东新村"]["coverage"], named["西山村"]["coverage"]) == (0.25, 0)
    twice = ask(villages=pd.concat([VILLAGES, VILLAGES.head(1)], ignore_index=True))
    assert "study.market-village-twice" in codes(twice)


def test_without_the_table_villages_are_told_all_the_same() -> None:
    told = market(
        customers(500, 100),
        BRANCHES,
        None,
        None,
        VILLAGES,
        period=SEPTEMBER,
        before=JUNE,
        institution=OURS,
        rules=Rules(),
    )
    assert of(told)["全县"]["share"] is None
    assert len(told.frames["market_villages"]) == 2
    assert codes(told) == []


def test_low_is_not_above_high() -> None:
    with pytest.raises((Problem, ValueError)):
        Rules(low="0.5", high="0.4")

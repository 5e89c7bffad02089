"""推荐 on catalogues and customers reckoned by hand; nobody is ever offered what she may not have."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli import terms
from kehujingli.periods import Period, day_of
from kehujingli.rules.strategy import Tended
from kehujingli.studies import offers as study
from kehujingli.studies.money.floors import Terms
from kehujingli.studies.products.baskets import Least, best, hits, next_products, pairs, shares
from kehujingli.studies.products.conditions import Limit, UnreadError, ages, grade, level, limits, who
from kehujingli.studies.study import Answer
from kehujingli.tables.frames import empty

OCTOBER = Period.of("2026-10")
LAST = day_of(date(2026, 10, 31))
LONG_AGO = day_of(date(2015, 1, 1))
LENDING = Terms({key: Decimal("0.003") for key in terms.FIVE_CLASSES}, Decimal("0.105"), Decimal("0.10"))


def table(name: str, *rows: dict[str, Any]) -> pd.DataFrame:
    """Rows as a month keeps them: every column of the table, and where each stood."""
    frame = empty(name).drop(columns=["part", "row"])
    told = pd.DataFrame([{**dict.fromkeys(frame.columns), **row} for row in rows], columns=frame.columns)
    told = told.astype(frame.dtypes.to_dict())
    return told.assign(source_part=0, source_row=range(2, len(rows) + 2))


def people(*rows: dict[str, Any]) -> pd.DataFrame:
    usual: dict[str, Any] = {
        "customer_type": "person",
        "customer_group": "farmer",
        "group": "frequent/medium",
        "branch_name": "东关",
        "holder_id": "M1",
        "manager_name": "王五",
        "village": None,
        "status": "正常",
        "birth_date": day_of(date(1980, 1, 1)),
        "id_number": None,
        "opened_on": LONG_AGO,
        "worst_class": None,
        **dict.fromkeys(("deposit_balance", "average_deposit_full", "loan_balance", "scale_amount", "turnover"), 0),
        **dict.fromkeys(("transactions", "active_months"), 0),
    }
    frame = pd.DataFrame([{**usual, "customer_name": row["customer_id"], **row} for row in rows])
    whole = dict.fromkeys(("birth_date", "opened_on", "deposit_balance", "scale_amount", "loan_balance"), "Int64")
    return frame.astype(whole)


def product(name: str, line: str = "channel", **more: Any) -> dict[str, Any]:
    return {"product": name, "product_line": line, **more}


def held(*pairs_: tuple[str, str]) -> pd.DataFrame:
    rows = [{"customer_id": who_, "product": name, "signed_on": LONG_AGO} for who_, name in pairs_]
    return table("holdings", *rows)


def ask(classes: pd.DataFrame, catalogue: pd.DataFrame, holdings: pd.DataFrame | None = None, **more: Any) -> Answer:
    given_ = {"loans": table("loans"), "accounts": accounts(), **more}
    rules = given_.pop("rules", study.Rules(peers=1, holders=1, support=1))
    return study.offers(
        classes,
        catalogue,
        held(("别人", "别的")) if holdings is None else holdings,
        period=OCTOBER,
        rules=rules,
        lending=LENDING,
        **given_,
    )


def accounts(*rows: tuple[str, str]) -> pd.DataFrame:
    told = pd.DataFrame(rows, columns=["customer_id", "kind"])
    return told.assign(opened=LONG_AGO, closed=2**31).astype({"opened": "int64", "closed": "int64"})


def pushed(*words: str) -> dict[str, Tended]:
    return {"frequent/medium": Tended(who="manager", visit_days=30, channel=("上门",), offer=words, aim="keep")}


def told(answer: Answer) -> list[tuple[str, str]]:
    rows = answer.frames["offers"]
    return list(zip(rows["customer_id"], rows["product"], strict=True))


def codes(answer: Answer) -> dict[str, str]:
    return {one.code: one.message for one in answer.findings}


def test_the_pushed_product_comes_first_then_what_is_held_together_then_what_is_common() -> None:
    """Of 10 farmers 4 hold 甲 and 乙, 1 only 甲, 3 丙, 1 乙 alone: who holds 甲 has 乙 with 80 %, 1.6 times the half of all who hold it."""
    classes = people(*({"customer_id": f"C{n}"} for n in range(10)))
    both = [(f"C{n}", name) for n in range(4) for name in ("甲", "乙")]
    holdings = held(*both, ("C4", "甲"), ("C5", "乙"), *((f"C{n}", "丙") for n in (6, 7, 8)))
    catalogue = table("catalogue", product("甲"), product("乙"), product("丙"), product("丁", family="新"))
    answer = ask(classes, catalogue, holdings, strategy=pushed("新"))
    rows = answer.frames["offers"].set_index("customer_id")
    own = rows.loc["C4"]
    assert list(own["product"]) == ["丁", "乙", "丙"]
    assert list(own["offered_by"]) == ["strategy", "together", "common"]
    assert list(own["reason"]) == [
        "经常联系户·中等客户主推丁（新），还没有",
        "有甲的户 80.0% 也有乙（4 户），是全部户的 1.6 倍",
        "农户 30.0% 的户有丙，还没有",
    ]
    penetration = answer.frames["offers_products"].set_index("product")
    assert penetration.loc["乙", ["eligible", "held", "penetration"]].tolist() == [10, 5, 0.5]
    assert penetration.loc["丁", ["eligible", "held", "penetration"]].isna().tolist() == [False, True, True], (
        "a product that no record names is held by nobody knows whom"
    )


def test_a_channel_that_has_been_opened_is_held() -> None:
    """A has 手机银行 by 电子渠道, B has ended it by its word, C by its day: it is offered to B and C alone."""
    classes = people(*({"customer_id": who} for who in "ABCD"))
    rows = [
        {"customer_id": who, "channel": "手机银行", "opened_on": LONG_AGO, **more}
        for who, more in (("A", {}), ("B", {"status": "已解约"}), ("C", {"closed_on": LONG_AGO + 9}))
    ]
    catalogue = table("catalogue", product("手机银行"))
    answer = ask(classes, catalogue, held(("D", "手机银行")), ebank=table("ebank", *rows))
    assert {who for who, _ in told(answer)} == {"B", "C"}
    (row,) = answer.frames["offers_products"].to_dict("records")
    assert (row["eligible"], row["held"]) == (4, 2)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "死亡"}, "状态不是正常"),
        ({"status": "1-黑名单客户"}, "状态不是正常"),
        ({"status": "止付"}, "状态不是正常"),
        ({"birth_date": day_of(date(2008, 11, 1))}, "未成年"),
        ({"birth_date": None, "id_number": "330999201001011230"}, "未成年"),
        ({"worst_class": "substandard"}, "逾期、不良或已核销"),
        ({"customer_id": "L"}, "逾期、不良或已核销"),
        ({"customer_id": "W"}, "逾期、不良或已核销"),
        ({"customer_id": "F"}, "管户客户经理须回避"),
        ({"village": "东关村"}, "管户客户经理须回避"),
    ],
)
def test_who_may_have_nothing_is_offered_nothing_and_it_is_said_why(more: dict[str, Any], why: str) -> None:
    loans = table(
        "loans",
        {"loan_id": "1", "customer_id": "L", "balance": 100, "overdue_days": 1, "five_class": "normal"},
        {"loan_id": "2", "customer_id": "W", "balance": 0, "status": "written_off"},
        {"loan_id": "3", "customer_id": "OK", "balance": 100, "overdue_days": 0, "due_on": LAST},
    )
    conflicts = table(
        "conflicts",
        {"manager_id": "M1", "customer_id": "F", "reason": "配偶"},
        {"manager_id": "M1", "village": "东关村", "reason": "籍贯"},
        {"manager_id": "M2", "customer_id": "OK", "reason": "亲属"},
        {"manager_id": "M1", "customer_id": "OK", "reason": "亲属", "valid_to": LAST - 1},
    )
    classes = people({"customer_id": "OK"}, {"customer_id": "X", **more})
    answer = ask(classes, table("catalogue", product("甲")), loans=loans, conflicts=conflicts, strategy=pushed("甲"))
    assert told(answer) == [("OK", "甲")]
    assert f"什么也不推荐  {why} 1 户" in answer.lines


def test_who_is_eighteen_on_the_last_day_is_offered() -> None:
    classes = people({"customer_id": "A", "birth_date": day_of(date(2008, 10, 31))})
    assert told(ask(classes, table("catalogue", product("甲")), strategy=pushed("甲"))) == [("A", "甲")]


def test_a_status_that_nobody_knows_bars_and_is_told() -> None:
    classes = people({"customer_id": "A", "status": "待认领"}, {"customer_id": "B"})
    catalogue = table("catalogue", product("甲"))
    answer = ask(classes, catalogue, strategy=pushed("甲"))
    assert told(answer) == [("B", "甲")]
    assert "待认领（1 户）" in codes(answer)["study.offers-status"]
    rules = study.Rules(open_status=("待认领",))
    assert len(told(ask(classes, catalogue, strategy=pushed("甲"), rules=rules))) == 2


@pytest.mark.parametrize(
    ("assessed", "offered"),
    [
        ([("C2", date(2026, 3, 1))], True),
        ([("C1", date(2026, 3, 1))], False),
        ([], False),
        ([("C3", date(2025, 10, 31))], True),
        ([("C3", date(2025, 10, 30))], False),
        ([("C3", date(2026, 11, 1))], False),
        ([("C5", date(2026, 3, 1)), ("C1", date(2026, 3, 1))], False),
        ([("C1", date(2026, 1, 1)), ("C2", date(2026, 3, 1))], True),
        ([("C5", date(2026, 1, 1)), ("激进", date(2026, 3, 1))], False),
    ],
)
def test_a_product_of_risk_needs_the_newest_grade_to_hold_and_reach(
    assessed: list[tuple[str, date]], offered: bool
) -> None:
    rows = [{"customer_id": "A", "risk_grade": said, "assessed_on": day_of(day)} for said, day in assessed]
    catalogue = table("catalogue", product("稳盈理财", "intermediary", risk_level="R2"))
    answer = ask(
        people({"customer_id": "A"}), catalogue, suitability=table("suitability", *rows), strategy=pushed("稳盈理财")
    )
    assert (told(answer) == [("A", "稳盈理财")]) is offered
    strange = [said for said, _ in assessed if said == "激进"]
    assert ("study.offers-grade" in codes(answer)) is bool(strange)
    held_ = any(date(2025, 10, 31) <= day <= date(2026, 10, 31) for said, day in assessed if said not in strange)
    assert ("study.offers-no-grade" in codes(answer)) is (not held_ or bool(strange))


def test_a_grade_past_its_own_day_is_expired_and_counted() -> None:
    row = {"customer_id": "A", "risk_grade": "C5", "assessed_on": LAST - 9, "valid_to": LAST - 1}
    catalogue = table("catalogue", product("稳盈理财", "intermediary", risk_level="R2"))
    answer = ask(
        people({"customer_id": "A"}), catalogue, suitability=table("suitability", row), strategy=pushed("稳盈理财")
    )
    assert told(answer) == []
    assert "有 1 户合别的条件，没有有效的风险测评（其中过期 1 户）" in codes(answer)["study.offers-no-grade"]


def test_a_product_that_wants_a_level_of_risk_and_has_none_is_not_offered() -> None:
    catalogue = table("catalogue", product("稳盈理财", "intermediary"))
    answer = ask(people({"customer_id": "A"}), catalogue, strategy=pushed("稳盈理财"))
    assert (told(answer), "第 2 行“稳盈理财”" in codes(answer)["study.offers-no-level"]) == ([], True)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("customer_types", "小微"),
        ("customer_groups", "优质客户"),
        ("ages", "成年"),
        ("five_classes", "良好"),
        ("risk_level", "稳健"),
        ("needs", "没有的产品"),
        ("excludes", "没有的产品"),
        ("condition", "信用良好"),
        ("condition", "存款余额不低于5000"),
    ],
)
def test_a_condition_that_is_not_understood_is_told_by_its_cell_and_the_product_is_not_offered(
    column: str, said: str
) -> None:
    catalogue = table("catalogue", product("乙"), product("甲", **{column: said}))
    answer = ask(people({"customer_id": "A"}), catalogue, strategy=pushed("甲", "乙"))
    assert told(answer) == [("A", "乙")]
    label = terms.BY_KEY["catalogue"].column(column).label
    assert f"第 3 行“{label}”的“{said}”" in codes(answer)["study.offers-unread"]
    state = answer.frames["offers_products"].set_index("product").loc["甲"]
    assert (state["state"], state.isna()["eligible"]) == ("有条件没看懂", True)


def test_what_the_catalogue_says_twice_is_not_guessed() -> None:
    catalogue = table(
        "catalogue",
        product("甲", product_code="01"),
        product("乙", product_code="01"),
        product("丙", ages="18-60"),
        product(" 丙 ", ages="18-65"),
        product("丁", package="套"),
        product("丁", package="餐"),
        product("戊", former_names="丁、旧名"),
        product("己", former_names="旧名"),
    )
    answer = ask(people({"customer_id": "A"}), catalogue, strategy=pushed("甲", "乙", "丙", "丁", "戊"))
    assert told(answer) == [("A", "丁"), ("A", "戊")]
    found = codes(answer)
    assert "01（第 2 行“甲”、第 3 行“乙”）" in found["study.offers-code-twice"]
    assert "第 4 行、第 5 行“丙”" in found["study.offers-twice"]
    assert "2 个曾用名也是别的产品的名字：丁、旧名" in found["study.offers-former"]


def test_a_renamed_product_is_told_with_what_it_is_like_and_its_former_name_joins_both() -> None:
    classes = people({"customer_id": "A"}, {"customer_id": "B"})
    holdings = held(("A", "手机银行"), ("B", "保管箱"))
    new = product("手机银行2.0")
    found = codes(ask(classes, table("catalogue", new), holdings))
    assert "手机银行（1 户，像“手机银行2.0”的旧名）、保管箱（1 户）" in found["study.offers-unlisted"]
    assert "第 2 行“手机银行2.0”" in found["study.offers-unseen"]
    answer = ask(
        classes, table("catalogue", {**new, "former_names": "手机银行"}), holdings, strategy=pushed("手机银行")
    )
    assert told(answer) == [("B", "手机银行2.0")]
    assert "手机银行" not in codes(answer)["study.offers-unlisted"]
    assert "study.offers-unseen" not in codes(answer)


def test_conditions_that_nobody_meets_are_told() -> None:
    catalogue = table("catalogue", product("甲", ages="70-60"), product("乙", needs="甲"))
    answer = ask(people({"customer_id": "A"}), catalogue, strategy=pushed("授信"))
    assert "2 个产品没有一户合条件：第 2 行“甲”、第 3 行“乙”" in codes(answer)["study.offers-nobody"]
    assert list(answer.frames["offers_products"]["state"]) == ["没有一户合条件"] * 2
    assert "主推的授信" in codes(answer)["study.offers-strategy"]


def test_without_the_books_of_a_line_its_products_are_not_offered() -> None:
    catalogue = table("catalogue", product("小额贷款", "asset"), product("定期存款", "liability"), product("甲"))
    every = pushed("小额贷款", "定期存款", "甲")
    classes = people({"customer_id": "A"}, {"customer_id": "B", "birth_date": None})
    answer = ask(classes, catalogue, accounts=accounts(("A", "term")), strategy=every)
    assert told(answer) == [("A", "小额贷款"), ("A", "甲"), ("B", "定期存款"), ("B", "甲")], (
        "no loan without a known age"
    )
    bare = ask(classes, catalogue, accounts=None, loans=None, strategy=every)
    assert told(bare) == [("A", "甲"), ("B", "甲")]
    assert list(bare.frames["offers_products"]["state"]) == ["缺《贷款台账》", "缺《存款账户》", "可以推荐"]


def test_two_products_that_exclude_each_other_are_never_offered_together() -> None:
    """Which of them says so is the same; whoever holds one is not offered the other."""
    catalogue = table("catalogue", product("甲"), product("乙", excludes="甲"), product("丙", package="套"))
    catalogue = pd.concat([catalogue, table("catalogue", product("丁"))], ignore_index=True)
    classes = people({"customer_id": "A"}, {"customer_id": "B"}, {"customer_id": "C"})
    answer = ask(classes, catalogue, held(("B", "乙"), ("C", "甲")), strategy=pushed("甲", "乙", "丙"))
    assert told(answer) == [("A", "甲"), ("A", "丙"), ("B", "丙"), ("C", "丙")]


def test_a_package_names_what_a_customer_lacks_of_it_and_may_have() -> None:
    """A lacks one of three, B two, C all; D holds two and may not have the third."""
    classes = people(
        *({"customer_id": name} for name in "ABC"),
        {"customer_id": "D", "birth_date": day_of(date(1940, 1, 1))},
    )
    catalogue = table(
        "catalogue",
        product("甲", package="惠农套餐"),
        product("乙", package="惠农套餐"),
        product("丙", package="惠农套餐", ages="18-65"),
    )
    holdings = held(("A", "甲"), ("A", "乙"), ("B", "丙"), ("D", "甲"), ("D", "乙"))
    answer = ask(classes, catalogue, holdings)
    rows = answer.frames["offers_bundles"]
    assert rows[["customer_id", "has", "size", "lacks"]].to_numpy().tolist() == [
        ["A", 2, 3, "丙"],
        ["B", 1, 3, "甲、乙"],
    ]
    (row,) = answer.frames["offers_packages"].to_dict("records")
    assert (row["whole"], row["some"], row["nearly"], row["lacked_by"]) == (0, 3, 2, 1)


def test_the_floor_is_that_of_the_contribution_study_and_a_price_below_it_is_told() -> None:
    """Funds 2.05 %, loss 0.3 %, capital 10.5 % × 10 % = 1.05 %; 31 yuan of costs over loans of 10,000 yuan for 31 days of 365: 3.65 %."""
    loans = table(
        "loans",
        {
            "loan_id": "1",
            "customer_id": "Z",
            "product": "小额贷款",
            "balance": 1_000_000,
            "issued_on": LONG_AGO,
            "due_on": LAST + 99,
            "rate": 50_000,
            "five_class": "normal",
            "overdue_days": 0,
        },
    )
    ftp = table("ftp", {"side": "loan", "term": "to_1_year", "price": 20_500, "valid_from": LONG_AGO})
    costs = table("costs", {"period": "2026-10", "branch_id": "1", "amount": 3_100, "driver": "loans", "kind": "贷后"})
    catalogue = table("catalogue", product("小额贷款", "asset", term="to_1_year", rate=70_400))
    classes = people({"customer_id": "A"}, {"customer_id": "Z"})
    answer = ask(classes, catalogue, loans=loans, ftp=ftp, costs=costs, strategy=pushed("小额贷款"))
    (row,) = answer.frames["offers"].to_dict("records")
    assert (row["customer_id"], row["price_floor"]) == ("A", pytest.approx(0.0205 + 0.003 + 0.0365 + 0.0105))
    assert "小额贷款 7.040%（下限 7.050%）" in codes(answer)["study.offers-floor"]


def test_every_fee_of_the_year_is_in_one_cell_with_and_without_a_catalogue() -> None:
    classes = people({"customer_id": "A"}, {"customer_id": "B", "customer_group": "resident"})
    fees = table(
        "fees",
        {"date": LAST, "customer_id": "A", "product": "短信通", "amount": 300},
        {"date": LAST - 1, "customer_id": "B", "product": "短信费", "amount": 200},
        {"date": LAST - 31, "customer_id": "B", "product": "短信费", "amount": 50},
        {"period": "2026-10", "customer_id": None, "product": "代理保险", "amount": 7},
        {"date": LAST - 365, "customer_id": "A", "product": "短信通", "amount": 99},
    )
    given_ = {"period": OCTOBER, "rules": study.Rules(), "lending": LENDING}
    bare = study.offers(classes, None, None, fees=fees, **given_)
    assert bare.frames["offers"].empty
    assert bare.frames["offers_income"]["fees"].sum() == 557
    catalogue = table("catalogue", product("短信通", "intermediary", former_names="短信费"))
    rows = study.offers(classes, catalogue, held(("A", "短信通")), fees=fees, **given_).frames["offers_income"]
    assert rows[["product", "in_month", "fees", "of_farmer", "of_resident", "of_nobody"]].to_numpy().tolist() == [
        ["短信通", "2026-10", 500, 300, 200, 0],
        ["短信通", "2026-09", 50, 0, 50, 0],
        ["代理保险", "2026-10", 7, 0, 0, 7],
    ]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("18-65", [("age", True, 18), ("age", False, 65)]),
        ("年满18周岁", [("age", True, 18)]),
        ("60周岁及以下", [("age", False, 60)]),
        ("不限", []),
    ],
)
def test_ages_hold_their_ends(said: str, meant: list[tuple[str, bool, int]]) -> None:
    assert ages(said) == [Limit(*one) for one in meant]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("近12个月日均不低于5万元", [("average_deposit_full", True, 5_000_000)]),
        (
            "存款余额≥50,000元；贷款余额100万元以下",
            [("deposit_balance", True, 5_000_000), ("loan_balance", False, 100_000_000)],
        ),
        ("存款余额超过1元", [("deposit_balance", True, 101)]),
        ("活跃月数至少6个月、无逾期", [("active_months", True, 6)]),
        ("无贷款", [("loan_balance", False, 0)]),
    ],
)
def test_other_conditions_are_read_clause_by_clause(said: str, meant: list[tuple[str, bool, int]]) -> None:
    assert limits(said) == [Limit(*one) for one in meant]


def test_words_that_mean_less_than_a_type_are_not_taken_for_it() -> None:
    found = who("农户、对公")
    assert found is not None
    assert (found.types, found.groups) == ({"business"}, {"farmer"}), "农户 is a 客群, not every person"
    for text in ("小微", "优质企业"):
        with pytest.raises(UnreadError):
            who(text)
    assert [level(text) for text in ("R2", "R2（中低风险）", "中高风险", "3级")] == [2, 2, 4, 3]
    with pytest.raises(UnreadError):
        level("R2（高风险）")
    assert [grade(text, ()) for text in ("C3", "C3-平衡型", "稳健型")] == [3, 3, None]
    assert grade("稳健型", ("保守型", "稳健型", "平衡型", "成长型", "进取型")) == 2


def _naive(baskets: list[set[int]], one: int, other: int) -> tuple[int, float, float]:
    both = sum({one, other} <= basket for basket in baskets)
    first, second = (sum(each in basket for basket in baskets) for each in (one, other))
    if not both:
        return 0, 0.0, 0.0
    return both, both / first, both * len(baskets) / (first * second)


_BASKETS = st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=30)


def _matrix(baskets: list[set[int]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.array([[one in basket for one in range(5)] for basket in baskets], dtype=bool)


@settings(max_examples=20, deadline=None)
@given(_BASKETS)
def test_pairs_are_those_that_counting_each_basket_finds(baskets: list[set[int]]) -> None:
    found = pairs(_matrix(baskets), Least(2, Decimal("1.1"), 1, 1))
    for one, other in itertools.permutations(range(5), 2):
        both, confidence, lift = _naive(baskets, one, other)
        enough = both >= 2 and lift >= 1.1
        assert found.together[one, other] == both
        assert found.confidence[one, other] == pytest.approx(confidence if enough else 0)
        assert found.lift[one, other] == pytest.approx(lift if enough else 0)


def test_pairs_are_those_of_mlxtend() -> None:
    frequent = pytest.importorskip("mlxtend.frequent_patterns", reason="mlxtend is not installed")
    rng = np.random.default_rng(7)
    held_ = rng.random((200, 5)) < 0.4
    held_[:, 1] |= held_[:, 0]
    names = list("甲乙丙丁戊")
    sets = frequent.fpgrowth(pd.DataFrame(held_, columns=names), min_support=20 / 200, use_colnames=True, max_len=2)
    rules = frequent.association_rules(sets, metric="lift", min_threshold=1.05)
    theirs = {
        (min(one), min(other)): (round(confidence, 9), round(lift, 9))
        for one, other, confidence, lift in rules[["antecedents", "consequents", "confidence", "lift"]].to_numpy()
    }
    found = pairs(held_, Least(20, Decimal("1.05"), 1, 1))
    ours = {
        (names[one], names[other]): (round(found.confidence[one, other], 9), round(found.lift[one, other], 9))
        for one, other in zip(*np.nonzero(found.lift), strict=True)
    }
    assert ours == theirs
    assert ours


def test_hits_are_counted_against_what_most_hold() -> None:
    """甲 leads to 乙, 丁 is what most hold. Of three who took something new the pair names one's 乙, and both name one's 丁; nothing names 戊."""
    before = _matrix([{0, 1}] * 4 + [{3}] * 6 + [{0}, {1}, {2}])
    after = np.zeros_like(before)
    after[10, 1] = after[11, 3] = after[12, 4] = True
    least = Least(2, Decimal(1), 1, 1)
    found = hits(before, after, np.ones_like(before), np.zeros(13, dtype="int64"), least, 1)
    assert (found.customers, found.named, found.popular) == (3, 1, 1)
    told_ = next_products(
        before, np.zeros(13, dtype="int64"), pairs(before, least), shares(before, np.zeros(13, dtype="int64"), least)
    )
    assert best(np.where(before, 0, told_.score), 1)[10].tolist() == [1]


_PERSON = st.fixed_dictionaries(
    {
        "customer_type": st.sampled_from([*terms.CUSTOMER_TYPES, None]),
        "customer_group": st.sampled_from(["farmer", "resident", "enterprise"]),
        "status": st.sampled_from(["正常", None, "死亡", "黑名单", "怪"]),
        "birth_date": st.sampled_from(
            [None, day_of(date(1990, 5, 5)), day_of(date(2012, 1, 1)), day_of(date(1950, 1, 1))]
        ),
        "worst_class": st.sampled_from([None, "normal", "special_mention", "loss"]),
        "deposit_balance": st.sampled_from([None, 0, 500_000, 9_000_000]),
        "holder_id": st.sampled_from(["M1", None]),
    }
)
_PRODUCT = st.fixed_dictionaries(
    {
        "product_line": st.sampled_from(list(terms.PRODUCT_LINES)),
        "customer_types": st.sampled_from([None, "个人", "对公、农户", "小微"]),
        "ages": st.sampled_from([None, "18-60", "成年"]),
        "five_classes": st.sampled_from([None, "正常", "正常、关注"]),
        "min_deposit": st.sampled_from([None, 500_000]),
        "risk_level": st.sampled_from([None, "R1", "R3"]),
        "needs": st.sampled_from([None, "P0"]),
        "excludes": st.sampled_from([None, "P1"]),
    }
)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(_PERSON, min_size=1, max_size=6),
    st.lists(_PRODUCT, min_size=2, max_size=4),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 3))),
    st.lists(st.sampled_from([None, "C1", "C3", "C5"]), min_size=6, max_size=6),
)
def test_no_offer_ever_breaks_a_condition(
    persons: list[dict[str, Any]], products: list[dict[str, Any]], have: set[tuple[int, int]], risk: list[str | None]
) -> None:
    """Each offer judged anew, row by row, from what was written."""
    classes = people(*({"customer_id": str(n), **one} for n, one in enumerate(persons)))
    catalogue = table("catalogue", *(product(f"P{n}", **one) for n, one in enumerate(products)))
    grades = [{"customer_id": str(n), "risk_grade": said, "assessed_on": LAST} for n, said in enumerate(risk) if said]
    conflicts = table("conflicts", {"manager_id": "M1", "customer_id": "0", "reason": "亲属"})
    answer = ask(
        classes,
        catalogue,
        held(*((str(a), f"P{b}") for a, b in have)),
        suitability=table("suitability", *grades),
        conflicts=conflicts,
        strategy=pushed("P0", "P1", "P2", "P3"),
    )
    for customer, name in told(answer):
        one, asked = persons[int(customer)], products[int(name[1:])]
        own = {b for a, b in have if a == int(customer)}
        born, kind = one["birth_date"], one["customer_type"]
        natural = kind not in ("business", "public")
        age = None if born is None or not natural else (2026 - (1970 + born // 365.2425) + 0)
        assert int(name[1:]) not in own
        assert one["status"] in ("正常", None)
        assert one["worst_class"] != "loss"
        assert (one["holder_id"], customer) != ("M1", "0")
        assert age is None or age >= 18
        assert asked["customer_types"] != "小微"
        assert asked["ages"] != "成年"
        if asked["customer_types"] == "个人":
            assert kind == "person"
        if asked["customer_types"] == "对公、农户":
            assert kind == "business" or one["customer_group"] == "farmer"
        if asked["ages"]:
            assert born == day_of(date(1990, 5, 5))
            assert natural
        if asked["five_classes"] == "正常" or (asked["product_line"] == "asset" and not asked["five_classes"]):
            assert one["worst_class"] in (None, "normal")
        if asked["min_deposit"]:
            assert (one["deposit_balance"] or 0) >= 500_000
        if asked["risk_level"]:
            assert (risk[int(customer)] or "C0")[1] >= asked["risk_level"][1]
        if asked["product_line"] == "asset" or asked["risk_level"]:
            assert age is not None or not natural
        assert not asked["needs"] or 0 in own
        assert not asked["excludes"] or name == "P1" or 1 not in own
        assert name != "P1" or not any(products[b]["excludes"] for b in own if b < len(products) and b != 1)

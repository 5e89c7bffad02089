"""Where do the classes begin and end? Bounds included, the higher side with max, a buffer before a customer falls."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, TRANSACTIONS, customer, monthly, post, reckon, workspace

from kehujingli.periods import Period, day_of
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.segment import changes, customer_groups, segment
from kehujingli.tables.ties import Ties, ties_on
from kehujingli.workbooks.classes import threshold_pairs

OCTOBER = dt.date(2026, 10, 31)
RULES = load_rules(EXAMPLE).segment
NOBODY = Ties(frozenset(), frozenset(), frozenset())


def _customers(count: int, kind: str | None = "person") -> pd.DataFrame:
    from kehujingli.tables.frames import complete

    ids = [f"C{n}" for n in range(count)]
    return complete(
        "customers",
        pd.DataFrame(
            {"customer_id": ids, "customer_type": kind, "branch_id": "801001", "part": 0, "row": range(count)}
        ),
    )


def _measured(**columns: list[object]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    known = {
        "active_months": 12,
        "transactions": 50,
        "turnover": 0,
        "passive_transactions": 0,
        "last_active": Period.of("2026-10").last,
        "idle_days": 0,
        "deposit_balance": 0,
        "average_deposit": 0,
        "average_deposit_month": 0,
        "average_deposit_year": 0,
        "loan_balance": 0,
        "average_loan": 0,
        "loans": 0,
    }
    frame = pd.DataFrame({"customer_id": [f"C{n}" for n in range(count)], "worst_class": None})
    for key, value in known.items():
        frame[key] = pd.array(columns.get(key, [value] * count), dtype="Int64")
    return frame


def _classes(measured: pd.DataFrame, previous: pd.DataFrame | None = None) -> pd.DataFrame:
    people = _customers(len(measured))
    return segment(people, measured, NOBODY, RULES, Period.of("2026-10"), previous).customers.set_index("customer_id")


def test_bounds_are_included() -> None:
    classes = _classes(_measured(average_deposit=[4_999_999, 5_000_000, 49_999_999, 50_000_000]))
    assert list(classes["scale"]) == ["small", "medium", "medium", "large"]
    assert list(classes["to_next_scale"])[:3] == [1, 45_000_000, 1]


@pytest.mark.parametrize(
    ("months", "count", "idle", "expected"),
    [(6, 12, 92, "frequent"), (5, 12, 92, "mobile"), (6, 11, 92, "mobile"), (6, 12, 93, "mobile")],
)
def test_frequent_needs_all_three(months: int, count: int, idle: int, expected: str) -> None:
    last = Period.of("2026-10").last - idle
    measured = _measured(active_months=[months], transactions=[count], idle_days=[idle], last_active=[last])
    assert _classes(measured).loc["C0", "frequency"] == expected


def test_the_scale_is_the_sum_of_deposits_and_loans() -> None:
    classes = _classes(_measured(average_deposit=[3_000_000], average_loan=[2_000_000]))
    assert (classes.loc["C0", "scale_amount"], classes.loc["C0", "scale"]) == (5_000_000, "medium")


def test_a_customer_falls_only_after_three_periods_below() -> None:
    measured = _measured(average_deposit=[4_000_000])
    before = pd.DataFrame(
        {
            "customer_id": ["C0"],
            "frequency": "frequent",
            "scale": "medium",
            "group": "frequent/medium",
            "below": 0,
            "scale_amount": 6_000_000,
        }
    )
    seen = []
    for _ in range(3):
        now = _classes(measured, before)
        seen.append((now.loc["C0", "scale"], now.loc["C0", "below"]))
        before = now.reset_index()
    assert [scale for scale, _ in seen] == ["medium", "medium", "small"]
    assert [below for _, below in seen] == [1, 2, 0], "who has fallen is counted from nothing again"


def test_who_is_held_by_the_buffer_is_told_the_way_up_not_back() -> None:
    before = pd.DataFrame(
        {"customer_id": ["C0", "C1"], "frequency": "frequent", "scale": ["medium", "large"], "below": 0}
    )
    before["group"] = before["frequency"] + "/" + before["scale"]
    now = _classes(_measured(average_deposit=[4_000_000, 49_000_000]), before)
    assert list(now["scale"]) == ["medium", "large"]
    assert now.loc["C0", "to_next_scale"] == 46_000_000
    assert pd.isna(now.loc["C1", "to_next_scale"])


def test_with_max_the_way_up_is_the_shortest_of_both_sides(tmp_path: Path) -> None:
    """Medium by loans: 50 万 of deposits make her large, or 90 万 more of loans."""
    bounds = "[segment.scale.loan_bounds]\nperson = { medium = 100_000, large = 1_000_000 }\n[segment.deposit_weights]"
    text = EXAMPLE.read_text(encoding="utf-8").replace("[segment.deposit_weights]", bounds)
    (tmp_path / "2026-01-01.toml").write_text(text.replace('combine = "sum" ', 'combine = "max" '), encoding="utf-8")
    rules = load_rules(tmp_path / "2026-01-01.toml").segment
    measured = _measured(average_deposit=[0, 20_000_000, 0], average_loan=[10_000_000, 80_000_000, 0])
    found = segment(_customers(3), measured, NOBODY, rules, Period.of("2026-10"), None).customers
    assert list(found["scale"]) == ["medium", "medium", "small"]
    assert list(found["to_next_scale"]) == [50_000_000, 20_000_000, 5_000_000]


def test_a_customer_without_deposits_and_loans_told_lacks_once() -> None:
    measured = _measured(average_deposit=[None, 1, None, 1], average_loan=[None, None, 1, 1])
    found = segment(_customers(4), measured, NOBODY, RULES, Period.of("2026-10"), None).findings
    (told,) = [told for told in found if told.code == "segment.no-scale-data"]
    assert told.count == 3
    assert "日均存款（2 户）、日均贷款（2 户）" in told.message


def test_with_max_the_higher_side_decides(tmp_path: Path) -> None:
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            ["AC1", "C1", "活期", 40_000, 0, LONG_AGO, None, None],
            ["AC2", "C2", "活期", 60_000, 0, LONG_AGO, None, None],
        ],
        "贷款台账_20261031.xlsx": [LOANS, ["L1", "C1", LONG_AGO, dt.date(2030, 1, 1), 40_000, "正常", 0, None, None]],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2025, 11, 1), 12), post(OCTOBER, "C1", 1)],
    }
    bounds = "[segment.scale.loan_bounds]\nperson = { medium = 100_000, large = 900_000 }\n[segment.deposit_weights]"
    both = {'combine = "sum" ': 'combine = "max" ', "[segment.deposit_weights]": bounds}
    summed = reckon(workspace(tmp_path / "a", files), "2026-10").segmented.customers.set_index("customer_id")
    sides = reckon(workspace(tmp_path / "b", files, both), "2026-10").segmented
    higher = sides.customers.set_index("customer_id")
    assert sides.thresholds["scale"]["loan_bounds"]["person"] == {"medium": "100000", "large": "900000"}
    assert ("贷款一边规模下限·个人", "中等 100,000 元，大型 900,000 元（含本数）") in threshold_pairs(sides.thresholds)
    assert summed.loc["C1", "scale"] == "medium"
    assert higher.loc["C1", "scale"] == "small"
    assert higher.loc["C2", "scale"] == "medium"


def test_the_thresholds_stand_in_the_result() -> None:
    told = segment(_customers(1), _measured(average_deposit=[0]), NOBODY, RULES, Period.of("2026-10"), None).thresholds
    assert told["frequent"] == {"active_months": 6, "transactions": 12, "idle_days": 92}
    assert "loan_bounds" not in told["scale"], "summed up, they decide nothing"
    assert told["scale"]["bounds"]["person"] == {"medium": "50000", "large": "500000"}


def test_a_customer_is_new_in_the_month_of_opening_and_the_two_after_it() -> None:
    """Under ``new_within_months = 3`` October counts those opened from 1 August on; the day before is old, and dormant."""
    people = _customers(3)
    opened = [dt.date(2026, 8, 1), dt.date(2026, 7, 31), None]
    people["opened_on"] = pd.array([day and day_of(day) for day in opened], dtype="Int64")
    measured = _measured(active_months=[0] * 3, transactions=[0] * 3, idle_days=[None] * 3, last_active=[None] * 3)
    told = segment(people, measured, NOBODY, RULES, Period.of("2026-10")).customers
    assert RULES.new_within_months == 3
    assert list(told["frequency"]) == ["mobile", "dormant", "dormant"]
    assert list(told["marks"]) == ["新户、无主动交易", "", ""]


DAY = 20_000


def _frame(columns: dict[str, list[object]]) -> pd.DataFrame:
    return pd.DataFrame(columns).astype({name: "Int64" for name in columns if name not in ("customer_id", "kind")})


def test_a_loan_a_term_deposit_and_a_contract_tie_to_their_last_day_and_not_beyond() -> None:
    """Issued, opened or signed on the day is there; matured, closed or ended on the day is gone. A blank day is none."""
    loans = _frame(
        {
            "customer_id": ["today", "tomorrow", "undated", "repaid"],
            "balance": [1, 1, 1, 0],
            "issued_on": [DAY, DAY + 1, None, DAY],
        }
    )
    accounts = _frame(
        {
            "customer_id": ["today", "tomorrow", "matured", "running", "closed", "empty", "demand"],
            "kind": ["term", "term", "term", "term", "term", "term", "demand"],
            "balance": [1, 1, 1, 1, 1, 0, 1],
            "opened": [DAY, DAY + 1, 0, 0, 0, 0, 0],
            "closed": [2**31] * 4 + [DAY] + [2**31] * 2,
            "matures_on": [None, None, DAY, DAY + 1, None, None, None],
        }
    )
    holdings = _frame(
        {
            "customer_id": ["today", "tomorrow", "ended", "running", "undated"],
            "signed_on": [DAY, DAY + 1, 0, 0, None],
            "closed_on": [None, None, DAY, DAY + 1, None],
        }
    )
    ties = ties_on(DAY, loans, accounts, holdings)
    assert ties.loans == {"today", "undated"}
    assert ties.term_deposits == {"today", "running"}
    assert ties.contracts == {"today", "running", "undated"}


def test_what_changed_since_the_month_before_is_one_word_a_customer() -> None:
    """Waking and falling asleep are told before the scale; 5 万 is medium, 50 万 large."""
    last, long_ago = Period.of("2026-10").last, 0
    cases = {  # customer: frequency and scale before, deposits now, awake now
        "new": (None, None, 0, True),
        "woken": ("dormant", "small", 6_000_000, True),
        "asleep": ("frequent", "small", 0, False),
        "up": ("frequent", "small", 6_000_000, True),
        "down": ("frequent", "large", 6_000_000, True),
        "same": ("dormant", "small", 0, False),
    }
    measured = _measured(
        average_deposit=[now for _, _, now, _ in cases.values()],
        active_months=[12 if awake else 0 for *_, awake in cases.values()],
        last_active=[last if awake else long_ago for *_, awake in cases.values()],
    )
    before = pd.DataFrame(
        [
            (f"C{number}", frequency, scale, f"{frequency}/{scale}", 9)
            for number, (frequency, scale, *_) in enumerate(cases.values())
            if scale
        ],
        columns=["customer_id", "frequency", "scale", "group", "below"],
    )
    classes = _classes(measured, before)
    assert list(classes["change"]) == list(cases)
    assert list(classes["previous_group"]) == [
        None,
        "dormant/small",
        "frequent/small",
        "frequent/small",
        "frequent/large",
        "dormant/small",
    ]


@pytest.mark.parametrize(
    ("kind", "told", "group"),
    [
        ("public", {}, "public"),
        ("sole_trader", {}, "sole_trader"),
        ("business", {"agriculture": True}, "agribusiness"),
        ("business", {"industry": "生猪养殖(规模化)"}, "agribusiness"),
        ("business", {"industry": "批发"}, "enterprise"),
        ("person", {"rural": True}, "farmer"),
        (None, {"rural": True}, "farmer"),
        ("person", {"rural": False, "village": "李家村"}, "resident"),
        ("person", {"village": "李家村"}, "farmer"),
        ("person", {"industry": "种粮"}, "farmer"),
        ("person", {"industry": "教师"}, "resident"),
        ("person", {"industry": "小卖部"}, "sole_trader"),
        ("person", {"rural": True, "industry": "小卖部"}, "farmer"),
        ("person", {}, "unknown"),
        (None, {}, "unknown"),
    ],
)
def test_the_group_goes_by_type_then_flags_then_village_then_trade(
    kind: str | None, told: dict[str, object], group: str
) -> None:
    columns = {"customer_type": kind, "industry": None, "rural": None, "agriculture": None, "village": None} | told
    frame = pd.DataFrame({name: pd.Series([value], dtype="object") for name, value in columns.items()})
    words = {"agribusiness": ("养殖(",), "farmer": ("种粮",), "resident": ("教师",), "sole_trader": ("小卖部",)}
    assert list(customer_groups(frame, words)) == [group]


def test_nobody_has_no_change_from_a_month_before() -> None:
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in ("customer_id", "frequency", "scale", "group")})
    changes(frame, frame.copy())
    assert frame["change"].tolist() == []

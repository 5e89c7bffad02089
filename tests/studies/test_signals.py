"""Signals reckoned by hand: what is raised, who stands on a manager's list, what came true against what happens anyway."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from months import CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, monthly, post, reckon, workspace
from signalled import YUAN, flows, people

from kehujingli.errors import Problem
from kehujingli.month.studies import ask as of_month
from kehujingli.periods import Period, day_of
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.studies import declared
from kehujingli.studies.signals import ledger, signals
from kehujingli.studies.signs.detected import KINDS, Rules
from kehujingli.studies.signs.proved import RECORD
from kehujingli.studies.study import Answer

OCTOBER, NOVEMBER = Period.of("2026-10"), Period.of("2026-11")
LOADED = load_rules(EXAMPLE).rules


def ask(classes: pd.DataFrame, moved: pd.DataFrame | None = None, period: Period = OCTOBER, **more: Any) -> Answer:
    rules = more.pop("rules", Rules())
    facts = {"institution": LOADED.institution, "segment": (None, LOADED.segment), "inputs": more.pop("inputs", [])}
    return signals(classes, flows=moved, period=period, rules=rules, **facts, **more)


def kept(classes: pd.DataFrame, moved: pd.DataFrame | None = None, period: Period = OCTOBER, **more: Any) -> Answer:
    facts = {"institution": LOADED.institution, "segment": (None, LOADED.segment)}
    return ledger(classes, flows=moved, period=period, rules=more.pop("rules", Rules()), **facts, **more)


def raised(told: Answer) -> dict[str, str]:
    rows = told.frames["signals"]
    return dict(zip(rows["customer_id"], rows["signs"], strict=True))


def of_kind(told: Answer, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = told.frames["signals_kinds"].set_index("kind").loc[kind].to_dict()
    return found


def test_a_balance_is_set_against_its_own_averages() -> None:
    """A had 100,000 for months and 50,000 is gone on the last day: half. B lost exactly 30 %, C a 分 less, D was never worth 10,000."""
    moved = {"A": 50_000, "B": 30_000, "C": 29_999.99, "D": 3_000}
    told = ask(
        people(A=50_000, B=70_000, C=70_000.01, D=1_000),
        flows(**{who: {"net_0": -out, "weighted_0": -out} for who, out in moved.items()}),
    )
    assert raised(told) == {"A": "存款下降", "B": "存款下降"}
    row = told.frames["signals"].iloc[0]
    assert row["reason"] == "存款 5.00 万元，自己的日均 10.00 万元，少 50%"
    assert row["stake"] == 50_000 * YUAN


def test_a_balance_that_no_posting_explains_is_not_judged() -> None:
    """A opened an account in October with 90,000 that no posting brought: what there was before cannot be told, nor for B, who would have had less than nothing."""
    accounts = pd.DataFrame(
        {
            "customer_id": ["A"],
            "account_id": ["6222"],
            "kind": ["demand"],
            "balance": [1000 * YUAN],
            "opened": [day_of(date(2026, 10, 5))],
            "opening_year": [90_000 * YUAN],
            "matures_on": pd.array([None], dtype="Int64"),
            "source_part": [0],
            "source_row": [7],
        }
    )
    told = ask(
        people(A=1_000, B=0),
        flows(A={"net_0": -90_000, "weighted_0": -90_000}, B={"net_0": -50_000, "net_1": 60_000}),
        accounts=accounts,
    )
    assert (raised(told), of_kind(told, "drawdown")["looked"]) == ({}, 0)


def test_money_coming_in_is_set_against_the_customers_own_months_farmers_against_last_year() -> None:
    """Median of 40,000, 50,000 and 90,000 is 50,000: 35,000 is 30 % less. The farmer F has 9,000 as in every October; G had 60,000 a year ago."""
    farmer = (5_000, {"customer_group": "farmer"})
    told = ask(
        people(A=5_000, B=5_000, F=farmer, G=farmer),
        flows(
            A={"in_0": 35_000, "in_1": 40_000, "in_2": 90_000, "in_3": 50_000},
            B={"in_0": 35_000.01, "in_1": 40_000, "in_2": 90_000, "in_3": 50_000},
            F={"in_0": 9_000, "in_1": 80_000, "in_2": 80_000, "in_3": 80_000, "in_12": 9_000},
            G={"in_0": 80_000, "in_1": 80_000, "in_2": 80_000, "in_3": 80_000, "in_12": 200_000},
        ),
    )
    assert raised(told) == {"A": "来款减少", "G": "来款减少"}


def test_without_last_year_a_farmer_is_set_against_the_last_months_and_without_those_nobody() -> None:
    moved = {"F": {"in_0": 9_000, "in_1": 80_000, "in_2": 80_000, "in_3": 80_000, "in_12": 9_000}}
    farmer = people(F=(5_000, {"customer_group": "farmer"}))
    assert raised(ask(farmer, flows(0b0000000001111, **moved))) == {"F": "来款减少"}
    told = ask(farmer, flows(0b0000000000111, **moved))
    assert (raised(told), of_kind(told, "inflow")["state"]) == ({}, "lacking")
    assert [(one.code, "2026-07" in one.text) for one in told.findings] == [("study.signals-months", True)]


def test_a_large_posting_out_is_one_that_is_really_gone() -> None:
    """A: 60,000 of 100,000 in one posting. B: the same, and as much came in. C: in two postings of 30,000."""
    told = ask(
        people(A=40_000, B=100_000, C=40_000),
        flows(
            A={"net_0": -60_000, "largest_out": 60_000},
            B={"net_0": 0, "largest_out": 60_000},
            C={"net_0": -60_000, "largest_out": 30_000},
        ),
    )
    assert {who for who, said in raised(told).items() if "大额流出" in said} == {"A"}


def test_in_before_the_months_end_and_out_after_it() -> None:
    """A: 80,000 in, 64,000 out is 80 %. B: a 分 less. C: below 50,000."""
    told = ask(
        people(A=1, B=1, C=1),
        flows(
            A={"end_net": 80_000, "start_net": -64_000, "net_1": 80_000, "net_0": -64_000},
            B={"end_net": 80_000, "start_net": -63_999.99},
            C={"end_net": 49_999, "start_net": -49_999},
        ),
    )
    assert raised(told) == {"A": "月末冲时点"}


def test_wages_appear_where_none_came_in_the_three_months_before() -> None:
    told = ask(
        people(A=1, B=1, C=(1, {"customer_type": "business"})),
        flows(
            A={"salary": 12_000, "salary_months": 0b10001},
            B={"salary": 12_000, "salary_months": 0b00011},
            C={"salary": 12_000, "salary_months": 0b00001},
        ),
    )
    assert raised(told) == {"A": "代发出现"}


def test_what_falls_due_and_what_is_past_due_with_their_rows() -> None:
    """30 November is within 30 days, 1 December is not; due on the last day is not yet past due."""
    loans = pd.DataFrame(
        [
            ("L1", "A", "2026-10-30", 20_000, 0, 5),
            ("L2", "B", "2026-11-30", 20_000, 0, 6),
            ("L3", "C", "2026-12-01", 20_000, 0, 7),
            ("L4", "D", "2027-12-01", 20_000, 3, 8),
            ("L5", "E", "2026-10-31", 20_000, 0, 9),
            ("L6", "F", "2026-10-30", 9_999, 0, 10),
        ],
        columns=["loan_id", "customer_id", "due_on", "balance", "overdue_days", "source_row"],
    ).assign(status="on_book", source_part=1, balance=lambda rows: rows["balance"] * YUAN)
    loans["due_on"] = [day_of(date.fromisoformat(day)) for day in loans["due_on"]]
    inputs = [{"path": "存款.xlsx", "sheet": ""}, {"path": "贷款.xlsx", "sheet": "台账"}]
    told = ask(people(A=0, B=0, C=0, D=0, E=0, F=0), loans=loans, inputs=inputs)
    assert raised(told) == {"A": "贷款逾期", "D": "贷款逾期", "B": "贷款到期", "E": "贷款到期"}
    rows = told.frames["signals_rows"].set_index("customer_id")
    assert rows.loc["B", ["what", "number", "place_said"]].tolist() == ["loan", "L2", "《贷款.xlsx》「台账」第 6 行"]


def test_money_to_ones_own_account_elsewhere_counts_where_it_goes_on() -> None:
    """A: October, September, August; B: not this month; C: to a namesake's account at our own bank."""
    rows = [("A", "客户A", "X1", "他行", 0b111, 90_000), ("B", "客户B", "X2", "他行", 0b1110, 90_000)]
    rows.append(("C", "客户C", "X3", LOADED.institution.name, 0b111, 90_000))
    sides = pd.DataFrame(
        rows,
        columns=[
            "customer_id",
            "counterparty_name",
            "counterparty_account",
            "counterparty_bank",
            "paying_months",
            "money_out",
        ],
    ).assign(postings=3, money_in=0, posting_months=lambda frame: frame["paying_months"])
    sides["money_out"] *= YUAN
    told = ask(people(A=1, B=1, C=1), counterparties=sides)
    assert raised(told) == {"A": "常转他行"}
    assert told.frames["signals"]["reason"].tolist() == ["3 个月转到本人他行账户，平均一月 3.00 万元"]


def test_a_manager_gets_so_many_customers_a_week_the_most_money_first() -> None:
    """Five customers, two a week for two weeks: 1, 1, 2, 2, and one is counted only. Who has no manager stands with her branch."""
    held = {f"C{n}": 100 * n for n in range(1, 6)}
    classes = people(**held, N=(0, {"holder_id": None, "manager_name": None}))
    moved = {who: {"net_0": -10_000 * (n + 2), "weighted_0": -10_000 * (n + 2)} for n, who in enumerate([*held, "N"])}
    told = ask(classes, flows(**moved), rules=Rules(per_week=2, weeks=2))
    rows = told.frames["signals"]
    assert rows[["customer_id", "week", "rank"]].to_numpy().tolist() == [
        ["C5", 1, 1],
        ["C4", 1, 2],
        ["C3", 2, 3],
        ["C2", 2, 4],
        ["N", 1, 1],
    ]
    assert told.frames["signals_managers"][["customers", "listed", "left"]].to_numpy().tolist() == [
        [5, 4, 1],
        [1, 1, 0],
    ]


def _month_after(down: tuple[str, ...], up: tuple[str, ...]) -> tuple[pd.DataFrame, Answer, pd.DataFrame]:
    """October's classes and ledger: of S1 … S4 the balance fell in October, of Q1 … Q4 not; November's, where ``down`` have 60 % of what they had."""
    names = ["S1", "S2", "S3", "S4", "Q1", "Q2", "Q3", "Q4"]
    before = people(**dict.fromkeys(names, 20_000))
    out = {who: {"net_0": -20_000, "weighted_0": -20_000} if who[0] == "S" else {} for who in names}
    book = kept(before, flows(**out))
    after = people(**{who: 12_000 if who in down else 20_000 for who in names if who in down + up})
    return before, book, after


def test_what_came_true_stands_beside_what_happens_without_a_signal() -> None:
    """Of four signals S1 fell by 40 %, S2 is gone, S3 stayed, S4 was merged into another number and cannot be judged: 2 of 3. Of four others Q1 fell: 1 of 4."""
    before, book, after = _month_after(("S1", "Q1"), ("S3", "Q2", "Q3", "Q4"))
    merges = pd.DataFrame({"customer_id": ["S4"], "main_id": ["S3"]})
    told = ask(
        after,
        flows(S1={}),
        NOVEMBER,
        previous=before,
        previous_signal_ledger=book.frames["signal_ledger"],
        previous_signal_record=book.frames["signal_record"],
        merges=merges,
    )
    row = of_kind(told, "drawdown")
    assert [row[name] for name in ("told", "came", "others", "happened")] == [3, 2, 4, 1]
    assert (row["hit"], row["base"], row["lift"]) == (pytest.approx(2 / 3), 0.25, pytest.approx(8 / 3))
    past = told.frames["signals_past"]
    past = past[past["kind"] == "drawdown"]
    assert dict(zip(past["customer_id"], past["came"], strict=True)) == {"S1": True, "S2": True, "S3": False}


def test_a_kind_below_its_base_rate_is_silent_until_the_rules_say_otherwise() -> None:
    """None of four signals came true, three of four others fell: silent from four signals on, but not of five at least; it stays in the ledger."""
    before, book, after = _month_after(("Q1", "Q2", "Q3"), ("S1", "S2", "S3", "S4", "Q4"))
    given = {
        "previous": before,
        "previous_signal_ledger": book.frames["signal_ledger"],
        "previous_signal_record": book.frames["signal_record"],
    }
    moved = flows(Q4={"net_0": -20_000, "weighted_0": -20_000})

    def state(**said: Any) -> tuple[str, dict[str, str]]:
        told = ask(after, moved, NOVEMBER, rules=Rules(**said), **given)
        return of_kind(told, "drawdown")["state"], raised(told)

    assert state(record_least=5) == ("few", {"Q4": "存款下降"})
    assert state(record_least=4) == ("below", {})
    assert state(record_least=4, speak=("drawdown",)) == ("spoken", {"Q4": "存款下降"})
    assert state(silent=("drawdown",)) == ("silent", {})
    now = kept(after, moved, NOVEMBER, rules=Rules(record_least=4), **given).frames
    assert now["signal_ledger"].set_index("customer_id")["drawdown"].to_dict()["Q4"] == "raised"
    record = now["signal_record"]
    assert record.loc[record["kind"] == "drawdown", list(RECORD)[1:]].to_numpy().tolist() == [["2026-10", 4, 0, 4, 3]]


def test_a_month_that_is_run_again_judges_the_month_before_once() -> None:
    before, book, after = _month_after(("S1",), ("S3",))
    given = {"previous": before, "previous_signal_ledger": book.frames["signal_ledger"]}
    once = kept(after, period=NOVEMBER, **given).frames["signal_record"]
    again = kept(after, period=NOVEMBER, previous_signal_record=once, **given).frames["signal_record"]
    pd.testing.assert_frame_equal(once, again)


@pytest.mark.parametrize(
    "said",
    [
        {"speak": ("drawdown",), "silent": ("drawdown",)},
        {"end_money": 5_000},
        {"days": 40},
        {"drop": 1},
        {"silent": ("weather",)},
    ],
)
def test_rules_that_cannot_be_are_refused(said: dict[str, Any]) -> None:
    with pytest.raises((Problem, ValueError)):
        Rules(**said)


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_signals_do_not_change_with_the_order_of_rows(data: st.DataObject) -> None:
    """Equal stakes are parted by the customer's number, whatever stands first in the exports."""
    money = st.sampled_from([0, 10_000, 20_000, 50_000, 90_000])
    names = [f"C{n}" for n in range(6)]
    classes = people(**{who: data.draw(money) for who in names})
    moved = flows(
        **{
            who: {
                name: data.draw(money) * (-1 if name in ("net_0", "start_net") else 1)
                for name in ("in_0", "in_1", "in_2", "in_3", "net_0", "largest_out", "end_net", "start_net", "salary")
            }
            for who in names
        }
    )
    rules = Rules(per_week=1, weeks=2)
    first = ask(classes, moved, rules=rules)
    order, other = (data.draw(st.permutations(range(6))) for _ in range(2))
    second = ask(classes.iloc[order], moved.iloc[other], rules=rules)
    for name, frame in first.frames.items():
        pd.testing.assert_frame_equal(frame, second.frames[name])
    assert set(first.frames["signals_kinds"]["kind"]) == set(KINDS)


def test_postings_stand_behind_a_signal_and_none_of_another() -> None:
    """C is on no list; the postings named a bank in no case."""
    notable = pd.DataFrame(
        [("out", "A", "T1", -60_000), ("salary", "A", "T2", 1), ("out", "C", "T3", -60_000)],
        columns=["sort", "customer_id", "transaction_id", "signed"],
    ).assign(account_id="6222", day=OCTOBER.last, counterparty_bank=None, source_part=0, source_row=9)
    told = ask(
        people(A=40_000, C=40_000),
        flows(A={"net_0": -60_000, "largest_out": 60_000}),
        notable=notable,
        inputs=[{"path": "流水.csv", "sheet": ""}],
    )
    rows = told.frames["signals_rows"]
    rows = rows[rows["kind"] == "outflow"]
    assert rows[["number", "amount", "place_said"]].to_numpy().tolist() == [["T1", -60_000, "《流水.csv》第 9 行"]]


def test_who_falls_next_month_if_nothing_happens_is_told_why(tmp_path: Path) -> None:
    """C1 came last in November 2025, the first month of October's window, and sleeps in November 2026; C2 comes every month; C3 has no 10,000 to lose."""
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *(customer(who, holder="M1") for who in ("C1", "C2", "C3"))],
        "存款账户_20261031.xlsx": [
            ["账号", "客户号", "存款种类", "余额", "开户日期"],
            *([f"A{who}", who, "活期", left, LONG_AGO] for who, left in (("C1", 90_000), ("C2", 90_000), ("C3", 900))),
        ],
        "名册_20261031.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [
            TRANSACTIONS,
            *(post(date(2025, 11, 10), who, 100) for who in ("C1", "C3")),
            *(row for _ in range(3) for row in monthly("C2", date(2025, 11, 10), 12)),
        ],
    }
    told = of_month(reckon(workspace(tmp_path, files), "2026-10"), declared("signals"))
    rows = told.frames["signals"]
    assert dict(zip(rows["customer_id"], rows["signs"], strict=True)) == {"C1": "将降级休眠"}
    assert "下月将休眠（静止期满）" in rows["reason"].iloc[0]
    assert rows["stake"].tolist() == [8_999_753], "nine days at 89,900.00 and 356 at 90,000.00: 89,997.53 on average"
    kind = of_kind(told, "fall")
    assert (kind["looked"], kind["raised"]) == (3, 1)

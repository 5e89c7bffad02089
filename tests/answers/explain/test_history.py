"""Do the days behind an average add up to it, and does every day of a customer have its holder and its paper?"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import Ran, run_here
from hypothesis import given
from hypothesis import strategies as st
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.answers.explain.balance import WHOLE, Account, accounts_of, history
from kehujingli.answers.explain.owners import owners
from kehujingli.commands.history import moves_of
from kehujingli.measures.flows import daily_sums
from kehujingli.periods import day_of
from kehujingli.tables.averages import spans_of
from kehujingli.workspace import Workspace
from kehujingli.workspace.plans import Approval, plans_of, save_plan

pytestmark = pytest.mark.slow  # each runs whole months, or many small files; the quick run has a month of its own

CLAIMS = ["客户号", "条线", "工号", "业绩分配比例", "生效日期", "失效日期", "依据文号", "审批人"]
accounts = st.builds(
    lambda balance, opened, closed, weight, moves: Account("A", balance, opened, closed, weight, tuple(moves)),
    st.integers(0, 10**9),
    st.integers(-5, 30),
    st.integers(40, 90),
    st.sampled_from([0, 3000, WHOLE]),
    st.lists(st.tuples(st.integers(30, 60), st.integers(-(10**6), 10**6)), max_size=5),
)


@given(st.lists(accounts, max_size=3), st.integers(0, 60), st.integers(1, 40))
def test_stretches_hold_every_day_once_and_its_balance(held: list[Account], first: int, days: int) -> None:
    told = history(held, first, first + days - 1)
    assert told.days == days
    by_day = sum(
        (Fraction(account.on(day) * account.weight, WHOLE) for account in held for day in range(first, first + days)),
        Fraction(0),
    )
    assert told.product == by_day
    assert all(a.last + 1 == b.first for a, b in zip(told.stretches, told.stretches[1:], strict=False))


def _place(root: Path) -> Workspace:
    rows = [
        post(dt.date(2026, month, day), "C1", amount)
        for month, day, amount in [(1, 5, 1000.01), (10, 3, -20.5), (10, 31, 7)]
    ]
    return workspace(
        root,
        {
            "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M1"), customer("C2", holder="M1")],
            "账户_20261031.xlsx": [
                ACCOUNTS,
                ["AC1", "C1", "活期", 5_000.33, None, LONG_AGO, None, None],
                ["B", "C1", "保证金", 100.07, None, dt.date(2026, 6, 1), None, "M2"],
            ],
            "客户经理.xlsx": [MANAGERS, manager("M1"), manager("M2"), manager("M3")],
            "流水.xlsx": [TRANSACTIONS, *rows, post(dt.date(2026, 10, 31), "C2", 1)],
            "业绩归属.xlsx": [
                CLAIMS,
                ["C1", "全部", "M3", 0.4, dt.date(2026, 10, 12), dt.date(2026, 10, 20), "示联发〔2026〕9号", "刘主任"],
            ],
        },
    )


def test_averages_equal_the_stored_measures_to_the_cent(tmp_path: Path) -> None:
    month = reckon(_place(tmp_path), "2026-10")
    kept = month.segmented.customers.set_index("customer_id").loc["C1"]
    figures = month.measured.accounts
    rows = figures[figures["customer_id"] == "C1"].to_dict("records")
    con = month.tables.con.register("sums", pa.concat_tables(daily_sums(month.postings)))
    held = accounts_of(rows, {"margin": 3000}, moves_of(con, "sums", ["AC1", "B"]))
    for span, measure in [
        ("window", "average_deposit"),
        ("year", "average_deposit_year"),
        ("month", "average_deposit_month"),
    ]:
        days = spans_of(month.period, 12)[span]
        assert history(held, days.first, days.last).average == kept[measure]
    assert (
        history(held, day_of(dt.date(2026, 10, 30)), day_of(dt.date(2026, 10, 30))).stretches[0].balance
        == 499333 + 10007
    )


def test_every_day_has_its_holder_and_paper(tmp_path: Path) -> None:
    place = _place(tmp_path)
    save_plan(
        place.plans, [Approval("C1", "M2")], dt.date(2026, 10, 1), dt.date(2026, 9, 28), "王敏", "示联客〔2026〕5号"
    )
    month = reckon(place, "2026-10")
    told = owners(
        month.tables,
        month.committed,
        plans_of(place.plans),
        "C1",
        day_of(dt.date(2026, 9, 1)),
        day_of(dt.date(2026, 10, 31)),
    )
    whole = [item for item in told if item.what == "客户"]
    assert whole[0].holder == "M1"
    assert "客户信息_20261031.xlsx" in whole[0].basis
    claimed = next(item for item in whole if item.holder == "M3")
    assert (claimed.share, claimed.last - claimed.first + 1) == ("40%", 9)
    assert "示联发〔2026〕9号" in claimed.basis
    assert "刘主任" in claimed.basis
    assert any(item.holder == "M2" and "示联客〔2026〕5号" in item.basis for item in whole)
    days: dict[int, Fraction] = {}
    for item in whole:
        for day in range(item.first, item.last + 1):
            days[day] = days.get(day, Fraction(0)) + Fraction(item.share.rstrip("%")) / 100
    assert set(days.values()) == {Fraction(1)}
    assert "揽存人" in next(item.basis for item in told if item.key == "B")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("history")
    place = _place(root)
    assert run_here("run", "-w", place.root).code in (0, 1)
    return root


def _told(county: Path, *arguments: str) -> Ran:
    return run_here(*arguments, "-w", county)


def test_the_commands_tell(county: Path) -> None:
    record = _told(county, "balance", "C1", "--from", "2026-10-01", "--json").json
    assert sum(step["days"] for step in record["steps"]) == record["days"] == 31
    assert all(item["average"] == item["stored"] for item in record["averages"])
    assert "与本期所用相同" in _told(county, "balance", "C1").out
    rows = _told(county, "owners", "C1", "--json").json["owners"]
    assert {row["what"] for row in rows} == {"客户", "账户"}
    shutil.move(county / "exports", county / "moved")
    (county / "exports").mkdir()
    shutil.rmtree(county / ".kehujingli")
    kept = _told(county, "balance", "C1", "--from", "2026-10-01", "--json")
    assert kept.json == record, "from what the month kept, not from the exports"
    shutil.rmtree(county / "exports")
    shutil.move(county / "moved", county / "exports")
    home = county / "periods" / "2026-10"
    (home / "data" / "daily_sums.parquet").unlink()
    manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"] = [one for one in manifest["outputs"] if "daily_sums" not in one["path"]]
    (home / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    assert _told(county, "balance", "C1", "--from", "2026-10-01", "--json").json == record, "run by an older program"
    assert _told(county, "balance", "没有这户").code == 4
    assert _told(county, "balance", "C1", "--to", "2027-01-01").code == 2

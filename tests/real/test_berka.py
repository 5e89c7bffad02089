"""Does a real bank come out as by hand? 1,229 customers and 49,102 transactions of 1993 and 1994, drifting balances and all."""

from __future__ import annotations

import shutil

import pytest
from conftest import real_data, run_here
from measured import measured_both

from kehujingli.month import Month, Request, open_month
from kehujingli.month.run import Options, Outcome, run
from kehujingli.rules import EXAMPLE
from kehujingli.workspace import Workspace

FOLDER = real_data()
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        FOLDER is None or not (FOLDER / "berka" / "exports").is_dir(),
        reason="the Berka exports are not here: ../shared/data or $KEHUJINGLI_REAL_DATA",
    ),
]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    assert FOLDER is not None
    root = tmp_path_factory.mktemp("berka")
    (root / "rules").mkdir()
    text = EXAMPLE.read_text(encoding="utf-8")
    bounds = "person = { medium = 50_000, large = 500_000 }"
    assert bounds in text
    (root / "rules" / "1990-01-01.toml").write_text(
        text.replace(bounds, "person = { medium = 15_000, large = 35_000 }"), encoding="utf-8"
    )
    shutil.copytree(FOLDER / "berka" / "exports", root / "exports")
    return Workspace(root)


@pytest.fixture(scope="module")
def month(county: Workspace) -> Month:
    county.cache.mkdir(exist_ok=True)
    return open_month(Request(workspace=county), county.ledger)


@pytest.fixture(scope="module")
def outcome(county: Workspace, month: Month) -> Outcome:
    assert month.period.name == "1994-03"
    return run(county, Request(workspace=county), Options())


def test_every_row_is_read(month: Month) -> None:
    rows = {sheet.table: (sheet.rows, sheet.rejected) for sheet in month.sheets if sheet.table}
    assert rows["transactions"] == (49_102, 0)
    assert rows["customers"] == (1_229, 0)
    turnover = next(sheet for sheet in month.sheets if sheet.table == "transactions").totals["amount"]
    assert turnover == (31_548_644_980, 0)


def test_the_classes_are_those_counted_by_hand(month: Month) -> None:
    assert month.segmented.counts()["scale"] == {"large": 226, "medium": 529, "small": 474}


def test_interest_fees_and_penalties_are_nobodys_activity(month: Month) -> None:
    assert month.rules.rules.segment is not None
    words = month.rules.rules.segment.activity.exclude
    said = month.tables.con.execute("select concat(kind, '|', memo), count(*) from transactions group by 1").fetchall()
    left_out = [count for text, count in said if any(word in text for word in words)]
    assert sorted(left_out, reverse=True) == [9_463, 5_445, 64]


def test_days_close_as_by_hand_though_balances_drift(month: Month) -> None:
    sums = dict(
        month.tables.con.execute("select account_id, sum(signed)::bigint from transactions group by 1").fetchall()
    )
    accounts = month.measured.accounts
    off = [
        abs(int(balance) - sums[account])
        for account, balance in zip(accounts["account_id"], accounts["balance"], strict=True)
    ]
    assert (off.count(0), sum(gap <= 100 for gap in off), max(off)) == (598, 1_201, 33_220)


def test_pandas_and_duckdb_agree_to_the_cent(month: Month) -> None:
    ours, other = measured_both(month)
    assert ours.customers.astype("object").equals(other.customers.astype("object"))


def test_managers_public_and_unheld_are_the_branch(month: Month) -> None:
    parts = month.actuals.contributions
    grown = parts[(parts["actual"] == "average_deposit_growth") & (parts["span"] == "year")]
    people = month.segmented.customers
    assert "average_deposit_growth" not in month.actuals.missing
    assert grown["numerator"].sum() == people["average_deposit_year"].sum() - grown["baseline"].sum()


def test_the_whole_path_leaves_three_workbooks_and_a_manifest(outcome: Outcome) -> None:
    written = {path.name for path in outcome.folder.iterdir()}
    assert {"客户分类.xlsx", "管户分配.xlsx", "考核得分.xlsx", "manifest.json"} <= written
    assert int(outcome.exit) == 1, "customers without a manager need a person"


def test_capacity_is_short_and_every_borrower_is_served(month: Month) -> None:
    plan = month.plan.customers
    assert len(plan) == 755
    lost = plan[plan["move"] == "unassigned"]
    assert 0 < len(lost) < 755
    assert not lost["borrower"].any()
    carried = plan[plan["move"] != "unassigned"].groupby("assigned_manager")["load"].sum()
    room = month.tables["managers"].set_index("manager_id")["capacity"].astype(float)
    assert (carried <= room.reindex(carried.index)).all()


def test_the_command_line_says_the_same(county: Workspace) -> None:
    ran = run_here("segment", "-w", county.root, "--json", "--dry-run")
    assert ran.json["scale"] == {"large": 226, "medium": 529, "small": 474}

"""期初 + 新开 + 激活 − 转休眠 − 销户 = 期末, looked at from outside: two months run from exports, and who is where counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, manager, post
from months import workspace as made

from kehujingli.answers.studies import KeptPeriod
from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.studies import declared
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import results_of

OLD, NEW = dt.date(2026, 9, 30), dt.date(2026, 10, 31)
PEOPLE = [*CUSTOMERS, "状态", "农户标志"]


def _people(day: dt.date) -> list[list[object]]:
    """Stay: A1, B1; A2 is closed by September's end, A3 in October (awake), A4 too (asleep), A5 is in no file of October, B2 opened in
    October, B3 wakes, B4 falls asleep, A6 changes the branch, A7 is called closed in October and has money."""
    later = day == NEW
    rows = []
    for number in ("A1", "A2", "A3", "A4", "A5", "A6", "A7", "B1", "B2", "B3", "B4"):
        closed = number == "A2" or (later and number in ("A3", "A4", "A7"))
        if number == ("A5" if later else "B2"):
            continue
        branch = "801002" if number[0] == "B" or (later and number == "A6") else "801001"
        opened = dt.date(2026, 10, 5) if number == "B2" else LONG_AGO
        rural = "是" if number in ("A1", "A3", "B2", "B4") else "否"
        rows.append([number, f"客户{number}", "个人", branch, opened, None, "已销户" if closed else "正常", rural])
    return rows


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("left") / "county"
    awake = ("A1", "A3", "A5", "A6", "A7", "B1")
    posted = [post(dt.date(2026, 8, 10), who, 100) for who in awake]
    posted += [post(dt.date(2025, 10, 10), "B4", 100), post(dt.date(2026, 10, 10), "B3", 100)]
    posted += [post(dt.date(2026, 10, 20), "B2", 100), post(dt.date(2026, 9, 30), "A1", 1), post(NEW, "A1", 1)]
    gone = {"A2", "A3", "A4"}
    files: dict[str, list[list[object]]] = {
        "流水.xlsx": [TRANSACTIONS, *posted],
        "名册.xlsx": [MANAGERS, manager("M1")],
    }
    for day in (OLD, NEW):
        people = _people(day)
        files[f"客户信息_{day:%Y%m%d}.xlsx"] = [PEOPLE, *people]
        held = [[f"A{row[0]}", row[0], "活期", 0 if row[0] in gone else 500, 0, row[4], None, None] for row in people]
        files[f"存款账户_{day:%Y%m%d}.xlsx"] = [ACCOUNTS, *held]
    workspace = made(root, files)
    for period in ("2026-09", "2026-10"):
        run(workspace, Request(workspace=workspace, period=period), Options())
    return workspace


def test_the_balance_holds_by_branch_and_customer_group(place: Workspace) -> None:
    """Awake before: A1, A3, A5, A6, A7, B1, B4; after: A1, A6, A7, B1, B2, B3. Closed customers of the file are those who left, or had before."""
    kept = KeptPeriod(place, results_of(place, "2026-10"))
    told = kept.ask(declared("movement"))
    rows = told.frames["movement_balance"]
    keys = ["opening", "opened", "woken", "asleep", "closed", "closing"]
    found = {row.part: tuple(int(getattr(row, key)) for key in keys) for row in rows.itertuples()}
    assert found["全部"] == (7, 1, 1, 1, 2, 6)
    opening, opened, woken, asleep, closed, closing = found["全部"]
    assert opening + opened + woken - asleep - closed == closing
    by_branch = [row for row in rows.itertuples() if row.by == "机构"]
    assert {(row.opening, row.opened, row.woken, row.asleep, row.closed, row.closing) for row in by_branch} == {
        (5, 0, 0, 0, 2, 2),
        (2, 1, 1, 1, 0, 4),
    }
    for row in rows.itertuples():
        left = row.opening + row.opened + row.woken - row.asleep - row.closed + row.transferred + row.other
        assert left == row.closing
    assert found["农户"] == (3, 1, 0, 1, 1, 2)
    assert found["城镇居民"] == (4, 0, 1, 0, 1, 4)


def test_who_the_file_calls_closed_is_who_left_or_had_left(place: Workspace) -> None:
    results = results_of(place, "2026-10")
    before = results_of(place, "2026-09").frame("classes")
    now, shut = results.frame("classes"), results.frame("closed_customers")
    assert before is not None
    assert now is not None
    assert shut is not None
    told = KeptPeriod(place, results).ask(declared("movement"))
    people = told.frames["movement_customers"].set_index("customer_id")["cause"]
    assert (
        set(people[people == "closed"].index) == set(shut["customer_id"]) & set(before["customer_id"]) == {"A3", "A4"}
    )
    assert set(people[people == "absent"].index) == {"A5"}
    assert set(before["customer_id"]) - set(now["customer_id"]) == {"A3", "A4", "A5"}
    assert "A7" in set(now["customer_id"]), "who has money has not left"
    assert told.lines[-1].endswith("期初以前销的、开了又销的 1 户")

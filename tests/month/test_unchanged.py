"""When is a run not done again? Only where nothing that it is given has changed, small files of the workspace included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.workspace import Workspace
from kehujingli.workspace.plans import Approval, save_plan

LAYOUT = """table = "transactions"
file = "cunkuan*"
[columns]
date = 1
account_id = 2
credit_amount = 4
debit_amount = 3
"""


def _a_plan(place: Workspace) -> None:
    save_plan(place.plans, [Approval("C1", "M2")], dt.date(2026, 10, 1), dt.date(2026, 9, 30), "王敏", "示〔2026〕1号")


def _a_layout(place: Workspace) -> None:
    place.layouts.mkdir()
    (place.layouts / "存款.toml").write_text(LAYOUT, encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    files = {
        "客户_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 600_000, 0, LONG_AGO, None, None]],
        "名册_20261031.xlsx": [MANAGERS, manager("M1"), manager("M2")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C1", 1)],
    }
    place = workspace(tmp_path_factory.mktemp("run") / "county", files)
    run(place, Request(workspace=place), Options())
    return place


@pytest.mark.parametrize("added", [_a_plan, _a_layout])
def test_a_plan_or_layout_added_is_another_run(place: Workspace, added: Callable[[Workspace], None]) -> None:
    assert run(place, Request(workspace=place), Options()).unchanged
    added(place)
    assert not run(place, Request(workspace=place), Options()).unchanged
    assert run(place, Request(workspace=place), Options()).unchanged

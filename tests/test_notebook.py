"""Is the door for notebooks the month that the command line shows, and does it cost nothing until it is used?"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT, copied
from months import ACCOUNTS, CUSTOMERS, LOANS, MANAGERS, TRANSACTIONS, customer, manager, monthly, workspace

import kehujingli
from kehujingli import notebook
from kehujingli.errors import Problem
from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.workspace import Workspace

PERIOD = "2026-10"
NAMES = ("customers", "classes", "measures", "plan", "scores", "items", "accounts", "loans", "pay")
LONG_AGO = dt.date(2015, 1, 1)
DUE = dt.date(2027, 1, 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two who come every month, one of them with a loan, and one who does not come; only the first year's posts are run."""
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M1"), customer("C2"), customer("C3")],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            ["AC1", "C1", "活期", 600_000, 0, LONG_AGO, None, None],
            ["AC2", "C2", "活期", 600, 0, LONG_AGO, None, None],
        ],
        "贷款台账_20261031.xlsx": [LOANS, ["L1", "C2", LONG_AGO, DUE, 90_000, "正常", 0, "M1", "M1"]],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M1"), manager("M2")],
        "流水.xlsx": [
            TRANSACTIONS,
            *monthly("C1", dt.date(2025, 11, 1), 12),
            *monthly("C2", dt.date(2025, 11, 1), 12),
        ],
    }
    found = workspace(tmp_path_factory.mktemp("python") / "county", files)
    run(found, Request(workspace=found, period=PERIOD), Options())
    return found


def _rules(place: Workspace) -> Path:
    return next(place.rules.glob("*.toml"))


def test_to_import_it_loads_nothing() -> None:
    code = "import sys, kehujingli; print([m for m in ('pandas', 'pydantic', 'typer', 'duckdb') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_room_is_still_a_room() -> None:
    """``kehujingli.segment`` is a module before and after the door was opened."""
    from kehujingli.segment import segment

    assert callable(segment)
    assert kehujingli.segment.segment is segment  # type: ignore[attr-defined]


def test_what_was_kept_is_what_is_reckoned(place: Workspace) -> None:
    kept, fresh = kehujingli.open(place.root, PERIOD), kehujingli.open(place.root, PERIOD, fresh=True)
    assert (repr(kept), repr(fresh)) == ("<2026-10 of county, kept by its run>", "<2026-10 of county, reckoned>")
    for name in NAMES:
        one, other = getattr(kept, name), getattr(fresh, name)
        pd.testing.assert_frame_equal(one, other, obj=name)
    assert list(kept.findings["code"]) == list(fresh.findings["code"])


def test_nothing_is_written_by_reckoning(place: Workspace) -> None:
    def there() -> dict[str, int]:
        paths = (path for path in place.root.rglob("*") if path.is_file() and ".kehujingli" not in path.parts)
        return {str(path): path.stat().st_mtime_ns for path in paths}

    before = there()
    assert len(kehujingli.open(place.root, PERIOD, fresh=True).scores)
    assert there() == before


def test_money_is_in_cents_and_rows_are_customers(place: Workspace) -> None:
    month = kehujingli.open(place.root)
    assert month.period == PERIOD
    assert list(month.classes["customer_id"]) == ["C1", "C2", "C3"]
    deposits = dict(zip(month.measures["customer_id"], month.measures["deposit_balance"], strict=True))
    assert deposits == {"C1": 60_000_000, "C2": 60_000, "C3": 0}
    assert "frequency" not in month.measures
    assert "deposit_balance" not in month.customers


def test_names_are_masked_unless_asked_for_and_then_it_is_logged(place: Workspace) -> None:
    assert set(kehujingli.open(place.root, PERIOD).customers["customer_name"]) == {"客*"}
    shown = kehujingli.open(place.root, PERIOD, unmask=True)
    assert list(shown.customers["customer_name"]) == ["客户C1", "客户C2", "客户C3"]
    logged = "".join(path.read_text(encoding="utf-8") for path in place.root.rglob("*.jsonl"))
    assert '"command": "python"' in logged


def test_the_steps_on_frames_give_the_months_own_results(place: Workspace) -> None:
    month, rules = kehujingli.open(place.root, PERIOD), _rules(place)
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        classes = notebook.segment(
            month.customers, month.measures, period=PERIOD, rules=rules, accounts=month.accounts, loans=month.loans
        )
        plan = notebook.assign(month.classes, month.managers, period=PERIOD, rules=rules)
    same = ["customer_id", "frequency", "scale", "group", "customer_group"]
    pd.testing.assert_frame_equal(classes[same], month.classes[same], check_dtype=False)
    placed = ["customer_id", "previous_manager", "assigned_manager", "move"]
    pd.testing.assert_frame_equal(plan[placed].fillna(""), month.plan[placed].fillna(""), check_dtype=False)


def test_scores_on_frames_by_hand(place: Workspace) -> None:
    """走访: 7 points for all of it, so 0.8 of it is 5.60; who has no value has no score, and that is said."""
    managers = pd.DataFrame({"manager_id": ["M1", "M2"], "name": ["甲", "乙"], "branch_id": ["801001", "801001"]})
    actuals = pd.DataFrame({"manager_id": ["M1"], "item": ["visits"], "value": ["0.8"]})
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        told = notebook.score(managers, actuals, period=PERIOD, rules=_rules(place))
    assert any("利息收回率" in str(one.message) for one in said)
    points = told.items.set_index(["manager_id", "item_id"])["item_points"]
    assert f"{points['M1', 'visits']:.2f}" == "5.60"
    assert told.scores["score"].isna().all()


def test_a_study_by_its_name_or_what_it_lacks(place: Workspace) -> None:
    month = kehujingli.open(place.root, PERIOD)
    assert "concentration" in dir(month)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = month.concentration
    assert told
    assert all(isinstance(frame, pd.DataFrame) for frame in told.values())


def test_what_is_not_there_is_said(place: Workspace, tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match="2026-10 has no nothing"):
        _ = kehujingli.open(place.root, PERIOD).nothing
    with pytest.raises(Problem) as stopped:
        kehujingli.open(tmp_path)
    assert stopped.value.findings[0].code == "workspace.not-one"


@pytest.mark.slow  # a whole county is run first
def test_every_snippet_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Workspace(copied(tmp_path / "county"))
    run(found, Request(workspace=found, period=PERIOD), Options())
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    scope: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for snippet in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
            exec(snippet, scope)
    assert len(scope["classes"]) == 200  # type: ignore[arg-type]

"""What is reckoned again under other rules? Whatever they ask of the exports otherwise."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.month import Month
from kehujingli.month.trial import under
from kehujingli.rules import load_rules


def _growth(month: Month) -> dict[str, int]:
    """Manager → 元."""
    parts = month.actuals.contributions
    parts = parts[(parts["actual"] == "average_deposit_growth") & (parts["span"] == "year")]
    return {str(who): int(cents) // 100 for who, cents in parts.groupby("holder")["numerator"].sum().items()}


def test_a_trial_with_another_baseline_reckons_what_was_achieved_anew(tmp_path: Path) -> None:
    """300 all the year, 100 on average the year before: 200 more than that average, nothing more than on 31 December."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 300, 100, LONG_AGO, None, None]],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2025, 12, 1), "C1", 1), post(dt.date(2026, 10, 31), "C9", 1)],
    }
    place = workspace(tmp_path, files)
    month = reckon(place, "2026-10")
    assert _growth(month) == {"M1": 200}
    text = next(place.rules.glob("*.toml")).read_text(encoding="utf-8")
    others = tmp_path / "新办法.toml"
    wanted = text.replace('baseline = "last_year_average"', 'baseline = "year_opening"')
    assert wanted != text
    others.write_text(wanted, encoding="utf-8")
    assert _growth(under(month, load_rules(others))) == {"M1": 0}
    assert _growth(month) == {"M1": 200}, "the month itself is as it was"

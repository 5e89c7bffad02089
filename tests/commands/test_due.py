"""Does ``due --care`` list birthdays and anniversaries beside what matures, and leave the rest as it was?"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import run_here

PERIOD, BIRTHDAY, OPENED = "2026-10", dt.date(1980, 11, 5), dt.date(2016, 11, 20)


@pytest.fixture
def county(two_months: Path, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """Of all customers one person was born on 5 November, and she has been a customer since 20 November 2016; of the others no day is known."""
    root = tmp_path / "county"
    shutil.copytree(two_months, root)
    path = root / "periods" / PERIOD / "data" / "classes.parquet"
    classes = pd.read_parquet(path)
    at = classes.index[(classes["customer_type"] == "person") & classes["holder_id"].notna()][0]
    days = {"birth_date": (BIRTHDAY - dt.date(1970, 1, 1)).days, "opened_on": (OPENED - dt.date(1970, 1, 1)).days}
    for column, day in days.items():
        classes[column] = pd.array([day if place == at else None for place in classes.index], "Int64")
    classes.to_parquet(path)
    manifest = root / "periods" / PERIOD / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["outputs"] = [one for one in told["outputs"] if not one["path"].startswith("data/")]
    manifest.write_text(json.dumps(told), encoding="utf-8")
    return root, classes.loc[at].to_dict()


def test_people_s_days_stand_among_what_matures_by_day(county: tuple[Path, dict[str, Any]]) -> None:
    root, her = county
    typed = ("due", "-w", root, "--period", PERIOD, "--days", "30")
    plain, with_care = run_here(*typed, "--json").json, run_here(*typed, "--care", "--json").json
    added = [row for row in with_care if row not in plain]
    assert [row for row in with_care if row in plain] == plain, "the rest stays as it was"
    assert {tuple(row) for row in with_care} == {tuple(plain[0])}, "the same keys"
    assert [(row["what"], row["due_on"], row["days_left"]) for row in added] == [
        ("生日", "2026-11-05", 5),
        ("开户 10 周年", "2026-11-20", 20),
    ]
    assert {(row["customer_id"], row["manager_id"]) for row in added} == {(her["customer_id"], her["holder_id"])}
    assert [row["days_left"] for row in with_care] == sorted(row["days_left"] for row in with_care)
    assert "生日 1 户，开户周年 1 户" in run_here(*typed, "--care").out
    assert "生日" not in run_here(*typed).out


@pytest.mark.parametrize(("whose", "found"), [("own", 2), ("other", 0)])
def test_they_are_cut_by_manager_and_branch_as_the_rest(
    county: tuple[Path, dict[str, Any]], whose: str, found: int
) -> None:
    root, her = county
    typed = ("due", "-w", root, "--period", PERIOD, "--days", "30", "--care", "--json")
    known = pd.read_parquet(root / "periods" / PERIOD / "data" / "managers.parquet")["manager_id"]
    who = her["holder_id"] if whose == "own" else next(one for one in known if one != her["holder_id"])
    rows = run_here(*typed, "--manager", who).json
    assert sum("生日" in row["what"] or "周年" in row["what"] for row in rows) == found

"""What is answered of a month that an earlier program ran, which kept less? The same figure, or what is lacking and what to do; never a fault or another figure."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import Ran, run_here

pytestmark = pytest.mark.slow  # on a copy of the two months that are run once for all such tests

MONTH = Path("periods", "2026-10")
HANDED = "810000000070"


@pytest.fixture(scope="module")
def county(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(two_months, tmp_path_factory.mktemp("older") / "county")


def _ask_without(root: Path, table: str, column: str | None, *command: str) -> Ran:
    """The question's answer, had an earlier program kept the month without a column of a table, or without the table."""
    home = root / MONTH
    path, manifest = home / "data" / f"{table}.parquet", home / "manifest.json"
    whole, told = path.read_bytes(), manifest.read_bytes()
    try:
        if column is None:
            path.unlink()
        else:
            pq.write_table(pq.read_table(path).drop_columns([column]), path)
        kept = json.loads(told)
        kept["program"] = "0" * 12
        kept["outputs"] = [one for one in kept["outputs"] if (home / one["path"]).exists()]
        for one in kept["outputs"]:
            one["sha256"] = hashlib.sha256((home / one["path"]).read_bytes()).hexdigest()
        manifest.write_text(json.dumps(kept), encoding="utf-8")
        return run_here(*command, cwd=root)
    finally:
        path.write_bytes(whole)
        manifest.write_bytes(told)


@pytest.mark.parametrize(
    ("table", "column", "command", "code"),
    [
        ("items", "next_step", ("gap", "M0008"), "period.older"),
        ("scores", "rank_group", ("explain", "manager", "M0008"), "period.older"),
        ("accounts", "kind", ("explain", "manager", "M0008", "存款年日均净增"), "period.older"),
        ("contributions", "entity", ("explain", "manager", "M0008", "存款年日均净增"), "period.older"),
        ("accounts", "product_next", ("outlook",), "study.kept-older"),
    ],
)
def test_what_the_month_did_not_keep_is_named_with_the_cure(
    county: Path, table: str, column: str, command: tuple[str, ...], code: str
) -> None:
    told = _ask_without(county, table, column, *command)
    assert told.code == 4
    assert code in told.err
    assert "kehujingli run --period 2026-10" in told.err
    if code == "period.older":
        assert f"列 {column}" in told.err
        assert "已关账的结果不重写" in told.err


@pytest.mark.parametrize(
    ("table", "column", "command"),
    [
        ("daily_sums", None, ("balance", HANDED, "--json")),
        ("scores", "score_limit", ("score", "--manager", "M0008", "--assume", "走访计划完成率=0.8", "--json")),
    ],
)
def test_what_can_be_read_anew_is_the_same(
    county: Path, table: str, column: str | None, command: tuple[str, ...]
) -> None:
    assert _ask_without(county, table, column, *command).json == run_here(*command, cwd=county).json


def test_a_month_of_this_program_is_not_called_another_ones(county: Path) -> None:
    path = county / MONTH / "data" / "items.parquet"
    assert "period.older" not in run_here("gap", "M0008", cwd=county).err
    whole = path.read_bytes()
    pq.write_table(pq.read_table(path).drop_columns(["next_step"]), path)
    told = run_here("gap", "M0008", cwd=county)
    path.write_bytes(whole)
    assert told.code == 4
    assert "period.damaged" in told.err

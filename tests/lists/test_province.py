"""Do the counties add up to the province, to the 分, and is what is lacking told?"""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import run_cli, run_here

from kehujingli.lists.province import COUNTS, MONEY, WHOLE, County, Failed, province


def _county(name: str, customers: int, npl: int | None = 5, **more: Any) -> County:
    figures: dict[str, int | None] = dict.fromkeys(COUNTS, customers) | dict.fromkeys(MONEY, customers * 1_000_001)
    return County(
        name,
        more.get("as_of", "2026-10-31"),
        more.get("rules", "2025-01-01.toml 1"),
        False,
        figures | {"npl_balance": npl},
        scored=more.get("scored", ()),
    )


def test_the_last_row_is_the_sum_to_the_cent_and_its_ratio_is_of_the_sums() -> None:
    told = province([_county("东", 3, 60_001), _county("西", 1, 0)]).frames["province_counties"].set_index("county")
    assert told.loc[WHOLE, "deposit_balance"] == 4_000_004
    assert told.loc[WHOLE, "customers"] == 4
    assert told.loc[WHOLE, "npl_ratio"] == 60_001 / 4_000_004, "not the mean of 2 % and 0 %"


def test_a_county_without_classed_loans_does_not_make_the_ratio_better() -> None:
    answer = province([_county("东", 1, 100_000), _county("西", 9, None)])
    assert answer.frames["province_counties"].iloc[-1]["npl_ratio"] == 100_000 / 1_000_001
    assert [one.message for one in answer.findings if "不良" in one.message and "西" in one.message]


def test_a_mean_score_is_of_people_not_of_counties() -> None:
    east = [(Decimal("100.00"), Decimal("10.01")), (Decimal("100.00"), None), (None, None)]
    west = [(Decimal("70.00"), Decimal("0.01"))]
    told = province([_county("东", 1, scored=east), _county("西", 1, scored=west)]).frames["province_scores"]
    whole = told.set_index("county").loc[WHOLE]
    assert (whole["managers"], whole["withheld"], whole["mean_score"]) == (4, 1, Decimal("90.00"))
    assert whole["pay"] == Decimal("10.02")


def test_other_days_other_rules_and_what_failed_are_told() -> None:
    counties = [_county("东", 1), _county("西", 1, as_of="2026-10-30", rules="其他.toml 2")]
    told = {one.code for one in province(counties, [Failed("北", "没有导出")]).findings}
    assert told >= {"province.days-differ", "province.rules-differ", "province.failed", "province.lacks"}


@pytest.fixture(scope="module")
def homes(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two counties that have run two months, and one that has not."""
    root = tmp_path_factory.mktemp("province")
    for name in ("东县", "西县"):
        shutil.copytree(two_months, root / name, ignore=shutil.ignore_patterns(".kehujingli"))
    for folder in ("rules", "exports"):
        (root / "空县" / folder).mkdir(parents=True)
    return root


def test_kept_months_of_counties_make_one_workbook(homes: Path, tmp_path: Path) -> None:
    target = tmp_path / "全省.xlsx"
    ran = run_here("province", homes, "--period", "2026-10", "--kept", "--json", "-o", target)
    assert ran.code == 1, ran.err
    assert target.is_file()
    rows = {row["county"]: row for row in ran.json["province_counties"]}
    assert list(rows) == ["东县", "西县", WHOLE]
    kept = homes / "东县" / "periods" / "2026-10" / "data"
    sums = "count(*), sum(deposit_balance), sum(loan_balance)"
    (count, deposits, loans) = duckdb.sql(f"select {sums} from '{kept}/classes.parquet'").fetchall()[0]
    assert rows["东县"]["customers"] == count
    assert Decimal(rows[WHOLE]["deposit_balance"]) * 100 == 2 * deposits
    assert Decimal(rows[WHOLE]["loan_balance"]) * 100 == 2 * loans
    whole, east = (next(r for r in ran.json["province_steps"] if r["county"] == name) for name in (WHOLE, "东县"))
    assert whole["closing"] == 2 * east["closing"]
    assert sum(row["whole"] for row in ran.json["province_movement"]) == 2 * _crossed(homes / "东县")
    assert [row["county"] for row in ran.json["province_failed"]] == ["空县"]


def _crossed(home: Path) -> int:
    """Everybody who was there in either month."""
    ids = [f"select customer_id from '{home}/periods/{name}/data/classes.parquet'" for name in ("2026-09", "2026-10")]
    return int(duckdb.sql(f"select count(*) from ({' union '.join(ids)})").fetchall()[0][0])


def test_a_county_twice_no_workspace_and_no_month_are_wrong_command_lines(homes: Path) -> None:
    for said in ((homes / "东县", homes), (homes / "东县" / "rules",), ()):
        assert run_here("province", *said, "--period", "2026-10", "--kept").code == 2
    assert run_here("province", homes, "--kept").code == 2


def test_a_folder_that_is_no_workspace_is_named_and_not_left_out_in_silence(homes: Path, tmp_path: Path) -> None:
    """A county whose rules were not copied yet, a city one level too high; hidden folders are nobody's county."""
    for folder in ("北县/exports", "南市/州县/exports", "南市/州县/rules", ".旧/exports"):
        (tmp_path / "省" / folder).mkdir(parents=True)
    shutil.copytree(homes / "东县", tmp_path / "省" / "东县")
    ran = run_here("province", tmp_path / "省", "--period", "2026-10", "--kept", "--json", "-o", tmp_path)
    assert ran.code == 1, ran.err
    told = {row["county"]: row["reason"] for row in ran.json["province_failed"]}
    assert list(told) == ["北县", "南市"]
    assert "没有 rules 目录" in told["北县"]
    assert "州县" in told["南市"]
    assert [one.code for one in province([_county("东", 1)], [Failed("北县", "", no_workspace=True)]).findings][:1] == [
        "province.no-workspace"
    ]


def test_where_no_county_can_be_had_it_ends_with_what_each_lacks(homes: Path) -> None:
    ran = run_here("province", homes / "空县", "--period", "2026-10", "--kept")
    assert ran.code == 4
    assert "province.none" in ran.err


@pytest.mark.slow
def test_each_county_runs_by_itself_and_one_that_fails_stops_no_other(homes: Path, tmp_path: Path) -> None:
    ran = run_cli("province", homes, "--period", "2026-10", "--json", "-o", tmp_path, cwd=tmp_path)
    assert ran.code == 1, ran.err
    assert [row["county"] for row in ran.json["province_counties"]] == ["东县", "西县", WHOLE]
    assert "没有可读的导出文件" in ran.json["province_failed"][0]["reason"]

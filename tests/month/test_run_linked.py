"""Is a month whose postings come linked from elsewhere kept, closed and asked about as one from exports is?"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import Ran, copied, run_here
from linked import OCTOBER, county

from kehujingli.closing.deeds import close, sign
from kehujingli.intake.ledger import Ledger
from kehujingli.measures.given import BESIDES, LINKED
from kehujingli.month import Request, open_month
from kehujingli.workspace import Workspace


def _linked(place: Workspace, folder: Path) -> Path:
    """The postings of a county as its exports link them, in two files."""
    con = open_month(Request(workspace=place, period=OCTOBER), Ledger(folder.parent / "cache")).tables.con
    there = {row[0] for row in con.execute("describe transactions").fetchall()}
    fields = ", ".join([*LINKED, *(name for name in BESIDES if name in there)])
    folder.mkdir()
    for rest in (0, 1):
        con.sql(f"select {fields} from transactions where row % 2 = {rest}").write_parquet(
            str(folder / f"{rest}.parquet")
        )
    return folder


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county's postings."""
    folder = tmp_path_factory.mktemp("linked")
    return _linked(Workspace(copied(folder / "county")), folder / "linked")


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    """A county of a few postings, and these as a source."""
    place = county(tmp_path / "county")
    return place.root, _linked(place, tmp_path / "linked")


@pytest.fixture(scope="module")
def both(linked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The county run from its exports, and one without postings among them run from the source."""
    root = tmp_path_factory.mktemp("both")
    exported, sourced = copied(root / "exported"), copied(root / "sourced")
    shutil.rmtree(sourced / "exports" / "流水")
    for place, more in ((exported, ()), (sourced, ("--source", linked))):
        ran = run_here("run", "-w", place, "--period", OCTOBER, *more)
        assert ran.code == 1, ran.err
    return exported, sourced


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path, read_only=True)
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def _inputs(place: Path) -> list[dict[str, Any]]:
    manifest = json.loads((place / "periods" / OCTOBER / "manifest.json").read_text(encoding="utf-8"))
    told: list[dict[str, Any]] = manifest["inputs"]
    return told


@pytest.mark.parametrize("book", ["客户分类", "管户分配", "考核得分", "月报"])
def test_every_cell_but_where_it_comes_from_is_that_of_the_exports(both: tuple[Path, Path], book: str) -> None:
    ours, theirs = (_cells(place / "periods" / OCTOBER / f"{book}.xlsx") for place in both)
    said = [str(cell) for row in theirs.pop("口径") for cell in row if cell is not None]
    ours.pop("口径")
    assert ours == theirs
    assert any(text.startswith("/") and text.endswith("linked") for text in said), (
        "the source stands among what was read"
    )


def test_what_is_kept_is_what_the_exports_leave(both: tuple[Path, Path]) -> None:
    """But for where things stand: without the postings' sheets the others have other numbers."""
    folders = [place / "periods" / OCTOBER / "data" for place in both]
    names = sorted(path.name for path in folders[0].glob("*.parquet"))
    assert names == sorted(path.name for path in folders[1].glob("*.parquet"))
    assert {"daily_sums.parquet", "flows.parquet", "notable.parquet"} <= set(names)
    for name in names:
        ours, theirs = (
            pd.read_parquet(folder / name).drop(columns="source_part", errors="ignore") for folder in folders
        )
        wide = {"source_row": "int64"} if name == "notable.parquet" else {}  # a source may have more rows than a sheet
        pd.testing.assert_frame_equal(ours.astype(wide), theirs, obj=name)


def test_the_manifest_tells_the_source_part_by_part(both: tuple[Path, Path], linked: Path) -> None:
    told = [item for item in _inputs(both[1]) if "linked" in item]
    frame = pd.concat([pd.read_parquet(file) for file in sorted(linked.glob("*.parquet"))])
    parts = frame.groupby("part")["amount"].agg(["size", "sum"])
    assert [(one["linked"], one["rows"]) for one in told] == list(parts["size"].items())
    assert [one["totals"]["amount"].replace(",", "") for one in told] == [
        f"{cents // 100}.{cents % 100:02d}" for cents in parts["sum"]
    ]
    assert {one["path"] for one in told} == {str(linked)}
    assert len({one["sha256"] for one in told}) == 1


def _explained(place: Path, customer: str) -> str:
    ran = run_here("explain", "customer", customer, "-w", place, "--period", OCTOBER)
    assert ran.code == 0, ran.err
    return ran.out


def test_a_customers_last_posting_is_looked_up_in_the_source(both: tuple[Path, Path], linked: Path) -> None:
    classes = pd.read_parquet(both[0] / "periods" / OCTOBER / "data" / "classes.parquet")
    customer = str(classes.loc[classes["last_active"].notna(), "customer_id"].iloc[0])
    ours, theirs = (
        next(line for line in _explained(place, customer).splitlines() if "最近一笔" in line) for place in both
    )
    assert ours.partition("，《")[0] == theirs.partition("，《")[0]
    assert ours.rpartition("」")[2] == theirs.rpartition("」")[2], "the row that the source tells is that of the export"
    assert f"《{linked}》" in theirs


def test_what_a_source_elsewhere_holds_is_to_be_asked_there(both: tuple[Path, Path], tmp_path: Path) -> None:
    place = shutil.copytree(both[1], tmp_path / "county")
    manifest = place / "periods" / OCTOBER / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    for item in told["inputs"]:
        item["path"] = "hdfs://head/linked" if "linked" in item else item["path"]
    manifest.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    classes = pd.read_parquet(place / "periods" / OCTOBER / "data" / "classes.parquet")
    customer = str(classes.loc[classes["last_active"].notna(), "customer_id"].iloc[0])
    assert "流水在 hdfs://head/linked，请在那里" in _explained(place, customer)


def test_trials_of_the_month_say_the_same_from_the_source(
    both: tuple[Path, Path], linked: Path, tmp_path: Path
) -> None:
    """Other rules, a handover, and what rests on a loan: from postings that are not among the exports."""
    rules = next((both[0] / "rules").glob("*.toml")).read_text(encoding="utf-8")
    stricter = tmp_path / "新办法.toml"
    stricter.write_text(rules.replace("active_months = 6", "active_months = 9"), encoding="utf-8")
    loans = pd.read_parquet(both[0] / "periods" / OCTOBER / "data" / "loans.parquet")
    loan = str(loans.loc[loans["balance"] > 0, "loan_id"].iloc[0])
    plan = pd.read_parquet(both[0] / "periods" / OCTOBER / "data" / "loads.parquet")
    first, second = plan["manager_id"].iloc[:2]
    for words in (
        ("whatif", "--rules", stricter),
        ("handover", "--from", first, "--to", second, "--on", "2026-11-01", "--dry-run"),
        ("explain", "row", loan),
    ):
        ours, theirs, without = (
            run_here(*words, "-w", place, "--period", OCTOBER, "--json", *more)
            for place, more in ((both[0], ()), (both[1], ("--source", linked)), (both[1], ()))
        )
        assert ours.code == theirs.code < 2, ours.err
        assert without.code == 4
        assert "source.needed" in without.err
        assert _without_places(theirs.out) == _without_places(ours.out)


def _without_places(said: str) -> Any:
    told = json.loads(said)
    return {key: value for key, value in told.items() if key not in ("files", "output")}


def test_what_is_kept_is_not_reckoned_elsewhere(both: tuple[Path, Path], linked: Path) -> None:
    ran = run_here("explain", "customer", "C1", "-w", both[1], "--source", linked)
    assert ran.code == 2
    assert "explain row" in ran.err


def _run(place: Path, source: Path, *more: str) -> Ran:
    return run_here("run", "-w", place, "--period", OCTOBER, "--source", source, *more)


def _write(target: Path, source: Path, select: str, more: str = "") -> None:
    rows = duckdb.sql(f"select {select} from read_parquet('{source}') {more}").to_arrow_table()
    pq.write_table(rows, target)


def _more(source: Path) -> None:
    """One 元 more on every posting of C1 in one of the files."""
    more = "* replace (signed + case customer_id when 'C1' then 100 else 0 end as signed, amount + case customer_id when 'C1' then 100 else 0 end as amount)"
    _write(source / "1.parquet", source / "1.parquet", more)


def test_a_closed_month_is_compared_and_a_source_that_changed_is_named(small: tuple[Path, Path]) -> None:
    place, source = small
    first = _run(place, source, "--json").json
    _more(source)
    assert _run(place, source, "--json").json["outputs"] != first["outputs"], (
        "nothing but reading tells whether it is the same"
    )
    ran = Workspace(place, "王敏")
    sign(replace(ran, acting="李红"), OCTOBER, "review")
    sign(replace(ran, acting="刘主任"), OCTOBER, "approve", "示联发〔2026〕12号")
    close(replace(ran, acting="刘主任"), OCTOBER, "刘主任")
    _write(
        source / "2.parquet",
        source / "0.parquet",
        "* replace (20759 as day, 24322 as month, '99' as transaction_id)",
        "limit 1",
    )
    same = _run(place, source, "--json")
    assert (same.code, same.json["closed"]["differences"], same.json["closed"]["inputs"]) == (0, 0, [])
    _more(source)
    other = _run(place, source, "--json")
    assert other.code == 1
    assert other.json["closed"]["differences"] > 0
    assert [(one["path"], one["change"]) for one in other.json["closed"]["inputs"]] == [(str(source), "changed")]


def test_what_is_demanded_may_come_from_a_source(small: tuple[Path, Path]) -> None:
    demands = ("--require", "交易流水", "--expect-as-of", "2026-10-20", "--dry-run")
    ran = _run(*small, *demands)
    assert ran.code == 1, ran.err
    short = _run(*small, "--require", "交易流水", "--expect-as-of", "2026-11-30", "--dry-run")
    assert short.code == 4
    assert "交易流水" in short.err


def test_without_the_source_a_month_that_stands_on_it_is_not_reckoned_as_if_nobody_had_come(
    small: tuple[Path, Path],
) -> None:
    place, source = small
    assert _run(place, source).code == 1
    (place / "exports" / "交易流水.xlsx").unlink()
    for said in (("run",), ("whatif", "--rules", next((place / "rules").glob("*.toml")))):
        ran = run_here(*said, "-w", place, "--period", OCTOBER)
        assert ran.code == 4
        assert "source.needed" in ran.err
        assert str(source) in ran.err


def test_a_province_runs_each_county_on_a_source_of_its_own(small: tuple[Path, Path], tmp_path: Path) -> None:
    place, source = small
    refused = run_here("province", place, "--period", OCTOBER, "--source", source)
    assert refused.code == 2
    assert "{县}" in refused.err
    place.rename(_made(tmp_path / "省") / "东县")
    source.rename(_made(tmp_path / "流水") / "东县")
    said = ("--period", OCTOBER, "--source", tmp_path / "流水" / "{县}", "-o", tmp_path / "全省.xlsx", "--json")
    ran = run_here("province", tmp_path / "省", *said)
    assert ran.code == 1, ran.err
    assert next((row["county"], row["customers"]) for row in ran.json["province_counties"]) == ("东县", 4)

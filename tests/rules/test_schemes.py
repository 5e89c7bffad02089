"""Do real schemes come out as their papers say? Every example in examples/schemes from a workbook of actuals alone, with its worked values."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, write_xlsx

from kehujingli.commands.month import score_record
from kehujingli.intake.ledger import Ledger
from kehujingli.month import Month, Request, open_month
from kehujingli.month.outputs import write_scores_book

yaml = pytest.importorskip("yaml", reason="pip install -e .[test]")
SCHEMES = ROOT / "examples" / "schemes"


def _cases() -> Iterator[Any]:
    for path in sorted((ROOT / "tests" / "rules" / "schemes").glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load_all(path.read_text(encoding="utf-8"))):
            yield pytest.param(case, id=f"{path.stem}{number}")


def month_of(case: Any, folder: Path) -> Month:
    text = (SCHEMES / case["scheme"]).read_text(encoding="utf-8")
    for old, new in case.get("replace", {}).items():
        assert old in text
        text = text.replace(old, new)
    rules = folder / "rules.toml"
    rules.write_text(text, encoding="utf-8")
    actuals = write_xlsx(folder / "实绩.xlsx", [case["header"], *case["rows"]])
    targets = None
    if "targets" in case:
        targets = write_xlsx(folder / "任务数.xlsx", [["工号", "指标", "任务数", "期间"], *case["targets"]])
    request = Request(period=str(case["period"]), rules=rules, actuals=actuals, targets=targets)
    return open_month(request, Ledger(folder / "ledger"))


@pytest.mark.parametrize("case", list(_cases()))
def test_a_scheme_comes_out_as_its_paper_says(case: Any, tmp_path: Path) -> None:
    record = score_record(month_of(case, tmp_path))
    people = {row["manager_id"]: row for row in record["scores"]}
    assert sorted(people) == sorted(case["expected"])
    for who, wanted in case["expected"].items():
        found = people[who]
        items = {item["id"]: item for item in found["items"]}
        for key in ("score", "pay", "grade", "advance", "paid_now", "deferred"):
            assert found[key] == wanted.get(key, found[key]), (who, key)
        assert wanted.get("blocked", "") in found["blocked"]
        if "deferral" in wanted:
            assert {part["year"]: part["amount"] for part in found["deferral"]} == wanted["deferral"]
        for name, points in wanted.get("items", {}).items():
            assert items[name]["points"] == points, (who, name)
        for name, words in wanted.get("working", {}).items():
            assert words in items[name]["working"]
    if "total_pay" in case:
        assert f"{sum(float(row['pay']) for row in people.values()):.2f}" == case["total_pay"]


def test_every_example_has_a_worked_value() -> None:
    told = {parameters.values[0]["scheme"] for parameters in _cases()}
    assert told == {path.name for path in SCHEMES.glob("*.toml")}


@pytest.mark.slow
def test_a_spreadsheet_recalculates_every_example_and_agrees(tmp_path: Path) -> None:
    """LibreOffice throws the stored results away, reckons 计分复核 anew and finds 一致 in every row."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("soffice is not installed")
    books = []
    for number, parameters in enumerate(_cases()):
        folder = tmp_path / str(number)
        folder.mkdir()
        book = tmp_path / f"scheme{number}.xlsx"
        write_scores_book(month_of(parameters.values[0], folder), book)
        books.append(_without_results(book))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    subprocess.run(
        [soffice, home, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "again", *books],
        check=True,
        capture_output=True,
        timeout=300,
    )
    for book in books:
        verdicts = _verdicts(tmp_path / "again" / book.name)
        assert verdicts, book.name
        assert set(verdicts) == {"一致"}, book.name


def _without_results(book: Path) -> Path:
    """The same workbook, its formulas without stored results."""
    import openpyxl

    openpyxl.load_workbook(book).save(book)
    return book


def _verdicts(book: Path) -> list[str]:
    import openpyxl

    rows = openpyxl.load_workbook(book, data_only=True)["计分复核"].iter_rows(min_row=4, values_only=True)
    column = next(rows).index("一致/不一致")
    return [row[column] for row in rows if row[0]]

"""A column that an export loses: the figures are the same, or a finding names the column. Never a changed figure without one."""

from __future__ import annotations

import dataclasses
import functools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from conftest import COUNTY, reading_here, write_xlsx
from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    customer,
    manager,
    post,
    reckon,
    workspace,
)

from kehujingli import terms
from kehujingli.errors import Problem
from kehujingli.intake.collect import collect_exports
from kehujingli.intake.ledger import Ledger, Sheet, hash_file
from kehujingli.month import Month, Request, open_month
from kehujingli.workspace import Workspace

PERIOD = "2026-10"
QUICK = {("loans", "five_class"), ("loans", "responsible_id"), ("loans", "status"), ("loans", "arrears_on_book")}
CARRIED = ("part", "row", "data_date", "address", "id_type")
"""Columns that are carried along and decide nothing."""


class Given(Ledger):
    """A ledger that holds these sheets, whatever the exports are."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        super().__init__(Path())
        self.sheets = list(sheets)

    def read(self, *_: object, **__: object) -> list[Sheet]:
        return self.sheets


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="kehujingli-test-")


@functools.cache
def _whole() -> tuple[Sheet, ...]:
    exports, _, _ = collect_exports([COUNTY / "exports"], [COUNTY / "exports"])
    with reading_here():
        return tuple(Ledger(Path(_folder().name) / "whole").read(exports))


@functools.cache
def _cells(path: Path, sheet: str) -> Sequence[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def _without(sheet: Sheet, header: str, said: str | None) -> Sheet:
    """The sheet read again after its header was renamed to ``said``, or its column removed."""
    place = Path(tempfile.mkdtemp(dir=_folder().name)) / sheet.export.path.name
    at = sheet.headers.index(header)
    rows = [list(row) for row in _cells(sheet.export.path, sheet.sheet)]
    if said is None:
        rows = [row[:at] + row[at + 1 :] for row in rows]
    else:
        rows[sheet.header_row - 1][at] = said
    write_xlsx(place, rows, sheet=sheet.sheet)
    export = dataclasses.replace(sheet.export, path=place, sha256=hash_file(place), size=place.stat().st_size)
    with reading_here():
        (read,) = Ledger(place.parent / "ledger").read([export])
    return read


def _figures(sheets: Sequence[Sheet]) -> tuple[Mapping[str, str], list[str]]:
    """What a month comes to, and what it says."""
    found: dict[str, str] = {}
    month: Month | None = None
    try:
        month = open_month(Request(workspace=Workspace(COUNTY), period=PERIOD), Given(sheets))
        for name, frame in (("classes", month.segmented.customers), ("plan", month.plan.customers)):
            found[name] = frame.drop(columns=[column for column in CARRIED if column in frame]).to_csv()
        found["scores"] = repr(
            [
                (who.manager_id, who.score, who.pay, [(item.item.id, item.points) for item in who.items])
                for who in month.scores.managers
            ]
        )
        found["actuals"] = month.actuals.contributions.to_csv()
        found["page"] = repr(month.figures)
    except Problem as stopped:
        told = [
            *(month.findings if month else [said for sheet in sheets for said in sheet.findings]),
            *stopped.findings,
        ]
        return {"stopped": ""}, [said.message for said in told]
    return found, [said.message for said in month.findings]


@functools.cache
def _before() -> tuple[Mapping[str, str], frozenset[str]]:
    found, told = _figures(_whole())
    return found, frozenset(told)


def _cases() -> Iterator[object]:
    """Every known column of every table of the example, of each of its pictures; of the postings those of one file."""
    for path in sorted((COUNTY / "exports").rglob("*.xlsx")):
        if path.parent.name == "流水" and "202610" not in path.name:
            continue
        name = path.relative_to(COUNTY / "exports").as_posix()
        page = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        label = _labels()[path.stem.split("_")[0]]
        for key in sorted(_keys(page, label)):
            quick = name.startswith(PERIOD) and (label, key) in QUICK
            yield pytest.param(name, key, marks=() if quick else pytest.mark.slow, id=f"{name}:{key}")


def _labels() -> Mapping[str, str]:
    return {table.label: table.key for table in terms.TABLES}


def _keys(page: object, table: str) -> set[str]:
    from kehujingli.intake.sheets.header_rows import find_header

    rows = [["" if cell is None else str(cell) for cell in row] for row in page.iter_rows(max_row=8, values_only=True)]  # type: ignore[attr-defined]
    found = find_header(rows)
    assert found is not None
    assert found[1].table.key == table
    return {column.key for column in found[1].columns.values()}


@pytest.mark.parametrize(("name", "key"), list(_cases()))
def test_no_figure_changes_in_silence_where_a_column_is_gone(name: str, key: str) -> None:
    at, sheet = next((at, sheet) for at, sheet in enumerate(_whole()) if sheet.export.name == name)
    header = sheet.columns[key]
    removed, renamed = _without(sheet, header, None), _without(sheet, header, f"{header}〔旧〕")
    assert removed.columns == renamed.columns or removed.table != sheet.table
    for changed in (removed, renamed) if removed.columns != renamed.columns else (renamed,):
        found, told = _figures([*_whole()[:at], changed, *_whole()[at + 1 :]])
        before, known = _before()
        new = [said for said in told if said not in known]
        named = {header, terms.BY_KEY[sheet.table].column(key).label}
        if changed.table != sheet.table:
            named.add(name)  # what no longer is that table is told by its file
        assert found == before or any(word in said for said in new for word in named), [
            part for part in before if found.get(part) != before[part]
        ]


def _book(bad: str, *, renamed: str = "五级分类", responsible: str = "责任人") -> list[list[object]]:
    header = [renamed if name == "五级分类" else responsible if name == "责任人" else name for name in LOANS]
    return [
        header,
        ["L1", "C1", LONG_AGO, LONG_AGO, 60_000, "正常", 0, "M01", "M01"],
        ["L2", "C1", LONG_AGO, LONG_AGO, 40_000, bad, 0, "M01", "M01"],
    ]


def _month(root: Path, **loans: list[list[object]]) -> Month:
    import datetime as dt

    files: dict[str, list[list[object]]] = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M01")],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 1000, 900, LONG_AGO, None, "M01"]],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M01", since=LONG_AGO)],
        "交易流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 20), "C1", 100, 1000, number="1")],
    }
    for day, grid in loans.items():
        files[f"贷款台账_{day.removeprefix('_')}.xlsx"] = grid
    month = reckon(workspace(root, files), PERIOD)
    month.actuals  # noqa: B018 - what is found on the way is told
    return month


def test_a_renamed_class_of_loans_is_told_with_the_nearest_header_and_the_ratio_is_missing(tmp_path: Path) -> None:
    month = _month(tmp_path, _20260930=_book("次级"), _20261031=_book("次级", renamed="风险分类(四级)"))
    (told,) = [said for said in month.findings if said.code == "table.column-gone"]
    assert told.level == "warning"
    assert "没有“五级分类”列，《贷款台账_20260930.xlsx》有" in told.message
    assert "最像的是“风险分类(四级)”" in told.message
    assert "责任不良贷款率、接手后新增不良缺数，不按 0 算" in told.message
    assert month.actuals.missing["npl_ratio"] == "2026-10-31 的贷款台账缺五级分类列"
    page = {figure.key: figure for figure in month.figures}
    assert page["npl"].value is None


def test_in_a_first_month_a_header_that_looks_like_the_column_is_told(tmp_path: Path) -> None:
    month = _month(tmp_path, _20261031=_book("次级", renamed="风险分类(四级)"))
    told = [said for said in month.findings if said.code == "table.column-like"]
    assert any("没有“五级分类”列，最像的是“风险分类(四级)”" in said.message for said in told)
    assert "npl_ratio" in month.actuals.missing


def test_a_column_of_one_branch_that_is_gone_leaves_the_ratio_of_all_missing(tmp_path: Path) -> None:
    other = [row if not at else [f"X{row[0]}", *row[1:]] for at, row in enumerate(_book("正常", responsible="经办"))]
    month = _month(tmp_path, 甲_20261031=_book("次级"), 乙_20261031=other)
    assert month.actuals.missing["npl_ratio"] == "2026-10-31 的贷款台账缺责任人列"


def test_what_a_later_month_has_does_not_change_an_earlier_one(tmp_path: Path) -> None:
    plain = [[cell for at, cell in enumerate(row) if at != 5] for row in _book("正常")]
    month = _month(tmp_path, _20261031=plain, _20261130=_book("次级"))
    assert [said.code for said in month.findings if said.code == "table.column-gone"] == []
    assert month.actuals.missing["npl_ratio"] == "贷款台账缺五级分类列"


def test_a_column_that_was_lost_in_an_earlier_month_and_is_back_costs_nothing_now(tmp_path: Path) -> None:
    month = _month(tmp_path, _20260930=_book("次级", responsible="经办"), _20261031=_book("次级"))
    assert [said.code for said in month.findings if said.code == "table.column-gone"] == []
    assert "npl_ratio" not in month.actuals.missing


def test_every_use_names_a_column_of_its_table() -> None:
    for table, columns in terms.USES.items():
        for key, use in columns.items():
            assert terms.BY_KEY[table].has(key), (table, key)
            assert all(terms.BY_KEY[table].has(other) for other in use.instead)
            assert use.cost

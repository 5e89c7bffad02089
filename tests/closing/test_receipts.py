"""Does a signed 回执 come back: registered once, told by its cell where it is wrong, and who has not signed?"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import Ran, run_here

from kehujingli.closing.receipts import FILE, FOLDER, Receipt, receipt_in
from kehujingli.errors import Problem

PERIOD = "2026-10"
KNOWN: Mapping[str, Mapping[str, str]] = {PERIOD: {"801002": "801002_东关.xlsx"}}
AS_OF, TODAY = {PERIOD: dt.date(2026, 10, 31)}, dt.date(2026, 11, 20)
HEAD = ["期间", "发给（编号）", "发给谁", "签收人", "签收日期", "有无异议", "异议内容"]
GOOD: list[Any] = [PERIOD, "801002", "东关信用社", "王芳", "2026-11-05", "无", None]


def read(**cells: Any) -> Receipt:
    """The sheet as it comes back, the header in row 4, with these cells (A … G) instead."""
    row = [cells.get("ABCDEFG"[at], value) for at, value in enumerate(GOOD)]
    return receipt_in(
        "东关.xlsx", [["东关信用社签收回执"], [None], [None], HEAD, row, ["签收人写姓名"]], KNOWN, AS_OF, TODAY
    )


def test_what_was_signed_is_read_as_it_stands() -> None:
    assert read() == Receipt(PERIOD, "801002", "东关信用社", "王芳", "2026-11-05", "无")
    assert read(F="有", G="C000123 存款应是 5 万").objection == "C000123 存款应是 5 万"


@pytest.mark.parametrize("written", ["2026-11-05", "2026/11/5", "20261105", "2026年11月5日", dt.date(2026, 11, 5)])
def test_a_day_is_read_however_it_is_written(written: Any) -> None:
    assert read(E=written).signed_on == "2026-11-05"


def test_a_number_that_the_spreadsheet_made_of_the_branch_is_the_branch() -> None:
    assert read(B=801002).receiver_id == read(B=801002.0).receiver_id == "801002"


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"A": "2026-09"}, {"A5": "不是写过资料的月份"}),
        ({"A": "十月"}, {"A5": "不是写过资料的月份"}),
        ({"B": "801003"}, {"B5": "没有发给这个编号的资料"}),
        ({"D": None}, {"D5": "没有写谁签收"}),
        ({"E": "上周"}, {"E5": "不是日期"}),
        ({"E": None}, {"E5": "不是日期"}),
        ({"E": "2026-11-21"}, {"E5": "晚于今天"}),
        ({"E": "2026-10-30"}, {"E5": "早于这个月的数据日"}),
        ({"F": None}, {"F5": "应是有或无"}),
        ({"F": "没有"}, {"F5": "应是有或无"}),
        ({"F": "有"}, {"G5": "这里是空的"}),
        ({"G": "少一户"}, {"G5": "这里又写了"}),
        ({"D": " ", "E": "?", "F": "?"}, {"D5": "没有写谁签收", "E5": "不是日期", "F5": "应是有或无"}),
    ],
)
def test_every_wrong_cell_is_told_by_its_name(cells: Mapping[str, Any], wrong: Mapping[str, str]) -> None:
    with pytest.raises(Problem) as caught:
        read(**cells)
    found = caught.value.findings
    assert [told.code for told in found] == ["pack.receipt-cell"] * len(wrong)
    for told, (cell, said) in zip(found, wrong.items(), strict=True):
        assert f"《东关.xlsx》「回执」{cell}：" in told.text
        assert said in told.text


@pytest.mark.parametrize("rows", [[], [["期间", "工号"]], [HEAD]])
def test_what_is_no_receipt_is_told(rows: list[list[str]]) -> None:
    with pytest.raises(Problem) as caught:
        receipt_in("表.xlsx", rows, KNOWN, AS_OF, TODAY)
    assert [told.code for told in caught.value.findings] == ["pack.receipt-unread"]


@pytest.fixture
def filled(two_months: Path, tmp_path: Path) -> tuple[Path, Callable[..., Path]]:
    """A county whose branches got their packs, and a way to fill one in as people do."""
    root = tmp_path / "county"
    shutil.copytree(two_months, root)
    assert run_here("pack", PERIOD, "-w", root, "--quiet").code == 0
    packs = sorted((root / "periods" / PERIOD / "分发" / "机构").glob("*.xlsx"))

    def fill(number: int, *cells: Any) -> Path:
        book = openpyxl.load_workbook(packs[number])
        for column, value in enumerate(cells, 4):
            book["回执"].cell(5, column, value)
        (tmp_path / "收回").mkdir(exist_ok=True)
        path = tmp_path / "收回" / packs[number].name
        book.save(path)
        return path

    return root, fill


def test_receipts_are_registered_once_all_or_none_and_those_who_lack_are_named(
    filled: tuple[Path, Callable[..., Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kehujingli.commands.receipt.now", lambda: dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    root, fill = filled

    def typed(*words: object) -> Ran:
        return run_here("receipt", *words, "-w", root)

    register = root / FOLDER / FILE
    before = typed()
    assert before.code == 1
    assert "签收 0 份" in before.out
    good, objecting, broken = (
        fill(0, "王芳", "2026-11-05", "无"),
        fill(1, "@李", "2026-11-06", "有", "少一户"),
        fill(2, "张三"),
    )
    told = typed(good, broken)
    assert told.code == 4
    assert "「回执」E5" in told.err
    assert "「回执」F5" in told.err
    assert not register.exists(), "all or none"
    assert typed(good).code == 0
    assert typed(objecting).code == 1, "an objection needs a person"
    kept = register.read_bytes()
    assert "少一户" in kept.decode("utf-8-sig")
    assert "都已登记过" in typed(good, objecting).out
    assert register.read_bytes() == kept
    after = run_here("receipt", "-w", root, "--json")
    assert after.json["signed"] == 2
    assert after.json["sent"] == 2 + len(after.json["missing"])
    assert [one["signed_by"] for one in after.json["objections"]] == ["@李"]


def test_where_no_pack_was_written_it_is_said(two_months: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    shutil.copytree(two_months, root)
    told = run_here("receipt", "-w", root)
    assert (told.code, "pack.none" in told.err) == (4, True)


def test_a_row_that_ends_early_is_read_as_empty_cells() -> None:
    """Spreadsheets leave the last empty cells of a row out."""
    assert receipt_in("东关.xlsx", [HEAD, GOOD[:6]], KNOWN, AS_OF, TODAY).objects == "无"


def test_a_second_row_is_not_lost_in_silence() -> None:
    more = [None, None, None, None, None, None, "还少一户"]
    with pytest.raises(Problem) as caught:
        receipt_in("东关.xlsx", [HEAD, GOOD, more], KNOWN, AS_OF, TODAY)
    assert "「回执」G3：" in caught.value.findings[0].text


@pytest.mark.parametrize(("number", "wrong"), [("P0000000A", ""), ("P0000000B", "H2"), (None, "H2")])
def test_only_a_number_of_a_pack_that_was_sent_is_taken(number: str | None, wrong: str) -> None:
    def taken() -> Receipt:
        rows = [[*HEAD, "资料编号"], [*GOOD, number]]
        return receipt_in("东关.xlsx", rows, KNOWN, AS_OF, TODAY, {(PERIOD, "801002"): ["P0000000A"]})

    if not wrong:
        assert taken().number == number
        return
    with pytest.raises(Problem) as caught:
        taken()
    assert f"「回执」{wrong}：资料编号" in caught.value.findings[0].text


def test_a_sheet_of_before_packs_had_numbers_is_no_receipt_of_one_that_has() -> None:
    with pytest.raises(Problem) as caught:
        receipt_in("东关.xlsx", [HEAD, GOOD], KNOWN, AS_OF, TODAY, {(PERIOD, "801002"): ["P0000000A"]})
    assert "没有资料编号" in caught.value.findings[0].text


def test_a_pack_that_came_back_with_other_figures_is_not_signed_for_and_a_sorted_one_is(
    filled: tuple[Path, Callable[..., Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kehujingli.commands.receipt.now", lambda: dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    root, fill = filled
    sorted_, edited = fill(0, "王芳", "2026-11-05", "无"), fill(1, "李强", "2026-11-05", "无")
    book = openpyxl.load_workbook(sorted_)
    sheet = book["客户清单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    for number, row in enumerate(reversed(rows), 5):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    sheet.cell(5, 20, "已核")
    book.save(sorted_)
    book = openpyxl.load_workbook(edited)
    was = book["首页"]["B5"].value
    book["首页"]["B5"] = was + 1
    book.save(edited)
    told = run_here("receipt", sorted_, edited, "-w", root)
    assert told.code == 4
    assert "pack.receipt-altered" in told.err
    assert f"「首页」B5：发出的是“{was:.6f}”" in told.err
    assert "王芳" not in run_here("receipt", "-w", root).out, "all or none"
    assert run_here("receipt", sorted_, "-w", root).code == 0


def test_a_receipt_of_a_pack_that_was_replaced_does_not_count_for_the_new_one(
    filled: tuple[Path, Callable[..., Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kehujingli.commands.receipt.now", lambda: dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    root, fill = filled
    first, other = fill(0, "王芳", "2026-11-05", "无"), fill(1, "李强", "2026-11-05", "无")
    assert run_here("receipt", first, other, "-w", root).code == 0
    before = run_here("receipt", "-w", root, "--json").json
    branch = first.name.split("_")[0]
    path = root / "periods" / PERIOD / "data" / "classes.parquet"
    classes = pd.read_parquet(path)
    classes.loc[classes["branch_id"] == branch, "deposit_balance"] += 100
    classes.to_parquet(path)
    manifest = root / "periods" / PERIOD / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["outputs"] = [one for one in told["outputs"] if not one["path"].startswith("data/")]
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert run_here("pack", PERIOD, "-w", root, "--quiet").code == 0
    after = run_here("receipt", "-w", root, "--json").json
    assert after["outdated"] != []
    assert branch in after["outdated"]
    assert (after["signed"], len(after["missing"])) == (
        before["signed"] - len(after["outdated"]),
        after["sent"] - after["signed"],
    )
    assert run_here("receipt", first, "-w", root).code == 0, "known already"
    assert run_here("receipt", fill(0, "王芳", "2026-11-06", "无"), "-w", root).code == 0
    assert branch not in run_here("receipt", "-w", root, "--json").json["outdated"]

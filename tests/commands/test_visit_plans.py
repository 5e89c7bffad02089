"""A manager's plan of visits goes out with his own customers only, is filled in, comes back as visits, and is never written over."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from conftest import Ran
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, kept_month, post, reckon, workspace
from months import customer as exported
from months import manager as listed
from openpyxl.worksheet.worksheet import Worksheet

from kehujingli import terms
from kehujingli.periods import date_of

SHEET = terms.BY_KEY["visit_plan"].label
FIRST = 4


def _classes(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "customer_name", "holder_id"])
    return frame.assign(
        customer_type="person",
        branch_id="801001",
        branch_name="城关",
        village="东关村",
        group="frequent/large",
        manager_name=frame["holder_id"].map(lambda who: f"经理{who}"),
        scale_amount=range(len(frame), 0, -1),
        opened_on=0,
    )


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A workspace whose month 2026-10 left three customers of two managers; one manager's number is no file name."""
    rows = (("KH001", "张三丰", "M1"), ("KH002", "李时珍", "M1"), ("KH003", "王羲之", "../M/2"))
    people = pd.DataFrame(
        {"manager_id": ["M1", "../M/2"], "name": ["高娜", "朱敏"], "since": 0, "until": None, "status": None}
    )
    return kept_month(tmp_path / "w", _classes(*rows), {"managers": people.astype({"until": "Int64"})})


def _texts(path: Path) -> str:
    with zipfile.ZipFile(path) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def _sheet(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path)[SHEET]
    assert isinstance(sheet, Worksheet)
    return sheet


def _column(sheet: Worksheet, key: str) -> int:
    heads = [cell.value for cell in sheet[FIRST - 1]]
    return heads.index(terms.label(key, "visit_plan")) + 1


def test_each_has_his_own_customers_in_full_under_a_safe_name_and_nobody_else_s(
    county: Path, cli: Callable[..., Ran]
) -> None:
    ran = cli("visit-plans", "-w", county, "--json")
    assert ran.code == 0, ran.err
    folder = county / "表单" / "走访计划_2026-10"
    assert [one["file"] for one in ran.json["files"]] == ["走访计划_M2.xlsx", "走访计划_M1.xlsx"]
    assert sorted(one.name for one in folder.iterdir()) == [
        f"走访计划_{who}.{suffix}" for who in ("M1", "M2") for suffix in ("ics", "xlsx")
    ]
    own, others = ("张三丰", "李时珍", "KH001", "KH002"), ("王羲之", "KH003")
    for text in (_texts(folder / "走访计划_M1.xlsx"), (folder / "走访计划_M1.ics").read_text(encoding="utf-8")):
        assert all(word in text for word in own)
        assert not any(word in text for word in others)
    masked = cli("visits", "-w", county, "--json").out
    assert not any(name in masked for name in ("张三丰", "李时珍", "王羲之"))


def test_the_sheet_prints_one_page_wide_and_offers_what_may_be_filled_in(county: Path, cli: Callable[..., Ran]) -> None:
    assert cli("visit-plans", "-w", county, "--manager", "经理M1", "-o", county / "发").code == 0
    assert [one.name for one in sorted((county / "发").iterdir())] == ["走访计划_M1.ics", "走访计划_M1.xlsx"]
    sheet = _sheet(county / "发" / "走访计划_M1.xlsx")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$3"
    offered = {one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"}
    assert offered == {'"已走访,没遇上,改期"', '"上门,电话"'}
    days = [str(sheet.cell(row, 1).value)[:10] for row in (FIRST, FIRST + 1)]
    assert days == ["2026-11-02", "2026-11-02"]  # one village, one day: a Monday
    guide = openpyxl.load_workbook(county / "发" / "走访计划_M1.xlsx")["填写说明"]
    assert guide.sheet_properties.pageSetUpPr is not None
    assert guide.sheet_properties.pageSetUpPr.fitToPage


def test_what_somebody_may_have_filled_in_is_not_written_over(county: Path, cli: Callable[..., Ran]) -> None:
    assert cli("visit-plans", "-w", county, "--dry-run").code == 0
    assert not (county / "表单").exists()
    assert cli("visit-plans", "-w", county).code == 0
    path = county / "表单" / "走访计划_2026-10" / "走访计划_M1.xlsx"
    before = path.read_bytes()
    again = cli("visit-plans", "-w", county)
    assert again.code == 2
    assert "已经有了，不覆盖" in again.err
    assert path.read_bytes() == before
    assert cli("visit-plans", "-w", county, "--manager", "无此人").code == 2


def _read_back(root: Path, filled: Path) -> list[tuple[str, str, str, bool]]:
    """The visits of the month in which the form lies."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(exported(f"KH00{n}", holder="M1") for n in (1, 2))],
        "名册.xlsx": [MANAGERS, listed("M1")],
        "流水.xlsx": [TRANSACTIONS, post(date(2026, 11, 30), "KH001", 1)],
    }
    place = workspace(root, files)
    shutil.copyfile(filled, root / "exports" / filled.name)
    rows = reckon(place, "2026-11").tables["visits"].astype("object").itertuples()
    return [(one.customer_id, date_of(one.date).isoformat(), one.village, one.planned is True) for one in rows]


def _filled(county: Path, cli: Callable[..., Ran]) -> Path:
    """KH001 visited on its day, KH002 on another; openpyxl writes as a person does."""
    assert cli("visit-plans", "-w", county, "--manager", "M1", "-o", county / "发").code == 0
    path = county / "发" / "走访计划_M1.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    for row in (FIRST, FIRST + 1):
        sheet.cell(row, _column(sheet, "result")).value = "已走访"
        if sheet.cell(row, _column(sheet, "customer_id")).value == "KH002":
            sheet.cell(row, _column(sheet, "visited_on")).value = date(2026, 11, 5)
    book.save(path)
    return path


MADE = [("KH001", "2026-11-02", "东关村", True), ("KH002", "2026-11-05", "东关村", True)]


def test_where_one_cannot_be_written_none_is_and_it_can_be_typed_again(
    county: Path, cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kehujingli.workspace import deeds

    place, seen = deeds.move_whole, list[str]()

    def full(source: Path, target: Path) -> None:
        seen.append(target.name)
        if len(seen) == 3:
            raise OSError(28, "No space left on device", target)
        place(source, target)

    monkeypatch.setattr(deeds, "move_whole", full)
    assert cli("visit-plans", "-w", county).code != 0
    assert [path.name for path in (county / "表单").rglob("走访计划_*.*")] == []
    assert cli("visit-plans", "-w", county).code == 0
    assert len(list((county / "表单").rglob("走访计划_*.*"))) == 4


def test_what_a_killed_command_left_elsewhere_is_completed_unless_it_has_been_filled_in(
    county: Path, cli: Callable[..., Ran]
) -> None:
    away = county.parent / "发给经理"
    assert cli("visit-plans", "-w", county, "-o", away).code == 0
    whole = {path.name: path.read_bytes() for path in away.iterdir()}
    (away / "走访计划_M2.xlsx").unlink()
    (away / "走访计划_M2.ics").unlink()
    assert cli("visit-plans", "-w", county, "-o", away).code == 0
    assert {path.name: path.read_bytes() for path in away.iterdir()} == whole
    (away / "走访计划_M2.xlsx").unlink()
    (away / "走访计划_M1.xlsx").write_bytes(b"filled in")
    ran = cli("visit-plans", "-w", county, "-o", away)
    assert ran.code == 2
    assert "走访计划_M1.xlsx" in ran.err
    assert not (away / "走访计划_M2.xlsx").exists()


def test_what_is_filled_in_comes_back_as_visits(county: Path, tmp_path: Path, cli: Callable[..., Ran]) -> None:
    assert _read_back(tmp_path / "back", _filled(county, cli)) == MADE


@pytest.mark.slow  # LibreOffice alone takes seconds
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_libreoffice_saved_comes_back_as_the_same_visits(
    county: Path, tmp_path: Path, cli: Callable[..., Ran], kind: str
) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("not here: soffice")
    filled, target = _filled(county, cli), tmp_path / "saved"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(target), str(filled)]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    assert _read_back(tmp_path / "back", target / f"{filled.stem}.{kind}") == MADE

"""Does what a manager fills into 客户档案 and 需求调查 come back as it was typed, saved by openpyxl or by LibreOffice? And is a broken cell named?"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import run_here
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, kept_month, manager, post, reckon, workspace

from kehujingli.periods import date_of
from kehujingli.values import missing

DAY = dt.date(2026, 10, 12)
MONTH = {
    "客户信息.xlsx": [CUSTOMERS, *(customer(f"00{n}", holder="M1") for n in (1, 2))],
    "名册.xlsx": [MANAGERS, manager("M1")],
    "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 11, 30), "001", 1)],
}
TYPED: Mapping[str, Mapping[tuple[str, str], Mapping[str, Any]]] = {
    "客户档案": {
        ("001", "资产总额"): {"内容": 320, "单位": "万元", "采集日期": DAY, "佐证": "报表"},
        ("001", "从业人数"): {"内容": "0085", "单位": "人", "采集日期": DAY},
        ("002", "劳动力"): {"内容": "=2+1", "采集日期": dt.date(2026, 11, 2)},
    },
    "需求调查": {
        ("001", "Q1"): {"回答": "手机银行、理财", "调查日期": DAY},
        ("001", "利率高低"): {"重要性": 5, "满意度": 2, "调查日期": DAY},
        ("002", "Q1"): {"回答": "无", "调查日期": dt.date(2026, 11, 2)},
    },
}
"""Form → customer and what is asked → what is typed beside it."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose month 2026-10 left two customers of one manager: a large firm, a household that owes."""
    people = pd.DataFrame(
        {
            "customer_id": ["001", "002"],
            "customer_name": ["东关农资有限公司", "李四"],
            "customer_type": ["business", "person"],
            "group": ["frequent/large", "mobile/small"],
            "scale": ["large", "small"],
            "scale_amount": [9, 5],
            "loan_balance": [0, 5],
        }
    )
    people = people.assign(branch_id="801001", branch_name="东关", holder_id="M1", manager_name="张三")
    return kept_month(tmp_path_factory.mktemp("forms_back") / "w", people)


def _filled(county: Path, name: str, target: Path, typed: Mapping[tuple[str, str], Mapping[str, Any]]) -> Path:
    """The form of M1 with what is typed beside each question; a text stays one, as behind an apostrophe."""
    path = target / f"{name}_M1.xlsx"
    assert run_here("forms", name, "--manager", "M1", "-w", county, "-o", target).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book[name]
    heads = [cell.value for cell in sheet[3]]
    asked = heads.index("档案项目" if name == "客户档案" else "题号")
    places = {(str(row[heads.index("客户号")].value), str(row[asked].value)): row[0].row for row in sheet.iter_rows(4)}
    for key, values in typed.items():
        for head, value in values.items():
            cell = sheet.cell(places[key], heads.index(head) + 1)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def _saved(filled: Path, kind: str, folder: Path) -> Path:
    """What LibreOffice makes of it."""
    if shutil.which("soffice") is None:
        pytest.skip("not here: soffice")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(filled)]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    return folder / f"{filled.stem}.{kind}"


def _read(name: str, form: Path, root: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of the table in a month in which the form lies, as they were typed."""
    place = workspace(root, MONTH)
    shutil.copyfile(form, root / "exports" / form.name)
    table, asked, day = (
        ("profile", "profile_item", "as_of") if name == "客户档案" else ("survey", "question", "answered_on")
    )
    heads = {
        "content": "内容",
        "content_unit": "单位",
        "evidence": "佐证",
        "answer": "回答",
        "importance": "重要性",
        "satisfaction": "满意度",
    }
    found = {}
    for row in reckon(place, "2026-11").tables[table].astype("object").to_dict("records"):
        said = {heads[key]: value for key, value in row.items() if key in heads and not missing(value)}
        if not missing(row[day]):
            said["采集日期" if table == "profile" else "调查日期"] = date_of(int(row[day]))
        if said:  # a line of the form that nobody has answered says nothing
            found[row["customer_id"], row[asked]] = said
    return found


@pytest.mark.slow  # LibreOffice alone takes seconds
@pytest.mark.parametrize("kind", ["openpyxl", "xlsx", "ods"])
@pytest.mark.parametrize("name", sorted(TYPED))
def test_what_was_typed_comes_back_and_nothing_else(county: Path, tmp_path: Path, name: str, kind: str) -> None:
    form = _filled(county, name, tmp_path / "发", TYPED[name])
    form = form if kind == "openpyxl" else _saved(form, kind, tmp_path)
    told = _read(name, form, tmp_path / "back")
    assert told == {
        key: {head: str(value) if head == "内容" else value for head, value in values.items()}
        for key, values in TYPED[name].items()
    }


BROKEN: Mapping[str, tuple[Mapping[tuple[str, str], Mapping[str, Any]], list[tuple[str, str]], int]] = {
    "客户档案": ({("001", "资产总额"): {"内容": 320, "采集日期": "去年秋天"}}, [("intake.date-bad", "G6")], 13),
    "需求调查": (
        {
            ("001", "利率高低"): {"重要性": "很重要", "满意度": 2, "调查日期": DAY},
            ("002", "方便"): {"重要性": 7, "满意度": 2, "调查日期": DAY},
        },
        [("intake.number-bad", "G5"), ("intake.number-outside", "G11")],
        8,
    ),
}
"""Form → what is typed, the cells that are told, and how many rows are left: 资产总额 is the third line of the firm's file, 方便 the third of the household's five."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["openpyxl", "xlsx"])
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_cannot_be_is_told_by_its_cell_and_the_rest_is_taken(
    county: Path, tmp_path: Path, name: str, kind: str
) -> None:
    typed, cells, left = BROKEN[name]
    form = _filled(county, name, tmp_path / "发", typed)
    form = form if kind == "openpyxl" else _saved(form, kind, tmp_path)
    place = workspace(tmp_path / "back", MONTH)
    shutil.copyfile(form, place.exports / form.name)
    month = reckon(place, "2026-11")
    (sheet,) = (one for one in month.settled if one.export.name == form.name)
    told = [(one.code, re.search(r"」([A-Z]+\d+)：", one.text)) for one in month.findings if form.name in one.text]
    assert [(code, cell[1]) for code, cell in told if cell is not None] == cells
    assert (sheet.accepted, sheet.rejected) == (left, len(cells))

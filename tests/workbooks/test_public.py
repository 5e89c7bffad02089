"""T12: what is put on the wall holds no pay, and no workbook a customer's full name, phone or id number."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from conftest import copied

from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.workspace import Workspace

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copied(tmp_path_factory.mktemp("public") / "county")
    place = Workspace(root)
    return run(place, Request(workspace=place), Options(public=True)).folder


def _xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml"))


_OF_PAY = ("standard", "pay", "advance", "deferred", "to_settle", "paid_now", "settled", "matured", "clawback", "paid")
_WORDS = ("应发", "绩效标准", "实际兑付", "预发", "本期兑付")


def test_no_figure_of_pay_is_in_any_workbook(folder: Path) -> None:
    kept = pd.read_parquet(folder / "data" / "pay.parquet")
    found = [Decimal(value) for name in _OF_PAY for value in kept[name].dropna()]
    found += [sum(map(Decimal, kept[name].dropna()), Decimal(0)) for name in ("pay", "paid")]
    # a round number or one below a hundred stands for much else: points, days, households
    odd = {value for value in found if value % 10 and value > 100}
    assert len(odd) > 20
    cells = {f">{value.normalize():f}<" for value in odd}
    words = {f"{value:,.2f}" for value in odd} | {f"{value:.2f} 元" for value in odd}
    for path in folder.glob("*.xlsx"):
        xml = _xml(path)
        assert not [text for text in (*cells, *words, *_WORDS) if text in xml], path.name
    assert "绩效薪酬" not in openpyxl.load_workbook(folder / "考核得分.xlsx").sheetnames


def test_customers_are_masked_and_managers_are_not(folder: Path) -> None:
    classes = pd.read_parquet(folder / "data" / "classes.parquet")
    phones, numbers = set(classes["phone"].dropna()), set(classes["id_number"].dropna())
    assert phones
    for path in folder.glob("*.xlsx"):
        xml = _xml(path)
        assert not [value for value in phones | numbers if value in xml], path.name
    names = [row[3].value for row in openpyxl.load_workbook(folder / "客户分类.xlsx")["客户分类"].iter_rows(min_row=5)]
    assert names
    assert all(name is None or "*" in name for name in names)
    managers = [
        row[4].value for row in openpyxl.load_workbook(folder / "考核得分.xlsx")["考核得分"].iter_rows(min_row=5)
    ]
    assert any(name and "*" not in name for name in managers)

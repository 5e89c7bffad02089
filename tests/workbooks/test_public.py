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


def test_no_figure_of_pay_is_in_any_workbook(folder: Path) -> None:
    pay = pd.read_parquet(folder / "data" / "pay.parquet")["pay"].dropna()
    amounts = {f"{Decimal(value).normalize():f}" for value in pay if Decimal(value) % 10}
    assert amounts
    total = f"{sum(map(Decimal, pay), Decimal(0)).normalize():f}"
    for path in folder.glob("*.xlsx"):
        xml = _xml(path)
        assert not [amount for amount in (*amounts, total) if f">{amount}<" in xml], path.name
        assert "应发" not in xml, path.name
        assert "绩效标准" not in xml, path.name
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

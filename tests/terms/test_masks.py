"""How much of a private value may be seen?"""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from kehujingli.terms.masks import mask, mask_names, mask_sql, mask_texts
from kehujingli.values import listed


@pytest.mark.parametrize(
    ("value", "private", "kind", "seen"),
    [
        ("张三", "name", "person", "张*"),
        ("张三丰", "name", "person", "张*"),
        ("欧阳建国", "name", "person", "欧*"),
        ("东关农资有限公司", "name", "business", "东关***"),
        ("三中", "name", "public", "三*"),
        ("阿依古丽", "name", "person", "阿*"),
        ("老王杂货铺", "name", "individual", "老*"),
        ("", "name", "person", ""),
        ("13812341234", "phone", "person", "138****1234"),
        ("12345", "phone", "person", "*****"),
        ("330102199001011234", "id_number", "person", "330102********1234"),
        ("M0012", "", "person", "M0012"),
        ("货款13812341234谢", "numbers", "person", "货款138****1234谢"),
        ("转 138 1234 1234", "numbers", "person", "转 138****1234"),
        ("330102199001011234还款", "numbers", "person", "330****1234还款"),
        ("33010219900101123X", "numbers", "person", "330****123X"),
        ("卡6228480012345678901", "numbers", "person", "卡622****8901"),
        ("6228 4800 1234 5678 901", "numbers", "person", "6228**** 901"),
        ("６２２８４８００１２３４５６７８", "numbers", "person", "６２２****５６７８"),
        ("0571-88881234", "numbers", "person", "0571-****1234"),
        ("20261031 至 2026-11-30 第12期 1,234.50 元", "numbers", "person", "20261031 至 2026-11-30 第12期 1,234.50 元"),
        ("", "numbers", "person", ""),
    ],
)
def test_as_much_as_the_standard_allows(value: str, private: str, kind: str, seen: str) -> None:
    assert mask(value, private, kind) == seen


NAMES = ["张三", "阿依古丽", "东关农资有限公司", "三中", "", None]
TYPES = ["person", "business", "public", "individual", None]


@pytest.mark.parametrize("private", ["name", "phone", "id_number", "numbers", ""])
def test_a_query_and_a_workbook_show_as_much_as_a_card(private: str) -> None:
    texts = ["还138-1234-1234的6228 4800 1234 5678", "０５７１13812341234x", "20261031"]
    values = [*NAMES, *texts, "13812341234", "12345", "330102199001011234"]
    rows = [(value, kind) for value in values for kind in TYPES]
    seen = [None if value is None else mask(value, private, kind) for value, kind in rows]
    con = duckdb.connect()
    con.execute("create table people (place integer, value varchar, kind varchar)").fetchall()
    con.executemany("insert into people values (?, ?, ?)", [(place, *row) for place, row in enumerate(rows)])
    asked = con.execute(f"select {mask_sql('value', private, 'kind')} from people order by place").fetchall()
    assert [row[0] for row in asked] == seen
    if private == "name":
        frame = pd.DataFrame(rows, columns=["value", "kind"])
        assert listed(mask_names(frame["value"], frame["kind"])) == seen
    if private == "numbers":
        assert listed(mask_texts(pd.Series([value for value, _ in rows]))) == seen


def test_without_types_everybody_is_a_person() -> None:
    value = "东关农资有限公司"
    assert list(mask_names(pd.Series([value]), None)) == ["东*"]
    assert duckdb.sql(f"select {mask_sql(chr(39) + value + chr(39), 'name')}").fetchall() == [("东*",)]


def test_a_part_of_a_list_is_masked_as_the_whole() -> None:
    """Rows keep their places, whichever rows they are."""
    names = pd.Series(["张三", None, "李四光", "东关农资有限公司"])
    kinds = pd.Series(["person", "person", None, "business"])
    assert listed(mask_names(names, kinds)[[3, 2]]) == ["东关***", "李*"]
    assert listed(mask_names(names[[3, 2]], kinds[[3, 2]])) == ["东关***", "李*"]

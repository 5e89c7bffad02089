"""Of which 行业大类 is a customer? Codes of GB/T 4754 before words, words in their order, a letter alone last; 其他 is counted, blank stays blank."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from conftest import run_here

from kehujingli import terms
from kehujingli.tables.industry import industry_kind, industry_kinds, told_often

MEANT = {
    "养殖": ("A03", "养殖"),
    "种植": ("A01", "A02", "种植"),
    "加工": ("C", "加工"),
    "农林牧渔": ("A", "农林牧渔"),
}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("A0111 稻谷种植", "种植"),
        ("A0313", "养殖"),
        ("0313", "养殖"),
        ("031", "养殖"),
        ("Ａ０３", "养殖"),
        ("a03", "养殖"),
        ("04", "养殖"),
        ("C1310 谷物磨制", "加工"),
        ("A05", "农林牧渔"),
        ("A 农、林、牧、渔业", "农林牧渔"),
        ("A农、林、牧、渔业", "农林牧渔"),
        ("A", "农林牧渔"),
        ("G5430 道路货物运输", "运输"),
        ("F52", "商贸"),
        ("种养殖", "养殖"),
        ("水果种植销售", "种植"),
        ("农副产品加工", "加工"),
        ("汽车运输", "运输"),
        ("零售", "商贸"),
        ("农业技术服务", "服务"),
        ("H 批发和零售业", "商贸"),  # the letter of the edition of 2002; H alone is 住宿和餐饮 since 2011
        ("H63 批发业", "商贸"),  # 63 is no division of H in the edition in force
        ("T恤", "其他"),
        ("B超", "其他"),
        ("111", "其他"),  # 11 with a digit, or 0111 that lost its nought
        ("F0111", "其他"),
        ("粮油", "其他"),
        ("  ", None),
    ],
)
def test_a_text_has_its_class(said: str, kind: str | None) -> None:
    assert industry_kind(said, terms.INDUSTRY_KINDS) == kind


def test_the_order_of_the_rules_decides() -> None:
    assert industry_kind("种植养殖", MEANT) == "养殖"
    turned = {key: MEANT[key] for key in ("种植", "养殖")}
    assert industry_kind("种植养殖", turned) == "种植"


def test_every_division_of_the_standard_is_of_one_letter_and_understood() -> None:
    letters = [key for key, (first, last) in terms.DIVISIONS.items() for _ in range(first, last + 1)]
    assert len(letters) == 97  # 大类 of GB/T 4754-2017
    kinds = {industry_kind(f"{number:02}", terms.INDUSTRY_KINDS) for number in range(1, 97)}
    assert kinds == {*terms.INDUSTRY_KINDS} - {"务工"}
    assert industry_kind("97", terms.INDUSTRY_KINDS) == "其他"  # 国际组织


def test_blank_stays_blank_and_what_is_not_understood_is_told_with_its_number() -> None:
    said = pd.Series(["养猪", None, "粮油", "粮油", "食品"], dtype="str")
    assert industry_kinds(said, terms.INDUSTRY_KINDS).tolist() == ["养殖", None, "其他", "其他", "其他"]
    assert told_often(said[2:]) == "粮油 2、食品 1"


def test_the_class_list_and_the_query_have_the_column(two_months: Path) -> None:
    book = openpyxl.load_workbook(two_months / "periods" / "2026-10" / "客户分类.xlsx", read_only=True)
    rows = list(book["客户分类"].iter_rows(min_row=4, values_only=True))
    heads = [*rows[0]]
    shown = {row[heads.index("客户号")]: row[heads.index("行业大类")] for row in rows[1:] if row[0] is not None}
    [path] = (two_months / "exports" / "2026-10").glob("客户信息*")
    table = [*openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(table) if "客户号" in row)
    number, trade = (table[top].index(name) for name in ("客户号", "所属行业" if "所属行业" in table[top] else "行业"))
    expected = {"种植": "种植", "养殖": "养殖", "运输": "运输", "零售": "商贸", "务工": "务工", "粮油": "其他"}
    seen = set()
    for row in table[top + 1 :]:
        if row[number] in shown and (not row[trade] or row[trade] in expected):
            assert shown[row[number]] == expected.get(row[trade]), row
            seen.add(row[trade])
    assert len(seen) > 4
    asked = run_here("query", "select industry_kind, count(*) n from classes group by all", "-w", two_months)
    assert "商贸" in asked.out


def test_what_no_word_explains_is_told_once_with_how_many(two_months: Path) -> None:
    asked = run_here("findings", "2026-10", "--notes", "--json", "-w", two_months)
    said = [one for one in asked.json["findings"] if one["code"] == "segment.industry-other"]
    assert [one["message"] for one in said] == [["5 户的行业看不出大类，行业大类记“其他”：机械 2、粮油 2、建材 1。"]]

"""What goes with the month's page, and where does each study stand? 链接: every sheet by a relative link, every study with what it lacks."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.studies import first_question
from kehujingli.terms.widths import display_width
from kehujingli.workbooks.beside import BESIDE, lists_beside

if TYPE_CHECKING:
    from kehujingli.studies.study import Standing
    from kehujingli.workbooks.house import Book

_PLACES: Mapping[str, str] = {
    "movement": "客户分类.xlsx 迁徙",
    "soundness": "本簿 三性",
    "competition": "考核得分.xlsx 排名变化",
    "spread": "考核得分.xlsx 收入差距",
}
"""Studies that a run writes, and where."""
_CONTENTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "客户分类.xlsx": (
        ("首页", "客户结构一页看"),
        ("机构汇总", "各机构客户、存款、贷款、不良"),
        ("客户分类", "逐户"),
        (terms.label("change"), "比上期变了的户"),
        ("培育名单", "离上一档不远、存款在增的户"),
    ),
    "管户分配.xlsx": (
        ("首页", "各机构应配、已配、负荷"),
        ("管户分配", "逐户归谁管、为什么"),
        ("变动审批", "要批的调整"),
        ("未分配", "没有配上的户、怎样能配上"),
        ("负荷", "各客户经理调整前后"),
    ),
    "考核得分.xlsx": (
        ("首页", "考核结果一页看"),
        ("考核得分", "名次和各项得分"),
        ("计分明细", "每一分怎么来的"),
        ("机构汇总", "各机构得分率"),
        ("计分复核", "同样的数用公式再算一遍"),
    ),
}


def write_links(
    book: Book, books: Sequence[str], studies: Sequence[Standing], annexed: Mapping[str, str], within: Container[str]
) -> None:
    """Every sheet of ``books``, by a relative link; then every study, where it stands (in a workbook of its own, ``annexed``; or ``within`` this one) and what it lacks."""
    sheet = book.sheet("链接")
    book.columns(sheet, [22, 24, 54])
    book.heading(sheet, "附件与链接", 3, "")
    for column, head in enumerate(("文件", terms.label("sheet"), "看什么")):
        sheet.write_string(3, column, head, book.header)
    row = 3
    link = book.cell("text", font_color="#1F3864", underline=1)
    for name in books:
        for sheet_name, told in _CONTENTS[name]:
            row += 1
            sheet.write_url(row, 0, f"external:{name}", link, name)
            sheet.write_url(row, 1, f"external:{name}#'{sheet_name}'!A1", link, sheet_name)
            book.write(sheet, row, 2, told)
    row += 2
    for column, head in enumerate(("专题", "在哪里看", "问什么；缺什么")):
        sheet.write_string(row, column, head, book.header)
    for one in studies:
        row += 1
        place = "" if one.lacks or (one.key == "soundness" and one.key not in within) else _PLACES.get(one.key, "")
        lacking = [f"缺{'、'.join(one.lacks)}"] if one.lacks else []
        lacking += [f"有{'、'.join(one.wants)}则更好"] if one.wants else []
        book.write(sheet, row, 0, one.label)
        if one.key in annexed:
            sheet.write_url(row, 1, f"external:{annexed[one.key]}", link, annexed[one.key])
        elif one.key in BESIDE and one.key in within:
            title = lists_beside(one.key)[0].title
            sheet.write_url(row, 1, f"internal:'{title}'!A1", link, f"本簿 {title}")
        else:
            book.write(sheet, row, 1, place or f"kehujingli {one.key}")
        text = "；".join([first_question(one.asks), *lacking])
        book.write(sheet, row, 2, text, text_wrap=True, shrink=False)
        sheet.set_row(row, 18 * max(1, -(-display_width(text) // 50)))
    book.page(sheet, row, 3, portrait=True, repeat=3)

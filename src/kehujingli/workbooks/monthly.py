"""What does 月报.xlsx show? One A4 page for the director. Ten figures, three changes, decisions, two charts; then 链接 and 口径."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.lists.month_page import Change, Decision, Figure
from kehujingli.periods import month_name
from kehujingli.studies import declared as study_of
from kehujingli.terms.widths import display_width
from kehujingli.workbooks.beside import meanings_beside, write_beside
from kehujingli.workbooks.definitions import Source, write_definitions
from kehujingli.workbooks.house import GREY, RED, Book, Look, Meta
from kehujingli.workbooks.links import write_links
from kehujingli.workbooks.looks import less_as_shown
from kehujingli.workbooks.paper import pixels
from kehujingli.workbooks.soundness import write_soundness

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.studies.study import Answer, Standing

_WIDTHS = (4, 19, 6, 12, 12, 12, 12, 12, 36)
_LAST = len(_WIDTHS) - 1
_HEADS = (
    *terms.words("place", "item", "unit"),
    "本月",
    "上月",
    terms.label("rank_change"),
    "上年同期",
    "较上年末",
    terms.label("note", "figures"),
)
_WAN = 1_000_000
_DIFFERENCES: Mapping[str, str] = {
    "count": '"▲"#,##0;"▼"#,##0;"持平"',
    "wan": '"▲"#,##0.00;"▼"#,##0.00;"持平"',
    "points": '"▲"0.00;"▼"0.00;"持平"',
    "rate": '"▲"0.00"点";"▼"0.00"点";"持平"',
}
_SHADES = ((0.25, "#7F7F7F"), (0.10, "#A6A6A6"), (0.03, "#D0D0D0"), (0.0, "#FFFFFF"))
"""Share of customers from which a cell of the grid has this shade."""
_DECISIONS = 6
DEFINITIONS = (
    (
        "较上月、较上年末",
        "▲ 增 ▼ 减；比率的差是百分点（点）。比的是以前各期存下的结果，没有跑过的期写“缺：需2025-10”。",
    ),
    ("缺", "算不出的写明缺哪张表，不按零算，也不略去。"),
    ("经常联系户占比、大中型客户", "按本期办法分类，见 客户分类.xlsx 口径。"),
    (
        "存款年日均",
        "自 1 月 1 日至期末；账户表有年日均的以账户表为准。考核口径：各存款种类乘办法的折算系数；全口径：不乘。较上年日均只算两样都有的客户，考核口径。",
    ),
    (
        "存款付息率",
        "近12个月实付利息（存款账户收进的结息、利息入账，办法写的利息类业务）÷ 近12个月日均（全口径）；要近12个月的流水，其中有结息。期末加权利率是期末各账户利率按余额加权，另一回事。",
    ),
    (terms.label("npl_ratio", "branch_sums"), "分子合计 ÷ 分母合计。不良率为表内贷款；责任口径只算写明责任人的借据。"),
    ("优质客户管户覆盖率", "大中型客户中有客户经理的占比：现有管户，不是本期方案。"),
    ("走访计划完成率", "没有走访表时列到期贷款收回率。"),
    (
        "变化最大的三件事",
        "存款近12个月日均（考核口径）变化最大的机构、日均贷款变化最大的机构、得分变化最大的客户经理；客户名已遮。跑批同时写了专题的，上月没有越线、本月越了线的排在前面，超得多的在先。",
    ),
    ("存款月日均", "考核口径，与表里的年日均一样：各月每日日终余额乘折算系数，加起来 ÷ 天数，由期末余额逐日倒推。"),
)


@dataclass(frozen=True)
class Page:
    """What the page says. ``earlier``: last, year_ago, year_end → the period's name and its figures, nothing where it was not run."""

    year: int
    issue: int
    series: str
    figures: Sequence[Figure]
    earlier: Mapping[str, tuple[str, Mapping[str, float] | None]]
    changes: Sequence[Change]
    decisions: Sequence[Decision]
    history: Sequence[tuple[int, int]]
    """Month → average deposits of that month after their 折算系数 (分)."""
    classes: pd.DataFrame
    books: Sequence[str]
    studies: Sequence[Standing]
    sound: Answer | None = None
    """What the study ``soundness`` says, where it can: the second page."""
    signed_on: date | None = None
    annexed: Mapping[str, str] = field(default_factory=dict)
    """Study → its workbook, from where the page lies."""
    beside: Mapping[str, Answer] = field(default_factory=dict)
    """Study → what it says, of those that are sheets of this workbook."""


def write_monthly(target: Path, meta: Meta, page: Page, source: Source) -> str:
    """The workbook. Returns its hash."""
    book = Book(meta)
    sheet = book.sheet("月报")
    book.columns(sheet, _WIDTHS)
    _head(book, sheet, page)
    row = _figures(book, sheet, 3, page)
    row = _changes(book, sheet, row, page.changes)
    row = _decisions(book, sheet, row, page.decisions)
    row = _pictures(book, sheet, row, page)
    row = _foot(book, sheet, row, page)
    book.page(sheet, row, len(_WIDTHS), portrait=True, one_page=True)
    if page.sound is not None:
        write_soundness(book, page.sound)
    write_beside(book, page.beside)
    within = {*page.beside, *(["soundness"] if page.sound is not None else [])}
    write_links(book, page.books, page.studies, page.annexed, within)
    more = study_of("soundness").definitions if page.sound is not None else ()
    write_definitions(book, [*DEFINITIONS, *more, *meanings_beside(page.beside)], source)
    return book.save(target)


def _head(book: Book, sheet: Any, page: Page) -> None:
    across = book.format(font_name="黑体", font_size=18, bold=True, align="center_across")
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, f"{book.meta.institution}客户经理工作月报", across)
    for column in range(1, len(_WIDTHS)):
        sheet.write_blank(0, column, None, across)
    sheet.write_string(1, 0, f"{page.year}年第{page.issue}期", book.format())
    sheet.write_string(1, 3, page.series, book.format())
    sheet.write_string(1, _LAST, f"编制：{book.meta.prepared}", book.format(align="right"))
    line = {"bottom": 2, "bottom_color": RED}
    for column in range(len(_WIDTHS)):
        sheet.write_blank(2, column, None, book.format(**line))
    sheet.write_string(2, 0, f"{book.meta.left}　{book.meta.middle}", book.format(**line))
    if book.meta.status:
        sheet.write_string(2, _LAST, book.meta.status, book.format(font_color=RED, bold=True, align="right", **line))


def _figures(book: Book, sheet: Any, row: int, page: Page) -> int:
    """Table A: a figure a line, with the months it is compared with."""
    sheet.write_string(row, 0, "一、十个数", book.format(bold=True))
    for column, head in enumerate(_HEADS):
        sheet.write_string(row + 1, column, head, book.header)
    for line, figure in enumerate(page.figures, row + 2):
        sheet.set_row(line, 36)
        book.write(sheet, line, 0, line - row - 1, "count", align="center")
        book.write(sheet, line, 1, figure.label)
        book.write(sheet, line, 2, figure.unit, align="center")
        book.write(sheet, line, 8, figure.note, text_wrap=True, font_size=9.5)
        if figure.value is None:
            book.write(sheet, line, 3, f"缺：需{figure.lacks}", align="center", font_color=RED)
        else:
            book.write(sheet, line, 3, figure.value, figure.look, bold=True)
        _compared(book, sheet, line, 4, figure, page.earlier["last"], difference=False)
        _compared(book, sheet, line, 5, figure, page.earlier["last"], difference=True)
        _compared(book, sheet, line, 6, figure, page.earlier["year_ago"], difference=False)
        _compared(book, sheet, line, 7, figure, page.earlier["year_end"], difference=True)
    return row + 2 + len(page.figures)


def _compared(
    book: Book,
    sheet: Any,
    row: int,
    column: int,
    figure: Figure,
    other: tuple[str, Mapping[str, float] | None],
    *,
    difference: bool,
) -> None:
    """An earlier figure, or the difference from it; what is lacking in its place."""
    name, figures = other
    before = None if figures is None else figures.get(figure.key)
    if before is None:
        lacking = f"缺：需{name}" if figures is None else "缺：该期没有"
        book.write(sheet, row, column, lacking, align="center", font_size=9)
        return
    look: Look = figure.look
    if not difference:
        book.write(sheet, row, column, before, look)
    elif figure.value is None:
        book.write(sheet, row, column, "—", align="center")
    else:
        change = float(less_as_shown(look, figure.value, before))
        book.write(sheet, row, column, change, "number", num_format=_DIFFERENCES[look])


def difference_said(look: Look, value: float, before: float) -> str:
    """The same as its cell shows it: ▲12.50点."""
    change = less_as_shown(look, value, before)
    if not change:
        return "持平"
    digits = 0 if look == "count" else 2
    return f"{'▲' if change > 0 else '▼'}{abs(change):,.{digits}f}{'点' if look == 'rate' else ''}"


def _changes(book: Book, sheet: Any, row: int, changes: Sequence[Change]) -> int:
    """Table B."""
    sheet.set_row(row, 26)
    sheet.write_string(row, 0, "二、变化最大的三件事", book.format(bold=True, valign="bottom"))
    _line(
        book,
        sheet,
        row + 1,
        (terms.label("place"), "对象", terms.label("customers_change"), "缘由"),
        (0, 1, 3, 6),
        header=True,
    )
    for line, change in enumerate(changes, row + 2):
        _line(book, sheet, line, (str(line - row - 1), change.who, change.amount, change.cause), (0, 1, 3, 6))
    return row + 2 + len(changes)


def _decisions(book: Book, sheet: Any, row: int, decisions: Sequence[Decision]) -> int:
    """Table C; more than the page holds are counted, and stand in 链接's workbooks."""
    sheet.set_row(row, 26)
    sheet.write_string(row, 0, "三、请领导定的事", book.format(bold=True, valign="bottom"))
    _line(book, sheet, row + 1, (terms.label("place"), terms.label("deed"), "由谁定"), (0, 1, 8), header=True)
    shown = list(decisions[:_DECISIONS])
    if not shown:
        shown = [Decision("本月没有要定的事。", "—")]
    elif len(decisions) > _DECISIONS:
        shown[-1] = Decision(f"另有 {len(decisions) - _DECISIONS + 1} 项，见各工作簿 口径", "—")
    for line, decision in enumerate(shown, row + 2):
        _line(book, sheet, line, (str(line - row - 1), decision.text, decision.by), (0, 1, 8))
    return row + 2 + len(shown)


def _line(
    book: Book, sheet: Any, row: int, texts: Sequence[str], starts: Sequence[int], *, header: bool = False
) -> None:
    """A line of cells that span columns: this page is a form, no list, so cells may be merged."""
    ends = [*(start - 1 for start in starts[1:]), _LAST]
    lines = 1
    for text, start, end in zip(texts, starts, ends, strict=True):
        style = book.header if header else book.cell("text", text_wrap=True, align="center" if start == 0 else "left")
        if start < end:
            sheet.merge_range(row, start, row, end, "", style)
        sheet.write_string(row, start, text, style)
        lines = max(lines, -(-display_width(text) // int(0.9 * sum(_WIDTHS[start : end + 1]) - 2)) if start else 1)
    sheet.set_row(row, 20 if header else 15 * lines + 5)


def _pictures(book: Book, sheet: Any, row: int, page: Page) -> int:
    """The grid of classes as shaded cells, and the deposits of thirteen months."""
    sheet.set_row(row, 26)
    sheet.write_string(row, 0, "四、客户结构与存款走势", book.format(bold=True, valign="bottom"))
    frequency, scale = page.classes["frequency"], page.classes["scale"]
    whole = max(len(page.classes), 1)
    places = dict(zip(terms.SCALES, (3, 4, 5), strict=True))
    top = row + 1
    for column, label in ((places[key], word) for key, word in terms.SCALES.items()):
        sheet.write_string(top, column, label, book.header)
    sheet.merge_range(top, 1, top, 2, "户数（颜色深的户多）", book.header)
    sheet.set_row(top, 24)
    for line, (key, word) in enumerate(terms.FREQUENCIES.items(), top + 1):
        sheet.set_row(line, 66)
        sheet.merge_range(line, 1, line, 2, word, book.header)
        for kind, column in places.items():
            count = int(((frequency == key) & (scale == kind)).sum())
            shade = next(colour for least, colour in _SHADES if count / whole >= least)
            style = book.format(
                border=1,
                border_color=GREY,
                align="center",
                text_wrap=True,
                bg_color=shade,
                bold=True,
                font_color="#FFFFFF" if shade == _SHADES[0][1] else "#000000",
            )
            sheet.write_string(line, column, f"{count:,}\n{count / whole:.1%}", style)
    if page.history:
        _chart(book, sheet, top, page.history)
    return top + 5


def _chart(book: Book, sheet: Any, row: int, history: Sequence[tuple[int, int]]) -> None:
    """Average deposits as a line, their growth as columns."""
    names = [month_name(month)[2:] for month, _ in history]
    level = [cents / _WAN for _, cents in history]
    growth = [None, *(round(now - before, 6) for before, now in itertools.pairwise(level))]
    change = level[-1] - level[0]
    title = f"存款{terms.said('average_deposit_month')} {level[-1]:,.2f} 万元" + (
        f"，{len(level) - 1} 个月{'增' if change >= 0 else '减'} {abs(change):,.2f}" if len(level) > 1 else ""
    )
    chart = book.chart("column", {}, title)
    series: dict[str, list[Any]] = {"月增（左轴）": growth, "月日均（右轴）": level}
    growing, standing = book.numbers.take(f"{sheet.name}：{title}（万元）", names, series)
    chart.add_series(
        growing
        | {
            "fill": {"color": "#8EA9DB"},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "#,##0", "font": {"size": 7}},
        }
    )
    line_chart = book.chart("line", {}, "")
    line_chart.add_series(
        standing
        | {
            "line": {"color": "#1F3864", "width": 2},
            "y2_axis": True,
        }
    )
    chart.combine(line_chart)
    font = {"name": "宋体", "size": 8}
    plain = {"num_font": font, "num_format": "#,##0", "major_gridlines": {"visible": False}}
    chart.set_title({"name": title, "name_font": {"name": "黑体", "size": 10, "bold": False}, "overlay": False})
    chart.set_x_axis(
        {"num_font": font | {"rotation": -45}, "label_position": "low", "major_gridlines": {"visible": False}}
    )
    chart.set_y_axis(plain)
    line_chart.set_y2_axis(plain)
    chart.set_size({"width": pixels(_WIDTHS[6:]) - 12, "height": 296})
    sheet.insert_chart(row, 6, chart, {"x_offset": 8, "object_position": 1})


def _foot(book: Book, sheet: Any, row: int, page: Page) -> int:
    """Links to what goes with the page, signatures, institution and day."""
    sheet.write_string(row, 0, "附件", book.format(bold=True))
    for column, name in zip((1, 3, 5), page.books, strict=False):
        sheet.write_url(row, column, f"external:{name}", book.format(font_color="#1F3864", underline=1), name)
    sheet.write_string(row + 1, 0, book.meta.signatures, book.format())
    sheet.write_string(row + 2, _LAST, book.meta.institution, book.format(align="right"))
    day = page.signed_on
    text = f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"
    sheet.write_string(row + 3, _LAST, text, book.format(align="right"))
    return row + 3

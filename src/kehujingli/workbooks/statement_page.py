"""What does one look at a statement tell? One A4 page: four figures, how the score came about, the items, what to do next, three months, the pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.terms.widths import display_width
from kehujingli.values import Style
from kehujingli.workbooks.house import HEADER_FILL, RED, Book, Plot
from kehujingli.workbooks.looks import Look

WIDTHS = (21, 7, 12, 12, 11, 10, 10, 13)
LAST = len(WIDTHS) - 1
_STEPS = ((0, 0), (1, 3), (4, 4), (5, LAST))
"""The columns of 指标, 下一步, 计发多 and 从哪些户做起."""
_STRIP = ((0, 0), (1, 2), *((column, column) for column in range(3, LAST + 1)))
"""The columns of figures beside one another: the unit's is too narrow for one."""
_CHART = 150


@dataclass(frozen=True)
class Tile:
    """One large figure: what it is, its value (or a word where there is none), and a line below."""

    head: str
    value: Any
    look: Look
    note: str = ""
    number: str = ""
    """Its format, where it is not the look's."""


@dataclass(frozen=True)
class Line:
    """One item: as the month kept it. ``actual`` and ``target`` in 元, as a fraction or as a count, by ``style``."""

    label: str
    style: Style
    unit: str
    target: Decimal | None
    actual: Decimal | None
    completion: Decimal | None
    points: Decimal | None
    item_points: Decimal | None


@dataclass(frozen=True)
class Step:
    """One next step: the promise of ``gap`` word for word, what it adds to the score that pays, and whom to begin with."""

    label: str
    said: str
    gain: Decimal
    whom: str


@dataclass(frozen=True)
class Page:
    """What stands on the page; whatever is empty is left out."""

    tiles: Sequence[Tile]
    cause: str = ""
    """Why there is no score."""
    bridge: Sequence[tuple[str, Decimal]] = ()
    """原始 → 折算 → 封顶 → 计发: each adds up to the next."""
    items: Sequence[Line] = ()
    told: Sequence[str] = ()
    """What held the score down, what cost the most, what a point is worth."""
    steps: Sequence[Step] = ()
    no_steps: str = ""
    held: str = ""
    """What keeps the pay as it is, whatever is scored more."""
    months: Sequence[tuple[str, Decimal]] = ()
    missing: str = ""
    """Which of the three months is not kept."""
    pay: Sequence[tuple[str, Decimal]] = field(default=())
    owed: str = ""


def draw_page(book: Book, sheet: Any, page: Page, feet: Sequence[str]) -> None:
    """The page below its heading, its columns told before by ``book.columns``; ``feet``: the sentences that close it."""
    _tiles(book, sheet, page.tiles)
    row = 7
    if page.cause:
        row = _sentence(book, sheet, row, page.cause, font_color=RED, bold=True)
    if page.bridge:
        row = _strip(book, sheet, _head(book, sheet, row, "得分怎样来（分）"), page.bridge, "points")
    if page.items:
        row = _items(book, sheet, _head(book, sheet, row, "各项"), page.items)
    for said in page.told:
        row = _sentence(book, sheet, row, said)
    row = _next(book, sheet, row, page)
    row = _months(book, sheet, row, page)
    if page.pay:
        row = _strip(book, sheet, _head(book, sheet, row, "绩效薪酬（元，税前）"), page.pay, "amount")
    for said in (page.owed, *feet):
        row = _sentence(book, sheet, row, said) if said else row
    sheet.write_string(row, 0, book.meta.signatures, book.format())
    book.page(sheet, row, len(WIDTHS), portrait=True, one_page=True, height=_height(row, page))


def _height(row: int, page: Page) -> float:
    """In points: rows, and what the wrapped ones take more."""
    return 19.0 * (row + 2) + 16 * len(page.steps) + 60


def _tiles(book: Book, sheet: Any, tiles: Sequence[Tile]) -> None:
    for place, tile in enumerate(tiles):
        first = 2 * place
        look = {"align": "center", "bg_color": HEADER_FILL, "border": 0}
        figure: Look = tile.look if not isinstance(tile.value, str) else "text"
        number = {"num_format": tile.number} if tile.number and figure != "text" else {}
        for row, value, kind, more in (
            (3, tile.head, "text", {"bold": True}),
            (4, tile.value, figure, {"font_size": 20, "bold": True, "font_name": "黑体"} | number),
            (5, tile.note, "text", {"font_size": 9}),
        ):
            sheet.merge_range(row, first, row, first + 1, "", book.cell(kind, **look | more))  # type: ignore[arg-type]
            book.write(sheet, row, first, value, kind, **look | more)  # type: ignore[arg-type]
    sheet.set_row(4, 34)


def _head(book: Book, sheet: Any, row: int, said: str) -> int:
    sheet.set_row(row, 21)
    sheet.write_string(row, 0, said, book.format(bold=True, font_name="黑体", valign="bottom"))
    return row + 1


def _strip(book: Book, sheet: Any, row: int, parts: Sequence[tuple[str, Decimal]], look: Look) -> int:
    """Figures beside one another under what they are, on as many lines as they need; the last is what comes out."""
    for start in range(0, len(parts), len(_STRIP)):
        for (first, last), (head, value) in zip(_STRIP, parts[start : start + len(_STRIP)], strict=False):
            _over(book, sheet, row, first, last, head, "text", header=True)
            _over(book, sheet, row + 1, first, last, value, look, align="center", bold=(head, value) == parts[-1])
        row += 2
    return row


def _items(book: Book, sheet: Any, row: int, lines: Sequence[Line]) -> int:
    """Target, actual, rate and points as numbers, their unit beside them, and a bar for how much of the standard points was got."""
    keys = ("item", "unit", "target", "actual", "completion", "points", "item_points")
    for column, head in enumerate((*map(terms.label, keys), "得分率")):
        sheet.write_string(row, column, head, book.header)
    first = row + 1
    for row, line in enumerate(lines, first):
        book.write(sheet, row, 0, line.label)
        book.write(sheet, row, 1, line.unit, "text", align="center")
        for column, value in ((2, line.target), (3, line.actual)):
            _quantity(book, sheet, row, column, value, line.style)
        book.write(sheet, row, 4, line.completion, "rate")
        book.write(sheet, row, 5, line.points, "points")
        if line.item_points is None:
            book.write(sheet, row, 6, "未计", "text", align="right")
        else:
            book.write(sheet, row, 6, line.item_points, "points", bold=True)
        share = line.item_points / line.points if line.item_points is not None and line.points else None
        book.write(sheet, row, LAST, share, "rate", num_format="0%")
    last = first + len(lines) - 1
    book.bars(sheet.name, (first, LAST, last, LAST), top=1)
    return last + 1


def _quantity(book: Book, sheet: Any, row: int, column: int, value: Decimal | None, style: Style) -> None:
    """万元 with two decimals, a ratio in %, a count or a bare number as it is."""
    match style:
        case "money":
            book.write(sheet, row, column, None if value is None else value / 10_000, "amount")
        case "ratio":
            book.write(sheet, row, column, value, "rate")
        case _:
            whole = value is None or value == value.to_integral_value()
            book.write(sheet, row, column, value, "number", num_format="#,##0" if whole else "#,##0.00##")


def _next(book: Book, sheet: Any, row: int, page: Page) -> int:
    """The steps as a table; where there is none, why."""
    if page.no_steps:
        return _sentence(book, sheet, row, page.no_steps)
    if not page.steps:
        return row
    row = _head(book, sheet, row, "下一步：最省力的在前（每多 1 分要多做的，占任务或实绩的比例最小）")
    for (first, last), head in zip(
        _STEPS, (terms.label("item"), "做到什么", "计发多（分）", "从哪些户做起"), strict=True
    ):
        _over(book, sheet, row, first, last, head, "text", header=True)
    for step in page.steps:
        row += 1
        cells: Sequence[tuple[Any, Look]] = (
            (step.label, "text"),
            (step.said, "text"),
            (step.gain, "points"),
            (step.whom, "text"),
        )
        lines = 1
        for (first, last), (value, look) in zip(_STEPS, cells, strict=True):
            _over(book, sheet, row, first, last, value, look)
            if look == "text":
                lines = max(lines, -(-display_width(value) // int(0.9 * sum(WIDTHS[first : last + 1]) - 2)))
        sheet.set_row(row, 15 * lines + 4)
    return row + 1


def _months(book: Book, sheet: Any, row: int, page: Page) -> int:
    """The score of the kept months as columns; a single one is no picture."""
    if len(page.months) < 2:
        return _sentence(book, sheet, row, page.missing) if page.missing else row
    names = [name for name, _ in page.months]
    figures = [float(score) for _, score in page.months]
    moved = page.months[-1][1] - page.months[0][1]
    way = f"升 {moved:.2f}" if moved > 0 else f"降 {-moved:.2f}" if moved < 0 else "持平"
    title = f"得分 {page.months[0][1]:.2f} → {page.months[-1][1]:.2f}，{way}"
    plot = Plot("column", title, names, {terms.label("score"): figures}, number="0.00", height=_CHART)
    row = book.plot(sheet, plot, (row, 0), sum(7 * width + 5 for width in WIDTHS))
    return _sentence(book, sheet, row, page.missing) if page.missing else row


def _sentence(book: Book, sheet: Any, row: int, said: str, **look: Any) -> int:
    """A sentence over the page, on as many lines as it needs."""
    style = book.format(text_wrap=True, **look)
    sheet.merge_range(row, 0, row, LAST, "", style)
    sheet.write_string(row, 0, said, style)
    sheet.set_row(row, 15 * -(-display_width(said) // int(0.92 * sum(WIDTHS))) + 3)
    return row + 1


def _over(
    book: Book,
    sheet: Any,
    row: int,
    first: int,
    last: int,
    value: Any,
    look: Look,
    *,
    header: bool = False,
    **more: Any,
) -> None:
    """A cell over several columns: this page is a form, no list."""
    more |= {} if look != "text" else {"text_wrap": True, "shrink": False}
    style = book.header if header else book.cell(look, **more)
    if first < last:
        sheet.merge_range(row, first, row, last, "", style)
    if header:
        sheet.write_string(row, first, value, style)
    else:
        book.write(sheet, row, first, value, look, **more)

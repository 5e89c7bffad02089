"""What does the pack of one branch or manager show? 首页 beside the county and last month, 客户清单, 变动, 到期与逾期, 考核得分, 回执 to be signed, 口径."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.lists.packs import MEASURES, By
from kehujingli.terms.places import cell_name, column_name
from kehujingli.terms.widths import display_width
from kehujingli.values import listed, missing, round_half_up
from kehujingli.workbooks.bulk import engine, rows_in_parts
from kehujingli.workbooks.few import cell_xml, number_xml
from kehujingli.workbooks.house import MAX_ROWS, RED, Book, Highlight, Meta, fed, labelled
from kehujingli.workbooks.looks import CELLS, less_as_shown, sum_of
from kehujingli.workbooks.mould import MARKS, Fill, Mould
from kehujingli.workbooks.pack_lists import Lists, Parted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from kehujingli.lists.packs import Pack
    from kehujingli.workbooks.looks import Column, Look

    Figure = tuple[str, float | None, float | None, float | None]
    """Which measure, own, a month before, the county's."""
    Cell = tuple[int, int, Any, Look | None, Mapping[str, Any]]
    """Row and column from 0, what it says, its look (none: a line of text across the page) and what else of its format."""

COVER, RECEIPT = "首页", "回执"
SHEETS = {
    "customers": "客户清单",
    "changes": terms.label("change"),
    "due": "到期与逾期",
    "signals": "信号",
    "visits": "走访计划",
    "scores": "考核得分",
    "pay": "绩效薪酬",
}
"""List → sheet."""
_FIRST, _LAST = 5, 5
"""The first row below a header, from 1; the last column of 首页, from 0."""
_BAD = {"font_color": RED}
ASKED = ("无", "有")
"""Of 回执: whether there is an objection."""
_BORNE = "借据、账户自己写明在岗客户经理的归他，没有的归客户的管户人，和 due 一样。"
_MEANING = 84
"""Characters of a line of what 口径 says."""
_HIGH, _LOW = "▲ 高", "▼ 低"
_WORSE = {"npl_ratio": _HIGH, "mean_score": _LOW, "frequent_share": _LOW, "upper_share": _LOW}
"""What stands in red beside the county: the worse side of a ratio."""
RECEIPT_COLUMNS = [
    labelled("period", "id", 10),
    labelled("receiver_id", width=12),
    labelled("receiver", width=18),
    labelled("signed_by", width=14),
    labelled("signed_on", "text", 14, table="packs"),
    labelled("objects", width=10, choices=ASKED),
    labelled("objection", width=50),
    labelled("pack_number", width=12),
]


def write_packs(
    packs: Sequence[Pack], lists: Lists, meta: Meta, days: int, told: Sequence[tuple[str, str]], targets: Sequence[Path]
) -> Iterator[str]:
    """A workbook each, in their order; ``told``: what 口径 says besides. Yields each 资料编号: other figures or rows, another number."""
    mould = _Moulded(packs[0], lists, meta, days, told)
    with ExitStack() as stack:
        con = cache(lambda: stack.enter_context(engine()))
        own = {name: mould.rows(con, name, parted) for name, parted in lists.items()}
        said = {name: parted.said() for name, parted in lists.items()}
        for place, (pack, target) in enumerate(zip(packs, targets, strict=True)):
            figures = _figures(pack)
            number = _number(pack, figures, {SHEETS[name]: next(texts) for name, texts in said.items()})
            rows = {name: (parted.rows(place), next(own[name])) for name, parted in lists.items()}
            if any(
                len(table) > MAX_ROWS for table, _ in rows.values()
            ):  # more than a sheet holds: it goes on in the next
                book, cells = Book(meta), list(_cover_cells(pack, figures, days, meta.signatures))
                whole = {name: (lists[name].columns, table) for name, (table, _) in rows.items()}
                lay_out(book, pack, whole, cells, days, told, number)
                book.save(target)
            else:
                mould.write(target, pack, figures, rows, number)
            yield number


class _Moulded:
    """The pack of nobody, with nothing in it, as all packs of the month look."""

    def __init__(self, one: Pack, lists: Lists, meta: Meta, days: int, told: Sequence[tuple[str, str]]) -> None:
        self._days, self._meta = days, meta
        self._columns = {name: parted.columns for name, parted in lists.items()}
        book = Book(meta)
        key, name = MARKS
        nobody = replace(one, key=key, name=name)
        cells = [cell for cell in _cover_cells(nobody, _each_way(), days, meta.signatures) if cell[3] is not None]
        empty = {name: parted.table.slice(0, 0) for name, parted in lists.items()}
        lay_out(
            book, nobody, {name: (self._columns[name], table) for name, table in empty.items()}, cells, days, told, ""
        )
        rows = {SHEETS[name]: (_FIRST, _FIRST + 1) for name in lists}
        self._mould = Mould(book, {COVER: (_FIRST, 1 << 20), RECEIPT: (_FIRST, _FIRST), **rows})
        self._styles = {sheet: self._mould.styles(sheet) for sheet in (COVER, RECEIPT, *rows)}
        placed = [(row, column, cell_name(row, column), bool(more)) for row, column, _, _, more in cells]
        self._places = {(row, column): (name, self._styles[COVER][name]) for row, column, name, _ in placed}
        self._red = next(self._styles[COVER][name] for _, _, name, red in placed if red)
        self._black = next(self._styles[COVER][name] for _, column, name, red in placed if column == _LAST and not red)
        self._plain = self._styles[COVER]["A2"]

    def rows(self, con: Callable[[], duckdb.DuckDBPyConnection], name: str, parted: Parted) -> Iterator[bytes]:
        """The XML of each pack's rows of a list."""
        kinds = [CELLS[column.look] for column in parted.columns]
        styles = [self._styles[SHEETS[name]][cell_name(_FIRST - 1, index)] for index in range(len(kinds))]
        return rows_in_parts(con, parted.table, kinds, styles, parted.ends, _FIRST)

    def write(
        self,
        target: Path,
        pack: Pack,
        figures: Sequence[Figure],
        lists: Mapping[str, tuple[pa.Table, bytes]],
        number: str,
    ) -> None:
        fills = {SHEETS[name]: self._listed(name, rows, xml) for name, (rows, xml) in lists.items() if len(rows)}
        names = [cell_name(_FIRST - 1, index) for index in range(len(RECEIPT_COLUMNS))]
        told = zip(names, _signed(pack, number), strict=True)
        cells = [cell_xml(name, self._styles[RECEIPT][name], value, text=True) for name, value in told]
        fills[RECEIPT] = Fill(f'<row r="{_FIRST}">{"".join(cells)}</row>'.encode(), _FIRST, _FIRST + 1)
        fills[COVER] = self._covered(pack, figures)
        self._mould.write(target, fills, (pack.key, pack.name))

    def _listed(self, name: str, rows: pa.Table, xml: bytes) -> Fill:
        last = _FIRST - 1 + len(rows)
        totals = {
            column_name(index): number_xml(sum_of(rows, column, index), CELLS[column.look])
            for index, column in enumerate(self._columns[name])
            if column.total and index
        }
        return Fill(xml, last, last, totals)

    def _covered(self, pack: Pack, figures: Sequence[Figure]) -> Fill:
        rows: dict[int, list[str]] = {}
        end = 0
        for row, column, value, look, more in _cover_cells(pack, figures, self._days, self._meta.signatures):
            text = look in (None, "text")
            name, style = (cell_name(row, column), self._plain) if look is None else self._places[row, column]
            if column == _LAST:
                style = self._red if more else self._black
            said = value if text else None if missing(value) else f"{fed(look or 'text', value):.16G}"
            rows.setdefault(row, []).append(cell_xml(name, style, said, text=text))
            end = row
        xml = "".join(f'<row r="{row + 1}">{"".join(cells)}</row>' for row, cells in rows.items())
        return Fill(xml.encode(), end + 1, end + 1)


def lay_out(
    book: Book,
    pack: Pack,
    lists: Mapping[str, tuple[Sequence[Column], pa.Table]],
    cells: Sequence[Cell],
    days: int,
    told: Sequence[tuple[str, str]],
    number: str,
) -> None:
    """All sheets of a pack. ``cells``: of 首页, below its header."""
    import pyarrow as pa

    title = pack.name if pack.by == "branch" else f"{pack.key} {pack.name}"
    _cover(book, pack, title, cells)
    book.list("客户清单", f"{title}客户清单", "元", *lists["customers"], freeze=2)
    nothing = pack.before_said
    book.list(SHEETS["changes"], f"{title}客户变动", "元", *lists["changes"], freeze=2, nothing=nothing)
    late = Highlight('=LEFT($A5,3)="已逾期"', RED)
    book.list("到期与逾期", f"{title}　已逾期和 {days} 天内到期", "元", *lists["due"], freeze=1, highlights=[late])
    if "signals" in lists:
        heading = f"{title}信号：该马上去看的客户"
        book.list("信号", heading, "元", *lists["signals"], freeze=3, nothing="没有信号。")
    if "visits" in lists:
        heading = f"{title}以后几周的走访计划"
        book.list("走访计划", heading, "", *lists["visits"], freeze=1, nothing="没有排上的走访。")
    _scores(book, pack, title, lists)
    signed = "签收人写姓名；日期写成 2026-11-05；异议选有或无，有异议的写明哪一户、哪个数、应是多少。前三列和资料编号不要改。"
    row = pa.table(
        [pa.array([cell], pa.string()) for cell in _signed(pack, number)],
        names=[column.key for column in RECEIPT_COLUMNS],
    )
    book.list(RECEIPT, f"{title}签收回执", "", RECEIPT_COLUMNS, row, freeze=3, signed=signed, one_page=True)
    _definitions(book, pack, told)


def _number(pack: Pack, figures: Sequence[Figure], lists: Mapping[str, bytes]) -> str:
    """Stands for all that the pack says, whoever wrote it and when. A letter first: no spreadsheet takes it for a number."""
    digest = hashlib.sha256(f"{pack.period} {pack.by} {pack.key}".encode())
    for figure in figures:
        digest.update(repr(figure).encode())
    for sheet, rows in lists.items():
        digest.update(sheet.encode() + b"\x1d" + rows)
    return f"P{digest.hexdigest()[:8].upper()}"


def _figures(pack: Pack) -> list[Figure]:
    return list(zip(*(pack.figures[key].tolist() for key in ("measure", "own", "before", "county")), strict=True))


def _scores(book: Book, pack: Pack, title: str, lists: Mapping[str, tuple[Sequence[Column], pa.Table]]) -> None:
    """A branch: own people, without pay. A manager: his own items, then his pay."""
    if pack.by == "branch":
        heading, nothing = f"{title}客户经理考核得分", "本期没有人参加考核。"
        book.list("考核得分", heading, "分", *lists["scores"], freeze=4, nothing=nothing)
        return
    book.list("考核得分", f"{title}考核得分", "分", *lists["scores"], freeze=1, nothing="本期没有参加考核。")
    if "pay" in lists:
        book.list("绩效薪酬", f"{title}绩效薪酬", "元", *lists["pay"], freeze=1, nothing="本期没有绩效薪酬。")


def _cover(book: Book, pack: Pack, title: str, cells: Sequence[Cell]) -> None:
    sheet = book.sheet(COVER)
    book.columns(sheet, [32, 15, 15, 15, 15, 15])
    book.heading(sheet, f"{title}客户经营月度资料", 6, "")
    who = "本机构" if pack.by == "branch" else "本人"
    heads = (terms.label("item"), who, "上月", terms.label("rank_change"), "全辖平均", "与全辖比")
    for column, head in enumerate(heads):
        sheet.write_string(3, column, head, book.header)
    row = 0
    for row, column, value, look, more in cells:
        if look is None:
            sheet.write_string(row, column, str(value), book.format())
        else:
            book.write(sheet, row, column, value, look, **({"align": "center"} if column == _LAST else {}), **more)
    book.page(sheet, row, 6, one_page=True)


def _cover_cells(pack: Pack, figures: Sequence[Figure], days: int, signatures: str) -> Iterator[Cell]:
    """What stands on 首页 below the header: the figures, sentences, signatures."""
    row = _FIRST - 1
    for measure, own, before, county in figures:
        label, look = _called(measure, pack.by)
        yield row, 0, label, "text", {}
        for column, value in enumerate((own, before, _less(own, before, look)), 1):
            yield row, column, value, look, {}
        counted = look == "count"
        mean = float(round_half_up(Decimal(str(county)), 1)) if counted and not missing(county) else county
        yield row, 4, mean, "number" if counted else look, {}
        against = _compared(own, county)
        yield row, _LAST, against, "text", _BAD if against and against == _WORSE.get(measure) else {}
        row += 1
    of = "机构" if pack.by == "branch" else "客户经理"
    explained = f"全辖平均：占比、比率和得分是全辖的，其余是有客户的各{of}的平均；占比、比率较上月是百分点。上月空着的是上月没有留下结果。"
    for sentence in (*_sentences(pack, days), "", explained):
        row += 1
        yield row, 0, sentence, None, {}
    yield row + 2, 0, signatures, None, {}


@cache
def _called(measure: str, by: By) -> tuple[str, Look]:
    """What a figure of 首页 is called, and its look."""
    term = terms.term("own_score" if measure == "mean_score" and by == "manager" else measure, "packs")
    assert term.kind != "flag"
    return term.label, term.kind


def _each_way() -> list[Figure]:
    """Figures that need every look of 首页: worse than the county where that is in red, as the county elsewhere."""
    against = {_HIGH: 0.0, _LOW: 2.0}
    return [(name, 1.0, 1.0, against.get(_WORSE.get(name, ""), 1.0)) for name in MEASURES]


def _less(own: float | None, before: float | None, look: Look) -> float | None:
    """The difference of two cells as its own cell is fed: 分 of 万元, a fraction of percentage points."""
    if missing(own) or missing(before):
        return None
    assert own is not None
    assert before is not None
    units = {"wan": Decimal(1_000_000), "yuan": Decimal(100), "rate": Decimal("0.01")}
    return float(less_as_shown(look, own, before) * units.get(look, Decimal(1)))


def _compared(own: float | None, county: float | None) -> str:
    """A word and a mark, so that it reads in black and white."""
    if missing(own) or missing(county):
        return ""
    assert own is not None
    assert county is not None
    return _HIGH if own > county else _LOW if own < county else "持平"


def _sentences(pack: Pack, days: int) -> list[str]:
    """What to look at first: what is past due, what falls due, who has nobody, who changed."""
    late, soon, term = (list[int]() for _ in range(3))
    for what, days_late, balance in zip(*(pack.due[key].tolist() for key in ("what", "late", "balance")), strict=True):
        own = term if what != terms.LINES["loan"] else late if days_late > 0 else soon
        own.append(0 if missing(balance) else int(balance))
    parts = [
        f"{what}没有算（{pack.lacks[key]}）" if key in pack.lacks else f"{what} {len(rows):,} 笔、{_wan(rows)} 万元"
        for key, what, rows in (
            ("late", "已逾期贷款", late),
            ("soon", f"{days} 天内到期贷款", soon),
            ("term", f"{days} 天内到期定期", term),
        )
    ]
    told = [f"1. {'；'.join(parts)}。见“到期与逾期”。"]
    moves = Counter(pack.changes["change"].tolist())
    words = "，".join(f"{word} {moves[key]:,} 户" for key, word in terms.CHANGES.items() if moves[key])
    moved = f"2. 本期客户变动：{words or '没有'}。见“变动”。{pack.before_said}"
    told.append(f"2. 本期客户变动：{pack.before_said}" if pack.before_said and not words else moved)
    if pack.by == "branch":
        names = Counter(pack.customers["manager_name"].tolist())
        unheld, public = names[terms.UNHELD], names[terms.PUBLIC]
        told.append(
            f"3. 客户 {len(pack.customers):,} 户，其中公共 {public:,} 户、未挂户 {unheld:,} 户（应配客户经理而没有）。见“客户清单”。"
        )
    elif pack.pay is not None and len(pack.pay):
        paid = "；".join(
            f"应发 {pay} 元，实际兑付 {out} 元"
            for pay, out in zip(listed(pack.pay["pay"]), listed(pack.pay["paid"]), strict=True)
            if not missing(pay)
        )
        told.append(f"3. 绩效：{paid or '未计'}。见“绩效薪酬”。")
    told.append(f"{len(told) + 1}. 请核对后填“{RECEIPT}”：签收人、日期、有无异议，把本文件发回。")
    return told


def _wan(cents: Sequence[int]) -> str:
    return f"{sum(cents) / 1_000_000:,.2f}"


def _signed(pack: Pack, number: str) -> list[str | None]:
    """The row of 回执 that the receiver fills in."""
    row = {"period": pack.period, "receiver_id": pack.key or None, "receiver": pack.name, "pack_number": number}
    return [row.get(column.key) for column in RECEIPT_COLUMNS]


def _definitions(book: Book, pack: Pack, told: Sequence[tuple[str, str]]) -> None:
    sheet = book.sheet("口径")
    book.columns(sheet, [20, 90])
    book.heading(sheet, "口径", 2, "")
    own = "客户所属机构是本机构的，有没有客户经理都在内。" if pack.by == "branch" else "期末由本人管户的。"
    lines = [
        *told,
        (
            "客户清单",
            f"{own}姓名是全名，手机号已遮；本文件只发给本{'机构' if pack.by == 'branch' else '人'}，不要转发。",
        ),
        (
            "到期与逾期",
            f"贷款看到期日和逾期天数，只算表内有余额的；定期看到期日。{_BORNE if pack.by == 'manager' else ''}",
        ),
        (
            terms.label("cause", "changes"),
            "户群不是上期那一类的，为什么；“数据补到”是以前就有、这个月才导进来的，不算变动，排在最后。",
        ),
        (
            terms.label("manager_name"),
            f"{terms.PUBLIC}：不必配客户经理的；{terms.UNHELD}：应配而没有的；不在本机构名册上的不写姓名。",
        ),
    ]
    for row, (name, meaning) in enumerate(lines, 3):
        sheet.write_string(row, 0, name, book.cell("text", bold=True, valign="top"))
        sheet.write_string(row, 1, meaning, book.cell("text", text_wrap=True))
        sheet.set_row(row, 16 * -(-display_width(meaning) // _MEANING) + 2)
    book.page(sheet, len(lines) + 3, 2, portrait=True, one_page=True)

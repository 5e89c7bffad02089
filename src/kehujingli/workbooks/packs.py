"""What does the pack of one branch or manager show? 首页 beside the county and last month, 客户清单, 变动, 到期与逾期, 考核得分, 回执 to be signed, 口径."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.values import listed, missing
from kehujingli.workbooks.bulk import said_in
from kehujingli.workbooks.house import RED, Book, Highlight, Meta, labelled
from kehujingli.workbooks.looks import less_as_shown
from kehujingli.workbooks.pack_lists import Lists

if TYPE_CHECKING:
    from kehujingli.lists.packs import Pack

RECEIPT = "回执"
ASKED = ("无", "有")
"""Of 回执: whether there is an objection."""
_BORNE = "借据、账户自己写明在岗客户经理的归他，没有的归客户的管户人，和 due 一样。"
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


def write_pack(target: Path, meta: Meta, pack: Pack, lists: Lists, days: int, told: Sequence[tuple[str, str]]) -> str:
    """``lists``: its own, as ``lists_of`` cut them; ``told``: what 口径 says besides. Returns its 资料编号: other figures or rows, another number."""
    book = Book(meta)
    title = pack.name if pack.by == "branch" else f"{pack.key} {pack.name}"
    _cover(book, pack, title, days)
    book.list("客户清单", f"{title}客户清单", "元", *lists["customers"], freeze=2)
    nothing = pack.before_said
    book.list(terms.label("change"), f"{title}客户变动", "元", *lists["changes"], freeze=2, nothing=nothing)
    late = Highlight('=LEFT($A5,3)="已逾期"', RED)
    book.list("到期与逾期", f"{title}　已逾期和 {days} 天内到期", "元", *lists["due"], freeze=1, highlights=[late])
    if "signals" in lists:
        heading = f"{title}信号：该马上去看的客户"
        book.list("信号", heading, "元", *lists["signals"], freeze=3, nothing="没有信号。")
    if "visits" in lists:
        heading = f"{title}以后几周的走访计划"
        book.list("走访计划", heading, "", *lists["visits"], freeze=1, nothing="没有排上的走访。")
    _scores(book, pack, title, lists)
    number = _number(pack, said_in(book.lists))
    _receipt(book, pack, title, number)
    _definitions(book, pack, told)
    book.save(target)
    return number


def _number(pack: Pack, rows: Iterable[str]) -> str:
    """Stands for all that the pack says, whoever wrote it and when. A letter first: no spreadsheet takes it for a number."""
    digest = hashlib.sha256(f"{pack.period} {pack.by} {pack.key}".encode())
    for part in (*map(repr, _figures(pack)), *rows):
        digest.update(part.encode(errors="surrogatepass"))
    return f"P{digest.hexdigest()[:8].upper()}"


def _figures(pack: Pack) -> list[tuple[str, float | None, float | None, float | None]]:
    """measure, own, before, county."""
    return list(zip(*(listed(pack.figures[key]) for key in ("measure", "own", "before", "county")), strict=True))


def _scores(book: Book, pack: Pack, title: str, lists: Lists) -> None:
    """A branch: own people, without pay. A manager: his own items, then his pay."""
    if pack.by == "branch":
        heading, nothing = f"{title}客户经理考核得分", "本期没有人参加考核。"
        book.list("考核得分", heading, "分", *lists["scores"], freeze=4, nothing=nothing)
        return
    book.list("考核得分", f"{title}考核得分", "分", *lists["scores"], freeze=1, nothing="本期没有参加考核。")
    if "pay" in lists:
        book.list("绩效薪酬", f"{title}绩效薪酬", "元", *lists["pay"], freeze=1, nothing="本期没有绩效薪酬。")


def _cover(book: Book, pack: Pack, title: str, days: int) -> None:
    sheet = book.sheet("首页")
    book.columns(sheet, [32, 15, 15, 15, 15, 15])
    book.heading(sheet, f"{title}客户经营月度资料", 6, "")
    who, of = ("本机构", "机构") if pack.by == "branch" else ("本人", "客户经理")
    for column, head in enumerate(
        (terms.label("item"), who, "上月", terms.label("rank_change"), "全辖平均", "与全辖比")
    ):
        sheet.write_string(3, column, head, book.header)
    row = 4
    for measure, own, before, county in _figures(pack):
        own_score = measure == "mean_score" and pack.by == "manager"
        term = terms.term("own_score" if own_score else measure, "packs")
        look: Any = term.kind
        book.write(sheet, row, 0, term.label)
        for column, value in enumerate((own, before, _less(own, before, look)), 1):
            book.write(sheet, row, column, value, look)
        counted = look == "count" and county is not None
        mean = round(county, 1) if counted and county is not None else county
        book.write(sheet, row, 4, mean, "number" if counted else look)
        against = _compared(own, county)
        colour = {"font_color": RED} if against and against == _WORSE.get(measure) else {}
        book.write(sheet, row, 5, against, "text", align="center", **colour)
        row += 1
    row += 1
    for sentence in [
        *_sentences(pack, days),
        "",
        f"全辖平均：占比、比率和得分是全辖的，其余是有客户的各{of}的平均；占比、比率较上月是百分点。上月空着的是上月没有留下结果。",
    ]:
        sheet.write_string(row, 0, sentence, book.format())
        row += 1
    sheet.write_string(row + 1, 0, book.meta.signatures, book.format())
    book.page(sheet, row + 1, 6, one_page=True)


def _less(own: float | None, before: float | None, look: Any) -> float | None:
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
    for what, days_late, balance in zip(*(listed(pack.due[key]) for key in ("what", "late", "balance")), strict=True):
        own = term if what != terms.LINES["loan"] else late if days_late > 0 else soon
        own.append(int(balance or 0))
    parts = [
        f"{what}没有算（{pack.lacks[key]}）" if key in pack.lacks else f"{what} {len(rows):,} 笔、{_wan(rows)} 万元"
        for key, what, rows in (
            ("late", "已逾期贷款", late),
            ("soon", f"{days} 天内到期贷款", soon),
            ("term", f"{days} 天内到期定期", term),
        )
    ]
    told = [f"1. {'；'.join(parts)}。见“到期与逾期”。"]
    moves = Counter(listed(pack.changes["change"]))
    words = "，".join(f"{word} {moves[key]:,} 户" for key, word in terms.CHANGES.items() if moves[key])
    moved = f"2. 本期客户变动：{words or '没有'}。见“变动”。{pack.before_said}"
    told.append(f"2. 本期客户变动：{pack.before_said}" if pack.before_said and not words else moved)
    if pack.by == "branch":
        names = Counter(listed(pack.customers["manager_name"]))
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


def _receipt(book: Book, pack: Pack, title: str, number: str) -> None:
    import pyarrow as pa

    row = {"period": pack.period, "receiver_id": pack.key or None, "receiver": pack.name, "pack_number": number}
    cells = [pa.array([row.get(column.key)], pa.string()) for column in RECEIPT_COLUMNS]
    frame = pa.table(cells, names=[column.key for column in RECEIPT_COLUMNS])
    signed = "签收人写姓名；日期写成 2026-11-05；异议选有或无，有异议的写明哪一户、哪个数、应是多少。前三列和资料编号不要改。"
    book.list(RECEIPT, f"{title}签收回执", "", RECEIPT_COLUMNS, frame, freeze=3, signed=signed, one_page=True)


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
    book.page(sheet, len(lines) + 3, 2, portrait=True, one_page=True)

"""What does the pack of one branch or manager show? 首页 beside the county and last month, 客户清单, 变动, 到期与逾期, 考核得分, 回执 to be signed, 口径."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.lists.main import said
from kehujingli.values import missing
from kehujingli.workbooks.bulk import said_in
from kehujingli.workbooks.house import RED, Book, Highlight, Meta, labelled
from kehujingli.workbooks.looks import Column

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.lists.packs import Pack

RECEIPT = "回执"
ASKED = ("无", "有")
"""Of 回执: whether there is an objection."""
_BORNE = "借据、账户自己写明在岗客户经理的归他，没有的归客户的管户人，和 due 一样。"
_HIGH, _LOW = "▲ 高", "▼ 低"
_WORSE = {"npl_ratio": _HIGH, "mean_score": _LOW, "frequent_share": _LOW, "upper_share": _LOW}
"""What stands in red beside the county: the worse side of a ratio."""
_CUSTOMERS = [
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("customer_type", width=8, centre=True),
    labelled("group", width=20),
    labelled("change", width=6, centre=True),
    labelled("manager_name", width=14),
    labelled("phone", width=13, table="customers"),
    labelled("scale_amount", width=15, total=True),
    labelled("average_deposit_year", width=15, total=True),
    labelled("deposit_balance", width=15, total=True),
    labelled("loan_balance", width=15, total=True),
    labelled("worst_class", width=8, centre=True),
    labelled("to_next_scale", width=13),
    labelled("last_active", width=11),
    labelled("marks", width=16),
]
_CHANGES = [
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("customer_type", width=8, centre=True),
    labelled("previous_group", width=20),
    labelled("group", width=20, table="changes"),
    labelled("change", width=6, centre=True),
    labelled("previous_amount", width=15, table="changes"),
    labelled("scale_amount", width=15, table="changes"),
    labelled("difference", "yuan", 15),
    labelled("cause", width=12, table="changes"),
    labelled("manager_name", width=14),
]
_DUE = [
    labelled("state", width=14, table="packs"),
    labelled("what", width=6, table="packs", centre=True),
    labelled("number", "id", 20, called="loan_or_account"),
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("balance", width=15, table="packs", total=True),
    labelled("ends", width=11, table="packs"),
    labelled("five_class", width=8, table="loans", centre=True),
    labelled("manager_name", width=14),
]
_VISITS = [
    labelled("planned_on", "date", 12),
    labelled("village", width=16),
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("group", width=20),
    labelled("manager_name", width=14),
]
_PEOPLE = (
    labelled("rank_group", width=10),
    labelled("rank", width=6),
    labelled("manager_id", width=10),
    labelled("name", width=10),
    labelled("specialism", width=10),
    labelled("grade", width=8),
)
_TOTALS = (labelled("adjustment", width=8), labelled("score", width=8), labelled("gate", width=14))
_ITEMS = [
    labelled("item", width=18),
    labelled("points", width=8),
    labelled("item_points", width=8),
    labelled("working", width=60),
    labelled("next_step", width=30),
]
_PAY = [
    labelled("branch_name", width=14),
    labelled("standard", width=12),
    labelled("paid_score", width=10),
    labelled("pay", width=12),
    labelled("advance", width=12),
    labelled("deferred", width=12),
    labelled("paid_now", width=12),
    labelled("paid", width=12),
]
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


def write_pack(
    target: Path, meta: Meta, pack: Pack, days: int, items: Mapping[str, str], told: Sequence[tuple[str, str]]
) -> str:
    """``items``: points' columns of 考核得分 → how the scheme calls them; ``told``: what 口径 says besides. Returns its 资料编号: other figures or rows, another number."""
    book = Book(meta)
    title = pack.name if pack.by == "branch" else f"{pack.key} {pack.name}"
    _cover(book, pack, title, days)
    customers = said(_whole(pack.customers, _CUSTOMERS))
    book.list("客户清单", f"{title}客户清单", "元", _CUSTOMERS, customers, freeze=2)
    changes = said(_whole(pack.changes, _CHANGES))
    book.list(terms.label("change"), f"{title}客户变动", "元", _CHANGES, changes, freeze=2, nothing=pack.before_said)
    due = said(_whole(pack.due, _DUE))
    due = due.assign(five_class=due["five_class"].map(terms.FIVE_CLASSES))
    late = Highlight('=LEFT($A5,3)="已逾期"', RED)
    book.list("到期与逾期", f"{title}　已逾期和 {days} 天内到期", "元", _DUE, due, freeze=1, highlights=[late])
    if pack.visits is not None:
        visits = said(_whole(pack.visits, _VISITS))
        book.list("走访计划", f"{title}以后几周的走访计划", "", _VISITS, visits, freeze=1, nothing="没有排上的走访。")
    _scores(book, pack, title, items)
    number = _number(pack, said_in(book.lists))
    _receipt(book, pack, title, number)
    _definitions(book, pack, told)
    book.save(target)
    return number


def _number(pack: Pack, rows: Iterable[str]) -> str:
    """Stands for all that the pack says, whoever wrote it and when. A letter first: no spreadsheet takes it for a number."""
    digest = hashlib.sha256(f"{pack.period} {pack.by} {pack.key}".encode())
    for part in (*(repr(row) for row in pack.figures.itertuples(index=False, name=None)), *rows):
        digest.update(part.encode(errors="surrogatepass"))
    return f"P{digest.hexdigest()[:8].upper()}"


def _whole(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """These columns, whole numbers as such also where some are missing."""
    whole = [column.key for column in columns if column.look in ("yuan", "date", "count")]
    return frame.reindex(columns=[column.key for column in columns]).astype(dict.fromkeys(whole, "Int64"))


def _scores(book: Book, pack: Pack, title: str, items: Mapping[str, str]) -> None:
    """A branch: own people, without pay. A manager: his own items, then his pay."""
    if pack.by == "branch":
        points = [Column(key, label, "points", 10) for key, label in items.items()]
        columns = [*_PEOPLE, *points, *_TOTALS]
        frame = said(pack.scores.reindex(columns=[column.key for column in columns]))
        book.list(
            "考核得分", f"{title}客户经理考核得分", "分", columns, frame, freeze=4, nothing="本期没有人参加考核。"
        )
        return
    frame = pack.scores.reindex(columns=[column.key for column in _ITEMS])
    book.list("考核得分", f"{title}考核得分", "分", _ITEMS, frame, freeze=1, nothing="本期没有参加考核。")
    if pack.pay is not None:
        paid = pack.pay.assign(paid_score=pack.pay["score"]).reindex(columns=[column.key for column in _PAY])
        book.list("绩效薪酬", f"{title}绩效薪酬", "元", _PAY, paid, freeze=1, nothing="本期没有绩效薪酬。")


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
    for measure, own, before, county in pack.figures.itertuples(index=False, name=None):
        own_score = measure == "mean_score" and pack.by == "manager"
        term = terms.term("own_score" if own_score else measure, "packs")
        look: Any = term.kind
        book.write(sheet, row, 0, term.label)
        for column, value in enumerate((own, before, _less(own, before)), 1):
            book.write(sheet, row, column, value, look)
        counted = look == "count" and not missing(county)
        book.write(sheet, row, 4, round(county, 1) if counted else county, "number" if counted else look)
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


def _less(own: float | None, before: float | None) -> float | None:
    return None if missing(own) or missing(before) else own - before  # type: ignore[operator]


def _compared(own: float | None, county: float | None) -> str:
    """A word and a mark, so that it reads in black and white."""
    if missing(own) or missing(county):
        return ""
    assert own is not None
    assert county is not None
    return _HIGH if own > county else _LOW if own < county else "持平"


def _sentences(pack: Pack, days: int) -> list[str]:
    """What to look at first: what is past due, what falls due, who has nobody, who changed."""
    due, customers = pack.due, pack.customers
    loan = due["what"] == terms.LINES["loan"]
    late, soon, term = due[due["late"] > 0], due[loan & (due["late"] == 0)], due[~loan]
    parts = [
        f"{what}没有算（{pack.lacks[key]}）" if key in pack.lacks else f"{what} {len(rows):,} 笔、{_wan(rows)} 万元"
        for key, what, rows in (
            ("late", "已逾期贷款", late),
            ("soon", f"{days} 天内到期贷款", soon),
            ("term", f"{days} 天内到期定期", term),
        )
    ]
    told = [f"1. {'；'.join(parts)}。见“到期与逾期”。"]
    moves = pack.changes["change"].map(terms.CHANGES).value_counts()
    words = "，".join(f"{word} {int(moves[word]):,} 户" for word in terms.CHANGES.values() if word in moves)
    moved = f"2. 本期客户变动：{words or '没有'}。见“变动”。{pack.before_said}"
    told.append(f"2. 本期客户变动：{pack.before_said}" if pack.before_said and not words else moved)
    if pack.by == "branch":
        unheld, public = ((customers["manager_name"] == word).sum() for word in (terms.UNHELD, terms.PUBLIC))
        told.append(
            f"3. 客户 {len(customers):,} 户，其中公共 {public:,} 户、未挂户 {unheld:,} 户（应配客户经理而没有）。见“客户清单”。"
        )
    elif pack.pay is not None and len(pack.pay):
        paid = "；".join(
            f"应发 {row.pay} 元，实际兑付 {row.paid} 元" for row in pack.pay.itertuples() if not missing(row.pay)
        )
        told.append(f"3. 绩效：{paid or '未计'}。见“绩效薪酬”。")
    told.append(f"{len(told) + 1}. 请核对后填“{RECEIPT}”：签收人、日期、有无异议，把本文件发回。")
    return told


def _wan(rows: pd.DataFrame) -> str:
    return f"{int(rows['balance'].sum()) / 1_000_000:,.2f}"


def _receipt(book: Book, pack: Pack, title: str, number: str) -> None:
    import pandas as pd

    row = {"period": pack.period, "receiver_id": pack.key or None, "receiver": pack.name, "pack_number": number}
    frame = pd.DataFrame([row], columns=[column.key for column in RECEIPT_COLUMNS])
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

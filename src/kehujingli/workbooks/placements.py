"""What does the leader sign of the plan? The sheets 一并同意, 变动审批, 未分配, 负荷 and 移交 of 管户分配.xlsx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.lists.main import masked, said
from kehujingli.lists.plan import Handover, who
from kehujingli.workbooks.house import AMBER, RED, Book, Highlight, Look, Plot, labelled

if TYPE_CHECKING:
    import pandas as pd

_APPROVAL = (
    labelled("customer_id", width=14),
    labelled("customer_name", width=10),
    labelled("scale_amount", width=15, total=True),
    labelled("loan_balance", width=15, total=True),
    labelled("giver", width=16, table="approvals"),
    labelled("taker", width=16, table="approvals"),
    labelled("reason", width=40),
    labelled("undo_cost", width=9),
    labelled("agreed", width=7, centre=True, choices=terms.AGREED),
    labelled("opinion", width=18, table="approvals"),
)
_AT_ONCE = (
    labelled("manager_id", width=12),
    labelled("name", width=10, table="managers"),
    labelled("customers", width=9),
    labelled("borrowers", width=9),
    labelled("scale_amount", width=17),
    labelled("loan_balance", width=17),
    labelled("agreed", width=8, centre=True, choices=terms.AGREED),
    labelled("opinion", width=22, table="approvals"),
)
_UNASSIGNED = (
    labelled("branch_id", width=9),
    labelled("branch_name", width=14),
    labelled("customer_id", width=14),
    labelled("customer_name", width=10),
    labelled("group", width=22),
    labelled("scale_amount", width=15, total=True),
    labelled("loan_balance", width=15, total=True),
    labelled("missing", width=24),
    labelled("cure", width=44, table="left_over"),
    labelled("advice", width=40, table="left_over"),
)
LOADS = (
    labelled("branch_id", width=9),
    labelled("branch_name", width=14),
    labelled("manager_id", width=9),
    labelled("name", width=9),
    labelled("specialism", width=6),
    labelled("grade", width=6),
    labelled("duty_days", width=6),
    labelled("capacity", "number", width=8, total=True),
    labelled("load_before", width=9, total=True),
    labelled("load_after", width=9, total=True),
    labelled("rate", width=9, table="manager_loads"),
    labelled("large", width=6, table="manager_loads", total=True),
    labelled("medium", width=6, table="manager_loads", total=True),
    labelled("small", width=6, table="manager_loads", total=True),
    labelled("business", width=6, total=True),
    labelled("borrowers", width=7, total=True),
    labelled("average_deposit", width=12, table="manager_loads", total=True),
    labelled("lent", "wan", width=12, total=True, called="loan_balance"),
    labelled("moved_out", width=6, total=True),
    labelled("moved_in", width=6, total=True),
)
_OF_LINES = (
    labelled("depositors", width=7, table="manager_loads", total=True),
    labelled("fee_payers", width=7, table="manager_loads", total=True),
    labelled("fees", width=12, table="manager_loads", total=True),
    labelled("helped", width=7, table="manager_loads", total=True),
)
_HANDOVER: tuple[tuple[str, str, Look, float], ...] = (
    ("customer_id", terms.label("customer_id"), "id", 15),
    ("customer_name", terms.label("customer_name"), "text", 11),
    ("entity", "账号/借据", "id", 22),
    ("balance", terms.label("balance"), "yuan", 16),
    ("worst_class", "五级", "text", 8),
    ("due_on", terms.label("matures_on"), "date", 12),
    ("soon", "{days}天内到期，已逾期另注", "text", 14),
    ("arrears", "欠息", "yuan", 12),
    ("filed", "档案是否移交", "text", 13),
    ("remark", terms.label("remark"), "text", 16),
)
_CHARTED = 30
DEFINITIONS = (
    (
        "变动审批",
        "只列调整的户。同意一栏填“是”的，读回以后才作数，填“否”的不调；空着的看“一并同意”，那里也空着就是还没批，仍归原管户经理。保持和新配不用批。",
    ),
    (
        terms.AT_ONCE_SHEET,
        f"一行一个接收人，填“是”就是他接的户都同意；第一行“{terms.EVERYBODY}”管所有的户。逐户填的大于接收人的，接收人的大于全部的。",
    ),
    (
        terms.label("advice", "left_over"),
        "缺得最多的 5 个机构各加 1 人再求最优，和本方案的差：名册上的每个岗位都试，写配得最多的（贷款户为先），都一样的不写岗位；上限取本机构同岗位的人的平均，授信权限取其中最低。别的机构、给某一人加 1 折算户，用 kehujingli assign --price 机构。",
    ),
    (
        terms.label("undo_cost"),
        "退回原管户经理时，按办法的换户代价，是配户时比较用的数，不是元；原管户经理已不能管的为零。",
    ),
    (
        terms.label("rate", "manager_loads"),
        "调整后折算户 ÷ 管户上限；名册没写上限的空着。生效日不在岗的上限按零，没有负荷率，不进合计和首页的最低负荷率。存款近12个月日均是考核口径，乘了折算系数。",
    ),
    (
        "存款户、中收户、本年中收",
        "方案配给他的户里，期末有存款余额的、本年有中收的，和他们本年的中收（全额，不按份额）；贷款户、存款、贷款在前面。协办户是别人主办、期末业绩按《业绩归属》也有他一份的户，见“条线”。",
    ),
    (
        "移交",
        "原管户经理离任、不在岗的，一对移交人和接收人一张；列随户走的、有余额的账户和借据，与 kehujingli handover 的移交清单一样：别人名下的账户（揽存人）、借据（管户经理）不随户走。",
    ),
)


def write_approvals(book: Book, frame: pd.DataFrame, *, unmask: bool) -> None:
    shown = said(frame if unmask else masked(frame))
    book.list(terms.APPROVAL_SHEET, "管户变动审批表", "元", _APPROVAL, shown, freeze=2)


def write_at_once(book: Book, frame: pd.DataFrame) -> None:
    """Where somebody moves: all at once, or all of a receiver."""
    if len(frame):
        highlights = [Highlight(f'=$A5="{terms.EVERYBODY}"', AMBER, fill=True)]
        book.list(
            terms.AT_ONCE_SHEET,
            "管户变动一并同意",
            "户、元",
            _AT_ONCE,
            frame,
            freeze=2,
            highlights=highlights,
            signed=True,
        )


def write_unassigned(book: Book, frame: pd.DataFrame, *, unmask: bool) -> None:
    """Borrowers without a manager stand first, in red."""
    shown = said(frame if unmask else masked(frame))
    book.list("未分配", "未分配客户", "元", _UNASSIGNED, shown, freeze=4, highlights=[Highlight("=$G5>0", RED)])


def write_loads(book: Book, frame: pd.DataFrame) -> None:
    """The list, and beside it a chart of loads before and after."""
    whole, room = float(frame["load_after"].sum()), float(frame["capacity"].sum())
    totals = {"rate": whole / room if room and frame["capacity"].notna().all() else None}
    highlights = [Highlight('=AND($K5<>"",$K5>1)', RED, "rate")]
    book.list(
        "负荷",
        "客户经理负荷",
        "折算户、户、万元",
        (*LOADS, *_OF_LINES),
        said(frame),
        freeze=4,
        highlights=highlights,
        totals=totals,
        plot=_plot(frame),
    )


def _plot(frame: pd.DataFrame) -> Plot | None:
    """Loads before and after, of the managers whose load changes most."""
    if frame.empty:
        return None
    change = (frame["load_after"] - frame["load_before"]).abs()
    shown = frame.loc[sorted(change.sort_values(ascending=False, kind="stable").index[:_CHARTED])]
    over = int((frame["rate"] > 1).sum())
    top = frame.loc[frame["rate"].idxmax()] if frame["rate"].notna().any() else None
    title = f"调整 {int(frame['moved_out'].sum()):,} 户"
    if top is not None:
        title += f"；调整后负荷率最高 {top['rate']:.0%}（{top['manager_id']} {top['name'] or ''}）" + (
            f"，{over} 人超上限" if over else "，没有人超上限"
        )
    title += f"（变动最大的 {_CHARTED} 人，折算户）" if len(frame) > _CHARTED else "（折算户）"
    people = [
        name if isinstance(name, str) else manager
        for name, manager in zip(shown["name"], shown["manager_id"], strict=True)
    ]
    series = {
        "调整前": [float(load) for load in shown["load_before"]],
        "调整后": [float(load) for load in shown["load_after"]],
    }
    return Plot("bar", title, people, series, number="#,##0.#", height=max(240, 22 * len(people) + 90), beside=True)


def write_handovers(
    book: Book, blocks: Sequence[Handover], names: Mapping[str, str], effective: str, *, unmask: bool
) -> None:
    """移交, where handovers are due: one block a pair, each with its signatures."""
    if not blocks:
        return
    sheet = book.sheet("移交")
    book.columns(sheet, [width for *_, width in _HANDOVER])
    book.heading(sheet, "客户移交清单", len(_HANDOVER), "元")
    row = 3
    breaks = []
    for block in blocks:
        row = _block(book, sheet, row, block, names, effective, unmask=unmask)
        breaks.append(row)
    sheet.ignore_errors({"number_stored_as_text": f"A4:C{row}"})
    book.page(sheet, row - 1, len(_HANDOVER), repeat=1, breaks=breaks[:-1])


def _block(
    book: Book, sheet: Any, row: int, block: Handover, names: Mapping[str, str], effective: str, *, unmask: bool
) -> int:
    giver, taker = who(block.giver, names), who(block.taker, names)
    title = f"移交人 {giver} → 接收人 {taker}：客户 {block.customers:,} 户，贷款余额 {block.lent / 1_000_000:,.2f} 万元"
    if block.claimed:
        title += f"；另有 {block.claimed:,} 户的业绩归属还归别人，不在这里"
    sheet.write_string(row, 0, title, book.format(bold=True))
    sheet.set_row(row + 1, 30)
    for column, (_, header, _, _) in enumerate(_HANDOVER):
        sheet.write_string(row + 1, column, header.format(days=block.soon_days), book.header)
    shown = said(block.rows if unmask else masked(block.rows)).assign(filed=None, remark=None)
    line = row + 1
    looks = [look for _, _, look, _ in _HANDOVER]
    for values in shown[[key for key, *_ in _HANDOVER]].itertuples(index=False):
        line += 1
        for column, (value, look) in enumerate(zip(values, looks, strict=True)):
            book.write(sheet, line, column, value or None if look == "text" else value, look)
    sheet.write_string(
        line + 1,
        0,
        f"移交人：____________　接收人：____________　监交人：____________　生效日：{effective}",
        book.format(),
    )
    return line + 3

"""What does 客户分类.xlsx show? Who is who. 首页 with the 3 × 3 grids and a chart, the list, 口径."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.lists.main import masked, said
from kehujingli.studies import declared as study_of
from kehujingli.workbooks import branches
from kehujingli.workbooks.definitions import Source, write_definitions
from kehujingli.workbooks.house import GREY, HEADER_FILL, Book, Highlight, Meta, labelled
from kehujingli.workbooks.study import write_list

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.lists.moved import Moved
    from kehujingli.rules import Strategy
    from kehujingli.rules.models import Tending
    from kehujingli.studies.study import Answer

_WIDTHS = (6, 12, 14, 18, 8, 10, 10, 10, 6, 8, 11, 15, 15, 15, 9, 12, 9, 22, 22, 8, 8, 15, 15, 8, 13, 9, 10)
_LOOKS: Mapping[str, Any] = {
    "number": "count",
    "customer_id": "id",
    "branch_id": "id",
    "holder_id": "id",
    "active_months": "count",
    "last_active": "date",
    "idle_days": "count",
    "transactions": "count",
    "average_deposit": "yuan",
    "loan_balance": "yuan",
    "scale_amount": "yuan",
    "deposit_balance": "yuan",
    "average_deposit_year": "yuan",
    "to_next_scale": "yuan",
}
_SUMMED = {"average_deposit", "loan_balance", "scale_amount", "deposit_balance", "average_deposit_year"}
_PRINTED = 16
_TENDED = (("who", 2, 2), ("aim", 3, 3), ("visit_days", 4, 5), ("channel", 6, 7), ("offer", 8, 12))
"""Of 户群策略 on 首页: its columns, each from where to where."""


@dataclass(frozen=True)
class Sheets:
    """What stands beside the list: ``rollup.branch_rows`` with the county's ratios, ``rollup.changed``, ``rollup.promising``."""

    branches: pd.DataFrame
    ratios: Mapping[str, float | None]
    changes: pd.DataFrame
    promising: pd.DataFrame
    tending: Tending
    moved: Moved
    merged: pd.DataFrame | None = None
    """Customer numbers merged into another: ``identity.COLUMNS``."""
    closed: int = 0
    """Customers in no class: they have closed everything."""
    movement: Answer | None = None
    """What the study ``movement`` says, where last month was kept."""
    strategy: Strategy | None = None
    """户群策略, where the rules have one."""


DEFINITIONS = (
    ("业务", "只算客户主动办的：不算结息、收费、冻结，不算代发代扣（另列笔数），不算冲正成对的两笔。"),
    ("活跃月数、近12个月笔数", "办法规定的窗口内（自然月，至期末），有业务的月数和笔数。"),
    (terms.FREQUENCIES["frequent"], "活跃月数、笔数、最近未动天数三条都达到标准；先判。"),
    (
        terms.FREQUENCIES["dormant"],
        "最近若干个自然月（含本月）没有业务，没有贷款余额、未到期定期和存续合约，也不是新开户。",
    ),
    (terms.FREQUENCIES["mobile"], "既不是经常联系户，也不是休眠户。"),
    (
        terms.label("average_deposit"),
        "窗口内每日日终余额之和 ÷ 天数；开户前、销户后为零；导出以前的日子按首笔前余额。按存款种类折算。",
    ),
    ("年日均、月日均", "自 1 月 1 日、自本月 1 日；账户表有的以账户表为准。按存款种类折算。"),
    (terms.label("scale_amount"), "办法规定的各项之和；缺的项空着，不按零算，标记“依据不全”。"),
    (terms.label("scale"), "业务规模达到下限（含本数）；当期升级，连续若干期低于下限才降级（标记“缓冲n”）。"),
    (
        terms.label("industry_kind"),
        "由客户信息的行业，按国民经济行业分类的代码和办法里行业大类的用字；看不出的记“其他”，行业空着的空着。只看，不影响分类。",
    ),
    (terms.label("change"), "新：上期没有；醒：休眠转出；睡：转休眠；升、降：规模；其余平。没有上期的空着。"),
)


def write_classes(
    target: Path,
    meta: Meta,
    frame: pd.DataFrame,
    thresholds: Mapping[str, Any],
    source: Source,
    sheets: Sheets,
    *,
    unmask: bool = False,
    point_in_time: bool = False,
) -> str:
    """``frame``: ``views.class_list``."""
    book = Book(meta)
    _cover(book, frame, sheets, len([told for told in source.findings if told.level != "note"]))
    branches.write_branches(book, sheets.branches, sheets.ratios)
    _everybody(book, frame, unmask=unmask)
    branches.write_changes(book, sheets.changes, unmask=unmask)
    moves = study_of("movement")
    if sheets.movement is not None:
        write_list(book, moves.lists[0], sheets.movement, unmask=unmask)
    branches.write_promising(book, sheets.promising, sheets.tending, unmask=unmask)
    if sheets.merged is not None:
        branches.write_merged(book, sheets.merged.rename(columns={"name": "customer_name"}), unmask=unmask)
    definitions = [
        *DEFINITIONS,
        *branches.definitions(sheets.tending),
        *(moves.definitions[:1] if sheets.movement is not None else ()),
        *(
            [
                (
                    "已销户",
                    f"{sheets.closed:,} 户：客户信息的状态是已销户，没有余额和贷款。不分类、不配客户经理，各张户数里没有；机构汇总的存款仍含他们的日均和增减。",
                )
            ]
            if sheets.closed
            else []
        ),
        (
            terms.label("average_loan"),
            "各月末台账不全，取期末余额（时点）。" if point_in_time else "窗口内各月末表内贷款余额的平均。",
        ),
    ]
    write_definitions(book, definitions, source, threshold_pairs(thresholds))
    return book.save(target)


def _everybody(book: Book, frame: pd.DataFrame, *, unmask: bool) -> None:
    """The list: one row a customer."""
    shown = said(frame if unmask else masked(frame))
    columns = [
        labelled(
            key,
            _LOOKS.get(key, "text"),
            width,
            printed=index < _PRINTED,
            total=key in _SUMMED,
            centre=key in ("change", "frequency", "scale", "customer_type"),
        )
        for index, (key, width) in enumerate(zip(frame.columns, _WIDTHS, strict=True))
    ]
    highlights = [
        Highlight(f'=$G5="{terms.FREQUENCIES["dormant"]}"', "#7F7F7F"),
        Highlight(
            "=OR(" + ",".join(f'$X5="{terms.FIVE_CLASSES[name]}"' for name in terms.NPL_CLASSES) + ")",
            "#C00000",
            "worst_class",
        ),
    ]
    book.list(
        "客户分类", f"{book.meta.institution}客户分类情况表", "元", columns, shown, freeze=4, highlights=highlights
    )


def threshold_pairs(thresholds: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The thresholds used, in words."""
    frequent, dormant, scale = thresholds["frequent"], thresholds["dormant"], thresholds["scale"]
    ties = [
        word for key, word in (("keep_term_deposits", "未到期定期"), ("keep_contracts", "存续合约")) if dormant[key]
    ]
    pairs = [
        ("窗口", f"{thresholds['window_months']} 个自然月，截至 {thresholds['as_of']}"),
        (
            terms.FREQUENCIES["frequent"],
            f"至少活跃 {frequent['active_months']} 个月、{frequent['transactions']} 笔，最近 {frequent['idle_days']} 天内办过业务",
        ),
        (
            terms.FREQUENCIES["dormant"],
            f"连续 {dormant['idle_months']} 个自然月没有业务"
            + (f"，没有{'、'.join([terms.label('loan_balance'), *ties])}" if ties else "，没有贷款余额"),
        ),
        ("新开户", f"开户不满 {thresholds['new_within_months']} 个月的不算休眠"),
        ("降级缓冲", f"连续 {scale['downgrade_after']} 期低于下限才降级"),
    ]
    for name, key in (("规模下限", "bounds"), ("贷款一边规模下限", "loan_bounds")):
        for kind, bounds in scale.get(key, {}).items():
            said = f"中等 {float(bounds['medium']):,.0f} 元，大型 {float(bounds['large']):,.0f} 元（含本数）"
            pairs.append((f"{name}·{terms.CUSTOMER_TYPES[kind]}", said))
    return pairs


def _cover(book: Book, frame: pd.DataFrame, sheets: Sheets, findings: int) -> None:
    sheet = book.sheet("首页")
    book.columns(sheet, [13] * 5 + [3] + [10] * 7)
    book.heading(sheet, f"{book.meta.institution}客户分类情况", 13, "户、万元")
    row = 3
    counts = _grid(frame, None)
    row = _write_grid(book, sheet, row, "一、户数与占比", counts, "count")
    row = _write_grid(
        book, sheet, row, f"二、存款{terms.said('average_deposit')}（万元）", _grid(frame, "average_deposit"), "wan"
    )
    row = _write_grid(book, sheet, row, "三、贷款余额（万元）", _grid(frame, "loan_balance"), "wan")
    _charts(book, sheet, counts, _grid(frame, "scale_amount"))
    if sheets.strategy is not None:
        row = _write_strategy(book, sheet, row, sheets.strategy)
    for sentence in _sentences(frame, counts, sheets, findings):
        sheet.write_string(row, 0, sentence, book.format())
        row += 1
    sheet.write_string(row + 1, 0, book.meta.signatures, book.format())
    book.page(sheet, row + 1, 13, one_page=True)


def _grid(frame: pd.DataFrame, value: str | None) -> dict[tuple[str, str], int]:
    """Customers, or the sum of a money column, by frequency and scale, with ``all`` at the edges."""
    groups = frame.groupby(["frequency", "scale"])
    found = (groups.size() if value is None else groups[value].sum()).to_dict()
    cells = {(f, s): int(found.get((f, s), 0)) for f in terms.FREQUENCIES for s in terms.SCALES}
    for scale in terms.SCALES:
        cells["all", scale] = sum(cells[frequency, scale] for frequency in terms.FREQUENCIES)
    for frequency in (*terms.FREQUENCIES, "all"):
        cells[frequency, "all"] = sum(cells[frequency, scale] for scale in terms.SCALES)
    return cells


def _write_grid(book: Book, sheet: Any, row: int, title: str, cells: Mapping[tuple[str, str], int], look: Any) -> int:
    sheet.write_string(row, 0, title, book.format(bold=True))
    heads = ["", *terms.SCALES.values(), "合计"]
    for column, head in enumerate(heads):
        sheet.write_string(row + 1, column, head, book.header)
    whole = cells["all", "all"]
    for line, frequency in enumerate((*terms.FREQUENCIES, "all"), row + 2):
        sheet.write_string(line, 0, terms.FREQUENCIES.get(frequency, "合计"), book.header)
        for column, scale in enumerate((*terms.SCALES, "all"), 1):
            value = cells[frequency, scale]
            if look == "count":
                share = f"{value / whole:.2%}" if whole else "—"
                sheet.write_string(
                    line,
                    column,
                    f"{value:,}\n{share}",
                    book.format(border=1, border_color="#BFBFBF", align="right", text_wrap=True),
                )
            else:
                book.write(sheet, line, column, value, look)
        sheet.set_row(line, 30 if look == "count" else 18)
    return row + 7


def _write_strategy(book: Book, sheet: Any, row: int, strategy: Strategy) -> int:
    """A row a 户群: what it is called, who, what for, how often; by which way and with what right of them, below the charts."""
    sheet.write_string(row, 0, "四、户群策略", book.format(bold=True))
    parts = (
        (terms.label("frequency"), 0, 0),
        (terms.label("scale"), 1, 1),
        *((terms.label(key), column, last) for key, column, last in _TENDED),
    )
    for head, column, last in parts:
        _across(book, sheet, (row + 1, column, last), head, {"bold": True, "bg_color": HEADER_FILL, "indent": 1})
    for line, group in enumerate((group for group in terms.GROUPS if group in strategy), row + 2):
        frequency, scale = group.split("/")
        said = strategy[group].in_words | {"visit_days": f"{strategy[group].visit_days} 天"}
        for column, word in ((0, terms.FREQUENCIES[frequency]), (1, terms.SCALES[scale])):
            book.write(sheet, line, column, word)
        for key, column, last in _TENDED:
            _across(book, sheet, (line, column, last), said[key], {"align": "left", "indent": 1})
    return row + len(strategy) + 3


def _across(book: Book, sheet: Any, place: tuple[int, int, int], text: str, look: Mapping[str, Any]) -> None:
    """A text that runs on into the empty cells right of its own, one frame around them; ``place``: row, first and last column."""
    row, first, last = place
    for column in range(first, last + 1):
        sides = {"top": 1, "bottom": 1, "left": int(column == first), "right": int(column == last)}
        style = book.format(border_color=GREY, **look, **sides)
        sheet.write_string(row, column, text, style) if column == first else sheet.write_blank(row, column, None, style)


def _charts(
    book: Book, sheet: Any, counts: Mapping[tuple[str, str], int], amounts: Mapping[tuple[str, str], int]
) -> None:
    """The small customers are left out of the first chart, or they flatten the rest."""
    whole, money = max(counts["all", "all"], 1), max(amounts["all", "all"], 1)
    best = counts["all", "large"] + counts["all", "medium"]
    rich = amounts["all", "large"] + amounts["all", "medium"]
    close = counts["frequent", "large"] + counts["frequent", "medium"]
    title = f"大中型客户 {best:,} 户，经常联系户 {close:,} 户（户，不含小客户）"
    chart = book.chart("column", {}, title)
    better = {terms.SCALES[scale]: [counts[one, scale] for one in terms.FREQUENCIES] for scale in ("large", "medium")}
    places = book.numbers.take(f"{sheet.name}：{title}", [*terms.FREQUENCIES.values()], better, "#,##0")
    for place, colour in zip(places, ("#1F3864", "#8EA9DB"), strict=True):
        chart.add_series(
            place
            | {
                "data_labels": {"value": True, "num_format": "#,##0"},
                "fill": {"color": colour},
                "gap": 80,
            }
        )
    chart.set_y_axis({"major_gridlines": {"visible": False}, "num_format": "#,##0"})
    chart.set_size({"width": 500, "height": 250})
    sheet.insert_chart(3, 6, chart)
    title = f"大中型客户占户数 {best / whole:.1%}，占业务规模 {rich / money:.1%}"
    second = book.chart("bar", {}, title)
    shares = {
        "占户数": [counts["all", scale] / whole for scale in terms.SCALES],
        "占业务规模": [amounts["all", scale] / money for scale in terms.SCALES],
    }
    places = book.numbers.take(f"{sheet.name}：{title}", [*terms.SCALES.values()], shares, "0.0%")
    for place, colour in zip(places, ("#8EA9DB", "#1F3864"), strict=True):
        second.add_series(
            place
            | {
                "data_labels": {"value": True, "num_format": "0.0%"},
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    second.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": False}})
    second.set_size({"width": 500, "height": 250})
    sheet.insert_chart(13, 6, second)


def _sentences(
    frame: pd.DataFrame, counts: Mapping[tuple[str, str], int], sheets: Sheets, findings: int
) -> Sequence[str]:
    """Five sentences with numbers: everybody, the better ones, those asleep, the balance of ups and downs, what the data lack."""
    whole, best = counts["all", "all"], counts["all", "large"] + counts["all", "medium"]
    asleep = counts["dormant", "all"]
    moved = sheets.moved
    known = bool(frame["change"].notna().any())
    more = int(sheets.branches["customers_change"].fillna(0).sum())
    cents = {
        key: int(
            sheets.changes.loc[
                (sheets.changes["change"] == key) & (sheets.changes["cause"] != terms.CAUSES["late_data"]), "difference"
            ]
            .fillna(0)
            .sum()
        )
        for key in ("up", "down")
    }
    lent, borrowers = int(frame["loan_balance"].fillna(0).sum()), int((frame["loan_balance"].fillna(0) > 0).sum())
    incomplete = int(frame["marks"].str.contains("依据不全", regex=False).sum())
    return (
        f"1. 客户总数 {whole:,} 户"
        + (f"（另有已销户 {sheets.closed:,} 户不分类）" if sheets.closed else "")
        + (
            f"，较上期 {more:+,} 户，其中新客户 {moved.of('new'):,} 户{moved.arrived}。"
            if known
            else "；没有上期结果，不列变动。"
        ),
        f"2. 大中型客户 {best:,} 户，占 {best / max(whole, 1):.2%}"
        + (f"；升档 {moved.of('up'):,} 户，降档 {moved.of('down'):,} 户。" if known else "。"),
        f"3. 休眠户 {asleep:,} 户，占 {asleep / max(whole, 1):.2%}"
        + (f"；本期转休眠 {moved.of('asleep'):,} 户，{moved.woken}。" if known else "。"),
        f"4. 贷款客户 {borrowers:,} 户，贷款余额 {lent / 1_000_000:,.2f} 万元"
        + (
            f"；升档客户业务规模增 {cents['up'] / 1_000_000:,.2f} 万元，降档客户减 {-cents['down'] / 1_000_000:,.2f} 万元。"
            if known
            else "。"
        ),
        f"5. 培育名单 {len(sheets.promising):,} 户；数据问题 {findings:,} 条，规模依据不全 {incomplete:,} 户，见 口径。",
    )

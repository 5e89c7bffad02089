"""How does each branch stand, who moved, who is worth tending? The sheets 机构汇总, 变动 and 培育名单 of 客户分类.xlsx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kehujingli.lists.main import masked, said
from kehujingli.terms.masks import mask_id_number
from kehujingli.values import plain
from kehujingli.workbooks.house import Book, Column, labelled

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.models import Tending

_BRANCHES = (
    labelled("branch_id", "id", 9),
    labelled("branch_name", width=14),
    labelled("customers", "count", 9, total=True),
    Column("customers_change", "较上期", "count", 8, total=True),
    Column("frequent", "经常联系户", "count", 11, total=True),
    Column("mobile", "流动户", "count", 8, total=True),
    labelled("dormant", "count", 8, total=True),
    Column("frequent_share", "经常占比", "rate", 10),
    labelled("large", "count", 7, total=True),
    labelled("medium", "count", 7, total=True),
    labelled("small", "count", 8, total=True),
    Column("farmer", "农户", "count", 8, total=True),
    Column("agribusiness", "涉农企业", "count", 9, total=True),
    labelled("deposit_balance", "wan", 13, total=True),
    labelled("average_deposit_year", "wan", 13, total=True),
    Column("deposit_growth", "较上年日均", "wan", 13, total=True),
    Column("deposit_cost", "付息率", "rate", 8),
    Column("demand_share", "活期占比", "rate", 9),
    labelled("loan_balance", "wan", 13, total=True),
    Column("borrowers", "贷款户数", "count", 9, total=True),
    Column("npl_ratio", "不良率", "rate", 8),
)
_CHANGES = (
    labelled("branch_name", width=14),
    labelled("customer_id", "id", 16),
    labelled("customer_name", width=14),
    labelled("customer_type", width=10),
    labelled("previous_group", width=22),
    Column("group", "本期户群", width=22),
    labelled("change", width=6, centre=True),
    Column("previous_amount", "上期业务规模", "yuan", 16),
    Column("scale_amount", "本期业务规模", "yuan", 16),
    labelled("difference", "yuan", 16, total=True, called="amount_change"),
    Column("cause", "主因", width=10),
)
_PROMISING: Sequence[Column] = (
    labelled("branch_name", width=14),
    labelled("manager_name", width=10),
    labelled("customer_id", "id", 16),
    labelled("customer_name", width=14),
    labelled("customer_type", width=10),
    labelled("scale", width=10),
    labelled("scale_amount", "yuan", 16),
    labelled("to_next_scale", "yuan", 15),
)
_MERGED = (
    labelled("main_id", "id", 18),
    Column("customer_id", "并入客户号", "id", 18),
    labelled("customer_name", width=18),
    labelled("customer_type", width=10, centre=True),
    labelled("branch_id", "id", 10),
    labelled("id_number", "id", 22),
    labelled("by", width=16),
    labelled("remark", width=14),
)
_DEFINITIONS = (
    ("变动主因", "升、降：存款与贷款日均变化大的一项；与金额反向的是缓冲期满，换了办法的是规则变更。"),
    ("较上年日均", "本年年日均减上年日均，只算两样都有的客户。"),
    (
        "同一客户",
        "证件号码（校验位正确的居民身份证号，15 位折成 18 位；统一社会信用代码）相同的客户号并成一户，主客户号是最早开户的；“同一客户认定”表可另作认定。",
    ),
    ("付息率、活期占比、不良率", "分子合计 ÷ 分母合计；不良率 = 次级、可疑、损失 ÷ 表内贷款余额，按客户所属机构。"),
)


def definitions(tending: Tending) -> list[tuple[str, str]]:
    """How the figures of these sheets are made, with the lines that the rules draw."""
    near, months = plain(tending.within * 100), tending.months
    said = f"距上一档不超过下限的 {near}%，且近 {months} 个月存款净流入。近{months}月增长 = 近 {months} 个自然月存款流入减流出。"
    return [_DEFINITIONS[0], ("培育名单", said), *_DEFINITIONS[1:]]


def write_branches(book: Book, frame: pd.DataFrame, ratios: Mapping[str, float | None]) -> None:
    """机构汇总 on one page, with bars behind the growth."""
    sheets = book.list(
        "机构汇总",
        f"{book.meta.institution}客户分类机构汇总",
        "万元、户",
        _BRANCHES,
        frame,
        freeze=2,
        totals=ratios,
        one_page=len(frame) <= 60,
    )
    index = [column.key for column in _BRANCHES].index("deposit_growth")
    book.bars(sheets[0], (4, index, 3 + max(len(frame), 1), index))


def write_changes(book: Book, frame: pd.DataFrame, *, unmask: bool) -> None:
    shown = said(frame if unmask else masked(frame))
    book.list("变动", "客户分类变动情况", "元", _CHANGES, shown, freeze=3)


def write_merged(book: Book, frame: pd.DataFrame, *, unmask: bool) -> None:
    """同一客户: every number that was merged into another, and why."""
    shown = said(frame if unmask else masked(frame))
    shown = shown.assign(remark=shown["names_differ"].map({True: "名称不同", False: ""}))
    if not unmask:
        shown["id_number"] = [
            mask_id_number(number) if isinstance(number, str) else None for number in shown["id_number"]
        ]
    book.list("同一客户", "同一客户多个客户号合并情况", "", _MERGED, shown, freeze=2)


def write_promising(book: Book, frame: pd.DataFrame, tending: Tending, *, unmask: bool) -> None:
    columns = [*_PROMISING, Column("growth", f"近{tending.months}月增长", "yuan", 15)]
    shown = said(frame if unmask else masked(frame))
    book.list("培育名单", "客户培育名单", "元", columns, shown, freeze=4)

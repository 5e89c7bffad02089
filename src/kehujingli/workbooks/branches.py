"""How does each branch stand, who moved, who is worth tending? The sheets 机构汇总, 变动 and 培育名单 of 客户分类.xlsx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.lists.branches import PER_HEAD
from kehujingli.lists.channels import OF_CHANNELS, OF_EBANK
from kehujingli.lists.main import masked, said
from kehujingli.terms.masks import mask_id_number
from kehujingli.values import plain
from kehujingli.workbooks.house import Book, Column, Highlight, labelled

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.models import Tending

BRANCHES = (
    labelled("branch_id", width=9),
    labelled("branch_name", width=14),
    labelled("held_by", width=10, centre=True),
    labelled("customers", width=9, total=True),
    labelled("customers_change", width=8, table="branch_sums", total=True),
    labelled("frequent", width=11, table="branch_sums", total=True),
    labelled("mobile", width=8, table="branch_sums", total=True),
    labelled("dormant", width=8, total=True),
    labelled("frequent_share", width=10, table="branch_sums"),
    labelled("large", width=7, total=True),
    labelled("medium", width=7, total=True),
    labelled("small", width=8, total=True),
    labelled("farmer", width=8, table="branch_sums", total=True),
    labelled("agribusiness", width=9, table="branch_sums", total=True),
    labelled("deposit_balance", "wan", width=13, total=True),
    labelled("average_deposit_year_full", width=14, table="branch_sums", total=True),
    labelled("average_deposit_year", "wan", width=14, total=True),
    labelled("deposit_growth", width=14, table="branch_sums", total=True),
    labelled("interest_cost", width=8, table="branch_sums"),
    labelled("deposit_cost", width=9, table="branch_sums"),
    labelled("demand_share", width=9, table="branch_sums"),
    labelled("loan_balance", "wan", width=13, total=True),
    labelled("borrowers", width=9, table="branch_sums", total=True),
    labelled("npl_ratio", width=8, table="branch_sums"),
    labelled("channel_share", width=8),
    labelled("monthly_users", width=7, total=True),
    labelled("ebank_customers", width=8, total=True),
    labelled("ebank_share", width=8),
    labelled("staff", width=7, table="branch_sums"),
    labelled("each_customers", width=9, table="branch_sums"),
    labelled("each_deposit", width=10, table="branch_sums"),
    labelled("each_loan", width=10, table="branch_sums"),
    labelled("each_profit", width=10, table="branch_sums"),
    labelled("branch_cost", width=10, table="branch_sums"),
)
OF_A_SIDE, GREY_TEXT = f'=AND($C5<>"",$C5<>"{terms.WHOLE_BRANCH}")', "#595959"
"""The lines below a branch that say whose it is."""
_CHANGES = (
    labelled("branch_name", width=14),
    labelled("customer_id", width=16),
    labelled("customer_name", width=14),
    labelled("customer_type", width=10),
    labelled("previous_group", width=22),
    labelled("group", width=22, table="changes"),
    labelled("change", width=6, centre=True),
    labelled("previous_amount", width=16, table="changes"),
    labelled("scale_amount", width=16, table="changes"),
    labelled("difference", width=16, total=True, called="amount_change"),
    labelled("cause", width=10, table="changes"),
)
_PROMISING: Sequence[Column] = (
    labelled("branch_name", width=14),
    labelled("manager_name", width=10),
    labelled("customer_id", width=16),
    labelled("customer_name", width=14),
    labelled("customer_type", width=10),
    labelled("scale", width=10),
    labelled("scale_amount", width=16),
    labelled("to_next_scale", width=15),
)
_MERGED = (
    labelled("main_id", width=18),
    labelled("customer_id", width=18, table="merged"),
    labelled("customer_name", width=18),
    labelled("customer_type", width=10, centre=True),
    labelled("branch_id", width=10),
    labelled("id_number", width=22),
    labelled("by", width=16),
    labelled("remark", width=14),
)
_DEFINITIONS = (
    (
        "变动主因",
        "升、降：存款与贷款日均变化大的一项；与金额反向的是缓冲期满，换了办法的是办法变更。激活：本期本人办业务、新贷款、新签约，依次取先有的。",
    ),
    (
        terms.CAUSES["late_data"],
        "以前就有、这期才随数据来的：上期末以前签的约（或没有签约日期）、放的贷款、开的户，上期没有的日均。不算变动，不计入激活、新客户、升降档的户数，另列。",
    ),
    (
        f"{terms.FULL}、{terms.ASSESSED}",
        "全口径：存款原数；考核口径：各存款种类乘办法的折算系数。任务、得分、规模用考核口径；系数都是 1 时两样相等。",
    ),
    (terms.label("deposit_growth", "branch_sums"), "本年年日均减上年日均（考核口径），只算两样都有的客户。"),
    (
        terms.label("held_by"),
        "机构汇总每个机构下面三行：客户经理（期末有在岗客户经理的户）、公共（不必配的，和管户经理不在岗的）、未挂户（应配未配）；三行相加是机构合计。谁的业绩按持有的天数分，见考核得分.xlsx 的机构汇总。",
    ),
    (
        "同一客户",
        "证件号码（校验位正确的居民身份证号，15 位折成 18 位；统一社会信用代码）相同的客户号并成一户，主客户号是最早开户的；“同一客户认定”表可另作认定。",
    ),
    (
        terms.label("interest_cost", "branch_sums"),
        "近12个月存款账户收进的结息、利息入账（办法写的利息类业务）÷ 近12个月日均（全口径）。空着的是算不出：要近12个月的流水，其中有结息。",
    ),
    (
        terms.label("deposit_cost", "branch_sums"),
        "期末各账户利率按余额加权，不是付了多少利息。",
    ),
    (
        terms.label("channel_share"),
        "本月客户主动办的流水：电子渠道、自助设备的笔数 ÷ 这些与柜面的笔数之和，按客户所属机构；什么渠道归哪一种按办法 [segment.channels]。代发、结息、批量、本人账户互转、冲正的不算；渠道空着、认不出的不算，另有提示。没有这一列的，是交易流水没有渠道。",
    ),
    (
        terms.label("monthly_users"),
        "本月经电子渠道（不含自助设备、柜面）从存款账户付出过款的客户户数，本人账户互转也算。只收进的不算（可能是对方用电子渠道转来的），只登录没有交易的流水里没有。",
    ),
    (
        "、".join(terms.label(key) for key in ("ebank_customers", "ebank_share")),
        "开通户：《电子渠道》里期末以前开通、没有注销（状态、注销日期）的客户户数，几个渠道的算一户。动户率：其中本月用过的 ÷ 开通户；用过是最近登录或交易日在本月，或本月经电子渠道付出过款。没有最近登录或交易日的，只看流水。一行里有谁用没用过不知道的空着，另有提示。没有这两列的，是没有《电子渠道》。",
    ),
    (
        "人均、本月费用",
        "期末余额、户数、《机构》的利润 ÷《机构》的人数（全体员工）；没有人数、比在岗客户经理还少的空着。本月费用是《费用》里本机构和它的客户经理本月的。全辖的只在各机构都有时写。",
    ),
    (
        "期末加权利率、活期占比、不良率",
        "分子合计 ÷ 分母合计；不良率 = 次级、可疑、损失 ÷ 表内贷款余额，按客户所属机构。",
    ),
)


def definitions(tending: Tending) -> list[tuple[str, str]]:
    """How the figures of these sheets are made, with the lines that the rules draw."""
    near, months = plain(tending.within * 100), tending.months
    least = f"至少 {plain(tending.least_growth)} 元" if tending.least_growth else ""
    said = f"距上一档不超过下限的 {near}%，且近 {months} 个月存款净流入{least}。近{months}月增长 = 近 {months} 个自然月存款流入减流出。"
    return [_DEFINITIONS[0], ("培育名单", said), *_DEFINITIONS[1:]]


def write_branches(book: Book, frame: pd.DataFrame, ratios: Mapping[str, float | None]) -> None:
    """机构汇总 on one page, with bars behind the growth; below each branch whose it is, where somebody holds customers."""
    whole = frame[frame["held_by"] == ""]
    parted = len(whole) < len(frame)
    bare = {key for key in (*OF_CHANNELS, *OF_EBANK, *PER_HEAD) if key not in frame or bool(frame[key].isna().all())}
    bare |= set() if parted else {"held_by"}
    columns = [column for column in BRANCHES if column.key not in bare]
    summed = [column.key for column in columns if column.total]
    totals = {key: int(whole[key].sum()) if bool(whole[key].notna().any()) else None for key in summed}
    sheets = book.list(
        "机构汇总",
        f"{book.meta.institution}客户分类机构汇总",
        "万元、户",
        columns,
        said(frame),
        freeze=3 if parted else 2,
        totals={**totals, **ratios},
        one_page=len(frame) <= 60,
        highlights=[Highlight(OF_A_SIDE, GREY_TEXT)] if parted else [],
    )
    index = [column.key for column in columns].index("deposit_growth")
    book.bars(sheets[0], (4, index, 3 + max(len(frame), 1), index))


def write_changes(book: Book, frame: pd.DataFrame, *, unmask: bool) -> None:
    shown = said(frame if unmask else masked(frame))
    book.list(terms.label("change"), "客户分类变动情况", "元", _CHANGES, shown, freeze=3)


def write_merged(book: Book, frame: pd.DataFrame, *, unmask: bool) -> None:
    """同一客户: every number that was merged into another, and why."""
    shown = said(frame if unmask else masked(frame))
    shown = shown.assign(remark=shown["names_differ"].map({True: terms.label("names_differ"), False: ""}))
    if not unmask:
        shown["id_number"] = [
            mask_id_number(number) if isinstance(number, str) else None for number in shown["id_number"]
        ]
    book.list("同一客户", "同一客户多个客户号合并情况", "", _MERGED, shown, freeze=2)


def write_promising(book: Book, frame: pd.DataFrame, tending: Tending, *, unmask: bool) -> None:
    columns = [*_PROMISING, Column("growth", f"近{tending.months}月增长", "yuan", 15)]
    shown = said(frame if unmask else masked(frame))
    book.list("培育名单", "客户培育名单", "元", columns, shown, freeze=4)

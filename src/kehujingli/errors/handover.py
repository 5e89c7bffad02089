"""What can be wrong with a handover of customers from one manager to another?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

HANDOVER: Mapping[str, Kind] = {
    "handover.same": kind(
        "error", "移交人和接收人是同一个人（{manager}），没有什么可移交。", "请用 --from、--to 写两个工号。", Exit.USAGE
    ),
    "handover.unknown": kind(
        "error",
        "客户经理名册里没有 {value}，这一对没有移交清单。",
        "请写名册上的工号；名册里缺机构号的行是退回的，请补上；新来的人先补进名册。",
        Exit.INPUT,
    ),
    "handover.date": kind(
        "error",
        "{on} 不在可以移交的日子里：{period} 从 {first} 起，最晚 {last}。",
        "请写这一期里或以后一年内的日期；以前的月份已经算过，要改请用 kehujingli correct。",
        Exit.USAGE,
    ),
    "handover.nobody": kind("error", "{detail}，没有可移交的户。", "{cure}", Exit.INPUT),
    "handover.two-posts": kind(
        "warning",
        "{manager} 在名册里有 {count} 行（{place}），不知道按哪个岗位移交，按全部岗位的任职日期算。",
        "请在名册里只留在任的一行，离任的写离任日期。",
        brief="{count} 个客户经理在名册里有几行",
    ),
    "handover.off-duty": kind(
        "warning",
        "{manager} 在 {on} 不在岗（名册上 {since} 到 {until}），那天起的业绩归公共。",
        "请换接收人或移交日，或改名册上的任职、离任日期。",
        brief="接收人移交日不在岗",
    ),
    "handover.not-held": kind(
        "warning",
        "{count} 户不是 {manager} 管的（{customers}），没有列入；其余照移交。",
        "请核对名单；用 kehujingli owners 客户号 看归谁。",
        brief="{count} 户不是移交人管的",
    ),
    "handover.customer-unknown": kind(
        "warning",
        "名单里 {count} 个客户号查不到（{customers}），没有列入；其余照移交。",
        "请核对客户号。",
        brief="名单里 {count} 个客户号查不到",
    ),
    "handover.claimed": kind(
        "warning",
        "{count} 户在 {on} 以后已有业绩归属（如 {customer}，{place}），再加一行会超过 100%，没有列入；其余照移交。",
        "请把那几行的失效日期改成 {before}，再来。",
        brief="{count} 户已有业绩归属",
    ),
    "handover.unfit": kind(
        "warning",
        "{count} 户不能给 {manager}（{customers}）：{detail}，没有列入；其余照移交。",
        "请把这些户移交给别人；确要给他的，先改名册（服务范围、授权）或《回避》的失效日期。",
        brief="{count} 户接收人管不了",
    ),
    "handover.over": kind(
        "warning",
        "移交以后 {manager} 名下有 {load} 折算户（原来 {before}），超过管户上限 {capacity}。仍照移交列出。",
        "请把几户移交给别人，或在名册提高他的管户上限；不改的，下一份方案会调走多出的户。",
        brief="{files} 个接收人超过管户上限",
    ),
}

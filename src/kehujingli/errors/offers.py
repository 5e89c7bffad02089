"""What can be wrong with the catalogue of products, and with what is known of whom it is offered to?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

OFFERS: Mapping[str, Kind] = {
    "study.offers-unread": kind(
        "warning",
        "《产品目录》有 {count} 处没看懂：{who}。这些产品不推荐。",
        "请照空表的例子改写（kehujingli forms 产品目录），改后重跑。",
        brief="产品目录有 {count} 处没看懂",
    ),
    "study.offers-twice": kind(
        "warning",
        "《产品目录》有 {count} 个产品写了几行、条件不一样：{who}。不知道哪一行对，不推荐。",
        "请只留一行，改后重跑；只有套餐不一样的可以写几行。",
        brief="产品目录有 {count} 个产品写了几行",
    ),
    "study.offers-code-twice": kind(
        "warning",
        "《产品目录》有 {count} 个产品代码写给了几个产品：{who}。这些产品不推荐。",
        "请核对产品代码；是改了名的，旧名写进曾用名，只留一行，改后重跑。",
        brief="产品目录有 {count} 个产品代码重了",
    ),
    "study.offers-former": kind(
        "warning",
        "《产品目录》有 {count} 个曾用名也是别的产品的名字：{who}。没有当曾用名用。",
        "请改曾用名，一个旧名只写在一个产品里，改后重跑。",
        brief="产品目录有 {count} 个曾用名不清楚",
    ),
    "study.offers-no-level": kind(
        "warning",
        "《产品目录》有 {count} 个产品要有风险等级、没有写：{who}。不推荐。",
        "请写风险等级（R1 到 R5），改后重跑；不用风险等级的，改办法推荐一节里哪些字样要风险等级。",
        brief="产品目录有 {count} 个产品没写风险等级",
    ),
    "study.offers-nobody": kind(
        "warning",
        "《产品目录》有 {count} 个产品没有一户合条件：{who}。",
        "请核对这一行的条件是不是互相矛盾、门槛太高，或要的前提产品没有人有，改后重跑。",
        brief="产品目录有 {count} 个产品没有人合条件",
    ),
    "study.offers-unlisted": kind(
        "warning",
        "有 {count} 个客户在用的产品不在《产品目录》里：{who}。不推荐，也不算渗透。",
        "请把产品加进《产品目录》；是改了名的，把旧名写进新产品的曾用名，改后重跑。",
        brief="有 {count} 个在用的产品不在产品目录里",
    ),
    "study.offers-unseen": kind(
        "note",
        "《产品目录》有 {count} 个产品，导出里没有一户有：{who}。渗透缺。",
        "新上架的不用管；不是新的，请核对名称和《产品签约》《贷款台账》写得是否一样，不一样的写进曾用名。",
        brief="产品目录有 {count} 个产品没有一户有",
    ),
    "study.offers-strategy": kind(
        "note",
        "办法 [strategy] 主推的{words}，《产品目录》里没有这个产品，也没有这个产品大类，没有按它推。",
        "请在《产品目录》的产品大类里写这个说法。",
        brief="主推的{words}目录里没有",
    ),
    "study.offers-grade": kind(
        "warning",
        "《风险测评》有 {count} 行的等级不认识：{who}。按没有测评办。",
        "请写 C1 到 C5，或把本行的五种说法从低到高写进办法推荐一节的测评说法，改后重跑。",
        brief="风险测评有 {count} 行的等级不认识",
    ),
    "study.offers-no-grade": kind(
        "note",
        "有 {count} 户合别的条件，没有有效的风险测评（其中过期 {expired} 户），有风险等级的产品没有推荐给她们。",
        "请先做风险测评，把结果放进《风险测评》，再来。",
        brief="{count} 户没有有效的风险测评",
    ),
    "study.offers-status": kind(
        "warning",
        "《客户信息》有 {count} 种状态不认识：{who}。这些户什么也不推荐。",
        "请把可以推荐的状态写进办法推荐一节的可以推荐的状态，再来。",
        brief="有 {count} 种客户状态不认识，没有推荐",
    ),
    "study.offers-floor": kind(
        "warning",
        "《产品目录》有 {count} 个产品的年利率低于价格下限（正常类）：{who}。",
        "请核对年利率和期限档；没有写错的，由定价的部门决定，逐笔用 kehujingli contribution --loan 试算。",
        brief="产品目录有 {count} 个产品的价低于下限",
    ),
}

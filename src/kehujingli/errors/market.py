"""What can be wrong with the figures of the market, towns, villages and branches?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

MARKET: Mapping[str, Kind] = {
    "study.market-twice": kind(
        "warning",
        "《市场格局》有 {count} 行同一天、同一处、同一家写了两个不同的数：{who}，那里的份额空着。",
        "请只留对的一行，改后重跑。",
        brief="《市场格局》有 {count} 行写了两个不同的数",
    ),
    "study.market-own-like": kind(
        "warning",
        "《市场格局》有 {count} 家名称像本行、没有认定：{who}，只有它、没有本行的地方份额空着。",
        "请在办法 [studies.market] 的 own_banks 写上它；确是别家的写在 not_own，再来。",
        brief="{count} 家像是本行，没有认定",
    ),
    "study.market-branch": kind(
        "warning",
        "有 {count} 处对不上市场格局的乡镇：{who}，它们的存贷没有算进任何乡镇，没有本行机构的乡镇不算份额。",
        "请在《村情》写明这些机构的村和所属乡镇，或在办法 [studies.market] 的 towns 写明乡镇有哪些机构，再来。",
        brief="{count} 处对不上乡镇",
    ),
    "study.market-lacks": kind(
        "warning",
        "市场格局有 {count} 处份额算不出：{who}，空着。",
        "请按括号里的原因核对《市场格局》，改后重跑。",
        brief="{count} 处份额算不出",
    ),
    "study.market-own": kind(
        "warning",
        "《市场格局》写的本行和本月的不一样，有 {count} 处：{who}，份额按本月的算，对照在市场格局本行对照里。",
        "请核对日期、单位和口径（报表的各项存款可能含财政性、同业存款），改后重跑；口径不同的不用处理。",
        brief="本行的报表数有 {count} 处和本月不一样",
    ),
    "study.market-changes": kind(
        "note",
        "市场格局有 {count} 处没有算增减和增量份额：{who}。",
        "市场数据是季末的，请用 --period 季末月、--since 上个季末月，并让《市场格局》有这两个月的。",
    ),
    "study.market-day": kind(
        "warning",
        "市场数据有 {day} 的，本行是 {last} 的，不是同一天，份额只能看大概。",
        "要看同一天的，请用 --period {period}（那个月要跑过）；有新的，放进《市场格局》后重跑。",
        brief="市场数据不是期末那一天的",
    ),
    "study.market-towns": kind(
        "warning",
        "《市场格局》各乡镇相加多于全县，有 {count} 处：{who}，全县的份额按全县的行算。",
        "请核对各乡镇的单位和有没有重复的行，改后重跑。",
        brief="各乡镇相加多于全县",
    ),
    "study.market-village": kind(
        "warning",
        "客户资料里有 {count} 个村不在《村情》里：{who}，共 {customers} 户没有算进覆盖率；没有客户的村不按零算。",
        "改了名、并了的村，请在办法 [studies.market] 的 villages 写明；写法不同的，请改成一样，再来。",
        brief="{count} 个村不在《村情》里",
    ),
    "study.market-village-twice": kind(
        "warning",
        "《村情》有 {count} 个村写了几行：{who}，没有算覆盖率。",
        "请只留一行；不同乡镇的同名村，请在村名前写上乡镇，客户资料也一样，改后重跑。",
        brief="{count} 个村写了几行",
    ),
    "study.branches-staff": kind(
        "warning",
        "有 {count} 个网点没有可用的人数：{who}，人均和建议编制空着。",
        "请在《机构》补上或核对人数（全体员工，不只是客户经理），改后重跑。",
        brief="{count} 个网点没有可用的人数",
    ),
    "study.branches-kind": kind(
        "note",
        "有 {count} 个网点没有机构类型：{who}，没有按三农网点保底。",
        "要按三农网点保底，请在《机构》补上机构类型，改后重跑。",
    ),
    "study.branches-limits": kind(
        "warning",
        "建议编制 {total} 人放不进各网点的上下限（合计 {least} 至 {most} 人），上下限照同一倍数放宽了。",
        "请改办法 [studies.branches] 的 total、change 或最少人数，再来。",
        brief="建议编制放不进上下限",
    ),
    "study.branches-cost": kind(
        "warning",
        "有 {count} 个网点《机构》的年费用和《费用》本月的十二倍差得远：{who}，本月费用按《费用》的。",
        "请核对两张表的单位和期间，改后重跑。",
        brief="{count} 个网点的两处费用差得远",
    ),
    "study.branches-cost-lost": kind(
        "warning",
        "《费用》本月有 {amount} 元不是哪个网点的：{who}，各网点的费用、盈亏里没有它。",
        "总行的费用要网点分担的，请先分到机构；工号、机构号写错的请改，离职的人请写机构号，再重跑。",
        brief="费用有 {amount} 元不是哪个网点的",
    ),
    "study.branches-far": kind(
        "warning",
        "要撤并的网点有 {count} 个最近的网点超过 {near} 公里：{who}，撤了那里就没有网点。",
        "请另看服务点、流动服务；办法 [studies.branches] 的 near 可改。",
        brief="{count} 个要撤并的网点附近没有网点",
    ),
}

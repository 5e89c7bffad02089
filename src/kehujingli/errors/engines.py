"""What can be wrong with where postings are reckoned, and with one county of many?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

ENGINES: Mapping[str, Kind] = {
    "engine.missing": kind(
        "error",
        "没有装 {package}，这个引擎用不了：它不在基本安装里。",
        "请装 pip install 'kehujingli[{extra}]'，或不写 --engine 在本机算，得数一样。",
        Exit.INPUT,
    ),
    "engine.unreachable": kind(
        "error",
        "{address} 没有应答：一笔流水也没有送出，什么都没有动。",
        "请核对 --master 的主机和端口，看集群在不在运行、网络通不通；也可不写 --engine 在本机算（流水在数据库里的先导出来），得数一样。",
        Exit.INPUT,
    ),
    "engine.failed": kind(
        "error",
        "集群没有算完（{detail}）：什么都没有动。",
        "请看集群的日志：机器、内存、网络在不在，再跑一次；也可不写 --engine 在本机算（流水在数据库里的先导出来），得数一样。",
        Exit.INPUT,
    ),
    "province.failed": kind(
        "refused",
        "{county} 没有汇入：{reason}。合计里不含它，其他县照汇。",
        "请在那个县里跑通这一期，再汇总。",
        brief="有的县没有汇入",
    ),
    "province.no-workspace": kind(
        "warning",
        "{county} 没有汇入：{reason}。若是一个县，合计里就少了它。",
        "是县的，请把 rules/ 和 exports/ 补齐，或另写装着它的那一层；不是县的，请移到别处，或一个个写各县的工作区。",
        brief="有的目录不是工作区",
    ),
    "province.lacks": kind(
        "warning",
        "{counties} 没有{what}，合计里不含。",
        "请补上导出（或先跑上个月）后重跑那几县；本来就没有的不用管。",
        brief="有的县缺数",
    ),
    "province.days-differ": kind(
        "warning",
        "各县数据截至的日子不同（{days}），加起来不是同一天的数。",
        "请等各县都到期末再汇总，或在报送时写明。",
        brief="各县数据不是同一天",
    ),
    "province.rules-differ": kind(
        "note", "各县用了 {count} 份不同的办法：户群、得分的标准不一样，合计只是相加，不能互比。"
    ),
    "province.none": kind(
        "error", "{count} 个县一个也没有汇入：{reasons}。", "请先在各县跑通这一期（kehujingli run）。", Exit.INPUT
    ),
}

"""What can be wrong with projects on the way and with what others have?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

ANNEX: Mapping[str, Kind] = {
    "study.peers-period": kind(
        "warning",
        "《对标》有 {count} 行的期间不是月份：{who}，没有比。",
        "请写年-月，如 2026-10，改后重跑。",
        brief="对标有 {count} 行的期间不是月份",
    ),
    "study.peers-twice": kind(
        "warning",
        "《对标》同一家同一指标同一个月有两个数：{who}，不知道哪个对，没有比。",
        "请留下对的一行，改后重跑。",
        brief="对标有 {count} 个指标写了两个数",
    ),
    "study.peers-unit": kind(
        "warning",
        "《对标》有 {count} 行的单位和本行的数对不上：{who}，没有相减。",
        "金额写元、万元或亿元，比率写 %，户数写户，改后重跑。",
        brief="对标有 {count} 行的单位对不上",
    ),
    "study.projects-after-end": kind(
        "warning",
        "《项目储备》有 {count} 行在落地或放弃以后又有进展：{who}，按最近一行算。",
        "请核对阶段和进入日期；重新开始的项目请用新的项目编号，改后重跑。",
        brief="项目储备有 {count} 行在结束以后又有进展",
    ),
    "study.projects-back": kind(
        "note",
        "《项目储备》有 {count} 行退回前面的阶段：{who}，到过几步按最远的算，现在在哪一步按最近一行算。",
        "真退回的不用改；写错了日期的请改后重跑。",
    ),
}

"""What can be wrong with what a study needs?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

STUDIES: Mapping[str, Kind] = {
    "study.needs": kind("error", "缺{table}，{study}做不了。", "请把{table}放进 {where}{rerun}。", Exit.INPUT),
    "study.without": kind("note", "缺{table}：{lacks}", "要算，请把{table}放进 {where}{rerun}。"),
    "study.capital-old": kind(
        "warning",
        "资本用的是 {day} 的，到 {as_of} 已过 {months} 个月，占比按旧资本算。",
        "请把最近一个季度的资本放进 exports/ 后重跑。",
        brief="资本是一个季度以前的",
    ),
    "study.capital-twice": kind(
        "warning",
        "资本有几行都是 {day} 的，数不一样，用的是最小的 {capital} 元。",
        "请只留对的一行，改后重跑。",
        brief="资本同一天有几个数",
    ),
    "study.capital-odd": kind(
        "warning",
        "资本净额 {capital} 元是全部贷款的 {share}，单位像是写错了，占比和限额不可信。",
        "请核对《资本》的单位（报表用万元），改后重跑。",
        brief="资本的单位要核对",
    ),
}

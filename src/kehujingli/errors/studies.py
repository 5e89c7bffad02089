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
    "study.guarantor-unknown": kind(
        "note",
        "《担保》有 {count} 行的保证人不是本行客户或没有客户号，没有连进担保圈。",
        "请补上保证人的客户号；外行人担保的不用补。",
    ),
    "study.guarantor-self": kind(
        "warning",
        "《担保》有 {count} 行是借款人自己给自己保证，没有计入。",
        "请核对保证人客户号。",
        brief="{count} 行自己给自己保证",
    ),
    "study.exposure-kind": kind(
        "note",
        "《授信与表外》有 {count} 行的业务种类不认识（{kinds}），按表外业务的余额计入。",
        "种类有：贷款、承兑、保函、信用证、未用授信、贴现、债券；写错的请改正。",
    ),
    "study.what-if": kind(
        "error",
        "“{value}”不是 客户=金额。",
        "请写客户号（新客户写个名称）和要增加的金额，如 810000000012=500万。",
        Exit.USAGE,
    ),
}

"""What can be wrong with the bank's targets that are to be parted?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

ALLOCATION: Mapping[str, Kind] = {
    "study.allocation-none": kind(
        "note",
        "《任务数》里没有全行的任务，没有可以分的。",
        "要分的，请在《任务数》里写一行，工号和机构号空着，期间写年份，如 2027，改后重跑。",
        brief="《任务数》里没有全行的任务",
    ),
    "study.allocation-years": kind(
        "note",
        "《任务数》里有几年的全行任务：{who}，这里分的是 {year} 年。",
        "要分别的年，请用 --year 写明。",
        brief="有几年的全行任务",
    ),
    "study.allocation-span": kind(
        "warning",
        "《任务数》有 {count} 行全行任务的期间不是年：{who}，没有分。",
        "请按年写；各月的进度由办法 [studies.allocation] 的 season 定。",
        brief="{count} 行全行任务不是按年写的",
    ),
    "study.allocation-twice": kind(
        "warning",
        "《任务数》里 {year} 年有 {count} 项全行任务写了不同的数：{who}，没有分。",
        "请只留一行，改后重跑。",
        brief="{count} 项全行任务各行不同",
    ),
    "study.allocation-unknown": kind(
        "warning",
        "《任务数》有 {count} 行全行任务的指标没有人考核，或办法里写了固定任务：{who}，没有分。",
        "请改成办法里的指标名；不考核的请删去。",
        brief="{count} 行全行任务的指标没有人考核",
    ),
    "study.allocation-ratio": kind(
        "warning",
        "《任务数》有 {count} 行全行任务是比率：{who}，比率不能相加，没有分。",
        "请给各人写同一个比率，或另定。",
        brief="{count} 行全行任务是比率",
    ),
    "study.allocation-unit": kind(
        "warning",
        "《任务数》有 {count} 行全行任务是金额而没有单位：{who}，是元还是万元说不准，没有分。",
        "请在“单位”列写元或万元，或写进表头，如 任务数(万元)，改后重跑。",
        brief="{count} 行全行任务没有单位",
    ),
    "study.allocation-odd": kind(
        "warning",
        "《任务数》有 {count} 行全行任务不是数或小于 0：{who}，没有分。",
        "请核对任务数，改后重跑。",
        brief="{count} 行全行任务不是数或小于 0",
    ),
    "study.allocation-step": kind(
        "note",
        "“{item}”的全行任务 {target} 不是办法里整数倍的倍数，按 {step} 的倍数分了。",
        "要取整的，请改全行任务，或改 [studies.allocation] 的 money_step、step。",
    ),
    "study.allocation-limits": kind(
        "warning",
        "“{item}”的全行任务 {target} 在各人上下限里放不下（下限合计 {least}，上限合计 {most}），按同一倍数放宽了。",
        "请改全行任务，或改 [studies.allocation] 的 cap、floor，改后重跑。",
        brief="{count} 项全行任务在上下限里放不下",
    ),
    "study.allocation-part": kind(
        "note",
        "分的是 {year} 年的任务，实绩是 {period} 月底的，不是上一年全年的：权重和上下限都按它。",
        "要按上一年全年的，请用 --period 写上一年的十二月（那个月要跑过）。",
        brief="分任务的实绩不是上一年全年的",
    ),
    "study.allocation-markup": kind(
        "warning",
        "《任务数》里已经分下去的比全行任务多（层层加码）：{who}。",
        "请核对，各人、各机构合计应当等于全行。",
        brief="{count} 处任务层层加码",
    ),
    "study.allocation-given": kind(
        "note",
        "有 {count} 人在《任务数》里已有 {year} 年的这些任务：{who}。",
        "采用分解结果的，请先删去原来的行，不然各行不同，都不予采用。",
        brief="{count} 人已有任务数",
    ),
    "study.allocation-posts": kind(
        "warning",
        "{count} 人在几个机构有岗位：{who}，任务整个算在当月在岗天数最多的那个机构。",
        "请核对机构合计；要分开的，请在任务数里按机构另写。",
        brief="{count} 人的任务跨机构，算在一个机构",
    ),
    "study.allocation-branch-empty": kind(
        "note",
        "有 {count} 个机构没有参加考核的客户经理：{who}，没有分到任务。",
        "要分的，请在花名册里给这些机构写上客户经理，改后重跑。",
        brief="{count} 个机构没有客户经理，没有分到任务",
    ),
}

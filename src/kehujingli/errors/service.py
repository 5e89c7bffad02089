"""What can be wrong with issues, referrals, applications and what was promised, and with days to remember?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

SERVICE: Mapping[str, Kind] = {
    "study.care-birth": kind(
        "warning",
        "有 {count} 户的出生日期晚于期末，或早得不像：{who}，没有列生日。",
        "请核对《客户信息》的出生日期，改后重跑。",
        brief="{count} 户的出生日期不对",
    ),
    "study.care-no-lunar": kind(
        "warning",
        "办法要的农历日子（{festivals}）没有算：没有装换算农历的程序包；生日都照公历列。",
        "请装 pip install 'kehujingli[{extra}]'，再来；或去掉办法 [studies.care] 的 festivals、lunar。",
        brief="农历的日子没有算",
    ),
    "study.service-closed-early": kind(
        "warning",
        "《{table}》有 {count} 行的办结日期早于提出日期：{who}，不算按期也不算超期，列在服务逐笔里。",
        "请核对这两个日期，改后重跑。",
        brief="服务的台账有 {count} 行的日期前后不对",
    ),
    "study.service-due-early": kind(
        "warning",
        "《{table}》有 {count} 行的应答期限早于提出日期：{who}，期限按办法的工作日数算。",
        "请核对这两个日期，改后重跑。",
        brief="服务的台账有 {count} 行的应答期限早于提出日期",
    ),
    "study.service-no-end": kind(
        "warning",
        "《{table}》有 {count} 行有结果、没有办结日期：{who}，不算按期也不算超期，列在服务逐笔里。",
        "请补上办结日期，改后重跑。",
        brief="服务的台账有 {count} 行没有办结日期",
    ),
    "study.service-manager": kind(
        "warning",
        "《{table}》有 {count} 行的工号不在《客户经理名册》里：{who}，照样算，没有姓名。",
        "请核对工号，改后重跑。",
        brief="服务的台账有 {count} 行的工号不在名册里",
    ),
    "study.service-customer": kind(
        "warning",
        "《{table}》有 {count} 行的客户号不是本行客户：{who}，照样算，没有名称。",
        "请核对客户号，改后重跑。",
        brief="服务的台账有 {count} 行的客户号对不上",
    ),
    "study.service-twice": kind(
        "warning",
        "《{table}》有 {count} 个编号写了几行、办结日期不一样：{who}，按后写的算。",
        "请只留对的一行，改后重跑。",
        brief="服务的台账有 {count} 个编号的几行对不上",
    ),
    "study.service-kind": kind(
        "warning",
        "《{table}》有 {count} 行没有写类别：{who}，单列在没写类别里。",
        "请写问题或投诉，改后重跑。",
        brief="服务的台账有 {count} 行没有写类别",
    ),
    "study.service-unpublished": kind(
        "note",
        "《{table}》有 {count} 件的期限要数到放假安排未公布的日子：{who}，是否按期算作不知道。",
        "公布后请升级程序，或在《工作日历》里写全那一年的放假、补班日（至少写 1 月 1 日和 10 月 1 日），再来。",
        brief="服务的台账有 {count} 件的期限未公布",
    ),
}

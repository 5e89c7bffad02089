"""What can be wrong with what is filed of customers, and with what they answered?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

PROFILE: Mapping[str, Kind] = {
    "study.profile-blank": kind(
        "warning",
        "《{table}》的 {count} 行都没有写内容，一项也没有采集到。",
        "请填内容和采集日期；列名不是“内容”的，请改成“内容”，或写进 layouts/。",
        brief="客户档案没有写内容",
    ),
    "study.profile-later": kind(
        "note",
        "客户档案有 {count} 项的采集日期在期末以后：{who}，本期不算。",
        "不用改；写错了年份的请改后重跑。",
    ),
    "study.profile-nobody": kind(
        "warning",
        "客户档案有 {count} 项的客户号不在客户信息里：{who}，没有算。",
        "请核对客户号，改后重跑。",
        brief="客户档案有 {count} 项不知道是谁的",
    ),
    "study.profile-torn": kind(
        "warning",
        "客户档案有 {count} 项同一天采集的内容不同：{who}，不知道哪个对，不算有。",
        "请留下对的一行，或写对采集日期，改后重跑。",
        brief="客户档案有 {count} 项说法不一",
    ),
    "study.profile-unasked": kind(
        "note",
        "客户档案有 {count} 种项目办法没有要：{who}，只列在档案内容里。",
        "是行里自己的项目不用改；是办法要的换了写法，请改成办法里的写法，或在办法的档案一节里加上它。",
    ),
    "study.profile-undated": kind(
        "warning",
        "客户档案有 {count} 项没有写采集日期：{who}，不知道新旧，没有算。",
        "请补上采集日期，改后重跑。",
        brief="客户档案有 {count} 项没有采集日期",
    ),
    "study.survey-nobody": kind(
        "warning",
        "需求调查有 {count} 个回答的客户号不在客户信息里：{who}，没有算。",
        "请核对客户号，改后重跑。",
        brief="需求调查有 {count} 个回答不知道是谁的",
    ),
    "study.survey-question": kind(
        "warning",
        "需求调查有 {count} 个回答的问题编号办法里没有：{who}，没有算。",
        "请照办法需求调查一节的问题编号写，或把问题加进办法，再重跑。",
        brief="需求调查有 {count} 个回答不知道答的哪题",
    ),
    "study.survey-torn": kind(
        "warning",
        "需求调查有 {count} 题同一天答了两样：{who}，不知道哪个对，没有算。",
        "请留下对的一行，改后重跑。",
        brief="需求调查有 {count} 题答了两样",
    ),
    "study.survey-undated": kind(
        "warning",
        "需求调查有 {count} 个回答没有写调查日期：{who}，不知道新旧，没有算。",
        "请补上调查日期，改后重跑。",
        brief="需求调查有 {count} 个回答没有日期",
    ),
}

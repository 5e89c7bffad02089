"""What can be wrong with what the payroll system is given?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

PAYROLL: Mapping[str, Kind] = {
    "payroll.sum": kind(
        "error",
        "薪酬系统文件的合计是 {written} 元，绩效薪酬的实际兑付是 {due} 元，差 {difference} 元，没有写出。",
        "请运行 kehujingli run --period {period} 重跑再来；还不相等就不要发放，把这句话交给管程序的人。",
        Exit.INPUT,
    ),
    "payroll.nobody": kind(
        "error",
        "{period} 没有一人有可付的绩效，没有写出。",
        "请看 考核得分.xlsx 首页“未计分”的原因（多是缺任务数或实绩），补齐后重跑。",
        Exit.INPUT,
    ),
    "payroll.draft": kind(
        "warning",
        "{period} 是{status}，没有关账：重跑一次数就会变，不能作发放依据。",
        "请复核、审批后运行 kehujingli close {period}，再写一次。",
        brief="没有关账，不能作发放依据",
    ),
    "payroll.trial": kind(
        "warning",
        "{period} 的导出里没有管户经理，也没有已批的方案，得分和薪酬是按本期方案试算的，不能作发放依据。",
        "请补导管户经理，或批准方案后从下期起算。",
        brief="按本期方案试算，不能作发放依据",
    ),
    "payroll.unscored": kind(
        "warning",
        "有 {count} 人未计分，应发是缺，文件里没有他们当期的绩效：{who}。",
        "请看 考核得分.xlsx 首页“未计分”的原因，补齐后重跑；确实不发的不用处理。",
        brief="{count} 人未计分，没有当期的绩效",
    ),
    "payroll.below": kind(
        "warning",
        "有 {count} 人的实际兑付是负数：{who}，照负数写出，合计才相等。",
        "请先问薪酬系统收不收负数；不收的在本期加减分里更正，重跑后再写。",
        brief="{count} 人的实际兑付是负数",
    ),
    "payroll.unknown": kind(
        "warning",
        "有 {count} 人要付钱，但名册里没有这个工号：{who}。",
        "请核对工号：名册漏了的补上后重跑；已离任的，请人事确认后发放。",
        brief="{count} 人名册里没有",
    ),
    "payroll.twice": kind(
        "warning",
        "有 {count} 人有几个岗位，文件里不止一行：{who}。",
        "薪酬系统一人只收一行的，请在办法的 [studies.payroll] 里改成一人一行。",
        brief="{count} 人不止一行",
    ),
    "payroll.merged": kind(
        "note",
        "有 {count} 人有几个岗位，金额相加成一行：{who}；机构、等级、得分写实际兑付最多的那个岗位。",
        "要一个岗位一行的，请在办法的 [studies.payroll] 里改。",
    ),
}

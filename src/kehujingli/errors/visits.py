"""What can be wrong with a plan of visits?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

VISITS: Mapping[str, Kind] = {
    "study.visits-no-strategy": kind(
        "warning",
        "办法里没有户群策略，不知道多久走访一次，没有排期；方式、覆盖、签约照算。",
        "请在办法里写 [strategy] 一节（写法见 docs/rules.md），再来。",
        brief="没有户群策略，排不了走访",
    ),
    "study.visits-unpublished": kind(
        "note",
        "{year} 年的放假安排未公布，从 {first} 起的 {count} 天没有排。",
        "公布后请升级程序，或在《工作日历》里写全那一年的放假、补班日（至少写 1 月 1 日和 10 月 1 日），再来。",
        brief="{count} 天的放假安排未公布，没有排走访",
    ),
    "study.visits-silent": kind(
        "note",
        "到 {day} 计划了走访、没有填结果的有 {count} 次，没有算走访。",
        "请催客户经理填“结果”，收回后放进 表单/ 重跑。",
        brief="{count} 次计划的走访没有填结果",
    ),
}

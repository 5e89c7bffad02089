"""How is a difference said? One short sentence after a re-run, and the lines above the tables of ``diff``."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.answers.diff import Difference
from kehujingli.answers.diff.causes import BOTH, CAUSES, DATA, EARLIER, OWN, RULES

_SHOWN = 5


def lines(difference: Difference) -> Iterator[str]:
    """What changed in the whole, and why: customers, data and rules apart."""
    total = difference.totals
    yield f"{difference.before.title} → {difference.after.title}"
    yield (
        f"客户  {_pair(total['customers'], ' 户')}：新来 {total['came']:,}，离开 {total['left']:,}，户群变动 {total['changed']:,}"
        + _causes(total["causes"])
    )
    yield f"分类  大中型 {_pair(total['upper'])}  经常 {_pair(total['frequent'])}  休眠 {_pair(total['dormant'])}"
    yield f"金额  存款余额 {_wan(total['deposit_balance'])}  {terms.said('average_deposit')} {_wan(total['average_deposit'])}  贷款余额 {_wan(total['loan_balance'])}（万元）"
    if difference.managers:
        yield _score_line(difference)
    yield _data_line(difference)
    if total["causes"].get(EARLIER):
        yield "上月  结果变了：降档缓冲按上月的档"
    yield from _rule_lines(difference)


def _pair(values: tuple[int, int], unit: str = "") -> str:
    return f"{values[0]:,} → {values[1]:,}{unit}" + (
        f"（{signed(values[1] - values[0])}）" if values[0] != values[1] else ""
    )


def _wan(values: tuple[int, int]) -> str:
    before, after = (Decimal(value) / 1_000_000 for value in values)
    return f"{before:,.2f} → {after:,.2f}" + (f"（{signed(after - before)}）" if before != after else "")


def signed(value: int | Decimal) -> str:
    text = f"{abs(value):,.2f}" if isinstance(value, Decimal) else f"{abs(value):,}"
    return f"+{text}" if value > 0 else (f"−{text}" if value < 0 else "持平")


def _causes(counts: dict[str, int]) -> str:
    told = [f"{CAUSES[cause]} {counts[cause]:,}" for cause in (OWN, DATA, RULES, BOTH, EARLIER) if counts.get(cause)]
    return f"（因：{'，'.join(told)}）" if told else ""


def _score_line(difference: Difference) -> str:
    before, after = difference.totals["score"]
    both = [row["difference"] for row in difference.managers if row["difference"] is not None]
    mean = f"平均 {'无' if before is None else before} → {'无' if after is None else after}"
    change = f"（{signed(after - before)}）" if before is not None and after is not None and before != after else ""
    return f"考核  {mean}{change}，升 {sum(d > 0 for d in both)} 人，降 {sum(d < 0 for d in both)} 人，不变 {sum(d == 0 for d in both)} 人"


def _data_line(difference: Difference) -> str:
    inputs = difference.inputs
    parts = [
        f"{word} {len(inputs[key])} 个文件（{'、'.join(inputs[key][:_SHOWN])}{' 等' if len(inputs[key]) > _SHOWN else ''}）"
        for key, word in (("changed", "改过"), ("added", "新到"), ("removed", "少了"))
        if inputs[key]
    ]
    return "数据  " + ("，".join(parts) or "没有变")


def _rule_lines(difference: Difference) -> Iterator[str]:
    changed = difference.rules
    old, new = (side.manifest.get("rules", {}) for side in (difference.before, difference.after))
    if not changed:
        same = old.get("sha256") == new.get("sha256")
        yield "办法  " + ("没有变" if same else f"{old.get('path')} → {new.get('path')}，数值没有变")
    elif changed[0]["key"] == "rules":
        yield f"办法  {old.get('path')} → {new.get('path')}（旧结果没有留下数值，说不出哪几处）"
    else:
        yield f"办法  {old.get('path')} → {new.get('path')}，{len(changed)} 处不同"
        for row in changed:
            yield f"      {row['key']}：{'没有' if row['before'] is None else row['before']} → {'没有' if row['after'] is None else row['after']}"
    if difference.handed:
        yield f"管户  {difference.handed:,} 户换了客户经理"
    if difference.plans_changed:
        yield "方案  管户方案变了"
    if difference.program_changed:
        yield "程序  换过版本"


def sentence(difference: Difference) -> str:
    """What a re-run changed against the run it replaced, in one sentence; empty where no figure did."""
    total = difference.totals
    parts: list[str] = []
    if total["came"] or total["left"]:
        parts.append(f"客户 {signed(total['customers'][1] - total['customers'][0])} 户")
    if total["changed"]:
        parts.append(f"户群变动 {total['changed']:,} 户")
    figures = sum(row["kind"] == "figures" for row in difference.customers)
    if figures:
        parts.append(f"{figures:,} 户业务规模变了")
    rescored = [row for row in difference.managers if row["score_before"] != row["score_after"]]
    if rescored:
        before, after = total["score"]
        mean = f"（平均 {before} → {after}）" if before != after and before is not None and after is not None else ""
        parts.append(f"{len(rescored):,} 人得分变了{mean}")
    if not parts:
        return ""
    return f"与上次运行相比：{'，'.join(parts)}；{_because(difference)}"


def _because(difference: Difference) -> str:
    inputs = difference.inputs
    names: list[Any] = [*inputs["changed"], *inputs["added"], *inputs["removed"]]
    parts = [f"数据变了 {len(names)} 个文件"] if names else []
    if difference.rules:
        parts.append("办法变了" if difference.rules[0]["key"] == "rules" else f"办法变了 {len(difference.rules)} 处")
    if difference.plans_changed:
        parts.append("管户方案变了")
    if difference.program_changed:
        parts.append("程序换了版本")
    return "，".join(parts) or "上月结果或人工填报变了"

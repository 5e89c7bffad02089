"""Does 户群策略 name every 户群, and does it agree with which of them get a manager?"""

from __future__ import annotations

from collections.abc import Iterator

from kehujingli import terms
from kehujingli.rules.models import Rules
from kehujingli.rules.strategy import missing_cells


def tended(rules: Rules) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """E22: cells without a row. E23: cells that are the manager's here and nobody's in ``[assign]``, or the other way round."""
    strategy = rules.strategy
    if strategy is None:
        return
    if lacking := missing_cells(strategy):
        told = f"户群策略缺 {'、'.join(lacking)}：九个户群都要写谁管、多久走访一次。"
        yield "E22", ("strategy",), told
    if rules.assign is None:
        return
    for group, row in strategy.items():
        label, managed = terms.GROUPS[group], group in rules.assign.managed
        if managed and row.who != "manager":
            told = f"{label}按 assign.managed 配客户经理，这里写由{terms.TENDED_BY[row.who]}管：请改成一致。"
            yield "E23", ("strategy", group, "who"), told
        elif row.who == "manager" and not managed:
            told = f"{label}这里写由客户经理管，assign.managed 里没有，有贷款的以外都不配：请改成一致。"
            yield "E23", ("strategy", group, "who"), told

"""Does what people decide of customers still fit the month? Receivers against its roster, 回避, authorities and limits; holders against the plan's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.values import listed

if TYPE_CHECKING:
    from kehujingli.assign.fitting import Loaded
    from kehujingli.month.order import Month


@dataclass(frozen=True)
class Fit:
    """``unfit``: customer → why her manager may not have her; ``holders``: who has her the day the plan begins; ``over``: whose limit is
    exceeded; ``stays``: due for 轮岗 and left with the holder."""

    unfit: Mapping[str, str]
    holders: Mapping[str, str]
    over: tuple[Loaded, ...] = ()
    stays: tuple[str, ...] = ()


def fit(month: Month, wanted: Mapping[str, str], on: int) -> Fit:
    """``wanted``: customer → manager from day ``on``. Raises ``table.missing`` without a roster."""
    from kehujingli.assign.fitting import unfit, weighed_up
    from kehujingli.month.steps.assignment import inputs

    rules = month.rules.rules.assign
    dated = month.committed if rules is not None and rules.rotate_years else None
    given, _, _ = inputs(month.segmented, month.tables, month.standing, on, month.where, dated)
    held = zip(given.customers["customer_id"], listed(given.customers["holder_id"]), strict=True)
    holders = {customer: holder for customer, holder in held if holder is not None}
    asked = {"home_village": rules.home_village, "own_line": rules.own_line} if rules is not None else {}
    wrong = unfit(given, wanted, on, **({"home_village": False} | asked))
    if rules is None:
        return Fit(wrong, holders)
    over, stays = weighed_up(given, wanted, rules, on)
    return Fit(wrong, holders, tuple(over), tuple(stays))


def over_limit(code: str, over: tuple[Loaded, ...]) -> list[Finding]:
    from kehujingli.assign.findings import households

    return [
        finding(
            code,
            manager=one.manager,
            load=households(one.after),
            before=households(one.before),
            capacity=households(one.capacity),
        )
        for one in over
    ]

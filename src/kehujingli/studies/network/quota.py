"""How many people should each branch have? By potential and efficiency, with a least each and no more change than the rules allow, exact in all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from kehujingli.studies.portions import portions
from kehujingli.values import nearest

_UNITS = 10**9


class Limits(Protocol):
    """What the rules say of people."""

    @property
    def load(self) -> Decimal: ...
    @property
    def least_efficiency(self) -> Decimal: ...
    @property
    def most_efficiency(self) -> Decimal: ...
    @property
    def change(self) -> Decimal: ...
    @property
    def total(self) -> int | None: ...


@dataclass(frozen=True)
class Quota:
    """``rows``: branch → potential, efficiency, weight, least, most, wanted, moved, held, now. ``kept``: whether all limits are; ``by``: what efficiency is of."""

    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    total: int = 0
    now: int = 0
    kept: bool = True
    least: int = 0
    most: int = 0
    by: str = ""


def quotas(
    staff: Mapping[str, int],
    customers: Mapping[str, int],
    load: Mapping[str, Fraction] | None,
    values: Mapping[str, int],
    floors: Mapping[str, int],
    limits: Limits,
    by: str,
) -> Quota:
    """``staff``: of each branch now, above 0; ``values``: what efficiency is measured by; ``load``: 折算户 that are due, ``None`` where not known."""
    if not staff:
        return Quota()
    who, now = sorted(staff), sum(staff.values())
    share = Fraction(limits.load) if load is not None and any(load.get(one) for one in who) else Fraction(0)
    due = {one: (load or {}).get(one, Fraction(0)) for one in who}
    of_load, of_customers = _parts(due), _parts(customers)
    potential = {one: share * of_load[one] + (1 - share) * of_customers[one] for one in who}
    mean = Fraction(sum(values.values()), now)
    low, high = Fraction(limits.least_efficiency), Fraction(limits.most_efficiency)
    efficient = {
        one: min(max(Fraction(values[one], staff[one]) / mean, low), high) if mean > 0 else Fraction(1) for one in who
    }
    weights = [nearest(potential[one] * efficient[one] * _UNITS) for one in who]
    if not any(weights):
        weights = [1] * len(who)
    change = Fraction(limits.change)
    least = [max(floors[one], math.ceil(staff[one] * (1 - change))) for one in who]
    most = [max(low_, math.floor(staff[one] * (1 + change))) for one, low_ in zip(who, least, strict=True)]
    total = now if limits.total is None else limits.total
    wanted, kept = portions(total, weights, least, most, who)
    rows = {
        one: {
            "potential": float(potential[one]),
            "efficiency": float(efficient[one]),
            "weight": weights[place] / sum(weights),
            "least": least[place],
            "most": most[place],
            "wanted": wanted[place],
            "moved": wanted[place] - staff[one],
            "now": staff[one],
            "held": _held(wanted[place], least[place], most[place]) if kept else "上下限放不下",
        }
        for place, one in enumerate(who)
    }
    return Quota(rows, total, now, kept, sum(least), sum(most), by)


def _parts(of: Mapping[str, Any]) -> dict[str, Fraction]:
    """Each one's part of the whole."""
    whole = Fraction(sum(of.values()))
    return {one: Fraction(part) / whole if whole else Fraction(0) for one, part in of.items()}


def _held(wanted: int, least: int, most: int) -> str:
    if wanted == least == most:
        return "上下限相同"
    if wanted == most:
        return "封顶"
    return "保底" if wanted == least else ""

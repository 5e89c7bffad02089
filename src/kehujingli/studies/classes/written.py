"""How would a candidate stand in the rules? The section that classes customers with one line of it drawn otherwise; nothing where it may not stand so."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kehujingli import terms
from kehujingli.segment import DEPOSIT_MEASURES
from kehujingli.values import in_yuan

if TYPE_CHECKING:
    from kehujingli.rules import SegmentRules
    from kehujingli.rules.models import ScaleRules


def sides_written(scale: ScaleRules) -> list[str]:
    """The keys of the bounds that decide, in the order of ``segment.sides``."""
    if scale.combine == "sum":
        return ["bounds"]
    deposits = [measure in DEPOSIT_MEASURES for measure in scale.measure]
    return ["bounds"] * any(deposits) + ["loan_bounds"] * (not all(deposits))


def with_bounds(own: SegmentRules, side: str, kind: str, bounds: tuple[int, int]) -> SegmentRules | None:
    """Medium and large (分) of one customer type; the others keep theirs, also where they were those of this type."""
    present = getattr(own.scale, side)
    written = {each: present.of(each).model_dump() for each in terms.CUSTOMER_TYPES}
    written[kind] = dict(zip(("medium", "large"), map(in_yuan, bounds), strict=True))
    return _changed(own, ("scale", side), written)


def with_condition(own: SegmentRules, key: str, bound: int) -> SegmentRules | None:
    """One of the three conditions of 经常联系户."""
    return _changed(own, ("frequency", "frequent", key), bound)


def with_months(own: SegmentRules, months: int) -> SegmentRules | None:
    """So many calendar months without activity."""
    return _changed(own, ("frequency", "dormant", "idle_months"), months)


def _changed(own: SegmentRules, path: tuple[str, ...], value: Decimal | int | dict[str, Any]) -> SegmentRules | None:
    told = own.model_dump()
    section = told
    for name in path[:-1]:
        section = section[name]
    section[path[-1]] = value
    try:
        return type(own).model_validate(told)
    except ValidationError:
        return None

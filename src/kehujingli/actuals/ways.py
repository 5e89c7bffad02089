"""In which ways is one actual reckoned? Items of a file may set the same actual against different 基数, sums or people; each is told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.actuals import Way, item_names
from kehujingli.values import plain

if TYPE_CHECKING:
    from kehujingli.rules.schemes import IncentiveRules, Metric, Population, SchemeRules
    from kehujingli.rules.shapes.base import Item

USUAL_BASELINE = "last_year_average"
_SIGN = ":"


def way_of(thing: Item | Metric, scheme: SchemeRules) -> Way | None:
    """How a scheme's item wants its actual; a metric as the scheme's first item with that actual; nothing where it has none."""
    from kehujingli.rules.shapes.base import Item

    if thing.actual is None:
        return None
    item = thing if isinstance(thing, Item) else next((one for one in scheme.item if one.actual == thing.actual), None)
    match thing.actual:
        case "average_deposit_growth":
            return Way(thing.actual, item.baseline if item is not None else USUAL_BASELINE)
        case "customers_woken":
            return Way(thing.actual, plain(item.min_average if item is not None else Decimal(0)))
        case "npl_ratio":
            return Way(thing.actual, scheme.responsibility)
        case "visits_done_ratio":
            return Way(thing.actual, "、".join(scheme.visit_ways))
        case _:
            return Way(thing.actual)


def ways(rules: IncentiveRules) -> Mapping[Way, str]:
    """Way → the name that its contributions bear: the first of an actual its own name, others with what tells them apart."""
    from kehujingli.rules.schemes import Metric

    found: dict[Way, str] = {}
    for scheme in rules.schemes:
        own = [way_of(thing, scheme) for thing in (*scheme.item, *scheme.metric)]
        named = [way_of(Metric(id=name, label=name, actual=name), scheme) for name in scheme.actual_names()]
        for way in [*own, *named]:
            if way is not None and way not in found:
                first = all(other.actual != way.actual for other in found)
                found[way] = way.actual if first else f"{way.actual}{_SIGN}{way.choice}"
    return found


@dataclass(frozen=True, slots=True)
class Want:
    """Under which names a scheme's people speak of an actual wanted in one way, and the unit of their figures."""

    way: Way
    names: frozenset[str]
    unit: Decimal
    population: Population | None


def wants(rules: IncentiveRules) -> list[Want]:
    """What items and metrics of every scheme want. Together with ``ways`` all of the incentive rules that actuals are made by."""
    return [
        Want(
            way,
            item_names(thing.label, thing.id, thing.actual),
            thing.unit,
            getattr(scheme, "population", None),
        )
        for scheme in rules.schemes
        for thing in (*scheme.item, *scheme.metric)
        if (way := way_of(thing, scheme)) is not None
    ]


def bare(name: str) -> str:
    """The actual behind the name of one of its ways."""
    return name.partition(_SIGN)[0]

"""Which item does a column of 人工填报 mean, and in which unit are its figures? A column that is no item is told with the nearest one."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.actuals import header_unit, item_names
from kehujingli.errors import Finding, finding
from kehujingli.rules.schemes import Metric
from kehujingli.rules.shapes.base import Item
from kehujingli.values import Style, listed, plain, ungrouped

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.schemes import SchemeRules

_DIGITS = 30
"""Of the sixty that ``EXACT`` has, so that products of two figures are whole."""
_LIKE = 0.5
"""How much two names must have in common to be taken for a slip of the pen."""
_WHOLE, _TINY = Decimal(1), Decimal("0.0005")
"""A share above the first without a unit, or none above the second under (%), is a percentage written the other way."""
Things = Mapping[str, Item | Metric]


def number(text: str) -> Decimal | None:
    """The number that a cell says; nothing where it is none, or longer than any figure of a bank."""
    said = ungrouped(text.strip().replace("，", ","))
    try:
        value = Decimal(said[:-1]) / 100 if said.endswith(("%", "％")) else Decimal(said)
    except ArithmeticError:
        return None
    return value if value.is_finite() and value.adjusted() < _DIGITS else None


def things_of(rules: SchemeRules) -> dict[str, Item | Metric]:
    """Every name by which papers may call an item or a metric of a scheme."""
    names: dict[str, Item | Metric] = {}
    for thing in reversed([*rules.item, *rules.metric]):
        names |= dict.fromkeys(item_names(thing.label, thing.id, thing.actual), thing)
    return names


def loosely(names: Things) -> dict[str, Item | Metric]:
    """The same names as they are compared with headers: without spaces, in half width, in small letters."""
    return {_loose(name): thing for name, thing in names.items()}


def _loose(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def meant(names: Things, loose: Things, header: str, bare: str | None) -> tuple[Item | Metric | None, bool]:
    """The item that a header names, and whether it does so with a unit behind the item's own name.

    ``bare`` is the header without its unit; a name of the rules that itself bears one is taken first, as it stands.
    """
    whole = names.get(header) or names.get(header.strip()) or loose.get(_loose(header))
    if whole is not None or bare is None:
        return whole, False
    return loose.get(_loose(bare)), True


def style_of(thing: Item | Metric) -> Style | None:
    if isinstance(thing, Metric):
        return terms.ACTUAL_STYLES.get(thing.actual or "", thing.style) if thing.actual else thing.style
    return thing.style or terms.ACTUAL_STYLES.get(thing.actual or "")


def in_unit(thing: Item | Metric, said: str, value: Decimal, unit: str | None) -> tuple[Decimal, bool]:
    """A typed figure in 元, shares or units, and whether its header's unit fits the item."""
    style = style_of(thing)
    own = thing.unit if isinstance(thing, Metric) or style == "money" else Decimal(1)
    if unit is not None and unit in terms.UNITS and unit != "分":
        money = style == "money" or (style is None and thing.unit != 1)
        return (value * header_unit(unit, thing.unit, style), True) if money else (value * own, unit == "元")
    if unit is not None and unit in terms.RATE_UNITS:
        if style in ("money", "count"):
            return value * own, False
        borne = said.strip().endswith(("%", "％"))
        return (value if borne else value * terms.RATE_UNITS[unit] / 1_000_000), True
    return value * own, True


def odd_share(thing: Item | Metric, values: Iterable[tuple[Decimal, str, str | None]]) -> Finding | None:
    """Shares that are written the other way than their header says; ``values``: as read, as written, the header's unit."""
    if style_of(thing) != "ratio":
        return None
    bare = [(value, said) for value, said, unit in values if not unit and not said.strip().endswith(("%", "％"))]
    large = max(bare, default=None, key=lambda pair: abs(pair[0]))
    if large and abs(large[0]) > _WHOLE:
        return finding("score.actual-percent", item=thing.label, value=large[1], read=_percent(large[0]))
    under = [(value, said) for value, said, unit in values if unit in terms.RATE_UNITS and value]
    most = max(under, default=None, key=lambda pair: abs(pair[0]))
    if most and abs(most[0]) <= _TINY and not most[1].strip().endswith(("%", "％")):
        return finding("score.actual-percent", item=thing.label, value=most[1], read=_percent(most[0]))
    return None


def _percent(value: Decimal) -> str:
    return f"{plain(value * 100)}%"


def nearest(column: str, names: Iterable[str]) -> str | None:
    """The name that a column's most resembles, where it does."""
    loose = _loose(column)
    scored = {name: difflib.SequenceMatcher(None, _loose(name), loose).ratio() for name in names}
    best = max(scored, key=lambda name: scored[name], default=None)
    return best if best is not None and scored[best] >= _LIKE else None


def untaken(manual: pd.DataFrame, schemes: Iterable[SchemeRules]) -> Iterator[Finding]:
    """Columns with numbers that are no item of any scheme."""
    every: dict[str, Item | Metric] = {}
    for scheme in schemes:
        every |= things_of(scheme)
    loose, labels = loosely(every), {thing.label for thing in every.values()}
    for column, bare, count in columns_of(manual):
        if meant(every, loose, column, bare)[0] is None and count:
            like = nearest(bare or column, labels)
            told = finding(
                "score.actual-column" if like else "score.actual-other", column=column, count=count, nearest=like or ""
            )
            yield told


def columns_of(manual: pd.DataFrame) -> Iterator[tuple[str, str | None, int]]:
    """Header, header without unit, and how many numbers stand under it."""
    if manual.empty:
        return
    has = "bare" in manual
    for column, rows in manual.groupby("item", sort=False):
        bare = rows["bare"].iloc[0] if has else None
        count = sum(number(str(value)) is not None for value in listed(rows["value"]) if value is not None)
        yield str(column), (str(bare) if isinstance(bare, str) else None), count

"""What does 任务数 say of a year: the bank's own target of each item, and what managers and branches have been given already?"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import named_months
from kehujingli.scoring.typed import number
from kehujingli.studies.placing import at, several
from kehujingli.values import plain, records, text_of

if TYPE_CHECKING:
    import pandas as pd

WAN = Decimal(10_000)
_FEN = 100


@dataclass(frozen=True)
class Thing:
    """An item that people are scored on. ``money``: its targets are said in 万元."""

    label: str
    style: str

    @property
    def unit(self) -> str | None:
        return "万元" if self.style == "money" else None


@dataclass
class Goals:
    """``year``: whose targets these are; by item, in 万元 or the item's own unit. ``whole``: the bank's; ``people``, ``branches``: given already."""

    year: int = 0
    whole: dict[str, Decimal] = field(default_factory=dict)
    people: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    branches: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def goals(targets: pd.DataFrame, things: Mapping[str, Thing], own_year: int, asked: int | None) -> Goals:
    """``targets`` as its table has them; ``things``: what each name of an item means. ``asked``: the year, the last that the bank has a target of
    where none is. A row without a period is of ``own_year``."""
    rows = [(_year(row, own_year), row) for row in records(targets)]
    whole = [(year, row) for year, row in rows if not text_of(row["manager_id"]) and not text_of(row["branch_id"])]
    years = sorted({year for year, _ in whole if year})
    found = Goals(asked or (years[-1] if years else own_year))
    told: dict[str, list[str]] = {}
    if len(years) > 1 and not asked:
        told["study.allocation-years"] = [str(year) for year in years]
    if spans := [_said(row) for year, row in whole if not year]:
        told["study.allocation-span"] = spans
    values: dict[str, set[Decimal]] = {}
    for year, row in whole:
        if year != found.year:
            continue
        thing = things.get(str(text_of(row["item"]) or "").strip())
        value, wrong = _value(row, thing)
        if wrong:
            told.setdefault(wrong, []).append(_said(row))
        elif thing is not None and value is not None:
            values.setdefault(thing.label, set()).add(value)
    for label, said in sorted(values.items()):
        if len(said) == 1:
            found.whole[label] = next(iter(said))
        else:
            each = "、".join(plain(value) for value in sorted(said))
            told.setdefault("study.allocation-twice", []).append(f"{label}（{each}）")
    if not whole:
        told["study.allocation-none"] = [str(found.year)]
    _given(found, [row for year, row in rows if year == found.year], things)
    found.findings = [several(code, who, year=found.year) for code, who in told.items()]
    return found


def _given(found: Goals, rows: list[dict[Any, Any]], things: Mapping[str, Thing]) -> None:
    """What is given to people and to branches; rows of which the bank's own reader tells the faults are passed over."""
    for row in rows:
        thing = things.get(str(text_of(row["item"]) or "").strip())
        who, where = text_of(row["manager_id"]), text_of(row["branch_id"])
        value, _ = _value(row, thing)
        if thing is None or value is None or not (who or where):
            continue
        into = found.people if who else found.branches
        into.setdefault(thing.label, {})[str(who or where)] = value


def _year(row: Mapping[Any, Any], own: int) -> int:
    """The year that the row is for; 0 where it is for a quarter or a month, or for nothing that can be told."""
    said = text_of(row["period"])
    return _year_named(said) if said else own


@functools.lru_cache(1_000)
def _year_named(said: str) -> int:
    named = named_months(said)
    return named.first // 12 if named is not None and named.span == "year" else 0


def _value(row: Mapping[Any, Any], thing: Thing | None) -> tuple[Decimal | None, str]:
    """In 万元 where it is money, and the code of what is wrong with it."""
    if thing is None:
        return None, "study.allocation-unknown"
    if thing.style == "ratio":
        return None, "study.allocation-ratio"
    said, unit = text_of(row["target"]), text_of(row["unit"]) or ""
    value = number(said) if said else None
    if value is None or value < 0:
        return None, "study.allocation-odd"
    if thing.style != "money":
        return value, ""
    if unit not in terms.UNITS:
        return None, "study.allocation-unit"
    return value * terms.UNITS[unit] / _FEN / WAN, ""


def _said(row: Mapping[Any, Any]) -> str:
    words = (text_of(row["item"]), text_of(row["target"]), text_of(row["unit"]), text_of(row["period"]))
    return at(row) + " ".join(word for word in words if word)

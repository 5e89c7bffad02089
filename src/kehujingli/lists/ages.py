"""How old is each export on the period's last day? A line a table: one age where all branches have the same, and by name those that have another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kehujingli import terms
from kehujingli.periods import Period, date_of

_SHOWN = 20


def ages_told(
    newest: Mapping[str, Mapping[str, int | None]],
    period: Period,
    branches: Mapping[str, str],
    merged: Mapping[str, str],
) -> list[tuple[str, str]]:
    """Table and its age in words. ``newest``: table → branch → its newest day; ``merged``: branch that is gone → where it went."""
    ids = {name: branch for branch, name in branches.items()}
    lines = []
    for table, told in newest.items():
        days: dict[str, int | None] = {}
        for written, day in told.items():
            branch = ids.get(written, written)
            branch = merged.get(branch, branch)
            before = days.get(branch)
            days[branch] = day if before is None else max(before, day or before)
        if days:
            lines.append((terms.BY_KEY[table].label, _said(days, period, branches)))
    return lines


def _said(days: Mapping[str, int | None], period: Period, branches: Mapping[str, str]) -> str:
    """The age that most branches have, of two the younger, after those that have another, the oldest of them first."""
    counts = Counter(days.values())
    usual = max(counts, key=lambda day: (counts[day], -1 if day is None else day))
    if len(counts) == 1:
        return _age(usual, period).strip()
    others = sorted(
        (branch for branch, day in days.items() if day != usual),
        key=lambda branch: (-1 if (day := days[branch]) is None else day, branch),
    )
    named = "；".join(f"{branches.get(branch, branch)}{_age(days[branch], period)}" for branch in others[:_SHOWN])
    more = f"等 {len(others)} 个机构" if len(others) > _SHOWN else ""
    return f"{named}{more}；其余 {counts[usual]} 个机构{_age(usual, period)}"


def _age(day: int | None, period: Period) -> str:
    return "没有数据日期，按期末算" if day is None else f" {period.last - day} 天（{date_of(day)}）"

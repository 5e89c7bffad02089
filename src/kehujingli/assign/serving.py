"""Which branches does 服务范围 mean? Branch numbers, names, 片区 and 全辖 as the numbers that customers stand under; the rest is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.assign.feasible import on_duty
from kehujingli.errors import Finding, finding
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

BETWEEN = r"[、,，;；/／\s]+"
_SHOWN = 5


@dataclass(frozen=True)
class Places:
    """What a word can mean. ``numbers``: branches as they stand; the others lead to branches that are left after merging."""

    numbers: frozenset[str]
    names: Mapping[str, frozenset[str]]
    regions: Mapping[str, frozenset[str]]
    merged: Mapping[str, str]

    @classmethod
    def of(cls, branches: pd.DataFrame, numbers: set[str], last: int) -> Places:
        """``branches`` with those merged by the day ``last``; ``numbers``: branches that customers and managers have."""
        columns = [listed(branches[column]) for column in ("branch_id", "name", "region", "merged_into", "merged_on")]
        names: dict[str, set[str]] = {}
        regions: dict[str, set[str]] = {}
        step: dict[str, str] = {}
        for number, name, region, into, day in zip(*columns, strict=True):
            if into and (day is None or int(day) <= last):
                step[number] = into
            for told, found in ((name, names), (region, regions)):
                if told:
                    found.setdefault(told, set()).add(number)
        known = {*numbers, *columns[0]}
        step = {
            number: next(iter(names[into])) if into not in known and len(names.get(into, ())) == 1 else into
            for number, into in step.items()
        }
        merged = {number: _end(number, step) for number in step}
        left = [
            {told: frozenset(merged.get(one, one) for one in found) for told, found in table.items()}
            for table in (names, regions)
        ]
        return cls(frozenset(known), left[0], left[1], merged)

    def mean(self, word: str) -> tuple[frozenset[str], bool] | None:
        """The branches of a word, and whether it is a name or a 片区; ``None`` where it is neither, or a name that several bear."""
        if word in self.numbers:
            return frozenset({self.merged.get(word, word)}), False
        if len(self.names.get(word, ())) == 1:
            return self.names[word], True
        return (self.regions[word], True) if word in self.regions else None


def _end(number: str, step: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while number in step and number not in seen:
        seen.add(number)
        number = step[number]
    return number


def served(managers: pd.DataFrame, places: Places, effective: int) -> tuple[pd.DataFrame, list[Finding]]:
    """The roster with numbers in 服务范围. What is not understood of people on duty on the plan's first day is told."""
    resolved, strange = 0, []
    answers: list[str | None] = []
    for post in managers.itertuples():
        if not isinstance(post.serves, str):
            answers.append(None)
            continue
        found: list[str] = []
        whole = post.serves.strip()
        for word in [whole] if places.mean(whole) else filter(None, re.split(BETWEEN, whole)):
            if word in terms.WHOLE_COUNTY:
                found.append(word)
            elif (meant := places.mean(word)) is not None:
                found += sorted(meant[0])
                resolved += meant[1]
            elif word not in terms.OWN_BRANCH and on_duty(post, effective):
                strange.append((str(post.manager_id), word))
        answers.append("、".join(dict.fromkeys(found)) or None)
    table, column = terms.BY_KEY["managers"].label, terms.BY_KEY["managers"].column("serves").label
    told = [finding("intake.name-resolved", table=table, column=column, count=resolved)] if resolved else []
    if strange:
        shown = "、".join(f"{manager}“{word}”" for manager, word in strange[:_SHOWN])
        more = f"等 {len(strange)} 处" if len(strange) > _SHOWN else ""
        told.append(
            finding("assign.serves-unknown", table=table, column=column, people=shown + more, count=len(strange))
        )
    return managers.assign(serves=answers), told

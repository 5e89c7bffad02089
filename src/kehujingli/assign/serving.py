"""Which branches does 服务范围 mean? Branch numbers, names, 片区 and 全辖 as the numbers that customers stand under; the rest is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.assign.feasible import on_duty
from kehujingli.errors import Finding, finding
from kehujingli.tables.branches import BETWEEN
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5


@dataclass(frozen=True)
class Places:
    """What a word can mean. ``numbers``: branches as they stand; the others lead to branches that are left after merging."""

    numbers: frozenset[str]
    names: Mapping[str, frozenset[str]]
    regions: Mapping[str, frozenset[str]]
    merged: Mapping[str, str]

    @classmethod
    def of(cls, branches: pd.DataFrame, numbers: set[str], merged: Mapping[str, str]) -> Places:
        """``numbers``: branches that customers and managers have; ``merged``: a branch that is gone, and where it went."""
        names: dict[str, set[str]] = {}
        regions: dict[str, set[str]] = {}
        known = listed(branches["branch_id"])
        for table, column in ((names, "name"), (regions, "region")):
            for number, told in zip(known, listed(branches[column]), strict=True):
                if told:
                    table.setdefault(told, set()).add(merged.get(number, number))
        left = [{told: frozenset(found) for told, found in table.items()} for table in (names, regions)]
        return cls(frozenset({*numbers, *known}), left[0], left[1], merged)

    def mean(self, word: str) -> tuple[frozenset[str], bool] | None:
        """The branches of a word, and whether it is a name or a 片区; ``None`` where it is neither, or a name that several bear."""
        if word in self.numbers:
            return frozenset({self.merged.get(word, word)}), False
        if len(self.names.get(word, ())) == 1:
            return self.names[word], True
        return (self.regions[word], True) if word in self.regions else None


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
        for word in [whole] if places.mean(whole) else filter(None, BETWEEN.split(whole)[::2]):
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
        strange.sort()
        shown = "、".join(f"{manager}“{word}”" for manager, word in strange[:_SHOWN])
        more = f"等 {len(strange)} 处" if len(strange) > _SHOWN else ""
        told.append(
            finding("assign.serves-unknown", table=table, column=column, people=shown + more, count=len(strange))
        )
    return managers.assign(serves=answers), told

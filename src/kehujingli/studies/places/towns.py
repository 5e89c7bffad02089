"""Which town is it, however it is written, and in which town does a branch stand? 城关镇 and 城关 are one, where no list has both."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli.studies.called import plain_names
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

_KIND = re.compile(r"(?:街道办事处|街道|民族乡|镇|乡)$")


@functools.lru_cache(10_000)
def plain(name: object) -> str:
    """A name of a place or bank made plain; nothing where there is none."""
    return "" if missing(name) else (plain_names([str(name)]).to_pylist()[0] or "")


def _stem(name: str) -> str:
    return _KIND.sub("", name) or name


@dataclass(frozen=True)
class Towns:
    """``exact``: plain name → town; ``stems``: the name without 镇, 乡, 街道 → town, where that is one town only."""

    exact: Mapping[str, str]
    stems: Mapping[str, str]

    @classmethod
    def of(cls, named: Iterable[tuple[int, object]]) -> Towns:
        """``named``: day and name. Two names of one stem are two towns where some day has both, else one that is called as it was last."""
        days: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        called: dict[str, tuple[int, str]] = {}
        for day, name in named:
            if key := plain(name):
                days[_stem(key)][key].add(day)
                called[key] = max(called.get(key, (day, str(name))), (day, str(name).strip()))
        exact: dict[str, str] = {}
        stems: dict[str, str] = {}
        for stem, names in days.items():
            at = [day for own in names.values() for day in own]
            apart = len(at) > len(set(at))
            latest = max(called[key] for key in names)[1]
            exact |= {key: called[key][1] if apart else latest for key in names}
            if not apart:
                stems[stem] = latest
        return cls(exact, stems)

    def find(self, name: object) -> str | None:
        key = plain(name)
        return (self.exact.get(key) or self.stems.get(_stem(key))) if key else None


def towns_of(
    branches: pd.DataFrame, villages: pd.DataFrame | None, towns: Towns, given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, str], dict[str, str]]:
    """(branch → town, branch → why it has none): as the rules say (``given``: town → branches), else its 区域 where that is one of the towns, else
    the one town of its villages. What the rules say of branches that are gone is taken too."""
    said = {branch: town for town, own in given.items() for branch in own}
    regions = dict(zip(branches["branch_id"], branches["region"], strict=True)) if "region" in branches else {}
    lived: dict[str, set[str]] = defaultdict(set)
    if villages is not None:
        for branch, town in zip(villages["branch_id"], villages["town"], strict=True):
            if not missing(branch) and plain(town):
                lived[str(branch)].add(towns.find(town) or str(town).strip())
    found = {branch: towns.find(town) or town for branch, town in said.items()}
    lost = {}
    for branch in map(str, branches["branch_id"]):
        near = sorted(lived.get(branch, ()))
        if branch in said:
            continue
        if (town := towns.find(regions.get(branch))) is not None:
            found[branch] = town
        elif len(near) == 1:
            found[branch] = near[0]
        else:
            lost[branch] = f"村在{'、'.join(near)}" if near else ""
    return found, lost

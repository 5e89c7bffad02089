"""Who must not look after whom? 回避: customers and villages that a manager is to avoid, her own village where the rules say so; and, where they
say so, customers whose main business is not the line of her 岗位."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kehujingli import terms
from kehujingli.assign.feasible import Managers
from kehujingli.errors import Finding, finding
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

Whole = npt.NDArray[np.int64]
_FREE = -1
Reasons = dict[int, str]
"""The number of a manager, and why she is to avoid."""


@dataclass(frozen=True)
class Conflicts:
    """What counts on the plan's first day, by customer and by village."""

    customers: Mapping[str, Reasons] = field(default_factory=dict)
    villages: Mapping[str, Reasons] = field(default_factory=dict)
    posts: Mapping[int, str] = field(default_factory=dict)
    """The 岗位 of each manager who has one, where the rules give her only customers of its line; empty where they do not."""
    homeless: int = 0
    """Managers on duty whose village no customer lives in, or who have none in the roster, where it is to be avoided."""

    def why(self, customer: str, village: object, person: int) -> str:
        """The reason, the customer's own before that of her village; empty where there is none."""
        own = self.customers.get(customer, {}).get(person, "")
        return own or (self.villages.get(village, {}).get(person, "") if isinstance(village, str) else "")

    def said(self, customer: str, village: object, person: int) -> str:
        """Why she may not have a customer, in words: what she is to avoid her for, else her 岗位."""
        reason = self.why(customer, village, person)
        if reason:
            return shown([reason])
        post = self.posts.get(person)
        return f"{terms.label('specialism')}是{terms.SPECIALISMS[post]}，不管这条线的户" if post else ""

    def off_line(self, asset: bool) -> set[int]:
        """Those whose 岗位 is another line than a customer's main business."""
        return {person for person, post in self.posts.items() if post != ("asset" if asset else "liability")}


def read_conflicts(
    conflicts: pd.DataFrame | None,
    posts: pd.DataFrame,
    lived: pd.Series,
    managers: Managers,
    effective: int,
    *,
    home_village: bool,
    own_line: bool = False,
) -> Conflicts:
    """Rows of 回避 that hold on the plan's first day, both ends included; of several reasons the first in their order. ``lived``: the
    customers' villages."""
    number = managers.number()
    customers: dict[str, Reasons] = {}
    villages: dict[str, Reasons] = {}
    homeless = 0
    posted = {person: post for person, post in enumerate(managers.specialism) if post} if own_line else {}
    if home_village:
        posts = posts if "village_home" in posts else posts.assign(village_home=None)
        known = posts["village_home"].isin(lived.dropna().unique().tolist())
        found_home = {number[who] for who in posts.loc[known, "manager_id"]}
        homeless = sum(bool(here) and person not in found_home for person, here in enumerate(managers.on_duty))
        for who, home in zip(posts["manager_id"], listed(posts["village_home"]), strict=True):
            if home is not None:
                villages.setdefault(home, {})[number[who]] = terms.BY_KEY["managers"].column("village_home").label
    if conflicts is None or conflicts.empty:
        return Conflicts(customers, villages, posted, homeless)
    valid = conflicts[
        (conflicts["valid_from"].isna() | (conflicts["valid_from"] <= effective))
        & (conflicts["valid_to"].isna() | (conflicts["valid_to"] >= effective))
    ].sort_values("reason", ascending=False, kind="stable")
    for key, found in (("village", villages), ("customer_id", customers)):
        # a row that names a customer is about her, and her village only tells where she lives
        rows = valid if key == "customer_id" else valid[valid["customer_id"].isna()]
        for what, who, reason in zip(listed(rows[key]), rows["manager_id"], listed(rows["reason"]), strict=True):
            if what is not None and who in number:
                found.setdefault(what, {})[number[who]] = reason or terms.BY_KEY["conflicts"].label
    return Conflicts(customers, villages, posted, homeless)


def told(conflicts: Conflicts) -> list[Finding]:
    """Of whom it cannot be known which village she is to avoid."""
    if not conflicts.homeless:
        return []
    column = terms.BY_KEY["managers"].column("village_home").label
    return [finding("assign.home-unknown", column=column, count=conflicts.homeless)]


@dataclass(frozen=True)
class Barred:
    """``groups``: sets of managers of a branch who are to avoid somebody; ``of_row`` is an index into it, −1 where nobody is."""

    groups: list[tuple[int, ...]]
    of_row: Whole

    @classmethod
    def of(cls, frame: pd.DataFrame, managers: Managers, conflicts: Conflicts) -> Barred:
        """Only those who serve the customer's branch: of the others it makes no difference."""
        of_row = np.full(len(frame), _FREE, dtype="int64")
        own = frame["customer_id"].isin(list(conflicts.customers)).to_numpy() if conflicts.customers else of_row >= 0
        there = frame["village"].isin(list(conflicts.villages)).to_numpy() if conflicts.villages else of_row >= 0
        rows = np.flatnonzero(own | there | bool(conflicts.posts))
        if not len(rows):
            return cls([], of_row)
        chosen = frame[["customer_id", "branch_id", "village"]].iloc[rows]
        # customers without a conflict of their own are alike by village, where somebody is to avoid it, and by main business, where that matters
        alike = chosen.assign(
            customer_id=chosen["customer_id"].where(own[rows], ""),
            village=chosen["village"].where((own | there)[rows], None),
            asset=frame["asset"].to_numpy(dtype=bool)[rows] if conflicts.posts else False,
        )
        kind = alike.groupby(list(alike.columns), sort=False, dropna=False).ngroup().to_numpy()
        _, first = np.unique(kind, return_index=True)
        serving = {branch: set(people.tolist()) for branch, people in managers.serves.items()}
        sets = [
            _set(conflicts, row.customer_id, row.village, row.asset, serving.get(row.branch_id, set()))
            for row in alike.iloc[first].itertuples()
        ]
        groups = sorted({people for people in sets if people})
        index = {people: number for number, people in enumerate(groups)}
        of_row[rows] = np.array([index.get(people, _FREE) for people in sets], dtype="int64")[kind]
        return cls(groups, of_row)


def _set(conflicts: Conflicts, customer: str, village: object, asset: bool, serving: set[int]) -> tuple[int, ...]:
    found = set(conflicts.customers.get(customer, ())) | conflicts.off_line(asset)
    if isinstance(village, str):
        found |= set(conflicts.villages.get(village, ()))
    return tuple(sorted(found & serving))


def avoids(groups: list[tuple[int, ...]], barred: Whole, people: Whole) -> npt.NDArray[np.bool_]:
    """Whether each row's person is among those whom its group bars."""
    if not groups:
        return np.zeros(len(people), dtype=bool)
    most = 1 + max(int(people.max(initial=0)), max(group[-1] for group in groups))
    pairs = np.array([number * most + person for number, group in enumerate(groups) for person in group])
    return (barred >= 0) & (people >= 0) & np.isin(barred * most + people, pairs)


def shown(reasons: Iterable[str]) -> str:
    """回避 with its reasons, each once."""
    return f"{terms.BY_KEY['conflicts'].label}：{'、'.join(dict.fromkeys(reasons))}"

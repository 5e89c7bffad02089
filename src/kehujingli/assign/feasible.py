"""Who may look after whom? On duty on the plan's first day, serving the branch, with authority for the exposure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kehujingli import terms
from kehujingli.values import listed, missing

if TYPE_CHECKING:
    import pandas as pd

NO_LIMIT = np.inf


@dataclass(frozen=True)
class Managers:
    """People, one a number, in the order of their ids."""

    ids: list[str]
    home: list[str]
    specialism: list[str | None]
    capacity: npt.NDArray[np.float64]
    authority: npt.NDArray[np.float64]
    """In 分."""
    on_duty: npt.NDArray[np.bool_]
    left_on: list[int | None]
    serves: Mapping[str, npt.NDArray[np.int64]]
    """Branch → the numbers of the managers on duty who serve it."""
    unlike: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Who has several posts that day whose limits or authorities are not the same, and in which rows of the roster they stand."""

    def number(self) -> dict[str, int]:
        return {manager: index for index, manager in enumerate(self.ids)}


def read_managers(managers: pd.DataFrame, branches: set[str], effective: int) -> Managers:
    """The roster as of the plan's first day. Two posts of one manager are one person who serves both branches."""
    # of two posts of one branch (two branches become one) the narrower limits count, in whichever order they stand
    posts = managers.sort_values(["capacity", "authority", "specialism", "until"], kind="stable")
    posts = posts.sort_values(["manager_id", "since", "branch_id"], na_position="first", kind="stable")
    ids = sorted(set(posts["manager_id"]))
    number = {manager: index for index, manager in enumerate(ids)}
    home: list[str] = [""] * len(ids)
    specialism: list[str | None] = [None] * len(ids)
    capacity, authority = np.full(len(ids), NO_LIMIT), np.full(len(ids), NO_LIMIT)
    present = np.zeros(len(ids), dtype=bool)
    left_on: list[int | None] = [None] * len(ids)
    said: list[set[tuple[float, float]]] = [set() for _ in ids]
    rows: list[set[int]] = [set() for _ in ids]
    serving: dict[str, set[int]] = {branch: set() for branch in branches}
    for post in posts.itertuples():
        at = number[post.manager_id]
        here = on_duty(post, effective)
        limits = (_limit(post.capacity), _limit(post.authority))
        if not home[at] or (here and not present[at]):
            home[at] = str(post.branch_id)
            specialism[at] = post.specialism if isinstance(post.specialism, str) else None
            capacity[at], authority[at] = limits
        if here:
            said[at].add(limits)
            place: Any = getattr(post, "row", None)
            rows[at].update([] if missing(place) else [int(place)])
        present[at] |= here
        left_on[at] = None if missing(post.until) else int(post.until)
        if here:
            for branch in _served(post, branches):
                serving[branch].add(at)
    serves = {branch: np.array(sorted(people), dtype="int64") for branch, people in serving.items()}
    unlike = {at: tuple(sorted(rows[at])) for at, limits in enumerate(said) if len(limits) > 1}
    return Managers(ids, home, specialism, capacity, authority, present, left_on, serves, unlike)


def _limit(value: object) -> float:
    return NO_LIMIT if missing(value) else float(value)  # type: ignore[arg-type]


def on_duty(post: object, effective: int) -> bool:
    """Whether a post is held on the plan's first day."""
    until, since, status = post.until, post.since, post.status  # type: ignore[attr-defined]
    if not missing(until) and int(until) < effective:
        return False
    if not missing(since) and int(since) > effective:
        return False
    return not (isinstance(status, str) and status in terms.LEFT_STATUSES)


def _served(post: object, branches: set[str]) -> set[str]:
    """The branch of the post, and what 服务范围 adds: branch ids, or the whole county."""
    served = {str(post.branch_id)} & branches  # type: ignore[attr-defined]
    if isinstance(post.serves, str):  # type: ignore[attr-defined]
        for word in re.split(r"[、,，;；\s]+", post.serves):  # type: ignore[attr-defined]
            if word in terms.WHOLE_COUNTY:
                return set(branches)
            served |= {word} & branches
    return served


Village = tuple[str | None, str]
"""A village of a branch, or of whichever branch."""


def grid_managers(grids: pd.DataFrame, managers: Managers, effective: int) -> dict[Village, tuple[int, ...]]:
    """Village → the numbers of its managers on duty on the plan's first day. Villages of two branches may bear one name: the
    branch, where it is given, says which is meant."""
    number = managers.number()
    valid = grids[
        (grids["valid_from"].isna() | (grids["valid_from"] <= effective))
        & (grids["valid_to"].isna() | (grids["valid_to"] >= effective))
    ]
    found: dict[Village, set[int]] = {}
    for branch, village, manager in zip(listed(valid["branch_id"]), valid["village"], valid["manager_id"], strict=True):
        at = number.get(manager)
        if at is not None and managers.on_duty[at]:
            found.setdefault((branch, village), set()).add(at)
    return {village: tuple(sorted(people)) for village, people in found.items()}

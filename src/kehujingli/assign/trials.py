"""What would the roster and the customers be, had somebody left, come, another limit, or two branches been one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.assign.feasible import on_duty
from kehujingli.assign.sentences import Change, Hired, Left, Limited, Merged, final
from kehujingli.tables.branches import BETWEEN
from kehujingli.tables.frames import complete
from kehujingli.values import listed, missing

if TYPE_CHECKING:
    import pandas as pd

_NEW = "新增"


@dataclass(frozen=True)
class Given:
    """What a plan is made of, as ``assign`` takes it. 服务范围 is in branch numbers."""

    customers: pd.DataFrame
    managers: pd.DataFrame
    grids: pd.DataFrame
    conflicts: pd.DataFrame | None = None


@dataclass(frozen=True)
class Newcomer:
    """Somebody who would be hired, and what is taken to hold of her: the limit that her colleagues have on average (whole, rounded
    down), the lowest authority (分) among them; ``None`` where none of them has one. ``alike``: whose."""

    manager: str
    branch: str
    specialism: str | None
    capacity: int | None
    authority: int | None
    alike: int


def changed(given: Given, changes: Sequence[Change], effective: int) -> tuple[Given, list[Newcomer]]:
    """All changes at once, in whichever order they were said: people first, then branches, so that who is hired for one that goes, goes along."""
    managers = given.managers
    newcomers: list[Newcomer] = []
    for change in changes:
        match change:
            case Left(manager):
                # a post that begins later begins no more
                own = managers["manager_id"] == manager
                managers = managers.assign(until=managers["until"].mask(own, effective - 1))
            case Limited(manager, capacity):
                own = managers["manager_id"] == manager
                managers = managers.assign(capacity=managers["capacity"].mask(own, capacity))
            case Hired(count, branch, specialism):
                for _ in range(count):
                    newcomers.append(newcomer(given.managers, branch, specialism, effective, len(newcomers) + 1))
    managers = _with(managers, newcomers, effective)
    into = {change.branch: change.into for change in changes if isinstance(change, Merged)}
    there = {branch: final(into, branch) for branch in into}
    if not there:
        return replace(given, managers=managers), newcomers
    return (
        Given(
            _renamed(given.customers, there),
            _serving(_renamed(managers, there), there),
            _renamed(given.grids, there),
            given.conflicts,
        ),
        newcomers,
    )


def newcomer(managers: pd.DataFrame, branch: str, specialism: str | None, effective: int, number: int) -> Newcomer:
    """Alike: the same 岗位 in the branch, else the branch, else the 岗位 in the county, else everybody, on duty."""
    here = [post for post in managers.itertuples() if on_duty(post, effective)]

    def tried(of_branch: bool, of_post: bool) -> list[Any]:
        return [
            post
            for post in here
            if (not of_branch or post.branch_id == branch) and (not of_post or text(post) == specialism)
        ]

    def text(post: Any) -> str | None:
        return None if missing(post.specialism) else str(post.specialism)

    posts = specialism is not None
    alike = tried(True, posts) or tried(True, False) or tried(False, posts) or here
    limits = [int(post.capacity) for post in alike if not missing(post.capacity)]
    authorities = [int(post.authority) for post in alike if not missing(post.authority)]
    return Newcomer(
        f"{_NEW}{number}",
        branch,
        specialism,
        sum(limits) // len(limits) if limits else None,
        min(authorities, default=None),
        len(alike),
    )


def _with(managers: pd.DataFrame, newcomers: Sequence[Newcomer], effective: int) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "manager_id": one.manager,
            "name": one.manager,
            "branch_id": one.branch,
            "specialism": one.specialism,
            "capacity": one.capacity,
            "authority": one.authority,
            "since": effective,
            "part": -1,
            "row": -1,
        }
        for one in newcomers
    ]
    return pd.concat([managers, complete("managers", pd.DataFrame(rows))], ignore_index=True) if rows else managers


def _renamed(frame: pd.DataFrame, into: dict[str, str]) -> pd.DataFrame:
    return frame.assign(branch_id=frame["branch_id"].replace(into))


def _serving(managers: pd.DataFrame, into: dict[str, str]) -> pd.DataFrame:
    def moved(text: Any) -> Any:
        if not isinstance(text, str) or text in terms.WHOLE_COUNTY:
            return text
        return "、".join(into.get(word, word) for word in filter(None, BETWEEN.split(text)[::2]))

    return managers.assign(serves=[moved(text) for text in listed(managers["serves"])])

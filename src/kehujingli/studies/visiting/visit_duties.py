"""Who is to be visited by when, by whom and which way? The last visit plus the cadence of the customer's 户群; and the days on which a manager is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.strategy import Strategy


class _Ways(Protocol):
    """What the rules of visits say here."""

    @property
    def minutes(self) -> Mapping[str, int]: ...
    @property
    def stake(self) -> str: ...


def visits_due(
    classes: pd.DataFrame, visits: pd.DataFrame | None, strategy: Strategy, rules: _Ways, last: int
) -> pd.DataFrame:
    """Every customer whom a manager looks after, or should by ``strategy``: due_on, overdue (days on ``last``), way, stake, and why there is no visit to plan (lacks)."""
    import pandas as pd

    meant = [group for group, row in strategy.items() if row.who == "manager"]
    held = classes["holder_id"].notna()
    own = classes[held | classes["group"].isin(meant)]
    days = {group: row.visit_days for group, row in strategy.items()}
    chosen = {
        group: next((way for way in row.channel if way in rules.minutes), None) for group, row in strategy.items()
    }
    every = own["group"].map(days).astype("Int64")
    seen = _last_visits(visits, last)
    visited = own["customer_id"].map(seen).astype("Int64")
    began = last if visits is None or visits.empty else int(visits["date"].min())
    opened = own["opened_on"].where((own["opened_on"] >= began).fillna(False))
    since = visited.fillna(opened)
    due = (since + every).where(since.notna(), last).where(every.notna(), last).astype("Int64")
    basis = pd.Series("没有走访记录", index=own.index).mask(opened.notna(), "开户").mask(visited.notna(), "最近走访")
    way = own["group"].map(chosen)
    lacks = pd.Series("", index=own.index).mask(way.isna(), "way").mask(every.isna(), "cell")
    return pd.DataFrame(
        {
            **{key: own[key] for key in _ABOUT},
            "visited_on": visited,
            "visit_days": every,
            "due_on": due,
            "overdue": (last - due).where(due < last).astype("Int64"),
            "way": way,
            "stake": own[rules.stake].fillna(0).astype("int64"),
            "basis": basis,
            "lacks": lacks.mask(own["holder_id"].isna(), "nobody"),
        }
    ).reset_index(drop=True)


_ABOUT = (
    "customer_id",
    "customer_name",
    "customer_type",
    "branch_id",
    "branch_name",
    "village",
    "group",
    "holder_id",
    "manager_name",
)


def _last_visits(visits: pd.DataFrame | None, last: int) -> Mapping[Any, Any]:
    """Customer → the day of the newest visit not after ``last``."""
    if visits is None:
        return {}
    rows = visits[(visits["date"] <= last).fillna(False)]
    newest: Mapping[Any, Any] = rows.groupby("customer_id")["date"].max()
    return newest


def on_duty_days(managers: pd.DataFrame, days: Sequence[int]) -> Mapping[str, list[int]]:
    """Manager → of the days those on which a post is held by the roster."""
    from kehujingli.assign.feasible import on_duty

    posts: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    held: dict[tuple[str, ...], frozenset[int]] = {}
    for post in managers.itertuples():
        time = tuple(map(str, (post.since, post.until, post.status)))
        posts[str(post.manager_id)].append(time)
        if time not in held:  # most posts are held all the time
            held[time] = frozenset(day for day in days if on_duty(post, day))
    return {who: [day for day in days if any(day in held[time] for time in own)] for who, own in posts.items()}

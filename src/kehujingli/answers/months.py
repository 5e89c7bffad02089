"""Where do the months come from that people are ranked over? Kept results of consecutive periods, or a month just reckoned, as ``studies.competition`` takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli.answers.sources import Sources
from kehujingli.errors import Problem
from kehujingli.periods import Period
from kehujingli.studies.competition import Place, Result, competition, record
from kehujingli.studies.pay.inequality import Spread, spread
from kehujingli.studies.spread import beside
from kehujingli.workspace.results import Row

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.incentive import Scores
    from kehujingli.workspace import Workspace

BACK = 12
"""Months looked back over at most."""


def kept_results(sources: Sources) -> list[Result]:
    """One period's people with score and pay."""
    if not sources.has("scores"):
        return []
    pays: dict[str, Decimal] = {}
    for row in sources.rows("select manager_id, pay from {pay} where pay is not null"):
        pays[row["manager_id"]] = pays.get(row["manager_id"], Decimal(0)) + Decimal(row["pay"])
    return [
        _result(row, pays.get(row["manager_id"]))
        for row in sources.rows("select * from {scores} order by manager_id, branch_id")
    ]


def _result(row: Row, pay: Decimal | None) -> Result:
    score = None if row["score"] is None else Decimal(row["score"])
    branch = str(row["branch_name"] or row["branch_id"] or "")
    return Result(
        row["manager_id"],
        row["name"] or "",
        branch,
        row["rank_group"] or "",
        row["grade"] or "",
        score,
        pay,
        row.get("reached") or "",
    )


def months_before(workspace: Workspace, period: Period) -> list[list[Result]]:
    """Kept months right before a period in which anybody was scored, oldest first, without a gap."""
    found: list[list[Result]] = []
    for back in range(1, BACK):
        try:
            results = kept_results(Sources(workspace, period.back(back).name))
        except Problem:
            break
        if all(person.score is None for person in results):
            break
        found.append(results)
    return found[::-1]


def kept_months(workspace: Workspace, period: Period) -> pd.DataFrame | None:
    """A kept period and those right before it, as studies take ``months``; nothing where nobody was scored."""
    here = kept_results(Sources(workspace, period.name))
    return month_frame([*months_before(workspace, period), here], period) if here else None


def month_frame(months: Sequence[Sequence[Result]], last: Period) -> pd.DataFrame:
    """One row a person and period: period, manager_id, name, branch, rank_group, grade, reached, score, pay (元); ``months``: consecutive, oldest first."""
    import pandas as pd

    rows = [
        (
            last.back(len(months) - 1 - place).name,
            person.manager_id,
            person.name,
            person.branch,
            person.group,
            person.grade,
            person.reached,
            person.score,
            person.pay,
        )
        for place, month in enumerate(months)
        for person in month
    ]
    columns = ["period", "manager_id", "name", "branch", "rank_group", "grade", "reached", "score", "pay"]
    return pd.DataFrame(rows, columns=columns).astype({"score": "object", "pay": "object"})


def live_results(scores: Scores, names: Mapping[str, str]) -> list[Result]:
    """The people of a month that is being reckoned; ``names``: branch → its name."""
    pays: dict[str, Decimal] = {}
    for manager in scores.managers:
        if manager.pay is not None:
            pays[manager.manager_id] = pays.get(manager.manager_id, Decimal(0)) + manager.pay
    return [
        Result(
            manager.manager_id,
            manager.name,
            names.get(manager.branch_id, manager.branch_id),
            manager.rank_group,
            manager.grade or "",
            manager.score,
            pays.get(manager.manager_id),
            str(getattr(manager, "reached", "") or ""),
        )
        for manager in scores.managers
    ]


def ladder_of(path: Path) -> list[str]:
    """The grades of a rules file from high to low; none where the file is gone or has no ladder."""
    from kehujingli.rules import load_rules

    try:
        incentive = load_rules(path).rules.incentive
    except Problem:
        return []
    return incentive.ladder if incentive is not None else []


def incomes(results: Iterable[Result]) -> Spread:
    """The spread of a month's pays, one a person."""
    return spread({person.manager_id: person.pay for person in results if person.pay is not None}.values())


def live_frames(
    workspace: Workspace | None, period: Period, scores: Scores, names: Mapping[str, str], ladder: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Frames for the sheets 排名变化 and 收入差距 of a month that is being reckoned, beside the kept months before it."""
    before = months_before(workspace, period) if workspace else []
    here = live_results(scores, names)
    return frames(
        competition([*before, here], ladder),
        incomes(here),
        incomes(before[-1]) if before else None,
    )


def frames(told: Sequence[Place], here: Spread, before: Spread | None) -> dict[str, pd.DataFrame]:
    """``ranks``: one row a person as ``competition.record`` has it; ``spread``: a row of this month, one of the month before."""
    import pandas as pd

    columns = (
        list(record(told[0]))
        if told
        else [
            "rank_group",
            "rank",
            "of",
            "change",
            "manager_id",
            "name",
            "branch",
            "grade",
            "reached",
            "move",
            "score",
            "last_for",
        ]
    )
    ranks = pd.DataFrame([record(place) for place in told], columns=columns)
    whole = ["rank", "of", "change", "last_for"]
    return {"ranks": ranks.astype(dict.fromkeys(whole, "Int64")), "spread": beside(here, before)}

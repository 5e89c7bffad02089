"""What did one county of many come to? What its period kept, as the province adds it up; nothing is reckoned again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.answers.months import kept_results
from kehujingli.answers.sources import Sources
from kehujingli.answers.studies import KeptPeriod
from kehujingli.errors import Problem, problem
from kehujingli.lists.branches import county_ratios
from kehujingli.lists.province import MONEY, County
from kehujingli.studies.movement import STUDY as MOVEMENT
from kehujingli.tables.frames import on_book

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from kehujingli.workspace import Workspace


def county_of(workspace: Workspace, period: str, name: str, *, closed: bool) -> County:
    """``closed``: whether the period is. Raises ``period.no-result``, ``period.damaged``."""
    sources = Sources(workspace, period)
    kept = KeptPeriod(workspace, sources)
    classes, gone = sources.frame("classes"), sources.frame("closed_customers")
    if classes is None:
        raise problem("period.no-result", period=period, option=f" --period {period}")
    rules = sources.manifest["rules"]
    return County(
        name,
        sources.manifest["as_of"],
        f"{rules['path'].rpartition('/')[2]} {rules['sha256'][:12]}",
        closed,
        _figures(classes, gone, sources.frame("loans")),
        _moved(kept),
        [(person.score, person.pay) for person in kept_results(sources)],
    )


def _figures(classes: pd.DataFrame, gone: pd.DataFrame | None, loans: pd.DataFrame | None) -> Mapping[str, int | None]:
    frequency, scale = classes["frequency"].value_counts(), classes["scale"].value_counts()
    counts = {key: int(frequency.get(key, 0)) for key in terms.FREQUENCIES}
    counts |= {key: int(scale.get(key, 0)) for key in terms.SCALES}
    averages = [frame["average_deposit_year"] for frame in (classes, gone) if frame is not None]
    money: dict[str, int | None] = dict.fromkeys(MONEY)
    money["deposit_balance"] = _known(classes["deposit_balance"])
    known = [told for column in averages if (told := _known(column)) is not None]
    money["average_deposit_year"] = sum(known) if known else None
    if loans is not None and len(loans):
        book = on_book(loans)
        money["loan_balance"] = int(book["balance"].fillna(0).sum())
        if county_ratios(classes, loans.rename(columns={"source_part": "part"}))["npl_ratio"] is not None:
            money["npl_balance"] = int(book.loc[book["five_class"].isin(terms.NPL_CLASSES), "balance"].fillna(0).sum())
    return {"customers": len(classes), **counts, **money}


def _known(column: pd.Series) -> int | None:
    """The sum of what is known; None where nobody's is."""
    told = column.dropna()
    return int(told.astype("int64").sum()) if len(told) else None


def _moved(kept: KeptPeriod) -> Mapping[str, pd.DataFrame] | None:
    try:
        return kept.ask(MOVEMENT).frames
    except Problem:
        return None

"""What does the month's page stand on? The results of the main line, and ten figures made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.actuals import Actuals
    from kehujingli.assign import Plan
    from kehujingli.incentive import Scores
    from kehujingli.lists.month_page import Figure, Results
    from kehujingli.segment import Segmented
    from kehujingli.tables import PeriodTables


def results(
    segmented: Segmented,
    causes: pd.Series | None,
    tables: PeriodTables,
    holders: Mapping[str, str],
    plan: Plan,
    scores_if_any: Scores | None,
    actuals_if_any: Actuals | None,
) -> Results:
    from kehujingli.lists.month_page import Results

    there = frozenset(name for name in ("loans", "visits") if tables.has(name))
    people = segmented.customers, segmented.everyone
    return Results(*people, causes, tables["loans"], holders, plan, scores_if_any, actuals_if_any, there)


def figures(results: Results) -> Sequence[Figure]:
    from kehujingli.lists.month_page import figures as told

    return told(results)

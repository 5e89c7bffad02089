"""Whose is each line of business at the end of a month? By the same claims, names and plans as the scores take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.measures import Measured
    from kehujingli.periods import Period
    from kehujingli.segment import Segmented
    from kehujingli.tables import PeriodTables
    from kehujingli.tables.tenure import Plan as Committed


def line_parts(
    tables: PeriodTables,
    segmented: Segmented,
    measured: Measured,
    holders: Mapping[str, str],
    committed: Sequence[Committed],
    managed: frozenset[str],
    period: Period,
) -> pd.DataFrame:
    """As ``actuals.lines.line_parts``."""
    from kehujingli.actuals.lines import Business
    from kehujingli.actuals.lines import line_parts as parts_of
    from kehujingli.tables.tenure import Holders, Roster

    held = Holders(Roster.of(tables["managers"]), tables["attributions"], list(committed), managed)
    books = (measured.accounts, tables["loans"], tables["fees"])
    return parts_of(Business(segmented.everyone, *books, held, holders), period)

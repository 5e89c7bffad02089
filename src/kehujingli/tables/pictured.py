"""What is one table of a period by itself? Its rows, dated, one a key, of the picture that counts; what is refused, and what its rows tell of other tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import Period
from kehujingli.tables import frames
from kehujingli.tables.accumulated import with_averages
from kehujingli.tables.ages import newest_days
from kehujingli.tables.duplicates import refuse_duplicates
from kehujingli.tables.parts import EXACT
from kehujingli.tables.refusals import Refusals
from kehujingli.tables.repeated import count_once
from kehujingli.tables.several import untangle
from kehujingli.tables.snapshots import choose, date_rows

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Pictured:
    """One table by itself: its rows for the period, all that are not later, and the day in use; shares and accounts that its rows tell of."""

    frame: pd.DataFrame
    history: pd.DataFrame
    day: int | None = None
    findings: Sequence[Finding] = ()
    refused: Refusals = field(default_factory=Refusals)
    main: Mapping[str, str] = field(default_factory=dict)
    shares: Sequence[pd.DataFrame] = ()
    newest: Mapping[str, int | None] = field(default_factory=dict)
    """Branch → its newest day (``ages.newest_days``)."""


def pictured(table: terms.Table, sheets: Sequence[Sheet], period: Period, undated: int | None) -> Pictured:
    frame = frames.load(table.key, sheets)
    if not table.snapshot or frame.empty:
        return Pictured(frame, frame.assign(snapshot=0) if table.snapshot else frame)
    frame, dated, undatable = date_rows(table.key, frame, sheets, undated)
    frame = with_averages(frame)
    picture = choose(table.key, frame, sheets, period)
    whole = picture.history if table.key in EXACT else picture.frame
    clear = untangle(table.key, whole, sheets, period)
    kept, told, counts = refuse_duplicates(table.key, clear.frame, sheets, undatable.gone())
    count_once(table.key, whole, kept, counts)
    refused = Refusals()
    refused.join([undatable, counts])
    day = picture.day
    return Pictured(
        kept[kept["snapshot"] == day] if day is not None else kept,
        kept,
        day,
        [*dated, *picture.findings, *clear.findings, *told],
        refused,
        clear.main,
        clear.of_day(day),
        newest_days(table, frame, period),
    )

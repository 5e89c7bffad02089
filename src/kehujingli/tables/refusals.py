"""What is refused only when tables are put together? Rows that were accepted by themselves, why, and their money, by part.

A row that came back put right in a 退回清单 takes the place of the row that was refused, and that one counts nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Refusal, Sheet

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[int, int]
"""Part (index of a sheet) and row."""


@dataclass
class Refusals:
    """``reasons``: part → row → why; ``money``: of each amount column the 分 in them. ``taken``: rows that came back in another sheet."""

    reasons: dict[int, dict[int, Refusal]] = field(default_factory=dict)
    money: dict[int, dict[str, int]] = field(default_factory=dict)
    taken: dict[int, set[int]] = field(default_factory=dict)
    taken_money: dict[int, dict[str, int]] = field(default_factory=dict)
    once_money: dict[int, dict[str, int]] = field(default_factory=dict)
    """Of each amount column the 分 of rows that only repeat others: they are accepted, and their money counts once."""

    def add(self, part: int, reasons: Mapping[int, Refusal], money: Mapping[str, int]) -> None:
        self.reasons.setdefault(part, {}).update(reasons)
        _plus(self.money.setdefault(part, {}), money)

    def take(self, part: int, rows: Collection[int], money: Mapping[str, int]) -> None:
        self.taken.setdefault(part, set()).update(rows)
        _plus(self.taken_money.setdefault(part, {}), money)

    def count_once(self, part: int, money: Mapping[str, int]) -> None:
        _plus(self.once_money.setdefault(part, {}), money)

    def join(self, others: Iterable[Refusals]) -> None:
        for other in others:
            for part, reasons in other.reasons.items():
                self.add(part, reasons, other.money.get(part, {}))
            for part, rows in other.taken.items():
                self.take(part, rows, other.taken_money.get(part, {}))
            for part, money in other.once_money.items():
                self.count_once(part, money)

    def settle(self, sheets: Sequence[Sheet]) -> list[Sheet]:
        """The sheets with what was refused counted, and kept, as refused: rows and control totals."""
        return [self._settled(part, sheet) for part, sheet in enumerate(sheets)]

    def _settled(self, part: int, sheet: Sheet) -> Sheet:
        refused, gone = self.reasons.get(part, {}), self.taken.get(part, set())
        if part in self.once_money:
            once = self.once_money[part]
            claims = {key: (said, read - once.get(key, 0)) for key, (said, read) in sheet.claims.items()}
            sheet = replace(sheet, totals=_moved(sheet.totals, {}, once), claims=claims)
        if not refused and not gone:
            return sheet
        totals = _moved(sheet.totals, self.money.get(part, {}), self.taken_money.get(part, {}))
        accepted = sheet.accepted - len(refused) - len(gone)
        return replace(
            sheet,
            rows=sheet.rows - len(gone),
            accepted=accepted,
            rejected=sheet.rejected + len(refused),
            totals=totals,
            refusals=refused,
        )

    def gone(self) -> set[Row]:
        """The rows that came back in another sheet."""
        return {(part, row) for part, rows in self.taken.items() for row in rows}

    def told_taken(self, sheets: Sequence[Sheet]) -> list[Finding]:
        return [
            finding("intake.corrected", file=sheets[part].export.name, sheet=sheets[part].sheet, count=len(rows))
            for part, rows in sorted(self.taken.items())
        ]


def brought_back(table: str, sheets: Sequence[Sheet]) -> dict[Row, Row]:
    """Rows of 退回清单 that stand for rows refused when a table was put together, and those rows."""
    parts = {(sheet.export.name, sheet.sheet): part for part, sheet in enumerate(sheets) if not sheet.replaces}
    return {
        (part, row): (parts[file, name], source)
        for part, sheet in enumerate(sheets)
        if sheet.table == table
        for row, (file, name, source) in sheet.replaces.items()
        if (file, name) in parts
    }


def stale(sheets: Sequence[Sheet], source: Row) -> Refusal:
    """Why a row of a 退回清单 does not count: the row that it stands for is refused no longer."""
    return Refusal("intake.row-stale", "", {"source": sheets[source[0]].export.name, "value": f"第 {source[1]:,} 行"})


def money_of(table: str, rows: pd.DataFrame) -> dict[str, int]:
    """What these rows hold of each amount column, in 分."""
    amounts = [column.key for column in terms.BY_KEY[table].columns if column.kind == "money"]
    return {key: int(rows[key].fillna(0).sum()) for key in amounts}


def _plus(sums: dict[str, int], money: Mapping[str, int]) -> None:
    for column, cents in money.items():
        sums[column] = sums.get(column, 0) + cents


def _moved(
    totals: Mapping[str, tuple[int, int]], money: Mapping[str, int], gone: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Control totals with so much of each amount column gone over from the accepted to the refused, and so much out of the sheet."""
    return {
        column: (accepted - money.get(column, 0) - gone.get(column, 0), refused + money.get(column, 0))
        for column, (accepted, refused) in totals.items()
    }

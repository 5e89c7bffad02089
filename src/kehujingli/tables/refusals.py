"""What is refused only when tables are put together? Rows that were accepted by themselves, and their money, by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kehujingli.ledger import Sheet


@dataclass
class Refusals:
    """Part (index of a sheet) → rows refused, and of each amount column the 分 in them."""

    rows: dict[int, int] = field(default_factory=dict)
    money: dict[int, dict[str, int]] = field(default_factory=dict)

    def add(self, part: int, rows: int, money: Mapping[str, int]) -> None:
        self.rows[part] = self.rows.get(part, 0) + rows
        sums = self.money.setdefault(part, {})
        for column, cents in money.items():
            sums[column] = sums.get(column, 0) + cents

    def join(self, others: Iterable[Refusals]) -> None:
        for other in others:
            for part, rows in other.rows.items():
                self.add(part, rows, other.money.get(part, {}))

    def settle(self, sheets: Sequence[Sheet]) -> list[Sheet]:
        """The sheets with what was refused counted as refused: rows and control totals."""
        return [
            replace(sheet, accepted=sheet.accepted - self.rows[part], totals=_moved(sheet.totals, self.money[part]))
            if part in self.rows
            else sheet
            for part, sheet in enumerate(sheets)
        ]


def _moved(totals: Mapping[str, tuple[int, int]], money: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Control totals with so much of each amount column gone over from the accepted to the refused."""
    return {
        column: (accepted - money.get(column, 0), refused + money.get(column, 0))
        for column, (accepted, refused) in totals.items()
    }

"""What of a period's tables has been put together before, from the very same sheets? A month without a row differs in one sheet: the others are not read again.

A memory that a month shares with its trials. What is kept is never written into: whoever changes a frame makes another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from kehujingli.intake.ledger import Sheet
from kehujingli.tables.groups import Groups
from kehujingli.tables.repeats import exists

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from kehujingli.tables.transactions import Linked

T = TypeVar("T")


@dataclass(frozen=True)
class Postings:
    """Linked postings and what they were linked from: sheets, what is given, and columns (customers, owners of accounts, loans)."""

    con: duckdb.DuckDBPyConnection
    linked: Linked
    sheets: Sequence[Sheet | None]
    givens: tuple[Any, ...]
    columns: Sequence[pd.DataFrame | None]
    groups: Groups = field(default_factory=partial(Groups, kept=True))

    def fits(self, givens: tuple[Any, ...], columns: Sequence[pd.DataFrame | None]) -> bool:
        """Whether postings would be linked to the same things."""
        return self.givens == givens and all(map(_alike, self.columns, columns))


@dataclass
class Reading:
    """``gone``: part → rows that the sheets have no more, where this is the memory of a trial."""

    gone: Mapping[int, Collection[int]] = field(default_factory=dict)
    made: dict[str, tuple[Sequence[Sheet | None], Any]] = field(default_factory=dict)
    postings: Postings | None = None

    def less(self, rows: Mapping[int, Collection[int]]) -> Reading:
        """The memory of a month without these rows: it has all that is here, and gives nothing back."""
        return Reading(rows, dict(self.made), self.postings)

    def of(self, what: str, table: str, sheets: Sequence[Sheet], make: Callable[[], T]) -> T:
        """``what`` of a table, which rests on its own sheets, their places, and on nothing else that a trial may change."""
        own = _own(table, sheets)
        known = self.made.get(f"{what} {table}")
        if known is not None and _same(known[0], own):
            value: T = known[1]
            return value
        made = make()
        self.made[f"{what} {table}"] = own, made
        return made

    def linked(
        self,
        con: duckdb.DuckDBPyConnection,
        sheets: Sequence[Sheet],
        givens: tuple[Any, ...],
        columns: Sequence[pd.DataFrame | None],
        link: Callable[[], Linked],
        *,
        less: bool,
    ) -> Postings:
        """The table ``transactions``, where it is, and what linking it told. ``less``: whether it may be the earlier one less a few rows.

        Such a table tells what the earlier one told, and has only what the others ask of it: no repeated rows, no raw ones.
        """
        own, before = _own("transactions", sheets), self.postings
        if before is not None and before.fits(givens, columns):
            if _same(before.sheets, own):
                return before
            changed = {
                part for part, (one, other) in enumerate(zip(before.sheets, own, strict=True)) if one is not other
            }
            rows = {part: self.gone.get(part, ()) for part in changed}
            if less and all(rows.values()) and stand_alone(before.con, rows):
                return _less(before, rows)
        made = Postings(con, link(), own, givens, columns)
        if not self.gone:
            self.postings = made
        return made


def stand_alone(con: duckdb.DuckDBPyConnection, rows: Mapping[int, Collection[int]]) -> bool:
    """Whether no other posting would be linked otherwise without these (part → rows of one posting each).

    They bear a 流水号 that no other row has (so none is repeated, or contradicted, by them), are neither reversed nor a transfer between own
    accounts (so nothing was matched with them: what has taken nothing leaves nothing free), and are neither the first nor the last known row of
    their sheet (which tell whether it begins with the newest). Nothing was put right in a 退回清单.
    """
    if exists(con, "came_back"):
        return False
    for part, those in rows.items():
        ((first, last),) = con.execute("select min(row), max(row) from transactions where part = ?", [part]).fetchall()
        for row in those:
            found = con.execute(
                "select transaction_id, own, reversed from transactions where part = ? and row = ?", [part, row]
            ).fetchall()
            if len(found) != 1 or found[0][0] is None or found[0][1] or found[0][2] or not first < row < last:
                return False
            number = "select count(*) from raw_transactions where transaction_id = ?"
            if con.execute(number, [found[0][0]]).fetchall() != [(1,)]:
                return False
    return True


def _less(before: Postings, rows: Mapping[int, Collection[int]]) -> Postings:
    """The same on a connection whose ``transactions`` is the other's without these rows."""
    gone = " or ".join(f"part = {part} and row in ({', '.join(map(str, those))})" for part, those in rows.items())
    whose = before.con.execute(f"select customer_id, account_id from transactions where {gone}").fetchall()
    con = before.con.cursor()
    con.execute(f"create temp view transactions as select * from memory.main.transactions where not ({gone})")
    if before.columns[1] is not None:
        con.register("owners", before.columns[1])
    groups = Groups(
        True, before.groups, {"customer_id": {one for one, _ in whose}, "account_id": {one for _, one in whose}}
    )
    return replace(before, con=con, groups=groups)


def _own(table: str, sheets: Sequence[Sheet]) -> Sequence[Sheet | None]:
    return [sheet if sheet.table == table else None for sheet in sheets]


def _same(ours: Sequence[Sheet | None], theirs: Sequence[Sheet | None]) -> bool:
    return len(ours) == len(theirs) and all(one is other for one, other in zip(ours, theirs, strict=True))


def _alike(one: pd.DataFrame | None, other: pd.DataFrame | None) -> bool:
    """Whether they have the same rows, in whatever order."""
    if one is None or other is None:
        return one is other
    one, other = (frame.sort_values(list(frame.columns), ignore_index=True) for frame in (one, other))
    return bool(one.equals(other))

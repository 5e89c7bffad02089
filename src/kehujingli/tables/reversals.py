"""Which postings undo each other? A reversal takes the newest earlier original of the opposite amount within 31 days; both are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from kehujingli import terms

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

REVERSAL_DAYS = 31
_SERIES = re.compile(r"\D*")
"""What stands before the digits of a 流水号: numbers of another series tell nothing of the time."""


class Posting(NamedTuple):
    """One row. ``place``: where it stands among the rows of its file, in the order in which they came to pass."""

    account_id: str
    signed: int
    day: int
    time: str
    number: str
    part: int
    place: int

    @property
    def row(self) -> int:
        return abs(self.place)

    def before(self, other: Posting) -> bool:
        """Told by day, then 交易时间, then 流水号, then place, whichever both have."""
        if self.day != other.day:
            return self.day < other.day
        if self.time and other.time and self.time != other.time:
            return self.time < other.time
        ours, theirs = self.number, other.number
        if ours and theirs and ours != theirs and _series(ours) == _series(theirs):
            return (len(ours), ours) < (len(theirs), theirs)
        return (self.part, self.place) < (other.part, other.place)


def _series(number: str) -> str:
    found = _SERIES.match(number)
    return found[0] if found else ""


def _in_time(posting: Posting) -> tuple[int, str, int, str, int, int]:
    return posting.day, posting.time, len(posting.number), posting.number, posting.part, posting.place


def marked(posting: str) -> str:
    """SQL: whether a posting bears a word for a reversal. ``posting``: what its columns stand behind."""
    return " or ".join(_marked(f"{posting}.{column}") for column in ("kind", "memo"))


def reversed_rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Part and row of both postings of every reversed pair in the table ``transactions``, whose column ``marked`` says what bears such a word."""
    import pandas as pd

    if not con.execute("select 1 from transactions where known and marked limit 1").fetchall():
        return pd.DataFrame({"part": pd.Series(dtype="int64"), "row": pd.Series(dtype="int64")})
    # Many exports begin with the newest row.
    fields = """account_id, signed, day, coalesce(time, ''), coalesce(transaction_id, ''), t.part,
                case when f.newest_first then -row else row end"""
    filed = """transactions t join (
        select part, arg_min(day, row) > arg_max(day, row) as newest_first from transactions group by part) f on f.part = t.part"""
    marks = con.execute(f"select {fields} from {filed} where known and marked").fetchall()
    originals = con.execute(f"""
        select {fields} from {filed} where known and not marked
        and (account_id, -signed) in (select (account_id, signed) from transactions where known and marked)
    """).fetchall()
    pairs = match_reversals([Posting(*row) for row in marks], [Posting(*row) for row in originals])
    return pd.DataFrame(pairs, columns=["part", "row"]).astype("int64")


def _marked(column: str) -> str:
    """Whether a text says that the posting undoes another. Texts repeat: the long pattern is asked of those only that hold one of the words."""
    text = f"coalesce({column}, '')"
    words = " or ".join(f"contains({text}, '{word}')" for word in terms.REVERSAL_WORDS)
    return f"(({words}) and regexp_matches(regexp_replace({text}, '{terms.NO_REVERSAL}', '', 'g'), '{'|'.join(terms.REVERSAL_WORDS)}'))"


def match_reversals(marks: Iterable[Posting], originals: Iterable[Posting]) -> list[tuple[int, int]]:
    """(part, row) of both rows of every reversed pair. Reversals are served in order of time; what one has taken no other takes."""
    waiting: dict[tuple[str, int], list[Posting]] = {}
    for posting in sorted(originals, key=_in_time):
        waiting.setdefault((posting.account_id, -posting.signed), []).append(posting)
    pairs: list[tuple[int, int]] = []
    for mark in sorted(marks, key=_in_time):
        candidates = waiting.get((mark.account_id, mark.signed), [])
        for index in range(len(candidates) - 1, -1, -1):
            original = candidates[index]
            if original.before(mark) and mark.day - original.day <= REVERSAL_DAYS:
                pairs += [(original.part, original.row), (mark.part, mark.row)]
                del candidates[index]
                break
    return pairs

"""Does the table's own 合计 row agree? Totals and signatures below (or above) the data: what is no data row, and what it claims."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.cells.columns import Mask
from kehujingli.intake.sheets.pages import PAGE
from kehujingli.terms import Column, Table

Said = Literal["", "footer", "part", "whole"]
"""What a row below the data is: a signature or a note, the total of a part, the total of all rows above it."""


def _spaced(words: Sequence[str]) -> str:
    return "|".join("[\\s\u3000]*".join(map(re.escape, word)) for word in words)


_COUNT = rf"(?:{_spaced(('共', *terms.TOTAL_ENDS))})?\s*\d[\d,]*\s*(?:{'|'.join(terms.COUNTED)})"
_BRACKET = r"(?:[(（\[【][^()（）\[\]【】]*[)）\]】])?"
_ENDS = rf"(?:{_spaced(terms.TOTAL_ENDS)})\s*{_BRACKET}[:：】\])）]?\s*$"
TOTAL_LIKE = rf"^\s*[【\[(（]?(?i:{_spaced(terms.TOTAL_WORDS)})\s*{_BRACKET}[:：】\])）]?\s*$|^\s*{_COUNT}\s*$|{_ENDS}"
"""A cell that may give the total of other rows."""
FOOTER_LIKE = rf"^\s*(?:{_spaced(terms.FOOTER_WORDS)})|{PAGE}|{TOTAL_LIKE}"
FOOTER_ROWS = 60
_PART = re.compile(rf"{_COUNT}$|.*(?:{'|'.join(terms.TOTAL_ENDS)})$")
_FIGURES = ("money", "decimal", "count", "rate")


class Footers:
    """What the rows of one table say below (or between) its data. ``columns``: canonical column by place in the row."""

    def __init__(self, table: Table, columns: Mapping[int, Column], titles: Sequence[str] = ()) -> None:
        self.requires, self.titles = table.requires, frozenset(title.strip() for title in titles)
        self.places = {column.key: place for place, column in columns.items()}
        self.kinds = {place: column.kind for place, column in columns.items()}
        wanted = {key for group in table.requires for key in group}
        self.speaking = [
            place for place, column in columns.items() if column.key in wanted and column.kind not in _FIGURES
        ]
        """Places of what every data row must have: where a total stands in one of them, the row is no data."""

    def said(self, texts: Sequence[str]) -> Said:
        """A total, whichever column says so; 制表, 注：, 第 2 页 and the like, or the title once more, in a row that lacks what a data row must have.

        A name or a remark that only ends as a total does (何小计) makes a row with all it needs no total.
        """
        plain = [_bare(text) for text in texts]
        first = next((place for place, text in enumerate(plain) if text), -1)
        if first < 0:
            return ""
        if plain[first] in terms.TOTAL_WORDS:
            return self._total(plain, first)
        place = next((place for place in self.speaking if self._totals(plain, place)), -1)
        if place < 0 and self._lacks(plain, ""):
            place = next((place for place, text in enumerate(plain) if text in terms.TOTAL_WORDS), -1)
            named = [first, *(self.places[key] for key in self.places if key == "name" or self._numbers(key))]
            place = next((place for place in named if _PART.match(plain[place])), -1) if place < 0 else place
        if place >= 0:
            return self._total(plain, place)
        begins = texts[first].replace(" ", "").replace("\u3000", "").startswith(terms.FOOTER_WORDS)
        printed = re.match(PAGE, texts[first]) or all(text in self.titles for text in texts if text)
        return "footer" if (begins or printed) and self._lacks(plain, plain[first]) else ""

    def _totals(self, plain: Sequence[str], place: int) -> bool:
        if plain[place] in terms.TOTAL_WORDS:
            return True
        if self.kinds[place] == "text" and place != self.places.get("period"):
            return False
        return bool(_PART.match(plain[place])) and (self._lacks(plain, plain[place]) or self._alone(place, plain))

    def _numbers(self, key: str) -> bool:
        return self.kinds[self.places[key]] == "id" or key == "period"

    def _lacks(self, plain: Sequence[str], word: str) -> bool:
        """Whether something is missing that every data row has; the word itself is no value."""
        return any(
            all(key not in self.places or plain[self.places[key]] in ("", word) for key in group)
            for group in self.requires
        )

    def _alone(self, place: int, plain: Sequence[str]) -> bool:
        """Whether nothing else in the row tells one thing from another: no other number, day or class but the branch."""
        return not any(
            plain[other]
            for other, kind in self.kinds.items()
            if other != place and kind in ("id", "date", "code") and other != self.places.get("branch_id")
        )

    def _total(self, plain: Sequence[str], place: int) -> Said:
        """The total of all rows unless something before it says whose it is."""
        before = any(
            text and self.kinds.get(at) != "date" and at != self.places.get("period")
            for at, text in enumerate(plain[:place])
        )
        return "whole" if plain[place] in terms.WHOLE_TOTAL_WORDS and not before else "part"


def _bare(text: str) -> str:
    """【合 计】：, 机构合计(101) and Grand total as the words they are."""
    tight = re.sub(r"\s", "", text).rstrip(":：")
    if tight[:1] in "【[(（" and tight[-1:] in "】])）":
        inner = tight[1:-1]
        tight = inner if inner in terms.TOTAL_WORDS or inner.endswith(terms.TOTAL_ENDS) else tight
    said = _BEHIND.sub("", tight)
    if said != tight and (said in terms.TOTAL_WORDS or said.endswith(terms.TOTAL_ENDS)):
        return said
    return _ENGLISH.get(tight.casefold(), tight)


_BEHIND = re.compile(_BRACKET.removesuffix("?") + "$")
_ENGLISH = {word.casefold(): word for word in terms.TOTAL_WORDS if word.isascii()}


def claimed(values: pa.Array, data: Mask, totals: Sequence[int]) -> tuple[int, int] | None:
    """What the last total row says of an amount column, and what its rows add up to, in 分; ``None`` where it says nothing.

    The rows since the total before it are tried too: a sheet of several tables has a total under each.
    """
    said = [(row, cents) for row in totals if (cents := values[row].as_py()) is not None]
    if not said:
        return None
    cents = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    row, last = said[-1]
    whole = int(cents[data].sum())
    since = said[-2][0] if len(said) > 1 else -1
    part = data.copy()
    part[: since + 1] = False
    part[row:] = False
    own = int(cents[part].sum())
    return (last, own) if len(said) > 1 and own == last else (last, whole)

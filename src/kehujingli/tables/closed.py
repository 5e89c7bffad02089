"""Which customers does the customer file call closed, and who of them has left? By its 状态, in known words or those of the rules.

A word that says neither is told; who still has money, or owes some, has not left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding, yuan_grouped
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd

_CODE = re.compile(r"^(?:\d+|[A-Za-z]\d*)(?:[-_.:|、\s]+(?=\S)|(?=[一-鿿]))|[(\[][0-9A-Za-z]*[)\]]$")
_SHOWN = 5
_SPOTS = 10


@dataclass(frozen=True)
class Closed:
    """``numbers``: the customers all of whose numbers are closed; ``words``: what their 状态 says, the commonest first."""

    numbers: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


NONE_CLOSED = Closed()


def closed_customers(numbers: pd.DataFrame, headers: Mapping[int, str], words: Sequence[str]) -> Closed:
    """``numbers``: customer_id (the main one), status and part of every number of every customer; ``words``: the rules'.

    ``headers``: part → what its sheet calls 状态.
    """
    said = numbers["status"].notna()
    if not bool(said.any()):
        return NONE_CLOSED
    known = {plain_word(word) for word in words}
    unclear: dict[str, int] = {}
    closing: dict[str, int] = {}
    shut = said & False
    for part, rows in numbers[said].groupby("part"):
        flagged = parse_header(headers.get(int(part), "")).name in terms.CLOSED_HEADERS
        for word, count in rows["status"].value_counts().items():
            told = _closes(plain_word(str(word)), known, flagged=flagged)
            if told is None:
                unclear[str(word)] = unclear.get(str(word), 0) + int(count)
            elif told:
                closing[str(word)] = closing.get(str(word), 0) + int(count)
                shut |= (numbers["part"] == part) & (numbers["status"] == word).fillna(False)
    open_ones = frozenset(numbers.loc[~shut, "customer_id"])
    gone = frozenset(numbers.loc[shut, "customer_id"]) - open_ones
    return Closed(gone, tuple(_common(closing)), tuple(_tell(unclear)))


def plain_word(word: str) -> str:
    """A word of 状态 without the code before or behind it: 2-已销户 and 已销户(2) are 已销户."""
    text = unicodedata.normalize("NFKC", word).strip()
    return _CODE.sub("", text).strip().casefold()


def _closes(word: str, closing: set[str], *, flagged: bool) -> bool | None:
    """Whether the word means closed; nothing where nobody can say. ``flagged``: the header itself says 销户, the cells 是 or 否."""
    if word in closing or (flagged and word in terms.CLOSED_FLAGS):
        return True
    if word in terms.OPEN_STATUSES or (flagged and word in terms.OPEN_FLAGS):
        return False
    return None


def _common(counts: dict[str, int]) -> Iterator[str]:
    yield from sorted(counts, key=lambda word: (-counts[word], word))


def _tell(unclear: dict[str, int]) -> Iterator[Finding]:
    if unclear:
        shown = [f"“{word}”（{unclear[word]:,} 户）" for word in list(_common(unclear))[:_SHOWN]]
        more = "等" if len(unclear) > _SHOWN else ""
        yield finding("segment.status-unknown", count=sum(unclear.values()), words="、".join(shown) + more)


def parted(
    frame: pd.DataFrame, closed: Closed, borrowers: Collection[str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Who is to be classed, who has left, and what is told of both. ``frame``: one row a customer with status and measures (分)."""
    shut = among(frame["customer_id"], closed.numbers)
    owing = (frame["loan_balance"] > 0).fillna(False) | among(frame["customer_id"], borrowers)
    busy = shut & ((frame["deposit_balance"] != 0).fillna(False) | owing).to_numpy(dtype=bool)
    told = list(closed.findings)
    gone = frame[shut & ~busy]
    if len(gone):
        told.append(finding("segment.closed", count=len(gone), words="、".join(f"“{word}”" for word in closed.words)))
    if busy.any():
        told.append(_busy(frame[busy]))
    return frame[~shut | busy].reset_index(drop=True), gone.reset_index(drop=True), told


def _busy(odd: pd.DataFrame) -> Finding:
    """The closed ones that are not."""
    deposits, loans = (odd[name].fillna(0) for name in ("deposit_balance", "loan_balance"))
    worst = odd.assign(worth=deposits.abs() + loans).sort_values(["worth", "customer_id"], ascending=[False, True])
    shown = worst.head(_SPOTS)
    return finding(
        "segment.closed-with-money",
        count=len(odd),
        value=worst["customer_id"].iloc[0],
        status=worst["status"].iloc[0],
        deposits=yuan_grouped(int(deposits.sum())),
        loans=yuan_grouped(int(loans.sum())),
        amount=int(worst["worth"].sum()),
        spots=[
            Spot(str(number), "", int(worth))
            for number, worth in zip(shown["customer_id"], shown["worth"], strict=True)
        ],
    )

"""What did each word of the rules take out of the postings? Rows by word, and the memos that bear it most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.measures.activity import pattern
from kehujingli.terms.masks import mask_numbers

if TYPE_CHECKING:
    import duckdb

_SHOWN = 3


@dataclass(frozen=True)
class Taken:
    """``word``: as the rules write it; ``memos``: the commonest texts in which it was found, with their rows."""

    word: str
    rows: int
    memos: tuple[tuple[str, int], ...]


def told_words(con: duckdb.DuckDBPyConnection, words: Sequence[str]) -> list[Finding]:
    """A note for each word that took a row."""
    return [
        finding(
            "rules.word-took",
            word=taken.word,
            count=taken.rows,
            memos="、".join(f"“{mask_numbers(memo)}” {rows:,} 行" for memo, rows in taken.memos),
        )
        for taken in words_taken(con, words)
        if taken.rows
    ]


def words_taken(con: duckdb.DuckDBPyConnection, words: Sequence[str]) -> list[Taken]:
    """Of the table ``transactions``, in the order of the rules; a row that bears two words is counted under both."""
    if not words:
        return []
    found = con.execute(
        "select coalesce(kind, ''), coalesce(memo, ''), count(*) from transactions "
        "where regexp_matches(coalesce(kind, ''), $1) or regexp_matches(coalesce(memo, ''), $1) group by all",
        [pattern(words)],
    ).fetchall()
    taken = []
    for word in words:
        wanted = re.compile(pattern([word]))
        texts: Counter[str] = Counter()
        for kind, memo, count in found:
            said = next((text for text in (memo, kind) if wanted.search(text)), "")
            if said:
                texts[said] += count
        commonest = sorted(texts.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
        taken.append(Taken(word, sum(texts.values()), tuple(commonest)))
    return taken

"""Of which 行业大类 is what an export says under 行业? By code, then by word, then by a letter alone; what none of them explains is 其他."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5
_CODE_WORD = re.compile(r"[A-T]\d{0,4}")
_CODE = re.compile(r"(?:([A-T])(\d{2,4})|(\d{4}|\d{2}|0\d{2}))(?![A-Z0-9.])")
_LETTER = re.compile(r"([A-T])(?![^\W_])")
"""A letter that no letter, digit or character follows: T恤 is no 门类."""


def industry_kinds(industry: pd.Series, words: Mapping[str, tuple[str, ...]]) -> pd.Series:
    """行业 → its class by ``words``, which are tried in their order; missing where nothing is said."""
    import pandas as pd

    found = {said: industry_kind(str(said), words) for said in industry.dropna().unique()}
    kinds = [None if said is None else found[said] for said in listed(industry)]
    return pd.Series(kinds, index=industry.index, dtype="object")


def industry_kind(said: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    """The class of one text. A code of four or two digits counts before the words beside it, a letter alone after them:
    A0111 is in one edition only, and what was H in an older one is F now.
    """
    text = unicodedata.normalize("NFKC", said).strip().upper()
    if not text:
        return None
    by_code = _longest(_code(text), words)
    if by_code is not None:
        return by_code
    for kind, meant in words.items():
        if any(not _CODE_WORD.fullmatch(word) and word.upper() in text for word in meant):
            return kind
    letter = _LETTER.match(text)
    return _longest(letter[1] if letter else "", words) or terms.OTHER_INDUSTRY


def _code(text: str) -> str:
    """The code that a text begins with, its letter put before it; nothing where letter and digits are not of one edition."""
    told = _CODE.match(text)
    if told is None:
        return ""
    digits = told[2] or told[3]
    letters = [key for key, (first, last) in terms.DIVISIONS.items() if first <= int(digits[:2]) <= last]
    return f"{letters[0]}{digits}" if letters and told[1] in (None, letters[0]) else ""


def _longest(code: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    """The class with the longest code that ``code`` begins with; of two the first."""
    fits = [
        (len(word), kind)
        for kind, meant in words.items()
        for word in meant
        if code and _CODE_WORD.fullmatch(word) and code.startswith(word)
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


def told_often(industry: pd.Series) -> str:
    """The texts that most customers have, with how many."""
    counts = sorted(industry.value_counts().items(), key=lambda one: (-one[1], str(one[0])))
    return "、".join(f"{said} {count}" for said, count in counts[:_SHOWN]) + ("等" if len(counts) > _SHOWN else "")

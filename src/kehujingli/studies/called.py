"""Are two names the same, and is it a person's or a firm's? Names as people write them, made plain; numbers of leads made of what does not change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_SAME = (("有限责任公司", "有限公司"), ("[•・‧∙•]", "·"))
"""What names are told apart by in writing only: the law has both words for one kind of company (公司法 第七条)."""
_ODD = r"[^0-9A-Z\-\x{4E00}-\x{9FFF}]|有限责任公司|^$"
"""Whether a name has to be made plain at all: Chinese characters, digits and capitals of one width are so already."""
STAR = "*"
"""In a name that somebody has masked."""
_SHORT = 3
"""A name of so many characters is a person's, whatever it ends with."""


def texts(column: pd.Series | Any) -> Any:
    """The column as one Arrow array of text, however many pieces it came in."""
    import pyarrow as pa

    text = pa.large_string()
    found = pa.array(column, text, from_pandas=True)
    if not isinstance(found, pa.ChunkedArray):
        return found
    pieces = [piece.cast(text) for piece in found.chunks]
    return pa.concat_arrays(pieces) if pieces else pa.array([], text)


def plain_names(names: pd.Series | Any) -> Any:
    """An Arrow array of the names: one width, no blanks, capitals, one word for one kind of company."""
    import pyarrow.compute as pc

    said = texts(names)
    odd = pc.fill_null(pc.match_substring_regex(said, _ODD), False)
    return pc.replace_with_mask(said, odd, _made_plain(said.filter(odd))) if pc.any(odd).as_py() else said


def _made_plain(said: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.all(pc.string_is_ascii(said)).as_py():  # numbers: they have one width, and no word of a company
        said = pc.utf8_upper(pc.replace_substring_regex(said, r"\s+", ""))
    else:
        said = pc.utf8_upper(pc.replace_substring_regex(pc.utf8_normalize(said, form="NFKC"), r"\s+", ""))
        for pattern, word in _SAME:
            said = pc.replace_substring_regex(said, pattern, word)
    return pc.if_else(pc.equal(said, pa.scalar("", pa.large_string())), pa.scalar(None, pa.large_string()), said)


def has_word(names: Any, words: Sequence[str]) -> Any:
    """Whether each plain name has one of the words in it."""
    return _matching(names, _words(words))


def of_units(names: Any, words: Sequence[str]) -> Any:
    """Whether each plain name is a firm's or an office's: a word of two characters and more stands anywhere, one of one at the end of four."""
    ends = "".join(re.escape(word) for word in words if len(word) == 1)
    long = _words([word for word in words if len(word) > 1])
    return _matching(names, [*long, *([f"^.{{{_SHORT},}}[{ends}]$"] if ends else [])])


def _words(words: Sequence[str]) -> list[str]:
    return [re.escape(word) for word in plain_names(list(words)).to_pylist()]


def _matching(names: Any, patterns: Sequence[str]) -> Any:
    """Whether one of the patterns is in each name; all are looked for at once."""
    import numpy as np
    import pyarrow.compute as pc

    return flags(pc.match_substring_regex(names, "|".join(patterns))) if patterns else np.zeros(len(names), dtype=bool)


def flags(values: Any) -> Any:
    """Arrow's truth values as numpy's, nothing as false."""
    import pyarrow.compute as pc

    return pc.fill_null(values, False).to_numpy(zero_copy_only=False)


def lead_number(kind: str, *said: str) -> str:
    """The number of a lead: the same every month for the same words, and nobody's number can be read from it."""
    return kind + blake2b("|".join(said).encode(), digest_size=5).hexdigest().upper()

"""How wide is a text on a screen or in a cell? A Chinese character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def display_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def padded(text: str, width: int) -> str:
    """The text with blanks up to ``width`` columns."""
    return text + " " * max(0, width - display_width(text))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most ``width`` columns, broken anywhere between Chinese characters, between words elsewhere."""
    line = ""
    for piece in _pieces(text):
        if line and display_width(line + piece) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line:
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if character == " " or display_width(character) == 2:
            if word:
                yield word
            word = ""
            yield character
        else:
            word += character
    if word:
        yield word

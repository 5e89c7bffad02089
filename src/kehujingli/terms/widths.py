"""How wide is a text on a screen or in a cell? A Chinese character takes two columns; and what was typed in full width is read in half."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def display_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


_MARKS = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "、": ","})
_OPENING = {"'": "'", "‘": "’", '"': '"', "“": "”"}


def half_width(sql: str) -> str:
    """A question with the marks that a Chinese keyboard makes, ，＝（‘ and their like, as SQL has them; what stands between quotes stays."""
    said: list[str] = []
    quote, closing = "", ""
    for character in sql:
        if quote:
            ends = character in (quote, closing)
            said.append(quote if ends else character)
            quote = "" if ends else quote
            continue
        plain = character.translate(_MARKS)
        if plain in _OPENING:
            quote = "'" if plain in "'‘" else '"'
            closing = _OPENING[plain]
            plain = quote
        elif plain in "’”":
            plain = "'" if plain == "’" else '"'
        said.append(plain)
    return "".join(said)


def padded(text: str, width: int) -> str:
    """The text with blanks up to ``width`` columns."""
    return text + " " * max(0, width - display_width(text))


_CLOSING = "，。；：、！？）》」”"
"""What never begins a line."""


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most ``width`` columns, broken anywhere between Chinese characters, between words elsewhere."""
    line = ""
    for piece in _pieces(text):
        if line and display_width(line + piece) > width and piece in _CLOSING and line[-1] != " ":
            yield line[:-1].rstrip()
            line = line[-1] + piece
        elif line and display_width(line + piece) > width:
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

"""How wide is a text on a screen or in a cell? A Chinese character takes two columns; and what was typed in full width is read in half."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def display_width(text: str) -> int:
    """At most: · ≥ − and their like take one column on some screens, two on others."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def screen_width(text: str) -> int:
    """On most screens: what a column of a table is filled up by, so that the next one stands straight."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def longest(text: str) -> int:
    """The columns that its longest part takes which is not folded."""
    return max(map(display_width, _pieces(text)), default=0)


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


_CLOSING = "，。；：、！？）》」”】"
"""What never begins a line."""
_OPENING_MARKS = "（《「“【−"
"""What never ends one: a minus is its figure's."""


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most ``width`` columns, broken anywhere between Chinese characters, between words elsewhere; a word, figure or number stays whole."""
    line: list[str] = []
    for piece in _pieces(text):
        taken = sum(map(display_width, line))
        if not line or taken + display_width(piece) <= width:
            line.append(piece)
            continue
        moved: list[str] = []
        if piece in _CLOSING:
            while line and (not moved or moved[0] in _CLOSING):
                moved.insert(0, line.pop())
        if not line or not moved or moved[0] == " ":  # nothing but marks, or a mark behind a blank: it begins a line
            line, moved = line + moved, []
        yield "".join(line).rstrip()
        line = [part for part in (*moved, piece) if moved or part != " "]
    if line:
        yield "".join(line).rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Characters that take two columns, blanks, and words between them; what opens goes with what follows."""
    word = ""
    for character in text:
        if character == " " or display_width(character) == 2:
            if word and not (word in _OPENING_MARKS and character not in f" {_OPENING_MARKS}"):
                yield word
                word = ""
            if character in _OPENING_MARKS:
                word = character
                continue
            yield word + character
            word = ""
        else:
            word += character
    if word:
        yield word

"""Which number does a cell of a saved web page hold, where it shows it rounded? Excel says it in x:num, LibreOffice in sdval; the text is what was shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from kehujingli import terms
from kehujingli.intake.cells.amounts import parted, plain_number
from kehujingli.intake.files.codes import Meaning

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")
_SHIFTS = tuple(10**power for power in range(1, 9))


def held_number(given: Mapping[str, str | None]) -> str:
    """The number that a cell's tag says it holds; empty where it says none."""
    return (given.get("x:num") or given.get("sdval") or "").strip()


def held(text: str, number: str) -> tuple[str, Meaning | None]:
    """What a cell says of which the tag gives a number, and by what its text shows that divided.

    A text that is the number, or no number at all (a day, a word), stays: 000123 is no 123.
    """
    try:
        value = Decimal(number)
    except InvalidOperation:
        return text, None
    if not value.is_finite():
        return text, None
    if text.endswith("%"):
        return (f"{value * 100:f}%", None) if _shows(text.removesuffix("%"), value * 100) else (text, None)
    bare, unit = parted(text)
    shown = plain_number(bare) or ""
    if not _NUMBER.fullmatch(shown):
        return text, None
    if unit:
        worth = terms.UNITS[unit] // terms.UNITS["元"]
        return (f"{value:f}", Meaning(worth, unit)) if worth and _shows(shown, value / worth) else (text, None)
    if Decimal(shown) == value:
        return text, None
    if _shows(shown, value):
        return f"{value:f}", None
    scale = next((shift for shift in _SHIFTS if _shows(shown, value / shift)), 0)
    return (f"{value:f}", Meaning(scale)) if scale else (text, None)


def _shows(text: str, value: Decimal) -> bool:
    """Whether the text is the value rounded to the digits that are there."""
    plain = plain_number(text) or ""
    if not _NUMBER.fullmatch(plain):
        return False
    last = Decimal(1).scaleb(-len(plain.partition(".")[2]))
    return abs(Decimal(plain) - value) * 2 <= last

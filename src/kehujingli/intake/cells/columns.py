"""What does a column say, whatever its kind? Cells as text, cleaned; each different value looked at once.

Readers deliver text, doubles, timestamps or booleans. Columns repeat themselves: what is dear is done to their different values.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms

Mask = npt.NDArray[np.bool_]
_INVISIBLE = r"[\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{2066}-\x{2069}\x{feff}\x{00ad}\x{061c}\x{180e}]"
_UNCLEAN = r"^\s|\s$|[\x00-\x1f]|^'|^=\"|" + _INVISIBLE


@dataclass
class Parsed:
    """A column read: canonical values; where ``bad`` is true the value is null and ``why`` tells the finding's code."""

    values: pa.Array
    bad: Mask
    why: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    sub_cent: int = 0
    foreign: Mask | None = None
    """Amounts, among the bad ones, that bear the sign of another currency."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    units: pa.Array | None = None
    """Units of money that the cells themselves say, where some do."""
    percent_guessed: bool = False
    told: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    """Findings on the whole column: code and facts."""
    cleaned: int = 0
    """Identifiers of which something was taken off: a tab, an apostrophe, a space, what cannot be seen; or full-width characters."""


@functools.cache
def _nothing() -> pa.Array:
    """Made when it is wanted: pyarrow looks for pandas when it makes an array of a list."""
    return pa.array(["", *terms.NOTHING_WORDS])


def none_bad(length: int) -> Mask:
    return np.zeros(length, dtype=bool)


def is_text(array: pa.Array) -> bool:
    return bool(pa.types.is_string(array.type) or pa.types.is_large_string(array.type))


def as_text(array: pa.Array) -> pa.Array:
    """Any column as text: numbers without a trailing .0, dates as 2026-01-31."""
    if is_text(array):
        return array.cast(pa.string())
    if pa.types.is_floating(array.type) or pa.types.is_timestamp(array.type):
        return each_value(array, _told)
    if pa.types.is_boolean(array.type):
        return pc.if_else(array, "TRUE", "FALSE")
    return array.cast(pa.string())


def _told(values: pa.Array) -> pa.Array:
    if pa.types.is_floating(values.type):
        return pa.array([None if value is None else number_text(value) for value in values.to_pylist()], pa.string())
    text = pc.strftime(values, format="%Y-%m-%d %H:%M:%S")
    return pc.replace_substring_regex(text, r" 00:00:00(\.0*)?$", "")


def number_text(value: float) -> str:
    """12.0 → 12, 0.1 → 0.1, 6.2e18 → 6.2E+18: as a person would see it."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(repr(value)), "f") if abs(value) < 1e15 else f"{value:.5E}".replace("+0", "+")


def clean_text(array: pa.Array) -> pa.Array:
    """Trimmed; zero-width characters, a leading apostrophe and ``="…"`` taken off; blank is null."""
    text = as_text(array)
    if bool(pc.any(pc.match_substring_regex(text, _UNCLEAN)).as_py()):
        text = each_value(text, _cleaned)
    return pc.if_else(pc.is_in(text, _nothing()), pa.scalar(None, pa.string()), text)


def _cleaned(text: pa.Array) -> pa.Array:
    text = pc.replace_substring_regex(text, _INVISIBLE + r"|[\x00-\x08\x0b\x0c\x0e-\x1f]", "")
    text = pc.replace_substring_regex(text, r'^="(.*)"$', r"\1")
    text = pc.utf8_trim_whitespace(text)
    return pc.replace_substring_regex(text, r"^'", "")


def each_value(array: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """A column changed by its different values."""
    encoded = array.dictionary_encode()
    return change(encoded.dictionary).take(encoded.indices)


def by_value(array: pa.Array, convert: Callable[..., object], kind: pa.DataType, why: str) -> Parsed:
    """Convert each different value once: columns of dates and codes hold few."""
    encoded = array.dictionary_encode()
    values: list[object] = []
    refused: list[bool] = []
    for value in encoded.dictionary.to_pylist():
        try:
            values.append(convert(value))
            refused.append(False)
        except (ValueError, InvalidOperation, OverflowError):
            values.append(None)
            refused.append(True)
    indices = encoded.indices
    taken = pa.array(values, kind).take(indices)
    bad = bools(pa.array(refused, pa.bool_()).take(indices)) if any(refused) else none_bad(len(array))
    return Parsed(taken, bad, why)


def bools(array: pa.Array | pa.ChunkedArray) -> Mask:
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False), dtype=bool)


def mask_out(values: pa.Array, mask: Mask) -> pa.Array:
    return pc.if_else(pa.array(mask), pa.scalar(None, values.type), values) if mask.any() else values

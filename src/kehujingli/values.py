"""Is there a value at all, how is it rounded, and how do parts add up? Cells of frames may be ``None``, NaN or pandas' NA: all are nothing.

The one place of rounding: half away from zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


def missing(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, float):
        return value != value
    return type(value).__name__ in ("NAType", "NaTType")


def listed(column: pd.Series) -> list[Any]:
    """A column's values with ``None`` for missing; going over the column itself takes ten times as long."""
    gone = column.isna()
    values: list[Any] = column.tolist()
    return [None if no else value for value, no in zip(values, gone.tolist(), strict=True)] if gone.any() else values


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One mapping a row, with ``None`` for missing; pandas goes over every Arrow column cell by cell."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(listed(frame[name]) for name in names), strict=True)]


def among(column: pd.Series, members: Iterable[object]) -> npt.NDArray[np.bool_]:
    """Which values are members; ``isin`` turns every member of an Arrow column into an object first, which takes ten times as long."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if str(column.dtype) == "str" and (others := _texts(members)) is not None:
        own = pa.array(column, pa.large_string(), from_pandas=True)
        told = pc.is_in(own, value_set=others)
        return np.asarray(told.to_numpy(zero_copy_only=False), dtype=bool)
    found = set(members.tolist() if hasattr(members, "tolist") else members)
    if not found:
        return np.zeros(len(column), dtype=bool)
    return np.fromiter((value in found for value in column.tolist()), dtype=bool, count=len(column))


def _texts(members: Iterable[object]) -> Any:
    """As an Arrow column where all of them are texts, else nothing."""
    import pyarrow as pa

    if str(getattr(members, "dtype", "")) == "str":
        return pa.array(members, pa.large_string(), from_pandas=True)
    known = members if isinstance(members, Collection) else list(members)
    if hasattr(known, "dtype") or not all(type(one) is str for one in known):
        return None
    return pa.array(list(known), pa.large_string())


def named(keys: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """The name of each key, as text, missing where it has none: ``map`` goes over every cell of an Arrow column, which takes five times as long."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pa.large_string()
    known = {key: name for key, name in names.items() if isinstance(name, str)}
    found = pc.index_in(pa.array(keys, text, from_pandas=True), value_set=pa.array(list(known), text))
    said = pa.array(list(known.values()), text).take(found)
    return pd.Series(pd.array(said, dtype="str"), index=keys.index, name=keys.name)


def worded(codes: npt.NDArray[Any], words: Sequence[str]) -> Any:
    """The word of each code, nothing below 0, as a column of texts: pandas looks at every one of an array of objects to see that it is text."""
    import pandas as pd
    import pyarrow as pa

    return pd.array(pa.array(list(words), pa.large_string()).take(pa.array(codes, mask=codes < 0)), dtype="str")


def places(keys: pd.Series, whole: pd.Series) -> npt.NDArray[np.int64]:
    """Where each key, a text, stands first in ``whole``, -1 where nowhere: an index of pandas makes an object of every Arrow text first."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    # a column without any text is one of numbers
    texts = (column.astype("str") if pd.api.types.is_numeric_dtype(column) else column for column in (keys, whole))
    own, among = (pa.array(column, pa.large_string(), from_pandas=True) for column in texts)
    found = pc.index_in(own, value_set=among, skip_nulls=True)
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype="int64")


def in_order(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """By a column, equal ones as they stood, rows counted from 0; texts that stand so already are not sorted again. Where rounding leaves a 分, the
    order in which rows came does not decide who has it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if str(frame[key].dtype) != "str":
        return frame.sort_values(key, kind="stable", ignore_index=True)
    texts = pa.array(frame[key], pa.large_string(), from_pandas=True)
    if not texts.null_count and pc.all(pc.less_equal(texts[:-1], texts[1:])).as_py() is not False:
        return frame.reset_index(drop=True)
    return frame.take(pc.array_sort_indices(texts).to_numpy()).reset_index(drop=True)


def told_of(keys: pd.Series, whole: pd.Series, texts: pd.Series) -> pd.Series:
    """What ``texts`` says of each key where it stands first in ``whole``, missing where nowhere: ``map`` makes an index of objects of ``whole`` first."""
    return told_at(places(keys, whole), texts, keys.index)


def told_at(at: npt.NDArray[np.int64], texts: pd.Series, index: pd.Index) -> pd.Series:
    """What ``texts`` says at these places, missing at -1."""
    import pandas as pd
    import pyarrow as pa

    said = pa.array(texts, pa.large_string(), from_pandas=True).take(pa.array(at, mask=at < 0))
    return pd.Series(pd.array(said, dtype="str"), index=index, name=texts.name)


_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")


def ungrouped(text: str) -> str:
    """1,234,567.00 → 1234567.00. A comma that does not part groups of three digits stays, so that 12,34 is no number."""
    return _GROUPED.sub(lambda found: found[0].replace(",", ""), text) if "," in text else text


def text_of(value: object) -> str | None:
    """The value as text, or nothing; empty text is nothing too."""
    return None if missing(value) or value == "" else str(value)


_BEGINS = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
_SIGNED = re.compile(r"[+-](\d{1,3}(,\d{3})+|\d{1,7}|(?<=-)\d{1,15})(\.\d+)?%?|[+-]*")
"""A number with its sign, or signs alone. A plus before eight digits and more is a telephone's."""


def guarded(text: str) -> str:
    """``=1+1`` → ``'=1+1``: text that a spreadsheet would take for a formula stays text in a CSV. Negative numbers stay numbers."""
    return f"'{text}" if _BEGINS.match(text) and not _SIGNED.fullmatch(text) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if text.startswith("'") and _BEGINS.match(text) else text


EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Wide enough that a quotient of amounts is only ever rounded where we say so."""
_QUANTA = tuple(Decimal(1).scaleb(-digits) for digits in range(11))
_INNER = _QUANTA[10]

Style = Literal["money", "ratio", "count", "number"]
"""How a quantity is said: money in 万元, a ratio in %, a count, or a bare number."""


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """Half away from zero, the one rounding of points and pay."""
    return value.quantize(_QUANTA[digits], ROUND_HALF_UP, EXACT)


def divide_half_up(numerator: npt.NDArray[np.int64], denominator: int | npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Whole-number quotient, half away from zero: the one rounding of money measures."""
    import numpy as np

    magnitude = (2 * np.abs(numerator) + denominator) // (2 * denominator)
    return np.asarray(np.sign(numerator) * magnitude)


def nearest(value: Fraction | Decimal) -> int:
    """To a whole number, half away from zero."""
    if isinstance(value, Decimal):
        return int(value.to_integral_value(ROUND_HALF_UP))
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def in_yuan(cents: int) -> Decimal:
    """分 as exact 元: 150 → 1.5."""
    return Decimal(int(cents)) / 100


def share_out(total: int, parts: Sequence[Fraction], keys: Sequence[Any]) -> list[int]:
    """``total`` in whole numbers close to ``parts`` that add up to it: largest remainder, ties by key, whatever the order of the parts.

    What the parts leave of the total, or exceed it by, first goes with them in proportion to their size, in equal shares where all are nothing:
    a difference of any size is borne as the figure itself is, and only the last unit each is a matter of rounding.
    """
    above, below = over_one(parts)
    gap, sizes = total * below - sum(above), [abs(part) for part in above]
    if gap:
        by = sizes if any(sizes) else [1] * len(above)
        whole = sum(by)
        above, below = [part * whole + gap * size for part, size in zip(above, by, strict=True)], below * whole
    floors = [part // below for part in above]
    order = sorted(range(len(above)), key=lambda index: (floors[index] * below - above[index], keys[index]))
    for index in order[: total - sum(floors)]:
        floors[index] += 1
    return floors


def over_one(parts: Sequence[Fraction]) -> tuple[list[int], int]:
    """Fractions as whole numbers over one and the same: sums and comparisons of them take no common denominator each."""
    below = math.lcm(*(part.denominator for part in parts))
    return [part.numerator * (below // part.denominator) for part in parts], below


def whole_parts(parts: npt.NDArray[Any], denominator: int) -> npt.NDArray[np.int64]:
    """Each part ÷ ``denominator`` in whole numbers that add up to the sum, which is rounded once: largest remainder, ties to whoever stands first.

    Parts are whole numbers, of any size where they are objects: ``share_out`` for a column.
    """
    import numpy as np

    if not len(parts):
        return np.zeros(0, dtype="int64")
    floors = parts // denominator
    rest = parts - floors * denominator
    low = exact_sum(floors)
    total = nearest(Fraction(low * denominator + exact_sum(rest), denominator))
    odd = total - low
    if odd:
        least = np.partition(rest, len(rest) - odd)[len(rest) - odd]
        more = rest > least
        floors[more] += 1
        floors[np.flatnonzero(rest == least)[: odd - int(more.sum())]] += 1
    return floors.astype("int64")


def exact_sum(values: npt.NDArray[Any]) -> int:
    """Of whole numbers, of which 64 bits hold each but not always the sum."""
    if values.dtype == object:
        return int(values.sum())
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def times(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64] | int) -> npt.NDArray[Any]:
    """Products that stay exact: whole numbers of any size where 64 bits may not hold one."""
    import numpy as np

    if not len(left):
        return left
    largest = int(np.abs(left).max()) * int(np.abs(right).max())
    return left * right if largest < 2**62 else left.astype(object) * right


def inner(value: Decimal) -> Decimal:
    """Ten digits: what ``ROUND(…,10)`` leaves in the sheet 计分复核, so that both ways agree."""
    return value.quantize(_INNER, ROUND_HALF_UP, EXACT)


def divide(numerator: Decimal, denominator: Decimal) -> Decimal:
    return EXACT.divide(numerator, denominator)


def plain(value: Decimal) -> str:
    """1.500 → 1.5, 1E+2 → 100: a number as it stands in a sentence."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say(value: Decimal, style: Style, digits: int = 2) -> str:
    """A quantity as a person reads it: 86.40万, 2.35%, 12. ``digits``: decimals of 万 and %."""
    match style:
        case "money":
            return f"{round_half_up(value / 10_000, digits)}万"
        case "ratio":
            return f"{round_half_up(value * 100, digits)}%"
        case "count":
            return plain(round_half_up(value, 2))
        case _:
            return plain(round_half_up(value, 4))


def as_said(value: Decimal, style: Style, digits: int = 2) -> Decimal:
    """What whoever reads ``say`` takes the quantity to be."""
    scale = {"money": -4, "ratio": 2}.get(style, 0)
    return round_half_up(value.scaleb(scale), digits if scale else 4 if style == "number" else 2).scaleb(-scale)


def enough(value: Decimal, style: Style, counted: str = "") -> tuple[Decimal, str]:
    """The least amount that can be said in two decimals and is not below ``value``, and how it is said with its unit (of a count: ``counted``): who
    does it has done enough."""
    unit, digits, sign = Decimal(1), 2, ""
    match style:
        case "money":
            unit, sign = (Decimal(10_000), "万元") if value >= 1_000 else (Decimal(1), "元")
        case "ratio":
            unit, digits, sign = Decimal("0.01"), 2 if value >= Decimal("0.001") else 4, "%"
        case "count":
            digits = 2 if value >= Decimal("0.1") else 4
        case _:
            digits = 4
    said = inner(divide(value, unit)).quantize(Decimal(1).scaleb(-digits), ROUND_CEILING, EXACT)
    return said * unit, f"{said}{sign}" if sign else f"{plain(said)}{counted if style == 'count' else ''}"


def exactly(value: Decimal, style: Style, counted: str = "") -> str:
    """A line that is to be reached, as it stands with its unit: 90.00%, 0.125%, 12,345 元 as 12345元, 5户."""
    if style == "count":
        return f"{plain(value)}{counted}"
    unit, sign = {"money": (Decimal(10_000), "万元"), "ratio": (Decimal("0.01"), "%")}.get(style, (Decimal(1), ""))
    told = divide(value, unit)
    if told == round_half_up(told, 2):
        return f"{round_half_up(told, 2)}{sign}" if sign else plain(value)
    return f"{plain(value)}元" if style == "money" else f"{plain(told)}{sign}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An actual as numerator ÷ denominator, so that ratios roll up and are divided once."""

    numerator: Decimal
    denominator: Decimal = Decimal(1)

    @property
    def value(self) -> Decimal:
        return self.numerator if self.denominator == 1 else divide(self.numerator, self.denominator)

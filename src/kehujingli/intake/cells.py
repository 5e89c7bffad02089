"""What does a cell say? Columns of cells as Arrow arrays → canonical values, with a reason for every cell that has none.

Readers deliver text, doubles, timestamps or booleans. Each function here answers for one kind of column: money (分, int64),
dates (days since 1970, int32), identifiers, codes, counts, rates (millionths), exact decimals, text.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.headers import Header
from kehujingli.periods import day_of
from kehujingli.terms import Column

Mask = npt.NDArray[np.bool_]
_INVISIBLE = r"[\x{200b}\x{200c}\x{200d}\x{feff}\x{00ad}]"
_ODD = r"[^\x{21}-\x{7e}\x{2e80}-\x{9fff}\x{3000}-\x{303f}]|^'|\x{3000}"
_PLAIN_ID = r"^[0-9A-DF-Za-df-z_-]+$"
"""An identifier with nothing to clean and no E that could be a notation: one look is enough for most columns."""
_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_LETTERS = {"O": "字母 O", "o": "字母 o", "l": "字母 l", "I": "字母 I"}


@dataclass
class Parsed:
    """A column read: canonical values; where ``bad`` is true the value is null and ``why`` tells the finding's code."""

    values: pa.Array
    bad: Mask
    why: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    sub_cent: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)
    percent_guessed: bool = False
    cleaned: int = 0
    """Identifiers of which something was taken off: a tab, an apostrophe, a space, what cannot be seen; or full-width characters."""


def none_bad(length: int) -> Mask:
    return np.zeros(length, dtype=bool)


def is_text(array: pa.Array) -> bool:
    return bool(pa.types.is_string(array.type) or pa.types.is_large_string(array.type))


def as_text(array: pa.Array) -> pa.Array:
    """Any column as text: numbers without a trailing .0, dates as 2026-01-31."""
    if is_text(array):
        return array.cast(pa.string())
    if pa.types.is_floating(array.type):
        return pa.array([None if value is None else number_text(value) for value in array.to_pylist()], pa.string())
    if pa.types.is_timestamp(array.type):
        text = pc.strftime(array, format="%Y-%m-%d %H:%M:%S")
        return pc.replace_substring_regex(text, r" 00:00:00(\.0*)?$", "")
    if pa.types.is_boolean(array.type):
        return pc.if_else(array, "TRUE", "FALSE")
    return array.cast(pa.string())


def number_text(value: float) -> str:
    """12.0 → 12, 0.1 → 0.1, 6.2e18 → 6.2E+18: as a person would see it."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(repr(value)), "f") if abs(value) < 1e15 else f"{value:.5E}".replace("+0", "+")


def clean_text(array: pa.Array) -> pa.Array:
    """Trimmed; zero-width characters, a leading apostrophe and ``="…"`` taken off; blank is null."""
    text = as_text(array)
    if bool(pc.any(pc.match_substring_regex(text, r"^\s|\s$|[\x00-\x1f]|^'|^=\"|" + _INVISIBLE)).as_py()):
        text = pc.replace_substring_regex(text, _INVISIBLE + r"|[\x00-\x08\x0b\x0c\x0e-\x1f]", "")
        text = pc.replace_substring_regex(text, r'^="(.*)"$', r"\1")
        text = pc.utf8_trim_whitespace(text)
        text = pc.replace_substring_regex(text, r"^'", "")
    return _blank_to_null(text)


def _blank_to_null(text: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def parse_id(array: pa.Array) -> Parsed:
    """An identifier is text. A number of 16 digits or more, or E-notation, has already lost digits (law 9)."""
    if pa.types.is_floating(array.type):
        numbers = np.nan_to_num(array.to_numpy(zero_copy_only=False).astype(float))
        lost = np.abs(numbers) >= 1e15
        whole = numbers == np.floor(numbers)
        if bool(np.all(whole)):
            values = pa.array(
                numbers.astype("int64") if not lost.any() else np.where(lost, 0, numbers).astype("int64")
            ).cast(pa.string())
            values = pc.if_else(array.is_null(), pa.scalar(None, pa.string()), values)
        else:
            values = as_text(array)
        return Parsed(_mask_out(values, lost), lost, "intake.id-lost-digits")
    if bool(pc.all(pc.fill_null(pc.match_substring_regex(as_text(array), _PLAIN_ID), True)).as_py()):
        return Parsed(as_text(array), none_bad(len(array)), "intake.id-lost-digits")
    text = clean_text(array)
    odd = pc.fill_null(pc.match_substring_regex(text, _ODD), False)
    if pc.any(odd).as_py():
        fixed = [
            None if value is None else _SPACES.sub("", unicodedata.normalize("NFKC", value)) or None
            for value in text.to_pylist()
        ]
        text = pa.array(fixed, pa.string())
    lost = _bools(pc.match_substring_regex(text, r"^\d(\.\d+)?[eE]\+?\d+$"))
    cleaned = pc.sum(pc.not_equal(as_text(array), text)).as_py() or 0
    return Parsed(_mask_out(text, lost), lost, "intake.id-lost-digits", cleaned=cleaned)


_SPACES = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")


def parse_text(array: pa.Array) -> Parsed:
    return Parsed(clean_text(array), none_bad(len(array)))


def parse_money(array: pa.Array, header: Header) -> Parsed:
    """Amounts in 分. Text may carry commas, ￥, 元, full-width digits, brackets or （负）; a lone dash is zero."""
    unit = terms.UNITS.get(header.unit, 100)
    if not pa.types.is_floating(array.type):
        return _money_text(array, unit)
    numbers = array.to_numpy(zero_copy_only=False).astype(float)
    cents, sub_cent, bad = _cents(numbers, unit, lambda index: Decimal(repr(float(numbers[index]))))
    return Parsed(
        pa.array(cents, pa.int64(), mask=np.isnan(numbers) | bad), bad, "intake.amount-bad", sub_cent=sub_cent
    )


def parse_product(first: pa.Array, second: pa.Array) -> Parsed:
    """Quantity × price in 分: exact in decimals, rounded once; blank where either is."""
    texts = [numeric_text(clean_text(array)) for array in (first, second)]
    good = [_bools(pc.match_substring_regex(text, _NUMBER)) for text in texts]
    bad = np.zeros(len(first), dtype=bool)
    for text, fine in zip(texts, good, strict=True):
        bad |= _bools(pc.is_valid(text)) & ~fine
    both = pa.array(good[0] & good[1])
    one, other = (
        pc.cast(pc.if_else(both, text, pa.scalar(None, pa.string())), pa.float64()).to_numpy(zero_copy_only=False)
        for text in texts
    )
    cents, sub_cent, too_big = _cents(
        one * other, 100, lambda index: Decimal(texts[0][index].as_py()) * Decimal(texts[1][index].as_py())
    )
    bad |= too_big
    return Parsed(
        pa.array(cents, pa.int64(), mask=np.isnan(one) | np.isnan(other) | bad),
        bad,
        "intake.amount-bad",
        sub_cent=sub_cent,
    )


def _money_text(array: pa.Array, unit: int) -> Parsed:
    raw = clean_text(array)
    text = numeric_text(raw)
    good = _bools(pc.match_substring_regex(text, _NUMBER))
    bad = ~good & _bools(pc.is_valid(raw))
    numbers = pc.cast(pc.if_else(pa.array(good), text, pa.scalar(None, pa.string())), pa.float64()).to_numpy(
        zero_copy_only=False
    )
    cents, sub_cent, out_of_range = _cents(numbers, unit, lambda index: Decimal(text[int(index)].as_py()))
    bad |= out_of_range
    empty = np.isnan(numbers)
    for row in np.flatnonzero(bad & empty):
        own = _with_unit(raw[int(row)].as_py())
        if own is not None and abs(own) < 9e18:
            cents[row] = int(own.quantize(Decimal(1), rounding=ROUND_HALF_UP))
            sub_cent += int(own != int(cents[row]))
            bad[row] = empty[row] = False
    return Parsed(pa.array(cents, pa.int64(), mask=empty | bad), bad, "intake.amount-bad", sub_cent=sub_cent)


_UNIT = re.compile(r"([^万亿千百]+)(百万|百|千|万|亿)元?")


def _with_unit(text: str) -> Decimal | None:
    """分 of an amount that bears its own unit, whatever the header says: 1.2万元, 3亿; ``None`` where it is none."""
    found = _UNIT.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    number = _numeric(found[1]) if found else None
    if found is None or number is None or not re.fullmatch(_NUMBER, number):
        return None
    return Decimal(number) * terms.UNITS[found[2] + "元"]


def _cents(
    numbers: npt.NDArray[np.float64], unit: int, exact: Callable[[int], Decimal]
) -> tuple[npt.NDArray[np.int64], int, Mask]:
    """Doubles in the header's unit → 分. Where the product is no whole 分 the exact decimal is rounded half away from zero."""
    scaled = numbers * unit
    with np.errstate(invalid="ignore"):
        nearest = np.rint(scaled)
        too_big = ~np.isfinite(scaled) & ~np.isnan(numbers) | (np.abs(scaled) > 9e18)
        unsure = (np.abs(scaled - nearest) > np.maximum(np.abs(scaled) * 1e-15, 1e-9)) | (np.abs(scaled) > 4e15)
    cents = np.where(np.isnan(numbers) | too_big, 0, nearest).astype("int64")
    sub_cent = 0
    for index in np.flatnonzero(unsure & ~too_big & ~np.isnan(numbers)):
        value = exact(int(index)) * unit
        rounded = value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        cents[index] = int(rounded)
        sub_cent += int(rounded != value)
    return cents, sub_cent, too_big


def numeric_text(text: pa.Array) -> pa.Array:
    """1,234.50元 → 1234.50, (12) → -12, （负）12 → -12, - → 0; what is not a number stays what it is."""
    plain = _bools(pc.match_substring_regex(text, _NUMBER))
    if plain.all():
        return text
    odd = ~plain
    return pc.if_else(
        pa.array(odd),
        pa.array(
            [_numeric(value) if flag else None for value, flag in zip(text.to_pylist(), odd, strict=True)], pa.string()
        ),
        text,
    )


def _numeric(value: str | None) -> str | None:
    if value is None:
        return None
    text = re.sub(r"[\s,￥¥$]|人民币", "", unicodedata.normalize("NFKC", value)).removesuffix("元")
    if text in ("-", "--", "—", "－"):
        return "0"
    if text.startswith(("(负)", "负")):
        text = "-" + text.removeprefix("(负)").removeprefix("负")
    elif text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    elif text.endswith("-") and text[:-1].replace(".", "").isdigit():
        text = "-" + text[:-1]
    return text


def number_hint(value: str) -> str:
    """What keeps a text from being a number, where it can be told."""
    for letter, told in _LETTERS.items():
        if letter in value and re.search(r"\d", value):
            return f"，里面有{told}"
    return ""


def parse_date(array: pa.Array, epoch: int = 0) -> Parsed:
    """Days since 1970 from true dates, 20260131, 2026/1/31, 2026年1月31日 and serial numbers; 00000000 and 99991231 are none."""
    if pa.types.is_timestamp(array.type) or pa.types.is_date(array.type):
        days = (
            array.cast(pa.date32())
            if pa.types.is_date(array.type)
            else pc.floor_temporal(array, unit="day").cast(pa.date32())
        )
        numbers = days.cast(pa.int32())
        strange = _bools(pc.or_(pc.less(numbers, -36525), pc.greater(numbers, 47482)))
        if not strange.any():
            return Parsed(numbers, none_bad(len(array)))
        # A bare number in a column of dates was taken for a serial number: 20260131 became the year 57370.
        serials = [None if value is None else value + 25569 for value in numbers.to_pylist()]
        return _by_value(
            pa.array(serials, pa.float64()).cast(pa.float64()), _date_of_number, pa.int32(), "intake.date-bad"
        )
    if pa.types.is_floating(array.type):
        return _by_value(array, functools.partial(_date_of_number, epoch=epoch), pa.int32(), "intake.date-bad")
    return _by_value(clean_text(array), functools.partial(date_of_text, epoch=epoch), pa.int32(), "intake.date-bad")


_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\s*\d{1,2}:\d{2}.*)?$")


def date_of_text(text: str, epoch: int = 0) -> int | None:
    """A day, ``None`` for a word that means no date. Raises ``ValueError``."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text in terms.NO_DATE_WORDS:
        return None
    match = _DATE.match(text)
    if match:
        year, month, day = (int(group) for group in match.groups())
        return None if year >= 9999 else day_of(date(year, month, day))
    if re.fullmatch(r"\d{8}(\d{6})?", text):
        return None if text.startswith("9999") else day_of(date(int(text[:4]), int(text[4:6]), int(text[6:8])))
    if re.fullmatch(r"\d{4,5}(\.\d+)?", text):
        return _date_of_number(float(text), epoch)
    raise ValueError(text)


def _date_of_number(value: float, epoch: int = 0) -> int | None:
    """20260131 is a date as digits, 46053 a serial number: of the 1900 system, or of one that begins ``epoch`` days later.

    Serial numbers count from 1910; a bare year is no date.
    """
    if value in (0, 99991231):
        return None
    whole = int(value)
    if 18_000_000 <= whole <= 99_991_231 and whole == value:
        return None if whole >= 99_990_000 else day_of(date(whole // 10_000, whole // 100 % 100, whole % 100))
    if 3_660 <= value + epoch < 80_000 and not 1_900 <= value <= 2_100 and value != 9_999:
        return whole - 25_569 + epoch
    raise ValueError(value)


def parse_time(array: pa.Array) -> Parsed:
    """Times sort as text: 9:05 → 09:05:00, 90500 → 09:05:00; what cannot be read is kept as it stands."""

    def tidy(text: str) -> str:
        digits = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?", text)
        if digits:
            return f"{int(digits[1]):02d}:{digits[2]}:{digits[3] or '00'}"
        return (
            f"{text.zfill(6)[:2]}:{text.zfill(6)[2:4]}:{text.zfill(6)[4:6]}" if re.fullmatch(r"\d{5,6}", text) else text
        )

    if pa.types.is_timestamp(array.type):
        return Parsed(pc.strftime(array, format="%H:%M:%S").cast(pa.string()), none_bad(len(array)))
    return _by_value(clean_text(array), tidy, pa.string(), "intake.date-bad")


def parse_code(array: pa.Array, column: Column) -> Parsed:
    """A word of a closed list as its code. A strict column refuses others; elsewhere they are told and left empty."""
    unknown: dict[str, int] = {}
    folded = {key.casefold(): code for key, code in column.codes.items()}

    def code(text: str) -> str | None:
        found = folded.get(unicodedata.normalize("NFKC", text).strip().casefold())
        if found is None:
            if column.strict:
                raise ValueError(text)
            unknown[text] = 0
        return found

    text = clean_text(array)
    parsed = _by_value(text, code, pa.string(), "intake.code-bad")
    parsed.facts = {"choices": "、".join(list(column.codes)[:6])}
    if unknown:
        counts = {row["values"]: row["counts"] for row in pc.value_counts(text).to_pylist()}
        parsed.unknown = {value: counts.get(value, 0) for value in unknown}
    return parsed


_YES = {"是", "1", "y", "yes", "true", "t", "有", "√"}
_NO = {"否", "0", "n", "no", "false", "f", "无", "×"}


def parse_flag(array: pa.Array) -> Parsed:
    unknown: dict[str, int] = {}

    def flag(text: str) -> bool | None:
        word = unicodedata.normalize("NFKC", text).casefold()
        if word in _YES or word in _NO:
            return word in _YES
        unknown[text] = 1
        return None

    parsed = _by_value(clean_text(array), flag, pa.bool_(), "intake.code-bad")
    parsed.unknown, parsed.facts = unknown, {"choices": "是、否"}
    return parsed


def parse_count(array: pa.Array) -> Parsed:
    """Whole numbers: days, households."""

    def count(text: str) -> int:
        number = Decimal((_numeric(text) or "").rstrip("天户笔人个次"))
        if number != number.to_integral_value() or abs(number) > 2**31:
            raise ValueError(text)
        return int(number)

    return _by_value(clean_text(array), count, pa.int64(), "intake.number-bad")


def parse_decimal(array: pa.Array) -> Parsed:
    """Exact decimal text; 30% is 0.3."""

    def number(text: str) -> str:
        plain = _numeric(text) or ""
        value = Decimal(plain[:-1]) / 100 if plain.endswith("%") else Decimal(plain)
        if not value.is_finite():
            raise ValueError(text)
        return format(value, "f")

    return _by_value(clean_text(array), number, pa.string(), "intake.number-bad")


def parse_rate(array: pa.Array, header: Header) -> Parsed:
    """Millionths a year. 3.85 in a column whose values are all above 1 is read as per cent, and that is told."""
    yearly = 12 if "月利率" in header.name else 1

    def rate(text: str) -> Decimal:
        plain = _numeric(text) or ""
        for sign, unit in terms.RATE_UNITS.items():
            if plain.endswith(sign):
                return Decimal(plain.removesuffix(sign)) * unit * yearly / 1_000_000
        return Decimal(plain)

    text = clean_text(array)
    try:
        values = [rate(value) for value in text.unique().to_pylist() if value is not None and re.search(r"\d", value)]
    except (InvalidOperation, ValueError):
        values = []
    unit = terms.RATE_UNITS.get(header.unit, 1_000_000)
    guessed = not header.unit and bool(values) and min((value for value in values if value > 0), default=Decimal(0)) > 1
    if guessed:
        unit = 10_000

    def millionths(cell: str) -> int:
        if cell.endswith(tuple(terms.RATE_UNITS)):
            return int((rate(cell) * 1_000_000).to_integral_value(ROUND_HALF_UP))
        return int((rate(cell) * unit * yearly).to_integral_value(ROUND_HALF_UP))

    parsed = _by_value(text, millionths, pa.int64(), "intake.number-bad")
    parsed.percent_guessed = guessed
    return parsed


def _by_value(array: pa.Array, convert: Callable[..., object], kind: pa.DataType, why: str) -> Parsed:
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
    bad = _bools(pa.array(refused, pa.bool_()).take(indices)) if any(refused) else none_bad(len(array))
    return Parsed(taken, bad, why)


def _bools(array: pa.Array | pa.ChunkedArray) -> Mask:
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False), dtype=bool)


def _mask_out(values: pa.Array, mask: Mask) -> pa.Array:
    return pc.if_else(pa.array(mask), pa.scalar(None, values.type), values) if mask.any() else values


def parse(array: pa.Array, column: Column, header: Header, epoch: int = 0) -> Parsed:
    """A column of cells as the canonical column. ``epoch``: days by which the workbook's serial dates begin later than 1900's."""
    match column.kind:
        case "id":
            return parse_id(array)
        case "money":
            return parse_money(array, header)
        case "date":
            return parse_date(array, epoch)
        case "time":
            return parse_time(array)
        case "code":
            return parse_code(array, column)
        case "flag":
            return parse_flag(array)
        case "count":
            return parse_count(array)
        case "decimal":
            return parse_decimal(array)
        case "rate":
            return parse_rate(array, header)
        case _:
            return parse_text(array)

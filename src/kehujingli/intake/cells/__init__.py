"""What does a cell say? Columns of cells as Arrow arrays → canonical values, with a reason for every cell that has none.

One function for each kind of column: identifiers, codes, flags, counts, rates (millionths), exact decimals, text;
amounts and dates have rooms of their own.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from decimal import Decimal, InvalidOperation

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.cells.amounts import parse_money, parted, plain_number
from kehujingli.intake.cells.columns import Mask, Parsed, as_text, bools, by_value, clean_text, mask_out, none_bad
from kehujingli.intake.cells.dates import parse_date, parse_time
from kehujingli.intake.sheets.headers import Header
from kehujingli.terms import Column
from kehujingli.values import nearest

_ODD = r"[^\x{21}-\x{7e}\x{2e80}-\x{9fff}\x{3000}-\x{303f}]|^'|\x{3000}"
_PLAIN_ID = r"^[0-9A-DF-Za-df-z_-]+$"
"""An identifier with nothing to clean and no E that could be a notation: one look is enough for most columns."""


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
        return Parsed(mask_out(values, lost), lost, "intake.id-lost-digits")
    if bool(pc.all(pc.fill_null(pc.match_substring_regex(as_text(array), _PLAIN_ID), True)).as_py()):
        return _without_nothing(as_text(array))
    text = clean_text(array)
    odd = pc.fill_null(pc.match_substring_regex(text, _ODD), False)
    if pc.any(odd).as_py():
        fixed = [
            None if value is None else _SPACES.sub("", unicodedata.normalize("NFKC", value)) or None
            for value in text.to_pylist()
        ]
        text = pa.array(fixed, pa.string())
    text, floated = _whole_numbers(text)
    errors = bools(pc.is_in(text, pa.array(terms.CELL_ERRORS)))
    if errors.any():
        return Parsed(mask_out(text, errors), errors, "intake.cell-error")
    lost = floated | bools(pc.match_substring_regex(text, r"^\d(\.\d+)?[eE]\+?\d+$"))
    cleaned = pc.sum(pc.not_equal(as_text(array), text)).as_py() or 0
    return Parsed(mask_out(text, lost), lost, "intake.id-lost-digits", cleaned=cleaned)


def _whole_numbers(text: pa.Array) -> tuple[pa.Array, Mask]:
    """800000001.0 is the number 800000001 that went through another program; and which of them had lost digits there."""
    dotted = pc.match_substring_regex(text, r"\.")
    if not pc.any(dotted).as_py():
        return text, none_bad(len(text))
    floats = pc.match_substring_regex(text, r"^\d+\.0$")
    if pc.any(pc.and_not(dotted, floats)).as_py():
        return text, none_bad(len(text))
    whole = pc.replace_substring_regex(text, r"\.0$", "")
    return whole, bools(pc.and_(floats, pc.greater_equal(pc.utf8_length(whole), 16)))


_SPACES = re.compile(r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")


def _without_nothing(text: pa.Array) -> Parsed:
    """Plain identifiers, of which NULL and None are none."""
    nothing = pc.is_in(text, pa.array([word for word in terms.NOTHING_WORDS if word.isalpha()]))
    values = pc.if_else(nothing, pa.scalar(None, pa.string()), text) if pc.any(nothing).as_py() else text
    return Parsed(values, none_bad(len(text)), "intake.id-lost-digits")


def parse_text(array: pa.Array) -> Parsed:
    return Parsed(clean_text(array), none_bad(len(array)))


def choices(column: Column) -> list[str]:
    """The usual word of each code: it stands first among those that mean it."""
    usual: dict[str, str] = {}
    for word, code in column.codes.items():
        usual.setdefault(code, word)
    return list(usual.values())


def parse_code(array: pa.Array, column: Column) -> Parsed:
    """A word of a closed list as its code. A strict column refuses others; elsewhere they are told and left empty."""
    unknown: dict[str, int] = {}
    folded = {_folded(key): code for key, code in column.codes.items()}

    def code(text: str) -> str | None:
        word = _folded(text)
        found = folded.get(word, folded.get(_ordered(word)))
        if found is None:
            if column.strict:
                raise ValueError(text)
            unknown[text] = 0
        return found

    text = clean_text(array)
    if column.codes.get("D") == "debit" and bool(pc.any(pc.is_in(text, pa.array(["J", "j"]))).as_py()):
        folded |= {"j": "debit", "d": "credit"}  # 借 and 贷 by their sound: D is no debit beside J
    parsed = by_value(text, code, pa.string(), "intake.code-bad")
    parsed.facts = {"choices": "、".join(choices(column))}
    if unknown:
        counts = {row["values"]: row["counts"] for row in pc.value_counts(text).to_pylist()}
        parsed.unknown = {value: counts.get(value, 0) for value in unknown}
    return parsed


def _folded(text: str) -> str:
    """A word as it is looked up: 借 方 is 借方."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


_ORDER = re.compile(r"\W*[0-9a-z]{1,4}\W*([\u4e00-\u9fff].*?)|([\u4e00-\u9fff].*?)\W*[0-9a-z]{1,4}\W*")


def _ordered(word: str) -> str:
    """The word of 30-次级, [03]次级, 次级(3): a dictionary's code before or behind it."""
    found = _ORDER.fullmatch(word)
    return (found[1] or found[2]) if found else ""


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

    parsed = by_value(clean_text(array), flag, pa.bool_(), "intake.code-bad")
    parsed.unknown, parsed.facts = unknown, {"choices": "是、否"}
    return parsed


def parse_count(array: pa.Array) -> Parsed:
    """Whole numbers: days, households."""

    def count(text: str) -> int:
        number = Decimal((plain_number(text) or "").rstrip("天户笔人个次"))
        if number != number.to_integral_value() or abs(number) > 2**31:
            raise ValueError(text)
        return int(number)

    return by_value(clean_text(array), count, pa.int64(), "intake.number-bad")


def parse_decimal(
    array: pa.Array, *, bears_unit: bool = False, percent: bool = False, bears_percent: bool = False
) -> Parsed:
    """Exact decimal text; 30% is 0.3, and so is 30 where the header says ``percent``. Where a number ``bears_unit``, 100万元 is 100 and the unit 万元
    beside; where it ``bears_percent``, 1.85% is 1.85 and the unit % beside."""
    text = clean_text(array)
    if bears_percent and bool(pc.any(pc.match_substring_regex(text, "[%％]$")).as_py()):
        number_of = by_value(text, lambda cell: cell.rstrip("%％"), pa.string(), "").values
        unit_of = by_value(text, lambda cell: "%" if cell[-1:] in "%％" else None, pa.string(), "").values
        return dataclasses.replace(parse_decimal(number_of), units=unit_of)
    if bears_unit and bool(pc.any(pc.match_substring_regex(text, "[元万亿千百]")).as_py()):
        number_of = by_value(text, lambda cell: parted(cell)[0], pa.string(), "").values
        unit_of = by_value(text, lambda cell: parted(cell)[1] or None, pa.string(), "").values
        return dataclasses.replace(parse_decimal(number_of, percent=percent), units=unit_of)

    def number(text: str) -> str:
        plain = plain_number(text) or ""
        value = Decimal(plain.removesuffix("%"))
        if percent or plain.endswith("%"):
            value /= 100
        if not value.is_finite():
            raise ValueError(text)
        return format(value, "f")

    return by_value(text, number, pa.string(), "intake.number-bad")


_ANY_RATE = (500, 360_000)
"""Millionths between which the greatest rate of a column lies, whatever it is of.

These bounds, and the narrower ones in ``terms``, tell in which unit a file was written, as a plausible year tells a date from
a number. They stand in no rules: a file is read once, for all periods and whatever rules hold in them, and they change no rate
that says its unit. Where they decide, or keep from deciding, the finding gives them.
"""


def parse_rate(array: pa.Array, header: Header, plausible: tuple[int, int] = _ANY_RATE) -> Parsed:
    """Millionths a year. Where neither header nor cell says the unit it is the only one in which the column's greatest rate can be.

    Where two units fit, or none, or the header's does not, the bare numbers are not used, and it is told.
    """
    monthly = "月利率" in header.name
    yearly = 12 if monthly else 1

    def own(text: str) -> int | None:
        """Millionths of a rate that says its unit itself."""
        plain = plain_number(text) or ""
        for sign, worth in terms.RATE_UNITS.items():
            if plain.endswith(sign):
                return nearest(Decimal(plain.removesuffix(sign)) * worth * yearly)
        return None

    text = clean_text(array)
    bare = [value for value in text.unique().to_pylist() if value is not None and not value.endswith(_RATE_SIGNS)]
    unit, told = _rate_unit(header, bare, yearly, plausible)

    def millionths(cell: str) -> int | None:
        said = own(cell)
        if said is not None:
            return said
        number = Decimal(plain_number(cell) or "")
        return nearest(number * unit * yearly) if unit else None

    parsed = by_value(text, millionths, pa.int64(), "intake.number-bad")
    parsed.percent_guessed = not header.unit and unit == terms.RATE_UNITS["%"]
    parsed.told += told
    return parsed


_RATE_SIGNS = tuple(terms.RATE_UNITS)


def _rate_unit(
    header: Header, bare: list[str], yearly: int, plausible: tuple[int, int]
) -> tuple[int, list[tuple[str, dict[str, object]]]]:
    """The unit of a column's bare numbers in millionths, 0 where it cannot be told, and what is told of it."""
    numbers = []
    for value in bare:
        try:
            numbers.append(Decimal(plain_number(value) or ""))
        except InvalidOperation:
            continue
    greatest = max((number for number in numbers if number.is_finite()), default=Decimal(0)) * yearly
    least, most = plausible
    said = terms.RATE_UNITS.get(header.unit)
    if greatest <= 0:
        return said or 1_000_000, []
    shown = f"{max(numbers):f}"
    bounds = f"一列里最高的年利率应在 {_percent(least)} 至 {_percent(most)} 之间"
    if said:
        fits = least <= greatest * said * 2 and greatest * said <= most
        return (
            (said, []) if fits else (0, [("intake.rate-odd", {"value": shown, "unit": header.unit, "bounds": bounds})])
        )
    units = {1_000_000: "小数", terms.RATE_UNITS["%"]: "%"} | ({terms.RATE_UNITS["‰"]: "‰"} if yearly > 1 else {})
    fitting = [unit for unit in units if least <= greatest * unit <= most]
    if len(fitting) != 1:
        return 0, [("intake.rate-unclear", {"value": shown, "bounds": bounds})]
    monthly: list[tuple[str, dict[str, object]]] = [("intake.rate-permille", {})] if units[fitting[0]] == "‰" else []
    return fitting[0], monthly


def _percent(millionths: int) -> str:
    return f"{Decimal(millionths) / 10_000:f}%"


def parse(array: pa.Array, column: Column, header: Header, epoch: int = 0) -> Parsed:
    """A column of cells as the canonical column. ``epoch``: days by which the workbook's serial dates begin later than 1900's."""
    match column.kind:
        case "id":
            return parse_id(array)
        case "money":
            return parse_money(array, header, event=column.event, credit=column.least is None)
        case "date":
            return parse_date(array, epoch, event=column.event)
        case "time":
            return parse_time(array)
        case "code":
            return parse_code(array, column)
        case "flag":
            return parse_flag(array)
        case "count":
            return parse_count(array)
        case "decimal":
            percent = header.unit == "%" and not column.bears_percent
            return parse_decimal(
                array, bears_unit=column.bears_unit, percent=percent, bears_percent=column.bears_percent
            )
        case "rate":
            return parse_rate(array, header, column.plausible or _ANY_RATE)
        case _:
            return parse_text(array)

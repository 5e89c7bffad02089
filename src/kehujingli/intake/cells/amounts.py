"""How much is it? Amounts in 分 from numbers and from texts with commas, ￥, brackets or a unit of their own; exact, rounded once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.cells.columns import Mask, Parsed, bools, clean_text, none_bad
from kehujingli.intake.sheets.headers import Header
from kehujingli.values import nearest as whole
from kehujingli.values import ungrouped

_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_DASHES = ("-", "--", "—", "－")
_FOREIGN = "(?i)[＄￡]|" + "|".join(map(re.escape, terms.FOREIGN_SIGNS))
_LETTERS = {"O": "字母 O", "o": "字母 o", "l": "字母 l", "I": "字母 I"}


def parse_money(array: pa.Array, header: Header, *, event: bool = False, credit: bool = True) -> Parsed:
    """Amounts in 分. Text may carry commas, ￥, 元, full-width digits, brackets or （负）; a lone dash is zero, of an ``event`` no amount.

    100.00CR is 100 where money of the customer's is meant (``credit``); DR is another side and none.
    """
    unit = terms.UNITS.get(header.unit, 100)
    if not pa.types.is_floating(array.type):
        return _money_text(array, unit, event, credit)
    numbers = array.to_numpy(zero_copy_only=False).astype(float)
    cents, sub_cent, bad = _cents(numbers, unit, lambda index: Decimal(repr(float(numbers[index]))))
    return Parsed(
        pa.array(cents, pa.int64(), mask=np.isnan(numbers) | bad), bad, "intake.amount-bad", sub_cent=sub_cent
    )


def parse_product(first: pa.Array, second: pa.Array) -> Parsed:
    """Quantity × price in 分: exact in decimals, rounded once; blank where either is."""
    one, other = _Factor(first), _Factor(second)
    cents, sub_cent, too_big = _cents(
        one.numbers * other.numbers, 100, lambda index: Decimal(one.text(index)) * Decimal(other.text(index))
    )
    bad = one.bad | other.bad | too_big
    empty = np.isnan(one.numbers) | np.isnan(other.numbers)
    return Parsed(pa.array(cents, pa.int64(), mask=empty | bad), bad, "intake.amount-bad", sub_cent=sub_cent)


class _Factor:
    """One side of a product; quantities and prices repeat, so each different one is read once."""

    def __init__(self, array: pa.Array) -> None:
        encoded = array.dictionary_encode()
        self._texts, good = numeric_text(clean_text(encoded.dictionary))
        self._indices = encoded.indices
        self.numbers = _floats(self._texts, good).take(self._indices).to_numpy(zero_copy_only=False)
        self.bad = bools(pa.array(bools(pc.is_valid(self._texts)) & ~good).take(self._indices))

    def text(self, row: int) -> str:
        return str(self._texts[self._indices[row].as_py()])


def _money_text(array: pa.Array, unit: int, event: bool, credit: bool) -> Parsed:
    raw = clean_text(array)
    if credit and bool(pc.any(pc.match_substring_regex(raw, "CR|贷")).as_py()):
        raw = pc.replace_substring_regex(raw, _CREDIT, r"\1\2")
    text, good = numeric_text(raw)
    bad = ~good & bools(pc.is_valid(raw))
    numbers = _floats(text, good).to_numpy(zero_copy_only=False)

    def exact(index: int) -> Decimal:
        return Decimal(text[index].as_py())

    yuan = bools(pc.match_substring_regex(raw, _YUAN)) if unit != terms.UNITS["元"] else none_bad(len(raw))
    cents, sub_cent, out_of_range = _cents(np.where(yuan, np.nan, numbers), unit, exact)
    if yuan.any():  # 50000元 is what it says, in a column of 万元 too
        own, less, beyond = _cents(np.where(yuan, numbers, np.nan), terms.UNITS["元"], exact)
        cents, sub_cent, out_of_range = cents + own, sub_cent + less, out_of_range | beyond
    bad |= out_of_range
    empty = np.isnan(numbers)
    rows = np.flatnonzero(bad & empty)
    encoded = raw.take(pa.array(rows)).dictionary_encode()
    borne = [_with_unit(value) for value in encoded.dictionary.to_pylist()]
    for row, index in zip(rows, encoded.indices.to_pylist(), strict=True):
        amount = borne[index]
        if amount is not None and abs(amount) < 9e18:
            cents[row] = whole(amount)
            sub_cent += int(amount != int(cents[row]))
            bad[row] = empty[row] = False
    if event:
        bad |= bools(pc.is_in(raw, pa.array(_DASHES)))
    foreign = None
    if bad.any():
        foreign = none_bad(len(raw))
        foreign[bad] = bools(pc.match_substring_regex(raw.filter(pa.array(bad)), _FOREIGN))
    return Parsed(
        pa.array(cents, pa.int64(), mask=empty | bad), bad, "intake.amount-bad", sub_cent=sub_cent, foreign=foreign
    )


def _floats(text: pa.Array, good: Mask) -> pa.Array:
    return pc.cast(pc.if_else(pa.array(good), text, pa.scalar(None, pa.string())), pa.float64())


_CREDIT = r"^(?:(\d[\d,.]*)\s*(?:CR|贷)|贷[:：]?\s*(\d[\d,.]*))$"
_YUAN = r"元整?\s*$"
_BARE_YUAN = re.compile(r"([^万亿千百元]+)(元)整?")
_UNIT = re.compile(r"([^万亿千百元]+)(百万|百|千|万|亿)(?:元整?)?")


def _with_unit(text: str) -> Decimal | None:
    """分 of an amount that bears its own unit, whatever the header says: 1.2万元, 3亿; ``None`` where it is none."""
    number, unit = parted(text)
    return Decimal(number) * terms.UNITS[unit] if unit else None


def parted(text: str) -> tuple[str, str]:
    """1.2万元 as 1.2 and 万元, 3亿 as 3 and 亿元, 5元 as 5 and 元; a text that is no such amount, and no unit."""
    tight = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = _UNIT.fullmatch(tight) or _BARE_YUAN.fullmatch(tight)
    number = plain_number(found[1]) if found else None
    if found is None or number is None or not re.fullmatch(_NUMBER, number):
        return text, ""
    return number, found[2].removesuffix("元") + "元"


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
        cents[index] = whole(value)
        sub_cent += int(int(cents[index]) != value)
    return cents, sub_cent, too_big


def beyond_cents(array: pa.Array) -> tuple[int, int, str]:
    """Of bare numbers that are not nought how many there are, how many have a figure behind the 分 that is no noise of a double, and one of these."""
    texts, good = numeric_text(clean_text(array))
    numbers = [Decimal(text) for text in texts.filter(pa.array(good)).to_pylist()]
    fine = [number for number in numbers if abs(number * 100 - whole(number * 100)) > _NOISE]
    return sum(map(bool, numbers)), len(fine), f"{fine[0]:f}" if fine else ""


_NOISE = Decimal("0.01")


def numeric_text(text: pa.Array) -> tuple[pa.Array, Mask]:
    """1,234.50元 → 1234.50, (12) → -12, （负）12 → -12, - → 0; what is not a number stays what it is. And which are numbers."""
    good = bools(pc.match_substring_regex(text, _NUMBER))
    odd = ~good & bools(pc.is_valid(text))
    if not odd.any():
        return text, good
    put = pa.array([plain_number(value) for value in text.filter(pa.array(odd)).to_pylist()], pa.string())
    good[odd] = bools(pc.match_substring_regex(put, _NUMBER))
    return pc.replace_with_mask(text, pa.array(odd), put), good


def plain_number(value: str | None) -> str | None:
    if value is None:
        return None
    if _PARTED.search(value) or _NUMERALS.search(value):
        return value  # two numbers in a cell, or ② and ²: no amount
    text = re.sub(_RENMINBI, "", unicodedata.normalize("NFKC", value)).removesuffix("元整").removesuffix("元")
    text = ungrouped(text.replace("\u2212", "-"))  # the minus of typesetting
    if text in _DASHES:
        return "0"
    if text.startswith(("(负)", "负")):
        text = "-" + text.removeprefix("(负)").removeprefix("负")
    elif text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    elif text.endswith("-") and text[:-1].replace(".", "").isdigit():
        text = "-" + text[:-1]
    return text


_RENMINBI = re.compile(r"[\s￥¥]|人民币|(?<![A-Z])(?:CNY|RMB)(?![A-Z])", re.IGNORECASE)
_PARTED = re.compile(r"\d\s+(?!\d{3}(?!\d))\d|\d{4,}\s+\d|\d[\r\n\t]+\s*\d|\.\d+\s+\d")
"""Blanks between digits that part no groups of three."""
_NUMERALS = re.compile(
    "[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2150-\u218b\u2460-\u24ff\u2776-\u2793\u3220-\u325f\u3280-\u32bf]"
)


def number_hint(value: str) -> str:
    """What keeps a text from being a number, where it can be told."""
    if re.fullmatch(r"[\d,.]+\s*(CR|DR)", value.strip()):
        return "，CR、DR 是贷方和借方，请改成带正负号的数"
    if re.fullmatch(r"[借贷][:：]?\s*[\d,.]+|[\d,.]+\s*[借贷]", value.strip()):
        return "，借、贷是方向，请改成带正负号的数，或另设“余额方向”一列"
    for letter, told in _LETTERS.items():
        if letter in value and re.search(r"\d", value):
            return f"，里面有{told}"
    if "," in unicodedata.normalize("NFKC", value) and "," in (plain_number(value) or ""):
        return "，逗号不在千分位上"
    if _PARTED.search(value):
        return "，一格里有几个数"
    if value.strip() in _DASHES:
        return "，一笔交易不能没有金额"
    return ""

"""Is this a real number of a person or an organisation? Check digits of resident ids (GB 11643) and unified social credit codes (GB 32100)."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_RESIDENT = re.compile(r"[1-8]\d{16}[\dX]")
_OLD = re.compile(r"[1-8]\d{14}")
"""Fifteen digits until 1999: two digits of the year, no check digit."""
_CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT = re.compile(f"[1-9A-Y][{_CREDIT_DIGITS}](?!000000)\\d{{6}}[{_CREDIT_DIGITS}]{{10}}")
"""No register is 0 and no region 000000: a row of noughts has a right check character and is nobody's number."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_LOOKS = r"^[1-8]\d{5}(18|19|20)\d{2}(0\d|1[0-2])[0-3]\d{4}[\dXx]$"


def check_digit(stem: str) -> str:
    """The eighteenth digit of a resident id by its first seventeen."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(stem, _WEIGHTS, strict=True)) % 11]


def is_credit_code(text: str) -> bool:
    """Whether these eighteen characters are a unified social credit code with its right check character."""
    if not _CREDIT.fullmatch(text):
        return False
    total = sum(_CREDIT_DIGITS.index(char) * pow(3, place, 31) for place, char in enumerate(text[:17]))
    return _CREDIT_DIGITS[-total % 31] == text[17]


_ORGANISATION = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def organisation_code(text: str) -> str | None:
    """A 组织机构代码 of nine characters (GB 11714), its hyphen left out; ``None`` where its check character is not right."""
    text = text.strip().upper()
    if not _ORGANISATION.fullmatch(text):
        return None
    stem, check = text[:8], text[-1]
    if len(set(stem)) == 1:  # 00000000-0 fills a field that must not be empty
        return None
    values = (int(char, 36) for char in stem)
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return stem + check if "0123456789X0"[11 - total % 11] == check else None


def valid_number(text: str, *, person: bool = True) -> str | None:
    """The number as it is written today, ``None`` where it is not valid. Fifteen digits of a ``person`` become eighteen."""
    text = text.strip().upper()
    if _RESIDENT.fullmatch(text) and _is_day(text[6:14]) and check_digit(text[:17]) == text[17]:
        return text
    if is_credit_code(text):
        return text
    if person and _OLD.fullmatch(text) and _is_day("19" + text[6:12]):
        stem = f"{text[:6]}19{text[6:]}"
        return stem + check_digit(stem)
    return None


def _is_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= 1850
    except ValueError:
        return False


def wrong_check_digits(numbers: pa.Array) -> npt.NDArray[np.int64]:
    """Which of these look like an eighteen-digit resident id and are none: a wrong check digit, or a day that is not in the calendar."""
    like = pc.fill_null(pc.match_substring_regex(numbers, _LOOKS), False)
    rows = np.flatnonzero(like.to_numpy(zero_copy_only=False))
    if not len(rows):
        return rows
    texts = numbers.take(pa.array(rows)).to_pylist()
    signs = np.frombuffer("".join(texts).upper().encode("ascii"), dtype=np.uint8).reshape(-1, 18)
    checks = np.frombuffer(_CHECKS.encode("ascii"), dtype=np.uint8)
    sums = (signs[:, :17].astype("int64") - 48) @ np.array(_WEIGHTS)
    wrong = checks[sums % 11] != signs[:, 17]
    doubtful = np.flatnonzero(wrong | _strange_days(signs))
    return rows[[index for index in doubtful if not is_credit_code(texts[index].upper())]]


def _strange_days(signs: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Each different day is looked at once."""
    days = (signs[:, 6:14].astype("int64") - 48) @ (10 ** np.arange(7, -1, -1))
    different, where = np.unique(days, return_inverse=True)
    return np.array([not _is_day(f"{day:08d}") for day in different.tolist()])[where]

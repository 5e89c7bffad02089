"""Which day is it? True dates, 20260131, 2026/1/31, 2026年1月31日, 31-1月-26 and serial numbers as days since 1970; times as text that sorts."""

from __future__ import annotations

import functools
import re
import unicodedata
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.cells.columns import Parsed, bools, by_value, clean_text, is_text, mask_out, none_bad
from kehujingli.periods import PLAUSIBLE_YEARS, date_of, day_of

_FIRST, _LAST = day_of(date(PLAUSIBLE_YEARS[0], 1, 1)), day_of(date(PLAUSIBLE_YEARS[1], 12, 31))


def parse_date(array: pa.Array, epoch: int = 0, *, event: bool = False) -> Parsed:
    """Days since 1970 from true dates, 20260131, 2026/1/31, 2026年1月31日 and serial numbers; 00000000 and 99991231 are none.

    Of an ``event`` there is always a day, in a year that can be.
    """
    parsed = _days(array, epoch)
    _tell_day_first(array, parsed)
    _move_midnights(array, parsed)
    if event:
        if parsed.values.null_count:
            nothing = bools(pc.is_null(parsed.values)) & ~parsed.bad
            nothing[nothing] = bools(pc.is_valid(clean_text(array.filter(pa.array(nothing)))))
            parsed.bad = parsed.bad | nothing
        parsed.bad = parsed.bad | bools(pc.or_(pc.less(parsed.values, _FIRST), pc.greater(parsed.values, _LAST)))
        parsed.values, parsed.why = mask_out(parsed.values, parsed.bad), "intake.date-bad"
    return parsed


_LATE, _DAY = 85_800, 86_400
"""From 23:50 on a time that all rows share is midnight, kept by a program that is some minutes off: 23:54:17 is Shanghai's of 1900."""
_EARLY = 600
"""Until 00:10 it may be midnight likewise, kept by a program that is ahead."""
_UTC = 57_600
"""16:00, Beijing's midnight in Greenwich."""
_SUMMER, _SUMMERS = 82_800, (day_of(date(1986, 5, 3)), day_of(date(1991, 9, 14)))
"""23:00, midnight of a day in the years in which China had summer time, kept by a program that knows of it."""


def _tell_day_first(array: pa.Array, parsed: Parsed) -> None:
    """Days written 31-10月-26 are told: a database's own way, day first."""
    if is_text(array):
        rows = pc.match_substring_regex(pc.utf8_trim_whitespace(array), _DAY_FIRST)
        count = pc.sum(pc.and_(rows, pc.is_valid(parsed.values))).as_py() or 0
        if count:
            first = array.filter(pc.fill_null(rows, False))[0].as_py().strip()
            parsed.told.append(("intake.date-day-first", {"value": first, "count": count}))


def _move_midnights(array: pa.Array, parsed: Parsed) -> None:
    """Days whose midnight was kept in another time zone are the next day; it is told. A real time of day differs from row to row."""
    seconds = _seconds(array)
    if seconds is None:
        return
    if is_text(array):
        zoned = bools(pc.match_substring_regex(pc.utf8_trim_whitespace(array), _ZONE))
        if zoned.any():
            parsed.told.append(("intake.date-zone", {"count": int(zoned.sum())}))
    there = bools(pc.is_valid(parsed.values))
    times = set(seconds[there].tolist()) - {0}
    if len(times) > 1 and max(times) >= _LATE and all(time >= _LATE or time <= _EARLY for time in times):
        parsed.told.append(("intake.date-night", {"count": int((there & (seconds >= _LATE)).sum())}))
    if len(times) != 1:
        return
    (time,) = times
    moved = there & (seconds == time)
    said = f"{time // 3600:02d}:{time // 60 % 60:02d}:{time % 60:02d}"
    if time == _DAY - 1 and _month_ends(parsed.values.filter(pa.array(moved))):
        return
    if time >= _LATE or (time == _SUMMER and _in_summers(parsed.values.filter(pa.array(moved)))):
        parsed.values = pc.if_else(pa.array(moved), pc.add(parsed.values, pa.scalar(1, pa.int32())), parsed.values)
        parsed.told.append(("intake.date-midnight", {"time": said, "meant": "第二天", "count": int(moved.sum())}))
    elif time == _UTC and moved.sum() > 1:
        parsed.told.append(("intake.date-utc", {"count": int(moved.sum())}))


def _month_ends(days: pa.Array) -> bool:
    """The last second of months' last days is the end of these days, as a picture of a month's end says it."""
    return all((date_of(day) + timedelta(days=1)).day == 1 for day in days.unique().to_pylist())


def _in_summers(days: pa.Array) -> bool:
    first, last = _SUMMERS
    return bool(first <= pc.min(days).as_py() and pc.max(days).as_py() <= last)


def _seconds(array: pa.Array) -> npt.NDArray[np.int64] | None:
    """The second of the day in each cell; ``None`` where no cell has one."""
    if pa.types.is_timestamp(array.type):
        seconds = pc.subtract(
            array.cast(pa.timestamp("s"), safe=False), pc.floor_temporal(array, unit="day").cast(pa.timestamp("s"))
        ).cast(pa.int64())
        numbers: npt.NDArray[np.int64] = pc.fill_null(seconds, 0).to_numpy(zero_copy_only=False)
        return numbers if numbers.any() else None
    if pa.types.is_floating(array.type):
        serials = np.nan_to_num(array.to_numpy(zero_copy_only=False).astype(float))
        part = np.rint((serials - np.floor(serials)) * _DAY).astype("int64") % _DAY
        return part if part.any() else None
    if not is_text(array) or not bool(pc.any(pc.match_substring(array, ":")).as_py()):
        return None
    encoded = array.dictionary_encode()
    told = [0 if _ZONED.search(text) else _second(text) for text in encoded.dictionary.to_pylist()]
    every = pc.fill_null(encoded.indices, len(told)).to_numpy(zero_copy_only=False)
    second: npt.NDArray[np.int64] = np.array([*told, 0], dtype="int64")[every]
    return second


_TIME = re.compile(r"[ T](\d{1,2}):(\d{2})(?::(\d{2}))?")
_ZONE = r"\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$"
_ZONED = re.compile(_ZONE)


def _second(text: str) -> int:
    found = _TIME.search(text)
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0) if found else 0


def date_hint(value: str) -> str:
    """What keeps a text from being the day of an event, where it can be told."""
    try:
        day = date_of_text(value)
    except ValueError:
        return ""
    if day is None:
        return "，是“没有日期”的写法，这里要有发生的那一天"
    if not _FIRST <= day <= _LAST:
        return f"，年份不在 {PLAUSIBLE_YEARS[0]} 至 {PLAUSIBLE_YEARS[1]} 之间"
    return ""


def _days(array: pa.Array, epoch: int) -> Parsed:
    if pa.types.is_timestamp(array.type) or pa.types.is_date(array.type):
        days = (
            array.cast(pa.date32())
            if pa.types.is_date(array.type)
            else pc.floor_temporal(array, unit="day").cast(pa.date32())
        )
        numbers = days.cast(pa.int32())
        strange = bools(pc.or_(pc.less(numbers, -36525), pc.greater(numbers, 47482)))
        if not strange.any():
            return Parsed(numbers, none_bad(len(array)))
        # A bare number in a column of dates was taken for a serial number: 20260131 became the year 57370.
        serials = [None if value is None else value + 25569 for value in numbers.to_pylist()]
        return by_value(
            pa.array(serials, pa.float64()).cast(pa.float64()), _date_of_number, pa.int32(), "intake.date-bad"
        )
    if pa.types.is_floating(array.type):
        return by_value(array, functools.partial(_date_of_number, epoch=epoch), pa.int32(), "intake.date-bad")
    return by_value(clean_text(array), functools.partial(date_of_text, epoch=epoch), pa.int32(), "intake.date-bad")


_DATE = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]\s*(?:[上下]午\s*)?\d{1,2}:\d{2}.*|-\d{2}\.\d{2}\.\d{2}(?:\.\d+)?|\s*(?:星期|周)[一二三四五六日天]"
    r"|\s*(?:[01]?\d|2[0-3])[时点](?:[0-5]?\d分?(?:[0-5]?\d秒?)?)?)?$"
)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAY_FIRST = rf"(?i)^(\d{{1,2}})-(\d{{1,2}}月|{'|'.join(_MONTHS)})\s*-(\d{{2}}|\d{{4}})(?:\s+\d{{1,2}}[:.]\d{{2}}.*)?$"
_NAMED_MONTH = re.compile(_DAY_FIRST)


def date_of_text(text: str, epoch: int = 0) -> int | None:
    """A day, ``None`` for a word that means no date. Raises ``ValueError``."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text in terms.NO_DATE_WORDS:
        return None
    match = _DATE.match(text)
    if match:
        year, month, day = (int(group) for group in match.groups())
        return None if year >= 9999 else day_of(date(year, month, day)) + _beyond(text)
    named = _NAMED_MONTH.match(text)
    if named:
        return _of_named_month(named[1], named[2].upper(), named[3])
    if re.fullmatch(r"\d{8}(\d{6}(\d{3})?|[ T]+\d{6}|[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?", text):
        return None if text.startswith("9999") else day_of(date(int(text[:4]), int(text[4:6]), int(text[6:8])))
    if re.fullmatch(r"\d{4,5}(\.\d+)?", text):
        return _date_of_number(float(text), epoch)
    raise ValueError(text)


def _of_named_month(day: str, name: str, year: str) -> int | None:
    """31-10月-26 and 31-OCT-26; of a year of two digits the half century from 1950 on is the last one."""
    month = _MONTHS.index(name) + 1 if name in _MONTHS else int(name.removesuffix("月"))
    number = int(year) + (0 if len(year) == 4 else 1900 if int(year) >= 50 else 2000)
    return None if number >= 9999 else day_of(date(number, month, int(day)))


def _beyond(text: str) -> int:
    """Days by which it is later in Beijing than where the time of day was written: 16:00Z is midnight there."""
    zone = _ZONED.search(text)
    if zone is None:
        return 0
    hours = 0 if zone[1] == "Z" else int(f"{zone[1][0]}{zone[1][1:3]}")
    minutes = 0 if zone[1] == "Z" else int(f"{zone[1][0]}{zone[1][-2:]}")
    return (_second(text) + (8 - hours) * 3600 - minutes * 60) // _DAY


def _date_of_number(value: float, epoch: int = 0) -> int | None:
    """20260131 is a date as digits, 46053 a serial number: of the 1900 system, or of one that begins ``epoch`` days later.

    Serial numbers count from 1910; a bare year is no date.
    """
    if value in (0, 99991231, 2_958_465):  # the last is the serial number of 9999-12-31
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
        text = re.sub(r"^(?:1899-12-3[01]|1900-01-0[01])[ T]", "", text)  # a time of no day
        digits = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?", text)
        if digits:
            return f"{int(digits[1]):02d}:{digits[2]}:{digits[3] or '00'}"
        return (
            f"{text.zfill(6)[:2]}:{text.zfill(6)[2:4]}:{text.zfill(6)[4:6]}" if re.fullmatch(r"\d{5,6}", text) else text
        )

    if pa.types.is_timestamp(array.type):
        return Parsed(pc.strftime(array, format="%H:%M:%S").cast(pa.string()), none_bad(len(array)))
    return by_value(clean_text(array), tidy, pa.string(), "intake.date-bad")

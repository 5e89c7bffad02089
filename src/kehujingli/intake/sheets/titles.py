"""Of which day is a picture? What the titles above a table and the names of files tell, whoever printed it when."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from kehujingli import terms
from kehujingli.periods import PLAUSIBLE_YEARS, day_of, month_end, month_of

_FULL_DATE = re.compile(
    r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})|(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)"
)
_MONTH = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})(?!\d)\s*月?|(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(?!\d)")
_ANY_DATE = re.compile(f"{_FULL_DATE.pattern}|{_MONTH.pattern}")
_MADE = "|".join(terms.PREPARED)
_LABELS = re.compile(
    rf"(?P<stated>{'|'.join(terms.STATED)})|(?P<prepared>(?:{_MADE})\s*(?:日期|时间|日|于))|(?P<plain>日期|时间)"
)
_BY = re.compile(rf"(?:{_MADE})(?:人|员|单位|部门)?\s*[:：]\s*[^\d:：]{{0,12}}$")
"""制表：张三 2026年11月5日: the day is his."""
_PREPARED_BEHIND = re.compile(rf"[ 　]*(?:{_MADE})(?![ 　]*(?:日期|时间|日|人|员|单位|部门|[:：]))")
_TO = re.compile(r"\s*日?\s*(?:至|到|[-~～—–]+)\s*")
_SPAN = re.compile(_TO.pattern + r"\d")
"""查询日期：2026-10-01至2026-10-31 is no day on which a list was made."""

_NUMERALS = {"〇": 0, "○": 0, "零": 0, **{letter: number for number, letter in enumerate("一二三四五六七八九", 1)}}
_WRITTEN = re.compile(
    r"([〇○零一二三四五六七八九]{4})\s*年\s*(?:([一二三四五六七八九十]{1,3})\s*月\s*(?:([一二三四五六七八九十]{1,3})\s*日)?)?"
)


def in_figures(text: str) -> str:
    """二〇二六年十月三十一日 as 2026年10月31日."""

    def told(found: re.Match[str]) -> str:
        year = "".join(str(_NUMERALS[letter]) for letter in found[1])
        parts = ((found[2], "月"), (found[3], "日"))
        return f"{year}年" + "".join(f"{_number(part)}{unit}" for part, unit in parts if part)

    return _WRITTEN.sub(told, text)


def _number(letters: str) -> int:
    """Below a hundred: 三, 十, 十二, 二十, 三十一."""
    tens, ten, ones = letters.rpartition("十")
    return (10 * _NUMERALS.get(tens, 1) if ten else 0) + _NUMERALS.get(ones, 0)


def day_in_text(text: str) -> int | None:
    """The last day that a text names: 截至2026年10月31日, 20261031; a month means its last day: 202610, 2026年10月."""
    days: list[date] = []
    text = in_figures(text)
    for match in _FULL_DATE.finditer(text):
        groups = [group for group in match.groups() if group]
        _append_date(days, lambda groups=groups: date(*(int(group) for group in groups)))  # type: ignore[misc]
    if not days:
        for match in _MONTH.finditer(text):
            year, month = (int(group) for group in match.groups() if group)
            _append_date(days, lambda year=year, month=month: month_end(month_of(date(year, month, 1))))  # type: ignore[misc]
    return day_of(max(days)) if days else None


def _append_date(days: list[date], make: Callable[[], date]) -> None:
    try:
        found = make()
    except ValueError:
        return
    if PLAUSIBLE_YEARS[0] <= found.year <= PLAUSIBLE_YEARS[1]:
        days.append(found)


def title_day(titles: Sequence[str]) -> int | None:
    """The day of a snapshot as its title rows tell it: what is called 数据日期 or 截至, else any day but that of 打印 or 制表.

    A label may stand in the cell before its day; the second day of 至 is labelled as the first.
    """
    text = in_figures("\n".join(titles))
    stated, rest, label, end = [], text, "", 0
    for found in _ANY_DATE.finditer(text):
        between, behind = text[end : found.start()], text[found.end() :]
        label = label if end and _TO.fullmatch(between) else _label(between, behind)
        end = found.end()
        if label == "prepared" and _SPAN.match(behind):
            label = ""
        if label == "stated":
            stated.append(found[0])
        elif label == "prepared":
            rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
    return latest_day(stated or rest.split("\n"))


def _label(before: str, behind: str) -> Literal["stated", "prepared", ""]:
    """What a day is called by the words before it, the last of them; or right behind it: 2026-11-03打印."""
    last = max(_LABELS.finditer(before), key=lambda found: found.end(), default=None)
    if last is not None and last["stated"]:
        return "stated"
    if (last is not None and last["prepared"]) or _BY.search(before) or _PREPARED_BEHIND.match(behind):
        return "prepared"
    return ""


def latest_day(titles: Sequence[str]) -> int | None:
    """The last day that any of the texts names, whatever it is called."""
    return max((day for title in titles if (day := day_in_text(title)) is not None), default=None)

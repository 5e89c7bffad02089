"""Who are the people? 队伍 by age, education, certificates, years in post and in the bank, as far as the roster has the columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import date_of
from kehujingli.tables.frames import one_post
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

LACKING = "缺"
COLUMNS = ("birth_date", "education", "joined_on", "certificates", "since")


class Bounds(Protocol):
    """What the rules say of the steps."""

    @property
    def ages(self) -> tuple[int, ...]: ...
    @property
    def years(self) -> tuple[int, ...]: ...


def team(
    managers: pd.DataFrame, on_duty: Sequence[str], last: int, rules: Bounds
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Of those on duty how many are of each kind, and what the roster does not have. ``last``: the day on which ages are told."""
    roster = one_post(managers, last).set_index("manager_id").reindex(list(on_duty))
    cells = {name: roster[name].tolist() if name in roster else [None] * len(roster) for name in COLUMNS}
    none = [name for name, values in cells.items() if all(map(missing, values))]
    kinds: dict[str, list[str]] = {
        "年龄": [_step(day, last, rules.ages, "岁") for day in cells["birth_date"]],
        terms.label("education", "managers"): [
            LACKING if missing(said) else str(said).strip() for said in cells["education"]
        ],
        terms.label("certificates", "managers"): [
            LACKING if missing(said) else "有" if _any(said) else "没有" for said in cells["certificates"]
        ],
        "任职年限": [_step(day, last, rules.years, "年") for day in cells["since"]],
        "入行年限": [_step(day, last, rules.years, "年") for day in cells["joined_on"]],
    }
    rows = []
    for kind, said in kinds.items():
        for value in sorted(set(said), key=lambda value: (value == LACKING, _place(value), value)):
            count = said.count(value)
            rows.append({"kind": kind, "value": value, "people": count, "share": count / len(said)})
    words = "、".join(terms.label(name, "managers") for name in none)
    return rows, [finding("study.headcount-team", columns=words)] if none and len(roster) else []


def _any(said: object) -> bool:
    return str(said).strip() not in ("", "无", "没有", "否")


def full_years(since: int, last: int) -> int:
    """Whole years from one day to another; a year is full on its anniversary."""
    first, end = date_of(since), date_of(last)
    return end.year - first.year - ((end.month, end.day) < (first.month, first.day))


def _step(day: Any, last: int, bounds: tuple[int, ...], unit: str) -> str:
    """Between which bounds, the upper not in it; a day that is to come is none."""
    if missing(day) or int(day) > last:
        return LACKING
    years = full_years(int(day), last)
    below = [bound for bound in bounds if bound <= years]
    above = [bound for bound in bounds if bound > years]
    if not below:
        return f"不满 {above[0]} {unit}" if above else f"满 0 {unit}"
    return f"满 {below[-1]} 不满 {above[0]} {unit}" if above else f"满 {below[-1]} {unit}"


def _place(value: str) -> int:
    """不满 30 岁 before 满 30 不满 40 岁."""
    digits = [int(word) for word in value.split() if word.isdecimal()]
    return digits[0] + (not value.startswith("不满")) if digits else 0

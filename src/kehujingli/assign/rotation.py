"""Who has looked after a customer for so long that another must? 轮岗: by dated holders, the longest first, so many of a manager a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kehujingli.assign.conflicts import avoids
from kehujingli.assign.feasible import Managers
from kehujingli.errors import Finding, finding
from kehujingli.periods import date_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import AssignRules

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rotation:
    """``years``: for how many whole years each row's holder has had it, −1 where no date is known; ``due``: long enough; ``able``: of
    these, those whom somebody else may have, room or not; ``asked``: of these again, those whom the plan is to move if there is room."""

    years: Whole
    due: npt.NDArray[np.bool_]
    able: npt.NDArray[np.bool_]
    asked: npt.NDArray[np.bool_]


def rotation(
    frame: pd.DataFrame, managers: Managers, barred: list[tuple[int, ...]], rules: AssignRules, effective: int
) -> Rotation:
    """``frame`` sorted by customer, with holder, bracket, barred and, where dates are known, held_since (days)."""
    nobody = np.zeros(len(frame), dtype=bool)
    if not rules.rotate_years or "held_since" not in frame:
        return Rotation(np.full(len(frame), -1, dtype="int64"), nobody, nobody, nobody)
    years = _years(frame["held_since"], effective)
    held = frame["holder"].to_numpy() >= 0
    due = held & (years >= rules.rotate_years)
    able = due & _others(frame, due, managers, barred)
    if rules.rotate_most is None:
        return Rotation(years, due, able, able)
    rows = np.flatnonzero(able)
    holder, since = frame["holder"].to_numpy()[rows], frame["held_since"].to_numpy(dtype="int64", na_value=0)[rows]
    rows = rows[np.lexsort((rows, since, holder))]
    holder = frame["holder"].to_numpy()[rows]
    turn = np.arange(len(rows)) - np.searchsorted(holder, holder, side="left")
    asked = nobody.copy()
    asked[rows[turn < rules.rotate_most]] = True
    return Rotation(years, due, able, asked)


def _years(since: pd.Series, effective: int) -> Whole:
    """Whole years by the calendar; −1 where the day is not known, or is yet to come."""
    end = date_of(effective)
    known = since.notna().to_numpy()
    days, code = np.unique(since.to_numpy(dtype="int64", na_value=effective + 1), return_inverse=True)
    counted = [
        -1
        if day > effective
        else end.year - (first := date_of(int(day))).year - ((end.month, end.day) < (first.month, first.day))
        for day in days
    ]
    return np.where(known, np.array(counted, dtype="int64")[code], -1)


def _others(
    frame: pd.DataFrame, due: npt.NDArray[np.bool_], managers: Managers, barred: list[tuple[int, ...]]
) -> npt.NDArray[np.bool_]:
    """Whether anybody but the holder may have a customer, whatever room there is; asked of each kind once."""
    able = np.zeros(len(frame), dtype=bool)
    for (branch, _, group, holder), chosen in frame[due].groupby(["branch_id", "bracket", "barred", "holder"]):
        people = managers.serves.get(branch, np.array([], dtype="int64"))
        people = people[(people != holder) & (managers.authority[people] >= float(chosen["exposure"].max()))]
        able[chosen.index] = bool((~avoids(barred, np.full(len(people), group), people)).any())
    return able


def told(frame: pd.DataFrame, rules: AssignRules) -> list[Finding]:
    """Who is due for rotation and stays, and of whom nobody knows since when. ``frame``: with held_years, rotation_due, rotate, placed."""
    if not rules.rotate_years:
        return []
    found = []
    free = frame["frozen"].to_numpy() < 0
    stays = free & frame["rotation_due"].to_numpy() & (frame["placed"] == frame["holder"]).to_numpy()
    able, asked = (frame[name].to_numpy() for name in ("rotation_able", "rotate"))
    stuck, later = int((stays & (asked | ~able)).sum()), int((stays & able & ~asked).sum())
    if stuck:
        found.append(finding("assign.rotate-kept", count=stuck, years=rules.rotate_years))
    if later:
        found.append(finding("assign.rotate-later", count=later, years=rules.rotate_years, most=rules.rotate_most))
    unknown = int(((frame["holder"] >= 0) & (frame["held_years"] < 0)).sum())
    if unknown:
        found.append(finding("assign.rotate-unknown", count=unknown))
    return found

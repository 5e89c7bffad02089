"""What may each manager and each branch lend to one customer? The authority that holds on a day, by person, grade or branch, and by guarantee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, date_of
from kehujingli.studies.placing import at, several
from kehujingli.values import missing

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

KEYS = ("manager_id", "grade", "branch_id")
LIMITS = ("single", "total", "scope", "basis", "valid_to", "lapsed")
_ROSTER = "名册的授信权限"
_FOREVER = 10**6


def limits_on(
    cases: pd.DataFrame, authority: pd.DataFrame | None, roster: pd.DataFrame | None, day: pd.Series | int
) -> pd.DataFrame:
    """``LIMITS`` beside each of ``cases`` (manager_id, grade, branch_id, guarantee; what a line of authority names must be the case's).

    single, total: 分, missing where nothing is known; scope: the guarantee that the line is for, "" where it is for all without a line of
    their own; lapsed: lines there are, but none holds on ``day``. A person's line goes before a grade's, a grade's of the branch before the
    grade's; of two that hold at once the smaller. Without any line: ``authority`` of ``roster``, as a total.
    """
    import numpy as np
    import pandas as pd

    count = len(cases)
    found = pd.DataFrame(
        {
            "single": pd.array([pd.NA] * count, "Int64"),
            "total": pd.array([pd.NA] * count, "Int64"),
            "scope": "",
            "basis": "",
            "valid_to": pd.array([pd.NA] * count, "Int64"),
            "lapsed": False,
        },
        index=cases.index,
    )
    open_, known = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    days = pd.Series(day, index=cases.index, dtype="Int64")
    for row in _ordered(authority).itertuples():
        own = _names(cases, row)
        known |= own
        holds = open_ & own & _held(days, row)
        if holds.any():
            found.loc[holds, list(LIMITS[:5])] = [
                row.single,
                row.total,
                _text(row.guarantee),
                _text(row.document),
                row.valid_to,
            ]
            open_ &= ~holds
    found["lapsed"] = open_ & known
    if roster is not None:
        given = roster.set_index("manager_id")["authority"]
        said = cases["manager_id"].map(given).astype("Int64")
        use = open_ & ~known & said.notna().to_numpy()
        found.loc[use, "total"] = said[use]
        found.loc[use, "basis"] = _ROSTER
    return found


def branches_on(cases: pd.DataFrame, authority: pd.DataFrame | None, day: int) -> pd.DataFrame:
    """The same of a branch's own lines (neither person nor grade); ``cases``: branch_id, guarantee."""
    own = None if authority is None else authority[authority["manager_id"].isna() & authority["grade"].isna()]
    return limits_on(cases.assign(manager_id=None, grade=None), own, None, day)


def persons(authority: pd.DataFrame | None) -> pd.DataFrame | None:
    """Lines of people and grades."""
    return None if authority is None else authority[authority["manager_id"].notna() | authority["grade"].notna()]


def _ordered(authority: pd.DataFrame | None) -> pd.DataFrame:
    """The line that wins first: the nearest to the person, of one guarantee before all, the smaller before the larger."""
    import pandas as pd

    if authority is None:
        return pd.DataFrame()
    rank = 4 - 4 * authority["manager_id"].notna() - 2 * authority["grade"].notna() - authority["branch_id"].notna()
    rows = authority.assign(rank=rank, whole=authority["guarantee"].fillna("").eq(""))
    return rows.sort_values(["rank", "whole", "total", "single"], kind="stable")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _names(cases: pd.DataFrame, row: object) -> npt.NDArray[np.bool_]:
    """Which cases a line names."""
    import numpy as np

    own = np.ones(len(cases), dtype=bool)
    for key in (*KEYS, "guarantee"):
        value = _text(getattr(row, key))
        if value:
            own &= cases[key].eq(value).fillna(False).to_numpy(dtype=bool)
    return own


def _held(days: pd.Series, row: object) -> npt.NDArray[np.bool_]:
    import numpy as np
    import pandas as pd

    held = np.ones(len(days), dtype=bool)
    first, last = getattr(row, "valid_from", None), getattr(row, "valid_to", None)
    if first is not None and not pd.isna(first):
        held &= (days >= first).fillna(False).to_numpy(dtype=bool)
    if last is not None and not pd.isna(last):
        held &= (days <= last).fillna(False).to_numpy(dtype=bool)
    return held


def checked(
    authority: pd.DataFrame | None, roster: pd.DataFrame, lenders: set[str], branches: set[str], period: Period
) -> tuple[Finding, ...]:
    """What the lines of authority say against each other, against the calendar and against the roster. ``lenders``: who has loans or applications."""
    if authority is None:
        return ()
    told: list[Finding] = []
    grades, people = set(roster["grade"].dropna()), {*roster["manager_id"], *lenders}
    for code, wrong in (
        ("study.authority-unknown", _strange(authority, people, grades, branches)),
        ("study.authority-odd", (authority["single"] > authority["total"]).fillna(False)),
    ):
        if wrong.any():
            told.append(several(code, [f"{at(row)}{_who(row)}" for row in authority[wrong].to_dict("records")]))
    lines = authority.assign(**{key: authority[key].fillna("") for key in (*KEYS, "guarantee")})
    for _, rows in lines.groupby([*KEYS, "guarantee"], sort=True):
        told += _gaps(rows.sort_values(["valid_from", "valid_to"], kind="stable", na_position="first"), period)
    return tuple(told)


def _strange(authority: pd.DataFrame, people: set[str], grades: set[str], branches: set[str]) -> pd.Series[bool]:
    """Lines that name somebody or something that is not there, so that they hold for nobody."""
    named = (("manager_id", people), ("grade", grades), ("branch_id", branches))
    wrong = {key: authority[key].notna() & ~authority[key].isin(known) for key, known in named}
    return authority.assign(**wrong)[list(wrong)].any(axis=1)


def _who(line: Mapping[Any, Any]) -> str:
    return " ".join(filter(None, (_text(line[key]) for key in (*KEYS, "guarantee"))))


def _gaps(rows: pd.DataFrame, period: Period) -> list[Finding]:
    """Days without a line between two lines, days with two that say different things, and no line at the end of the month; in order of their first days."""
    told: list[Finding] = []
    reached: int | None = None
    held = 0
    for row in rows.to_dict("records"):
        who = f"{at(row)}{_who(row)}"
        first, last = (
            far if missing(row[key]) else int(row[key]) for key, far in (("valid_from", 0), ("valid_to", _FOREVER))
        )
        total = -1 if missing(row["total"]) else int(row["total"])
        if reached is None:
            if first > period.last:
                told.append(finding("study.authority-later", who=who, day=_said(first)))
        elif first > reached + 1:
            told.append(finding("study.authority-gap", who=who, since=_said(reached + 1), until=_said(first - 1)))
        elif first <= reached and total != held:
            told.append(finding("study.authority-twice", who=who, day=_said(first)))
        if reached is None or last >= reached:
            reached, held = last, total
    if reached is not None and reached < period.last:
        told.append(finding("study.authority-ended", who=who, day=_said(reached)))
    return told


def grades_of(people: pd.Series, roster: pd.DataFrame) -> pd.Series:
    """The grade that the roster gives each."""
    return people.map(roster.set_index("manager_id")["grade"])


def _said(day: int) -> str:
    return date_of(day).isoformat()

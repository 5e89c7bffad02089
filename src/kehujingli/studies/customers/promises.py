"""Was what came in answered in time? Each case once, its promise in working days, how late it is; what is wrong with a row stands beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.studies.placing import at, several
from kehujingli.tables.workdays import WorkingDays
from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd

STATES = {
    "late_open": "超期未办结",
    "open": "未到期",
    "late": "超期办结",
    "on_time": "按期办结",
    "unpublished": "期限未公布",
    "unpromised": "没有承诺",
    "withdrawn": "撤回",
    "wrong": "日期不对",
}
"""What became of a case by the day that is looked at; in the order in which they are listed."""
_SHOWN = 6
_MOST = 100_000
"""A promise of more days is none that a calendar ends."""


@dataclass(frozen=True)
class Known:
    """Who is on the roster (nobody where there is none), and who was a customer."""

    managers: Collection[str]
    gone: Collection[str]


def cases(
    table: str, frame: pd.DataFrame, days: WorkingDays, known: Known, first: int, last: int
) -> tuple[pd.DataFrame, list[Finding]]:
    """``frame``: case_id, customer_id, place (where the customer stands in the month's list, -1 where nowhere), manager_id, raised_on, due_on
    (typed, or none), promised (working days, or none), ended_on, ended (whether it has an end), withdrawn; days since 1970. Given back: those raised by ``last`` and either not before ``first`` or not ended
    before it, with ``promise``, ``state``, ``days`` (from raising to its end or to ``last``) and ``days_late`` in days of the calendar."""
    import numpy as np
    import pandas as pd

    told: dict[str, pd.DataFrame] = {}
    frame = _kept(frame, frame["raised_on"] <= last)
    frame, told["study.service-twice"] = _once(frame)
    later = (frame["ended_on"] > last).fillna(False)
    if later.any():
        frame = frame.assign(ended_on=frame["ended_on"].mask(later), ended=frame["ended"] & ~later)
        if "upheld" in frame:
            frame = frame.assign(upheld=frame["upheld"].mask(later))
    frame = _kept(frame, (frame["raised_on"] >= first) | ~frame["ended"] | (frame["ended_on"] >= first).fillna(False))
    typed_early = (frame["due_on"] < frame["raised_on"]).fillna(False)
    told["study.service-due-early"] = frame[typed_early]
    reckoned, sure = _promises(frame["raised_on"], frame["promised"], days)
    due = frame["due_on"].mask(typed_early)
    known_day = (sure | due.notna()).to_numpy(dtype=bool)
    earliest = due.fillna(reckoned)
    undated = frame["ended"] & frame["ended_on"].isna() & ~frame["withdrawn"]
    early = (frame["ended_on"] < frame["raised_on"]).fillna(False)
    told["study.service-closed-early"], told["study.service-no-end"] = frame[early], frame[undated]
    end = frame["ended_on"].fillna(last)
    late = (end > earliest).fillna(False).to_numpy(dtype=bool)
    done = frame["ended"].to_numpy(dtype=bool)
    became = {
        "wrong": (early | undated).to_numpy(dtype=bool),
        "withdrawn": frame["withdrawn"].to_numpy(dtype=bool),
        "unpromised": earliest.isna().to_numpy(),
        "unpublished": late & ~known_day,
        "late": late & done,
        "late_open": late,
        "on_time": done,
    }
    names = list(STATES)
    state = np.select(list(became.values()), [names.index(key) for key in became], names.index("open"))
    told["study.service-unpublished"] = frame[state == names.index("unpublished")]
    right = ~(early | undated)
    frame = frame.assign(
        promise=earliest.where(known_day),
        state=pd.Categorical.from_codes(state, names),
        days=(end - frame["raised_on"]).where(right).astype("Int64"),
        days_late=(end - earliest)
        .where(np.isin(state, [names.index("late"), names.index("late_open")]))
        .astype("Int64"),
    )
    strangers = frame[frame["place"] < 0]
    told["study.service-customer"] = strangers[~among(strangers["customer_id"], known.gone)]
    stranger = frame["manager_id"].notna().to_numpy() & ~among(frame["manager_id"], known.managers)
    told["study.service-manager"] = frame[stranger] if known.managers else frame[:0]
    label = terms.BY_KEY[table].label
    return frame, [_named(code, rows, label) for code, rows in told.items() if len(rows)]


def _kept(frame: pd.DataFrame, those: pd.Series) -> pd.DataFrame:
    """The rows of which it is so; the frame itself where it is so of all."""
    keep = those.fillna(False).to_numpy(dtype=bool)
    return frame if keep.all() else frame[keep]


def _named(code: str, rows: pd.DataFrame, label: str) -> Finding:
    shown = [f"{at(row)}{row['case_id']}" for row in rows.head(_SHOWN).to_dict("records")]
    return several(code, shown + [""] * (len(rows) - len(shown)), table=label)


def _once(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a case, which is a number and whose it is (branches number their own): of several one that has an end, of equal ones the last written; and the cases whose ends differ."""
    one = ["case_id", "customer_id"]
    if frame["case_id"].is_unique:
        return frame, frame[:0]
    again = frame.duplicated(one, keep=False)
    if not again.any():
        return frame, frame[:0]
    several_ends = frame[again & frame["ended_on"].notna()].drop_duplicates([*one, "ended_on"])
    torn = several_ends[several_ends.duplicated(one)].drop_duplicates(one)
    order = frame.sort_values("ended", kind="stable")
    return order.drop_duplicates(one, keep="last").sort_index(), torn


def _promises(raised: pd.Series, promised: pd.Series, days: WorkingDays) -> tuple[pd.Series, pd.Series]:
    """The promised day, and whether it is sure: over days that are not published it is the earliest that it can be, as if all were worked."""
    import numpy as np
    import pandas as pd

    works: dict[int, bool | None] = {}

    def reckon(day: int, count: int) -> tuple[int, bool]:
        sure = True
        while count > 0:
            day += 1
            if day not in works:
                works[day] = days.works(day)
            worked = works[day]
            sure = sure and worked is not None
            count -= worked is not False
        return day, sure

    there = (raised.notna() & promised.notna()).to_numpy(dtype=bool)
    start = raised.fillna(0).to_numpy(dtype="int64")
    count = promised.fillna(0).clip(upper=_MOST).to_numpy(dtype="int64")
    pairs, place = np.unique(start * (_MOST + 1) + count, return_inverse=True)
    found = [reckon(*divmod(int(pair), _MOST + 1)) for pair in pairs]
    promise = np.array([day for day, _ in found], dtype="int64")[place]
    sure = np.array([known for _, known in found], dtype=bool)[place] & there
    return pd.Series(promise, index=raised.index).astype("Int64").where(there), pd.Series(sure, index=raised.index)

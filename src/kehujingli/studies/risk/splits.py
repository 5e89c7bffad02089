"""Was one loan cut into several (化整为零)? Of one person, group, guarantor or address, within few days, each within a limit and together above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SAME = ("本人", "关联组", "保证人", "同址")
_NO_ADDRESS = re.compile(r"\s+")


def splits(entries: pd.DataFrame, keys: pd.DataFrame, days: int) -> pd.DataFrame:
    """Each entry of each case: case (from 1), same (what they share), then the columns of ``entries``, together and the limit they pass (分).

    ``entries``: entry (loan or application), customer_id, person (one for all her customer numbers), day, lent (分), limit (分, the limit of
    who lends; missing where unknown); ``keys``: entry, same (of ``SAME``), of (which one). A set of entries that shares several things is one
    case. Whatever the order of rows, the same.
    """
    import pandas as pd

    able = entries[entries["limit"].notna() & (entries["lent"] <= entries["limit"])]
    found: dict[tuple[str, ...], list[str]] = {}
    rows = keys.merge(able[["entry", "person", "day", "lent", "limit"]], on="entry")
    size = rows.groupby(["same", "of"])["entry"].transform("size")
    whole = rows.groupby(["same", "of"])["lent"].transform("sum")
    least = rows.groupby(["same", "of"])["limit"].transform("min")
    rows = rows[(size > 1) & (whole > least)].sort_values(["same", "of", "day", "entry"], kind="stable")
    for (same, _), group in rows.groupby(["same", "of"], sort=True):
        for case in _windows(group, days, several=same != SAME[0]):
            found.setdefault(case, []).append(str(same))
    ordered = sorted(found.items(), key=lambda one: (-len(one[0]), one[0]))
    # what is shared by all of a larger case is not told again for a part of it
    cases = [
        (case, shared)
        for place, (case, shared) in enumerate(ordered)
        if not any(set(case) < set(larger) and set(shared) <= set(more) for larger, more in ordered[:place])
    ]
    told: list[dict[str, Any]] = []
    book = able.set_index("entry")
    for number, (case, shared) in enumerate(cases):
        own = book.loc[list(case)]
        together, limit = int(own["lent"].sum()), int(own["limit"].max())
        words = "、".join(word for word in SAME if word in shared)
        told += [
            {"case": number, "entry": entry, "same": words, "together": together, "passed": limit} for entry in case
        ]
    if not told:
        return pd.DataFrame(columns=["case", "same", *entries.columns, "together", "passed"])
    frame = pd.DataFrame(told).merge(able, on="entry", how="left")
    frame = frame.assign(over=frame["together"] - frame["passed"])
    frame = frame.sort_values(["over", "case", "day", "entry"], ascending=[False, True, True, True], kind="stable")
    frame["case"] = frame.groupby("case", sort=False).ngroup() + 1
    return frame[["case", "same", *entries.columns, "together", "passed"]].reset_index(drop=True)


def _windows(group: pd.DataFrame, days: int, *, several: bool) -> Iterator[tuple[str, ...]]:
    """The spans of at most ``days`` whose entries pass the highest of their limits, the largest first, none of one entry twice."""
    entries, day, lent = list(group["entry"]), list(group["day"]), list(group["lent"])
    limit, person = list(group["limit"]), list(group["person"])
    spans = []
    last = 0
    for first in range(len(entries)):
        last = max(last, first)
        while last + 1 < len(entries) and day[last + 1] - day[first] <= days:
            last += 1
        inside = range(first, last + 1)
        together = sum(lent[one] for one in inside)
        alone = several and len({person[one] for one in inside}) == 1
        if len(inside) > 1 and together > max(limit[one] for one in inside) and not alone:
            spans.append((-together, first, last))
    taken: set[int] = set()
    for _, first, last in sorted(spans):
        inside = range(first, last + 1)
        if not taken & set(inside):
            taken |= set(inside)
            yield tuple(sorted(entries[one] for one in inside))


def place_of(classes: pd.DataFrame) -> pd.Series:
    """The address of each customer, with its village or branch; missing where it names no house (a village alone is no address)."""
    plain = classes["address"].fillna("").map(lambda text: _NO_ADDRESS.sub("", text))
    house = plain.str.contains(r"[0-9０-９一二三四五六七八九十]+(?:号|室|户|栋|幢|单元)", regex=True)
    where = classes["village"].fillna(classes["branch_id"]).fillna("")
    return (where + " " + plain).where(house)

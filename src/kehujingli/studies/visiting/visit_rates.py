"""How much was visited, how much of it on one's own account, and what was signed after? Rates of visits, each from its two counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kehujingli import terms
from kehujingli.values import places

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.periods import Period

_WHOLE = "合计"


class _Signing(Protocol):
    """What the rules of visits say here."""

    @property
    def signing_days(self) -> int: ...
    @property
    def signing_months(self) -> int: ...


def ways(visits: pd.DataFrame, period: Period, active: Sequence[str]) -> pd.DataFrame:
    """One row a way of the month's visits, None where it was not written: count, share, of them planned, not, unsaid."""
    import pandas as pd

    rows = visits[visits["date"].between(period.first, period.last).fillna(False)]
    way = rows["way"].astype("object").where(rows["way"].notna(), None).map(lambda said: (said or "").strip() or None)
    planned = (
        rows["planned"].astype("object") if "planned" in rows else pd.Series(None, index=rows.index, dtype="object")
    )
    told = pd.DataFrame(
        {
            "way": way,
            "visits": 1,
            "planned": (planned == True).astype("int64"),  # noqa: E712
            "unplanned": (planned == False).astype("int64"),  # noqa: E712
        }
    )
    frame = told.groupby("way", dropna=False)[["visits", "planned", "unplanned"]].sum().reset_index()
    frame = frame.sort_values(["visits", "way"], ascending=[False, True], kind="stable")
    frame["unsaid"] = frame["visits"] - frame["planned"] - frame["unplanned"]
    frame["share"] = frame["visits"] / max(int(frame["visits"].sum()), 1)
    frame["active"] = (
        frame["way"].map(lambda said: isinstance(said, str) and said.startswith(tuple(active))).astype(bool)
    )
    return frame[["way", "active", "visits", "share", "planned", "unplanned", "unsaid"]].reset_index(drop=True)


def coverage(own: pd.DataFrame, visits: pd.DataFrame | None, period: Period) -> pd.DataFrame:
    """One row a manager and 户群 of those held: how many were visited in the month, and how many not longer ago than their cadence."""
    held = own[own["holder_id"].notna()]
    day = held["visited_on"]
    told = held.assign(
        held=1,
        visited=day.between(period.first, period.last).fillna(False).astype("int64"),
        in_cadence=(day + held["visit_days"] >= period.last).fillna(False).astype("int64"),
    )
    frame = told.groupby(["holder_id", "manager_name", "group"], dropna=False)[["held", "visited", "in_cadence"]].sum()
    frame = frame.reset_index().rename(columns={"holder_id": "manager_id"})
    frame["order"] = frame["group"].map({group: at for at, group in enumerate(terms.GROUPS)})
    frame = frame.sort_values(["manager_id", "order"]).drop(columns="order").reset_index(drop=True)
    if visits is None:
        frame[["visited", "in_cadence"]] = None
        return frame.assign(coverage=None, kept_share=None)
    return frame.assign(coverage=frame["visited"] / frame["held"], kept_share=frame["in_cadence"] / frame["held"])


def signings(
    classes: pd.DataFrame, visits: pd.DataFrame, holdings: pd.DataFrame, period: Period, rules: _Signing
) -> pd.DataFrame:
    """One row a 户群, and all: of visits (a customer and day once) whose days after are over, how many were followed by a signing; and of who was
    never visited in the window, how many signed after the same days, each day weighing as many as its visits."""
    import numpy as np
    import pandas as pd

    first, final = period.window_first(rules.signing_months), period.last - rules.signing_days
    rows = visits[visits["date"].between(first, period.last).fillna(False)]
    went = rows[rows["date"] <= final][["customer_id", "date"]].drop_duplicates()
    signed = holdings[["customer_id", "signed_on"]].dropna().drop_duplicates()
    of_went, of_rows, of_signed = (places(some["customer_id"], classes["customer_id"]) for some in (went, rows, signed))
    group, visited = classes["group"].to_numpy(dtype=object), np.zeros(len(classes), dtype=bool)
    visited[of_rows[of_rows >= 0]] = True
    went = went[of_went >= 0].assign(group=group[of_went[of_went >= 0]])
    went = went.assign(signed=_followed(went, signed, rules.signing_days))
    rest = classes[~visited]
    days = went["date"].value_counts().sort_index()
    never = np.flatnonzero((of_signed >= 0) & ~np.append(visited, False)[of_signed])
    base = _base(signed.iloc[never].assign(group=group[of_signed[never]]), days, rules.signing_days)
    counts = rest["group"].value_counts()
    frame = pd.DataFrame(
        [
            _row(name, went if name == _WHOLE else went[went["group"] == name], many, found)
            for name, many, found in [
                *((one, int(counts.get(one, 0)), base.get(one, 0.0)) for one in terms.GROUPS),
                (_WHOLE, len(rest), sum(base.values())),
            ]
        ]
    )
    return frame.astype({"visits": "Int64", "signed": "Int64", "unvisited": "Int64"})


def _row(name: str, went: pd.DataFrame, unvisited: int, expected: float) -> dict[str, Any]:
    visits, signed = len(went), int(went["signed"].sum())
    rate = signed / visits if visits else None
    base = expected / unvisited if unvisited and visits else None
    lift = None if rate is None or base is None else rate - base
    said = "相关，不是因果" if lift is not None else "没有满天数的走访" if not visits else "没有没走访的户"
    return {
        "group": name,
        "visits": visits,
        "signed": signed,
        "rate": rate,
        "unvisited": unvisited,
        "base": base,
        "lift": lift,
        "said": said,
    }


def _followed(went: pd.DataFrame, signed: pd.DataFrame, days: int) -> npt.NDArray[np.bool_]:
    """Of each visit whether its customer signed on its day or within ``days`` after."""
    import numpy as np
    import pandas as pd

    codes, _ = pd.factorize(pd.concat([went["customer_id"], signed["customer_id"]]))
    span = 1 << 20  # more than the days since 1970 of any date
    begun = codes[: len(went)].astype("int64") * span + went["date"].to_numpy("int64")
    known = np.sort(codes[len(went) :].astype("int64") * span + signed["signed_on"].to_numpy("int64"))
    found: npt.NDArray[np.bool_] = np.searchsorted(known, begun) < np.searchsorted(known, begun + days, side="right")
    return found


def _base(signed: pd.DataFrame, days: pd.Series, span: int) -> Mapping[str, float]:
    """户群 → how many customers signed within ``span`` days after a day, the mean over ``days`` (day → visits)."""
    import numpy as np

    whole = int(days.sum())
    if not whole or signed.empty:
        return {}
    signed = signed.sort_values("signed_on")
    on, who = signed["signed_on"].to_numpy("int64"), signed["customer_id"].astype("category").cat.codes.to_numpy()
    names = list(dict.fromkeys(signed["group"]))
    group = signed["group"].map({name: at for at, name in enumerate(names)}).to_numpy("int64")
    sums = np.zeros(len(names))
    for day, weight in days.items():
        start, end = np.searchsorted(on, day), np.searchsorted(on, day + span, side="right")
        _, once = np.unique(who[start:end], return_index=True)
        sums += weight * np.bincount(group[start:end][once], minlength=len(names))
    return dict(zip(names, (sums / whole).tolist(), strict=True))

"""Why did a customer's class change? One cause a customer, and whether it is a movement or only what arrived late.

What was so before and only came into the exports now (a contract signed earlier, a loan issued earlier, a customer opened earlier) moved nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kehujingli.periods import Period
from kehujingli.tables.frames import on_book, owing
from kehujingli.values import among

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

ARRIVED = "late_data"
"""The cause that is no movement."""


@dataclass(frozen=True)
class Span:
    """What lies between the ends of two periods, as days."""

    before: Period
    now: Period

    @property
    def first(self) -> int:
        return self.before.last + 1

    @property
    def last(self) -> int:
        return self.now.last

    def holds(self, days: pd.Series) -> npt.NDArray[np.bool_]:
        return sure((days >= self.first) & (days <= self.last))


def causes(
    previous: pd.DataFrame,
    classes: pd.DataFrame,
    holdings: pd.DataFrame,
    loans: pd.DataFrame,
    thresholds: tuple[Mapping[str, Any], Mapping[str, Any]] | None,
    period: Period,
    before: Period | None = None,
) -> pd.Series:
    """customer_id → a key of ``terms.CAUSES``, for whose class is not what it was.

    ``previous``: customer_id, scale_amount, average_deposit, average_loan of the month before (分; missing where not known);
    ``classes``: ``segment(...).customers``; ``holdings``, ``loans``: the tables of the period; ``thresholds``: those of the month before and of
    this one, None where they are the same or not known; ``before``: the period of ``previous`` where it is not the month before.
    A contract without a signing day arrived: that it is new cannot be shown.
    """
    import numpy as np

    moved = classes[classes["change"].notna() & (classes["change"] != "same")]
    frame = moved.merge(
        previous[["customer_id", "scale_amount", "average_deposit", "average_loan"]],
        on="customer_id",
        how="left",
        suffixes=("", "_before"),
    )
    span = Span(before or period.back(1), period)
    change = frame["change"]
    new, woken, asleep = ((change == key).to_numpy(dtype=bool) for key in ("new", "woken", "asleep"))
    found = np.select(
        [new & sure(frame["opened_on"] < span.first), new, woken, asleep],
        [ARRIVED, "opened", _woken(frame, holdings, loans, thresholds, span), _asleep(frame, thresholds)],
        default=_scaled(frame, loans, thresholds, span),
    )
    return frame[["customer_id"]].assign(cause=found).set_index("customer_id")["cause"]


def _woken(
    frame: pd.DataFrame,
    holdings: pd.DataFrame,
    loans: pd.DataFrame,
    thresholds: tuple[Mapping[str, Any], Mapping[str, Any]] | None,
    span: Span,
) -> npt.NDArray[np.object_]:
    """What the customer did in the period, else what had kept her awake under the old rules had it been known, else the rules."""
    import numpy as np

    lent = owing(loans)
    live = holdings[~sure(holdings["closed_on"] <= span.last)]
    new_loan = span.holds(lent["issued_on"])
    new_contract = span.holds(live["signed_on"])
    ids = frame["customer_id"]
    chosen = [
        sure(frame["last_active"] >= span.first),
        among(ids, lent["customer_id"][new_loan]),
        among(ids, live["customer_id"][new_contract]) & _keeps(thresholds, -1),
    ]
    names = ["own_activity", "new_loan", "new_contract"]
    if thresholds is not None and _of_dormancy(thresholds[0]) != _of_dormancy(thresholds[1]):
        first = span.before.window_first(thresholds[0]["dormant"]["idle_months"])
        late = sure(frame["last_active"] >= first) | among(ids, lent["customer_id"][~new_loan])
        late |= among(ids, live["customer_id"][~new_contract]) & _keeps(thresholds, 0)
        chosen, names = [*chosen, ~late], [*names, "rules"]
    return np.select(chosen, names, default=ARRIVED).astype(object)


def _asleep(
    frame: pd.DataFrame, thresholds: tuple[Mapping[str, Any], Mapping[str, Any]] | None
) -> npt.NDArray[np.object_]:
    import numpy as np

    other = thresholds is not None and _of_dormancy(thresholds[0]) != _of_dormancy(thresholds[1])
    return np.full(len(frame), "rules" if other else "idle", dtype=object)


def _scaled(
    frame: pd.DataFrame,
    loans: pd.DataFrame,
    thresholds: tuple[Mapping[str, Any], Mapping[str, Any]] | None,
    span: Span,
) -> npt.NDArray[np.object_]:
    """The greater of the differences of deposits and loans; a side that was not known before arrived; against the amount it is the buffer or the rules."""
    import numpy as np

    change = frame["change"]
    amount = frame["scale_amount"].fillna(0) - frame["scale_amount_before"].fillna(0)
    against = ((change == "up") & (amount <= 0)) | ((change == "down") & (amount >= 0))
    deposit, loan = (
        (frame[name].fillna(0) - frame[f"{name}_before"].fillna(0)).abs().astype("int64").to_numpy()
        for name in ("average_deposit", "average_loan")
    )
    unknown = {
        name: (frame[f"{name}_before"].isna() & frame[name].notna()).to_numpy(dtype=bool)
        for name in ("average_deposit", "average_loan")
    }
    lent = on_book(owing(loans))  # as average_loan is
    ids, recent = frame["customer_id"], sure(~(lent["issued_on"] < span.first))
    known_late = among(ids, lent["customer_id"]) & ~among(ids, lent["customer_id"][recent])
    had_none = (frame["average_loan_before"].fillna(0) == 0).to_numpy(dtype=bool) & (change == "up").to_numpy()
    other = thresholds is not None and thresholds[0]["scale"] != thresholds[1]["scale"]
    return np.select(
        [
            against.to_numpy(dtype=bool),
            (deposit >= loan) & unknown["average_deposit"],
            deposit >= loan,
            unknown["average_loan"] | (had_none & known_late),
        ],
        ["rules" if other else "buffer", ARRIVED, "deposit", ARRIVED],
        default="loan",
    ).astype(object)


def _of_dormancy(thresholds: Mapping[str, Any]) -> tuple[Any, ...]:
    return thresholds["dormant"], thresholds["new_within_months"], thresholds.get("exclude"), thresholds.get("passive")


def _keeps(thresholds: tuple[Mapping[str, Any], Mapping[str, Any]] | None, side: int) -> bool:
    """Whether contracts keep a customer awake, before (0) or now (-1); they do where it is not said."""
    return thresholds is None or bool(thresholds[side]["dormant"]["keep_contracts"])


def sure(told: pd.Series) -> npt.NDArray[np.bool_]:
    """What is missing is not so."""
    found: npt.NDArray[np.bool_] = told.fillna(False).to_numpy(dtype=bool)
    return found

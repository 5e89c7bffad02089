"""Who went from which class to which between two periods, and why? One row a customer of either period; every mover has one step and one cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kehujingli.periods import Period
from kehujingli.segment import changes
from kehujingli.studies.classes.moves import ARRIVED, causes, sure
from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd

Thresholds = tuple[Mapping[str, Any], Mapping[str, Any]] | None
"""Those by which the earlier and the later period were classed; None where they are not known."""
_WHO = ("customer_name", "customer_type", "branch_id", "branch_name", "customer_group")
_STATE = ("group", "frequency", "scale_amount")


def steps_between(
    previous: pd.DataFrame,
    classes: pd.DataFrame,
    holdings: pd.DataFrame | None,
    loans: pd.DataFrame | None,
    merges: pd.DataFrame | None,
    thresholds: Thresholds,
    span: tuple[Period, Period],
    shut: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Sorted by customer_id: customer_id; name, type, branch and 客群 of the later period (of the earlier where she left), and both with
    ``_before``; group, frequency and scale_amount (分, 0 where it is not known) with ``_before`` and ``_now``, missing where she was not there;
    step (a key of ``terms.STEPS``) and cause (of ``terms.CAUSES``), missing where the class is the same.

    ``previous``, ``classes``: as the two months keep them; ``merges``: numbers that are another's by now; ``span``: the two periods;
    ``shut``: customer_id of whom the later month's customer file calls closed. Who is in no class any more and not merged has left: closed, or absent from the file.
    """
    import pandas as pd

    now = classes.drop(columns=["previous_group", "change"], errors="ignore")
    now = now.sort_values("customer_id", ignore_index=True)
    changes(now, previous)
    empty = pd.DataFrame({name: pd.array([], "Int64") for name in ("signed_on", "closed_on", "issued_on", "balance")})
    empty = empty.assign(customer_id=pd.array([], "str"))
    lent = loans if loans is not None else empty
    why = causes(previous, now, holdings if holdings is not None else empty, lent, thresholds, span[1], span[0])
    columns = ["customer_id", *_WHO, *_STATE]
    both = previous[columns].merge(
        now[[*columns, "change", "active_months", "transactions", "idle_days", "last_active"]],
        on="customer_id",
        how="outer",
        suffixes=("_before", "_now"),
        sort=True,
    )
    both = both.assign(
        **{name: both[f"{name}_now"].where(both["group_now"].notna(), both[f"{name}_before"]) for name in _WHO},
        scale_amount_before=both["scale_amount_before"].fillna(0).astype("int64"),
        scale_amount_now=both["scale_amount_now"].fillna(0).astype("int64"),
    )
    step = both["change"].astype("object")
    step[step == "same"] = None
    met = both["group_before"].notna() & both["group_now"].notna() & step.isna()
    for key, name in (("closer", "frequent"), ("looser", "mobile")):
        step[sure(met & (both["frequency_now"] == name) & (both["frequency_now"] != both["frequency_before"]))] = key
    gone = both["group_now"].isna()
    step[gone] = "gone"
    if merges is not None:
        step[gone & among(both["customer_id"], merges["customer_id"])] = "merged"
    told = why.rename("cause").rename_axis("customer_id").reset_index()
    cause = both[["customer_id"]].merge(told, on="customer_id", how="left")["cause"].astype("object")
    cause[gone] = step[gone].map({"gone": "absent", "merged": "merged"})
    if shut is not None:
        cause[sure(step == "gone") & among(both["customer_id"], frozenset(shut["customer_id"]))] = "closed"
    met = sure(step.isin(("closer", "looser")))
    cause[met] = _nearer(both[met], step[met], thresholds, span[0].last + 1)
    return both.assign(step=step, cause=cause.where(step.notna(), None))


def _nearer(frame: pd.DataFrame, step: pd.Series, thresholds: Thresholds, first: int) -> Any:
    """Why 经常联系户 became 流动户 or the other way: the rules where the old ones say otherwise of the same figures, else what was done."""
    import numpy as np

    by_rules = np.zeros(len(frame), dtype=bool)
    if thresholds is not None:
        then, now = thresholds
        if any(then.get(key) != now.get(key) for key in ("window_months", "exclude", "passive")):
            by_rules[:] = True
        else:
            bar = then["frequent"]
            often = (frame["active_months"] >= bar["active_months"]) & (frame["transactions"] >= bar["transactions"])
            often = sure(often & (frame["idle_days"] <= bar["idle_days"]))
            by_rules = often != (step == "closer").to_numpy()
    active = sure(frame["last_active"] >= first)
    closer = (step == "closer").to_numpy()
    return np.select([by_rules, closer & active, closer], ["rules", "own_activity", ARRIVED], default="fewer")

"""What will a customer's class be next month if nothing happens? The same segmentation, the period moved on, no new facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli.measures.ahead import NEEDS, next_month
from kehujingli.periods import Period
from kehujingli.segment import classed, opened_lately
from kehujingli.studies.classes.moves import sure
from kehujingli.tables.ties import ties_on
from kehujingli.values import among, in_order, places

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import SegmentRules

KINDS = {"asleep": "将休眠", "down": "将降级", "up": "将升级", "looser": "往来将减少"}
"""What is coming, one a customer, in this order."""
WHY = {
    "idle": "静止期满",
    "term": "定期到期",
    "contract": "合约到期",
    "new": "新户期满",
    "buffer": "缓冲期满",
    "average": "日均变化",
    "fewer": "业务移出",
}
_SCALES = ("small", "medium", "large")
_OWN = ("customer_id", "customer_type", "opened_on")


@dataclass(frozen=True)
class Kept:
    """What a month kept of its customers, their accounts, loans and contracts; money in 分."""

    classes: pd.DataFrame
    accounts: pd.DataFrame
    loans: pd.DataFrame | None
    holdings: pd.DataFrame | None

    @property
    def whole(self) -> bool:
        """Whether a month from now can be reckoned from it: months of an older version lack what it takes."""
        frames = {"classes": self.classes, "accounts": self.accounts}
        return all(set(names) <= set(frames[key].columns) for key, names in NEEDS.items())


def forecast(kept: Kept, rules: SegmentRules, period: Period) -> pd.DataFrame:
    """The customers of ``kept`` with frequency, scale, group, below, scale_amount and to_next_scale of the month after ``period`` as
    ``…_next``; kind (a key of ``KINDS``) and why (of ``WHY``), missing where the class stays; ``renewed``, of who will sleep: whether a deposit or
    contract that ends within the month would keep her awake if it were renewed."""
    import numpy as np
    import pandas as pd

    coming = Period.of_month(period.month + 1)
    classes = in_order(kept.classes, "customer_id")
    loans = kept.loans if kept.loans is not None else _none("balance", "issued_on")
    holdings = kept.holdings if kept.holdings is not None else _none("signed_on", "closed_on")
    ties = ties_on(coming.last, loans, kept.accounts, holdings)
    measures = next_month(classes, kept.accounts, rules, period)
    told = classed(classes[[*_OWN]], measures, ties, rules, coming, classes)
    names = ("frequency", "scale", "group", "below", "scale_amount", "to_next_scale")
    frame = classes.assign(**{f"{name}_next": told[name] for name in names})
    kind = kinds(frame, "", "_next")
    quiet = sure(
        frame["last_active"].isna() | (frame["last_active"] < period.window_first(rules.frequency.dormant.idle_months))
    )
    now = ties_on(period.last, loans, kept.accounts, holdings)
    dormant, ids = rules.frequency.dormant, frame["customer_id"]
    asleep = (kind == "asleep").to_numpy()
    why = np.select(
        [
            asleep & ~quiet,
            asleep & opened_lately(frame["opened_on"], rules, period),
            asleep & among(ids, now.term_deposits) & dormant.keep_term_deposits,
            asleep,
            (kind == "down").to_numpy() & (frame["below"] > 0).to_numpy(),
            kind.isin(("down", "up")).to_numpy(),
            (kind == "looser").to_numpy(),
        ],
        ["idle", "new", "term", "contract", "buffer", "average", "fewer"],
        default="",
    )
    tied = (among(ids, now.term_deposits) & dormant.keep_term_deposits) | (
        among(ids, now.contracts) & dormant.keep_contracts
    )
    return frame.assign(
        kind=kind,
        why=pd.Series(why, dtype="object").where(kind.notna(), None),
        renewed=pd.Series(tied, frame.index, dtype="boolean").where(asleep),
    )


def kinds(frame: pd.DataFrame, before: str, after: str) -> pd.Series:
    """A key of ``KINDS`` a row, from frequency and scale with these endings; missing where neither says that, or one side is not there."""
    import numpy as np
    import pandas as pd

    old, new = frame[f"frequency{before}"], frame[f"frequency{after}"]
    was, becomes = (places(frame[f"scale{end}"], pd.Series(_SCALES)) for end in (before, after))
    both = sure(old.notna() & new.notna())
    measured = both & (was >= 0) & (becomes >= 0)
    found = np.select(
        [
            both & sure(old != "dormant") & sure(new == "dormant"),
            measured & (becomes < was),
            measured & (becomes > was),
            both & sure(old == "frequent") & sure(new == "mobile"),
        ],
        [*KINDS],
        default="",
    )
    return pd.Series(found, index=frame.index, dtype="object").where(found != "", None)


def _none(*days: str) -> pd.DataFrame:
    """A table that the exports do not have."""
    import pandas as pd

    return pd.DataFrame({"customer_id": pd.array([], "str"), **{name: pd.array([], "Int64") for name in days}})

"""How much of a branch's business goes through electronic and self-service channels, how many customers have one and use it? 替代率, 月活, 开通户 and 动户率 beside its other sums.

Rates are rolled up from postings and customers, never averaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kehujingli import terms

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.measures.channels import Channels

OF_CHANNELS = ("channel_share", "monthly_users")
"""What is told of the postings of a branch: 替代率, 月活."""
OF_EBANK = ("ebank_customers", "ebank_share")
"""What is told of its electronic channels: 开通户, 动户率."""
KEPT = ("replaced_postings", "counter_postings", *OF_CHANNELS)
KEPT_OF_EBANK = ("ebank_active", *OF_EBANK)
"""The same with the counts that the rates are shares of."""
_OF_POSTINGS, _OF_OPENED = ("replaced", "counter", "used"), ("opened", "active", "unknown")
_COUNTED = (*_OF_POSTINGS, *_OF_OPENED)
"""What is added up of customers."""


def with_channels(
    sums: pd.DataFrame, everyone: pd.DataFrame, sides: pd.Series | None, channels: Channels
) -> pd.DataFrame:
    """``sums`` (``branch_rows``) with ``KEPT`` and ``KEPT_OF_EBANK``; missing where no posting tells a channel, where there is no 电子渠道, and
    what cannot be known of one of a line's customers.

    ``everyone``, ``sides`` as ``branch_rows`` has them. Postings are counted of all, customers of who is in a class.
    """
    import pandas as pd

    told = _by_customer(everyone, channels)
    told["held_by"] = "" if sides is None else sides
    branch = told.groupby("branch_id").sum(numeric_only=True)
    side = told.groupby("held_by").sum(numeric_only=True)
    both = told.groupby(["branch_id", "held_by"]).sum(numeric_only=True)
    counted = (
        *(_OF_POSTINGS if channels.customers is not None else ()),
        *(_OF_OPENED if channels.ebank is not None else ()),
    )
    parts: list[dict[str, Any]] = []
    for home, held_by, name in zip(sums["branch_id"], sums["held_by"], sums["branch_name"], strict=True):
        county = held_by and not home and name == terms.WHOLE_COUNTY_NAME
        found, key = (side, held_by) if county else (both, (home, held_by)) if held_by else (branch, home)
        row = found.loc[key] if key in found.index else None
        parts.append({column: 0 if row is None else int(row[column]) for column in counted})
    added = pd.DataFrame(parts, index=sums.index, columns=list(_COUNTED)).astype("Int64")
    active = added["active"].mask(added["unknown"] > 0)
    return sums.assign(
        replaced_postings=added["replaced"],
        counter_postings=added["counter"],
        channel_share=_share(added["replaced"], added["replaced"] + added["counter"]),
        monthly_users=added["used"],
        ebank_customers=added["opened"],
        ebank_active=active,
        ebank_share=_share(active, added["opened"]),
    )


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).astype("float64")


def county_share(everyone: pd.DataFrame, channels: Channels) -> dict[str, float | None]:
    """The county's own 替代率 and 动户率, for the line of totals."""
    told = _by_customer(everyone, channels)[list(_COUNTED)].sum()
    known = int(told["replaced"] + told["counter"])
    users = int(told["opened"]) if not told["unknown"] else 0
    return {
        "channel_share": int(told["replaced"]) / known if known else None,
        "ebank_share": int(told["active"]) / users if users else None,
    }


def _by_customer(everyone: pd.DataFrame, channels: Channels) -> pd.DataFrame:
    told = everyone[["customer_id"]].copy()
    classed = everyone["group"].notna().to_numpy()
    for columns, frame in (
        (("replaced", "counter", "used"), channels.customers),
        (("opened", "active"), channels.ebank),
    ):
        for column in columns:
            told[column] = 0 if frame is None else told["customer_id"].map(frame[column])
    told["unknown"] = (told["opened"].eq(True) & told["active"].isna() & classed).astype("int64")
    for column in ("replaced", "counter"):
        told[column] = told[column].fillna(0).astype("int64")
    for column in ("used", "opened", "active"):
        told[column] = (told[column].eq(True).fillna(False) & classed).astype("int64")
    return told.assign(branch_id=everyone["branch_id"].fillna(""))

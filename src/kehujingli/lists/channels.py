"""How much of a branch's business goes through electronic and self-service channels, and how many customers use one? 替代率 and 月活 beside its other sums.

Rates are rolled up from the postings, never averaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kehujingli import terms

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.measures.channels import Channels

OF_CHANNELS = ("channel_share", "monthly_users")
"""What is told of a branch's channels: 替代率, 月活."""
KEPT = ("replaced_postings", "counter_postings", *OF_CHANNELS)
"""The same with the postings that 替代率 is the share of."""


def with_channels(
    sums: pd.DataFrame, everyone: pd.DataFrame, sides: pd.Series | None, channels: Channels
) -> pd.DataFrame:
    """``sums`` (``branch_rows``) with ``OF_CHANNELS``, and replaced_postings and counter_postings, whose share 替代率 is; missing where no posting tells a channel.

    ``everyone``, ``sides`` as ``branch_rows`` has them. Postings are counted of all, 月活 of who is in a class.
    """
    import pandas as pd

    if channels.customers is None:
        nothing = pd.array([pd.NA] * len(sums), "Int64")
        return sums.assign(
            replaced_postings=nothing, counter_postings=nothing, channel_share=float("nan"), monthly_users=nothing
        )
    told = _by_customer(everyone, channels)
    told["held_by"] = "" if sides is None else sides
    branch = told.groupby("branch_id").sum(numeric_only=True)
    side = told.groupby("held_by").sum(numeric_only=True)
    both = told.groupby(["branch_id", "held_by"]).sum(numeric_only=True)
    parts: list[dict[str, Any]] = []
    for home, held_by, name in zip(sums["branch_id"], sums["held_by"], sums["branch_name"], strict=True):
        county = held_by and not home and name == terms.WHOLE_COUNTY_NAME
        found, key = (side, held_by) if county else (both, (home, held_by)) if held_by else (branch, home)
        row = found.loc[key] if key in found.index else None
        parts.append({column: 0 if row is None else int(row[column]) for column in ("replaced", "counter", "used")})
    added = pd.DataFrame(parts, index=sums.index, columns=["replaced", "counter", "used"])
    known = added["replaced"] + added["counter"]
    return sums.assign(
        replaced_postings=added["replaced"].astype("Int64"),
        counter_postings=added["counter"].astype("Int64"),
        channel_share=(added["replaced"] / known.where(known > 0)).astype("float64"),
        monthly_users=added["used"].astype("Int64"),
    )


def county_share(everyone: pd.DataFrame, channels: Channels) -> dict[str, float | None]:
    """The county's own 替代率, for the line of totals."""
    if channels.customers is None:
        return {"channel_share": None}
    told = _by_customer(everyone, channels)
    replaced, known = int(told["replaced"].sum()), int(told["replaced"].sum() + told["counter"].sum())
    return {"channel_share": replaced / known if known else None}


def _by_customer(everyone: pd.DataFrame, channels: Channels) -> pd.DataFrame:
    assert channels.customers is not None
    told = everyone[["customer_id"]].join(channels.customers, on="customer_id")
    for column in ("replaced", "counter"):
        told[column] = told[column].fillna(0).astype("int64")
    told["used"] = (told["used"].eq(True) & everyone["group"].notna()).astype("int64")
    return told.assign(branch_id=everyone["branch_id"].fillna(""))

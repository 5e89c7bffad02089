"""Through what did customers do their business this month? Postings by channel: electronic, self-service, counter, batch, or not understood."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kehujingli.errors import Finding, finding
from kehujingli.measures.activity import matches, nothing_done
from kehujingli.measures.collected import to_pandas
from kehujingli.periods import Period

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.models import Activity, ChannelWords

KINDS = ("batch", "self_service", "electronic", "counter")
"""Of words that are as long, the first of these decides."""
_SHOWN = 5


@dataclass(frozen=True)
class Channels:
    """``ebank``: by customer_id whether a channel is ``opened`` and ``active``; nothing where there is no 电子渠道.

    ``customers``: by customer_id the month's postings ``replaced`` (electronic and self-service), ``counter`` and ``used`` (whether money
    went out through an electronic channel); nothing where no posting tells a channel."""

    customers: pd.DataFrame | None
    findings: tuple[Finding, ...] = ()
    ebank: pd.DataFrame | None = None


def channel_kind(channel: str, words: ChannelWords) -> str:
    """The kind of a channel: that of the longest word of the rules within it; a word of digits is a code, and is all of it. Empty where there is none."""
    text, found = _plain(channel), (0, "")
    for kind in KINDS:
        for word in map(_plain, getattr(words, kind)):
            if len(word) > found[0] and (word == text if word.isdigit() else word in text):
                found = (len(word), kind)
    return found[1]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def channels(postings: Any, activity: Activity, words: ChannelWords, period: Period) -> Channels:
    """Of the period's month, what activity counts as the customer's own doing; ``used`` also of transfers between her own accounts."""
    frame = nw.from_native(postings)
    if "channel" not in frame.collect_schema().names():
        return Channels(None)
    month = frame.filter(nw.col("month") == period.month, ~nw.col("reversed")).select(
        "customer_id",
        "channel",
        made=nw.when(nw.col("own")).then(0).otherwise(1),
        paid=nw.when(nw.col("deposit") & (nw.col("signed") < 0)).then(1).otherwise(0),
        nothing=nothing_done(activity.exclude) | matches(activity.passive),
    )
    sums = month.filter(~nw.col("nothing")).group_by("customer_id", "channel").agg(nw.col("made", "paid").sum())
    rows = to_pandas(sums).astype({"made": "int64", "paid": "int64"})
    rows["channel"] = rows["channel"].fillna("").astype("str").str.strip()
    if not bool((rows["channel"] != "").any()):
        return Channels(None)
    kinds = {channel: channel_kind(channel, words) for channel in sorted(rows["channel"].unique())}
    kind = rows["channel"].map(kinds)
    each = rows[["customer_id"]].assign(
        replaced=rows["made"].where(kind.isin(["self_service", "electronic"]), 0),
        counter=rows["made"].where(kind == "counter", 0),
        used=(kind == "electronic") & (rows["paid"] > 0),
    )
    customers = each.groupby("customer_id").agg({"replaced": "sum", "counter": "sum", "used": "any"})
    return Channels(customers, tuple(_unclear(rows[kind == ""].groupby("channel")["made"].sum().to_dict())))


def _unclear(made: Mapping[str, int]) -> Sequence[Finding]:
    """Postings that are in neither part of 替代率, for their channel is blank or no word of the rules."""
    counts = sorted(((count, channel) for channel, count in made.items() if count), key=lambda one: (-one[0], one[1]))
    if not counts:
        return []
    shown = [
        f"“{channel}”（{count:,} 笔）" if channel else f"空着（{count:,} 笔）" for count, channel in counts[:_SHOWN]
    ]
    said = "、".join(shown) + ("等" if len(counts) > _SHOWN else "")
    return [finding("segment.channel-unknown", count=sum(count for count, _ in counts), words=said)]

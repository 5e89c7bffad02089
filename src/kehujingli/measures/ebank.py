"""Who has an electronic channel open, and who used one this month? By customer, from the snapshot 电子渠道; where it tells no use, from the postings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, date_of
from kehujingli.tables.closed import plain_word

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5


def with_ebank(
    used: pd.DataFrame | None, rows: pd.DataFrame, closing: Sequence[str], period: Period
) -> tuple[pd.DataFrame | None, list[Finding]]:
    """By customer_id what has been opened and not ended by the period's last day (all True in ``opened``), and ``active``: whether one was used
    within the month, missing where nobody can know.

    ``used``: ``Channels.customers``, who paid through one; ``rows``: the period's snapshot of 电子渠道; ``closing``: words of 状态 for what is
    closed. Nothing where there is no row. A use on a later day hides those before it; a snapshot taken before the month tells none of it.
    """
    import pandas as pd

    if rows.empty:
        return None, []
    held = rows[~_after(rows["opened_on"], period.last) & ~_until(rows["closed_on"], period.last)]
    held = held[~ended(held["status"], closing)]
    paid = held["customer_id"].map(used["used"]).eq(True) if used is not None else pd.Series(False, held.index)
    told = [*_unclear(_odd(held["status"]))]
    if not bool(rows["last_used"].notna().any()):
        active = paid.astype("boolean") if used is not None else pd.Series(pd.NA, held.index, dtype="boolean")
        return _each(held, active), told
    here = held["last_used"].between(period.first, period.last).fillna(False) | paid
    later = _after(held["last_used"], period.last) & ~here
    early = (held["snapshot"] < period.first).fillna(False) & ~here
    if bool(later.any()):
        told.append(finding("segment.ebank-later", count=int(held.loc[later, "customer_id"].nunique())))
    if bool((rows["snapshot"] < period.last).any()):
        told.append(finding("segment.ebank-early", day=date_of(int(rows["snapshot"].min()))))
    return _each(held, here.astype("boolean").mask(later | early)), told


def _each(held: pd.DataFrame, active: pd.Series) -> pd.DataFrame:
    """A customer of whom one channel is known to have been used is active, whatever of the others cannot be known."""
    import pandas as pd

    whole = pd.DataFrame({"customer_id": held["customer_id"], "here": active.eq(True), "open": active.isna()})
    each = whole.groupby("customer_id").any()
    return pd.DataFrame({"opened": True, "active": each["here"].astype("boolean").mask(each["open"] & ~each["here"])})


def _after(days: pd.Series, last: int) -> pd.Series:
    return (days > last).fillna(False).astype(bool)


def _until(days: pd.Series, last: int) -> pd.Series:
    return (days <= last).fillna(False).astype(bool)


def ended(status: pd.Series, closing: Sequence[str] = terms.CLOSED_STATUSES) -> pd.Series:
    """Whether a 状态 says that the contract holds no more; ``closing``: words for what is closed, beside those of contracts."""
    shut = {plain_word(word) for word in (*closing, *terms.ENDED_CONTRACTS)}
    return (
        status.map(lambda word: plain_word(str(word)) in shut, na_action="ignore").eq(True).fillna(False).astype(bool)
    )


def as_holdings(rows: pd.DataFrame) -> pd.DataFrame:
    """Channels that their 状态 does not call ended, as 产品签约 has them: customer_id, product, signed_on, closed_on."""
    live = rows[~ended(rows["status"])] if "status" in rows else rows
    own = live[["customer_id", "channel", "opened_on", "closed_on"]]
    return own.rename(columns={"channel": "product", "opened_on": "signed_on"})


def _odd(status: pd.Series) -> dict[str, int]:
    """Words that say neither that it holds nor that it has ended, with their rows."""
    counts = status.value_counts()
    return {str(word): int(count) for word, count in counts.items() if plain_word(str(word)) not in terms.OPEN_STATUSES}


def _unclear(counts: dict[str, int]) -> Iterator[Finding]:
    if counts:
        common = sorted(counts, key=lambda word: (-counts[word], word))
        shown = "、".join(f"“{word}”（{counts[word]:,} 行）" for word in common[:_SHOWN])
        more = "等" if len(common) > _SHOWN else ""
        yield finding("segment.ebank-status", count=sum(counts.values()), words=shown + more)

"""Did last month's signals come true, and how often does the same happen without one? The ledger that a month keeps, and the record of all months.

Each kind says what coming true means (``TRUTHS``); the base rate is the share of those who could have shown the signal and did not, in whom the
same happened. A kind that does worse than its base rate says nothing until the rules say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kehujingli.periods import Period
from kehujingli.studies.classes.forecast import kinds
from kehujingli.studies.signs.detected import KINDS, Facts, Rules, Seen, fell, loans_by_state, lost
from kehujingli.values import among, places

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.studies.signs.detected import Flags

QUIET, RAISED, LISTED = "quiet", "raised", "listed"
"""What the ledger says of a customer and a kind: could have shown it, showed it, showed it and stood on a manager's list."""
RECORD = ("kind", "month", "raised", "came", "others", "happened")
"""A kind's signals of one month: how many that could be judged, how many came true; the others, and in how many the same happened."""
_LESS = "下月末存款比信号那个月末少三成（办法 drop）以上，或已不是客户"
TRUTHS = {
    "past_due": "下月末还有逾期贷款",
    "outflow": "下月末存款仍不到流出前的七成（1 − 办法 drop），或已不是客户",
    "drawdown": _LESS,
    "inflow": _LESS,
    "deposit_due": _LESS,
    "loan_due": "下月末有逾期贷款",
    "fall": "下月的户群休眠、降级或往来减少",
    "other_bank": _LESS,
    "round_trip": "下个月月末又进、下下月月初又出",
    "salary": "下月还有代发进账",
}
STATES = {
    "speaks": "说",
    "new": "说，还没有应验可比",
    "few": "说，信号太少不比",
    "below": "沉默：应验率低于基准率",
    "spoken": "低于基准率，办法要说",
    "silent": "沉默：办法不要",
    "lacking": "缺",
}


@dataclass(frozen=True)
class Proof:
    """What became of last month's signals. ``lines``: as ``RECORD``; ``rows``: customer_id, kind, listed, came, one a signal that could be judged."""

    lines: pd.DataFrame
    rows: pd.DataFrame


def ledger(facts: Facts, found: Mapping[str, Seen], listed: Mapping[str, Flags]) -> pd.DataFrame:
    """One row a customer: customer_id, opening (what there was before the month, 分) and one column a kind; a kind that was not judged is missing in all."""
    import numpy as np
    import pandas as pd

    words = np.array([None, QUIET, RAISED, LISTED], dtype=object)
    states: dict[str, Any] = {}
    for kind in KINDS:
        seen = found.get(kind)
        if seen is None:
            states[kind] = pd.Series(None, index=range(len(facts.classes)), dtype="object")
            continue
        steps = seen.eligible.astype("int8")
        steps[seen.raised], steps[listed[kind]] = 2, 3
        states[kind] = words[steps]
    opening = facts.deposits if "outflow" not in found else found["outflow"].base
    return pd.DataFrame({"customer_id": facts.classes["customer_id"].to_numpy(), "opening": opening, **states})


def proof(
    kept: pd.DataFrame | None,
    before: pd.DataFrame | None,
    facts: Facts,
    found: Mapping[str, Seen],
    merges: pd.DataFrame | None,
    rules: Rules,
    period: Period,
) -> Proof:
    """``kept``: the ledger of the month before ``period``, ``before``: its classes; ``facts``, ``found``: this month's."""
    import pandas as pd

    lines, rows = [], []
    if kept is not None and before is not None:
        past = _Past.of(kept, before, facts, merges)
        for kind, (known, came) in _outcomes(past, facts, found, rules, period).items():
            state = past.ledger[kind]
            quiet = (state == QUIET).fillna(False).to_numpy(dtype=bool)
            shown, others = state.notna().to_numpy(dtype=bool) & ~quiet & known, quiet & known
            if not shown.any() and not others.any():
                continue
            counts = [int(mask.sum()) for mask in (shown, shown & came, others, others & came)]
            lines.append((kind, period.back(1).name, *counts))
            some = past.ledger.loc[shown, ["customer_id"]]
            rows.append(some.assign(kind=kind, listed=(state[shown] == LISTED).to_numpy(), came=came[shown]))
    none = pd.DataFrame(columns=["customer_id", "kind", "listed", "came"])
    table = pd.DataFrame(lines, columns=list(RECORD)).astype(dict.fromkeys(RECORD[2:], "int64"))
    return Proof(table, pd.concat(rows, ignore_index=True) if rows else none)


@dataclass(frozen=True)
class _Past:
    """The ledger beside what it was about: ``place``: where each customer stands in this month's classes (−1: nowhere); ``known``: not merged into
    another number; ``deposits``: what there was when the signals were raised."""

    ledger: pd.DataFrame
    place: Any
    known: Flags
    deposits: Any
    before: pd.DataFrame

    @classmethod
    def of(cls, ledger: pd.DataFrame, before: pd.DataFrame, facts: Facts, merges: pd.DataFrame | None) -> _Past:
        ledger = ledger.reindex(columns=["customer_id", "opening", *KINDS])
        place = places(ledger["customer_id"], facts.classes["customer_id"])
        there = places(ledger["customer_id"], before["customer_id"])
        known = there >= 0
        if merges is not None:
            known = known & ~among(ledger["customer_id"], merges["customer_id"])
        then = before[["deposit_balance", "frequency", "scale"]].take(there.clip(min=0)).reset_index(drop=True)
        deposits = then["deposit_balance"].fillna(0).to_numpy(dtype="int64")
        return cls(ledger, place, known, deposits, then)

    def now(self, values: Any, gone: Any) -> Any:
        """This month's of each; ``gone`` of who is not in it."""
        import numpy as np

        return np.append(values, gone)[self.place]


def _outcomes(
    past: _Past, facts: Facts, found: Mapping[str, Seen], rules: Rules, period: Period
) -> dict[str, tuple[Flags, Flags]]:
    """Kind → of whom it can be said whether it came true, and whether it did."""
    deposits = past.now(facts.deposits, 0)
    gone = past.place < 0
    drop = float(rules.drop)
    less = gone | (lost(deposits, past.deposits) >= drop)
    had = past.known & (past.deposits > 0)
    told: dict[str, tuple[Flags, Flags]] = dict.fromkeys(
        ("drawdown", "inflow", "deposit_due", "other_bank"), (had, less)
    )
    opening = past.ledger["opening"].fillna(0).to_numpy(dtype="int64")
    told["outflow"] = (past.known & (opening > 0), gone | (lost(deposits, opening) > drop))
    if facts.loans is not None:
        late = facts.placed(loans_by_state(facts.loans, period.last, period.last)[0], "balance") > 0
        told["past_due"] = told["loan_due"] = (past.known, past.now(late, gone=False))
    still = past.known & ~gone
    told["fall"] = (still, _class_fell(past, facts))
    if "round_trip" in found:
        told["round_trip"] = (still, past.now(found["round_trip"].raised, gone=False))
    if "salary" in found:
        paid = found["salary"].now > 0
        told["salary"] = (still, past.now(paid, gone=False))
    return {kind: told[kind] for kind in KINDS if kind in told}


def _class_fell(past: _Past, facts: Facts) -> Flags:
    then, now = past.before, facts.classes
    both = then[["frequency", "scale"]].assign(
        **{f"{name}_now": past.now(now[name].to_numpy(dtype=object), None) for name in ("frequency", "scale")}
    )
    return fell(kinds(both, "", "_now"))


def standing_of(
    record: pd.DataFrame, found: Mapping[str, Seen], rules: Rules, period: Period
) -> dict[str, dict[str, Any]]:
    """Kind → months, raised, came, others, happened of the last months; hit and base (None where nothing is known) and its state (``STATES``)."""
    first = period.back(rules.record_months).name
    lately = record[(record["month"] >= first) & (record["month"] < period.name)]
    told = {}
    for kind in KINDS:
        own = lately[lately["kind"] == kind]
        raised, came, others, happened = (int(own[name].sum()) for name in RECORD[2:])
        hit, base = (came / raised if raised else None), (happened / others if others else None)
        below = raised >= rules.record_least and hit is not None and base is not None and hit < base
        if kind not in found:
            state = "lacking"
        elif kind in rules.silent:
            state = "silent"
        elif below:
            state = "spoken" if kind in rules.speak else "below"
        elif raised == 0:
            state = "new"
        else:
            state = "speaks" if raised >= rules.record_least and base is not None else "few"
        told[kind] = {
            "months": own["month"].nunique(),
            "all_raised": raised,
            "all_hit": hit,
            "all_base": base,
            "state": state,
        }
    return told


def speaking(standing: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Kinds that are told to managers."""
    return [kind for kind, told in standing.items() if told["state"] in ("speaks", "new", "few", "spoken")]

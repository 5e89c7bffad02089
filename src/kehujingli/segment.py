"""Who is a frequent, a mobile, a dormant customer; who is large, medium, small? 分类: frequency × scale, and the 客群.

Definitions: contract, "Classes". Months are whole calendar months; thresholds come from the rules and are returned with the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, day_of, month_start
from kehujingli.tables.closed import NONE_CLOSED, Closed, parted
from kehujingli.tables.industry import industry_kinds, told_often
from kehujingli.tables.ties import Ties
from kehujingli.values import among, in_order

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.rules import ScaleRules, SegmentRules
    from kehujingli.rules.models import ScaleBounds

DEPOSIT_MEASURES = ("average_deposit", "average_deposit_month", "average_deposit_year", "deposit_balance")
_SCALES = ("small", "medium", "large")


@dataclass(frozen=True)
class Segmented:
    """``customers``: one row a customer, sorted by customer_id, measures and classes; ``thresholds``: what they were told by.

    ``closed``: the measures of those who have closed everything and are in no class; their money still counts for who held them.
    """

    customers: pd.DataFrame
    thresholds: Mapping[str, Any]
    findings: tuple[Finding, ...]
    closed: pd.DataFrame

    @property
    def everyone(self) -> pd.DataFrame:
        """``customers`` with those in no class, whose classes are missing: what money is summed over."""
        import pandas as pd

        if self.closed.empty:
            return self.customers
        return pd.concat([self.customers, self.closed]).sort_values("customer_id", ignore_index=True)

    def counts(self) -> dict[str, dict[str, int]]:
        """Customers by frequency, by scale and by group, every class named even where it has nobody."""
        frame = self.customers
        groups = frame["group"].value_counts()
        return {
            "frequency": {key: int((frame["frequency"] == key).sum()) for key in terms.FREQUENCIES},
            "scale": {key: int((frame["scale"] == key).sum()) for key in terms.SCALES},
            "groups": {f"{f}/{s}": int(groups.get(f"{f}/{s}", 0)) for f in terms.FREQUENCIES for s in terms.SCALES},
        }


def segment(
    customers: pd.DataFrame,
    measures: pd.DataFrame,
    ties: Ties,
    rules: SegmentRules,
    period: Period,
    previous: pd.DataFrame | None = None,
    closed: Closed = NONE_CLOSED,
) -> Segmented:
    """Classify every customer.

    ``customers``: the customers table; ``measures``: one row a customer (see ``measures``); ``previous``: the classes of the month
    before (customer_id, frequency, scale, group, below), for changes and for the buffer before a downgrade; ``closed``: whom the
    customer file calls closed: without a balance or a loan they are in no class.
    """
    frame = customers.drop(columns=["part", "row", "snapshot", "data_date"], errors="ignore").merge(
        measures, on="customer_id", how="inner"
    )
    frame = in_order(frame, "customer_id")
    frame, left, told = parted(frame, closed, ties.loans)
    known_type = frame["customer_type"].notna()
    marks = _classes(frame, ties, rules, period, previous)
    frame["customer_group"] = customer_groups(frame, rules.industry_words)
    frame["industry_kind"] = industry_kinds(frame["industry"], rules.industry_kinds)
    changes(frame, previous)
    frame["marks"] = marks.joined()
    findings = [*told, *_findings(frame, rules, known_type)]
    return Segmented(frame, thresholds(rules, period), tuple(findings), left)


def classed(
    customers: pd.DataFrame,
    measures: pd.DataFrame,
    ties: Ties,
    rules: SegmentRules,
    period: Period,
    previous: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The classes alone, as ``segment`` gives them where the customer file calls nobody closed: no 客群, changes, marks or findings."""
    frame = in_order(customers.merge(measures, on="customer_id", how="inner"), "customer_id")
    _classes(frame, ties, rules, period, previous)
    return frame


def _classes(
    frame: pd.DataFrame, ties: Ties, rules: SegmentRules, period: Period, previous: pd.DataFrame | None
) -> _Marks:
    """Sets frequency, scale, group and what goes with them; the marks of how they came about."""
    inactive, marks = _dormancy(frame, ties, rules, period)
    frame["frequency"] = _frequency(frame, inactive, rules)
    _scale(frame, rules, marks, previous)
    frame["group"] = frame["frequency"] + "/" + frame["scale"]
    return marks


class _Marks:
    """Words for the column 标记, collected in order."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._words: dict[int, list[str]] = {}

    def add(self, where: npt.NDArray[np.bool_], word: str) -> None:
        for index in where.nonzero()[0].tolist():
            self._words.setdefault(index, []).append(word)

    def joined(self) -> list[str]:
        said = [""] * self._length
        for index, words in self._words.items():
            said[index] = "、".join(words)
        return said


def _dormancy(
    frame: pd.DataFrame, ties: Ties, rules: SegmentRules, period: Period
) -> tuple[npt.NDArray[np.bool_], _Marks]:
    """Whether each customer is dormant, and the marks of those that only a deposit, a contract or their newness keeps from it."""
    marks = _Marks(len(frame))
    quiet = (
        frame["last_active"].isna() | (frame["last_active"] < period.window_first(rules.frequency.dormant.idle_months))
    ).to_numpy(dtype=bool)
    ids = frame["customer_id"]
    is_new = opened_lately(frame["opened_on"], rules, period)
    has_loan = among(ids, ties.loans)
    has_term = among(ids, ties.term_deposits) & rules.frequency.dormant.keep_term_deposits
    has_contract = among(ids, ties.contracts) & rules.frequency.dormant.keep_contracts
    marks.add(is_new, "新户")
    marks.add(quiet & has_term, "定期存续")
    marks.add(quiet & has_contract, "合约存续")
    dormant = quiet & ~is_new & ~has_loan & ~has_term & ~has_contract
    marks.add(quiet & ~dormant, "无主动交易")
    return dormant, marks


def opened_lately(opened_on: pd.Series, rules: SegmentRules, period: Period) -> npt.NDArray[np.bool_]:
    """Opened within ``new_within_months`` calendar months, the period's own included."""
    first = day_of(month_start(period.month - rules.new_within_months + 1))
    recent: npt.NDArray[np.bool_] = (opened_on >= first).fillna(False).to_numpy(dtype=bool)
    return recent & (rules.new_within_months > 0)


def _frequency(frame: pd.DataFrame, dormant: npt.NDArray[np.bool_], rules: SegmentRules) -> Any:
    import numpy as np

    bar = rules.frequency.frequent
    often = (frame["active_months"] >= bar.active_months) & (frame["transactions"] >= bar.transactions)
    often &= (frame["idle_days"] <= bar.idle_days).fillna(False)
    return np.where(often.to_numpy(dtype=bool), "frequent", np.where(dormant, "dormant", "mobile"))


def _scale(frame: pd.DataFrame, rules: SegmentRules, marks: _Marks, previous: pd.DataFrame | None) -> None:
    """scale_amount, scale, below (periods in a row under the bound) and to_next_scale."""
    import numpy as np
    import pandas as pd

    measures = list(rules.scale.measure)
    known = frame[measures].notna()
    told = known.columns[known.any()]  # a measure that nobody has is a finding, not a mark on everybody
    amount = frame[measures].fillna(0).sum(axis=1).astype("Int64")
    marks.add(~known[told].all(axis=1).to_numpy(), "依据不全")
    frame["scale_amount"] = amount.where(known.any(axis=1))
    apart = sides(frame, rules.scale)
    raw = np.max([side.level for side in apart], axis=0)
    level, below = raw.copy(), np.zeros(len(frame), dtype="int64")
    if previous is not None and rules.scale.downgrade_after > 1:
        before = frame[["customer_id"]].merge(previous[["customer_id", "scale", "below"]], on="customer_id", how="left")
        old = (
            before["scale"]
            .map({name: index for index, name in enumerate(_SCALES)})
            .fillna(-1)
            .astype("int64")
            .to_numpy()
        )
        count = before["below"].fillna(0).astype("int64").to_numpy() + 1
        buffered = (raw < old) & (count < rules.scale.downgrade_after)
        level, below = np.where(buffered, old, raw), np.where(buffered, count, 0)
        for step in np.unique(below[buffered]):
            marks.add(buffered & (below == step), f"缓冲{step}")
    frame["scale"] = np.array(_SCALES, dtype=object)[level]
    frame["below"] = below
    short = np.min([side.short_of_next(level) for side in apart], axis=0)
    frame["to_next_scale"] = pd.arrays.IntegerArray(np.where(level < 2, short, 0), level == 2)


@dataclass(frozen=True)
class Side:
    """An amount of every customer that is classed by itself, and the bounds that her type has for it (分)."""

    amount: npt.NDArray[np.int64]
    medium: npt.NDArray[np.int64]
    large: npt.NDArray[np.int64]

    @property
    def level(self) -> npt.NDArray[np.int64]:
        """0 small, 1 medium, 2 large."""
        return (self.amount >= self.medium).astype("int64") + (self.amount >= self.large)

    def short_of_next(self, level: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """What this side alone would need for the level after ``level``, whichever side, or buffer, that comes from."""
        import numpy as np

        return np.where(level == 0, self.medium, self.large) - self.amount


def sides(frame: pd.DataFrame, rules: ScaleRules) -> list[Side]:
    """The sum of the measures, or with ``combine = "max"`` deposits and loans apart."""
    types = frame["customer_type"].fillna("person")
    if rules.combine == "sum":
        return [_side(frame["scale_amount"], types, rules.bounds)]
    found = []
    for names, bounds in (((*DEPOSIT_MEASURES,), rules.bounds), (("average_loan", "loan_balance"), rules.loan_bounds)):
        measures = [name for name in rules.measure if name in names]
        if measures and bounds is not None:
            found.append(_side(frame[measures].fillna(0).sum(axis=1), types, bounds))
    return found


def _side(amount: pd.Series, types: pd.Series, bounds: ScaleBounds) -> Side:
    import numpy as np
    import pandas as pd

    kind = pd.Categorical(types, categories=list(terms.CUSTOMER_TYPES)).codes
    medium, large = (
        np.array([_cents(getattr(bounds.of(key), level)) for key in terms.CUSTOMER_TYPES], dtype="int64")[kind]
        for level in ("medium", "large")
    )
    return Side(amount.fillna(0).astype("int64").to_numpy(), medium, large)


def _cents(yuan: Decimal) -> int:
    return int(yuan * 100)


def customer_groups(frame: pd.DataFrame, words: Mapping[Any, tuple[str, ...]]) -> Any:
    """客群: from type and flags, else from industry words, else unknown."""
    import numpy as np

    kind = frame["customer_type"].astype("object").where(frame["customer_type"].notna(), "")
    industry = frame["industry"].fillna("")

    def speaks(group: str) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(frame), dtype=bool)
        for word in words.get(group, ()):
            found |= industry.str.contains(word, regex=False).to_numpy(dtype=bool)
        return found

    rural, farming = (frame[column].astype("object") for column in ("rural", "agriculture"))
    person, business = ((kind == name).to_numpy() for name in ("person", "business"))
    unknown_type = (kind == "").to_numpy()
    village = frame["village"].notna().to_numpy()
    is_rural, not_rural = ((rural == value).to_numpy(dtype=bool) for value in (True, False))
    said_nothing = ~is_rural & ~not_rural
    choices = [
        ((kind == "public").to_numpy(), "public"),
        ((kind == "sole_trader").to_numpy(), "sole_trader"),
        (business & ((farming == True).to_numpy(dtype=bool) | speaks("agribusiness")), "agribusiness"),  # noqa: E712 - an object column of True, False and missing
        (business, "enterprise"),
        ((person | unknown_type) & is_rural, "farmer"),
        (person & not_rural, "resident"),
        (person & said_nothing & (village | speaks("farmer")), "farmer"),
        (person & said_nothing & speaks("resident"), "resident"),
        (speaks("sole_trader"), "sole_trader"),
    ]
    return np.select([mask for mask, _ in choices], [group for _, group in choices], default="unknown")


def changes(frame: pd.DataFrame, previous: pd.DataFrame | None) -> None:
    """Sets previous_group and change: new, woken, asleep, up, down or same; empty where there is no month before."""
    import numpy as np

    if previous is None:
        frame["previous_group"], frame["change"] = None, None
        return
    before = frame[["customer_id"]].merge(
        previous[["customer_id", "frequency", "scale", "group"]], on="customer_id", how="left", suffixes=("", "_before")
    )
    rank = {name: index for index, name in enumerate(_SCALES)}
    old, new = (column.map(rank).astype("float64") for column in (before["scale"], frame["scale"]))  # also of nobody
    is_new = before["group"].isna().to_numpy()
    slept, sleeps = (before["frequency"] == "dormant").to_numpy(), (frame["frequency"] == "dormant").to_numpy()
    frame["previous_group"] = before["group"].astype("object").where(~is_new, None)
    frame["change"] = np.select(
        [is_new, slept & ~sleeps, ~slept & sleeps, (new > old).to_numpy(), (new < old).to_numpy()],
        ["new", "woken", "asleep", "up", "down"],
        default="same",
    )


def _findings(frame: pd.DataFrame, rules: SegmentRules, known_type: pd.Series) -> Iterable[Finding]:
    labels = {"average_deposit": "日均存款"}
    unknown = frame[list(rules.scale.measure)].isna()
    counts = {name: int(count) for name, count in unknown.sum().items() if count}
    if counts:
        said = {name: labels.get(str(name)) or terms.label(str(name)) for name in counts}
        each = (
            [f"{said[name]}（{count} 户）" for name, count in counts.items()] if len(counts) > 1 else [*said.values()]
        )
        needed = ("贷款台账" if "loan" in str(name) else "存款账户（带余额）或更早的流水" for name in counts)
        yield finding(
            "segment.no-scale-data",
            count=int(unknown.any(axis=1).sum()),
            measure="、".join(each),
            needed="、".join(dict.fromkeys(needed)),
        )
    if not bool(known_type.all()):
        yield finding("segment.type-unknown", count=int((~known_type).sum()))
    groupless = int((frame["customer_group"] == "unknown").sum())
    if groupless:
        yield finding("segment.group-unknown", count=groupless)
    unread = frame.loc[frame["industry_kind"] == terms.OTHER_INDUSTRY, "industry"]
    if len(unread):
        yield finding("segment.industry-other", count=len(unread), words=told_often(unread))


def thresholds(rules: SegmentRules, period: Period) -> dict[str, Any]:
    """The numbers that decided, as they are printed on 口径 and kept with the result."""
    frequent, dormant, scale = rules.frequency.frequent, rules.frequency.dormant, rules.scale
    return {
        "as_of": period.as_of.isoformat(),
        "window_months": rules.window_months,
        "frequent": {
            "active_months": frequent.active_months,
            "transactions": frequent.transactions,
            "idle_days": frequent.idle_days,
        },
        "dormant": {
            "idle_months": dormant.idle_months,
            "keep_term_deposits": dormant.keep_term_deposits,
            "keep_contracts": dormant.keep_contracts,
        },
        "new_within_months": rules.new_within_months,
        "scale": {
            "measure": list(scale.measure),
            "combine": scale.combine,
            "downgrade_after": scale.downgrade_after,
            "bounds": _told(scale.bounds),
            **({"loan_bounds": _told(scale.loan_bounds)} if scale.combine == "max" and scale.loan_bounds else {}),
        },
    }


def _told(bounds: ScaleBounds) -> dict[str, dict[str, str]]:
    found = {kind: bounds.of(kind) for kind in terms.CUSTOMER_TYPES}
    return {kind: {"medium": str(own.medium), "large": str(own.large)} for kind, own in found.items()}


def woken(
    active: pd.DataFrame, customers: pd.DataFrame, ties_then: Ties, rules: SegmentRules, period: Period
) -> list[str]:
    """Customers dormant at the end of the month before last and active in both months since, under the rules in force now.

    ``active``: customer_id and month of every month with activity since ``idle_months`` before then.
    """
    then = period.back(2)
    first = then.month - rules.frequency.dormant.idle_months + 1
    month = active["month"]
    back = set(active.loc[month == period.month, "customer_id"].tolist()) & set(
        active.loc[month == period.month - 1, "customer_id"].tolist()
    )
    awake = set(active.loc[(month >= first) & (month <= then.month), "customer_id"].tolist())
    tied = ties_then.loans
    tied |= ties_then.term_deposits if rules.frequency.dormant.keep_term_deposits else frozenset()
    tied |= ties_then.contracts if rules.frequency.dormant.keep_contracts else frozenset()
    was_new = set(customers["customer_id"][opened_lately(customers["opened_on"], rules, then)].tolist())
    return sorted(back - awake - tied - was_new)

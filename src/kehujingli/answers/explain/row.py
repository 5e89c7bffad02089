"""What rests on one row of an export? A month reckoned with it and without it, side by side: customers, managers' items, score and pay, branches.

Pure: the frames of both sides in, differences out, exact. Money of customers is 分 as int64, of items, pay and branches' pay 元 as ``Decimal``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import yuan
from kehujingli.lists.branches import BRANCH_MEASURES
from kehujingli.periods import date_of
from kehujingli.terms.masks import mask_name
from kehujingli.values import in_yuan, missing, plain, round_half_up

if TYPE_CHECKING:
    import pandas as pd

_CUSTOMER = (
    "average_deposit",
    "average_deposit_month",
    "average_deposit_year",
    "average_deposit_last_year",
    "average_deposit_same_period",
    "deposit_year_opening",
    "deposit_balance",
    "average_loan",
    "loan_balance",
    "loans",
    "worst_class",
    "active_months",
    "transactions",
    "turnover",
    "passive_transactions",
    "last_active",
    "idle_days",
    "marks",
    "scale_amount",
    "scale",
    "frequency",
    "customer_group",
    "holder_id",
    "branch_id",
)
"""What may differ of a customer, in this order; the class is said wherever any of it does."""
_SCORED = ("adjustment", "score", "rank", "gate", "reached", "remark")
_PAID = ("pay", "paid")
_DIGITS = 8
"""Of a ratio."""


@dataclass(frozen=True)
class Side:
    """A month as its lists have it; nothing where it has none. ``classes``: one row a customer, ``items``, ``scores``, ``pay`` of managers,
    ``branches``: 机构汇总 of customers."""

    classes: pd.DataFrame | None = None
    branches: pd.DataFrame | None = None
    items: pd.DataFrame | None = None
    scores: pd.DataFrame | None = None
    pay: pd.DataFrame | None = None


@dataclass(frozen=True)
class Change:
    """One figure of somebody with the row and without it. ``kind``: as ``terms`` has them, else an actual's style."""

    whose: str
    """customer, manager or branch."""
    who: str
    name: str
    key: str
    label: str
    kind: str
    having: Any
    lacking: Any
    codes: Mapping[str, str]

    @property
    def difference(self) -> Decimal | None:
        """With less without: what rests on the row; what one side has not counts as nothing there. Nothing where a figure is words."""
        pair = self.having, self.lacking
        if self.kind in ("text", "id", "date") or self.codes or all(map(missing, pair)):
            return None
        having, lacking = (Decimal(0) if missing(value) else self._number(value) for value in pair)
        return having - lacking

    def _number(self, value: Any) -> Decimal:
        if self.kind in ("yuan", "wan"):
            return in_yuan(value)
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        return round_half_up(number, _DIGITS) if self.kind in ("rate", "ratio") else number

    def said(self, value: Any) -> str:
        """As a terminal shows it."""
        if missing(value) or value == "":
            return "—"
        if self.codes:
            return self.codes.get(str(value), str(value))
        match self.kind:
            case "date":
                return date_of(int(value)).isoformat()
            case "text" | "id":
                return str(value)
            case "rate" | "ratio":
                return f"{plain(round_half_up(self._number(value) * 100, 4))}%"
            case "yuan" | "wan" | "amount" | "money":
                return f"{round_half_up(self._number(value), 2):,.2f} 元"
            case _:
                return format(self._number(value), "f")

    @property
    def said_difference(self) -> str:
        found = self.difference
        if not found and self.said(self.having) != self.said(self.lacking):
            return "不同"
        if found is None:
            return ""
        match self.kind:
            case "rate" | "ratio":
                shown = round_half_up(found * 100, 4)
                return f"{'+' if found > 0 else ''}{plain(shown)}%" if shown else "不到 0.0001%" if found else "0"
            case "yuan" | "wan" | "amount" | "money":
                return f"{round_half_up(found, 2):+,.2f} 元" if found else "0.00 元"
            case _:
                return f"{'+' if found > 0 else ''}{found:f}"

    def record(self) -> dict[str, Any]:
        found = self.difference
        return {
            "whose": self.whose,
            "who": self.who,
            "name": self.name,
            "key": self.key,
            "label": self.label,
            "with": self._plain(self.having),
            "without": self._plain(self.lacking),
            "difference": None if found is None else format(found, "f"),
        }

    def _plain(self, value: Any) -> str | None:
        if missing(value):
            return None
        if self.kind in ("yuan", "wan"):
            return yuan(int(value))
        if self.kind == "date":
            return date_of(int(value)).isoformat()
        return str(value) if self.codes or self.kind in ("text", "id") else format(self._number(value), "f")


@dataclass(frozen=True)
class Rests:
    """All that differs, by whom, in the order in which it came about."""

    changes: Sequence[Change]

    def of(self, whose: str) -> dict[str, list[Change]]:
        """Who → what differs."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            if change.whose == whose:
                found.setdefault(change.who, []).append(change)
        return found

    def total(self, key: str) -> Decimal:
        """Managers' differences of one figure, summed: points or 元."""
        return sum(
            (
                (change.difference or Decimal(0))
                for change in self.changes
                if change.key == key and change.whose == "manager"
            ),
            Decimal(0),
        )


def rests(having: Side, lacking: Side, *, unmask: bool = False) -> Rests:
    """What differs between the month with the row and without it."""
    return Rests([*_customers(having, lacking, unmask), *_managers(having, lacking), *_branches(having, lacking)])


def _customers(having: Side, lacking: Side, unmask: bool) -> Iterator[Change]:
    both = _Pair.of(having.classes, lacking.classes, ("customer_id",), (*_CUSTOMER, "group"))
    for key in both.differing(both.columns):
        one = both.either(key)
        name = str(one["customer_name"] or "") if "customer_name" in one else ""
        shown = name if unmask else mask_name(name, one.get("customer_type"))
        names = [column for column in both.columns if column != "group" and both.differs(key, column)]
        for column in [*names, "group"]:
            term = terms.term(column, "classes")
            yield Change(
                "customer", key[0], shown, column, term.label, term.kind, *both.values(key, column), term.codes
            )


def _managers(having: Side, lacking: Side) -> Iterator[Change]:
    items = _Pair.of(having.items, lacking.items, ("manager_id", "item_id"), ("actual", "target", "item_points"))
    scores = _Pair.of(_people(having.scores), _people(lacking.scores), ("manager_id",), _SCORED)
    pay = _Pair.of(having.pay, lacking.pay, ("manager_id", "branch_id"), _PAID)
    found: dict[str, list[Change]] = {}
    for key in items.differing(items.columns):
        found.setdefault(key[0], []).extend(_item(items, key))
    touched = {*found, *(key[0] for pair in (scores, pay) for key in pair.differing(pair.columns))}
    for who in sorted(touched):
        yield from found.get(who, ())
        # whoever won or lost points is told what became of score and pay, the others only what is not the same
        always = ("score", "pay") if who in found else ()
        for pair, table in ((scores, "scores"), (pay, "pay")):
            for key in pair.keys_of(who):
                yield from _figures(pair, key, table, always)


def _figures(pair: _Pair, key: tuple[str, ...], table: str, always: Sequence[str]) -> Iterator[Change]:
    one = pair.either(key)
    several = f"{one['branch_name'] or ''} " if table == "pay" and len(pair.keys_of(key[0])) > 1 else ""
    for column in pair.columns:
        if column in always or pair.differs(key, column):
            term, values = terms.term(column, table), pair.values(key, column)
            label, name = several + term.label, str(one["name"] or "")
            yield Change("manager", key[0], name, column, label, term.kind, *values, term.codes)


def _people(scores: pd.DataFrame | None) -> pd.DataFrame | None:
    """One row a person: the posts of one have one score."""
    return None if scores is None else scores.sort_values(["manager_id", "branch_id"]).drop_duplicates("manager_id")


def _item(items: _Pair, key: tuple[str, ...]) -> Iterator[Change]:
    one = items.either(key)
    for column in ("actual", "target", "item_points"):
        if items.differs(key, column) or (column == "item_points" and items.values(key, column) != (None, None)):
            kind = "points" if column == "item_points" else str(one["style"] or "number")
            label = f"{one['item']} {terms.label(column)}"
            values = items.values(key, column)
            yield Change("manager", key[0], str(one["name"] or ""), f"{key[1]}.{column}", label, kind, *values, {})


def _branches(having: Side, lacking: Side) -> Iterator[Change]:
    sums = _Pair.of(having.branches, lacking.branches, ("branch_id",), BRANCH_MEASURES)
    paid = _Pair.of(_paid(having.pay), _paid(lacking.pay), ("branch_id",), ("pay",))
    pairs = ((sums, "branch_sums"), (paid, "pay"))
    touched = sorted({key for pair, _ in pairs for key in pair.differing(pair.columns)})
    for key in touched:
        for pair, table in pairs:
            if not pair.has(key):
                continue
            name = str(pair.either(key)["branch_name"] or "")
            for column in pair.columns:
                if pair.differs(key, column):
                    term = terms.term(column, table)
                    yield Change(
                        "branch", key[0], name, column, term.label, term.kind, *pair.values(key, column), term.codes
                    )


def _paid(pay: pd.DataFrame | None) -> pd.DataFrame | None:
    """应发 of a branch's posts, summed."""
    if pay is None:
        return None
    import pandas as pd

    known = pay[pay["pay"].notna()]
    rows = [
        {"branch_id": branch, "branch_name": own["branch_name"].iloc[0], "pay": sum(own["pay"], Decimal(0))}
        for branch, own in known.groupby("branch_id", sort=True)
    ]
    return pd.DataFrame(rows, columns=["branch_id", "branch_name", "pay"])


@dataclass(frozen=True)
class _Pair:
    """Two frames by key, the same columns in both."""

    having: pd.DataFrame
    lacking: pd.DataFrame
    columns: Sequence[str]

    @classmethod
    def of(
        cls, having: pd.DataFrame | None, lacking: pd.DataFrame | None, keys: Sequence[str], columns: Sequence[str]
    ) -> _Pair:
        import pandas as pd

        there = [frame for frame in (having, lacking) if frame is not None]
        kept = [column for column in columns if all(column in frame for frame in there)]
        empty = pd.DataFrame(columns=[*keys, *(there[0].columns if there else ())]).loc[
            :, lambda f: ~f.columns.duplicated()
        ]
        sides = [_indexed(empty if frame is None else frame, keys) for frame in (having, lacking)]
        return cls(sides[0], sides[1], kept if there else [])

    def differing(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Keys of which any of these columns differs, or that only one side has, in order."""
        import numpy as np

        every = self.having.index.union(self.lacking.index)
        one, other = self.having.reindex(every), self.lacking.reindex(every)
        differ = ~(every.isin(self.having.index) & every.isin(self.lacking.index))
        for column in columns:
            left, right = one[column], other[column]
            same = np.asarray((left == right).fillna(False), dtype=bool)
            differ |= ~(same | np.asarray(left.isna() & right.isna(), dtype=bool))
        return list(every[differ])

    def has(self, key: tuple[str, ...]) -> bool:
        return key in self.having.index or key in self.lacking.index

    def keys_of(self, who: str) -> list[tuple[str, ...]]:
        """Keys that begin with this one."""
        return self._by_first.get(who, [])

    @cached_property
    def _by_first(self) -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = {}
        for key in self.having.index.union(self.lacking.index):
            found.setdefault(key[0], []).append(key)
        return found

    def either(self, key: tuple[str, ...]) -> pd.Series:
        """The row, of the side that has it."""
        found: pd.Series = (self.having if key in self.having.index else self.lacking).loc[[key]].iloc[0]
        return found

    def values(self, key: tuple[str, ...], column: str) -> tuple[Any, Any]:
        found = [frame.at[key, column] if key in frame.index else None for frame in (self.having, self.lacking)]
        one, other = (None if missing(value) else value for value in found)
        return one, other

    def differs(self, key: tuple[str, ...], column: str) -> bool:
        one, other = (None if isinstance(value, str) and not value else value for value in self.values(key, column))
        return bool(one != other)


def _indexed(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """By its keys as a tuple of texts; a second row of one key has its place behind them, so that none is lost."""
    import pandas as pd

    texts = [frame[key].fillna("").astype("str") for key in keys]
    nth = frame.groupby(list(keys), dropna=False).cumcount() if len(frame) else pd.Series(dtype="int64")
    again = nth.astype("str").where(nth > 0, "") if len(frame) else nth.astype("str")
    index = pd.MultiIndex.from_arrays([*(text.tolist() for text in texts), again.tolist()])
    return frame.set_axis(index, axis=0)

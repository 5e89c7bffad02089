"""What is different between two months, or between two runs of one month, and why? From kept results alone; no export is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from kehujingli.answers.diff.branches import MONEY, customers_sql, of_customers, of_people
from kehujingli.answers.diff.causes import (
    MEASURES,
    class_cause,
    costliest,
    inputs_changed,
    rules_changed,
    thresholds_of,
)
from kehujingli.answers.diff.split import (
    MOVED,
    THING,
    Movement,
    Part,
    item_parts,
    movements,
    pay_parts,
    score_parts,
)
from kehujingli.rules.shapes.base import Item
from kehujingli.values import round_half_up
from kehujingli.workspace.results import Results, Row, rows_of
from kehujingli.workspace.sql import quoted


@dataclass(frozen=True)
class Side:
    """One kept result: the folder with ``data/`` and the manifest. ``run`` is its number among 历次, nothing for the current one."""

    folder: Path
    manifest: Mapping[str, Any]
    run: int | None = None

    @property
    def period(self) -> str:
        return str(self.manifest["period"])

    @property
    def title(self) -> str:
        return self.period + (f" 第 {self.run} 次" if self.run else "")

    @property
    def kept(self) -> Results:
        return Results(self.folder)

    def has(self, name: str) -> bool:
        return self.kept.has(name)

    def source(self, name: str) -> str:
        return self.kept.source(name)


class Difference:
    """Two sides laid side by side; every table is asked of DuckDB when it is wanted."""

    def __init__(
        self, before: Side, after: Side, branch: str | None = None, items: Mapping[str, Item] | None = None
    ) -> None:
        """``items``: the later side's, by id, where its rules are still there."""
        self.before, self.after, self.branch, self.items = before, after, branch, items or {}
        self.same_month = before.period == after.period
        self.con = after.kept.con

    def _rows(self, sql: str, *values: Any) -> list[Row]:
        return rows_of(self.con, sql, *values)

    def _where(self, column: str = "branch_id") -> str:
        return "true" if self.branch is None else f"{column} = {quoted(self.branch)}"

    @cached_property
    def rules(self) -> list[dict[str, str | None]]:
        return rules_changed(self.before.manifest, self.after.manifest)

    @cached_property
    def inputs(self) -> dict[str, list[str]]:
        return inputs_changed(self.before.manifest, self.after.manifest)

    @property
    def plans_changed(self) -> bool:
        """Whether other committed plans counted. Results of older versions do not say which did."""
        old, new = self.before.manifest.get("plans"), self.after.manifest.get("plans")
        return old is not None and new is not None and old != new

    @cached_property
    def handed(self) -> int:
        """How many customers of both sides are looked after by somebody else."""
        (row,) = self._rows(
            f"select count(*) as n from {self.before.source('classes')} b join {self.after.source('classes')} a using (customer_id) "
            f"where {self._where('a.branch_id')} and a.holder_id is distinct from b.holder_id"
        )
        return int(row["n"])

    @property
    def program_changed(self) -> bool:
        old, new = (side.manifest.get("program") or side.manifest.get("version") for side in (self.before, self.after))
        return old != new

    @cached_property
    def branches(self) -> list[Row]:
        """One row a branch: counts and sums of both sides, in 分, and of what the differences of score, pay, deposits and loans consist."""
        counts = """
            select coalesce(branch_id, '') as branch_id, any_value(branch_name) as branch_name, count(*) as customers,
                   count(*) filter (scale in ('large', 'medium')) as upper, count(*) filter (frequency = 'frequent') as frequent,
                   count(*) filter (frequency = 'dormant') as dormant, coalesce(sum(deposit_balance), 0)::bigint as deposit_balance,
                   coalesce(sum(average_deposit), 0)::bigint as average_deposit, coalesce(sum(loan_balance), 0)::bigint as loan_balance
            from {} group by 1"""
        sums = ("customers", "upper", "frequent", "dormant", "deposit_balance", "average_deposit", "loan_balance")
        fields = ", ".join(
            f"coalesce({side}.{name}, 0) as {name}_{word}"
            for name in sums
            for side, word in (("b", "before"), ("a", "after"))
        )
        rows = self._rows(
            f"select coalesce(a.branch_id, b.branch_id) as branch_id, coalesce(a.branch_name, b.branch_name) as branch_name, {fields} "
            f"from ({counts.format(self.before.source('classes'))}) b full join ({counts.format(self.after.source('classes'))}) a using (branch_id) "
            f"where {self._where('coalesce(a.branch_id, b.branch_id)')} order by 1"
        )
        scores = self._branch_scores()
        moved = self._branch_moves()
        money = of_customers(self._rows(customers_sql(self.before.source("classes"), self.after.source("classes"))))
        people: dict[str, list[Row]] = {}
        for manager in self.managers:
            people.setdefault(manager["branch_id"], []).append(manager)
        found = []
        for row in rows:
            branch = row["branch_id"]
            row |= scores.get(branch, {"score_before": None, "score_after": None})
            row |= moved.get(branch, {"came": 0, "left": 0, "changed": 0})
            row |= of_people(people.get(branch, ()), row["score_before"], row["score_after"])
            row |= money.get(branch, {f"{name}_parts": [] for name in MONEY})
            found.append(row)
        return found

    def _branch_scores(self) -> dict[str, Row]:
        """Branch → its mean scores."""
        found: dict[str, Row] = {}
        for row in self.managers:
            for word in ("before", "after"):
                if row[f"score_{word}"] is not None:
                    found.setdefault(row["branch_id"], {"before": [], "after": []})[word].append(row[f"score_{word}"])
        return {
            branch: {f"score_{word}": _mean(scores[word]) for word in ("before", "after")}
            for branch, scores in found.items()
        }

    def _branch_moves(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in self.customers:
            counts = found.setdefault(row["branch_id"] or "", {"came": 0, "left": 0, "changed": 0})
            if row["kind"] in ("came", "left"):
                counts[row["kind"]] += 1
            elif row["kind"] == "class":
                counts["changed"] += 1
        return found

    @cached_property
    def customers(self) -> list[Row]:
        """Customers that came, left, are in another class (with the cause) or, between two runs of a month, have other figures or another holder.

        The largest difference of the scale's amount first.
        """
        kept = (
            "customer_id",
            "customer_name",
            "customer_type",
            "branch_id",
            "branch_name",
            "frequency",
            "scale",
            "group",
            "scale_amount",
            "active_months",
            "transactions",
            "idle_days",
            "last_active",
            "marks",
            "holder_id",
            *MEASURES,
        )
        fields = ", ".join(
            f'{side}."{name}" as "{name}_{word}"' for side, word in (("b", "before"), ("a", "after")) for name in kept
        )
        figures = (
            " or b.scale_amount is distinct from a.scale_amount or b.holder_id is distinct from a.holder_id"
            if self.same_month
            else ""
        )
        rows = self._rows(
            f"select {fields} from {self.before.source('classes')} b full join {self.after.source('classes')} a on a.customer_id = b.customer_id "
            f'where ({self._where("coalesce(a.branch_id, b.branch_id)")}) and (a.customer_id is null or b.customer_id is null or a."group" is distinct from b."group"{figures}) '
            "order by abs(coalesce(a.scale_amount, 0) - coalesce(b.scale_amount, 0)) desc, coalesce(a.customer_id, b.customer_id)"
        )
        old, new = thresholds_of(self.before.manifest), thresholds_of(self.after.manifest)
        return [self._customer(kept, row, old, new) for row in rows]

    def _customer(self, kept: Sequence[str], row: Row, old: Row, new: Row) -> Row:
        had, has = ({name: row[f"{name}_{word}"] for name in kept} for word in ("before", "after"))
        cause: str | None = None
        if had["customer_id"] is None or has["customer_id"] is None:
            kind = "came" if had["customer_id"] is None else "left"
        elif had["group"] != has["group"]:
            kind, cause = "class", class_cause(had, has, old, new, self.after.period, same_month=self.same_month)
        else:
            kind = "figures" if had["scale_amount"] != has["scale_amount"] else "holder"
        known = has if has["customer_id"] is not None else had
        return {
            **{
                name: known[name]
                for name in ("customer_id", "customer_name", "customer_type", "branch_id", "branch_name")
            },
            "kind": kind,
            "cause": cause,
            "group_before": had["group"],
            "group_after": has["group"],
            "scale_amount_before": had["scale_amount"],
            "scale_amount_after": has["scale_amount"],
            "holder_before": had["holder_id"],
            "holder_after": has["holder_id"],
        }

    @cached_property
    def managers(self) -> list[Row]:
        """One row a manager: scores of both sides, their difference, and the item that moved it most. The greatest loss first."""
        if not (self.before.has("scores") or self.after.has("scores")):
            return []
        old, new = (self._scores(side) for side in (self.before, self.after))
        had, has = (self._items(side) for side in (self.before, self.after))
        paid = [self._pays(side) for side in (self.before, self.after)]
        moved = self._movements()
        rows = []
        for who in dict.fromkeys([*new, *old]):
            known = new.get(who) or old[who]
            scores = [
                None if row is None or row["score"] is None else Decimal(row["score"])
                for row in (old.get(who), new.get(who))
            ]
            rows.append(
                {
                    **{key: known[key] for key in ("manager_id", "name", "branch_id", "branch_name")},
                    "score_before": scores[0],
                    "score_after": scores[1],
                    "difference": None if None in scores else scores[1] - scores[0],  # type: ignore[operator]
                    "rank_before": (old.get(who) or {}).get("rank"),
                    "rank_after": (new.get(who) or {}).get("rank"),
                    "gate_before": (old.get(who) or {}).get("gate"),
                    "gate_after": (new.get(who) or {}).get("gate"),
                    "adjustment_before": (old.get(who) or {}).get("adjustment"),
                    "adjustment_after": (new.get(who) or {}).get("adjustment"),
                    "item": None if None in scores else costliest(had.get(who, ()), has.get(who, ())),
                    **self._parts(
                        old.get(who),
                        new.get(who),
                        (had.get(who, ()), has.get(who, ())),
                        [one.get(who, []) for one in paid],
                        moved,
                    ),
                }
            )
        return sorted(rows, key=lambda row: (row["difference"] is None, row["difference"] or 0, row["manager_id"]))

    def _parts(
        self,
        had: Row | None,
        has: Row | None,
        items: tuple[Sequence[Row], Sequence[Row]],
        paid: Sequence[list[Row]],
        moved: Mapping[tuple[str, str], Sequence[Movement]],
    ) -> Row:
        """Of what the differences of score and pay consist; no parts where either side has no score."""
        sums = [sum((Decimal(row["pay"]) for row in rows), Decimal(0)) if rows else None for rows in paid]
        known = sums[0] is not None and sums[1] is not None
        told: Row = {
            "pay_before": sums[0],
            "pay_after": sums[1],
            "pay_difference": sums[1] - sums[0] if known else None,  # type: ignore[operator]
            "parts": [],
            "pay_parts": [],
        }
        if had is None or has is None or had["score"] is None or has["score"] is None:
            return told
        before, after = ({row["item_id"]: row for row in rows} for rows in items)
        points: list[Part] = []
        money: list[Part] = []
        for key in [*after, *(key for key in before if key not in after)]:
            one = after.get(key) or before[key]
            model = self.items.get(key)
            way = moved.get((one["manager_id"], one["actual_name"]), ())
            parts = item_parts(before.get(key), after.get(key), model, way, self._rules_of(key))
            (money if one.get("counts") == "pay" else points).extend(parts)
        told["parts"] = score_parts(had, has, points)
        if known:
            told["pay_parts"] = pay_parts(paid[0], paid[1], told["parts"], money)
        return told

    def _rules_of(self, item: str) -> bool:
        """Whether the rules of an item, or those of all items, are others."""
        keys = [str(row["key"]) for row in self.rules if str(row["key"]).startswith(("incentive.", "rules"))]
        return any(f".item.{item}." in f"{key}." or (".item." not in key and ".pay." not in key) for key in keys)

    def _movements(self) -> Mapping[tuple[str, str], Sequence[Movement]]:
        if not (self.before.has("contributions") and self.after.has("contributions")):
            return {}
        sql = MOVED.format(
            thing=THING, before=self.before.source("contributions"), after=self.after.source("contributions")
        )
        return movements(self.con.execute(sql).fetchall())

    def _pays(self, side: Side) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        if side.has("pay"):
            sql = f"select manager_id, branch_id, pay, standard, score, duty_share from {side.source('pay')} where pay is not null order by manager_id, branch_id"
            for row in self._rows(sql):
                found.setdefault(row["manager_id"], []).append(row)
        return found

    def _scores(self, side: Side) -> dict[str, Row]:
        if not side.has("scores"):
            return {}
        rows = self._rows(
            f"select * from {side.source('scores')} where {self._where()} order by manager_id, branch_id desc"
        )
        return {row["manager_id"]: row for row in rows}

    def _items(self, side: Side) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        if side.has("items"):
            for row in self._rows(f"select * from {side.source('items')}"):
                found.setdefault(row["manager_id"], []).append(row)
        return found

    @cached_property
    def totals(self) -> Row:
        """The county's, or the one branch's, sums of both sides."""
        sums = ("customers", "upper", "frequent", "dormant", "deposit_balance", "average_deposit", "loan_balance")
        found: Row = {
            name: tuple(sum(row[f"{name}_{word}"] for row in self.branches) for word in ("before", "after"))
            for name in sums
        }
        found |= {name: sum(row[name] for row in self.branches) for name in ("came", "left", "changed")}
        found["score"] = tuple(
            _mean([row[f"score_{word}"] for row in self.managers if row[f"score_{word}"] is not None])
            for word in ("before", "after")
        )
        found["causes"] = {}
        for row in self.customers:
            if row["cause"]:
                found["causes"][row["cause"]] = found["causes"].get(row["cause"], 0) + 1
        return found


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return round_half_up(sum(values, Decimal(0)) / len(values), 2) if values else None

"""Why is it not what it was? What changed between two manifests, and whether a customer or an item moved by itself, by the data or by the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.periods import Period
from kehujingli.values import in_yuan

Row = Mapping[str, Any]

OWN, DATA, RULES, BOTH, EARLIER = "customers", "data", "rules", "both", "earlier"
CAUSES: Mapping[str, str] = {OWN: "客户自身", DATA: "数据", RULES: "办法", BOTH: "数据和办法", EARLIER: "上月结果"}
"""``EARLIER``: the classes of the month before, on which the buffer against going down rests."""
_OWN_FIGURES = ("active_months", "transactions", "idle_days", "scale_amount", "customer_type")
_FIGURES = (*_OWN_FIGURES, "marks")
LOAN_MEASURES = ("average_loan", "loan_balance")
MEASURES = ("average_deposit", "average_deposit_month", "average_deposit_year", "deposit_balance", *LOAN_MEASURES)
"""What a scale may be told by."""
_LEVELS = ("small", "medium", "large")
_SHAPING = ("window_months", "new_within_months", "exclude", "passive")
"""What makes the figures themselves, not the class they fall into."""


def rules_changed(before: Row, after: Row) -> list[dict[str, str | None]]:
    """Keys of the rules that differ between two manifests, with both values; the file's name alone where the values were not kept."""
    old, new = before.get("rules", {}), after.get("rules", {})
    if old.get("sha256") == new.get("sha256"):
        return []
    had, has = old.get("values"), new.get("values")
    if not had or not has:
        return [{"key": "rules", "before": old.get("path"), "after": new.get("path")}]
    keys = [*has, *(key for key in had if key not in has)]
    return [{"key": key, "before": had.get(key), "after": has.get(key)} for key in keys if had.get(key) != has.get(key)]


def inputs_changed(before: Row, after: Row) -> dict[str, list[str]]:
    """Files that came, went, or bear the same name with other content."""
    old, new = _files(before), _files(after)
    return {
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
        "changed": [name for name in new if name in old and old[name] != new[name]],
    }


def _files(manifest: Row) -> dict[str, str]:
    return {item["path"]: item["sha256"] for item in manifest.get("inputs", [])}


def thresholds_of(manifest: Row) -> dict[str, Any]:
    return {key: value for key, value in manifest.get("thresholds", {}).items() if key != "as_of"}


def class_cause(before: Row, after: Row, old: Row, new: Row, period: str, *, same_month: bool) -> str:
    """Why a customer is in another class. ``old`` and ``new`` are the thresholds of the two results.

    The figures of ``after`` are judged by both sets of thresholds: where these disagree the rules moved the customer, else its figures did.
    """
    moved = DATA if same_month else OWN
    if old == new:
        return EARLIER if same_month and all(before[key] == after[key] for key in _OWN_FIGURES) else moved
    if all(before[key] == after[key] for key in _FIGURES):
        return RULES
    if same_month and any(old.get(key) != new.get(key) for key in _SHAPING):
        return BOTH
    return RULES if _verdict(after, old, period) != _verdict(after, new, period) else moved


def _verdict(row: Row, thresholds: Row, period: str) -> tuple[bool, bool, str]:
    """Whether frequent, whether long idle, and the scale by bounds alone, under these thresholds."""
    frequent, dormant = thresholds.get("frequent", {}), thresholds.get("dormant", {})
    idle = row["idle_days"]
    busy = (
        (row["active_months"] or 0) >= frequent.get("active_months", 0)
        and (row["transactions"] or 0) >= frequent.get("transactions", 0)
        and idle is not None
        and idle <= frequent.get("idle_days", 0)
    )
    first = Period.of(period).window_first(dormant.get("idle_months", 12))
    asleep = row["last_active"] is None or row["last_active"] < first
    return busy, asleep, _scale(row, thresholds.get("scale", {}))


def _scale(row: Row, scale: Row) -> str:
    """The scale by bounds alone: of the amount, or with ``combine = "max"`` the higher of deposits and loans, each by its own."""
    if scale.get("combine") != "max":
        return _level(row, ["scale_amount"], scale.get("bounds", {}))
    measures = scale.get("measure", [])
    sides = (
        ([name for name in measures if name not in LOAN_MEASURES], scale.get("bounds", {})),
        ([name for name in measures if name in LOAN_MEASURES], scale.get("loan_bounds", {})),
    )
    return max((_level(row, names, bounds) for names, bounds in sides), key=_LEVELS.index)


def _level(row: Row, names: Sequence[str], bounds: Row) -> str:
    own = bounds.get(row["customer_type"] or "person", {})
    amount = in_yuan(sum(row.get(name) or 0 for name in names))
    return next((name for name in _LEVELS[:0:-1] if name in own and amount >= Decimal(own[name])), _LEVELS[0])


def item_cause(before: Row | None, after: Row | None) -> str:
    """Why an item has other points: ``actual``, ``target``, both joined by +, or ``rules`` where neither differs."""
    if before is None or after is None:
        return RULES
    parts = [key for key in ("actual", "target", "baseline") if before[key] != after[key]]
    return "+".join(parts) or RULES


ITEM_CAUSES: Mapping[str, str] = {
    "actual": terms.label("actual"),
    DATA: "数据",
    "holders": "管户归属",
    "baseline": terms.label("baseline"),
    "target": terms.label("target"),
    RULES: "办法",
    "adjustments": terms.label("adjustment"),
    "scaling": "不计项折算",
    "gates": "封顶、否决",
    "standard": terms.label("standard"),
    "duty": terms.label("duty_days"),
    "rest": "系数、保底、封顶",
    "people": "人员进出或未计分",
    "came": terms.label("came"),
    "left": terms.label("gone"),
    "moved": "转机构",
    "figures": "户内增减",
}


def costliest(before: Sequence[Row], after: Sequence[Row]) -> dict[str, Any] | None:
    """The item that moved a manager's score most: item, label, points before and after, cause. Nothing where none moved."""
    old, new = ({row["item_id"]: row for row in rows} for rows in (before, after))
    moved = []
    for key in [*new, *(key for key in old if key not in new)]:
        had, has = old.get(key), new.get(key)
        points = [
            None if row is None or row["item_points"] is None else Decimal(row["item_points"]) for row in (had, has)
        ]
        difference = (points[1] or Decimal(0)) - (points[0] or Decimal(0))
        if difference:
            label = (has or had or {})["item"]
            moved.append(
                {
                    "item": key,
                    "label": label,
                    "before": points[0],
                    "after": points[1],
                    "difference": difference,
                    "cause": item_cause(had, has),
                    "actual": [row["actual"] if row else None for row in (had, has)],
                    "target": [row["target"] if row else None for row in (had, has)],
                }
            )
    return max(moved, key=lambda row: abs(row["difference"]), default=None)

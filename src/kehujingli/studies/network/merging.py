"""What do two branches come to when they are one? Which merges can be tried, and customers, loads, people and cost before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from kehujingli.errors import Finding
from kehujingli.studies.network.staffing import Post, Rounding, together
from kehujingli.studies.placing import several
from kehujingli.values import in_yuan, missing, nearest

if TYPE_CHECKING:
    import pandas as pd

GONE, STAYS, AFTER, LOST = "撤并", "并入", "合并后", "失去"
"""Rows of a merge: the branch that goes, the one that stays, both as one, what that costs."""
UNTRIED = "没有试算撤并。要看哪两个网点并成一个：kehujingli {} --merge 并掉的机构号=并入的机构号。"
"""What stands where no merge was asked for; the study that is asked."""
_SUMS = ("customers", "deposit_balance", "loan_balance")


class Terms(Protocol):
    """What the rules say of a merge."""

    @property
    def limit(self) -> int | None: ...
    @property
    def rounding(self) -> Rounding: ...
    @property
    def retention(self) -> Decimal: ...
    @property
    def saved(self) -> Decimal: ...


def pairs_of(asked: Sequence[str], known: Collection[str]) -> tuple[dict[str, str], list[Finding]]:
    """Branch that goes → branch that is left in the end, from ``801003=801002``; what cannot be done is told and left out."""
    first: dict[str, str] = {}
    wrong = []
    for text in asked:
        gone, mark, into = (part.strip() for part in text.partition("="))
        strange = [branch for branch in (gone, into) if branch not in known]
        if not (gone and mark and into):
            wrong.append(f"{text}（不是 机构=机构）")
        elif gone == into:
            wrong.append(f"{text}（和自己合并）")
        elif strange:
            wrong.append(f"{text}（没有机构 {'、'.join(strange)}）")
        elif first.get(gone, into) != into:
            wrong.append(f"{text}（{gone} 已经并入 {first[gone]}）")
        elif _end(into, first) == gone:
            wrong.append(f"{text}（{into} 已经并入 {gone}）")
        else:
            first[gone] = into
    pairs = {gone: _end(into, first) for gone, into in first.items()}
    return pairs, [several("study.headcount-merge", wrong)] if wrong else []


def _end(branch: str, first: Mapping[str, str]) -> str:
    while branch in first:
        branch = first[branch]
    return branch


def merged(
    pairs: Mapping[str, str], posts: Sequence[Post], classes: pd.DataFrame, branches: pd.DataFrame, rules: Terms
) -> list[dict[str, Any]]:
    """For each branch that is left: those that go, itself, and what they come to. Money in 分."""
    held = _held(classes)
    cost: dict[str, int] = {}
    if "cost" in branches:
        told = branches.dropna(subset=["cost"])
        cost = dict(zip(told["branch_id"], told["cost"].astype(int), strict=True))
    rows = []
    for into in sorted(set(pairs.values())):
        gone = sorted(branch for branch, end in pairs.items() if end == into)
        kept = {branch: Fraction(rules.retention) for branch in gone} | {into: Fraction(1)}
        for branch in (*gone, into):
            own = [post for post in posts if post.branch_id == branch]
            part = STAYS if branch == into else GONE
            rows.append(_row(part, branch, own, held.get(branch, {}), cost.get(branch), rules))
        sums = {
            key: nearest(sum((held.get(b, {}).get(key, 0) * p for b, p in kept.items()), Fraction(0))) for key in _SUMS
        }
        costs = [
            None if branch not in cost else cost[branch] * (1 if branch == into else 1 - Fraction(rules.saved))
            for branch in kept
        ]
        after = (
            None if None in costs else nearest(sum((Fraction(one) for one in costs if one is not None), Fraction(0)))
        )
        rows.append(_row(AFTER, into, together(posts, into, kept, rules.limit), sums, after, rules))
    return rows


def _held(classes: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Branch → its classed customers, their deposits and loans."""
    table = classes.assign(customers=classes["group"].notna().astype("int64"))
    sums = table.groupby("branch_id")[list(_SUMS)].sum()
    return {str(row[0]): dict(zip(_SUMS, map(int, row[1:]), strict=True)) for row in sums.itertuples()}


def _row(
    part: str, branch: str, posts: Sequence[Post], held: Mapping[str, int], cost: int | None, rules: Terms
) -> dict[str, Any]:
    needs = [post.need for post in posts]
    people = sum(len(post.people) for post in posts)
    row: dict[str, Any] = {"need": None, "surplus": None, "shortage": None, "wanted": None}
    if None not in needs:
        need = sum((one for one in needs if one is not None), Fraction(0))
        balance = people - need
        row = {
            "need": float(need),
            "surplus": float(max(balance, Fraction(0))),
            "shortage": float(max(-balance, Fraction(0))),
            "wanted": sum(post.wanted(rules.rounding) or 0 for post in posts),
        }
    return row | {
        "part": part,
        "branch_id": branch,
        **{key: held.get(key, 0) for key in _SUMS},
        "due": sum(post.households for post in posts),
        "load_due": float(sum((post.due for post in posts), Fraction(0))),
        "people": people,
        "cost": cost,
    }


def with_losses(
    rows: Iterable[Mapping[str, Any]], branches: Sequence[Mapping[str, Any]], retention: Decimal
) -> Iterable[dict[str, Any]]:
    """What ``merged`` gives with name, people, distance and what is brought of each of ``branches``, and what is lost: the parts' sum less what is left."""
    known = {row["branch_id"]: row for row in branches}
    parts: list[dict[str, Any]] = []
    for row in rows:
        own = known.get(row["branch_id"], {})
        if row["part"] != AFTER:
            kept = Fraction(retention) if row["part"] == GONE else Fraction(1)
            told = {name: own.get(name) for name in ("branch_name", "staff", "brought", "distance_to")}
            parts.append({**row, **told, "_kept": kept})
            yield parts[-1]
            continue
        brings = [None if one["brought"] is None else one["brought"] * one["_kept"] for one in parts]
        staff = [None if missing(one["staff"]) else int(one["staff"]) for one in parts]
        after = {
            "branch_name": own.get("branch_name"),
            "brought": None if None in brings else nearest(sum((b for b in brings if b is not None), Fraction(0))),
            "staff": None if None in staff else sum(one for one in staff if one is not None),
        }
        yield {**row, **after}
        yield {"part": LOST, "branch_name": own.get("branch_name"), **_lost(parts, {**row, **after})}
        parts = []


def _lost(parts: Sequence[Mapping[str, Any]], after: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("customers", "deposit_balance", "loan_balance", "brought", "cost"):
        values = [one[name] for one in parts]
        whole = None if any(missing(value) for value in (*values, after[name])) else sum(values) - after[name]
        found[name] = whole
    return found


def merge_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each merge of ``with_losses`` loses."""
    return [
        f"并入{row['branch_name']}：失去 {row['customers']} 户、存款 {in_yuan(row['deposit_balance']):.2f} 元、贷款 {in_yuan(row['loan_balance']):.2f} 元"
        + ("" if row["cost"] is None else f"，一年省费用 {in_yuan(row['cost']):.2f} 元")
        for row in rows
        if row["part"] == LOST
    ]

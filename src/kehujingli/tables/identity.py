"""Is it the same customer under several numbers? One person or firm by a valid id number, across branches; a table may say otherwise.

Names alone never merge. The main number is the one opened first (ties: the smallest), so that it stays the same month after month.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.cells.idnumbers import is_credit_code, organisation_code, valid_number

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 10
_NEVER = 2**31
COLUMNS = ("main_id", "customer_id", "name", "customer_type", "branch_id", "id_number", "by", "names_differ")
"""What is told of every number that was merged; ``by``: ``id_number`` or ``table``."""


@dataclass(frozen=True)
class Merges:
    """``into`` maps every number that is another's to the main one; ``rows`` has one row for each, with ``COLUMNS``."""

    into: Mapping[str, str] = field(default_factory=dict)
    rows: pd.DataFrame | None = None
    findings: tuple[Finding, ...] = ()

    def rename(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with main numbers only."""
        if not self.into or "customer_id" not in frame:
            return frame
        ids = frame["customer_id"]
        there = ids.isin(list(self.into))
        return frame.assign(customer_id=ids.where(~there, ids.map(self.into))) if bool(there.any()) else frame

    def main_keys(self, values: Mapping[str, str]) -> dict[str, str]:
        """Values by customer number as values by main number; what stands at the main number itself wins."""
        found = {self.into[number]: value for number, value in values.items() if number in self.into}
        return found | {number: value for number, value in values.items() if number not in self.into}

    def rename_table(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """``rename``; besides, baselines of one customer add up, and of attributions on the customer those at the main number count."""
        if not self.into or frame.empty or table not in ("attributions", "baselines"):
            return self.rename(frame)
        numbers, renamed = frame["customer_id"], self.rename(frame)
        whole = renamed["customer_id"].notna() & renamed["account_id"].isna()
        if table == "baselines":
            return _added(renamed, whole)
        whole &= renamed["loan_id"].isna()
        order = (numbers != renamed["customer_id"]).map({False: "0", True: "1"}) + numbers
        first = order[whole].groupby([renamed.loc[whole, "customer_id"], renamed.loc[whole, "line"]]).transform("min")
        return renamed.drop(index=first.index[first != order[whole]])

    def collapse(self, customers: pd.DataFrame) -> pd.DataFrame:
        """One row a customer: the main number's, what it leaves blank told by the others."""
        if not self.into:
            return customers
        main = self.rename(customers)
        doubled = main["customer_id"].duplicated(keep=False)
        group = main[doubled].assign(_main=~customers.loc[doubled, "customer_id"].isin(list(self.into)))
        group = group.sort_values(["_main", "opened_on", "part", "row"], ascending=[False, True, True, True])
        whole = group.drop_duplicates("customer_id").set_index("customer_id")
        filled = group.groupby("customer_id", sort=False).first()
        for name in whole.columns:
            if bool(whole[name].isna().any()) and name not in ("status", "data_date"):
                whole[name] = whole[name].fillna(filled[name])
        one = whole.drop(columns="_main").reset_index()
        one.index = group.drop_duplicates("customer_id").index
        return _stacked(main[~doubled], one[main.columns])


def _stacked(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([first, second.astype(first.dtypes.to_dict())]).sort_index()


def _added(baselines: pd.DataFrame, whole: pd.Series[bool]) -> pd.DataFrame:
    keys = ["customer_id", "item", "unit", "year"]
    doubled = whole & baselines[whole].duplicated(keys, keep=False).reindex(baselines.index, fill_value=False)
    if not bool(doubled.any()):
        return baselines
    sums = baselines[doubled].groupby(keys, dropna=False)["baseline"].transform(_sum)
    kept = baselines.drop(index=baselines[doubled].index[baselines[doubled].duplicated(keys)])
    return kept.assign(baseline=sums.reindex(kept.index).fillna(kept["baseline"]))


def _sum(texts: pd.Series[str]) -> str:
    return format(sum(map(Decimal, texts), Decimal(0)), "f")


def find_merges(customers: pd.DataFrame, rulings: pd.DataFrame) -> Merges:
    """Numbers of one customer. ``customers`` and ``rulings`` (the table 同一客户认定) have all columns of their tables.

    A ruling's ``main_id`` is another number (they are one, whatever their id numbers) or a word for 不合并.
    """
    apart, joined, told = _ruled(customers, rulings)
    groups = _same_numbers(customers, apart)
    if not groups and not joined:
        return Merges(findings=tuple(told))
    into = _mains(customers, groups)
    by = dict.fromkeys(into, "id_number")
    for number, main in joined.items():
        into[number], by[number] = main, "table"
    into = {number: end for number in into if (end := _end(into, number)) != number}
    if not into:
        return Merges(findings=tuple(told))
    rows = _rows(customers, into, by)
    return Merges(into, rows, (*told, *_tell(rows)))


def _ruled(customers: pd.DataFrame, rulings: pd.DataFrame) -> tuple[set[str], dict[str, str], list[Finding]]:
    """Numbers that stand for themselves; numbers that are another's; rulings about numbers that nobody knows. The last row counts."""
    apart: set[str] = set()
    joined: dict[str, str] = {}
    if rulings.empty:
        return apart, joined, []
    known = set(customers["customer_id"])
    strange: list[Spot] = []
    for row in rulings.itertuples():
        number, main = str(row.customer_id), str(row.main_id)
        separate = main in terms.NOT_MERGED or main == number
        unknown = [value for value in (number, main) if value not in known and not (value == main and separate)]
        if unknown:
            strange.append(Spot(f"第 {row.row:,} 行", unknown[0]))
            continue
        joined.pop(number, None)
        apart.add(number)
        if not separate:
            joined[number] = main
    told = []
    if strange:
        told.append(
            finding("customer.ruling-unknown", count=len(strange), value=strange[0].value, spots=strange[:_SHOWN])
        )
    return apart, joined, told


def _same_numbers(customers: pd.DataFrame, apart: set[str]) -> dict[str, list[int]]:
    """Valid number → positions of the customers that bear it, two or more.

    Only rows whose digits occur twice (a century and a check digit apart) are looked at one by one.
    """
    numbers = customers["id_number"]
    if not bool(numbers.notna().any()):
        return {}
    upper = numbers.str.strip().str.upper()
    firms = customers["customer_type"].isin(["business", "public"]) & ~upper.str.fullmatch(r"[1-8]\d{16}[\dX]").fillna(
        False
    ).astype(bool)
    key = upper.where(upper.str.len() != 18, upper.str.slice(0, 6) + upper.str.slice(8, 17))
    # 组织机构代码 stands in the 统一社会信用代码, places 9 to 17.
    key = key.mask(firms, upper.where(upper.str.len() == 18, "--------" + upper.str.replace("-", "")).str.slice(8, 17))
    doubled = (key.duplicated(keep=False) & key.notna()).to_numpy()
    if not doubled.any():
        return {}
    groups: dict[str, list[int]] = {}
    codes: dict[str, list[int]] = {}
    there = customers[doubled]
    for position, number, kind, customer in zip(
        doubled.nonzero()[0].tolist(), there["id_number"], there["customer_type"], there["customer_id"], strict=True
    ):
        valid = valid_number(str(number), person=kind not in ("business", "public"))
        if valid is not None and customer not in apart:
            groups.setdefault(valid, []).append(position)
        code = organisation_code(str(number)) if kind in ("business", "public") else None
        if valid is None and code is not None and customer not in apart:
            codes.setdefault(code, []).append(position)
    for number in list(groups):
        groups[number] += codes.pop(number[8:17], []) if is_credit_code(number) else []
    groups |= codes
    return {number: positions for number, positions in groups.items() if len(positions) > 1}


def _mains(customers: pd.DataFrame, groups: Mapping[str, list[int]]) -> dict[str, str]:
    ids, opened = customers["customer_id"].tolist(), customers["opened_on"].fillna(_NEVER).tolist()
    into: dict[str, str] = {}
    for positions in groups.values():
        main = min(positions, key=lambda position: (opened[position], ids[position]))
        into |= {ids[position]: ids[main] for position in positions if position != main}
    return into


def _end(into: Mapping[str, str], number: str) -> str:
    """The number at the end of a chain; of a ring the smallest."""
    seen = [number]
    while seen[-1] in into:
        following = into[seen[-1]]
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]


def _rows(customers: pd.DataFrame, into: Mapping[str, str], by: Mapping[str, str]) -> pd.DataFrame:
    wanted = customers[customers["customer_id"].isin([*into, *into.values()])]
    names = dict(zip(wanted["customer_id"], wanted["name"], strict=True))
    rows = wanted[wanted["customer_id"].isin(list(into))]
    rows = rows.assign(main_id=rows["customer_id"].map(into), by=rows["customer_id"].map(by))
    differ = [
        isinstance(one, str) and isinstance(other, str) and _folded(one) != _folded(other)
        for one, other in zip(rows["name"], rows["main_id"].map(names), strict=True)
    ]
    return rows.assign(names_differ=differ)[list(COLUMNS)].sort_values(["main_id", "customer_id"], ignore_index=True)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _tell(rows: pd.DataFrame) -> list[Finding]:
    def spots(part: pd.DataFrame) -> list[Spot]:
        shown = part.head(_SHOWN)
        return [Spot(number, main) for number, main in zip(shown["customer_id"], shown["main_id"], strict=True)]

    people = rows["main_id"].nunique()
    told = [
        finding(
            "customer.merged",
            count=len(rows),
            people=f"{people:,}",
            cell=rows["customer_id"].iloc[0],
            value=rows["main_id"].iloc[0],
            spots=spots(rows),
        )
    ]
    strange = rows[rows["names_differ"] & (rows["by"] == "id_number")]
    if len(strange):
        told.append(
            finding(
                "customer.merged-names",
                count=len(strange),
                cell=strange["customer_id"].iloc[0],
                value=strange["main_id"].iloc[0],
                spots=spots(strange),
            )
        )
    return told

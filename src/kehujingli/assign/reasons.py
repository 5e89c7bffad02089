"""What does the plan say of each customer, manager and branch? Reasons, loads, shortfalls, and the plan's cost by the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kehujingli import terms
from kehujingli.assign import conflicts, rotation
from kehujingli.assign.conflicts import avoids, shown
from kehujingli.assign.feasible import Managers
from kehujingli.assign.findings import findings_of, households, left_out
from kehujingli.assign.interchangeable import Due, alike
from kehujingli.assign.outcome import KEPT, MOVED, MOVES, NEW, OUT, branches_of, how_of, loads_of, worded
from kehujingli.errors import Finding
from kehujingli.periods import date_of
from kehujingli.values import plain

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import AssignRules

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Told:
    customers: pd.DataFrame
    loads: pd.DataFrame
    branches: pd.DataFrame
    findings: list[Finding]
    objective: Decimal


def tell(
    due: Due, managers: Managers, placed: Whole, rules: AssignRules, effective: int, names: Mapping[str, str]
) -> Told:
    """The plan as frames, with its findings and its cost."""
    import pandas as pd

    frame = due.frame.assign(placed=placed)
    frame["how"] = how_of(frame)
    frame["move"] = worded(MOVES, frame["how"].to_numpy())
    lacks, dearer = _missing(frame, due, managers, rules)
    frame["missing"] = worded(_LACKS, lacks)
    loads = loads_of(frame, managers, due.unit)
    reasons = _Reasons(due, managers, rules, effective, _shortfalls(frame, due.unit), dearer)
    holders, ids = pd.factorize(frame["holder_id"])
    customers = frame[["customer_id", "branch_id"]].assign(
        previous_manager=pd.Series(np.array([*ids, None], dtype=object)[holders], dtype=object),
        assigned_manager=worded(managers.ids, placed),
        load=frame["load"] / due.unit,
        move=frame["move"],
        reason=reasons.of(frame),
        missing=frame["missing"],
        undo_cost=np.where(
            (frame["how"] == MOVED) & (frame["holder"] >= 0) & ~frame["rotate"], frame["move_cost"], 0.0
        ),
        borrower=frame["borrower"],
    )
    branches = branches_of(frame, managers, due.unit)
    findings = [
        *findings_of(frame, branches, managers, due.unit, names, rules, dearer),
        *conflicts.told(due.conflicts),
        *rotation.told(frame, rules),
    ]
    return Told(customers, loads, branches, findings, cost_of(frame, due, managers, rules))


_LACKS = ("no_manager", "authority", "conflict", "specialism", "capacity", "cost")


def _missing(
    frame: pd.DataFrame, due: Due, managers: Managers, rules: AssignRules
) -> tuple[Whole, dict[int, tuple[str, ...]]]:
    """The number in ``_LACKS`` of what an unassigned customer lacks: anybody on duty, authority, anybody who need not avoid him, room, or a cost of the rules below that of leaving him out:
    then (by row) the keys that were dearer."""
    answers = np.full(len(frame), -1, dtype="int64")
    dearer: dict[int, tuple[str, ...]] = {}
    placed, load, barred = (frame[name].to_numpy() for name in ("placed", "load", "barred"))
    carried = np.bincount(placed[placed >= 0], weights=load[placed >= 0], minlength=len(managers.ids))
    free = managers.capacity * due.unit - carried
    for row in np.flatnonzero(placed < 0):
        people = managers.serves.get(frame["branch_id"].iat[row], np.array([], dtype="int64"))
        able = people[managers.authority[people] >= float(frame["exposure"].iat[row])]
        left = able[~np.isin(able, due.barred[barred[row]])] if barred[row] >= 0 else able
        roomy = left[free[left] >= load[row]]
        if not len(people):
            answers[row] = _LACKS.index("no_manager")
        elif not len(able):
            answers[row] = _LACKS.index("authority")
        elif not len(left):
            answers[row] = _LACKS.index("conflict" if _avoided(frame, int(row), able, due) else "specialism")
        elif not len(roomy):
            answers[row] = _LACKS.index("capacity")
        else:
            answers[row] = _LACKS.index("cost")
            dearer[int(row)] = min((_dearer(int(row), int(one), frame, due, managers, rules) for one in roomy), key=len)
    return answers, dearer


def _avoided(frame: pd.DataFrame, row: int, people: Whole, due: Due) -> bool:
    """Whether anybody is to avoid a customer, be it one whose 岗位 is another line too."""
    customer, village = frame["customer_id"].iat[row], frame["village"].iat[row]
    return any(due.conflicts.why(customer, village, int(person)) for person in people)


def _dearer(
    row: int, person: int, frame: pd.DataFrame, due: Due, managers: Managers, rules: AssignRules
) -> tuple[str, ...]:
    """The keys of the cost that serving a customer by this person has, with their values."""
    cost, keys = rules.cost, []
    specialism, grid = managers.specialism[person], int(frame["grid"].iat[row])
    if specialism is not None and specialism != ("asset" if frame["asset"].iat[row] else "liability"):
        keys.append(f"wrong_specialism = {plain(cost.wrong_specialism)}")
    if grid >= 0 and person not in due.groups[grid]:
        keys.append(f"off_grid = {plain(cost.off_grid)}")
    if frame["holder"].iat[row] not in (-1, person) and not frame["rotate"].iat[row]:
        keys.append(f"move = {float(frame['move_cost'].iat[row]):g}")
    return (*keys, f"imbalance = {plain(cost.imbalance)}") if cost.imbalance else tuple(keys)


def _shortfalls(frame: pd.DataFrame, unit: int) -> dict[str, float]:
    """Branch → households that find no room."""
    short = frame[frame["missing"] == "capacity"].groupby("branch_id")["load"].sum()
    return {str(branch): float(load) / unit for branch, load in short.items()}


_TOLD = [
    "customer_id",
    "branch_id",
    "village",
    "placed",
    "named",
    "holder",
    "holder_id",
    "exposure",
    "asset",
    "grid",
    "barred",
    "rotate",
    "held_years",
]


class _Reasons:
    def __init__(
        self,
        due: Due,
        managers: Managers,
        rules: AssignRules,
        effective: int,
        short: Mapping[str, float],
        dearer: Mapping[int, tuple[str, ...]],
    ) -> None:
        self.due, self.managers, self.rules, self.effective, self.short = due, managers, rules, effective, short
        self.dearer = dearer

    def of(self, frame: pd.DataFrame) -> Any:
        """A sentence a row; made once for all of whom it says the same."""
        said, number = ["原管户经理继续管户"], np.zeros(len(frame), dtype="int64")
        how, frozen = frame["how"].to_numpy(), frame["frozen"].to_numpy() >= 0
        out = frame.loc[how == OUT, ["missing", "branch_id", "exposure", "asset"]]
        for row, missing, branch, exposure, asset in zip(out.index, *(out[name] for name in out), strict=True):
            number[row] = len(said)
            said.append(
                self._avoided(frame, int(row))
                if missing == "conflict"
                else self._unplaced(int(row), missing, branch, int(exposure), bool(asset))
            )
        for row in np.flatnonzero((how == KEPT) & frame["rotate"].to_numpy()):
            number[row] = len(said)
            said.append(f"已管 {frame['held_years'].iat[row]} 年该轮岗，没有别人接得下，原管户经理继续管户")
        number[frozen] = len(said)
        said.append("冻结：指定由他管户")
        given = np.flatnonzero(((how == NEW) | (how == MOVED)) & ~frozen)
        kind, sentences = self._given(frame[_TOLD].iloc[given], how[given] == MOVED)
        number[given] = kind + len(said)
        return worded([*said, *sentences], number)

    def _given(self, given: pd.DataFrame, moved: npt.NDArray[np.bool_]) -> tuple[Whole, list[str]]:
        """The sentences of those who get another manager or a first one, and which is whose."""
        named, exposure = given["named"].to_numpy(), given["exposure"].to_numpy()
        lacking = moved & (named >= 0) & (self.managers.authority[np.maximum(named, 0)] < exposure)
        kinds = given[["placed", "branch_id", "grid", "asset", "named", "holder", "holder_id"]].assign(
            moved=moved,
            exposure=np.where(lacking, exposure, 0),
            conflict=self._conflicts(given, moved),
            years=np.where(moved & given["rotate"].to_numpy(), given["held_years"].to_numpy(), 0),
        )
        number = alike([kinds[name] for name in kinds])
        first = np.zeros(int(number.max(initial=-1)) + 1, dtype="int64")
        first[number[::-1]] = np.arange(len(number))[::-1]
        one = kinds.iloc[first]
        sentences = [
            f"{self._why(was, holder, holder_id, lent, conflict, years) if gone else '新配'}：{self._fit(int(placed), int(grid), bool(asset), branch)}"
            for placed, branch, grid, asset, was, holder, holder_id, gone, lent, conflict, years in zip(
                *(one[name].to_numpy() for name in one), strict=True
            )
        ]
        return number, sentences

    def _unplaced(self, row: int, missing: str, branch: str, exposure: int, asset: bool) -> str:
        line = terms.SPECIALISMS["asset" if asset else "liability"]
        match missing:
            case "no_manager":
                return "本社没有在岗客户经理"
            case "authority":
                return f"贷款 {exposure / 1_000_000:,.2f} 万元超过在岗客户经理的授信权限"
            case "specialism":
                return f"主要业务是{line}，本社没有管得了的{line}岗、也没有不分岗位的客户经理"
            case "cost":
                return f"有客户经理管得下，但按办法不配更便宜（{'，'.join(left_out(self.rules, self.dearer[row]))}）"
            case _:
                return f"本社缺 {households(self.short.get(branch, 0.0))} 折算户"

    def _conflicts(self, given: pd.DataFrame, moved: npt.NDArray[np.bool_]) -> Any:
        """Why the manager who had a customer is to avoid it; empty where she is not."""
        named = given["named"].to_numpy()
        to_avoid = moved & avoids(self.due.barred, given["barred"].to_numpy(), named)
        reasons, number = [""], np.zeros(len(given), dtype="int64")
        for row in np.flatnonzero(to_avoid):
            customer, village = given["customer_id"].iat[row], given["village"].iat[row]
            number[row] = len(reasons)
            reasons.append(self.due.conflicts.said(customer, village, int(named[row])))
        return worded(reasons, number)

    def _avoided(self, frame: pd.DataFrame, row: int) -> str:
        """Why nobody is left of those with the authority: each with what she is to avoid the customer for."""
        customer, village = frame["customer_id"].iat[row], frame["village"].iat[row]
        people = self.due.barred[frame["barred"].iat[row]]
        able = [person for person in people if self.managers.authority[person] >= float(frame["exposure"].iat[row])]
        why = {person: self.due.conflicts.why(customer, village, person) for person in able}
        words = shown(f"{self.managers.ids[person]} {reason}" for person, reason in why.items() if reason)
        return words + "；别人的岗位不是这条线" * (not all(why.values()))

    def _why(self, named: int, holder: int, holder_id: str, exposure: int, conflict: str, years: int) -> str:
        """Why the holder could not keep the customer."""
        if years:
            return f"调整，原管户经理 {holder_id} 轮岗（已管 {years} 年）"
        if holder >= 0:
            return f"调整，原管户经理 {holder_id} 超出管户上限" if self.rules.moves == "forced" else "年度调整"
        if named < 0:
            return f"调整，原管户经理 {holder_id} 不在名册"
        if not self.managers.on_duty[named]:
            left = self.managers.left_on[named]
            return (
                f"调整，原管户经理 {holder_id} 已于 {date_of(left)} 离任"
                if left is not None and left < self.effective
                else f"调整，原管户经理 {holder_id} 不在岗"
            )
        if conflict:
            return f"调整，原管户经理 {holder_id} {conflict}"
        if self.managers.authority[named] < exposure:
            return f"调整，贷款 {exposure / 1_000_000:,.2f} 万元超过原管户经理 {holder_id} 的授信权限"
        return f"调整，原管户经理 {holder_id} 不服务本社"

    def _fit(self, placed: int, grid: int, asset: bool, branch: str) -> str:
        """Why this manager."""
        words = []
        if grid >= 0 and placed in self.due.groups[grid]:
            words.append("包村客户经理")
        specialism = self.managers.specialism[placed]
        if specialism == ("asset" if asset else "liability"):
            words.append("岗位与主要业务相符")
        words.append("本社在岗" if self.managers.home[placed] == branch else "服务本社")
        return "、".join([*words, "负荷合适"])


def cost_of(frame: pd.DataFrame, due: Due, managers: Managers, rules: AssignRules) -> Decimal:
    """The plan's cost by the rules alone, without the weights that put borrowers first."""
    placed, holder = frame["placed"].to_numpy(), frame["holder"].to_numpy()
    there, rotated = placed >= 0, frame["rotate"].to_numpy()
    cost = Decimal(0)
    for value, count in (
        frame.loc[there & (holder >= 0) & (placed != holder) & ~rotated, "move_cost"].value_counts().items()
    ):
        cost += Decimal(str(value)) * int(count)
    # of whom each 岗位 is wrong, by whether the main business is loans; nobody's is wrong without one
    wrongs = [[bool(post) and post != line for post in (*managers.specialism, None)] for line in ("liability", "asset")]
    wrong = there & np.array(wrongs)[frame["asset"].to_numpy(dtype=bool).astype("int64"), placed]
    cost += rules.cost.wrong_specialism * int(wrong.sum())
    cost += rules.cost.off_grid * _off_grid(frame, due, managers)
    cost += rules.cost.unassigned * Decimal(int(frame.loc[~there, "load"].sum())) / due.unit
    return (cost + rules.cost.imbalance * _overload(frame, due, managers)).normalize()


def _off_grid(frame: pd.DataFrame, due: Due, managers: Managers) -> int:
    count = 0
    rows = frame[(frame["grid"] >= 0) & (frame["placed"] >= 0)]
    for (branch, grid), group in rows.groupby(["branch_id", "grid"]):
        own = [person for person in due.groups[grid] if person in managers.serves.get(branch, ())]
        if own:
            count += int((~group["placed"].isin(own)).sum())
    return count


def _overload(frame: pd.DataFrame, due: Due, managers: Managers) -> Decimal:
    """Whole households above each manager's share at the average load rate of her component."""
    from kehujingli.assign.deal import shares
    from kehujingli.assign.interchangeable import components

    placed, load = frame["placed"].to_numpy(), frame["load"].to_numpy().astype(float)
    there = placed >= 0
    carried = np.bincount(placed[there], weights=load[there], minlength=len(managers.ids))
    total = Decimal(0)
    for branches in components(frame[["branch_id"]], managers):
        people = np.unique(
            np.concatenate([managers.serves.get(branch, np.array([], dtype="int64")) for branch in branches])
        )
        if len(people):
            share = shares(
                managers.capacity[people] * due.unit, np.zeros(len(people)), float(carried[people].sum()), due.unit
            )
            total += Decimal(int(np.maximum(carried[people] - share, 0).sum())) / due.unit
    return total

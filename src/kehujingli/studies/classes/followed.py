"""What follows where customers are classed, or people paid, otherwise? One month twice, side by side: classes, loads of branches and managers, pay.

Pure: the two sides come from trials of a month; a side has nothing of what its rules do not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.studies.pay.whatif import Outcome, compare
from kehujingli.terms.column import ListColumn, keys

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.rules import SegmentRules


@dataclass(frozen=True)
class Stand:
    """A month on one side.

    ``classes``: customer_id, group; ``loads``: branch_id, branch_name, manager_id, name, capacity, load (折算户 of her plan);
    ``branches``: branch_id, branch_name, due (customers), load_due, capacity (0 where nobody is, missing where it has no limit), unassigned;
    ``paid``: outcomes by person.
    """

    classes: pd.DataFrame | None = None
    loads: pd.DataFrame | None = None
    branches: pd.DataFrame | None = None
    paid: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """A row of a list, and what it makes of every customer: ``column`` (frequency or scale), its values in the order of the customers; ``rules``:
    how it would stand in the rules, nothing where they have no words for it."""

    row: tuple[object, ...]
    of: str = ""
    way: str = ""
    column: str = ""
    values: npt.NDArray[np.object_] | None = None
    rules: SegmentRules | None = None


def groups_beside(now: Stand, then: Stand) -> pd.DataFrame | None:
    """One row a 户群: its customers on either side and the difference, and how many came and went; nothing where either side has no classes."""
    import pandas as pd

    both = _both(now, then)
    if both is None:
        return None
    old, new = (both[f"group_{side}"] for side in ("now", "then"))
    moved = old != new
    counts = {
        "customers_now": old.value_counts(),
        "customers_then": new.value_counts(),
        "came": new[moved].value_counts(),
        "went": old[moved].value_counts(),
    }
    table = pd.DataFrame(counts).reindex(list(terms.GROUPS)).fillna(0).astype("int64")
    table = table.assign(difference=table["customers_then"] - table["customers_now"])
    return table.rename_axis("group").reset_index()


def reclassed(now: Stand, then: Stand) -> int:
    """Customers whose 户群 is another."""
    both = _both(now, then)
    return 0 if both is None else int((both["group_now"] != both["group_then"]).sum())


def _both(now: Stand, then: Stand) -> pd.DataFrame | None:
    if now.classes is None or then.classes is None:
        return None
    return now.classes.merge(then.classes, on="customer_id", suffixes=("_now", "_then"))


def branches_beside(now: Stand, then: Stand) -> pd.DataFrame | None:
    """One row a branch: what is due to be looked after against the limit of its people; nothing where either side has no plan."""
    if now.branches is None or then.branches is None:
        return None
    table = now.branches.merge(then.branches, on="branch_id", how="outer", suffixes=("_now", "_then"), sort=True)
    table["branch_name"] = table["branch_name_then"].fillna(table["branch_name_now"])  # one that was renamed is one
    table["capacity"] = table["capacity_then"].fillna(table["capacity_now"])
    return _rated(table, "load_due").sort_values("branch_id", ignore_index=True)


def managers_beside(now: Stand, then: Stand) -> pd.DataFrame:
    """One row a person who has a load or is scored: load against her limit, score and pay (元) on either side; no load where either side has no plan."""
    import pandas as pd

    names = ["branch_id", "branch_name", "manager_id", "name", "capacity", "load"]
    held, taken = (pd.DataFrame(columns=names) if side.loads is None else side.loads[names] for side in (now, then))
    table = held.merge(taken, on="manager_id", how="outer", suffixes=("_now", "_then"), sort=True)
    for key in ("branch_id", "branch_name", "name", "capacity"):
        table[key] = table[f"{key}_then"].where(table[f"{key}_then"].notna(), table[f"{key}_now"])
    changes = {change.manager_id: change for change in compare(now.paid, then.paid).changes}
    alone = sorted(changes.keys() - set(table["manager_id"]))
    table = pd.concat([table, pd.DataFrame({"manager_id": alone})], ignore_index=True)
    for who, key in (("old", "now"), ("new", "then")):
        sides = [getattr(changes.get(manager), who, None) for manager in table["manager_id"]]
        table[f"score_{key}"] = pd.Series([getattr(side, "score", None) for side in sides], dtype="object")
        table[f"pay_{key}"] = pd.Series([getattr(side, "pay", None) for side in sides], dtype="object")
    paid = [changes[manager].pay if manager in changes else None for manager in table["manager_id"]]
    called = [changes[manager].name if manager in changes else None for manager in table["manager_id"]]
    name = table["name"].astype("object")
    table = table.assign(name=name.where(name.notna(), called), pay_difference=pd.Series(paid, dtype="object"))
    return _rated(table, "load").sort_values(["branch_id", "manager_id"], na_position="last", ignore_index=True)


def _rated(table: pd.DataFrame, load: str) -> pd.DataFrame:
    limit = table["capacity"].astype("float64")
    rates = {
        f"rate_{side}": table[f"{load}_{side}"].astype("float64") / limit.where(limit > 0) for side in ("now", "then")
    }
    return table.assign(**rates)


def summary(now: Stand, then: Stand) -> dict[str, object]:
    """One row of figures of ``then`` beside ``now``, by the keys of ``FOLLOWED``."""
    paid = compare(now.paid, then.paid)
    found: dict[str, object] = {
        "changed": reclassed(now, then),
        "total_pay": paid.new_spread.total if then.paid else None,
        "pay_difference": paid.new_spread.total - paid.old_spread.total if then.paid else None,
        "gainers": len(paid.gain),
        "losers": len(paid.lose),
    }
    if then.branches is not None and then.loads is not None and now.branches is not None:
        loads = then.loads
        limit = loads["capacity"].astype("float64")
        rate = loads["load"].astype("float64") / limit.where(limit > 0)
        due, before = (float(side["load_due"].sum()) for side in (then.branches, now.branches))
        limits = then.branches["capacity"].astype("float64")
        whole = None if limits.isna().any() else float(limits.sum())
        found |= {
            "due": int(then.branches["due"].sum()),
            "load_due": due,
            "load_difference": due - before,
            "capacity": whole,
            "rate": due / whole if whole else None,
            "highest": None if rate.dropna().empty else float(rate.max()),
            "over": int((rate > 1).sum()),
            "unassigned": int(then.branches["unassigned"].sum()),
        }
    return {column.key: found.get(column.key) for column in FOLLOWED}


def said(row: Mapping[str, object]) -> str:
    """One sentence of a ``summary``: classes, loads, pay."""
    parts = [f"换户群 {row['changed']:,} 户"]
    if row["load_due"] is not None:
        more = Decimal(str(row["load_difference"]))
        share = "" if row["rate"] is None else f"，占上限 {row['rate']:.0%}"
        left = f"，未配 {row['unassigned']:,} 户" if row["unassigned"] else ""
        parts.append(f"应配折算户 {row['load_due']:,.0f}（{more:+,.0f}）{share}{left}")
    if row["total_pay"] is not None:
        parts.append(
            f"应发 {row['pay_difference']:+,.2f} 元（多得 {row['gainers']} 人，少得 {row['losers']} 人）"
            if row["gainers"] or row["losers"]
            else "应发不变"
        )
    return "；".join(parts)


Trial = Callable[["pd.DataFrame | SegmentRules | None"], Stand]
"""What a month comes to: with other classes (customer_id, frequency, scale), under other rules of classes, or as it is."""


def followed(
    frame: pd.DataFrame, own: SegmentRules, tried: Iterable[Drawn], trial: Trial | None
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """What every way would come to beside what is, a way that moves nobody included; and sentences of those that change loads or pay."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    lines, branches, managers, alone = [], [], [], 0
    now: Stand | None = None
    for drawn in tried:
        if drawn.values is None or trial is None:
            continue
        now = now or trial(None)
        moved = follows = False
        for when, waiting, then in _tried(frame, own, drawn, trial, now):
            named = {"of": drawn.of, "way": drawn.way, "when": when}
            row = summary(now, then)
            rows.append(named | row | {"waiting": waiting})
            moved |= then is not now
            if row["load_difference"] or row["pay_difference"]:
                follows = True
                told = said(row) + (f"；{waiting:,} 户降档的先进缓冲期" if waiting else "")
                lines.append(f"{drawn.of} {drawn.way}{'' if when == PRESENT else f'（{when}）'}：{told}")
            beside = branches_beside(now, then)
            branches += [] if beside is None else [beside.assign(**named)]
            managers.append(managers_beside(now, then).assign(**named))
        alone += moved and not follows
    lines += [f"另有 {alone} 种划法只换户群，应配和应发不变"] if alone else []
    parts: Mapping[str, tuple[tuple[ListColumn, ...], list[pd.DataFrame]]] = {
        "thresholds_follow": (WAYS, [pd.DataFrame(rows, columns=keys(WAYS))]),
        "thresholds_branches": (WAY_BRANCHES, branches),
        "thresholds_managers": (WAY_MANAGERS, managers),
    }
    frames = {
        key: pd.concat(found, ignore_index=True)[keys(columns)] if found else pd.DataFrame(columns=keys(columns))
        for key, (columns, found) in parts.items()
    }
    return frames, lines


def _tried(
    frame: pd.DataFrame, own: SegmentRules, drawn: Drawn, trial: Trial, now: Stand
) -> Iterator[tuple[str, int, Stand]]:
    """When, how many still wait to be classed lower, and what the month comes to: in the period as it would be run under such rules, and where the
    buffer before a downgrade holds somebody once more as it is when nobody waits."""
    classes = frame[["customer_id", "frequency", "scale"]].assign(**{drawn.column: drawn.values})
    moves = bool((frame[drawn.column].to_numpy(dtype=object) != drawn.values).any())
    if drawn.rules is None:
        yield PRESENT, 0, trial(classes) if moves else now
        return
    then = now if drawn.rules == own else trial(drawn.rules)
    at_last = classes.assign(group=classes["frequency"] + "/" + classes["scale"])[["customer_id", "group"]]
    waiting = reclassed(then, Stand(at_last)) if drawn.column == "scale" else 0
    yield PRESENT, waiting, then
    if waiting:
        yield AFTER, 0, trial(classes)


@dataclass(frozen=True)
class Beside:
    """Two sides of one month as lists: ``groups`` and ``branches`` where both sides have them, ``managers``; ``row`` is their ``summary``."""

    groups: pd.DataFrame | None
    branches: pd.DataFrame | None
    managers: pd.DataFrame
    row: Mapping[str, object]

    @classmethod
    def of(cls, now: Stand, then: Stand) -> Beside:
        return cls(groups_beside(now, then), branches_beside(now, then), managers_beside(now, then), summary(now, then))


def _sides(key: str, kind: str, label: str, width: float = 0) -> tuple[ListColumn, ...]:
    return tuple(
        ListColumn(f"{key}_{side}", kind, f"{word}{label}", width=width)  # type: ignore[arg-type]
        for side, word in (("now", "现行"), ("then", "试算"))
    )


_LIMIT = terms.label("capacity", "loads")
FOLLOWED = (
    ListColumn("changed", "count", "换户群", meaning="户群（频率或规模）与现行不同的户"),
    ListColumn("due", "count"),
    ListColumn("load_due", "number", width=11),
    ListColumn("load_difference", "number", "比现行", width=10),
    ListColumn("capacity", "number", _LIMIT, width=11, meaning="在岗客户经理的管户上限合计，折算户"),
    ListColumn("rate", "rate", "应配占上限", width=10),
    ListColumn("highest", "rate", "最高负荷率", width=10, meaning="方案里负荷最重的一人，折算户 ÷ 管户上限"),
    ListColumn("over", "count", "超上限人数"),
    ListColumn("unassigned", "count", "未配户"),
    ListColumn("total_pay", "amount", width=15),
    ListColumn("pay_difference", "amount", "应发比现行", width=13),
    ListColumn("gainers", "count"),
    ListColumn("losers", "count"),
)
GROUPS = (
    ListColumn("group", label=terms.label("group"), codes=terms.GROUPS, width=22),
    *(ListColumn(f"customers_{side}", "count", word, total=True) for side, word in (("now", "现行"), ("then", "试算"))),
    ListColumn("difference", "count", "试算减现行", total=True),
    ListColumn("came", "count", "转入", total=True),
    ListColumn("went", "count", "转出", total=True),
)
BRANCHES = (
    ListColumn("branch_id", "id"),
    ListColumn("branch_name", width=14),
    ListColumn("capacity", "number", _LIMIT, width=11),
    *_sides("due", "count", terms.label("due"), 11),
    *_sides("load_due", "number", terms.label("load"), 11),
    *_sides("rate", "rate", "占上限", 10),
    *_sides("unassigned", "count", "未配户", 11),
)
MANAGERS = (
    ListColumn("branch_id", "id"),
    ListColumn("branch_name", width=14),
    ListColumn("manager_id", "id"),
    ListColumn("name", width=9),
    ListColumn("capacity", "number", _LIMIT, width=10),
    *_sides("load", "number", terms.label("load"), 10),
    *_sides("rate", "rate", terms.label("rate", "manager_loads"), 10),
    *_sides("score", "points", terms.label("score")),
    *_sides("pay", "amount", terms.label("payable"), 13),
    ListColumn("pay_difference", "amount", "多得或少得", width=12),
)
PRESENT, AFTER = "本期", "缓冲期满"
_WAY = (
    ListColumn("of", label="看什么", width=18),
    ListColumn("way", label="划法", width=34),
    ListColumn("when", label="何时", width=9, meaning="本期：写进办法、这一期重跑的样子；缓冲期满：该降的都降了以后"),
)
_WAITING = ListColumn("waiting", "count", "在缓冲期", width=9, meaning="按这条线该降档、这一期还没有降的户")
WAYS = (*_WAY, FOLLOWED[0], _WAITING, *FOLLOWED[1:])
WAY_BRANCHES = (*_WAY, *BRANCHES)
WAY_MANAGERS = (*_WAY, *MANAGERS)

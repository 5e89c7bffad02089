"""信号：哪些客户该马上去看？和自己以前比来款、存款少了的，大额转出、到期、逾期、将降级的；上月说的应验了几成，不说也会发生的又有几成。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period
from kehujingli.rules.models import Institution
from kehujingli.studies.signs import proved
from kehujingli.studies.signs.detected import KINDS, Facts, Rules, Seen, detected
from kehujingli.studies.signs.evidence import money, places, rows_of, sayings
from kehujingli.studies.signs.signal_sheets import (
    DEFINITIONS,
    KIND_COLUMNS,
    LEDGER_COLUMNS,
    LIST,
    MANAGERS,
    PAST,
    RECORD_COLUMNS,
    ROWS,
    WITHOUT,
)
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import keys
from kehujingli.values import in_order

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import SegmentRules
    from kehujingli.studies.signs.detected import Flags


@dataclass(frozen=True)
class _Told:
    """A month's signals: what was found, what is told (customer_id, kind, stake, at: place in ``facts.classes``, owner, rank, week), and how each kind stands."""

    facts: Facts
    found: Mapping[str, Seen]
    signals: pd.DataFrame
    standing: Mapping[str, Mapping[str, Any]]
    proof: proved.Proof
    record: pd.DataFrame


def signals(
    classes: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    loans: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    flows: pd.DataFrame | None = None,
    notable: pd.DataFrame | None = None,
    counterparties: pd.DataFrame | None = None,
    merges: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    previous_signal_ledger: pd.DataFrame | None = None,
    previous_signal_record: pd.DataFrame | None = None,
    *,
    period: Period,
    institution: Institution,
    segment: tuple[SegmentRules | None, SegmentRules],
    inputs: Sequence[Mapping[str, Any]],
    rules: Rules,
) -> Answer:
    """Frames as a month keeps them, money in 分; ``previous…``: of the month before."""
    facts = _facts(classes, accounts, loans, holdings, flows, counterparties)
    told = _told(
        facts,
        (previous_signal_ledger, previous_signal_record, previous, merges),
        period,
        institution,
        segment[1],
        rules,
    )
    listed = told.signals[told.signals["week"].notna()]
    rows = rows_of(listed, facts, notable, rules, period.last, (institution.name, *rules.own_banks))
    frames = {
        "signals": _customers(told, listed, rules),
        "signals_rows": _rows(told, listed, rows, inputs),
        "signals_kinds": _kinds(told),
        "signals_managers": _managers(told),
        "signals_past": _past(told),
    }
    return Answer(frames, _lines(told, frames, rules), _missing_months(flows, period))


def ledger(
    classes: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    loans: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    flows: pd.DataFrame | None = None,
    counterparties: pd.DataFrame | None = None,
    merges: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    previous_signal_ledger: pd.DataFrame | None = None,
    previous_signal_record: pd.DataFrame | None = None,
    *,
    period: Period,
    institution: Institution,
    segment: tuple[SegmentRules | None, SegmentRules],
    rules: Rules,
) -> Answer:
    """What a month keeps of its signals: ``proved.ledger``, and the record of all months with last month's judged by this one."""
    facts = _facts(classes, accounts, loans, holdings, flows, counterparties)
    before = (previous_signal_ledger, previous_signal_record, previous, merges)
    told = _told(facts, before, period, institution, segment[1], rules)
    some = told.signals[told.signals["week"].notna()]
    listed = {kind: _at(some.loc[some["kind"] == kind, "at"], len(facts.classes)) for kind in KINDS}
    frames = {"signal_ledger": proved.ledger(facts, told.found, listed), "signal_record": told.record}
    return Answer(frames)


def _at(places: pd.Series, size: int) -> Flags:
    import numpy as np

    found = np.zeros(size, dtype=bool)
    found[places.to_numpy(dtype="int64")] = True
    return found


def _facts(
    classes: pd.DataFrame,
    accounts: pd.DataFrame | None,
    loans: pd.DataFrame | None,
    holdings: pd.DataFrame | None,
    flows: pd.DataFrame | None,
    counterparties: pd.DataFrame | None,
) -> Facts:
    ordered = in_order(classes, "customer_id")
    return Facts(ordered, accounts, loans, holdings, flows, counterparties)


def _told(
    facts: Facts,
    before: tuple[pd.DataFrame | None, ...],
    period: Period,
    institution: Institution,
    segment: SegmentRules,
    rules: Rules,
) -> _Told:
    """``before``: last month's ledger, record and classes, and the customer numbers merged into others."""
    import pandas as pd

    found = detected(facts, rules, period, segment, (institution.name,))
    kept, record, previous, merges = before
    proof = proved.proof(kept, previous, facts, found, merges, rules, period)
    record = proof.lines if record is None else pd.concat([_before(record, period), proof.lines], ignore_index=True)
    standing = proved.standing_of(record, found, rules, period)
    return _Told(facts, found, _signals(facts, found, proved.speaking(standing), rules), standing, proof, record)


def _before(record: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Of months whose signals the month before has judged."""
    return record.loc[record["month"] < period.back(1).name, list(proved.RECORD)]


def _signals(facts: Facts, found: Mapping[str, Seen], speaking: Sequence[str], rules: Rules) -> pd.DataFrame:
    """One row a signal that is told; of each manager (without one: of each branch) the customers with most at stake first, so many a week."""
    import numpy as np
    import pandas as pd

    parts = []
    for place, kind in enumerate(KINDS):
        if kind in speaking:
            at = np.flatnonzero(found[kind].raised)
            parts.append(pd.DataFrame({"at": at, "kind": kind, "place": place, "stake": found[kind].stake[at]}))
    if not parts:
        parts = [pd.DataFrame({"at": [], "kind": [], "place": [], "stake": []}).astype({"at": int, "stake": int})]
    rows = pd.concat(parts, ignore_index=True)
    people = facts.classes.iloc[rows["at"]]
    holder = people["holder_id"].astype("object")
    owner = holder.where(holder.notna(), "/" + people["branch_id"].astype("object").fillna("")).to_numpy()
    rows = rows.assign(customer_id=people["customer_id"].to_numpy(), owner=owner)
    rows["most"] = rows.groupby("at")["stake"].transform("max")
    rows = rows.sort_values(
        ["owner", "most", "customer_id", "place"], ascending=[True, False, True, True], ignore_index=True
    )
    first = ~rows["customer_id"].duplicated()
    rank = first.astype("int64").groupby(rows["owner"]).cumsum()
    week = (rank - 1) // rules.per_week + 1
    return rows.assign(rank=rank, week=week.astype("Int64").where(week <= rules.weeks))


_PERSON = ("branch_id", "branch_name", "holder_id", "manager_name", "customer_id", "customer_name", "customer_type")


def _customers(told: _Told, listed: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """One row a customer on a list: all that is said of her."""
    say = sayings(told.found, rules)
    texts = [say[kind](at) for kind, at in zip(listed["kind"], listed["at"], strict=True)]
    signs: dict[int, list[str]] = {}
    reasons: dict[int, list[str]] = {}
    for at, kind, text in zip(listed["at"].tolist(), listed["kind"].tolist(), texts, strict=True):
        signs.setdefault(at, []).append(KINDS[kind])
        reasons.setdefault(at, []).append(text)
    rows = listed[~listed["at"].duplicated()][["at", "week", "rank", "most"]].rename(columns={"most": "stake"})
    said = [("、".join(signs[at]), "；".join(reasons[at])) for at in rows["at"].tolist()]
    rows = rows.assign(signs=[sign for sign, _ in said], reason=[why for _, why in said]).reset_index(drop=True)
    own = [*_PERSON, "group", "deposit_balance", "loan_balance"]
    rows = rows.join(told.facts.classes[own], on="at")
    order = ["branch_id", "holder_id", "rank"]
    return rows.sort_values(order, na_position="last", kind="stable", ignore_index=True)


def _rows(told: _Told, listed: pd.DataFrame, rows: pd.DataFrame, inputs: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows behind the list, in its order."""
    order = listed[["customer_id", "kind", "owner", "rank", "place", "at"]]
    rows = rows.merge(order, on=["customer_id", "kind"]).join(
        told.facts.classes[[name for name in _PERSON if name != "customer_id"]], on="at"
    )
    rows = rows.assign(place_said=places(rows, inputs), size=rows["amount"].abs())
    return rows.sort_values(
        ["branch_id", "holder_id", "rank", "place", "size", "number", "source_row"],
        ascending=[True, True, True, True, False, True, True],
        na_position="last",
        kind="stable",
        ignore_index=True,
    )


def _kinds(told: _Told) -> pd.DataFrame:
    """One row a kind: what it says this month, what became of last month's, and how it has done."""
    import pandas as pd

    last = told.proof.lines.set_index("kind")
    shown = told.signals[told.signals["week"].notna()].groupby("kind").size()
    rows = []
    for kind in KINDS:
        seen, past = told.found.get(kind), last.loc[kind] if kind in last.index else None
        row: dict[str, Any] = {"kind": kind, "truth": proved.TRUTHS[kind], **told.standing[kind]}
        if seen is not None:
            row |= {
                "looked": int((seen.eligible | seen.raised).sum()),
                "raised": int(seen.raised.sum()),
                "listed": int(shown.get(kind, 0)),
                "stake": int(seen.stake[seen.raised].sum()),
            }
        if past is not None:
            row |= {key: int(past[name]) for key, name in _OF_PAST.items()}
            row["hit"] = row["came"] / row["told"] if row["told"] else None
            row["base"] = row["happened"] / row["others"] if row["others"] else None
        if row["all_hit"] is not None and row["all_base"]:
            row["lift"] = row["all_hit"] / row["all_base"]
        rows.append(row)
    frame = pd.DataFrame(rows).reindex(columns=keys(KIND_COLUMNS))
    whole = [column.key for column in KIND_COLUMNS if column.kind in ("count", "yuan")]
    parts = [column.key for column in KIND_COLUMNS if column.kind in ("rate", "number")]
    return frame.astype({**dict.fromkeys(whole, "Int64"), **dict.fromkeys(parts, "Float64")})


_OF_PAST = {"told": "raised", "came": "came", "others": "others", "happened": "happened"}


def _managers(told: _Told) -> pd.DataFrame:
    """One row a manager, and a branch's customers whom nobody holds: how many customers, how many do not stand on the list, and of each kind."""
    import pandas as pd

    rows = told.signals
    first = rows[~rows["customer_id"].duplicated()]
    grouped = first.groupby("owner", sort=True)
    people = told.facts.classes.iloc[grouped["at"].first()].reset_index(drop=True)
    counts = pd.crosstab(rows["owner"], rows["kind"]).reindex(columns=list(KINDS), fill_value=0)
    table = grouped.agg(customers=("customer_id", "size"), listed=("week", "count"), stake=("most", "sum"))
    table = table.join(counts).reset_index(drop=True)
    own = people[["branch_id", "branch_name", "holder_id", "manager_name"]]
    table = pd.concat([own, table.assign(left=table["customers"] - table["listed"])], axis=1)
    return table.sort_values(["branch_id", "holder_id"], na_position="last", ignore_index=True)


def _past(told: _Told) -> pd.DataFrame:
    """Each of last month's signals and what came of it."""
    rows = told.proof.rows
    order = {kind: place for place, kind in enumerate(KINDS)}
    people = told.facts.classes[[*_PERSON, "group", "deposit_balance"]]
    rows = rows.merge(people, on="customer_id", how="left").assign(place=rows["kind"].map(order).to_numpy())
    return rows.sort_values(["branch_id", "holder_id", "place", "customer_id"], na_position="last", ignore_index=True)


def _missing_months(flows: pd.DataFrame | None, period: Period) -> list[Finding]:
    """Months that the export lacks, and what cannot be said without."""
    if flows is None or not len(flows):
        return []
    covered = int(flows["covered"].iloc[0])
    lacking = [period.back(back).name for back in (3, 2, 1, 0) if not covered >> back & 1]
    return [finding("study.signals-months", months="、".join(lacking))] if lacking else []


def _lines(told: _Told, frames: Mapping[str, pd.DataFrame], rules: Rules) -> list[str]:
    managers = frames["signals_managers"]
    whole, listed = int(managers["customers"].sum()), int(managers["listed"].sum())
    lines = [
        f"{whole} 户有信号，涉及 {money(int(managers['stake'].sum()))}；每人一周 {rules.per_week} 户、{rules.weeks} 周，列出 {listed} 户"
        + (f"，没有列出 {whole - listed} 户" if whole > listed else "")
    ]
    counts = [f"{KINDS[kind]} {int(seen.raised.sum())}" for kind, seen in told.found.items() if bool(seen.raised.any())]
    if counts:
        lines.append(f"各种信号（户）：{'，'.join(counts)}")
    lacking = [KINDS[kind] for kind in KINDS if kind not in told.found]
    if lacking:
        lines.append(f"缺：{'、'.join(lacking)}")
    for row in frames["signals_kinds"].dropna(subset=["hit"]).itertuples():
        base = "" if row.others == 0 else f"；没有信号的 {row.others} 户里 {row.happened} 户也这样（{row.base:.1%}）"
        lines.append(f"上月{KINDS[row.kind]} {row.told} 户，应验 {row.came} 户（{row.hit:.1%}）{base}")
    for state in ("below", "silent"):
        kinds = [KINDS[kind] for kind, one in told.standing.items() if one["state"] == state]
        if kinds:
            lines.append(f"{proved.STATES[state]}：{'、'.join(kinds)}")
    return lines


STUDY = Study(
    signals,
    (
        StudyList("signals", "信号名单", LIST, nothing="没有信号。", freeze=7),
        StudyList("signals_kinds", "信号成绩", KIND_COLUMNS, unit="户、元", freeze=1),
        StudyList("signals_managers", "信号按客户经理", MANAGERS, unit="户、元", nothing="没有信号。", freeze=4),
        StudyList("signals_rows", "信号依据", ROWS, nothing="没有信号。"),
        StudyList("signals_past", "信号应验名单", PAST, nothing="上月没有记信号。"),
    ),
    WITHOUT | {"notable": "依据里没有流水。"},
    DEFINITIONS,
    Rules,
    examples=("kehujingli signals", "kehujingli 信号 -o 信号.xlsx --unmask", "kehujingli signals --list signals_kinds"),
    consecutive=True,
)
LEDGER = Study(
    ledger,
    (
        StudyList("signal_ledger", terms.KEPT["signal_ledger"], LEDGER_COLUMNS),
        StudyList("signal_record", terms.KEPT["signal_record"], RECORD_COLUMNS),
    ),
    WITHOUT,
    rules=Rules,
)
"""What a run keeps of the month's signals, so that the next one can say what came true."""

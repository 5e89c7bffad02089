"""What does a period leave for later questions? Its results as Parquet beside the workbooks, in codes, unmasked, readable by the owner only.

``show`` and ``query`` answer from here, the next month compares with it, and it survives the cache.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.values import named
from kehujingli.workspace.results import DATA

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from kehujingli.month.order import Month

YEAR = 12
"""Months of postings that are looked at where the rules name no window."""
_OF_BRANCHES = ("region", "kind", "staff", "cost", "profit", "area", "atm", "counter_staff", "distance_to")
_WHOLE = ("staff", "cost", "profit", "atm", "counter_staff")


def save_results(month: Month, folder: Path, more: Mapping[str, pd.DataFrame] | None = None) -> list[Path]:
    """Write every result the month has, and ``more``, as ``data/<name>.parquet`` under ``folder``."""
    import pyarrow.parquet as pq

    target = folder / DATA
    target.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        target.chmod(0o700)
    written = []
    for name, frame in (result_frames(month) | dict(more or {})).items():
        path = target / f"{name}.parquet"
        pq.write_table(as_kept(frame), path, compression="zstd", compression_level=1)
        written.append(path)
    return written + _daily_sums(month, target)


def _daily_sums(month: Month, target: Path) -> list[Path]:
    """What moved on each deposit account on each day, 分: the averages of ``balance`` rest on nothing else. Nearly as many rows as postings: written as they come."""
    if not month.tables.has("transactions"):
        return []
    import pyarrow.parquet as pq

    from kehujingli.measures.flows import daily_sums

    path, sums = target / "daily_sums.parquet", daily_sums(month.postings)
    first = next(sums)
    with pq.ParquetWriter(path, first.schema, compression="zstd", compression_level=1) as file:
        for some in itertools.chain([first], sums):
            file.write_table(some)
    return [path]


def _owners(month: Month) -> Any:
    """Every account that was ever ours, beside the postings; nothing where no accounts were exported."""
    import pyarrow as pa

    owners = month.tables.owners
    if owners is None:
        return None
    ids = pa.table({"account_id": pa.array(owners["account_id"], pa.string())})
    return month.engine.beside(month.tables.con, ids)


def as_kept(frame: pd.DataFrame) -> pa.Table:
    """The frame as its file holds it: what is read from there is what this gives."""
    import pyarrow as pa

    table = pa.Table.from_pandas(_plain(frame), preserve_index=False)
    empty = [column.name for column in table.schema if pa.types.is_null(column.type)]
    for column in empty:  # a column without a value is still text, so that it can be searched
        table = table.set_column(table.column_names.index(column), column, table[column].cast(pa.string()))
    return table


def result_frame(month: Month, name: str) -> pd.DataFrame | None:
    """One result as ``result_frames`` has it, without what it does not rest on; nothing where the month has none of that name."""
    from kehujingli.lists.month_page import figure_frame

    match name:
        case "classes":
            return class_frame(month)
        case "accounts":
            return account_frame(month)
        case "plan":
            return plan_frame(month, class_frame(month))
        case "loads":
            return month.plan.loads
        case "branches":
            return _branch_frame(month)
        case "managers":
            return month.tables["managers"]
        case "loans":
            return sourced(month.tables["loans"])
        case "line_parts":
            return month.line_parts
        case "figures":
            return figure_frame(month.figures)
        case "merges":
            return merged_frame(month)
        case "counterparties":
            return counterparty_frame(month)
        case "closed_customers":
            return closed_frame(month) if len(month.segmented.closed) else None
        case "flows" | "notable":
            return flow_frames(month).get(name)
        case _:
            return result_frames(month).get(name)


def result_frames(month: Month) -> dict[str, pd.DataFrame]:
    """Every result that the month can have, by name."""
    from kehujingli.lists.main import item_list, pay_list, score_list
    from kehujingli.lists.month_page import figure_frame
    from kehujingli.scoring.settlement import ledger
    from kehujingli.studies import exports_asked

    tables = month.tables
    classes, plan = class_frame(month), month.plan
    frames = {
        "classes": classes,
        "plan": plan_frame(month, classes),
        "loads": plan.loads,
        "branches": _branch_frame(month),
        "accounts": account_frame(month),
        "loans": sourced(tables["loans"]),
        "managers": tables["managers"],
        "figures": figure_frame(month.figures),
        "line_parts": month.line_parts,
    }
    if month.sides is not None:
        from kehujingli.lists.held import side_list

        held = month.held if month.rules.rules.incentive is not None else None
        frames["branch_sides"] = side_list(month.branch_sums, held)
    if len(month.segmented.closed):
        frames["closed_customers"] = closed_frame(month)
    if (merged := merged_frame(month)) is not None:
        frames["merges"] = merged
    if (others := counterparty_frame(month)) is not None:
        frames["counterparties"] = others
    if tables.repeats is not None:
        frames["repeats"] = sourced(tables.repeats)
    if month.rules.rules.incentive is not None:
        scores, rules = month.scores, month.rules.incentive
        frames |= {
            "scores": score_list(scores, rules, month.branch_names, month.previous_ranks),
            "items": item_list(scores),
            "pay": pay_list(scores, month.branch_names, month.settlement),
            "contributions": month.actuals.contributions,
            "ledger": ledger(scores, month.period, month.settlement),
            "adjustments": scores.adjustments.rename(columns={"part": "source_part", "row": "source_row"}),
        }
    asked = (name for name in (*exports_asked(), "ebank") if name not in frames and not tables[name].empty)
    return frames | {name: sourced(tables[name]) for name in asked}


def _branch_frame(month: Month) -> pd.DataFrame:
    """The branches of the plan with their names, of what 机构 says (``_OF_BRANCHES``) what it says of any, and what is told of channels."""
    from kehujingli.lists.channels import KEPT, KEPT_OF_EBANK

    branches, told = month.plan.branches, month.tables["branches"]
    frame = branches.assign(branch_name=named(branches["branch_id"], month.branch_names))
    for name in _OF_BRANCHES:
        said = told.dropna(subset=[name]).drop_duplicates("branch_id").set_index("branch_id")[name]
        if len(said):
            values = frame["branch_id"].map(said)
            frame[name] = values.astype("Int64") if name in _WHOLE else values
    sums = month.branch_sums
    own = sums[sums["held_by"] == ""].set_index("branch_id")
    channels = month.channels
    told_of = (KEPT if channels.customers is not None else ()) + (KEPT_OF_EBANK if channels.ebank is not None else ())
    for name in told_of:
        frame[name] = frame["branch_id"].map(own[name])
    return frame


_CLOSED = (
    "customer_id",
    "customer_name",
    "customer_type",
    "branch_id",
    "branch_name",
    "status",
    "holder_id",
    "manager_name",
    "opened_on",
    "last_active",
    "average_deposit_year",
    "average_deposit_last_year",
)


def class_frame(month: Month) -> pd.DataFrame:
    """The classes with the names of holder and branch."""
    return _with_names(month, month.segmented.customers)


def closed_frame(month: Month) -> pd.DataFrame:
    """Who has closed everything and is in no class."""
    return _with_names(month, month.segmented.closed)[list(_CLOSED)]


def merged_frame(month: Month) -> pd.DataFrame | None:
    """Customer numbers merged into another, where there are any."""
    rows = month.tables.merges.rows
    return None if rows is None else rows.rename(columns={"name": "customer_name"})


def counterparty_frame(month: Month) -> pd.DataFrame | None:
    """Who stands on the other side of the window's postings, where they say so of anybody outside."""
    from kehujingli.measures.counterparties import gather

    if not month.tables.has("transactions"):
        return None
    segment = month.rules.rules.segment
    months = segment.window_months if segment is not None else YEAR
    found = gather(month.postings, _owners(month), month.period, months, month.engine.named)
    return found if found is not None and len(found) else None


def flow_frames(month: Month) -> dict[str, pd.DataFrame]:
    """What came in and went out by customer and month, and the postings that one would look at; nothing without postings."""
    from kehujingli.measures.flows import gather
    from kehujingli.studies.signs.detected import Rules

    if not month.tables.has("transactions"):
        return {}
    rules = month.rules.study("signals", Rules)
    flows, notable = gather(month.postings, _owners(month), month.period, rules.salary, rules.end_days)
    if month.batches:  # parts of a source stand behind the sheets among the inputs
        places = {batch.part: len(month.sheets) + n for n, batch in enumerate(month.batches)}
        notable = notable.assign(source_part=notable["source_part"].map(places).astype("int64"))
    return {"flows": flows, "notable": notable} if len(flows) else {}


def _with_names(month: Month, customers: pd.DataFrame) -> pd.DataFrame:
    from kehujingli.lists.main import manager_names

    classes = customers.rename(columns={"name": "customer_name"})
    holder = named(classes["customer_id"], month.holders)
    classes = classes.assign(
        holder_id=holder,
        manager_name=named(holder, manager_names(month.tables["managers"])),
        branch_name=named(classes["branch_id"], month.branch_names),
    )
    return classes.drop(columns=["manager_id"])


def plan_frame(month: Month, classes: pd.DataFrame) -> pd.DataFrame:
    """The plan with names, and what ``classes`` tell of each customer."""
    from kehujingli.lists.main import manager_names

    managers = manager_names(month.tables["managers"])
    names = classes.set_index("customer_id")[
        ["customer_name", "customer_type", "group", "scale_amount", "loan_balance", "branch_name"]
    ]
    placed = month.plan.customers.join(names, on="customer_id")
    return placed.assign(
        previous_manager_name=named(placed["previous_manager"], managers),
        assigned_name=named(placed["assigned_manager"], managers),
        effective_on=month.effective,
    )


def account_frame(month: Month) -> pd.DataFrame:
    """The accounts with what was measured of each, and where each stands."""
    places = _places(month.tables["accounts"], "account_id")
    return month.measured.accounts.merge(places, on="account_id", how="left")


def sourced(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that keep which sheet of the manifest they came from, and its row."""
    return frame.rename(columns={"part": "source_part", "row": "source_row"})


def _places(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Where an account stands; whole numbers even where some stand nowhere (known from postings alone)."""
    places = sourced(frame[[key, "part", "row"]]).drop_duplicates(key)
    return places.astype({"source_part": "Int64", "source_row": "Int64"})


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Exact decimals as text: Parquet keeps what was reckoned, not a binary neighbour of it."""
    from decimal import Decimal

    from pandas.api.types import infer_dtype

    def text(value: Any) -> Any:
        return format(value, "f") if isinstance(value, Decimal) else value

    objects = [name for name in frame.columns if frame[name].dtype == object]
    mixed = [name for name in objects if infer_dtype(frame[name], skipna=True) not in ("string", "boolean", "integer")]
    changed = {name: frame[name].map(text) for name in mixed}
    return frame.assign(**changed).drop(columns=["part", "row", "snapshot", "data_date"], errors="ignore")

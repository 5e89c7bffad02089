"""Which rows are whose? The lists of all packs of a month made once, in one piece, and cut: what a frame costs is paid once, not for each pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.lists.main import said
from kehujingli.workbooks.looks import Column, arrow_rows, labelled

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from kehujingli.lists.packs import Pack

Lists = Mapping[str, tuple[Sequence[Column], "pa.Table"]]
"""Of one pack: customers, changes, due, scores, and where there are any visits, signals and pay → columns and rows."""
_CUSTOMERS = [
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("customer_type", width=8, centre=True),
    labelled("group", width=20),
    labelled("change", width=6, centre=True),
    labelled("manager_name", width=14),
    labelled("phone", width=13, table="customers"),
    labelled("scale_amount", width=15, total=True),
    labelled("average_deposit_year", width=15, total=True),
    labelled("deposit_balance", width=15, total=True),
    labelled("loan_balance", width=15, total=True),
    labelled("worst_class", width=8, centre=True),
    labelled("to_next_scale", width=13),
    labelled("last_active", width=11),
    labelled("marks", width=16),
]
_CHANGES = [
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("customer_type", width=8, centre=True),
    labelled("previous_group", width=20),
    labelled("group", width=20, table="changes"),
    labelled("change", width=6, centre=True),
    labelled("previous_amount", width=15, table="changes"),
    labelled("scale_amount", width=15, table="changes"),
    labelled("difference", "yuan", 15),
    labelled("cause", width=12, table="changes"),
    labelled("manager_name", width=14),
]
_DUE = [
    labelled("state", width=14, table="packs"),
    labelled("what", width=6, table="packs", centre=True),
    labelled("number", "id", 20, called="loan_or_account"),
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("balance", width=15, table="packs", total=True),
    labelled("ends", width=11, table="packs"),
    labelled("five_class", width=8, table="loans", centre=True),
    labelled("manager_name", width=14),
]
_VISITS = [
    labelled("planned_on", "date", 12),
    labelled("village", width=16),
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("group", width=20),
    labelled("manager_name", width=14),
]
_SIGNALS = [
    labelled("week", width=8, table="packs"),
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("signs", width=22, table="packs"),
    labelled("reason", width=56, table="packs"),
    labelled("stake", width=15, table="packs", total=True),
    labelled("manager_name", width=14),
]
_PEOPLE = (
    labelled("rank_group", width=10),
    labelled("rank", width=6),
    labelled("manager_id", width=10),
    labelled("name", width=10),
    labelled("specialism", width=10),
    labelled("grade", width=8),
)
_TOTALS = (labelled("adjustment", width=8), labelled("score", width=8), labelled("gate", width=14))
_ITEMS = [
    labelled("item", width=18),
    labelled("points", width=8),
    labelled("item_points", width=8),
    labelled("working", width=60),
    labelled("next_step", width=30),
]
_PAY = [
    labelled("branch_name", width=14),
    labelled("standard", width=12),
    labelled("paid_score", width=10),
    labelled("pay", width=12),
    labelled("advance", width=12),
    labelled("deferred", width=12),
    labelled("paid_now", width=12),
    labelled("paid", width=12),
]


def lists_of(packs: Sequence[Pack], items: Mapping[str, str]) -> list[Lists]:
    """Of each pack, in their order. ``items``: points' columns of 考核得分 → how the scheme calls them."""
    found: list[dict[str, tuple[Sequence[Column], pa.Table]]] = [{} for _ in packs]
    for name, columns in _sheets(packs[0], items):
        frames = [getattr(pack, name) for pack in packs]
        table = _rows(name, frames, columns)
        ends = [0]
        for frame in frames:
            ends.append(ends[-1] + len(frame))
        for lists, (start, end) in zip(found, pairwise(ends), strict=True):
            lists[name] = (columns, table.slice(start, end - start))
    return list(found)


def _sheets(one: Pack, items: Mapping[str, str]) -> Iterator[tuple[str, Sequence[Column]]]:
    """All packs of a month have the same."""
    yield from (("customers", _CUSTOMERS), ("changes", _CHANGES), ("due", _DUE))
    if one.visits is not None:
        yield "visits", _VISITS
    if one.signals is not None:
        yield "signals", _SIGNALS
    if one.by == "manager":
        yield "scores", _ITEMS
    else:
        yield "scores", [*_PEOPLE, *(Column(key, label, "points", 10) for key, label in items.items()), *_TOTALS]
    if one.pay is not None:
        yield "pay", _PAY


def _rows(name: str, frames: Sequence[pd.DataFrame], columns: Sequence[Column]) -> pa.Table:
    """As a sheet is written: codes in words, whole numbers as such also where some are missing."""
    import pandas as pd

    keys = [column.key for column in columns]
    there = [key for key in frames[0].columns if key in {*keys, "score"}]
    frame = pd.concat([part[there] for part in frames], ignore_index=True)
    if name == "pay":
        frame = frame.assign(paid_score=frame["score"])
    whole = [column.key for column in columns if column.look in ("yuan", "date", "count")]
    frame = frame.reindex(columns=keys)
    if name not in ("scores", "pay"):
        frame = frame.astype(dict.fromkeys(whole, "Int64"))
    if name == "due":
        frame["five_class"] = frame["five_class"].map(terms.FIVE_CLASSES)
    return arrow_rows(said(frame), columns).combine_chunks()

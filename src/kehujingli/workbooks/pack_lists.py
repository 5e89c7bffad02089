"""Which rows are whose? The lists of all packs of a month made once, in one piece, and cut: what a frame costs is paid once, not for each pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.lists.main import said
from kehujingli.workbooks.looks import Column, arrow_rows, labelled, shown_width

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from kehujingli.lists.packs import Packs, Whole

Lists = Mapping[str, "Parted"]
"""Customers, changes, due, scores, and where there are any visits, signals and pay → what all packs have of it."""


@dataclass(frozen=True)
class Parted:
    """A list of all packs in one piece: ``columns``, each as wide as any pack needs it, ``table``, and where each pack's rows end (0 before them)."""

    columns: Sequence[Column]
    table: pa.Table
    ends: Sequence[int]

    def rows(self, place: int) -> pa.Table:
        """Those of the pack at this place."""
        return self.table.slice(self.ends[place], self.ends[place + 1] - self.ends[place])

    def said(self) -> Iterator[bytes]:
        """What the rows of each pack say, however they will be written."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        if not len(self.table):
            yield from (b"" for _ in self.ends[1:])
            return
        texts = [column.cast(pa.string()) for column in self.table.columns]
        joined = pc.binary_join_element_wise(*texts, "\x1e", "\x1f", null_handling="replace", null_replacement="").cast(
            pa.large_string()
        )
        _, offsets, data = pa.concat_arrays(joined.chunks).buffers()
        at = np.frombuffer(offsets, "int64")[list(self.ends)].tolist()
        yield from (bytes(memoryview(data)[start:end]) for start, end in pairwise(at))


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
    labelled("balance", width=15, table="packs"),  # of loans and deposits: 首页 adds up each
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
    labelled("way", width=8, table="visits"),
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


def lists_of(packs: Packs, items: Mapping[str, str]) -> Lists:
    """``items``: points' columns of 考核得分 → how the scheme calls them."""
    return {name: _parted(name, packs.lists[name], own) for name, own in _sheets(packs, items)}


def _parted(name: str, whole: Whole, columns: Sequence[Column]) -> Parted:
    table = _rows(name, whole.frame, columns)
    widths = [shown_width(column, values) for column, values in zip(columns, table.columns, strict=True)]
    wide = [replace(column, width=width) for column, width in zip(columns, widths, strict=True)]
    return Parted(wide, table, whole.ends)


def _sheets(packs: Packs, items: Mapping[str, str]) -> Iterator[tuple[str, Sequence[Column]]]:
    """All packs of a month have the same."""
    yield from (("customers", _CUSTOMERS), ("changes", _CHANGES), ("due", _DUE))
    if "visits" in packs.lists:
        yield "visits", _VISITS
    if "signals" in packs.lists:
        yield "signals", _SIGNALS
    if packs.each[0].by == "manager":
        yield "scores", _ITEMS
    else:
        yield "scores", [*_PEOPLE, *(Column(key, label, "points", 10) for key, label in items.items()), *_TOTALS]
    if "pay" in packs.lists:
        yield "pay", _PAY


def _rows(name: str, frame: pd.DataFrame, columns: Sequence[Column]) -> pa.Table:
    """As a sheet is written: codes in words, whole numbers as such also where some are missing."""
    keys = [column.key for column in columns]
    if name == "pay":
        frame = frame.assign(paid_score=frame["score"])
    whole = [column.key for column in columns if column.look in ("yuan", "date", "count")]
    frame = frame.reindex(columns=keys)
    if name not in ("scores", "pay"):
        frame = frame.astype(dict.fromkeys(whole, "Int64"))
    if name == "due":
        frame["five_class"] = frame["five_class"].map(terms.FIVE_CLASSES)
    return arrow_rows(said(frame), columns).combine_chunks()

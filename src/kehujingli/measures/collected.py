"""How does a result come back from an engine? As pandas, whoever reckoned it; of more postings than one machine groups at a time in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 10_000_000
"""Postings that DuckDB groups at a time: the groups of more, row by row those of somebody else, go over its memory even where it has a disk."""
FETCHED = 1_000_000
"""Rows that come back at a time at most, where there are not as many accounts or customers: what says more than one thing of each comes in several goes."""


class Apart(Protocol):
    """Who parts postings that are too many to be grouped at once."""

    def __call__(self, postings: Any, key: str, parts: int) -> Iterator[Any]:
        """A native frame in so many by the hash of ``key``, each to be read before the next."""


def by_reading(postings: Any, key: str, parts: int) -> Iterator[Any]:
    """Without a place to write to: every part reads all postings (a DuckDB relation) again."""
    return (postings.filter(f"hash({key}) % {parts} = {part}") for part in range(parts))


def to_pandas(frame: Any) -> Any:
    """A narwhals frame, lazy or not, as pandas. Of Spark an Arrow table is asked: its own way to pandas goes row by row where types are its own."""
    if not isinstance(frame, nw.LazyFrame):
        return frame.to_native()
    if frame.implementation.is_spark_like():
        return frame.collect("pyarrow").to_native().to_pandas()
    return frame.collect("pandas").to_native()


def to_arrow(frame: Any) -> Any:
    """A narwhals frame, lazy or not, as an Arrow table."""
    import pyarrow as pa

    if isinstance(frame, nw.LazyFrame):
        return frame.collect("pyarrow").to_native()
    return pa.Table.from_pandas(frame.to_native(), preserve_index=False)


def parts_of(postings: Any, at_once: int = AT_ONCE) -> int:
    """In how many parts these postings (narwhals) are grouped: one, unless DuckDB holds more than ``at_once``."""
    if not isinstance(postings, nw.LazyFrame) or not postings.implementation.is_duckdb():
        return 1
    return max(1, -(-int(to_pandas(postings.select(nw.len()))["len"].iloc[0]) // at_once))


def in_parts(postings: Any, key: str, ask: Callable[[Any], Any], parts: int, apart: Apart = by_reading) -> Any:
    """What ``ask`` says of postings (narwhals, with the columns that it reads and no others) by ``key``, as pandas."""
    import pandas as pd

    if parts == 1:
        return to_pandas(ask(postings))
    some = apart(postings.to_native(), key, parts)
    return pd.concat([to_pandas(ask(nw.from_native(each))) for each in some], ignore_index=True)


def in_ranges(rows: Any, key: str, ask: Callable[[Any], Any], most: int = FETCHED) -> Iterator[pa.Table]:
    """What ``ask`` says of ``rows`` (narwhals; ``key`` in every one), which may be as many again, as Arrow tables one after another.

    Each is asked of a range of ``key``, the lowest first, that has at most ``most`` rows, or one for each key where there are more keys than that.
    One key's rows are never parted.
    """
    import numpy as np

    total = int(to_pandas(rows.select(nw.len()))["len"].iloc[0])
    if total <= most:
        yield to_arrow(ask(rows))
        return
    counts = to_arrow(rows.group_by(key).agg(nw.len()).sort(key))
    keys = counts[key]
    for start, stop in _ranges(np.cumsum(counts["len"].to_numpy()), max(most, len(keys))):
        first, last = (nw.lit(keys[place].as_py()) for place in (start, stop - 1))
        yield to_arrow(ask(rows.filter((nw.col(key) >= first) & (nw.col(key) <= last))))


def _ranges(ends: Any, most: int) -> Iterator[tuple[int, int]]:
    """From where to where, of things in order of which ``ends`` tells how many rows they and those before have."""
    import numpy as np

    start, done = 0, 0
    while start < len(ends):
        stop = max(start + 1, int(np.searchsorted(ends, done + most, side="right")))
        yield start, stop
        start, done = stop, int(ends[stop - 1])

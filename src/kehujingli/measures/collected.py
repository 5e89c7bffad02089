"""How does a result come back from an engine? As pandas, whoever reckoned it; of more postings than one machine groups at a time in parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals.stable.v2 as nw

AT_ONCE = 10_000_000
"""Postings that DuckDB groups at a time: the groups of more, row by row those of somebody else, go over its memory even where it has a disk."""


def to_pandas(frame: Any) -> Any:
    """A narwhals frame, lazy or not, as pandas. Of Spark an Arrow table is asked: its own way to pandas goes row by row where types are its own."""
    if not isinstance(frame, nw.LazyFrame):
        return frame.to_native()
    if frame.implementation.is_spark_like():
        return frame.collect("pyarrow").to_native().to_pandas()
    return frame.collect("pandas").to_native()


def in_parts(postings: Any, key: str, ask: Callable[[Any], Any], at_once: int = AT_ONCE) -> Any:
    """What ``ask`` says of postings (narwhals) by ``key``, as pandas: of DuckDB those of so many keys at a time that ``at_once`` is not passed by much."""
    import pandas as pd

    if not isinstance(postings, nw.LazyFrame) or not postings.implementation.is_duckdb():
        return to_pandas(ask(postings))
    parts = -(-int(to_pandas(postings.select(nw.len()))["len"].iloc[0]) // at_once)
    if parts <= 1:
        return to_pandas(ask(postings))
    held = postings.to_native()
    some = (nw.from_native(held.filter(f"hash({key}) % {parts} = {part}")) for part in range(parts))
    return pd.concat([to_pandas(ask(each)) for each in some], ignore_index=True)

"""How does a result come back from an engine? As pandas, whoever reckoned it."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw


def to_pandas(frame: Any) -> Any:
    """A narwhals frame, lazy or not, as pandas. Of Spark an Arrow table is asked: its own way to pandas goes row by row where types are its own."""
    if not isinstance(frame, nw.LazyFrame):
        return frame.to_native()
    if frame.implementation.is_spark_like():
        return frame.collect("pyarrow").to_native().to_pandas()
    return frame.collect("pandas").to_native()

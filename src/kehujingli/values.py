"""Is there a value at all? Cells of frames may be ``None``, NaN or pandas' NA; all three are nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


def missing(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, float):
        return value != value
    return type(value).__name__ in ("NAType", "NaTType")


def listed(column: pd.Series) -> list[Any]:
    """A column's values with ``None`` for missing; going over the column itself takes ten times as long."""
    gone = column.isna()
    values: list[Any] = column.tolist()
    return [None if no else value for value, no in zip(values, gone.tolist(), strict=True)] if gone.any() else values


def among(column: pd.Series, members: Iterable[object]) -> npt.NDArray[np.bool_]:
    """Which values are members; ``isin`` turns every member of an Arrow column into an object first, which takes ten times as long."""
    import numpy as np

    found = set(members.tolist() if hasattr(members, "tolist") else members)
    if not found:
        return np.zeros(len(column), dtype=bool)
    return np.fromiter((value in found for value in column.tolist()), dtype=bool, count=len(column))


def named(keys: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """The name of each key, as text, missing where it has none: ``map`` goes over every cell of an Arrow column, which takes five times as long."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pa.large_string()
    known = {key: name for key, name in names.items() if isinstance(name, str)}
    found = pc.index_in(pa.array(keys, text, from_pandas=True), value_set=pa.array(list(known), text))
    said = pa.array(list(known.values()), text).take(found)
    return pd.Series(pd.array(said, dtype="str"), index=keys.index, name=keys.name)


_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")


def ungrouped(text: str) -> str:
    """1,234,567.00 → 1234567.00. A comma that does not part groups of three digits stays, so that 12,34 is no number."""
    return _GROUPED.sub(lambda found: found[0].replace(",", ""), text) if "," in text else text


def text_of(value: object) -> str | None:
    """The value as text, or nothing; empty text is nothing too."""
    return None if missing(value) or value == "" else str(value)

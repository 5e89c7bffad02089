"""On which day in China was a moment that a Parquet file stores? The file says whether its clock is Greenwich's, or who wrote it does.

A timestamp is marked: a moment (``isAdjustedToUTC``), or what a clock on the wall said. The older INT96 has no mark. Spark, Flink and Hive
(parquet-mr) store the moment, Impala the wall clock; an Arrow library leaves its own schema beside. Of others nobody knows, and where the
day hangs on it a person must say.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.intake.cells.columns import bools

if TYPE_CHECKING:
    import pyarrow.parquet as pq

Clock = Literal["wall", "moment", "unsaid"]

_AHEAD, _HOUR, _DAY = 8 * 3_600_000, 3_600_000, 86_400_000
"""Milliseconds by which China's clocks are ahead of Greenwich's, and those of an hour and a day."""
_LAST_SUMMER = 22 * 365 * _DAY + 5 * _DAY
"""1992-01-01: until then there was summer time, and until 1901 Shanghai's own."""
_MIDNIGHTS = (23 * _HOUR, 23 * _HOUR + 54 * 60_000 + 17_000)
"""What such a midnight comes to by the clock of today: 23:00:00 in summer, 23:54:17 before 1901."""
_CHINA = ("Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Hong_Kong", "PRC", "GMT+08:00", "+08:00")
_GREENWICH = ("UTC", "Etc/UTC", "GMT", "Z")


def clocks_of(file: pq.ParquetFile) -> dict[str, Clock]:
    """By which clock each column of moments was written: by its name. Columns of other types are left out."""
    leaves = [file.schema.column(index) for index in range(len(file.schema.names))]
    old = {leaf.path for leaf in leaves if leaf.physical_type == "INT96"}
    written = _arrow_schema(file.metadata.metadata or {})
    told: dict[str, Clock] = {}
    for field in file.schema_arrow:
        if not pa.types.is_timestamp(field.type):
            continue
        if field.name not in old:
            told[field.name] = "moment" if field.type.tz else "wall"
        elif written is not None and field.name in written.names:
            own = written.field(written.names.index(field.name)).type
            told[field.name] = "moment" if getattr(own, "tz", None) else "wall"
        else:
            told[field.name] = _writer(file)
    return told


def _writer(file: pq.ParquetFile) -> Clock:
    """What INT96 means to who wrote the file; Hive writes down the zone that it counted back from."""
    zone = (file.metadata.metadata or {}).get(b"writer.time.zone", b"").decode("utf-8", "replace")
    if zone:
        return "moment" if zone in _CHINA else "wall" if zone in _GREENWICH else "unsaid"
    writer = (file.metadata.created_by or "").casefold()
    return "moment" if writer.startswith("parquet-mr") else "wall" if writer.startswith("impala") else "unsaid"


def _arrow_schema(metadata: dict[bytes, bytes]) -> pa.Schema | None:
    kept = metadata.get(b"ARROW:schema")
    return pa.ipc.read_schema(pa.BufferReader(base64.b64decode(kept))) if kept else None


def in_china(moments: Any) -> Any:
    """Greenwich's milliseconds, without a zone, as what the clock in China said."""
    there = pc.fill_null(moments.cast(pa.int64()), 0).to_numpy(zero_copy_only=False) + _AHEAD
    time = there % _DAY
    old = (there < _LAST_SUMMER) & np.isin(time, _MIDNIGHTS)
    wall = np.where(old, there - time + _DAY, there)
    return pa.array(wall, pa.int64(), mask=bools(pc.is_null(moments))).cast(pa.timestamp("ms"))


def later_days(moments: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where it is the next day in China already."""
    return bools(pc.greater(pc.floor_temporal(in_china(moments), unit="day"), moments))

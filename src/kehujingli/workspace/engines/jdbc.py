"""How does a cluster read a table of a database? Once, in several parts by day, and keeps what it read as long as the session lasts.

Two questions then see the same rows, whatever is written to the table meanwhile.
"""

from __future__ import annotations

import re
from typing import Any

from kehujingli.workspace.engines.source import DRIVER, PASSWORD, USER, Source, login, unreadable

_PARTS = 8
"""Connections at a time: what a bank's database bears beside its own work."""
_ROWS = 10_000
"""Rows fetched at a time; some drivers take ten, some all."""
_NO_DRIVER = re.compile(
    r"(?i)no suitable driver|ClassNotFound|JDBC_DRIVER|connectorx|data source.*jdbc|jdbc.*not found"
)
_NO_LOGIN = re.compile(r"(?i)authenticat|access denied|login|password|logon denied")
_NO_TABLE = re.compile(r"(?i)does not exist|doesn't exist|not found|invalid object|ORA-00942")
_CAUSE = re.compile(r"(?:Caused by: |: )?(?:[\w.]+\.)?(?:SQL|PSQL)\w*Exception: (?P<said>[^\n]+)")


def read_table(session: Any, source: Source) -> Any:
    """The table as a frame of the cluster. Raises ``source.unreadable``."""
    try:
        frame = _reader(session, source).option("dbtable", source.table).load()
        days = {field.name for field in frame.schema.fields if field.name.casefold() == "day"}
        whole = days and frame.schema[next(iter(days))].dataType.typeName() in ("integer", "long")
        bounds = frame.agg({next(iter(days)): "min"}).collect()[0][0] if whole else None
        if bounds is None:
            return frame.persist()
        last = frame.agg({next(iter(days)): "max"}).collect()[0][0]
        parts = {
            "partitionColumn": next(iter(days)),
            "lowerBound": bounds,
            "upperBound": last + 1,
            "numPartitions": _PARTS,
        }
        return _reader(session, source).option("dbtable", source.table).options(**parts).load().persist()
    except Exception as error:
        raise unreadable(source, *told(error)) from None


def _reader(session: Any, source: Source) -> Any:
    return session.read.format("jdbc").option("url", source.where).option("fetchsize", _ROWS).options(**login())


def told(error: Exception) -> tuple[str, str]:
    """What the database or the driver said, in one line, and what helps."""
    text = str(error)
    found = _CAUSE.search(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = (found["said"] if found else lines[0] if lines else type(error).__name__)[:200].strip().rstrip("。.")
    if _NO_DRIVER.search(text):
        cure = f"请把数据库的驱动（.jar）放进集群的 jars 目录，或在 spark-defaults.conf 里写 spark.jars；驱动的类名可写进环境变量 {DRIVER}。sail 读不了数据库。"
    elif _NO_LOGIN.search(said):
        cure = f"请把用户写进环境变量 {USER}，密码写进 {PASSWORD}。"
    elif _NO_TABLE.search(said):
        cure = "请核对库名和 # 后面的表名，看这个用户读不读得到。"
    else:
        cure = "请核对地址和端口，看数据库在不在运行、集群的机器连不连得上。"
    return said, cure

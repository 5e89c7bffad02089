"""How are postings held on a cluster? In a Spark session: Spark Connect (``sc://``), a master (``spark://``, ``local[2]``), or Sail in this process."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import re
import socket
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import problem

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from kehujingli.workspace.engines.source import Source

REMOTE = "SPARK_REMOTE"
"""Where Spark Connect's own client looks for its address: a token in it is not seen among the processes."""
_ADDRESS = re.compile(r"(?:sc|spark)://([^/;]+)")
_PATIENCE = 10
"""Seconds until a cluster that does not answer is told; Spark itself would try for minutes."""
_READ = "customer_id, account_id, day, month, signed, amount, balance, kind, memo, transaction_id, part, row, deposit, own, reversed"
"""What the measures read of all postings: nothing else leaves this process, but for what follows where a posting has it."""
_MORE = ("channel", "counterparty_account", "counterparty_bank", "counterparty_name")
_NAMES = "counterparty_name"
"""Names of people: a number goes in place of each, by which rows are grouped."""
_AT_ONCE = 32_000_000
"""Bytes of a message: a server takes 128 MB at most by its default."""


class Spark:
    """A session that was there, or was opened and is closed with the process."""

    name = "spark"

    def __init__(self, session: Any) -> None:
        self.session = session
        self._names: Any = None

    @classmethod
    def at(cls, master: str | None) -> Spark:
        """The session at this address. Raises ``option.bad``, ``engine.missing``, ``engine.unreachable``."""
        where = master or os.environ.get(REMOTE)
        if not where:
            raise problem(
                "option.bad",
                option="--engine",
                value="spark",
                detail="还要知道集群在哪里",
                cure=f"请写 --master sc://主机:15002，或设环境变量 {REMOTE}；在本机试写 --master sail。",
            )
        if where != "sail":
            _answers(where)
        with _quietly():
            session = _opened(where)
        atexit.register(_close, session)
        return cls(session)

    def hold(self, postings: duckdb.DuckDBPyRelation) -> Any:
        """Sent once, and from then on called by its name: a question does not carry the postings with it."""
        more = "".join(f", {name}" for name in _MORE if name in postings.columns)
        table = postings.project(_READ + more).to_arrow_table()
        if _NAMES in table.column_names:
            table = table.set_column(table.column_names.index(_NAMES), _NAMES, self._numbered(table[_NAMES]))
        rows = max(1, _AT_ONCE * max(1, len(table)) // max(1, table.nbytes))
        held = None
        with _quietly():
            for start in range(0, max(1, len(table)), rows):
                name = f"kehujingli_{next(_NUMBERS)}"
                self.session.createDataFrame(table.slice(start, rows)).createOrReplaceTempView(name)
                part = self.session.table(name)
                held = part if held is None else held.unionAll(part)
        return held

    def _numbered(self, names: pa.ChunkedArray) -> pa.ChunkedArray:
        """A number keeps its name as long as the engine lives, whatever is held after."""
        import pyarrow as pa
        import pyarrow.compute as pc

        seen = pc.unique(names.cast(pa.string())).drop_null()
        if self._names is not None:
            seen = pa.concat_arrays([self._names, seen.filter(pc.invert(pc.is_in(seen, self._names)))])
        self._names = seen
        return pc.index_in(names.cast(pa.string()), seen).cast(pa.int64())

    def named(self, names: pa.ChunkedArray) -> pa.ChunkedArray:
        import pyarrow as pa

        return self._names.take(names) if pa.types.is_integer(names.type) else names

    def scan(self, files: Sequence[Path]) -> Any:
        return self.session.read.parquet(*(str(file) for file in files))

    def apart(self, postings: Any, key: str, parts: int) -> Iterator[Any]:
        return iter((postings,))

    def read(self, source: Source) -> Any:
        from kehujingli.workspace.engines.jdbc import read_table
        from kehujingli.workspace.engines.source import first_line, unreadable

        if source.jdbc:
            return read_table(self.session, source)
        if not source.elsewhere:
            source.files()
        try:
            with _quietly():
                frame = self.session.read.option("mergeSchema", "true").parquet(source.where)
                frame.schema  # noqa: B018 - asked of the cluster here, where its answer can be told
                return frame
        except Exception as error:
            raise unreadable(
                source, first_line(error), "请看集群的每台机器是不是都读得到这个路径，文件写完了没有。"
            ) from None

    def beside(self, con: duckdb.DuckDBPyConnection, table: pa.Table) -> Any:
        with _quietly():
            return self.session.createDataFrame(table)


def _opened(where: str) -> Any:
    try:
        from pyspark.sql import SparkSession

        if where == "sail":
            where = _sail()
    except ImportError as error:
        raise problem("engine.missing", package=error.name or "pyspark", extra="spark") from None
    if where.startswith("sc://"):
        with _as_a_program():
            return SparkSession.builder.remote(where).getOrCreate()
    try:
        import py4j  # noqa: F401 - the client of Spark Connect comes without it
    except ImportError:
        raise problem("engine.missing", package="pyspark（spark:// 和 local 要整个 PySpark）", extra="spark") from None
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",  # a sum beyond 64 bits is an error, not another sum
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    return SparkSession.builder.appName("kehujingli").master(where).config(map=settings).getOrCreate()


@contextlib.contextmanager
def _as_a_program() -> Iterator[None]:
    """Under ``python -c`` and in a worker process the client takes itself for its own doctests, and ends the process."""
    main = sys.modules["__main__"]
    bare = getattr(main, "__spec__", None) is None and not hasattr(main, "__file__")
    if bare:
        main.__file__ = sys.executable
    try:
        yield
    finally:
        if bare:
            del main.__file__


def _sail() -> str:
    """A server in this process, without Java: to try, and to test."""
    os.environ.setdefault("RUST_LOG", "off")
    os.environ.setdefault(
        "SAIL_SPARK__SESSION_TIMEOUT_SECS", "86400"
    )  # a month may read exports for long before it asks
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer()
    server.start(background=True)
    _, port = server.listening_address
    _SERVERS.append(server)
    return f"sc://127.0.0.1:{port}"


_NUMBERS = itertools.count()
_SERVERS: list[Any] = []
"""Kept alive as long as the process."""


def _answers(where: str) -> None:
    """Whether anybody listens at one of the addresses. Raises ``engine.unreachable``; a token is not repeated."""
    found = _ADDRESS.match(where)
    if found is None:
        return
    for address in found[1].split(","):
        host, _, port = address.rpartition(":")
        host, port = (host, port) if host else (address, "15002" if where.startswith("sc:") else "7077")
        with contextlib.suppress(OSError, ValueError, OverflowError):
            socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
            return
    raise problem("engine.unreachable", address=found[0])


def _close(session: Any) -> None:
    with contextlib.suppress(Exception), _quietly():
        session.stop()


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """PySpark says of pandas 3 what does not touch us: nothing is asked of it but Arrow tables and aggregates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield

"""Does a real cluster say the same? A master and two workers on loopback, as a bank's own would be."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from besides import all_alike, asked_beside, busy
from postings import OCTOBER, bank, inputs

from kehujingli.measures import collected, measure
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.workspace.engines import open_engine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not importlib.util.find_spec("py4j"), reason="PySpark is not here: kehujingli[cluster]"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not here"),
]
_PATIENCE = 180


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.fixture
def master(tmp_path: Path) -> Iterator[str]:
    import pyspark

    home = Path(pyspark.__file__).parent
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    around = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
    started = []

    def start(*said: str) -> Path:
        log = tmp_path / f"{len(started)}.log"
        with log.open("wb") as out:
            command = [str(home / "bin" / "spark-class"), *said]
            started.append(subprocess.Popen(command, stdout=out, stderr=out, env=around))
        return log

    try:
        rooms = ["--host", "127.0.0.1", "--webui-port", "0"]
        log = start("org.apache.spark.deploy.master.Master", *rooms, "--port", str(port))
        for number in (1, 2):
            work = ["--cores", "1", "--memory", "1g", "--work-dir", str(tmp_path / f"work{number}"), address]
            start("org.apache.spark.deploy.worker.Worker", *rooms, *work)
        until = time.monotonic() + _PATIENCE
        while log.read_text(encoding="utf-8", errors="replace").count("Registering worker") < 2:
            assert time.monotonic() < until, log.read_text(encoding="utf-8", errors="replace")
            time.sleep(0.2)
        yield address
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


def test_a_cluster_of_two_workers_says_what_duckdb_says(master: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = load_rules(EXAMPLE).rules.segment
    assert rules is not None
    engine = open_engine("spark", master)
    try:
        engine.session.conf.set("spark.sql.shuffle.partitions", "4")  # type: ignore[attr-defined]
        with duckdb.connect() as con:
            post, pictures = bank()
            relation = post.relation(con)
            held = engine.hold(relation).repartition(4)
            for accounts in (True, False):
                ours = measure(inputs(relation, pictures, accounts=accounts), rules, OCTOBER)
                theirs = measure(inputs(held, pictures, accounts=accounts), rules, OCTOBER)
                pd.testing.assert_frame_equal(ours.customers, theirs.customers)
                pd.testing.assert_frame_equal(ours.accounts, theirs.accounts)
        with duckdb.connect() as con:
            busy()[0].relation(con)
            for accounts, most in ((True, collected.FETCHED), (False, 1)):
                monkeypatch.setattr(collected.in_ranges, "__defaults__", (most,))
                told = (asked_beside(one, con, rules, accounts=accounts) for one in (open_engine(), engine))
                all_alike(*told)
    finally:
        engine.session.stop()  # type: ignore[attr-defined]

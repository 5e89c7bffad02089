"""Is an engine that cannot be had refused before anything is read, with what to do about it?"""

from __future__ import annotations

import datetime as dt
import importlib.util
import socket
import sys
from pathlib import Path

import pytest
from months import CUSTOMERS, TRANSACTIONS, customer, monthly, reckon, workspace

from kehujingli.commands.faults import known_cause
from kehujingli.errors import Problem
from kehujingli.month import outputs
from kehujingli.workspace.engines import open_engine
from kehujingli.workspace.engines.spark import REMOTE


def _told(name: str, master: str | None = None) -> tuple[str, str]:
    with pytest.raises(Problem) as told:
        open_engine(name, master)
    (found,) = told.value.findings
    return found.code, found.text


@pytest.mark.parametrize(
    ("name", "master", "says"),
    [
        ("sparc", None, "duckdb、pandas、spark"),
        ("duckdb", "sc://head:15002", "--engine spark"),
        ("spark", None, "--master sc://"),
    ],
)
def test_what_is_no_engine_or_lacks_its_address_is_a_wrong_command_line(
    name: str, master: str | None, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(REMOTE, raising=False)
    code, text = _told(name, master)
    assert code == "option.bad"
    assert says in text


def test_a_cluster_that_does_not_answer_is_told_at_once_without_its_token() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: refused
        address = f"sc://127.0.0.1:{held.getsockname()[1]}"
        code, text = _told("spark", f"{address}/;token=secret")
    assert code == "engine.unreachable"
    assert address in text
    assert "secret" not in text


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyspark", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)
    code, text = _told("spark", "local[1]")
    assert code == "engine.missing"
    assert "kehujingli[spark]" in text


@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("pysail", "pyspark"))), reason="pysail and pyspark-client are not here"
)
def test_a_cluster_that_fails_on_the_way_is_told_as_its_own_fault_without_what_it_quotes() -> None:
    session = open_engine("spark", "sail").session  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="nothing_here") as raised:
        session.sql("select cast('张三' as bigint) + nothing_here").collect()
    told = known_cause(raised.value)
    assert told is not None
    (found,) = told.findings
    assert found.code == "engine.failed"
    assert "张三" not in found.text


@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("pysail", "pyspark"))), reason="pysail and pyspark-client are not here"
)
def test_a_workbook_is_the_same_bytes_whoever_held_the_postings(tmp_path: Path) -> None:
    postings = [*monthly("C1", dt.date(2025, 12, 1), 11), *monthly("C2", dt.date(2025, 12, 1), 3, 250, "养老金")]
    place = workspace(
        tmp_path,
        {"客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")], "流水.xlsx": [TRANSACTIONS, *postings]},
    )
    month = reckon(place, "2026-10")
    other = month.instead(engine=open_engine("spark", "sail"))
    ours, theirs = (
        outputs.write_classes_book(each, tmp_path / f"{n}.xlsx", unmask=False) for n, each in enumerate((month, other))
    )
    assert other.postings is not month.postings
    assert ours == theirs

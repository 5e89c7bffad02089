"""Standard input is a text table; whoever has read enough of the output may close it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Ran

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own


def start(*arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        [sys.executable, "-m", "kehujingli", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


def test_a_dash_reads_a_text_table_from_standard_input() -> None:
    out, _ = start("check", "-", "--json").communicate("客户号,客户名称\nC1,张三\n".encode("gb18030"), timeout=60)
    assert '"table": "customers"' in out.decode()
    assert '"path": "标准输入.csv"' in out.decode()


def test_a_pipe_that_closes_early_is_quiet() -> None:
    process = start("measures")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdin is not None
    process.stdout.close()
    process.stdin.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) in (0, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
def test_results_that_cannot_be_written_are_said() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kehujingli", "measures"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 4
    assert "output.unheard" in done.stderr.decode()


@pytest.mark.skipif(os.name == "nt", reason="closing a descriptor is the shell's here")
def test_nobody_need_listen() -> None:
    done = subprocess.run(
        f"'{sys.executable}' -m kehujingli measures >&-", shell=True, stderr=subprocess.PIPE, check=False
    )
    assert done.returncode == 0
    assert done.stderr == b""


def test_clean_empties_the_ledger_and_nothing_else(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    for name in ("rules", "exports"):
        (tmp_path / name).mkdir()
    (tmp_path / "exports" / "a.csv").write_text("客户号,客户名称\nC1,张三\n", "utf-8")
    cli("check", cwd=tmp_path)
    ledger = tmp_path / ".kehujingli" / "ledger"
    assert list(ledger.iterdir())
    assert cli("clean", "--dry-run", cwd=tmp_path).code == 0
    assert list(ledger.iterdir())
    ran = cli("clean", cwd=tmp_path)
    assert ran.code == 0
    assert not ledger.exists()
    assert (tmp_path / "exports" / "a.csv").exists()
    assert cli("check", "--json", cwd=tmp_path).json["files"][0]["accepted"] == 1

"""A file that hangs, or explodes, costs its reader and one finding; the others are read."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import run_cli

from kehujingli.intake import pool

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_file_that_never_ends_is_given_up_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "TIME_LIMIT", 8.0)
    os.mkfifo(tmp_path / "a")
    (tmp_path / "b").write_text("客户号,客户名称\nC1,张三\n", "utf-8")
    jobs = []
    for name, size in (("a", 10), ("b", 1)):
        (tmp_path / f"{name}.out").mkdir()
        jobs.append(pool.Job(tmp_path / name, name, tmp_path / f"{name}.out", size))
    told: dict[str, str] = {}
    pool.read_all(jobs, lambda job, what: told.update({job.name: what}), workers=1)
    assert told == {"a": "读了 8 秒还没读完", "b": ""}
    assert (tmp_path / "b.out" / "report.json").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has")
def test_what_libraries_keep_for_every_processor_is_not_taken_from_a_file() -> None:
    """A machine of many processors reads what a small one reads."""
    said = """
import mmap, resource
from kehujingli.intake.worker import limit_memory
kept = mmap.mmap(-1, 3 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
limit_memory(0)
room = mmap.mmap(-1, 3 << 29, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
try:
    mmap.mmap(-1, 3 << 29, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
except OSError:
    print("refused")
"""
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == "refused\n"


@pytest.mark.slow
def test_a_file_that_explodes_costs_one_finding(tmp_path: Path) -> None:
    """A few megabytes that unpack to two gigabytes of rows."""
    with gzip.open(tmp_path / "流水.csv.gz", "wb", compresslevel=1) as file:
        file.write("客户号,客户名称\n".encode())
        for _ in range(2_000):
            file.write(b"C1,abcdefgh\n" * 90_000)
    (tmp_path / "客户.csv").write_text("客户号,客户名称\nC1,张三\n", "utf-8")
    ran = run_cli("check", "--json", tmp_path / "流水.csv.gz", tmp_path / "客户.csv")
    assert ran.code == 1
    assert [sheet["accepted"] for sheet in ran.json["files"] if sheet["table"]] == [1]
    assert [told["code"] for told in ran.json["findings"] if told["level"] == "refused"] == ["intake.unreadable"]

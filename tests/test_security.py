"""Does docs/security.md promise what a test proves? Each line names its test; those that no room has of its own are here."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, copied, run_here

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^- \*\*(.+?)\*\*：(.*)$", PAGE, re.MULTILINE)
_OFFLINE = """
import os, sys

def refuse(event, args):
    far = event in ("socket.connect", "socket.bind", "socket.sendto") and isinstance(args[1], tuple)
    if far or event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "ftplib.connect"):
        os.write(2, f"NETWORK {event} {args}".encode())
        os._exit(99)

sys.addaudithook(refuse)
from kehujingli.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("security") / "county")


@pytest.mark.parametrize("promise", [name for name, _ in PROMISES])
def test_every_promise_names_a_test_that_there_is(promise: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", dict(PROMISES)[promise])
    assert named, promise
    for file, test in named:
        assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{test}"


def test_nothing_is_asked_of_a_network(county: Path) -> None:
    """A whole month, a question and a picture of it, in a process that ends at its first word to anybody outside."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    for command, code in ((["run"], 1), (["query", "select count(*) from 客户分类"], 0), (["check"], 1)):
        told = [sys.executable, "-c", _OFFLINE, *command, "-w", str(county)]
        done = subprocess.run(told, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False)
        assert "NETWORK" not in done.stderr
        assert done.returncode == code, done.stderr


def _prints(root: Path) -> dict[str, str]:
    files = [path for name in ("exports", "rules") for path in (root / name).rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_exports_and_rules_stay_byte_for_byte(county: Path) -> None:
    before = _prints(county)
    for command in (["run"], ["check"], ["statements"], ["segment"], ["assign"], ["findings"]):
        run_here(*command, "-w", county, cwd=county)
    assert _prints(county) == before


def test_a_report_of_a_fault_quotes_no_cell(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kehujingli.answers import cards

    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("客户张三丰的号码 13812345678")

    monkeypatch.setattr(cards, "find", fault)
    ran = run_here("balance", "C1", "-w", county, cwd=county)
    assert ran.code == 70
    reports = [path.read_text(encoding="utf-8") for path in (county / "日志").glob("????.txt")]
    assert reports
    assert not [text for text in reports if "13812345678" in text or "张三丰" in text]
    assert "13812345678" not in ran.err

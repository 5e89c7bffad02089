"""Does the shell offer what can really be typed? Commands, options, months, items; and the scripts themselves in a real shell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COUNTY, ROOT, run_cli

from kehujingli.commands.completing import SCRIPTS, answer


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A workspace with two months' manifests and the example's rules."""
    (tmp_path / "exports").mkdir()
    shutil.copytree(COUNTY / "rules", tmp_path / "rules")
    for period in ("2026-09", "2026-10"):
        (tmp_path / "periods" / period).mkdir(parents=True)
        (tmp_path / "periods" / period / "manifest.json").write_text(json.dumps({"period": period}), encoding="utf-8")
    return tmp_path


def values(*words: str) -> list[str]:
    return [line.partition("\t")[0] for line in answer(words)]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("se",), ["segment", "select", "service"]),
        (("跑",), ["跑批"]),
        (("run", "--re"), ["--require"]),
        (("run", "--require", "贷款"), ["贷款台账"]),
        (("query", "select 1", "--format", ""), ["table", "csv", "json", "parquet"]),
        (("due", "--format", ""), ["table", "csv", "json"]),
        (("show", ""), ["customer", "manager", "branch"]),
        (("check", "ex"), [":files"]),
        (("run", "--accept", ""), [":files"]),
        (("nonsense", ""), []),
        (("run", "--quiet", "--expect-as-of", ""), ["month-end"]),
    ],
)
def test_what_may_come_next(words: tuple[str, ...], offered: list[str]) -> None:
    assert values(*words) == offered


def test_months_and_items_come_from_the_workspace(county: Path) -> None:
    assert values("run", "-w", str(county), "--period", "") == ["2026-10", "2026-09"]
    assert "责任不良贷款率" in values("explain", "-w", str(county), "manager", "M0001", "")
    assert values("run", "-w", str(county / "exports" / "nowhere"), "--period", "") in ([], ["2026-10", "2026-09"])


@pytest.mark.parametrize(
    "asked",
    [
        {"arguments": ["--help"]},
        {"arguments": ["run", "--help"]},
        {"complete": ["run", "--"]},
        {"complete": ["run", "--period", ""]},
    ],
)
def test_help_and_completion_import_nothing_heavy(asked: dict[str, list[str]]) -> None:
    """What makes them fast: at most two and a half times the import of Typer."""
    look = f"""
import os, sys
sys.argv = ["kehujingli", *{asked.get("arguments") or asked["complete"]!r}]
if {"complete" in asked}: os.environ["_KEHUJINGLI_COMPLETE"] = "1"
from kehujingli.__main__ import main
try: main()
except SystemExit: pass
print([name for name in ("pandas", "numpy", "duckdb", "pyarrow", "openpyxl", "xlsxwriter", "kehujingli.rules", "scipy", "narwhals", "rich") if name in sys.modules])
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", look], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes(county: Path, tmp_path: Path) -> None:
    program = tmp_path / "kehujingli"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kehujingli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    asked = f'{SCRIPTS["bash"]}\nCOMP_WORDS=("{program}" run --period ""); COMP_CWORD=3; _kehujingli; echo "${{COMPREPLY[*]}}"'
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        ["bash", "-c", asked], cwd=county, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stdout.split() == ["2026-10", "2026-09"]


def test_every_shell_has_a_script_and_others_are_refused() -> None:
    assert {shell: run_cli("completion", shell).out.strip() for shell in SCRIPTS} == {
        shell: text.strip() for shell, text in SCRIPTS.items()
    }
    assert run_cli("completion", "tcsh").code == 2

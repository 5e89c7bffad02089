"""Does the worked example still come out as it stands in the repository?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, run_here

EXAMPLE, EXPECTED = ROOT / "examples" / "county-200", ROOT / "examples" / "expected"
OPTIONS = ("--period", "2026-10", "--json", "--dry-run")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "county"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".kehujingli"))
    return folder


@pytest.mark.parametrize("command", ["segment", "assign", "score"])
def test_the_example_comes_out_as_written(command: str, county: Path) -> None:
    ran = run_here(command, "-w", county, *OPTIONS)
    expected = json.loads((EXPECTED / f"{command}.json").read_text(encoding="utf-8"))
    assert ran.json == expected


def test_the_example_finds_one_manager_without_a_target(county: Path) -> None:
    ran = run_here("score", "-w", county, *OPTIONS)
    assert ran.code == 1
    assert ran.json["withheld"] == 1

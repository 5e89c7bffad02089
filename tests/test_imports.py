"""Does every import go one way? No circle of files, and no arrow that is excused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def house() -> grimp.ImportGraph:
    return grimp.build_graph("kehujingli", cache_dir=None)


def test_no_files_import_each_other_in_a_circle_a_room_and_its_door_included(house: grimp.ImportGraph) -> None:
    """Contracts of import-linter see rooms beside each other; a file that imports its own door back is only seen here. Types count."""
    reach: dict[str, set[str]] = {name: set(house.find_modules_directly_imported_by(name)) for name in house.modules}
    alive = set(reach)
    while leaves := {name for name in alive if not reach[name] & alive}:
        alive -= leaves
    while tops := {name for name in alive if not any(name in reach[other] for other in alive)}:
        alive -= tops
    assert alive == set()


def test_no_arrow_that_runs_back_is_excused() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert [rule["id"] for rule in linter["contracts"] if rule.get("ignore_imports")] == []
    assert {rule["id"] for rule in linter["contracts"]} >= {
        "one-way",
        "core-is-pure",
        "no-circles",
        "sheets-take-frames",
    }

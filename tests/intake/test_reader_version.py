"""Is the cache stale when the program that read it changes? Whatever the readers import decides."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from kehujingli.intake import ledger
from kehujingli.intake.ledger import reader_version, reading_files

PROGRAM = Path(ledger.__file__).parents[1]


def _imported(path: Path) -> set[Path]:
    """The files of the program that one imports, at its top or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    bases = [PROGRAM.joinpath(*name.split(".")[1:]) for name in names if name.startswith("kehujingli.")]
    places = [place for base in bases for place in (base.with_suffix(".py"), base / "__init__.py")]
    return {place for place in places if place.is_file()}


def test_all_that_the_readers_import_decides_whether_the_cache_is_stale() -> None:
    reached = set((PROGRAM / "intake").rglob("*.py"))
    fresh = reached
    while fresh:
        fresh = set().union(*map(_imported, fresh)) - reached
        reached |= fresh
    assert {PROGRAM / "values.py", PROGRAM / "terms" / "places.py"} <= reached
    assert reached <= set(reading_files(PROGRAM))


@pytest.mark.parametrize(
    "name", ["values.py", "terms/places.py", "terms/masks.py", "errors/toml_lines.py", "intake/sheets/headers.py"]
)
def test_a_change_in_what_the_readers_import_makes_the_cache_stale(tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(PROGRAM, tmp_path / "program", ignore=shutil.ignore_patterns("__pycache__")))
    assert reader_version(copy) == reader_version(PROGRAM)
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    reader_version.cache_clear()
    assert reader_version(copy) != reader_version(PROGRAM)


def test_a_reader_begins_without_pandas_and_without_the_rules() -> None:
    """Each worker pays for what it imports: both together take longer than all that it needs."""
    code = "import sys, kehujingli.intake.worker; print([name for name in ('pandas', 'pydantic', 'duckdb') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.stdout.strip() == "[]"

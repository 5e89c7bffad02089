"""Does ``init`` make a workspace where there is none, and touch nothing where there is something?"""

from __future__ import annotations

from pathlib import Path

from conftest import run_here

from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.workspace import Workspace


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "信.txt").write_text("别动", encoding="utf-8")
    ran = run_here("init", tmp_path)
    assert ran.code == 4
    assert "workspace.exists" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["信.txt"]


def test_an_empty_folder_becomes_a_workspace_under_the_example_s_rules(tmp_path: Path) -> None:
    assert run_here("init", tmp_path / "县").code == 0
    place = Workspace(tmp_path / "县")
    (rules,) = [path for path in place.rules.glob("*.toml") if path.stem.startswith("20")]
    assert load_rules(rules).rules == load_rules(EXAMPLE).rules
    assert place.exports.is_dir()

"""Does the house keep to its own rules? Opening questions, sizes, a page for every command, a line for every room, a walk that can be walked."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import typer
from conftest import ROOT

SOURCE = ROOT / "src" / "kehujingli"
MODULES = sorted(SOURCE.rglob("*.py"))
PYTHON = sorted(chain(MODULES, *((ROOT / folder).rglob("*.py") for folder in ("tests", "benchmarks"))))
MOST_LINES, MOST_OF_A_FUNCTION, WIDEST = 400, 60, 120
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_module_opens_with_the_question_it_answers() -> None:
    openings = {_name(path): (ast.get_docstring(_tree(path)) or "").partition("\n\n")[0] for path in MODULES}
    assert [name for name, opening in openings.items() if not re.search("[?？]", opening)] == []


def test_no_module_is_two_rooms() -> None:
    long = {_name(path) for path in MODULES if path.read_text(encoding="utf-8").count("\n") > MOST_LINES}
    assert long == set()


def _unreasoned(path: Path) -> Iterator[str]:
    """Functions that are long, and no comment before their first statement says why."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= MOST_OF_A_FUNCTION:
            body = node.body[1] if len(node.body) > 1 and ast.get_docstring(node) else node.body[0]
            first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
            if not any(line.strip().startswith("#") for line in lines[first - 2 : body.lineno]):
                yield f"{path.name}: {node.name}"


def test_a_long_function_gives_its_reason() -> None:
    assert [told for path in MODULES for told in _unreasoned(path)] == []


def _wide(path: Path) -> Iterator[str]:
    """Lines that are wide by their code: without their texts and comments they would be wide still, or they have none."""
    text = path.read_text(encoding="utf-8")
    wide = {number for number, line in enumerate(text.splitlines(), 1) if len(line) > WIDEST}
    if not wide:
        return
    texts: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            texts.update(range(node.lineno, (node.end_lineno or 0) + 1))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            texts.add(token.start[0])
    yield from (f"{path.name}:{number}" for number in sorted(wide - texts))


def test_no_line_is_wide_but_a_text() -> None:
    assert [told for path in PYTHON for told in _wide(path)] == []


def test_the_formatter_is_asked_to_skip_nothing() -> None:
    asked = "# fmt: " + "skip"
    assert [path.name for path in PYTHON if asked in path.read_text(encoding="utf-8")] == []


def _commands() -> list[str]:
    from kehujingli.cli import app

    root = typer.main.get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    return sorted(root.list_commands(typer.Context(root)))


@pytest.mark.parametrize("command", _commands())
def test_every_command_has_its_page(command: str) -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.search(rf"^#+ .*\b{re.escape(command)}\b", page, re.MULTILINE)


def _rooms() -> list[str]:
    folders = [f"{path.name}/" for path in SOURCE.iterdir() if (path / "__init__.py").exists()]
    return sorted(folders + [path.name for path in SOURCE.glob("*.py") if path.name != "__init__.py"])


def test_no_more_rooms_than_a_newcomer_reads_at_once() -> None:
    entries = [path.name for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    assert len(entries) <= 25


def _part(title: str) -> str:
    return ARCHITECTURE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("room", _rooms())
def test_every_room_has_its_line(room: str) -> None:
    assert re.search(rf"^- .*`{re.escape(room)}`.* – ", _part("Rooms"), re.MULTILINE)


def test_the_walk_visits_files_that_are_there_and_none_twice() -> None:
    walked = re.findall(r"`([\w/]+\.py)`", _part("A walk"))
    assert len(walked) > 30
    assert [file for file in walked if not (SOURCE / file).is_file()] == []
    assert sorted(set(walked)) == sorted(walked)


def test_a_recipe_names_at_most_three_files_that_are_there() -> None:
    recipes = [f"- **{text}" for text in _part("Recipes").split("- **")[1:]]
    assert len(recipes) >= 7
    for recipe in recipes:
        changed, _, tests = recipe.partition("Test:")
        files = dict.fromkeys(re.findall(r"`([^`\s]+\.(?:py|toml|md))`", changed))
        assert 1 <= len(files) <= 3, recipe
        shown = re.findall(r"`(tests/[^`]+\.py)`", tests)
        assert shown, recipe
        for file in [*files, *shown]:
            assert (ROOT / file).is_file() or (SOURCE / file).is_file(), f"{file} in {recipe}"


def test_the_door_for_daily_work_is_what_ci_runs() -> None:
    """What CI asks of style, types and imports, ``make check`` asks before."""
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    check = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ncheck:\n", 1)[1].split("\n\n", 1)[0]
    asked = {line.partition(" ")[2] or line for line in re.findall(r"^\.venv/bin/(.+)$", ci, re.MULTILINE)}
    mine = {line.partition(" ")[2] or line for line in re.findall(r"\$\(BIN\)/(.+)$", check, re.MULTILINE)}
    assert asked <= mine

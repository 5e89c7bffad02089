"""Which single faults does no test of a room notice? One fault at a time is planted in a copy of the sources, and the room's own tests run.

    python benchmarks/mutants.py segment measures --count 30 --seed 1

prints the share killed and every survivor, to be read by eye: some are equal to what they replace. Only quick tests are run.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "kehujingli"
_TIMES = 5
"""A run that takes so many times as long as the one without a fault has fallen."""
_SWAPS: dict[type[ast.AST], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.FloorDiv: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
    ast.And: "or",
    ast.Or: "and",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}


@dataclass(frozen=True)
class Mutant:
    """``text[start:end]`` of a file is said otherwise."""

    path: Path
    start: int
    end: int
    other: str

    def line(self, text: str) -> int:
        return text.count("\n", 0, self.start) + 1


def mutants(path: Path) -> Iterator[Mutant]:
    """Every comparison, operator, number and negation of a file, each turned once; annotations and docstrings left alone."""
    text = path.read_text(encoding="utf-8")
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = text.splitlines(keepends=True)

    def at(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def between(left: ast.expr, right: ast.expr, operator: ast.AST) -> Iterator[Mutant]:
        other = _SWAPS.get(type(operator))
        start, end = at(left.end_lineno or 0, left.end_col_offset or 0), at(right.lineno, right.col_offset)
        said = text[start:end].strip().strip("()").strip()
        if other and said and "\n" not in said and "#" not in said:
            where = text.index(said, start)
            yield Mutant(path, where, where + len(said), other)

    tree = ast.parse(text)
    typed = {id(inner) for node in ast.walk(tree) for note in _annotations(node) for inner in ast.walk(note)}
    for node in ast.walk(tree):
        if id(node) in typed:
            continue
        if isinstance(node, ast.Compare):
            for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
                yield from between(left, right, operator)
        elif isinstance(node, ast.BinOp):
            yield from between(node.left, node.right, node.op)
        elif isinstance(node, ast.BoolOp):
            yield from between(node.values[0], node.values[1], node.op)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
            yield Mutant(path, at(node.lineno, node.col_offset), at(node.operand.lineno, node.operand.col_offset), "")
        elif isinstance(node, ast.Constant) and type(node.value) in (int, bool):
            other = str(not node.value) if isinstance(node.value, bool) else str(node.value + 1)
            yield Mutant(
                path, at(node.lineno, node.col_offset), at(node.end_lineno or 0, node.end_col_offset or 0), other
            )


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        found = getattr(node, name, None)
        if isinstance(found, ast.AST):
            yield found


def room_of(name: str) -> tuple[list[Path], list[Path]]:
    """The sources of a room and its tests."""
    folder, file = SOURCE / name, SOURCE / f"{name}.py"
    sources = sorted(folder.rglob("*.py")) if folder.is_dir() else [file]
    tests = ROOT / "tests" / name
    return sources, [tests if tests.is_dir() else ROOT / "tests" / f"test_{name}.py"]


def falls(copy: Path, tests: list[Path], seconds: float | None = None) -> bool:
    """Whether a test falls, or never ends, on this copy of the sources."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "--tb=no", "-o", f"pythonpath={copy} tests"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy), str(ROOT / "tests")])}
    try:
        done = subprocess.run(
            [*command, *map(str, tests)], cwd=ROOT, env=environment, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def killed(mutant: Mutant, copy: Path, tests: list[Path], seconds: float) -> bool:
    """Whether a test notices the fault, once it stands in the copy."""
    place = copy / mutant.path.relative_to(SOURCE.parent)
    text = place.read_text(encoding="utf-8")
    place.write_text(text[: mutant.start] + mutant.other + text[mutant.end :], encoding="utf-8")
    try:
        return falls(copy, tests, seconds)
    finally:
        place.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="+", metavar="ROOM", help="segment, measures, tables, assign, scoring …")
    parser.add_argument("--count", type=int, default=30, help="mutants a room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", nargs="*", type=Path, help="other tests than the room's own")
    given = parser.parse_args()
    for room in given.rooms:
        sources, tests = room_of(room)
        tests = [path.resolve() for path in given.tests] if given.tests else tests
        every = [mutant for path in sources for mutant in mutants(path)]
        chosen = random.Random(given.seed).sample(every, min(given.count, len(every)))
        dead = 0
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            copy = Path(folder)
            shutil.copytree(SOURCE, copy / SOURCE.name, ignore=shutil.ignore_patterns("__pycache__"))
            began = time.monotonic()
            if falls(copy, tests):
                print(f"{room}: its tests fall without a fault")
                continue
            patience = _TIMES * (time.monotonic() - began) + _TIMES
            for mutant in chosen:
                if killed(mutant, copy, tests, patience):
                    dead += 1
                    continue
                text = mutant.path.read_text(encoding="utf-8")
                where = f"{mutant.path.relative_to(ROOT)}:{mutant.line(text)}"
                line = text.splitlines()[mutant.line(text) - 1].strip()
                print(f"  {where}: {text[mutant.start : mutant.end]!r} → {mutant.other!r} in {line}", flush=True)
        print(f"{room}: {dead} of {len(chosen)} killed ({len(every)} possible)", flush=True)


if __name__ == "__main__":
    main()

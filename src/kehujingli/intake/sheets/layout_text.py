"""Where in layouts/ does a line go that maps a header, and how is it added? Nothing that stands there is changed: lines are added, or a file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kehujingli.intake.sheets.layout import Layout, load_layout
from kehujingli.terms import Column, Table

_SECTION = re.compile(r"^[ \t]*\[also\][ \t]*(?:#.*)?$", re.MULTILINE)
_HEAD = "# kehujingli check --map 写的，可以改，也可以删；写法见 docs/layouts.md。\n"


@dataclass(frozen=True)
class Line:
    """Headers that are a column too, and why."""

    column: Column
    headers: tuple[str, ...]
    why: str = ""

    @property
    def text(self) -> str:
        said = [json.dumps(header, ensure_ascii=False) for header in self.headers]
        reason = "".join(char if char.isprintable() else " " for char in self.why)
        value = said[0] if len(said) == 1 else f"[{', '.join(said)}]"
        return f"{json.dumps(self.column.label, ensure_ascii=False)} = {value}" + (f"  # {reason}" if reason else "")


def own_layout(paths: Sequence[Path], file: str, sheet: str, headers: Sequence[str]) -> Path | None:
    """The layout with columns of its own by which a sheet is read, as the finder chooses it; nothing where it is read by known headers."""
    found: list[tuple[int, Path]] = []
    for path in paths:
        layout = load_layout(path)
        if layout.columns and not layout.headerless and layout.fits(file, sheet) and (fitted := layout.match(headers)):
            found.append((len(fitted.places), path))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def added(folder: Path, table: Table, lines: Sequence[Line], own: Path | None) -> tuple[Path, str]:
    """The file that takes the lines, and its whole text: the sheet's own layout, else one that adds to this table's headers, else a new one."""
    for path in [own] if own else _names(folder, table):
        if not path.exists():
            return path, _HEAD + f"table = {json.dumps(table.label, ensure_ascii=False)}\n\n[also]\n{_said(lines)}"
        layout = load_layout(path)
        if own or _takes(layout, table, lines):
            text = path.read_bytes().decode("utf-8-sig")
            more = _with(text, lines)
            if _holds(text, more, lines):
                return path, more
    return _free(
        folder, table
    ), _HEAD + f"table = {json.dumps(table.label, ensure_ascii=False)}\n\n[also]\n{_said(lines)}"


def _said(lines: Sequence[Line]) -> str:
    return "".join(f"{line.text}\n" for line in lines)


def _names(folder: Path, table: Table) -> list[Path]:
    """Files that may be there already, in the order in which they are tried."""
    own = sorted(folder.glob("*.toml"))
    return [path for path in own if path.stem.startswith(table.label)] + [folder / f"{table.label}.toml"]


def _free(folder: Path, table: Table) -> Path:
    number = 2
    while (folder / f"{table.label}-{number}.toml").exists():
        number += 1
    return folder / f"{table.label}-{number}.toml"


def _takes(layout: Layout, table: Table, lines: Sequence[Line]) -> bool:
    """Whether a layout only adds headers to this table, in every file, and none for these columns."""
    said = {column.key for column, _ in layout.also}
    whole = not layout.columns and not layout.file and not layout.sheet and layout.table.key == table.key
    return whole and not said.intersection(line.column.key for line in lines)


def _with(text: str, lines: Sequence[Line]) -> str:
    """The text with the lines below its [also], or with one behind it."""
    end = "\r\n" if "\r\n" in text else "\n"
    said = _said(lines).replace("\n", end)
    section = _SECTION.search(text.replace("\r", " "))
    if section is None:
        return f"{text}{'' if text.endswith(end) else end}{end}[also]{end}{said}"
    return f"{text[: section.end()].rstrip()}{end}{said}{text[section.end() :].removeprefix(chr(10))}"


def _holds(before: str, after: str, lines: Sequence[Line]) -> bool:
    """Whether the new text says what the old one said and the lines, nothing else."""
    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    said: Mapping[str, object] = old.get("also") or {}
    wanted = {line.column.label: line.headers[0] if len(line.headers) == 1 else list(line.headers) for line in lines}
    whole = {key: value for key, value in new.items() if key != "also"}
    return whole == {key: value for key, value in old.items() if key != "also"} and new["also"] == {**said, **wanted}

"""What does a TOML file say, and on which line does a key stand? tomllib tells lines for syntax errors only, and knows no limit of size and depth."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

_LONGEST, _DEEPEST = 1_000_000, 20
"""Characters of a file, and tables in tables: far more than any rules or layout need."""
Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+))*)\s*="""
)
_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^.\s]+))\s*(?:\.|$)""")
_STRING = re.compile(r'"""(?:.|\n)*?"""|\'\'\'(?:.|\n)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*')


def parse_toml(text: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """``tomllib.loads`` within limits. Raises ``TOMLDecodeError``."""
    if len(text) > _LONGEST:
        raise tomllib.TOMLDecodeError(f"文件有 {len(text):,} 个字符，超过 {_LONGEST:,}")
    deep = f"一层套一层超过 {_DEEPEST} 层"
    try:
        data = tomllib.loads(text, parse_float=parse_float)
    except RecursionError:
        raise tomllib.TOMLDecodeError(deep) from None
    level: list[Any] = [data]
    for _ in range(_DEEPEST):
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [one for one in level if isinstance(one, dict | list)]
    if level:
        raise tomllib.TOMLDecodeError(deep)
    return data


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(next(group for group in match.groups() if group is not None) for match in _PART.finditer(dotted))


def key_lines(text: str) -> Mapping[Path, int]:
    """Path → line (from 1) of every table, every element of an array of tables, and every key at the start of a line."""
    # Strings and comments are blanked (newlines kept) where brackets are counted, so that a bracket inside one is not one.
    blanked = _STRING.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    lines: dict[Path, int] = {}
    arrays: dict[Path, int] = {}
    table: Path = ()
    depth = 0
    for number, (line, bare) in enumerate(zip(text.split("\n"), blanked.split("\n"), strict=True), 1):
        if depth == 0:
            header = _HEADER.match(line)
            key = _KEY.match(line)
            if header and not key:
                table = _resolve(_split(header.group(2)), arrays)
                if header.group(1) == "[[":
                    arrays[table] = arrays.get(table, -1) + 1
                    table = (*table, arrays[table])
                lines.setdefault(table, number)
            elif key:
                path: Path = table
                for part in _split(key.group(1)):
                    path = (*path, part)
                    lines.setdefault(path, number)
            if header and not key:
                continue
        depth += sum(bare.count(open_) for open_ in "[{") - sum(bare.count(close) for close in "]}")
    return lines


def _resolve(parts: tuple[str, ...], arrays: Mapping[Path, int]) -> Path:
    """[a.b] below [[a]] belongs to the last a."""
    path: Path = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if path in arrays and position < len(parts) - 1:
            path = (*path, arrays[path])
    return path


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of the path, or of the nearest key above it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def where_said(lines: Mapping[Path, int], path: Path) -> Path:
    """The path of a key of a scheme, or that of ``[incentive]`` where the scheme takes it from there."""
    shared = ("incentive", *path[3:])
    inherited = path[:2] == ("incentive", "scheme") and path not in lines and len(path) > 3
    return shared if inherited and any(shared[:length] in lines for length in range(2, len(shared) + 1)) else path

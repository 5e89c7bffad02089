"""How does a result stand on a terminal, in a pipe, in a script? Results to stdout, talk to stderr; tables, JSON, CSV."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TextIO

from kehujingli import terms
from kehujingli.errors import Finding, problem
from kehujingli.terms.widths import display_width, longest, padded, screen_width, wrapped
from kehujingli.values import guarded, missing

_SHOWN = 12
_FOLDED = 14
"""To how many columns a text may be folded before a table becomes cards."""
_LEAST = 6
"""Three characters of a header in a line."""
_FOLDS = 4
"""How many lines a cell may take before a table becomes cards."""
_BETWEEN = 3
"""Columns that a table has between two of its own."""
_TURNS = (*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""DEL and the second controls (of which 9B begins a sequence as ESC does), and what turns the direction of writing."""
_CONTROLS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"} | dict.fromkeys(_TURNS, "�")
_ESCAPED = {code: f"\\u{code:04x}" for code in _TURNS}
STYLES = ("table", "csv", "json", "raw")
CSV = ("csv", "raw")
"""``raw``: for machines, text as it is; else what a spreadsheet would take for a formula is guarded."""


def prepare() -> None:
    """UTF-8 where it is not a terminal that knows better; characters a terminal lacks are replaced, never fatal."""
    if sys.stdout is None:  # closed by whoever started the program: nobody listens
        sys.stdout = io.StringIO()
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))


def say(*lines: str) -> None:
    """Results, line by line; on a terminal too narrow for one it goes on below its own beginning."""
    width = _width(sys.stdout)
    for line in lines:
        for text in harmless(line).split("\n"):
            for part in _hung(text, width):
                print(part)


def say_whole(*lines: str) -> None:
    """What is copied as it stands, SQL or a script: never folded."""
    for line in lines:
        print(harmless(line))


def say_tree(lines: Iterable[str]) -> None:
    """Sentences that hang below each other: one too long goes on below its own beginning, between the lines of the tree."""
    width = _width(sys.stdout)
    for line in lines:
        stem = _STEM.match(line)
        guide = stem[0] if stem else ""
        room = 0 if width is None else width - display_width(guide)
        text = harmless(line[len(guide) :])
        first, *more = list(wrapped(text, room)) if room > _FOLDED else [text]
        say_whole(guide + first, *(guide.translate(_HANGING) + rest for rest in more))


_STEM = re.compile("[│├└─ ]*")
_HANGING = {ord("├"): "│", ord("└"): " ", ord("─"): " "}
_BEGINNING = re.compile(r" *(?:\S+(?: \S+)?  +)?")
"""Blanks, and a name that stands before its text with two of them between."""


def _width(stream: TextIO) -> int | None:
    """How many columns a terminal has; nothing where the stream is none, for a file or a program takes lines as they are."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def _hung(text: str, width: int | None) -> Iterator[str]:
    """The lines of a sentence: those after the first stand where its text begins."""
    if width is None or display_width(text) <= width:
        yield text
        return
    found = _BEGINNING.match(text)
    head = found[0] if found else ""
    if display_width(head) > width // 3:
        head = text[: len(text) - len(text.lstrip(" "))]
    indent = display_width(head) or 2
    first, *more = list(wrapped(text[len(head) :], width - indent)) or [""]
    yield head + first
    yield from (" " * indent + line for line in more)


def talk(*lines: str) -> None:
    """What is said beside the result."""
    width = _width(sys.stderr)
    for line in lines:
        for part in _hung(harmless(line), width):
            print(part, file=sys.stderr)


def harmless(text: str) -> str:
    """No text from a cell, a file's name or an error steers a terminal: ESC is shown as ␛, and what turns writing around as �."""
    return text if text.isprintable() else text.translate(_CONTROLS)


def say_json(record: Any) -> None:
    """JSON itself escapes what lies below a blank; the other controls are escaped here, so that what is read back is the same."""
    print(json.dumps(record, ensure_ascii=False, indent=1, default=_jsonable).translate(_ESCAPED))


def _jsonable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if hasattr(value, "item"):
        return value.item()
    return str(value)


def talk_findings(findings: Iterable[Finding], *, notes: bool = False) -> None:
    """Findings by level, the first places of each; notes only when asked."""
    order = {"error": 0, "refused": 1, "warning": 2, "note": 3}
    told = sorted((item for item in findings if notes or item.level != "note"), key=lambda item: order[item.level])
    for item in told:
        label = terms.LEVELS.get(item.level, "错误")
        count = f"（{item.count:,} 处）" if item.count > 1 and item.spots else ""
        talk(f"{label} {item.code}{count} {item.text}")
        if len(item.spots) > 1:
            places = "、".join(
                f"{spot.cell}（{spot.value}）" if spot.value else spot.cell for spot in item.spots[:_SHOWN]
            )
            more = f" 等 {item.count:,} 处" if item.count > len(item.spots) else ""
            talk(f"    {places}{more}")


def say_table(headers: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """A table whose columns fit Chinese text; on a terminal too narrow for it a card a row. A number or id is never broken."""
    headers, title = [harmless(header) for header in headers], harmless(title)
    body = [[harmless(_shown(value)) for value in row] for row in rows]
    width = _width(sys.stdout)
    whole = [
        max([display_width(header), *(display_width(row[index]) for row in body)])
        for index, header in enumerate(headers)
    ]
    least = [_least(header, [row[index] for row in body]) for index, header in enumerate(headers)]
    between = _BETWEEN * (len(headers) - 1)
    if width is not None and len(headers) > 1 and sum(least) + between > width:
        say(*([title] if title else []), *_cards(headers, body, width))
        return
    taken = whole if width is None else _narrowed(whole, least, width - between)
    if any(text and len(_folded(text, room)) > _FOLDS for row in body for text, room in zip(row, taken, strict=True)):
        say(*([title] if title else []), *_cards(headers, body, width or 0))
        return
    say_whole(*([title] if title else []), *_table(headers, body, taken))


def _least(header: str, texts: Sequence[str]) -> int:
    """The least columns that a table's column can have: a text in Chinese may be folded, anything else stays whole."""
    widest, header_least = (
        max([0, *map(display_width, texts)]),
        min(display_width(header), max(_LEAST, longest(header))),
    )
    if any(map(_foldable, texts)):
        widest = max(min(widest, _FOLDED), *map(longest, texts))
    return max(widest, header_least)


def _narrowed(whole: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """The columns' widths within ``room``: the widest that can be folded gives first."""
    taken = list(whole)
    while sum(taken) > room:
        able = [index for index, width in enumerate(taken) if width > least[index]]
        if not able:
            break
        taken[max(able, key=lambda index: taken[index])] -= 1
    return taken


def _foldable(text: str) -> bool:
    return display_width(text) > len(text)


def _cards(headers: Sequence[str], body: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Each row: its first two values as a title (only the first where the second is a figure), the others by name; what says nothing is left out."""
    name = max(display_width(header) for header in headers)
    for row in body:
        titles = 1 if len(row) > 1 and _numeric(row[1]) and not _numeric(row[0]) else 2
        yield " ".join(filter(None, row[:titles]))
        for header, text in zip(headers[titles:], row[titles:], strict=True):
            if text:
                first, *more = list(wrapped(text, max(20, width - name - 4))) or [""]
                yield f"  {padded(header, name)}  {first}"
                yield from (" " * (name + 4) + line for line in more)


def _table(headers: Sequence[str], body: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """The lines of a table; a column of figures stands at the right."""
    right = [bool(body) and all(_numeric(row[index]) for row in body) for index in range(len(headers))]

    def line(cells: Sequence[str]) -> Iterator[str]:
        folded = [
            [part for piece in text.split("\n") for part in _folded(piece, width)]
            for text, width in zip(cells, widths, strict=True)
        ]
        for number in range(max(map(len, folded), default=0)):
            parts = [texts[number] if number < len(texts) else "" for texts in folded]
            blanks = [" " * max(0, width - screen_width(part)) for part, width in zip(parts, widths, strict=True)]
            placed = (
                blank + part if last else part + blank for part, blank, last in zip(parts, blanks, right, strict=True)
            )
            yield (" " * _BETWEEN).join(placed).rstrip()

    yield from line(headers)
    yield "─" * (sum(widths) + _BETWEEN * (len(widths) - 1))
    for row in body:
        yield from line(row)


def _folded(text: str, width: int) -> list[str]:
    return [text] if display_width(text) <= width else list(wrapped(text, width))


def _shown(value: Any) -> str:
    if missing(value):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return _short(f"{value:,f}")
    return str(value)


def _short(number: str) -> str:
    """Two digits behind the point, and more only where they say something."""
    whole, point, digits = number.partition(".")
    return f"{whole}{point}{digits[:2]}{digits[2:].rstrip('0')}"


def _numeric(text: str) -> bool:
    stripped = text.replace(",", "").replace("%", "").lstrip("-−+")
    return stripped == "" or (stripped.replace(".", "", 1).isdigit() and len(stripped) < 16)


def say_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]], style: str) -> None:
    """As a spreadsheet may open it; in the style ``raw`` text as it is."""
    import csv

    def cell(value: Any) -> str:
        if isinstance(value, Decimal):
            return _short(format(value, "f"))
        text = _shown(value)
        return harmless(guarded(text) if style != "raw" and isinstance(value, str) else text)

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(map(cell, headers))
    writer.writerows(map(cell, row) for row in rows)


def style_of(asked_json: bool, style: str) -> str:
    """table, csv or json, as asked by ``--json`` or ``--format``. Raises ``option.bad``."""
    if asked_json:
        return "json"
    if style not in STYLES:
        raise problem("option.bad", option="--format", value=style, detail="不认识", cure="请写 table、csv 或 json。")
    return style


def say_records(records: Sequence[Mapping[str, Any]], style: str) -> None:
    """A list of records as table, CSV or JSON: the same flag on every listing command."""
    if style == "json":
        say_json(list(records))
        return
    headers = list(records[0]) if records else []
    rows = [list(record.values()) for record in records]
    if style in CSV:
        say_csv(headers, rows, style)
    else:
        say_table(headers, rows)

"""How does a result stand on a terminal, in a pipe, in a script? Results to stdout, talk to stderr; tables, JSON, CSV."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from kehujingli import terms
from kehujingli.errors import Finding, problem
from kehujingli.terms.widths import display_width, padded, wrapped
from kehujingli.values import guarded, missing

_SHOWN = 12
_FOLDED = 14
"""To how many columns a text may be folded before a table becomes cards."""
_LEAST = 6
"""Three characters of a header in a line."""
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
    """Results, line by line."""
    for line in lines:
        print(harmless(line))


def say_tree(lines: Iterable[str]) -> None:
    """Sentences that hang below each other: on a terminal too narrow for one it goes on below its own beginning."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in lines:
        stem = _STEM.match(line)
        guide = stem[0] if stem else ""
        room = 0 if width is None else width - display_width(guide)
        first, *more = list(wrapped(harmless(line[len(guide) :]), room)) if room > _FOLDED else [line[len(guide) :]]
        say(guide + first, *(guide.translate(_HANGING) + rest for rest in more))


_STEM = re.compile("[│├└─ ]*")
_HANGING = {ord("├"): "│", ord("└"): " ", ord("─"): " "}


def talk(*lines: str) -> None:
    """What is said beside the result."""
    for line in lines:
        print(harmless(line), file=sys.stderr)


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
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    fixed = [_whole(header, [row[index] for row in body]) for index, header in enumerate(headers)]
    roomy = [max(least, display_width(header)) for least, header in zip(fixed, headers, strict=True)]
    if width is None or sum(roomy) + _BETWEEN * (len(headers) - 1) <= width:
        fixed = roomy
    if width is not None and len(headers) > 1 and sum(fixed) + _BETWEEN * (len(headers) - 1) > width:
        say(*([title] if title else []), *_cards(headers, body, width))
        return
    _print_table(headers, body, title, width, fixed)


def _whole(header: str, texts: Sequence[str]) -> int:
    """The least columns that a table's column can have: a text in Chinese may be folded, anything else stays whole."""
    widest, least = max([0, *map(display_width, texts)]), min(display_width(header), _LEAST)
    return max(min(widest, _FOLDED) if any(map(_foldable, texts)) else widest, least)


def _foldable(text: str) -> bool:
    return display_width(text) > len(text)


def _cards(headers: Sequence[str], body: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Each row: its first two values as a title, the others by name; what says nothing is left out."""
    name = max(display_width(header) for header in headers)
    for row in body:
        yield " ".join(filter(None, row[:2]))
        for header, text in zip(headers[2:], row[2:], strict=True):
            if text:
                first, *more = list(wrapped(text, max(20, width - name - 4))) or [""]
                yield f"  {padded(header, name)}  {first}"
                yield from (" " * (name + 4) + line for line in more)


def _print_table(
    headers: Sequence[str], body: Sequence[Sequence[str]], title: str, width: int | None, least: Sequence[int]
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, title_justify="left")
    for index, header in enumerate(headers):
        texts = [row[index] for row in body]
        numeric = bool(body) and all(map(_numeric, texts))
        whole = width is not None and not any(map(_foldable, texts))
        said = "\n".join(wrapped(header, least[index])) if whole else header
        side: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(said, justify=side, overflow="fold", no_wrap=whole, min_width=least[index])
    for line in body:
        table.add_row(*(text.replace("[", r"\[") for text in line))
    try:
        Console(width=width or 10_000, highlight=False, emoji=False).print(table)
    except SystemExit:  # how rich ends where the reader of a pipe has had enough
        raise BrokenPipeError from None


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

"""What is one page to look at, as a file? The data of a month, the plotting library and our own script and style in one HTML that asks nobody for anything.

The page holds its figures as texts, made here as the workbooks show them; its script sorts, filters and draws, and reckons none of them.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.values import listed
from kehujingli.workbooks.looks import Column, text_of

if TYPE_CHECKING:
    import pandas as pd

_HERE = Path(__file__).parent
_SCRIPTS = ("uplot/uPlot.iife.min.js", "parts.js", "views.js")
_STYLES = ("uplot/uPlot.min.css", "page.css")
_FEW = 100
"""A column of no more different texts than this is kept as numbers of them where that is shorter."""


def table(
    title: str,
    columns: Sequence[Column],
    frame: pd.DataFrame,
    *,
    hidden: Sequence[str] = (),
    totals: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A list as the page has it: columns, rows of texts, the line of totals. ``hidden``: columns that only lead somewhere."""
    texts: list[list[Any]] = [
        [text_of(column.look, value) for value in listed(frame[column.key])] for column in columns
    ]
    heads: list[dict[str, Any]] = [
        {"key": column.key, "label": column.header, "look": column.look} for column in columns
    ]
    for head, values in zip(heads, texts, strict=True):
        if head["key"] in hidden:
            head["hidden"] = 1
        words = list(dict.fromkeys(values))
        if len(words) <= min(_FEW, len(values) // 4):
            head["words"] = words
            at = {word: place for place, word in enumerate(words)}
            values[:] = [at[value] for value in values]
    told: dict[str, Any] = {"title": title, "columns": heads, "rows": [list(row) for row in zip(*texts, strict=True)]}
    if totals is not None:
        told["totals"] = [text_of(column.look, totals.get(column.key)) for column in columns]
    return told


def packed(data: Any) -> str:
    """JSON that may stand inside of a ``script`` element: nothing in it ends one, and no line separator of JavaScript is left."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for odd in "<>&\u2028\u2029":
        text = text.replace(odd, f"\\u{ord(odd):04x}")
    return text


def page_html(data: Mapping[str, Any]) -> bytes:
    """The file. Whatever stands in ``data`` is text in it, never markup; its policy lets no request out and runs no other script."""
    scripts, styles = ["\n".join(map(_part, names)) for names in (_SCRIPTS, _STYLES)]
    policy = f"default-src 'none'; script-src {_hash(scripts)}; style-src {_hash(styles)}; base-uri 'none'; form-action 'none'"
    head = data["head"]
    html = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(head['title'])}</title>\n"
        f"<style>{styles}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">跳到正文</a>\n'
        f"<header><h1>{escape(head['title'])}</h1></header>\n"
        '<nav aria-label="位置"></nav>\n<main id="main" tabindex="-1"><p>正在打开……一直停在这里的，请换 Chrome 或 Edge 80 以上的浏览器。</p></main>\n'
        '<p id="said" role="status" aria-live="polite"></p>\n<footer></footer>\n'
        "<noscript><p>这一页要用浏览器的脚本，请允许本文件运行脚本后再打开。</p></noscript>\n"
        f'<script type="application/json" id="data">{packed({**data, "licence": licence()})}</script>\n'
        f"<script>{scripts}</script>\n</body>\n</html>\n"
    )
    # A half of a surrogate pair, as a broken export may have it, stays what JSON calls it.
    return html.encode("utf-8", "backslashreplace")


def licence() -> str:
    """Whose plotting library it is, and under which terms."""
    return (_HERE / "uplot" / "LICENSE").read_text(encoding="utf-8")


@functools.cache
def _part(name: str) -> str:
    text = (_HERE / name).read_text(encoding="utf-8")
    if name.startswith("uplot/") and text.startswith(
        "/*!"
    ):  # the banner names an address; the licence stands in the page
        text = text.partition("*/")[2]
    return text.strip()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

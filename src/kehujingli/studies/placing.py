"""How does a study's finding name rows? The first few of many, and where each stands in its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kehujingli.errors import Finding, finding
from kehujingli.values import missing

_SHOWN = 5
"""So many of one kind are named."""


def several(code: str, who: list[str], **facts: Any) -> Finding:
    """One finding for all, the first few named."""
    more = " 等" if len(who) > _SHOWN else ""
    return finding(code, count=len(who), who="、".join(who[:_SHOWN]) + more, **facts)


def at(row: Mapping[Any, Any]) -> str:
    """Which row of its sheet, where it is known."""
    place = row.get("source_row")
    return "" if missing(place) else f"第 {int(place or 0)} 行 "

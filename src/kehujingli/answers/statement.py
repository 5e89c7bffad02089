"""What does each manager get? A file name that is safe everywhere, and the rows of his statement, from a period's kept results.

Edges write them (``workbooks/statement.py``) and read the filled ones back (``appeals.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import category

from kehujingli import terms
from kehujingli.answers.explain import Node
from kehujingli.answers.explain.manager import explain_manager
from kehujingli.answers.sources import Sources
from kehujingli.workspace.results import Row

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Kinds of characters that nobody sees: among them those that turn the reading about, so that a name shows another ending."""
_RESERVED = {
    *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
    *(f"{name}{number}" for name in ("COM", "LPT") for number in "0123456789¹²³"),
}
_BYTES = 200
"""Of a name: Linux takes 255, and the ending, a number for namesakes and what an office program puts before it are to go there too."""
WHOLE_ITEMS = {"adjustment": terms.label("adjustment"), "pay": "绩效薪酬"}
"""What may be disputed beside the items of the rules."""


def safe_name(*parts: str | None) -> str:
    """工号_姓名 as a file name that Windows, Linux and a mail gateway take: no separators, no controls, no reserved word, not hidden."""
    seen = ("".join(letter for letter in part if category(letter) not in _UNSEEN) for part in parts if part)
    joined = "_".join(_UNSAFE.sub("", part).strip(" .") for part in seen)
    name = joined[:80].encode()[:_BYTES].decode(errors="ignore").strip(" ._") or "未名"
    return f"_{name}" if name.split(".")[0].rstrip().upper() in _RESERVED else name


@dataclass(frozen=True)
class Statement:
    """One manager's: score and pay, items, the first tree, all of it as (level, sentence), own customers."""

    manager_id: str
    name: str
    period: str
    scored: Row
    paid: list[Row]
    items: list[Row]
    top: Node
    tree: list[tuple[int, str]]
    customers: list[Row]

    @property
    def file(self) -> str:
        return safe_name(self.manager_id, self.name) + ".xlsx"


def statement(sources: Sources, manager: Row) -> Statement:
    """All of one manager's statement. ``manager``: his row of ``managers``."""
    who = str(manager["manager_id"])
    scored = sources.rows("select * from {scores} where manager_id = $1", who)
    customers = sources.rows(
        "select * from {classes} where holder_id = $1 order by scale_amount desc nulls last, customer_id", who
    )
    items = sources.rows("select * from {items} where manager_id = $1", who)
    top = explain_manager(sources, manager, None)
    deep = [explain_manager(sources, manager, str(item["item_id"])) for item in items]
    tree = [*_levels(_heads(top)), *(line for node in deep for line in _levels(node, 1))]
    paid = sources.rows("select * from {pay} where manager_id = $1 order by branch_id", who)
    return Statement(
        who,
        str(manager["name"] or ""),
        sources.period,
        scored[0] if scored else {},
        paid,
        items,
        top,
        tree,
        customers,
    )


def _heads(top: Node) -> Node:
    """The first tree without its items: they follow one by one, down to the rows."""
    parts = tuple(
        Node(part.said, part.facts, tuple(child for child in part.parts if "item_id" not in child.facts))
        for part in top.parts
    )
    return Node(top.said, top.facts, parts)


def _levels(node: Node, level: int = 0) -> Iterator[tuple[int, str]]:
    yield level, node.said
    for part in node.parts:
        yield from _levels(part, level + 1)


def claim_rows(told: Statement) -> list[Mapping[str, Any]]:
    """What may be disputed: one row an item, then 加减分 and 绩效薪酬; 申诉, 申诉理由 and 主张数 are left to fill in."""
    base = {"period": told.period, "manager_id": told.manager_id, "appeal": None, "appeal_reason": None, "claim": None}
    rows: list[Mapping[str, Any]] = [
        base
        | {
            "item": item["item"],
            "points": item["points"],
            "working": item["working"],
            "item_points": item["item_points"],
            "next_step": item["next_step"],
        }
        for item in told.items
    ]
    empty = dict.fromkeys(("points", "working", "item_points", "next_step"))
    rows.append(base | empty | {"item": WHOLE_ITEMS["adjustment"], "item_points": told.scored.get("adjustment")})
    pay = "；".join(f"{row['branch_name'] or row['branch_id']} {row['pay']} 元" for row in told.paid if row["pay"])
    out = sum((Decimal(row["paid"]) for row in told.paid if row["paid"] is not None), Decimal(0))
    working = f"应发 {pay}；实际兑付 {out} 元" if pay else f"实际兑付 {out} 元" if out else "未计"
    rows.append(base | empty | {"item": WHOLE_ITEMS["pay"], "working": working})
    return rows

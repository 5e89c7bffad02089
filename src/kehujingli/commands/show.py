"""What does show do? One customer, manager or branch as a card; several hits as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli.commands.common import Common, log_unmask, period_text, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import OF_RESULTS, leave, typed
from kehujingli.commands.shown import jsonable, said
from kehujingli.errors import Exit, problem
from kehujingli.terms.widths import display_width, padded

if TYPE_CHECKING:
    from kehujingli.answers.cards import Hits

KINDS = {
    "customer": "客户",
    "客户": "客户",
    "manager": "客户经理",
    "经理": "客户经理",
    "客户经理": "客户经理",
    "branch": "机构",
    "机构": "机构",
}


_CELL = 39
"""Columns of a pair, so that two stand side by side on a terminal of 80."""


def show(common: Common, kind: str, value: str) -> Exit:
    """Find by id or name, show the card. Raises ``show.none``."""
    from kehujingli.answers.cards import PARTS, find

    if not value:
        return _anywhere(common, kind)
    if kind not in KINDS:
        raise problem(
            "option.bad", option="要看什么", value=kind, detail="不认识", cure="请写 customer、manager 或 branch。"
        )
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    log_unmask(workspace, common, "show", kind=kind, value=value)
    hits = find(workspace, period_text(common.period), KINDS[kind], value, unmask=common.unmask)
    if not hits.records:
        raise hits.nobody(value)
    if len(hits.records) > 1:
        say_hits(hits, value, as_json=common.json)
        return Exit.DONE
    record = hits.records[0]
    if common.json:
        say_json(
            {key: jsonable(key, item) for key, item in record.items()}
            | {
                name: [{key: jsonable(key, item) for key, item in row.items()} for row in rows]
                for name, rows in hits.parts.items()
            }
        )
        return Exit.DONE
    say(
        *card(
            hits.title(record),
            [(hits.label(key), said(key, record[key])) for key in hits.shown if record.get(key) not in (None, "")],
        )
    )
    for name, rows in hits.parts.items():
        if rows:
            say("", PARTS[name])
            say_table(
                [hits.label(key) for key in rows[0]], [[said(key, item) for key, item in row.items()] for row in rows]
            )
    return Exit.DONE


def _anywhere(common: Common, value: str) -> Exit:
    """Whoever bears this number or name: a customer manager, a branch, a customer. Raises ``show.none``."""
    from kehujingli.answers.cards import find

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    asked = [find(workspace, period_text(common.period), kind, value) for kind in dict.fromkeys(KINDS.values())]
    found = [hits for hits in asked if hits.records]
    whole = [
        hits for hits in found if any(value in (hits.number(record), hits.name(record)) for record in hits.records)
    ]
    found = whole or found
    if not found:
        closed = next((hits for hits in asked if hits.left), asked[0])
        raise closed.nobody(value, "客户、客户经理或机构")
    if len(found) == 1:
        return show(common, found[0].kind, value)
    if common.json:
        say_json(
            {
                hits.kind: [{key: jsonable(key, record.get(key)) for key in hits.listed} for record in hits.records]
                for hits in found
            }
        )
        return Exit.DONE
    for hits in found:
        say(f"{hits.kind}：", "")
        say_hits(hits, value, as_json=False)
        say("")
    return Exit.DONE


def say_hits(hits: Hits, value: str, *, as_json: bool) -> None:
    """A list of several that bear the name."""
    if as_json:
        say_json([{key: jsonable(key, item) for key, item in record.items()} for record in hits.records])
        return
    say(f"“{value}”有 {len(hits.records)} 个：")
    say_table(
        [hits.label(key) for key in hits.listed],
        [[said(key, record.get(key)) for key in hits.listed] for record in hits.records],
    )


def card(title: str, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Name and value, two pairs a line where both have room, columns that fit Chinese text."""
    lines, waiting = [title], ""
    for name, value in pairs:
        cell = f"{padded(name, 14)}  {value}"
        if display_width(cell) > _CELL - 2:
            lines += [*([waiting] if waiting else []), f"  {cell}"]
            waiting = ""
        elif waiting:
            lines.append(padded(waiting, _CELL + 2) + cell)
            waiting = ""
        else:
            waiting = f"  {cell}"
    return [*lines, *([waiting] if waiting else [])]


@typed(
    *OF_RESULTS,
    examples="kehujingli show 高娜\nkehujingli show customer 张三\nkehujingli show manager M0012\nkehujingli show branch 东关信用社 --json",
)
def typed_show(
    common: Common,
    kind: Annotated[
        str,
        typer.Argument(metavar="customer|manager|branch", help="看客户、客户经理还是机构；不写就都找"),
    ],
    value: Annotated[
        str, typer.Argument(metavar="编号或名称", help="客户号、工号、机构号，或名称；客户还可用手机、账号或账号后四位")
    ] = "",
) -> None:

    leave(show(common, kind, value))

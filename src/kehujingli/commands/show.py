"""show: one customer, manager or branch as a card; several hits as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.commands.common import Common, log_unmask, period_text, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.shown import jsonable, yuan_of
from kehujingli.errors import Exit, problem
from kehujingli.periods import date_of
from kehujingli.terms.widths import padded

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


def show(common: Common, kind: str, value: str) -> Exit:
    """Find by id or name, show the card. Raises ``show.none``."""
    from kehujingli.answers.cards import PARTS, find

    if kind not in KINDS:
        raise problem(
            "option.bad", option="要看什么", value=kind, detail="不认识", cure="请写 customer、manager 或 branch。"
        )
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    log_unmask(workspace, common, "show", kind=kind, value=value)
    hits = find(workspace, period_text(common.period), KINDS[kind], value, unmask=common.unmask)
    if not hits.records:
        raise problem("show.none", period=hits.period, what=KINDS[kind], value=value)
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
            [(hits.label(key), said(key, record[key])) for key in hits.shown if record.get(key) is not None],
        )
    )
    for name, rows in hits.parts.items():
        if rows:
            say("", PARTS[name])
            say_table(
                [hits.label(key) for key in rows[0]], [[said(key, item) for key, item in row.items()] for row in rows]
            )
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
    """Name and value, two pairs a line, columns that fit Chinese text."""
    lines = [title]
    for index in range(0, len(pairs), 2):
        cells = [padded(padded(name, 16) + value, 46) for name, value in pairs[index : index + 2]]
        lines.append("  " + "".join(cells).rstrip())
    return lines


_WORDS: Mapping[str, Mapping[str, str]] = {
    "customer_type": terms.CUSTOMER_TYPES,
    "customer_group": terms.CUSTOMER_GROUPS,
    "frequency": terms.FREQUENCIES,
    "scale": terms.SCALES,
    "change": terms.CHANGES,
    "worst_class": terms.FIVE_CLASSES,
    "five_class": terms.FIVE_CLASSES,
    "specialism": terms.SPECIALISMS,
    "kind": terms.DEPOSIT_KINDS,
}


def said(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key in _WORDS:
        return _WORDS[key].get(value, str(value))
    if key in ("group", "previous_group"):
        frequency, _, scale = str(value).partition("/")
        return f"{terms.FREQUENCIES.get(frequency, frequency)}·{terms.SCALES.get(scale, scale)}"
    if key in terms.PER_YUAN:
        return f"{yuan_of(key, value):,.2f} 元"
    if key in terms.DAYS:
        return date_of(int(value)).isoformat()
    if isinstance(value, int | float):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return str(value)

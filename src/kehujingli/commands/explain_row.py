"""What does explain row do? One row of an export is taken out of the month; what differs is what rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.commands.common import Common, log_unmask, request_of, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.errors import Exit, Problem

if TYPE_CHECKING:
    from kehujingli.answers.explain.place import Meant
    from kehujingli.answers.explain.row import Change, Rests, Side
    from kehujingli.answers.explain.uncounted import Words
    from kehujingli.month import Month, Request
    from kehujingli.workspace import Workspace

_SHOWN = 8
"""Customers, managers and branches that are shown each, the most changed first, where not all are asked for."""


def explain_row(common: Common, words: Sequence[str], *, everything: bool) -> Exit:
    """Raises ``option.bad`` where no row is meant."""
    from dataclasses import replace

    from kehujingli.answers.explain.place import meant
    from kehujingli.month import open_month
    from kehujingli.month.trial import laid_out, remembering

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    log_unmask(workspace, common, "explain", kind="row", value=" ".join(words))
    names = workspace.period_names()
    asked = replace(common, period=common.period or (names[-1] if names else None))
    month = remembering(open_month(request_of(asked, workspace), workspace.ledger))
    wanted = meant(month.tables, words)
    record: dict[str, Any] = {"period": month.period.name, "rows": [], "why": [], "error": None, "changes": []}
    record |= _told(month, wanted, unmask=common.unmask)
    found = having = None
    if any(row["counted"] for row in record["rows"]):
        try:
            having = _having(month, request_of(asked, workspace))
            found = _rests(month, wanted, having or laid_out(month), unmask=common.unmask)
            record["changes"] = [change.record() for change in found.changes]
        except Problem as known:
            record["error"] = str(known)
    record["differs_from_kept"] = 0 if having is not None else _differs(workspace, month)
    if common.json:
        say_json(record)
        return Exit.DONE
    say(*_lines(record, found))
    if found is not None and found.changes:
        _table(found, everything=everything)
    return Exit.DONE


def _told(month: Month, wanted: Meant, *, unmask: bool) -> dict[str, Any]:
    """The rows as they were read, and why they count nowhere or not whole."""
    from kehujingli.answers.explain.as_read import cells, records_of, said
    from kehujingli.answers.explain.place import place_of
    from kehujingli.answers.explain.uncounted import refusal, unread, why

    rows: list[dict[str, Any]] = []
    reasons: list[str] = []
    for part, row in ((part, row) for part, those in wanted.rows.items() for row in those):
        sheet = month.tables.sheets[part]
        records = records_of(sheet, row)
        refused = refusal(month.settled[part], row, unmask=unmask) if not records and sheet.table else None
        if records:
            texts = [dict(said(sheet, one, unmask=unmask)) for one in records]
            reasons += why(month.tables, part, row, records, _words(month))
        elif refused:
            texts, reasons = [dict(cells(sheet, refused[0], unmask=unmask))], [*reasons, f"退回，不计：{refused[1]}"]
        else:
            texts, reasons = [], [*reasons, unread(sheet, row)]
        table = terms.BY_KEY[sheet.table].label if sheet.table else ""
        rows.append({"place": place_of(sheet, row), "table": table, "said": texts, "counted": bool(records)})
    others = [place_of(month.tables.sheets[part], row) for part, those in wanted.others.items() for row in those]
    return {"rows": rows, "why": list(dict.fromkeys(reasons)), "others": others}


def _words(month: Month) -> Words:
    from kehujingli.answers.explain.uncounted import Words

    rules = month.rules.rules
    activity = rules.segment.activity if rules.segment else None
    return Words(
        activity.exclude if activity else (),
        activity.passive if activity else (),
        rules.incentive.visit_ways if rules.incentive else (),
        rules.segment.window_months if rules.segment else 12,
    )


def _having(month: Month, request: Request) -> Side | None:
    """The month with the row as its last run left it; nothing where something has changed since, so that it must be reckoned."""
    from kehujingli.month.kept_side import side_of
    from kehujingli.month.once_more import stamped

    assert month.workspace is not None
    return side_of(month, stamped(month.workspace, request, month.period.name))


def _rests(month: Month, wanted: Meant, having: Side, *, unmask: bool) -> Rests:
    """Raises ``Problem`` where the month cannot be reckoned without the row."""
    from kehujingli.answers.explain.row import rests
    from kehujingli.month.trial import laid_out, without

    with without(month, wanted.rows) as other:
        lacking = laid_out(other)
    return rests(having, lacking, unmask=unmask)


def _differs(workspace: Workspace, month: Month) -> int:
    """How many people the kept results of the period pay otherwise than what is reckoned now; none where it has not been run."""
    from kehujingli.answers.months import kept_results
    from kehujingli.answers.sources import Sources
    from kehujingli.studies.pay.whatif import outcomes

    if month.period.name not in workspace.period_names() or not month.scored:
        return 0
    kept = {person.manager_id: person.pay for person in kept_results(Sources(workspace, month.period.name))}
    now = {who: one.pay for who, one in outcomes(month.scores).items()}
    return sum(1 for who in kept.keys() | now.keys() if kept.get(who) != now.get(who))


def _lines(record: dict[str, Any], found: Rests | None) -> Iterator[str]:
    for row in record["rows"]:
        yield f"{row['place']}（{row['table'] or '没有认出'}，{record['period']}）"
        for texts in row["said"]:
            yield "  " + "，".join(f"{header} {text}" for header, text in texts.items())
    if record["others"]:
        yield f"同号的还有：{'、'.join(record['others'][:_SHOWN])}{' 等' if len(record['others']) > _SHOWN else ''}；要讲那一行，请写文件、工作表、行号"
    yield from record["why"]
    if record["error"]:
        yield f"没有这一行，这一期算不出来：{record['error']}"
    elif found is not None:
        yield _summary(found, bool(record["why"]))
    if record["differs_from_kept"]:
        yield f"periods/{record['period']}/ 里的结果有 {record['differs_from_kept']} 人和现在重算的应发不同，这里比的是现在重算的两边；要一致请先 kehujingli run {record['period']}"


def _summary(found: Rests, told: bool) -> str:
    if not found.changes:
        return "有没有这一行，这一期的客户、得分、薪酬都一样" + ("" if told else "：它采用了，但没有一个数因它而变")
    people = found.of("manager")
    paid = found.total("pay")
    scored = sum(1 for those in people.values() for change in those if change.key == "score" and change.difference)
    counts = "，".join(
        f"{word} {len(those)} {unit}"
        for word, those, unit in (
            ("客户", found.of("customer"), "户"),
            ("客户经理", people, "人"),
            ("机构", found.of("branch"), "个"),
        )
        if those
    )
    return f"系于这一行的：{counts}{f'；其中得分有变 {scored} 人，应发合计 {paid:+,.2f} 元' if people else ''}（差 = 有这一行 − 没有这一行）"


def _table(found: Rests, *, everything: bool) -> None:
    words = {"customer": "客户", "manager": "", "branch": "机构"}
    headers = terms.words("row_owner", "row_figure", "with_row", "without_row", "difference")
    rows: list[list[str]] = []
    left: list[str] = []
    for whose, word in words.items():
        people = sorted(found.of(whose).items(), key=lambda pair: (-_weight(pair[1]), pair[0]))
        shown = people if everything else people[:_SHOWN]
        if len(people) > len(shown):
            left.append(f"{word or '客户经理'} {len(people) - len(shown):,} 个")
        for who, changes in shown:
            for change in changes:
                title = f"{word} {who} {change.name}".strip()
                rows.append(
                    [
                        title,
                        change.label,
                        change.said(change.having),
                        change.said(change.lacking),
                        change.said_difference,
                    ]
                )
    say_table(headers, rows)
    if left:
        say(f"没有列出的：{'，'.join(left)}；全部请加 --all")


def _weight(changes: Sequence[Change]) -> Decimal:
    """元 of pay, then points, then money: what is shown first."""
    by = {change.key: abs(change.difference or Decimal(0)) for change in changes}
    return (
        by.get("pay", Decimal(0)) * 10**15 + by.get("score", Decimal(0)) * 10**12 + max(by.values(), default=Decimal(0))
    )

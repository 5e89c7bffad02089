"""What does findings do? Everything of a kept month that a person should look at, by what follows from it; one line a kind, not one a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import CSV, say, say_csv, say_json, style_of
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, Finding, brief, place
from kehujingli.errors.consequence import CONSEQUENCES, by_consequence, consequence
from kehujingli.terms.widths import wrapped

_PLACES = 6
_WIDTH = 76


def findings(common: Common, period: str | None, style: str, *, notes: bool) -> Exit:
    """List a period's findings by consequence. Raises ``period.none-run`` and ``period.no-result``. Ends with 0: it is a question."""
    from kehujingli.workspace.results import results_of

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    results = results_of(workspace, period_text(period or common.period))
    name, manifest = results.period, results.manifest
    told = [_finding(record) for record in manifest.get("findings", ())]
    groups = by_consequence(one for one in told if notes or one.level != "note")
    records = [_record(group) for group in groups]
    causes = manifest.get("withheld", ())
    if style == "json":
        say_json({"period": name, "withheld": list(causes), "findings": records})
    elif style in CSV:
        headers = terms.headers(
            "consequence",
            "code",
            "count",
            "message",
            "places",
            "cure",
            code="finding_code",
            count="occurrences",
            message="finding_said",
            cure="what_to_do",
        )
        say_csv(list(headers.values()), [[_flat(record[key]) for key in headers] for record in records], style)
    else:
        say(*_lines(name, causes, records))
    return Exit.DONE


def _finding(record: Mapping[str, Any]) -> Finding:
    kept = ("code", "level", "message", "cure", "file", "sheet", "cell", "value", "count")
    known = {key: record[key] for key in kept if key in record}
    return Finding(**known)


def _record(group: Sequence[Finding]) -> dict[str, Any]:
    """One kind: its consequence, its words, every place, each sentence and each cure once."""
    return {
        "consequence": CONSEQUENCES[min(map(consequence, group))],
        "code": group[0].code,
        "level": group[0].level,
        "brief": brief(group) if group[0].level != "note" else "",
        "count": sum(told.count for told in group),
        "message": _once(told.message for told in group),
        "places": _once(place(told.file, told.sheet, told.cell) for told in group),
        "cure": _once(told.cure for told in group),
    }


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _flat(value: Any) -> Any:
    return "；".join(value) if isinstance(value, list) else value


def _lines(period: str, causes: Sequence[Mapping[str, Any]], records: Sequence[Mapping[str, Any]]) -> list[str]:
    if not records and not causes:
        return [f"{period}  没有要请人看的"]
    lines = [f"{period}  请人看 {len(records)} 类"]
    for cause in causes:
        people = cause["managers"]
        lines += ["", *_wrapped(f"未计分 {len(people)} 人：{cause['cause']}（{cause['item']}）", "")]
        lines += _wrapped("、".join(people), "  ")
    heading = ""
    for record in records:
        if record["consequence"] != heading:
            heading = record["consequence"]
            lines += ["", f"【{heading}】"]
        lines += [f"{record['code']}  {record['count']:,} 处"]
        for label, texts in (("", record["message"]), ("怎么办：", record["cure"])):
            for text in texts[:_PLACES]:
                lines += _wrapped(label + text, "  ")
            if len(texts) > _PLACES:
                lines.append(f"  另有 {len(texts) - _PLACES} 条，全部见 --json")
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    return [indent + line for line in wrapped(text, _WIDTH)]


@typed(
    "workspace",
    "period",
    "style",
    "json",
    examples="kehujingli findings\nkehujingli findings 2026-10 --notes\nkehujingli findings --format csv",
)
def typed_findings(
    common: Common,
    style: str,
    month: Annotated[str | None, typer.Argument(metavar="月份", help="哪个月；不写就是最近跑过的")] = None,
    notes: Annotated[bool, typer.Option("--notes", help="提示也列出来")] = False,
) -> None:

    leave(findings(common, month, style_of(common.json, style), notes=notes))

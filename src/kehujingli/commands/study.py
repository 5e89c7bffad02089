"""What does kehujingli <study> do? The study's answer from a period that was kept, or from exports; on the terminal, as JSON, CSV, a workbook."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.commands.cells import cells
from kehujingli.commands.common import (
    Common,
    exit_of,
    ledger_for,
    log_unmask,
    output_path,
    period_text,
    request_of,
    show_findings,
    watching,
    workspace_of,
)
from kehujingli.commands.console import CSV, say, say_csv, say_json, say_table, style_of
from kehujingli.commands.shown import with_unit
from kehujingli.errors import Exit, Problem, finding, problem
from kehujingli.intake.files.scratch import scratch
from kehujingli.studies import declared
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import headers
from kehujingli.workspace.files import check_replaceable, place_file

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import BaseModel

    from kehujingli.errors import Finding
    from kehujingli.periods import Period
    from kehujingli.workbooks.definitions import Source
    from kehujingli.workbooks.house import Meta
    from kehujingli.workspace import Workspace
    from kehujingli.workspace.results import Results

_SHOWN = 20
"""Rows of a list on the terminal."""
_NAMED = 5
"""Files of a finding."""


@dataclass(frozen=True)
class _Told:
    """An answer with what stands around it in a workbook."""

    answer: Answer
    period: Period
    rules: BaseModel | None
    meta: Meta
    source: Source
    read: Sequence[Finding] = ()
    """What a person should look at in exports that were read for it; of a kept period that was told when it was run."""

    @property
    def findings(self) -> list[Finding]:
        return [*self.read, *self.answer.findings]


def run(common: Common, key: str, style: str, only: str | None, options: Mapping[str, Any]) -> Exit:
    """Ask the study. Without paths the newest kept period answers; with paths the exports are read."""
    study, style = declared(key), style_of(common.json, style)
    shown = _one(study, only)
    workspace = workspace_of(common, needed=not common.paths)
    log_unmask(workspace, common, key)
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    since = given.pop("since", None)
    anew = any(option.reckoned and given.get(option.name) for option in study.options)
    begun = time.perf_counter()
    told = (_live if common.paths or anew else _kept)(common, study, workspace, since, given)
    took = time.perf_counter() - begun
    target = (
        None
        if common.output is None or common.dry_run
        else output_path(common, f"{study.label}_{told.period.name}.xlsx")
    )
    if target is not None:
        from kehujingli.workbooks.study import write_study

        check_replaceable([target])
        with scratch() as folder:
            staged = folder / target.name
            source = replace(told.source, findings=[*told.source.findings, *told.answer.findings])
            write_study(staged, told.meta, study, told.answer, told.rules, source, unmask=common.unmask)
            place_file(staged, target)
    if style == "json":
        answer = replace(told.answer, findings=told.findings)
        say_json(record_of(study, answer, told.period, target, unmask=common.unmask))
    elif style in CSV:
        one = shown or study.lists[0]
        say_csv(
            headers(one.columns),
            [cells(row, one.columns, "csv") for row in _rows(told.answer, one, common.unmask)],
            style,
        )
    else:
        say_answer(study, told.answer, told.period, shown, target, unmask=common.unmask)
        if anew:
            say(f"用时 {took:.1f} 秒")
    show_findings(told.findings, common, notes=True)
    return exit_of(told.findings)


def _one(study: Study, only: str | None) -> StudyList | None:
    """The list that was asked for. Raises ``option.bad``."""
    if only is None:
        return None
    for one in study.lists:
        if only in (one.key, one.title):
            return one
    known = "、".join(f"{one.key}（{one.title}）" for one in study.lists)
    raise problem("option.bad", option="--list", value=only, detail="没有这张表", cure=f"有：{known}。")


def _live(
    common: Common, study: Study, workspace: Workspace | None, since: str | None, options: Mapping[str, Any]
) -> _Told:
    from kehujingli.answers.studies import own_rules
    from kehujingli.month import open_month
    from kehujingli.month.outputs import meta_of, source_of
    from kehujingli.month.studies import ask

    with ledger_for(workspace) as ledger, watching(common) as watch:
        month = open_month(request_of(common, workspace), ledger, watch)
        read = [told for told in month.findings if told.level != "note"]
        try:
            answer = ask(month, study, since, **options)
        except Problem as why:  # what it lacks may be there, with every row refused
            raise Problem([*why.findings, *read], why.exit) from None
        rules = own_rules(study, month.rules)
        return _Told(answer, month.period, rules, meta_of(month), source_of(month), read)


def _kept(
    common: Common, study: Study, workspace: Workspace | None, since: str | None, options: Mapping[str, Any]
) -> _Told:
    from kehujingli.answers.studies import KeptPeriod, own_rules
    from kehujingli.month.studies import kept_meta, kept_source
    from kehujingli.workspace.results import results_of

    assert workspace is not None
    kept = KeptPeriod(workspace, results_of(workspace, period_text(common.period)), common.rules, since)
    answer = kept.ask(study, **options)
    rules = own_rules(study, kept.rules)
    return _Told(answer, kept.period, rules, kept_meta(kept), kept_source(kept), _stale(workspace, kept.results))


def _stale(workspace: Workspace, results: Results) -> list[Finding]:
    """What was put right in the exports after the run does not count yet; of a month that is closed it never does."""
    from kehujingli.closing import state_of
    from kehujingli.workspace.results import changed_since

    names = [] if state_of(workspace, results.period).closed else changed_since(workspace, results)
    more = " 等" if len(names) > _NAMED else ""
    files = "".join(f"《{name}》" for name in names[:_NAMED]) + more
    return [finding("study.exports-changed", count=len(names), files=files, period=results.period)] if names else []


def _rows(answer: Answer, one: StudyList, unmask: bool, most: int | None = None) -> list[Sequence[Any]]:
    from kehujingli.workbooks.study import shown

    frame: pd.DataFrame = answer.frames[one.key] if most is None else answer.frames[one.key].head(most)
    return list(shown(frame, one.columns, unmask=unmask).astype("object").itertuples(index=False, name=None))


def record_of(study: Study, answer: Answer, period: Period, target: Path | None, *, unmask: bool) -> dict[str, Any]:
    """Keys English, codes as they are, money text with two decimals; private values masked."""
    from kehujingli.workbooks.study import shown

    record: dict[str, Any] = {
        "study": study.key,
        "period": period.name,
        "as_of": period.as_of.isoformat(),
        "lines": list(answer.lines),
    }
    for one in study.lists:
        frame = answer.frames[one.key]
        plain = [column for column in one.columns if column.private]
        rows = shown(frame, plain, unmask=unmask).astype("object").itertuples(index=False, name=None)
        names = [column.key for column in one.columns]
        record[one.key] = [dict(zip(names, cells(row, one.columns, "json"), strict=True)) for row in rows]
    findings = [finding.record() for finding in answer.findings]
    return record | {"findings": findings, "output": str(target) if target else None}


def say_answer(
    study: Study, answer: Answer, period: Period, only: StudyList | None, target: Path | None, *, unmask: bool
) -> None:
    say(f"{period.name} {study.label}", *answer.lines)
    for one in [only] if only else study.lists:
        count = len(answer.frames[one.key])
        more = "" if count <= _SHOWN else f"（前 {_SHOWN} 行，共 {count:,} 行；全部用 --format csv --list {one.key}）"
        say("", f"{one.title}{more}")
        rows = _rows(answer, one, unmask, _SHOWN)
        if rows:
            heads = [with_unit(column.header, column.kind) for column in one.columns]
            say_table(heads, [cells(row, one.columns, "table") for row in rows])
        else:
            say(one.nothing or "没有。")
    if target:
        say("", f"写出  {target}")

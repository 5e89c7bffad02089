"""What is a month opened from? The exports asked for, the period that they reach, and the rules in force on its last day."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli.errors import Exit, Finding, Problem, finding, problem
from kehujingli.intake.collect import collect_exports, given_paths
from kehujingli.intake.copies import pictures_of_other_days, same_pictures
from kehujingli.month.order import Month
from kehujingli.month.steps.classes import linking
from kehujingli.month.steps.given import Given, opened
from kehujingli.month.watching import Watch
from kehujingli.studies import checked
from kehujingli.workspace.engines import open_engine
from kehujingli.workspace.engines.source import source_of

if TYPE_CHECKING:
    from datetime import date

    from kehujingli.intake.ledger import Ledger, Progress, Sheet
    from kehujingli.periods import Period
    from kehujingli.rules import RulesFile
    from kehujingli.workspace import Workspace


@dataclass(frozen=True)
class Request:
    """What a command asks for. Without ``paths`` the workspace's exports are read."""

    paths: Sequence[Path] = ()
    workspace: Workspace | None = None
    period: str | None = None
    as_of: date | None = None
    rules: Path | None = None
    actuals: Path | None = None
    targets: Path | None = None
    passwords: tuple[str, ...] = ()
    ask: Callable[[str], str] | None = None
    """Asks for the password of a file, where somebody can answer."""
    engine: str = "duckdb"
    master: str | None = None
    """Where postings are reckoned (``engines``)."""
    source: str | None = None
    """Where linked postings lie, instead of those of the exports."""


def open_month(request: Request, ledger: Ledger, watch: Watch | None = None) -> Month:
    """Read the exports and settle the period and the rules in force. ``watch`` is told of files and steps."""
    from kehujingli.month.later import of_this_month
    from kehujingli.rules import load_rules

    watch = watch or Watch()
    # a bad file is said before anything is read
    given = checked(load_rules(request.rules)) if request.rules is not None else None
    source = source_of(request.source, request.engine)
    engine = open_engine(request.engine, request.master)
    linked = opened(engine, source)
    warming = threading.Thread(target=_warm, daemon=True)
    warming.start()
    start = time.perf_counter()
    sheets, findings = read_exports(request, ledger, watch.file)
    warming.join()
    seconds = round(time.perf_counter() - start, 3)
    if linked is not None:
        sheets, left_out = _without_postings(sheets, linked)
        findings += left_out
    period, told = _period(sheets, request, linked)
    _insist_on_postings(request, sheets, period)
    rules = given or find_rules(request, period)
    if rules.example:
        told.append(finding("rules.example-used"))
    where = "exports/" if request.workspace is not None and not request.paths else "命令后的文件"
    parted = of_this_month(findings, sheets, period)
    told = [*parted.findings, *told]
    month = Month(
        sheets,
        period,
        rules,
        request.workspace,
        request.as_of,
        where,
        told,
        engine=engine,
        source=linked,
        later_refused=parted.refused,
    )
    month.watch, month.seconds["intake"] = watch, seconds
    watch.end("intake", seconds)
    return month


def _warm() -> None:
    """Import what the month will need while the workers read: the two do not get in each other's way."""
    import narwhals.stable.v2
    import pandas
    import pyarrow.parquet
    import scipy.optimize
    import scipy.sparse
    import xlsxwriter

    import kehujingli.rules
    import kehujingli.tables

    del narwhals, pandas, pyarrow, scipy, xlsxwriter, kehujingli


def _without_postings(sheets: Sequence[Sheet], linked: Given) -> tuple[list[Sheet], list[Finding]]:
    """The exports that count beside postings from elsewhere, and which do not."""
    left_out = [sheet for sheet in sheets if sheet.table == "transactions"]
    if not left_out:
        return list(sheets), []
    names = list(dict.fromkeys(sheet.export.name for sheet in left_out))
    files = "、".join(names[:3]) + ("等" if len(names) > 3 else "")
    told = finding("source.instead", count=len(names), files=files, where=linked.source.shown)
    return [sheet for sheet in sheets if sheet.table != "transactions"], [told]


def _insist_on_postings(request: Request, sheets: Sequence[Sheet], period: Period) -> None:
    """Raises ``source.needed`` where the month was kept from a source, and neither it nor postings of exports are given."""
    if request.source or request.paths or request.workspace is None:
        return
    if any(sheet.table == "transactions" and sheet.accepted for sheet in sheets):
        return
    inputs = (request.workspace.manifest(period.name) or {}).get("inputs", ())
    where = next((told["path"] for told in inputs if "linked" in told), None)
    if where is not None:
        raise problem("source.needed", period=period.name, where=where)


def _period(sheets: Sequence[Sheet], request: Request, linked: Given | None) -> tuple[Period, list[Finding]]:
    from kehujingli.month.steps.scoring import actuals_period
    from kehujingli.tables.reach import choose_period

    given = linked.reach.months if linked is not None else None
    there = given is not None or any(sheet.table == "transactions" for sheet in sheets)
    if not request.period and not request.as_of and not there:
        named = actuals_period(sheets)
        if named is not None:
            return named, []
        if request.actuals is not None:
            raise problem("period.unnamed", file=request.actuals.name)
    with linking() as con:
        return choose_period(con, sheets, request.period, request.as_of, given)


def read_exports(
    request: Request, ledger: Ledger, progress: Progress | None = None
) -> tuple[list[Sheet], list[Finding]]:
    """Every sheet of the exports asked for, and what was found on the way."""
    with given_paths(request.paths) as given:
        return _read_exports(replace(request, paths=given), ledger, progress)


def _read_exports(request: Request, ledger: Ledger, progress: Progress | None) -> tuple[list[Sheet], list[Finding]]:
    from kehujingli.intake.corrections import settle
    from kehujingli.tables.filenames import units_in_names

    workspace = request.workspace
    paths, bases = places_of(request)
    forced = [(request.actuals, "actuals"), (request.targets, "targets")]
    if not paths and not any(path for path, _ in forced):
        raise problem("workspace.missing")
    exports, copies, strange = collect_exports(paths, bases)
    ledger.passwords = request.passwords
    sheets = ledger.read(exports, progress)
    locked = list(dict.fromkeys(sheet.export.name for sheet in sheets if sheet.locked))
    if locked and request.ask is not None:
        ledger.passwords = (*request.passwords, *filter(None, map(request.ask, locked)))
        sheets = ledger.read(exports, progress)
    pictures, copies = pictures_of_other_days(copies, sheets)
    sheets += pictures
    strange += list(dict.fromkeys(sheet.export.name for sheet in sheets if not sheet.export.asked and not sheet.table))
    sheets, corrected = settle([sheet for sheet in sheets if sheet.export.asked or sheet.table])
    for path, table in forced:
        if path is not None:
            own, _, _ = collect_exports([path])
            given = ledger.read(own, progress, forced=table)
            if not any(sheet.table for sheet in given):
                raise Problem([told for sheet in given for told in sheet.findings], Exit.INPUT)
            sheets = [sheet for sheet in sheets if sheet.table != table] + given
    if not sheets:
        where = paths[0] if len(paths) == 1 else "命令后的文件"
        raise problem("table.no-files", where=where)
    findings = [*(told for sheet in sheets for told in sheet.findings if _is_news(told, sheet, workspace)), *corrected]
    findings += [finding("intake.same-file", file=copy.name, other=original) for copy, original in copies]
    findings += same_pictures(pictures, sheets)
    findings += [finding("intake.extension", file=name) for name in strange]
    findings += units_in_names(sheets)
    return sheets, [_softened(told) for told in findings]


def places_of(request: Request) -> tuple[list[Path], list[Path]]:
    """Where a request is read from, and the folders that its files are named from."""
    if request.paths or request.workspace is None:
        paths = list(request.paths)
        return paths, [path for path in paths if len(paths) == 1 and path.is_dir()]
    return list(request.workspace.inputs), [request.workspace.exports, request.workspace.root]


def _is_news(told: Finding, sheet: Sheet, workspace: Workspace | None) -> bool:
    """That a form has not been filled in is none."""
    return told.code != "intake.empty" or workspace is None or not sheet.export.path.is_relative_to(workspace.forms)


def _softened(told: Finding) -> Finding:
    """A table that lacks a column is an error only for a command that needs the table; in a folder of exports its sheet is left out."""
    return replace(told, level="refused") if told.level == "error" else told


def find_rules(request: Request, period: Period) -> RulesFile:
    """The workspace's file in force on the last day; else the shipped example, and it is said."""
    from kehujingli.rules import EXAMPLE, load_rules, rules_in_force

    if request.workspace is not None and request.workspace.rules.is_dir():
        return checked(load_rules(rules_in_force(request.workspace.rules, period.as_of)))
    return load_rules(EXAMPLE)

"""What does a whole run leave behind? Three workbooks, the period's data and a manifest, all or nothing; and ten lines for a person.

A run with nothing changed since the last one finds that out from hashes alone and leaves everything as it is.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.closing import Standing, state_of
from kehujingli.errors import Exit, Finding, finding, is_known, needs_person, problem
from kehujingli.intake.ledger import hash_file
from kehujingli.month.manifest import manifest_of
from kehujingli.month.once_more import keep
from kehujingli.month.readiness import lacking
from kehujingli.month.required import Demands, insist
from kehujingli.month.unchanged import basis_of, remember, run_key, unchanged, with_results
from kehujingli.month.watching import Watch
from kehujingli.workspace import MANIFEST, Workspace
from kehujingli.workspace.kept import damage, read_manifest

if TYPE_CHECKING:
    from kehujingli.month.annex import Annex
    from kehujingli.month.opening import Request
    from kehujingli.month.order import Month
    from kehujingli.workspace.swap import Composed

_BEFORE, _OF_SCORES = ("figures", "inflow", "channels", "deposit_history", "batches"), ("settlement", "late")
"""Steps taken before anything is written: their findings stand in every workbook, and DuckDB is asked by one thread."""


@dataclass(frozen=True)
class Options:
    """How a run is written."""

    unmask: bool = False
    public: bool = False
    dry_run: bool = False
    accepted: tuple[str, ...] = ()
    demands: Demands = field(default_factory=Demands)
    signed_on: date | None = None
    """The day under the monthly report; blank otherwise."""
    studies: bool = False
    """Whether every study whose inputs are there is written too."""

    @property
    def values(self) -> tuple[Any, ...]:
        """What decides the outputs and what is said of them."""
        asked = (self.unmask, self.public, str(self.signed_on), self.accepted, self.studies)
        return (*asked, *vars(self.demands).values())


@dataclass
class Outcome:
    """What a run came to. ``record`` has the JSON keys of the contract."""

    period: str
    lines: Sequence[str]
    record: Mapping[str, Any]
    exit: Exit
    folder: Path
    unchanged: bool = False
    findings: Sequence[Finding] = field(default_factory=tuple)
    logged: bool = False
    """Whether the log has it already: what is put in place and its line come together."""


def run(workspace: Workspace, request: Request, options: Options, watch: Watch | None = None) -> Outcome:
    """Reckon a period and put its outputs in place. Raises ``Problem``."""
    start = time.perf_counter()
    with workspace.locked(request.period or "本月"):
        basis = basis_of(workspace, request)
        key = run_key(workspace, request, options.values, basis)
        # of a source only reading tells whether it changed
        known = None if request.source else unchanged(workspace, request, with_results(workspace, key))
        if known is not None and not options.dry_run and not state_of(workspace, known["period"]).closed:
            return _again(workspace, known, start)
        from kehujingli.month import open_month

        month = open_month(request, workspace.ledger, watch)
        insist(month.tables, month.period, options.demands, month.source.reach.months if month.source else None)
        month.watch.ready(lacking(month.tables, month.period, month.rules.rules.incentive))
        standing = state_of(workspace, month.period.name)
        if standing.closed:
            return _compared(month, standing, options, start)
        with workspace.staging() as staged:
            manifest, annex = _staged(month, staged, options)
            target = workspace.period(month.period.name)
            told = functools.partial(_outcome, month, manifest, annex, target, options)
            if options.dry_run:
                return told("", time.perf_counter() - start)
            with workspace.composed(staged, target) as made:
                outcome = told(_against(made), time.perf_counter() - start)
                workspace.put(made, ("run", facts_of(outcome, options)))
        outcome.logged = True
        if _holds(workspace, request, options, key, month):
            _remember(workspace, request, with_results(workspace, key), outcome)
            keep(month, request, basis)
        return outcome


def _staged(month: Month, folder: Path, options: Options) -> tuple[dict[str, Any], Annex | None]:
    """Every output and the manifest into ``folder``. Raises ``output.failed``: nothing is in place yet."""
    try:
        hashes, annex = _write(month, folder, options)
        manifest = manifest_of(month, hashes)
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise problem("output.failed", path=error.filename or folder, detail=error.strerror or error) from None
    return manifest, annex


def _holds(workspace: Workspace, request: Request, options: Options, key: str, month: Month) -> bool:
    """Whether the next run on the same inputs may say the same: nothing was changed while this one read, and no reader failed."""
    return (
        not request.source
        and not any(sheet.passing for sheet in month.sheets)
        and (run_key(workspace, request, options.values, basis_of(workspace, request)) == key)
    )


def _compared(month: Month, standing: Standing, options: Options, start: float) -> Outcome:
    """A closed period is reckoned and compared; nothing of it is overwritten, what differs stands beside it in 比对.xlsx."""
    from dataclasses import asdict, replace

    from kehujingli.closing.compare import compare
    from kehujingli.month.keep import save_results
    from kehujingli.month.ledgers import signals_kept
    from kehujingli.month.outputs import COMPARISON, meta_of
    from kehujingli.month.summary import head_line
    from kehujingli.workbooks.comparison import write_comparison
    from kehujingli.workspace.files import place_file
    from kehujingli.workspace.results import Results

    workspace = month.workspace
    assert workspace is not None
    target = workspace.period(month.period.name)
    sealed = workspace.manifest(month.period.name) or {}
    with workspace.staging() as staged:
        save_results(month, staged, signals_kept(month))
        inputs = manifest_of(month, {})["inputs"]
        found = compare(Results(target), Results(staged), standing.seal.get("inputs", ()), inputs)
        if found and not options.dry_run:
            write_comparison(
                staged / COMPARISON, replace(meta_of(month), status=""), standing.newest("close"), *found.frames()
            )
            place_file(staged / COMPARISON, target / COMPARISON)
    step = standing.newest("close")
    differs = f"有差异请看 {month.period.name}/{COMPARISON}" if found else "与关账时没有差异"
    told = finding(
        "period.closed", period=month.period.name, day=step["at"][:10], approved_by=step["by"], differs=differs
    )
    told = told if found else replace(told, level="note")
    record = {
        "period": month.period.name,
        "inputs": inputs,
        "outputs": sealed.get("outputs", []),
        "findings": [told.record()],
        "summary": told.text,
        "closed": {
            "at": step["at"],
            "approved_by": step["by"],
            "differences": len(found.figures),
            "inputs": [asdict(item) for item in found.inputs],
        },
    }
    seconds = f"用时 {time.perf_counter() - start:.1f} 秒"
    lines = [head_line(month, standing.label), told.text, seconds]
    return Outcome(
        month.period.name,
        lines,
        record,
        Exit.ATTENTION if found else Exit.DONE,
        target,
        unchanged=not found,
        findings=(told,),
    )


def _write(month: Month, folder: Path, options: Options) -> tuple[dict[str, str], Annex | None]:
    """Every output into ``folder``, two at a time: DuckDB and zlib work while Python waits. Returns the hashes by name, and the studies beside them.

    The monthly report tells of a template that does not fit, so it waits for the scores where there is one.
    """
    from kehujingli.month import outputs
    from kehujingli.month.annex import CROSSINGS, FOLDER, annex_of, beside_of, crossings_of, place_of
    from kehujingli.month.keep import save_results
    from kehujingli.month.ledgers import signals_kept
    from kehujingli.month.studies import standings

    books: dict[str, Callable[[Path], str]] = {
        outputs.CLASSES: functools.partial(outputs.write_classes_book, month, unmask=options.unmask),
        outputs.PLAN: functools.partial(outputs.write_plan_book, month, unmask=options.unmask),
    }
    if any(sheet.table and sheet.rejected for sheet in month.settled):
        books[outputs.REJECTS] = functools.partial(outputs.write_rejects_book, month)
    scored = month.rules.rules.incentive is not None
    month.reckon(*_BEFORE, *(_OF_SCORES if scored else ()))
    known = standings(month)
    annex = annex_of(month, known, public=options.public) if options.studies else None
    report = functools.partial(
        outputs.write_monthly_book,
        month,
        signed_on=options.signed_on,
        public=options.public,
        annex=annex,
        beside=None if options.public else beside_of(month, known, annex),
    )
    if annex is not None:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        for key in annex.written:
            write = functools.partial(outputs.write_study_book, month, key, annex.answers[key], unmask=options.unmask)
            books[place_of(key)] = write
    waits = scored and outputs.template_of(month) is not None
    if not waits:
        books[outputs.MONTHLY] = report
    with month.step("workbooks"), ThreadPoolExecutor(2) as pool:
        running = {name: pool.submit(write, folder / name) for name, write in books.items()}
        scores = (
            pool.submit(outputs.write_scores_book, month, folder / outputs.SCORES, public=options.public)
            if scored
            else None
        )
        crossed = {} if annex is None else {CROSSINGS: crossings_of(annex)}
        data = save_results(month, folder, {**crossed, **signals_kept(month)})
        hashes = {name: future.result() for name, future in running.items()}
        told: list[Finding] = []
        if scores is not None:
            hashes[outputs.SCORES], told = scores.result()
        month.written += told
        if waits:
            hashes[outputs.MONTHLY] = report(folder / outputs.MONTHLY)
    return hashes | {path.relative_to(folder).as_posix(): hash_file(path) for path in data}, annex


def facts_of(outcome: Outcome, options: Options) -> dict[str, Any]:
    """What the log keeps of a run."""
    against = outcome.record.get("against")
    told = {
        "period": outcome.period,
        "exit": int(outcome.exit),
        "unchanged": outcome.unchanged,
        "unmask": options.unmask,
    }
    return told | ({"against": against} if against else {})


def _against(made: Composed) -> str:
    """What changed against the run that is replaced, in a sentence; empty where there was none or no figure moved."""
    if made.kept is None or damage(made.kept, read_manifest(made.kept)) is not None:
        return ""
    from kehujingli.answers.diff import Difference
    from kehujingli.answers.diff.sides import side
    from kehujingli.answers.diff.words import sentence

    return sentence(Difference(side(made.kept, int(made.kept.name)), side(made.fresh)))


def _outcome(
    month: Month,
    manifest: Mapping[str, Any],
    annex: Annex | None,
    target: Path,
    options: Options,
    against: str,
    seconds: float,
) -> Outcome:
    from kehujingli.month.summary import mail_line, run_lines

    outputs = None if options.dry_run else [item["path"] for item in manifest["outputs"]]
    lines = run_lines(month, target, outputs, options.accepted)
    lines[-1:-1] = [*([against] if against else []), *([annex.line()] if annex is not None else [])]
    record = {
        "period": month.period.name,
        "inputs": manifest["inputs"],
        "outputs": manifest["outputs"],
        "findings": manifest["findings"],
        "withheld": manifest["withheld"],
        "against": against,
        **({"studies": annex.record()} if annex is not None else {}),
    }
    attention = needs_person(month.findings, options.accepted) or (
        _withheld(month) > 0 and not _known_scores(month, options)
    )
    record["summary"] = mail_line(month, options.accepted, attention=attention)
    return Outcome(
        month.period.name,
        [*lines, f"用时 {seconds:.1f} 秒"],
        record,
        Exit.ATTENTION if attention else Exit.DONE,
        target,
        findings=tuple(month.findings),
    )


def _withheld(month: Month) -> int:
    """Managers without a score."""
    if month.rules.rules.incentive is None:
        return 0
    return len({manager.manager_id for manager in month.scores.withheld})


def _known_scores(month: Month, options: Options) -> bool:
    """Whether findings that leave managers without a score are all known ones."""
    told = [
        found
        for found in month.findings
        if found.code in ("score.no-target", "score.no-actual", "score.no-baseline", "score.carry-unknown")
    ]
    return bool(told) and all(is_known(found, options.accepted) for found in told)


def _again(workspace: Workspace, known: Mapping[str, Any], start: float) -> Outcome:
    seconds = time.perf_counter() - start
    folder = workspace.period(known["period"])
    lines = [*known["lines"], f"用时 {seconds:.1f} 秒（输入、办法都没变，结果照旧）"]
    return Outcome(known["period"], lines, known["record"], Exit(known["exit"]), folder, unchanged=True)


def _remember(workspace: Workspace, request: Request, key: str, outcome: Outcome) -> None:
    """Without what changed against the run before: the next changes nothing."""
    against = outcome.record["against"]
    lines = [line for line in outcome.lines[:-1] if line != against]
    remember(workspace, request, key, outcome.folder, lines, {**outcome.record, "against": ""}, int(outcome.exit))

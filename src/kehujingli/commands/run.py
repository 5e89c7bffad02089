"""run: the whole month into periods/YYYY-MM."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kehujingli.commands.common import Common, as_of_date, asker, passwords_of, period_text, workspace_of
from kehujingli.console import say, say_json
from kehujingli.errors import Exit, problem
from kehujingli.log import write_log
from kehujingli.run import Options, Outcome
from kehujingli.run import run as run_month
from kehujingli.workspace import Workspace


def run(
    common: Common, accept: Path | None, *, public: bool, actuals: Path | None = None, targets: Path | None = None
) -> Exit:
    """Reckon, write, and say the ten lines."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    outcome = run_in(
        workspace, common, Options(common.unmask, public, common.dry_run, accepted_codes(accept)), actuals, targets
    )
    show(outcome, common)
    return outcome.exit


def run_in(
    workspace: Workspace, common: Common, options: Options, actuals: Path | None = None, targets: Path | None = None
) -> Outcome:
    """Run and log."""
    request = _Request(
        tuple(common.paths),
        workspace,
        period_text(common.period),
        as_of_date(common.as_of),
        common.rules,
        actuals,
        targets,
        passwords_of(common),
        asker(common),
    )
    outcome = run_month(workspace, request, options)  # type: ignore[arg-type]
    if not options.dry_run:
        write_log(
            workspace,
            "run",
            period=outcome.period,
            exit=int(outcome.exit),
            unchanged=outcome.unchanged,
            unmask=options.unmask,
            **({"against": outcome.record["against"]} if outcome.record.get("against") else {}),
        )
    return outcome


def show(outcome: Outcome, common: Common) -> None:
    if common.json:
        say_json(dict(outcome.record))
    elif not common.quiet:
        say(*outcome.lines)


def accepted_codes(path: Path | None) -> tuple[str, ...]:
    """The codes of known findings: one a line, what follows # is a remark."""
    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError:
        raise problem("table.path-missing", path=path) from None
    return tuple(code for line in lines if (code := line.split("#")[0].strip()))


@dataclass(frozen=True)
class _Request:
    """The request without the imports that ``batch`` brings: a run with nothing changed needs none of them."""

    paths: tuple[Path, ...]
    workspace: Workspace
    period: str | None
    as_of: Any
    rules: Path | None
    actuals: Path | None
    targets: Path | None
    passwords: tuple[str, ...]
    ask: Any

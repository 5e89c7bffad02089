"""What does a run write down of itself? Its inputs with their sums, rules, plans, thresholds, findings and the hashes of what it wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import yuan
from kehujingli.intake.ledger import hash_file
from kehujingli.month.unchanged import code_version
from kehujingli.workspace.version import __version__

if TYPE_CHECKING:
    from kehujingli.month.order import Month


def manifest_of(month: Month, hashes: Mapping[str, str]) -> dict[str, Any]:
    """``hashes``: of every output, by its path in the period's folder."""
    from kehujingli.month.attention import records, unscored
    from kehujingli.rules.flat import flat

    inputs = [
        {
            "path": sheet.export.name,
            "place": _place(month, sheet.export.path),
            "sha256": sheet.export.sha256,
            "sheet": sheet.sheet,
            "table": sheet.table,
            "rows": sheet.rows,
            "accepted": sheet.accepted,
            "rejected": sheet.rejected,
            "totals": {column: yuan(accepted) for column, (accepted, _) in sheet.totals.items()},
            "unlinked": _unlinked(month, part),
        }
        for part, sheet in enumerate(month.settled)
    ]
    return {
        "period": month.period.name,
        "as_of": month.period.as_of.isoformat(),
        "version": __version__,
        "rules": {
            "path": month.rules.path.name,
            "place": _place(month, month.rules.path),
            "sha256": month.rules.sha256,
            "document": month.rules.rules.institution.document,
            "values": flat(month.rules.rules),
        },
        "program": code_version()[:12],
        "plans": _plans(month),
        "thresholds": thresholds_of(month),
        "inputs": inputs,
        "outputs": [{"path": path, "sha256": digest} for path, digest in sorted(hashes.items())],
        "findings": [told.record() for told in month.findings],
        "withheld": records(unscored(month.scores_if_any)),
        "seconds": month.seconds,
    }


def _place(month: Month, path: Path) -> str | None:
    """Where an input lies in the workspace: what has only the same name is not taken for it. Nothing where it lies outside."""
    workspace = month.workspace
    return workspace.place_of(path) if workspace is not None else None


def thresholds_of(month: Month) -> dict[str, Any]:
    """What decided the classes, for later questions: the words that are no activity included."""
    words = month.rules.rules.segment.activity if month.rules.rules.segment else None
    told = {"exclude": list(words.exclude), "passive": list(words.passive)} if words else {}
    return {**month.segmented.thresholds, **told}


def _plans(month: Month) -> list[dict[str, str]]:
    """Committed plans, whichever period they count for."""
    workspace = month.workspace
    paths = sorted(workspace.plans.glob("*.csv")) if workspace else []
    return [{"path": path.name, "sha256": hash_file(path)} for path in paths]


def _unlinked(month: Month, part: int) -> dict[str, Any]:
    rows, cents = month.tables.unlinked.get(part, (0, 0))
    return {"rows": rows, "amount": yuan(cents)}

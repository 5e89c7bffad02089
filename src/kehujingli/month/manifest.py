"""What does a run write down of itself? Its inputs with their sums, rules, plans, thresholds, findings and the hashes of what it wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import yuan
from kehujingli.intake.ledger import hash_file
from kehujingli.month.unchanged import code_version
from kehujingli.workspace import fingerprint
from kehujingli.workspace.version import __version__

if TYPE_CHECKING:
    from kehujingli.intake.ledger import Sheet
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
    inputs += _batches(month)
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


def _batches(month: Month) -> list[dict[str, Any]]:
    """The source of linked postings, a line for each of its parts, behind the sheets; all with the fingerprint of the whole."""
    if month.source is None:
        return []
    batches, where = month.batches, month.source.source.shown
    told = fingerprint({"batches": [list(batch) for batch in batches]})
    alone = [batch.part for batch in batches] == [0]
    return [
        {
            "path": where,
            "place": None,
            "sha256": told,
            "sheet": "" if alone else f"第 {batch.part} 批",
            "table": "transactions",
            "rows": batch.rows,
            "accepted": batch.rows,
            "rejected": 0,
            "totals": {"amount": yuan(batch.amount)},
            "unlinked": {"rows": 0, "amount": yuan(0)},
            "linked": batch.part,
        }
        for batch in batches
    ]


def sheet_of(told: Mapping[str, Any]) -> Sheet:
    """A sheet as the manifest tells it: what was in it, not where it is kept."""
    from kehujingli.intake.ledger import Export, Sheet

    nothing: dict[str, Any] = {field.name: _BLANK.get(str(field.type).partition("[")[0]) for field in fields(Sheet)}
    given = {name: told[name] for name in ("sheet", "table", "rows", "accepted", "rejected")}
    totals = {column: (int(text.replace(".", "")), 0) for column, text in told["totals"].items()}
    export = Export(Path(told["path"]), told["path"], told["sha256"], 0)
    return Sheet(**nothing | given | {"export": export, "totals": totals})


_BLANK: Mapping[str, Any] = {
    "int": 0,
    "str": "",
    "bool": False,
    "tuple": (),
    "dict": {},
    "Mapping": {},
    "frozenset": frozenset(),
}


def linked_sheets(month: Month) -> list[Sheet]:
    """The parts of a source, as if they were sheets, behind those that were read."""
    return [sheet_of(told) for told in _batches(month)]


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

"""What does a closed month vouch for? Hashes of its inputs, rules, outputs and signatures, chained to the period closed before it and to the log.

Whoever changes a byte of it, or swaps a whole month, is found out by ``verify``: the seal is in the log as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.closing import STATE_FILE, Standing, Step, closed_periods, closings_in_log, state_of
from kehujingli.closing.lines import FILE as CORRECTIONS
from kehujingli.closing.lines import only_longer, stood
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import hash_file
from kehujingli.workspace import MANIFEST, fingerprint
from kehujingli.workspace.log import Head, has_head, head

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace


def make_seal(
    workspace: Workspace, period: str, manifest: Mapping[str, Any], manifest_hash: str, steps: Sequence[Step]
) -> dict[str, Any]:
    """The seal of a period whose manifest is about to stand as given; ``steps``: all that was signed, the closing last; ``sha256`` is the seal's own hash."""
    earlier = [standing for standing in closed_periods(workspace) if standing.period < period]
    before = {"period": earlier[-1].period, "sha256": earlier[-1].seal["sha256"]} if earlier else None
    inputs = {(item["path"], item["sha256"]): _sealed(item) | _growing(workspace, item) for item in manifest["inputs"]}
    body = {
        "period": period,
        "inputs": [inputs[key] for key in sorted(inputs)],
        "rules": _sealed(manifest["rules"]),
        "outputs": manifest["outputs"],
        "manifest": manifest_hash,
        "signatures": _signatures(steps),
        "before": before,
        "log": head(workspace)._asdict(),
    }
    return {**body, "sha256": fingerprint(body)}


def _signatures(steps: Sequence[Step]) -> str:
    """One hash over every deed up to the closing, without the seal that the closing bears: who reviewed, who approved, when, by which paper."""
    *before, closing = steps
    return fingerprint({"steps": [*before, {key: value for key, value in closing.items() if key != "seal"}]})


def _sealed(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in ("path", "sha256", "place") if key in item}


def _growing(workspace: Workspace, item: Mapping[str, Any]) -> dict[str, Any]:
    """Of the list that later corrections are added to, its lines are sealed as well."""
    path = _place(workspace, workspace.exports, item)
    return stood(path, item["sha256"]) if path == workspace.exports / CORRECTIONS and path.is_file() else {}


@dataclass
class Proof:
    """What ``verify`` found of one period. ``findings`` is empty where all holds."""

    period: str
    outputs: int = 0
    present: int = 0
    absent: int = 0
    outside: int = 0
    """Inputs and rules that lay outside the workspace: they are not compared."""
    findings: list[Finding] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        return {
            "period": self.period,
            "holds": not self.findings,
            "outputs": self.outputs,
            "inputs": {"present": self.present, "absent": self.absent, "outside": self.outside},
            "findings": [told.record() for told in self.findings],
        }


def verify(workspace: Workspace, period: str) -> Proof:
    """Whether a closed period is as it was sealed: its file, outputs, inputs as far as present, the seal before, the log."""
    standing = state_of(workspace, period)
    seal = standing.seal
    proof = Proof(period)
    closing = closings_in_log(workspace).get(period, {})
    folder = workspace.period(period)
    if closing and not (folder / MANIFEST).exists() and not (folder / STATE_FILE).exists():
        day, by = closing["at"][:10], closing["approved_by"]
        proof.findings.append(finding("seal.period-missing", period=period, day=day, approved_by=by))
        return proof
    body = {key: value for key, value in seal.items() if key != "sha256"}
    if fingerprint(body) != seal.get("sha256") or closing.get("seal") != seal.get("sha256"):
        proof.findings.append(finding("seal.itself", period=period))
        return proof
    proof.findings += _signed(standing, closing)
    wanted = {item["path"]: item["sha256"] for item in seal["outputs"]} | {MANIFEST: seal["manifest"]}
    for name, digest in sorted(wanted.items()):
        proof.outputs += 1
        now = output_hash(folder / name)
        if now != digest:
            code = "seal.output-missing" if now is None else "seal.output-changed"
            proof.findings.append(finding(code, period=period, file=name))
    known = seal.get("log")
    if known and not has_head(workspace, Head(**known)):
        entries, told = known["entries"], known["sha256"][:16]
        proof.findings.append(finding("seal.log-gone", period=period, entries=entries, told=told))
    _inputs(workspace, seal, proof)
    proof.findings += _chain(workspace, period, seal)
    return proof


def output_hash(path: Path) -> str | None:
    """As the manifest counts it: over all zip members of a workbook except ``docProps/``, else over the file; nothing where it is gone."""
    import zipfile
    import zlib

    from kehujingli.workbooks.bulk import workbook_hash

    try:
        return workbook_hash(path) if path.suffix == ".xlsx" else hash_file(path)
    except OSError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        return ""


def _inputs(workspace: Workspace, seal: Mapping[str, Any], proof: Proof) -> None:
    """Inputs need not be there for ever; those that are must be the ones that were sealed. The list of corrections may have grown."""
    corrections = workspace.exports / CORRECTIONS
    wanted = [(workspace.exports, item) for item in seal["inputs"]]
    wanted.append((workspace.rules, seal["rules"]))
    for folder, item in wanted:
        path = _place(workspace, folder, item)
        if path is None:
            proof.outside += 1
        elif not path.is_file():
            proof.absent += 1
        elif hash_file(path) == item["sha256"] or (path == corrections and only_longer(path, item)):
            proof.present += 1
        else:
            proof.findings.append(finding("seal.input-changed", period=proof.period, file=item["path"]))


def _place(workspace: Workspace, folder: Path, item: Mapping[str, Any]) -> Path | None:
    """Where a sealed file stood; seals of older programs have its name in ``folder`` only."""
    if "place" not in item:
        return folder / str(item["path"])
    return workspace.root / item["place"] if item["place"] else None


def _chain(workspace: Workspace, period: str, seal: Mapping[str, Any]) -> Iterator[Finding]:
    before = seal["before"]
    if before and state_of(workspace, before["period"]).seal.get("sha256") != before["sha256"]:
        yield finding("seal.chain", period=period, before=before["period"])


def _signed(standing: Standing, closing: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether those who signed are those of the sealing and of the log."""
    told, logged = standing.newest("close").get("by"), closing["approved_by"]
    sealed = standing.seal.get("signatures")
    if told != logged or (sealed is not None and sealed != _signatures(standing.steps)):
        yield finding("seal.signatures", period=standing.period, told=told or "空", logged=logged)
    elif sealed is None:
        yield finding("seal.signatures-unsealed", period=standing.period, logged=logged)

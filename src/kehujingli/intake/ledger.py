"""What has been read? Sheets of exports as Parquet, keyed by the file's content: a cache that may be deleted at any time.

Nothing here knows a period. The same bytes are read once, whatever the file is called and wherever it lies.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import shutil
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kehujingli.errors import Finding, Spot, at, finding, problem
from kehujingli.intake.pool import Job, read_all
from kehujingli.terms.places import cell_name

_PATIENCE = (0.1, 0.3, 1.0)
"""Seconds to wait for another program to let go of what was just written."""
_ABANDONED = 24 * 3600.0
"""Seconds after which nobody reads into a folder any more."""
Progress = Callable[[str, int, int], None]
"""Told of each file read: its name, how many are done, how many there are."""


@dataclass(frozen=True)
class Export:
    """A file to be read. ``name`` is how people know it, ``folders`` the folders above it inside the exports."""

    path: Path
    name: str
    sha256: str
    size: int
    folders: tuple[str, ...] = ()
    asked: bool = True
    """Whether its name says that it is a table, or a person named it."""


@dataclass(frozen=True)
class Refusal:
    """Why a row that was accepted by itself is refused beside others: a finding's code, the canonical column at fault, the facts."""

    code: str
    column: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """One sheet of an export as it stands in the ledger. ``rows`` = ``accepted`` + ``rejected``, each counted by itself."""

    export: Export
    sheet: str
    table: str
    header_row: int
    title_day: int | None
    columns: dict[str, str]
    headers: tuple[str, ...]
    rows: int
    accepted: int
    rejected: int
    blank: int
    footers: int
    unknown_rows: int
    totals: dict[str, tuple[int, int]]
    data_days: tuple[str, ...]
    extra: tuple[str, ...]
    parquet: Path | None
    rejects: Path | None
    findings: tuple[Finding, ...]
    member: str = ""
    """The file inside an archive that the sheet is of."""
    locked: bool = False
    """Whether a password is wanted that was not given."""
    passing: bool = False
    """Whether its reader was at fault and not the file: it is read again the next time."""
    titles: tuple[str, ...] = ()
    """The texts above the header."""
    claims: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Amount column → what the sheet's own 合计 row says, and what its rows add up to, in 分."""
    settled: frozenset[int] = frozenset()
    """Refused rows that came back put right, in another sheet."""
    refusals: Mapping[int, Refusal] = field(default_factory=dict)
    """Rows of the Parquet that are refused beside others (``tables.refusals``)."""
    replaces: Mapping[int, tuple[str, str, int]] = field(default_factory=dict)
    """Of a 退回清单: row → file, sheet and row of what was refused beside others, and is put right in it."""
    negated: tuple[str, ...] = ()
    """Amount columns that count the other way round in the export."""
    sample: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Header that stands for no column → what a few of its cells say; where the sheet is no known table every header."""

    @property
    def place(self) -> str:
        return f"{self.export.name}「{self.sheet}」" if self.sheet else self.export.name

    def cell(self, key: str, row: int) -> str:
        """What people call a cell of a canonical column: G624; of a text file, or of a column that a layout made, its line."""
        header = self.columns.get(key)
        if not self.sheet or self.sheet == self.member or header not in self.headers:
            return f"第 {row:,} 行"
        return cell_name(row - 1, self.headers.index(header))


def hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


READ_BY = ("intake", "rules", "periods", "terms", "values", "errors")
"""The rooms that a reader is made of: intake and all below it, which it may import."""


def reading_files(root: Path) -> list[Path]:
    """Every file of the program under ``root`` whose change may change what is read."""
    places = [place for name in READ_BY for place in (root / f"{name}.py", *root.glob(f"{name}/**/*.*"))]
    return sorted(place for place in places if place.suffix in (".py", ".toml") and place.is_file())


@functools.cache
def reader_version(root: Path = Path(__file__).parents[1]) -> str:
    """Changes with the code that reads: what an older version read is not taken for what this one would."""
    digest = hashlib.sha256()
    for path in reading_files(root):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Ledger:
    """The cache under one folder."""

    def __init__(self, root: Path, layouts: Sequence[Path] = (), passwords: Sequence[str] = ()) -> None:
        """``layouts``: files that say how exports with other headers are read; ``passwords`` are tried on encrypted ones and kept nowhere."""
        self.root = root
        self.layouts, self.passwords = tuple(layouts), tuple(passwords)

    def read(
        self, exports: Sequence[Export], progress: Progress | None = None, forced: str | None = None
    ) -> list[Sheet]:
        """Every sheet of every export in the given order, read now where the ledger does not hold it whole.

        A file that another was put in place of since it was hashed is the other: its sheets bear the hash of what was read.
        """
        wanted: dict[str, Export] = {}
        for export in exports:
            wanted.setdefault(export.sha256, export)
        held = {export.sha256: self._held(export, forced) for export in wanted.values()}
        missing = [export for export in wanted.values() if held[export.sha256] is None]
        moved = self._read_now(missing, progress, forced) if missing else {}
        sheets: dict[str, list[Sheet]] = {}
        for export in wanted.values():
            now = moved.get(export.sha256, export)
            report = held[export.sha256] or self._report(now, forced) or {"sheets": []}
            found = _sheets(now, report, self._folder(now, forced))
            if now is not export and found:
                told = finding("intake.changed", file=now.name)
                found[0] = replace(found[0], findings=(told, *found[0].findings))
            sheets.setdefault(now.sha256, found)
        return [sheet for found in sheets.values() for sheet in found]

    def stored(self, export: Export) -> list[Sheet]:
        """The sheets of an export where the ledger holds them, else none; nothing is read."""
        report = self._report(export, None)
        return _sheets(export, report, self._folder(export, None)) if report else []

    def _held(self, export: Export, forced: str | None) -> dict[str, Any] | None:
        """The stored report of what need not be read."""
        report = self._report(export, forced)
        if report is None or any(item.get("passing") for item in report["sheets"]):
            return None
        locked = bool(self.passwords) and any(item.get("locked") for item in report["sheets"])
        return None if locked else report

    def _folder(self, export: Export, forced: str | None) -> Path:
        key = f"{export.sha256[:32]}-{reader_version()}" + (f"-{forced}" if forced else "")
        if self.layouts:
            from kehujingli.intake.sheets.layout import digest

            key += f"-{digest(self.layouts, export.name)}"
        return self.root / key

    def _report(self, export: Export, forced: str | None) -> dict[str, Any] | None:
        """The stored report, or ``None`` where it is not there or its Parquet files are not what was written."""
        folder = self._folder(export, forced)
        try:
            report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
            if all(hash_file(folder / name) == digest for name, digest in report["hashes"].items()):
                return report
        except (OSError, ValueError, KeyError):
            pass
        return None

    def _read_now(self, exports: Sequence[Export], progress: Progress | None, forced: str | None) -> dict[str, Export]:
        """Read what is missing, and keep each under the hash of what was read; hash → the export as it is now, where that is another.

        A file that somebody writes to while it is read is read again, and given up when it does not come to rest.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        moved: dict[str, Export] = {}
        done = 0
        waiting = list(exports)
        for last in (False, False, True):
            owners = {self._job(export, forced): export for export in waiting}
            again: list[Export] = []
            waiting = again

            def outcome(
                job: Job,
                what: str,
                owners: Mapping[Job, Export] = owners,
                again: list[Export] = again,
                *,
                last: bool = last,
            ) -> None:
                nonlocal done
                export = owners[job]
                if what:
                    _give_up(job, finding("intake.unreadable", file=job.name, detail=what))
                report = json.loads((job.folder / "report.json").read_text(encoding="utf-8"))
                read = report["sha256"]
                if not read and not what and not last:
                    shutil.rmtree(job.folder, ignore_errors=True)
                    again.append(export)
                    return
                if not read and not all(item.get("passing") for item in report["sheets"]):
                    _give_up(job, finding("intake.changing", file=job.name))
                if read and read != export.sha256:
                    moved[export.sha256] = export = replace(export, sha256=read)
                self._keep(job.folder, self._folder(export, forced))
                done += 1
                if progress:
                    progress(job.name, done, len(exports))

            read_all(list(owners), outcome)
            if not waiting:
                break
        return moved

    def _job(self, export: Export, forced: str | None) -> Job:
        folder = self.root / f".reading-{uuid.uuid4().hex}"
        folder.mkdir()
        return Job(export.path, export.name, folder, export.size, forced, self.layouts, self.passwords)

    def _keep(self, staged: Path, folder: Path) -> None:
        """Complete the report with the hashes of its files and put the whole in place with one rename."""
        report = json.loads((staged / "report.json").read_text(encoding="utf-8"))
        report["hashes"] = {path.name: hash_file(path) for path in sorted(staged.glob("*.parquet"))}
        (staged / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
        for patience in (*_PATIENCE, None):
            shutil.rmtree(folder, ignore_errors=True)
            try:
                staged.replace(folder)
                return
            except OSError as error:
                if (folder / "report.json").exists():  # another run put the same content there first
                    shutil.rmtree(staged, ignore_errors=True)
                    return
                if patience is None:
                    raise problem("output.failed", path=folder, detail=error.strerror or error) from None
                time.sleep(patience)  # a virus scanner has its hands on the new files

    def sweep(self) -> None:
        """Remove what killed runs left half-read: folders untouched for a day, since another command may be reading now."""
        for folder in self.root.glob(".reading-*"):
            with contextlib.suppress(OSError):
                if time.time() - folder.stat().st_mtime > _ABANDONED:
                    shutil.rmtree(folder)


def _give_up(job: Job, said: Finding) -> None:
    """A report that says only this, and that it holds for now: the next command reads the file again."""
    for path in job.folder.iterdir():
        path.unlink()
    record = {"sheet": "", "table": "", "findings": [vars(said) | {"spots": []}], "passing": True}
    report = {"sheets": [record], "sha256": ""}
    (job.folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")


def _sheets(export: Export, report: dict[str, Any], folder: Path) -> list[Sheet]:
    return [
        Sheet(
            export,
            item["sheet"],
            item["table"],
            item.get("header_row", 0),
            item.get("day"),
            item.get("columns", {}),
            tuple(item.get("headers", ())),
            item.get("rows", 0),
            item.get("accepted", 0),
            item.get("rejected", 0),
            item.get("blank", 0),
            item.get("footers", 0),
            item.get("unknown_rows", 0),
            {key: (pair[0], pair[1]) for key, pair in item.get("totals", {}).items()},
            tuple(item.get("days", ())),
            tuple(item.get("extra", ())),
            folder / item["file"] if item.get("file") else None,
            folder / item["rejects"] if item.get("rejects") else None,
            tuple(_finding(record, export.name) for record in item["findings"]),
            item.get("member", ""),
            bool(item.get("locked")),
            bool(item.get("passing")),
            tuple(item.get("titles", ())),
            {key: (pair[0], pair[1]) for key, pair in item.get("claims", {}).items()},
            negated=tuple(item.get("negated", ())),
            sample=item.get("sample", {}),
        )
        for item in report["sheets"]
    ]


def _finding(record: dict[str, Any], name: str) -> Finding:
    spots = tuple(Spot(**spot) for spot in record.pop("spots", ()))
    found = replace(Finding(**record), spots=spots)
    return at(found, name) if found.file and found.file != name else found

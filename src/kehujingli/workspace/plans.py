"""Which assignments have been approved? Committed plans as small files: customer, manager, day of effect, by whom and when."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kehujingli.values import guarded
from kehujingli.workspace.files import write_whole
from kehujingli.workspace.lists import Kept, rows_of

_HEADER = ("customer_id", "manager_id", "effective", "made_on", "made_by", "document")


@dataclass(frozen=True)
class Approval:
    """One approved change: this customer is this manager's from that day."""

    customer_id: str
    manager_id: str


def save_plan(
    folder: Path,
    approvals: Iterable[Approval],
    effective: date,
    made_on: date,
    made_by: str,
    document: str,
    write: Callable[[Path, str], None] = write_whole,
) -> Path:
    """Write one committed plan; another of the same day of effect gets the next number and counts after it. None is ever overwritten.

    ``write`` takes the place and the whole text.
    """
    day = effective.isoformat()
    number = max((_number(path, day) for path in folder.glob(f"{day}*.csv")), default=0) + 1
    path = folder / (f"{day}.csv" if number == 1 else f"{day}-{number}.csv")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    for approval in sorted(approvals, key=lambda item: item.customer_id):
        told = (approval.customer_id, approval.manager_id, day, made_on.isoformat(), made_by, document)
        writer.writerow(map(guarded, told))
    write(path, "\ufeff" + text.getvalue())
    return path


def same_plan(folder: Path, approvals: Iterable[Approval], effective: date, made_by: str, document: str) -> Path | None:
    """The newest plan of that day of effect, where it gives the same customers to the same managers by the same person and document."""
    day = effective.isoformat()
    of_day = [path for path in plans_of(folder) if _number(path, day)] if folder.is_dir() else []
    if not of_day:
        return None
    kept = {
        tuple(row.text(name) for name in ("customer_id", "manager_id", "made_by", "document"))
        for row in lines_of(of_day[-1])
    }
    asked = {(item.customer_id, item.manager_id, made_by, document) for item in approvals}
    return of_day[-1] if kept == asked else None


def _number(path: Path, day: str) -> int:
    """1 for the first plan of a day, its number for a later one, 0 for a file that the program did not name."""
    rest = path.stem.removeprefix(day)
    return 1 if not rest else (int(rest[1:]) if rest.startswith("-") and rest[1:].isdecimal() else 0)


def plans_of(folder: Path) -> list[Path]:
    """Committed plans in order of effect."""
    return sorted(folder.glob("*.csv"), key=lambda path: (path.stem[:10], len(path.stem), path.stem))


def lines_of(path: Path) -> list[Kept]:
    """The changes of one committed plan, as it is kept."""
    return rows_of(path, _HEADER)

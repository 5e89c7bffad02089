"""What differs between a closed month and what it would come to now? Inputs that changed, and figures by customer and manager."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from kehujingli.values import missing
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import pandas as pd

COMPARED: Mapping[str, Sequence[str]] = {
    "classes": ("customer_id",),
    "plan": ("customer_id",),
    "scores": ("manager_id", "branch_id"),
    "items": ("manager_id", "item_id"),
    "pay": ("manager_id", "branch_id"),
}
"""Results by what a row of them is about."""


@dataclass(frozen=True)
class Difference:
    """One figure: ``before`` as sealed, ``after`` as it would be now; both missing where the row itself came or went."""

    table: str
    key: str
    column: str
    before: Any
    after: Any
    style: str = ""
    """What the row says of its figures: money, ratio, count or number; only items do."""


@dataclass(frozen=True)
class InputChange:
    """``change``: new, gone or changed."""

    path: str
    change: str
    before: str = ""
    after: str = ""


@dataclass
class Comparison:
    figures: list[Difference] = field(default_factory=list)
    inputs: list[InputChange] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.figures)

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The figures (table, key, column, before, after) and the inputs (path, change, before, after), one row each."""
        import pandas as pd

        return (
            pd.DataFrame(self.figures, columns=[field.name for field in fields(Difference)], dtype="object"),
            pd.DataFrame(self.inputs, columns=[field.name for field in fields(InputChange)], dtype="object"),
        )


def compare(
    sealed: Results, now: Results, before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> Comparison:
    """``sealed``, ``now``: what was kept and what it would be now; ``before``, ``after``: inputs as manifests list them."""
    import pandas as pd

    found = Comparison(inputs=list(input_changes(before, after)))
    for table, key in COMPARED.items():
        old, new = sealed.frame(table), now.frame(table)
        if old is not None or new is not None:
            none = pd.DataFrame()
            found.figures += differences(table, key, none if old is None else old, none if new is None else new)
    return found


def input_changes(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Iterator[InputChange]:
    old, new = ({item["path"]: item["sha256"] for item in items} for items in (before, after))
    for path in sorted(old.keys() | new.keys()):
        if path not in new:
            yield InputChange(path, "gone", old[path])
        elif path not in old:
            yield InputChange(path, "new", "", new[path])
        elif old[path] != new[path]:
            yield InputChange(path, "changed", old[path], new[path])


def differences(table: str, key: Sequence[str], old: pd.DataFrame, new: pd.DataFrame) -> Iterator[Difference]:
    """Rows that came or went, and cells that differ in columns that both have."""
    before, after = _by_key(old, key), _by_key(new, key)
    columns = [column for column in old.columns if column in new.columns and column not in key]
    for row in sorted(before.keys() | after.keys()):
        if row not in before or row not in after:
            yield (
                Difference(table, "/".join(row), "", None, None)
                if row in before
                else Difference(table, "/".join(row), "+", None, None)
            )
            continue
        for column in columns:
            was, would = before[row].get(column), after[row].get(column)
            if was != would and not (missing(was) and missing(would)):
                yield Difference(table, "/".join(row), column, was, would, str(after[row].get("style") or ""))


def _by_key(frame: pd.DataFrame, key: Sequence[str]) -> dict[tuple[str, ...], dict[str, Any]]:
    if frame.empty:
        return {}
    plain = frame.astype("object").where(frame.notna(), None)
    return {tuple(str(row[name]) for name in key): row for row in plain.to_dict("records")}

"""Who is 张三? A name where an identifier is wanted is resolved by the roster when exactly one fits, and that is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.ledger import Sheet

if TYPE_CHECKING:
    import pandas as pd

_BOTH = re.compile(r"^([A-Za-z0-9]+)\s*[-_—/ ]\s*(\D+)$")
"""M0012-张三: the identifier stands before the name."""

HELD = ("customers", "loans", "attributions", "targets", "actuals", "adjustments", "conflicts")
"""Tables whose managers all stand on the roster; deposits may be brought in by anybody of the staff."""
MANAGER_COLUMNS = ("manager_id", "responsible_id")


@dataclass
class Names:
    """The identifiers and names of branches and managers; ``of_branch`` and ``of_manager`` answer for one value."""

    branches: dict[str, str] = field(default_factory=dict)
    """Branch id → name."""
    managers: dict[str, str] = field(default_factory=dict)
    """Manager id → name."""
    homes: dict[str, set[str]] = field(default_factory=dict)
    """Manager id → the branches of her posts."""

    @classmethod
    def of(cls, branches: pd.DataFrame, managers: pd.DataFrame) -> Names:
        names = cls()
        names.branches = _pairs(branches, "branch_id")
        names.managers = _pairs(managers, "manager_id")
        for manager, branch in zip(managers["manager_id"], managers["branch_id"], strict=True):
            names.homes.setdefault(manager, set()).add(branch)
        return names

    def move_homes(self, merged: Mapping[str, str]) -> None:
        """Posts of merged branches are the surviving one's, as the rows that name her are."""
        for manager, homes in self.homes.items():
            known = (self.of_branch(branch) or branch for branch in homes)
            self.homes[manager] = {merged.get(branch, branch) for branch in known}

    def of_branch(self, value: str) -> str | None:
        """The id of a branch by id or by a name that only one bears; ``None`` where it is neither."""
        if value in self.branches:
            return value
        fitting = [key for key, name in self.branches.items() if name == value]
        return fitting[0] if len(fitting) == 1 else None

    def of_manager(self, value: str, branch: str | None) -> tuple[str | None, list[str]]:
        """The id of a manager, or the several who bear that name; first those of the branch."""
        if value in self.managers:
            return value, []
        both = _BOTH.match(value)
        if both and both[1] in self.managers:
            return (None, []) if self.contradicted(value) else (both[1], [])
        fitting = [key for key, name in self.managers.items() if name == value]
        here = [key for key in fitting if branch in self.homes[key]]
        chosen = here or fitting
        return (chosen[0], []) if len(chosen) == 1 else (None, chosen)

    def contradicted(self, value: str) -> tuple[str, str] | None:
        """The id and its name in the roster, where another name is written behind the id."""
        both = _BOTH.match(value)
        known = self.managers.get(both[1], "") if both else ""
        if both is None or not known or _bare(known) == _bare(both[2]):
            return None
        return both[1], known


def _bare(name: str) -> str:
    return "".join(name.split())


def _pairs(frame: pd.DataFrame, key: str) -> dict[str, str]:
    return dict(zip(frame[key], frame["name"].astype("object").where(frame["name"].notna(), ""), strict=True))


def resolve(
    table: str, frame: pd.DataFrame, names: Names, sheets: Sequence[Sheet]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Identifiers in place of names in every branch and manager column. What fits nobody is left as it stands."""
    findings: list[Finding] = []
    if names.branches and "branch_id" in frame and table != "branches":
        frame, told = _resolve_branches(table, frame, names, sheets)
        findings += told
    if names.managers and table != "managers":
        for column in MANAGER_COLUMNS:
            if column in frame:
                frame, told = _resolve_managers(table, frame, names, column)
                findings += told
                findings += _strangers(table, frame, names, column, sheets) if table in HELD else []
    return frame, findings


def _resolve_branches(
    table: str, frame: pd.DataFrame, names: Names, sheets: Sequence[Sheet]
) -> tuple[pd.DataFrame, list[Finding]]:
    values = frame["branch_id"].dropna()
    counts = values[~values.isin(list(names.branches))].value_counts()
    if counts.empty:
        return frame, []
    known = {value: found for value in counts.index if (found := names.of_branch(str(value)))}
    findings = []
    label = terms.BY_KEY[table].column("branch_id").label
    if known:
        findings.append(
            finding(
                "intake.name-resolved",
                table=terms.BY_KEY[table].label,
                column=label,
                count=int(counts[list(known)].sum()),
            )
        )
    for value in counts.index.difference(list(known)):
        first = frame[frame["branch_id"] == value].iloc[0]
        sheet = sheets[int(first["part"])]
        findings.append(
            finding(
                "intake.name-unknown",
                file=sheet.export.name,
                sheet=sheet.sheet,
                cell=sheet.cell("branch_id", int(first["row"])),
                table=terms.BY_KEY[table].label,
                column=label,
                value=value,
                count=int(counts[value]),
            )
        )
    return frame.assign(branch_id=frame["branch_id"].replace(known)), findings


def _resolve_managers(table: str, frame: pd.DataFrame, names: Names, column: str) -> tuple[pd.DataFrame, list[Finding]]:
    import pandas as pd

    strange = frame[column].notna() & ~frame[column].isin(list(names.managers))
    if not bool(strange.any()):
        return frame, []
    label = terms.BY_KEY[table].column(column).label
    rows = frame.loc[strange]
    branch = rows["branch_id"] if "branch_id" in rows else pd.Series(None, index=rows.index, dtype="object")
    pairs = pd.DataFrame({"value": rows[column], "branch": branch})
    counts = pairs.groupby(["value", "branch"], dropna=False).size()
    answers: dict[tuple[str, str | None], str | None] = {}
    findings: list[Finding] = []
    resolved = 0
    for (value, home), count in counts.items():
        where = None if pd.isna(home) else str(home)
        found, several = names.of_manager(str(value), where)
        other = names.contradicted(str(value))
        answers[str(value), where] = found or (None if several or other else str(value))
        if found:
            resolved += int(count)
        elif other:
            findings.append(
                finding(
                    "intake.name-contradicted",
                    table=terms.BY_KEY[table].label,
                    column=label,
                    value=value,
                    people=f"{other[0]} 是{other[1]}",
                    count=int(count),
                )
            )
        elif several:
            findings.append(
                finding(
                    "intake.name-ambiguous",
                    column=label,
                    value=value,
                    where=where or "名册",
                    people=f"{len(several)} 人（{'、'.join(several)}）",
                    count=int(count),
                )
            )
    if resolved:
        findings.insert(
            0, finding("intake.name-resolved", table=terms.BY_KEY[table].label, column=label, count=resolved)
        )
    keys = zip(pairs["value"], pairs["branch"], strict=True)
    changed = frame[column].astype("object")
    changed[strange] = [answers[str(value), None if pd.isna(home) else str(home)] for value, home in keys]
    return frame.assign(**{column: changed.astype("str")}), findings


_SHOWN = 10


def _strangers(table: str, frame: pd.DataFrame, names: Names, column: str, sheets: Sequence[Sheet]) -> list[Finding]:
    """Whom the roster does not know, by number or by name: told once a column, left as they stand."""
    strange = frame[frame[column].notna() & ~frame[column].isin(list(names.managers))]
    if strange.empty:
        return []
    first = sheets[int(strange["part"].iloc[0])]
    people = list(dict.fromkeys(strange[column]))
    spots = [
        Spot(sheets[int(part)].cell(column, int(row)), str(value))
        for part, row, value in strange[["part", "row", column]].head(_SHOWN).itertuples(index=False)
    ]
    return [
        finding(
            "table.manager-unknown",
            file=first.export.name,
            sheet=first.sheet,
            cell=spots[0].cell,
            value=people[0],
            table=terms.BY_KEY[table].label,
            column=terms.BY_KEY[table].column(column).label,
            people="、".join(people[:5]) + (f"等 {len(people)} 人" if len(people) > 5 else ""),
            count=len(strange),
            spots=spots,
        )
    ]

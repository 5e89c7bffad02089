"""Does what was read agree with the ledger? Control totals (对账) beside the rows and sums that were read, and by how much they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kehujingli import terms
from kehujingli.errors import Finding, mismatch, yuan_grouped


@dataclass(frozen=True)
class Control:
    """One line of 对账: what it claims and what was read, rows or 分. ``branches`` are those that differ, where it is told by branch."""

    file: str
    sheet: str
    row: int
    label: str
    column: str
    """Empty for a count of rows."""
    claimed: int
    read: int
    branches: tuple[str, ...] = ()
    refused: int = 0
    """Rows or 分 refused that would have belonged here."""

    @property
    def agrees(self) -> bool:
        return self.claimed == self.read

    @property
    def what(self) -> str:
        return f"{self.label}“{self.column}”合计" if self.column else f"{self.label}行数"

    def said(self, value: int) -> str:
        return f"{yuan_grouped(value)} 元" if self.column else f"{value:,} 行"

    @property
    def difference(self) -> str:
        """少 3,060.00 元: what was read against what is claimed."""
        return ("少 " if self.read < self.claimed else "多 ") + self.said(abs(self.read - self.claimed))


def main_total(table: str, totals: Mapping[str, tuple[int, int]]) -> str:
    """The accepted sum that stands for a sheet: its amounts, else its balances. Balances after each posting add up to nothing."""
    for keys in (("amount",), ("debit_amount", "credit_amount"), ("balance",) if table != "transactions" else ()):
        there = [totals[key][0] for key in keys if key in totals]
        if there:
            return yuan_grouped(sum(there))
    return ""


def tell(controls: Sequence[Control]) -> list[Finding]:
    """A finding for each that does not agree."""
    told = []
    for control in controls:
        if control.agrees:
            continue
        where = (
            f"差在 {'、'.join(control.branches[:3])}{'等' if len(control.branches) > 3 else ''}。"
            if control.branches
            else ""
        )
        if control.refused and control.claimed - control.read == control.refused:
            where += "差额正是退回的行。"
        told.append(
            mismatch(
                control.what,
                control.read,
                terms.label("claimed"),
                control.claimed,
                where=where,
                money=bool(control.column),
                file=control.file,
                sheet=control.sheet,
                cell=f"第 {control.row:,} 行",
                cure="请改正退回的行。" if "退回" in where else "请查期末在途或漏导的行。",
            )
        )
    return told

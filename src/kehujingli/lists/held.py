"""Whose is what a branch comes to? 客户经理 + 公共 + 未挂户 = 机构: the three lines that stand below every branch, of customers and of actuals.

Pure: frames in, frames out. Counts and 分.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.actuals.ways import bare, way_of
from kehujingli.tables.tenure import Roster
from kehujingli.values import in_yuan, missing, round_half_up

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.actuals import Actuals
    from kehujingli.incentive import Scores
    from kehujingli.rules import IncentiveRules

SIDE_COLUMNS = ("of_managers", "of_public", "of_nobody", "of_branch")
"""The sides in their order, then the branch."""


def sides(
    classes: pd.DataFrame, holders: Mapping[str, str], managers: pd.DataFrame, managed: Collection[str], day: int
) -> pd.Series | None:
    """Whose each customer is on a day (``terms.SIDES``): who holds her, 公共 where he is not on duty; nothing where the exports tell of no holder."""
    import numpy as np
    import pandas as pd

    holder = classes["customer_id"].map(holders)
    if not bool(holder.notna().any()):
        return None
    spans = Roster.of(managers).spans
    away = [who for who in holder.dropna().unique() if spans and not _on_duty(spans.get(who), day)]
    nobody = np.where(classes["customer_id"].isin(managed), "unheld", "public")
    named = np.where(holder.isin(away), "public", "managers")
    return pd.Series(np.where(holder.notna(), named, nobody), index=classes.index)


def _on_duty(span: tuple[int, int] | None, day: int) -> bool:
    return span is not None and span[0] <= day <= span[1]


@dataclass(frozen=True)
class HeldActuals:
    """``labels``: the name of an actual's contributions → the item that it is shown as. ``sums``: by branch (empty: of none) and side, a column
    (``held:<name>``) an actual; money is 分."""

    labels: Mapping[str, str]
    sums: pd.DataFrame

    @property
    def columns(self) -> Mapping[str, str]:
        """Column → item."""
        return {f"held:{name}": label for name, label in self.labels.items()}

    def of(self, branch: str | None, side: str | None = None) -> dict[str, int]:
        """The sums of a branch (nothing: of the county) and a side (nothing: of all three)."""
        rows = self.sums if branch is None else self.sums[self.sums.index.get_level_values("branch_id") == branch]
        rows = rows if side is None else rows[rows.index.get_level_values("held_by") == side]
        return {str(column): int(total) for column, total in rows.sum().items()}

    def style(self, column: str) -> str:
        """money or count."""
        return terms.ACTUAL_STYLES[bare(column.removeprefix("held:"))]


def held_actuals(actuals: Actuals, scores: Scores, rules: IncentiveRules) -> HeldActuals:
    """What adds up (money and counts, no ratios) of the schemes' actuals, by the branch of the business; where it has none by its holder's.

    As the program reckons it, over the year where an actual is reckoned over the year: figures typed in stand beside it, in 人工填报.
    """
    import pandas as pd

    made = actuals.contributions
    there = set(made["actual"].unique())
    labels: dict[str, str] = {}
    for scheme in rules.schemes:
        for item in scheme.item:
            way = way_of(item, scheme)
            name = None if way is None else actuals.keys.get(way, way.actual)
            if name is not None and name in there and terms.ACTUAL_STYLES[bare(name)] in ("money", "count"):
                labels.setdefault(name, item.label)
    chosen = made[made["actual"].isin(list(labels))]
    yearly = set(chosen.loc[chosen["span"] == "year", "actual"].unique())
    of_year = chosen["actual"].isin(yearly)
    chosen = chosen[(of_year & (chosen["span"] == "year")) | (~of_year & (chosen["span"] == "month"))]
    home = {manager.manager_id: manager.branch_id for manager in reversed(scores.managers)}
    side = chosen["holder"].map({terms.PUBLIC: "public", terms.UNHELD: "unheld"}).fillna("managers")
    branch = chosen["branch_id"].astype("object")
    branch = branch.where(branch.notna(), chosen["holder"].map(home)).fillna("")
    branches = sorted({*branch, *(home_id for home_id in home.values() if home_id)})
    sums = (
        chosen.assign(branch_id=branch, held_by=side)
        .groupby(["branch_id", "held_by", "actual"])["numerator"]
        .sum()
        .unstack("actual")
        .reindex(columns=list(labels))
    )
    keys = pd.MultiIndex.from_product([branches, terms.SIDES], names=["branch_id", "held_by"])
    sums = sums.reindex(keys).fillna(0).astype("int64").rename(columns=lambda name: f"held:{name}")
    return HeldActuals(labels, sums)


_OF_CUSTOMERS = ("customers", "deposit_balance", "average_deposit_year", "borrowers", "loan_balance")
_COUNTS = ("customers", "borrowers")


def side_list(sums: pd.DataFrame, held: HeldActuals | None) -> pd.DataFrame:
    """What each branch comes to and whose it is: a row a branch and measure, exact 元 or a count, the three sides beside the branch's own figure.

    ``sums`` as ``branches.branch_rows`` has them. A measure that is not known for the branch is left out; a side without any of it has 0.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []

    def add(branch: str, item: str, money: bool, cells: Sequence[Any]) -> None:
        known = [0 if missing(cell) else int(cell) for cell in cells]
        rows.append(
            (
                branch,
                item,
                "元" if money else "户",
                *(round_half_up(in_yuan(cell), 2) if money else Decimal(cell) for cell in known),
            )
        )

    sums = sums.set_index(["branch_id", "held_by"])
    for branch in dict.fromkeys(branch for branch, _ in sums.index if branch):
        for key in _OF_CUSTOMERS:
            cells = [sums.at[(branch, side), key] for side in (*terms.SIDES, "")]
            if not missing(cells[-1]):
                add(branch, terms.said(key, "branch_sums"), key not in _COUNTS, cells)
        if held is not None:
            parts = [held.of(branch, side) for side in (*terms.SIDES, None)]
            for column, label in held.columns.items():
                cells = [part.get(column) for part in parts]
                add(branch, label, held.style(column) == "money", cells)
    return pd.DataFrame(rows, columns=["branch_id", "item", "unit", *SIDE_COLUMNS]).astype("object")

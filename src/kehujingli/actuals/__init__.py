"""What did each manager achieve? Contributions of single customers and loans, summed by holder; ratios from summed parts.

Every actual is a sum of contributions, one row each: holder, customer, numerator, denominator. So a figure can be asked why, and
managers + 公共 + 未挂户 = branch holds by construction. What the exports cannot tell is ``missing`` with the reason, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.values import Quantity

if TYPE_CHECKING:
    import pandas as pd

RATIOS = frozenset(name for name, style in terms.ACTUAL_STYLES.items() if style == "ratio")
COUNTS = frozenset(name for name, style in terms.ACTUAL_STYLES.items() if style == "count") | {"visits_done_ratio"}
"""Whose parts are counted; those of all others are money."""
NUMERATOR_SCALES: Mapping[str, int] = {"deposit_cost": 1_000_000}
"""Numerators kept finer than 分: interest as 分 × millionths."""
COLUMNS = [
    "actual",
    "span",
    "holder",
    "branch_id",
    "customer_id",
    "entity",
    "numerator",
    "denominator",
    "baseline",
    "first",
    "last",
    "share",
]
"""numerator, denominator, baseline: 分 for money, else counts; span: year, quarter or month; share: as text, of the whole."""


@dataclass(frozen=True, slots=True)
class Way:
    """An actual with what decides it besides the exports: 基数, the least monthly average, who answers for bad loans, or which ways are a visit."""

    actual: str
    choice: str = ""


@dataclass(frozen=True)
class Contribution:
    """One customer's, account's or loan's part in one holder's actual."""

    actual: str
    holder: str
    branch_id: str | None
    customer_id: str | None
    entity: str
    numerator: int
    denominator: int = 0
    baseline: int | None = None
    span: str = "year"
    first: int | None = None
    last: int | None = None
    share: str = "1"


@dataclass
class Actuals:
    """``contributions``: one row each, columns ``COLUMNS``; ``missing``: actual → what the exports lack.

    ``keys``: under which name the contributions of an actual stand that items want in several ways (``actuals.ways``).
    """

    contributions: pd.DataFrame
    missing: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    trial: bool = False
    keys: Mapping[Way, str] = field(default_factory=dict)

    def table(self) -> Mapping[tuple[str, str, str], tuple[int, int, int | None]]:
        """(actual, span, holder) → numerator, denominator, baseline, summed over contributions."""
        grouped = self.contributions.groupby(["actual", "span", "holder"], sort=True)[
            ["numerator", "denominator", "baseline"]
        ].sum(min_count=1)
        return {
            key: (int(row[0]), int(row[1]), None if row[2] is None or row[2] != row[2] else int(row[2]))
            for key, row in zip(
                grouped.index, grouped.astype("object").where(grouped.notna(), None).to_numpy(), strict=True
            )
        }


def quantity(actual: str, numerator: int, denominator: int) -> Quantity | None:
    """As the shapes want it: money in 元, ratios as parts; ``None`` where a ratio has no denominator."""
    scale = Decimal(1) if actual in COUNTS else Decimal(100)
    top = Decimal(numerator) / NUMERATOR_SCALES.get(actual, 1) / scale
    if actual not in RATIOS:
        return Quantity(top)
    return Quantity(top, Decimal(denominator) / scale) if denominator else None


def frame_of(contributions: Iterable[Contribution]) -> pd.DataFrame:
    """Contributions as a frame in a stable order."""
    import pandas as pd

    rows = [
        (
            c.actual,
            c.span,
            c.holder,
            c.branch_id,
            c.customer_id,
            c.entity,
            c.numerator,
            c.denominator,
            c.baseline,
            c.first,
            c.last,
            c.share,
        )
        for c in contributions
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    kinds = dict.fromkeys(["numerator", "denominator"], "int64") | dict.fromkeys(["baseline", "first", "last"], "Int64")
    return frame.astype(kinds).sort_values(
        ["actual", "span", "holder", "customer_id", "entity", "first"], ignore_index=True, kind="stable"
    )


def item_names(label: str, item_id: str, actual: str | None) -> frozenset[str]:
    """Every name under which targets, actuals, baselines and adjustments may speak of an item."""
    names = {label, item_id}
    if actual:
        names |= {actual, terms.ITEM_ACTUALS.get(actual, actual), *terms.FORMER_ITEMS.get(actual, ())}
    return frozenset(names)


def header_unit(said: object, own: Decimal, style: str | None) -> Decimal:
    """What a target or 基数 is multiplied by: the header's unit where it names one and the figure is money, else its item's own.

    An item of which nothing says what it is counts as money where the rules turn its figures into 元.
    """
    of_money = style == "money" or (style is None and own != 1)
    if of_money and isinstance(said, str) and said in terms.UNITS:
        return Decimal(terms.UNITS[said]) / 100
    return own

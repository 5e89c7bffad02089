"""What are actuals made of? A period's tables, measures, accounts, plans and rules' weights, in one hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.actuals.deposits import Movements
from kehujingli.periods import Period

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.tables.tenure import Plan


@dataclass(frozen=True)
class Facts:
    """All that actuals are made of. ``tables`` are the period's frames by key; ``has`` says what the exports hold."""

    period: Period
    tables: Mapping[str, pd.DataFrame]
    has: Callable[..., bool]
    customers: pd.DataFrame
    """Measures and classes, one row a customer; those who have closed everything are in no class."""
    accounts: pd.DataFrame
    """Measured accounts."""
    loan_history: pd.DataFrame
    weights: Mapping[str, Decimal]
    plans: Sequence[Plan]
    managed: frozenset[str]
    woken: Sequence[str]
    movements: Movements
    trial_plan: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[tuple[str, str, int]] = frozenset()
    """Table, column, day of the picture that lost it (``tables.drift``)."""


class Missing(Exception):
    """What the exports lack for an actual, as words for a sentence."""

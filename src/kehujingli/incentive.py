"""What did each manager earn, and why? 考核: actuals and targets → points → score → pay, every step with its trace.

Item = the shape's figure, clamped, rounded once; score = Σ items, then adjustments, then gates, then the cap; pay = base + standard × score ÷ 100 ×
duty days ÷ days + items that are money, times the factors, floor and cap applied, rounded once. Half away from zero everywhere, in ``Decimal``
(contract, "Points and pay").
"""

from __future__ import annotations

from kehujingli.periods import last_month, named_month
from kehujingli.scoring.model import Carried, ItemScore, ManagerScore, Papers, Scores
from kehujingli.scoring.pay import deferral_parts
from kehujingli.scoring.scheme import duty_days, on_duty, score

__all__ = [
    "Carried",
    "ItemScore",
    "ManagerScore",
    "Papers",
    "Scores",
    "deferral_parts",
    "duty_days",
    "last_month",
    "named_month",
    "on_duty",
    "score",
]

"""How does an actual become points? The named shapes of real schemes, one file a shape."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kehujingli.rules.shapes.bands import Bands
from kehujingli.rules.shapes.base import Item
from kehujingli.rules.shapes.best import Best
from kehujingli.rules.shapes.bonus import Bonus
from kehujingli.rules.shapes.carry import Carry
from kehujingli.rules.shapes.completion import Completion
from kehujingli.rules.shapes.deduct import Deduct
from kehujingli.rules.shapes.events import Events
from kehujingli.rules.shapes.flat_tiers import FlatTiers
from kehujingli.rules.shapes.k_of_n import KOfN
from kehujingli.rules.shapes.ladder import Ladder
from kehujingli.rules.shapes.linear import Linear
from kehujingli.rules.shapes.lots import Lots
from kehujingli.rules.shapes.marginal_tiers import MarginalTiers
from kehujingli.rules.shapes.peer import Peer
from kehujingli.rules.shapes.penalty import Penalty
from kehujingli.rules.shapes.pool import Pool
from kehujingli.rules.shapes.step_bonus import StepBonus
from kehujingli.rules.shapes.threshold import Threshold
from kehujingli.rules.shapes.unit_price import UnitPrice
from kehujingli.rules.shapes.violations import Violations

SHAPES: tuple[type[Item], ...] = (
    Completion,
    Deduct,
    Bands,
    Lots,
    Events,
    Threshold,
    StepBonus,
    Linear,
    Peer,
    Best,
    UnitPrice,
    FlatTiers,
    MarginalTiers,
    Pool,
    Ladder,
    KOfN,
    Penalty,
    Bonus,
    Carry,
    Violations,
)
AnyItem = Annotated[
    Completion
    | Deduct
    | Bands
    | Lots
    | Events
    | Threshold
    | StepBonus
    | Linear
    | Peer
    | Best
    | UnitPrice
    | FlatTiers
    | MarginalTiers
    | Pool
    | Ladder
    | KOfN
    | Penalty
    | Bonus
    | Carry
    | Violations,
    Field(discriminator="shape"),
]

__all__ = ["SHAPES", "AnyItem", "Bands", "Completion", "Deduct", "Events", "Item", "KOfN", "Ladder", "Lots", "Pool"]

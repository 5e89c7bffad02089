"""How does an actual become points? The named shapes of real schemes, one file a shape."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kehujingli.shapes.bands import Bands
from kehujingli.shapes.base import Item
from kehujingli.shapes.bonus import Bonus
from kehujingli.shapes.carry import Carry
from kehujingli.shapes.completion import Completion
from kehujingli.shapes.deduct import Deduct
from kehujingli.shapes.events import Events
from kehujingli.shapes.flat_tiers import FlatTiers
from kehujingli.shapes.k_of_n import KOfN
from kehujingli.shapes.ladder import Ladder
from kehujingli.shapes.linear import Linear
from kehujingli.shapes.lots import Lots
from kehujingli.shapes.marginal_tiers import MarginalTiers
from kehujingli.shapes.peer import Peer
from kehujingli.shapes.penalty import Penalty
from kehujingli.shapes.pool import Pool
from kehujingli.shapes.step_bonus import StepBonus
from kehujingli.shapes.threshold import Threshold
from kehujingli.shapes.unit_price import UnitPrice
from kehujingli.shapes.violations import Violations

SHAPES: tuple[type[Item], ...] = (
    Completion, Deduct, Bands, Lots, Events, Threshold, StepBonus, Linear, Peer, UnitPrice, FlatTiers, MarginalTiers, Pool, Ladder, KOfN, Penalty, Bonus, Carry, Violations,
)  # fmt: skip
AnyItem = Annotated[
    Completion | Deduct | Bands | Lots | Events | Threshold | StepBonus | Linear | Peer | UnitPrice | FlatTiers | MarginalTiers | Pool | Ladder | KOfN
    | Penalty | Bonus | Carry | Violations,
    Field(discriminator="shape"),
]  # fmt: skip

__all__ = ["SHAPES", "AnyItem", "Bands", "Completion", "Deduct", "Events", "Item", "KOfN", "Ladder", "Lots", "Pool"]

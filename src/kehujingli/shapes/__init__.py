"""How does an actual become points? The named shapes of real schemes, one file a shape."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kehujingli.shapes.bands import Bands
from kehujingli.shapes.base import Item
from kehujingli.shapes.completion import Completion
from kehujingli.shapes.deduct import Deduct
from kehujingli.shapes.events import Events
from kehujingli.shapes.lots import Lots

SHAPES: tuple[type[Item], ...] = (Completion, Deduct, Bands, Lots, Events)
AnyItem = Annotated[Completion | Deduct | Bands | Lots | Events, Field(discriminator="shape")]

__all__ = ["SHAPES", "AnyItem", "Bands", "Completion", "Deduct", "Events", "Item", "Lots"]

"""How many customers moved, by what, and how many only seem to have because data arrived?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.studies.classes.moves import ARRIVED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Moved:
    """Customers by change and cause (keys of ``terms.CHANGES`` and ``terms.CAUSES``)."""

    found: Mapping[tuple[str, str], int]

    def of(self, change: str) -> int:
        """Those that moved: without what only arrived."""
        return sum(count for (kind, cause), count in self.found.items() if kind == change and cause != ARRIVED)

    @property
    def woken(self) -> str:
        """激活 with its causes, in a phrase."""
        parts = [f"{word} {n:,}" for key, word in terms.CAUSES.items() if key != ARRIVED and (n := self._woken(key))]
        return f"激活 {self.of('woken'):,} 户" + (f"（{'、'.join(parts)}）" if parts else "")

    @property
    def arrived(self) -> str:
        """What came with the data and is no movement, in a phrase with its comma; nothing where there is none."""
        words = {"new": "客户", "woken": "不再休眠", "up": "升档", "down": "降档"}
        parts = [f"{word} {n:,} 户" for key, word in words.items() if (n := self.found.get((key, ARRIVED), 0))]
        return f"；{terms.CAUSES[ARRIVED]}不算变动：{'，'.join(parts)}" if parts else ""

    def _woken(self, cause: str) -> int:
        return self.found.get(("woken", cause), 0)


def moved(classes: pd.DataFrame, why: pd.Series | None) -> Moved:
    """``classes``: customer_id and change; ``why``: ``studies.moves.causes``, None where there is no month before."""
    if why is None or why.empty:
        return Moved({})
    changes = classes.set_index("customer_id")["change"].reindex(why.index)
    sizes = why.to_frame("cause").assign(change=changes).groupby(["change", "cause"]).size()
    return Moved({(str(change), str(cause)): int(count) for (change, cause), count in sizes.items()})

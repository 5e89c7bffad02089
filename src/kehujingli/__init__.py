"""What is this? 客户经理: a rural bank's month, from exports to explained scores.

``kehujingli.open(folder, "2026-10")`` is the door for notebooks; ``kehujingli.notebook`` has the steps of the main line on frames. Importing this costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from kehujingli.notebook import Opened

__all__ = ["__version__", "open"]


def open(
    folder: str | Path,
    period: str | None = None,
    *,
    rules: Path | None = None,
    fresh: bool = False,
    unmask: bool = False,
) -> Opened:
    """A period of a workspace as pandas frames, each when it is first asked for: ``customers``, ``classes``, ``measures``, ``plan``, ``scores``, ``items``.

    ``period``: ``2026-10``, by default the newest that was run, else the newest whole month of exports/. A period that was run answers from what its run
    kept, unless ``fresh`` or other ``rules`` are asked for; then, and where it was not, it is reckoned and nothing is written. Money is 分, days count
    from 1970, points are ``Decimal``. Customers' names, phones and id numbers are masked unless ``unmask``, which is logged.
    Raises ``kehujingli.errors.Problem`` where the folder is no workspace or the exports do not suffice.
    """
    from kehujingli.notebook import open_period

    return open_period(folder, period, rules=rules, fresh=fresh, unmask=unmask)

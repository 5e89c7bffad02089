"""What is this? 客户经理: a rural bank's month, from exports to explained scores.

``kehujingli.open(folder, "2026-10")`` is the door for notebooks; ``kehujingli.notebook`` has the steps of the main line on frames. Importing this costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kehujingli.month import notebook as notebook
    from kehujingli.month.notebook import Opened
    from kehujingli.workspace.version import __version__ as __version__

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
    from kehujingli.month.notebook import open_period

    return open_period(folder, period, rules=rules, fresh=fresh, unmask=unmask)


def __getattr__(name: str) -> object:
    """``notebook`` and ``__version__`` when they are first asked for: their rooms cost something to open."""
    if name == "notebook":
        from kehujingli.month import notebook

        return notebook
    if name == "__version__":
        from kehujingli.workspace.version import __version__

        return __version__
    raise AttributeError(name)

"""Which is the month with the row? Its last run, while all that it was given, and what it left, is as it was: nothing of it need be reckoned again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli.intake.ledger import hash_file
from kehujingli.month.unchanged import results_hash
from kehujingli.workspace import Workspace, fingerprint
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    from kehujingli.answers.explain.row import Side
    from kehujingli.month.order import Month

_EXACT = {
    "classes": (),
    "items": ("actual", "target", "item_points"),
    "scores": ("adjustment", "score"),
    "pay": ("pay", "paid"),
}
"""The lists of a side, and what of them is kept as text, so that it stays exact."""


def stamp(workspace: Workspace, period: str) -> dict[str, Any]:
    """What a run left of a side, and the results of the other months that its pay looks at, as hashes."""
    results = Results.of(workspace, period)
    others = [(name, results_hash(workspace, name)) for name in workspace.period_names() if name != period]
    return {"lists": {name: hash_file(results.path(name)) for name in _EXACT}, "others": fingerprint(dict(others))}


def side_of(month: Month, stamped: Mapping[str, Any] | None) -> Side | None:
    """The side as the last run left it; nothing where that is not known to be as it was. ``stamped``: what ``stamp`` said after the run."""
    from kehujingli.answers.explain.row import Side
    from kehujingli.lists.branches import branch_rows

    workspace = month.workspace
    if workspace is None or stamped is None:
        return None
    results = Results.of(workspace, month.period.name)
    if not all(map(results.has, _EXACT)) or stamp(workspace, month.period.name) != stamped:
        return None
    frames = {}
    for name, exact in _EXACT.items():
        frame = results.frame(name)
        assert frame is not None
        frames[name] = frame.assign(**{column: frame[column].map(Decimal, na_action="ignore") for column in exact})
    branches = branch_rows(frames["classes"], month.tables["loans"], month.branch_names, None)
    return Side(frames["classes"], branches, frames["items"], frames["scores"], frames["pay"])

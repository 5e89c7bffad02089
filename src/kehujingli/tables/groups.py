"""Which groups of postings stay as they are where a few postings go? All but those of whom the gone ones were."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Groups:
    """Sums by customer or by account that were asked of some postings, where they are kept; else each is asked anew.

    ``before``: the groups of these postings and of a few more; ``less``: by column, whose those few were.
    """

    kept: bool = False
    before: Groups | None = None
    less: Mapping[str, Collection[str]] = field(default_factory=dict)
    made: dict[Hashable, pd.DataFrame] = field(default_factory=dict)

    def of(self, what: Hashable, key: str, postings: Any, ask: Callable[[Any], pd.DataFrame]) -> pd.DataFrame:
        """One row and more for each ``key``, as ``ask`` has them of postings (narwhals). ``what``: the question, with all that it rests on but the postings."""
        if not self.kept:
            return ask(postings)
        found = self.made.get(what)
        if found is None:
            found = self.made[what] = self._again(what, key, postings, ask)
        return found

    def _again(self, what: Hashable, key: str, postings: Any, ask: Callable[[Any], pd.DataFrame]) -> pd.DataFrame:
        import narwhals.stable.v2 as nw
        import pandas as pd

        known = self.before.made.get(what) if self.before is not None else None
        if known is None:
            return ask(postings)
        touched = list(self.less[key])
        kept = known[~known[key].isin(touched)]
        fresh = ask(postings.filter(nw.col(key).is_in(touched)))
        return pd.concat([kept, fresh.astype(known.dtypes.to_dict())], ignore_index=True) if len(fresh) else kept

"""Does the table's own 合计 row agree? Totals and signatures below (or above) the data: what is no data row, and what it claims."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.columns import Mask

FOOTER_LIKE = r"^\s*(" + "|".join(r"\s*".join(map(re.escape, word)) for word in terms.FOOTER_WORDS) + ")"
FOOTER_ROWS = 60


def is_footer(texts: Sequence[str], keys: Mapping[str, int], requires: Sequence[Sequence[str]]) -> bool:
    """合计 in the first cell that holds anything; or 制表, 注： and the like in a row that lacks what a data row must have."""
    first = next((text for text in texts if text), "").replace(" ", "").replace("\u3000", "")
    if first in terms.TOTAL_WORDS:
        return True
    if not first.startswith(terms.FOOTER_WORDS):
        return False
    return any(not any(key in keys and texts[keys[key]] not in ("", first) for key in group) for group in requires)


def is_total(texts: Sequence[str]) -> bool:
    """Whether a footer is the total of all rows above it, not of a page."""
    first = next((text for text in texts if text), "").replace(" ", "").replace("\u3000", "").rstrip(":：")
    return first in terms.WHOLE_TOTAL_WORDS


def claimed(values: pa.Array, data: Mask, totals: Sequence[int]) -> tuple[int, int] | None:
    """What the last total row says of an amount column, and what its rows add up to, in 分; ``None`` where it says nothing.

    The rows since the total before it are tried too: a sheet of several tables has a total under each.
    """
    said = [(row, cents) for row in totals if (cents := values[row].as_py()) is not None]
    if not said:
        return None
    cents = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    row, last = said[-1]
    whole = int(cents[data].sum())
    since = said[-2][0] if len(said) > 1 else -1
    part = data.copy()
    part[: since + 1] = False
    part[row:] = False
    own = int(cents[part].sum())
    return (last, own) if len(said) > 1 and own == last else (last, whole)

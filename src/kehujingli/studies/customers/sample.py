"""Whom do we ask, so that the answers speak for all? So many of each 户群, in proportion to its size or to size times spread, drawn by a seed that anybody can repeat."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

from kehujingli.studies.portions import portions
from kehujingli.values import listed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

Way = Literal["proportional", "neyman"]


def cells_of(people: pd.DataFrame, size: int, least: int, way: Way) -> pd.DataFrame:
    """One row a 户群, sorted: customers N, spread σ of 业务规模 (分, over all of the cell), sample n. ``people``: customer_id, group, scale_amount.

    Neyman (1934): n in proportion to N·σ; where no cell has a spread it is proportional. n never passes N; each cell has ``least`` or all it has.
    """
    grouped = people.assign(amount=people["scale_amount"].fillna(0).astype("float64")).groupby("group", sort=True)
    cells = grouped["amount"].agg(customers="size", spread=lambda told: float(told.std(ddof=0))).reset_index()
    counts = [int(count) for count in cells["customers"]]
    spread = [round(one) for one in cells["spread"]]
    weights = [n * s for n, s in zip(counts, spread, strict=True)] if way == "neyman" and any(spread) else counts
    low = [min(least, count) for count in counts]
    total = min(max(size, sum(low)), sum(counts))
    parts, _ = portions(total, weights, low, counts, [str(one) for one in cells["group"]])
    return cells.assign(sample=parts)


def drawn(people: pd.DataFrame, cells: pd.DataFrame, seed: str) -> pd.DataFrame:
    """The customers of the sample with their place in the draw: of each cell the first ``sample`` by a hash of seed and number.

    One draw for any size: who is in a smaller sample is in a larger one too, and neither the order of rows nor the machine has a part in it.
    """
    import numpy as np
    import pandas as pd

    lots = b"".join([hashlib.sha256(f"{seed}|{one}".encode()).digest() for one in listed(people["customer_id"])])
    lot = np.frombuffer(lots, dtype=">u8").reshape(len(people), -1)  # whole numbers in the order of the hashes
    group, groups = pd.factorize(people["group"], sort=True)
    sample = dict(zip(cells["group"], cells["sample"], strict=True))
    most = np.array([int(sample[one]) for one in groups], dtype="int64")
    first = lot[:, 0].astype("uint64")
    rows = [_lowest(first, np.flatnonzero(group == code), count) for code, count in enumerate(most)]
    few = np.concatenate(rows) if rows else np.zeros(0, dtype="int64")
    order = few[np.lexsort((*(lot[few, part] for part in reversed(range(lot.shape[1]))), group[few]))]
    group = group[order]
    place = np.arange(len(order)) - np.searchsorted(group, group) + 1
    chosen = place <= most[group]
    return people.take(order[chosen]).assign(place=place[chosen]).reset_index(drop=True)


def _lowest(lot: npt.NDArray[np.uint64], rows: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """The rows with the so many lowest lots, and those as low as the last of them."""
    import numpy as np

    if count >= len(rows):
        return rows
    own = lot[rows]
    return rows[own <= np.partition(own, count - 1)[count - 1]] if count else rows[:0]

"""What has been drawn of a county, before any of it is written as an export?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.demo.books import Books
    from kehujingli.demo.county import Calendar


@dataclass(frozen=True)
class Drawn:
    """People, books, loans and staff. ``gathered``: an account's manager; ``lenders`` and ``responsible``: a loan's."""

    calendar: Calendar
    people: pd.DataFrame
    written: pd.DataFrame
    """``people`` as the export has them, with their managers."""
    places: pd.DataFrame
    staff: pd.DataFrame
    books: Books
    collectors: pd.Series
    gathered: npt.NDArray[np.object_]
    holders: npt.NDArray[np.object_]
    lent: pd.DataFrame
    lenders: pd.Series
    responsible: pd.Series
    borrowers: Mapping[str, int]
    holdings: pd.DataFrame

"""Which products does each customer have, and since when? 产品签约, loans on the books, open deposits and a year's fees, under the names of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kehujingli import terms
from kehujingli.measures.ebank import as_holdings
from kehujingli.periods import Period
from kehujingli.studies.money.fees import dated
from kehujingli.studies.products.conditions import folded
from kehujingli.tables.frames import on_book
from kehujingli.values import places

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.studies.products.baskets import Flags
    from kehujingli.studies.products.shelf import Shelf

_EVER, _NEVER = -(2**40), 2**40
YEAR_MONTHS = 12


@dataclass(frozen=True)
class Records:
    """``rows``: at (the customer's place), name (a place among ``names``), since and until (days, the last not included), source."""

    rows: pd.DataFrame
    names: tuple[str, ...]
    """As they are written."""

    def counts(self, day: int, sources: tuple[str, ...]) -> dict[str, tuple[str, int]]:
        """A name as compared → as written and how many customers hold it on the day."""
        own = self.rows[self.rows["source"].isin(sources) & (self.rows["since"] <= day) & (self.rows["until"] > day)]
        sizes = own.drop_duplicates(["at", "name"]).groupby("name").size()
        found: dict[str, tuple[str, int]] = {}
        for place, size in sizes.items():
            name = self.names[int(str(place))]
            first, count = found.get(folded(name), (name, 0))
            found[folded(name)] = first, count + int(size)
        return found

    def keys(self) -> set[str]:
        return {folded(name) for name in self.names}


def records(
    people: pd.Series,
    holdings: pd.DataFrame,
    loans: pd.DataFrame | None,
    accounts: pd.DataFrame | None,
    fees: pd.DataFrame | None,
    period: Period,
    ebank: pd.DataFrame | None = None,
) -> Records:
    """``people``: customer numbers; a channel of 电子渠道 is the product of its name. What is no customer's of the month is left out."""
    import pandas as pd

    found = [
        _rows("holdings", holdings["customer_id"], holdings["product"], holdings["signed_on"], holdings["closed_on"])
    ]
    if loans is not None:
        book = on_book(loans)
        book = book[(book["balance"] > 0).fillna(False)]
        found.append(_rows("loans", book["customer_id"], book["product"], book["issued_on"], None))
    if accounts is not None:
        kinds = {key: label if label.endswith("存单") else f"{label}存款" for key, label in terms.DEPOSIT_KINDS.items()}
        opened, closed = (accounts[key].astype("Int64") for key in ("opened", "closed"))
        found.append(_rows("accounts", accounts["customer_id"], accounts["kind"].map(kinds), opened, closed))
    if fees is not None:
        day, _ = dated(fees, period)
        paid = fees[day.between(period.window_first(YEAR_MONTHS), period.last).fillna(False)]
        found.append(_rows("fees", paid["customer_id"], paid["product"], day[paid.index], None))
    if ebank is not None:
        live = as_holdings(ebank)
        found.append(_rows("ebank", live["customer_id"], live["product"], live["signed_on"], live["closed_on"]))
    rows = pd.concat(found, ignore_index=True)
    rows = rows[rows["product"].notna()]
    codes, names = pd.factorize(rows["product"].array)
    rows = rows.assign(name=codes, at=places(rows["customer_id"], people))
    rows = rows.loc[rows["at"] >= 0, ["at", "name", "since", "until", "source"]]
    return Records(rows.reset_index(drop=True), tuple(str(name) for name in names))


def _rows(
    source: str, who: pd.Series, product: pd.Series, since: pd.Series | None, until: pd.Series | None
) -> pd.DataFrame:
    """Held from always where no first day is known, and for ever where no last one is."""
    import pandas as pd

    frame = pd.DataFrame({"customer_id": who.astype("str"), "product": product.astype("str")})
    for key, days, empty in (("since", since, _EVER), ("until", until, _NEVER)):
        frame[key] = empty if days is None else days.astype("Int64").fillna(empty).astype("int64")
    return frame.assign(source=source).reset_index(drop=True)


@dataclass(frozen=True)
class Owned:
    """Who holds what, one row a customer, one column a product: those of the catalogue in its order, then the others that are held."""

    columns: tuple[str, ...]
    """Keys."""
    names: Mapping[str, str]
    rows: pd.DataFrame
    """at, column, since, until, source."""
    count: int

    def on(self, day: int) -> Flags:
        """What each holds at the end of a day."""
        own = self.rows[(self.rows["since"] <= day) & (self.rows["until"] > day)]
        return self._flags(own)

    def taken(self, after: int, until: int) -> Flags:
        """What each has signed after the one day until the other, where its first day is known. A loan that is lent anew is nothing new."""
        own = self.rows[self.rows["source"] == "holdings"]
        return self._flags(own[(own["since"] > after) & (own["since"] <= until)])

    def signed(self, day: int) -> Flags:
        """What each had signed by a day and not ended, as far as the records of today tell."""
        own = self.rows[self.rows["source"] == "holdings"]
        return self._flags(own[(own["since"] <= day) & (own["until"] > day)])

    def _flags(self, rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
        found = np.zeros((self.count, len(self.columns)), dtype=bool)
        found[rows["at"].to_numpy(), rows["column"].to_numpy()] = True
        return found


def owned(found: Records, shelf: Shelf, count: int) -> Owned:
    """``count`` people."""
    keys = [shelf.key_of(folded(name)) for name in found.names]
    own = [each.key for each in shelf.products]
    columns = (*own, *sorted(set(keys) - set(own)))
    place = {key: number for number, key in enumerate(columns)}
    written = dict(zip(keys, found.names, strict=True))
    names = written | {each.key: each.name for each in shelf.products}
    of_name = np.array([place[key] for key in keys], dtype="int64")
    column = of_name[found.rows["name"].to_numpy()] if len(keys) else np.zeros(0, dtype="int64")
    return Owned(columns, names, found.rows.assign(column=column), count)

"""How do offers become lists? One row an offer with its reason, penetration by product and 客群, packages and what each customer's lacks, floors of price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.studies.money.costs import borne
from kehujingli.studies.money.floors import Terms, cost_rate, floor_of
from kehujingli.studies.money.ftp import MILLIONTHS, loan_lines, prices_of
from kehujingli.studies.placing import several
from kehujingli.studies.products.baskets import Next, Pairs, best
from kehujingli.studies.products.eligible import People

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.strategy import Strategy
    from kehujingli.studies.products.baskets import Flags, Real, Whole
    from kehujingli.studies.products.owned import Owned
    from kehujingli.studies.products.shelf import Product, Shelf

_FIRST = 10.0
"""What the first product of 主推 scores; a pair scores below 2."""
FIT = "可以推荐"
_WHO = ("holder_id", "manager_name", "customer_id", "customer_name", "customer_type", "branch_name", "group")
Floors = Mapping[tuple[str, str], Decimal]
"""(product's key, five-class) → the lowest rate worth its capital."""


@dataclass(frozen=True)
class Shop:
    """All that an offer is made of; a matrix has one row a customer and one column a product of the shelf."""

    people: People
    shelf: Shelf
    owned: Owned
    held: Flags
    """One column a product of ``owned``."""
    may: Flags
    """Who may have it, whether she holds it or not."""
    following: Next
    """One column a product of ``owned``."""
    pairs: Pairs
    kinds: Sequence[str]
    kind: Whole
    shares: Real
    """A kind of customer × a product of ``owned``."""
    score: Real
    """With 主推 first; 0 where it is not offered."""
    pushed: Mapping[tuple[str, int], str]
    """(户群, column) → the word of 主推 that means the product."""

    @property
    def products(self) -> Sequence[Product]:
        return self.shelf.products

    @cached_property
    def apart(self) -> Mapping[int, Sequence[int]]:
        """Columns that exclude others of the shelf."""
        column = {each.key: number for number, each in enumerate(self.products)}
        return {
            column[each.key]: [column[key] for key in each.excludes if key in column]
            for each in self.products
            if each.excludes
        }

    def first(self, most: int) -> Whole:
        """Of each customer the products that are offered, the best first."""
        return best(self.score, most, self.apart)

    @property
    def has(self) -> Flags:
        """Of the shelf's products only."""
        return self.held[:, : len(self.products)]


def pushed_first(
    score: Real, people: People, shelf: Shelf, strategy: Strategy
) -> tuple[Real, dict[tuple[str, int], str]]:
    """Scores of the shelf's products, those that [strategy] names for a 户群 above all others, the earlier word the higher."""
    score = score.copy()
    group = people.frame["group"].to_numpy(dtype=object)
    column = {each.key: number for number, each in enumerate(shelf.products)}
    words: dict[tuple[str, int], str] = {}
    for of, row in strategy.items():
        rows = np.flatnonzero(group == of)
        for number, word in enumerate(row.offer):
            for key in shelf.called(word):
                if (of, column[key]) not in words:
                    words[of, column[key]] = word
                    score[rows, column[key]] = (
                        _FIRST * (1 - number / len(row.offer) / 2) + score[rows, column[key]] / 10
                    )
    return score, words


def floors(
    products: Sequence[Product],
    ftp: pd.DataFrame | None,
    costs: pd.DataFrame | None,
    loans: pd.DataFrame | None,
    opening: pd.DataFrame | None,
    period: Period,
    lending: Terms,
) -> Floors:
    """Of the lending products that say a term whose funds have a price, as 投入产出 reckons them."""
    if ftp is None or loans is None:
        return {}
    prices, cost = prices_of(ftp, period), None
    if costs is not None:
        rows, _ = borne(costs, period)
        spent = int(rows.loc[rows["driver"] == "loans", "cost"].sum())
        cost = cost_rate(spent, int(loan_lines(loans, opening, period)["average"].sum()), period)
    found = {}
    for product in products:
        for five_class in terms.FIVE_CLASSES if product.line == "asset" and product.term else ():
            floor = floor_of(prices, cost, product.term, five_class, lending)
            if floor is not None:
                found[product.key, five_class] = floor.rate
    return found


def rows(shop: Shop, asked: Floors, most: int) -> pd.DataFrame:
    """One row an offer: whose, which, why; the manager's largest customers first."""
    import pandas as pd

    first = shop.first(most)
    at, rank = np.nonzero(first >= 0)
    column = first[at, rank]
    frame = shop.people.frame
    told = frame.iloc[at][[*_WHO, "scale_amount", "worst_class"]].reset_index(drop=True)
    source, reasons = _reasons(shop, at, column)
    worst = told["worst_class"].fillna("normal")
    products, number = list(shop.products), {one: place for place, one in enumerate(terms.FIVE_CLASSES)}
    rates = np.array([[float(asked.get((each.key, one), np.nan)) for one in number] for each in products] or [[]])
    told = told.assign(
        rank=pd.array(rank + 1, "Int64"),
        product=np.array([each.name for each in products], dtype=object)[column],
        product_line=np.array([each.line for each in products], dtype=object)[column],
        offered_by=source,
        reason=reasons,
        price_floor=rates[column, worst.map(number).to_numpy(dtype="int64")] if len(at) else np.zeros(0),
        yearly=pd.Series([each.yearly for each in products], dtype="Int64").take(column).array,
    )
    order = ["holder_id", "scale_amount", "customer_id", "rank"]
    return told.sort_values(order, ascending=[True, False, True, True], na_position="last", ignore_index=True)


def _reasons(shop: Shop, at: Whole, column: Whole) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Why each offer is made; a sentence is made once for all whom it fits."""
    import pandas as pd

    group, groups = pd.factorize(shop.people.frame["group"].to_numpy(dtype=object))
    told = np.stack([group[at], column, shop.following.via[at, column], shop.kind[at]], axis=1)
    sizes = told.max(axis=0, initial=0) + 2
    code = np.ravel_multi_index(tuple((told + 1).T), tuple(sizes))
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    once = [_reason(shop, str(groups[one]), *more) for one, *more in told[first].tolist()]
    source, said = (np.array([one[place] for one in once], dtype=object)[which] for place in (0, 1))
    return source, said


def _reason(shop: Shop, group: str, column: int, via: int, kind: int) -> tuple[str, str]:
    name = shop.products[column].name
    word = shop.pushed.get((group, column))
    if word is not None:
        more = "" if word == name else f"（{word}）"
        return "strategy", f"{terms.GROUPS[group]}主推{name}{more}，还没有"
    if via >= 0:
        pair = shop.pairs
        other = shop.owned.names[shop.owned.columns[via]]
        share, lift, both = pair.confidence[via, column], pair.lift[via, column], pair.together[via, column]
        return "together", f"有{other}的户 {share:.1%} 也有{name}（{both} 户），是全部户的 {lift:.1f} 倍"
    return "common", f"{terms.CUSTOMER_GROUPS[shop.kinds[kind]]} {shop.shares[kind, column]:.1%} 的户有{name}，还没有"


def penetration(shop: Shop, asked: Floors, most: int) -> pd.DataFrame:
    """One row a product of the shelf. What is not known is missing, never 0."""
    import pandas as pd

    offered = np.bincount(shop.first(most).ravel() + 1, minlength=len(shop.products) + 1)[1:]
    there = set(shop.owned.rows["column"].tolist())
    found = []
    for column, product in enumerate(shop.products):
        may, has = shop.may[:, column], shop.has[:, column]
        known, seen = not product.wrong, column in there
        eligible, holders = int(may.sum()), int(has.sum())
        both = int((may & has).sum())
        floor = asked.get((product.key, "normal"))
        found.append(
            {
                "product": product.name,
                "product_line": product.line,
                "state": product.wrong or (FIT if eligible else "没有一户合条件"),
                "eligible": eligible if known else None,
                "holders": holders if seen else None,
                "held": both if known and seen else None,
                "penetration": both / eligible if known and seen and eligible else None,
                "otherwise": holders - both if known and seen else None,
                "offered": int(offered[column]),
                "price": None if product.rate is None else product.rate / MILLIONTHS,
                "price_floor": None if floor is None else float(floor),
                "row": product.row,
            }
        )
    frame = pd.DataFrame(found)
    counts = ("eligible", "holders", "held", "otherwise", "offered")
    return frame.astype(dict.fromkeys(counts, "Int64")) if found else frame


def by_group(shop: Shop) -> pd.DataFrame:
    """One row a product that is offered and a 客群 in which somebody may have it."""
    import pandas as pd

    there = set(shop.owned.rows["column"].tolist())
    found = []
    for column, product in enumerate(shop.products):
        if product.wrong:
            continue
        for kind, group in enumerate(shop.kinds):
            own = shop.kind == kind
            may, has = shop.may[own, column], shop.has[own, column]
            if not may.any():
                continue
            seen = column in there
            both = int((may & has).sum())
            share = both / int(may.sum()) if seen else None
            found.append((product.name, product.line, group, int(may.sum()), both if seen else None, share))
    columns = ["product", "product_line", "customer_group", "eligible", "held", "penetration"]
    return pd.DataFrame(found, columns=columns).astype({"held": "Int64"})


def _of_package(shop: Shop) -> Iterator[tuple[str, list[int]]]:
    """Packages of two products and more, with the columns of theirs."""
    names: dict[str, list[int]] = {}
    for column, product in enumerate(shop.products):
        for name in product.packages:
            names.setdefault(name, []).append(column)
    yield from ((name, columns) for name, columns in sorted(names.items()) if len(columns) > 1)


def _nearly(shop: Shop, columns: list[int], most: int) -> tuple[Flags, Flags]:
    """Who has some of a package and lacks at most so many, all of which she may have; and what each lacks of it."""
    lacks = ~shop.has[:, columns]
    missing = lacks.sum(axis=1)
    free = (~lacks | shop.may[:, columns]).all(axis=1)
    for one, column in enumerate(columns):
        for other in (place for place, each in enumerate(columns) if each in shop.apart.get(column, ())):
            free &= ~(lacks[:, one] & lacks[:, other])
    return (missing > 0) & (missing <= most) & (missing < len(columns)) & free, lacks


def packages(shop: Shop, most: int) -> pd.DataFrame:
    """One row a package."""
    import pandas as pd

    found = []
    for name, columns in _of_package(shop):
        near, lacks = _nearly(shop, columns, most)
        each = lacks[near].sum(axis=0)
        top = int(each.argmax()) if near.any() else -1
        found.append(
            {
                "package": name,
                "products": "、".join(shop.products[column].name for column in columns),
                "size": len(columns),
                "whole": int(shop.has[:, columns].all(axis=1).sum()),
                "some": int(shop.has[:, columns].any(axis=1).sum()),
                "nearly": int(near.sum()),
                "most_lacked": shop.products[columns[top]].name if top >= 0 else None,
                "lacked_by": int(each[top]) if top >= 0 else None,
            }
        )
    names = ["package", "products", "size", "whole", "some", "nearly", "most_lacked", "lacked_by"]
    return pd.DataFrame(found, columns=names).astype({"lacked_by": "Int64"})


def bundles(shop: Shop, most: int) -> pd.DataFrame:
    """One row a customer and package that she nearly has."""
    import pandas as pd

    parts = []
    for name, columns in _of_package(shop):
        near, lacks = _nearly(shop, columns, most)
        at = np.flatnonzero(near)
        named = [shop.products[column].name for column in columns]
        texts = {
            row: "、".join(word for word, lack in zip(named, row, strict=True) if lack)
            for row in set(map(tuple, lacks[at].tolist()))
        }
        own = shop.people.frame.iloc[at][[*_WHO, "scale_amount"]].reset_index(drop=True)
        parts.append(
            own.assign(
                package=name,
                has=(~lacks[at]).sum(axis=1),
                size=len(columns),
                lacks=[texts[row] for row in map(tuple, lacks[at].tolist())],
            )
        )
    if not parts:
        return pd.DataFrame(columns=[*_WHO, "package", "has", "size", "lacks"])
    order = ["holder_id", "scale_amount", "customer_id", "package"]
    rows_ = pd.concat(parts, ignore_index=True)
    return rows_.sort_values(order, ascending=[True, False, True, True], na_position="last", ignore_index=True)


def findings(shop: Shop, products: pd.DataFrame) -> Iterator[Finding]:
    """Products that nobody can have, and prices below their floor."""
    nobody = [
        f"第 {each.row} 行“{each.name}”"
        for each, may in zip(shop.products, shop.may.T, strict=True)
        if not each.wrong and not may.any()
    ]
    if nobody:
        yield several("study.offers-nobody", nobody)
    if not len(products):
        return
    below = products[products["price"].astype("float64") < products["price_floor"].astype("float64")]
    said = [
        f"{name} {price:.3%}（下限 {floor:.3%}）"
        for name, price, floor in zip(below["product"], below["price"], below["price_floor"], strict=True)
    ]
    if said:
        yield several("study.offers-floor", said)


def shop_of(
    people: People,
    shelf: Shelf,
    has: Owned,
    held: Flags,
    may: Flags,
    following: Next,
    found: Pairs,
    kinds: tuple[Sequence[str], npt.NDArray[np.int64], Real],
    strategy: Strategy,
) -> Shop:
    """``kinds``: the kinds of customers, each customer's, and what part of a kind holds each product."""
    own = len(shelf.products)
    score, words = pushed_first(following.score[:, :own], people, shelf, strategy)
    score = np.where(may & ~held[:, :own], score, 0.0)
    return Shop(people, shelf, has, held, may, following, found, *kinds, score, words)

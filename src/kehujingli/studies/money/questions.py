"""What was put in, how, how much, and what came out, how much? The five questions side by side: the whole first, then each group of customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import kehujingli.terms as house
from kehujingli.studies.money.costs import NO_DRIVER, Shared
from kehujingli.studies.money.views import NOBODY
from kehujingli.terms.column import ListColumn, keys

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period

_OUTPUTS = (
    ("存款内部利润", "deposit_profit", 1),
    ("贷款内部利润", "loan_profit", 1),
    ("中收", "fees", 1),
    ("减：预期损失", "expected_loss", -1),
)
COLUMNS = (
    ListColumn("whose", label="哪里", width=22),
    ListColumn("put_in", label="投入什么", width=26),
    ListColumn("way", label="采用什么方式", width=30),
    ListColumn("amount_in", "yuan", "投入多少", width=16),
    ListColumn("came_out", label="产出什么", width=16),
    ListColumn("amount_out", "yuan", "产出多少", width=16),
)


def questions(
    whole: pd.Series,
    groups: pd.DataFrame,
    spent: Shared | None,
    driven: Mapping[tuple[str, str], tuple[int, tuple[str, ...]]],
    ways: Mapping[str, str],
) -> pd.DataFrame:
    """Rows of ``COLUMNS``; a block's last line is what was put in and what came out altogether. ``whole``, ``groups``: as ``views.view`` has them;
    ``driven``: as ``views.Whole`` has it; ``ways``: as ``ways_of`` has them."""
    import pandas as pd

    kinds = None if spent is None else spent.kinds
    drivers = (*house.DRIVERS, NO_DRIVER)
    inputs = [
        (str(row.kind), _by(driver, ways, ""), int(row.cost))
        for driver in drivers
        for row in (kinds[kinds["driver"] == driver].itertuples() if kinds is not None else ())
    ]
    rows = list(_block(house.WHOLE_COUNTY_NAME, inputs, whole))
    for _, own in groups.iterrows():
        group = str(own["group"])
        found = [
            ("、".join(borne), _by(driver, ways, group), cost)
            for driver in drivers
            for cost, borne in (driven.get((group, driver), (0, ())),)
            if cost
        ]
        rows += _block(house.GROUPS.get(group, group), found, own)
    return pd.DataFrame(rows, columns=keys(COLUMNS)).astype({"amount_in": "Int64", "amount_out": "Int64"})


def _block(whose: str, inputs: list[tuple[str, str, int]], own: pd.Series) -> Iterator[tuple[Any, ...]]:
    outputs = [(name, sign * int(own[key])) for name, key, sign in _OUTPUTS]
    for index, (put, out) in enumerate(zip_longest(inputs, outputs)):
        what, way, amount = put or ("", "", None)
        name, came = out or ("", None)
        yield whose if not index else "", what, way, amount, name, came
    yield "", "投入合计", "", sum(amount for *_, amount in inputs), "产出合计", sum(amount for _, amount in outputs)


def _by(driver: str, ways: Mapping[str, str], group: str) -> str:
    if not driver:
        return "没写动因，没有分"
    said = ways.get(group, "") if driver == "visits" else ""
    return f"按{house.DRIVERS[driver]}" + (f"（{said}）" if said else "")


def ways_of(visits: pd.DataFrame | None, classes: pd.DataFrame, period: Period) -> dict[str, str]:
    """Group (the whole under "") → 上门 12 次、电话 5 次, of the month."""
    if visits is None:
        return {}
    own = visits[visits["date"].between(period.first, period.last).fillna(False)]
    group = own["customer_id"].map(classes.drop_duplicates("customer_id").set_index("customer_id")["group"])
    table = own.assign(group=group.fillna(NOBODY), way=own["way"].fillna("没写方式")).groupby(["group", "way"]).size()
    found = {"": table.groupby("way").sum(), **{str(key): part.droplevel(0) for key, part in table.groupby(level=0)}}
    return {
        key: "、".join(
            f"{way} {count:,} 次" for way, count in counts.sort_values(ascending=False, kind="stable").items()
        )
        for key, counts in found.items()
    }

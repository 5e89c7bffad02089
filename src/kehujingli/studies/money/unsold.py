"""What is not sold to her yet? What customers like her bring by products that she does not hold: same 客群, same 户群."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.values import divide_half_up

if TYPE_CHECKING:
    import pandas as pd

NOW = ("now_deposits", "now_loans", "now_fees")
"""What a product brings a year; ``now_loss`` comes off."""


def unsold(rows: pd.DataFrame, classes: pd.DataFrame, peers: int, holders: int) -> tuple[pd.DataFrame, pd.Series]:
    """(one row a kind of customer and product with customers, holders, share, each, gap, unsold; customer_id → unsold, 分).

    ``rows`` as ``worth`` has them: who has a row of a product holds it, whatever it brings. ``each`` is what a holder brings a year on the mean, ``gap`` = share × each, what may be expected of one who
    does not hold it, ``unsold`` = gap × those who do not. Kinds of fewer than ``peers`` customers, products of fewer than ``holders`` holders and
    what brings nothing are left out.
    """
    import pandas as pd

    kind = classes.set_index("customer_id")[["customer_group", "group"]]
    sizes = kind.groupby(["customer_group", "group"], sort=True).size().rename("customers")
    brought = rows[[*NOW]].sum(axis=1) - rows["now_loss"]
    held = rows[["customer_id", "product"]].assign(brought=brought)
    held = held.groupby(["customer_id", "product"], sort=True)["brought"].sum().reset_index()
    held = held.merge(kind.reset_index(), on="customer_id", how="inner")
    keys = ["customer_group", "group", "product"]
    told = held.groupby(keys, sort=True)["brought"].agg(holders="size", total="sum").reset_index()
    told = told.merge(sizes.reset_index(), on=keys[:2], how="left")
    told = told[(told["customers"] >= peers) & (told["holders"] >= holders) & (told["total"] > 0)]
    told = told.assign(
        share=told["holders"] / told["customers"],
        each=divide_half_up(told["total"].to_numpy(), told["holders"].to_numpy()),
        gap=divide_half_up(told["total"].to_numpy(), told["customers"].to_numpy()),
    )
    told["unsold"] = told["gap"] * (told["customers"] - told["holders"])
    whole = told.groupby(keys[:2])["gap"].sum().rename("whole").reset_index()
    own = held.merge(told[[*keys, "gap"]], on=keys, how="inner").groupby("customer_id")["gap"].sum()
    people = kind.reset_index().merge(whole, on=keys[:2], how="left").set_index("customer_id")["whole"].fillna(0)
    left = people.astype("int64") - own.reindex(people.index).fillna(0).astype("int64")
    order = told.sort_values(["unsold", *keys], ascending=[False, True, True, True], ignore_index=True)
    return order.drop(columns="total"), pd.Series(left, name="unsold")

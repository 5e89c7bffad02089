"""How does 计分明细 show its figures: as many decimals as people use, in what they are counted in?"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from kehujingli.workbooks.scores import item_columns, items_said


def _items(style: str, actual: str, counted: str = "") -> pd.DataFrame:
    row = {"item_id": "a", "category": "benefit", "style": style, "counted": counted, "actual": Decimal(actual)}
    return pd.DataFrame([row | {"target": None, "baseline": None}], dtype="object")


def _look(told: pd.DataFrame) -> str:
    return next(column.look for column in item_columns(told) if column.key == "actual")


def test_money_and_shares_are_shown_in_two_decimals_and_stay_exact_in_their_cells() -> None:
    for style, actual, kept in (
        ("money", "3617936", "361.7936"),
        ("ratio", "0.751702", "75.1702"),
        ("money", "5692849.70", "569.28497"),
    ):
        told = items_said(_items(style, actual))
        assert (told["actual"][0], _look(told)) == (Decimal(kept), "mean")


def test_a_bare_number_is_not_rounded_away() -> None:
    assert _look(items_said(_items("number", "0.0025"))) == "number"


def test_a_count_is_called_what_it_counts_and_in_an_older_month_customers() -> None:
    assert items_said(_items("count", "3", "张"))["unit"][0] == "张"
    assert items_said(_items("count", "3").drop(columns="counted"))["unit"][0] == "户"

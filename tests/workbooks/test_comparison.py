"""Does 比对.xlsx say what a figure is of? Money in 元, shares in %, points in 分, whatever way they are kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kehujingli.workbooks.comparison import _shown


@pytest.mark.parametrize(
    ("table", "column", "kept", "style", "said"),
    [
        ("classes", "average_deposit_year", 12_345_678, "", "123,456.78 元"),  # kept in 分
        ("pay", "pay", "1234.5", "", "1,234.50 元"),
        ("items", "actual", "864000.125", "money", "864,000.13 元"),
        ("items", "target", Decimal("0.98"), "ratio", "98.00%"),
        ("items", "actual", "12", "count", "12"),
        ("items", "item_points", "17.5", "money", "17.5 分"),
        ("scores", "score", "97.50", "", "97.50 分"),
        ("pay", "settled", None, "", None),
    ],
)
def test_a_figure_bears_its_unit(table: str, column: str, kept: object, style: str, said: str | None) -> None:
    assert _shown(table, column, kept, style) == said

"""A column of a list is called what the house calls it, unless it says otherwise."""

from __future__ import annotations

from kehujingli.terms.column import ListColumn, headers, keys


def test_a_column_has_the_name_of_the_house_or_its_own() -> None:
    columns = (ListColumn("customer_id", "id"), ListColumn("share", "rate", "占全部贷款"))
    assert keys(columns) == ["customer_id", "share"]
    assert headers(columns) == ["客户号", "占全部贷款"]

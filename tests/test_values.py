"""What is nothing, and what a key is called."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehujingli.values import (
    among,
    as_said,
    enough,
    exactly,
    guarded,
    listed,
    named,
    nearest,
    places,
    round_half_up,
    say,
    unguarded,
)

KEYS = st.one_of(st.none(), st.sampled_from(["01", "1", "", "甲", "乙"]))


@given(
    st.lists(KEYS, max_size=20),
    st.dictionaries(st.sampled_from(["01", "1", "甲"]), st.sampled_from(["张三", "", None, math.nan])),
)
def test_a_key_is_called_as_the_table_has_it_and_nothing_where_it_has_not(
    keys: list[str | None], names: dict[str, str]
) -> None:
    column = pd.Series(keys, dtype="str", index=range(5, 5 + len(keys)), name="branch_id")
    found = named(column, names)
    expected = [names.get(key) if key is not None and isinstance(names.get(key), str) else None for key in keys]
    assert listed(found) == expected
    assert found.index.equals(column.index)


@pytest.mark.parametrize(
    ("value", "whole"),
    [("2.5", 3), ("-2.5", -3), ("2.4999", 2), ("-0.5", -1), ("0", 0), ("123456789012345678.5", 123456789012345679)],
)
def test_a_half_goes_away_from_zero_whatever_it_is_kept_as(value: str, whole: int) -> None:
    assert nearest(Decimal(value)) == nearest(Fraction(value)) == whole
    assert round_half_up(Decimal(value), 0) == whole


@given(st.lists(KEYS, max_size=20), st.lists(KEYS, max_size=8))
def test_a_key_stands_where_it_is_first_and_nothing_stands_nowhere(
    keys: list[str | None], whole: list[str | None]
) -> None:
    expected = [whole.index(key) if key is not None and key in whole else -1 for key in keys]
    for kind in ("str", "object"):
        assert places(pd.Series(keys, dtype=kind), pd.Series(whole, dtype=kind)).tolist() == expected


@given(
    st.lists(KEYS, max_size=20), st.lists(st.one_of(st.sampled_from(["01", "1", "", "甲", "乙"]), st.integers(0, 2)))
)
def test_who_is_among_some_is_so_however_they_are_kept(keys: list[str | None], members: list[str | int]) -> None:
    """Texts only, or numbers among them: 1 is not "1"."""
    expected = [key is not None and key in members for key in keys]
    for some in (members, set(members), pd.Series(members, dtype="object")):
        assert among(pd.Series(keys, dtype="str"), some).tolist() == expected
        assert among(pd.Series(keys, dtype="object"), some).tolist() == expected


def test_a_column_of_nothing_holds_no_key_whatever_its_kind() -> None:
    one, bare = pd.Series(["甲"]), pd.Series([math.nan])
    for nothing in (pd.Series(dtype="int64"), pd.Series(dtype="object"), bare, pd.Series([None])):
        assert places(one, nothing).tolist() == [-1]
        assert places(nothing, one).tolist() == [-1] * len(nothing)


def test_a_quantity_is_said_in_the_unit_of_its_kind() -> None:
    assert [say(Decimal(864_049), "money"), say(Decimal("0.02345"), "ratio")] == ["86.40万", "2.35%"]
    assert [as_said(Decimal(864_049), "money"), as_said(Decimal("0.02345"), "ratio")] == [864_000, Decimal("0.0235")]
    assert [as_said(Decimal("1.23456"), "number"), as_said(Decimal("1.236"), "count")] == [
        Decimal("1.2346"),
        Decimal("1.24"),
    ]


def test_a_line_is_said_as_it_stands_and_what_is_enough_is_not_below_it() -> None:
    told = [
        exactly(Decimal(one), style) for one, style in (("900000", "money"), ("0.9", "ratio"), ("0.00125", "ratio"))
    ]
    assert told == ["90.00万元", "90.00%", "0.125%"]
    assert exactly(Decimal(12_345), "money") == "12345元"
    assert enough(Decimal(864_001), "money") == (864_100, "86.41万元")
    assert enough(Decimal("999.994"), "money") == (1_000, "1000.00元")


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("-86.40", "-86.40"), ("+8613800000000", "'+8613800000000"), ("'甲", "'甲")],
)
def test_what_a_spreadsheet_takes_for_a_formula_is_written_as_text_and_read_back(text: str, written: str) -> None:
    assert (guarded(text), unguarded(written)) == (written, text)

"""How wide is a text? A Chinese character takes two columns, and no line is wider than it may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehujingli.terms.widths import display_width, half_width, padded, wrapped

TEXT = st.text(alphabet="ab1 客户经理，。《", max_size=60)


def test_chinese_is_twice_as_wide() -> None:
    assert display_width("客户A1") == 6
    assert padded("客户", 6) == "客户  "
    assert padded("客户经理", 4) == "客户经理"


@given(TEXT, st.integers(min_value=8, max_value=30))
def test_wrapping_keeps_every_word_within_the_width(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    longest = max((len(word) for word in text.replace("客", " ").split()), default=0)
    assert all(display_width(line) <= max(width, 2 * longest) for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("编号810000000007，存款", 16, ["编号", "810000000007，存", "款"]),
        ("（甲）《乙》−5户", 12, ["（甲）《乙》", "−5户"]),
        ("同期（客户自身）。", 10, ["同期（客户", "自身）。"]),
    ],
)
def test_a_mark_takes_what_it_belongs_to_along_and_a_number_stays_whole(
    text: str, width: int, lines: list[str]
) -> None:
    assert list(wrapped(text, width)) == lines


def test_marks_between_quotes_stay_as_they_were_typed() -> None:
    assert half_width("select ‘甲，乙（1）’， \"丙＝\" from t where a＝'it''s；'") == (
        "select '甲，乙（1）', \"丙＝\" from t where a='it''s；'"
    )

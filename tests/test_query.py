"""Masks and words, without a process."""

from __future__ import annotations

import pytest

from kehujingli import terms
from kehujingli.masks import mask
from kehujingli.query import TABLES, label_of
from kehujingli.widths import display_width, padded


@pytest.mark.parametrize(
    ("value", "kind", "owner", "shown"),
    [
        ("张三丰", "name", "person", "张*"),
        ("东关农资有限公司", "name", "business", "东关***"),
        ("13812341234", "phone", "person", "138****1234"),
        ("330102199001011234", "id_number", "person", "330102********1234"),
        ("M0001", "", "person", "M0001"),
    ],
)
def test_private_values_are_shown_in_part(value: str, kind: str, owner: str, shown: str) -> None:
    assert mask(value, kind, owner) == shown


def test_one_chinese_word_for_one_english_name_in_a_table() -> None:
    for table in terms.TABLES:
        labels = [column.label for column in table.columns]
        assert len(labels) == len(set(labels)), table.key
    assert len(set(TABLES.values())) == len(TABLES)
    assert label_of("classes", "customer_id") == "客户号"


def test_chinese_text_is_two_columns_wide() -> None:
    assert display_width("客户A") == 5
    assert display_width(padded("客户", 10)) == 10

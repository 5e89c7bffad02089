"""Is the vocabulary one English name for one Chinese term?"""

from __future__ import annotations

from collections import Counter

import pytest

from kehujingli import terms


@pytest.mark.parametrize("table", terms.TABLES, ids=lambda table: table.key)
def test_a_header_names_one_column_of_a_table(table: terms.Table) -> None:
    keys = Counter(column.key for column in table.columns)
    names = Counter(name for column in table.columns for name in column.names)
    assert max(keys.values()) == 1
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("table", terms.TABLES, ids=lambda table: table.key)
def test_what_a_table_requires_and_is_keyed_by_it_has(table: terms.Table) -> None:
    for key in {*table.keys, *(key for group in table.requires for key in group)}:
        assert table.has(key), key
    assert not any(table.has(key) and key in {k for group in table.requires for k in group} for key in table.forbids)


def test_tables_have_names_of_their_own() -> None:
    assert len(terms.BY_KEY) == len(terms.BY_LABEL) == len(terms.TABLES)


def test_a_bare_average_is_nobodys_name() -> None:
    assert not [table.key for table in terms.TABLES for column in table.columns if "日均" in column.names]


def test_a_word_for_a_class_means_one_class() -> None:
    for table in terms.TABLES:
        for column in table.columns:
            labels = set(column.codes.values())
            assert labels <= set(column.codes) | {"debit", "credit"}, column.key


def test_a_list_names_its_columns_by_the_houses_terms() -> None:
    assert terms.headers("manager_id", "number", number="serial") == {"manager_id": "工号", "number": "编号"}
    assert terms.words("customer_id", "account_id") == ["客户号", "账号"]


def test_no_column_is_called_as_where_a_row_came_from() -> None:
    """Frames carry ``part``, ``row`` and ``snapshot`` beside the columns of their table."""
    taken = {"part", "row", "snapshot", "source_part", "source_row"}
    assert not [
        f"{table.key}.{column.key}" for table in terms.TABLES for column in table.columns if column.key in taken
    ]

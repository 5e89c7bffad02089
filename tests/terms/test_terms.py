"""Is the vocabulary one English name for one Chinese term?"""

from __future__ import annotations

from collections import Counter

import pytest

from kehujingli import terms
from kehujingli.terms.own import OWN

TWICE = {
    "客户名称": ({"name", "customer_name"}, "an export says name of whatever it lists; a list says whose"),
    "机构名称": ({"name", "branch_name"}, "as 客户名称"),
    "管户姓名": ({"manager_name", "assigned_name"}, "who holds a customer, and who is to hold her by the plan"),
    "管户经理": ({"manager_id", "assigned_manager"}, "as 管户姓名, by number"),
    "贷款余额": ({"balance", "loan_balance"}, "of a loan; of a customer, all her loans together"),
    "年日均": ({"average_year", "average_deposit_year"}, "of an account, as exports say; of a customer, as measured"),
    "月日均": ({"average_month", "average_deposit_month"}, "as 年日均"),
    "上年日均": ({"average_last_year", "average_deposit_last_year"}, "as 年日均"),
    "状态": ({"status", "move"}, "of a thing in an export; what the plan does with a customer"),
    "加减分": ({"points", "adjustment"}, "of one line; of a manager, all lines together"),
    "得分": ({"score", "item_points"}, "of a manager; of one item"),
    "交易日期": ({"date", "day"}, "date is a word of SQL, so that a query asks for day"),
    "来源行": ({"row", "source_row"}, "of a posting; of an account, beside rows of its own"),
    "差额": ({"short", "amount_change"}, "households that cannot be placed; what an amount has changed by"),
    "指标": ({"item", "label"}, "a figure of the month's page has its own key"),
    "指标编号": ({"item_id", "key"}, "as 指标"),
    "缺什么": ({"missing", "lacks"}, "as 指标"),
    "应付期": ({"pay_due_in", "due"}, "in the lines of pay it is the only due"),
    "名目": ({"pay_kind", "kind"}, "in the lines of pay it is the only kind"),
    "人数": ({"staff", "people"}, "whom a branch employs; who of it was scored"),
}
"""Chinese terms that two English names stand for, which scripts and people rely on, and why they are two things."""


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


def test_one_chinese_term_has_one_english_name() -> None:
    keys: dict[str, set[str]] = {}
    told = [(column.label, column.key) for table in terms.TABLES for column in table.columns]
    told += [(term.label, key) for key, term in terms.MADE.items()]
    told += [(term.label, key) for (_, key), term in OWN.items()]
    for label, key in told:
        keys.setdefault(label, set()).add(key)
    assert {label: found for label, found in keys.items() if len(found) > 1} == {
        label: found for label, (found, _) in TWICE.items()
    }


def test_a_list_names_its_columns_by_the_houses_terms() -> None:
    assert terms.headers("manager_id", "number", number="serial") == {"manager_id": "工号", "number": "编号"}
    assert terms.words("customer_id", "account_id") == ["客户号", "账号"]

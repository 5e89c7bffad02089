"""What is a column called, and what does it hold? Of an export, of a list, of what is kept: whoever shows one asks here."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal

from kehujingli.terms.canonical import Column
from kehujingli.terms.classes import CATEGORIES
from kehujingli.terms.made import MADE, ListKind, Privacy, Term
from kehujingli.terms.own import OWN
from kehujingli.terms.tables import BY_KEY, TABLES

REJECT_TOLD = ("问题单元格", "原因", "怎么改")
REJECT_SOURCE = ("来源文件", "来源工作表", "来源行")
REJECT_CODE = "问题编码"
"""Columns of 退回清单.xlsx: what is wrong, which row of which export it is, and the code of the finding."""

ITEM_ACTUALS: Mapping[str, str] = {
    "average_deposit_growth": "存款年日均净增",
    "average_loan_growth": "贷款日均净增",
    "loan_customers_growth": "贷款户数净增",
    "npl_ratio": "责任不良贷款率",
    "new_npl_since_tenure": "接手后新增不良",
    "due_collection_ratio": "到期贷款收回率",
    "interest_collection_ratio": "利息收回率",
    "new_overdue": "逾期新增",
    "deposit_cost": "存款期末加权利率",
    "interest_cost": "付息率",
    "demand_share": "活期占比",
    "fee_income": "中间业务收入",
    "customers_woken": "睡眠户激活",
    "visits_done_ratio": "走访计划完成率",
}
FORMER_ITEMS: Mapping[str, tuple[str, ...]] = {"deposit_cost": ("存款付息率",)}
"""What people's tables may still call an actual."""
ACTUAL_STYLES: Mapping[str, Literal["money", "ratio", "count", "number"]] = {
    "average_deposit_growth": "money",
    "average_loan_growth": "money",
    "loan_customers_growth": "count",
    "npl_ratio": "ratio",
    "new_npl_since_tenure": "money",
    "due_collection_ratio": "ratio",
    "interest_collection_ratio": "ratio",
    "new_overdue": "money",
    "deposit_cost": "ratio",
    "interest_cost": "ratio",
    "demand_share": "ratio",
    "fee_income": "money",
    "customers_woken": "count",
    "visits_done_ratio": "ratio",
}
"""How the program's own actuals are said."""

_KINDS: Mapping[str, ListKind] = {
    "id": "id",
    "money": "yuan",
    "decimal": "number",
    "count": "count",
    "rate": "number",
    "date": "date",
    "flag": "flag",
}


@functools.cache
def term(key: str, table: str = "") -> Term:
    """What the column is: in this table, else wherever it stands. Raises ``KeyError`` for a column that is declared nowhere.

    ``item:<id>`` and ``category:<key>`` are points; an item is called by the scheme.
    """
    if (table, key) in OWN:
        return OWN[table, key]
    prefix, colon, rest = key.partition(":")
    if colon and prefix == "category":
        return Term(CATEGORIES[rest], "points")
    if colon and prefix == "item":
        return Term(rest, "points")
    if table in BY_KEY and BY_KEY[table].has(key):
        return _exported(BY_KEY[table].column(key))
    if key in MADE:
        return MADE[key]
    for known in TABLES:
        if known.has(key):
            return _exported(known.column(key))
    raise KeyError(f"{table}.{key}" if table else key)


def _exported(column: Column) -> Term:
    """A column of an export, once it is kept."""
    codes: dict[str, str] = {}
    for word, code in column.codes.items():
        if not word.isascii():
            codes.setdefault(code, word)
    private: Privacy = column.private
    return Term(column.label, _KINDS.get(column.kind, "text"), codes, private)


def known(key: str, table: str = "") -> Term | None:
    """``term``, or nothing for what exports carry along and nobody declared."""
    try:
        return term(key, table)
    except KeyError:
        return None


def label(key: str, table: str = "") -> str:
    """The Chinese name of a column. Raises ``KeyError``."""
    return term(key, table).label


def said(key: str, table: str = "") -> str:
    """The Chinese name of a column as a head says it: an average with its 口径. Raises ``KeyError``."""
    return term(key, table).said


def headers(*keys: str, **called: str) -> dict[str, str]:
    """Key → Chinese name as a head says it, in this order; ``called``: which term a key of the list stands for, where it is not its own."""
    return {key: said(called.get(key, key)) for key in keys}


def words(*keys: str) -> list[str]:
    """The Chinese names of columns, in this order."""
    return [label(key) for key in keys]

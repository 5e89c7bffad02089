"""Which canonical tables are there, and which one is meant? All that exports may hold, by key and by name."""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.terms.annex_tables import ANNEX_TABLES
from kehujingli.terms.canonical import Table
from kehujingli.terms.events import EVENTS
from kehujingli.terms.pictures import PICTURES
from kehujingli.terms.product_tables import PRODUCT_TABLES
from kehujingli.terms.profile_tables import PROFILE_TABLES
from kehujingli.terms.study_tables import STUDY_TABLES

BESIDE: tuple[Table, ...] = (*STUDY_TABLES, *PROFILE_TABLES, *PRODUCT_TABLES, *ANNEX_TABLES)
"""Those that only studies read."""
TABLES: tuple[Table, ...] = (*PICTURES, *EVENTS, *BESIDE)
OF_SYSTEMS = frozenset(
    {
        "customers",
        "accounts",
        "loans",
        "holdings",
        "transactions",
        "fees",
        "account_interest",
        "applications",
        "ebank",
        "exposures",
        "guarantees",
    }
)
"""Those that a system exports: what is wrong in one is wrong there. The others somebody fills in."""
BY_KEY: Mapping[str, Table] = {table.key: table for table in TABLES}
BY_LABEL: Mapping[str, Table] = {table.label: table for table in TABLES}

TABLES_SAID: Mapping[str, str] = {
    **dict.fromkeys(("客户", "客户数", "客户表"), "customers"),
    **dict.fromkeys(("存款", "存款余额", "账户", "账户表", "存款分户"), "accounts"),
    **dict.fromkeys(("贷款", "贷款余额", "借据", "台账"), "loans"),
    **dict.fromkeys(("流水", "交易", "交易明细"), "transactions"),
    **dict.fromkeys(("名册", "客户经理"), "managers"),
    **dict.fromkeys(("签约",), "holdings"),
    **dict.fromkeys(("中间业务", "中收"), "fees"),
}
"""What people call a table in 对账, besides its label and its key."""


def table_named(said: str) -> str | None:
    """The key of the table that is meant."""
    said = said.strip()
    if said in BY_LABEL:
        return BY_LABEL[said].key
    return said if said in BY_KEY else TABLES_SAID.get(said)

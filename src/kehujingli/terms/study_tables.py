"""Which tables do studies read beside those of a month? Each with its form: units, words to choose from, one example line."""

from __future__ import annotations

from kehujingli.terms.canonical import Table, column

_NOT_OF_CUSTOMERS = ("customer_id", "account_id", "loan_id", "manager_id", "product")

STUDY_TABLES: tuple[Table, ...] = (
    Table(
        "capital",
        "资本",
        (
            column("date", "date", "报表日期|数据日期|日期|统计日期", event=True, example="2026-09-30"),
            column("net_capital", "money", "资本净额|资本净额合计|总资本净额", unit="万元", example="80000", least=1),
            column("tier1_capital", "money", "一级资本净额|核心一级资本净额", unit="万元", example="65000", least=1),
            column("source", "text", "来源报表|来源|报表名称", example="G40 资本充足率汇总表"),
        ),
        (("date",), ("net_capital",), ("tier1_capital",)),
        ("date",),
        forbids=_NOT_OF_CUSTOMERS,
    ),
)

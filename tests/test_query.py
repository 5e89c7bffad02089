"""Masks and words, without a process."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from kehujingli import terms
from kehujingli.query import TABLES, ask, label_of
from kehujingli.widths import display_width, padded
from kehujingli.workspace import Workspace


def test_one_chinese_word_for_one_english_name_in_a_table() -> None:
    for table in terms.TABLES:
        labels = [column.label for column in table.columns]
        assert len(labels) == len(set(labels)), table.key
    assert len(set(TABLES.values())) == len(TABLES)
    assert label_of("classes", "customer_id") == "客户号"


def test_chinese_text_is_two_columns_wide() -> None:
    assert display_width("客户A") == 5
    assert display_width(padded("客户", 10)) == 10


def test_what_is_kept_can_be_asked_in_yuan(two_months: Path) -> None:
    place = Workspace(two_months)
    kept = {path.stem for path in (place.period("2026-10") / "data").glob("*.parquet")}
    assert kept <= set(TABLES)
    figures = dict(ask(place, "2026-10", "select key, value from figures")[1])
    deposits, loans = ask(place, "2026-10", "select sum(average_deposit_year), sum(loan_balance) from classes")[1][0]
    assert (Decimal(figures["deposits"]), Decimal(figures["loans"])) == (deposits, loans)
    owed = Decimal(
        ask(
            place,
            "2026-10",
            "select sum(金额::decimal(18, 2)) from 应付明细 where 名目 in ('预发', '年终清算', '延期支付')",
        )[1][0][0]
    )
    assert owed == Decimal(ask(place, "2026-10", "select sum(pay::decimal(18, 2)) from pay")[1][0][0])
    assert ask(place, "2026-10", "select distinct period from adjustments")[1] == [("2026-10",)]


def test_a_person_of_many_characters_shows_one_of_them(two_months: Path) -> None:
    """The type tells whose name it is, not its length."""
    shown = ask(Workspace(two_months), "2026-10", "select customer_name, customer_type from classes")[1]
    assert {name[1:] for name, kind in shown if kind not in ("business", "public")} == {"*"}
    assert any(name.endswith("***") for name, kind in shown if kind in ("business", "public"))

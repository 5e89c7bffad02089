"""A small bank as the measures see it: linked postings with everything that a core system does to them, and the pictures beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pandas as pd

from kehujingli.measures import Inputs
from kehujingli.periods import Period, day_of
from kehujingli.tables.frames import complete

OCTOBER = Period.of("2026-10")
_TYPES = {
    "customer_id": "varchar",
    "account_id": "varchar",
    "day": "integer",
    "month": "integer",
    "signed": "bigint",
    "amount": "bigint",
    "balance": "bigint",
    "kind": "varchar",
    "memo": "varchar",
    "transaction_id": "varchar",
    "part": "integer",
    "row": "bigint",
    "deposit": "boolean",
    "own": "boolean",
    "reversed": "boolean",
    "channel": "varchar",
    "counterparty_account": "varchar",
    "counterparty_name": "varchar",
    "counterparty_bank": "varchar",
}


@dataclass
class Postings:
    """Rows of the table ``transactions``, added one by one (分); ``other``: account, name and bank of the other side."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(
        self, who: str, day: str, signed: int, balance: int | None = None, kind: str | None = "转账", **more: Any
    ) -> None:
        date = dt.date.fromisoformat(day)
        number = len(self.rows) + 1
        self.rows.append(
            (
                who[:2],
                f"A{who}",
                day_of(date),
                date.year * 12 + date.month - 1,
                signed,
                abs(signed),
                balance,
                kind,
                more.get("memo"),
                more.get("number", f"{number:05d}"),
                0,
                number,
                more.get("deposit", True),
                more.get("own", False),
                more.get("reversed", False),
                more.get("channel"),
                *(more.get("other", (None, None, None))),
            )
        )

    def relation(self, con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        con.execute(f"create table transactions ({', '.join(f'{name} {kind}' for name, kind in _TYPES.items())})")
        con.executemany(f"insert into transactions values ({', '.join('?' * len(_TYPES))})", self.rows)
        return con.table("transactions")


def picture(table: str, *rows: dict[str, Any], day: str = "2026-10-31") -> pd.DataFrame:
    """A table of one day; dates as text."""
    frame = pd.DataFrame(list(rows))
    for name in frame.columns:
        if name.endswith("_on"):
            frame[name] = [None if pd.isna(text) else day_of(dt.date.fromisoformat(text)) for text in frame[name]]
            frame[name] = frame[name].astype("Int64")
    snapshot = day_of(dt.date.fromisoformat(day))
    return complete(table, frame.assign(part=0, row=range(1, len(frame) + 1), snapshot=snapshot))


def bank() -> tuple[Postings, dict[str, Any]]:
    """Ten customers: C1 without, C2 with an account in the picture, and so on; what each is there for stands beside it."""
    # Long: one line a customer's story.
    post = Postings()
    for month in range(1, 11):
        post.add("C1", f"2026-{month:02d}-10", 10_000, 100_000 + 10_000 * month)  # every month, balances in order
    post.add("C1", "2025-06-01", 100, 100_000, memo="支付2026年费用")  # of a year, no 年费
    post.add("C2", "2026-03-21", 4_321, None, "结息")  # interest wakes nobody and is paid
    post.add("C2", "2025-01-01", 1_000_000, None)
    post.add("C2", "2026-09-30", 50_000, None, "养老金")  # passive
    post.add("C2", "2026-10-02", -30_000, None, own=True)
    post.add("C3", "2026-10-05", -70_000, None, reversed=True)
    post.add("C3", "2026-10-05", 70_000, None, "冲正", reversed=True)
    post.add("C3", "2026-10-06", 333, None, None, memo="短信费")
    for signed, balance in ((10, 110), (30, 200), (-5, 105), (-200, 0)):
        post.add("C4", "2026-10-20", signed, balance)  # one day in any order, several ends
    post.add("C4", "2026-10-25", 7, None)  # and a row without a balance behind it
    post.add("C5", "2026-10-01", 100, 100)
    post.add("C5", "2026-10-02", 55, None)
    post.add("C5", "2026-10-03", -100, 0)  # round in a circle: the close is the day before's
    post.add("C5", "2026-10-03", 100, 100)
    post.add("C5", "2026-10-04", 9, None)
    post.add("C6", "2025-11-30", 300_000_000_001, 1_000_000_000_001)  # ten thousand million 元 and a 分
    post.add("C6", "2026-10-31", -1, 1_000_000_000_000)
    post.add("C7", "2026-02-28", 5_000_000, None)  # an account that the newest picture lacks
    post.add("C7", "2026-08-15", -6_000_000, None)
    post.add("C8", "2026-05-05", -120_000, None, "贷款还款", deposit=False)
    post.add("C9", "2025-11-05", 100, 100, number="99")
    post.add("C9", "2025-11-05", -40, 60, number="100")
    accounts = picture(
        "accounts",
        {
            "account_id": "AC2",
            "customer_id": "C2",
            "kind": "demand",
            "balance": 1_024_321,
            "rate": 350,
            "opened_on": None,
            "average_year": 1_000_500,
        },
        {"account_id": "AC3", "customer_id": "C3", "kind": "margin", "balance": 777, "rate": 1_500, "opened_on": None},
        {
            "account_id": "AC0",
            "customer_id": "C0",
            "kind": "term",
            "balance": 5,
            "rate": None,
            "opened_on": "2026-10-20",
        },
    )
    older = picture(
        "accounts",
        {"account_id": "AC7", "customer_id": "C7", "kind": "demand", "balance": 6_000_000, "opened_on": None},
        {"account_id": "AC2", "customer_id": "C2", "kind": "demand", "balance": 1_004_321, "opened_on": None},
        day="2026-06-30",
    )
    loans = picture(
        "loans",
        {"loan_id": "L8", "customer_id": "C8", "balance": 880_000, "five_class": "normal", "status": "on_book"},
        {"loan_id": "L9", "customer_id": "C8", "balance": 20_000, "five_class": "doubtful", "status": None},
        {"loan_id": "L0", "customer_id": "C0", "balance": 1, "five_class": "loss", "status": "written_off"},
    )
    customers = pd.DataFrame({"customer_id": [f"C{number}" for number in range(10)]})
    pictures = {"customers": customers, "accounts": accounts, "loans": loans}
    return post, pictures | {"account_history": pd.concat([older, accounts]), "loan_history": loans}


def inputs(transactions: Any, pictures: dict[str, Any], *, accounts: bool = True) -> Inputs:
    """What is measured; without ``accounts`` the postings alone tell of deposits."""
    return Inputs(
        pictures["customers"],
        transactions,
        pictures["accounts"] if accounts else None,
        pictures["account_history"] if accounts else None,
        pictures["loans"],
        pictures["loan_history"],
    )

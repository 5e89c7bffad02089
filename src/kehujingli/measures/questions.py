"""What is asked of whoever holds the postings? The group-bys of the measures one by one, with what each gives, for a warehouse that no engine reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from kehujingli import terms
from kehujingli.measures.activity import activity
from kehujingli.measures.deposits import flows, interest
from kehujingli.periods import Period
from kehujingli.tables.averages import spans_of

if TYPE_CHECKING:
    from kehujingli.rules import SegmentRules


def _called(key: str) -> str:
    return terms.BY_KEY["transactions"].column(key).label


POSTING = {
    "customer_id": ("VARCHAR", "客户号（多个客户号并为一个的写主号）"),
    "account_id": ("VARCHAR", _called("account_id")),
    "day": ("INTEGER", "交易日期，1970-01-01 起的天数"),
    "month": ("INTEGER", "年 × 12 + 月 − 1"),
    "signed": ("BIGINT", "发生额，分，存入为正、支取为负"),
    "amount": ("BIGINT", "发生额的绝对值，分"),
    "kind": ("VARCHAR", _called("kind")),
    "memo": ("VARCHAR", _called("memo")),
    "deposit": ("BOOLEAN", "动的是存款账户"),
    "own": ("BOOLEAN", "同一客户账户之间互转"),
    "reversed": ("BOOLEAN", "已被冲正的原笔和冲正笔"),
}
"""Column of the table ``transactions`` → its type and what stands in it: what the statements read."""

BESIDE = {
    "balance": ("BIGINT", "账户余额，分，可空"),
    "transaction_id": ("VARCHAR", f"{_called('transaction_id')}，可空"),
    "part": ("INTEGER", "第几个文件或批次，没有写 0"),
    "row": ("BIGINT", "在那里的第几行；同一天又没有流水号的，按它排先后"),
}
"""What linked postings have beside, for the close of a day: of all of them ``measures`` reckons."""


class Question(NamedTuple):
    """``frame``: a narwhals frame of the engine, unasked; ``gives``: what its rows say."""

    name: str
    gives: str
    frame: Any


def questions(transactions: Any, rules: SegmentRules, period: Period) -> Iterator[Question]:
    """The questions of a period. ``transactions``: a narwhals frame of ``POSTING``, with postings up to the period's last day."""
    words, window = rules.activity, rules.window_months
    done, passive = activity(transactions, words.exclude, words.passive, period, window)
    yield Question(
        "activity",
        "每客户一行：活跃月数、活跃天数、窗口内笔数和金额（分）、最近一次业务的日子、窗口内最早一次的日子（没有的是期末后一天）、下月要移出窗口的笔数",
        done,
    )
    yield Question("passive", "每客户一行：窗口内代发、代扣等不是客户主动办的笔数", passive)
    postings = transactions.filter(nw.col("deposit"))
    spans = spans_of(period, window)
    yield Question(
        "accounts",
        "每账户一行：sum_… 是某段第一天起发生额之和，days_… 是段内 Σ 发生额 ×（段末 − 日期 + 1）；"
        "某段积数 =（期末余额 − sum_…）× 天数 + days_…，日均 = 积数 ÷ 天数。"
        f"各段天数：{'，'.join(f'{name} {span.days}' for name, span in spans.items())}",
        flows(postings, spans, [period.last]),
    )
    yield Question(
        "interest", "每客户一行：近 12 个月付给客户的利息（分）", interest(postings, words.interest, period.month - 11)
    )

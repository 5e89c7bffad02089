"""What are signals called, and what is kept of them? Columns of 每月收支, 要看的流水, 信号台账, 信号记录."""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.terms.made import Term

SIGNALS = {
    "past_due": "贷款逾期",
    "outflow": "大额流出",
    "drawdown": "存款下降",
    "inflow": "来款减少",
    "deposit_due": "存款到期",
    "loan_due": "贷款到期",
    "fall": "将降级休眠",
    "other_bank": "常转他行",
    "round_trip": "月末冲时点",
    "salary": "代发出现",
}
"""What a signal may be, the most pressing first."""
SIGNAL_STATES = {"quiet": "没有信号", "raised": "有信号", "listed": "有信号，列给了客户经理"}
_BACK = ("本月", *(f"{step} 个月前" for step in range(1, 13)))
OF_SIGNALS: Mapping[tuple[str, str], Term] = {
    **{("flows", f"in_{step}"): Term(f"{word}进账", "yuan") for step, word in enumerate(_BACK)},
    **{("flows", f"net_{step}"): Term(f"{word}净进", "yuan") for step, word in enumerate(_BACK[:4])},
    **{("flows", f"weighted_{step}"): Term(f"{word}净进积数", "yuan") for step, word in enumerate(_BACK[:4])},
    ("flows", "end_net"): Term("上月末净进", "yuan"),
    ("flows", "start_net"): Term("本月初净进", "yuan"),
    ("flows", "salary"): Term("本月代发", "yuan"),
    ("flows", "largest_out"): Term("本月最大一笔转出", "yuan"),
    ("flows", "salary_months"): Term("有代发的月份", "number"),
    ("flows", "covered"): Term("有流水的月份", "number"),
    ("notable", "sort"): Term(
        "为什么看", codes={"out": "转出", "salary": "代发", "bank": "转他行", "end": "月末进账", "start": "月初出账"}
    ),
    ("notable", "signed"): Term("收付金额", "yuan"),
    ("signal_ledger", "opening"): Term("月初存款", "yuan"),
    **{("signal_ledger", kind): Term(f"{word}信号", codes=SIGNAL_STATES) for kind, word in SIGNALS.items()},
    ("packs", "signs"): Term("有什么信号"),
    ("packs", "reason"): Term("怎么回事"),
    ("packs", "stake"): Term("涉及金额", "yuan"),
    ("packs", "week"): Term("第几周", "count"),
    ("signal_record", "kind"): Term("哪种信号", codes=SIGNALS),
    ("signal_record", "month"): Term("信号月份"),
    ("signal_record", "raised"): Term("信号户数", "count"),
    ("signal_record", "came"): Term("应验户数", "count"),
    ("signal_record", "others"): Term("没有信号的户数", "count"),
    ("signal_record", "happened"): Term("没有信号也发生的户数", "count"),
}

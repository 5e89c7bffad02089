"""What does a month keep? Its tables by the name of their file, and what people call each."""

from __future__ import annotations

from collections.abc import Mapping

KEPT: Mapping[str, str] = {
    "classes": "客户分类",
    "plan": "管户分配",
    "loads": "负荷",
    "branches": "机构汇总",
    "branch_sides": "机构名下",
    "line_parts": "条线归属",
    "accounts": "存款账户",
    "daily_sums": "日发生额",
    "loans": "贷款台账",
    "managers": "客户经理名册",
    "scores": "考核得分",
    "items": "计分明细",
    "pay": "绩效薪酬",
    "contributions": "实绩来源",
    "adjustments": "加减分",
    "ledger": "应付明细",
    "figures": "月报数字",
    "merges": "同一客户",
    "closed_customers": "已销户客户",
    "repeats": "重复流水",
    "counterparties": "流水对手方",
    "crossings": "越线事项",
    "transactions": "交易流水",
    "flows": "每月收支",
    "notable": "要看的流水",
    "signal_ledger": "信号台账",
    "signal_record": "信号记录",
}
"""Tables of a month that may be asked, by what they are called in Chinese."""

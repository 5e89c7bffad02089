"""In what words does 产品目录 ask something of a customer? Types and 客群, figures and their units, signs, clauses that stand for themselves."""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.terms.classes import CUSTOMER_GROUPS, CUSTOMER_TYPES, FIVE_CLASSES

EVERYBODY = ("不限", "全部", "所有", "各类")
NONE = (*EVERYBODY, "无", "-", "—")
"""Of a condition: there is none."""
TYPES: Mapping[str, str] = {
    **{label: key for key, label in CUSTOMER_TYPES.items()},
    **dict.fromkeys(("个人客户", "自然人", "对私"), "person"),
    **dict.fromkeys(("个体户", "个体工商户"), "sole_trader"),
    **dict.fromkeys(("企业", "公司", "对公客户", "企业客户"), "business"),
    **dict.fromkeys(("机关", "事业单位", "机关事业单位"), "public"),
}
"""Words that mean a type and no part of it: 农户 is a 客群, 小微 less than 对公."""
GROUPS: Mapping[str, str] = {label: key for key, label in CUSTOMER_GROUPS.items() if key != "unknown"}
CLASSES: Mapping[str, str] = {
    said: key for key, label in FIVE_CLASSES.items() for said in (label, f"{label}类", f"{label}类贷款")
}
LEVELS = {"低": 1, "中低": 2, "中": 3, "中高": 4, "高": 5}
MEASURES: Mapping[str, str] = {
    "年龄": "age",
    "存款余额": "deposit_balance",
    **dict.fromkeys(("日均存款", "存款日均", "近12个月日均", "近12个月日均存款"), "average_deposit_full"),
    "贷款余额": "loan_balance",
    **dict.fromkeys(("业务规模", "规模"), "scale_amount"),
    **dict.fromkeys(("近12个月金额", "近12个月发生额"), "turnover"),
    "近12个月笔数": "transactions",
    "活跃月数": "active_months",
}
MONEY = ("deposit_balance", "average_deposit_full", "loan_balance", "scale_amount", "turnover")
UNITS: Mapping[str, int] = {"元": 100, "万元": 1_000_000, "万": 1_000_000, "亿元": 10_000_000_000}
COUNTED: Mapping[str, tuple[str, ...]] = {
    "age": ("", "岁", "周岁"),
    "transactions": ("", "笔"),
    "active_months": ("", "个月", "月"),
}
AT_LEAST, AT_MOST = ("不低于", "不少于", "不小于", "至少", "≥", ">=", "满"), ("不高于", "不超过", "不多于", "≤", "<=")
ABOVE, BELOW = ("高于", "大于", "超过", ">"), ("低于", "小于", "少于", "<")
SIGNS = sorted((*AT_LEAST, *AT_MOST, *ABOVE, *BELOW), key=len, reverse=True)
PLAIN: Mapping[str, tuple[str, bool, int]] = {
    "有贷款": ("loan_balance", True, 1),
    "无贷款": ("loan_balance", False, 0),
    "没有贷款": ("loan_balance", False, 0),
    "有存款": ("deposit_balance", True, 1),
}
ALWAYS = ("无逾期", "没有逾期", "未逾期", "无不良", "无不良贷款")
"""What is asked of everybody who is offered anything."""

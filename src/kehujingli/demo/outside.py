"""Whom outside of the county's books do its customers deal with? A few firms and people at other banks, and accounts of their own there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

_FIRMS = ("永盛", "恒达", "金穗", "宏远", "瑞丰", "顺发", "天和", "聚源")
_TRADES = ("化工贸易有限公司", "建材有限责任公司", "农机合作社")
_PEOPLE = ("欧阳建平", "上官文", "司马秀兰", "诸葛永福")
_CLEARING = "财付通支付科技有限公司"
_BANKS = ("中国农业银行", "中国邮政储蓄银行", "中国工商银行")
_MOVED = ("转账存入", "转账支出", "手机银行转账")
_EVERY, _OWN, _CLEARED = 6, 5, 7
"""One customer of so many has a regular partner outside; of those one of so many an own account there, and one a payment institution."""


def other_sides(
    kinds: pd.Series, partners: np.ndarray[Any, Any], owners: np.ndarray[Any, Any], names: pd.Series
) -> pd.DataFrame:
    """Name, account and bank of the other side of each posting, nothing where it has none. ``owners``: the customer's place among ``names``."""
    partner = owners // _EVERY
    outside = kinds.isin(_MOVED).to_numpy() & (partners < 0) & (owners % _EVERY == 0)
    people = [*(f"{name}{trade}" for trade in _TRADES for name in _FIRMS), *_PEOPLE]
    known = np.array(people, dtype=object)[partner % len(people)]
    own, cleared = partner % _OWN == 0, partner % _CLEARED == 1
    number = np.where(own, 50_000 + partner, np.where(cleared, 0, partner % len(people)))
    name = np.where(own, names.to_numpy(dtype=object)[owners], np.where(cleared, _CLEARING, known))
    bank = np.array(_BANKS, dtype=object)[number % len(_BANKS)]
    account = np.array([f"62284800{value:011d}" for value in number], dtype=object)
    told = pd.DataFrame({"counterparty_account": account, "counterparty_name": name, "counterparty_bank": bank})
    return told.where(pd.Series(outside), None)

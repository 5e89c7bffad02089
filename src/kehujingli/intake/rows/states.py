"""Does a column of postings that nobody reads say that some of them never happened? 交易状态 失败, 冲正标志 是: such rows count, and it is told."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from kehujingli import terms

if TYPE_CHECKING:
    import numpy.typing as npt

    from kehujingli.intake.rows.judging import Judging

_OF_A_POSTING = re.compile(r"状态|冲正|冲销|抹[账帐]|撤销|作废|红字|有效|是否成功|成功标志")
_OF_SOMEBODY = re.compile(r"账户|帐户|客户|卡|户口|介质|凭证状态|证件|日期|有效期|时间$")
"""A state of something else than the posting, or a day."""
_NUMBER = re.compile(r"(?:流水|交易)?号$")
"""冲正流水号 and its like: of which posting the row is the reversal."""
_UNDONE = re.compile(
    r"失败|不成功|未成功|撤销|已撤|作废|取消|冲正|被冲|冲销|抹[账帐]|无效|拒绝|退票|挂起|未记账|未入账|处理中|待处理"
)
_DONE = re.compile(r"成功|正常|完成|已入账|已记账|有效|未冲|未撤|未抹|否|无")
_YES, _NO = (
    frozenset(("是", "Y", "y", "1", "√", "T", "true", "TRUE")),
    frozenset(("否", "N", "n", "0", "×", "F", "false")),
)
_FEW = 4


def tell_states(sheet: Judging, cents: npt.NDArray[np.int64]) -> None:
    """One finding a column: which of its words stand in rows that count, how many, 分. ``cents``: the amount of every row."""
    raw = sheet.raw
    if sheet.table.key != "transactions":
        return
    for position, header in enumerate(raw.match.headers):
        name = header.raw.strip()
        if position in raw.match.columns or position in raw.left_out or not _OF_A_POSTING.search(name):
            continue
        if _OF_SOMEBODY.search(name):
            continue
        rows = np.flatnonzero(sheet.rows.kept)
        said = np.array(raw.said(position, rows).to_pylist(), dtype=object)
        counts = Counter(word for word in said.tolist() if word)
        odd = [word for word in counts if _undone(name, word, len(counts))]
        if not odd:
            continue
        hit = rows[np.isin(said, odd)]
        words = "、".join(f"{word} {counts[word]:,} 行" for word in odd[:_FEW]) + ("等" if len(odd) > _FEW else "")
        sheet.say("intake.state-unread", column=name, words=words, count=len(hit), amount=abs(int(cents[hit].sum())))


def _undone(header: str, word: str, kinds: int) -> bool:
    """Whether a word says, or may say, that the posting does not stand. A code is told where the column has several."""
    if _NUMBER.search(header):
        return bool(word.strip("0")) and word not in _NO
    flag = terms.label("status") not in header
    if flag and (word in _YES or word in _NO):
        stands = word in _YES if re.search(r"有效|成功", header) else word in _NO
        return not stands
    if _DONE.search(word) and not re.search(r"不成功|未成功|无效", word):
        return False
    return bool(_UNDONE.search(word)) or (word.isascii() and word.isalnum() and kinds > 1)

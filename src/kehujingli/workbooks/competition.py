"""Sheets 排名变化 and 收入差距 of 考核得分.xlsx: who rose and fell, who is last again, who may change grade; how far incomes are apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.workbooks.house import RED, Book, Column, Highlight, labelled

if TYPE_CHECKING:
    import pandas as pd

_RANKS = [
    labelled("rank_group", width=10),
    labelled("rank", "count", 6),
    Column("of", "共几人", "count", 7),
    labelled("change", "count", 8, called="rank_change"),
    Column("said", "升降", width=8, centre=True),
    labelled("manager_id", "id", 9),
    labelled("name", width=10),
    labelled("branch", width=16, called="branch_name"),
    labelled("grade", width=8),
    Column("reached", "本期评级", width=9),
    labelled("move", width=10, called="grade_move"),
    labelled("score", "points", 9),
    Column("last_for", "连续末位月数", "count", 9),
]
_SPREAD = [
    labelled("measure", width=32, called="item"),
    Column("now", "本期", "number", 24),
    Column("before", "上月", "number", 24),
]


def write_competition(book: Book, told: Mapping[str, pd.DataFrame], *, public: bool) -> None:
    """Add both sheets from the frames ``ranks`` and ``spread``; ``public`` leaves incomes out."""
    ranks = told["ranks"]
    said = ranks["change"].map(lambda change: "▲" if change > 0 else "▼" if change < 0 else "—", na_action="ignore")
    frame = ranks.assign(said=said, move=ranks["move"].map(terms.GRADE_MOVES, na_action="ignore"))
    falling = Highlight('$E5="▼"', RED, "said")
    book.list("排名变化", "客户经理排名变化", "名", _RANKS, frame, freeze=7, highlights=[falling])
    if not public:
        book.list("收入差距", "应发绩效的差距", "", _SPREAD, told["spread"], freeze=1)

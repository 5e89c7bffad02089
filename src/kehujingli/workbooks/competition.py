"""What do the sheets 排名变化 and 收入差距 of 考核得分.xlsx show? Who rose and fell, who is last again, who may change grade; how far incomes are apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.studies.spread import MEASURES
from kehujingli.workbooks.house import RED, Book, Highlight, labelled

if TYPE_CHECKING:
    import pandas as pd

_RANKS = [
    labelled("rank_group", width=10),
    labelled("rank", width=6),
    labelled("of", width=7, table="ranks"),
    labelled("change", "count", width=8, called="rank_change"),
    labelled("said", width=8, table="ranks", centre=True),
    labelled("manager_id", width=9),
    labelled("name", width=10),
    labelled("branch", width=16, called="branch_name"),
    labelled("grade", width=8),
    labelled("reached", width=9, table="ranks"),
    labelled("move", width=10, called="grade_move"),
    labelled("score", width=9),
    labelled("last_for", width=9, table="ranks"),
    labelled("visited", width=8, table="ranks"),
    labelled("quadrant", width=10, table="ranks", centre=True),
]
_SPREAD = [
    labelled("period", width=10),
    *(labelled(key, width=15, table="spread") for key in MEASURES),
]


def write_competition(book: Book, told: Mapping[str, pd.DataFrame], *, public: bool) -> None:
    """Add both sheets from the frames ``ranks`` and ``spread``; ``public`` leaves incomes out."""
    ranks = told["ranks"]
    said = ranks["change"].map(lambda change: "▲" if change > 0 else "▼" if change < 0 else "—", na_action="ignore")
    frame = ranks.assign(
        said=said,
        move=ranks["move"].map(terms.GRADE_MOVES, na_action="ignore"),
        quadrant=ranks["quadrant"].map(terms.DILIGENCE, na_action="ignore"),
    )
    falling = Highlight('$E5="▼"', RED, "said")
    book.list("排名变化", "客户经理排名变化", "名", _RANKS, frame, freeze=7, highlights=[falling])
    if not public:
        book.list("收入差距", "应发绩效的差距", "元、人、倍", _SPREAD, told["spread"], freeze=1)

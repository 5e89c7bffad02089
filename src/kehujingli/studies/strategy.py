"""户群策略：每个户群谁管、多久走访一次、走什么渠道、主推什么？各有多少户，说由客户经理管的有多少还没有客户经理。"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.rules.strategy import Strategy, missing_cells
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import ListColumn, declared

if TYPE_CHECKING:
    import pandas as pd


def strategy(classes: pd.DataFrame, *, strategy: Strategy) -> Answer:
    """``classes`` as a month keeps them. One row a 户群 of the grid, also where the rules leave it out: its words are then empty."""
    import pandas as pd

    groups = classes["group"].astype("object")
    counts = groups.value_counts().reindex(list(terms.GROUPS), fill_value=0)
    bare = groups[classes["holder_id"].isna()].value_counts()
    rows, meant = [], dict.fromkeys(terms.AIMS, 0)
    for group, customers in counts.items():
        row = strategy.get(str(group))
        told = {"group": group, "customers": customers}
        if row is not None:
            meant[row.aim] += int(customers)
            told |= row.in_words | {"who": row.who, "aim": row.aim, "visit_days": row.visit_days}
            told["unheld"] = int(bare.get(group, 0)) if row.who == "manager" else None
        rows.append(told)
    frame = pd.DataFrame(rows, columns=_KEYS).astype({"unheld": "Int64", "visit_days": "Int64"})
    lacking = missing_cells(strategy)
    lines = [f"{label}：{meant[aim]:,} 户" for aim, label in terms.AIMS.items()]
    unheld = int(frame["unheld"].fillna(0).sum())
    more = [f"说由客户经理管的户里，{unheld:,} 户没有客户经理"] if unheld else []
    more += [f"办法里没有写：{'、'.join(lacking)}"] if lacking else []
    return Answer({"strategy": frame}, ["；".join(lines), *more])


_COLUMNS = (
    declared("group", width=22),
    ListColumn("customers", "count", "户数", total=True),
    declared("who"),
    ListColumn("unheld", "count", "没有客户经理", total=True, meaning="办法说由客户经理管，本期没有管户客户经理的户数"),
    ListColumn("visit_days", "count", "走访周期（天）"),
    declared("channel", width=16),
    declared("offer", width=36),
    declared("aim"),
)
_KEYS = [column.key for column in _COLUMNS]
STUDY = Study(
    strategy,
    (StudyList("strategy", "户群策略", _COLUMNS, unit="户"),),
    definitions=(
        ("户群策略", "办法 [strategy] 里每个户群一行：谁管、几天之内至少联系一次、走什么渠道、主推什么、为了什么。"),
        (terms.label("aim"), "保：留住；提：提升往来；唤：唤醒；养：培育。"),
    ),
    examples=("kehujingli strategy", "kehujingli 户群策略 -o 户群策略.xlsx"),
)

"""Which row of which export is meant? By file, sheet and row, by what another answer calls it, or by the number that it bears."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import problem
from kehujingli.intake.ledger import Sheet
from kehujingli.terms.canonical import NUMBER

if TYPE_CHECKING:
    from kehujingli.tables import PeriodTables

_SAID = re.compile(r"《(.+?)》(?:「(.+?)」)?\s*第\s*([\d,]+)\s*行")
_ROW = re.compile(r"(?:第\s*)?([A-Za-z]{0,3})([\d,，]+)(?:\s*行)?")
_NUMBERS = ("transaction_id", "loan_id", "account_id", "document")
_SHOWN = 5


@dataclass(frozen=True)
class Meant:
    """``rows``: part → rows that are one thing; ``others``: part → rows of the same number that it does not rest on."""

    rows: Mapping[int, Sequence[int]]
    others: Mapping[int, Sequence[int]]
    number: str = ""

    @property
    def single(self) -> tuple[int, int] | None:
        """The one part and row, where it is one."""
        pairs = [(part, row) for part, rows in self.rows.items() for row in rows]
        return pairs[0] if len(pairs) == 1 else None


def meant(tables: PeriodTables, words: Sequence[str]) -> Meant:
    """``words``: 文件 工作表 行, 文件 行, 《文件》「工作表」第 n 行, or a 流水号, 借据号, 账号 or 单号 alone. Raises ``option.bad``."""
    said = _SAID.fullmatch("".join(words).strip())
    if said:
        words = [word for word in said.groups() if word]
    if len(words) == 1:
        return _of_number(tables, words[0].strip())
    row = _ROW.fullmatch(words[-1].strip())
    if row is None:
        raise problem(
            "option.bad", option="行", value=words[-1], detail="不是行号", cure="请写成 12，或单元格，如 G12。"
        )
    part = _part(tables.sheets, _bare(words[0]), _bare(words[1]) if len(words) > 2 else "")
    return Meant({part: [int(re.sub("[,，]", "", row[2]))]}, {})


def _bare(word: str) -> str:
    return word.strip().strip("《》「」").replace("\\", "/")


def _part(sheets: Sequence[Sheet], file: str, name: str) -> int:
    files = list(dict.fromkeys(sheet.export.name for sheet in sheets))
    hits = next((found for test in _NAMED if (found := [known for known in files if test(known, file)])), [])
    if len(hits) != 1:
        near = hits or files
        listed = "、".join(near[:_SHOWN]) + (f" 等 {len(near)} 个" if len(near) > _SHOWN else "")
        raise problem(
            "option.bad",
            option="文件",
            value=file,
            detail=f"叫这个名的有 {len(hits)} 个" if hits else "这一期没有读到它",
            cure=f"请从中写一个：{listed}。",
        )
    parts = [part for part, sheet in enumerate(sheets) if sheet.export.name == hits[0]]
    named = [part for part in parts if not name or sheets[part].sheet == name]
    if len(named) != 1:
        there = "、".join(sheets[part].sheet for part in parts)
        raise problem(
            "option.bad",
            option=terms.label("sheet"),
            value=name or "没有写",
            detail=f"《{hits[0]}》里有 {len(parts)} 张表" if not name else f"《{hits[0]}》里没有",
            cure=f"请从中写一张：{there}。",
        )
    return named[0]


_NAMED: tuple[Callable[[str, str], bool], ...] = (
    lambda known, asked: known == asked,
    lambda known, asked: known.endswith(f"/{asked}") or asked.endswith(f"/{known}"),
    lambda known, asked: PurePosixPath(known).stem == asked,
)
"""How a file may be named: as the exports have it, by the end of its path, without its ending."""


def _of_number(tables: PeriodTables, number: str) -> Meant:
    for key in _NUMBERS:
        found = dict(_bearing(tables.sheets, key, number))
        if not found:
            continue
        counted = {
            part: kept
            for part, rows in found.items()
            if (kept := sorted(set(rows) & _counted(tables, tables.sheets[part].table, part, rows)))
        }
        rows = counted or dict([next(iter(found.items()))])
        others = {
            part: left
            for part, every in found.items()
            if (left := [row for row in every if row not in rows.get(part, ())])
        }
        return Meant(rows, others, number)
    raise problem(
        "option.bad",
        option="行",
        value=number,
        detail="这一期的导出里没有这个流水号、借据号、账号或单号",
        cure="也可写 文件 工作表 行号，如 kehujingli explain row 流水/10月.xlsx Sheet1 12。",
    )


def _bearing(sheets: Sequence[Sheet], key: str, number: str) -> Iterator[tuple[int, list[int]]]:
    """Rows whose own number this is: an account of a posting, or the loan of a claim, is what they speak of."""
    import pyarrow.parquet as pq

    for part, sheet in enumerate(sheets):
        if sheet.parquet is None or key not in sheet.columns or not _own(sheet.table, key):
            continue
        rows = pq.read_table(sheet.parquet, columns=["row"], filters=[(key, "==", number)])["row"].to_pylist()
        if rows:
            yield part, sorted(set(rows))


def _own(table: str, key: str) -> bool:
    match key:
        case "transaction_id":
            return table == "transactions"
        case "document":  # a 依据文号 covers many rows
            return any(column is NUMBER for column in terms.BY_KEY[table].columns)
        case _:
            return key in terms.BY_KEY[table].keys


def _counted(tables: PeriodTables, table: str, part: int, rows: Collection[int]) -> set[int]:
    """Which of these rows the period's tables hold."""
    if table == "transactions":
        held = tables.con.execute(
            "select row from transactions where part = $1 and list_contains($2, row)", [part, list(rows)]
        ).fetchall()
        return {row for (row,) in held}
    frame = tables[table]
    return set(frame.loc[frame["part"] == part, "row"].tolist())


def place_of(sheet: Sheet, row: int) -> str:
    """《文件》「工作表」第 n 行."""
    name = f"「{sheet.sheet}」" if sheet.sheet else ""
    return f"《{sheet.export.name}》{name}第 {row:,} 行"

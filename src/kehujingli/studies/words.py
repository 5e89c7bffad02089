"""How is a part called, and where does a row stand? What is each branch or manager called in a table of parts? By number they are told apart, and two that are called alike bear it behind the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


_SHOWN = 5


def words_of(numbers: pd.Series, names: pd.Series, nobody: str) -> pd.Series:
    """One word for each number, row by row: its name (the last one that is told), with the number where another is called so; ``nobody`` without one."""
    numbers = numbers.astype("object").where(numbers.notna() & (numbers != ""), None)
    told = names.astype("object").where(names.notna() & (names != ""), None)
    called = told[numbers.notna()].groupby(numbers[numbers.notna()]).last().dropna()
    alike = called.duplicated(keep=False)
    called[alike] = called[alike] + " " + called.index[alike].astype(str)
    return numbers.map(called).astype("object").fillna(numbers).fillna(told).fillna(nobody)


def rows_of(frame: pd.DataFrame) -> str:
    """Where rows stand in their sheet, the first few of them, for a sentence; nothing where that is not known."""
    if "source_row" not in frame or frame["source_row"].isna().all():
        return ""
    rows = sorted({int(row) for row in frame["source_row"].dropna()})
    return f"（第 {'、'.join(map(str, rows[:_SHOWN]))} 行{' 等' if len(rows) > _SHOWN else ''}）"

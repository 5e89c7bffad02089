"""What is one column of a list that people see? Its key, kind and name, declared once: terminal, JSON, CSV, sheet and ``query`` follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kehujingli.terms.labels import label as label_of

ListKind = Literal["id", "text", "yuan", "wan", "amount", "rate", "count", "points", "date", "number", "change", "flag"]
"""What a value is, in a frame. id, text: text; yuan, wan: 分 as int64 (shown as 元, as 万元); amount: 元 as Decimal; rate: a fraction, shown in %; count, change: whole numbers; points, number: Decimal or float; date: days since 1970; flag: true or false."""
Privacy = Literal["", "name", "id_number", "phone", "text"]
"""What must be masked where nobody asked for it: text is hidden as a whole."""


@dataclass(frozen=True)
class ListColumn:
    """One column. Without ``label`` it is called what the house calls its key; ``codes`` say a stored code in Chinese."""

    key: str
    kind: ListKind = "text"
    label: str = ""
    private: Privacy = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    width: float = 0
    """In characters, at least; 0 is as wide as what it says."""
    total: bool = False
    """Whether a sheet adds it up."""
    printed: bool = True
    """Whether it stands on paper; JSON, CSV and ``query`` have every column."""
    meaning: str = ""
    """What it counts and from what, for 口径 and docs."""

    @property
    def header(self) -> str:
        return self.label or label_of(self.key)


def keys(columns: Iterable[ListColumn]) -> list[str]:
    """Their keys, in order: the columns of the frame."""
    return [column.key for column in columns]


def headers(columns: Iterable[ListColumn]) -> list[str]:
    """Their Chinese names, in order."""
    return [column.header for column in columns]

"""What is one column of a list that people see? Its key, kind and name, declared once: terminal, JSON, CSV, sheet and ``query`` follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kehujingli.terms.labels import label as label_of
from kehujingli.terms.labels import term
from kehujingli.terms.made import ListKind, Privacy


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


def declared(key: str, *, called: str = "", table: str = "", **more: Any) -> ListColumn:
    """The column as the house declares it, or what it is ``called``; ``more`` is what this list has otherwise."""
    own = term(called or key, table)
    return ListColumn(key, **{"kind": own.kind, "label": own.label, "private": own.private, "codes": own.codes, **more})


def keys(columns: Iterable[ListColumn]) -> list[str]:
    """Their keys, in order: the columns of the frame."""
    return [column.key for column in columns]


def headers(columns: Iterable[ListColumn]) -> list[str]:
    """Their Chinese names, in order."""
    return [column.header for column in columns]

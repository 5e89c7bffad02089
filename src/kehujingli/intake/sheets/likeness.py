"""Which header looks most like a column that is not there? By its letters alone: what a person is told, never what is read."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from kehujingli import terms
from kehujingli.intake.sheets.headers import Header
from kehujingli.terms import Column, Table

NEAR = 0.5
"""From here on a header is said to be like a column."""
_HOLDS = 0.3
"""What it adds that the header holds the whole spelling: 账面余额 holds 余额."""


def likeness(column: Column, name: str) -> float:
    """How much a header's name is like the spelling of the column that it is most like: 0 to 1, more where it holds one."""
    return max(
        difflib.SequenceMatcher(None, spelling, name).ratio() + (_HOLDS if spelling in name else 0)
        for spelling in column.names
    )


def core(name: str) -> str:
    """A name without what many end with: 开户 of 开户日期, nothing of 日期."""
    end = next((end for end in terms.COMMON_ENDS if name.endswith(end)), "")
    return name.removesuffix(end)


def means(column: Column, name: str) -> bool | None:
    """Whether a header's name says what a spelling of the column says beside its end; ``None`` where it shares some letters of it only.

    开户时间 says 开户日期; 还款日期 shares one letter with 放款日期; 平台日期 has nothing of 撤并日期.
    """
    cores = [core(spelling) for spelling in column.names]
    if any(len(said) > 1 and said in name for said in cores):
        return True
    own = set(core(name))
    return None if any(own.intersection(said) for said in cores) else False


def nearest_header(table: Table, group: Sequence[str], headers: Sequence[Header]) -> str:
    """The header that looks most like a missing column, or nothing."""
    best, best_score = "", 0.0
    for key in group:
        for name in (header.raw.strip() for header in headers if header.name):
            score = likeness(table.column(key), name)
            if score > best_score:
                best, best_score = name, score
    return best if best_score >= NEAR else ""

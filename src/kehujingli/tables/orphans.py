"""Why does a row point nowhere? Its number may be written another way than where it is looked up, or its other half was refused: the cure is another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.intake.ledger import Sheet

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_LOOKED_AT = 200
"""Different numbers that nobody knows which are looked at."""


def why_orphan(lost: Iterable[str], known: pd.Series[str], where: str, sheets: Sequence[Sheet]) -> Mapping[str, Any]:
    """The facts ``hint`` and ``first`` of a finding on numbers (``lost``) that the table ``where`` does not know; none where nothing can be told."""
    label = terms.BY_KEY[where].label
    numbers = list(dict.fromkeys(lost))[:_LOOKED_AT]
    masked = next((number for number in numbers if "*" in number or "＊" in number), "")
    if masked:
        return {"hint": f"（“{masked}”这样打了星号的认不出是谁）", "first": "请导出不打星号的号码；"}
    pairs = _alike(numbers, known)
    if 2 * len(pairs) > len(numbers):
        here, there = next(iter(pairs.items()))
        said = f"（多半是写法不同：这里是“{here}”，{label}里是“{there}”）"
        return {"hint": said, "first": "请让两边写法一样，导出前把该列设成“文本”；不是写法的，"}
    refused = sum(sheet.rejected for sheet in sheets if sheet.table == where)
    if refused:
        return {"first": f"{label}有 {refused:,} 行退回，先改正这些行；仍找不到的，"}
    return {}


def _alike(numbers: Sequence[str], known: pd.Series[str]) -> dict[str, str]:
    """Number → the one known number that is the same but for letters and noughts in front, blanks and dashes."""
    import pyarrow as pa

    there = pa.array(known.dropna().unique(), pa.string())
    bare: dict[str, str] = {}
    for number, short in zip(numbers, _bare(pa.array(numbers, pa.string())).to_pylist(), strict=True):
        if short:
            bare[number] = short
    shorts = _bare(there)
    found: dict[str, set[str]] = {}
    wanted = set(bare.values())
    for place, short in enumerate(shorts.to_pylist()):
        if short in wanted:
            found.setdefault(short, set()).add(there[place].as_py())
    return {number: next(iter(found[short])) for number, short in bare.items() if len(found.get(short, ())) == 1}


def _bare(numbers: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.replace_substring_regex(pc.replace_substring_regex(numbers, r"[^0-9A-Za-z]", ""), r"^[A-Za-z]*0*", "")

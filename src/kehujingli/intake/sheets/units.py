"""In which unit is the money of a whole table? Told by the lines outside its columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from kehujingli import terms
from kehujingli.intake.sheets.headers import BRACKETED, SPACES, unit_of

_SAID = re.compile(
    r"单位\s*(?:均?为|统一为|是|:)?\s*(?:人民币\s*)?([^\s:;。]+)|以\s*(?:人民币)?\s*([百千万亿]{0,2}元)\s*(?:为单位|计|列示|表示|填列)|金额均?[为是]\s*([百千万亿]{0,2}元)"
)
_PARTS = re.compile(r"[、,/()\[\]【】〔〕和及]+")


def units_in_titles(titles: Sequence[str]) -> tuple[str, ...]:
    """The units of money that lines outside the columns give for all of them: 单位：万元、户, （万元）, 单位 beside 万元."""
    text = unicodedata.normalize("NFKC", "\n".join(titles))
    said = [unit_of(part) for found in _SAID.findall(text) for part in _PARTS.split("".join(found)) if part]
    for line in text.split("\n"):
        for inner in (*BRACKETED.findall(line), line):
            parts = [unit_of(part) for part in _PARTS.split(SPACES.sub("", inner)) if part]
            said += parts if all(parts) else []
    return tuple(dict.fromkeys(unit for unit in said if unit in terms.UNITS))

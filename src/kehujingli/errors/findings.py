"""How is a finding said? Its kind's sentence and cure filled with facts, its place, how many and how much; what wants a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kehujingli.errors.catalogue import KINDS
from kehujingli.errors.kinds import Exit


@dataclass(frozen=True)
class Spot:
    """One place of a finding: a cell and what stands in it."""

    cell: str
    value: str = ""
    amount: int | None = None  # 分


@dataclass(frozen=True)
class Finding:
    """Something a person should know. Many of one kind in one sheet are one finding with ``count`` and ``spots``."""

    code: str
    level: str
    message: str
    cure: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""
    count: int = 1
    amount: int | None = None  # 分
    spots: tuple[Spot, ...] = field(default=())
    line: int | None = None
    """Of a text file, from 1."""

    @property
    def text(self) -> str:
        return self.message + self.cure

    def record(self) -> dict[str, Any]:
        """As JSON: the keys of the contract, and what else is known."""
        record: dict[str, Any] = {
            "code": self.code,
            "level": self.level,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "value": self.value,
            "message": self.message,
            "cure": self.cure,
            "count": self.count,
        }
        if self.amount is not None:
            record["amount"] = yuan(self.amount)
        if len(self.spots) > 1:
            record["cells"] = [spot.cell for spot in self.spots]
        return record


class Problem(Exception):
    """The command stops. Carries one or more findings of level ``error`` and the exit code."""

    def __init__(self, findings: Iterable[Finding], exit: Exit) -> None:
        self.findings = tuple(findings)
        self.exit = exit
        super().__init__("\n".join(finding.text for finding in self.findings))


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def yuan(cents: int) -> str:
    """120456000 → 1204560.00, as money stands in JSON."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def yuan_grouped(cents: int) -> str:
    """120456000 → 1,204,560.00, as money stands in a sentence."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def place(file: str, sheet: str = "", cell: str = "") -> str:
    """《贷款台账.xlsx》「台账」B12; a text file has no sheet: 《流水.csv》第 20,417 行."""
    where = f"《{file}》" if file else ""
    if sheet:
        where += f"「{sheet}」"
    return where + cell


def finding(
    code: str, /, *, count: int = 1, amount: int | None = None, spots: Iterable[Spot] = (), **facts: Any
) -> Finding:
    """A finding of the catalogue, its sentence filled with ``facts``; file, sheet, cell and value are kept as fields too."""
    kind = KINDS[code]
    known = _Facts(facts)
    known["count"] = f"{count:,}"
    if amount is not None:
        known.setdefault("amount", yuan_grouped(amount))
    file, sheet, cell = (str(facts.get(key, "")) for key in ("file", "sheet", "cell"))
    known.setdefault("place", place(file, sheet, cell))
    known.setdefault("cells", f"{cell} 等 {count:,} 格" if count > 1 else cell)
    return Finding(
        code,
        kind.level,
        kind.sentence.format_map(known),
        kind.cure.format_map(known),
        file,
        sheet,
        cell,
        str(facts.get("value", "")),
        count,
        amount,
        tuple(spots),
    )


def problem(code: str, /, **facts: Any) -> Problem:
    """The exception that stops a command, from the catalogue."""
    return Problem([finding(code, **facts)], KINDS[code].exit)


def needs_person(findings: Iterable[Finding], accepted: Iterable[str] = ()) -> bool:
    """Whether the run ends with 1: a note does not count, a known finding does not either."""
    return any(item.level != "note" and not is_known(item, accepted) for item in findings)


def is_known(item: Finding, accepted: Iterable[str]) -> bool:
    """Whether an entry of ``--accept`` names this finding: its code alone, or its code and words that its place or sentence holds.

    A cell names a finding of that one cell, not one of many cells of which it is the first.
    """
    said = " ".join((item.file, item.sheet, item.value, item.message, item.cell if item.count == 1 else ""))
    if item.count > 1 and item.cell:
        said = said.replace(item.cell, "")
    for entry in accepted:
        code, *words = entry.split()
        if code == item.code and all(word in said for word in words):
            return True
    return False


def at(item: Finding, file: str) -> Finding:
    """The same finding told of another file name (a cached part read under its present name), in the line that it says to write too."""
    before, after = (f"file = {json.dumps(name, ensure_ascii=False)[:-1]}" for name in (item.file, file))
    message, cure = item.message.replace(f"《{item.file}》", f"《{file}》"), item.cure.replace(before, after)
    return replace(item, file=file, message=message, cure=cure)


def brief(group: Sequence[Finding]) -> str:
    """Findings of one kind in a few words, for the line 请人看."""
    count = sum(told.count for told in group)
    amount = sum(told.amount or 0 for told in group)
    words = KINDS[group[0].code].brief
    if not words:
        return f"{'退回' if group[0].level == 'refused' else '请核'} {count:,} 处（{group[0].code}）"
    people = len({told.value for told in group if told.value}) + sum(told.count for told in group if not told.value)
    return words.format(count=f"{count:,}", people=f"{people:,}", amount=yuan_grouped(amount), files=len(group))


def mismatch(
    what: str, read: int, book: str, claimed: int, *, cure: str, where: str = "", money: bool = True, **facts: Any
) -> Finding:
    """The finding ``recon.mismatch``: what was read, what the book says, and by how much they differ."""

    def said(value: int) -> str:
        return f"{yuan_grouped(value)} 元" if money else f"{value:,} 行"

    by = abs(read - claimed)
    share = f"（{by / abs(claimed):.4%}）" if claimed else ""
    return finding(
        "recon.mismatch",
        what=what,
        read=said(read),
        book=book,
        claimed=said(claimed),
        more="少" if read < claimed else "多",
        by=said(by),
        share=share,
        where=where,
        cure=cure,
        amount=by if money else None,
        **facts,
    )


def bad_name(name: str) -> Problem:
    """``place.name-bad`` for a name of the file system whose bytes are no UTF-8, with what it would be in GBK."""
    raw = name.encode("utf-8", "surrogateescape")
    try:
        like = f"（像是 GBK 的“{raw.decode('gb18030')}”）"
    except UnicodeDecodeError:
        like = ""
    return problem("place.name-bad", path=raw.decode("utf-8", "backslashreplace"), like=like)

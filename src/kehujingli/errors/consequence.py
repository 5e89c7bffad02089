"""What follows from a finding? What keeps people from a score first, then rows that were not taken, figures that may be wrong, duties, doubts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kehujingli.errors.findings import Finding

CONSEQUENCES = ("不能计分", "没有采用", "得分、绩效或管户受影响", "须按规定办理", "数据存疑", "提示")
"""In the order in which a person should look at them."""
UNSCORED, NOT_TAKEN, FIGURES, DUTIES, DOUBTS, NOTES = range(6)
_STOPPING = frozenset(
    {
        "score.no-target",
        "score.no-actual",
        "score.no-baseline",
        "score.carry-unknown",
        "score.no-scheme",
        "score.two-schemes",
    }
)
_BY_ROOM: Mapping[str, int] = {
    "score": FIGURES,
    "assign": FIGURES,
    "close": FIGURES,
    "table.missing": FIGURES,
    "table.no-rows": FIGURES,
    "table.snapshot-later": FIGURES,
    "table.snapshot-part": FIGURES,
    "recon.mismatch": FIGURES,
    "loan": DUTIES,
    "assign.borrower-unmanaged": DUTIES,
}
"""A code, or all of one subject."""
_SAID_UNSCORED = "未计分"


def stops_scores(told: Finding) -> bool:
    """Whether somebody has no score because of it: what the rules settle otherwise (零分, 不计此项) stops nobody."""
    return told.code in _STOPPING and (_SAID_UNSCORED in told.message or "不出得分" in told.message)


def consequence(told: Finding) -> int:
    """Its place among ``CONSEQUENCES``."""
    if told.level == "note":
        return NOTES
    if stops_scores(told):
        return UNSCORED
    if told.level == "refused":
        return NOT_TAKEN
    return _BY_ROOM.get(told.code, _BY_ROOM.get(told.code.split(".")[0], DOUBTS))


def by_consequence(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings of one kind together, the gravest consequence first; within one the order in which they were found."""
    kinds: dict[str, list[Finding]] = {}
    for told in findings:
        kinds.setdefault(told.code, []).append(told)
    return sorted(kinds.values(), key=lambda group: min(map(consequence, group)))

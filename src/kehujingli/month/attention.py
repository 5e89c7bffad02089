"""Who has no score, and why; what else needs a look? The words after 请人看, by consequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Finding, brief, is_known
from kehujingli.errors.consequence import by_consequence, stops_scores

if TYPE_CHECKING:
    from kehujingli.incentive import Scores

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_SHOWN = 5
_CAUSES = 2


@dataclass(frozen=True)
class Unscored:
    """A cause for which people have no score: ``item`` as the scheme calls it, ``people`` their numbers."""

    item: str
    cause: str
    people: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        return {"item": self.item, "cause": self.cause, "managers": list(self.people)}


def unscored(scores: Scores | None) -> list[Unscored]:
    """Causes and the people they keep from a score, that of most people first; one person may have several."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for manager in scores.withheld if scores is not None else ():
        items = [(item.item.label, item.working) for item in manager.items if item.status == "withheld"]
        for item, why in items or [("", reason) for reason in manager.withheld]:
            found.setdefault((item, why.removesuffix("，未计分")), {})[manager.manager_id] = None
    causes = [Unscored(item, cause, tuple(people)) for (item, cause), people in found.items()]
    return sorted(causes, key=lambda cause: -len(cause.people))


def attention_lines(
    findings: Sequence[Finding],
    accepted: Sequence[str] = (),
    causes: Sequence[Unscored] = (),
    period: str = "",
) -> list[str]:
    """What needs a look, by consequence, many of one kind in a word. Known findings are only counted.

    ``causes``: who has no score. They come first, and the findings that tell of them are not said again.
    """
    looked = [told for told in findings if told.level != "note"]
    fresh = [told for told in looked if not is_known(told, accepted)]
    known = len(looked) - len(fresh)
    aside = f"（已知的 {known} 条不列）" if known else ""
    stopping = [told for told in looked if stops_scores(told)]
    told_first = bool(causes) and not (stopping and all(is_known(told, accepted) for told in stopping))
    groups = by_consequence(told for told in fresh if not (told_first and stops_scores(told)))
    words = [*([_without_score(causes)] if told_first else []), *map(brief, groups)]
    if not words:
        return [f"请人看  没有{aside}"]
    shown = [f"{_CIRCLED[index]} {said}" for index, said in enumerate(words[:_SHOWN])]
    more = f" 等 {len(words)} 类" if len(words) > _SHOWN else ""
    lines = [f"请人看  {' '.join(shown)}{more}{aside}"]
    return [*lines, f"怎么办  kehujingli findings {period}"] if period else lines


def _without_score(causes: Sequence[Unscored]) -> str:
    """27 人未计分：缺 2026-09 的走访计划户数（走访计划完成率）."""
    people = {who for cause in causes for who in cause.people}
    few = [
        f"{cause.cause}{f'（{cause.item}）' if cause.item else ''}"
        + (f" {len(cause.people)} 人" if len(cause.people) < len(people) else "")
        for cause in causes[:_CAUSES]
    ]
    return f"{len(people)} 人未计分：{'；'.join(few)}{'等' if len(causes) > _CAUSES else ''}"


def records(causes: Sequence[Unscored]) -> list[Mapping[str, Any]]:
    """As kept beside a period and as ``--json`` has it."""
    return [cause.record() for cause in causes]

"""What did each applicant of a round score? The parts by their weights, exact, with pass marks and an order without ties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from kehujingli.errors import Finding
from kehujingli.rules.schemes import Fraction as Share
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.studies.placing import at, several
from kehujingli.values import missing, nearest, plain

if TYPE_CHECKING:
    import pandas as pd

FULL = Decimal(100)
Points = Annotated[Decimal, Field(ge=0, le=100)]


class Rules(Strict):
    """选拔。各科先换算成百分制，按权重合成综合得分；及格线也按百分制。"""

    weights: dict[str, Share] = Field(
        {"理论": Decimal("0.60"), "业绩": Decimal("0.30"), "技能": Decimal("0.10")},
        description="各科权重,合计是 1",
    )
    pass_marks: dict[str, Points] = Field({"理论": Decimal(70)}, description="各科及格线,不写的科目不设")
    pass_total: Points = Field(Decimal(60), description="综合得分的及格线")
    ties: tuple[str, ...] = Field(("业绩",), description="综合得分相同的依次比哪几科;还相同的按工号,并说出来")
    digits: int = Field(2, ge=0, le=4, description="综合得分取到几位小数,四舍五入")
    performance: str = Field("", description="哪一科可以用当月考核得分代替没有的成绩;不写就不代")
    unlisted: bool = Field(True, description="机构自己排了序的,没排到的人是否按得分接在后面;false 是不要")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(self.weights.values()) != 1:
            told = f"各科权重合计是 {plain(sum(self.weights.values(), Decimal(0)))}，要是 1"
            raise refused("rules.bad-value", key="weights", value="、".join(self.weights), detail=told)
        named = {"pass_marks": tuple(self.pass_marks), "ties": self.ties, "performance": (self.performance,)}
        for key, parts in named.items():
            strange = [part for part in parts if part and part not in self.weights]
            if strange and key in self.model_fields_set:
                raise refused("rules.bad-value", key=key, value=strange[0], detail="weights 里没有这一科")
        return self


@dataclass
class Candidate:
    """An applicant: the parts in hundredths of their full marks, the score of all (none while a part is lacking), why not passed."""

    applicant_id: str
    name: str = ""
    parts: dict[str, Fraction] = field(default_factory=dict)
    total: Decimal | None = None
    short: str = ""

    def order(self, ties: Iterable[str]) -> tuple[Any, ...]:
        """The best first; the applicant's number parts those whom nothing else does."""
        return (*self.level(ties), self.applicant_id)

    def level(self, ties: Iterable[str]) -> tuple[Any, ...]:
        return (-(self.total or 0), *(-self.parts.get(part, Fraction(0)) for part in ties))


def candidates(
    exam: pd.DataFrame, scores: pd.DataFrame | None, rules: Rules
) -> tuple[dict[str, Candidate], list[Finding]]:
    """Applicants by their number, and what was wrong with the rows of ``exam`` (one round). ``scores``: manager_id and score of the month."""
    told = _Told()
    found: dict[str, Candidate] = {}
    clashing: set[tuple[str, str]] = set()
    for row in exam.to_dict("records"):
        who, part = str(row["applicant_id"]), str(row["subject"]).strip()
        one = found.setdefault(who, Candidate(who))
        one.name = one.name or ("" if missing(row.get("name")) else str(row["name"]))
        share = _share(row, who, part, rules, told)
        if share is None or (who, part) in clashing:
            continue
        if one.parts.setdefault(part, share) != share:
            clashing.add((who, part))
            del one.parts[part]
            told.add("study.select-mark-twice", f"{who} {part}")
    _add_month(found, scores, clashing, rules)
    for one in found.values():
        _judge(one, rules, told)
    return found, told.findings()


class _Told:
    """Rows by what is wrong with them."""

    def __init__(self) -> None:
        self.by_code: dict[str, list[str]] = {}

    def add(self, code: str, who: str) -> None:
        self.by_code.setdefault(code, []).append(who)

    def findings(self) -> list[Finding]:
        return [several(code, who) for code, who in self.by_code.items()]


def _share(row: Mapping[Any, Any], who: str, part: str, rules: Rules, told: _Told) -> Fraction | None:
    """The score in hundredths of the full mark; nothing, and told, where it does not count."""
    named = f"{at(row)}{who} {part}"
    if part not in rules.weights:
        told.add("study.select-part-unknown", named)
        return None
    if missing(row["score"]) or missing(row.get("approved_by")) or not str(row["approved_by"]).strip():
        told.add("study.select-unapproved", named)
        return None
    full = FULL if missing(row.get("full")) else Decimal(str(row["full"]))
    score = Decimal(str(row["score"]))
    if full <= 0 or not 0 <= score <= full:
        told.add("study.select-over-full", f"{named} {plain(score)}（满分 {plain(full)}）")
        return None
    return Fraction(score) / Fraction(full) * 100


def _add_month(
    found: Mapping[str, Candidate], scores: pd.DataFrame | None, clashing: set[tuple[str, str]], rules: Rules
) -> None:
    """The month's score stands in for the part of performance where there is no mark; more than full marks are full marks."""
    if scores is None or not rules.performance:
        return
    for who, score in zip(scores["manager_id"], scores["score"], strict=True):
        one = found.get(str(who))
        if one is not None and not missing(score) and (one.applicant_id, rules.performance) not in clashing:
            own = min(max(Fraction(str(score)), Fraction(0)), Fraction(100))
            one.parts.setdefault(rules.performance, own)


def _judge(one: Candidate, rules: Rules, told: _Told) -> None:
    lacking = [part for part, weight in rules.weights.items() if weight and part not in one.parts]
    if lacking:
        one.short = f"没有可用的{'、'.join(lacking)}成绩，不排名次"
        told.add("study.select-part-lacking", f"{one.applicant_id} {'、'.join(lacking)}")
        return
    whole = sum((one.parts[part] * Fraction(weight) for part, weight in rules.weights.items() if weight), Fraction(0))
    one.total = rounded(whole, rules.digits)
    below = [
        f"{part} {plain(short_of(one.parts[part], rules.digits))} 分，不到及格线 {plain(least)} 分"
        for part, least in rules.pass_marks.items()
        if part in one.parts and one.parts[part] < Fraction(least)
    ]
    if one.total < rules.pass_total:
        below.append(f"综合 {plain(one.total)} 分，不到及格线 {plain(rules.pass_total)} 分")
    one.short = "；".join(below)


def rounded(value: Fraction, digits: int) -> Decimal:
    """Half away from zero, to so many decimals."""
    return Decimal(nearest(value * 10**digits)).scaleb(-digits)


def short_of(value: Fraction, digits: int) -> Decimal:
    """What is below a line is cut off, not rounded: rounded it could be the line."""
    return Decimal(value * 10**digits // 1).scaleb(-digits)

"""目标分解：全行的任务怎样分到机构和人？按上年实绩和潜力分，有上下限，各人合计就是全行，不层层加码。"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from kehujingli import terms
from kehujingli.errors import Finding, finding, problem
from kehujingli.rules.schemes import Fraction as Share
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.studies.pay.goals import WAN, Goals, Thing, goals
from kehujingli.studies.placing import several
from kehujingli.studies.portions import portions
from kehujingli.studies.study import Answer, Option, Study, StudyList
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import listed, missing, over_one, plain, round_half_up

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period

_MONTHS = 12
Weight = Annotated[Decimal, Field(ge=0)]
Step = Annotated[Decimal, Field(gt=0)]


class Rules(Strict):
    """目标分解。权重 = base × 占上年实绩的份 + potential × 占折算户的份。"""

    base: Weight = Field(Decimal("0.7"), description="上年实绩占多少权重")
    potential: Weight = Field(Decimal("0.3"), description="潜力(方案后负荷,折算户)占多少权重")
    cap: Weight = Field(Decimal("0.30"), description="最多比上年实绩多几成;没有实绩的不设")
    floor: Share = Field(Decimal("0.30"), description="最多比上年实绩少几成;没有实绩的不设")
    money_step: Step = Field(Decimal(1), description="金额的任务取到几万元的整数倍")
    step: Step = Field(Decimal(1), description="其他任务取到几户、几笔的整数倍")
    season: tuple[Weight, ...] = Field((Decimal(1),) * _MONTHS, description="一至十二月各几份,按合计折算成进度")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.base + self.potential:
            raise refused("rules.bad-value", key="base", value="0", detail="base 和 potential 不能都是 0")
        if len(self.season) != _MONTHS or not sum(self.season):
            said = "、".join(map(plain, self.season))
            raise refused("rules.bad-value", key="season", value=said, detail="要写十二个月，不能都是 0")
        return self


def allocation(
    targets: pd.DataFrame,
    items: pd.DataFrame,
    scores: pd.DataFrame,
    branches: pd.DataFrame,
    loads: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
    year: int | None = None,
) -> Answer:
    """``targets`` as its table has them; ``items``, ``scores``, ``branches``, ``loads`` as a month keeps them. What comes out is in 万元 or the item's unit."""
    scored, things = _scored(items)
    if year is not None and not 1900 <= year <= 2999:
        raise problem("option.bad", option="--year", value=str(year), detail="不是年份", cure="请写年份，如 2027。")
    asked = goals(targets, things, period.year, year)
    homes, torn = _homes(scores)
    names = dict(zip(branches["branch_id"], branches["branch_name"], strict=True))
    room: dict[str, Fraction] = {}
    if loads is not None:
        for who, load in zip(loads["manager_id"], loads["load_after"], strict=True):
            room[who] = room.get(who, Fraction(0)) + (Fraction(0) if missing(load) else Fraction(str(load)))
    told: list[Finding] = []
    people: list[dict[str, Any]] = []
    for label, whole in sorted(asked.whole.items()):
        mine, thing = scored.get(label, {}), things[label]
        rows, wrong = _split(thing, whole, mine, room, rules)
        for row in rows:
            where = homes.get(row["manager_id"])
            given = asked.people.get(label, {}).get(row["manager_id"])
            people.append(row | {"branch_id": where, "branch_name": names.get(where), "given": given})
        told += wrong
    told += _warned(asked, people, period)
    manned = set(homes.values())
    if asked.whole and (empty := [str(names[one] or one) for one in names if one not in manned]):
        told.append(several("study.allocation-branch-empty", sorted(empty)))
    if asked.whole and torn:
        told.append(several("study.allocation-posts", torn))
    sums, season = _branches(people, asked), _season(rules)
    frames = {
        "allocation_targets": _frame([row | {"period": str(asked.year)} for row in people], _TARGETS),
        "allocation_managers": _frame(people, _MANAGERS),
        "allocation_branches": _frame(sums, _BRANCHES),
        "allocation_items": _frame(_items(people, asked), _ITEMS),
        "allocation_months": _frame([row | _by_month(row, season) for row in people], _BY_MONTH),
    }
    lines = [f"{asked.year} 年：{len(asked.whole):,} 项全行任务分到 {len(homes):,} 人、{len(manned):,} 个机构"]
    lines += [_line(label, whole, things[label], people) for label, whole in sorted(asked.whole.items())]
    return Answer(frames, lines if asked.whole else [f"{asked.year} 年没有可以分的全行任务"], [*asked.findings, *told])


def _scored(items: pd.DataFrame) -> tuple[dict[str, dict[str, Any]], dict[str, Thing]]:
    """Item → manager → actual, and what each name of an item means; targets that are fixed are nobody's to split."""
    names = ("item", "item_id", "style", "manager_id", "actual", "target_span")
    columns = [listed(items[name]) if name in items else [None] * len(items) for name in names]
    actuals: dict[str, dict[str, Any]] = {}
    things: dict[str, Thing] = {}
    for item, number, style, who, actual, span in zip(*columns, strict=True):
        if span == "fixed":
            continue
        things[str(item)] = things[str(number)] = Thing(str(item), str(style))
        actuals.setdefault(str(item), {})[str(who)] = actual
    return actuals, things


def _homes(scores: pd.DataFrame) -> tuple[dict[str, str], list[str]]:
    """Manager → the branch that bears the target: the one of most days on duty in the month, of equal ones the first number; and who has several."""
    days = scores.groupby(["manager_id", "branch_id"], as_index=False)["duty_days"].sum()
    days = days.sort_values(["manager_id", "duty_days", "branch_id"], ascending=[True, False, True], kind="stable")
    several_posts = days.loc[days["manager_id"].duplicated(), "manager_id"].drop_duplicates()
    first = days.drop_duplicates("manager_id")
    return dict(zip(first["manager_id"], first["branch_id"], strict=True)), sorted(map(str, several_posts))


def _line(label: str, whole: Decimal, thing: Thing, people: list[dict[str, Any]]) -> str:
    rows = [row for row in people if row["item"] == label]
    base = sum((row["reached"] or Decimal(0) for row in rows), Decimal(0))
    unit = f" {thing.unit}" if thing.unit else ""
    return f"{label}：{plain(whole)}{unit}，实绩 {plain(round_half_up(base, 2))}{unit}，{len(rows):,} 人各一份，合计等于全行"


def _split(
    thing: Thing, whole: Decimal, actuals: Mapping[str, Any], room: Mapping[str, Fraction], rules: Rules
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """A row each, by number: reached, potential, weight, limits, portion."""
    told = []
    step = rules.money_step if thing.style == "money" else rules.step
    if whole % step:
        step = Decimal(1).scaleb(min(int(whole.normalize().as_tuple().exponent), 0))
        told.append(finding("study.allocation-step", item=thing.label, target=plain(whole), step=plain(step)))
    who = sorted(actuals)
    by = WAN if thing.style == "money" else Decimal(1)
    reached = [None if missing(actuals[one]) else Decimal(str(actuals[one])) / by for one in who]
    base = [max(Fraction(value or 0), Fraction(0)) for value in reached]
    weights = _weights(base, [room.get(one, Fraction(0)) for one in who], rules)
    low, high = (share / Fraction(step) for share in (1 - Fraction(rules.floor), 1 + Fraction(rules.cap)))
    least = [math.ceil(value * low) for value in base]
    most = [math.floor(value * high) if value else None for value in base]
    # A base of less than a step has no multiple between its limits: the one above is hers at most.
    most = [None if top is None else max(top, low) for top, low in zip(most, least, strict=True)]
    parts, kept = portions(int(whole / step), weights, least, most, who)
    if not kept:
        held = [top for top in most if top is not None]
        under, over = (plain(Decimal(sum(limit)) * step) for limit in (least, held))
        told.append(finding("study.allocation-limits", item=thing.label, target=plain(whole), least=under, most=over))
    rows = []
    for place, one in enumerate(who):
        top, part = most[place], parts[place]
        rows.append(
            {
                "item": thing.label,
                "unit": thing.unit,
                "manager_id": one,
                "reached": reached[place],
                "potential": float(room.get(one, 0)),
                "weight": weights[place] / sum(weights),
                "least": least[place] * step if base[place] else None,
                "most": None if top is None else top * step,
                "target": part * step,
                "grown": _grown(part * step, reached[place]),
                "held": _held(part, least[place], top) if kept else _APART,
                "_step": step,
            }
        )
    return rows, told


_CAPPED, _FLOORED, _APART = "封顶", "保底", "上下限放不下"


def _held(part: int, least: int, most: int | None) -> str:
    if most is not None and part == most:
        return _CAPPED
    return _FLOORED if least and part == least else ""


def _weights(base: list[Fraction], room: list[Fraction], rules: Rules) -> list[int]:
    """In whole numbers. A kind that nobody has any of counts for nothing; where there is neither all are alike."""
    (bases, _), (rooms, _) = over_one(base), over_one(room)
    shares = [Fraction(rules.base) / (sum(bases) or 1), Fraction(rules.potential) / (sum(rooms) or 1)]
    (by, by_room), _ = over_one(shares)
    found = [by * one + by_room * free for one, free in zip(bases, rooms, strict=True)]
    return found if any(found) else [1] * len(found)


def _grown(target: Decimal, reached: Decimal | None) -> float | None:
    return float(target / reached - 1) if reached is not None and reached > 0 else None


def _warned(asked: Goals, people: list[dict[str, Any]], period: Period) -> list[Finding]:
    told = []
    if asked.whole and (asked.year != period.year + 1 or period.month % _MONTHS != _MONTHS - 1):
        told.append(finding("study.allocation-part", year=asked.year, period=period.name))
    over, given = [], []
    for label, whole in sorted(asked.whole.items()):
        for kind, had in (("各人", asked.people.get(label, {})), ("各机构", asked.branches.get(label, {}))):
            total = sum(had.values(), Decimal(0))
            if total > whole:
                over.append(f"{label}{kind}合计 {plain(total)}，全行 {plain(whole)}")
    given = sorted({row["manager_id"] for row in people if row["given"] is not None})
    if over:
        told.append(several("study.allocation-markup", over, year=asked.year))
    if given:
        told.append(several("study.allocation-given", given, year=asked.year))
    return told


def _added(rows: list[dict[str, Any]], name: str) -> Decimal | None:
    values = [row[name] for row in rows if row[name] is not None]
    return sum(values, Decimal(0)) if values else None


def _summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    target, reached = sum((row["target"] for row in rows), Decimal(0)), _added(rows, "reached")
    return {
        "people": len(rows),
        "reached": reached,
        "potential": sum(row["potential"] for row in rows),
        "target": target,
        "grown": _grown(target, reached),
        "given": _added(rows, "given"),
    }


def _branches(people: list[dict[str, Any]], asked: Goals) -> list[dict[str, Any]]:
    """Σ of its managers, item by item; beside it what the branch itself was given."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in people:
        found.setdefault((row["item"], str(row["branch_id"] or "")), []).append(row)
    return [
        {name: rows[0][name] for name in ("item", "unit", "branch_id", "branch_name")}
        | _summed(rows)
        | {"own": asked.branches.get(item, {}).get(branch)}
        for (item, branch), rows in sorted(found.items())
    ]


def _items(people: list[dict[str, Any]], asked: Goals) -> list[dict[str, Any]]:
    found = []
    for label, whole in sorted(asked.whole.items()):
        rows = [row for row in people if row["item"] == label]
        sums = _summed(rows)
        held = {f"{name}_count": sum(row["held"] == word for row in rows) for name, word in _HELD.items()}
        found.append({"item": label, "unit": rows[0]["unit"], "whole": whole, **sums, **held})
    return found


_HELD = {"capped": _CAPPED, "floored": _FLOORED}


def _by_month(row: Mapping[str, Any], parts: Sequence[int]) -> dict[str, Decimal]:
    """What is due by the end of each month, to the step; December's is the whole. ``parts``: of the year, as ``_season`` has them."""
    steps, whole = int(row["target"] / row["_step"]), parts[-1]
    return {
        f"by_{month}": (2 * steps * part + whole) // (2 * whole) * row["_step"] for month, part in enumerate(parts, 1)
    }


def _season(rules: Rules) -> list[int]:
    """How much of the year is due by the end of each month, in whole parts of what December's is."""
    return list(itertools.accumulate(over_one([Fraction(share) for share in rules.season])[0]))


def _frame(rows: list[dict[str, Any]], columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=keys(columns))
    return frame.astype({column.key: "Int64" for column in columns if column.kind == "count"})


_ITEM = (declared("item"), ListColumn("unit", label=terms.label("unit", "targets"), width=8))
_MANAGER = declared("manager_id")
_BRANCH = (declared("branch_id"), ListColumn("branch_name", width=14))
_REACHED = ListColumn(
    "reached",
    "number",
    "已有实绩",
    meaning="这个月底的考核实绩，金额是万元；拆下一年的任务要看十二月的。不到 0 的和没有的按 0 分，不设上下限",
)
_POTENTIAL = ListColumn("potential", "number", "潜力(折算户)", meaning="分户方案以后各人名下的折算户")
_PART = ListColumn("target", "number", "分到的任务")
_GROWN = ListColumn("grown", "rate", "比已有实绩")
_GIVEN = ListColumn("given", "number", "任务数里已有的", meaning="《任务数》里这一年本人名下已经写了的")
_TARGETS = (
    _MANAGER,
    declared("item"),
    ListColumn("target", "number", terms.label("target", "targets")),
    ListColumn("unit", label=terms.label("unit", "targets"), width=8),
    ListColumn("period", label=terms.label("period", "targets"), width=8),
)
_MANAGERS = (
    *_ITEM,
    _MANAGER,
    *_BRANCH,
    _REACHED,
    _POTENTIAL,
    ListColumn("weight", "rate", "分配权重"),
    ListColumn("least", "number", "下限"),
    ListColumn("most", "number", "上限"),
    _PART,
    _GROWN,
    ListColumn("held", label="碰到上下限", width=12),
    _GIVEN,
)
_PEOPLE = ListColumn("people", "count", "经理人数")
_BRANCHES = (
    *_ITEM,
    *_BRANCH,
    _PEOPLE,
    _REACHED,
    _POTENTIAL,
    _PART,
    _GROWN,
    _GIVEN,
    ListColumn("own", "number", "机构名下已有的"),
)
_ITEMS = (
    *_ITEM,
    ListColumn("whole", "number", "全行任务"),
    _PART,
    _PEOPLE,
    _REACHED,
    _POTENTIAL,
    _GROWN,
    _GIVEN,
    ListColumn("capped_count", "count", "封顶人数"),
    ListColumn("floored_count", "count", "保底人数"),
)
_BY_MONTH = (
    *_ITEM,
    _MANAGER,
    *(ListColumn(f"by_{month}", "number", f"{month}月底累计") for month in range(1, _MONTHS + 1)),
)
_MIXED = "见单位列"
STUDY = Study(
    allocation,
    (
        StudyList("allocation_targets", "目标分解任务数", _TARGETS, unit=_MIXED),
        StudyList("allocation_managers", "目标分解经理", _MANAGERS, unit=_MIXED, freeze=3),
        StudyList("allocation_branches", "目标分解机构", _BRANCHES, unit=_MIXED, freeze=4),
        StudyList("allocation_items", "目标分解指标", _ITEMS, unit=_MIXED),
        StudyList("allocation_months", "目标分解进度", _BY_MONTH, unit=_MIXED, freeze=3),
    ),
    {"loads": "潜力空着，只按已有实绩分。"},
    (
        (
            "全行任务",
            "《任务数》里工号和机构号都空着的行，期间是年。考核不把它算给任何人；拆好的「目标分解任务数」和任务数的表一样，另存后放进 exports/ 就能考核。",
        ),
        ("权重", "办法的 base × 本人占全部实绩的份 + potential × 本人占全部折算户的份；两样都没有的各人一样。"),
        (
            "上限和下限",
            "已有实绩上下各几成，由办法定，取到整数倍时往里收；放得下就都守，放不下（全行比各人上限合计还多，或比下限合计还少）就都按同一倍数放宽，并说出来。",
        ),
        (
            "合计",
            "先按权重，碰到上下限的定住，其余再按权重分，零头按最大余数给：各人合计就是机构，各机构合计就是全行，没有加码。",
        ),
        ("进度", "各月底累计 = 任务 × 办法 season 到那个月的份 ÷ 合计，取到整数倍；十二月底就是全年。"),
    ),
    Rules,
    (Option("year", metavar="年份", help="拆哪一年的任务；不写就是全行任务里最近的一年", kind=int),),
    examples=("kehujingli allocation --period 2026-12", "kehujingli 目标分解 --year 2027 -o 目标分解.xlsx"),
)

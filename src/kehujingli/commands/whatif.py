"""What do whatif, score --assume do? A month under other rules, or with other figures for one manager; nothing under periods/ is touched."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, output_path, request_of, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, Problem, problem
from kehujingli.values import round_half_up
from kehujingli.workspace.files import check_replaceable, place_file

if TYPE_CHECKING:
    from kehujingli.month import Month
    from kehujingli.rules.lint import Remark
    from kehujingli.studies.whatif import Change, Comparison, Outcome
    from kehujingli.workspace import Workspace

_SHOWN = 10


@dataclass(frozen=True)
class _Point:
    """One value of what is varied: what comes of it, what the lint says of it and not of the file, or why it may not stand there."""

    value: Decimal
    at: Comparison | None
    remarks: Sequence[Remark] = ()
    refused: str = ""


def whatif(common: Common, vary: str | None, step: str | None) -> Exit:
    """Old and new side by side; with ``vary`` the curve over one number."""
    from kehujingli.month import open_month
    from kehujingli.month.trial import under, variation, varied
    from kehujingli.rules import load_rules
    from kehujingli.rules.lint import worse
    from kehujingli.studies.whatif import compare, outcomes

    if common.rules is None and vary is None:
        raise problem(
            "option.bad",
            option="--rules",
            value="",
            detail="没有写",
            cure="请写 --rules 新办法.toml，或 --vary 指标.键=起..止。",
        )
    wanted = variation(vary, step) if vary else None
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    request = replace(request_of(common, workspace), rules=None)
    month = open_month(request, workspace.ledger)
    old = outcomes(month.scores)
    proposed = load_rules(common.rules) if common.rules else month.rules
    fresh = under(month, proposed) if common.rules else month
    found = compare(old, outcomes(fresh.scores))
    curve: list[_Point] = []
    if wanted is not None:
        for value, rules in varied(proposed, wanted):
            if isinstance(rules, Problem):
                curve.append(_Point(value, None, (), str(rules)))
                continue
            remarks = tuple(worse(proposed.rules, rules.rules))
            curve.append(_Point(value, compare(old, outcomes(under(fresh, rules).scores)), remarks))
    sealed = _sealed(workspace, month, old)
    record = _record(month, fresh, found, curve, sealed)
    target = None
    if common.output is not None and not common.dry_run:
        target = output_path(common, f"试算_{month.period.name}.xlsx")
        _write(month, fresh, found, curve, target)
    record["output"] = str(target) if target else None
    if common.json:
        say_json(record)
        return Exit.DONE
    _say(month, fresh, found, curve, sealed)
    if target:
        say(f"写出  {target}")
    return Exit.DONE


def _sealed(workspace: Workspace, month: Month, old: Mapping[str, Outcome]) -> int:
    """For a closed month: how many people the present inputs pay otherwise than the sealed result."""
    from kehujingli.answers.months import kept_results
    from kehujingli.answers.sources import Sources
    from kehujingli.closing import state_of

    if not state_of(workspace, month.period.name).closed:
        return 0
    kept = {person.manager_id: person.pay for person in kept_results(Sources(workspace, month.period.name))}
    return sum(1 for who in kept.keys() | old.keys() if kept.get(who) != (old[who].pay if who in old else None))


def _record(month: Month, fresh: Month, found: Comparison, curve: Sequence[_Point], sealed: int) -> dict[str, Any]:
    def side(of: Month, spread: Any) -> dict[str, Any]:
        return {"rules": of.rules.path.name, "document": of.rules.rules.institution.document, **spread.record()}

    return {
        "period": month.period.name,
        "old": side(month, found.old_spread),
        "new": side(fresh, found.new_spread),
        "cost": _yuan(found.new_spread.total - found.old_spread.total),
        "gain": len(found.gain),
        "lose": len(found.lose),
        "grades": [
            {"old": old or None, "new": new or None, "count": count} for (old, new), count in found.grades.items()
        ],
        "people": [_person(change) for change in found.changes],
        "curve": [
            {
                "value": f"{point.value:f}",
                "cost": _yuan(at.new_spread.total - at.old_spread.total),
                "gain": len(at.gain),
                "lose": len(at.lose),
                **at.new_spread.record(),
                "remarks": [{"code": one.code, "level": one.level, "message": one.message} for one in point.remarks],
            }
            for point in curve
            if (at := point.at) is not None
        ],
        "refused": [{"value": f"{point.value:f}", "message": point.refused} for point in curve if point.refused],
        "differs_from_closed": sealed,
    }


def _person(change: Change) -> dict[str, Any]:
    def of(outcome: Outcome | None, key: str) -> str | None:
        value = getattr(outcome, key) if outcome else None
        return None if value is None or value == "" else (f"{value:.2f}" if isinstance(value, Decimal) else str(value))

    return {
        "manager_id": change.manager_id,
        "name": change.name,
        "old_score": of(change.old, "score"),
        "new_score": of(change.new, "score"),
        "old_pay": of(change.old, "pay"),
        "new_pay": of(change.new, "pay"),
        "difference": _yuan(change.pay),
        "old_grade": of(change.old, "grade"),
        "new_grade": of(change.new, "grade"),
    }


def _yuan(value: Decimal) -> str:
    return f"{round_half_up(value, 2):.2f}"


def _lines(month: Month, fresh: Month, found: Comparison, sealed: int) -> list[str]:
    old, new = found.old_spread, found.new_spread
    same = len(found.changes) - len(found.gain) - len(found.lose)
    told = [
        f"{month.period.name} 试算：{month.rules.path.name} → {fresh.rules.path.name}；periods/ 里什么也没有动",
        f"应发合计 {old.total:,.2f} → {new.total:,.2f} 元，{'多' if new.total >= old.total else '少'} {abs(new.total - old.total):,.2f} 元",
        f"多得 {len(found.gain)} 人，少得 {len(found.lose)} 人，不变 {same} 人",
        "差距  "
        + "；".join(
            f"{label} {_ratio(getattr(old, key))} → {_ratio(getattr(new, key))}"
            for key, label in terms.headers("highest_lowest", "p90_p10", "gini").items()
        ),
    ]
    told += [f"评级变化  {old or '无'} → {new or '无'}：{count} 人" for (old, new), count in found.grades.items()]
    told += [f"本期已关账，按现在的输入重算有 {sealed} 人与关账时不同，这里比的是重算的两边"] if sealed else []
    return told


def _ratio(value: Decimal | None) -> str:
    return "—" if value is None else f"{round_half_up(value, 3):.3f}"


def _say(month: Month, fresh: Month, found: Comparison, curve: Sequence[_Point], sealed: int) -> None:
    say(*_lines(month, fresh, found, sealed))
    headers = terms.words("manager_id", "name", "score", "new_score", "payable", "new_payable", "more_or_less")
    for title, people in (("多得最多", found.gain), ("少得最多", found.lose)):
        if people:
            say("", f"{title}（{min(len(people), _SHOWN)} / {len(people)} 人）")
            keys = ("manager_id", "name", "old_score", "new_score", "old_pay", "new_pay", "difference")
            say_table(headers, [[_person(change)[key] for key in keys] for change in people[:_SHOWN]])
    if curve:
        say("", "逐点试算")
        rows = [
            [
                f"{point.value:f}",
                f"{at.new_spread.total:,.2f}",
                _yuan(at.new_spread.total - at.old_spread.total),
                len(at.gain),
                len(at.lose),
                _ratio(at.new_spread.highest_lowest),
                _ratio(at.new_spread.p90_p10),
                _ratio(at.new_spread.gini),
            ]
            for point in curve
            if (at := point.at) is not None
        ]
        headers = terms.words(
            "value", "total_pay", "more_or_less", "gainers", "losers", "highest_lowest", "p90_p10", "gini"
        )
        say_table(headers, rows)
        say(*_objections(curve))


def _objections(curve: Sequence[_Point]) -> list[str]:
    """Where along the curve the lint would object, or the rules may not stand so: each reason once, with its values."""
    found: dict[tuple[str, object], tuple[list[str], str]] = {}
    for point in curve:
        value = f"{point.value:f}"
        if point.refused:
            found.setdefault(("办法不许", ""), ([], point.refused))[0].append(value)
        for one in point.remarks:
            word = "错误" if one.level == "error" else "提醒"
            found.setdefault((f"{one.code} {word}", one.path), ([], one.message))[0].append(value)
    return [f"{word}  {'、'.join(values)}：{told}" for (word, _), (values, told) in found.items()]


def _write(month: Month, fresh: Month, found: Comparison, curve: Sequence[_Point], target: Path) -> None:
    from kehujingli.month.outputs import meta_of
    from kehujingli.workbooks.whatif import write_whatif

    check_replaceable([target])
    people = [_person(change) for change in found.changes]
    points = [
        {
            "value": f"{point.value:f}",
            "total": at.new_spread.total,
            "gain": len(at.gain),
            "lose": len(at.lose),
            "highest_lowest": at.new_spread.highest_lowest,
            "p90_p10": at.new_spread.p90_p10,
            "gini": at.new_spread.gini,
        }
        for point in curve
        if (at := point.at) is not None
    ]
    with tempfile.TemporaryDirectory(prefix="kehujingli-") as folder:
        staged = Path(folder) / target.name
        write_whatif(staged, replace(meta_of(month), status="试算"), _lines(month, fresh, found, 0), people, points)
        place_file(staged, target)


def assume(common: Common, manager: str | None, figures: Sequence[str], **more: Path | None) -> Exit:
    """One manager's score and pay, had the figures been others."""
    from kehujingli.month import open_month
    from kehujingli.month.once_more import scored_from_kept
    from kehujingli.month.trial import assumed
    from kehujingli.studies.whatif import outcomes

    workspace = workspace_of(common, needed=not common.paths)
    from kehujingli.commands.common import ledger_for

    with ledger_for(workspace) as ledger:
        request = request_of(common, workspace, **more)
        month = scored_from_kept(workspace, request) or open_month(request, ledger)
        who = _one(month, manager)
        wanted = _figures(month, figures)
        other = assumed(month, who, wanted)
        before, after = outcomes(month.scores)[who], outcomes(other.scores)[who]
        items = _items(month, other, who)
    record = {
        "period": month.period.name,
        "manager_id": who,
        "name": before.name,
        "assumed": {key: f"{value:f}" for key, value in wanted.items()},
        "old_score": _text(before.score),
        "new_score": _text(after.score),
        "old_pay": _text(before.pay),
        "new_pay": _text(after.pay),
        "items": items,
    }
    if common.json:
        say_json(record)
        return Exit.DONE
    labels = {item.id: item.label for item in _all_items(month)}
    said = "，".join(f"{labels[key]} = {value:f}" for key, value in wanted.items())
    say(
        f"{who} {before.name}（{month.period.name}）若 {said}：得分 {record['old_score'] or '未计'} → {record['new_score'] or '未计'}，应发 {record['old_pay'] or '未计'} → {record['new_pay'] or '未计'} 元"
    )
    for row in items:
        say(f"  {row['item']} {row['old_points'] or '未计'} → {row['new_points'] or '未计'}：{row['working']}")
    return Exit.DONE


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _one(month: Month, manager: str | None) -> str:
    """The one scored manager of this number or name."""
    if manager is None:
        raise problem(
            "option.bad", option="--manager", value="", detail="没有写", cure="--assume 要和 --manager 工号 一起用。"
        )
    people = {person.manager_id: person.name for person in month.scores.managers}
    hits = [who for who, name in people.items() if manager in (who, name)]
    if len(hits) != 1:
        raise problem("show.none", period=month.period.name, what="客户经理", value=manager)
    return hits[0]


def _all_items(month: Month) -> list[Any]:
    return [item for scheme in month.rules.incentive.schemes for item in scheme.item]


def _figures(month: Month, figures: Sequence[str]) -> dict[str, Decimal]:
    """指标=值 by item id; a value may end in %. Raises ``option.bad``."""
    found = {}
    for text in figures:
        name, sign, said = text.partition("=")
        items = [item for item in _all_items(month) if name.strip() in (item.id, item.label, item.actual)]
        said = said.strip().replace(",", "")
        try:
            value = Decimal(said.rstrip("%％")) / (100 if said.endswith(("%", "％")) else 1)
            if not sign or not items or not value.is_finite():
                raise ArithmeticError
        except ArithmeticError:
            known = "、".join(dict.fromkeys(item.label for item in _all_items(month)))
            detail = "不是数" if items else "办法里没有这个指标"
            raise problem(
                "option.bad",
                option="--assume",
                value=text,
                detail=detail,
                cure=f"请写成 指标=值，如 存款年日均净增=120；有：{known}。",
            ) from None
        found[items[0].id] = value
    return found


def _items(month: Month, other: Month, who: str) -> list[dict[str, Any]]:
    """Items whose points changed or whose figure was assumed."""
    old, new = (
        {item.item.id: item for item in next(m for m in of.scores.managers if m.manager_id == who).items}
        for of in (month, other)
    )
    return [
        {
            "item_id": key,
            "item": item.item.label,
            "old_points": _text(old[key].points) if key in old else None,
            "new_points": _text(item.points),
            "working": item.working,
        }
        for key, item in new.items()
        if key not in old or item.points != old[key].points or item.source == "假设"
    ]


@typed(
    "workspace",
    "period",
    "output",
    "json",
    "quiet",
    "dry_run",
    first=("rules",),
    examples="kehujingli whatif --rules 新办法.toml\nkehujingli whatif --rules 新办法.toml --period 2026-09 -o 试算.xlsx\nkehujingli whatif --vary deposit_growth.points=14..22 --step 2",
)
def typed_whatif(
    common: Common,
    vary: Annotated[
        str | None, typer.Option("--vary", metavar="指标.键=起..止", help="只改一个数，逐点试算；也可写 pay.键")
    ] = None,
    step: Annotated[str | None, typer.Option("--step", metavar="步长", help="与 --vary 一起；不写就分十步")] = None,
) -> None:

    leave(whatif(common, vary, step))

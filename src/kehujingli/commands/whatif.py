"""What does whatif do? A month under other rules: classes, loads, pay; nothing under periods/ is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.cells import plain_cell, shown_cell
from kehujingli.commands.common import Common, output_path, request_of, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import OF_ENGINES, leave, typed
from kehujingli.errors import Exit, Problem, problem
from kehujingli.intake.files.scratch import scratch
from kehujingli.values import round_half_up
from kehujingli.workspace.files import check_replaceable, place_file

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.month import Month
    from kehujingli.rules.lint import Remark
    from kehujingli.studies.classes.followed import Beside
    from kehujingli.studies.pay.whatif import Change, Comparison, Outcome
    from kehujingli.terms.column import ListColumn
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
    from kehujingli.month.trial import stand, under, variation, varied
    from kehujingli.rules import load_rules
    from kehujingli.rules.lint import worse
    from kehujingli.studies.classes.followed import Beside
    from kehujingli.studies.pay.whatif import compare, outcomes

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
    now = stand(month)
    old = now.paid
    proposed = load_rules(common.rules) if common.rules else month.rules
    fresh = under(month, proposed) if common.rules else month
    then = stand(fresh) if common.rules else now
    found, beside = compare(old, then.paid), Beside.of(now, then)
    curve: list[_Point] = []
    if wanted is not None:
        for value, rules in varied(proposed, wanted):
            if isinstance(rules, Problem):
                curve.append(_Point(value, None, (), str(rules)))
                continue
            remarks = tuple(worse(proposed.rules, rules.rules))
            curve.append(_Point(value, compare(old, outcomes(under(fresh, rules).scores)), remarks))
    sealed = _sealed(workspace, month, old)
    record = _record(month, fresh, found, curve, sealed) | _follows(beside)
    target = None
    if common.output is not None and not common.dry_run:
        target = output_path(common, f"试算_{month.period.name}.xlsx")
        _write(month, fresh, found, curve, beside, target)
    record["output"] = str(target) if target else None
    if common.json:
        say_json(record)
        return Exit.DONE
    _say(month, fresh, found, curve, beside, sealed)
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


def _follows(beside: Beside) -> dict[str, Any]:
    """Classes and loads on either side, as JSON has them; null where the rules or the exports have none."""
    from kehujingli.studies.classes.followed import BRANCHES, FOLLOWED, GROUPS, MANAGERS

    def rows(frame: pd.DataFrame | None, columns: tuple[ListColumn, ...]) -> list[dict[str, Any]] | None:
        if frame is None:
            return None
        shown = frame[[column.key for column in columns]].astype("object").itertuples(index=False, name=None)
        return [
            {column.key: plain_cell(value, column) for value, column in zip(row, columns, strict=True)} for row in shown
        ]

    return {
        "summary": {column.key: plain_cell(beside.row[column.key], column) for column in FOLLOWED},
        "classes": rows(beside.groups, GROUPS),
        "branches": rows(beside.branches, BRANCHES),
        "managers": rows(beside.managers, MANAGERS),
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


def _lines(month: Month, fresh: Month, found: Comparison, beside: Beside, sealed: int) -> list[str]:
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
    told += _classes(beside)
    told += [f"评级变化  {old or '无'} → {new or '无'}：{count} 人" for (old, new), count in found.grades.items()]
    told += [f"本期已关账，按现在的输入重算有 {sealed} 人与关账时不同，这里比的是重算的两边"] if sealed else []
    return told


def _classes(beside: Beside) -> list[str]:
    """What is said of classes and loads: each in a sentence, nothing where neither side has them."""
    told, row, groups = [], beside.row, beside.groups
    if groups is not None:
        moved = [
            f"{terms.GROUPS[group.group]} {group.customers_now:,} → {group.customers_then:,}"
            for group in groups.itertuples()
            if group.came or group.went
        ]
        told.append(f"户群  {row['changed']:,} 户换了户群" + (f"：{'；'.join(moved)}" if moved else ""))
    if row["load_due"] is not None:
        share = "" if row["rate"] is None else f"，占管户上限 {row['rate']:.1%}"
        told.append(
            f"负荷  应配 {row['due']:,} 户、{row['load_due']:,.0f} 折算户（比现行 {row['load_difference']:+,.0f}）{share}；"
            f"未配 {row['unassigned']:,} 户"
        )
    return told


def _ratio(value: Decimal | None) -> str:
    return "—" if value is None else f"{round_half_up(value, 3):.3f}"


def _say(month: Month, fresh: Month, found: Comparison, curve: Sequence[_Point], beside: Beside, sealed: int) -> None:
    say(*_lines(month, fresh, found, beside, sealed))
    _say_loads(beside)
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


def _say_loads(beside: Beside) -> None:
    """The branches whose loads are others, those whose load changes most first."""
    from kehujingli.studies.classes.followed import BRANCHES

    if beside.branches is None:
        return
    size = (beside.branches["load_due_then"] - beside.branches["load_due_now"]).abs()
    moved = beside.branches[size > 0].loc[size.sort_values(ascending=False, kind="stable").index[: (size > 0).sum()]]
    if len(moved):
        say("", f"负荷变化最大的机构（{min(len(moved), _SHOWN)} / {len(moved)} 家）")
        rows = (
            moved.head(_SHOWN)[[column.key for column in BRANCHES]].astype("object").itertuples(index=False, name=None)
        )
        say_table(
            [column.header for column in BRANCHES],
            [[shown_cell(value, column) for value, column in zip(row, BRANCHES, strict=True)] for row in rows],
        )


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


def _write(
    month: Month, fresh: Month, found: Comparison, curve: Sequence[_Point], beside: Beside, target: Path
) -> None:
    from kehujingli.month.outputs import meta_of
    from kehujingli.rules.changes import changes
    from kehujingli.workbooks.whatif import Trial, write_whatif

    check_replaceable([target])
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
    trial = Trial(
        f"{month.rules.path.name} → {fresh.rules.path.name}",
        changes(month.rules.rules, fresh.rules.rules),
        _lines(month, fresh, found, replace(beside, groups=None), 0)[1:],
        [_person(change) for change in found.changes],
        (found.old_spread, found.new_spread),
        beside,
        points,
    )
    with scratch() as folder:
        staged = folder / target.name
        write_whatif(staged, replace(meta_of(month), status="试算"), trial)
        place_file(staged, target)


@typed(
    "workspace",
    "period",
    "output",
    "json",
    "quiet",
    "dry_run",
    *OF_ENGINES,
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

"""What does score --assume do? One manager's score and pay, had the figures been others; nothing under periods/ is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.commands.common import Common, ledger_for, request_of, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.errors import Exit, problem

if TYPE_CHECKING:
    from kehujingli.month import Month


def assume(common: Common, manager: str | None, figures: Sequence[str], **more: Path | None) -> Exit:
    """One manager's score and pay, had the figures been others."""
    from kehujingli.month import open_month
    from kehujingli.month.once_more import scored_from_kept
    from kehujingli.month.trial import assumed
    from kehujingli.studies.pay.whatif import outcomes

    workspace = workspace_of(common, needed=not common.paths)
    with ledger_for(workspace) as ledger:
        request = request_of(common, workspace, **more)
        month = scored_from_kept(workspace, request) or open_month(request, ledger)
        who = _one(month, manager)
        wanted = _figures(month, figures, who)
        other = assumed(month, who, wanted)
        before, after = outcomes(month.scores)[who], outcomes(other.scores)[who]
        items = _items(month, other, who)
        _taken(other, who, wanted)
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
    said = "，".join(dict.fromkeys(f"{labels[key]} = {value:f}" for key, value in wanted.items()))
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


def _figures(month: Month, figures: Sequence[str], who: str) -> dict[str, Decimal]:
    """指标=值 by the ids of this manager's own items; a value may end in %. Raises ``option.bad``."""
    found: dict[str, Decimal] = {}
    own = {item.item.id for one in month.scores.managers if one.manager_id == who for item in one.items}
    every = [item for item in _all_items(month) if item.id in own or not own]
    for text in figures:
        name, sign, said = text.partition("=")
        items = [item for item in every if name.strip() in (item.id, item.label, item.actual)]
        said = said.strip().replace(",", "")
        try:
            value = Decimal(said.rstrip("%％")) / (100 if said.endswith(("%", "％")) else 1)
            if not sign or not items or not value.is_finite():
                raise ArithmeticError
        except ArithmeticError:
            known = "、".join(dict.fromkeys(item.label for item in every))
            detail = "不是数" if items else "他的办法里没有这个指标"
            raise problem(
                "option.bad",
                option="--assume",
                value=text,
                detail=detail,
                cure=f"请写成 指标=值，如 存款年日均净增=120；有：{known}。",
            ) from None
        found |= dict.fromkeys((item.id for item in items), value)
    return found


def _taken(other: Month, who: str, wanted: Mapping[str, Decimal]) -> None:
    """No answer where a figure was not what was scored. Raises ``option.bad``."""
    scored = {
        item.item.id
        for one in other.scores.managers
        if one.manager_id == who
        for item in one.items
        if item.source == "假设"
    }
    for key in wanted:
        if key not in scored:
            label = next(item.label for item in _all_items(other) if item.id == key)
            cure = "请用 kehujingli explain manager 看这个指标为什么没有算，先补齐它缺的。"
            raise problem("option.bad", option="--assume", value=label, detail="这个数没有用上", cure=cure)


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

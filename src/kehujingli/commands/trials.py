"""What does assign --what-if do? The month's plan beside what it would be: served, cost, moves, loads; nothing is written."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.commands.cells import cells
from kehujingli.commands.common import Common, exit_of, ledger_for, request_of, show_findings, watching, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.nearness import is_money, kept_record, read_close, say_kept
from kehujingli.errors import Exit, problem
from kehujingli.terms.column import ListColumn, headers, keys
from kehujingli.values import in_yuan, plain

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.assign.trials import Newcomer
    from kehujingli.month import Month
    from kehujingli.month.trials import Tried

_SHOWN = 12


@dataclass(frozen=True)
class Asked:
    """What is tried: sentences, pairs that stand fast, the plan or the two to compare with (approved ones, or
    copies of 管户分配.xlsx), branches whose price of one more is
    asked, the measure (in Chinese) by which managers are to be evenly loaded, and how near they are to be in another (户数=10%)."""

    sentences: Sequence[str] = ()
    frozen: Sequence[str] = ()
    against: Sequence[str] = ()
    priced: Sequence[str] = ()
    balance: str | None = None
    within: Sequence[str] = ()

    @property
    def tries(self) -> bool:
        """More than to look at plans that are there."""
        return bool(self.sentences or self.frozen or self.priced or self.balance is not None or self.within)

    @property
    def anything(self) -> bool:
        return bool(self.tries or self.against)


def trial(common: Common, asked: Asked) -> Exit:
    """Both plans side by side."""
    from kehujingli.month import open_month
    from kehujingli.month.trials import tried

    if common.output is not None:
        cure = "请去掉 -o；要写方案就不写 --what-if、--freeze、--against、--price、--balance、--within。"
        raise problem("option.bad", option="-o", value=common.output, detail="试算什么也不写", cure=cure)
    pairs = frozen_pairs(asked.frozen)
    _two_at_most(asked)
    close = read_close(asked.within, asked.balance)
    plans = [_plan(text) for text in asked.against]
    workspace = workspace_of(common, needed=not common.paths)
    with ledger_for(workspace) as ledger, watching(common) as watch:
        month = open_month(request_of(common, workspace), ledger, watch)
        measure = _measure(month, asked.balance)
        found = tried(month, asked.sentences, pairs, plans, asked.priced, measure, close)
        watch.close()
        if common.json:
            say_json(_record(month, found, asked, pairs))
        else:
            _say(month, found, asked, pairs)
            show_findings(found.then.findings, common)
    return exit_of([one for one in found.then.findings if one.code == "assign.freeze-impossible"])


def _two_at_most(asked: Asked) -> None:
    """Raises ``option.bad`` for three plans, and for two with something to try."""
    if len(asked.against) < 2:
        return
    if asked.tries or len(asked.against) > 2:
        detail = "两个方案相比时不再试算" if asked.tries else "最多两个"
        cure = "只比两个方案，就只写两个 --against；要试算，就写一个。"
        raise problem("option.bad", option="--against", value="、".join(asked.against), detail=detail, cure=cure)


def _plan(text: str) -> str | Mapping[str, str]:
    """The name of an approved plan, or what a 管户分配.xlsx that was laid aside says."""
    from kehujingli.commands.plan_book import planned

    return planned(Path(text)) if text.casefold().endswith(".xlsx") else text


def _called(text: str) -> str:
    return f"《{Path(text).name}》" if text.casefold().endswith(".xlsx") else f"已批方案 {text}"


def _measure(month: Month, word: str | None) -> str | None:
    """Raises ``option.bad`` for a word that is no measure, and where the rules do not care for balance."""
    from kehujingli.assign.balance import MEASURES

    if word is None:
        return None
    found = next((key for key, name in MEASURES.items() if word in (key, name)), None)
    if found is None:
        cure = f"请写 {'、'.join(MEASURES.values())} 之一。"
        raise problem("option.bad", option="--balance", value=word, detail="没有这个量", cure=cure)
    if not month.assign_rules.cost.imbalance:
        cure = "请抄一份办法，把 [assign.cost] 的 imbalance 写成大于 0 的数，用 --rules 试。"
        raise problem("option.bad", option="--balance", value=word, detail="办法不管均衡（imbalance = 0）", cure=cure)
    return found


def frozen_pairs(given: Sequence[str]) -> dict[str, str]:
    """客户=经理, or a CSV file with 客户号 and 管户经理. Raises ``option.bad``."""
    found: dict[str, str] = {}
    for text in given:
        for customer, manager in _pairs(text):
            if found.setdefault(customer, manager) != manager:
                detail = f"客户 {customer} 冻结给了两个人（{found[customer]}、{manager}）"
                raise problem("option.bad", option="--freeze", value=text, detail=detail, cure="请只写一个。")
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    path = Path(text)
    if path.suffix.casefold() == ".csv":
        return _of_file(text, path)
    customer, sign, manager = (part.strip() for part in text.replace("＝", "=").partition("="))
    if not (customer and sign and manager):
        cure = "请写成 客户号=工号，或一个 CSV 文件（两列：客户号、管户经理）。"
        raise problem("option.bad", option="--freeze", value=text, detail="不是 客户=经理", cure=cure)
    return [(customer, manager)]


def _of_file(text: str, path: Path) -> list[tuple[str, str]]:
    cure = "请写 UTF-8 的 CSV，第一行是表头 客户号,管户经理。"
    try:
        rows = [row for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()) if any(row)]
    except (OSError, ValueError) as error:
        detail = f"读不出来（{type(error).__name__}）"
        raise problem("option.bad", option="--freeze", value=text, detail=detail, cure=cure) from None
    head = [cell.strip() for cell in rows[0]] if rows else []
    wanted = [terms.label("customer_id"), terms.label("assigned_manager")]
    if not all(name in head for name in wanted):
        raise problem("option.bad", option="--freeze", value=text, detail=f"没有表头 {'、'.join(wanted)}", cure=cure)
    at = [head.index(name) for name in wanted]
    pairs = []
    for number, row in enumerate(rows[1:], 2):
        customer, manager = (row[column].strip() if column < len(row) else "" for column in at)
        if not (customer and manager):
            raise problem("option.bad", option="--freeze", value=text, detail=f"第 {number} 行不全", cure=cure)
        pairs.append((customer, manager))
    return pairs


def _record(month: Month, found: Tried, asked: Asked, pairs: Mapping[str, str]) -> dict[str, Any]:
    from kehujingli.lists.trials import BRANCHES, MANAGERS, MOVES, branches, figures, managers, moves

    def plan(side: Any) -> dict[str, Any]:
        return {key: value if isinstance(value, int) else plain(value) for key, value in figures(side).items()}

    return {
        "period": month.period.name,
        "what_if": list(asked.sentences),
        "frozen": dict(pairs),
        "against": asked.against[0] if asked.against else None,
        "beside": asked.against[1] if len(asked.against) > 1 else None,
        "before": plan(found.now),
        "after": plan(found.then),
        "newcomers": [
            {
                "manager_id": one.manager,
                "branch_id": one.branch,
                "specialism": one.specialism,
                "capacity": one.capacity,
                "authority": None if one.authority is None else f"{in_yuan(one.authority):.2f}",
            }
            for one in found.newcomers
        ],
        "branches": _records(branches(found.now, found.then, month.branch_names), BRANCHES),
        "managers": _records(managers(found.now, found.then, found.names), MANAGERS),
        "moves": _records(moves(found.now, found.then), MOVES),
        "balance": asked.balance,
        "held": [
            {"manager_id": who, "before": _amount(asked.balance, now), "after": _amount(asked.balance, then)}
            for who, (now, then) in found.held.items()
        ],
        "within": kept_record(found.kept, asked.balance) if found.kept is not None else None,
        "prices": [
            {
                "branch_id": one.branch,
                "manager_id": one.manager,
                "served": one.served,
                "borrowers": one.borrowers,
                "load": plain(one.load),
                "cost": plain(one.cost),
            }
            for one in found.prices
        ],
        "findings": [one.record() for one in found.then.findings],
        "output": None,
    }


def _records(frame: pd.DataFrame, columns: Sequence[ListColumn]) -> list[dict[str, Any]]:
    rows = frame.astype("object").itertuples(index=False, name=None)
    return [dict(zip(keys(columns), cells(row, columns, "json"), strict=True)) for row in rows]


def _say(month: Month, found: Tried, asked: Asked, pairs: Mapping[str, str]) -> None:
    from kehujingli.lists.trials import BRANCHES, FIGURES, MANAGERS, branches, figures, managers, moves, otherwise

    before = _called(asked.against[0]) if asked.against else "现在的方案"
    after = _called(asked.against[1]) if len(asked.against) > 1 else "试算"
    said = [*asked.sentences, *([f"冻结 {len(pairs):,} 户"] if pairs else [])]
    tried = "；".join(said) or ("这一期的方案" if after == "试算" else f"现是{before}，试是{after}")
    say(f"{month.period.name} 管户试算（没有写任何文件）：{tried}")
    say(*(_hired(one) for one in found.newcomers))
    now, then = figures(found.now), figures(found.then)
    rows = [
        [
            label,
            *(format(Decimal(value), ",f") for value in (now[key], then[key])),
            format(Decimal(then[key] - now[key]), "+,f"),
        ]
        for key, label in FIGURES.items()
    ]
    say("")
    say_table(["", before, after, terms.label("difference")], rows)
    say(f"与{before}不同的 {len(moves(found.now, found.then)):,} 户")
    for title, frame, columns in (
        ("机构", branches(found.now, found.then, month.branch_names), BRANCHES),
        ("客户经理", managers(found.now, found.then, found.names), MANAGERS),
    ):
        changed = frame[otherwise(frame)]
        more = f"，前 {_SHOWN} 个，全部用 --json" if len(changed) > _SHOWN else ""
        say("", f"{title}：{len(changed):,} 个有变化，{len(frame) - len(changed):,} 个不变{more}")
        if len(changed):
            shown = changed.head(_SHOWN).astype("object").itertuples(index=False, name=None)
            say_table(headers(columns), [cells(row, columns, "table") for row in shown])
    if asked.balance is not None:
        say("")
        _say_balance(month, found, asked.balance)
        if found.kept is not None:
            say_kept(found, found.kept, asked.balance)
    _say_prices(found, bare=not pairs and asked.balance is None)


def _amount(word: str | None, value: float | None) -> str | None:
    """Of a measure: 元 with two decimals where it is money, else a number of two decimals (a village in parts)."""
    if value is None:
        return None
    return f"{value / 100 if is_money(word) else value:.2f}"


def _say_balance(month: Month, found: Tried, word: str) -> None:
    """Who has most and who has least of the measure, on either side; and where the rules let little be balanced."""
    unit = "元" if _amount(word, 100) == "1.00" else ""
    for side, at in (("现在", 0), ("试算", 1)):
        told = sorted((pair[at], who) for who, pair in found.held.items() if pair[at] is not None)
        if told:
            (least, poor), (most, rich) = told[0], told[-1]
            say(
                f"{side}按{word}：最多 {rich} {found.names.get(rich, '')} {Decimal(_amount(word, most) or 0):,}{unit}，"
                f"最少 {poor} {found.names.get(poor, '')} {Decimal(_amount(word, least) or 0):,}{unit}，共 {len(told):,} 人"
            )
    if month.assign_rules.moves == "forced":
        say(f"办法只动必须动的（moves = forced）：只有新配和必须调整的户按{word}均衡；管户上限照旧。")


def _say_prices(found: Tried, *, bare: bool) -> None:
    """What one more is worth: a household more of each limit, a manager more in each branch. ``bare``: nothing is frozen or balanced otherwise
    in the trial, whose plan is then what the prices are set against."""
    from kehujingli.lists.trials import PRICES

    if not found.prices:
        return
    beside = "试算" if bare else "照办法求的最优（不冻结、按折算户均衡）"
    say("", f"多一个值多少：逐个加上再求一次最优，和{beside}的差")
    rows = [
        [
            one.branch,
            f"上限加 1：{one.manager} {found.names.get(one.manager, '')}".strip()
            if one.manager is not None
            else f"加 1 人（{'不限户数' if one.hired is None or one.hired.capacity is None else f'上限 {one.hired.capacity:,}'}）",
            f"{one.served:+,}",
            f"{one.borrowers:+,}",
            f"{one.load:+,f}",
            f"{one.cost:,f}",
        ]
        for one in found.prices
    ]
    say_table(PRICES, rows)


def _hired(one: Newcomer) -> str:
    post = terms.SPECIALISMS.get(one.specialism or "", "不分岗位")
    limit = "不限户数" if one.capacity is None else f"管户上限 {one.capacity:,}"
    power = "不限授信" if one.authority is None else f"授信权限 {in_yuan(one.authority) / 10_000:,.2f} 万元"
    return f"{one.manager}  {one.branch} {post}：{limit}，{power}（照 {one.alike} 个同事：上限取平均，权限取最低）"

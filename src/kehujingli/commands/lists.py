"""What do due, find, top, unassigned do? Lists from a period's kept results, as a table, CSV or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, log_unmask, period_text, show_findings, workspace_of
from kehujingli.commands.console import say, style_of, talk
from kehujingli.commands.options import OF_LISTS, Branch, Manager, leave, typed
from kehujingli.commands.shown import say_rows
from kehujingli.errors import Exit, Finding, problem, yuan_grouped
from kehujingli.workspace.results import Results, Row, results_of

BIRTHDAY = "生日"
MISSING = {
    "no_manager": "在岗客户经理",
    **terms.headers("authority", "capacity"),
    "conflict": "不须回避的客户经理",
    "specialism": "这条线的客户经理",
    "cost": "办法的代价",
}
TOP_WORDS = {
    "客户": "customers",
    "customer": "customers",
    "经理": "managers",
    "客户经理": "managers",
    "manager": "managers",
    "机构": "branches",
    "branch": "branches",
}


def _open(common: Common, command: str, **asked: Any) -> Results:
    """The period's kept results; unmasking goes into the log."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    kept = results_of(workspace, period_text(common.period))
    log_unmask(workspace, common, command, **asked)
    return kept


def due(common: Common, days: int, manager: str | None, branch: str | None, style: str, *, care: bool = False) -> Exit:
    """Loans and term deposits that mature within so many days after the period's end; with ``care`` birthdays and anniversaries beside."""
    from kehujingli.answers.cards import branch_named, manager_named
    from kehujingli.answers.lists import due as ask
    from kehujingli.periods import day_of

    style = style_of(common.json, style)
    kept = _open(common, "due", days=days)
    as_of = kept.manifest["as_of"]
    who = manager_named(kept, manager) if manager is not None else None
    where = branch_named(kept, branch) if branch is not None else None
    rows = ask(kept, day_of(date.fromisoformat(as_of)), days, who, where)
    days_of_people, told = _peoples_days(common, kept, days, who, where) if care else ([], [])
    if style == "table":
        parts = []
        for what, unit in (("贷款", "笔"), ("定期", "笔")):
            own = [row["balance"] for row in rows if row["what"] == what]
            parts.append(f"{what} {len(own):,} {unit} {yuan_grouped(sum(own))} 元")
        birthdays = sum(str(row["what"]).startswith(BIRTHDAY) for row in days_of_people)
        beside = f"；{BIRTHDAY} {birthdays:,} 户，开户周年 {len(days_of_people) - birthdays:,} 户" if care else ""
        say(f"{as_of} 之后 {days} 天内到期：{'，'.join(parts)}{beside}")
    show_findings(told, common, notes=True)
    rows = sorted([*rows, *days_of_people], key=lambda row: (row["due_on"], row["number"] is None)) if care else rows
    if style == "table" and not rows:
        return Exit.DONE
    labels = terms.headers(
        "what",
        "number",
        "customer_id",
        "customer_name",
        "branch_name",
        "manager_id",
        "manager_name",
        "balance",
        "due_on",
        "days_left",
        "five_class",
        what="category",
        number="loan_or_account",
        due_on="matures_on",
    )
    say_rows(rows, labels, style, unmask=common.unmask)
    return Exit.DONE


def _peoples_days(
    common: Common, kept: Results, days: int, manager: str | None, branch: str | None
) -> tuple[list[Row], list[Finding]]:
    from kehujingli.answers.lists import peoples_days

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    return peoples_days(workspace, kept, days, manager, branch)


def find(common: Common, text: str, style: str) -> Exit:
    """Everything that bears this name or number, in one list. Raises ``show.none``."""
    from kehujingli.answers.lists import FOUND, anything

    style = style_of(common.json, style)
    kept = _open(common, "find", value=text)
    rows = anything(kept, text.strip())
    if not rows:
        raise problem("show.none", period=kept.folder.parent.name, what="客户、客户经理、机构、账号、借据", value=text)
    if style == "table" and any(
        sum(row["what"] == what for row in rows) == FOUND for what in {r["what"] for r in rows}
    ):
        talk(f"每类只列前 {FOUND} 个；请写得更全。")
    labels = terms.headers(
        "what",
        "number",
        "name",
        "customer_name",
        "branch_name",
        "customer_id",
        "group",
        "balance",
        "manager_name",
        what="category",
        number="serial",
        name="object_name",
        branch_name="branch",
    )
    shown = (
        {key: label for key, label in labels.items() if any(row[key] for row in rows)} if style == "table" else labels
    )
    say_rows(rows, shown, style, unmask=common.unmask)
    return Exit.DONE


def top(common: Common, kind: str, by: str | None, count: int, branch: str | None, style: str) -> Exit:
    """The first by a figure. Raises ``option.bad`` with the figures there are."""
    from kehujingli.answers.cards import branch_named
    from kehujingli.answers.lists import ACHIEVED, TOPS, measures_of
    from kehujingli.answers.lists import top as ask
    from kehujingli.answers.query import head_of

    style = style_of(common.json, style)
    kind = TOP_WORDS.get(kind, kind)
    if kind not in TOPS:
        raise problem(
            "option.bad", option="排什么", value=kind, detail="不认识", cure="请写 customers、managers 或 branches。"
        )
    kept = _open(common, "top", by=by)
    if not kept.has(TOPS[kind][0]):
        raise problem("period.no-scores", period=kept.folder.parent.name)
    items = (
        {row["item_id"]: row["item"] for row in kept.rows("select distinct item_id, item from {items}")}
        if kept.has("items")
        else {}
    )
    known = measures_of(kept, kind, items)
    chosen = by or {"customers": "scale_amount", "managers": "score", "branches": "due"}[kind]
    column = next((key for key, label in known.items() if chosen in (key, label, key.rpartition(":")[2])), None)
    if column is None:
        words = "、".join(dict.fromkeys(known.values()))
        raise problem("option.bad", option="--by", value=chosen, detail="没有这个指标", cure=f"有：{words}。")
    where = branch_named(kept, branch) if branch is not None else None
    rows = [{"place": place, **row} for place, row in enumerate(ask(kept, kind, column, count, where), 1)]
    table, shown = TOPS[kind]
    labels = {**terms.headers("place"), **{key: head_of(table, key) for key in shown if key != "customer_type"}}
    if column.startswith(ACHIEVED):
        rows = [{**row, "actual": _achieved(row, style)} for row in rows]
        labels |= {"actual": known[column], **terms.headers("item_points")}
    else:
        said = head_of(table, column)
        labels[column] = said if said.startswith(known[column]) else known[column]
    say_rows(rows, labels, style, unmask=common.unmask)
    return Exit.DONE


def _achieved(row: Mapping[str, Any], style: str) -> str:
    """An actual as a list shows it, 元 with two digits and ratios in %; for JSON and CSV the bare number."""
    from kehujingli.values import plain, round_half_up

    actual: Decimal = row["actual"]
    if row["style"] == "money":
        return f"{actual:,.2f}" if style == "table" else f"{actual:.2f}"
    if row["style"] == "ratio" and style == "table":
        return f"{round_half_up(actual * 100, 2)}%"
    return plain(actual)


def unassigned(common: Common, branch: str | None, style: str) -> Exit:
    """Customers whom the plan leaves without a manager, borrowers first, and what they lack."""
    from kehujingli.answers.cards import branch_named
    from kehujingli.answers.lists import unassigned as ask

    style = style_of(common.json, style)
    kept = _open(common, "unassigned", branch=branch)
    rows = ask(kept, branch_named(kept, branch) if branch is not None else None)
    if style == "table":
        borrowers = sum(bool(row["loan_balance"]) for row in rows)
        say(f"未配 {len(rows):,} 户，其中贷款户 {borrowers:,}")
        if not rows:
            return Exit.DONE
    if style != "json":
        rows = [{**row, "missing": MISSING.get(row["missing"] or "", row["missing"])} for row in rows]
    labels = terms.headers(
        "branch_id",
        "branch_name",
        "customer_id",
        "customer_name",
        "group",
        "scale_amount",
        "loan_balance",
        "previous_manager",
        "missing",
        "reason",
    )
    say_rows(rows, labels, style, unmask=common.unmask)
    return Exit.DONE


@typed(
    *OF_LISTS,
    examples="kehujingli due\nkehujingli due --days 90 --manager M0012\nkehujingli due --branch 东关 --format csv\nkehujingli due --days 7 --care",
)
def typed_due(
    common: Common,
    style: str,
    days: Annotated[int, typer.Option("--days", metavar="天数", help="期末之后多少天内", min=1)] = 90,
    manager: Manager = None,
    branch: Branch = None,
    care: Annotated[bool, typer.Option("--care", help="连同客户的生日、开户周年（照 care 的办法）")] = False,
) -> None:

    leave(due(common, days, manager, branch, style, care=care))


@typed(*OF_LISTS, examples="kehujingli find 张三\nkehujingli find 4471\nkehujingli find 东关 --json")
def typed_find(
    common: Common,
    style: str,
    text: Annotated[
        str, typer.Argument(metavar="名称或号码", help="名称的一部分、编号、手机、证件号、账号或借据，号码可只写末四位")
    ],
) -> None:

    leave(find(common, text, style))


@typed(
    *OF_LISTS,
    examples="kehujingli top customers --by 年日均 --n 20 --branch 东关\nkehujingli top managers --by 中间业务收入\nkehujingli top branches --by 未配",
)
def typed_top(
    common: Common,
    style: str,
    kind: Annotated[str, typer.Argument(metavar="customers|managers|branches", help="排客户、客户经理还是机构")],
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="指标", help="按哪个指标，中英文名都可；不写就按业务规模、得分、应配户"),
    ] = None,
    count: Annotated[int, typer.Option("--n", metavar="个数", help="前多少个", min=1)] = 20,
    branch: Branch = None,
) -> None:

    leave(top(common, kind, by, count, branch, style))


@typed(*OF_LISTS, examples="kehujingli unassigned\nkehujingli unassigned --branch 801002 --format csv")
def typed_unassigned(common: Common, style: str, branch: Branch = None) -> None:

    leave(unassigned(common, branch, style))

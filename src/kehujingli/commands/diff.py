"""What does diff do? Two months, or two runs of one month, side by side, causes apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, log_unmask, period_text, workspace_of
from kehujingli.commands.console import CSV, say, say_csv, say_json, say_table, style_of, talk
from kehujingli.commands.options import Branch, leave, typed
from kehujingli.errors import Exit, problem
from kehujingli.values import in_yuan, round_half_up

if TYPE_CHECKING:
    from kehujingli.answers.diff import Difference, Side
    from kehujingli.answers.diff.split import Part
    from kehujingli.workspace import Workspace

BY = {
    "branch": "branch",
    "机构": "branch",
    "manager": "manager",
    "经理": "manager",
    "客户经理": "manager",
    "customer": "customer",
    "客户": "customer",
}
_SHOWN = 50
_KINDS = {
    "came": terms.label("came"),
    "left": terms.label("gone"),
    "class": terms.label("regrouped"),
    "figures": terms.label("scale_amount"),
    "holder": terms.label("holder_after"),
}


def diff(common: Common, named: Sequence[str], runs: bool, by: str | None, branch: str | None, style: str) -> Exit:
    """Lay the two side by side. Raises ``option.bad``, ``period.no-result``, ``diff.no-run``."""
    from kehujingli.answers.cards import branch_named
    from kehujingli.answers.diff import Difference
    from kehujingli.answers.diff.words import lines

    style = style_of(common.json, style)
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    before, after = _sides(workspace, named, runs=runs)
    if by is not None and by not in BY:
        raise problem("option.bad", option="--by", value=by, detail="不认识", cure="请写 branch、manager 或 customer。")
    log_unmask(workspace, common, "diff", named=list(named))
    one = branch_named(after.kept, branch) if branch is not None else None
    chosen = BY[by] if by is not None else ("manager" if one is not None else "branch")
    difference = Difference(before, after, one, _items(workspace, after))
    if style == "json":
        say_json(_record(difference, chosen, unmask=common.unmask))
        return Exit.DONE
    headers, rows = _TABLES[chosen](difference, common.unmask)
    if style in CSV:
        say_csv(headers, rows, style)
        return Exit.DONE
    say(*lines(difference))
    if rows:
        say("")
        say_table(headers, [[_shown(value) for value in row] for row in rows[:_SHOWN]])
    if len(rows) > _SHOWN:
        talk(f"另有 {len(rows) - _SHOWN:,} 行；全部用 --format csv 或 --json。")
    return Exit.DONE


def _sides(workspace: Workspace, named: Sequence[str], *, runs: bool) -> tuple[Side, Side]:
    """Months and numbers of runs as typed: ``2026-09 2026-10``, or ``2026-10 --runs 1 2``."""
    from kehujingli.answers.diff.sides import two_months, two_runs

    numbers = [int(text) for text in named if text.isdigit() and len(text) < 4]
    months = [str(period_text(text)) for text in named if not (text.isdigit() and len(text) < 4)]
    if len(months) > (1 if runs else 2) or len(numbers) > (2 if runs else 0):
        raise problem(
            "option.bad",
            option="比较什么",
            value=" ".join(named),
            detail="写法不对",
            cure="请写两个月份（2026-09 2026-10），或一个月份和两次运行（2026-10 --runs 1 2）。",
        )
    if not runs:
        return two_months(workspace, months)
    names = workspace.period_names()
    if not months and not names:
        raise problem("period.none-run")
    return two_runs(workspace, months[0] if months else names[-1], numbers)


def _items(workspace: Workspace, side: Side) -> dict[str, Any]:
    """The items of a side's rules, by id, where the very file is still there."""
    from kehujingli.errors import Problem
    from kehujingli.rules import load_rules

    told = side.manifest.get("rules", {})
    path = workspace.root / str(told.get("place") or f"rules/{told.get('path')}")
    try:
        rules = load_rules(path)
    except Problem:
        return {}
    if rules.sha256 != told.get("sha256") or rules.rules.incentive is None:
        return {}
    return {item.id: item for item in rules.rules.incentive.item}


def _name(row: Mapping[str, Any], unmask: bool) -> str:
    from kehujingli.terms.masks import mask_name

    name = row["customer_name"] or ""
    return name if unmask else mask_name(name, row["customer_type"])


def _shown(value: Any) -> Any:
    return f"{value:,}" if isinstance(value, int) else value


def _yuan(cents: int | None) -> Decimal | None:
    return None if cents is None else round_half_up(in_yuan(cents), 2)


def _by_branch(difference: Difference, _unmask: bool) -> tuple[list[str], list[list[Any]]]:
    headers = terms.words(
        "branch_id",
        "branch_name",
        "customers",
        "customers_change",
        "came",
        "gone",
        "regrouped",
        "upper_change",
        "dormant_change",
        "average_deposit_change",
        "loan_balance_change",
        "mean_score",
        "mean_score_before",
        "score_change",
        "score_cause",
        "pay_change",
        "pay_cause",
        "average_deposit_cause",
        "loan_balance_cause",
    )
    rows = []
    for row in difference.branches:
        scores = (row["score_after"], row["score_before"])
        rows.append(
            [
                row["branch_id"],
                row["branch_name"],
                row["customers_after"],
                row["customers_after"] - row["customers_before"],
                row["came"],
                row["left"],
                row["changed"],
                row["upper_after"] - row["upper_before"],
                row["dormant_after"] - row["dormant_before"],
                _yuan(row["average_deposit_after"] - row["average_deposit_before"]),
                _yuan(row["loan_balance_after"] - row["loan_balance_before"]),
                *scores,
                None if None in scores else scores[0] - scores[1],
                _said(row["parts"]),
                row["pay_after"] - row["pay_before"],
                *(_said(row[key]) for key in ("pay_parts", "average_deposit_parts", "loan_balance_parts")),
            ]
        )
    return headers, rows


def _said(parts: Sequence[Part]) -> str:
    return "；".join(part.said for part in parts)


def _by_manager(difference: Difference, _unmask: bool) -> tuple[list[str], list[list[Any]]]:
    headers = terms.words(
        "manager_id",
        "name",
        "branch_name",
        "score_before",
        "score",
        "score_change",
        "rank_before",
        "rank",
        "most_changed_item",
        "item_change",
        "cause",
        "pay_before",
        "pay",
        "pay_change",
        "pay_cause",
    )
    rows = []
    for row in difference.managers:
        if not row["parts"] and not row["pay_parts"] and row["score_before"] == row["score_after"]:
            continue  # nothing of theirs has changed
        item = row["item"]
        cause = _said(row["parts"]) or _other(row)
        moved = [item["label"] if item else "", item["difference"] if item else None, cause]
        rows.append(
            [
                row["manager_id"],
                row["name"],
                row["branch_name"] or row["branch_id"],
                row["score_before"],
                row["score_after"],
                row["difference"],
                row["rank_before"],
                row["rank_after"],
                *moved,
                row["pay_before"],
                row["pay_after"],
                row["pay_difference"],
                _said(row["pay_parts"]),
            ]
        )
    return headers, rows


def _other(row: Mapping[str, Any]) -> str:
    """Why there are no parts."""
    if row["score_before"] is None or row["score_after"] is None:
        return "未计分" if row["score_after"] is None else "原未计分"
    return ""


def _by_customer(difference: Difference, unmask: bool) -> tuple[list[str], list[list[Any]]]:
    from kehujingli.answers.diff.causes import CAUSES
    from kehujingli.answers.sources import group_words

    headers = terms.words(
        "customer_id",
        "customer_name",
        "branch_name",
        "change",
        "group_before",
        "group",
        "scale_amount_before",
        "scale_amount",
        "amount_change",
        "holder_before",
        "holder_after",
        "cause",
    )
    rows = []
    for row in difference.customers:
        amounts = (row["scale_amount_before"], row["scale_amount_after"])
        rows.append(
            [
                row["customer_id"],
                _name(row, unmask),
                row["branch_name"] or row["branch_id"],
                _KINDS[row["kind"]],
                group_words(row["group_before"]),
                group_words(row["group_after"]),
                *map(_yuan, amounts),
                _yuan((amounts[1] or 0) - (amounts[0] or 0)),
                row["holder_before"],
                row["holder_after"],
                CAUSES.get(row["cause"], ""),
            ]
        )
    return headers, rows


_TABLES = {"branch": _by_branch, "manager": _by_manager, "customer": _by_customer}


def _record(difference: Difference, by: str, *, unmask: bool) -> dict[str, Any]:
    """The JSON: both sides, causes apart, totals, and the rows asked for. Money is text with two decimals."""
    total = difference.totals
    money = ("deposit_balance", "average_deposit", "loan_balance")
    sides = [
        {
            "period": side.period,
            "run": side.run,
            "as_of": side.manifest.get("as_of"),
            "rules": side.manifest.get("rules", {}).get("path"),
        }
        for side in (difference.before, difference.after)
    ]
    totals = {
        name: {word: _plain(name in money, total[name][index]) for index, word in enumerate(("before", "after"))}
        for name in ("customers", "upper", "frequent", "dormant", *money, "score")
    }
    return {
        "before": sides[0],
        "after": sides[1],
        "causes": {
            "customers": {
                "came": total["came"],
                "left": total["left"],
                "changed": total["changed"],
                **{f"by_{key}": n for key, n in sorted(total["causes"].items())},
            },
            "data": difference.inputs,
            "rules": difference.rules,
            "plans": difference.plans_changed,
            "program": difference.program_changed,
        },
        "totals": totals,
        "by": by,
        "rows": list(_plain_rows(difference, by, unmask)),
    }


def _plain(money: bool, value: Any) -> Any:
    if money and value is not None:
        return f"{in_yuan(value):.2f}"
    return format(value, "f") if isinstance(value, Decimal) else value


def _plain_rows(difference: Difference, by: str, unmask: bool) -> Iterator[dict[str, Any]]:
    rows = {"branch": difference.branches, "manager": difference.managers, "customer": difference.customers}[by]
    for row in rows:
        record = {
            key: _plain(
                key.rpartition("_")[0] in ("deposit_balance", "average_deposit", "loan_balance", "scale_amount"), value
            )
            for key, value in row.items()
            if not key.endswith("parts")
        }
        for key in ("parts", "pay_parts", "average_deposit_parts", "loan_balance_parts"):
            if key in row:
                record[key] = [
                    {"cause": part.cause, "item": part.item, "amount": format(part.amount, "f")} for part in row[key]
                ]
        if by == "customer":
            record["customer_name"] = _name(row, unmask)
            del record["customer_type"]
        yield record


@typed(
    "workspace",
    "style",
    "json",
    "unmask",
    examples="kehujingli diff 2026-09 2026-10\nkehujingli diff 2026-09 2026-10 --branch 东关\nkehujingli diff 2026-10 --runs 1 2\nkehujingli diff 2026-10 --by customer --format csv",
)
def typed_diff(
    common: Common,
    style: str,
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[月份]...", help="两个月份；只写一个就与上一月比；不写就比最近两月", show_default=False
        ),
    ] = None,
    runs: Annotated[
        bool, typer.Option("--runs", help="比同一月的两次运行，后面写历次的号码；只写一个就与现在的比")
    ] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="按", help="按 branch、manager 还是 customer 列")] = None,
    branch: Branch = None,
) -> None:

    leave(diff(common, named or (), runs, by, branch, style))

"""What do segment, assign, score do? One step of the month, on a workspace or on bare files, into one workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import (
    Common,
    exit_of,
    ledger_for,
    log_unmask,
    output_path,
    request_of,
    show_findings,
    watching,
    workspace_of,
)
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import OF_ENGINES, OF_EXPORTS, Actuals, Public, Targets, leave, typed
from kehujingli.errors import Exit, problem
from kehujingli.intake.files.scratch import scratch
from kehujingli.values import in_yuan, missing
from kehujingli.workspace.files import check_replaceable, place_file

if TYPE_CHECKING:
    from kehujingli.month import Month


def _step(
    common: Common,
    name: str,
    write: Callable[[Month, Path], str],
    tell: Callable[[Month], tuple[dict[str, Any], list[str]]],
    **more: Path | None,
) -> Exit:
    """Open the month, reckon what ``tell`` and ``write`` need, put the workbook in place, show the result."""
    from kehujingli.month import open_month
    from kehujingli.month.attention import attention_lines, unscored
    from kehujingli.month.summary import head_line, read_line

    workspace = workspace_of(common, needed=not common.paths and not any(more.values()))
    log_unmask(workspace, common, "month", file=name)
    target = output_path(common, name)
    with ledger_for(workspace) as ledger, watching(common) as watch:
        month = open_month(request_of(common, workspace, **more), ledger, watch)
        record, lines = tell(month)
        if not common.dry_run:
            check_replaceable([target])
            with scratch() as folder:
                staged = folder / name
                write(month, staged)
                place_file(staged, target)
        watch.close()
        record["output"] = None if common.dry_run else str(target)
        if common.json:
            say_json(record)
        else:
            written = [] if common.dry_run else [f"写出  {target}"]
            causes = unscored(month.scores) if record.get("withheld") else ()
            looks = attention_lines(month.findings, causes=causes)
            say(head_line(month), read_line(month), *lines, *looks, *written)
        show_findings(month.findings, common)
        code = exit_of(month.findings)
        return Exit.ATTENTION if record.get("withheld") else code


def segment(common: Common) -> Exit:
    """Classify: 客户分类.xlsx."""
    from kehujingli.month import outputs
    from kehujingli.month.summary import change_line, class_line

    def tell(month: Month) -> tuple[dict[str, Any], list[str]]:
        segmented = month.segmented
        record = {
            "period": month.period.name,
            "as_of": month.period.as_of.isoformat(),
            "customers": len(segmented.customers),
            "closed": len(segmented.closed),
            **segmented.counts(),
        }
        record |= {"thresholds": segmented.thresholds, "branches": branch_records(month)}
        return record, [class_line(month), change_line(month)]

    return _step(
        common, outputs.CLASSES, lambda month, path: outputs.write_classes_book(month, path, unmask=common.unmask), tell
    )


def branch_records(month: Month) -> list[dict[str, Any]]:
    """The lines of 机构汇总 in customers: counts, and 元 with two decimals; ``held_by`` is empty for the branch, ``branch_id`` for the county."""
    ratios, channels = (
        ("interest_cost", "deposit_cost", "channel_share", "ebank_share"),
        ("replaced_postings", "counter_postings", "monthly_users", "ebank_customers", "ebank_active"),
    )
    counts, money = (
        ("customers", "frequent", "mobile", "dormant", "borrowers"),
        ("deposit_balance", "average_deposit_year_full", "average_deposit_year", "deposit_growth", "loan_balance"),
    )
    return [
        {"branch_id": row["branch_id"], "held_by": row["held_by"]}
        | {key: int(row[key]) for key in counts}
        | {key: None if missing(row[key]) else f"{in_yuan(int(row[key])):.2f}" for key in money}
        | {key: None if missing(row[key]) else f"{row[key]:.6f}" for key in ratios}
        | {key: None if missing(row[key]) else int(row[key]) for key in channels}
        for row in month.branch_sums.to_dict("records")
    ]


def held_records(month: Month) -> list[dict[str, Any]]:
    """What each branch achieved and whose it is: item → 元 with two decimals, or a count; ``held_by`` and ``branch_id`` as in ``branch_records``."""
    held = month.held
    money = {column for column in held.columns if held.style(column) == "money"}

    def told(branch: str | None, side: str | None) -> dict[str, Any]:
        sums = held.of(branch, side)
        actuals = {
            column.removeprefix("held:"): f"{in_yuan(total):.2f}" if column in money else total
            for column, total in sums.items()
        }
        return {"branch_id": branch or "", "held_by": side or "", "actuals": actuals}

    branches = dict.fromkeys(held.sums.index.get_level_values("branch_id"))
    return [told(branch, side) for branch in (None, *branches) for side in (None, *terms.SIDES)]


def assign(common: Common) -> Exit:
    """Propose managers: 管户分配.xlsx."""
    from kehujingli.month import outputs
    from kehujingli.month.summary import plan_line

    def tell(month: Month) -> tuple[dict[str, Any], list[str]]:
        return plan_record(month), [plan_line(month)]

    return _step(
        common, outputs.PLAN, lambda month, path: outputs.write_plan_book(month, path, unmask=common.unmask), tell
    )


def plan_record(month: Month) -> dict[str, Any]:
    """The JSON keys of ``assign``."""
    plan = month.plan
    customers = plan.customers
    unassigned = customers.loc[customers["move"] == "unassigned", "missing"].value_counts()
    return {
        "period": month.period.name,
        "customers": len(month.segmented.customers),
        "assigned": int((customers["move"] != "unassigned").sum()),
        "pool": plan.pool,
        "unassigned": {str(reason): int(count) for reason, count in sorted(unassigned.items())},
        "moved": int((customers["move"] == "moved").sum()),
        "managers": len(plan.loads),
        "objective": str(plan.objective),
        "bound": str(plan.bound),
    }


def score(common: Common, actuals: Path | None, targets: Path | None, *, public: bool) -> Exit:
    """Score managers and turn scores into pay: 考核得分.xlsx."""
    from kehujingli.month import outputs
    from kehujingli.month.summary import score_line

    def tell(month: Month) -> tuple[dict[str, Any], list[str]]:
        return score_record(month, public=public), [score_line(month.scores)]

    def write(month: Month, path: Path) -> str:
        digest, told = outputs.write_scores_book(month, path, public=public)
        month.written += told
        return digest

    return _step(
        common,
        outputs.SCORES,
        write,
        tell,
        actuals=actuals,
        targets=targets,
    )


def score_record(month: Month, *, public: bool = False) -> dict[str, Any]:
    """The JSON keys of ``score``: points as printed, money with two decimals."""
    # Long: the keys of one record, in the order in which they are printed.
    scores = month.scores
    digits = month.rules.incentive.rounding

    def item(scored: Any) -> Mapping[str, Any]:
        value = scored.quantity.value if scored.quantity is not None else None
        places = digits.pay if scored.item.is_counted == "pay" else digits.points
        return {
            "id": scored.item.id,
            "actual": None if value is None else _text(value),
            "target": None if scored.target is None else _text(scored.target),
            "points": None if scored.points is None else f"{scored.points:.{places}f}",
            "counts": scored.item.is_counted,
            "working": scored.working,
        }

    def record(manager: Any, payout: Any) -> dict[str, Any]:
        pay = (
            {}
            if public
            else {
                "pay": None if manager.pay is None else f"{manager.pay:.2f}",
                **_pay_record(manager),
                **_payout_record(payout),
            }
        )
        return {
            "manager_id": manager.manager_id,
            "branch_id": manager.branch_id,
            "score": None if manager.score is None else f"{manager.score:.{digits.points}f}",
            **pay,
            "items": [item(scored) for scored in manager.items],
            "withheld": list(manager.withheld),
            "gates": list(manager.gates),
            "grade": manager.reached,
            "blocked": manager.blocked,
        }

    settlement = None if public else month.settlement
    payouts = settlement.payouts if settlement else [None] * len(scores.managers)
    left = (
        {}
        if settlement is None
        else {
            "leavers": [
                {"manager_id": one.manager_id, "name": one.name, **_payout_record(one.payout)}
                for one in settlement.leavers
            ]
        }
    )
    people = {manager.manager_id for manager in scores.managers}
    withheld = {manager.manager_id for manager in scores.withheld}
    return {
        "period": month.period.name,
        "managers": len(people),
        "withheld": len(withheld),
        "trial": scores.trial,
        "scores": list(map(record, scores.managers, payouts)),
        "branches": held_records(month),
        **left,
    }


def _pay_record(manager: Any) -> dict[str, Any]:
    """What a pay is made of and when it is paid, 元."""
    return {
        "parts": [{"part": name, "amount": f"{amount:.2f}"} for name, amount in manager.parts],
        "advance": f"{manager.advance:.2f}",
        "paid_now": f"{manager.paid_now:.2f}",
        "deferred": f"{manager.to_defer:.2f}",
        "deferral": [{"year": year, "amount": f"{amount:.2f}"} for year, amount in manager.deferral],
    }


def _payout_record(payout: Any) -> dict[str, Any]:
    """What is paid in the month beside its own pay, and altogether, 元."""
    keys = ("settled", "matured", "granted", "clawback", "paid")
    return {key: None if payout is None else f"{getattr(payout, key):.2f}" for key in keys}


def _text(value: Any) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


@typed(
    *OF_EXPORTS,
    *OF_ENGINES,
    first=("paths",),
    examples="kehujingli segment\nkehujingli segment 客户信息.xlsx 交易流水.xlsx --json\nkehujingli segment --engine spark --master sc://主机:15002",
)
def typed_segment(common: Common) -> None:

    leave(segment(common))


@typed(
    *OF_EXPORTS,
    *OF_ENGINES,
    first=("paths",),
    examples="kehujingli assign\nkehujingli assign --commit 管户分配.xlsx --document 示联发〔2026〕12号\nkehujingli assign --what-if 'M0012 离岗' --what-if '新增 1 人 东关 负债'\nkehujingli assign --freeze C0001=M0005 --against 2026-11-01\nkehujingli assign --against 方案一.xlsx --against 方案二.xlsx\nkehujingli assign --price 东关\nkehujingli assign --balance 存款\nkehujingli assign --balance 存款 --within 户数=10%",
)
def typed_assign(
    common: Common,
    commit: Annotated[
        Path | None, typer.Option("--commit", metavar="文件", help="批好的管户分配.xlsx：自下月 1 日起作数")
    ] = None,
    effective: Annotated[
        str | None, typer.Option("--effective", metavar="日期", help="与 --commit 一起：从哪一天起作数")
    ] = None,
    document: Annotated[str, typer.Option("--document", metavar="文号", help="与 --commit 一起：依据文号")] = "",
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="句子",
            help="试算，可写几句，什么也不写：'M0012 离岗'、'新增 1 人 东关 负债'、'801003 并入 801002'、'上限 M0005=300'",
        ),
    ] = None,
    freeze: Annotated[
        list[str] | None,
        typer.Option("--freeze", metavar="客户=经理", help="试算时这一户定给这个人，可写几个；或一个 CSV 文件"),
    ] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(
            "--price", metavar="机构", help="这个机构多一个人、各人上限多 1 折算户值多少，逐个重解（慢）；可写几个"
        ),
    ] = None,
    balance: Annotated[
        str | None,
        typer.Option(
            "--balance", metavar="量", help="试算时各人不按折算户、按这个量均衡：户数、存款、贷款或村；管户上限照旧"
        ),
    ] = None,
    within: Annotated[
        list[str] | None,
        typer.Option(
            "--within",
            metavar="量=百分数",
            help="与 --balance 一起：各人另一个量（户数、存款、贷款、村、折算户）离按管户上限应摊的不超过这么多，如 户数=10%",
        ),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="方案",
            help="试算和哪一个方案比：已批的写 2026-11-01，另存的写 管户分配.xlsx；写两个就只比这两个；不写就和现在的方案比",
        ),
    ] = None,
) -> None:
    # what is long are the options, a few lines each
    from kehujingli.commands.trials import Asked, trial

    asked = Asked(what_if or (), freeze or (), against or (), price or (), balance, within or ())
    if asked.anything:
        if commit is not None:
            cure = "请先试算，再单独 --commit。"
            raise problem("option.bad", option="--commit", value=commit, detail="不能和试算一起写", cure=cure)
        leave(trial(common, asked))
    if commit is not None:
        from kehujingli.commands.commit import commit as approve

        leave(approve(common, commit, effective, document))

    leave(assign(common))


@typed(
    *OF_EXPORTS,
    *OF_ENGINES,
    first=("paths",),
    examples="kehujingli score\nkehujingli score --actuals 人工填报.xlsx --targets 任务数.xlsx\nkehujingli score --public -o 张榜.xlsx\nkehujingli score --manager M0012 --assume 存款年日均净增=120",
)
def typed_score(
    common: Common,
    actuals: Actuals = None,
    targets: Targets = None,
    public: Public = False,
    manager: Annotated[
        str | None, typer.Option("--manager", metavar="客户经理", help="与 --assume 一起：算谁的；工号或姓名")
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option("--assume", metavar="指标=值", help="假设这一人的实绩是多少（按该项单位），可写几个；只看不写"),
    ] = None,
) -> None:
    if manager is not None or assume:
        from kehujingli.commands.assume import assume as suppose

        leave(suppose(common, manager, assume or (), actuals=actuals, targets=targets))

    leave(score(common, actuals, targets, public=public))

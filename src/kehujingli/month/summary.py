"""What should a person see after a run? Ten lines: what was read, what came out, what changed, what needs a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import is_known, yuan_grouped
from kehujingli.month.attention import attention_lines, unscored
from kehujingli.month.outputs import REJECTS
from kehujingli.values import round_half_up
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    from kehujingli.assign import Plan
    from kehujingli.incentive import Scores
    from kehujingli.month.order import Month


def run_lines(month: Month, target: Path, outputs: Sequence[str] | None, accepted: Sequence[str] = ()) -> list[str]:
    """The lines after ``run``, without the time it took. ``outputs`` is nothing where nothing was written."""
    lines = [head_line(month), read_line(month, REJECTS in (outputs or ())), class_line(month), plan_line(month)]
    if month.rules.rules.incentive is not None:
        lines.append(score_line(month.scores))
    kept = month.period.name if outputs is not None else ""
    lines += [
        change_line(month),
        *attention_lines(month.findings, accepted, unscored(month.scores_if_any), kept),
    ]
    if outputs is None:
        return [*lines, "试运行  没有写任何文件"]
    from kehujingli.month.outputs import CLASSES, MONTHLY, PLAN, SCORES

    books = " ".join(name for name in (CLASSES, PLAN, SCORES, MONTHLY) if name in outputs)
    return [*lines, f"写出  {_short_path(target)}/ {books}"]


def head_line(month: Month, status: str = terms.STATES["draft"]) -> str:
    document = month.rules.rules.institution.document
    parts = [
        f"期间 {month.period.name}",
        f"数据截至 {month.period.as_of}",
        "没有办法文件，按随附的示例办法" if month.rules.example else f"依据 {document}" if document else "没有文号",
        status,
    ]
    if month.period.partial:
        parts.append("未满月")
    newer = next((told for told in month.findings if told.code == "period.incomplete"), None)
    if newer is not None:
        parts.append(f"{newer.message.split()[0]} 还没过完，没有算")
    return "  ".join(parts)


def read_line(month: Month, listed: bool = False) -> str:
    """``listed``: whether the refused rows stand in a workbook of their own."""
    # a form that nobody has filled in holds nothing that could be read
    files = len({sheet.export.name for sheet in month.sheets if sheet.rows or not sheet.table})
    known = [sheet for sheet in month.settled if sheet.table and sheet.rows]
    rows, refused = sum(sheet.rows for sheet in known), sum(month.rejected)
    unlinked = sum(count for count, _ in month.tables.unlinked.values())
    later = month.later_refused
    line = f"读入  {files} 个文件 {len(known)} 张表 {rows:,} 行，退回 {refused - later:,} 行"
    line += f"，以后各期的另有 {later:,} 行" if later else ""
    line += f"（{REJECTS}）" if listed else ""
    line += f"，挂接好的流水 {sum(batch.rows for batch in month.batches):,} 行" if month.batches else ""
    return line + (f"，未挂接 {unlinked:,} 行" if unlinked else "") + _agreement(month)


def _agreement(month: Month) -> str:
    """；与总账相符, or by how much not; where there is no 对账 what the exports' own 合计 rows say; nothing where nobody claims anything."""
    controls = month.tables.controls
    if controls:
        differing = [control for control in controls if not control.agrees]
        if not differing:
            return "；与总账相符"
        worst = max(differing, key=lambda control: (bool(control.column), abs(control.read - control.claimed)))
        return f"；与总账不符 {len(differing)} 处，{worst.label}{worst.difference}"
    pairs = [pair for sheet in month.sheets for pair in sheet.claims.values()]
    if not pairs:
        return ""
    worst_by = max(abs(read - said) for said, read in pairs)
    return f"；与表内合计差 {yuan_grouped(worst_by)} 元" if worst_by else "；与表内合计相符"


def class_line(month: Month) -> str:
    counts = month.segmented.counts()
    frequency, scale = counts["frequency"], counts["scale"]
    left = len(month.segmented.closed)
    return (
        f"分类  {len(month.segmented.customers):,} 户{f'（已销户 {left:,} 户不分类）' if left else ''}：经常 {frequency['frequent']:,} 流动 {frequency['mobile']:,} 休眠 {frequency['dormant']:,}"
        f"｜大型 {scale['large']:,} 中等 {scale['medium']:,} 小 {scale['small']:,}"
    )


def plan_line(month: Month) -> str:
    plan: Plan = month.plan
    customers = plan.customers
    placed = int((customers["move"] != "unassigned").sum())
    short = plan.branches[plan.branches["short"] > 0]
    told = "、".join(
        f"{month.branch_names.get(row.branch_id) or row.branch_id}缺 {_number(row.short)} 折算户"
        for row in short.head(2).itertuples()
    )
    told = f"（{told}{'等' if len(short) > 2 else ''}）" if told else ""
    borrowers = int(((customers["move"] == "unassigned") & customers["borrower"]).sum())
    return f"管户  应配 {len(customers):,} 已配 {placed:,} 未配 {len(customers) - placed:,}{told}；贷款户未配 {borrowers:,}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value) == int(value) else f"{value:,.1f}"


def score_line(scores: Scores) -> str:
    people = {manager.manager_id: manager for manager in reversed(scores.managers)}
    scored = sorted((m for m in people.values() if m.score is not None), key=lambda m: (-(m.score or 0), m.manager_id))
    withheld = len(people) - len(scored)
    if not scored:
        return f"考核  {len(people)} 人都未计分"
    mean = _mean({who: manager.score for who, manager in people.items()})
    best, worst = scored[0], scored[-1]
    capped = "，一票否决" if worst.vetoed else "，封顶" if worst.gates else ""
    trial = "（试算：按本期方案）" if scores.trial else ""
    return (
        f"考核  参评 {len(people)} 人 平均 {mean} 最高 {best.score}（{best.manager_id} {best.name}） "
        f"最低 {worst.score}（{worst.manager_id} {worst.name}{capped}）；未计分 {withheld} 人{trial}"
    )


def change_line(month: Month) -> str:
    if month.previous is None:
        return "较上月  没有上月结果"
    from kehujingli.lists.moved import moved as counted

    before, now = month.previous, month.segmented.customers

    def moved(frame: str, column: str, values: Sequence[str]) -> int:
        source = now if frame == "now" else before
        return int(source[column].isin(values).sum())

    best = moved("now", "scale", ["large", "medium"]) - moved("before", "scale", ["large", "medium"])
    asleep = moved("now", "frequency", ["dormant"]) - moved("before", "frequency", ["dormant"])
    told = counted(now, month.causes)
    return (
        f"较上月  大中型 {_signed(best)} 户  休眠 {_signed(asleep)} 户  {told.woken}{told.arrived}{_mean_change(month)}"
    )


def _mean_change(month: Month) -> str:
    """How much the mean score moved, where both months have one."""
    workspace = month.workspace
    if workspace is None or month.rules.rules.incentive is None:
        return ""
    kept = Results.of(workspace, month.period.back(1).name)
    if not kept.has("scores"):
        return ""
    rows = kept.rows("select manager_id, score from {scores}")
    before = _mean({row["manager_id"]: None if row["score"] is None else Decimal(row["score"]) for row in rows})
    now = _mean({manager.manager_id: manager.score for manager in reversed(month.scores.managers)})
    if before is None or now is None:
        return ""
    change = now - before
    return f"  平均分 {'+' if change > 0 else '−'}{abs(change)}" if change else "  平均分 持平"


def _mean(scores: Mapping[str, Decimal | None]) -> Decimal | None:
    """The mean of those who have a score, to two digits."""
    known = [score for score in scores.values() if score is not None]
    return round_half_up(sum(known, Decimal(0)) / len(known), 2) if known else None


def _signed(value: int) -> str:
    return f"+{value:,}" if value > 0 else (f"−{abs(value):,}" if value < 0 else "持平")


def mail_line(month: Month, accepted: Sequence[str], *, attention: bool) -> str:
    """The run in one line, fit for the subject of a mail."""
    counts, plan = month.segmented.counts(), month.plan.customers
    parts = [
        f"客户 {len(month.segmented.customers):,} 户",
        f"大中型 {counts['scale']['large'] + counts['scale']['medium']:,}",
        f"休眠 {counts['frequency']['dormant']:,}",
        f"未配 {int((plan['move'] == 'unassigned').sum()):,}",
    ]
    if month.rules.rules.incentive is not None:
        people = {manager.manager_id: manager.score for manager in month.scores.managers}
        mean = _mean(people)
        parts.append("没有人计分" if mean is None else f"平均 {mean} 分")
        parts.append(f"未计分 {sum(score is None for score in people.values())} 人")
    parts.append(f"退回 {sum(month.rejected) - month.later_refused:,} 行")
    kinds = {told.code for told in month.findings if told.level != "note" and not is_known(told, accepted)}
    look = f"请人看 {len(kinds)} 类" if kinds else ("请人看未计分" if attention else "没有新问题")
    return f"{month.period.name} 跑完：{'，'.join(parts)}；{look}"


def _short_path(path: Path) -> str:
    return "/".join(path.parts[-2:])

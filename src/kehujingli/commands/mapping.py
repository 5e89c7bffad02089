"""What does check --map do? It asks which header is the column that a sheet lacks, writes the answers into layouts/, and says what they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.commands.common import Common, asked, nobody_there, request_of, watching
from kehujingli.commands.console import say
from kehujingli.errors import place, problem
from kehujingli.intake.mapping import Proposal, propose
from kehujingli.intake.sheets.layout import load_layout, spellings_of

if TYPE_CHECKING:
    from kehujingli.intake.ledger import Ledger
    from kehujingli.month.mapping import Trial
    from kehujingli.workspace import Workspace

_PLACES = 3
"""Sheets that a sentence names."""
_NO = frozenset({"n", "no", "否", "不", "不用"})
_ENOUGH = frozenset({"q", "quit", "退出"})


def map_headers(common: Common, workspace: Workspace, ledger: Ledger, *, yes: bool) -> dict[str, Any]:
    """Propose, ask, try out, write: what was done, for JSON; on the terminal it is said. Raises ``mapping.unasked``."""
    from kehujingli.month import read_exports
    from kehujingli.month.mapping import try_out

    if not yes and not common.dry_run and nobody_there(common):
        raise problem("mapping.unasked")
    request = request_of(common, workspace)
    with watching(common) as watch:
        sheets, _ = read_exports(request, ledger, watch.file)
    proposals = propose(sheets, spellings_of([load_layout(path) for path in workspace.layout_files()]))
    against = [(one, one.doubt) for one in proposals if one.against]
    able = [one for one in proposals if not one.against]
    wanted, left = _sure(able) if yes or common.dry_run else _answered(common, able)
    with watching(common) as watch:
        trial = try_out(request, ledger, sheets, wanted, watch.file)
    left = [*left, *trial.left, *against]
    if trial.files and not common.dry_run:
        _write(workspace, trial)
    record = {
        "files": [str(workspace.place_of(path) or path) for path in trial.files],
        "written": bool(trial.files) and not common.dry_run,
        "taken": [_record(one) for one in trial.taken],
        "left": [{**_record(one), "why": why} for one, why in left],
        "changes": list(trial.changes),
    }
    if not common.json and not common.quiet:
        say(*_lines(trial, left, record))
    return record


def _sure(proposals: Sequence[Proposal]) -> tuple[list[Proposal], list[tuple[Proposal, str]]]:
    """What nobody need be asked about, and the rest with what makes it doubtful."""
    left = [(one, one.doubt or _before(one)) for one in proposals if one.doubt or one.first]
    return [one for one in proposals if not one.doubt and not one.first], left


def _before(one: Proposal) -> str:
    return "要先定下" + "、".join(f"“{label}”" for label in one.first)


def _answered(common: Common, proposals: Sequence[Proposal]) -> tuple[list[Proposal], list[tuple[Proposal, str]]]:
    """One question each. A blank answer takes what is plain, and leaves what is doubtful."""
    wanted: list[Proposal] = []
    left: list[tuple[Proposal, str]] = []
    used: set[tuple[str, str]] = set()
    enough = False
    for number, one in enumerate(sorted(proposals, key=lambda one: (bool(one.first), bool(one.doubt))), 1):
        settled = {other.column.label for other in wanted if set(other.places) >= set(one.places)}
        if not enough and not settled.issuperset(one.first):
            left.append((one, _before(one)))
            continue
        free = [header for header in one.headers if (one.table.key, header) not in used]
        if enough or not free:
            left.append((one, "没有问" if enough else "表头已作别的列"))
            continue
        answer = asked(common, f"[{number}/{len(proposals)}] {_question(one, free)}").strip().casefold()
        enough = answer in _ENOUGH
        chosen = _chosen(answer, one, free)
        if not chosen:
            left.append((one, "没有采用"))
            continue
        used.add((one.table.key, chosen))
        reasons = one.reasons if chosen == one.header else ()
        wanted.append(replace(one, headers=(chosen,), reasons=(*reasons, "人工确认"), doubt=""))
    return wanted, left


def _question(one: Proposal, free: Sequence[str]) -> str:
    lacks = f"{_where(one)}没有{one.table.label}的“{one.column.label}”。"
    choices = "，".join(f"{number} “{header}”" for number, header in enumerate(free, 1))
    if one.doubt or one.header not in free:
        return f"{lacks}可能是 {choices}（{one.doubt or '原来提议的表头已作别的列'}）。请输入序号，直接回车都不采用，q 不再问："
    return f"{lacks}最像的是 {choices}（{'；'.join(one.reasons)}）。直接回车采用，n 不采用，q 不再问："


def _chosen(answer: str, one: Proposal, free: Sequence[str]) -> str:
    """The header that an answer takes; nothing where it takes none."""
    if answer.isdecimal() and 1 <= int(answer) <= len(free):
        return free[int(answer) - 1]
    plain = not one.doubt and one.header in free
    return one.header if plain and answer in ("", "y", "yes", "是") else ""


def _write(workspace: Workspace, trial: Trial) -> None:
    """The lines and their entry in the log: both, or neither."""
    from kehujingli.workspace.deeds import perform

    said = [f"{one.table.label}：{one.column.label}←{one.header}" for one in trial.taken]
    files = [workspace.told(path) for path in trial.files]
    with workspace.locked("版式"):
        workspace.layouts.mkdir(exist_ok=True)
        perform(workspace, trial.files, "map", {"file": files, "columns": said})


def _where(one: Proposal) -> str:
    places = one.places
    return "、".join(places[:_PLACES]) + (f" 等 {len(places)} 张表" if len(places) > _PLACES else "")


def _choices(one: Proposal) -> str:
    return "、".join(f"“{header}”" for header in one.headers)


def _record(one: Proposal) -> dict[str, Any]:
    return {
        "table": one.table.key,
        "column": one.column.label,
        "header": one.header,
        "others": list(one.headers[1:]),
        "places": one.places,
        "reasons": list(one.reasons),
    }


def _lines(trial: Trial, left: Sequence[tuple[Proposal, str]], record: Mapping[str, Any]) -> Iterator[str]:
    word = "写入" if record["written"] else "提议"
    for one in trial.taken:
        yield f"{word}  {one.table.label}“{one.column.label}” ← “{one.header}”（{'；'.join(one.reasons)}；{_where(one)}）"
    for one, why in left:
        yield f"未写  {one.table.label}“{one.column.label}” ← {_choices(one)}：{why}（{_where(one)}）"
    if not trial.taken:
        yield "没有可写的版式。" if left else "没有要对的表头。"
    for change in trial.changes:
        yield f"{'再读' if record['written'] else '试读'}  {_change(change)}"
    if record["files"]:
        yield f"{'版式' if record['written'] else '会写'}  {'、'.join(record['files'])}"


def _change(change: Mapping[str, Any]) -> str:
    """What is read otherwise of one sheet."""
    before, now = (terms.BY_KEY[key].label if key else "不认识" for key in (change["table_before"], change["table"]))
    table = f"{now}" if before == now else f"{before} → {now}"
    rows = f"读入 {change['accepted_before']:,} → {change['accepted']:,} 行"
    refused = f"，退回 {change['rejected_before']:,} → {change['rejected']:,} 行"
    refused = refused if change["rejected"] or change["rejected_before"] else ""
    columns = change["columns"]
    named = "、".join(f"{label}（{header}）" for label, header in columns.items() if label != header)
    said = f"；多采用 {len(columns)} 列{f'，其中 {named}' if named else ''}" if columns else ""
    return f"{place(change['path'], change['sheet'])} {table}：{rows}{refused}{said}"

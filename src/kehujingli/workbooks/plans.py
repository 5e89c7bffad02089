"""What does 管户分配.xlsx show? Who looks after whom. 首页 with one line a branch and a chart of loads, the list, 口径."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.lists.main import masked, said
from kehujingli.lists.plan import helpers
from kehujingli.periods import date_of
from kehujingli.studies import declared as study_of
from kehujingli.workbooks import placements
from kehujingli.workbooks.definitions import Source, write_definitions
from kehujingli.workbooks.house import AMBER, RED, Book, Highlight, Meta, Plot, labelled
from kehujingli.workbooks.study import write_list

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.lists.plan import Handover
    from kehujingli.studies.study import Answer

_WIDTHS = (6, 9, 12, 14, 14, 8, 12, 22, 15, 15, 8, 10, 9, 10, 9, 9, 8, 7, 40, 11)
_LOOKS: Mapping[str, Any] = {
    "number": "count",
    "customer_id": "id",
    "branch_id": "id",
    "previous_manager": "id",
    "assigned_manager": "id",
    "scale_amount": "yuan",
    "loan_balance": "yuan",
    "load": "number",
    "effective_on": "date",
}

DEFINITIONS = (
    ("应配", "办法规定的户群，和有贷款余额的客户；其余为公共户，不在本表。"),
    (terms.label("load"), "按规模折算；一个对公户按折算系数，代替规模折算。"),
    (
        "保持、新配、调整、未配",
        "保持：原客户经理继续；新配：原来没有；调整：必须换人或年度调整；未配：容量或权限不够。",
    ),
    ("必须调整", "离任、不在岗、授信权限不够、超过管户上限。办法没有要求年度调整的，其他一律不动。"),
    ("最优", "每个机构按办法的代价求最小，证明最优；容量不够时先保贷款户，再保工作量，再先大后中。"),
    ("生效", "本表是方案；经审批后自生效日起计考核，审批前不计。"),
)


@dataclass(frozen=True)
class Decisions:
    """What stands beside the list: ``at_once``, ``moves_to_approve``, ``unassigned``, ``load_rows``, ``handovers``; managers' names."""

    at_once: pd.DataFrame
    approvals: pd.DataFrame
    unassigned: pd.DataFrame
    loads: pd.DataFrame
    handovers: Sequence[Handover]
    managers: Mapping[str, str]
    answers: Mapping[str, Answer]
    """Study → what it says of this plan; its first list is a sheet here, as in its own workbook."""


def write_plan(
    target: Path,
    meta: Meta,
    frame: pd.DataFrame,
    branches: pd.DataFrame,
    decisions: Decisions,
    names: Mapping[str, str],
    effective: int,
    source: Source,
    thresholds: list[tuple[str, str]],
    *,
    unmask: bool = False,
) -> str:
    """``frame``: ``views.plan_list``; ``branches``: of ``assign.Plan``; ``names``: of branches."""
    book = Book(meta)
    _cover(book, frame, branches, decisions.loads, names, effective)
    shown = said(frame if unmask else masked(frame))
    columns = [
        labelled(
            key,
            _LOOKS.get(key, "text"),
            width,
            total=key in ("scale_amount", "loan_balance", "load"),
            centre=key in ("move", "customer_type", "specialism"),
        )
        for key, width in zip(frame.columns, _WIDTHS, strict=True)
    ]
    highlights = [
        Highlight(f'=$R5="{terms.MOVES["unassigned"]}"', RED),
        Highlight(f'=$R5="{terms.MOVES["moved"]}"', AMBER, "move", fill=True),
    ]
    book.list(
        terms.PLAN_SHEET,
        f"{meta.institution}管户分配方案",
        "元、折算户",
        columns,
        shown,
        freeze=5,
        highlights=highlights,
    )
    placements.write_at_once(book, decisions.at_once)
    placements.write_approvals(book, decisions.approvals, unmask=unmask)
    placements.write_unassigned(book, decisions.unassigned, unmask=unmask)
    placements.write_loads(book, decisions.loads)
    placements.write_handovers(
        book, decisions.handovers, decisions.managers, date_of(effective).isoformat(), unmask=unmask
    )
    told = list(source.findings)
    definitions = [*DEFINITIONS, *placements.DEFINITIONS]
    for key, answer in decisions.answers.items():
        asked = study_of(key)
        write_list(book, asked.lists[0], answer, unmask=unmask)
        definitions += [(f"{asked.label}：{word}", meaning) for word, meaning in asked.definitions]
        told += answer.findings
    write_definitions(book, definitions, replace(source, findings=told), thresholds)
    return book.save(target)


_COVER = (
    *terms.words("branch_id", "branch_name", "due", "assigned", "unassigned"),
    "覆盖率",
    "其中贷款户未配",
    terms.label("managers"),
    "人均折算户",
    "最高负荷率",
    "最低负荷率",
    "拟调整户数",
    "其中贷款户",
)


def _cover(
    book: Book,
    frame: pd.DataFrame,
    branches: pd.DataFrame,
    loads: pd.DataFrame,
    names: Mapping[str, str],
    effective: int,
) -> None:
    sheet = book.sheet("首页")
    book.columns(sheet, (9, 16, 9, 9, 9, 9, 11, 8, 11, 10, 10, 10, 10))
    book.heading(sheet, f"{book.meta.institution}管户分配方案", len(_COVER), "户、折算户")
    for column, header in enumerate(_COVER):
        sheet.write_string(3, column, header, book.header)
    sheet.set_row(3, 30)
    known = loads[loads["rate"].notna()]
    rates = known.groupby("branch_id")["rate"].agg(["max", "min"])
    row = 3
    for item in branches.itertuples():
        row += 1
        _branch_line(book, sheet, row, item, names.get(item.branch_id, ""), rates)
    _totals(book, sheet, branches)
    plot = _plot(branches, names)
    end = book.plot(sheet, plot, (row + 2, 0), 980) if plot else row + 2
    for sentence in helpers(frame, loads, branches, names):
        sheet.write_string(end, 0, sentence, book.format())
        end += 1
    sheet.write_string(
        end, 0, f"本方案自 {date_of(effective)} 起生效，须经审批；审批前不计考核。", book.format(bold=True)
    )
    sheet.write_string(end + 1, 0, f"{book.meta.signatures}　生效日：{date_of(effective)}", book.format())
    book.page(sheet, end + 1, len(_COVER), one_page=True)


def _branch_line(book: Book, sheet: Any, row: int, item: Any, name: str, rates: pd.DataFrame) -> None:
    rate = rates.loc[item.branch_id] if item.branch_id in rates.index else None
    red = {"font_color": RED, "bold": True} if item.unassigned_borrowers else {}
    book.write(sheet, row, 0, item.branch_id, "id")
    book.write(sheet, row, 1, name)
    for column, value in ((2, item.due), (3, item.assigned), (4, item.unassigned)):
        book.write(sheet, row, column, value, "count")
    book.write(sheet, row, 5, item.assigned / item.due if item.due else None, "rate")
    book.write(sheet, row, 6, item.unassigned_borrowers, "count", **red)
    book.write(sheet, row, 7, item.managers, "count")
    book.write(sheet, row, 8, float(item.load_assigned) / item.managers if item.managers else None, "number")
    book.write(sheet, row, 9, None if rate is None else rate["max"], "rate")
    book.write(sheet, row, 10, None if rate is None else rate["min"], "rate")
    book.write(sheet, row, 11, item.moved, "count")
    book.write(sheet, row, 12, item.moved_borrowers, "count")


def _totals(book: Book, sheet: Any, branches: pd.DataFrame) -> None:
    sums = branches[
        ["due", "assigned", "unassigned", "unassigned_borrowers", "managers", "moved", "moved_borrowers"]
    ].sum()
    book.write(sheet, 2, 0, "合计", bold=True, align="center")
    values = {
        2: sums["due"],
        3: sums["assigned"],
        4: sums["unassigned"],
        6: sums["unassigned_borrowers"],
        7: sums["managers"],
        11: sums["moved"],
        12: sums["moved_borrowers"],
    }
    for column in range(1, 13):
        if column == 5:
            book.write(sheet, 2, column, sums["assigned"] / sums["due"] if sums["due"] else None, "rate", bold=True)
        else:
            book.write(sheet, 2, column, values.get(column), "count", bold=True)


def _plot(branches: pd.DataFrame, names: Mapping[str, str]) -> Plot | None:
    """Load over capacity a branch, with the line of 100 %."""
    limited = [row for row in branches.itertuples() if row.capacity == row.capacity and row.capacity and row.managers]
    if not limited:
        return None
    over = sum(1 for row in limited if row.load_due > row.capacity)
    title = (
        f"{over} 个机构应配超过管户上限，{len(limited) - over} 个有余量"
        if over
        else f"{len(limited)} 个机构的管户上限都够"
    )
    people = [names.get(row.branch_id) or str(row.branch_id) for row in limited]
    rates = [float(row.load_due) / float(row.capacity) for row in limited]
    series = {"应配折算户占本机构人员管户上限": rates, "100%": [1.0] * len(limited)}
    return Plot("column", title, people, series, line="100%", number="0%")

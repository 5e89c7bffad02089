"""What does handover do? The rows of 业绩归属 that give one manager's customers to another, proposed in 表单/, and the workbook that three people sign."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.cells import plain_cell
from kehujingli.commands.common import (
    Common,
    as_of_date,
    exit_of,
    log_unmask,
    output_path,
    request_of,
    show_findings,
    watching,
    workspace_of,
)
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import OF_ENGINES, leave, typed
from kehujingli.errors import Exit, problem
from kehujingli.periods import date_of, day_of
from kehujingli.values import in_yuan, missing
from kehujingli.workspace.files import check_replaceable, place_file

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.lists.forms import Form
    from kehujingli.lists.handover import Asked
    from kehujingli.month import Month
    from kehujingli.month.handover import Handed
    from kehujingli.terms.column import ListColumn


def handover(common: Common, giver: str | None, taker: str | None, on: str | None, customers: str | None) -> Exit:
    """By hand with ``giver`` and ``taker``, else the moves of the month's plan."""
    from kehujingli.lists.handover import Asked
    from kehujingli.month import open_month
    from kehujingli.month.handover import handed_over, planned

    if taker is not None and giver is None:
        cure = "请一起写 --from 工号；只照方案移交的，两个都不写。"
        raise problem("option.bad", option="--to", value=taker, detail="没有写移交人", cure=cure)
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    log_unmask(workspace, common, "handover")
    listed = named(customers) if customers is not None else None
    with watching(common) as watch:
        month = open_month(request_of(common, workspace), workspace.ledger, watch)
        start = as_of_date(on, "--on")
        first = day_of(start) if start is not None else month.effective
        asked = [Asked(giver, taker, listed)] if giver is not None and taker is not None else planned(month, giver)
        if listed is not None and taker is None:
            asked = [Asked(one.giver, one.taker, tuple(sorted({*(one.customers or ())} & {*listed}))) for one in asked]
        found = handed_over(month, asked, first)
    form, book = _targets(common, workspace.forms, found, asked)
    if not common.dry_run:
        _write(common, month, found, form, book)
    _tell(common, found, form, book)
    return exit_of(found.findings)


_LISTS = (".xlsx", ".xls", ".csv", ".txt")
_EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number."""


def named(text: str) -> tuple[str, ...]:
    """Customer numbers: separated by commas, or a text, CSV or .xlsx file, the column of customer numbers as exports call it, else the first.
    Raises ``option.bad``, ``table.path-missing``."""
    path = Path(text)
    if path.suffix.casefold() not in _LISTS and not (path.suffix and path.exists()):
        found = [one.strip() for one in text.replace("，", ",").replace("、", ",").split(",")]
    elif not path.exists():
        raise problem("table.path-missing", path=path)
    else:
        found = _numbers([[_said(cell) for cell in row] for row in _rows(path)])
    found = [one for one in found if one]
    if not found:
        cure = "请写客户号，逗号分开，或写一个有客户号的文件。"
        raise problem("option.bad", option="--customers", value=text, detail="里面没有客户号", cure=cure)
    return tuple(dict.fromkeys(found))


def _numbers(rows: list[list[str]]) -> list[str]:
    headers = terms.BY_KEY["customers"].column("customer_id").names
    for number, row in enumerate(rows):
        at = next((place for place, cell in enumerate(row) if cell in headers), None)
        if at is not None:
            return [row[at] for row in rows[number + 1 :] if len(row) > at]
    return [row[0] for row in rows if row]


def _said(cell: Any) -> str:
    """A number that a spreadsheet keeps as 810000000012.0 is 810000000012; one of sixteen digits or more has lost the last of them."""
    if isinstance(cell, int | float) and abs(cell) >= _EXACT:
        detail = f"{cell:.0f} 是数，超过 15 位的末几位已经丢了"
        raise problem(
            "option.bad",
            option="--customers",
            value=f"{cell:.0f}",
            detail=detail,
            cure=f"请把{terms.label('customer_id')}一列存成文本。",
        )
    whole = isinstance(cell, float) and cell.is_integer()
    return "" if cell is None else str(int(cell) if whole else cell).strip()


def _rows(path: Path) -> list[list[Any]]:
    try:
        if path.suffix.casefold() == ".xlsx":
            import openpyxl

            sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
            return [list(row) for row in sheet.iter_rows(values_only=True)]
        return [row for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()) if row]
    except (OSError, ValueError, KeyError) as error:
        cure = "请换成 .xlsx 或 UTF-8 的文本，一行一个客户号。"
        detail = f"读不出来（{type(error).__name__}）"
        raise problem("option.bad", option="--customers", value=path, detail=detail, cure=cure) from None


def _targets(common: Common, forms: Path, found: Handed, asked: list[Asked]) -> tuple[Path, Path]:
    """Where the proposal and the workbook go. Raises ``option.bad`` where the proposal is there already."""
    pair = f"{asked[0].giver}_{asked[0].taker}" if len(asked) == 1 else "方案"
    name = f"移交_{pair}_{date_of(found.on)}.xlsx"
    form = forms / f"{terms.BY_KEY['attributions'].label}_{name}"
    if form.exists() and not common.dry_run:
        cure = "已经批了的不用再来；要重做，请先移走它。"
        raise problem("option.bad", option="--on", value=form, detail="已经有了，不覆盖", cure=cure)
    return form, output_path(common, name)


def _write(common: Common, month: Month, found: Handed, form: Path, book: Path) -> None:
    from kehujingli.month.outputs import meta_of, source_of
    from kehujingli.workbooks.forms import write_form
    from kehujingli.workbooks.handover import write_handover

    assert month.workspace is not None
    check_replaceable([book])
    told = [*_lines(found), *(one.text for one in found.findings)]
    with month.workspace.locked("移交"), month.workspace.staging() as folder:
        staged, proposal = folder / book.name, folder / form.name
        frames = (found.pairs, found.listed, found.bases, found.days)
        write_handover(staged, meta_of(month), frames, found.on, told, source_of(month), unmask=common.unmask)
        write_form(proposal, proposed(found))
        form.parent.mkdir(parents=True, exist_ok=True)
        place_file(staged, book)
        place_file(proposal, form)


def proposed(found: Handed) -> Form:
    """The rows of 业绩归属 as a form that asks whether each is agreed to, and by whom."""
    from kehujingli.lists.forms import Field, Form

    table = terms.BY_KEY["attributions"]
    wanted = (
        "customer_id",
        "account_id",
        "loan_id",
        "line",
        "manager_id",
        "share",
        "valid_from",
        "valid_to",
        "document",
        "approved_by",
        "agreed",
    )
    columns = [table.column(key) for key in wanted]
    lines = {"all": terms.LINES["all"], "deposit": terms.LINES["deposit"], "loan": terms.LINES["loan"]}
    rows = dated(found.claims).assign(line=found.claims["line"].map(lines))
    fields = tuple(
        Field(
            column.label,
            column.kind,
            column.key in ("line", "manager_id", "approved_by", "agreed"),
            choices=terms.AGREED
            if column.key == "agreed"
            else tuple(terms.LINES.values())
            if column.key == "line"
            else (),
        )
        for column in columns
    )
    told = tuple(
        {column.label: str(value) for column in columns if isinstance(value := row.get(column.key), str)}
        for row in rows.to_dict("records")
    )
    return Form(table.label, fields, told)


def dated(claims: pd.DataFrame) -> pd.DataFrame:
    """The rows with their days as 2026-11-01, ``None`` where there is none."""
    said = {
        key: [None if missing(day) else date_of(int(day)).isoformat() for day in claims[key]]
        for key in ("valid_from", "valid_to")
    }
    return claims.assign(**said).astype("object").where(lambda frame: frame.notna(), None)


def _tell(common: Common, found: Handed, form: Path, book: Path) -> None:
    from kehujingli.lists.handover import BASES, DAYS, LIST, PAIRS
    from kehujingli.workbooks.study import shown

    if common.json:
        lists = {
            "pairs": (found.pairs, PAIRS),
            "list": (found.listed, LIST),
            "bases": (found.bases, BASES),
            "days": (found.days, DAYS),
        }
        record: dict[str, Any] = {"on": date_of(found.on).isoformat()}
        for key, (frame, columns) in lists.items():
            record[key] = _records(shown(frame, [one for one in columns if one.private], unmask=common.unmask), columns)
        record["attributions"] = dated(found.claims).to_dict("records")
        outputs = [] if common.dry_run else [str(form), str(book)]
        say_json(record | {"findings": [one.record() for one in found.findings], "outputs": outputs})
        return
    say(*_lines(found))
    if common.dry_run:
        say("只试算，没有写")
    else:
        say(f"写出  {form}（拟议：同意写“是”、填了审批人，kehujingli run 才计入）", f"写出  {book}")
    show_findings(found.findings, common)


def _lines(found: Handed) -> list[str]:
    """What each pair hands over, and what either side's growth is at the last day that is known."""

    def wan(cents: int) -> str:
        return f"{cents / 1_000_000:,.2f}"

    def yuan(cents: int) -> str:
        return f"{in_yuan(cents):,.2f}"

    def both(row: Any) -> str:
        return f"{row.giver} {found.names.get(row.giver, '')} → {row.taker} {found.names.get(row.taker, '')}"

    told = [
        f"{both(pair)}  {date_of(found.on)} 起：{pair.customers:,} 户，存款 {wan(pair.deposits)} 万元，贷款 {pair.loans:,} 笔 {wan(pair.loan_balance)} 万元"
        f"（不良 {wan(pair.npl)}，欠息 {wan(pair.arrears)}），将到期 {pair.due:,}、已过到期日 {pair.late:,} 笔，未了走访 {pair.open_visits:,} 次"
        for pair in found.pairs.itertuples()
    ]
    last = found.days[found.days["day"] == found.days["day"].max()] if len(found.days) else found.days
    return told + [
        f"{both(row)}  到 {date_of(int(row.day))} 净增 {yuan(row.whole)} 元：{f'以前的人 {yuan(row.others)}，其余' if row.others else ''}照办法 {yuan(row.giver_growth)} 和 {yuan(row.taker_growth)}，"
        f"中性 {yuan(row.giver_neutral)} 和 {yuan(row.taker_neutral)}"
        for row in last.itertuples()
    ]


def _records(frame: pd.DataFrame, columns: tuple[ListColumn, ...]) -> list[dict[str, Any]]:
    rows = frame[[column.key for column in columns]].astype("object").itertuples(index=False, name=None)
    return [{one.key: plain_cell(value, one) for value, one in zip(row, columns, strict=True)} for row in rows]


@typed(
    "password_file",
    "workspace",
    "period",
    "as_of",
    "rules",
    "output",
    "json",
    "quiet",
    "dry_run",
    "unmask",
    *OF_ENGINES,
    examples="kehujingli handover --from M0012 --to M0034 --on 2026-11-01\nkehujingli handover --from M0012 --to M0034 --customers 名单.xlsx\nkehujingli handover",
)
def typed_handover(
    common: Common,
    giver: Annotated[
        str | None, typer.Option("--from", metavar="工号", help="移交人；不写就照这一期方案里要换人的户")
    ] = None,
    taker: Annotated[str | None, typer.Option("--to", metavar="工号", help="接收人")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="日期", help="移交日，从那天起归接收人；不写就是下月一日")
    ] = None,
    customers: Annotated[
        str | None,
        typer.Option("--customers", metavar="名单", help="只移交这些户：客户号，逗号分开，或一个文件；不写就是全部"),
    ] = None,
) -> None:

    leave(handover(common, giver, taker, on, customers))

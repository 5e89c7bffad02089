"""Do postings' other sides reach ``leads``, and does the sheet that it writes come back as 线索?"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
from conftest import run_here, write_xlsx
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

OTHER = ["对方户名", "对方账号", "对方行名"]
FIRM, BANK = "西山化工有限公司", "中国农业银行"


def paid(who: str, amount: float, *other: Any) -> list[list[Any]]:
    return [[*post(dt.date(2026, month, 10), who, amount), *other] for month in (8, 9, 10)]


def test_the_sheet_comes_back_with_what_was_written_into_it(tmp_path: Path) -> None:
    root = tmp_path / "county"
    people = ("C1", "C2")
    rows = [
        *paid("C1", -20_000, FIRM, "1" * 16, BANK),
        *paid("C1", -30_000, "赵六", "6" * 19, BANK),
        *paid("C2", -40_000, "客户C2", "7" * 19, BANK),
        *paid("C1", -50_000, None, "AC2", None),
    ]
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(who, holder="M1") for who in people)],
        "存款账户.xlsx": [ACCOUNTS, *([f"A{who}", who, "活期", 90_000, 100, LONG_AGO, None, "M1"] for who in people)],
        "客户经理.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [[*TRANSACTIONS, *OTHER], *rows],
    }
    workspace(root, files)
    assert run_here("run", "-w", root, "--period", "2026-10").code in (0, 1)
    masked = json.loads(run_here("leads", "-w", root, "--json").out)
    assert [row["customer_name"] for row in masked["leads_counterparties"]] == ["赵*", "西山***"]
    assert masked["leads_counterparties"][0]["counterparty_account"] == "666****6666"
    assert [(row["customer_id"], row["money_out"]) for row in masked["leads_outflows"]] == [("C2", "120000.00")]

    book = tmp_path / "拓客.xlsx"
    assert run_here("拓客", "-w", root, "--unmask", "-o", book).code in (0, 1)
    written = openpyxl.load_workbook(book)["拓客线索"]
    grid = [[cell.value for cell in row] for row in written.iter_rows()]
    head = next(place for place, row in enumerate(grid) if "线索编号" in row)
    columns = {name: place for place, name in enumerate(grid[head])}
    lines = [row for row in grid[head + 1 :] if row[columns["状态"]] == "未联系"]
    assert [row[columns["名称"]] for row in lines] == ["赵六", FIRM]
    lines[0][columns["状态"]], lines[0][columns["客户号"]] = "已开户", "C1"
    lines[1][columns["状态"]] = "再说吧"
    write_xlsx(root / "exports" / "线索.xlsx", [grid[head], *lines])

    assert run_here("run", "-w", root, "--period", "2026-10").code == 1
    told = json.loads(run_here("check", "-w", root, "--json").out)
    (sheet,) = (one for one in told["files"] if one["table"] == "leads")
    assert (sheet["rows"], sheet["accepted"]) == (2, 1)
    assert [one["code"] for one in sheet["findings"] if one["level"] == "refused"] == ["intake.code-bad"]
    after = json.loads(run_here("leads", "-w", root, "--json", "--unmask").out)
    assert [row["customer_name"] for row in after["leads_counterparties"]] == [FIRM], "the refused row is new again"
    (one,) = after["leads_progress"]
    assert (one["name"], one["status"], one["customer_id"]) == ("赵六", "opened", "C1")
    assert one["remark"] == "发现时已是客户，不算转化"


def test_without_a_roster_it_is_said_which_export_would_bring_it(two_months: Path) -> None:
    said = run_here("leads", cwd=two_months)
    assert "study.without" in said.err
    assert "《村民名册》" in said.err

"""Months in a few lines: small exports written into a workspace and reckoned in process."""

from __future__ import annotations

import datetime as dt
import functools
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conftest import reading_here, write_xlsx

from kehujingli.intake.ledger import Ledger
from kehujingli.month import Month, Request, open_month
from kehujingli.rules import EXAMPLE
from kehujingli.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

Grid = Sequence[Sequence[Any]]

CUSTOMERS = ["客户号", "客户名称", "客户类型", "机构号", "开户日期", "管户经理"]
ACCOUNTS = ["账号", "客户号", "存款种类", "余额", "上年日均", "开户日期", "到期日", "揽存人"]
LOANS = ["借据编号", "客户号", "发放日期", "到期日期", "贷款余额", "五级分类", "逾期天数", "管户经理", "责任人"]
MANAGERS = ["工号", "姓名", "机构号", "岗位", "等级", "管户上限", "任职日期", "离任日期", "在岗天数"]
TRANSACTIONS = ["交易日期", "客户号", "账号", "借贷标志", "交易金额", "账户余额", "业务类型", "流水号"]
LONG_AGO = dt.date(2015, 1, 1)


def customer(number: str, kind: str = "个人", holder: str | None = None, branch: str = "801001") -> list[Any]:
    return [number, f"客户{number}", kind, branch, LONG_AGO, holder]


def manager(number: str, capacity: int | None = 200, branch: str = "801001", **more: Any) -> list[Any]:
    return [
        number,
        f"经理{number}",
        branch,
        more.get("specialism"),
        more.get("grade", "中级"),
        capacity,
        more.get("since", LONG_AGO),
        more.get("until"),
        more.get("duty_days"),
    ]


def post(
    day: dt.date, who: str, amount: float, balance: float | None = None, kind: str = "转账", number: str | None = None
) -> list[Any]:
    """A posting to the customer's one account ``A…``; a negative amount is a withdrawal."""
    return [day, who, f"A{who}", "贷" if amount >= 0 else "借", abs(amount), balance, kind, number]


def monthly(who: str, first: dt.date, months: int, amount: float = 100, kind: str = "转账") -> list[list[Any]]:
    """A posting on the tenth of each month, two where activity should be frequent."""
    rows = []
    for step in range(months):
        month = first.month - 1 + step
        rows.append(post(dt.date(first.year + month // 12, month % 12 + 1, 10), who, amount, kind=kind))
    return rows


def workspace(root: Path, files: Mapping[str, Grid], rules: Mapping[str, str] | None = None) -> Workspace:
    """A workspace with these exports (path → grid with its header) and the example's rules, texts replaced."""
    (root / "rules").mkdir(parents=True, exist_ok=True)
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in (rules or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    (root / "rules" / "2000-01-01.toml").write_text(text, encoding="utf-8")
    for name, grid in files.items():
        write_xlsx(root / "exports" / name, grid)
    return Workspace(root)


@functools.cache
def _cache() -> tempfile.TemporaryDirectory[str]:
    """One ledger for every month of a test process: what one test has had read, the next need not."""
    return tempfile.TemporaryDirectory(prefix="kehujingli-test-")


def kept_month(root: Path, classes: pd.DataFrame, more: Mapping[str, pd.DataFrame] | None = None) -> Path:
    """A workspace under the example's rules whose month 2026-10 left these classes, and ``more`` by name; nothing was exported."""
    home = root / "periods" / "2026-10"
    (home / "data").mkdir(parents=True)
    for folder in ("exports", "rules"):
        (root / folder).mkdir()
    (root / "rules" / "2026-01-01.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    rules = {"path": "2026-01-01.toml", "sha256": ""}
    told = {"period": "2026-10", "as_of": "2026-10-31", "inputs": [], "outputs": [], "rules": rules}
    (home / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    for name, frame in {"classes": classes, **(more or {})}.items():
        frame.to_parquet(home / "data" / f"{name}.parquet")
    return root


def reckon(place: Workspace, period: str | None = None, **more: Any) -> Month:
    """The month of a workspace, by a ledger that the workspace does not see."""
    with reading_here():
        return open_month(Request(workspace=place, period=period, **more), Ledger(Path(_cache().name)))


def codes(month: Month) -> set[str]:
    return {told.code for told in month.findings}

"""Are the terminal's words still these? Help, run, check, cards, explanations and errors, word for word, in one file that a person can read.

``KEHUJINGLI_GOLDEN=write`` writes it anew; what changed shows in the diff.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import openpyxl
import pytest
from conftest import ROOT, copied, run_here, write_xlsx
from months import ACCOUNTS, CUSTOMERS, LOANS, MANAGERS, TRANSACTIONS, customer, manager, monthly, post, workspace

from kehujingli.rules import EXAMPLE
from kehujingli.workspace import Workspace

pytestmark = pytest.mark.slow  # each runs whole months, or many small files; the quick run has a month of its own

GOLDEN = Path(__file__).parent / "terminal.txt"
OCTOBER = dt.date(2026, 10, 10)
ASKED = (
    ("--help",),
    ("run", "--help"),
    ("run",),
    ("run", "--summary"),
    ("check",),
    ("periods",),
    ("show", "manager", "朱敏"),
    ("show", "customer", "810000000022"),
    ("show", "branch", "东关"),
    ("explain", "customer", "810000000022"),
    ("explain", "manager", "朱敏"),
    ("explain", "manager", "M0008", "责任不良贷款率"),
    ("due",),
    ("find", "东关"),
    ("top", "managers", "--n", "3"),
    ("unassigned",),
    ("diff", "2026-10"),
    ("diff", "2026-10", "--runs"),
    ("show", "manager", "无此人"),
    ("show", "moon", "1"),
    ("explain", "manager", "朱敏", "月亮"),
    ("query", "select * from moon"),
    ("query", "select * from read_csv('x.csv')"),
    ("run", "--period", "十月"),
    ("run", "--require", "对账"),
    ("segmant",),
    ("run", "--pubic"),
    ("due", "--days"),
    ("log", "--verify"),
)
"""What is asked of the example county, in this order."""
CLOSED = (("lint", "rules/2025-01-01.toml"), ("close", "2026-10", "--approved-by", "刘主任"), ("run",), ("verify",))
"""And after that, of a month that is closed."""


def steady(text: str, root: Path) -> str:
    """The words without what is of this machine and this minute."""
    for path, name in ((root, "DIR"), (root.resolve(), "DIR"), (ROOT, "ROOT")):
        text = text.replace(str(path), name)
    text = re.sub(r"封条 [0-9a-f]{16}", "封条 HASH", text)
    text = re.sub(r"已于 20\d\d-\d\d-\d\d", "已于 DAY", text)
    text = re.sub(r"用时 [\d.]+ 秒", "用时 N 秒", text)
    text = re.sub(r"20\d\d-\d\d-\d\d[T ]\d\d:[\d:+-]+", "WHEN", text)
    text = re.sub(r"WHEN +\S+", "WHEN  WHO", text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def block(arguments: Sequence[object], cwd: Path, title: str = "") -> str:
    ran = run_here(*arguments, cwd=cwd)
    assert "Traceback" not in ran.err
    shown = steady(" ".join(map(str, arguments)), cwd)
    said = "\n".join(part.rstrip() for part in (ran.out, ran.err) if part.strip())
    return f"$ kehujingli {shown}{f'    # {title}' if title else ''}\n{steady(said, cwd)}\n[{ran.code}]\n"


def bad_cells(root: Path) -> Sequence[object]:
    """Files that are wrong in a cell, a column or as a whole."""
    folder = root / "坏导出"
    good = customer("C1")
    write_xlsx(
        folder / "客户信息.xlsx",
        [
            CUSTOMERS,
            good,
            customer("C2", holder="张伟"),
            [6.22848e18, "丢位数", "个人", "801001", None, None],
            ["C9", "日期坏", "个人", "801001", "20260231", None],
        ],
    )
    shutil.copyfile(folder / "客户信息.xlsx", folder / "客户信息(1).xlsx")
    write_xlsx(
        folder / "客户经理名册.xlsx",
        [MANAGERS, ["M0012", "张伟", "801001", *manager("x")[3:]], ["M0087", "张伟", "801001", *manager("x")[3:]]],
    )
    write_xlsx(
        folder / "贷款台账.xlsx",
        [["借据编号", "客户号", "余额(不含息)", "五级分类", "逾期天数"], ["L1", "C1", 1, "正常", 0]],
    )
    write_xlsx(folder / "Book1.xlsx", [["户名", "数额"], ["甲", 1], ["乙", 2]])
    write_xlsx(
        folder / "存款账户_20261031.xlsx",
        [ACCOUNTS, ["A1", "C1", "活期", 5, None, None, None, None], ["A1", "C1", "活期", 6, None, None, None, None]],
    )
    (folder / "存款.txt").write_text(
        "62284801|C1|20260131|活期|100.00\n62284802|C2|20260131|活期|200.00\n", encoding="utf-8"
    )
    rows = [post(OCTOBER, "C1", 100), post(OCTOBER, "C404", 1204560)]
    write_xlsx(
        folder / "流水.xlsx", [TRANSACTIONS, *rows, ["2026-10-01", "C1", "A1", "贷", "1,2O0.00", None, "转账", None]]
    )
    plain = write_xlsx(root / "明文.xlsx", [["客户号", "客户名称"], ["C1", "张三"]])
    with plain.open("rb") as source, (folder / "工资底表.xlsx").open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("农信2026", target)
    book = openpyxl.Workbook()
    for row in (["工号", "指标", "期间", "任务数"], ["M0012", "存款日均净增", "2026", "=100+20"]):
        book.active.append(row)
    book.save(folder / "任务数.xlsx")
    return ("check", folder, "--period", "2026-10")


def cut_off(root: Path) -> Sequence[object]:
    """As many rows as an old workbook can hold."""
    rows = [[f"C{number}", "张三"] for number in range(65_535)]
    return ("check", write_xlsx(root / "客户信息_20261031.xlsx", [["客户号", "客户名称"], *rows]))


def ledger_differs(root: Path) -> Sequence[object]:
    """The general ledger says 3,060 元 more than the accounts."""
    accounts = [[f"A{number}", "C1", "活期", 1_000, None, None, None, None] for number in range(3)]
    write_xlsx(root / "存款账户_20261031.xlsx", [ACCOUNTS, *accounts])
    write_xlsx(root / "对账.xlsx", [["表名", "行数", "合计"], ["存款账户", 3, 6_060]])
    return ("check", root, "--as-of", "2026-10-31")


def one_snapshot(root: Path) -> Sequence[object]:
    """Loans of a later day only, postings into November."""
    rows = [*monthly("C1", dt.date(2026, 1, 1), 10), post(dt.date(2026, 11, 3), "C1", 1)]
    place = workspace(
        root / "晚到",
        {
            "客户信息.xlsx": [CUSTOMERS, customer("C1")],
            "流水.xlsx": [TRANSACTIONS, *rows],
            "贷款台账_20261103.xlsx": [LOANS, ["L1", "C1", None, None, 1, "正常", 0, None, None]],
        },
    )
    return ("segment", "-w", place.root, "--dry-run")


def no_room(root: Path) -> Sequence[object]:
    """More large customers than the one manager may hold, one of them a borrower overdue beyond its class."""
    people = [f"C{n}" for n in range(1, 5)]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *(customer(who) for who in people)],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M0001", 5)],
        "流水.xlsx": [TRANSACTIONS, *(post(OCTOBER, who, 900_000, 900_000) for who in people)],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", 900_000, 0, None, None, None] for who in people),
        ],
        "贷款台账_20261031.xlsx": [
            LOANS,
            ["L0005316", "C1", None, None, 50_000, "关注", 127, None, None],
            ["L2", "C2", None, None, 50_000, "正常", 0, None, None],
        ],
    }
    place = workspace(
        root / "不够",
        files,
        {"person = { medium = 50_000, large = 500_000 }": "person = { medium = 500, large = 5_000 }"},
    )
    return ("assign", "-w", place.root, "--period", "2026-10", "--as-of", "2026-10-31", "--dry-run")


def shares_over(root: Path) -> Sequence[object]:
    """An account given away to 130 %, an adjustment nobody approved, no interest columns."""
    shutil.copytree(root.parent / "county", root / "归属", ignore=shutil.ignore_patterns("periods", "日志"))
    header = ["账号", "条线", "工号", "业绩分配比例", "生效日期", "失效日期"]
    rows = [
        ["6228200000000024450", "存款", who, share, "2026-10-12", "2026-10-31"]
        for who, share in (("M0001", "80%"), ("M0002", "50%"))
    ]
    write_xlsx(root / "归属" / "exports" / "归属.xlsx", [header, *rows])
    return ("score", "-w", root / "归属", "--dry-run")


def no_interest(root: Path) -> Sequence[object]:
    """Loans without the interest columns and without a book of the month's end, under a scheme that skips what cannot be told."""
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M1", 50)],
        "存款账户_20260930.xlsx": [ACCOUNTS, ["A1", "C1", "活期", 100, None, None, None, None]],
        "贷款台账_20261031.xlsx": [LOANS, ["L1", "C1", None, None, 50_000, "正常", 0, None, None]],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2026, 1, 1), 10), post(dt.date(2026, 10, 31), "C1", 1)],
    }
    place = workspace(root / "缺利息", files, {'missing_actual = "withhold"': 'missing_actual = "skip"'})
    return ("score", "-w", place.root, "--period", "2026-10", "--dry-run")


def open_in_wps(root: Path) -> str:
    """A workbook that is open elsewhere when the month is run again."""
    county = root / "county"
    opened = Path.open

    def locked(path: Path, mode: str = "r", *more: Any, **options: Any) -> Any:
        if path.name == "考核得分.xlsx" and "+" in mode:
            raise PermissionError(13, "open elsewhere")
        return opened(path, mode, *more, **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "open", locked)
        return block(("run", "--period", "2026-10"), county, "output.locked")


def faulty(root: Path) -> str:
    """The program's own mistake: a division that nobody thought of."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kehujingli.month.open_month", lambda *_, **__: 1 // 0)
        said = block(("segment",), root / "county", "internal.fault")
    return re.sub(r"[0-9A-F]{4}(?=。|\.txt)", "7F3A", said)


def rules(old: str, new: str) -> Callable[[Path], Sequence[object]]:
    def make(root: Path) -> Sequence[object]:
        path = root / "2026-01-01.toml"
        text = EXAMPLE.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        small = write_xlsx(root / "流水.xlsx", [TRANSACTIONS, *monthly("C1", dt.date(2026, 1, 1), 10)])
        return ("score", small, "--period", "2026-10", "--rules", path, "--dry-run")

    return make


def none_in_force(root: Path) -> Sequence[object]:
    place = workspace(
        root / "未生效",
        {
            "客户信息.xlsx": [CUSTOMERS, customer("C1")],
            "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2026, 1, 1), 10)],
        },
    )
    (place.rules / "2000-01-01.toml").rename(place.rules / "2027-01-01.toml")
    return ("segment", "-w", place.root, "--period", "2026-10", "--dry-run")


def no_workspace(root: Path) -> Sequence[object]:
    return ("run", "-w", root)


ERRORS: dict[str, Callable[[Path], Sequence[object]]] = {
    "intake": bad_cells,
    "period.incomplete, table.snapshot-later": one_snapshot,
    "assign.no-capacity, loan.class-too-good": no_room,
    "score.shares-over": shares_over,
    "score.no-actual, table.snapshot-older": no_interest,
    "rules.unknown-key": rules("idle_days = 92", "idle_day = 92"),
    "rules.band-gap": rules("[0.95, 0.99, 12]", "[0.96, 0.99, 12]"),
    "rules.points-total": rules("points = 18", "points = 23"),
    "rules.syntax": rules("[segment]", "[segment"),
    "rules.none-in-force": none_in_force,
    "workspace.missing": lambda _: ("run",),
    "workspace.not-one": no_workspace,
    "intake.truncated": cut_off,
    "recon.mismatch": ledger_differs,
}


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    root = tmp_path_factory.mktemp("golden")
    county = root / "county"
    copied(county)
    said = [block(arguments, county) for arguments in ASKED]
    with Workspace(county).locked("2026-10"):
        said.append(re.sub(r"（开始 .*?）", "（开始 HH:MM，WHO）", block(("run",), county, "lock.busy")))
    said += [open_in_wps(root), faulty(root)]
    said += [block(arguments, county) for arguments in CLOSED]
    for title, make in ERRORS.items():
        folder = root / title.split(",")[0]
        folder.mkdir()
        said.append(block(make(folder), folder, title))
    return said


def test_the_terminals_words_are_the_golden_files(words: list[str]) -> None:
    told = "\n".join(words)
    if os.environ.get("KEHUJINGLI_GOLDEN") == "write":
        GOLDEN.write_text(told, encoding="utf-8", newline="\n")
    written = GOLDEN.read_text(encoding="utf-8").split("\n$ ")
    for now, then in zip(told.split("\n$ "), written, strict=True):
        assert now == then, "KEHUJINGLI_GOLDEN=write pytest tests/golden"


def test_the_words_are_the_houses(words: list[str]) -> None:
    """No 您; half-width commas only inside numbers, code and lists of options; every error has its cure."""
    told = "\n".join(words)
    assert "您" not in told
    for line in told.splitlines():
        if line.startswith(("错误 ", "退回 ", "请核 ")):
            said = re.sub(r"[“「《].*?[”」》]", "", line)
            assert not re.search(r"[\u4e00-\u9fff][,;:?!]", said), line
            assert said.endswith(("。", "？")), line

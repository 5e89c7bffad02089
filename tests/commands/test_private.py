"""Does a number of a person stay hidden in what is said and in what leaves? Phones, ids and cards in 摘要, 业务类型, 地址 and other free text."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from conftest import run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, customer, manager, workspace

PHONE, CARD, IDENTITY = "13912345678", "6228480012345678901", "330102199001011234"
HIDDEN = (PHONE, CARD, IDENTITY)
POSTINGS = ["交易日期", "客户号", "账号", "借贷标志", "交易金额", "业务类型", "摘要", "对方账号", "流水号", "柜面备忘"]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("private")
    day = dt.date(2026, 10, 10)
    people = [*CUSTOMERS, "地址"]
    lines = [
        [
            dt.date(2026, month, 10),
            "C1",
            "AC1",
            "贷",
            100,
            f"转账{CARD}",
            f"货款{PHONE}",
            CARD,
            f"T{month}",
            f"电{PHONE}",
        ]
        for month in range(1, 11)
    ]
    files = {
        "20261031/客户.xlsx": [
            people,
            [*customer("C1", holder="M1"), f"城关镇{PHONE}"],
            [*customer("C2", holder="M1"), None],
        ],
        "20261031/存款.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 100_000, 90_000, LONG_AGO, None, "M1"]],
        "20261031/名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [POSTINGS, *lines],
        "走访.xlsx": [
            ["走访日期", "客户号", "客户经理", "走访方式", "走访结果"],
            [day, "C1", "M1", "上门", f"本人证件{IDENTITY}"],
        ],
        "加减分.xlsx": [
            ["工号", "考核期间", "指标", "加减分", "发生日期", "事由", "依据文号", "经办人", "审批人"],
            ["M1", "2026-10", "", 1, day, f"客户{IDENTITY}表扬", "示1号", "甲", "乙"],
        ],
    }
    workspace(root, files)
    assert run_here("run", "-w", root).code == 1
    return root


def _shows(text: str) -> list[str]:
    return [number for number in HIDDEN if number in text]


@pytest.mark.parametrize(
    "command",
    [
        ["show", "customer", "C1"],
        ["explain", "customer", "C1"],
        ["explain", "manager", "M1"],
        ["check"],
        ["findings", "--notes"],
        ["query", "select * from 交易流水", "--format", "csv"],
        ["query", "select * from transactions", "--json"],
        ["query", "select * from 走访记录"],
        ["query", "select * from 加减分"],
        ["query", "select * from 客户信息"],
        ["log"],
    ],
)
def test_no_number_of_a_person_is_said(county: Path, command: list[str]) -> None:
    ran = run_here(*command, "-w", county)
    assert ran.code in (0, 1), ran.err
    assert _shows(ran.out + ran.err) == [], command


def test_what_was_asked_for_is_said_and_logged(county: Path) -> None:
    ran = run_here("query", "select 摘要, 对方账号 from 交易流水", "-w", county, "--unmask")
    assert _shows(ran.out) == [PHONE, CARD]
    assert "unmask" in run_here("log", "-w", county, "--json").out


def test_the_rest_of_a_memo_can_still_be_read(county: Path) -> None:
    assert "转账622****8901" in run_here("query", "select 业务类型 from 交易流水", "-w", county).out


def test_no_workbook_that_leaves_shows_one(county: Path) -> None:
    assert run_here("statements", "-w", county).code == 0
    books = [*county.glob("periods/2026-10/**/*.xlsx")]
    assert len(books) >= 5
    for book in books:
        with zipfile.ZipFile(book) as archive:
            told = "".join(archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml"))
        assert _shows(told) == [], book.name

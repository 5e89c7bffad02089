"""What rests on one row of an export: with it less without it, in everything that is told of customers, managers and branches."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import copied, reading_here, run_here
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post
from months import workspace as make_workspace

from kehujingli.answers.explain.row import Change, Side, rests
from kehujingli.month import Request, open_month
from kehujingli.month.kept_side import side_of
from kehujingli.month.once_more import stamped
from kehujingli.month.trial import laid_out
from kehujingli.workspace import Workspace

FEES = ["日期", "客户号", "产品", "金额", "工号"]
TARGETS = ["工号", "指标", "任务数", "期间"]
OCTOBER = dt.date(2026, 10, 12)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copied(tmp_path_factory.mktemp("row") / "county")
    assert run_here("run", "-w", root).code in (0, 1)
    return root


def _asked(root: Path, *words: Any) -> dict[str, Any]:
    done = run_here("explain", "row", *map(str, words), "-w", root, "--json")
    assert done.code == 0, done.out + done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def _changes(record: dict[str, Any], whose: str) -> dict[tuple[str, str], Decimal | None]:
    return {
        (change["who"], change["key"]): None if change["difference"] is None else Decimal(change["difference"])
        for change in record["changes"]
        if change["whose"] == whose
    }


def _small(root: Path, **more: Any) -> Workspace:
    """C1 has an account of 1,000 元 held by M1, one deposit of 310 元 on 12 October, and a fee of 20 元 twice over."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1"), customer("C2", holder="M1")],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 1000, 0, LONG_AGO, None, "M1"]],
        "贷款台账_20261031.xlsx": [LOANS, ["L1", "C2", LONG_AGO, dt.date(2027, 1, 1), 5000, "正常", 0, "M1", "M1"]],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [
            TRANSACTIONS,
            post(OCTOBER, "C1", 310, 1000, number="T1"),
            post(dt.date(2026, 11, 3), "C1", 50, number="T2"),
            post(dt.date(2026, 10, 31), "C2", 1, number="T3"),
            post(dt.date(2026, 10, 20), "C1", 70, number="T4"),
            post(dt.date(2026, 10, 21), "C1", -70, kind="冲正", number="T5"),
        ],
        "中间业务收入.xlsx": [FEES, [OCTOBER, "C1", "短信费", 20, "M1"], [OCTOBER, "C2", "短信费", "二十", "M1"]],
        **more,
    }
    return make_workspace(root, files)


def test_a_fee_rests_on_its_row_alone(tmp_path: Path) -> None:
    place = _small(tmp_path)
    assert _changes(_asked(place.root, "中间业务收入.xlsx", "Sheet1", 2, "--period", "2026-10"), "manager")[
        "M1", "fees.actual"
    ] == Decimal(20)


def test_what_a_deposit_is_worth_in_the_average_is_told_to_the_cent(tmp_path: Path) -> None:
    """The account ends the month with 1,000 元: without the 310 paid in on the 12th it held 310 more on the 11 days of October before,
    and on all days of the window of 365 up to then: 345 of them."""
    found = _changes(_asked(_small(tmp_path).root, "T1", "--period", "2026-10"), "customer")
    assert found["C1", "average_deposit_month"] == -round(Decimal(310) * 11 / 31, 2)
    assert found["C1", "average_deposit"] == -round(Decimal(310) * 345 / 365, 2)
    assert found["C1", "transactions"] == 1
    assert found["C1", "turnover"] == 310


def test_a_loan_is_found_by_its_number(tmp_path: Path) -> None:
    record = _asked(_small(tmp_path).root, "L1", "--period", "2026-10")
    assert record["rows"][0]["place"] == "《贷款台账_20261031.xlsx》「Sheet1」第 2 行"
    found = _changes(record, "customer")
    assert found["C2", "loan_balance"] == 5000
    assert found["C2", "loans"] == 1
    assert _changes(record, "branch")["801001", "borrowers"] == 1


def test_a_farmer_is_missing_among_the_branchs_farmers(tmp_path: Path) -> None:
    """Of two customers, neither of them frequent, C2 alone is a farmer."""
    people = [[*CUSTOMERS, "农户标志"], [*customer("C1", holder="M1"), "否"], [*customer("C2", holder="M1"), "是"]]
    place = _small(tmp_path, **{"客户信息.xlsx": people})
    record = _asked(place.root, "客户信息.xlsx", "Sheet1", 3, "--period", "2026-10")
    said = {
        change["key"]: (change["with"], change["without"]) for change in record["changes"] if change["who"] == "801001"
    }
    assert said["customers"] == ("2", "1")
    assert said["farmer"] == ("1", "0")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("中间业务收入.xlsx", "Sheet1", "3"), "退回，不计"),
        (("流水.xlsx", "Sheet1", "1"), "表头在第 1 行"),
        (("流水.xlsx", "Sheet1", "99"), "这里没有数据"),
        (("T2",), "期末 2026-10-31 以后的流水这一期不计"),
    ],
)
def test_what_counts_nowhere_says_why_and_changes_nothing(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    record = _asked(_small(tmp_path).root, *words, "--period", "2026-10")
    assert record["changes"] == []
    assert said in "；".join(record["why"])


def test_a_reversed_posting_says_which_one_undoes_it(tmp_path: Path) -> None:
    record = _asked(_small(tmp_path).root, "T4", "--period", "2026-10")
    assert "冲正：和《流水.xlsx》「Sheet1」第 6 行互相冲销" in "；".join(record["why"])


def test_a_repeated_posting_counts_where_it_stands_first(tmp_path: Path) -> None:
    again = {"流水二.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 310, 1000, number="T1")]}
    place = _small(tmp_path, **again)
    record = _asked(place.root, "流水二.xlsx", "Sheet1", 2, "--period", "2026-10")
    assert record["changes"] == []
    assert "和《流水.xlsx》「Sheet1」第 2 行是同一笔，只计一次" in "；".join(record["why"])
    first = _asked(place.root, "流水.xlsx", "Sheet1", 2, "--period", "2026-10")
    assert first["changes"] == [], "without it the other export's row counts"


def test_a_target_of_another_year_says_so(tmp_path: Path) -> None:
    place = _small(tmp_path, **{"任务数.xlsx": [TARGETS, ["M1", "中间业务收入", 1, "2025"]]})
    record = _asked(place.root, "任务数.xlsx", "Sheet1", 2, "--period", "2026-10")
    assert record["changes"] == []
    assert record["why"] == ["写的期间是 2025，这一期是 2026-10"]


def test_names_and_numbers_of_people_are_masked(county: Path) -> None:
    record = _asked(county, "2026-10/客户信息.xlsx", "客户信息", 3)
    said = record["rows"][0]["said"][0]
    sheet = openpyxl.load_workbook(county / "exports" / "2026-10" / "客户信息.xlsx")["客户信息"]
    header = [cell.value for cell in sheet[1]]
    name, phone = (sheet[3][header.index(key)].value for key in ("客户名称", "手机号"))
    assert said["客户号"] == sheet[3][header.index("客户号")].value
    assert name not in json.dumps(record, ensure_ascii=False)
    assert str(phone) not in json.dumps(record)
    full = _asked(county, "2026-10/客户信息.xlsx", "客户信息", 3, "--unmask")
    assert full["rows"][0]["said"][0]["客户名称"] == name


def test_a_row_is_found_as_another_answer_calls_it(county: Path) -> None:
    said = "《手工表/加减分.xlsx》「加减分」第 5 行"
    assert _asked(county, said)["changes"] == _asked(county, "加减分.xlsx", "加减分", 5)["changes"] != []


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("没有.xlsx", "Sheet1", "2"), "请从中写一个"),
        (("加减分.xlsx", "别的表", "2"), "请从中写一张：加减分"),
        (("加减分.xlsx", "加减分", "甲"), "请写成 12"),
        (("没有这个号",), "也可写 文件 工作表 行号"),
    ],
)
def test_a_row_that_nobody_can_find_is_asked_for_again(county: Path, words: tuple[str, ...], cure: str) -> None:
    done = run_here("explain", "row", *words, "-w", county)
    assert done.code == 2
    assert cure in done.err


@pytest.mark.parametrize(
    ("file", "sheet", "row"),
    [("手工表/中间业务收入.xlsx", "中间业务收入", 126), ("2026-10/贷款台账.xlsx", "贷款台账", 5)],
)
def test_the_answer_comes_true_when_the_row_is_deleted_and_the_month_run_again(
    county: Path, tmp_path: Path, file: str, sheet: str, row: int
) -> None:
    changes = _asked(county, file, sheet, row)["changes"]
    other = copied(tmp_path / "county")
    book = openpyxl.load_workbook(other / "exports" / file)
    book[sheet].delete_rows(row)
    book.save(other / "exports" / file)
    assert run_here("run", "-w", other).code in (0, 1)
    scored = {change["who"] for change in changes if change["key"] == "score"}
    assert scored
    for who in scored:
        before, after = (
            json.loads(run_here("show", "manager", who, "-w", root, "--json").out) for root in (county, other)
        )
        told = {change["key"]: change for change in changes if change["who"] == who}
        assert [told["score"]["with"], told["score"]["without"]] == [before["score"], after["score"]]
        assert Decimal(told["pay"]["difference"]) == Decimal(before["pay"]) - Decimal(after["pay"])


def test_the_month_as_it_was_run_is_taken_while_nothing_has_changed_and_says_the_same(tmp_path: Path) -> None:
    place = _small(tmp_path / "small")
    assert run_here("run", "-w", place.root).code in (0, 1)
    request = Request(workspace=place, period="2026-10")

    def kept() -> Side | None:
        return side_of(month, stamped(place, request, "2026-10"))

    with reading_here():
        month = open_month(request, place.ledger)
    side = kept()
    assert side is not None
    assert rests(side, laid_out(month)).changes == []
    lists = place.period("2026-10") / "data"
    whole = (lists / "pay.parquet").read_bytes()
    (lists / "pay.parquet").write_bytes((lists / "scores.parquet").read_bytes())
    assert kept() is None, "a list that is not what the run left"
    (lists / "pay.parquet").write_bytes(whole)
    assert kept() is not None
    rules = next(place.rules.glob("*.toml"))
    rules.write_text(rules.read_text(encoding="utf-8") + "# 改过\n", encoding="utf-8")
    assert kept() is None, "rules that are not those of the run"


@pytest.mark.parametrize(
    ("having", "lacking", "said"),
    [("0.0014460", "0.0014463", "不到 0.0001%"), ("0.0014470", "0.0014460", "+0.0001%"), ("0.1", "0.2", "-10%")],
)
def test_a_share_that_differs_by_less_than_is_shown_says_so(having: str, lacking: str, said: str) -> None:
    change = Change("branch", "801006", "", "interest_cost", "付息率", "rate", Decimal(having), Decimal(lacking), {})
    assert change.said_difference == said

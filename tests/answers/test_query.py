"""Masks and words, without a process."""

from __future__ import annotations

import datetime as dt
import json
import threading
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

from kehujingli import terms
from kehujingli.answers.query import ask, label_of, open_query
from kehujingli.errors import Problem
from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.terms.widths import display_width, padded
from kehujingli.workspace import Workspace


def test_one_chinese_word_for_one_english_name_in_a_table() -> None:
    for table in terms.TABLES:
        labels = [column.label for column in table.columns]
        assert len(labels) == len(set(labels)), table.key
    assert len(set(terms.KEPT.values())) == len(terms.KEPT)
    assert label_of("classes", "customer_id") == "客户号"


def test_chinese_text_is_two_columns_wide() -> None:
    assert display_width("客户A") == 5
    assert display_width(padded("客户", 10)) == 10


def test_what_is_kept_can_be_asked_in_yuan(two_months: Path) -> None:
    place = Workspace(two_months)
    kept = {path.stem for path in (place.period("2026-10") / "data").glob("*.parquet")}
    assert kept <= {*terms.KEPT, *terms.BY_KEY}
    figures = dict(ask(place, "2026-10", "select key, value from figures")[1])
    deposits, loans = ask(place, "2026-10", "select sum(average_deposit_year), sum(loan_balance) from classes")[1][0]
    assert (Decimal(figures["deposits"]), Decimal(figures["loans"])) == (deposits, loans)
    owed = Decimal(
        ask(
            place,
            "2026-10",
            "select sum(金额::decimal(18, 2)) from 应付明细 where 名目 in ('预发', '年终清算', '延期支付')",
        )[1][0][0]
    )
    assert owed == Decimal(ask(place, "2026-10", "select sum(pay::decimal(18, 2)) from pay")[1][0][0])
    assert ask(place, "2026-10", "select distinct period from adjustments")[1] == [("2026-10",)]


def test_every_list_says_the_yuan_that_a_query_says(two_months: Path) -> None:
    """Whoever is first by a figure of money has it in ``top``, on the card and in a query alike."""
    place = ("-w", two_months, "--period", "2026-10")
    columns = run_here("tables", *place, "--json").json
    money = {
        row["column"]: row["column_label"]
        for row in columns
        if row["table"] == "classes" and row["type"] == "DECIMAL(18,2)"
    }
    assert {"deposit_year_opening", "average_deposit_same_period", "cost_numerator"} <= set(money)
    for column, label in money.items():
        (asked,) = run_here("query", *place, "--json", f"select max({column}) as most from classes").json
        if asked["most"] is None or column.endswith(("numerator", "denominator")):
            continue
        (listed,) = run_here("top", "customers", *place, "--by", label, "--n", "1", "--json").json
        assert listed[column] == asked["most"], label
        assert f"{Decimal(asked['most']):,.2f}" in run_here("top", "customers", *place, "--by", label, "--n", "1").out
    who = listed["customer_id"]
    card = run_here("show", "customer", who, *place, "--json").json
    (row,) = run_here("query", *place, "--json", f"select * from classes where customer_id = '{who}'").json
    assert {key: card[key] for key in money} == {key: row[key] for key in money}


def test_a_person_of_many_characters_shows_one_of_them(two_months: Path) -> None:
    """The type tells whose name it is, not its length."""
    shown = ask(Workspace(two_months), "2026-10", "select customer_name, customer_type from classes")[1]
    assert {name[1:] for name, kind in shown if kind not in ("business", "public")} == {"*"}
    assert any(name.endswith("***") for name, kind in shown if kind in ("business", "public"))


def test_scores_pay_and_actuals_are_numbers(two_months: Path) -> None:
    place = Workspace(two_months)
    scores = [row[0] for row in ask(place, "2026-10", "select 得分 from 考核得分 where 得分 > 9 order by 得分")[1]]
    assert scores == sorted(scores)
    assert all(isinstance(score, Decimal) for score in scores)
    kept, most = ask(
        place, "2026-10", "select 实绩, max(实绩) over () from 计分明细 where 实绩 is not null order by 实绩 desc"
    )[1][0]
    assert kept == most
    by_item = dict(ask(place, "2026-10", "select item, sum(item_points) from items group by 1")[1])
    for label, points in by_item.items():
        assert ask(place, "2026-10", f'select sum("{label}") from 考核得分')[1] == [(points,)]


def test_a_posting_that_repeats_another_is_asked_once(tmp_path: Path) -> None:
    day = dt.date(2026, 10, 9)
    told = [post(day, "C1", 100, number="N1"), post(day, "C1", 100, number="N2")]
    files = {
        "客户_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 200, 0, LONG_AGO, None, None]],
        "名册_20261031.xlsx": [MANAGERS, manager("M1")],
        "流水1.xlsx": [TRANSACTIONS, *told, post(dt.date(2026, 10, 31), "C1", 1, number="N3")],
        "流水2.xlsx": [TRANSACTIONS, told[1], post(day, "C1", 100, number="N4")],
    }
    place = workspace(tmp_path / "county", files)
    run(place, Request(workspace=place), Options())
    assert ask(place, "2026-10", "select count(*), sum(交易金额) from 交易流水")[1] == [(4, Decimal("301.00"))]
    assert ask(place, "2026-10", "select count(*) from repeats")[1] == [(1,)]


def test_an_answer_goes_into_a_file_and_json_loses_no_column(two_months: Path, tmp_path: Path) -> None:
    target = tmp_path / "答.csv"
    place = ("-w", two_months)
    done = run_here("query", *place, "select 1 as 甲, 2 as 甲", "--format", "csv", "-o", target)
    assert (done.code, done.out) == (0, "")
    assert target.read_bytes() == "\ufeff甲,甲\n1,2\n".encode()
    (row,) = json.loads(run_here("query", *place, "select 1 as 甲, 2 as 甲, 3 as 甲_2, 0.0 / 0 as 乙", "--json").out)
    assert row == {"甲": 1, "甲_3": 2, "甲_2": 3, "乙": None}
    assert run_here("query", *place, "select 1", "-o", tmp_path).code == 4


def test_no_question_reaches_a_file_or_unlocks_the_door(two_months: Path) -> None:
    place = Workspace(two_months)
    export = next(place.exports.rglob("*.xlsx"))
    for asked in (f"select * from read_text('{export}')", f"select * from '{export}'", "select * from glob('/*')"):
        with pytest.raises(Problem) as stopped:
            ask(place, "2026-10", asked)
        assert stopped.value.findings[0].code == "query.bad"
        assert "查询不能读写文件和网络" in stopped.value.findings[0].message
    con = open_query(place, "2026-10", "select 1 from classes")
    for setting in ("enable_external_access = true", "memory_limit = '64GB'", "lock_configuration = false"):
        with pytest.raises(duckdb.InvalidInputException, match="locked"):
            con.execute(f"set {setting}")


def test_an_account_is_asked_in_yuan_under_both_names(tmp_path: Path) -> None:
    files = {
        "客户_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 1_234.56, 234.5, LONG_AGO, None, None]],
        "名册_20261031.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C1", 1)],
    }
    place = workspace(tmp_path / "county", files)
    run(place, Request(workspace=place), Options())
    yuan = (Decimal("1234.56"), Decimal("234.50"))
    assert ask(place, None, "select balance, average_last_year from accounts")[1] == [yuan]
    assert ask(place, None, "select 余额, 上年日均 from 存款账户")[1] == [yuan]
    assert ask(place, None, "select deposit_balance, 存款余额 from classes, 客户分类")[1] == [(yuan[0], yuan[0])]


def test_the_ending_of_the_file_says_the_format(two_months: Path, tmp_path: Path) -> None:
    sql = "select 客户号, 业务规模 from 客户分类 order by 1 limit 2"
    for ending in ("csv", "json", "parquet", "txt"):
        assert run_here("query", sql, "-w", two_months, "-o", tmp_path / f"q.{ending}").code == 0
    assert (tmp_path / "q.csv").read_text("utf-8-sig").splitlines()[0] == "客户号,业务规模"
    assert len(json.loads((tmp_path / "q.json").read_text("utf-8"))) == 2
    assert duckdb.sql(f"select count(*) from '{tmp_path / 'q.parquet'}'").fetchall() == [(2,)]
    assert "─" in (tmp_path / "q.txt").read_text("utf-8")
    assert run_here("query", sql, "-w", two_months, "--format", "table", "-o", tmp_path / "t.csv").code == 0
    assert "─" in (tmp_path / "t.csv").read_text("utf-8")


def test_a_question_in_full_width_is_the_same_question(two_months: Path) -> None:
    asked = ask(Workspace(two_months), None, "select 客户号, 规模 from 客户分类 where (规模='小客户') order by 1")
    for sql in (
        "select 客户号，规模 from 客户分类 where （规模＝'小客户'） order by 1",
        "select 客户号，规模　from 客户分类 where（规模＝‘小客户’）order by 1；",
        "ｓｅｌｅｃｔ “客户号”，规模 from 客户分类 where 规模 ＝ ’小客户’ order by １",
    ):
        assert ask(Workspace(two_months), None, sql) == asked


def test_no_thread_outlives_a_question(two_months: Path) -> None:
    """A thread that still holds the connection when the program ends tears it down with it."""
    before = set(threading.enumerate())
    for _ in range(20):
        ask(Workspace(two_months), "2026-10", "select count(*) from 客户分类")
        assert set(threading.enumerate()) == before


def test_a_question_without_an_end_is_ended_and_settings_stay_untold(
    two_months: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workspace(two_months)
    monkeypatch.setattr("kehujingli.answers.query.TIME_LIMIT", 0.3)
    endless = "select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3"
    with pytest.raises(Problem, match="秒没有答完") as stopped:
        ask(place, "2026-10", endless)
    assert stopped.value.findings[0].code == "query.bad"
    for asked in (
        "select * from duckdb_settings()",
        'select * from "duckdb_settings"()',
        "select current_setting('home_directory')",
    ):
        with pytest.raises(Problem, match="不能看程序自己的设置"):
            ask(place, "2026-10", asked)

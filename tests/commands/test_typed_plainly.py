"""Does what people type first work: a name alone, a month alone, help before a command; does a query name what is near, and hide where people live?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from conftest import Ran, run_here

from kehujingli.terms.masks import mask
from kehujingli.workspace.clock import local_time

pytestmark = pytest.mark.slow  # on two months of the example county, run once for all such tests


@pytest.fixture
def ask(two_months: Path):  # type: ignore[no-untyped-def]
    def asked(*typed: str) -> Ran:
        return run_here(*typed, cwd=two_months)

    return asked


def test_a_name_alone_is_looked_for_everywhere(ask) -> None:  # type: ignore[no-untyped-def]
    alone = "select any_value(manager_id) as manager_id, name from managers group by name having count(*) = 1 limit 1"
    who = ask("query", alone, "--json").json[0]
    assert ask("show", who["name"]).out.startswith(f"客户经理 {who['manager_id']} {who['name']}")
    assert ask("show", who["manager_id"]).out == ask("show", "manager", who["manager_id"]).out
    nobody = ask("show", "无此人")
    assert (nobody.code, "show.none" in nobody.err) == (4, True)


def test_any_part_of_a_managers_name_is_enough(ask) -> None:  # type: ignore[no-untyped-def]
    who = ask("query", "select manager_id, name from managers where length(name) > 1 limit 1", "--json").json[0]
    assert who["manager_id"] in ask("show", "manager", who["name"][-1]).out


def test_help_may_stand_first_and_a_month_needs_no_option(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("help", "run").out == ask("run", "--help").out
    assert ask("帮助").out == ask("--help").out
    assert "期间 2026-10" in ask("run", "2026-10").out


@pytest.mark.parametrize(
    "table",
    ["走访记录", "中间业务收入", "产品签约", "任务数", "包村", "业绩归属", "基数", "机构", "customers", "visits"],
)
def test_every_table_of_the_exports_can_be_asked(ask, table: str) -> None:  # type: ignore[no-untyped-def]
    found = ask("query", f"select count(*) as n from {table}", "--json")
    assert found.json[0]["n"] > 0


def test_a_picture_is_that_of_the_period_not_all_of_them(ask) -> None:  # type: ignore[no-untyped-def]
    both = ask("query", "select count(*) as n, count(distinct customer_id) as people from customers", "--json").json[0]
    assert both["n"] == both["people"]


def test_a_near_miss_names_what_was_meant(ask) -> None:  # type: ignore[no-untyped-def]
    assert "是不是 走访记录" in ask("query", "select * from 走访").err
    assert "客户名称（" in ask("query", "select 客户名 from 客户分类").err
    assert "是不是" not in ask("query", "select xyzzyqqq from 客户分类").err


def test_where_and_when_somebody_was_born_or_lives_is_hidden(ask) -> None:  # type: ignore[no-untyped-def]
    sql = "select 地址 as a, 出生日期 as b from 客户信息 where 地址 is not null and 出生日期 is not null limit 1"
    hidden, whole = ask("query", sql, "--json").json[0], ask("query", sql, "--json", "--unmask").json[0]
    assert hidden["a"] == whole["a"][:2] + "***"
    assert hidden["b"] == whole["b"][:4] + "-**-**"
    kept = ask("query", "select 出生日期 as b from 客户分类 where 出生日期 is not null limit 1", "--json").json[0]
    assert kept["b"].endswith("-**-**")
    assert mask("人民路12号", "address") == "人民***"


def test_who_did_not_change_is_left_out_of_diff(ask) -> None:  # type: ignore[no-untyped-def]
    shown = ask("diff", "2026-10", "--runs", "--by", "manager", "--format", "csv").out.splitlines()
    told = ask("diff", "2026-10", "--runs", "--by", "manager", "--json").json["rows"]
    moved = [row for row in told if row["parts"] or row["pay_parts"] or row["score_before"] != row["score_after"]]
    assert len(shown) - 1 == len(moved) < len(told)


def test_times_are_those_of_the_clock_on_this_wall() -> None:
    here = dt.datetime(2026, 10, 31, 8, 5, tzinfo=dt.UTC).astimezone()
    assert local_time("2026-10-31T08:05:00+00:00") == f"{here:%Y-%m-%d %H:%M}"


def test_among_all_commands_a_study_is_told_by_its_first_question(ask) -> None:  # type: ignore[no-untyped-def]
    listed = [line for line in ask("--help").out.splitlines() if line.startswith("  branches ")]
    assert listed == ["  branches       网点效能：各网点人均多少、保不保本？"]
    assert "按潜力和效率，各该有多少人？" in ask("branches", "--help").out

"""Do postings that come linked from Parquet say what the exports say, to the 分? And is refused what was not linked, each by its own sentence?"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import write_xlsx
from linked import OCTOBER, county
from months import codes, reckon

from kehujingli.errors import Exit, Finding, Problem
from kehujingli.measures.given import LINKED, MAY_BE_BLANK
from kehujingli.month import Month
from kehujingli.workspace import Workspace
from kehujingli.workspace.engines.source import source_of

HAS_SAIL = all(importlib.util.find_spec(name) for name in ("pysail", "pyspark"))
SAIL = pytest.param(
    ("spark", "sail"),
    id="sail",
    marks=pytest.mark.skipif(not HAS_SAIL, reason="pysail and pyspark-client are not here: kehujingli[spark]"),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return county(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def month(place: Workspace) -> Month:
    return reckon(place, OCTOBER)


@pytest.fixture
def linked(month: Month, tmp_path: Path) -> Callable[..., str]:
    """Writes the month's linked postings, as they are or otherwise (``select``, ``more`` SQL), and says where."""

    def write(select: str = "*", more: str = "", **columns: str) -> str:
        con = month.tables.con
        con.execute(f"create or replace temp view linked as select {', '.join(LINKED)} from transactions {more}")
        changed = f"* replace ({', '.join(f'{sql} as {name}' for name, sql in columns.items())})" if columns else select
        folder = tmp_path / "linked"
        folder.mkdir()
        for rest in (0, 1):
            con.sql(f"select {changed} from linked where row % 2 = {rest}").write_parquet(
                str(folder / f"{rest}.parquet")
            )
        return str(folder)

    return write


def _refused(place: Workspace, source: str, **more: Any) -> list[Finding]:
    with pytest.raises(Problem) as told:
        reckon(place, OCTOBER, source=source, **more).measured  # noqa: B018 - reckoned by being asked for
    assert told.value.exit == Exit.INPUT
    return list(told.value.findings)


@pytest.mark.parametrize("engine", [("duckdb", None), ("pandas", None), SAIL], ids=lambda one: one[0])
def test_figures_are_those_of_the_exports(
    place: Workspace, month: Month, linked: Callable[..., str], engine: tuple[str, str | None]
) -> None:
    import pandas as pd

    name, master = engine
    other = reckon(place, OCTOBER, source=linked(), engine=name, master=master)
    pd.testing.assert_frame_equal(month.measured.customers, other.measured.customers)
    pd.testing.assert_frame_equal(month.measured.accounts, other.measured.accounts)
    pd.testing.assert_frame_equal(month.segmented.customers, other.segmented.customers)
    assert month.inflow == other.inflow
    assert month.deposit_history == other.deposit_history
    told = {one.code: one for one in other.findings}
    assert "18 行" in told["source.taken"].message, "21 less the repeat, the stranger's and November's"
    assert "交易流水.xlsx" in told["source.instead"].message


def test_the_newest_whole_month_is_told_by_the_source(place: Workspace, linked: Callable[..., str]) -> None:
    assert reckon(place, None, source=linked()).period.name == OCTOBER


def test_what_comes_after_the_period_is_left_out_and_told(
    place: Workspace, month: Month, linked: Callable[..., str]
) -> None:
    november = (
        "union all select 'C1', 'AC1', 20759, 24322, 8800, 8800, '转账', null, true, false, false, null, '12', 0, 99"
    )
    other = reckon(place, OCTOBER, source=linked(more=november))
    assert other.measured.customers.equals(month.measured.customers)
    assert "table.future" in codes(other)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"signed": "signed / 100.0"}, "DOUBLE"),
        ({"signed": "(signed / 100)::decimal(18, 2)"}, "DECIMAL"),
        ({"signed": "'nan'::double"}, "DOUBLE"),
        ({"balance": "balance::hugeint"}, "BIGINT"),
        ({"day": "date '1970-01-01' + day"}, "DATE"),
        ({"day": "(date '1970-01-01' + day)::timestamptz"}, "北京时间"),
        ({"customer_id": "substr(customer_id, 2)::bigint"}, "CAST(customer_id AS VARCHAR)"),
        ({"reversed": "reversed::integer"}, "reversed = 1"),
        ({"row": "row::varchar"}, "CAST(row AS BIGINT)"),
    ],
)
def test_another_type_is_refused_with_the_cast_that_helps(
    place: Workspace, linked: Callable[..., str], columns: dict[str, str], says: str
) -> None:
    (told,) = _refused(place, linked(**columns))
    assert told.code == "source.column-type"
    assert says in told.text
    assert next(iter(columns)) in told.text


def test_a_column_that_is_not_there_is_named_with_its_type(place: Workspace, linked: Callable[..., str]) -> None:
    (told,) = _refused(place, linked(select="* exclude (own, amount)"))
    assert told.code == "source.column-missing"
    assert "own（BOOLEAN" in told.message
    assert "amount（BIGINT" in told.message


@pytest.mark.parametrize("column", [name for name in LINKED if name not in MAY_BE_BLANK])
def test_a_blank_where_none_may_be_is_counted(place: Workspace, linked: Callable[..., str], column: str) -> None:
    told = _refused(place, linked(**{column: f"case when transaction_id = '10' then null else {column} end"}))
    assert [(one.code, one.count) for one in told if f" {column} " in one.message] == [("source.blank", 1)]


_TWICE = "union all select {columns} from transactions where transaction_id = '9'".format(columns=", ".join(LINKED))


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ({"amount": "-signed"}, "source.contradicts", "abs(signed)"),
        ({"month": "month + 1"}, "source.contradicts", "年 × 12 + 月 − 1"),
        ({"more": _TWICE}, "source.contradicts", "流水号 9"),
        ({"reversed": "reversed and signed > 0"}, "source.contradicts", "只标了一半"),
        ({"reversed": "false"}, "source.contradicts", "冲正没有标出"),
        ({"customer_id": "case customer_id when 'C2' then 'C77' else customer_id end"}, "source.not-linked", "C77"),
        ({"customer_id": "case account_id when 'AC2' then 'C1' else customer_id end"}, "source.not-linked", "AC2"),
        ({"deposit": "account_id <> 'AC2' and deposit"}, "source.not-linked", "写成 true"),
        ({"deposit": "true"}, "source.not-linked", "写成 false"),
    ],
)
def test_what_was_not_linked_is_refused(
    place: Workspace, linked: Callable[..., str], given: dict[str, str], code: str, says: str
) -> None:
    told = _refused(place, linked(**given))
    assert [one.code for one in told if says in one.text] == [code], [one.text for one in told]


@pytest.mark.skipif(not HAS_SAIL, reason="pysail and pyspark-client are not here: kehujingli[spark]")
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"signed": "signed / 100.0"}, "DOUBLE"),
        ({"day": "(date '1970-01-01' + day)::timestamptz"}, "带时区"),
        ({"more": _TWICE}, "流水号 9"),
        ({"reversed": "false"}, "冲正没有标出"),
        ({"customer_id": "case account_id when 'AC2' then 'C1' else customer_id end"}, "AC2"),
    ],
)
def test_a_cluster_refuses_the_same(
    place: Workspace, linked: Callable[..., str], given: dict[str, str], says: str
) -> None:
    told = _refused(place, linked(**given), engine="spark", master="sail")
    assert any(says in one.text for one in told), [one.text for one in told]


def test_without_customers_it_is_the_export_that_lacks(linked: Callable[..., str], tmp_path: Path) -> None:
    other = county(tmp_path / "bare")
    (other.exports / "客户信息_20261031.xlsx").unlink()
    (told,) = _refused(other, linked())
    assert (told.code, "客户信息" in told.message) == ("table.missing", True)


def test_a_folder_without_parquet_and_one_without_rows(
    place: Workspace, linked: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "_temporary").mkdir()
    (tmp_path / "_temporary" / "a.parquet").write_bytes(b"PAR1")
    for where in (tmp_path, tmp_path / "nowhere"):
        (told,) = _refused(place, str(where))
        assert told.code == "source.unreadable"
    (tmp_path / "cut.parquet").write_bytes(b"PAR1")
    (told,) = _refused(place, str(tmp_path))
    assert told.code == "source.unreadable"
    assert "写完了没有" in told.cure
    (told,) = _refused(place, linked(more="limit 0"))
    assert told.code == "source.empty"


def test_lines_of_controls_that_speak_of_postings_are_told_as_not_compared(
    linked: Callable[..., str], tmp_path: Path
) -> None:
    other = county(tmp_path / "controlled")
    rows = [["表", "笔数", "金额"], ["交易流水", 17, 1], ["客户信息", 4, None]]
    write_xlsx(other.exports / "对账_20261031.xlsx", rows)
    found = reckon(other, OCTOBER, source=linked())
    found.reckon("measured")
    told = [one for one in found.findings if one.code in ("source.no-controls", "table.control-differs")]
    assert [(one.code, one.count) for one in told] == [("source.no-controls", 1)]


@pytest.mark.parametrize(
    ("text", "engine", "says"),
    [
        ("jdbc:postgresql://head/db", "duckdb", "--engine spark"),
        ("hdfs://head/linked", "duckdb", "--engine spark"),
        ("jdbc:postgresql://head/db?user=a&password=secret", "spark", "KEHUJINGLI_JDBC_PASSWORD"),
        ("jdbc:postgresql://a:secret@head/db#t", "spark", "KEHUJINGLI_JDBC_PASSWORD"),
        ("jdbc:postgresql://head/db#t; drop table t", "spark", "表名"),
        ("", "duckdb", "目录"),
    ],
)
def test_what_is_no_source_is_a_wrong_command_line(text: str, engine: str, says: str) -> None:
    with pytest.raises(Problem) as told:
        source_of(text, engine)
    (found,) = told.value.findings
    assert found.code == "option.bad"
    assert says in found.text
    assert "secret" not in found.text


def test_a_table_of_a_database_is_named_behind_its_address() -> None:
    told = source_of("jdbc:postgresql://head:5432/db#dw.linked", "spark")
    assert told is not None
    assert (told.where, told.table) == ("jdbc:postgresql://head:5432/db", "dw.linked")
    bare = source_of("jdbc:postgresql://head/db", "spark")
    assert bare is not None
    assert bare.table == "transactions"

"""Is every column that the program makes declared, and does whoever shows it follow the declaration?"""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, run_here

from kehujingli import terms
from kehujingli.terms.column import ListColumn, declared

MONTH = ("--period", "2026-10")
WHOLE = ("yuan", "count", "change", "date")
NOT_SHOWN = {("contributions", "numerator"), ("contributions", "denominator"), ("contributions", "baseline")}
"""Money or numbers, as the actual of the row is reckoned."""


def kept(county: Path) -> dict[tuple[str, str], pa.DataType]:
    """(table, column) → type of everything that a month keeps."""
    return {
        (path.stem, field.name): field.type
        for path in sorted(county.glob("periods/*/data/*.parquet"))
        for field in pq.read_schema(path)
    }


def test_every_kept_column_is_declared(two_months: Path) -> None:
    found = kept(two_months)
    assert len({table for table, _ in found}) > 10
    assert [name for name in found if terms.known(name[1], name[0]) is None] == []


def test_every_column_that_a_list_names_is_declared() -> None:
    """``labelled``, ``label``, ``headers``, ``words`` with keys written out, wherever they stand."""
    unknown = []
    for path in sorted((ROOT / "src" / "kehujingli").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                unknown += [f"{path.name}:{call.lineno} {key}" for key, table in _asked(call) if _nobodys(key, table)]
    assert unknown == []


def _nobodys(key: str, table: str) -> bool:
    return terms.known(key, table) is None


def _asked(call: ast.Call) -> list[tuple[str, str]]:
    """(key, table) of the columns that a call asks the vocabulary for."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = [str(part.value) for part in call.args if isinstance(part, ast.Constant)]
    more = {part.arg: str(part.value.value) for part in call.keywords if isinstance(part.value, ast.Constant)}
    if name in ("headers", "words"):
        return [(more.get(key, key), "") for key in given]
    if name in ("labelled", "declared") and given:
        return [(more.get("called") or given[0], more.get("table", ""))]
    if name == "label" and given and isinstance(call.func, ast.Attribute):
        return [(given[0], given[1] if len(given) > 1 else "")]
    return []


def test_what_is_kept_is_of_the_declared_kind(two_months: Path) -> None:
    """Money, counts and days are whole numbers."""
    wrong = [
        name
        for name, type_ in kept(two_months).items()
        if name not in NOT_SHOWN and terms.term(name[1], name[0]).kind in WHOLE and not pa.types.is_integer(type_)
    ]
    assert wrong == []


def test_no_whole_number_of_yuan_goes_undeclared(two_months: Path) -> None:
    """Whoever keeps a figure in 分 says so: else a list shows 分 as 元. In doubt the names of money tell."""
    bare = [
        name
        for name in kept(two_months)
        if any(word in name[1] for word in ("balance", "amount", "average_", "product_", "turnover", "opening_year"))
        and not any(word in name[1] for word in ("known_", "growth"))
        and terms.term(name[1], name[0]).kind not in ("yuan", "amount")
    ]
    assert bare == []


def test_every_list_shows_declared_money_in_yuan(two_months: Path) -> None:
    """JSON as text with two decimals, tables with two decimals, whatever the list."""
    county = ("-w", two_months, *MONTH)
    who = run_here("top", "customers", *county, "--n", "1", "--json").json[0]["customer_id"]
    asked: list[tuple[Any, ...]] = [
        ("show", "customer", who),
        ("show", "branch", "801001"),
        ("show", "manager", run_here("top", "managers", *county, "--n", "1", "--json").json[0]["manager_id"]),
        ("due", "--days", "365"),
        ("unassigned",),
        ("find", who),
        ("top", "customers"),
    ]
    seen = set()
    for command in asked:
        for key, value in _pairs(run_here(*command, *county, "--json").json):
            term = terms.known(key)
            if value is not None and term is not None and term.kind == "yuan":
                assert isinstance(value, str), (command, key)
                assert Decimal(value).as_tuple().exponent == -2, (command, key)
                seen.add(key)
    assert {"deposit_balance", "cost_numerator", "balance", "scale_amount", "authority"} <= seen


def _pairs(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, list):
        return [pair for item in value for pair in _pairs(item)]
    if isinstance(value, dict):
        return [*value.items(), *(pair for item in value.values() for pair in _pairs(item))]
    return []


def test_a_list_takes_a_column_as_the_house_declares_it() -> None:
    assert declared("customer_name").private == "name"
    assert declared("move").codes["moved"] == "调整"
    assert declared("loan_balance", kind="wan") == ListColumn("loan_balance", "wan", "贷款余额")
    assert declared("number", called="rank").header == "名次"


def test_one_key_means_another_thing_only_in_a_table_of_its_own() -> None:
    assert terms.label("kind", "accounts") == "存款种类"
    assert terms.label("kind", "ledger") == "名目"
    assert terms.term("points", "adjustments").label == "加减分"
    assert terms.term("category:risk", "scores").label == "风险"
    with pytest.raises(KeyError, match="moon"):
        terms.term("moon", "classes")

"""Are the lists right to the day and the row? On kept results written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kehujingli.answers.lists import anything, due, measures_of, top, unassigned
from kehujingli.workspace.results import DATA, Results

LAST = 20757  # 2026-10-31


def keep(folder: Path, name: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    names = columns.split()
    pq.write_table(
        pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)}), folder / f"{name}.parquet"
    )


@pytest.fixture
def kept(tmp_path: Path) -> Results:
    (tmp_path / DATA).mkdir()
    keep(
        tmp_path / DATA,
        "classes",
        "customer_id customer_name customer_type branch_id branch_name group holder_id manager_name phone id_number scale_amount average_deposit_year",
        [
            [
                "C1",
                "张三",
                "person",
                "801",
                "东关",
                "frequent/large",
                "M1",
                "李伟",
                "13812341234",
                "330102199001011234",
                900,
                500,
            ],
            ["C2", "张三丰", "person", "802", "西河", "mobile/small", None, None, None, None, 900, None],
            ["C3", "王五", "person", "801", "东关", "mobile/small", "M2", "赵敏", None, None, 100, 700],
        ],
    )
    keep(
        tmp_path / DATA,
        "accounts",
        "account_id customer_id branch_id kind balance matures_on manager_id",
        [
            ["62001111", "C1", "801", "term", 1000, LAST + 1, "M2"],
            ["62002222", "C1", "801", "demand", 1000, LAST + 1, None],
            ["62003333", "C3", "801", "term", 0, LAST + 5, None],
            ["62004444", "C2", "802", "term", 700, LAST + 91, None],
        ],
    )
    keep(
        tmp_path / DATA,
        "loans",
        "loan_id customer_id branch_id manager_id balance due_on five_class status",
        [
            ["L1", "C1", "801", None, 5000, LAST, "normal", None],
            ["L2", "C1", "801", None, 5000, LAST + 90, "normal", "on_book"],
            ["L3", "C3", "801", "M1", 5000, LAST + 10, "loss", "written_off"],
            ["L4", "C3", "801", "M1", 0, LAST + 10, "normal", None],
        ],
    )
    keep(
        tmp_path / DATA,
        "managers",
        "manager_id name branch_id",
        [["M1", "李伟", "801"], ["M2", "赵敏", "801"], ["M2", "赵敏", "802"]],
    )
    keep(
        tmp_path / DATA,
        "scores",
        "manager_id name branch_id branch_name specialism grade score item:npl",
        [
            ["M1", "李伟", "801", "东关", "asset", "初级", "9.50", "3.00"],
            ["M2", "赵敏", "801", "东关", "asset", "初级", "100.00", None],
        ],
    )
    keep(
        tmp_path / DATA,
        "plan",
        "customer_id customer_name customer_type branch_id branch_name group scale_amount loan_balance borrower move missing reason previous_manager",
        [
            [
                "C1",
                "张三",
                "person",
                "801",
                "东关",
                "frequent/large",
                900,
                0,
                False,
                "unassigned",
                "capacity",
                "本社缺 5 折算户",
                None,
            ],
            [
                "C3",
                "王五",
                "person",
                "801",
                "东关",
                "mobile/small",
                100,
                5000,
                True,
                "unassigned",
                "authority",
                "",
                None,
            ],
            ["C2", "张三丰", "person", "802", "西河", "mobile/small", 900, 0, False, "kept", None, "", "M1"],
        ],
    )
    return Results(tmp_path)


def test_due_begins_on_the_day_after_and_ends_with_the_last_day(kept: Results) -> None:
    """L1 fell due on the last day itself, 62004444 a day too late; written off, paid off and demand do not fall due."""
    assert [(row["number"], row["days_left"]) for row in due(kept, LAST, 90)] == [("62001111", 1), ("L2", 90)]


def test_due_is_the_deposits_own_manager_before_the_customers(kept: Results) -> None:
    assert [row["number"] for row in due(kept, LAST, 90, manager="M2")] == ["62001111"]
    assert [row["number"] for row in due(kept, LAST, 90, manager="M1")] == ["L2"], "the loan names nobody"
    assert due(kept, LAST, 365, branch="802")[0]["number"] == "62004444"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张三", [("客户", "C1"), ("客户", "C2")]),
        ("13812341234", [("客户", "C1")]),
        ("1234", [("客户", "C1")]),
        ("330102199001011234", [("客户", "C1")]),
        ("赵敏", [("客户经理", "M2")]),
        ("东关", [("机构", "801")]),
        ("4444", [("存款账户", "62004444")]),
        ("L2", [("借据", "L2")]),
        ("2", []),
        ("' or 1=1 --", []),
    ],
)
def test_whatever_bears_the_name_or_number_is_found(kept: Results, text: str, found: list[tuple[str, str]]) -> None:
    assert [(row["what"], row["number"]) for row in anything(kept, text)] == found


def test_points_are_ordered_as_numbers_and_ties_by_number(kept: Results) -> None:
    assert [row["manager_id"] for row in top(kept, "managers", "score", 5)] == ["M2", "M1"]
    assert [row["customer_id"] for row in top(kept, "customers", "scale_amount", 2)] == ["C1", "C2"]
    assert [row["customer_id"] for row in top(kept, "customers", "average_deposit_year", 5)] == ["C3", "C1"]
    assert [row["customer_id"] for row in top(kept, "customers", "scale_amount", 5, "801")] == ["C1", "C3"]


def test_items_are_called_by_the_schemes_label(kept: Results) -> None:
    known = measures_of(kept, "managers", {"npl": "责任不良贷款率"})
    assert (known["actual:npl"], known["item:npl"]) == ("责任不良贷款率", "责任不良贷款率得分")


def test_the_unassigned_begin_with_borrowers(kept: Results) -> None:
    assert [(row["customer_id"], row["missing"]) for row in unassigned(kept)] == [
        ("C3", "authority"),
        ("C1", "capacity"),
    ]
    assert unassigned(kept, "802") == []

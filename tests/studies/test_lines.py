"""条线 by hand: a row a manager, what is nobody's below, all to the 分; who helps whom and until when; what is wrong with the rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from kehujingli import terms
from kehujingli.errors import Problem
from kehujingli.periods import Period, day_of
from kehujingli.studies.lines import STUDY, lines
from kehujingli.studies.study import Answer, answer
from kehujingli.tables.frames import complete

OCTOBER = Period.of("2026-10")
PARTS = [
    ("deposit", "C1", "801001", "A", "lead", 1, 70_001),
    ("deposit", "C1", "801001", "C", "helper", 0, 30_000),
    ("deposit", "C2", "801002", "C", "lead", 1, 33_335),
    ("deposit", "C3", "801002", terms.PUBLIC, "nobody", 1, 5),
    ("intermediary", "C1", "801001", "A", "lead", 1, 1_152),
    ("intermediary", "C1", "801001", "C", "helper", 0, 150),
]
CLASSES = pd.DataFrame(
    [("C1", "李四", "person"), ("C2", "东关农资有限公司", "business"), ("C3", "王五", "person")],
    columns=["customer_id", "customer_name", "customer_type"],
)
ROSTER = complete(
    "managers",
    pd.DataFrame(
        [("A", "甲", "801001", "asset"), ("B", "乙", "801002", None), ("C", "丙", "801002", "liability")],
        columns=["manager_id", "name", "branch_id", "specialism"],
    ).assign(part=0, row=[2, 3, 4]),
)
BRANCHES = pd.DataFrame({"branch_id": ["801001", "801002"], "branch_name": ["东关", "西河"]})


def day(text: str) -> int:
    return day_of(dt.date.fromisoformat(text))


def claims(*rows: dict[str, Any]) -> pd.DataFrame:
    blank = dict.fromkeys(("customer_id", "account_id", "loan_id", "share", "valid_from", "valid_to"))
    made = pd.DataFrame([blank | {"line": "deposit"} | row for row in rows])
    return made.astype({"valid_from": "Int64", "valid_to": "Int64"})


def told(attributions: pd.DataFrame | None = None) -> Answer:
    parts = pd.DataFrame(PARTS, columns=["line", "customer_id", "branch_id", "holder", "role", "household", "amount"])
    return lines(parts, CLASSES, ROSTER, BRANCHES, attributions, period=OCTOBER)


def test_a_row_a_manager_and_the_branch_s_public_part_below_add_up_to_the_bank() -> None:
    frame = told().frames["lines_managers"]
    columns = ["branch_name", "manager_id", "name", "specialism"]
    money = [
        f"{line}_{role}_{what}"
        for line in ("deposit", "intermediary")
        for role in ("lead", "helper")
        for what in ("customers", "amount")
    ]
    assert frame[[*columns, *money]].astype("object").where(lambda cells: cells.notna(), None).to_numpy().tolist() == [
        ["东关", "A", "甲", "asset", 1, 70_001, 0, 0, 1, 1_152, 0, 0],
        ["西河", "C", "丙", "liability", 1, 33_335, 1, 30_000, 0, 0, 1, 150],
        ["西河", None, terms.PUBLIC, None, 1, 5, 0, 0, 0, 0, 0, 0],
    ]
    assert frame[["deposit_lead_amount", "deposit_helper_amount"]].sum().sum() == sum(row[6] for row in PARTS[:4])
    assert frame["loan_lead_amount"].tolist() == [0, 0, 0]


def test_who_helps_is_listed_with_the_leader_the_share_and_the_row_s_days() -> None:
    row = {"customer_id": "C1", "manager_id": "C", "share": "0.3", "valid_from": day("2026-10-01")}
    frame = told(claims(row)).frames["lines_helped"]
    columns = ["line", "customer_id", "lead_name", "name", "whole", "amount", "valid_from"]
    assert frame[columns].astype("object").where(lambda cells: cells.notna(), None).to_numpy().tolist() == [
        ["deposit", "C1", "甲", "丙", 100_001, 30_000, day("2026-10-01")],
        ["intermediary", "C1", "甲", "丙", 1_302, 150, None],
    ]
    assert round(frame["share"].iloc[0], 4) == 0.3
    assert not told(claims(row)).findings


def test_the_sentences_say_the_whole_and_its_parts() -> None:
    assert told().lines == [
        "存款 0.13 万元、3 户：主办 0.10 + 协办 0.03（1 户） + 公共和未挂户 0.00",
        "贷款：没有",
        "中收 0.00 万元、1 户：主办 0.00 + 协办 0.00（1 户） + 公共和未挂户 0.00",
    ]


def test_rows_over_the_whole_are_told_a_row_of_全部_counts_in_every_line() -> None:
    rows = claims(
        {"customer_id": "C2", "manager_id": "A", "share": "0.3"},
        {"customer_id": "C2", "manager_id": "B", "share": "0.8", "line": "all"},
        {"account_id": "A9", "customer_id": "C1", "manager_id": "B", "share": "1"},
        {"account_id": "A9", "customer_id": "C1", "manager_id": "A", "share": "1", "valid_to": OCTOBER.last - 1},
    )
    (found,) = told(rows).findings
    assert (found.code, found.count) == ("study.lines-over", 1)
    assert "存款 C2（110%）" in found.message


def test_a_row_that_names_the_leader_as_the_helper_is_told_a_share_beside_others_is_not() -> None:
    (found,) = told(claims({"customer_id": "C1", "manager_id": "A", "share": "0.3"})).findings
    assert (found.code, found.count) == ("study.lines-idle", 1)
    assert "存款 C1（A）" in found.message
    both = claims(
        {"customer_id": "C1", "manager_id": "A", "share": "0.7"},
        {"customer_id": "C1", "manager_id": "C", "share": "0.3"},
    )
    assert not told(both).findings


def test_a_month_that_an_older_program_kept_is_to_be_run_again_no_export_would_bring_it() -> None:
    kept = {"classes": CLASSES, "managers": ROSTER, "branches": BRANCHES}
    with pytest.raises(Problem) as refused:
        answer(STUDY, kept.get, {"period": OCTOBER, "workspace": True})
    assert refused.value.findings[0].code == "study.needs-made"
    assert "kehujingli run --period 2026-10" in str(refused.value)

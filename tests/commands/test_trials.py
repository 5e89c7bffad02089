"""Does assign --what-if say what would be, and leave everything as it is?"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Ran, run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

from kehujingli.errors import Exit
from kehujingli.workspace import Workspace

BRANCHES = ["机构号", "机构名称"]


def _county(root: Path, staff: list[list[Any]] | None = None) -> Workspace:
    """Ten customers of 30 万元 (中等, each 2 折算户), five of A in 801001, five of B in 801002; C serves nobody yet."""
    people = [f"C{number}" for number in range(10)]
    files = {
        "客户信息_20261031.xlsx": [
            CUSTOMERS,
            *(
                customer(who, holder="A" if number < 5 else "B", branch="801001" if number < 5 else "801002")
                for number, who in enumerate(people)
            ),
        ],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", 300_000, 0, LONG_AGO, None, None] for who in people),
        ],
        "客户经理名册_20261031.xlsx": [
            MANAGERS,
            *(staff or [manager("A", 12), manager("B", 10, "801002"), manager("C", 6)]),
        ],
        "机构_20261031.xlsx": [BRANCHES, ["801001", "联社营业部"], ["801002", "东关信用社"]],
        "交易流水.xlsx": [TRANSACTIONS, *(post(dt.date(2026, 10, 31), who, 1) for who in people)],
    }
    return workspace(root, files)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _county(tmp_path_factory.mktemp("trials")).root


def _asked(root: Path, *sentences: str, more: tuple[object, ...] = ()) -> Ran:
    told = [part for sentence in sentences for part in ("--what-if", sentence)]
    return run_here("assign", "-w", root, "--period", "2026-10", *told, *more, "--json")


def _bytes(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_nothing_in_the_workspace_or_beside_it_is_written(county: Path, tmp_path: Path) -> None:
    run_here("assign", "-w", county, "--period", "2026-10", "--dry-run", cwd=tmp_path)
    before = _bytes(county)
    told = run_here(
        "assign", "-w", county, "--period", "2026-10", "--what-if", "A 离岗", "--freeze", "C0=C", cwd=tmp_path
    )
    assert (told.code, "没有写任何文件" in told.out) == (0, True)
    assert _bytes(county) == before
    assert not list(tmp_path.iterdir())


def test_before_and_after_are_told_with_the_cost_of_the_rules(county: Path) -> None:
    """A leaves: C has room for three of her five; two households, 4 折算户, are left out at 1,000 each by the example's rules."""
    told = _asked(county, "A 离岗")
    assert told.code == 0
    before, after = told.json["before"], told.json["after"]
    assert (before["assigned"], before["unassigned"], before["moved"]) == (10, 0, 0)
    assert (after["assigned"], after["unassigned"], after["moved"]) == (8, 2, 3)
    assert (before["load_assigned"], after["load_assigned"]) == ("20", "16")
    by = {row["branch_id"]: row for row in told.json["branches"]}
    assert (by["801001"]["capacity_now"], by["801001"]["capacity_then"]) == ("18.0000", "6.0000")
    assert (by["801001"]["unassigned_now"], by["801001"]["unassigned_then"]) == (0, 2)
    assert by["801002"]["load_assigned_now"] == by["801002"]["load_assigned_then"] == "10.0000"
    assert {row["customer_id"] for row in told.json["moves"]} == {"C0", "C1", "C2", "C3", "C4"}
    assert told.json["output"] is None


def test_a_trial_is_what_the_month_would_be_under_that_roster(county: Path, tmp_path: Path) -> None:
    """The same sentence, and the roster really changed: one plan."""
    really = _county(tmp_path, [manager("A", 12), manager("B", 4, "801002"), manager("C", 6)]).root
    told = _asked(county, "上限 B=4").json["after"]
    there = _asked(really, more=("--freeze", "C0=A")).json["before"]
    assert told == there
    assert told["unassigned"] == 3


def test_several_at_once_and_the_merger_lets_people_help_out(county: Path) -> None:
    told = _asked(county, "上限 B=4", "东关 并入 联社营业部").json
    assert (told["after"]["unassigned"], told["after"]["moved"]) == (0, 3)
    assert [row["branch_id"] for row in told["branches"]] == ["801001", "801002"]
    assert told["branches"][1]["load_due_then"] is None
    hired = _asked(county, "上限 B=4", "新增 1 人 东关").json
    assert hired["after"]["unassigned"] == 0, "her limit is 10, as B's was: all three find room"
    assert hired["newcomers"][0]["manager_id"] == "新增1"


def test_pairs_come_from_a_file_too_and_what_cannot_be_is_told(county: Path, tmp_path: Path) -> None:
    listed = tmp_path / "冻结.csv"
    with listed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["客户号", "管户经理"], ["C0", "经理C"], ["C9", "A"]])
    told = _asked(county, more=("--freeze", listed))
    assert told.code == 1
    assert [row["customer_id"] for row in told.json["moves"]] == ["C0"]
    assert told.json["moves"][0]["manager_then"] == "C"
    [found] = told.json["findings"]
    assert (found["code"], "不服务机构 801002" in found["message"]) == ("assign.freeze-impossible", True)


def test_who_is_evenly_loaded_by_another_measure_is_told_on_both_sides(county: Path) -> None:
    """A leaves five of 30 万元; B cannot serve them, C has room for three. By the rules of the example only who must be is moved."""
    told = _asked(county, "A 离岗", more=("--balance", "存款")).json
    held = {row["manager_id"]: (row["before"], row["after"]) for row in told["held"]}
    each = 299_999
    assert {who: after for who, (_, after) in held.items()} == {
        "A": None,
        "B": f"{5 * each:.2f}",
        "C": f"{3 * each:.2f}",
    }
    assert held["C"][0] == "0.00"
    said = run_here("assign", "-w", county, "--period", "2026-10", "--balance", "存款").out
    assert "只有新配和必须调整的户按存款均衡" in said


def test_a_limit_on_another_measure_is_kept_and_told_with_what_it_cost(county: Path) -> None:
    """Where everybody stays B has five, all that there are in her branch; A and C would have 3⅓ and 1⅔ by limits of 12 and 6, and C has none."""
    asked = ("assign", "-w", county, "--period", "2026-10", "--balance", "存款", "--within")
    for text in ("户数=100%", "户数＝100％", "customers = ±100.00%"):
        told = run_here(*asked, text)
        assert told.code == 0, told.err
        assert "各人的户数离应摊的（按管户上限摊）都不超过 100%" in told.out
        assert "限了：C 经理C，应摊 1.67，有 0，差 100.00%" in told.out


def test_a_limit_that_cannot_be_kept_is_refused_with_the_one_that_can_and_nothing_is_written(county: Path) -> None:
    before = _bytes(county)
    asked = ("assign", "-w", county, "--period", "2026-10", "--balance", "存款", "--within")
    told = run_here(*asked, "户数＝99.99％")
    assert told.code == Exit.NO_PLAN
    assert "assign.within-impossible" in told.err
    assert "801001 100%" in told.err
    assert "--within 户数=100%" in told.err
    assert _bytes(county) == before


def test_the_price_of_one_more_is_that_of_the_trial(county: Path) -> None:
    """B may have two of her five: one 折算户 more serves nobody, as each weighs 2; a manager more, limit 4 as B's is, two of the three left."""
    told = _asked(county, "上限 B=4", more=("--price", "东关")).json
    found = {(row["branch_id"], row["manager_id"]): row for row in told["prices"]}
    assert {key: row["served"] for key, row in found.items()} == {("801002", "B"): 0, ("801002", None): 2}
    hired = _asked(county, "上限 B=4", "新增 1 人 东关").json["after"]
    assert hired["unassigned"] == 0, "who is hired in a sentence has the limit that B has now: 10"
    assert found["801002", None]["cost"] == "3998"
    assert told["after"]["unassigned"] == 3


def test_prices_are_said_to_be_of_the_rules_own_optimum_where_the_trial_is_another(county: Path) -> None:
    for more, beside in (
        ((), "和试算的差"),
        (("--balance", "存款"), "和照办法求的最优"),
        (("--freeze", "C0=A"), "和照办法求的最优"),
    ):
        said = run_here("assign", "-w", county, "--period", "2026-10", "--price", "东关", *more).out
        assert beside in said


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--what-if", "胡说"), "assign.trial-unread"),
        (("--what-if", "A 离岗", "-o", "试.xlsx"), "option.bad"),
        (("--what-if", "A 离岗", "--commit", "管户分配.xlsx"), "option.bad"),
        (("--freeze", "C0"), "option.bad"),
        (("--freeze", "C0=A", "--freeze", "C0=C"), "option.bad"),
        (("--freeze", "没有.csv"), "option.bad"),
        (("--against", "2026-01-01"), "assign.plan-unknown"),
        (("--against", "a.xlsx", "--against", "b.xlsx", "--what-if", "A 离岗"), "option.bad"),
        (("--against", "a.xlsx", "--against", "b.xlsx", "--against", "c.xlsx"), "option.bad"),
        (("--price", "南关"), "assign.trial-unknown"),
        (("--balance", "身高"), "option.bad"),
        (("--within", "户数=10%"), "option.bad"),
        (("--balance", "存款", "--within", "户数"), "option.bad"),
        (("--balance", "存款", "--within", "户数=10"), "option.bad"),
        (("--balance", "存款", "--within", "户数=-1%"), "option.bad"),
        (("--balance", "存款", "--within", "身高=10%"), "option.bad"),
        (("--balance", "存款", "--within", "户数=10%", "--within", "村=10%"), "option.bad"),
        (("--balance", "存款", "--within", "户数=10%", "-o", "试.xlsx"), "option.bad"),
        (("--balance", "存款", "--within", "户数=10%", "--commit", "管户分配.xlsx"), "option.bad"),
    ],
)
def test_what_cannot_be_tried_ends_with_2(county: Path, more: tuple[str, ...], code: str) -> None:
    told = run_here("assign", "-w", county, "--period", "2026-10", *more)
    assert told.code == 2
    assert code in told.err


def test_an_approved_plan_stands_beside_the_trial(tmp_path: Path) -> None:
    """Approved: C0 with C. Now C would leave, and C0 is A's again: she goes from C to A, and nobody else does."""
    place = _county(tmp_path)
    place.plans.mkdir()
    people = [f"C{number}" for number in range(10)]
    rows = [
        [who, "C" if who == "C0" else "A" if number < 5 else "B", "2026-10-01", "2026-09-30", "甲", ""]
        for number, who in enumerate(people)
    ]
    with (place.plans / "2026-10-01.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [["customer_id", "manager_id", "effective", "made_on", "made_by", "document"], *rows]
        )
    told = _asked(place.root, "C 离岗", more=("--against", "2026-10-01")).json
    assert told["against"] == "2026-10-01"
    assert [(row["customer_id"], row["manager_now"], row["manager_then"]) for row in told["moves"]] == [
        ("C0", "C", "A")
    ]
    assert (told["before"]["moved"], told["after"]["moved"]) == (0, 1)


def test_plans_that_were_laid_aside_stand_side_by_side(tmp_path: Path) -> None:
    """A copy of 管户分配.xlsx is a plan laid aside: beside it the trial, or another that was laid aside; nothing is written."""
    place = _county(tmp_path / "county")
    before = run_here("assign", "-w", place.root, "--period", "2026-10", "-o", tmp_path / "原.xlsx")
    assert before.code == 1, before.err
    book = openpyxl.load_workbook(tmp_path / "原.xlsx")
    sheet = book["管户分配"]
    head = [cell.value for cell in sheet[4]]
    for row in range(5, sheet.max_row + 1):
        if sheet.cell(row, head.index("客户号") + 1).value == "C0":
            sheet.cell(row, head.index("管户经理") + 1, "C")
    book.save(tmp_path / "改.xlsx")
    kept = _bytes(tmp_path)
    beside = _asked(place.root, more=("--against", tmp_path / "改.xlsx")).json
    assert [(row["customer_id"], row["manager_now"], row["manager_then"]) for row in beside["moves"]] == [
        ("C0", "C", "A")
    ]
    both = _asked(place.root, more=("--against", tmp_path / "原.xlsx", "--against", tmp_path / "改.xlsx"))
    assert [(row["customer_id"], row["manager_now"], row["manager_then"]) for row in both.json["moves"]] == [
        ("C0", "A", "C")
    ]
    assert (both.json["before"]["moved"], both.json["after"]["moved"]) == (0, 1)
    assert both.json["against"] == f"{tmp_path / '原.xlsx'}"
    assert both.json["beside"] == f"{tmp_path / '改.xlsx'}"
    assert _asked(place.root, more=("--against", tmp_path / "没有.xlsx")).code == 4
    asked = ("--against", tmp_path / "原.xlsx", "--against", tmp_path / "改.xlsx")
    said = run_here("assign", "-w", place.root, "--period", "2026-10", *asked).out
    assert "《原.xlsx》" in said
    assert "《改.xlsx》" in said
    assert _bytes(tmp_path) == kept

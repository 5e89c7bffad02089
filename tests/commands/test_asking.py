"""Are questions about months that have been run answered from kept results, masked, with causes apart?"""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from conftest import Ran, run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

pytestmark = pytest.mark.slow  # each runs whole months, or many small files; the quick run has a month of its own


def ask(*arguments: object) -> Ran:
    return run_here(*arguments, cwd=Path.cwd())


@pytest.fixture(scope="module")
def county(two_months: Path) -> Path:
    return two_months


def test_a_run_again_says_what_it_changed_and_only_then(county: Path) -> None:
    assert "与上次运行相比：户群变动 2 户；办法变了 1 处" in (county / "再跑.txt").read_text(encoding="utf-8")
    unchanged = ask("run", "-w", county, "--period", "2026-10")
    assert "照旧" in unchanged.out
    assert "与上次运行相比" not in unchanged.out


def test_two_runs_of_a_month_differ_by_the_rules(county: Path) -> None:
    told = ask("diff", "2026-10", "--runs", "1", "-w", county, "--by", "customer", "--json").json
    assert told["causes"]["rules"] == [
        {"key": "segment.scale.bounds.person.medium", "before": "50000", "after": "60000"}
    ]
    assert told["causes"]["data"] == {"added": [], "removed": [], "changed": []}
    moved = [row for row in told["rows"] if row["kind"] == "class"]
    assert len(moved) == told["causes"]["customers"]["by_rules"] == 2  # the others are buffered
    assert all(50_000 <= float(row["scale_amount_after"]) < 60_000 for row in moved)
    assert told["totals"]["deposit_balance"]["before"] == told["totals"]["deposit_balance"]["after"]


def test_two_months_tell_who_came_and_add_up_by_branch(county: Path) -> None:
    told = ask("diff", "2026-09", "2026-10", "-w", county, "--json").json
    assert (told["causes"]["customers"]["came"], told["causes"]["customers"]["left"]) == (2, 0)
    assert sum(row["customers_after"] for row in told["rows"]) == told["totals"]["customers"]["after"] == 200
    assert told["totals"]["score"]["before"] is None, "September scored nobody"


def test_a_branch_by_name_shows_its_managers(county: Path) -> None:
    ran = ask("diff", "2026-09", "2026-10", "--branch", "东关", "-w", county)
    assert ran.code == 0
    assert "原未计分" in ran.out
    assert "西河" not in ran.out


def test_customers_of_a_difference_are_masked(county: Path) -> None:
    masked = ask("diff", "-w", county, "--by", "customer", "--format", "csv").out
    full = ask("diff", "-w", county, "--by", "customer", "--format", "csv", "--unmask").out
    names = [line.split(",")[1] for line in full.splitlines()[1:]]
    assert names
    assert not any(name in masked for name in names)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("2026-09",), 4, "diff.one-only"),
        (("2026-10", "--runs", "7"), 4, "diff.no-run"),
        (("2026-09", "--runs"), 4, "diff.no-runs"),
        (("2026-08", "2026-10"), 4, "period.no-result"),
        (("2026-10", "--by", "moon"), 2, "option.bad"),
        (("2026-10", "2026-09", "2026-08"), 2, "option.bad"),
    ],
)
def test_what_cannot_be_compared_is_said(county: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = ask("diff", *arguments, "-w", county)
    assert ran.code == code
    assert told in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("due", "--days", "365"),
        ("find", "信用社"),
        ("top", "customers", "--by", "年日均", "--n", "3"),
        ("top", "managers"),
        ("unassigned",),
        ("unassigned", "--branch", "东关"),
    ],
    ids=" ".join,
)
def test_lists_come_as_table_csv_and_json_with_the_same_rows(county: Path, arguments: tuple[str, ...]) -> None:
    records = ask(*arguments, "-w", county, "--json").json
    lines = list(csv.DictReader(ask(*arguments, "-w", county, "--format", "csv").out.splitlines()))
    assert len(records) == len(lines)
    assert ask(*arguments, "-w", county).code == 0
    assert all(
        amount == f"{float(amount):.2f}"
        for record in records
        for key, amount in record.items()
        if key == "balance" and amount
    )


def test_lists_mask_customers_and_unmasking_is_logged(county: Path) -> None:
    masked = ask("due", "--days", "365", "-w", county, "--json").json
    full = ask("due", "--days", "365", "-w", county, "--json", "--unmask").json
    assert all(row["customer_name"].endswith("*") for row in masked)
    assert [row["number"] for row in masked] == [row["number"] for row in full]
    assert not any(row["customer_name"].endswith("*") for row in full)
    log = (county / "日志" / "日志.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(log[-1])["deed"] == "unmask"
    assert json.loads(log[-1])["command"] == "due"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("find", "没有这个人"), 4),
        (("top", "customers", "--by", "月亮"), 2),
        (("top", "moons"), 2),
        (("due", "--manager", "M9999"), 4),
        (("due", "--branch", "信用社"), 2),
        (("due", "--days", "0"), 2),
        (("due", "--format", "xml"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_questions_without_an_answer_end_with_a_sentence(county: Path, arguments: tuple[str, ...], code: int) -> None:
    ran = ask(*arguments, "-w", county)
    assert ran.code == code
    assert ran.err.strip()
    assert "Traceback" not in ran.err


def test_a_name_that_several_bear_lists_them_with_their_numbers(county: Path) -> None:
    people = ask("query", "select manager_id, name from managers order by 1", "--json", "-w", county).json
    families: dict[str, list[str]] = {}
    for person in people:
        families.setdefault(person["name"][0], []).append(person["manager_id"])
    family, numbers = max(families.items(), key=lambda pair: len(pair[1]))
    ran = ask("due", "--manager", family, "-w", county)
    assert ran.code == 2
    assert "show.several" in ran.err
    assert all(number in ran.err for number in numbers[:10])


def test_a_card_in_json_has_money_as_text(county: Path) -> None:
    number = ask("top", "customers", "--n", "1", "-w", county, "--json").json[0]["customer_id"]
    card = ask("show", "customer", number, "-w", county, "--json").json
    assert card["deposit_balance"] == f"{float(card['deposit_balance']):.2f}"
    assert card["opened_on"][4] == card["opened_on"][7] == "-"


def _keys(said: object) -> set[str]:
    if isinstance(said, dict):
        return {*said} | {key for value in said.values() for key in _keys(value)}
    return {key for value in said for key in _keys(value)} if isinstance(said, list) else set()


@pytest.mark.parametrize("kind", ["customer", "manager", "branch"])
def test_a_card_in_json_has_english_keys_and_its_lists(county: Path, kind: str) -> None:
    key = {"customer": "customer_id", "manager": "manager_id", "branch": "branch_id"}[kind]
    plural = {"customer": "customers", "manager": "managers", "branch": "branches"}[kind]
    who = ask("top", plural, "--n", "1", "-w", county, "--json").json[0][key]
    card = ask("show", kind, who, "-w", county, "--json").json
    assert all(word.isascii() for word in _keys(card))
    assert card[{"customer": "account_list", "manager": "item_list", "branch": "manager_list"}[kind]]


def test_a_number_out_of_bounds_is_told_with_its_bound(county: Path) -> None:
    assert "不能小于 1" in ask("top", "customers", "--n", "-1", "-w", county).err
    assert "应是整数" in ask("due", "--days", "x", "-w", county).err


def test_managers_are_ranked_by_what_they_achieved_and_by_points_where_points_are_asked(county: Path) -> None:
    rows = ask("top", "managers", "--by", "中间业务收入", "-w", county, "--json").json
    assert [row["actual"] for row in rows] == sorted((row["actual"] for row in rows), key=float, reverse=True)
    points = ask("top", "managers", "--by", "中间业务收入得分", "-w", county, "--json").json
    kept = {row["manager_id"]: row["item_points"] for row in rows}
    assert points
    assert all(kept.get(row["manager_id"]) == row["item:fees"] for row in points)


def test_a_list_of_several_managers_may_hold_one_without_a_score(county: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    shutil.copytree(county, root)
    rules = next((root / "rules").glob("*.toml"))
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text[: text.index("[incentive]")], encoding="utf-8")
    number = ask("top", "managers", "--n", "1", "-w", county, "--json").json[0]["manager_id"]
    assert ask("run", "-w", root, "--period", "2026-10", "--quiet").code in (0, 1)
    for surname in "王李张刘陈杨赵黄周吴朱高郭":
        assert ask("show", "manager", surname, "-w", root).code in (0, 4)
    for command in (("gap",), ("explain", "manager"), ("rank",), ("statements",), ("top", "managers")):
        ran = ask(*command, *([number] if command[0] in ("gap", "explain") else []), "-w", root)
        assert (ran.code, "period.no-scores" in ran.err) == (4, True), command
    assert ask("show", "manager", number, "-w", root).code == 0


def test_a_customer_is_found_by_an_account_with_letters(tmp_path: Path) -> None:
    files = {
        "客户_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "账户_20261031.xlsx": [ACCOUNTS, ["ZX-07", "C2", "活期", 5, 0, LONG_AGO, None, None]],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C1", 1)],
        "名册_20261031.xlsx": [MANAGERS, manager("M1")],
    }
    place = workspace(tmp_path / "county", files)
    assert ask("run", "-w", place.root, "--quiet").code in (0, 1)
    assert ask("show", "customer", "ZX-07", "-w", place.root, "--json").json["customer_id"] == "C2"

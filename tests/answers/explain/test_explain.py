"""Can every figure be asked why, down to file, sheet and row?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import copied, run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post
from months import workspace as make_workspace

from kehujingli.answers.cards import find
from kehujingli.answers.explain import Node
from kehujingli.answers.explain.customer import explain_customer
from kehujingli.answers.explain.manager import explain_gap, explain_manager
from kehujingli.answers.query import ask
from kehujingli.answers.sources import Sources
from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.workspace import Workspace

PLACE = re.compile(r"《(.+?)》「(.+?)」第 ([\d,]+) 行")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = copied(tmp_path_factory.mktemp("explain") / "county")
    place = Workspace(root)
    run(place, Request(workspace=place), Options())
    return place


def _nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for part in tree.parts:
        yield from _nodes(part)


def _row_at(workspace: Workspace, said: str) -> list[Any]:
    """The cells of the row that a sentence names."""
    place = PLACE.search(said)
    assert place, said
    sheet = openpyxl.load_workbook(workspace.exports / place[1])[place[2]]
    return [cell.value for cell in sheet[int(place[3].replace(",", ""))]]


def _customer(workspace: Workspace, frequency: str) -> Node:
    sources = Sources(workspace, None)
    sql = "select customer_id from {classes} where frequency = $1 order by scale_amount desc"
    who = sources.rows(sql, frequency)[0]["customer_id"]
    return explain_customer(sources, find(workspace, None, "客户", who).records[0], "某*")


def test_the_posting_that_kept_a_customer_awake_stands_where_it_is_said_to(workspace: Workspace) -> None:
    tree = _customer(workspace, "frequent")
    last = next(node for node in _nodes(tree) if node.said.startswith("最近一笔"))
    row = _row_at(workspace, last.said)
    assert tree.facts["customer_id"] in row
    assert abs(Decimal(last.facts["amount"])) == abs(
        Decimal(str(next(cell for cell in row if isinstance(cell, float | int))))
    )


def test_accounts_and_loans_stand_where_they_are_said_to(workspace: Workspace) -> None:
    for node in _nodes(_customer(workspace, "frequent")):
        if node.said.startswith(("账户", "借据")):
            row = _row_at(workspace, node.said)
            assert {node.facts.get("account_id"), node.facts.get("loan_id")} & set(row)


def test_a_dormant_customer_is_told_since_when(workspace: Workspace) -> None:
    assert "自 2025-11-01 起" in "\n".join(_customer(workspace, "dormant").lines())


def _manager(workspace: Workspace, item: str | None = None) -> Node:
    sources = Sources(workspace, None)
    best = sources.rows("select manager_id from {scores} where score is not null order by score::decimal(9,2) desc")[0]
    return explain_manager(sources, find(workspace, None, "客户经理", best["manager_id"]).records[0], item)


def test_pay_and_score_follow_from_what_is_said(workspace: Workspace) -> None:
    tree = _manager(workspace)
    pay = tree.parts[0]
    numbers = [Decimal(text.replace(",", "")) for text in re.findall(r"\d[\d,]*(?:\.\d+)?", pay.said)]
    due, standard, score, hundred, days, of = numbers
    assert due == round(standard * score / hundred * days / of, 2)
    points = tree.parts[-1]
    summed = points.said.split("=")[1].split("（")[0].split("，")[0]
    assert (
        sum(Decimal(text) for text in re.findall(r"-?\d+\.\d\d", summed))
        == Decimal(re.findall(r"-?\d+\.\d\d", points.said)[0])
        or "折成" in points.said
    )
    lost = [
        Decimal(node.facts["points"]) - Decimal(node.facts["item_points"])
        for node in points.parts
        if node.facts.get("item_points")
    ]
    assert lost == sorted(lost, reverse=True), "what cost the most points stands first"


def test_the_customers_of_an_item_add_up_to_its_actual(workspace: Workspace) -> None:
    tree = _manager(workspace, "存款年日均净增")
    actual = tree.parts[-1]
    summed = sum(Decimal(node.facts["numerator"]) for node in actual.parts)
    assert summed == Decimal(tree.facts["actual"]) == Decimal(actual.facts["numerator"])
    for node in actual.parts[0].parts:
        assert node.facts["id"] in _row_at(workspace, node.said)


@pytest.mark.parametrize("item", ["中间业务收入", "走访计划完成率", "贷款户数净增", "存款年日均净增"])
def test_every_step_ends_in_rows_that_are_there(workspace: Workspace, item: str) -> None:
    tree = _manager(workspace, item)
    said = [node.said for node in _nodes(tree) if "place" in node.facts]
    assert said
    for sentence in said:
        assert any(cell is not None for cell in _row_at(workspace, sentence)), sentence
    targets = [node for node in tree.parts if node.said.startswith("任务数")]
    for node in targets:
        assert item in _row_at(workspace, node.said)


def test_lines_that_people_entered_are_told_with_reason_and_approver(workspace: Workspace) -> None:
    sources = Sources(workspace, None)
    manager = find(workspace, None, "客户经理", "M0011").records[0]
    (line,) = explain_manager(sources, manager, "合规与档案").parts
    assert "贷后检查报告迟交" in line.said
    assert "审批 分管主任" in line.said
    assert "贷后检查报告迟交" in _row_at(workspace, line.said)


def test_the_gap_names_what_cost_the_most_and_what_a_point_is_worth(workspace: Workspace) -> None:
    sources = Sources(workspace, None)
    for row in sources.rows("select manager_id from {scores} where score is not null"):
        tree = explain_gap(sources, find(workspace, None, "客户经理", row["manager_id"]).records[0])
        lost = [
            Decimal(part.facts["lost"]) for part in tree.parts if part.facts.get("lost") and "item_id" in part.facts
        ]
        assert lost == sorted(lost, reverse=True)
        assert "失分最多" in tree.parts[0].said
    ran = run_here("gap", row["manager_id"], "-w", workspace.root, "--json")
    assert set(ran.json) >= {"manager_id", "score", "parts"}


def test_the_command_tells_and_lists(workspace: Workspace) -> None:
    who = _customer(workspace, "frequent").facts["customer_id"]
    ran = run_here("explain", "customer", who, "-w", workspace.root, "--json")
    assert ran.code == 0
    assert set(ran.json) >= {"said", "customer_id", "parts"}
    several = run_here("explain", "manager", "M00", "-w", workspace.root)
    assert several.code in (0, 2, 4)
    wrong = run_here("explain", "manager", "M0001", "没有的指标", "-w", workspace.root)
    assert wrong.code == 2
    assert "存款年日均净增" in wrong.err


def test_names_stay_masked_unless_asked(workspace: Workspace) -> None:
    record = find(workspace, None, "客户", _customer(workspace, "frequent").facts["customer_id"], unmask=True).records[
        0
    ]
    plain = run_here("explain", "customer", record["customer_id"], "-w", workspace.root)
    assert record["customer_name"] not in plain.out
    assert (
        record["customer_name"]
        in run_here("explain", "customer", record["customer_id"], "-w", workspace.root, "--unmask").out
    )


def test_an_unknown_customer_is_said(workspace: Workspace, tmp_path: Path) -> None:
    ran = run_here("explain", "customer", "没有这个人", "-w", workspace.root, cwd=tmp_path)
    assert ran.code != 0
    assert "没有这个人" in ran.err
    assert "Traceback" not in ran.err


def test_what_deposits_cost_is_told_in_money(tmp_path: Path) -> None:
    """1,000,000.00 at 1.5% and 500,000.00 at 3%: 30,000.00 of interest over 1,500,000.00."""
    october = dt.date(2026, 10, 31)
    deposits = [("A1", 1_000_000, 0.015), ("A2", 500_000, 0.03)]
    accounts = [
        [*ACCOUNTS, "利率"],
        *([number, "C1", "定期", balance, 0, LONG_AGO, None, "M1", rate] for number, balance, rate in deposits),
    ]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031.xlsx": accounts,
        "客户经理.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(october, "C1", 1)],
    }
    place = make_workspace(tmp_path, files, {'actual = "npl_ratio"': 'actual = "deposit_cost"'})
    run(place, Request(workspace=place), Options())
    sources = Sources(place, None)
    item = sources.rows("select item_id from {items} where actual_name = 'deposit_cost'")[0]["item_id"]
    actual = explain_manager(sources, find(place, None, "客户经理", "M1").records[0], item).parts[-1]
    assert (actual.facts["numerator"], actual.facts["denominator"]) == ("30000.00", "1500000.00")
    assert "实绩 30,000.00 元 ÷ 1,500,000.00 元" in actual.said
    assert [node.facts["numerator"] for node in actual.parts] == ["15000.00", "15000.00"]
    asked = "select numerator, denominator from contributions where actual = 'deposit_cost' and entity = 'A1' and holder = 'M1'"
    assert ask(place, None, asked)[1][0] == (Decimal("15000.00"), Decimal("1000000.00"))
    assert ask(place, None, "select opening_year from accounts where account_id = 'A1'")[1] == [
        (Decimal("1000000.00"),)
    ]
    assert ask(place, None, "select sum(期末加权利率分子) from 客户分类")[1] == [(Decimal("30000.00"),)]

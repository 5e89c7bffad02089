"""Do the numbers of a score add up where a gate or a cap holds it, and does nothing promise what the limit takes away?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import run_here, write_xlsx

from kehujingli.rules import EXAMPLE

RULES = (
    EXAMPLE.read_text(encoding="utf-8").partition("[incentive]")[0]
    + """
[incentive]
missing_actual = "skip"
[[incentive.metric]]
id = "late"
label = "迟报次数"
[[incentive.item]]
id = "work"
label = "工作量"
category = "benefit"
points = 60
shape = "completion"
min = 0
max = 90
[[incentive.item]]
id = "calls"
label = "走访"
category = "duty"
points = 20
shape = "completion"
min = 0
max = 20
[[incentive.item]]
id = "books"
label = "档案"
category = "compliance"
points = 20
shape = "completion"
min = 0
max = 20
[[incentive.item]]
id = "cards"
label = "发卡"
category = "benefit"
shape = "unit_price"
price = 3
[[incentive.gate]]
actual = "late"
above = 3
score_at_most = 60
reason = "迟报超过3次"
[incentive.pay]
mode = ["score", "unit_price"]
standard = 4000
score_cap = 110
cap = 4300
"""
)
HEAD = ["工号", "考核期间", "工作量", "走访", "档案", "发卡", "迟报次数", "来源", "审批人"]
FIGURES: dict[str, list[Any]] = {
    "M1": [100, 50, 100, 10, 5],  # 60 + 10 + 20 = 90, held at 60
    "M2": [100, 50, 100, 10, 0],  # 90
    "M3": [100, 100, None, 0, 0],  # 60 + 20 of 80: scaled to 100
    "M4": [150, 100, 100, 0, 0],  # 90 + 20 + 20 = 130, capped at 110: 4,400, paid 4,300
    "M5": [109, 100, 100, 0, 0],  # 65.4 + 40 = 105.4: 4,216, 84 below the cap of the pay
    "M6": [100, 0, 0, 0, 5],  # 60 exactly where the gate holds
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("limits")
    (root / "rules").mkdir()
    (root / "rules/2026-01-01.toml").write_text(RULES, encoding="utf-8")
    exports = root / "exports" / "2026-10"
    write_xlsx(
        exports / "客户信息_20261031.xlsx",
        [["客户号", "客户名称", "客户类型", "机构号"], ["C1", "客户", "个人", "801"]],
    )
    write_xlsx(
        exports / "名册_20261031.xlsx",
        [["工号", "姓名", "机构号", "任职日期"], *([who, f"经理{who}", "801", "2020-01-01"] for who in FIGURES)],
    )
    write_xlsx(exports / "流水.xlsx", [["交易日期", "客户号", "借贷标志", "交易金额"], ["2026-10-31", "C1", "贷", 100]])
    typed = [[who, "2026-10", *figures, "系统", "乙"] for who, figures in FIGURES.items()]
    write_xlsx(exports / "人工填报.xlsx", [HEAD, *typed])
    targets = [[who, item, 100, "2026-10"] for who in FIGURES for item in ("工作量", "走访", "档案")]
    write_xlsx(exports / "任务数.xlsx", [["工号", "指标", "任务数", "期间"], *targets])
    ran = run_here("run", "-w", str(root), "--period", "2026-10", "--quiet")
    assert ran.code in (0, 1), ran.err
    return root


def told(bank: Path, command: str, who: str) -> tuple[str, list[dict[str, Any]]]:
    asked = ("explain", "manager", who) if command == "explain" else ("gap", who)
    text = run_here(*asked, "-w", str(bank)).out
    tree = json.loads(run_here(*asked, "-w", str(bank), "--json").out)
    nodes, waiting = [], [tree]
    while waiting:
        node = waiting.pop(0)
        nodes.append(node)
        waiting += node.get("parts", [])
    return text, nodes


def test_a_gated_score_is_told_from_its_sum_to_what_pays(bank: Path) -> None:
    text, _ = told(bank, "explain", "M1")
    assert "得分 60.00：原始 90.00 = 60.00 + 10.00 + 20.00；封顶（迟报超过3次）后计发 60.00" in text
    assert "封顶：迟报超过3次，原始 90.00 只计发 60.00，少 30.00" in text


def test_money_items_are_no_part_of_the_sum(bank: Path) -> None:
    text, _ = told(bank, "explain", "M2")
    assert "得分 90.00 = 60.00 + 10.00 + 20.00" in text
    assert "20.00 + 30.00" not in text


def test_scaling_is_a_step(bank: Path) -> None:
    text, _ = told(bank, "explain", "M3")
    assert "得分 100.00 = 60.00 + 20.00，折算 +20.00" in text
    assert "折算：各项合计 80.00，满分 80 折成 100，+20.00，成 100.00" in text


@pytest.mark.parametrize("command", ["explain", "gap"])
@pytest.mark.parametrize(
    ("who", "worth", "said"),
    [
        ("M1", "0.00", "再多得分也不多发：迟报超过3次，最多计发 60 分，原始 90.00 分超出的 30.00 分不计发"),
        ("M2", "40.00", "每 1 分合应发 40.00 元"),
        ("M3", "40.00", "每 1 分合应发 40.00 元（各项每 1 分折成 1.25 分），最多再计 10.00 分（计发封顶）"),
        ("M4", "0.00", "再多得分也不多发：计发封顶，最多计发 110 分，原始 130.00 分超出的 20.00 分不计发"),
        ("M5", "40.00", "每 1 分合应发 40.00 元，最多再计 4.60 分（计发封顶）"),
        ("M6", "0.00", "再多得分也不多发：迟报超过3次，最多计发 60 分；"),
    ],
)
def test_a_point_is_worth_what_it_really_brings(bank: Path, command: str, who: str, worth: str, said: str) -> None:
    text, nodes = told(bank, command, who)
    assert said in text
    assert [node["point_worth"] for node in nodes if "point_worth" in node] == [worth]


def test_the_rank_above_a_limit_is_not_promised(bank: Path) -> None:
    text, _ = told(bank, "gap", "M1")
    assert "再多 30.00 分追平第 4 名（先要解除 迟报超过3次，现在最多 60 分）" in text


def test_the_statement_says_the_same(bank: Path) -> None:
    assert run_here("statements", "-w", str(bank)).code == 0
    book = openpyxl.load_workbook(next(bank.rglob("M1_*.xlsx")))
    cover, tree = (
        "\n".join(str(cell) for row in book[sheet].iter_rows(values_only=True) for cell in row if cell is not None)
        for sheet in ("首页", "由来")
    )
    assert "原始 90.00 = 60.00 + 10.00 + 20.00；封顶（迟报超过3次）后计发 60.00" in tree
    assert "封顶：迟报超过3次，原始 90.00 只计发 60.00，少 30.00。" in cover
    assert "再多得分也不多发：迟报超过3次" in cover
    assert "每 1 分合应发" not in cover + tree

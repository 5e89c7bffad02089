"""Do the parts of a difference add up to it, and does each stand at its own cause? By the command, on pairs of months of a small bank."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import run_here, write_xlsx

from kehujingli.rules import EXAMPLE

D = Decimal
RULES = (
    EXAMPLE.read_text(encoding="utf-8").partition("[incentive]")[0]
    + """
[incentive]
missing_actual = "skip"
[[incentive.item]]
id = "npl"
label = "责任不良贷款率"
category = "risk"
points = 20
actual = "npl_ratio"
shape = "deduct"
base = BASE
step = 0.01
per_step = 1
empty_ratio = "full"
min = 0
max = 20
[[incentive.item]]
id = "work"
label = "工作量"
category = "benefit"
points = 80
shape = "completion"
min = 0
max = 100
[[incentive.item]]
id = "cards"
label = "发卡"
category = "benefit"
shape = "unit_price"
price = 3
[[incentive.gate]]
actual = "npl_ratio"
above = 0.10
score_at_most = 60
reason = "不良率超10%"
[incentive.pay]
mode = ["score", "unit_price"]
standard = 3000
score_cap = 110
"""
)


def month(
    root: Path,
    name: str,
    loans: list[list[Any]],
    figures: Mapping[str, tuple[Any, Any, Any]],
    adjusted: Mapping[str, Any],
    base: str,
) -> None:
    """A month of the bank: its loans, each manager's work, target and cards, 加减分, and where bad loans begin to cost."""
    (root / "rules").mkdir(exist_ok=True)
    (root / "rules" / f"{name}-01.toml").write_text(RULES.replace("BASE", base), encoding="utf-8")
    year, number = map(int, name.split("-"))
    last = (dt.date(year, number, 28) + dt.timedelta(4)).replace(day=1) - dt.timedelta(1)
    exports = root / "exports" / name
    write_xlsx(
        exports / f"客户信息_{last:%Y%m%d}.xlsx",
        [["客户号", "客户名称", "客户类型", "机构号"], *([f"C{n}", f"客户{n}", "个人", "801"] for n in range(6))],
    )
    write_xlsx(
        exports / f"名册_{last:%Y%m%d}.xlsx",
        [["工号", "姓名", "机构号", "任职日期"], *([who, f"经理{who}", "801", "2020-01-01"] for who in figures)],
    )
    write_xlsx(
        exports / f"贷款台账_{last:%Y%m%d}.xlsx", [["借据编号", "客户号", "贷款余额", "五级分类", "责任人"], *loans]
    )
    write_xlsx(exports / "流水.xlsx", [["交易日期", "客户号", "借贷标志", "交易金额"], [last, "C0", "贷", 100]])
    write_xlsx(
        exports / "人工填报.xlsx",
        [
            ["工号", "考核期间", "工作量", "发卡", "来源", "审批人"],
            *([who, name, work, cards, "系统", "乙"] for who, (work, _, cards) in figures.items()),
        ],
    )
    write_xlsx(
        exports / "任务数.xlsx",
        [
            ["工号", "指标", "任务数", "期间"],
            *([who, "工作量", target, name] for who, (_, target, _) in figures.items()),
        ],
    )
    if adjusted:
        rows = [[who, name, points, "查实", "甲", "乙"] for who, points in adjusted.items()]
        write_xlsx(exports / "加减分.xlsx", [["工号", "考核期间", "分值", "事由", "经办人", "审批人"], *rows])


def compared(root: Path) -> dict[str, dict[str, Any]]:
    for name in ("2026-09", "2026-10"):
        ran = run_here("run", "-w", str(root), "--period", name, "--quiet")
        assert ran.code in (0, 1), ran.err
    told = json.loads(run_here("diff", "2026-09", "2026-10", "-w", str(root), "--by", "manager", "--json").out)
    return {row["manager_id"]: row for row in told["rows"]}


def parts(row: Mapping[str, Any], key: str = "parts") -> dict[tuple[str, str], Decimal]:
    return {(part["cause"], part["item"]): D(part["amount"]) for part in row[key]}


def adds_up(row: Mapping[str, Any]) -> None:
    assert sum(parts(row).values()) == D(row["difference"])
    assert sum(parts(row, "pay_parts").values()) == D(row["pay_difference"])


def test_a_lifted_gate_is_a_gate_and_a_better_target_a_target(tmp_path: Path) -> None:
    """September: one loan of three is bad (33 %): npl 0, work 80, held at 60. October: all sound: npl 20, work 64 of 80 because the target rose: 84."""
    bad = [[f"L{n}", f"C{n}", 100_000, "损失" if n == 0 else "正常", "M1"] for n in range(3)]
    good = [[f"L{n}", f"C{n}", 100_000, "正常", "M1"] for n in range(3)]
    month(tmp_path, "2026-09", bad, {"M1": (80, 80, 0)}, {}, "0.02")
    month(tmp_path, "2026-10", good, {"M1": (80, 100, 10)}, {"M1": -2}, "0.02")
    row = compared(tmp_path)["M1"]
    assert (D(row["score_before"]), D(row["score_after"])) == (60, 82)
    assert parts(row) == {
        ("data", "责任不良贷款率"): D(20),
        ("target", "工作量"): D(-16),
        ("adjustments", ""): D(-2),
        ("gates", ""): D(20),
    }
    paid = parts(row, "pay_parts")
    assert (D(row["pay_before"]), D(row["pay_after"])) == (1800, 2490)
    assert paid[("data", "发卡")] == D(30)
    assert paid[("gates", "")] == D(600)
    adds_up(row)


def test_data_and_rules_of_one_item_are_told_apart(tmp_path: Path) -> None:
    """Bad loans 5 % then 8 %; they cost from 2 % on, then from 3 %: the rules give 1 point, the data take 3."""

    def book(bad: int) -> list[list[Any]]:
        return [["L0", "C0", bad, "损失", "M1"], ["L1", "C1", 100_000 - bad, "正常", "M1"]]

    month(tmp_path, "2026-09", book(5_000), {"M1": (80, 80, 0)}, {}, "0.02")
    month(tmp_path, "2026-10", book(8_000), {"M1": (80, 80, 0)}, {}, "0.03")
    row = compared(tmp_path)["M1"]
    assert parts(row) == {("rules", "责任不良贷款率"): D(1), ("data", "责任不良贷款率"): D(-3)}
    adds_up(row)


def test_what_was_handed_over_is_not_the_data(tmp_path: Path) -> None:
    """M1 answers for 5,000 bad of 100,000; in October M2 answers for them, and of M1's other 95,000 950 turned bad: 20 − 3 → 20."""
    before = [["L0", "C0", 5_000, "损失", "M1"], ["L1", "C1", 95_000, "正常", "M1"], ["L2", "C2", 95_000, "正常", "M2"]]
    after = [["L0", "C0", 5_000, "损失", "M2"], ["L1", "C1", 95_000, "正常", "M1"], ["L2", "C2", 95_000, "正常", "M2"]]
    figures = {"M1": (80, 80, 0), "M2": (80, 80, 0)}
    month(tmp_path, "2026-09", before, figures, {}, "0.02")
    month(tmp_path, "2026-10", after, figures, {}, "0.02")
    rows = compared(tmp_path)
    assert parts(rows["M1"]) == {("holders", "责任不良贷款率"): D(3)}
    assert parts(rows["M2"]) == {("holders", "责任不良贷款率"): D(-3)}


@pytest.mark.parametrize("seed", range(4))
def test_parts_add_up_to_every_difference(tmp_path: Path, seed: int) -> None:
    """Months at random: loans that turn bad or change hands, other targets, adjustments, rules."""
    draw = Random(seed)
    people = [f"M{n}" for n in range(12)]

    def made(name: str) -> None:
        loans = [
            [
                f"L{n}",
                f"C{n % 6}",
                draw.randrange(1_000, 90_000),
                draw.choice(["正常", "正常", "正常", "可疑"]),
                draw.choice(people),
            ]
            for n in range(40)
        ]
        figures = {who: (draw.randrange(0, 150), draw.randrange(60, 120), draw.randrange(0, 40)) for who in people}
        adjusted = {who: draw.randrange(-5, 5) + D("0.5") for who in people if draw.random() < 0.5}
        month(
            tmp_path,
            name,
            loans,
            figures,
            {who: float(points) for who, points in adjusted.items()},
            draw.choice(["0.02", "0.03"]),
        )

    made("2026-09")
    made("2026-10")
    rows = compared(tmp_path)
    assert len(rows) == len(people)
    for row in rows.values():
        adds_up(row)

"""Does what gap promises come true? Each act is put into the exports, the month is run again, and points and pay are what was said.

People of four kinds, five of each, 40 元 a point of the score; every figure is reckoned by hand beside it.
"""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import run_here, write_xlsx

from kehujingli.rules import EXAMPLE
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import Results

RULES = (
    EXAMPLE.read_text(encoding="utf-8").partition("[incentive]")[0]
    + """
[incentive]
total = 126
[incentive.pay]
mode = ["score", "unit_price"]
standard = 4000
score_cap = 200
"""
)
ITEMS = {
    "存款": 'points = 20\nshape = "completion"\nactual = "average_deposit_growth"\nunit = 10000\nmin = 0\nmax = 24',
    "收入": 'points = 10\nshape = "completion"\nactual = "fee_income"\nunit = 10000\nmin = 0',
    "走访": 'points = 5\nshape = "lots"\nlot = 3\nper_lot = 0.5\nmax = 5',
    "收回率": 'points = 15\nshape = "bands"\nstyle = "ratio"\nbands = [[-inf, 0.9, 0], [0.9, 0.95, 8], [0.95, 0.99125, 12], [0.99125, inf, 15]]',
    "不良率": 'points = 15\nshape = "deduct"\nstyle = "ratio"\nbase = 0.02\nstep = 0.005\nper_step = 1.5\nmin = 0',
    "签约": 'points = 6\nshape = "threshold"\nbonus = false\ntarget = 10',
    "开户": 'points = 8\nshape = "step_bonus"\ntarget = 50\nstep = 0.1\nper_step = 1\nbonus_max = 3',
    "份额": 'points = 10\nshape = "peer"\nstep = 0.1\nper_step = 1\nmost = 5',
    "领先": 'points = 10\nshape = "best"',
    "活跃": 'points = 10\nshape = "linear"\nslope = 0.2\nbase = 50\noffset = 5',
    "质量": 'points = 5\nshape = "completion"\ntarget = 1\nonly_when = [{ of = "不良率", at_most = 0.03 }]',
    "全年": 'points = 12\nshape = "completion"\nproration = "score"',
    "加奖": 'shape = "bonus"\neach = 0.5\nmost = 2',
    "发卡": 'shape = "unit_price"\nprice = 3',
}
TYPED = [name for name in ITEMS if name not in ("存款", "收入")]
KINDS: dict[str, dict[str, float]] = {
    "M1": dict(zip(ITEMS, [1_500_000, 35_000, 1, 0.99, 0.023, 10, 47.5, 8, 5, 50, 1, 60, 0, 0], strict=True)),
    "M2": dict(zip(ITEMS, [3_525_000, 70_000, 7, 0.9, 0.02, 10, 50, 12, 20, 50, 1, 60, 3, 10], strict=True)),
    "M3": dict(zip(ITEMS, [-300_000, 70_000, 1, 0.92, 0.02, 6.66666, 50, 10, 10, 40, 1, 60, 0, 0], strict=True)),
    "M4": dict(zip(ITEMS, [1_000_000, 70_000, 1, 0.9, 0.04, 10, 55, 10, 8, 50, 1, 60, 1, -2], strict=True)),
}
Acts = dict[str, tuple[str, str, float, str, str, str]]
TEAMS: list[Acts] = [
    # manager → item, what gap says, the figure after the act, points (of 发卡 元) before and after, what the pay becomes more by
    {
        "M1": ("存款", "每多 1 分需 15.00万元", 1_650_000, "10.00", "11.00", "40.00"),  # 20 × 150 ÷ 300
        "M2": (
            "存款",
            "每多 1 分需 15.00万元（这一步实得 0.5 分）",
            3_675_000,
            "23.50",
            "24.00",
            "20.00",
        ),  # at most 24
        "M3": ("存款", "先补足低于保底的 2 分；每多 1 分需 15.00万元", 150_000, "0.00", "1.00", "40.00"),  # 30 + 15
        "M4": ("存款", "每多 1 分需 15.00万元", 1_150_000, "6.67", "7.67", "40.00"),
    },
    {
        "M1": ("收入", "每多 1 分需 0.70万元", 42_000, "5.00", "6.00", "40.00"),  # 10 × 3.5 ÷ 7
        "M2": ("走访", "再 2 多 0.5 分", 9, "1.00", "1.50", "20.00"),  # 7 are two lots of 3
        "M3": ("收回率", "到 95.00% 得 12", 0.95, "8.00", "12.00", "160.00"),
        "M4": ("不良率", "每降 0.50% 多 1.5 分", 0.035, "9.00", "10.50", "60.00"),  # 15 − 4 × 1.5
    },
    {
        "M1": ("不良率", "降到 2.00% 得 15", 0.02, "14.10", "15.00", "36.00"),  # 0.6 of a step
        "M2": ("发卡", "每多 1 多 3 元", 11, "30.00", "33.00", "3.00"),
        "M3": ("签约", "再 3.3334 得 6", 10.00006, "0.00", "6.00", "240.00"),  # 3.33334 short
        "M4": ("开户", "再 5 多 1 分", 60, "9.00", "10.00", "40.00"),  # 110 %, then 120 %
    },
    {
        "M1": ("开户", "再 2.5 得 8", 50, "7.60", "8.00", "16.00"),
        "M2": ("加奖", "每多 1 加 0.5", 4, "1.50", "2.00", "20.00"),
        "M3": ("活跃", "每多 5 多 1 分", 45, "3.00", "4.00", "40.00"),
        "M4": ("发卡", "每多 1 多 3 元（这一步实得 0 元）", -1, "0.00", "0.00", "0.00"),  # −2 earns nothing yet
    },
    {
        "M1": ("收回率", "到 99.125% 得 15", 0.99125, "12.00", "15.00", "120.00"),
        "M2": ("全年", "每多 1 分需 10（这一步实得 0.83 分）", 70, "5.00", "5.83", "33.20"),  # a tenth month: × 10 ÷ 12
        "M3": ("领先", "离同组最高差 10；每多 1 分需 2", 12, "5.00", "6.00", "40.00"),  # 10 × 10 ÷ 20
        "M4": (
            "质量",
            "门槛未到：不良率 4.00%（要 ≤3.00%），不计",
            0.03,
            "0.00",
            "5.00",
            "320.00",
        ),  # and 不良率 itself +3
    },
]
BEFORE = {f"{who}{team}": dict(of) for team in range(len(TEAMS)) for who, of in KINDS.items()}
RUNS: list[Acts] = [
    {f"{who}{team}": act for team, acts in enumerate(TEAMS) for who, act in acts.items()},
    # mean 10, a twentieth of it one's own: 0.9 of the mean is reached with (9 − 8) ÷ (1 − 0.9 ÷ 20) = 1.0471…
    {"M10": ("份额", "再 1.0472 多 1 分（同组平均随着升，已算进去）", 9.0472, "8.00", "9.00", "40.00")},
]
"""What one does that touches others comes in a run of its own."""


def _exports(root: Path, figures: dict[str, dict[str, float]]) -> None:
    exports = root / "exports" / "2026-10"
    million = 10_000_000
    accounts = [
        [f"A{who}", f"C{who}", "活期", million, million + of["存款"], million, "2015-01-01"]
        for who, of in figures.items()
    ]
    heads = ["账号", "客户号", "存款种类", "余额", "年日均", "上年日均", "开户日期"]
    write_xlsx(exports / "存款账户_20261031.xlsx", [heads, *accounts])
    fees = [["2026-10", f"C{who}", "代收", of["收入"], who] for who, of in figures.items()]
    write_xlsx(exports / "中间业务收入.xlsx", [["期间", "客户号", "产品", "金额(元)", "工号"], *fees])
    typed = [[who, "2026-10", *(of[item] for item in TYPED), "系统", "乙"] for who, of in figures.items()]
    write_xlsx(exports / "人工填报.xlsx", [["工号", "考核期间", *TYPED, "来源", "审批人"], *typed])


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("promises")
    (root / "rules").mkdir()
    items = [
        f'[[incentive.item]]\nid = "i{place}"\nlabel = "{name}"\ncategory = "duty"\n{keys}\n'.replace(
            '不良率", at', 'i4", at'
        )
        for place, (name, keys) in enumerate(ITEMS.items())
    ]
    (root / "rules/2026-01-01.toml").write_text(RULES + "".join(items), encoding="utf-8")
    exports = root / "exports" / "2026-10"
    customers = [[f"C{who}", f"客户{who}", "个人", "801", "2015-01-01", who] for who in BEFORE]
    heads = ["客户号", "客户名称", "客户类型", "机构号", "开户日期", "管户经理"]
    write_xlsx(exports / "客户信息_20261031.xlsx", [heads, *customers])
    people = [[who, f"经理{who}", "801", "2015-01-01"] for who in BEFORE]
    write_xlsx(exports / "名册_20261031.xlsx", [["工号", "姓名", "机构号", "任职日期"], *people])
    posted = [["2026-10-31", "CM10", "AM10", "贷", 100]]
    write_xlsx(exports / "流水.xlsx", [["交易日期", "客户号", "账号", "借贷标志", "交易金额"], *posted])
    targets = [
        [who, *row]
        for who in BEFORE
        for row in (("存款", 300, "2026-10"), ("收入", 7, "2026-10"), ("全年", 120, "2026"))
    ]
    write_xlsx(exports / "任务数.xlsx", [["工号", "指标", "任务数", "期间"], *targets])
    return root


def _run(root: Path, figures: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Each one's points by item, and pay, after the month is run with these figures."""
    _exports(root, figures)
    ran = run_here("run", "-w", root, "--period", "2026-10", "--quiet")
    assert ran.code in (0, 1), ran.err
    results = Results.of(Workspace(root), "2026-10")
    pays = {row["manager_id"]: Decimal(row["pay"]) for row in results.rows("select manager_id, pay from {pay}")}
    told: dict[str, Any] = {who: {"pay": pay, "points": {}} for who, pay in pays.items()}
    for row in results.rows("select manager_id, item, item_points from {items}"):
        told[row["manager_id"]]["points"][row["item"]] = row["item_points"]
    return told


def test_what_gap_promises_comes_true(bank: Path) -> None:
    before = _run(bank, BEFORE)
    said = {who: run_here("gap", who, "-w", bank).out for acts in RUNS for who in acts}
    for acts in RUNS:
        figures = copy.deepcopy(BEFORE)
        for who, (item, promise, figure, *_) in acts.items():
            line = next(line for line in said[who].splitlines() if line.lstrip(" ─└├│").startswith(f"{item} "))
            assert promise in line, (who, line)
            figures[who]["不良率" if item == "质量" else item] = figure
        after = _run(bank, figures)
        for who, (item, _, _, had, has, more) in acts.items():
            got = (before[who]["points"][item], after[who]["points"][item], str(after[who]["pay"] - before[who]["pay"]))
            assert got == (had, has, more), (who, item)
    assert sum(map(len, RUNS)) == 21

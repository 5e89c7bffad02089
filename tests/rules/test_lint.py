"""Does the lint say what a supervisor would, at the right line, and nothing about a sound scheme?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.rules.changes import changes
from kehujingli.rules.lint import CHECKS, lint
from kehujingli.rules.words import tell

TEXT = EXAMPLE.read_text(encoding="utf-8")
ADVANCED = 'deferral = { grades = ["中级", "高级"], rate = 0.40, years = 3'
WRONG = [
    ("E1", 'label = "存款年日均净增"', 'label = "存款月末余额"', ""),
    (
        "E2",
        'category = "compliance"                 #',
        'category = "duty" #',
        'category = "risk"\nlink = "manage"\nactual = "npl_ratio"',
    ),
    ("E3", 'label = "睡眠户激活"', 'label = "存款市场份额"', ""),
    ("E3", 'label = "睡眠户激活"', 'label = "存款增量份额"', ""),
    (
        "E3",
        'shape = "lots"                          # 每满 5 户得 1 分\nlot = 5\nper_lot = 1\nmax = 6',
        'shape = "best"',
        "",
    ),
    (
        "E3",
        'shape = "lots"                          # 每满 5 户得 1 分\nlot = 5\nper_lot = 1',
        'shape = "peer"\nstep = 0.1\nper_step = 1\nmost = 2',
        "",
    ),
    ("E4", "first_year_floor = 800", "floor = 800", ""),
    ("E5", ADVANCED, ADVANCED.replace("0.40", "0.30"), ""),
    ("E5", ADVANCED, ADVANCED.replace("years = 3", "years = 2"), ""),
    ("E6", ADVANCED, ADVANCED + ", parts = [30, 40, 30]", ""),
    ("E7", 'mode = "score" ', 'base = 4_000\nmode = "score" ', ""),
    ("E10", 'document = "示联发〔2026〕1号"', 'document = ""', ""),
    (
        "E11",
        'id = "visits"',
        'id = "gift"\nlabel = "单项奖"\ncategory = "benefit"\nshape = "unit_price"\nprice = 5\n\n[[incentive.item]]\nid = "visits"',
        "",
    ),
    ("E12", 'disputes = "公布后', 'disputes = "" # "公布后', ""),
    ("E13", "bands = [[-inf, 0.90, 0]", "max = 20\nbands = [[-inf, 0.90, 0]", ""),
    ("E15", 'actual = "npl_ratio"', 'actual = "npl_rati"', ""),
    ("E14", "advance = 0.60", "advance = 0.70", ""),
]


def test_the_shipped_example_passes_with_nothing_found() -> None:
    assert lint(load_rules(EXAMPLE).rules) == []


@pytest.mark.parametrize(("code", "old", "new", "also"), WRONG)
def test_what_a_supervisor_objects_to_is_found(tmp_path: Path, code: str, old: str, new: str, also: str) -> None:
    assert old in TEXT
    path = tmp_path / "rules.toml"
    text = TEXT.replace(old, new)
    path.write_text(text.replace(also, also.replace("risk", "duty")) if also else text, encoding="utf-8")
    found = lint(load_rules(path).rules)
    assert code in [remark.code for remark in found]
    assert all(remark.source and remark.message for remark in found)


def test_a_level_can_be_changed_and_a_check_switched_off(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(TEXT.replace("first_year_floor", "floor") + '\n[lint]\nE4 = "error"\n', encoding="utf-8")
    assert [(remark.code, remark.level) for remark in lint(load_rules(path).rules)] == [("E4", "error")]
    path.write_text(path.read_text(encoding="utf-8").replace('"error"', '"off"'), encoding="utf-8")
    assert lint(load_rules(path).rules) == []


def test_the_command_tells_line_and_level(tmp_path: Path, cli: Callable[..., object]) -> None:
    path = tmp_path / "rules.toml"
    text = TEXT.replace("first_year_floor = 800", "floor = 800").replace("points = 18", "points = 19")
    path.write_text(text, encoding="utf-8")
    ran = cli("lint", path, "--json")
    assert ran.code == 3  # type: ignore[attr-defined]
    first = 1 + next(n for n, line in enumerate(text.splitlines()) if line.startswith("points ="))
    assert [(one["code"], one["line"]) for one in ran.json["findings"]] == [("E8", first)]  # type: ignore[attr-defined]
    gap = TEXT.replace("[0.90, 0.95, 8]", "[0.91, 0.95, 8]")
    path.write_text(gap, encoding="utf-8")
    ran = cli("lint", path, "--json")
    bands = 1 + next(n for n, line in enumerate(gap.splitlines()) if "[0.91, 0.95, 8]" in line)
    assert [(one["code"], one["line"]) for one in ran.json["findings"]] == [("E9", bands)]  # type: ignore[attr-defined]
    assert cli("lint", path).out.count(f"第 {bands} 行") == 1  # type: ignore[attr-defined]
    path.write_text(text.replace("points = 19", "points = 18"), encoding="utf-8")
    ran = cli("lint", path, "--json")
    (found,) = ran.json["findings"]  # type: ignore[attr-defined]
    line = 1 + next(
        n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines()) if line.startswith("floor")
    )
    assert (ran.code, found["code"], found["level"], found["line"]) == (1, "E4", "warning", line)  # type: ignore[attr-defined]
    assert set(CHECKS) >= {f"E{number}" for number in range(1, 13)}


def test_a_scheme_is_told_item_by_item() -> None:
    rules = load_rules(EXAMPLE).rules
    told = "\n".join(tell(rules))
    assert rules.incentive is not None
    for item in rules.incentive.item:
        assert item.label in told
    assert "延期：中级、高级 40.00%，3 年（等分），年终延期，到期那年 12 月付。" in told


def test_a_change_is_told_before_and_after(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(TEXT.replace("rate = 0.40", "rate = 0.5").replace("first_year_floor = 800", ""), encoding="utf-8")
    said = [change.text for change in changes(load_rules(EXAMPLE).rules, load_rules(path).rules)]
    assert said == [
        "取消  考核与绩效 · 绩效薪酬 · 保底：800",
        "修改  考核与绩效 · 绩效薪酬 · 延期支付 · 延期的比例：0.4 → 0.5",
    ]
    assert changes(load_rules(EXAMPLE).rules, load_rules(EXAMPLE).rules) == []
    path.write_text(TEXT + '\n[studies.thresholds]\npresets = ["12m", "6m"]\n', encoding="utf-8")
    (study,) = changes(load_rules(EXAMPLE).rules, load_rules(path).rules)
    assert study.text == "新增  专题 · [studies.thresholds] · presets：12m、6m"


REACH = """
[incentive]
[[incentive.item]]
id = "deposits"
label = "存款日均"
category = "risk"
points = 80
target = 100
shape = "step_bonus"
step = 0.1
per_step = 1
bonus_max = 5
[[incentive.item]]
id = "npl"
label = "不良率"
category = "compliance"
points = 20
shape = "deduct"
base = 0.02
step = 0.01
per_step = 2
min = 0
{items}
[incentive.pay]
standard = 3_000
advance = 0.6
disputes = "五日内提出。"
deferral = {{ rate = 0.4, years = 3 }}
{pay}
"""


def _remarks(folder: Path, items: str = "", pay: str = "") -> list[tuple[str, str]]:
    path = folder / "rules.toml"
    head = TEXT.partition("[incentive]")[0]
    path.write_text(head + REACH.format(items=items, pay=pay), encoding="utf-8")
    return [(remark.code, remark.message) for remark in lint(load_rules(path).rules)]


def _grade(name: str, least: int) -> str:
    return f'[[incentive.grade]]\nname = "{name}"\nat_least = {least}\n'


def _gate(most: int) -> str:
    return f'[[incentive.gate]]\nreason = "不良过高"\nactual = "npl"\nabove = 0.05\nscore_at_most = {most}\n'


@pytest.mark.parametrize(
    ("items", "pay", "said"),
    [
        ("", "score_cap = 106", "各项最高合计才 105 分，永远到不了封顶 106 分"),
        (_gate(105), "", "封在 105 分，各项最高合计才 105 分，永远不起作用"),
        (_grade("一级", 130), "", "“一级”要 130 分，各项最高合计才 105 分，永远评不上"),
        (_grade("一级", 96), "score_cap = 95", "“一级”要 96 分，计发得分封顶 95 分，永远评不上"),
        (_grade("二级", 90) + _grade("三级", 90), "", "够的都评了“二级”，永远评不到它"),
    ],
)
def test_what_no_score_reaches_is_told_whatever_the_shapes(tmp_path: Path, items: str, pay: str, said: str) -> None:
    ((code, message),) = _remarks(tmp_path, items, pay)
    assert code == "E13"
    assert said in message


@pytest.mark.parametrize(
    ("items", "pay"), [("", "score_cap = 105"), (_gate(104), ""), (_grade("一级", 105) + _grade("二级", 90), "")]
)
def test_what_the_best_score_just_reaches_is_not_dead(tmp_path: Path, items: str, pay: str) -> None:
    assert _remarks(tmp_path, items, pay) == []


def test_a_cap_over_what_the_shape_itself_gives_is_dead(tmp_path: Path) -> None:
    ((code, message),) = _remarks(tmp_path, "max = 21")
    assert (code, message) == ("E13", "“不良率”最多得 20，到不了封顶 21。")


def test_nothing_is_said_of_a_reach_that_grows_with_the_actual(tmp_path: Path) -> None:
    open_ended = '[[incentive.item]]\nid = "more"\nlabel = "加分"\ncategory = "duty"\ncounts = "extra"\nshape = "linear"\nslope = 1\nbase = 0\n'
    assert not [code for code, _ in _remarks(tmp_path, open_ended, "score_cap = 500") if code == "E13"]


@pytest.mark.parametrize(("floor", "word"), [("floor", "保底"), ("first_year_floor", "第一年保底")])
def test_a_floor_above_the_cap_is_an_error(tmp_path: Path, floor: str, word: str) -> None:
    found = dict(_remarks(tmp_path, pay=f"{floor} = 5_000\ncap = 1_000"))
    assert found["E16"].startswith(f"{word} 5000 元高于封顶 1000 元")
    assert CHECKS["E16"].level == "error"
    assert "E16" not in dict(_remarks(tmp_path, pay=f"{floor} = 1_000\ncap = 1_000"))


GATE = '\n[[incentive.gate]]\nreason = "{reason}"\nactual = "{actual}"\n{side} = 0.05\nscore_at_most = 60\n'
TURNED = [
    ("E1", 'label = "存款年日均净增"', 'label = "存款期末数"', "label"),
    ("E1", 'label = "存款年日均净增"', 'label = "12月31日存款"', "label"),
    ("E13", "per_step = ", "per_step = 0 # ", "per_step"),
    ("E13", 'grades = ["中级", "高级"]', 'grades = ["特级"]', "deferral"),
    (
        "E18",
        "[[incentive.item]]",
        GATE.format(reason="反了", actual="npl_ratio", side="below") + "[[incentive.item]]",
        "below",
    ),
    ("E18", "0.95, 1]", "0.95, 0.95]", "curve"),
    ("E18", "[0.90, 0.95, 8]", "[0.90, 0.95, 16]", "bands"),
]


@pytest.mark.parametrize(("code", "old", "new", "key"), TURNED)
def test_what_is_turned_round_or_does_nothing_is_found_at_its_key(
    tmp_path: Path, cli: Callable[..., object], code: str, old: str, new: str, key: str
) -> None:
    """The line that is told begins with the key itself, not with its section."""
    assert old in TEXT
    path = tmp_path / "rules.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [one for one in cli("lint", path, "--json").json["findings"] if one["code"] == code]  # type: ignore[attr-defined]
    assert [lines[one["line"] - 1].split("=")[0].strip() for one in found] == [key]


def test_an_actual_is_filed_where_its_nature_is(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    item = TEXT.index('actual = "npl_ratio"')
    at = TEXT.rindex('category = "risk"', 0, item)
    path.write_text(TEXT[:at] + TEXT[at:].replace('category = "risk"', 'category = "growth"', 1), encoding="utf-8")
    told = [remark for remark in lint(load_rules(path).rules) if remark.code == "E19"]
    assert [remark.message for remark in told] == ["“责任不良贷款率”的实绩是责任不良贷款率，属风险，却列在发展类。"]


def test_an_average_is_no_point_in_time(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(TEXT.replace('"存款年日均净增"', '"存款日均较年末净增"'), encoding="utf-8")
    assert lint(load_rules(path).rules) == []


@pytest.mark.parametrize(("years", "told"), [("", ["E24"]), ("rotate_years = 5\n", [])])
def test_a_limit_of_rotation_without_rotation_does_nothing(tmp_path: Path, years: str, told: list[str]) -> None:
    path = tmp_path / "2026-01-01.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace("[assign]\n", f"[assign]\nrotate_most = 20\n{years}"), "utf-8")
    found = lint(load_rules(path).rules)
    assert [remark.code for remark in found] == told
    assert all(remark.path == ("assign", "rotate_most") for remark in found)

"""Does the lint find what earns less the more is done, shares above the whole, people whom no scheme is for, and pay that nothing holds back?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.rules.lint import lint

ITEM = """
[institution]
name = "示例"
document = "示〔2026〕1号"
[incentive]
{before}
[[incentive.item]]
id = "x"
label = "某项"
category = "risk"
points = 100
{keys}
[incentive.pay]
{pay}
disputes = "7 日内"
deferral = {{ rate = 0.4, years = 3 }}
"""
GROWTH, NPL = 'actual = "average_deposit_growth"\n', 'actual = "npl_ratio"\n'
FOUND = [
    ("E18", "slope", GROWTH + 'shape = "linear"\nbase = 0\nslope = -1'),
    ("E18", "slope", NPL + 'shape = "linear"\nbase = 0\nslope = 1'),
    ("E18", "per_lot", GROWTH + 'shape = "lots"\nlot = 5\nper_lot = -1'),
    ("E18", "shape", NPL + 'shape = "completion"\ntarget = 0.02'),
    ("E18", "shape", NPL + 'shape = "best"'),
    ("E18", "shape", 'actual = "interest_cost"\nshape = "completion"\ntarget = 0.02'),
    ("E18", "price", GROWTH + 'shape = "unit_price"\nprice = -3'),
    ("E18", "negative_price", 'shape = "unit_price"\nprice = 3\nnegative_price = -2'),
    ("E18", "tiers", 'shape = "flat_tiers"\ntiers = [[0, 100, 5], [100, inf, 3]]'),
    ("E18", "missed", 'shape = "threshold"\ntarget = 1\nmissed = 101'),
    ("E18", "max", 'shape = "linear"\nbase = 0\nslope = 1\nmax = -1'),
    (
        "E18",
        "rungs",
        'shape = "ladder"\nrungs = [{ grade = "高", points = 3, when = [{ of = "m", at_least = 9 }] }, { grade = "低", points = 5, when = [{ of = "m", at_least = 1 }] }]',
    ),
    ("E13", "slope", 'shape = "linear"\nbase = 0\nslope = 0'),
    ("E13", "per_lot", 'shape = "lots"\nlot = 5\nper_lot = 0'),
    ("E13", "price", 'shape = "unit_price"\nprice = 0'),
    ("E13", "charges", 'shape = "penalty"\ncharges = [{ of = "m", each = 0 }]'),
    ("E20", "share", 'shape = "unit_price"\nprice = 3\nshare = 25'),
]


def _text(keys: str, before: str = 'metric = [{ id = "m", label = "某数" }]', pay: str = "standard = 100") -> str:
    text = ITEM.format(keys=keys, before=before, pay=pay)
    return text if 'shape = "penalty"' not in keys else text.replace("points = 100\n", "")


@pytest.mark.parametrize(("code", "key", "keys"), FOUND)
def test_what_does_not_do_what_it_means_is_found_at_its_key(
    tmp_path: Path, cli: Callable[..., object], code: str, key: str, keys: str
) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(_text(keys), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [one for one in cli("lint", path, "--json").json["findings"] if one["code"] == code]  # type: ignore[attr-defined]
    assert [lines[one["line"] - 1].split("=")[0].strip() for one in found] == [key]


@pytest.mark.parametrize(
    "keys",
    [
        'shape = "flat_tiers"\ntiers = [[0, 100, 3], [100, inf, 3]]',
        'shape = "marginal_tiers"\ntiers = [[0, 100, 5], [100, inf, 3]]',
        'shape = "unit_price"\nprice = 3\nnegative_price = 2',
        'shape = "unit_price"\nprice = 0\nnegative_price = 2',
        'shape = "unit_price"\nprice = -200',
        NPL + 'shape = "unit_price"\nprice = -200',
        NPL + 'shape = "linear"\nbase = 0.02\nslope = -100',
    ],
)
def test_what_only_looks_turned_round_is_not(tmp_path: Path, keys: str) -> None:
    """A price that falls beyond an edge for what lies beyond it, a charge for what is bad, or for a fall."""
    path = tmp_path / "rules.toml"
    path.write_text(_text(keys), encoding="utf-8")
    assert not {"E13", "E18", "E20"} & {remark.code for remark in lint(load_rules(path).rules)}


PRICED = """
[incentive]
[[incentive.item]]
id = "x"
label = "存款"
category = "{category}"
{keys}
{more}
[incentive.pay]
mode = "unit_price"
"""
PRICE, POOL = 'shape = "unit_price"\nprice = 3', 'shape = "pool"\npool = 1_000\nweight = 60'
GATE = '[[incentive.gate]]\nreason = "案件"\nevent = "veto"\npay_at_most = 0'
RISK = f'[[incentive.item]]\nid = "y"\nlabel = "不良"\ncategory = "risk"\n{POOL.replace("60", "61")}'


@pytest.mark.parametrize(
    ("category", "keys", "more", "said"),
    [
        ("benefit", PRICE, "", "全部按业务量计酬"),
        ("benefit", PRICE, GATE, ""),
        ("risk", PRICE, "", ""),
        ("benefit", POOL, "", "合计占总额 0%，不高于其他类（最高 60%）"),
        ("benefit", POOL, RISK, ""),
    ],
)
def test_pay_without_points_needs_something_that_holds_it_back(
    tmp_path: Path, category: str, keys: str, more: str, said: str
) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(PRICED.format(category=category, keys=keys, more=more), encoding="utf-8")
    told = [remark.message for remark in lint(load_rules(path).rules) if remark.code == "E2"]
    assert [said in one for one in told] == ([True] if said else [])


def test_more_than_the_whole_of_a_pool_and_of_a_deposit_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(PRICED.format(category="benefit", keys=POOL, more=RISK), encoding="utf-8")
    told = [remark.message for remark in lint(load_rules(path).rules) if remark.code == "E20"]
    assert told == ["到“不良”，同一总额的权重合计 121%，分出去的比总额多。"]
    text = EXAMPLE.read_text(encoding="utf-8")
    assert '"保证金" = 0.3' in text
    path.write_text(text.replace('"保证金" = 0.3', '"保证金" = 3'), encoding="utf-8")
    assert "折算系数是 3，" in "".join(one.message for one in lint(load_rules(path).rules) if one.code == "E20")


SCHEMES = """
[incentive]
[incentive.pay]
standard = {{ "中级" = 1_000 }}
floor = 100
{schemes}
"""
SCHEME = """
[[incentive.scheme]]
title = "{title}"
population = {{ {population} }}
[[incentive.scheme.item]]
id = "x"
label = "某项"
category = "risk"
points = 100
shape = "linear"
slope = 1
base = 0
"""
ALL = 'specialism = ["资产", "负债", "中间业务"]'


@pytest.mark.parametrize(
    ("populations", "said"),
    [
        (['specialism = ["资产"]', 'specialism = ["负债"]'], ["岗位 中间业务的人不在任何一套办法里"]),
        ([ALL], []),
        (["grade = []"], []),
        ([ALL, 'branch = ["801"]'], ["机构 801的人同时在几套办法里（一、二）"]),
        (['grade = ["中级"]'], ["等级 其他的人不在任何一套办法里"]),
        (['grade = ["中级", "高级"]'], ["适用人员有等级 高级，绩效标准里没有", "等级 其他的人不在"]),
    ],
)
def test_who_is_in_no_scheme_or_in_two_is_told(tmp_path: Path, populations: list[str], said: list[str]) -> None:
    path = tmp_path / "rules.toml"
    schemes = [SCHEME.format(title=title, population=one) for title, one in zip("一二", populations, strict=False)]
    path.write_text(SCHEMES.format(schemes="".join(schemes)), encoding="utf-8")
    told = [remark.message for remark in lint(load_rules(path).rules) if remark.code == "E21"]
    assert [wanted in one for wanted, one in zip(said, told, strict=True)] == [True] * len(said)


def test_a_key_that_schemes_share_is_told_where_it_stands(tmp_path: Path, cli: Callable[..., object]) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(SCHEMES.format(schemes=SCHEME.format(title="一", population=ALL)), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    (found,) = [one for one in cli("lint", path, "--json").json["findings"] if one["code"] == "E4"]  # type: ignore[attr-defined]
    assert lines[found["line"] - 1] == "floor = 100"

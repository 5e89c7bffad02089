from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kehujingli.errors import Exit, Problem
from kehujingli.rules import EXAMPLE, RulesFile, load_rules, rules_in_force

TEXT = EXAMPLE.read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str) -> RulesFile:
    assert old in TEXT
    path = tmp_path / "2026-01-01.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return load_rules(path)


def complaint(tmp_path: Path, old: str, new: str) -> str:
    with pytest.raises(Problem) as caught:
        changed(tmp_path, old, new)
    assert caught.value.exit is Exit.RULES
    return str(caught.value)


def test_amounts_and_ratios_are_exact_decimals() -> None:
    rules = load_rules(EXAMPLE)
    deferral = rules.incentive.pay.deferral if rules.incentive.pay else None
    assert deferral is not None
    assert deferral.rate == Decimal("0.40")
    assert rules.segment.scale.bounds.person.large == 500_000
    assert isinstance(rules.incentive.item[1].points, Decimal)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("idle_days = 92", "idle_day = 92", ["第 28 行", "不认识“idle_day”", "是不是“idle_days”"]),
        ("[0.90, 0.95, 8]", "[0.91, 0.95, 8]", ["第 108 行", "到期贷款收回率", "0.9 到 0.91 之间没有分值"]),
        ("[0.95, 0.99, 12]", "[0.94, 0.99, 12]", ["重叠", "0.94 到 0.95"]),
        ("[0.99, inf, 15]", "[0.99, 2, 15]", ["2 到 inf 之间没有分值"]),
        ("points = 18", "points = 23", ["合计 105，应为 100", "第 78、90、106"]),
        ("idle_months = 12", "idle_months = 3", ["可能两样都算", "89 天"]),
        ('shape = "lots"', 'shape = "lot"', ["completion、deduct、bands、lots、events"]),
        ("base = 0.02", 'base = "低"', ["“base”", "应是数"]),
        ('cycle = "month"', 'cycle = "week"', ["第 63 行", "month"]),
        ("rate = 0.40", "rate = 1.4", ["不能大于 1"]),
        ("medium = 50_000", "medium = 600_000", ["不能大于 large"]),
        ('"保证金" = 0.3', '"压岁钱" = 0.3', ["压岁钱", "活期"]),
        ('"frequent/large"', '"frequent/huge"', ["frequent/huge"]),
        ('actual = "new_npl_since_tenure"\nabove = 500_000', 'actual = "new_npl_since_tenure"', ["above 与 below"]),
        ("curve = [0.35, 0.55,", "curve = [0.55,", ["应有 12 个"]),
        ('id = "visits"', 'id = "woken"', ["重复", "第 173 行"]),
        ("name = ", "nam = ", ["缺“name”"]),
        ("borrowers = true", "borrowers = tru", ["TOML", "第 49 行"]),
    ],
)
def test_a_wrong_key_is_told_with_its_line(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    said = complaint(tmp_path, old, new)
    for word in words:
        assert word in said


def test_the_file_in_force_is_the_newest_not_after_the_day(tmp_path: Path) -> None:
    for name in ("2026-01-01", "2026-10-01", "2027-01-01", "notes"):
        (tmp_path / f"{name}.toml").write_text("", encoding="utf-8")
    assert rules_in_force(tmp_path, date(2026, 9, 30)).name == "2026-01-01.toml"
    assert rules_in_force(tmp_path, date(2026, 10, 31)).name == "2026-10-01.toml"


def test_no_file_in_force_names_the_oldest(tmp_path: Path) -> None:
    (tmp_path / "2027-01-01.toml").write_text("", encoding="utf-8")
    with pytest.raises(Problem, match="最早的是 2027-01-01"):
        rules_in_force(tmp_path, date(2026, 10, 31))


def test_a_section_that_a_command_does_not_need_may_be_absent(tmp_path: Path) -> None:
    path = tmp_path / "only.toml"
    path.write_text(TEXT[: TEXT.index("[assign]")], encoding="utf-8")
    rules = load_rules(path)
    assert rules.segment.window_months == 12
    with pytest.raises(Problem, match=r"\[assign\]"):
        _ = rules.assign


def test_overlap_of_frequent_and_dormant_counts_the_shortest_run_of_months(tmp_path: Path) -> None:
    assert "89 天" in complaint(tmp_path, "idle_months = 12", "idle_months = 3")
    assert changed(tmp_path, "idle_months = 12", "idle_months = 4").segment.frequency.dormant.idle_months == 4


def test_a_file_that_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(Problem) as stopped:
        load_rules(tmp_path / "没有.toml")
    assert [told.code for told in stopped.value.findings] == ["rules.file-missing"]
    assert "没有.toml" in stopped.value.findings[0].message


@pytest.mark.parametrize(
    ("code", "change", "said"),
    [
        ("rules.frequency-overlap", ("idle_months = 12", "idle_months = 3"), "同一户可能两样都算"),
        ("rules.bad-value", ("active_months = 6", "active_months = 13"), "不能多于 window_months"),
    ],
)
def test_what_cannot_be_at_once_is_told_with_its_line(
    tmp_path: Path, code: str, change: tuple[str, str], said: str
) -> None:
    with pytest.raises(Problem) as stopped:
        changed(tmp_path, *change)
    (told,) = stopped.value.findings
    assert told.code == code
    assert said in told.message
    assert "第 16 行" in told.message, "where [segment] begins"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("per_step =", "per =", "不认识“per”，是不是“per_step”？"),
        ("per_step =", "price = 1\nper_step =", "不认识“price”。"),
        ("first_year_floor = 800", "first_year_flor = 800", "不认识“first_year_flor”，是不是“first_year_floor”？"),
    ],
)
def test_an_unknown_key_is_likened_to_keys_of_its_own_section_only(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """``price`` and ``per`` are keys of other shapes: what is told must be a key that this item may have."""
    path = tmp_path / "rules.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Problem) as stopped:
        load_rules(path)
    assert any(said in told.message for told in stopped.value.findings)

"""Are all nine 户群 asked for, is what is misspelt or said twice refused at its line, and does who looks after them agree with who gets a manager?"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran

from kehujingli import terms
from kehujingli.errors import Problem
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.rules.changes import changes
from kehujingli.rules.lint import lint
from kehujingli.rules.words import tell

TEXT = EXAMPLE.read_text(encoding="utf-8")
HEAD = TEXT[: TEXT.index("\n[strategy]")].count("\n") + 2
"""The line of [strategy]."""


def written(tmp_path: Path, pattern: str, new: str) -> Path:
    path = tmp_path / "2026-01-01.toml"
    text, found = re.subn(pattern, new, TEXT, flags=re.MULTILINE)
    assert found == 1
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("group", terms.GROUPS)
def test_a_missing_row_is_named(tmp_path: Path, group: str) -> None:
    (remark,) = lint(load_rules(written(tmp_path, f'^"{group}" = .*\n', "")).rules)
    assert (remark.code, remark.level, remark.path) == ("E22", "error", ("strategy",))
    assert remark.message.startswith(f"户群策略缺 {terms.GROUPS[group]}：")


def test_the_command_tells_the_line_of_the_section(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    told = cli("lint", written(tmp_path, '^"mobile/small" = .*\n', ""))
    assert told.code == 3
    assert told.out.startswith(f"E22 错误  2026-01-01.toml 第 {HEAD} 行：户群策略缺 流动户·小客户")


def test_rules_without_the_section_stay_valid_and_only_the_command_asks_for_it(tmp_path: Path) -> None:
    path = written(tmp_path, r"^\[strategy\](?s:.*?)(?=^# ── 专题)", "")
    file = load_rules(path)
    assert lint(file.rules) == []
    with pytest.raises(Problem) as caught:
        _ = file.strategy
    assert caught.value.findings[0].code == "rules.section-missing"


@pytest.mark.parametrize(
    ("pattern", "new", "line", "words"),
    [
        ('^"frequent/large" =', '"frequent/huge" =', 1, "frequent/large、frequent/medium"),
        ('^"mobile/large" =', '"frequent/large" =', 2, "前面已经写过"),
        ("visit_days = 15", "visit_days = 0", 3, "不能小于 1"),
        ('channel = \\["上门"\\]', "channel = []", 3, "至少要有一个"),
        ('"社保卡"', '""', 8, "offer"),
        ('channel = \\["短信", "电话"\\]', 'chanel = ["短信"]', 9, "channel"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, pattern: str, new: str, line: int, words: str) -> None:
    with pytest.raises(Problem) as caught:
        load_rules(written(tmp_path, pattern, new))
    told = " ".join(found.text for found in caught.value.findings)
    assert f"第 {HEAD + line} 行" in told
    assert words in told


@pytest.mark.parametrize(
    ("group", "old", "new", "said"),
    [
        ("dormant/large", "manager", "remote", "按 assign.managed 配客户经理，这里写由远程管"),
        ("mobile/small", "branch", "manager", "assign.managed 里没有"),
    ],
)
def test_who_looks_after_them_agrees_with_who_gets_a_manager(
    tmp_path: Path, group: str, old: str, new: str, said: str
) -> None:
    path = written(tmp_path, f'^("{group}" = {{ who = )"{old}"', f'\\1"{new}"')
    (remark,) = lint(load_rules(path).rules)
    assert (remark.code, remark.level, remark.path) == ("E23", "warning", ("strategy", group, "who"))
    assert said in remark.message


def test_rules_show_and_diff_say_it_in_words(tmp_path: Path) -> None:
    file = load_rules(written(tmp_path, "visit_days = 15", "visit_days = 7"))
    assert "休眠户·大型客户：唤，客户经理管，7 天之内至少联系一次，上门，主推存款回流、定期存款。" in tell(file.rules)
    (change,) = changes(load_rules(EXAMPLE).rules, file.rules)
    assert change.text == "修改  户群策略 · 休眠户·大型客户 · 走访周期：15 → 7"

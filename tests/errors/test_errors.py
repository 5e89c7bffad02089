"""Does every sentence of the catalogue say what is the matter, in Chinese, and what to do?"""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from kehujingli.errors import KINDS, Exit, Spot, brief, finding, needs_person, problem, yuan, yuan_grouped

FACTS = re.compile(r"\{\w+\}")
CODE = re.compile(r"^[a-z]+\.[a-z]+(-[a-z]+)*$")
KEPT_IN_ENGLISH = re.compile(
    r"kehujingli( \w+){0,2}|--[\w-]+|-w|[\w.]*\.(xlsx|md|toml|json)|\[[\w.{}]+\]\S*( 的 \w+(、\w+)*)?|\w+/|\w+_\w+( = \"\w+\")?|responsibility = \"holder\"|population|[A-Z]{2,}|Excel|pip install|\bassign\b|\btotal\b|\blayouts\b"
)


@pytest.mark.parametrize("code", KINDS)
def test_a_sentence_is_chinese_and_whole(code: str) -> None:
    kind = KINDS[code]
    assert CODE.match(code)
    assert kind.level in ("refused", "warning", "note", "error")
    for text in (kind.sentence, kind.cure):
        plain = KEPT_IN_ENGLISH.sub("", FACTS.sub("", text))
        assert "您" not in text
        assert not re.search(r"[A-Za-z]{3,}", plain), f"an English word: {text}"
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]", text), f"half-width punctuation: {text}"
    assert kind.sentence.endswith(("。", "}"))


@pytest.mark.parametrize("code", [code for code, kind in KINDS.items() if kind.level in ("refused", "error")])
def test_what_is_refused_has_a_cure(code: str) -> None:
    assert KINDS[code].cure


def test_every_code_is_said_somewhere() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src").rglob("*.py")
        if path.parent.name != "errors" or path.name == "findings.py"
    )
    assert [code for code in KINDS if f'"{code}"' not in source] == []


def test_an_error_stops_with_a_code_of_its_own() -> None:
    for code, kind in KINDS.items():
        if kind.level == "error":
            assert problem(code).exit not in (Exit.DONE, Exit.ATTENTION), code


def test_every_warning_has_a_word_of_its_own_for_the_line_after_a_run() -> None:
    for code, kind in KINDS.items():
        if kind.level in ("refused", "warning"):
            assert code not in brief([finding(code)]), code


def test_a_note_wants_nobody_and_an_accepted_code_neither() -> None:
    orphan, note = finding("intake.orphan", amount=100), finding("intake.hidden")
    assert needs_person([orphan, note])
    assert not needs_person([note])
    assert not needs_person([orphan], ["intake.orphan"])


def test_money_is_said_to_the_cent() -> None:
    told = finding("intake.orphan", file="流水.csv", count=1037, column="账号", table="存款账户", amount=120_456_000)
    assert "《流水.csv》有 1,037 行" in told.text
    assert "合计 1,204,560.00 元" in told.text
    assert told.record()["amount"] == "1204560.00"
    assert [yuan(cents) for cents in (-5, 0, 7, -123_456)] == ["-0.05", "0.00", "0.07", "-1234.56"]
    assert yuan_grouped(-123_456_789) == "-1,234,567.89"
    assert Spot("A1", "x").amount is None

"""Does a word of the rules stand in a memo? A word inside another is not it."""

from __future__ import annotations

import re

import pytest

from kehujingli.measures.activity import pattern


@pytest.mark.parametrize(
    ("memo", "found"),
    [
        ("支付2026年费用", False),
        ("2026年费", True),
        ("扣年费", True),
        ("年费", True),
        ("2026年费-金卡", True),
        ("2026年年费", True),
        ("收2025年度年费（金卡）", True),
        ("8月费用报销", False),
        ("短信费8月", True),
    ],
)
def test_behind_a_number_a_year_is_a_year(memo: str, found: bool) -> None:
    assert bool(re.search(pattern(["年费", "月费", "短信费"]), memo)) is found

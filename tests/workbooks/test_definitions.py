"""Does 口径 of a study say its rules in words, and each of them once?"""

from __future__ import annotations

from kehujingli.studies import survey
from kehujingli.studies.market import STUDY as MARKET
from kehujingli.workbooks.study import meanings, thresholds


def test_rules_of_a_survey_are_said_in_words() -> None:
    """Its questions as they are asked, its way of drawing in Chinese, and a key beside its meaning where the definitions speak of it."""
    said = dict(thresholds(survey.STUDY, survey.Rules()))
    assert said["问哪些"].startswith("Q1，还想在本行办哪些业务，要哪些产品；利率高低，存贷款利率，重要性和满意度")
    assert "按户数分" in said.values()
    assert said["每个户群至少问几户，不够的全问（least）"] == "5"
    assert not any(mark in value for value in said.values() for mark in ("(", "'", "None", "Decimal"))


def test_what_several_lists_count_alike_is_said_once() -> None:
    pairs = meanings(MARKET)
    assert len(set(pairs)) == len(pairs)

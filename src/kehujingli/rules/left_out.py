"""Whom does a file of several schemes forget, and whom does it score twice? Posts by specialism, grade and branch against every population."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from kehujingli import terms
from kehujingli.rules.schemes import IncentiveRules, SchemeRules

Found = Iterator[tuple[str, tuple[str | int, ...], str]]
_OTHER = "其他"


def left_out(incentive: IncentiveRules | None) -> Found:
    """E21: posts in no scheme or in two, and grades that a scheme is for and has no standard of pay."""
    if incentive is None:
        return
    for number, one in enumerate(incentive.scheme):
        yield from _without_pay(number, one, one.population.grade)
    if incentive.scheme:
        yield from _posts(incentive)


def _without_pay(number: int, scheme: SchemeRules, grades: tuple[str, ...]) -> Found:
    if scheme.pay is None:
        return
    for key, word in (("standard", terms.label("standard")), ("base", "底薪")):
        amounts = getattr(scheme.pay, key)
        lacking = [grade for grade in grades if isinstance(amounts, dict) and grade not in amounts]
        if lacking:
            told = f"适用人员有等级 {'、'.join(lacking)}，{word}里没有：他们算不出绩效。"
            yield "E21", ("incentive", "scheme", number, "pay", key), told


def _posts(incentive: IncentiveRules) -> Found:
    """The posts that the file itself can tell apart: its own branches and grades, all others as one, and every specialism."""
    people = [scheme.population for scheme in incentive.scheme]
    branches = [*dict.fromkeys(branch for one in people for branch in one.branch), _OTHER]
    grades = [*dict.fromkeys(grade for one in people for grade in one.grade), _OTHER]
    fits: dict[tuple[str, str, str], list[int]] = {}
    for branch, specialism, grade in product(branches, terms.SPECIALISMS, grades):
        holds = [place for place, one in enumerate(people) if one.holds(branch, specialism, grade)]
        fits[branch, specialism, grade] = holds
    nobody = [post for post, holds in fits.items() if not holds]
    if nobody:
        told = f"{_said(nobody, branches, grades)}不在任何一套办法里：这些人不出得分。"
        yield "E21", ("incentive", "scheme", len(people) - 1, "population"), told
    twice = [post for post, holds in fits.items() if len(holds) > 1]
    if twice:
        first = fits[twice[0]]
        titles = "、".join(incentive.scheme[place].title or f"第 {place + 1} 套" for place in first)
        told = f"{_said(twice, branches, grades)}同时在几套办法里（{titles}）：这些人不出得分。"
        yield "E21", ("incentive", "scheme", first[-1], "population"), told


def _said(posts: list[tuple[str, str, str]], branches: list[str], grades: list[str]) -> str:
    """岗位 资产、等级 见习: each dimension that tells them apart, those that do not left out."""
    there = (branches, list(terms.SPECIALISMS), grades)
    names = ("机构", terms.label("specialism"), terms.label("grade"))
    parts = []
    for place, (name, known) in enumerate(zip(names, there, strict=True)):
        found = list(dict.fromkeys(post[place] for post in posts))
        if len(found) < len(known):
            parts.append(f"{name} {'、'.join(terms.SPECIALISMS.get(one, one) for one in found)}")
    return f"{'，'.join(parts) or '有些岗位、等级'}的人"

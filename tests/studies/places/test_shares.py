"""What the market of a place is, what part of it is ours and of its growth; each bound of what is believed. Reckoned by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from kehujingli.periods import Period
from kehujingli.studies.places.shares import (
    MEASURES,
    Change,
    Limits,
    Names,
    Said,
    Stand,
    change,
    newest,
    said_of,
    stand,
    together,
    within,
)
from kehujingli.studies.places.towns import Towns

SEPTEMBER = Period.of("2026-09")
DAY = SEPTEMBER.last


@dataclass(frozen=True)
class Trust:
    days: int = 100
    tolerance: Decimal = Decimal("0.02")
    most: Decimal = Decimal("0.95")
    jump: Decimal = Decimal("0.5")


LIMITS: Limits = Trust()


def said(
    banks: dict[str, int | None] | None = None, own: int | None = None, whole: int | None = None, **more: Any
) -> Said:
    """Deposits alone."""
    named = {bank: {"deposits": figure} for bank, figure in (banks or {}).items()}
    ours, all_ = ({} if one is None else {"deposits": one} for one in (own, whole))
    return Said(DAY, named, ours, all_, **more)


def here(one: Said | None, own: int = 500, lacks: str = "") -> Stand:
    return stand(one, own, "deposits", LIMITS, lacks)


def test_a_share_is_ours_of_the_others_and_ours() -> None:
    """300 and 200 beside our 500: half, Σ of squares 50² + 30² + 20², first of three."""
    told = here(said({"农行": 300, "工行": 200}))
    assert (told.own, told.others, told.total, told.share) == (500, 500, 1000, Fraction(1, 2))
    assert (told.hhi, told.rank, told.largest, told.listed, told.whole, told.lacks) == (
        3800,
        1,
        "农行",
        True,
        False,
        "",
    )
    third = here(said({"农行": 300, "工行": 200}), 200)
    assert (third.share, third.rank, third.hhi) == (Fraction(2, 7), 2, 3469), (
        "(9 + 4 + 4) ÷ 49 = 34.69 %; who has as much goes not before us"
    )
    assert here(said({"乙": 300, "丙": 300, "甲": 299}), 1).largest == "丙", "of two as large the first by name"


def test_where_nobody_has_anything_there_is_no_share() -> None:
    nothing = here(said({"农行": 0}), 0)
    assert (nothing.total, nothing.share, nothing.hhi, nothing.rank, nothing.lacks) == (0, None, None, None, "")
    none = here(said({"农行": 1}), 0)
    assert (none.share, none.rank, none.hhi) == (0, 2, 10_000)
    bare = here(None)
    assert (bare.total, bare.share, bare.largest, bare.lacks) == (None, None, None, "《市场格局》没有这里")
    assert here(said({"农行": 1}), lacks="太早").lacks == "太早"
    assert here(said({"农行": 1}), lacks="太早").day == DAY


@pytest.mark.parametrize(("told", "fits"), [(100, True), (99, False), (2500, True), (2501, False), (500, True)])
def test_our_figure_five_times_off_is_another_unit(told: int, fits: bool) -> None:
    found = here(said({"农行": 300}, own=told))
    assert (found.others, found.told) == (300 if fits else None, told)
    assert found.lacks == ("" if fits else "本行的报表数和本月差几倍，像是单位不对")


def test_a_bank_that_said_nothing_or_two_things_leaves_the_market_unknown() -> None:
    assert here(said({"农行": 300, "工行": None})).lacks == "工行没有写存款"
    assert here(said({"农行": None})).lacks == "没有别家的存款"
    assert here(said({})).lacks == "没有别家的存款"
    assert here(said({"农行": 300}, torn=["农行"])).lacks == "农行写了两个不同的数"
    assert here(said({"本县农商": 300}, like=["本县农商"])).lacks == "本县农商是不是本行不知道"
    assert here(said({"本县农商": 300}, own=500, like=["本县农商"])).others == 300, "ours is told beside it"


def test_the_whole_less_ours_is_the_others() -> None:
    """1,000 in all: less our 480 by the table, or less the month's 500 where the table does not tell ours."""
    told = here(said({}, own=480, whole=1000))
    assert (told.others, told.total, told.share, told.whole, told.listed) == (
        520,
        1020,
        Fraction(500, 1020),
        True,
        False,
    )
    assert (here(said({}, whole=1000)).others, here(said({}, whole=500)).others) == (500, 0)
    short = here(said({}, whole=499))
    assert (short.others, short.lacks) == (None, "市场合计小于本行")


@pytest.mark.parametrize(
    ("listed", "all_", "why"),
    [(500, True, ""), (510, True, ""), (490, True, ""), (489, False, ""), (511, None, "各家相加多于市场合计")],
)
def test_banks_within_the_tolerance_of_the_whole_are_all_of_them(listed: int, all_: bool | None, why: str) -> None:
    """The others have 500 of the whole; 2 % of it is 10."""
    told = here(said({"农行": listed}, whole=1000))
    assert (told.listed if why == "" else None, told.lacks) == (all_, why)
    assert (told.hhi is not None, told.rank is not None) == (bool(all_), bool(all_))
    some = here(said({"农行": 500, "工行": None}, whole=1000))
    assert (some.others, some.listed, some.rank) == (500, False, None), "one that does not say how much"


@pytest.mark.parametrize(
    ("own", "share", "lacks"), [(950, Fraction(19, 20), ""), (951, None, "本行占到 95.0%，像是单位不对")]
)
def test_nearly_everything_beside_others_is_another_unit(own: int, share: Fraction | None, lacks: str) -> None:
    """950 of 1,000 is 95 %, and 951 of 1,001 a little more. Alone in the place we may have everything."""
    told = here(said({"农行": 50}), own)
    assert (told.share, told.lacks) == (share, lacks)
    assert here(said({}, whole=500)).share == 1


def test_the_county_is_its_towns_where_each_is_known_of_one_day() -> None:
    """300 + 100 of 农行 and 200 of 工行 beside 900 of ours, some of it in no town."""
    one, two = here(said({"农行": 300, "工行": 200})), here(said({"农行": 100}), 300)
    told = together({"城关镇": one, "东关镇": two}, 900)
    assert (told.own, told.others, told.total, told.day, told.listed, told.whole) == (900, 600, 1500, DAY, True, False)
    assert told.banks == {"农行": 400, "工行": 200}
    whole = here(said({}, whole=1000))
    mixed = together({"城关镇": one, "东关镇": whole}, 900)
    assert (mixed.listed, mixed.whole) == (False, False)
    assert together({"东关镇": whole}, 900).whole is True
    assert together({"城关镇": one, "东关镇": here(None)}, 900).lacks == "1 个乡镇缺"
    assert together({"城关镇": one, "东关镇": replace(two, day=DAY - 1)}, 900).lacks == "各乡镇的日期不一样"
    assert (together({}, 900).lacks, together({}, 900).own) == ("《市场格局》没有这里", 900)


def test_what_is_said_last_counts_until_it_is_too_old() -> None:
    rows = [Said(DAY - 200), Said(DAY - 100)]
    assert newest(rows, SEPTEMBER, LIMITS) == (rows[1], "")
    old = newest([Said(DAY - 101)], SEPTEMBER, LIMITS)
    assert old == (None, "最近的是 2026-06-21 的，早了 101 天"), "9 + 31 + 31 + 30 days from 21 June to 30 September"
    assert newest([], SEPTEMBER, LIMITS) == (None, "《市场格局》没有这里")


def test_what_is_said_within_the_month_is_of_any_of_its_days_the_last_of_them() -> None:
    first = SEPTEMBER.first
    rows = [Said(first - 1), Said(first), Said(DAY), Said(DAY + 1)]
    assert within(rows, SEPTEMBER) is rows[2]
    assert within(rows[:2], SEPTEMBER) is rows[1]
    assert within(rows[:1] + rows[3:], SEPTEMBER) is None


def moved(own: int, others: int, was: int, before: int, **more: Any) -> Change:
    now, then = (Stand(one, DAY, rest, "", {"农行": rest}, listed=True) for one, rest in ((own, others), (was, before)))
    return change(replace(now, **more), then, LIMITS)


def test_what_we_gained_is_our_part_of_what_the_market_grew_by() -> None:
    """From 420 of 900 to 500 of 1,000: 80 of 100. Ours may grow by nothing, and by more than the market."""
    assert moved(500, 500, 420, 480) == Change(80, 100, Fraction(1, 30), Fraction(4, 5), ""), (
        "500/1000 − 420/900 = 3.33 %"
    )
    assert moved(420, 580, 420, 480) == Change(0, 100, Fraction(420, 1000) - Fraction(420, 900), Fraction(0), "")
    assert moved(600, 400, 420, 480).gained == Fraction(9, 5)
    assert moved(421, 480, 420, 480) == Change(1, 1, Fraction(421, 901) - Fraction(420, 900), Fraction(1), "")


@pytest.mark.parametrize(
    ("own", "others", "why"),
    [
        (421, 479, "市场没有增减，不算增量份额"),
        (420, 480, "市场没有增减，不算增量份额"),
        (421, 478, "市场减少，不算增量份额"),
        (419, 480, "市场减少，不算增量份额"),
        (419, 482, "本行减少，不算增量份额"),
    ],
)
def test_a_market_that_did_not_grow_or_a_bank_that_lost_has_no_share_of_growth(own: int, others: int, why: str) -> None:
    told = moved(own, others, 420, 480)
    assert (told.gained, told.lacks) == (None, why)
    assert (told.own, told.market) == (own - 420, own + others - 900)
    assert told.share == Fraction(own, own + others) - Fraction(420, 900)


@pytest.mark.parametrize(("others", "fits"), [(850, True), (851, False), (150, True), (149, False)])
def test_a_market_half_as_large_again_is_the_most_that_is_believed(others: int, fits: bool) -> None:
    """900 against 1,350, and against 600: one and a half times, either way."""
    told = moved(500, others, 500, 400) if others > 400 else moved(450, others, 450, 450)
    assert (told.market is not None) is fits
    assert told.lacks.startswith("市场比上期差 1.5 倍") is not fits


def test_there_is_no_change_between_what_cannot_be_compared() -> None:
    now = Stand(500, DAY, 500, "", {"农行": 500}, listed=True)
    assert change(replace(now, lacks="太早"), now, LIMITS) == Change(lacks=""), "why is said of now itself"
    assert change(now, replace(now, others=None, lacks="太早"), LIMITS) == Change(lacks="上期：太早")
    nothing = Stand(0, DAY, 0, "", {"农行": 0}, listed=True)
    assert change(now, nothing, LIMITS).lacks == change(nothing, now, LIMITS).lacks == "市场是零"
    other = replace(now, banks={"农行": 300, "工行": 200})
    assert change(other, now, LIMITS).lacks == "两期列的银行不一样（工行）"
    assert change(now, other, LIMITS).own is None
    both = replace(now, whole=True), replace(other, whole=True)
    assert change(*both, LIMITS).own == 0, "markets told as a whole do not rest on who is listed"
    assert change(both[0], other, LIMITS).own is None


TOWNS = Towns.of([(DAY, "城关镇"), (DAY, "东关镇")])
NAMES = Names.of(["东关农商行", "本行"], ["全市场"], ("农商",), ["邻县农商行"])


def market(*rows: tuple[int, str, str, int | None]) -> pd.DataFrame:
    """Day, place, bank, deposits."""
    frame = pd.DataFrame(rows, columns=["date", "region", "bank", "deposits"])
    frame = frame.assign(**{name: None for name in MEASURES if name != "deposits"})
    return frame.astype(dict.fromkeys(("date", *MEASURES), "Int64")).assign(source_row=range(4, 4 + len(rows)))


def test_rows_are_ours_the_wholes_or_another_banks_until_the_day() -> None:
    """What stands below is older; what is of after the day, of no place, or of no bank is not read."""
    rows = [
        (DAY, "城关镇", "农行", 300),
        (DAY, "城关镇", "本行", 500),
        (DAY, "城关镇", "全市场", 900),
        (DAY + 1, "城关镇", "农行", 999),
        (DAY, "别处", "农行", 999),
        (DAY, "城关镇", "", 999),
        (DAY - 9, "城关", "农行", None),
        (DAY, "东关镇", "邻县农商行", 7),
    ]
    found, told = said_of(market(*rows), TOWNS, NAMES, DAY)
    assert told == []
    assert {place: [one.day for one in own] for place, own in found.items()} == {
        "城关镇": [DAY - 9, DAY],
        "东关镇": [DAY],
    }
    older, now = found["城关镇"]
    assert {bank: figures["deposits"] for bank, figures in now.banks.items()} == {"农行": 300}
    assert (now.own["deposits"], now.whole["deposits"], older.banks["农行"]["deposits"]) == (500, 900, None)
    assert (found["东关镇"][0].like, list(found["东关镇"][0].banks)) == ([], ["邻县农商行"])
    turned, _ = said_of(market(*rows)[::-1], TOWNS, NAMES, DAY)
    assert {place: [one.day for one in own] for place, own in turned.items()}["城关镇"] == [DAY - 9, DAY]


def test_a_bank_told_twice_alike_is_told_once_and_differently_tears_its_place() -> None:
    same, told = said_of(market((DAY, "城关镇", "农行", 300), (DAY, "城关", "农行", 300)), TOWNS, NAMES, DAY)
    assert (same["城关镇"][0].torn, told) == ([], [])
    rows = market((DAY, "城关镇", "农行", 300), (DAY, "城关镇", "农行", 301), (DAY - 1, "城关镇", "农行", 302))
    torn, told = said_of(rows, TOWNS, NAMES, DAY)
    assert [(one.day, one.torn) for one in torn["城关镇"]] == [(DAY - 1, []), (DAY, ["农行"])]
    assert [one.code for one in told] == ["study.market-twice"]
    assert "城关镇 农行" in told[0].message
    ours, told = said_of(market((DAY, "城关镇", "本行", 1), (DAY, "城关镇", "东关农商行", 2)), TOWNS, NAMES, DAY)
    assert (ours["城关镇"][0].torn, [one.code for one in told]) == (["东关农商行"], ["study.market-twice"]), (
        "two names of ours"
    )


def test_a_bank_that_may_be_ours_is_asked_about_where_ours_is_not_told() -> None:
    found, told = said_of(market((DAY, "城关镇", "东关县农商", 300)), TOWNS, NAMES, DAY)
    assert (found["城关镇"][0].like, [one.code for one in told]) == (["东关县农商"], ["study.market-own-like"])
    both = market((DAY, "城关镇", "东关县农商", 300), (DAY, "城关镇", "本行", 500))
    assert said_of(both, TOWNS, NAMES, DAY)[1] == []

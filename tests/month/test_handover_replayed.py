"""Does anybody lose by a handover? Days of a month run again, with the handover and without: either side has what the proposal said of that day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.lists.handover import Asked
from kehujingli.month import Month
from kehujingli.month.handover import handed_over
from kehujingli.periods import date_of, day_of
from kehujingli.workspace import Workspace

ON = dt.date(2026, 10, 16)
OPENING = {"C1": 100_000, "C2": 70_000, "C3": 50_000}
BASES = {"C1": 90_000, "C2": 80_000, "C3": 50_000}
POSTINGS = (
    (dt.date(2026, 3, 1), "C1", 30_000),
    (dt.date(2026, 9, 30), "C2", -20_000.5),
    (dt.date(2026, 10, 8), "C1", -45_000.33),
    (dt.date(2026, 10, 16), "C1", 12_000.07),
    (dt.date(2026, 10, 20), "C2", 60_000),
    (dt.date(2026, 10, 20), "C3", -9_999.99),
    (dt.date(2026, 10, 31), "C2", -71_000),
)
CLAIMS = ["客户号", "条线", "工号", "生效日期"]
CENT = 1
TRIED = {1, 15, 16, 17, 20, 30, 31}
"""All 31 days pass; these are where something begins, moves or ends."""


def _month(root: Path, day: dt.date, *, handed: bool = False, still: bool = False) -> Workspace:
    """The exports of ``day``; ``handed``: C1 and C2 are M2's from the handover on; ``still``: nothing of theirs moves from then on."""
    moves = [move for move in POSTINGS if move[0] <= day and not (still and move[0] >= ON and move[1] != "C3")]
    held = {who: OPENING[who] + sum(amount for _, of, amount in moves if of == who) for who in OPENING}
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(who, holder="M1") for who in OPENING)],
        f"存款账户_{day:%Y%m%d}.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", held[who], BASES[who], LONG_AGO, None, None] for who in OPENING),
        ],
        "名册.xlsx": [MANAGERS, manager("M1"), manager("M2")],
        # a posting of a customer with no account tells how far the postings go
        "流水.xlsx": [TRANSACTIONS, *(post(*move) for move in moves), post(day, "C9", 1)],
    }
    if handed:
        files["业绩归属.xlsx"] = [CLAIMS, *([who, "全部", "M2", ON] for who in ("C1", "C2"))]
    return workspace(root, files)


def _growth(month: Month) -> dict[str, int]:
    parts = month.actuals.contributions
    parts = parts[(parts["actual"] == "average_deposit_growth") & (parts["span"] == "year")]
    return {str(who): int(cents) for who, cents in parts.groupby("holder")["numerator"].sum().items()}


def _of(root: Path, day: dt.date, *, handed: bool = False, still: bool = False) -> dict[str, int]:
    return _growth(reckon(_month(root, day, handed=handed, still=still), "2026-10", as_of=day))


def _alone(day: dt.date) -> int:
    """What C3, who stays M1's, grew by ``day``: 50,000.00 till the 19th, 9,999.99 less since; half a 分 away from nought."""
    year = (day - dt.date(2025, 12, 31)).days
    less = max(0, (day - dt.date(2026, 10, 19)).days)
    return -int((2 * 999_999 * less + year) // (2 * year))


@pytest.mark.slow
def test_every_day_either_side_has_what_was_said_and_with_the_neutral_base_nobody_loses(tmp_path: Path) -> None:
    """By the rule: as the month with the claims reckons it. Neutral: the giver as if nothing of theirs had moved since, so that what the
    taker does is neither gain nor loss of his; the taker the rest of what both are without a handover."""
    whole = reckon(_month(tmp_path / "whole", dt.date(2026, 10, 31)), "2026-10")
    found = handed_over(whole, [Asked("M1", "M2", ("C1", "C2"))], day_of(ON))
    days = found.days.set_index("day")
    assert list(days.index) == [day_of(dt.date(2026, 10, 1)) + n for n in range(31)]
    for number, said in days.iterrows():
        day = date_of(int(number))
        if day.day not in TRIED:
            continue
        plain = _of(tmp_path / f"{day}", day)
        before = plain["M1"] - _alone(day)
        assert abs(before - int(said["whole"])) <= CENT, day
        if day < ON:
            assert (int(said["giver_neutral"]), int(said["taker_neutral"])) == (int(said["giver_growth"]), 0)
            assert int(said["giver_growth"]) == int(said["whole"])
            continue
        after = _of(tmp_path / f"{day}-handed", day, handed=True)
        assert sum(after.values()) == sum(plain.values()), f"{day}: both sides and 公共 are the branch, as before"
        assert abs(after["M1"] - _alone(day) - int(said["giver_growth"])) <= CENT, day
        assert abs(after.get("M2", 0) - int(said["taker_growth"])) <= CENT, day
        stood = _of(tmp_path / f"{day}-still", day, still=True)["M1"] - _alone(day)
        assert abs(stood - int(said["giver_neutral"])) <= CENT, day
        assert abs(before - stood - int(said["taker_neutral"])) <= CENT, day

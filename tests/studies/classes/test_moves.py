"""Why did a class change? What the customer did in the period moves; what was so before and only came now is told apart."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kehujingli import terms
from kehujingli.periods import Period
from kehujingli.studies.classes.moves import causes

OCTOBER, SEPTEMBER = Period.of("2026-10"), Period.of("2026-09")
THRESHOLDS: dict[str, Any] = {
    "dormant": {"idle_months": 12, "keep_term_deposits": True, "keep_contracts": True},
    "new_within_months": 3,
    "scale": {"downgrade_after": 3},
}


def _cause(
    change: str,
    *,
    opened: int | None = SEPTEMBER.first,
    active: int | None = None,
    signed: int | None = None,
    holds: bool = False,
    closed: int | None = None,
    issued: int | None = None,
    lent: int = 0,
    amounts: tuple[int, int, int | None, int | None] = (0, 0, 0, 0),
    thresholds: tuple[dict[str, Any], dict[str, Any]] | None = None,
) -> str:
    """``amounts``: deposits before and now, loans before and now."""
    ints = lambda value: pd.array([value], "Int64")  # noqa: E731 - a word for a column of one
    old_deposit, deposit, old_loan, loan = amounts
    previous = pd.DataFrame(
        {
            "customer_id": ["C1"],
            "scale_amount": ints(old_deposit + (old_loan or 0)),
            "average_deposit": ints(old_deposit),
            "average_loan": ints(old_loan),
        }
    )
    classes = pd.DataFrame(
        {
            "customer_id": ["C1"],
            "change": [change],
            "opened_on": ints(opened),
            "last_active": ints(active),
            "scale_amount": ints(deposit + (loan or 0)),
            "average_deposit": ints(deposit),
            "average_loan": ints(loan),
        }
    )
    holdings = pd.DataFrame({"customer_id": ["C1"], "signed_on": ints(signed), "closed_on": ints(closed)})
    loans = pd.DataFrame({"customer_id": ["C1"], "issued_on": ints(issued), "balance": ints(lent)})
    holdings, loans = (holdings if holds or signed else holdings[:0]), (loans if lent else loans[:0])
    if change == "new":
        previous = previous[:0]
    return str(terms.CAUSES[causes(previous, classes, holdings, loans, thresholds, OCTOBER)["C1"]])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"active": OCTOBER.first}, "本人办业务"),
        ({"active": SEPTEMBER.last}, "数据补到"),
        ({"signed": OCTOBER.first}, "新签约"),
        ({"signed": OCTOBER.first, "closed": OCTOBER.last}, "数据补到"),
        ({"signed": SEPTEMBER.last}, "数据补到"),
        ({"holds": True}, "数据补到"),
        ({"issued": OCTOBER.last, "lent": 100}, "新贷款"),
        ({"issued": SEPTEMBER.last, "lent": 100}, "数据补到"),
        ({"active": OCTOBER.last, "signed": OCTOBER.first, "issued": OCTOBER.first, "lent": 100}, "本人办业务"),
    ],
)
def test_a_sleeper_is_woken_by_what_was_done_in_the_month(told: dict[str, Any], said: str) -> None:
    assert _cause("woken", **told) == said


def _rules(**dormant: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return THRESHOLDS, THRESHOLDS | {"dormant": THRESHOLDS["dormant"] | dormant}


def test_rules_wake_only_whom_the_old_ones_would_have_let_sleep() -> None:
    """The window goes from 12 to 18 months: last active in 2025-06 is asleep under the old, in 2026-08 is not and came late."""
    longer = _rules(idle_months=18)
    assert _cause("woken", active=Period.of("2025-06").last, thresholds=longer) == "办法变更"
    assert _cause("woken", active=Period.of("2026-08").last, thresholds=longer) == "数据补到"
    assert _cause("woken", active=OCTOBER.last, thresholds=longer) == "本人办业务"


def test_a_contract_wakes_nobody_where_the_rules_do_not_let_it() -> None:
    assert _cause("woken", signed=OCTOBER.first, thresholds=_rules(keep_contracts=False)) != "新签约"


@pytest.mark.parametrize(
    ("change", "told", "said"),
    [
        ("new", {"opened": OCTOBER.first}, "新开户"),
        ("new", {"opened": SEPTEMBER.last}, "数据补到"),
        ("new", {"opened": None}, "新开户"),
        ("asleep", {}, "没有业务"),
        ("asleep", {"thresholds": _rules(idle_months=6)}, "办法变更"),
        ("up", {"amounts": (10, 90, 0, 20), "issued": OCTOBER.first, "lent": 20}, "存款"),
        ("up", {"amounts": (10, 20, 0, 90), "issued": OCTOBER.first, "lent": 90}, "贷款"),
        ("up", {"amounts": (10, 20, 0, 90), "issued": SEPTEMBER.last, "lent": 90}, "数据补到"),
        ("up", {"amounts": (10, 20, None, 90)}, "数据补到"),
        ("up", {"amounts": (10, 20, 50, 90), "issued": SEPTEMBER.last, "lent": 90}, "贷款"),
        ("down", {"amounts": (10, 20, 0, 0)}, "缓冲期满"),
        ("down", {"amounts": (10, 20, 0, 0), "thresholds": (THRESHOLDS, THRESHOLDS | {"scale": {}})}, "办法变更"),
    ],
)
def test_every_change_has_its_cause(change: str, told: dict[str, Any], said: str) -> None:
    assert _cause(change, **told) == said


def test_who_is_what_she_was_has_no_cause() -> None:
    frame = pd.DataFrame({"customer_id": ["C1"], "change": ["same"]})
    nothing = pd.DataFrame({"customer_id": ["C1"], "scale_amount": [1], "average_deposit": [1], "average_loan": [1]})
    frame = frame.assign(
        **{
            name: pd.array([1], "Int64")
            for name in ("opened_on", "last_active", "scale_amount", "average_deposit", "average_loan")
        }
    )
    empty = pd.DataFrame(
        {name: pd.array([], "Int64") for name in ("customer_id", "signed_on", "closed_on", "issued_on", "balance")}
    )
    assert causes(nothing, frame, empty, empty, None, OCTOBER).empty

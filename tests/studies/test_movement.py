"""迁徙 of nine customers reckoned by hand, and what holds whatever the two months look like: everything adds up."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli import terms
from kehujingli.periods import Period
from kehujingli.studies.movement import Rules, movement
from kehujingli.studies.study import Answer

SEPTEMBER, OCTOBER = Period.of("2026-09"), Period.of("2026-10")
AWAKE = ("frequent", "mobile")
BAR = {"active_months": 6, "transactions": 12, "idle_days": 92}
THRESHOLDS: dict[str, Any] = {
    "window_months": 12,
    "frequent": BAR,
    "dormant": {"idle_months": 12, "keep_term_deposits": True, "keep_contracts": True},
    "new_within_months": 3,
    "scale": {},
    "exclude": [],
    "passive": [],
}
_NUMBERS = ("opened_on", "last_active", "active_months", "transactions", "idle_days", "scale_amount")


def person(number: str, group: str, amount: int | None = 0, branch: str = "A", **more: Any) -> dict[str, Any]:
    """A customer of a month: active in it unless told otherwise, opened long ago."""
    frequency, scale = group.split("/")
    return {
        "customer_id": number,
        "customer_name": f"客户{number}",
        "customer_type": "person",
        "branch_id": branch,
        "branch_name": f"{branch}社",
        "customer_group": "farmer",
        "frequency": frequency,
        "scale": scale,
        "group": group,
        "scale_amount": amount,
        "average_deposit": amount,
        "average_loan": 0,
        "opened_on": 10_000,
        "last_active": OCTOBER.first,
        "active_months": 8,
        "transactions": 20,
        "idle_days": 30,
    } | more


def month(*people: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(people, columns=list(person("", "mobile/small")))
    texts = ("customer_id", "branch_id", "branch_name", "customer_group", "frequency", "scale", "group")
    kinds = dict.fromkeys((*_NUMBERS, "average_deposit", "average_loan"), "Int64") | dict.fromkeys(texts, "str")
    return frame.astype(kinds)


def asked(old: pd.DataFrame, now: pd.DataFrame, **more: Any) -> Answer:
    given = {"thresholds": (THRESHOLDS, THRESHOLDS), "rules": Rules(), "period": OCTOBER, "before": SEPTEMBER} | more
    return movement(old, now, **given)


BEFORE = month(
    person("C1", "mobile/small", 100),
    person("C2", "dormant/small", 200),
    person("C3", "mobile/large", 9_000),
    person("C4", "frequent/medium", 500),
    person("C5", "mobile/small", 50),
    person("C6", "mobile/small", 60),
    person("C9", "dormant/small", 5),
)
NOW = month(
    person("C1", "frequent/small", 150),
    person("C2", "mobile/medium", 700),
    person("C3", "dormant/large", 8_000, last_active=15_000),
    person("C6", "mobile/small", 80, branch="B"),
    person("C7", "mobile/small", 30, opened_on=OCTOBER.first),
    person("C8", "mobile/small", 40),
    person("C9", "dormant/small", 5),
)
"""C4 left, C5's number is another's by now, C6 changed the branch, C7 is new, C8 is older than the exports knew."""
MERGES = pd.DataFrame({"main_id": ["C1"], "customer_id": ["C5"]})
CLOSED = pd.DataFrame({"customer_id": ["C4"]})


def test_every_mover_has_one_step_and_one_cause() -> None:
    told = asked(BEFORE, NOW, merges=MERGES, closed_customers=CLOSED).frames
    people = told["movement_customers"].set_index("customer_id")
    steps = {who: (terms.STEPS[row["step"]], terms.CAUSES[row["cause"]]) for who, row in people.iterrows()}
    assert steps == {
        "C1": ("往来增多", "本人办业务"),
        "C2": ("激活", "本人办业务"),
        "C3": ("转休眠", "没有业务"),
        "C4": ("销户", "状态已销户"),
        "C5": ("并户", "并户"),
        "C7": ("新户", "新开户"),
        "C8": ("新户", "数据补到"),
    }
    assert list(people.index)[-1] == "C8", "what only arrived stands last"


def test_the_balance_by_hand() -> None:
    """Awake before: C1, C3, C4, C5, C6; awake now: C1, C2, C6, C7, C8. Money: 9,710 分 before, 1,000 now."""
    told = asked(BEFORE, NOW, merges=MERGES).frames
    rows = {key: told[key].set_index("part") for key in ("movement_balance", "movement_amounts")}
    columns = ["opening", "opened", "woken", "asleep", "closed", "transferred", "other", "closing", "dormant"]
    assert rows["movement_balance"].loc["全部", columns].tolist() == [5, 1, 1, 1, 1, 0, 0, 5, 2]
    assert rows["movement_balance"].loc["A社", columns].tolist() == [5, 1, 1, 1, 1, -1, 0, 4, 2]
    assert rows["movement_balance"].loc["B社", columns].tolist() == [0, 0, 0, 0, 0, 1, 0, 1, 0]
    grown = [9_710, 30, 700, 9_000, 500, 0, 40 - 50, 1_000, 8_005, (150 - 100) + (80 - 60)]
    assert rows["movement_amounts"].loc["全部", [*columns, "grown"]].tolist() == grown


def test_the_matrix_by_hand() -> None:
    told = asked(BEFORE, NOW, merges=MERGES).frames["movement"].set_index("previous_group")
    assert told.loc["mobile/small", ["frequent_small", "mobile_small", "gone", "whole"]].tolist() == [1, 1, 1, 3]
    assert told.loc["new", ["mobile_small", "gone", "whole"]].tolist() == [2, 0, 2]
    amounts = asked(BEFORE, NOW).frames
    after = amounts["movement_after"].set_index("previous_group")
    assert amounts["movement_before"].set_index("previous_group").loc["mobile/large", "dormant_large"] == 9_000
    assert after.loc["mobile/large", "dormant_large"] == 8_000


def test_another_month_than_the_last_is_asked_what_happened_since() -> None:
    """A customer opened in August is new since June and came late since September."""
    opened = month(person("C1", "mobile/small", opened_on=Period.of("2026-08").first))
    nobody = month(person("C0", "mobile/small"))
    for before, said in ((Period.of("2026-06"), "新开户"), (SEPTEMBER, "数据补到")):
        told = asked(nobody, opened, before=before).frames["movement_customers"].set_index("customer_id")
        assert terms.CAUSES[told.loc["C1", "cause"]] == said


def test_who_is_met_more_often_by_another_bar_moved_by_the_rules() -> None:
    before, now = month(person("C1", "mobile/small")), month(person("C1", "frequent/small", active_months=5))
    lower = THRESHOLDS | {"frequent": BAR | {"active_months": 5}}
    for thresholds, said in (((THRESHOLDS, lower), "办法变更"), ((lower, lower), "本人办业务"), (None, "本人办业务")):
        told = asked(before, now, thresholds=thresholds).frames["movement_customers"]
        assert [terms.CAUSES[cause] for cause in told["cause"]] == [said]
    late = month(person("C1", "frequent/small", last_active=SEPTEMBER.last))
    assert [*asked(before, late).frames["movement_customers"]["cause"]] == ["late_data"]


def test_a_branch_whose_customers_are_missing_is_told() -> None:
    before = month(*(person(f"C{n}", "mobile/small") for n in range(10)), person("D0", "mobile/small", branch="B"))
    told = asked(before, before[before["branch_id"] == "B"])
    (found,) = (one for one in told.findings if one.code == "study.movement-gone")
    assert "A社 期初 10 户里有 10 户" in found.text
    assert not asked(before, before[before["customer_id"] != "C3"]).findings, "one in ten may close"


def test_who_the_customer_file_calls_closed_is_not_missing() -> None:
    """Ten awake and one asleep; five say 已销户, the sleeper too, one is in no file; C7 was closed before."""
    before = month(*(person(f"C{n}", "mobile/small", 100) for n in range(10)), person("S", "dormant/small", 7))
    now = before[~before["customer_id"].isin(["C0", "C1", "C2", "C3", "C4", "C5", "S"])]
    closed = pd.DataFrame({"customer_id": ["C0", "C1", "C2", "C3", "C4", "S", "old"]})
    told = asked(before, now, closed_customers=closed)
    assert not told.findings, "one in eleven is missing"
    causes = told.frames["movement_causes"].set_index("cause")["customers"]
    assert causes.to_dict() == {"closed": 6, "absent": 1}
    whole = told.frames["movement_balance"].iloc[0]
    assert (whole["closed"], whole["dormant_closed"]) == (6, 1)
    assert whole["closed"] + whole["dormant_closed"] == causes.sum()
    assert told.lines[-1] == "客户信息里已销户 7 户：期初还在的 6 户（不休眠 5、休眠 1），期初以前销的、开了又销的 1 户"
    (found,) = asked(before, now).findings
    assert found.code == "study.movement-gone", "without a word in the file all seven are missing"


def test_much_that_only_arrived_is_told() -> None:
    before = month(person("C0", "mobile/small"))
    told = asked(before, month(person("C0", "mobile/small"), person("C8", "mobile/small")))
    assert [one.code for one in told.findings] == ["study.movement-late"]
    assert told.frames["movement_balance"].loc[0, ["opened", "other"]].tolist() == [0, 1]


_GROUP = st.sampled_from([*terms.GROUPS])
_HALF = st.none() | st.tuples(_GROUP, st.none() | st.integers(0, 10**12), st.sampled_from("ABC"))
_PAIR = st.tuples(_HALF, _HALF, st.integers(OCTOBER.first - 400, OCTOBER.last), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.lists(_PAIR.filter(lambda pair: pair[0] or pair[1]), min_size=1, max_size=30), st.randoms())
def test_rows_columns_causes_and_balances_add_up(pairs: list[Any], shuffle: Any) -> None:
    def half(side: int) -> pd.DataFrame:
        rows = [
            person(f"C{number:02d}", *pair[side], last_active=pair[2], opened_on=pair[2])
            for number, pair in enumerate(pairs)
            if pair[side]
        ]
        shuffle.shuffle(rows)
        return month(*rows)

    before, now = half(0), half(1)
    merges = pd.DataFrame({"customer_id": [f"C{n:02d}" for n, pair in enumerate(pairs) if pair[3]]}, dtype="str")
    shut = pd.DataFrame({"customer_id": [f"C{n:02d}" for n, pair in enumerate(pairs) if pair[2] % 2 and not pair[1]]})
    told = asked(before, now, merges=merges, closed_customers=shut.astype("str")).frames
    moved = sum(not (a and b and a[0] == b[0]) for a, b, *_ in pairs)
    assert told["movement_causes"]["customers"].sum() == moved == len(told["movement_customers"])
    assert told["movement_customers"]["cause"].notna().all()
    for key, (end, side) in {"movement_before": ("whole", before), "movement_after": ("columns", now)}.items():
        amounts = side.groupby("group")["scale_amount"].sum()
        for group in terms.GROUPS:
            row = told[key].set_index("previous_group").loc[group, "whole"]
            column = told[key][group.replace("/", "_")].sum()
            assert (row if end == "whole" else column) == amounts.get(group, 0)
    counts = told["movement"].set_index("previous_group")
    for group in terms.GROUPS:
        assert counts.loc[group, "whole"] == (before["group"] == group).sum()
        assert counts[group.replace("/", "_")].sum() == (now["group"] == group).sum()
    for key in ("movement_balance", "movement_amounts"):
        rows = told[key]
        sums = rows["opening"] + rows["opened"] + rows["woken"] - rows["asleep"] - rows["closed"]
        sums += rows["transferred"] + rows["other"] + rows["grown"]
        assert (sums == rows["closing"]).all()
        parts = rows[rows["by"] != "合计"].groupby("by")[["opening", "opened", "woken", "asleep", "closing"]].sum()
        for _, part in parts.iterrows():
            assert part.tolist() == rows.loc[0, parts.columns].tolist()
        assert rows.loc[0, "transferred"] == 0
    left = told["movement_causes"].query("step == 'gone'")["customers"].sum()
    assert told["movement_balance"].loc[0, ["closed", "dormant_closed"]].sum() == left
    again = asked(before.iloc[::-1], now.iloc[::-1], merges=merges, closed_customers=shut.astype("str")).frames
    for key, frame in told.items():
        pd.testing.assert_frame_equal(frame.reset_index(drop=True), again[key].reset_index(drop=True))

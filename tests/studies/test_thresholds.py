"""What another bound would move is what the segmentation under that bound gives; definitions of 休眠 by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from kehujingli.periods import Period
from kehujingli.rules import EXAMPLE, SegmentRules, load_rules
from kehujingli.segment import segment
from kehujingli.studies.study import Answer
from kehujingli.studies.thresholds import Rules, thresholds
from kehujingli.tables.ties import Ties

OCTOBER = Period.of("2026-10")
OWN = load_rules(EXAMPLE).segment
_WAYS = ("现行", "分位", "帕累托", "自然断点")


def county(size: int = 400, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers and what was measured of them, drawn."""
    draw = np.random.default_rng(seed)
    ids = [f"C{number:04d}" for number in range(size)]
    customers = pd.DataFrame({"customer_id": ids, "customer_type": draw.choice(["person", "business"], size)})
    customers = customers.assign(opened_on=10_000, industry=None, rural=None, agriculture=None, village=None)
    months = draw.integers(0, 13, size)
    idle = np.where(months > 0, draw.integers(0, 300, size), draw.integers(400, 2_000, size))
    measured = pd.DataFrame(
        {"customer_id": ids, "active_months": months, "transactions": months * draw.integers(1, 6, size)}
    )
    measured = measured.assign(
        idle_days=idle,
        last_active=OCTOBER.last - idle,
        average_deposit=(draw.lognormal(10, 2, size) * 100).astype("int64"),
        average_loan=np.where(draw.random(size) < 0.2, 9_000_000, 0),
        deposit_balance=draw.integers(0, 3_000_000, size),
        loan_balance=0,
    )
    whole = [name for name in measured.columns if name != "customer_id"]
    return customers.astype({"opened_on": "Int64"}), measured.astype(dict.fromkeys(whole, "Int64"))


def classed(own: SegmentRules = OWN) -> pd.DataFrame:
    nothing: frozenset[str] = frozenset()
    return segment(*county(), Ties(nothing, nothing, nothing), own, OCTOBER).customers


def asked(classes: pd.DataFrame, own: SegmentRules = OWN, rules: Rules | None = None, **more: Any) -> Answer:
    return thresholds(classes, period=OCTOBER, segment=(None, own), rules=rules or Rules(), **more)


def _with_bounds(medium: int, large: int, kind: str) -> SegmentRules:
    bounds = {"medium": Decimal(medium) / 100, "large": Decimal(large) / 100}
    scale = OWN.scale.model_dump()
    scale["bounds"][kind] = bounds
    return SegmentRules.model_validate(OWN.model_dump() | {"scale": scale})


def test_each_way_moves_whom_its_bounds_move() -> None:
    """The counts of every row are those of a segmentation under rules with these bounds."""
    now = classed()
    rows = asked(now).frames["thresholds"]
    assert [(row.customer_type, row.way) for row in rows.itertuples()] == [
        (kind, way) for kind in ("person", "business") for way in _WAYS
    ]
    level = {"small": 0, "medium": 1, "large": 2}
    before = now["scale"].map(level)
    for row in rows.itertuples():
        then = classed(_with_bounds(row.medium, row.large, row.customer_type))
        own = then[then["customer_type"] == row.customer_type]["scale"].value_counts()
        told = (row.large_customers, row.medium_customers, row.small_customers)
        assert told == tuple(int(own.get(scale, 0)) for scale in ("large", "medium", "small"))
        after = then["scale"].map(level)
        assert (row.up, row.down) == (int((after > before).sum()), int((after < before).sum()))
    assert rows[rows["way"] == "现行"][["up", "down"]].to_numpy().sum() == 0


def test_each_condition_of_the_frequent_is_moved_by_itself() -> None:
    rows = asked(classed()).frames["thresholds_activity"]
    for label, key in (("活跃月数", "active_months"), ("未动天数", "idle_days")):
        for row in rows[rows["measure"] == label].itertuples():
            data = OWN.model_dump()
            data["frequency"]["frequent"][key] = row.bound
            then = classed(SegmentRules.model_validate(data))["frequency"].value_counts()
            assert [row.frequent, row.mobile, row.dormant] == [then[name] for name in ("frequent", "mobile", "dormant")]


def _sleepers() -> pd.DataFrame:
    """A: never seen, 50 元; B: last seen 2026-01-15, 80 元; C: 2025-10-31, 5 元; D: 2025-10-31, 5,000 元; E: last week; F: new."""
    rows = [("A", None, 50_00, 1), ("B", "2026-01-15", 80_00, 1), ("C", "2025-10-31", 5_00, 1)]
    rows += [("D", "2025-10-31", 5_000_00, 1), ("E", "2026-10-25", 1_00, 1), ("F", None, 1_00, OCTOBER.first)]
    frame = pd.DataFrame(rows, columns=["customer_id", "seen", "deposit_balance", "opened_on"])
    seen = (pd.to_datetime(frame["seen"]) - pd.Timestamp(0)).dt.days.astype("Int64")
    frame = frame.assign(last_active=seen, customer_type="person", idle_days=OCTOBER.last - seen, active_months=0)
    frame = frame.assign(transactions=0, average_deposit=0, average_loan=0, scale_amount=0, loan_balance=0)
    frame["frequency"] = ["dormant", "mobile", "dormant", "dormant", "mobile", "mobile"]
    frame["scale"] = "small"
    kinds = dict.fromkeys(("deposit_balance", "opened_on", "average_deposit", "average_loan", "scale_amount"), "Int64")
    return frame.astype(kinds | dict.fromkeys(("active_months", "transactions", "loan_balance"), "Int64"))


def test_definitions_of_dormancy_side_by_side() -> None:
    """365 days up to 2026-10-31 begin on 2025-11-01, six months on 2026-05-01."""
    told = asked(_sleepers()).frames["thresholds_dormancy"].set_index("preset")
    columns = ["dormant", "came", "left", "deposit_balance", "unsure"]
    assert told.loc["现行办法", columns].tolist() == [3, 0, 0, 5_055_00, 0]
    assert told.loc["12m", columns].tolist() == [3, 0, 0, 5_055_00, 0]
    assert told.loc["36m-100", columns].tolist() == [1, 0, 2, 50_00, 1]
    assert told.loc["365d-10", columns].tolist() == [1, 0, 2, 5_00, 0]
    assert told.loc["6m-100", columns].tolist() == [3, 1, 1, 135_00, 0]


def test_postings_that_do_not_reach_as_far_as_a_definition_are_told() -> None:
    (found,) = asked(_sleepers()).findings
    assert found.code == "study.thresholds-reach"
    assert "最早的业务是 2025-10-31，口径 36m-100 要看得更久：1 户" in found.text


def test_a_loan_keeps_awake_under_every_definition() -> None:
    loans = pd.DataFrame(
        {"customer_id": ["A", "B"], "balance": pd.array([100, 0], "Int64"), "issued_on": pd.array([1, 1], "Int64")}
    )
    told = asked(_sleepers(), loans=loans).frames["thresholds_dormancy"].set_index("preset")
    assert told["dormant"].to_dict() == {"现行办法": 3, "12m": 2, "36m-100": 0, "365d-10": 1, "6m-100": 2}


def test_the_distribution_counts_who_has_nothing_apart() -> None:
    told = asked(_sleepers()).frames
    (row,) = told["thresholds_amounts"].query("measure == '存款余额'").itertuples()
    assert (row.customers, row.nothing, row.least, row.p50, row.most) == (6, 0, 1_00, 50_00, 5_000_00)
    (idle,) = told["thresholds_counts"].query("measure == '未动天数'").itertuples()
    assert (idle.nothing, idle.least) == (2, 6)


def test_a_definition_that_is_none_is_refused() -> None:
    for wrong in ("12", "m12", "12m-", "0m", "12个月"):
        with pytest.raises(ValidationError):
            Rules(presets=(wrong,))

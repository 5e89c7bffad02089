"""Whom does the county look for, and what is on its way? 村民名册 and 线索 of some villages, 项目储备, 对标, and the bank's own target of next year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kehujingli import terms
from kehujingli.demo.county import Calendar, id_numbers, names
from kehujingli.periods import day_of, month_end, month_name
from kehujingli.studies.called import lead_number, plain_names

_VILLAGES = 16
"""So many villages have handed in a roster."""
_STRANGERS = 0.4
"""So many villagers beside each customer who have no account."""
_UNNUMBERED = 9
"""One row in so many has no id number."""
_WAN = 1_000_000
_STEPS = ("lead", "survey", "proposal", "approval", "landed")
_AIMS = ("扩建厂房", "采购原料", "冷库", "购置农机", "门店装修", "养殖大棚")
_LOST = ("他行利率低", "抵押物不足", "项目暂缓")
_ASKED = 0.85
"""What the bank asks of next year, of what its people have as targets this year: somewhat more than they have reached by autumn."""
_COUNTED = ("贷款户数净增",)
"""Targets in households; the others are money."""
_TELEPHONE = 10**8


def make_rosters(rng: np.random.Generator, people: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Everybody of the first villages: our customers, some of them without an id number, and who is none yet; two a household."""
    lived = people.dropna(subset=["village"])
    chosen = sorted(lived["village"].unique())[:_VILLAGES]
    own = lived[lived["village"].isin(chosen)][["village", "name", "id_number", "phone"]]
    others = own[["village"]].sample(frac=_STRANGERS, random_state=rng)
    born = day_of(month_end(1950 * 12)) + rng.integers(0, 50 * 365, len(others))
    others = others.assign(
        name=names(rng, len(others)),
        id_number=id_numbers(rng, born, set(people["id_number"])),
        phone=[f"136{number:08d}" for number in rng.integers(0, _TELEPHONE, len(others))],
    )
    rows = pd.concat([own, others], ignore_index=True)
    rows = rows.iloc[rng.permutation(len(rows))].sort_values("village", kind="stable", ignore_index=True)
    nth = rows.groupby("village").cumcount()
    bare = pd.Series(range(len(rows))) % _UNNUMBERED == 0
    return rows.assign(
        id_number=rows["id_number"].mask(bare, None),
        household_id=(nth // 2 + 1).map("{:04d}".format),
        data_date=day_of(month_end(calendar.last_month - 1)),
    )


def make_leads(rosters: pd.DataFrame, grids: pd.DataFrame, people: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """What was found at the end of the month before: villagers without an account, and three who have opened one since."""
    found_on = day_of(month_end(calendar.last_month - 1))
    keeper = dict(zip(grids["village"], grids["manager_id"], strict=True))
    alone = rosters[~rosters.duplicated(["village", "name"], keep=False)]
    known = set(people["id_number"])
    named = people.dropna(subset=["village"])
    same = set(zip(named["village"], named["name"], strict=True))
    fresh = people[(people["opened_on"] > found_on) & people["id_number"].isin(alone["id_number"])].head(3)
    came = alone[alone["id_number"].isin(fresh["id_number"])]
    number = dict(zip(fresh["id_number"], fresh["customer_id"], strict=True))
    opened = dict(zip(fresh["id_number"], fresh["opened_on"], strict=True))
    strange = [pair not in same for pair in zip(alone["village"], alone["name"], strict=True)]
    theirs = alone[np.array(strange, dtype=bool)]
    open_ = theirs[theirs["id_number"].notna() & ~theirs["id_number"].isin(known)].iloc[:: max(1, len(theirs) // 14)]
    steps = ("new", "met", "met", "given_up")
    rows = [
        (one.village, one.name, one.phone, steps[place % len(steps)], None, None)
        for place, one in enumerate(open_.itertuples(index=False))
    ]
    rows += [
        (one.village, one.name, one.phone, "opened", number[one.id_number], opened[one.id_number])
        for one in came.itertuples(index=False)
    ]
    frame = pd.DataFrame(rows, columns=["village", "name", "phone", "lead_status", "customer_id", "closed_on"])
    plain = [plain_names(frame[key]).to_pylist() for key in ("village", "name")]
    return frame.assign(
        lead_id=[lead_number("C", place, who, "0") for place, who in zip(*plain, strict=True)],
        lead_source="roster",
        found_on=found_on,
        manager_id=frame["village"].map(keeper),
        closed_on=frame["closed_on"].mask(frame["lead_status"] == "given_up", found_on + 12),
    )


def make_projects(
    rng: np.random.Generator, people: pd.DataFrame, managers: pd.DataFrame, calendar: Calendar
) -> pd.DataFrame:
    """Some twenty projects of firms and traders on their way; a row each stage, some landed, some given up, some past their date."""
    firms = people[people["customer_type"].isin(["business", "sole_trader"])].iloc[::7].head(20)
    staff = managers[managers["until"].isna()].groupby("branch_id")["manager_id"].first()
    rows = []
    for place, firm in enumerate(firms.itertuples(index=False)):
        reached = int(rng.integers(1, len(_STEPS) + 1))
        days = np.cumsum(rng.integers(6, 25, reached + 1))
        first = calendar.last - int(days[-1]) - int(rng.integers(0, 30))
        steps = [*_STEPS[:reached], *(["given_up"] if place % 5 == 4 and reached < len(_STEPS) else [])]
        amount = int(rng.integers(2, 60)) * 10 * _WAN
        for nth, step in enumerate(steps):
            rows.append(
                (
                    f"XM{calendar.year}{place + 1:03d}",
                    firm.customer_id if place % 4 else None,
                    f"{firm.name}{_AIMS[place % len(_AIMS)]}",
                    step,
                    first + int(days[nth]),
                    amount,
                    staff.get(firm.branch_id),
                    first + int(days[-1]) + 20 + place % 3 * 25 - 30 * (place % 6 == 1),
                    _LOST[place % len(_LOST)] if step == "given_up" else None,
                )
            )
    columns = ["project_id", "customer_id", "name", "stage", "stage_on", "expected", "manager_id", "expected_on"]
    return pd.DataFrame(rows, columns=[*columns, "lost_reason"])


def make_peers(calendar: Calendar) -> pd.DataFrame:
    """What the province and the city told of the last two months, in the month's own figures."""
    bad = terms.label("npl_ratio", "branch_sums")
    told = (
        ("全市农商行", bad, "2.14", "%"),
        ("全市农商行", "经常联系户占比", "38.5", "%"),
        ("全市农商行", "优质客户管户覆盖率", "91.2", "%"),
        ("全省农信", bad, "2.37", "%"),
        ("全省农信", "优质客户管户覆盖率", "88.6", "%"),
        ("全省农信", "走访计划完成率", "76.3", "%"),
    )
    rows = [(month_name(calendar.last_month - back), *one, "监管通报") for back in (1, 0) for one in told]
    return pd.DataFrame(rows, columns=["period", "institution", "item", "peer_value", "unit", "source"])


def next_year(targets: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The bank's own target of next year, a line an item of a year: somewhat less than its people were given this year."""
    own = targets[targets["period"] == str(calendar.year)]
    whole = (own.groupby("item", sort=True)["target"].sum() * _ASKED).round(-1)
    unit = [None if item in _COUNTED else "万元" for item in whole.index]
    frame = pd.DataFrame({"item": whole.index, "target": whole.to_numpy(), "unit": unit})
    return frame.assign(manager_id=None, period=str(calendar.year + 1))

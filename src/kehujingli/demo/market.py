"""What do other banks have in the county, and who lives in its villages? The market by town at two month-ends, and 村情."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kehujingli.demo.county import Calendar

_WAN = 1_000_000
_OTHERS = {"农业银行": 62, "邮储银行": 41, "工商银行": 27, "富民村镇银行": 11}
"""Bank → its deposits in hundredths of ours, in a town as large as the others."""
_OWN = "示例县农村信用合作联社"
"""As the rules of ``init`` call the institution."""
_URBAN = "城区"
_COLUMNS = ["date", "region", "bank", "deposits", "loans", "households"]


def of_branches(accounts: pd.DataFrame, loans: pd.DataFrame) -> pd.DataFrame:
    """branch_id, deposits, loans (分; ``on_book``: those not written off) and households of a month-end's books."""
    held = accounts.assign(household=accounts["customer_id"].where(accounts["balance"] != 0))
    sums = held.groupby("branch_id").agg(deposits=("balance", "sum"), households=("household", "nunique"))
    here = loans[loans["status"] == "on_book"]
    sums = sums.assign(loans=_lent(loans), on_book=_lent(here))
    return sums.fillna(0).astype("int64").reset_index()


def _lent(loans: pd.DataFrame) -> pd.Series:
    return loans.groupby("branch_id")["balance"].sum()


def make_market(figures: Mapping[int, pd.DataFrame], places: pd.DataFrame) -> pd.DataFrame:
    """``figures``: day → branch_id, deposits, loans (分) and households of ours. The others grew by a hundredth or two since the first of the days;
    of ours stands what our books had."""
    towns = _towns(places)
    first = min(figures)
    base = figures[first].assign(region=figures[first]["branch_id"].map(towns)).groupby("region", sort=True)
    whole = base[["deposits", "loans", "households"]].sum()
    rows = [
        (
            day,
            region,
            bank,
            *(
                int(own[name]) * share * (14 - place % 9) * (100 + (day > first) * (1 + (place + nth) % 3)) // 10**5
                for name in whole
            ),
        )
        for day in sorted(figures)
        for place, (region, own) in enumerate(whole.iterrows())
        for nth, (bank, share) in enumerate(_OTHERS.items())
    ]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    for name in ("deposits", "loans"):
        frame[name] = frame[name] // _WAN * _WAN
    frame = pd.concat([frame, _ours(figures, towns)], ignore_index=True)
    return frame.assign(source="人民银行县支行")


def _ours(figures: Mapping[int, pd.DataFrame], towns: Mapping[str, str]) -> pd.DataFrame:
    rows = []
    for day, own in figures.items():
        ours = own.assign(region=own["branch_id"].map(towns)).groupby("region", sort=True)
        sums = ours[["deposits", "on_book", "households"]].sum()
        rows += [(day, region, _OWN, *map(int, told)) for region, *told in sums.itertuples()]
    return pd.DataFrame(rows, columns=_COLUMNS)


def make_villages(people: pd.DataFrame, places: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Every village that a customer lives in: households a fifth to three fifths more than the customers."""
    towns = _towns(places)
    lived = people.dropna(subset=["village"]).groupby(["branch_id", "village"], sort=True).size()
    rows = [
        (village, branch, towns[branch], homes := count * (12 + place % 5) // 10 + 1, homes * 34 // 10, _income(place))
        for place, ((branch, village), count) in enumerate(lived.items())
    ]
    frame = pd.DataFrame(rows, columns=["village", "branch_id", "town", "households", "population", "income"])
    grade = ["是" if place % 3 else "否" for place in range(len(frame))]
    return frame.assign(village_grade=grade, data_date=calendar.last)


def _income(place: int) -> int:
    return (21_000 + place % 7 * 900) * 100


def _towns(places: pd.DataFrame) -> dict[str, str]:
    """Branch → its town: the branches in town are of one."""
    return {
        branch: _URBAN if kind == _URBAN else name.removesuffix("信用社") + "镇"
        for branch, name, kind in zip(places["branch_id"], places["name"], places["kind"], strict=True)
    }

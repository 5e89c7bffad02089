"""Below what rate is a loan not worth its capital? The floor of each term and class, what is lent below it, and a loan tried before it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import kehujingli.terms as house
from kehujingli.errors import problem
from kehujingli.periods import Period
from kehujingli.studies.money.ftp import MILLIONTHS, Prices
from kehujingli.studies.money.loss import Floor
from kehujingli.values import in_yuan

if TYPE_CHECKING:
    import pandas as pd

_TRIED = re.compile(
    r"(?P<who>.+?)=(?P<amount>[\d,]+(?:\.\d+)?)(?P<wan>万)?元?/(?P<term>\d+)(?P<unit>个?月|年)(?:/(?P<rate>\d+(?:\.\d+)?)%?)?"
)
_LONGEST = ((3, "to_3_months"), (12, "to_1_year"), (36, "to_3_years"))


@dataclass(frozen=True)
class Terms:
    """What the rules say of a loan's price: a year's losses by class, capital of a yuan lent, what capital must bring."""

    losses: Mapping[str, Decimal]
    capital: Decimal
    hurdle: Decimal


@dataclass(frozen=True)
class Floors:
    """``frame``: one row a term and class that is lent; ``prices``, ``cost`` as they were reckoned with."""

    frame: pd.DataFrame
    prices: Prices
    cost: Decimal | None
    lines: list[str]


def cost_rate(cost: int, loans: int, period: Period) -> Decimal | None:
    """What lending costs a year, a share of the loans: what 贷款余额 drives of the costs of the whole month ÷ average loans (both 分)."""
    if not loans:
        return None
    days = Period.of_month(period.month).last - period.first + 1
    return Decimal(cost) * 365 / days / loans


def floor_of(prices: Prices, cost: Decimal | None, term: str, five_class: str, rules: Terms) -> Floor | None:
    """Nothing where the term has no price."""
    rate = prices.daily.get(("loan", term))
    if rate is None:
        return None
    funds = Decimal(rate) / prices.days / MILLIONTHS
    return Floor(funds, rules.losses[five_class], cost, rules.capital, rules.hurdle)


def floor_rows(lines: pd.DataFrame, prices: Prices, rules: Terms, cost: Decimal | None) -> Floors:
    """Of the priced loans of ``lines``."""
    import pandas as pd

    own = lines[(lines["side"] == "loan") & (lines["lacks"] == "")]
    where = own.groupby(["term", "five_class"]).indices
    rows = []
    for term in house.TERMS:
        for five_class in house.FIVE_CLASSES:
            at = where.get((term, five_class))
            floor = floor_of(prices, cost, term, five_class, rules) if at is not None else None
            if at is None or floor is None:
                continue
            some = own.iloc[at]
            average = some["average"]
            under = average[some["rate"] < float(floor.rate * MILLIONTHS)]
            weighed = (average.astype("float64") * some["rate"]).sum() / float(average.sum()) / MILLIONTHS
            shares = [floor.funds, floor.loss, floor.cost, floor.capital, floor.rate]
            told = [None if share is None else float(share) for share in shares]
            rows.append((term, five_class, len(some), int(average.sum()), *told, weighed, len(under), int(under.sum())))
    columns = ["term", "five_class", "count", "loans", "funds", "loss", "cost", "capital", "floor", "charged"]
    frame = pd.DataFrame(rows, columns=[*columns, "below", "below_loans"])
    said = []
    if len(frame):
        below, count = int(frame["below"].sum()), int(frame["count"].sum())
        bare = "" if cost is not None else "，缺费用，下限里没有"
        amount = in_yuan(int(frame["below_loans"].sum()))
        said = [f"价格下限  {count:,} 笔贷款中 {below:,} 笔低于下限，日均 {amount:,.2f} 元{bare}"]
    return Floors(frame, prices, cost, said)


def trials(asked: Sequence[str], floors: Floors, classes: pd.DataFrame, rules: Terms) -> Iterator[str]:
    """What each loan would have to bring, and what it would. Raises ``study.loan``."""
    for text in asked:
        found = _TRIED.fullmatch(text.strip().replace(" ", ""))
        if found is None:
            raise problem("study.loan", value=text)
        months = int(found["term"]) * (12 if found["unit"] == "年" else 1)
        term = next((key for most, key in _LONGEST if months <= most), "over_3_years")
        own = classes.loc[classes["customer_id"] == found["who"], "worst_class"].dropna()
        five_class = str(own.iloc[0]) if len(own) else "normal"
        floor = floor_of(floors.prices, floors.cost, term, five_class, rules)
        amount = Decimal(found["amount"].replace(",", "")) * (10_000 if found["wan"] else 1)
        head = f"试算  {found['who']} {amount:,.2f} 元 {months} 个月（{house.FIVE_CLASSES[five_class]}）："
        if floor is None:
            cause = floors.prices.wrong.get(("loan", term), "没有价")
            yield f"{head}缺，贷款 {house.TERMS[term]} {cause}"
            continue
        cost = "费用缺" if floor.cost is None else f"费用 {floor.cost:.3%}"
        yield (
            f"{head}资金 {floor.funds:.3%} + 预期损失 {floor.loss:.3%} + {cost} + 资本 {floor.capital:.3%} = 下限 {floor.rate:.3%}"
            + _offered(found["rate"], floor, amount)
        )


def _offered(rate: str | None, floor: Floor, amount: Decimal) -> str:
    if rate is None:
        return ""
    at = Decimal(rate) / 100
    gap = at - floor.rate
    earned = floor.raroc(at)
    word = f"够，一年比下限多 {gap * amount:,.2f} 元" if gap >= 0 else f"低于下限，一年少 {-gap * amount:,.2f} 元"
    return f"；报价 {at:.3%}，{word}" + ("" if earned is None else f"，RAROC {earned:.2%}")

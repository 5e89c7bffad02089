"""What does the county sell, and who was found able to bear which risk? 产品目录 under the names of its contracts, loans and fees, and 风险测评."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kehujingli import terms
from kehujingli.demo.county import Calendar
from kehujingli.periods import day_of, month_start

if TYPE_CHECKING:
    from kehujingli.demo.books import Books

_EVERY = 6
"""One person in so many was assessed."""
_GRADES = ("C2", "C3", "C1", "C4", "C2")
_PEOPLE, _TRADERS, _FIRMS = "个人、个体", "个体、对公", "对公、机关事业"
_GROWN = "18-65"


def _row(name: str, line: str, **more: Any) -> dict[str, Any]:
    return {"product": name, "product_line": line, **more}


def make_catalogue(calendar: Calendar) -> pd.DataFrame:
    """Loans, deposits, fee business and channels, with whom each is for; three packages."""
    rows = [
        _row(
            "农户小额贷款",
            "asset",
            family="授信、小额信用贷款",
            customer_groups=terms.CUSTOMER_GROUPS["farmer"],
            ages=_GROWN,
            five_classes="正常",
        )
        | {"condition": "近12个月日均不低于1000元", "term": "to_1_year", "rate": 0.056, "package": "惠农套餐"},
        _row("个人经营贷款", "asset", family="授信", customer_types=_PEOPLE, ages=_GROWN, five_classes="正常")
        | {"excludes": "农户小额贷款", "term": "to_3_years", "rate": 0.061},
        _row(
            "流动资金贷款",
            "asset",
            family="授信",
            customer_types=terms.CUSTOMER_TYPES["business"],
            five_classes="正常、关注",
        )
        | {"min_scale": 50_000_00, "term": "to_1_year", "rate": 0.0525, "package": "商户套餐"},
        _row("活期存款", "liability", family="结算账户"),
        _row("定期存款", "liability", family="存款回流"),
        _row("手机银行", "channel", customer_types=_PEOPLE, ages="16-75", package="惠农套餐、代发套餐"),
        _row("社保卡", "channel", customer_types=_PEOPLE, former_names="银行卡手续费", package="惠农套餐、代发套餐"),
        _row("短信通", "intermediary", former_names="短信费", yearly=24_00, package="惠农套餐、代发套餐"),
        _row("收单码", "intermediary", customer_types=_TRADERS, former_names="收单手续费", package="商户套餐"),
        _row("聚合支付", "intermediary", customer_types=_TRADERS, needs="收单码"),
        _row("代发工资", "intermediary", customer_types=_FIRMS, package="代发套餐"),
        _row("代理保险", "intermediary", ages="18-70"),
        _row("稳盈理财", "intermediary", family="理财", ages="18-75", risk_level="R2", yearly=150_00)
        | {"min_deposit": 10_000_00},
    ]
    columns = [column.key for column in terms.BY_KEY["catalogue"].columns]
    frame = pd.DataFrame(rows).assign(
        product_code=[f"P{number:02d}" for number in range(1, len(rows) + 1)],
        valid_from=day_of(month_start(calendar.year * 12)),
    )
    return frame[[key for key in columns if key in frame]]


def make_suitability(people: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Every sixth person; of those every fifth so long ago that it holds no more."""
    own = people[people["customer_type"] == "person"].iloc[::_EVERY]
    number = pd.RangeIndex(len(own))
    return pd.DataFrame(
        {
            "customer_id": own["customer_id"].to_numpy(),
            "risk_grade": [_GRADES[one % len(_GRADES)] for one in number],
            "assessed_on": [calendar.last - 30 - one % 300 - (one % 5 == 0) * 400 for one in number],
        }
    )


def make_ebank(books: Books, people: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """手机银行 of who pays through it, last used when he last did; of every fifth other person too, hardly ever used since; some have ended it."""
    paid = books.postings[(books.postings["channel"] == "手机银行") & (books.postings["signed"] < 0)]
    owner = people["customer_id"].to_numpy()[books.accounts["owner"].to_numpy()[paid["account"]]]
    last = paid["day"].groupby(owner).agg(["min", "max"])
    idle = people[(people["customer_type"] == "person") & ~people["customer_id"].isin(last.index)].iloc[::5]
    since = idle["opened_on"].clip(lower=calendar.first - 400).to_numpy()
    own = pd.DataFrame({"customer_id": last.index, "opened_on": last["min"] - 30, "last_used": last["max"]})
    others = pd.DataFrame({"customer_id": idle["customer_id"].to_numpy(), "opened_on": since})
    frame = pd.concat([own, others], ignore_index=True).astype({"last_used": "Int64"})
    number = frame.index.to_series()
    silent = frame["last_used"].isna()
    frame["closed_on"] = (frame["opened_on"] + 60).where(silent & (number % 10 == 0)).astype("Int64")
    frame["last_used"] = frame["last_used"].mask(silent & (number % 3 == 0), frame["opened_on"] + 5)
    frame["opened_on"] = frame["opened_on"].clip(upper=calendar.last)
    return frame.assign(channel="手机银行")[["customer_id", "channel", "opened_on", "last_used", "closed_on"]]

"""Who shows a sign, and who could have shown it? One answer a kind over all customers, from what a month kept; no order of rows changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from kehujingli import terms
from kehujingli.periods import Period, day_of, month_start
from kehujingli.rules.schemes import Positive, Yuan
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.studies.classes.forecast import KINDS as COMING
from kehujingli.studies.classes.forecast import WHY, Kept, forecast
from kehujingli.studies.classes.moves import sure
from kehujingli.studies.customers.sides import Sides
from kehujingli.studies.customers.strangers import Rules as Words
from kehujingli.studies.customers.strangers import months_in
from kehujingli.tables.frames import on_book
from kehujingli.values import among, places

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from kehujingli.rules import SegmentRules

    Flags = np.ndarray[Any, np.dtype[np.bool_]]
    Money = np.ndarray[Any, np.dtype[np.int64]]

KINDS = terms.SIGNALS
Kind = Literal[
    "past_due",
    "outflow",
    "drawdown",
    "inflow",
    "deposit_due",
    "loan_due",
    "fall",
    "other_bank",
    "round_trip",
    "salary",
]
_FALLS = ("asleep", "down", "looser")
_QUARTER = (1, 2, 3)
Part = Annotated[Decimal, Field(gt=0, lt=1)]


class Rules(Strict):
    """信号。和客户自己以前比;各种信号的应验率低于基准率就不再说,到办法说要为止。"""

    drop: Part = Field(Decimal("0.30"), description="来款、存款比自己平常少几成以上")
    least: Yuan = Field(Decimal(10_000), description="涉及金额不少于多少元才说,各种信号都要")
    seasonal: tuple[
        Literal["farmer", "resident", "sole_trader", "agribusiness", "enterprise", "public", "unknown"], ...
    ] = Field(
        ("farmer",),
        description="哪些客群的来款和去年同月比:farmer 农户,agribusiness 涉农企业……;没有去年同月的和前三个月比",
    )
    outflow: Yuan = Field(Decimal(50_000), description="一笔转出不少于多少元算大额流出")
    outflow_share: Part = Field(Decimal("0.30"), description="大额流出还要占月初存款几成以上")
    days: Positive = Field(30, le=31, description="存款、贷款以后几天以内到期的说;最多 31,下个月才看得出应验没有")
    end_days: Positive = Field(5, le=15, description="月末几天、月初几天;run 时取数,改了要重新 run")
    end_money: Yuan = Field(Decimal(50_000), description="月末冲时点:月末几天净进不少于多少元")
    end_back: Part = Field(Decimal("0.80"), description="月末冲时点:月初几天净出占净进几成以上")
    bank_months: Positive = Field(3, description="常转他行:转到本人他行账户的,窗口里至少几个月有,本月也有")
    own_banks: tuple[str, ...] = Field((), description="对方行名里本行的其他叫法;写着本行的不算他行")
    salary: tuple[str, ...] = Field(
        ("代发工资", "工资", "薪金", "奖金"), description="业务类型、摘要有这些字的进账算代发;run 时取数,改了要重新 run"
    )
    per_week: Positive = Field(10, description="每个客户经理一周最多几户")
    weeks: Positive = Field(4, description="名单排几周,再多的只报户数")
    record_months: Positive = Field(12, description="应验率看最近几个月的信号")
    record_least: Positive = Field(30, description="这几个月里不少于几个信号,才拿应验率和基准率比")
    speak: tuple[Kind, ...] = Field((), description="应验率低于基准率也照说的信号")
    silent: tuple[Kind, ...] = Field((), description="不说的信号;照样记账")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        both = [kind for kind in self.speak if kind in self.silent]
        if both:
            raise refused("rules.bad-value", key="silent", value=both[0], detail="speak 里也写着")
        if self.end_money < self.least:
            detail = f"小于 least({self.least:f}),月末冲时点不到 least 的不说"
            raise refused("rules.bad-value", key="end_money", value=self.end_money, detail=detail)
        return self


@dataclass(frozen=True)
class Seen:
    """One kind over all customers: who can be judged, who shows it, the money at stake, and the two figures that it rests on (分; ``now`` of what
    has come, ``base`` of what it is set against)."""

    eligible: Flags
    raised: Flags
    stake: Money
    now: Money
    base: Money
    words: Mapping[int, str] = field(default_factory=dict)
    """What is said of those who show it beside, by their place, where figures do not say it."""


@dataclass(frozen=True)
class Facts:
    """A month as it was kept; ``classes`` sorted by customer_id, in whose order all answers are."""

    classes: pd.DataFrame
    accounts: pd.DataFrame | None = None
    loans: pd.DataFrame | None = None
    holdings: pd.DataFrame | None = None
    flows: pd.DataFrame | None = None
    counterparties: pd.DataFrame | None = None

    def placed(self, frame: pd.DataFrame, column: str) -> Money:
        """Its sum a customer."""
        import numpy as np

        found = np.zeros(len(self.classes), dtype="int64")
        at = places(frame["customer_id"], self.classes["customer_id"])
        np.add.at(found, at[at >= 0], frame[column].fillna(0).to_numpy(dtype="int64")[at >= 0])
        return found

    def whole(self, column: str) -> Money:
        """Of each customer, 0 where it is not known."""
        found: Money = self.classes[column].fillna(0).to_numpy(dtype="int64")
        return found

    @property
    def deposits(self) -> Money:
        return self.whole("deposit_balance")


def detected(
    facts: Facts, rules: Rules, period: Period, segment: SegmentRules | None, banks: Sequence[str]
) -> dict[str, Seen]:
    """Kind → who shows it; a kind that cannot be judged is not there."""
    found = _of_flows(facts, rules, period) if facts.flows is not None and len(facts.flows) else {}
    found |= _of_books(facts, rules, period)
    if segment is not None and facts.accounts is not None:
        kept = Kept(facts.classes, facts.accounts, facts.loans, facts.holdings)
        if kept.whole:
            found["fall"] = _falling(kept, facts, segment, period)
    if facts.counterparties is not None:
        found["other_bank"] = _elsewhere(facts, rules, banks)
    least = int(rules.least * 100)
    return {
        kind: replace(seen, raised=seen.raised & (seen.stake >= least))
        for kind in KINDS
        if (seen := found.get(kind)) is not None
    }


def fall(balance: Any, averages: Sequence[tuple[Any, int]]) -> Any:
    """By how much a balance is below the one of its averages (Σ of daily balances and days) that it is furthest below, as a share of it: 1 where
    nothing is left, below 0 where it has grown. Whole numbers are set against each other, as in ``lost``."""
    import numpy as np

    return np.maximum.reduce([np.where(product > 0, lost(balance * days, product), -1.0) for product, days in averages])


class _History:
    """Flows of all customers in the order of ``classes``; the balances that they lead back to."""

    def __init__(self, facts: Facts, period: Period) -> None:
        import numpy as np

        assert facts.flows is not None
        flows = facts.flows
        self.covered = int(flows["covered"].iloc[0])
        self.flows, self.at = flows, places(facts.classes["customer_id"], flows["customer_id"])
        closes = [facts.deposits]
        for step in range(4):
            closes.append(closes[-1] - self.of(f"net_{step}"))
        self.opening = closes[1]
        days = [period.last - day_of(month_start(period.month)) + 1]
        days += [day_of(month_start(period.month - k + 1)) - day_of(month_start(period.month - k)) for k in _QUARTER]
        products = [closes[k + 1] * days[k] + self.of(f"weighted_{k}") for k in range(4)]
        self.averages = [(products[k], days[k]) for k in (0, 1)] + [(np.add.reduce(products[1:]), sum(days[1:]))]
        """Of the month, the one before and the three before: Σ of daily balances and days."""
        self.sound = ~_unexplained(facts, period)
        for close in closes:
            self.sound &= close >= 0

    def of(self, column: str) -> Money:
        import numpy as np

        found: Money = np.append(self.flows[column].to_numpy(dtype="int64"), 0)[self.at]
        return found

    def has(self, *back: int) -> bool:
        """Whether the export has postings of all these months."""
        return all(self.covered >> one & 1 for one in back)


def _unexplained(facts: Facts, period: Period) -> Flags:
    """Customers of whom an account opened in the months looked at began with money that no posting brought, or nobody can tell."""
    import numpy as np

    if facts.accounts is None or not {"opened", "opening_year"} <= set(facts.accounts.columns):
        return np.zeros(len(facts.classes), dtype=bool)
    accounts = facts.accounts
    new = (accounts["opened"] >= day_of(month_start(period.month - 3))).fillna(False)
    brought = (accounts["opened"] < period.year_first) | (accounts["opening_year"].fillna(0) != 0)
    doubtful = accounts.loc[new & brought.fillna(True), "customer_id"].dropna()
    return among(facts.classes["customer_id"], doubtful)


def _of_flows(facts: Facts, rules: Rules, period: Period) -> dict[str, Seen]:
    import numpy as np

    past = _History(facts, period)
    found: dict[str, Seen] = {}
    least, deposits = int(rules.least * 100), facts.deposits
    if past.has(0, *_QUARTER) and not period.partial:
        usual = np.median([past.of(f"in_{step}") for step in _QUARTER], axis=0).astype("int64")
        seasons = facts.classes["customer_group"].isin(rules.seasonal).to_numpy(dtype=bool) & past.has(12)
        base, now = np.where(seasons, past.of("in_12"), usual), past.of("in_0")
        eligible = base >= least
        found["inflow"] = Seen(eligible, eligible & (lost(now, base) >= float(rules.drop)), base - now, now, base)
    if past.has(0, *_QUARTER):
        most = np.maximum.reduce([product / days for product, days in past.averages]).round().astype("int64")
        eligible = past.sound & (most >= least)
        down = fall(deposits, past.averages)
        found["drawdown"] = Seen(eligible, eligible & (down >= float(rules.drop)), most - deposits, deposits, most)
    if past.has(0):
        found["outflow"] = _outflow(past, rules)
    if past.has(0, *_QUARTER):
        before = (past.of("salary_months") >> 1) & 7
        people = ~facts.classes["customer_type"].isin(("business", "public")).to_numpy(dtype=bool)
        eligible, paid = people & (before == 0), past.of("salary")
        found["salary"] = Seen(eligible, eligible & (paid > 0), paid, paid, paid * 0)
    if past.has(0, 1) and period.last >= day_of(month_start(period.month)) + rules.end_days - 1:
        into, back = past.of("end_net"), -past.of("start_net")
        hit = (into >= int(rules.end_money * 100)) & (back / np.maximum(into, 1) >= float(rules.end_back))
        found["round_trip"] = Seen(
            np.ones(len(into), dtype=bool), hit, np.where(hit, np.minimum(into, back), 0), back, into
        )
    return found


def lost(now: Any, base: Any) -> Any:
    """The share of ``base`` (whole 分, above 0) that is not there: what is exactly three tenths is not below 0.30."""
    import numpy as np

    return (base - now) / np.maximum(base, 1)


def _outflow(past: _History, rules: Rules) -> Seen:
    """One posting that is large beside what there was on the first, and is gone from all accounts together."""
    import numpy as np

    most = past.of("largest_out")
    large = int(rules.outflow * 100)
    eligible = past.sound & (past.opening >= large)
    gone = (
        (most >= large)
        & (most / np.maximum(past.opening, 1) >= float(rules.outflow_share))
        & (-past.of("net_0") * 2 >= most)
    )
    return Seen(eligible, eligible & gone, np.where(gone, most, 0), most, past.opening)


def _of_books(facts: Facts, rules: Rules, period: Period) -> dict[str, Seen]:
    """What falls due, or has."""
    found: dict[str, Seen] = {}
    last, deposits = period.last, facts.deposits
    ahead = last + rules.days
    if facts.accounts is not None:
        maturing = maturing_accounts(facts.accounts, last, ahead)
        due = facts.placed(maturing, "balance")
        found["deposit_due"] = Seen(deposits >= int(rules.least * 100), due > 0, due, due, deposits)
    if facts.loans is not None:
        late, coming = loans_by_state(facts.loans, last, ahead)
        owed, past = facts.placed(standing(facts.loans), "balance"), facts.placed(late, "balance")
        due = facts.placed(coming, "balance")
        found["past_due"] = Seen(owed > 0, past > 0, past, past, owed)
        found["loan_due"] = Seen((owed > 0) & (past == 0), (due > 0) & (past == 0), due, due, owed)
    return found


def standing(loans: pd.DataFrame) -> pd.DataFrame:
    """Loans on the books with anything left."""
    book = on_book(loans)
    return book[(book["balance"] > 0).fillna(False)]


def loans_by_state(loans: pd.DataFrame, last: int, ahead: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Past due on the day ``last``, and due from it until ``ahead``."""
    book = standing(loans)
    late = ((book["overdue_days"] > 0).fillna(False) | (book["due_on"] < last).fillna(False)).astype("bool")
    return book[late], book[~late & (book["due_on"] <= ahead).fillna(False)]


def maturing_accounts(accounts: pd.DataFrame, last: int, ahead: int) -> pd.DataFrame:
    """Term deposits with money that mature after ``last``, until ``ahead``."""
    due = (accounts["matures_on"] > last) & (accounts["matures_on"] <= ahead) & (accounts["balance"] > 0)
    return accounts[(due & (accounts["kind"] == "term")).fillna(False)]


def _falling(kept: Kept, facts: Facts, segment: SegmentRules, period: Period) -> Seen:
    """The class that next month brings if nothing happens; asked of those only who have one to lose: 小客户 that are asleep already, or that came
    within the window of next month, stay where they are."""
    import numpy as np

    classes = facts.classes
    first = Period.of_month(period.month + 1).window_first(segment.frequency.dormant.idle_months)
    quiet = ~sure(classes["last_active"] >= first)
    small, frequency = sure(classes["scale"] == "small"), classes["frequency"]
    asked = np.flatnonzero(~small | sure(frequency == "frequent") | (sure(frequency == "mobile") & quiet))
    told = forecast(replace(kept, classes=classes.iloc[asked]), segment, period)
    at = np.flatnonzero(told["kind"].isin(_FALLS).to_numpy(dtype=bool))
    says = zip(told["kind"].iloc[at], told["why"].iloc[at], strict=True)
    words = [f"{COMING[kind]}（{WHY[why]}）" for kind, why in says]
    falls = np.zeros(len(classes), dtype=bool)
    falls[asked[at]] = True
    stake = facts.whole("scale_amount")
    said = dict(zip(asked[at].tolist(), words, strict=True))
    return Seen(frequency.notna().to_numpy(dtype=bool), falls, stake, stake, stake, said)


def fell(kinds: pd.Series) -> Flags:
    """Whether a change of class, as ``forecast.kinds`` says it, is for the worse."""
    found: Flags = kinds.isin(_FALLS).to_numpy(dtype=bool)
    return found


def _elsewhere(facts: Facts, rules: Rules, banks: Sequence[str]) -> Seen:
    """Whose money goes to an account in the customer's own name at another bank, this month again."""
    import numpy as np

    assert facts.counterparties is not None
    names = [one for one in (*banks, *rules.own_banks) if one]
    paying = facts.counterparties
    paying = paying[(paying["paying_months"] > 0).to_numpy(dtype=bool)].reset_index(drop=True)
    told = Sides(paying, facts.classes, Words(), names)
    rows = np.flatnonzero(told.own & (told.account >= 0) & ~told.home & (told.customer >= 0))
    size = len(facts.classes)
    bits, money = np.zeros(size, dtype="int64"), np.zeros(size, dtype="int64")
    np.bitwise_or.at(bits, told.customer[rows], paying["paying_months"].to_numpy(dtype="int64")[rows])
    np.add.at(money, told.customer[rows], paying["money_out"].to_numpy(dtype="int64")[rows])
    months = months_in(bits)
    each = money // np.maximum(months, 1)
    raised = (months >= rules.bank_months) & (bits & 1 > 0)
    return Seen(facts.deposits >= int(rules.least * 100), raised, each, each, months)

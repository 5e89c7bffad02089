"""Who pays our customers, or is paid by them, and is no customer? And whose money goes to an account of their own elsewhere?

A firm is told by its name, whatever its accounts; a person by the account, for two people of one name are two people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import Field

from kehujingli.rules.schemes import Positive, Yuan
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.customers.sides import REASONS, Sides

if TYPE_CHECKING:
    import pandas as pd

_UNITS = (
    *("公司", "集团", "合作社", "商行", "超市", "经营部", "门市", "中心", "政府", "委员会", "学校", "医院", "工作室"),
    *("厂", "店", "行", "部", "社", "场", "站", "馆", "院", "校", "局", "所", "会"),
)
_INNER = (
    *("财付通", "支付宝", "微信", "银联", "网联", "备付金", "清算", "待划转", "内部", "过渡", "暂收", "暂付", "应付"),
    *("应收", "挂账", "利息", "手续费", "税务", "国库", "社保", "医保", "公积金", "现金", "ATM", "银行", "信用社"),
)


class Rules(Strict):
    """拓客。月数和金额在客户分类的窗口(window_months)里数,金额是收付合计。"""

    months: Positive = Field(3, description="对手方在窗口里至少几个月有往来才列")
    least: Yuan = Field(Decimal(50_000), description="对手方收付合计不少于多少元才列")
    most: Positive = Field(50, description="每个客户经理最多列几个对手方,从金额大的起")
    names: Positive = Field(2, description="一个账号最多几个户名,再多的当作代收代付的账户,不列")
    units: tuple[str, ...] = Field(
        _UNITS, description="户名有这些字样的是单位,同名的几个账号合成一个;一个字的只看户名末尾。其余是个人,按账号分"
    )
    left_out: tuple[str, ...] = Field(_INNER, description="户名有这些字样的不列:内部户、清算户、税务、支付机构、同业")
    own_banks: tuple[str, ...] = Field((), description="对方行名里本行的其他叫法;写着本行的不算他行")
    outflow_months: Positive = Field(3, description="转到本人他行账户的,至少几个月有才列")
    outflow_least: Yuan = Field(Decimal(50_000), description="转到本人他行账户的,合计不少于多少元才列")
    most_villagers: Positive = Field(100, description="每个客户经理最多列几个村民,户里已有客户的在前")


@dataclass(frozen=True)
class Strangers:
    """``leads``: those above the thresholds, most money first; ``outflows``: customers with an account of their own elsewhere; ``left``: reason →
    counterparties and money (分) that are no leads; ``below``: how many are under the thresholds; ``called``: the plain name of people of a
    customer's name, by the number of the lead they would be."""

    leads: pd.DataFrame
    outflows: pd.DataFrame
    left: Mapping[int, tuple[int, int]]
    below: int
    called: Mapping[str, str]


def strangers(sides: pd.DataFrame, classes: pd.DataFrame, rules: Rules, banks: Sequence[str]) -> Strangers:
    """``sides``: as ``tables.counterparties`` gathers them; ``classes``: as a month keeps them; ``banks``: what our own bank is called."""
    import numpy as np
    import pandas as pd

    told = Sides(sides, classes, rules, banks)
    why, key = told.why(rules), told.key()
    money = (sides["money_in"] + sides["money_out"]).to_numpy(dtype="int64")
    left = {one: (len(np.unique(key[why == one])), int(money[why == one].sum())) for one in REASONS}
    free = np.flatnonzero(why == 0)
    order = free[np.argsort(key[free], kind="stable")]
    keys, starts = np.unique(key[order], return_index=True)
    if len(keys):
        sums = np.add.reduceat(money[order], starts)
        months = np.bitwise_or.reduceat(sides["posting_months"].to_numpy(dtype="int64")[order], starts)
        lasted = months_in(months)
        kept = (sums >= int(rules.least * 100)) & (lasted >= rules.months)
        rows = order[kept[np.searchsorted(keys, key[order])]]
        lasting = pd.Series(lasted[kept], index=keys[kept])
    else:
        kept, rows, lasting = np.zeros(0, dtype=bool), order, pd.Series(dtype="int64")
    leads = _leads(told, rows, key, lasting)
    return Strangers(leads, _outflows(told, rules), left, int((~kept).sum()), told.called(why))


def months_in(bits: Any) -> Any:
    """How many months are told by the bits of each."""
    import numpy as np

    return sum(((bits >> place) & 1 for place in range(63)), np.zeros(len(bits), dtype="int64"))


def _leads(told: Sides, rows: Any, key: Any, lasting: pd.Series) -> pd.DataFrame:
    """One row a counterparty above the thresholds; ``rows``: where its postings stand, ``lasting``: key → months."""
    import numpy as np
    import pandas as pd

    sides, people = told.sides.iloc[rows], told.classes
    place = told.customer[rows]
    frame = pd.DataFrame(
        {
            "key": key[rows],
            "name": told.called_as[rows],
            "account": told.account[rows],
            "written": told.written[rows],
            "customer": pd.factorize(sides["customer_id"], sort=True)[0],
            "manager": np.append(pd.factorize(people["holder_id"], sort=True)[0], -1)[place],
            "at": np.arange(len(rows)),
            "postings": sides["postings"].to_numpy(dtype="int64"),
            "money_in": sides["money_in"].to_numpy(dtype="int64"),
            "money_out": sides["money_out"].to_numpy(dtype="int64"),
        }
    )
    frame["money"] = frame["money_in"] + frame["money_out"]
    told_of = {name: frame[name].where(frame[name] >= 0) for name in ("account", "written")}
    grouped = frame.assign(**told_of).groupby("key")
    found = grouped[["postings", "money_in", "money_out", "money"]].sum()
    found = found.assign(
        months=lasting.reindex(found.index),
        customers=grouped["customer"].nunique(),
        accounts=grouped["account"].nunique(),
        spellings=grouped["written"].nunique(),
        name=grouped["name"].first(),
    )
    manager, account, customer = (_most(frame, name) for name in ("manager", "account", "customer"))
    found = found.assign(
        **{name: _of(people[name], place[manager]) for name in ("holder_id", "manager_name", "branch_name")},
        **{name: _of(sides[name], account) for name in ("counterparty_account", "counterparty_bank")},
        customer_id=_of(sides["customer_id"], customer),
    )
    found = found.rename(columns={"holder_id": "manager_id"}).reset_index()
    unit = np.append(told.unit, False)[found["name"].to_numpy(dtype="int64")]
    same = _same_names(told, key)
    found = found.assign(
        lead_id=told.numbers(found["key"].to_numpy(dtype="int64")),
        customer_type=np.where(unit, "business", "person"),
        remark=[
            _remark(row.name_code, row.accounts, row.spellings, is_unit, same)
            for row, is_unit in zip(found.rename(columns={"name": "name_code"}).itertuples(), unit, strict=True)
        ],
        customer_name=told.said(found["name"].to_numpy(dtype="int64")),
    )
    return found.sort_values(["money", "lead_id"], ascending=[False, True], ignore_index=True)


def _of(column: pd.Series, places: Any) -> Any:
    """The column at these places, nothing at -1 and where it says nothing."""
    import numpy as np

    if not len(column):
        return np.full(len(places), None, dtype=object)
    found = column.take(np.maximum(places, 0))
    return np.where(places >= 0, found.astype("object").where(found.notna(), None), None)


def _most(frame: pd.DataFrame, name: str) -> Any:
    """For each key in order a row of that ``name`` with most money, of equal ones the first; a customer without a manager counts as nobody's."""
    sums = frame.groupby(["key", name], as_index=False).agg(money=("money", "sum"), at=("at", "first"))
    sums = sums.sort_values(["key", "money", name], ascending=[True, False, True], kind="stable")
    return sums.drop_duplicates("key")["at"].to_numpy()


def _same_names(told: Sides, key: Any) -> dict[int, int]:
    """Plain name of people → how many accounts bear it."""
    import numpy as np

    rows = (told.account >= 0) & (told.called_as >= 0)
    if not rows.any():
        return {}
    keys = int(key.max()) + 1
    pairs = np.unique(told.called_as[rows] * keys + key[rows]) // keys
    names, counts = np.unique(pairs, return_counts=True)
    return {int(name): int(count) for name, count in zip(names, counts, strict=True) if not told.unit[name]}


def _remark(name: int, accounts: int, spellings: int, unit: bool, same: Mapping[int, int]) -> str:
    said = []
    if name < 0:
        said.append("没有户名")
    elif not unit and same.get(name, 0) > 1:
        said.append(f"同名 {same[name]} 个账号，各算一个")
    if unit and accounts > 1:
        said.append(f"同名 {accounts} 个账号合成一个")
    if not accounts:
        said.append("没有账号，按名称")
    if spellings > 1:
        said.append(f"户名 {spellings} 种写法")
    return "；".join(said)


def _outflows(told: Sides, rules: Rules) -> pd.DataFrame:
    """One row a customer: what went to accounts in the customer's own name at other banks, and came back."""
    import numpy as np
    import pandas as pd

    rows = np.flatnonzero(told.own & (told.account >= 0) & ~told.home & (told.customer >= 0))
    sides = told.sides.iloc[rows]
    frame = pd.DataFrame(
        {
            "at": told.customer[rows],
            "account": told.account[rows],
            "counterparty_bank": sides["counterparty_bank"].to_numpy(dtype=object),
            "postings": sides["postings"].to_numpy(dtype="int64"),
            "money_out": sides["money_out"].to_numpy(dtype="int64"),
            "money_in": sides["money_in"].to_numpy(dtype="int64"),
            "paying_months": sides["paying_months"].to_numpy(dtype="int64"),
        }
    ).sort_values(["at", "money_out"], ascending=[True, False], kind="stable")
    grouped = frame.groupby("at")
    found = grouped[["postings", "money_out", "money_in"]].sum()
    if len(found):
        starts = np.flatnonzero(np.diff(frame["at"].to_numpy(), prepend=-1))
        found["months"] = months_in(np.bitwise_or.reduceat(frame["paying_months"].to_numpy(), starts))
    else:
        found["months"] = pd.Series(dtype="int64")
    found = found.assign(accounts=grouped["account"].nunique(), counterparty_bank=grouped["counterparty_bank"].first())
    kept = (found["months"] >= rules.outflow_months) & (found["money_out"] >= int(rules.outflow_least * 100))
    found = found[kept]
    people = told.classes.iloc[found.index]
    names = [
        *(
            "customer_id",
            "customer_name",
            "customer_type",
            "branch_name",
            "holder_id",
            "manager_name",
            "deposit_balance",
        )
    ]
    found = pd.concat([people[names].reset_index(drop=True), found.reset_index(drop=True)], axis=1)
    return found.sort_values(["money_out", "customer_id"], ascending=[False, True], ignore_index=True)

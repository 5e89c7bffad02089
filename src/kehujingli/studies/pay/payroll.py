"""What does the payroll system take of a month's pay? A row a person or a post, in the columns of the rules, adding up to 实际兑付 of 绩效薪酬.

No study: its columns are the rules', so that ``kehujingli payroll`` has a command of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.values import missing, round_half_up, text_of

if TYPE_CHECKING:
    import pandas as pd

_MONEY = (
    "standard",
    "pay",
    "advance",
    "deferred",
    "to_settle",
    "paid_now",
    "settled",
    "matured",
    "granted",
    "clawback",
    "carried",
    "paid",
)
_POINTS = ("score", "point_worth")
_TEXTS = ("manager_id", "name", "branch_id", "branch_name", "grade", "duty_share", "remark", "period")
_OF_POSTS = ("standard", "point_worth")
"""What is no sum of posts."""
FIELDS: Mapping[str, str] = {terms.label(key).partition("(")[0]: key for key in (*_TEXTS, *_POINTS, *_MONEY)}
"""What a column may take, as 绩效薪酬 calls it → the kept column."""
_PAID, _WHO = terms.label("paid"), terms.label("manager_id")
_SHOWN = 5


class PayrollColumn(Strict):
    """薪酬系统的一列:取绩效薪酬的一栏,或固定的字。"""

    name: str = Field(min_length=1, description="表头,照薪酬系统的写")
    value: str | None = Field(None, description=f"取绩效薪酬的哪一栏:{'、'.join(FIELDS)}")
    text: str | None = Field(None, description="固定的字,如工资项目;和 value 只写一个")

    @model_validator(mode="after")
    def _one(self) -> PayrollColumn:
        if (self.value is None) == (self.text is None):
            raise refused("rules.bad-value", key="columns", value=self.name, detail="value 和 text 要写一个,只写一个")
        if self.value is not None and self.value not in FIELDS:
            raise refused("rules.bad-value", key="value", value=self.value, detail=f"应是 {'、'.join(FIELDS)} 之一")
        return self


def _usual() -> tuple[PayrollColumn, ...]:
    keys = ("manager_id", "name", "branch_id", "branch_name", "period", "paid")
    names = (terms.label(key) for key in keys)
    return tuple(PayrollColumn(name=name, value=name) for name in names)


class Rules(Strict):
    columns: tuple[PayrollColumn, ...] = Field(
        default_factory=_usual,
        min_length=1,
        description=f"各列,从左到右,每列写 name(表头)和 value(取绩效薪酬的哪一栏)或 text(固定的字);工号、实际兑付两栏要有,实际兑付只一列。可取:{'、'.join(FIELDS)}",
    )
    rows: Literal["person", "post"] = Field(
        "person", description="person 一人一行,几个岗位的金额相加;post 一个岗位一行,和绩效薪酬一样"
    )
    order: tuple[str, ...] = Field(
        (terms.label("branch_id"), _WHO), description="各行依次按哪几栏排,从小到大;还相同的按工号"
    )
    nothing: Literal["leave", "keep"] = Field("leave", description="没有可付的:leave 不列,keep 列出,实际兑付写 0")
    sheet: str = Field("Sheet1", min_length=1, max_length=31, description="工作簿里表的名称")
    encoding: Literal["utf-8-sig", "utf-8", "gb18030"] = Field("utf-8-sig", description="CSV 文件的编码")

    @model_validator(mode="after")
    def _whole(self) -> Rules:
        taken = [column.value for column in self.columns]
        if _WHO not in taken or taken.count(_PAID) != 1:
            detail = f"要有“{_WHO}”，“{_PAID}”要有而且只一列，否则对不上合计"
            raise refused("rules.bad-value", key="columns", value="、".join(filter(None, taken)), detail=detail)
        names = [column.name for column in self.columns]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise refused("rules.bad-value", key="columns", value=twice, detail="表头写了两次")
        if odd := next((name for name in self.order if name not in FIELDS), None):
            raise refused("rules.bad-value", key="order", value=odd, detail=f"应是 {'、'.join(FIELDS)} 之一")
        return self

    @property
    def paid_at(self) -> int:
        """Which column says what is paid."""
        return [column.value for column in self.columns].index(_PAID)


@dataclass(frozen=True)
class Payroll:
    """``rows``: a cell a column of the rules, texts, amounts in 元 with two digits, None where there is nothing; ``due``: 实际兑付 of 绩效薪酬 in all."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str | Decimal | None]]
    due: Decimal
    findings: Sequence[Finding]


def payroll(pay: pd.DataFrame, managers: pd.DataFrame, period: str, rules: Rules) -> Payroll:
    """``pay`` and ``managers`` as a month keeps them, ``period`` as 2026-10."""
    posts = [{key: _said(key, value) for key, value in row.items()} for row in pay.to_dict("records")]
    posts = [row | {"period": period} for row in posts]
    due = sum((_amount(row) for row in posts), Decimal(0))
    known = {text_of(number) for number in managers["manager_id"]}
    told = _told(posts, known, rules)
    made = _persons(posts) if rules.rows == "person" else posts
    listed = [row for row in made if rules.nothing == "keep" or _amount(row)]
    listed.sort(key=lambda row: [*(_place(row[FIELDS[name]]) for name in rules.order), _place(row["manager_id"])])
    rows = [[_cell(row, column) for column in rules.columns] for row in listed]
    return Payroll([column.name for column in rules.columns], rows, due, told)


def _said(key: str, value: Any) -> str | Decimal | None:
    if missing(value):
        return None
    if key in _MONEY:
        return round_half_up(Decimal(value), 2)
    return Decimal(value) if key in _POINTS else text_of(value)


def _amount(row: Mapping[str, Any]) -> Decimal:
    return row["paid"] if row["paid"] is not None else Decimal(0)


def _place(value: str | Decimal | None) -> tuple[bool, bool, Any]:
    """Texts among texts, amounts among amounts; what is not there behind."""
    return (value is None, isinstance(value, str), value if value is not None else 0)


def _cell(row: Mapping[str, Any], column: PayrollColumn) -> str | Decimal | None:
    if column.value is None:
        return column.text
    return _amount(row) if column.value == _PAID else row[FIELDS[column.value]]


def _persons(posts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a 工号: sums of the posts, the rest of the post that pays most; who has no 工号 stays a row each."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for place, row in enumerate(posts):
        groups.setdefault(row["manager_id"] or place, []).append(row)
    made = []
    for group in groups.values():
        first: dict[str, Any] = dict(group[_most(group)])
        if len(group) > 1:
            for key in set(_MONEY) - set(_OF_POSTS):
                known = [row[key] for row in group if row[key] is not None]
                first[key] = sum(known, Decimal(0)) if known else None
        made.append(first)
    return made


def _most(group: Sequence[Mapping[str, Any]]) -> int:
    """Which of the rows pays most, the first of several."""
    return max(range(len(group)), key=lambda place: _amount(group[place]))


def _told(posts: Sequence[Mapping[str, Any]], known: set[str | None], rules: Rules) -> list[Finding]:
    """What a person has to look at before the money goes."""
    numbers = [row["manager_id"] for row in posts]
    twice = [row for row in posts if row["manager_id"] and numbers.count(row["manager_id"]) > 1]
    listed = [row for row in posts if _amount(row)]
    found = {
        # who is paid without a post has no share of days either: nothing of his is lacking
        "payroll.unscored": [row for row in posts if row["pay"] is None and row["duty_share"]],
        "payroll.below": [row for row in posts if _amount(row) < 0],
        "payroll.unknown": [row for row in listed if row["manager_id"] not in known],
        "payroll.merged" if rules.rows == "person" else "payroll.twice": twice,
    }
    return [_several(code, rows) for code, rows in found.items() if rows]


def _several(code: str, rows: Sequence[Mapping[str, Any]]) -> Finding:
    who = list(dict.fromkeys(f"{row['manager_id'] or '（没有工号）'} {row['name'] or ''}".strip() for row in rows))
    more = " 等" if len(who) > _SHOWN else ""
    return finding(code, count=len(who), who="、".join(who[:_SHOWN]) + more)

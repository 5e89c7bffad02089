"""What do people fill in by hand? Every typed table as a form: its columns with their words, how each is written, rows begun for those concerned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kehujingli import terms
from kehujingli.rules.schemes import IncentiveRules
from kehujingli.rules.shapes.base import Item
from kehujingli.terms.canonical import Column, Kind, Table

_EXAMPLES: Mapping[str, str] = {
    "customer_id": "810000000012",
    "account_id": "6210000000000000012",
    "loan_id": "JJ202600012",
    "branch_id": "101",
    "manager_id": "M0001",
    "name": "张三",
    "period": "2026-10",
    "approved_by": "刘主任",
    "entered_by": "王敏",
    "document": "联社发〔2026〕12号",
    "share": "0.6",
    "valid_from": "2026-10-01",
    "valid_to": "2026-12-31",
    "occurred_on": "2026-10-12",
    "reason": "走访记录漏录 3 户",
    "points": "-2",
    "target": "250",
    "baseline": "1200",
    "unit": "万元",
    "year": "2026",
    "village": "东关村",
    "source": "信贷管理部",
    "capacity": "600",
    "authority": "300000",
    "since": "2024-03-01",
    "until": "",
    "duty_days": "31",
}
_HOW: Mapping[str, str] = {
    "period": "月写 2026-10，季写 2026年第4季度，全年写 2026",
    "share": "0 到 1 之间；同一笔几个人分的，几行加起来不超过 1",
    "line": "从下拉里选",
    "item": "从下拉里选",
    "unit": "金额类指标写 万元 或 元；其余照印好的，不改",
    "valid_to": "一直有效的不写",
    "points": "加分写正数，扣分写负数；与金额写一个",
    "amount": "与加减分写一个",
    "year": "四位年份",
    "customer_id": "客户号、账号、借据编号写一个，写到哪里归属到哪里",
    "duty_days": "整月在岗的不写",
    "until": "还在任的不写",
}
_UNITS = {"money": "元", "rate": "%"}
"""What a form asks for where its table takes every unit: whoever fills it in sees one."""
_COUNTED = {
    "promised_days": "天",
    "duty_days": "天",
    "overdue_days": "天",
    "minutes": "分钟",
    "quota": "人",
    "population": "人",
    "staff": "人",
    "counter_staff": "人",
    "households": "户",
    "capacity": "户",
    "atm": "台",
}
"""What one of a column of whole numbers is called."""
_AS_ELSEWHERE = "与别的表写法相同，作文字，前面的 0 不去掉"


@dataclass(frozen=True)
class Field:
    """One column of a form. ``choices`` are the words to choose from; ``free`` lets others stand as well."""

    header: str
    kind: Kind
    must: bool = False
    unit: str = ""
    how: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    free: bool = False

    @property
    def said(self) -> str:
        return f"{self.header}（{self.unit}）" if self.unit else self.header


@dataclass(frozen=True)
class Form:
    """``label`` is the name of file and sheet; ``rows`` are those begun, by header."""

    label: str
    fields: tuple[Field, ...]
    rows: tuple[Mapping[str, str], ...] = field(default=())
    fixed: tuple[str, ...] = ()
    """Headers of what is begun and not to be changed: the sheet is protected, all other cells are open."""


@dataclass(frozen=True)
class Post:
    """Somebody who fills in, or is filled in for."""

    manager_id: str
    name: str
    branch_id: str


def form_of(table: Table) -> Form:
    """A table as it is, nothing begun."""
    return Form(table.label, tuple(_field(table, column) for column in table.columns))


def profile_form(lacking: Sequence[Mapping[str, str]], manager: str) -> Form:
    """客户档案 with a line for every item that is lacking. ``lacking``: customer_id, customer_name, profile_kind, profile_item, content_unit."""
    table = terms.BY_KEY["profile"]
    named = Field(terms.BY_KEY["customers"].column("name").label, "text", how="只给人看", example="张三")
    heads = ("customer_id", "profile_kind", "profile_item")
    head, *others = (_field(table, table.column(key)) for key in heads)
    typed = [
        _field(table, table.column(key)) for key in ("content", "content_unit", "as_of", "collected_by", "evidence")
    ]
    units = tuple(dict.fromkeys(["万元", "元", "人", "亩", "头", "吨", *(row["content_unit"] for row in lacking)]))
    fields = (
        head,
        named,
        *others,
        replace(typed[0], how="不知道的空着，不写“无”；空着的行不算", must=True),
        replace(typed[1], choices=tuple(filter(None, units)), free=True),
        replace(typed[2], how="哪天问到、看到的", must=True),
        *typed[3:],
    )
    rows = [
        {head.header: row["customer_id"], named.header: row["customer_name"], typed[3].header: manager}
        | {one.header: row[key] for one, key in zip(others, heads[1:], strict=True)}
        | {typed[1].header: row["content_unit"]}
        for row in lacking
    ]
    fixed = (head.header, named.header, *(one.header for one in others))
    return Form(table.label, fields, tuple(rows), fixed)


def survey_form(asked: Sequence[Mapping[str, str]], manager: str, period: str) -> Form:
    """需求调查 with a line for every question of everybody drawn. ``asked``: customer_id, customer_name, question, text."""
    table = terms.BY_KEY["survey"]
    named = Field(terms.BY_KEY["customers"].column("name").label, "text", how="只给人看", example="张三")
    text = Field(terms.label("asks"), "text", how="只给人看", example="资金安全")
    keys = ("survey_id", "customer_id", "question", "answer", "importance", "satisfaction", "answered_on", "manager_id")
    of = {key: _field(table, table.column(key)) for key in keys}
    of["answer"] = replace(of["answer"], how="要哪些业务，几样用顿号分开；不要的写无；没问到的空着")
    for key in ("importance", "satisfaction"):
        of[key] = replace(of[key], how="1 到 5，5 最高；只有问重要性、满意度的题写", choices=("1", "2", "3", "4", "5"))
    fields = (of["survey_id"], of["customer_id"], named, of["question"], text, *(of[key] for key in keys[3:]))
    rows = [
        {
            of["survey_id"].header: period,
            of["customer_id"].header: row["customer_id"],
            named.header: row["customer_name"],
            of["question"].header: row["question"],
            text.header: row["text"],
            of["manager_id"].header: manager,
        }
        for row in asked
    ]
    fixed = tuple(one.header for one in fields[:5])
    return Form(table.label, fields, tuple(rows), fixed)


def forms_to_fill(rules: IncentiveRules | None, posts: Sequence[Post] = (), period: str = "") -> list[Form]:
    """The forms of what a month's scores wait for. ``period``: the month to come, as 2026-11; without posts nothing is begun."""
    items = [item for scheme in rules.schemes for item in scheme.item] if rules is not None else []
    labels = tuple(dict.fromkeys(item.label for item in items))
    with_target = [item for item in items if item.needs_target and item.target is None]
    return [
        _targets(with_target, posts, period[:4]),
        _visit_plan(posts, period),
        _actuals(items, posts, period),
        _adjustments((*labels, *terms.VETO_ITEMS[1:], *terms.CLAWBACK_ITEMS[1:2], *terms.STOP_ITEMS[1:2])),
        _chosen("attributions"),
        _chosen("baselines", item=labels),
        _chosen("grids"),
        _conflicts(),
        _chosen("managers"),
    ]


def _field(table: Table, column: Column, choices: Iterable[str] = (), *, free: bool = False) -> Field:
    needed = {key for group in table.requires for key in group if len(group) == 1}
    words: dict[str, str] = {}
    for word, code in column.codes.items():
        if not word.isascii():
            words.setdefault(code, word)
    how = _HOW.get(column.key, _AS_ELSEWHERE if column.kind == "id" else "")
    example = column.example or _EXAMPLES.get(column.key, "")
    given = tuple(choices) or tuple(words.values())
    if given and not example:
        example = given[0]
    unit = column.unit or _UNITS.get(column.kind, "") or _COUNTED.get(column.key, "")
    return Field(column.label, column.kind, column.key in needed, unit, how, example, given, free)


def _chosen(name: str, **choices: tuple[str, ...]) -> Form:
    """All columns of a table but those that only programs write."""
    table = terms.BY_KEY[name]
    hidden = {"data_date", "approved_on", "corrects", "status", "agreed"}
    return Form(
        table.label,
        tuple(
            _field(table, column, choices.get(column.key, ()), free=column.key in choices)
            for column in table.columns
            if column.key not in hidden
        ),
    )


def _conflicts() -> Form:
    """One of customer and village is written."""
    form = _chosen("conflicts")
    table = terms.BY_KEY["conflicts"]
    customer, village, reason = (table.column(key).label for key in ("customer_id", "village", "reason"))
    how = {
        customer: f"与{village}写一个：写到客户，只回避这一户",
        village: f"与{customer}写一个：写到村，回避全村；村名和客户信息里写的一样",
    }
    example = {village: "", reason: "配偶"}
    fields = tuple(
        replace(one, how=how.get(one.header, one.how), example=example.get(one.header, one.example))
        for one in form.fields
    )
    return replace(form, fields=fields)


def _adjustments(items: tuple[str, ...]) -> Form:
    return _chosen("adjustments", item=items)


def _named(posts: Sequence[Post]) -> Field:
    """Whose line it is, for the person who fills it in: programs go by the number."""
    return Field(terms.BY_KEY["managers"].column("name").label, "text", how="只给人看", example="张三" if posts else "")


def _targets(items: Sequence[Item], posts: Sequence[Post], year: str) -> Form:
    """One line for every post and item that is scored against a target."""
    table = terms.BY_KEY["targets"]
    of = {key: table.column(key) for key in ("manager_id", "item", "target", "unit", "period")}
    labels = tuple(dict.fromkeys(item.label for item in items))
    rows = []
    for post in posts:
        for label, item in {item.label: item for item in items}.items():
            rows.append(
                {
                    of["manager_id"].label: post.manager_id,
                    _named(posts).header: post.name,
                    of["item"].label: label,
                    of["unit"].label: _counted_in(item),
                    of["period"].label: year,
                }
            )
    fields = (
        _field(table, of["manager_id"]),
        _named(posts),
        _field(table, of["item"], labels, free=True),
        _field(table, of["target"]),
        _field(table, of["unit"], ("万元", "元"), free=True),
        _field(table, of["period"]),
    )
    return Form(table.label, fields, tuple(rows))


def _typed_in(item: Item) -> str:
    """In what an actual is typed."""
    style = item.style or terms.ACTUAL_STYLES.get(item.actual or "")
    return {"money": "元", "ratio": "%", "count": item.counted}.get(style or "", "")


def _counted_in(item: Item) -> str:
    """In what a target is written: nothing where neither the item nor its actual says."""
    style = item.style or terms.ACTUAL_STYLES.get(item.actual or "")
    percent = "%" if item.unit == Decimal("0.01") else ""
    return {"money": "万元", "ratio": percent, "count": item.counted}.get(style or "", "")


def _visit_plan(posts: Sequence[Post], period: str) -> Form:
    """任务数 of one item, month by month."""
    table = terms.BY_KEY["targets"]
    manager, item, target, unit, month = (
        table.column(key) for key in ("manager_id", "item", "target", "unit", "period")
    )
    plan, named, counted = terms.VISIT_PLAN_ITEMS[-1], _named(posts), "户"
    rows = [
        {
            manager.label: post.manager_id,
            named.header: post.name,
            item.label: plan,
            unit.label: counted,
            month.label: period,
        }
        for post in posts
    ]
    fields = (
        _field(table, manager),
        named,
        _field(table, item, (plan,)),
        _field(table, target),
        _field(table, unit, (counted,)),
        _field(table, month),
    )
    return Form(terms.VISIT_PLAN_ITEMS[1], fields, tuple(rows))


def _actuals(items: Sequence[Item], posts: Sequence[Post], period: str) -> Form:
    """One line a post, one column for every item that the exports cannot tell; where they tell all, for every item that may be typed."""
    table = terms.BY_KEY["actuals"]
    open_ = {item.label: item for item in items if item.needs_actual and item.allow_actuals}
    by_hand = {label: item for label, item in open_.items() if item.actual is None} or open_
    typed = tuple(
        Field(
            label,
            "decimal",
            unit=_typed_in(item),
            how="算不出、也没有的空着，不写 0",
        )
        for label, item in by_hand.items()
    )
    head = tuple(_field(table, table.column(key)) for key in ("manager_id", "name", "branch_id", "period"))
    tail = tuple(_field(table, table.column(key)) for key in ("source", "approved_by"))
    rows = [
        dict(zip((one.header for one in head), (post.manager_id, post.name, post.branch_id, period), strict=True))
        for post in posts
    ]
    return Form(table.label, (*head, *typed, *tail), tuple(rows))

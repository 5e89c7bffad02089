"""What changed between two rules files? Every key by its own name in Chinese, before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kehujingli import terms
from kehujingli.rules.code_words import SHAPE_NAMES, code_word, number_word
from kehujingli.rules.models import Rules

_NAMES = ("label", "title", "name", "reason", "grade", "of")
_TITLES = {
    "shape": "怎样计分",
    "mode": "计酬方式",
    "settle": "何时延期",
    "moves": "换户",
    "territory": "按什么分",
    "start": "从几分起",
    "counts": "计入哪里",
    "whole_steps": "满一档才算",
    "closed": "区间含哪一端",
    "closed_status": "已销户的状态",
    "factor_by": "系数按哪个等级",
    "over_pool": "超过总额时",
    "when": "条件",
    "combine": "存贷合并",
    "curve": "各月累计进度",
    "unit": "任务数的单位",
    "bands": "分档",
    "tiers": "分档单价",
}
Places = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One key that two files say differently; what a file does not say is empty."""

    where: Places
    before: str
    after: str

    @property
    def text(self) -> str:
        place = " · ".join(self.where)
        if not self.before:
            return f"新增  {place}：{self.after}"
        if not self.after:
            return f"取消  {place}：{self.before}"
        return f"修改  {place}：{self.before} → {self.after}"


def changes(before: Rules, after: Rules) -> list[Change]:
    """What changed, in the order of the file: first what was there before, then what is new."""
    old, new = dict(in_words(before)), dict(in_words(after))
    return [
        Change(where, old.get(where, ""), new.get(where, ""))
        for where in dict.fromkeys([*old, *new])
        if old.get(where) != new.get(where)
    ]


def in_words(model: BaseModel, base: Places = ()) -> Iterator[tuple[Places, str]]:
    """Every key that a model says, with its place in words."""
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        if (
            value is None
            or value in ((), {})
            or (key in ("item", "metric", "gate", "grade") and bool(getattr(model, "scheme", None)))
        ):
            continue
        here = (*base, title(key, field))
        if isinstance(value, BaseModel):
            yield from in_words(value, here)
        elif isinstance(value, tuple) and all(isinstance(part, BaseModel) for part in value):
            for number, part in enumerate(value, 1):
                yield from in_words(part, (*here, _name(part, number)))
        elif isinstance(value, dict):
            for name, part in value.items():
                if isinstance(part, BaseModel):
                    yield from in_words(part, (*here, code_word(key, str(name))))
                elif isinstance(part, dict):  # a study's own keys, as the file has them
                    for inner, said in part.items():
                        yield (*here, f"[{key}.{name}]", inner), word(inner, said)
                else:
                    yield (*here, code_word(key, str(name))), word(key, part)
        else:
            yield here, word(key, value)


def _name(model: BaseModel, number: int) -> str:
    return next((str(getattr(model, key)) for key in _NAMES if getattr(model, key, None)), f"第 {number} 个")


def title(key: str, field: FieldInfo) -> str:
    """A key's name: its description up to the first mark, with the unit of money that follows it."""
    name, *more = re.split(r"[;:,。]", field.description or key)
    unit = f"（{more[0]}）" if more and more[0] in ("元", "万元") else ""
    return _TITLES.get(key) or name.strip() + unit


def word(key: str, value: Any) -> str:
    """A value in words."""
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            return number_word(value)
        case str() if key == "shape":
            return SHAPE_NAMES.get(value, value)
        case str():
            return terms.CATEGORIES.get(value) or terms.ITEM_ACTUALS.get(value) or code_word(key, value)
        case tuple() | list():
            parts = (f"[{word(key, part)}]" if isinstance(part, tuple | list) else word(key, part) for part in value)
            return "、".join(parts)
        case _:
            return str(value)

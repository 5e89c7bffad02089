"""How does a scheme read in words that a director can sign, and what changed in it? Models told by the descriptions of their own keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kehujingli import terms
from kehujingli.rules.models import Rules
from kehujingli.rules.schemes import SchemeRules
from kehujingli.shapes.base import Item, plain

_FULL_WIDTH = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})
_NAMES = ("label", "title", "name", "reason", "grade", "of")
_HIDDEN = frozenset({"id", "shape", "label"})
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


def tell(rules: Rules) -> list[str]:
    """The whole file as lines: one a section, one an item."""
    lines = [f"{rules.institution.name or '（没有写机构）'}  文号：{rules.institution.document or '没有'}"]
    for key in ("segment", "assign"):
        section = getattr(rules, key)
        if section is not None:
            lines += ["", f"【{_title(Rules.model_fields[key])}】", *_lines(section)]
    for scheme in rules.incentive.schemes if rules.incentive else ():
        lines += ["", f"【{scheme.title or '考核与绩效'}】", *_scheme(scheme)]
    return lines


def changes(before: Rules, after: Rules) -> list[Change]:
    """What changed, in the order of the file: first what was there before, then what is new."""
    old, new = dict(_flat(before)), dict(_flat(after))
    return [
        Change(where, old.get(where, ""), new.get(where, ""))
        for where in dict.fromkeys([*old, *new])
        if old.get(where) != new.get(where)
    ]


def _scheme(scheme: SchemeRules) -> Iterator[str]:
    for number, item in enumerate(scheme.item, 1):
        yield f"{number}. {item.label}（{_worth(item)}，{terms.CATEGORIES[item.category]}）：{_said(item)}"
    rest = {key: getattr(scheme, key) for key in type(scheme).model_fields if key not in ("item", "title", "scheme")}
    for key, value in rest.items():
        if value != type(scheme).model_fields[key].get_default(call_default_factory=True):
            name = _title(type(scheme).model_fields[key])
            yield f"{name}：{_word(value, type(scheme).model_fields[key])}"


def _worth(item: Item) -> str:
    return f"{plain(item.points)} 分" if item.is_counted == "points" else item.of_full


def _said(item: Item) -> str:
    """The shape's own sentence, then its numbers by the names of its keys."""
    own = [
        key
        for key in type(item).model_fields
        if key not in _HIDDEN and key not in ("category", "link", "points", "counts")
    ]
    told = [
        f"{_title(type(item).model_fields[key])} {_word(getattr(item, key), type(item).model_fields[key])}"
        for key in own
        if key in item.model_fields_set
    ]
    sentence = (type(item).__doc__ or "").strip().rstrip("。")
    return "；".join([sentence.translate(_FULL_WIDTH), *told]) + "。"


def _lines(model: BaseModel) -> Iterator[str]:
    for where, value in _flat(model):
        yield f"{' · '.join(where)}：{value}"


def _flat(model: BaseModel, base: Places = ()) -> Iterator[tuple[Places, str]]:
    """Every key that a model says, with its place in words."""
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        if value is None or value == () or value == {} or (key == "item" and getattr(model, "scheme", ())):
            continue
        here = (*base, _title(field) if key != "shape" else "怎样计分")
        if isinstance(value, BaseModel):
            yield from _flat(value, here)
        elif isinstance(value, tuple) and all(isinstance(part, BaseModel) for part in value):
            for number, part in enumerate(value, 1):
                yield from _flat(part, (*here, _name(part, number)))
        elif isinstance(value, dict):
            for name, part in value.items():
                yield (*here, str(name)), _word(part, field)
        else:
            yield here, _word(value, field)


def _name(model: BaseModel, number: int) -> str:
    return next((str(getattr(model, key)) for key in _NAMES if getattr(model, key, None)), f"第 {number} 个")


def _title(field: FieldInfo) -> str:
    """A key's name: its description up to the first mark."""
    return re.split(r"[;:,。]", field.description or "")[0].strip()


def _word(value: Any, field: FieldInfo) -> str:
    """A value in words; a code by what the key's description calls it."""
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            return plain(value) if value.is_finite() else ("无上限" if value > 0 else "无下限")
        case str():
            return _code(value, field)
        case tuple():
            return "、".join(
                f"[{_word(part, field)}]" if isinstance(part, tuple) else _word(part, field) for part in value
            )
        case dict():
            return "、".join(f"{name} {_word(part, field)}" for name, part in value.items())
        case BaseModel():
            parts = [
                f"{_title(inner)} {_word(getattr(value, key), inner)}"
                for key, inner in type(value).model_fields.items()
                if key in value.model_fields_set
            ]
            return "（" + "，".join(parts) + "）"
        case _:
            return str(value)


def _code(value: str, field: FieldInfo) -> str:
    if value in terms.CATEGORIES:
        return terms.CATEGORIES[value]
    if value in terms.ITEM_ACTUALS:
        return terms.ITEM_ACTUALS[value]
    codes = str(get_args(field.annotation)) + str(field.annotation)
    found = re.search(rf"(?<!\w){re.escape(value)}[ (]?([\u4e00-\u9fff][^;,、:)]*)", field.description or "")
    return found[1].strip() if found and f"'{value}'" in codes else value

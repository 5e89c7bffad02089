"""What may stand in a rules file? The reference as Markdown, made from the models, so that it cannot drift from them.

python -m kehujingli.commands.manual docs
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from kehujingli import terms
from kehujingli.rules.models import Rules
from kehujingli.rules.schemes import PopulationRules, SchemeRules
from kehujingli.rules.shapes import SHAPES
from kehujingli.rules.shapes.base import Condition, Item
from kehujingli.rules.turned import GROWING
from kehujingli.values import plain

_HEAD = """# 规则文件

一个文件是一套办法，文件名是生效日期（`rules/2026-01-01.toml`），期间用其最后一天在用的那份。金额写元，比例写小数。不认识的键、分档的缺口和重叠都会报错，并指出第几行。完整的例子见 [example.toml](../src/kehujingli/rules/example.toml)。

本页由程序的模型生成，测试保证两者一致。
"""
_FULL_WIDTH = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})
_KINDS = {str: "文字", int: "整数", Decimal: "数", bool: "true 或 false", float: "数"}


def reference(studies: Mapping[str, type[BaseModel]]) -> str:
    """The whole page. ``studies``: the model of each study's section."""
    pages = [_HEAD]
    places: dict[type[BaseModel], list[str]] = {}
    for path, model in _sections(Rules, ""):
        places.setdefault(model, []).append(f"`[{path}]`")
    for model, paths in places.items():
        others = [path for path in paths[1:] if "incentive.scheme" not in path]
        again = f"{'、'.join(others)} 也这样写。" if others else ""
        base = SchemeRules if model is PopulationRules else None
        pages.append(_section(paths[0], model, again or _said(model), base))
    common = _section("`[[incentive.item]]` 各形状共有的键", Item, "每个指标写一段，`shape` 说明怎样计分。", None)
    shapes = [
        _section(f'`shape = "{_shape_name(shape)}"`', shape, _said(shape), Item)
        for shape in sorted(SHAPES, key=_shape_name)
    ]
    inside = [_section(f"`{key}` 里的每一段", model, _said(model), None) for key, model in _inside_items()]
    actuals = _actuals()
    asked = [_section(f"`[studies.{key}]`", model, _said(model), None) for key, model in studies.items()]
    return "\n".join([*pages, common, actuals, *shapes, *inside, *asked]).rstrip() + "\n"


def _actuals() -> str:
    """What the program reckons itself: the name that rules and tables use, how it is said, and which way is good."""
    units = {"money": "万元", "ratio": "%", "count": "户", "number": ""}
    rows = [
        f"| `{key}` | {label} | {units[terms.ACTUAL_STYLES[key]]} | 越{'多' if key in GROWING else '少'}越好 |"
        for key, label in terms.ITEM_ACTUALS.items()
    ]
    head = "## `actual` 可以写的：程序会算的实绩\n\n任务数、人工填报、基数里写编号或名称都认。\n"
    return "\n".join([head, "| 编号 | 名称 | 单位 | 方向 |", "|---|---|---|---|", *rows, ""])


def section(title: str, model: type[BaseModel]) -> str:
    """One section of the page: what may stand in it."""
    return _section(title, model, _said(model), None)


def _inside_items() -> Iterator[tuple[str, type[BaseModel]]]:
    """What stands inside items: conditions, rungs, charges … each once, under the key where it is met first."""
    seen: set[type[BaseModel]] = set()
    waiting: list[type[BaseModel]] = [Item, *SHAPES]
    while waiting:
        model = waiting.pop(0)
        for key, field in model.model_fields.items():
            for inner, _ in _models(field.annotation):
                if inner not in seen:
                    seen.add(inner)
                    waiting.append(inner)
                    yield key, inner


def _said(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().split("\n")[0] if _is_chinese(model.__doc__ or "") else ""


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def _shape_name(shape: type[BaseModel]) -> str:
    return str(get_args(shape.model_fields["shape"].annotation)[0])


def _sections(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """Every table of the file below ``model``, in the order of the models; a list of tables is ``path`` with ``[]``."""
    for key, field in model.model_fields.items():
        for inner, many in _models(field.annotation):
            if issubclass(inner, Item | Condition):
                continue
            here = f"{path}.{key}" if path else key
            yield (f"[{here}]" if many else here), inner
            yield from _sections(inner, here)


def _models(kind: Any, many: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind, many
        return
    origin = get_origin(kind)
    arguments = get_args(kind)[:1] if origin is Annotated else get_args(kind)
    for inner in arguments:
        yield from _models(inner, many or origin in (tuple, list))


def _section(title: str, model: type[BaseModel], said: str, base: type[BaseModel] | None) -> str:
    rows = [
        f"| `{key}` | {_kind(field.annotation)} | {_default(field)} | {_cell(field.description or '')} |"
        for key, field in model.model_fields.items()
        if base is None or key not in base.model_fields
    ]
    head = [f"## {title}", "", *([said, ""] if said else [])]
    return "\n".join([*head, "| 键 | 写什么 | 不写时 | 意思 |", "|---|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").translate(_FULL_WIDTH)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**必写**"
    if field.default_factory is not None or field.default is None or field.default is PydanticUndefined:
        return ""
    return f"`{_value(field.default)}`" if field.default != () else ""


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return plain(value)
        case tuple():
            return "[" + ", ".join(_value(part) for part in value) + "]"
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _kind(kind: Any) -> str:
    """A type as a bookkeeper reads it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin is Literal:
        return "、".join(f"`{value.value if isinstance(value, Enum) else value}`" for value in arguments)
    if origin in (Union, types.UnionType):
        return " 或 ".join(dict.fromkeys(_kind(part) for part in arguments if part is not type(None)))
    if origin in (tuple, list):
        inner = [part for part in arguments if part is not Ellipsis]
        return f"[{'，'.join(_kind(part) for part in inner)}{' …' if Ellipsis in arguments else ''}]"
    if origin is dict:
        return f"表：{_kind(arguments[0])} = {_kind(arguments[1])}"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "一段，见下" if not issubclass(kind, Item) else "指标，见下"
    return _KINDS.get(kind, "")

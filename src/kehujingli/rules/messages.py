"""What is wrong with a rules file, where, and how is it put right? pydantic's errors as sentences with line numbers."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from kehujingli.errors import Finding, finding
from kehujingli.errors.toml_lines import key_lines, line_of
from kehujingli.rules.shapes import SHAPES


def explain(error: ValidationError, data: Mapping[str, Any], text: str, path: Path) -> Iterator[Finding]:
    """Every error of the file as a finding with its line."""
    lines = key_lines(text)
    for detail in error.errors():
        where = _path(detail["loc"], data)
        said = (detail.get("ctx") or {}).get("value")
        where = _holding(where, data, said) if said else where
        line = line_of(lines, where)
        place = f"{path.name} 第 {line} 行" if line else path.name
        key = next((str(part) for part in reversed(where) if isinstance(part, str)), "")
        yield replace(_sentence(detail, place, key, where, data, lines), line=_first_line(detail, where, data, lines))


def _sentence(detail: Any, place: str, key: str, where: tuple[str | int, ...], data: Any, lines: Any) -> Finding:
    kind, context = detail["type"], dict(detail.get("ctx") or {})
    if "code" in context:
        facts = {name: value for name, value in context.items() if name != "code"}
        if kind == "rules.points-total":
            rows = _lines_of_points(where, data, lines)
            facts["lines"] = "、".join(str(row) for row in rows)
        facts.setdefault("label", _label(where, data))
        if key in ("id", "actual", "event") or "key" not in facts:
            facts["key"] = key
        return finding(kind, place=place, **facts)
    match kind:
        case "extra_forbidden":
            known = sorted(_keys_at(detail["loc"]) - {key})
            near = [name for name in known if name.startswith(f"{key}_")] or difflib.get_close_matches(key, known, 1)
            return finding(
                "rules.unknown-key", place=place, key=key, nearest=f"，是不是“{near[0]}”？" if near else "。"
            )
        case "missing":
            return finding("rules.missing-key", place=place, key=key)
        case "union_tag_invalid" | "union_tag_not_found":
            names = "、".join(str(shape.model_fields["shape"].annotation.__args__[0]) for shape in SHAPES)  # type: ignore[union-attr]
            return finding(
                "rules.bad-value",
                place=place,
                key="shape",
                value=context.get("tag", "空的"),
                detail=f"应是 {names} 之一",
            )
        case _:
            return finding(
                "rules.bad-value", place=place, key=key, value=_shown(detail["input"]), detail=_reason(kind, context)
            )


def _holding(where: tuple[str | int, ...], data: Any, value: str) -> tuple[str | int, ...]:
    """The last key at or below a place that holds just this text, where one does: what the error is about."""
    for part in where:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return where

    def below(path: tuple[str | int, ...], node: Any) -> Iterator[tuple[str | int, ...]]:
        for part, child in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(child, dict | list):
                yield from below((*path, part), child)
            elif child == value:
                yield (*path, part)

    found = list(below(where, data)) if isinstance(data, dict | list) else []
    return found[-1] if found else where


def _first_line(detail: Any, where: tuple[str | int, ...], data: Any, lines: Any) -> int | None:
    """Where to look first: the first of the points that do not add up, else the key."""
    if (detail.get("ctx") or {}).get("code") == "rules.points-total":
        return next((row for row in _lines_of_points(where, data, lines) if row), None)
    return line_of(lines, where)


def _lines_of_points(where: tuple[str | int, ...], data: Any, lines: Any) -> list[int | None]:
    """The lines of the items whose points add up to the total: the scheme's own, or those it takes from ``[incentive]``."""
    for part in where:
        data = data[part]
    base = where if "item" in data else where[:1]
    items = data.get("item", ())
    return [line_of(lines, (*base, "item", index, "points")) for index in range(len(items)) if "points" in items[index]]


def _reason(kind: str, context: Mapping[str, Any]) -> str:
    bounds = {
        "greater_than_equal": "不能小于 {ge}",
        "less_than_equal": "不能大于 {le}",
        "greater_than": "应大于 {gt}",
        "less_than": "应小于 {lt}",
    }
    if kind in bounds:
        return bounds[kind].format(**context)
    if kind == "literal_error":
        return f"应是 {context['expected'].replace(' or ', '、').replace(', ', '、')} 之一"
    known = {
        "decimal_max_places": "小数位数太多",
        "decimal_max_digits": "数字太长",
        "decimal_parsing": "应是数",
        "decimal_type": "应是数",
        "int_type": "应是整数",
        "int_parsing": "应是整数",
        "int_from_float": "应是整数",
        "bool_parsing": "应是 true 或 false",
        "bool_type": "应是 true 或 false",
        "string_type": "应是文字，要加引号",
        "tuple_type": "应是 [ ] 里的一列",
        "dict_type": "应是 { } 里的若干键",
        "too_short": "至少要有一个",
        "string_pattern_mismatch": "应写成 2026-10 这样的月份",
        "model_type": "应是 { } 里的若干键",
        "model_attributes_type": "应是 { } 里的若干键",
        "finite_number": "应是有限的数",
    }
    return known.get(kind, "写法不对")


def _shown(value: Any) -> str:
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "……"


def _label(where: tuple[str | int, ...], data: Any) -> str:
    for part in where:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, dict) and "label" in data:
            return str(data["label"])
    return ""


def _path(loc: Iterable[str | int], data: Any) -> tuple[str | int, ...]:
    """The location without the tags of unions, which are no keys of the file."""
    path: list[str | int] = []
    tags = {str(shape.model_fields["shape"].annotation.__args__[0]) for shape in SHAPES}  # type: ignore[union-attr]
    for part in loc:
        inside = isinstance(data, dict) and part in data
        if isinstance(data, dict) and not inside and part in tags and data.get("shape") == part:
            continue
        if isinstance(part, str) and ("[" in part or part in ("decimal", "constrained-decimal", "str")):
            continue
        path.append(part)
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
    return tuple(path)


def _keys_at(loc: Sequence[str | int]) -> set[str]:
    """The keys that the section of the last key may have: of an item those of its shape; empty where that is not known."""
    from kehujingli.rules.models import Rules

    model: Any = Rules
    for part in loc[:-1]:
        models = list(_models(model))
        if isinstance(part, int):
            continue
        found = [one for one in models if part in one.model_fields]
        if found:
            model = found[0].model_fields[part].annotation
        else:
            model = next((one for one in models if _shape_of(one) == part), model)
    return {name for one in _models(model) for name in one.model_fields}


def _shape_of(model: type[BaseModel]) -> str:
    field = model.model_fields.get("shape")
    return str(field.annotation.__args__[0]) if field is not None and hasattr(field.annotation, "__args__") else ""  # type: ignore[union-attr]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation, through tuples, unions and what is annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for part in get_args(annotation):
        yield from _models(part)

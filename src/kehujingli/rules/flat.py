"""What does a scheme say, value by value? Every key's path and its value as text, so that two schemes can be laid side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kehujingli.rules.models import Rules


def flat(rules: Rules) -> dict[str, str]:
    """``{"segment.frequency.frequent.idle_days": "92", "incentive.item.npl.base": "0.02", …}``, in the order of the file's models."""
    return dict(_walk("", rules.model_dump(exclude_none=True)))


def _walk(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value and isinstance(value[0], Mapping):
        for number, inner in enumerate(value, 1):
            yield from _walk(f"{path}.{inner.get('id') or number}", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield path, "[" + "，".join(_text(inner) for inner in value) + "]"
    else:
        yield path, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + "，".join(_text(inner) for inner in value) + "]"
    return str(value)

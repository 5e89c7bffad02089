"""Is there a value at all? Cells of frames may be ``None``, NaN or pandas' NA; all three are nothing."""

from __future__ import annotations


def missing(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, float):
        return value != value
    return type(value).__name__ in ("NAType", "NaTType")


def text_of(value: object) -> str | None:
    """The value as text, or nothing; empty text is nothing too."""
    return None if missing(value) or value == "" else str(value)

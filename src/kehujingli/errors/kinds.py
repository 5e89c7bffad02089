"""What is said of an error of one kind: how grave it is, its sentence, its cure, its few words for the line after a run?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes, as promised in the contract."""

    DONE = 0
    ATTENTION = 1
    USAGE = 2
    RULES = 3
    INPUT = 4
    NO_PLAN = 5
    FAULT = 70


@dataclass(frozen=True)
class Kind:
    level: str  # refused, warning, note, or error: the command stops
    sentence: str
    cure: str
    exit: Exit = Exit.ATTENTION
    brief: str = ""
    """All findings of the kind in a few words."""


def kind(level: str, sentence: str, cure: str = "", exit: Exit = Exit.ATTENTION, brief: str = "") -> Kind:
    return Kind(level, sentence, cure, exit, brief)

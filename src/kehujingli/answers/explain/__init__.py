"""Why? A tree of sentences from a class or a pay down to the rows of the exports, answered from a period's kept results.

Every node says one thing in one sentence, keeps the facts it was said from, and has the nodes it follows from below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Node:
    """One sentence, its facts (JSON values), and what it follows from."""

    said: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[Node, ...] = ()

    def record(self) -> dict[str, Any]:
        """The tree as JSON has it."""
        return {"said": self.said, **self.facts, "parts": [part.record() for part in self.parts]}

    def lines(self, stem: str = "", branch: str = "") -> Iterator[str]:
        """The tree as a terminal shows it."""
        yield branch + self.said
        for index, part in enumerate(self.parts):
            last = index == len(self.parts) - 1
            yield from part.lines(stem + ("   " if last else "│  "), stem + ("└─ " if last else "├─ "))

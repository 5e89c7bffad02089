"""What would other rules pay? Old and new side by side: who gains, who loses, the pool, the spread, changes of grade.

Pure: outcomes by person in, comparison out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from kehujingli.studies.pay.inequality import Spread, spread

if TYPE_CHECKING:
    from kehujingli.incentive import Scores


@dataclass(frozen=True)
class Outcome:
    """What one person comes to under one set of rules: pay over all posts, missing where there is none."""

    manager_id: str
    name: str
    score: Decimal | None
    pay: Decimal | None
    grade: str = ""


def outcomes(scores: Scores) -> dict[str, Outcome]:
    """By person; the posts of one person are summed."""
    found: dict[str, Outcome] = {}
    for manager in scores.managers:
        before = found.get(manager.manager_id)
        pays = [pay for pay in (before.pay if before else None, manager.pay) if pay is not None]
        grade = str(getattr(manager, "reached", "") or "")
        found[manager.manager_id] = Outcome(
            manager.manager_id, manager.name, manager.score, sum(pays, Decimal(0)) if pays else None, grade
        )
    return found


@dataclass(frozen=True)
class Change:
    """One person under the old and the new rules."""

    old: Outcome | None
    new: Outcome | None

    @property
    def manager_id(self) -> str:
        return (self.new or self.old).manager_id  # type: ignore[union-attr]

    @property
    def name(self) -> str:
        return (self.new or self.old).name  # type: ignore[union-attr]

    @property
    def pay(self) -> Decimal:
        """元 more (or less)."""
        return (_pay(self.new) or Decimal(0)) - (_pay(self.old) or Decimal(0))


def _pay(outcome: Outcome | None) -> Decimal | None:
    return outcome.pay if outcome else None


@dataclass(frozen=True)
class Comparison:
    """Everybody under both, the most gained first."""

    changes: Sequence[Change]

    @property
    def gain(self) -> list[Change]:
        return [change for change in self.changes if change.pay > 0]

    @property
    def lose(self) -> list[Change]:
        """The most lost first."""
        return [change for change in reversed(self.changes) if change.pay < 0]

    @cached_property
    def old_spread(self) -> Spread:
        return spread(_known(change.old for change in self.changes))

    @cached_property
    def new_spread(self) -> Spread:
        return spread(_known(change.new for change in self.changes))

    @property
    def grades(self) -> Mapping[tuple[str, str], int]:
        """(old, new) → how many changed so."""
        found: dict[tuple[str, str], int] = {}
        for change in self.changes:
            pair = (change.old.grade if change.old else "", change.new.grade if change.new else "")
            if pair[0] != pair[1]:
                found[pair] = found.get(pair, 0) + 1
        return dict(sorted(found.items()))


def _known(found: Iterable[Outcome | None]) -> Iterator[Decimal]:
    return (outcome.pay for outcome in found if outcome is not None and outcome.pay is not None)


def compare(old: Mapping[str, Outcome], new: Mapping[str, Outcome]) -> Comparison:
    """Side by side, in the order of what each gains."""
    changes = [Change(old.get(who), new.get(who)) for who in sorted(old.keys() | new.keys())]
    return Comparison(sorted(changes, key=lambda change: (-change.pay, change.manager_id)))

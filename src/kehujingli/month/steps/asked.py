"""What do the rules ask of each step? The sections of the rules file, each apart, so that a change in one is not felt by a step that does not read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kehujingli.rules import AssignRules, IncentiveRules, RulesFile, SegmentRules


def own_transfers(rules: RulesFile) -> bool:
    """Whether a transfer between a customer's own accounts is activity: all that the tables ask of the rules."""
    section = rules.rules.segment
    return section.activity.own_transfers if section else False


def segment_rules(rules: RulesFile) -> SegmentRules:
    """Raises ``rules.section-missing``."""
    return rules.segment


def assign_rules(rules: RulesFile) -> AssignRules:
    """Raises ``rules.section-missing``."""
    return rules.assign


def incentive_rules(rules: RulesFile) -> IncentiveRules:
    """Raises ``rules.section-missing``."""
    return rules.incentive


def assign_section(rules: RulesFile) -> AssignRules | None:
    """Where the file has one: who is managed at all is asked by scoring too."""
    return rules.rules.assign


def scored(rules: RulesFile) -> bool:
    """Whether the rules score anybody."""
    return rules.rules.incentive is not None


@dataclass(frozen=True)
class Wanted:
    """All of the incentive rules that actuals are made by. Two are equal where both ask the exports for the same, in the same words and units."""

    rules: IncentiveRules = field(compare=False)
    ways: Any
    wants: Any


def wanted(incentive_rules: IncentiveRules) -> Wanted:
    from kehujingli.actuals.ways import wants, ways

    return Wanted(incentive_rules, ways(incentive_rules), wants(incentive_rules))

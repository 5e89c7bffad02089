"""In what order does a month happen? Exports → tables → classes → plan → actuals → scores → what is settled → the page. The only place that knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kehujingli.month.memory import Either, Memory, Plain, Step, Where
from kehujingli.month.steps import asked, assignment, classes, given, lines, page, scoring
from kehujingli.workspace.engines import Engine, open_engine

if TYPE_CHECKING:
    from kehujingli.errors import Finding
    from kehujingli.intake.ledger import Sheet
    from kehujingli.month.steps.given import Given
    from kehujingli.periods import Period
    from kehujingli.rules import RulesFile
    from kehujingli.tables.reading import Reading
    from kehujingli.workspace import Workspace


@dataclass(eq=False)
class Month(Memory):
    """One period, as far as it has been reckoned. Findings stand in the order of these lines, whatever was asked first."""

    sheets: Sequence[Sheet]
    period: Period
    rules: RulesFile
    workspace: Workspace | None = None
    """Where other months, committed plans and templates lie."""
    as_of: date | None = None
    """The day asked for, which dates what bears no day of its own."""
    where: str = "exports/"
    """Where the exports were sought, as a sentence says it."""
    opened: Sequence[Finding] = ()
    """What was found when the exports were read and the period and the rules were chosen."""
    written: list[Finding] = field(default_factory=list)
    """What was found when results were written."""
    engine: Engine = field(default_factory=open_engine)
    """Where the postings are reckoned."""
    source: Given | None = None
    """Postings that come linked from elsewhere, instead of those of the exports."""
    reading: Reading | None = None
    """Where what is put together of its tables is kept, for a trial to share as far as its sheets are the same."""
    later_refused: int = 0
    """Refused rows of days after the period: they stand in the 退回清单, and are no matter of the month."""

    own_transfers = Plain(asked.own_transfers)
    segment_rules = Plain(asked.segment_rules)
    assign_rules = Plain(asked.assign_rules)
    assign_section = Plain(asked.assign_section)
    incentive_rules = Plain(asked.incentive_rules)
    wanted = Plain(asked.wanted)
    scored = Plain(asked.scored)

    tables = Step(classes.tables, "tables")
    settled = Step(classes.settled)
    classifiable = Plain(classes.classifiable)
    taken = Step(given.taken)
    batches = Step(given.batches, tells=lambda _: ())
    postings = Step(classes.postings, tells=lambda _: ())
    measured = Step(classes.measured, "measures")
    previous = Step(classes.previous)
    segmented = Step(classes.segmented, "segment")
    causes = Step(classes.causes)
    inflow = Step(classes.inflow)
    channels = Step(classes.channels)
    deposit_history = Step(classes.deposit_history)

    effective = Plain(assignment.effective)
    committed = Step(assignment.committed)
    standing = Step(assignment.standing)
    holders = Step(assignment.holders)
    managed = Step(assignment.managed)
    sides = Step(assignment.sides)
    branch_names = Step(assignment.branch_names)
    branch_sums = Step(assignment.branch_sums)
    assignable = Plain(assignment.assignable)
    plan = Step(assignment.plan, "assign")
    trial_plan = Where(assignable, plan)
    line_parts = Step(lines.line_parts, tells=lambda _: ())

    exported = Step(scoring.exported, "actuals")
    unexported = Step(scoring.unexported)
    actuals = Either(classifiable, exported, unexported)
    papers = Step(scoring.papers)
    roster = Step(scoring.roster)
    carried = Step(scoring.carried)
    previous_ranks = Step(scoring.previous_ranks)
    scores = Step(scoring.scores, "score")
    held = Step(scoring.held)
    others = Step(scoring.others)
    settlement = Step(scoring.settlement)
    late = Step(scoring.late, tells=tuple)

    scores_if_any = Where(scored, scores)
    actuals_if_any = Where(scored, actuals)
    results = Step(page.results)
    figures = Step(page.figures)

    @property
    def findings(self) -> list[Finding]:
        made = self.made.get("tables")
        withdrawn = made.value.withdrawn if made else ()
        return [*(told for told in self.opened if told not in withdrawn), *self.told(), *self.written]

    @property
    def rejected(self) -> list[int]:
        """Refused rows of every sheet, those refused for a repeated key included."""
        return [sheet.rejected for sheet in self.settled]

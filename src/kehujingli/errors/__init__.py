"""What can go wrong, and what does a person do about it? Every error and finding: code, level, sentence, cure.

A sentence says where, what, and what follows; the cure says what to do. Both are built from facts by ``finding`` (the run goes on)
or ``problem`` (the command stops). Codes are stable: scripts and ``--accept`` files rely on them.
One file a subject has its kinds; this is the door.
"""

from __future__ import annotations

from kehujingli.errors.catalogue import KINDS
from kehujingli.errors.findings import (
    Finding,
    Problem,
    Spot,
    at,
    bad_name,
    brief,
    finding,
    is_known,
    mismatch,
    needs_person,
    place,
    problem,
    yuan,
    yuan_grouped,
)
from kehujingli.errors.kinds import Exit, Kind

__all__ = [
    "KINDS",
    "Exit",
    "Finding",
    "Kind",
    "Problem",
    "Spot",
    "at",
    "bad_name",
    "brief",
    "finding",
    "is_known",
    "mismatch",
    "needs_person",
    "place",
    "problem",
    "yuan",
    "yuan_grouped",
]

"""Which studies go with a month, and where? A workbook each in 专题/, the lines that they say are crossed, and what those that stay out lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Problem
from kehujingli.studies import declared

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.month.order import Month
    from kehujingli.studies.study import Answer, Standing

FOLDER = "专题"
WITHIN = ("movement", "soundness", "competition", "spread")
"""Studies that are sheets of the month's own workbooks."""
OF_PAY = ("spread", "contribution", "allocation")
"""Studies that tell what somebody is paid or costs: no part of what is pinned to a wall."""
CROSSINGS = "crossings"


@dataclass(frozen=True)
class Annex:
    """``answers``: study → what it said; ``left_out``: study → what it lacks, in words."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> list[str]:
        """The studies with a workbook of their own."""
        return [key for key in self.answers if key not in WITHIN]

    def line(self) -> str:
        """For the ten lines: how many were written, which were not and for want of which export."""
        told = f"专题  写出 {len(self.written)} 个（{FOLDER}/）"
        lacking = [f"{declared(key).label}{why}" for key, why in self.left_out.items()]
        return told + (f"；没写 {len(lacking)} 个：{'；'.join(lacking)}" if lacking else "")

    def record(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"written": self.written, "left_out": dict(self.left_out)}


def annex_of(month: Month, standings: list[Standing], *, public: bool = False) -> Annex:
    """Ask every study whose inputs are there. DuckDB is asked by one thread: nothing else may be reckoned meanwhile."""
    from kehujingli.month.studies import answered

    answers: dict[str, Answer] = {}
    left_out: dict[str, str] = {}
    for each in standings:
        if public and each.key in OF_PAY:
            continue
        if each.lacks and each.key in WITHIN:
            continue
        if each.lacks:
            left_out[each.key] = f"缺{'、'.join(each.lacks)}"
            continue
        said = answered(month, each.key)
        if not isinstance(said, Problem):
            answers[each.key] = said
        elif each.key not in WITHIN:
            left_out[each.key] = f"：{said.findings[0].message}"
    return Annex(answers, left_out)


def beside_of(month: Month, standings: list[Standing], annex: Annex | None = None) -> dict[str, Answer]:
    """What the studies say that are sheets of 月报; what ``annex`` has asked is not asked again. By one thread, as ``annex_of``."""
    from kehujingli.month.studies import answered
    from kehujingli.workbooks.beside import BESIDE

    there = {each.key for each in standings if not each.lacks}
    asked = annex.answers if annex is not None else {}
    said = {key: asked.get(key) or answered(month, key) for key in BESIDE if key in there}
    return {key: one for key, one in said.items() if not isinstance(one, Problem)}


def place_of(key: str) -> str:
    """Where a study's workbook stands, from the period's folder."""
    return f"{FOLDER}/{declared(key).label}.xlsx"


def crossings_of(annex: Annex) -> pd.DataFrame:
    """The lines that are crossed: study, subject, line, cents (int64), cause; those by most money first."""
    import pandas as pd

    rows = [
        (key, one.subject, one.line, one.cents, one.cause)
        for key, said in annex.answers.items()
        for one in said.crossings
    ]
    frame = pd.DataFrame(rows, columns=["study", "subject", "line", "cents", "cause"])
    return frame.astype({"cents": "int64"}).sort_values(
        ["cents", "study", "subject", "line"], ascending=[False, True, True, True], kind="stable", ignore_index=True
    )

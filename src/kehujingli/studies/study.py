"""What is a study? A question with a pure function; command, ``--json``, sheets, ``query`` tables, docs and forms follow from this declaration.

The first line of the study's module is ``名字：问题``: its Chinese name and what it asks. The function's parameters name what it takes: without a
default it cannot do without, with one it can. ``rules`` is its section of the rules, ``period`` and ``institution`` are facts, what stands behind
``*`` are the command's own options.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from kehujingli import terms
from kehujingli.errors import Finding, finding, problem
from kehujingli.terms.column import ListColumn, keys

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import BaseModel

FACTS = (
    "period",
    "institution",
    "rules",
    "ladder",
    "before",
    "thresholds",
    "segment",
    "trial",
    "loss_rates",
    "lending",
    "strategy",
    "staffing",
    "inputs",
)
"""What every study may take that is no table: ``periods.Period``, ``rules.Institution``, its own section of the rules, the grades from high to low;
the period of ``previous``, and what classed both periods (the earlier first, None where it is not known): its figures, its ``rules.SegmentRules``; ``trial``: what the month comes to with other classes or other rules of them
(``followed.Stand``), None where the period is only kept; ``lending``: what they say of a loan's price
(``floors.Terms``); ``strategy``: 户群策略 of the rules; ``staffing``: what they say of people and merges, the section of ``headcount``;
``inputs``: the sheets that were read, each with path and sheet, by their part."""
_OWN = (
    "classes",
    "plan",
    "loads",
    "branches",
    "scores",
    "items",
    "pay",
    "contributions",
    "ledger",
    "figures",
    "line_parts",
)
RESULTS: Mapping[str, str] = {
    **{name: terms.KEPT[name] for name in _OWN},
    "previous": "上期客户分类",
    **{f"previous_{name}": f"上期{terms.KEPT[name]}" for name in ("accounts", "loans")},
    "previous_holdings": f"上期{terms.BY_KEY['holdings'].label}",
    **{name: terms.KEPT[name] for name in ("merges", "closed_customers")},
    "counterparties": f"{terms.KEPT['transactions']}里的{terms.label('counterparty_name')}和{terms.label('counterparty_account')}",
    **{name: f"《{terms.BY_KEY['transactions'].label}》里的{terms.KEPT[name]}" for name in ("flows", "notable")},
    **{f"previous_{name}": f"上期{terms.KEPT[name]}" for name in ("signal_ledger", "signal_record")},
    "months": "连续各月得分",
}
"""What a month makes that a study may take, beside the tables of ``terms``; frames as ``data/<name>.parquet`` keeps them."""


@dataclass(frozen=True)
class Chart:
    """A native chart below a list: its first ``rows``, one text column along the axis, up to three columns of figures."""

    kind: Literal["column", "bar", "line"]
    along: str
    values: tuple[str, ...]
    rows: int = 20


@dataclass(frozen=True)
class Heat:
    """Colours behind the figures of ``columns``, the more the darker; with ``diagonal`` row n of column n (unchanged) stands apart from the scale."""

    columns: tuple[str, ...]
    diagonal: bool = False


@dataclass(frozen=True)
class StudyList:
    """One list that a study gives: a sheet, a key of ``--json``, a table of ``query``. ``key`` is English and told apart from all others."""

    key: str
    title: str
    columns: tuple[ListColumn, ...]
    unit: str = "元"
    freeze: int = 2
    chart: Chart | None = None
    heat: Heat | None = None
    nothing: str = ""
    """What is said where it has no row."""


@dataclass(frozen=True)
class Option:
    """An option of the command: handed to the function under ``name``, which has its default there. ``reckoned``: with it the exports are read,
    also where the period has been kept."""

    name: str
    metavar: str
    help: str
    kind: type[str] | type[int] | type[bool] = str
    many: bool = False
    reckoned: bool = False


@dataclass(frozen=True)
class Crossing:
    """A line of the rules or of regulation that is crossed: by whom, which, how much is at stake (分; 0 of a ratio), and in words.

    ``subject`` and ``line`` are the same next month, as long as it stays crossed.
    """

    subject: str
    line: str
    cents: int
    cause: str


@dataclass(frozen=True)
class Answer:
    """What came out. ``frames``: list key → its columns, money in 分; ``lines``: sentences for 首页 and terminal; ``titles``: list key → what its chart
    finds; ``crossings``: what 月报 tells first where it was not so a month ago."""

    frames: Mapping[str, pd.DataFrame]
    lines: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    crossings: Sequence[Crossing] = ()


@dataclass(frozen=True)
class Standing:
    """A study before it is asked: what it ``lacks`` and cannot do without, and what it could do with (``wants``), in words."""

    key: str
    label: str
    asks: str
    lacks: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Study:
    """``run``: inputs and facts by name → ``Answer``; ``without``: what is lacking where an input is not there, nothing where it need not be told;
    ``definitions``: 口径 in words. A study that takes ``previous`` has ``--since``: the period that it is compared with, the month before by default;
    with ``consecutive`` what it says holds of the month before only, and it has none."""

    run: Callable[..., Answer]
    lists: tuple[StudyList, ...]
    without: Mapping[str, str] = field(default_factory=dict)
    definitions: tuple[tuple[str, str], ...] = ()
    rules: type[BaseModel] | None = None
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    consecutive: bool = False

    @property
    def key(self) -> str:
        """The command, the section of the rules, the name of the file."""
        return self.run.__module__.rpartition(".")[2]

    @property
    def label(self) -> str:
        return self._first_line.partition("：")[0]

    @property
    def asks(self) -> str:
        return self._first_line.partition("：")[2]

    @property
    def _first_line(self) -> str:
        return (inspect.getdoc(inspect.getmodule(self.run)) or "").split("\n")[0]

    @property
    def needs(self) -> list[str]:
        """Inputs that it cannot do without."""
        return [name for name, parameter in self._inputs() if parameter.default is parameter.empty]

    @property
    def compares(self) -> bool:
        """Whether it sets an earlier period, whichever is asked for, beside its own."""
        return not self.consecutive and "previous" in [*self.needs, *self.likes]

    @property
    def likes(self) -> list[str]:
        """Inputs that it can do without."""
        return [name for name, parameter in self._inputs() if parameter.default is not parameter.empty]

    @property
    def facts(self) -> list[str]:
        return [name for name in inspect.signature(self.run).parameters if name in FACTS]

    @property
    def spared(self) -> list[str]:
        """Facts that it can do without."""
        given = inspect.signature(self.run).parameters
        return [name for name in self.facts if given[name].default is not inspect.Parameter.empty]

    def _inputs(self) -> list[tuple[str, inspect.Parameter]]:
        return [
            (name, parameter)
            for name, parameter in inspect.signature(self.run).parameters.items()
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and name not in FACTS
        ]


def label_of(name: str) -> str:
    """What an input is called: 《资本》 where it is an export, 客户分类 where the month makes it."""
    return RESULTS[name] if name in RESULTS else f"《{terms.BY_KEY[name].label}》"


def answer(
    study: Study,
    take: Callable[[str], pd.DataFrame | None],
    facts: Mapping[str, Any],
    *,
    where: str = "exports/",
    rerun: str = "",
    **options: Any,
) -> Answer:
    """Ask. ``facts``: those of ``FACTS`` that it takes, and ``workspace``: whether there is one. ``take``: an input's frame, ``None`` where there is none (an empty one counts as none); ``where``, ``rerun``: how it would be brought.

    Raises ``study.previous`` where it compares and the earlier period has not been run, ``study.needs`` with every other input that it cannot do without
    (``study.needs-made`` where it is what the program makes itself). What it can do without is told: ``study.without``,
    ``study.without-before`` of what another month kept.
    """
    given = {name: frame for name in [*study.needs, *study.likes] if (frame := take(name)) is not None and len(frame)}
    lacks = [name for name in study.needs if name not in given]
    lacking = [label_of(name) for name in lacks]
    if "previous" in study.needs and "previous" not in given:
        code = "study.previous" if facts["workspace"] else "study.previous-bare"
        raise problem(code, before=facts["before"].name, study=study.label)
    if lacking and set(lacks) <= set(_OWN) and facts.get("period") is not None:
        raise problem("study.needs-made", table="、".join(lacking), study=study.label, period=facts["period"].name)
    if lacking:
        raise problem("study.needs", table="、".join(lacking), study=study.label, where=where, rerun=rerun)
    earlier = facts["before"].name if facts.get("before") is not None else ""
    told = [
        finding("study.without-before", table=label_of(name), lacks=study.without[name], before=earlier)
        if name.startswith("previous")
        else finding("study.without", table=label_of(name), lacks=study.without[name], where=where, rerun=rerun)
        for name in study.likes
        if name not in given and study.without.get(name)
    ]
    found = study.run(**given, **{name: facts[name] for name in study.facts}, **options)
    frames = {one.key: found.frames[one.key][keys(one.columns)] for one in study.lists}
    return replace(found, frames=frames, findings=[*told, *found.findings])

"""How is a month used from a notebook? A period's frames as pandas has them, and the steps of the main line on frames of one's own.

Everywhere: money is whole 分 (Int64; ``/ 100`` is 元), a day is a number of days since 1970 (``pandas.to_datetime(days, unit="D")``), points, actuals
and pay in 元 are ``Decimal``, codes are English (``terms`` says them in Chinese). What is missing is missing, never nought.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kehujingli import terms
from kehujingli.errors import Finding, problem
from kehujingli.periods import Period, day_of, month_start

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.month import Month
    from kehujingli.rules import RulesFile
    from kehujingli.terms.column import ListColumn
    from kehujingli.terms.made import Term
    from kehujingli.workspace import Workspace
    from kehujingli.workspace.results import Results

_CLASSED = (
    "frequency",
    "scale_amount",
    "scale",
    "below",
    "to_next_scale",
    "group",
    "customer_group",
    "industry_kind",
    "previous_group",
    "change",
    "marks",
)
_HELD = ("holder_id", "manager_name", "branch_name")
_EXACT = ("points", "amount", "number")
"""Decimals that are kept as text, digit by digit."""


class Opened:
    """One period of a workspace. Each attribute is reckoned or read when it is first asked for; the frames are the caller's own.

    A period that has been run answers from what its run kept, whatever lies in exports/ by now; any other is reckoned, and nothing is written.
    Names, phones and id numbers of customers are masked unless ``unmask`` was asked for.
    """

    def __init__(
        self, workspace: Workspace, period: str | None, rules: Path | None, *, fresh: bool, unmask: bool
    ) -> None:
        self.workspace, self._asked, self._given = workspace, period, rules
        self._fresh, self._unmask = fresh or rules is not None, unmask
        if unmask:
            from kehujingli.workspace.log import note_log

            note_log(workspace, "unmask", command="python", period=self.period)

    def __repr__(self) -> str:
        return f"<{self.period} of {self.workspace.root.name}, {'kept by its run' if self._kept else 'reckoned'}>"

    @property
    def period(self) -> str:
        """``2026-10``."""
        return self._kept.period if self._kept is not None else self._month.period.name

    @cached_property
    def _kept(self) -> Results | None:
        from kehujingli.workspace.results import Results

        names = [] if self._fresh else self.workspace.period_names()
        name = self._asked or (names[-1] if names else None)
        return Results.of(self.workspace, name) if name is not None and name in names else None

    @cached_property
    def _month(self) -> Month:
        from kehujingli.month import Request, open_month

        self.workspace.make_cache()
        request = Request(workspace=self.workspace, period=self._asked, rules=self._given)
        return open_month(request, self.workspace.ledger)

    def table(self, name: str) -> pd.DataFrame:
        """A result by the name under which ``query`` knows it: ``accounts``, ``loans``, ``loads``, ``branches``, ``pay``, ``figures`` …

        Raises ``AttributeError`` where the period has none of that name, and ``Problem`` where it cannot be reckoned.
        """
        if self._kept is not None:
            frame = self._kept.frame(name)
        else:
            from kehujingli.month.keep import as_kept, result_frame

            frame = result_frame(self._month, name)
            frame = None if frame is None else as_kept(frame).to_pandas()
        if frame is None:
            raise AttributeError(f"{self.period} has no {name}")
        return _shown(frame, lambda column: terms.known(column, name), unmask=self._unmask)

    @cached_property
    def classes(self) -> pd.DataFrame:
        """One row a customer, sorted by ``customer_id``: who she is, what was measured, and her class.

        ``frequency`` (frequent, mobile, dormant), ``scale`` (large, medium, small) by ``scale_amount`` (分), ``group`` (both), ``customer_group``
        (客群), ``holder_id`` who looks after her on the last day, ``change`` against the month before, ``to_next_scale`` (分).
        """
        return self.table("classes")

    @property
    def customers(self) -> pd.DataFrame:
        """One row a customer: the columns of 客户信息, and the holder's and the branch's name. No measures, no class."""
        known = ["customer_name", *(column.key for column in terms.BY_KEY["customers"].columns), *_HELD]
        return self.classes[[name for name in self.classes if name in known]].copy()

    @property
    def measures(self) -> pd.DataFrame:
        """One row a customer: ``customer_id`` and what was measured (``kehujingli measures`` defines each). Amounts and averages are 分."""
        others = {*self.customers.columns, *_CLASSED} - {"customer_id"}
        return self.classes[[name for name in self.classes if name not in others]].copy()

    @cached_property
    def plan(self) -> pd.DataFrame:
        """One row a managed customer, sorted by ``customer_id``: ``previous_manager``, ``assigned_manager``, ``move`` (kept, new, moved, unassigned), why, ``load`` in 折算户.

        Raises ``Problem`` without a roster.
        """
        return self.table("plan")

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row a post, by group and rank: ``score``, ``rank``, ``item:<id>`` the points of each item. Points are ``Decimal``.

        Raises ``AttributeError`` where the rules have no scheme.
        """
        return self.table("scores")

    @cached_property
    def items(self) -> pd.DataFrame:
        """One row a manager and item: ``actual``, ``target``, ``item_points`` (``Decimal``), the ``working`` in words, ``source``."""
        return self.table("items")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the period's run, or the reckoning so far, found: ``code``, ``level`` (refused, warning, note), ``message``, ``cure``, and where."""
        import pandas as pd

        if self._kept is not None:
            return pd.DataFrame(list(self._kept.manifest.get("findings", [])))
        return pd.DataFrame([told.record() for told in self._month.findings])

    def study(self, name: str, **options: Any) -> dict[str, pd.DataFrame]:
        """A study's lists by key, as its command with these options has them; what it finds is warned of. Raises ``Problem`` where it lacks something."""
        from kehujingli.studies import declared

        asked, since = declared(name), options.pop("since", None)
        if self._kept is not None:
            from kehujingli.answers.studies import KeptPeriod

            told = KeptPeriod(self.workspace, self._kept, since=since).ask(asked, **options)
        else:
            from kehujingli.month.studies import ask

            told = ask(self._month, asked, since, **options)
        _warn(told.findings)
        columns = {one.key: {column.key: column for column in one.columns} for one in asked.lists}
        return {key: _shown(frame, columns[key].get, unmask=self._unmask) for key, frame in told.frames.items()}

    def __getattr__(self, name: str) -> Any:
        """A study by its name (a mapping of its lists), or any other table that ``query`` knows."""
        if name.startswith("_"):
            raise AttributeError(name)
        from kehujingli.studies import titles

        return self.study(name) if name in {title.key for title in titles()} else self.table(name)

    def __dir__(self) -> list[str]:
        from kehujingli.studies import titles

        return sorted({*super().__dir__(), *terms.KEPT, *(title.key for title in titles())})


def open_period(
    folder: str | Path,
    period: str | None = None,
    *,
    rules: Path | None = None,
    fresh: bool = False,
    unmask: bool = False,
) -> Opened:
    """What ``kehujingli.open`` does. Raises ``workspace.not-one``."""
    from kehujingli.workspace import Workspace

    root = Path(folder).resolve()
    found = Workspace.find(root)
    if found is None or found.root != root:
        detail = "不是工作区（没有 rules/ 和 exports/）" if root.exists() else "不存在"
        raise problem("workspace.not-one", path=folder, detail=detail)
    found.finish()
    return Opened(found, period, rules, fresh=fresh, unmask=unmask)


def segment(
    customers: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    period: str,
    rules: Path | None = None,
    accounts: pd.DataFrame | None = None,
    loans: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Classify customers by frequency and scale: one row a customer that both frames have, sorted by ``customer_id``.

    Who is closed by her status and has neither money nor a loan is left out.
    ``customers``: customer_id, customer_type, opened_on …; ``measures``: as ``Opened.measures``; ``accounts`` (measured), ``loans``, ``holdings``: what
    keeps a quiet customer from being dormant; ``previous``: the classes of the month before. ``rules``: a rules file, else the shipped example.
    What is found is warned of. Raises ``Problem`` where the rules have no [segment].
    """
    from kehujingli.segment import segment as told
    from kehujingli.tables.closed import closed_customers
    from kehujingli.tables.ties import ties_on

    at = Period.of(period)
    people = _canonical("customers", customers.rename(columns={"customer_name": "name"}))
    held = accounts if accounts is not None else _canonical("accounts", None).assign(opened=[], closed=[])
    ties = ties_on(at.last, _canonical("loans", loans), held, _canonical("holdings", holdings))
    measured = measures.sort_values("customer_id", ignore_index=True)
    asked = _rules(rules).segment
    closed = closed_customers(people.assign(part=0)[["customer_id", "status", "part"]], {}, asked.closed_status)
    found = told(people, measured, ties, asked, at, previous, closed)
    _warn(found.findings)
    return found.customers.rename(columns={"name": "customer_name"})


def assign(
    classes: pd.DataFrame,
    managers: pd.DataFrame,
    *,
    period: str,
    rules: Path | None = None,
    grids: pd.DataFrame | None = None,
    conflicts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Propose who looks after whom from the month after ``period`` on: one row a managed customer, as ``Opened.plan`` has it without names.

    ``classes``: as ``Opened.classes``, with ``holder_id`` (and ``held_since``, days, where rules rotate); ``managers``: manager_id, branch_id, capacity (户), specialism, authority (分), since, until …;
    ``grids``: 包村; ``conflicts``: 回避. 服务范围 is taken as branch numbers. What is found is warned of. Raises ``assign.no-plan``.
    """
    from kehujingli.assign import assign as told
    from kehujingli.month.steps.assignment import ASKED

    people = classes if "holder_id" in classes else classes.assign(holder_id=None)
    effective = day_of(month_start(Period.of(period).month + 1))
    columns = [*ASKED, "holder_id", *(["held_since"] if "held_since" in people else [])]
    roster = _canonical("managers", managers)
    avoided = _canonical("conflicts", conflicts)
    found = told(
        people[columns], roster, _canonical("grids", grids), _rules(rules).assign, effective, conflicts=avoided
    )
    _warn(found.findings)
    return found.customers


class Scored(NamedTuple):
    """``scores``: one row a post; ``items``: one row a manager and item. Points are ``Decimal``."""

    scores: pd.DataFrame
    items: pd.DataFrame


def score(
    managers: pd.DataFrame,
    actuals: pd.DataFrame,
    *,
    period: str,
    rules: Path | None = None,
    targets: pd.DataFrame | None = None,
    adjustments: pd.DataFrame | None = None,
) -> Scored:
    """Score managers from what they achieved.

    ``managers``: manager_id, name, branch_id, specialism, grade, since, until (a row a post); ``actuals``: manager_id, ``item`` (an item's id or label), ``value``
    in the item's unit (万元 for most money); ``targets``, ``adjustments``: as the tables 考核目标 and 加减分. An item without a value leaves its
    manager without a score, and that is warned of.
    """
    import pandas as pd

    from kehujingli.actuals import Actuals, frame_of
    from kehujingli.actuals.compute import wanted_actuals
    from kehujingli.incentive import Papers
    from kehujingli.incentive import score as told
    from kehujingli.lists.main import item_list, score_list
    from kehujingli.month.trial import open_to_actuals

    file = _rules(rules)
    own = file.incentive
    everything = {item.id for scheme in own.schemes for item in scheme.item}
    incentive = replace(file, rules=open_to_actuals(file.rules, everything)).incentive
    given = pd.DataFrame({name: actuals[name].astype("str") for name in ("manager_id", "item", "value")})
    manual = given.assign(period=period, source="notebook", approved_by="notebook", part=-1, row=-1).astype("object")
    papers = Papers(_canonical("targets", targets), _canonical("adjustments", adjustments), manual)
    nothing = Actuals(frame_of([]), dict.fromkeys(wanted_actuals(own), "没有给"))
    found = told(_canonical("managers", managers), nothing, papers, incentive, Period.of(period), None)
    _warn(found.findings)
    return Scored(score_list(found, incentive, {}), item_list(found))


def _rules(path: Path | None) -> RulesFile:
    from kehujingli.rules import EXAMPLE, load_rules

    return load_rules(path or EXAMPLE)


def _canonical(table: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Every canonical column of the table, missing ones empty; a day that was masked is not known."""
    from pandas.api.types import is_numeric_dtype

    from kehujingli.tables.frames import complete, empty

    if frame is None:
        return empty(table)
    days = [column.key for column in terms.BY_KEY[table].columns if column.kind == "date" and column.key in frame]
    frame = frame.drop(columns=[key for key in days if not is_numeric_dtype(frame[key]) and _masked(frame[key])])
    given: Mapping[str, Any] = {"part": 0, "row": range(len(frame))}
    return complete(table, frame.assign(**{name: value for name, value in given.items() if name not in frame}))


def _masked(days: pd.Series) -> bool:
    return bool(days.map(lambda day: isinstance(day, str) and "*" in day).any())


def _warn(findings: Iterable[Finding]) -> None:
    for told in findings:
        if told.level != "note":
            warnings.warn(told.text, stacklevel=3)


def _shown(frame: pd.DataFrame, term_of: Callable[[str], Term | ListColumn | None], *, unmask: bool) -> pd.DataFrame:
    """Exact decimals as ``Decimal``, private columns masked."""
    from kehujingli.terms.masks import mask, mask_names, mask_texts

    changed: dict[str, Any] = {}
    for name in frame:
        term = term_of(str(name))
        if term is None:
            continue
        if term.kind in _EXACT and not _whole(frame[name]):
            changed[name] = frame[name].astype("object").map(_decimal, na_action="ignore")
        elif term.private == "name" and not unmask:
            changed[name] = mask_names(frame[name], frame.get("customer_type"))
        elif term.private == "numbers" and not unmask:
            changed[name] = mask_texts(frame[name])
        elif term.private and not unmask:
            private = term.private
            changed[name] = frame[name].map(lambda text, private=private: mask(str(text), private), na_action="ignore")
    return frame.assign(**changed)


def _whole(column: pd.Series) -> bool:
    return column.dtype.kind in "iufb"


def _decimal(value: Any) -> Any:
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return value

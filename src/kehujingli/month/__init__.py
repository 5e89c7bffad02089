"""In what order does a month happen? Exports → tables → measures → classes → plan → scores → workbooks. The only place that knows.

Each step takes what the steps before it made, and remembers it in a ``Month``; nothing is reckoned twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding, problem
from kehujingli.intake.collect import collect_exports, given_paths
from kehujingli.intake.corrections import settle
from kehujingli.intake.ledger import MEMORY_LIMIT, Ledger, Progress, Sheet
from kehujingli.month.watching import Watch
from kehujingli.periods import Period, day_of, month_start
from kehujingli.rules import EXAMPLE, RulesFile, load_rules, rules_in_force
from kehujingli.values import listed
from kehujingli.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from kehujingli.actuals import Actuals
    from kehujingli.assign import Plan
    from kehujingli.incentive import Scores
    from kehujingli.lists.month_page import Figure, Results
    from kehujingli.measures import Measured
    from kehujingli.scoring.settlement import Settlement
    from kehujingli.segment import Segmented
    from kehujingli.tables import PeriodTables


@dataclass(frozen=True)
class Request:
    """What a command asks for. Without ``paths`` the workspace's exports are read."""

    paths: Sequence[Path] = ()
    workspace: Workspace | None = None
    period: str | None = None
    as_of: date | None = None
    rules: Path | None = None
    actuals: Path | None = None
    targets: Path | None = None
    passwords: tuple[str, ...] = ()
    ask: Callable[[str], str] | None = None
    """Asks for the password of a file, where somebody can answer."""


@dataclass
class Month:
    """One period, as far as it has been reckoned."""

    request: Request
    sheets: list[Sheet]
    period: Period
    rules: RulesFile
    con: duckdb.DuckDBPyConnection
    findings: list[Finding]
    seconds: dict[str, float] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        self.watch.begin(name)
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)
        self.watch.end(name, self.seconds[name])

    @cached_property
    def tables(self) -> PeriodTables:
        from kehujingli.tables import load_tables

        with self.step("tables"):
            own = self.rules.rules.segment.activity.own_transfers if self.rules.rules.segment else False
            tables = load_tables(self.con, self.sheets, self.period, self.request.as_of, own_transfers=own)
            self.findings += tables.findings
        return tables

    def need(self, table: str, command: str) -> None:
        """Stop with exit 4 where a command cannot do without a table."""
        label = terms.BY_KEY[table].label
        there = [sheet for sheet in self.sheets if sheet.table == table]
        if not there:
            lacking = [
                told
                for sheet in self.sheets
                for told in sheet.findings
                if told.code == "intake.column-missing" and f"认作{label}" in told.message
            ]
            if lacking:
                from kehujingli.errors import Exit, Problem

                raise Problem(lacking, Exit.INPUT)
            where = "exports/" if self.request.workspace and not self.request.paths else "命令后的文件"
            raise problem("table.missing", table=label, command=command, where=where)
        if not any(sheet.accepted for sheet in there) or (table != "transactions" and self.tables[table].empty):
            later = [
                told for told in self.tables.findings if told.code == "table.snapshot-later" and label in told.message
            ]
            if later:
                from kehujingli.errors import Exit, Problem

                raise Problem(later, Exit.INPUT)
            raise problem("table.no-rows", table=label, rejected=sum(sheet.rejected for sheet in there))

    @cached_property
    def measured(self) -> Measured:
        from kehujingli.measures import Inputs, measure

        self.need("transactions", "分类")
        self.need("customers", "分类")
        tables = self.tables
        if tables.blind:
            raise problem("segment.no-accounts", file=tables.blind)
        with self.step("measures"):
            inputs = Inputs(
                tables["customers"],
                self.con.table("transactions"),
                tables["accounts"] if self._counts("accounts") else None,
                tables.account_history,
                tables["loans"] if self._counts("loans") else None,
                tables.loan_history,
            )
            measured = measure(inputs, self.rules.segment, self.period)
            self.findings += measured.findings
        return measured

    def _counts(self, table: str) -> bool:
        """Whether a snapshot of this table counts for the period (a later one does not)."""
        return self.tables.has(table) and self.tables.days[table] is not None

    @cached_property
    def previous(self) -> pd.DataFrame | None:
        """The classes of the month before, where it has been run."""
        if self.request.workspace is None:
            return None
        from kehujingli.lists.branches import PREVIOUS
        from kehujingli.workspace.results import Results

        return Results.of(self.request.workspace, self.period.back(1).name).frame("classes", PREVIOUS)

    @cached_property
    def previous_ranks(self) -> Mapping[str, int]:
        """Manager → rank of the month before, where it has been run."""
        from kehujingli.month.history import ranks_of

        return ranks_of(self.request.workspace, self.period.back(1).name)

    @cached_property
    def segmented(self) -> Segmented:
        from kehujingli.segment import segment, ties_on

        measured, tables = self.measured, self.tables
        with self.step("segment"):
            ties = ties_on(self.period.last, tables["loans"], measured.accounts, tables["holdings"])
            result = segment(
                tables["customers"], measured.customers, ties, self.rules.segment, self.period, self.previous
            )
            self.findings += result.findings
        return result

    @cached_property
    def inflow(self) -> dict[str, int]:
        """Customer → net deposits of the last months, as many as 培育名单 looks at."""
        from kehujingli.lists.branches import inflow_of

        self.measured  # noqa: B018 - the postings are linked
        return inflow_of(self.con, self.period.window_first(self.rules.segment.tending.months))

    @cached_property
    def deposit_history(self) -> list[tuple[int, int]]:
        """Month → average deposits of the county."""
        from kehujingli.lists.branches import daily_averages

        return daily_averages(self.con, int(self.measured.accounts["balance"].fillna(0).sum()), self.period)

    @property
    def effective(self) -> int:
        """A plan counts from the next month's first day."""
        return day_of(month_start(self.period.month + 1))

    @cached_property
    def committed(self) -> list[Any]:
        """Committed plans that count for this period, oldest first."""
        from kehujingli.tables.plans import load_plans

        plans = load_plans(self.request.workspace.plans, self.period) if self.request.workspace else []
        return [replace(plan, managers=self.tables.merges.main_keys(plan.managers)) for plan in plans]

    @cached_property
    def holders(self) -> dict[str, str]:
        """Who looks after each customer on the last day: 业绩归属, else the newest committed plan, else the export."""
        from kehujingli.tables.tenure import leads

        return leads(self.standing, self.tables["attributions"], self.period.last).holders

    @cached_property
    def standing(self) -> dict[str, str]:
        """Who would hold each customer without 业绩归属: the newest committed plan, else the export."""
        people = self.tables["customers"]
        found = {
            customer: manager
            for customer, manager in zip(people["customer_id"].tolist(), listed(people["manager_id"]), strict=True)
            if manager is not None
        }
        for plan in self.committed:
            found |= {customer: manager for customer, manager in plan.managers.items() if customer in found or manager}
        return found

    @cached_property
    def branch_names(self) -> dict[str, str]:
        from kehujingli.lists.main import names_of

        return names_of(self.tables["branches"])

    def _serving(self, customers: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
        """The roster with 服务范围 in branch numbers."""
        from kehujingli.assign.serving import Places, served

        people = self.tables["managers"]
        if people["serves"].dropna().isin(terms.WHOLE_COUNTY).all():
            return people, []
        numbers = {*customers["branch_id"].dropna(), *people["branch_id"].dropna()}
        return served(people, Places.of(self.tables["branches"], numbers, self.tables.merged), self.effective)

    @cached_property
    def plan(self) -> Plan:
        from kehujingli.assign import assign
        from kehujingli.assign.reasons import claimed
        from kehujingli.tables.tenure import leads

        classes = self.segmented.customers
        self.need("managers", "管户分配")
        with self.step("assign"):
            customers = classes[
                [
                    "customer_id",
                    "branch_id",
                    "village",
                    "customer_type",
                    "group",
                    "scale",
                    "scale_amount",
                    "average_deposit",
                    "loan_balance",
                ]
            ]
            # what is claimed from the plan's first day on is held when the plan begins
            held = leads(self.standing, self.tables["attributions"], self.effective)
            customers = customers.assign(holder_id=customers["customer_id"].map(held.holders))
            people, told = self._serving(customers)
            plan = assign(
                customers,
                people,
                self.tables["grids"],
                self.rules.assign,
                self.effective,
                self.branch_names,
            )
            self.findings += [*told, *claimed(plan.customers, held.shared, held.until), *plan.findings]
        return plan

    @cached_property
    def results(self) -> Results:
        """What the month's page is made from."""
        from kehujingli.lists.month_page import Results

        tables = self.tables
        scored = self.rules.rules.incentive is not None
        return Results(
            self.segmented.customers,
            tables["loans"],
            self.holders,
            self.plan,
            self.scores if scored else None,
            self.actuals if scored else None,
            frozenset(name for name in ("loans", "visits") if tables.has(name)),
        )

    @cached_property
    def figures(self) -> list[Figure]:
        """The ten figures of the month's page."""
        from kehujingli.lists.month_page import figures

        return figures(self.results)

    @cached_property
    def scores(self) -> Scores:
        from kehujingli.incentive import score
        from kehujingli.month.history import carried_into

        with self.step("score"), _no_collecting():
            carried = carried_into(self.request.workspace, self.period, self.rules.incentive)
            scores = score(self.roster, self.actuals, self.papers, self.rules.incentive, self.period, carried)
            self.findings += [*self.actuals.findings, *scores.findings]
        return scores

    @cached_property
    def settlement(self) -> Settlement:
        """What is paid beside the month's own pay, from the lines that other months left."""
        from kehujingli.month.history import ledgers
        from kehujingli.scoring.settlement import settle, unsettled_months

        others = ledgers(self.request.workspace, but=self.period.name)
        settled = settle(self.scores, self.period, others)
        self.findings += settled.findings
        if self.request.workspace is not None:
            self.findings += unsettled_months(self.rules.incentive, self.period, others)
        return settled

    @cached_property
    def actuals(self) -> Actuals:
        from kehujingli.month.scoring_inputs import actuals_of

        return actuals_of(self)

    @cached_property
    def papers(self) -> Any:
        from kehujingli.month.scoring_inputs import papers_of

        return papers_of(self)

    @cached_property
    def roster(self) -> pd.DataFrame:
        from kehujingli.month.scoring_inputs import roster_of

        return roster_of(self)

    @property
    def rejected(self) -> list[int]:
        """Refused rows of every sheet, those refused for a repeated key included."""
        return [sheet.rejected for sheet in self.settled]

    @property
    def settled(self) -> list[Sheet]:
        """The sheets with the rows that were refused for a repeated key counted, and summed, as refused."""
        return self.tables.refused.settle(self.sheets)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Scores are many small objects that all stay: looking through them for garbage, again and again, costs as much as making them.

    They are not looked through afterwards either; nothing in them goes round in a circle, so they go when nobody wants them.
    """
    import gc

    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def open_month(request: Request, ledger: Ledger, watch: Watch | None = None) -> Month:
    """Read the exports and settle the period and the rules in force. ``watch`` is told of files and steps."""
    watch = watch or Watch()
    given = (
        load_rules(request.rules) if request.rules is not None else None
    )  # a bad file is said before anything is read
    warming = threading.Thread(target=_warm, daemon=True)
    warming.start()
    start = time.perf_counter()
    sheets, findings = read_exports(request, ledger, watch.file)
    warming.join()
    import duckdb

    seconds = time.perf_counter() - start
    con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    con.execute("set preserve_insertion_order = true")
    period, told = _period(con, sheets, request)
    rules = given or find_rules(request, period)
    if rules.example:
        told.append(finding("rules.example-used"))
    month = Month(request, sheets, period, rules, con, [*findings, *told], watch=watch)
    month.seconds["intake"] = round(seconds, 3)
    watch.end("intake", month.seconds["intake"])
    return month


def _warm() -> None:
    """Import what the month will need while the workers read: the two do not get in each other's way."""
    import narwhals.stable.v2
    import pandas
    import pyarrow.parquet
    import scipy.optimize
    import scipy.sparse
    import xlsxwriter

    import kehujingli.rules
    import kehujingli.tables

    del narwhals, pandas, pyarrow, scipy, xlsxwriter, kehujingli


def _period(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], request: Request) -> tuple[Period, list[Finding]]:
    from kehujingli.month.scoring_inputs import actuals_period
    from kehujingli.tables import choose_period

    if not request.period and not request.as_of and not any(sheet.table == "transactions" for sheet in sheets):
        named = actuals_period(sheets)
        if named is not None:
            return named, []
    return choose_period(con, sheets, request.period, request.as_of)


def read_exports(
    request: Request, ledger: Ledger, progress: Progress | None = None
) -> tuple[list[Sheet], list[Finding]]:
    """Every sheet of the exports asked for, and what was found on the way."""
    with given_paths(request.paths) as given:
        return _read_exports(replace(request, paths=given), ledger, progress)


def _read_exports(request: Request, ledger: Ledger, progress: Progress | None) -> tuple[list[Sheet], list[Finding]]:
    from kehujingli.tables.filenames import units_in_names

    workspace = request.workspace
    paths = list(request.paths) or ([workspace.exports] if workspace else [])
    base = paths[0] if len(paths) == 1 and paths[0].is_dir() else None
    forced = [(request.actuals, "actuals"), (request.targets, "targets")]
    if not paths and not any(path for path, _ in forced):
        raise problem("workspace.missing")
    exports, copies, strange = collect_exports(paths, base)
    ledger.passwords = request.passwords
    sheets = ledger.read(exports, progress)
    locked = list(dict.fromkeys(sheet.export.name for sheet in sheets if sheet.locked))
    if locked and request.ask is not None:
        ledger.passwords = (*request.passwords, *filter(None, map(request.ask, locked)))
        sheets = ledger.read(exports, progress)
    strange += list(dict.fromkeys(sheet.export.name for sheet in sheets if not sheet.export.asked and not sheet.table))
    sheets, corrected = settle([sheet for sheet in sheets if sheet.export.asked or sheet.table])
    for path, table in forced:
        if path is not None:
            own, _, _ = collect_exports([path])
            sheets = [sheet for sheet in sheets if sheet.table != table] + ledger.read(own, progress, forced=table)
    if not sheets:
        where = paths[0] if len(paths) == 1 else "命令后的文件"
        raise problem("table.no-files", where=where)
    findings = [*(told for sheet in sheets for told in sheet.findings), *corrected]
    findings += [finding("intake.same-file", file=copy, other=original) for copy, original in copies]
    findings += [finding("intake.extension", file=name) for name in strange]
    findings += units_in_names(sheets)
    return sheets, [_softened(told) for told in findings]


def _softened(told: Finding) -> Finding:
    """A table that lacks a column is an error only for a command that needs the table; in a folder of exports its sheet is left out."""
    return replace(told, level="refused") if told.level == "error" else told


def find_rules(request: Request, period: Period) -> RulesFile:
    """``--rules FILE`` whatever the period; else the workspace's file in force on the last day; else the shipped example, and it is said."""
    if request.rules is not None:
        return load_rules(request.rules)
    if request.workspace is not None and request.workspace.rules.is_dir():
        return load_rules(rules_in_force(request.workspace.rules, period.as_of))
    return load_rules(EXAMPLE)

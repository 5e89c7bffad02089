"""What does a study say of a period that has been run? Its inputs are what the period kept; nothing is read again."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Problem, problem
from kehujingli.periods import Period, month_of
from kehujingli.studies import checked, declared, titles, titles_named
from kehujingli.studies.headcount import Rules as Staffing
from kehujingli.studies.money.floors import Terms
from kehujingli.studies.money.loss import Rules as LossRates
from kehujingli.studies.study import Answer, Study, StudyList, answer
from kehujingli.terms.column import ListColumn
from kehujingli.terms.masks import mask_sql
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from pydantic import BaseModel

    from kehujingli.rules import RulesFile, SegmentRules
    from kehujingli.rules.strategy import Strategy

_PREVIOUS = "previous"
_PRICING = "contribution"
"""Whose rules say what a loan must bring."""


def _stored(name: str) -> str | None:
    """What is another month's result: its name there."""
    of, _, stored = name.partition("_")
    return (stored or "classes") if of == _PREVIOUS else None


@dataclass(frozen=True)
class KeptPeriod:
    """A period as it was kept. ``given``: other rules than the period's own; ``since``: the period it is compared with, the month before by default."""

    workspace: Workspace
    results: Results
    given: Path | None = None
    since: str | None = None

    @property
    def manifest(self) -> Mapping[str, Any]:
        return self.results.manifest

    @property
    def period(self) -> Period:
        as_of = date.fromisoformat(self.manifest["as_of"])
        return Period(month_of(as_of), as_of)

    @cached_property
    def rules(self) -> RulesFile:
        """Those of the run where they still lie in the workspace, else those in force on its last day."""
        from kehujingli.rules import load_rules, rules_in_force

        own = self.workspace.rules_of(self.manifest)
        path = self.given or (own if own is not None and own.exists() else None)
        return checked(load_rules(path or rules_in_force(self.workspace.rules, self.period.as_of)))

    def has(self, name: str) -> bool:
        if name == "months":
            return self.results.has("scores")
        return self.earlier.has(name) if _stored(name) else self.results.has(name)

    def take(self, name: str) -> pd.DataFrame | None:
        """A kept result, as a study takes it."""
        if name == "months":
            from kehujingli.answers.months import kept_months

            return kept_months(self.workspace, self.period)
        return self.earlier.take(name) if _stored(name) else self.results.frame(name)

    @cached_property
    def earlier(self) -> Earlier:
        """The period it is compared with. Raises ``option.bad``."""
        return Earlier.of(self.workspace, self.period, self.since)

    def ask(self, asked: Study, **options: Any) -> Answer:
        """The study's answer. Raises ``study.needs``."""
        rerun = "，运行 kehujingli run 后再来"
        facts = facts_of(asked, self.period, self.rules, self.earlier, self.manifest.get("thresholds"))
        facts["inputs"] = self.manifest.get("inputs", [])
        return answer(asked, self.take, facts, rerun=rerun, **options)

    def lacks(self, asked: Study) -> list[str]:
        """Inputs that it cannot do without and that are not there."""
        return [name for name in asked.needs if not self.has(name)]


@dataclass(frozen=True)
class Earlier:
    """The period that another is compared with: what it kept, nothing where it has not been run; None where there is no workspace."""

    period: Period
    results: Results | None
    workspace: Workspace | None = None

    def has(self, name: str) -> bool:
        """Whether it kept what a study calls ``previous…``."""
        stored = _stored(name)
        return stored is not None and self.results is not None and self.results.has(stored)

    @classmethod
    def of(cls, workspace: Workspace | None, period: Period, since: str | None) -> Earlier:
        """``since``: its month, the one before ``period`` where it is not told. Raises ``option.bad``."""
        earlier = period.back(1)
        if since is not None:
            try:
                earlier = Period.of(since)
            except ValueError:
                cure = "请写 年-月，如 2026-06。"
                raise problem("option.bad", option="--since", value=since, detail="不是月份", cure=cure) from None
            if earlier.month >= period.month:
                detail, cure = f"不早于 {period.name}", f"请写 {period.name} 以前的月份。"
                raise problem("option.bad", option="--since", value=since, detail=detail, cure=cure)
        results = Results.of(workspace, earlier.name) if workspace is not None else None
        day = results.manifest.get("as_of") if results is not None else None
        return cls(Period(earlier.month, date.fromisoformat(day)) if day else earlier, results, workspace)

    @property
    def thresholds(self) -> Mapping[str, Any]:
        return self.results.manifest.get("thresholds", {}) if self.results is not None else {}

    def take(self, name: str) -> pd.DataFrame | None:
        """What it kept of an input that is another month's result."""
        stored = _stored(name)
        return self.results.frame(stored) if self.results is not None and stored else None

    def segment_rules(self, now: SegmentRules | None) -> SegmentRules | None:
        """The rules that classed it: those of its run, or those of ``now``, whichever still say what it kept; None where neither does."""
        from kehujingli.rules import load_rules

        given = [now]
        if self.workspace is not None and self.results is not None and self.results.manifest:
            path = self.workspace.rules_of(self.results.manifest)
            with contextlib.suppress(Problem):
                given.insert(0, load_rules(path).rules.segment if path is not None and path.exists() else None)
        return next((one for one in given if one is not None and _says(one, self.period, self.thresholds)), None)


def _says(rules: SegmentRules, period: Period, kept: Mapping[str, Any]) -> bool:
    """Whether these rules are what a manifest kept of those that classed its period."""
    from kehujingli.segment import thresholds

    told: dict[str, Any] = json.loads(json.dumps(thresholds(rules, period)))
    return bool(kept) and told == {key: kept.get(key) for key in told}


def own_rules(asked: Study, rules: RulesFile) -> BaseModel | None:
    """Its section of the rules."""
    return rules.study(asked.key, asked.rules) if asked.rules is not None else None


def facts_of(
    asked: Study, period: Period, rules: RulesFile, earlier: Earlier, thresholds: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What a study may take beside frames. ``thresholds``: what classed a kept period. Raises ``study.rules-differ`` where that is not ``rules``."""
    incentive, segment = rules.rules.incentive, rules.rules.segment
    then, pair = earlier.thresholds, None
    if "segment" in asked.facts:
        if segment is None or (thresholds and not _says(segment, period, thresholds)):
            raise problem("study.rules-differ", period=period.name, study=asked.label)
        pair = (earlier.segment_rules(segment), segment)
    return {
        "period": period,
        "institution": rules.rules.institution,
        "rules": own_rules(asked, rules),
        "ladder": incentive.ladder if incentive is not None else [],
        "before": earlier.period,
        "workspace": earlier.results is not None,
        "segment": pair,
        "trial": None,
        "loss_rates": rules.study("loss", LossRates).by_class if "loss_rates" in asked.facts else None,
        "lending": _lending(rules) if "lending" in asked.facts else None,
        "strategy": _strategy(asked, rules),
        "staffing": rules.study("headcount", Staffing) if "staffing" in asked.facts else None,
        "thresholds": (then, thresholds) if then and thresholds and "dormant" in then else None,
    }


def _lending(rules: RulesFile) -> Terms:
    """As 投入产出 prices loans."""
    own: Any = own_rules(declared(_PRICING), rules)
    return Terms(rules.study("loss", LossRates).by_class, own.capital, own.hurdle)


def _strategy(asked: Study, rules: RulesFile) -> Strategy | None:
    """户群策略. Raises ``rules.section-missing`` where there is none and the study cannot do without."""
    if "strategy" not in asked.facts or "strategy" in asked.spared:
        return rules.rules.strategy
    return rules.strategy


def lists_named(sql: str) -> Iterator[tuple[Study, StudyList]]:
    """The studies' lists that a query names: their names begin with the study's, so that no other file is opened."""
    for title in titles_named(sql):
        found = declared(title.key)
        for one in found.lists:
            if re.search(rf"\b{one.key}\b", sql, re.IGNORECASE) or one.title in sql:
                yield found, one


def hold_lists(con: duckdb.DuckDBPyConnection, workspace: Workspace, kept: Results, sql: str, *, unmask: bool) -> None:
    """Every list of a study that ``sql`` names as a table under both names, masked."""
    told: dict[str, Answer] = {}
    for asked, one in lists_named(sql):
        if asked.key not in told:
            told[asked.key] = KeptPeriod(workspace, kept).ask(asked)
        con.register("answered", told[asked.key].frames[one.key])
        for name, chinese in ((one.key, False), (one.title, True)):
            fields = ", ".join(_field(column, one, chinese=chinese, unmask=unmask) for column in one.columns)
            con.execute(f'create table "{name}" as select {fields} from answered').fetchall()
        con.unregister("answered")


def _field(column: ListColumn, of: StudyList, *, chinese: bool, unmask: bool) -> str:
    quoted = f'"{column.key}"'
    types = '"customer_type"' if any(other.key == "customer_type" for other in of.columns) else None
    match column.kind:
        case "yuan" | "wan":
            field = f"({quoted}::decimal(38, 2) / 100)::decimal(18, 2)"
        case "date":
            field = f"date '1970-01-01' + {quoted}::integer"
        case _ if column.private and not unmask:
            field = mask_sql(f"{quoted}::varchar", column.private, types)
        case _ if column.codes and chinese:
            cases = " ".join(f"when '{code}' then '{word}'" for code, word in column.codes.items())
            field = f"case {quoted} {cases} else {quoted} end"
        case _:
            field = quoted
    return f'{field} as "{column.header if chinese else column.key}"'


_SQL_TYPES = {"yuan": "DECIMAL(18,2)", "wan": "DECIMAL(18,2)", "date": "DATE", "count": "BIGINT", "rate": "DOUBLE"}


def catalogue_of_lists(workspace: Workspace, results: Results) -> Iterator[dict[str, str]]:
    """The studies' lists that the period can answer, as ``query.catalogue`` has them."""
    kept = KeptPeriod(workspace, results)
    for title in titles():
        found = declared(title.key)
        if kept.lacks(found):
            continue
        for one in found.lists:
            for column in one.columns:
                yield {
                    "table": one.key,
                    "label": one.title,
                    "column": column.key,
                    "column_label": column.header,
                    "type": _SQL_TYPES.get(column.kind, "VARCHAR"),
                }

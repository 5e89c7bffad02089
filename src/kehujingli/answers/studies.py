"""What does a study say of a period that has been run? Its inputs are what the period kept; nothing is read again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.periods import Period, month_of
from kehujingli.studies import checked, declared, titles
from kehujingli.studies.study import Answer, Study, StudyList, answer
from kehujingli.terms.column import ListColumn
from kehujingli.terms.masks import mask_sql
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from kehujingli.rules import RulesFile

_STORED = {"previous": "classes"}
"""What is another month's result: its name there."""


@dataclass(frozen=True)
class KeptPeriod:
    """A period as it was kept. ``given``: other rules than the period's own."""

    workspace: Workspace
    results: Results
    given: Path | None = None

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
        return self._of(name).has(_STORED.get(name, name))

    def take(self, name: str) -> pd.DataFrame | None:
        """A kept result, as a study takes it."""
        if name == "months":
            from kehujingli.answers.months import kept_months

            return kept_months(self.workspace, self.period)
        return self._of(name).frame(_STORED.get(name, name))

    def _of(self, name: str) -> Results:
        """The period's own results, or those of the month before."""
        return Results.of(self.workspace, self.period.back(1).name) if name in _STORED else self.results

    def ask(self, asked: Study, **options: Any) -> Answer:
        """The study's answer. Raises ``study.needs``."""
        rerun = "，运行 kehujingli run 后再来"
        return answer(asked, self.take, facts_of(asked, self.period, self.rules), rerun=rerun, **options)

    def lacks(self, asked: Study) -> list[str]:
        """Inputs that it cannot do without and that are not there."""
        return [name for name in asked.needs if not self.has(name)]


def facts_of(asked: Study, period: Period, rules: RulesFile) -> dict[str, Any]:
    """What a study may take beside frames."""
    own = rules.study(asked.key, asked.rules) if asked.rules is not None else None
    incentive = rules.rules.incentive
    ladder = incentive.ladder if incentive is not None else []
    return {"period": period, "institution": rules.rules.institution, "rules": own, "ladder": ladder}


def lists_named(sql: str) -> Iterator[tuple[Study, StudyList]]:
    """The studies' lists that a query names: their names begin with the study's, so that no other file is opened."""
    for title in titles():
        if re.search(rf"\b{title.key}", sql, re.IGNORECASE) or title.label in sql:
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

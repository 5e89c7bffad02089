"""Against what is growth measured? Approved 基数 of customers, accounts and managers, each in its item's unit; rows that contradict each other are told, and none counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from kehujingli import terms
from kehujingli.actuals import Way, header_unit
from kehujingli.actuals.ways import Want
from kehujingli.errors import Finding, finding
from kehujingli.values import listed, plain

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period
    from kehujingli.rules.schemes import Population

Whose = Literal["customer_id", "account_id", "manager_id"]
_SHOWN = 5


class Baselines:
    """The rows of 基数 of one year. A row that names an account is the account's, else one that names a customer the customer's.

    ``customer_id`` of an account's row is who owns it, as the tables have it.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], wants: Sequence[Want], period: Period) -> None:
        rows = tables["baselines"]
        self.rows = rows[rows["year"].str.slice(0, 4) == str(period.year)]
        self.roster, self.wants = tables["managers"], wants
        self.findings: list[Finding] = []

    def of(self, way: Way, whose: Whose) -> dict[str, Decimal]:
        """Approved 基数 in the unit of the rules: money in 元."""
        found: dict[str, dict[Decimal, str]] = {}
        for who, value, row in self._values(way, whose):
            found.setdefault(who, {}).setdefault(value, row)
        for who, values in found.items():
            if len(values) > 1:
                self._tell(
                    "score.lines-differ",
                    table=terms.BY_KEY["baselines"].label,
                    rows="、".join(values.values()),
                    who=self._said(whose, who),
                    item=terms.ITEM_ACTUALS[way.actual],
                    values="、".join(plain(value) for value in values),
                )
        return {who: next(iter(values)) for who, values in found.items() if len(values) == 1}

    def of_accounts(self, way: Way, customers: Mapping[str, Decimal]) -> dict[str, dict[str, Decimal]]:
        """Customer → account → its approved 基数, of those who have none of their own; who has both is told."""
        owners = dict(zip(listed(self.rows["account_id"]), listed(self.rows["customer_id"]), strict=True))
        found: dict[str, dict[str, Decimal]] = {}
        for account, value in self.of(way, "account_id").items():
            if owners[account] is not None:
                found.setdefault(owners[account], {})[account] = value
        both = sorted(found.keys() & customers.keys())
        if both:
            people = "、".join(both[:_SHOWN]) + (" 等" if len(both) > _SHOWN else "")
            self._tell("score.baseline-twice", item=terms.ITEM_ACTUALS[way.actual], count=len(both), people=people)
        return {customer: values for customer, values in found.items() if customer not in customers}

    def _values(self, way: Way, whose: Whose) -> Iterator[tuple[str, Decimal, str]]:
        """Who, how much, and the row that says so."""
        named: dict[str, list[Want]] = {}
        for want in self.wants:
            for name in want.names if want.way == way else ():
                named.setdefault(name, []).append(want)
        rows = self._rows_of(whose)
        columns = (rows[name] for name in (whose, "item", "unit", "baseline", "row"))
        for who, item, said, value, row in zip(*columns, strict=True):
            several = named.get(str(item))
            if several:
                want = next((want for want in several if self._under(want.population, str(who))), several[0])
                unit = header_unit(said, want.unit, terms.ACTUAL_STYLES.get(want.way.actual))
                yield str(who), Decimal(value) * unit, str(row)

    def _rows_of(self, whose: Whose) -> pd.DataFrame:
        """The rows that are theirs, and nobody's more narrowly."""
        rows = self.rows[self.rows[whose].notna()]
        for narrower in ("account_id", "customer_id"):
            if narrower == whose:
                break
            rows = rows[rows[narrower].isna()]
        return rows

    def _under(self, population: Population | None, manager: str) -> bool:
        """Whether a manager is one of these people."""
        return population is not None and any(population.holds(*post) for post in self._posts.get(manager, ()))

    @cached_property
    def _posts(self) -> dict[str, list[tuple[str | None, str | None, str | None]]]:
        """Manager → branch, specialism and grade of each post."""
        columns = (listed(self.roster[column]) for column in ("branch_id", "specialism", "grade"))
        found: dict[str, list[tuple[str | None, str | None, str | None]]] = {}
        for manager, *post in zip(listed(self.roster["manager_id"]), *columns, strict=True):
            found.setdefault(str(manager), []).append((post[0], post[1], post[2]))
        return found

    def _said(self, whose: Whose, who: str) -> str:
        return f"{terms.BY_KEY['baselines'].column(whose).label} {who}"

    def _tell(self, code: str, **facts: Any) -> None:
        """Once: an actual may be wanted in several ways."""
        told = finding(code, **facts)
        if told not in self.findings:
            self.findings.append(told)

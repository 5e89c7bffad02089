"""Which actuals can these exports tell, and from what? Each named actual from the tables it needs, or what is missing for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.actuals import Actuals, Contribution, Way, frame_of
from kehujingli.actuals import loans as of_loans
from kehujingli.actuals.baselines import Baselines
from kehujingli.actuals.deposits import growth, interest_parts, ratio_parts
from kehujingli.actuals.facts import Facts, Missing
from kehujingli.actuals.fees import fee_income, fee_tenure
from kehujingli.actuals.growths import BASES, bases, growths
from kehujingli.actuals.visits import by_way, made_in, planned, visits_done
from kehujingli.actuals.ways import wants, ways
from kehujingli.errors import Finding, finding
from kehujingli.periods import date_of
from kehujingli.tables.tenure import Holders, Plan, Roster, Tenure, customer_tenure, item_tenure
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import IncentiveRules


def wanted_actuals(rules: IncentiveRules) -> list[str]:
    """The actuals that the schemes' items, conditions and gates name, each once, in order."""
    return list(dict.fromkeys(name for scheme in rules.schemes for name in scheme.actual_names()))


def compute(facts: Facts, rules: IncentiveRules) -> Actuals:
    """Every actual that the scheme names, as contributions; what cannot be told is listed under ``missing``."""
    return _Computation(facts, rules).run()


class _Computation:
    def __init__(self, facts: Facts, rules: IncentiveRules) -> None:
        self.facts, self.rules, self.wants = facts, rules, wants(rules)
        self.period = facts.period
        self.findings: list[Finding] = []
        self.branches: dict[str, str | None] = dict(
            zip(facts.customers["customer_id"].tolist(), listed(facts.customers["branch_id"]), strict=True)
        )
        self.trial = self._on_trial()
        plans = [Plan(-(2**31), facts.trial_plan)] if self.trial else list(facts.plans)
        self.holders = Holders(Roster.of(facts.tables["managers"]), facts.tables["attributions"], plans, facts.managed)
        self.first, self.last = self.period.year_first, self.period.last
        self.baselines = Baselines(facts.tables, self.wants, self.period)

    @cached_property
    def of_customers(self) -> Tenure:
        return self._kept(customer_tenure(self.facts.customers, self.holders, self.first, self.last))

    @cached_property
    def of_accounts(self) -> Tenure:
        return self._kept(
            item_tenure(
                self.facts.accounts,
                "account_id",
                "manager_id",
                "deposit",
                self.of_customers,
                self.holders,
                self.first,
                self.last,
            )
        )

    @cached_property
    def of_loans(self) -> Tenure:
        return self._kept(self._tenure_of(self.facts.tables["loans"]))

    def _tenure_of(self, loans: pd.DataFrame) -> Tenure:
        return item_tenure(
            loans, "loan_id", "manager_id", "loan", self.of_customers, self.holders, self.first, self.last
        )

    def _kept(self, tenure: Tenure) -> Tenure:
        self.findings += tenure.findings
        return tenure

    def _on_trial(self) -> bool:
        """Nobody holds anything yet: the plan of this run is tried, for trial only."""
        facts = self.facts
        held = [facts.customers["manager_id"], facts.accounts["manager_id"], facts.tables["loans"]["manager_id"]]
        anyone = any(bool(column.notna().any()) for column in held)
        return not anyone and not facts.plans and facts.tables["attributions"].empty and bool(facts.trial_plan)

    def run(self) -> Actuals:
        makers: Mapping[str, Callable[[Way], Iterable[Contribution]]] = {
            "average_deposit_growth": self.deposit_growth,
            "average_loan_growth": self.loan_growth,
            "loan_customers_growth": self.loan_customers,
            "npl_ratio": self.npl,
            "new_npl_since_tenure": lambda _: self.new_npl(),
            "due_collection_ratio": lambda _: self.due_collection(),
            "interest_collection_ratio": lambda _: self.interest_collection(),
            "new_overdue": lambda _: self.new_overdue(),
            "deposit_cost": lambda _: self.ratios("deposit_cost", "rate"),
            "interest_cost": lambda _: self.interest_cost(),
            "demand_share": lambda _: self.ratios("demand_share", "kind"),
            "fee_income": lambda _: self.fees(),
            "customers_woken": self.customers_woken,
            "visits_done_ratio": self.visits,
        }
        contributions: list[Contribution] = []
        missing: dict[str, str] = {}
        keys = ways(self.rules)
        for way, name in keys.items():
            if way.actual not in makers:
                missing[name] = "程序不会算，只能人工填报"
                continue
            try:
                self._lost(way)
                made = makers[way.actual](way)
                contributions += made if name == way.actual else (replace(part, actual=name) for part in made)
            except Missing as lack:
                missing[name] = str(lack)
        self.findings += [*self.baselines.findings, *self._outside()]
        if self.trial:
            self.findings.append(finding("score.trial-plan"))
        return Actuals(frame_of(contributions), missing, self.findings, self.trial, keys)

    def _need(self, table: str, *columns: str) -> None:
        label = terms.BY_KEY[table].label
        if not self.facts.has(table):
            raise Missing(f"缺{label}")
        lacking = [terms.BY_KEY[table].column(column).label for column in columns if not self.facts.has(table, column)]
        if lacking:
            raise Missing(f"{label}缺{'、'.join(lacking)}{'两' if len(lacking) == 2 else ''}列")

    def _lost(self, way: Way) -> None:
        """What cannot be told since a picture that it is made of lost a column: none of it, for nobody knows whose part is missing."""
        said = []
        for table, column, day in sorted(self.facts.gone):
            use = terms.USES[table][column]
            if way.actual in use.actuals and self._reads(way, table, column, day):
                known = terms.BY_KEY[table]
                said.append(f"{date_of(day)} 的" * bool(day) + f"{known.label}缺{known.column(column).label}列")
        if said:
            raise Missing("，".join(dict.fromkeys(said)))

    def _reads(self, way: Way, table: str, column: str, day: int) -> bool:
        """Whether an actual reads the column of the picture of this day."""
        if way.actual == "npl_ratio" and column == ("responsible_id" if way.choice == "holder" else "manager_id"):
            return False
        if day == 0:
            return True
        frame = self.facts.tables[table]
        if "snapshot" in frame and bool((frame["snapshot"] == day).any()):
            return True
        match way.actual:
            case "interest_collection_ratio":
                return day == self.period.first - 1 and column.startswith("arrears")
            case "loan_customers_growth":
                return day == self.period.year_first - 1 and column in ("status", "manager_id")
            case "new_npl_since_tenure":
                return column == "five_class"
            case _:
                return False

    def _outside(self) -> Iterator[Finding]:
        """People named on accounts and loans who are not on the roster: their money is 公共."""
        roster = self.holders.roster.spans
        for table, frame, money in (
            ("accounts", self.facts.accounts, "balance"),
            ("loans", self.facts.tables["loans"], "balance"),
        ):
            strange = frame[frame["manager_id"].notna() & ~frame["manager_id"].isin(list(roster))]
            if len(strange):
                people = sorted(set(strange["manager_id"]))
                label = terms.BY_KEY[table].column("manager_id").label
                yield finding(
                    "score.outside-roster",
                    count=len(strange),
                    what=terms.BY_KEY[table].label,
                    column=label,
                    people="、".join(people[:5]) + (f"等 {len(people)} 人" if len(people) > 5 else ""),
                    amount=int(strange[money].fillna(0).sum()),
                )

    def deposit_growth(self, way: Way) -> Iterator[Contribution]:
        kind = way.choice
        people = self.facts.customers
        by_customer = self.baselines.of(way, "customer_id")
        by_account = self.baselines.of_accounts(way, by_customer)
        by_manager = self.baselines.of(way, "manager_id")
        base = bases(self.facts, kind, by_customer, by_account)
        told = people["average_deposit_year"].notna()
        theirs, others = self._held_by(by_manager)
        ready = people[told & (base.notna() | people["customer_id"].isin(theirs))]
        lacking = people[told & base.isna() & ~people["customer_id"].isin(theirs - others)]
        words = BASES[kind].words
        if ready.empty or not len(self.facts.accounts):
            raise Missing(
                f"缺{words}（存款账户没有这一列，流水也不够长）"
                if self.facts.has("transactions")
                else "缺存款账户和交易流水"
            )
        self._without_baseline(way.actual, len(lacking), words)
        customers = growths(self.facts, kind, ready, base, set(by_customer), by_account)
        yield from growth(customers, self.of_accounts, self.facts.movements, by_manager)
        yield from _own_baselines(way.actual, {who: int(value * 100) for who, value in by_manager.items()})

    def _without_baseline(self, actual: str, count: int, lacking: str) -> None:
        if count:
            self.findings.append(
                finding(
                    "score.no-baseline",
                    item=terms.ITEM_ACTUALS[actual],
                    count=count,
                    missing=lacking,
                    effect="这些户不计净增",
                )
            )

    def _held_by(self, managers: Collection[str]) -> tuple[set[str], set[str]]:
        """Customers of whose accounts some day is held by one of these managers, and those of whom some is held by others."""
        theirs, others = set[str](), set[str]()
        if managers:
            accounts = self.facts.accounts
            for account, customer in zip(accounts["account_id"].tolist(), listed(accounts["customer_id"]), strict=True):
                holders = {stint.holder for stint in self.of_accounts.stints(account)}
                if holders & set(managers):
                    theirs.add(str(customer))
                if holders - set(managers):
                    others.add(str(customer))
        return theirs, others

    def loan_growth(self, way: Way) -> Iterator[Contribution]:
        self._need("loans", "average_year")
        by_customer = self.baselines.of(way, "customer_id")
        by_account = self.baselines.of_accounts(way, by_customer)
        sums = {customer: sum(values.values(), Decimal(0)) for customer, values in by_account.items()}
        baseline = {customer: int(value * 100) for customer, value in {**by_customer, **sums}.items()}
        by_manager = self.baselines.of(way, "manager_id")
        if not baseline and not by_manager:
            raise Missing("缺上年贷款日均基数（基数表）")
        yield from of_loans.average_growth(
            self.facts.tables["loans"], baseline, self.of_loans, self.branches, by_manager
        )
        yield from _own_baselines(way.actual, {who: int(value * 100) for who, value in by_manager.items()})

    def loan_customers(self, way: Way) -> Iterator[Contribution]:
        self._need("loans")
        by_manager = self.baselines.of(way, "manager_id")
        history, opening = self.facts.loan_history, self.period.year_first - 1
        then = history[history["snapshot"] == opening]
        if then.empty and not by_manager:
            raise Missing(f"缺 {date_of(opening)} 的贷款台账或贷款户数基数")
        held = self.of_loans if then.empty else self._tenure_of(then)
        unknown = 0
        for part in of_loans.loan_customers(
            of_loans.leading(self.facts.tables["loans"]),
            of_loans.leading(then),
            of_loans.left_since(history, opening),
            self.of_loans,
            held,
        ):
            if part.holder in by_manager:
                yield replace(part, numerator=part.numerator + (part.baseline or 0), baseline=0)
            elif not then.empty:
                yield part
            else:
                # Who has no 基数 and no book to count it from has no growth that anybody could tell.
                unknown += part.holder not in (terms.PUBLIC, terms.UNHELD)
        self._without_baseline(way.actual, unknown, f"{date_of(opening)} 的贷款台账")
        yield from _own_baselines(way.actual, {who: int(value) for who, value in by_manager.items()})

    def npl(self, way: Way) -> Iterator[Contribution]:
        self._need("loans", "five_class")
        loans = self.facts.tables["loans"]
        if way.choice == "holder":
            responsible = {
                loan: max(
                    self.of_loans.on(loan, self.period.last) or [(terms.PUBLIC, Fraction(1))],
                    key=lambda pair: (pair[1], pair[0]),
                )[0]
                for loan in loans["loan_id"]
            }
        else:
            if not self.facts.has("loans", "responsible_id"):
                raise Missing("贷款台账缺责任人列")
            who = loans["responsible_id"].astype("object").where(loans["responsible_id"].notna(), terms.PUBLIC)
            responsible = dict(zip(loans["loan_id"], who, strict=True))
        return of_loans.npl(loans, responsible)

    def new_npl(self) -> Iterator[Contribution]:
        self._need("loans", "five_class")
        takeover = {manager: span[0] for manager, span in self.holders.roster.spans.items()}
        return of_loans.new_npl(
            self.facts.tables["loans"], self.facts.loan_history, self.of_loans, takeover, self.period.last
        )

    def due_collection(self) -> Iterator[Contribution]:
        self._need("loans", "due_principal", "due_collected")
        return of_loans.due_collection(self.facts.tables["loans"], self.of_loans, self.period.last)

    def interest_collection(self) -> Iterator[Contribution]:
        self._need("loans", "interest_received", "arrears_on_book", "arrears_off_book")
        opening = self.period.first - 1
        before = self.facts.loan_history[self.facts.loan_history["snapshot"] == opening]
        if before.empty:
            raise Missing(f"缺 {date_of(opening)} 的贷款台账")
        # What was settled in the month is in the present book no more, and somebody collected it.
        loans = of_loans.with_settled(self.facts.tables["loans"], before)
        return of_loans.interest_collection(loans, before, self._kept(self._tenure_of(loans)), self.period.last)

    def new_overdue(self) -> Iterator[Contribution]:
        self._need("loans", "overdue_days")
        return of_loans.new_overdue(self.facts.tables["loans"], self.of_loans, self.period.first, self.period.last)

    def ratios(self, actual: str, column: str) -> Iterator[Contribution]:
        self._need("accounts", column, "balance")
        return (
            part
            for part in ratio_parts(self.facts.accounts, self.of_accounts, self.branches, self.period.last)
            if part.actual == actual
        )

    def interest_cost(self) -> Iterator[Contribution]:
        self._need("transactions")
        people = self.facts.customers
        if people["interest_paid"].isna().all():
            raise Missing("近 12 个月流水不全，或一笔结息也没有")
        return interest_parts(people, self.facts.accounts, self.of_accounts, self.period.last)

    def fees(self) -> Iterator[Contribution]:
        self._need("fees")
        fees = self.facts.tables["fees"]
        held = self._kept(fee_tenure(fees, self.of_customers, self.holders, self.first, self.last))
        return fee_income(fees, held, self.branches, self.period, self.findings)

    def customers_woken(self, way: Way) -> Iterator[Contribution]:
        if not self.facts.has("transactions"):
            raise Missing("缺交易流水")
        least = int(Decimal(way.choice) * 100)
        averages = dict(
            zip(
                self.facts.customers["customer_id"].tolist(),
                listed(self.facts.customers["average_deposit_month"]),
                strict=True,
            )
        )
        for customer in self.facts.woken:
            average = averages.get(customer)
            if least and (average is None or int(average) < least):
                continue
            held = self.of_customers.on(customer, self.period.last)
            holder = max(held, key=lambda pair: (pair[1], pair[0]))[0] if held else terms.PUBLIC
            yield Contribution("customers_woken", holder, self.branches.get(customer), customer, "", 1, span="month")

    def visits(self, way: Way) -> Iterator[Contribution]:
        self._need("visits")
        due, told = planned(self.facts.tables, self.period)
        visits = made_in(self.facts.tables["visits"], self.period)
        counted, apart = by_way(visits, way.choice.split("、"))
        self.findings += [*told, *apart]
        if not due:
            raise Missing(f"任务数表缺 {self.period.name} 的{terms.VISIT_PLAN_ITEMS[-1]}")
        yield from visits_done(counted, due, self.branches)


def _own_baselines(actual: str, by_manager: Mapping[str, int]) -> Iterator[Contribution]:
    """The 基数 of managers who have one of their own, in place of their customers'."""
    for manager, value in by_manager.items():
        yield Contribution(actual, manager, None, None, terms.label("baseline"), -value, baseline=value)

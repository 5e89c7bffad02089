"""Which customers, accounts, loans and events make up an actual, and which rows of the exports stand behind each?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from kehujingli import terms
from kehujingli.actuals import COUNTS, NUMERATOR_SCALES
from kehujingli.actuals.growths import BASES
from kehujingli.actuals.ways import bare
from kehujingli.answers.explain import Node
from kehujingli.answers.explain.customer import yuan_text
from kehujingli.answers.explain.papers import event_nodes, names_of_item
from kehujingli.answers.sources import Sources, yuan
from kehujingli.periods import Period, date_of
from kehujingli.values import nearest, plain
from kehujingli.workspace.results import Row

_SHOWN = 10
_ROWS = 3
"""Accounts or loans that are shown of one customer, where not all are asked for."""


def actual_nodes(sources: Sources, who: str, item: Row, *, everything: bool) -> Iterator[Node]:
    """What an actual is measured by, and the contributions that it is the sum of: the largest, or all of them."""
    rows = contributions_of(sources, who, item)
    parts = _Parts(sources, who, item, rows, everything)
    actual = parts.actual
    if actual == "average_deposit_growth" and rows:
        yield parts.measured()
    if actual == "npl_ratio":
        yield from parts.kept_by_others()
    if not rows:
        yield Node("本期没有归到名下的客户、账户或借据")
        return
    top, bottom = (sum(row[key] for row in rows) for key in ("numerator", "denominator"))
    customers = len({row["customer_id"] for row in rows if row["customer_id"]})
    top, said = _top(actual, top), said_sum(actual, rows)
    facts = {"numerator": _plain(actual, top), "denominator": _plain(actual, bottom), "customers": customers}
    yield Node(said, facts, tuple(parts.nodes()))


def said_sum(actual: str, rows: Sequence[Row]) -> str:
    """实绩 1,200.00 元 ÷ 3,000.00 元，由 12 户的 15 笔合成，大的在前. ``actual``: without the way it is reckoned."""
    top, bottom = (sum(row[key] for row in rows) for key in ("numerator", "denominator"))
    customers = len({row["customer_id"] for row in rows if row["customer_id"]})
    over = f" ÷ {_quantity(actual, bottom)}" if bottom else ""
    return f"实绩 {_quantity(actual, _top(actual, top))}{over}，由 {customers:,} 户的 {len(rows):,} 笔合成，大的在前"


def part_said(actual: str, row: Row, key: str) -> str:
    """One part of a contribution (numerator, denominator, baseline) as its sentence says it; nothing where there is none."""
    value = row[key]
    if value is None or (key == "denominator" and not value):
        return ""
    return _quantity(actual, _top(actual, value) if key == "numerator" else value)


def contributions_of(sources: Sources, who: str, item: Row) -> list[Row]:
    """The rows that an item's actual is the sum of, the largest first."""
    actual = item.get("actual_name")
    return chosen(sources.rows("select * from {contributions} where actual = $1 and holder = $2", actual, who), item)


def chosen(rows: Sequence[Row], item: Row) -> list[Row]:
    """Of all contributions of this holder to this actual those that are the item's, the largest first."""
    spans = {row["span"] for row in rows}
    own = next((span for span in ("year", "quarter", "month") if span in spans and _is(rows, span, item)), None)
    return sorted(
        (row for row in rows if row["span"] == (own or min(spans, default=""))),
        key=lambda row: (-abs(row["numerator"]), -row["denominator"], row["customer_id"] or "", row["entity"] or ""),
    )


def _is(rows: Sequence[Row], span: str, item: Row) -> bool:
    """Whether this span's sum is the item's actual."""
    if item["actual"] is None:
        return False
    own = [row for row in rows if row["span"] == span]
    top, bottom = (sum(row[key] for row in own) for key in ("numerator", "denominator"))
    value = Decimal(top) / bottom if bottom else Decimal(top)
    said = Decimal(item["actual"])
    return any(abs(value / scale - said) < Decimal("0.005") for scale in (1, 100, 1_000_000))


@dataclass(frozen=True)
class _Parts:
    """The contributions of one item of one manager, with what stands behind them, looked up once."""

    sources: Sources
    who: str
    item: Row
    rows: Sequence[Row]
    everything: bool

    @property
    def actual(self) -> str:
        return bare(self.item["actual_name"])

    def nodes(self) -> Iterator[Node]:
        shown = self.rows if self.everything else self.rows[:_SHOWN]
        for row in shown:
            yield self._node(row)
        if len(self.rows) > len(shown):
            rest = self.rows[len(shown) :]
            total = _top(self.actual, sum(row["numerator"] for row in rest))
            yield Node(
                f"其余 {len(rest):,} 笔合计 {_quantity(self.actual, total)}（--all 全部列出）",
                {"count": len(rest), "numerator": _plain(self.actual, total)},
            )

    def measured(self) -> Node:
        """The 折算系数 and the kinds of deposits that they were put to; the 基数 that growth is measured from."""
        kinds: dict[str, list[Row]] = {}
        for customer in {row["customer_id"] for row in self.rows if row["customer_id"]}:
            for account in self.accounts.get(customer, ()):
                kinds.setdefault(account["kind"] or "", []).append(account)
        base = self.base
        said = f"口径：年日均按折算系数计，减基数（办法用{base[1]}；有经批准的基数，以基数为准）"
        nodes = []
        for kind, accounts in sorted(kinds.items()):
            averages = [value for value in map(self._average, accounts) if value is not None]
            weight = self.weights.get(kind, Decimal(1))
            name = terms.DEPOSIT_KINDS.get(kind, "种类不详")
            total = nearest(sum(averages, Fraction(0)))
            nodes.append(
                Node(
                    f"{name} {len(accounts):,} 个账户，年日均合计 {yuan(total)} × 折算系数 {plain(weight)}",
                    {
                        "kind": kind or None,
                        "accounts": len(accounts),
                        "weight": plain(weight),
                        "average": yuan_text(total),
                    },
                )
            )
        return Node(said, {"baseline": base[0]}, tuple(nodes))

    def kept_by_others(self) -> Iterator[Node]:
        """Loans that the manager looks after and somebody else answers for: they are not in the actual."""
        if "responsible_id" not in self.sources.columns("loans"):
            return
        named = {row["entity"] for row in self.rows}
        found = self.sources.rows(
            "select loan_id, responsible_id, balance, source_part, source_row from {loans} where manager_id = $1 and responsible_id <> $1 order by loan_id",
            self.who,
        )
        apart = [row for row in found if row["loan_id"] not in named]
        if apart:
            shown = apart if self.everything else apart[:_ROWS]
            nodes = tuple(
                Node(
                    f"借据 {row['loan_id']} 余额 {yuan(row['balance'])}，责任人 {self._person(row['responsible_id'])}，{self.sources.place(row['source_part'], row['source_row'])}",
                    {"loan_id": row["loan_id"], "responsible_id": row["responsible_id"]},
                )
                for row in shown
            )
            yield Node(f"在管的另有 {len(apart):,} 笔责任留在别人名下，不算在这里", {"count": len(apart)}, nodes)

    def _node(self, row: Row) -> Node:
        share = f"（{row['share']} 归名下）" if row["share"] not in ("1", "", None) else ""
        over = f" ÷ {_quantity(self.actual, row['denominator'])}" if row["denominator"] else ""
        what = " ".join(str(text) for text in (row["customer_id"], row["entity"]) if text) or "全部"
        top = _top(self.actual, row["numerator"])
        said = f"{what}：{self._grown(row, top)}{over}{share}{self._whole(row)}"
        facts = {
            "customer_id": row["customer_id"],
            "entity": row["entity"],
            "numerator": _plain(self.actual, top),
            "denominator": _plain(self.actual, row["denominator"]),
        }
        if row["baseline"] is not None:
            facts |= {"baseline": _plain(self.actual, row["baseline"])}
        return Node(said, facts, (*self._behind(row), *self._approved(row)))

    def _grown(self, row: Row, top: int) -> str:
        """1,200.00 元; of growth the average that it comes from: 年日均 3,000.00 元 − 基数 1,800.00 元 = 1,200.00 元."""
        base = row["baseline"]
        if (
            base is None
            or not row["customer_id"]
            or self.actual not in ("average_deposit_growth", "average_loan_growth")
        ):
            return _quantity(self.actual, top) + (f"，基数 {_quantity(self.actual, base)}" if base is not None else "")
        held = ""
        if row["first"] is not None:
            span = f"{date_of(row['first'])} 至 {date_of(row['last'])}"
            of_loans = self.actual == "average_loan_growth"
            held = (
                f"（{span} 持有的，按放款以来的天数分；基数按全年天数分）"
                if of_loans
                else f"（{span} 的天数，按全年折）"
            )
        return f"年日均 {yuan(top + base)}{held} − 基数 {yuan(base)} = {yuan(top)}"

    def _whole(self, row: Row) -> str:
        """Why a household that several held is this one's."""
        if self.actual != "loan_customers_growth" or row["first"] is None:
            return ""
        return f"，{date_of(row['first'])} 至 {date_of(row['last'])} 有几个人管过，整户归持有最久的"

    def _behind(self, row: Row) -> Iterator[Node]:
        """The rows of the exports: its loan or account, else all accounts or loans of the customer."""
        yield from event_nodes(self.sources, row)
        if row["entity"]:
            found = [("借据", hit) for hit in self.loans_by_id.get(row["entity"], ())]
            found += [("账户", hit) for hit in self.accounts_by_id.get(row["entity"], ())]
        elif self.actual == "average_deposit_growth":
            found = [("账户", hit) for hit in self.accounts.get(row["customer_id"], ())]
        elif self.actual in ("loan_customers_growth", "average_loan_growth"):
            found = [("借据", hit) for hit in self.loans.get(row["customer_id"], ())]
        else:
            found = []
        for word, hit in found if self.everything else found[:_ROWS]:
            place = self.sources.place(hit.get("source_part"), hit.get("source_row"))
            if place:
                said = f"{word} {hit['id']} {self._average_said(hit)}余额 {yuan(hit['balance'])}{self._answers(row, hit)}，{place}"
                yield Node(said, {"id": hit["id"], "place": place})

    def _average_said(self, hit: Row) -> str:
        if self.actual != "average_deposit_growth":
            return ""
        average, weight = self._average(hit), self.weights.get(hit["kind"] or "", Decimal(1))
        scaled = f" × 折算系数 {plain(weight)}" if weight != 1 else ""
        kind = terms.DEPOSIT_KINDS.get(hit["kind"], "")
        return f"{kind} 年日均 {yuan(None if average is None else nearest(average))}{scaled}，".lstrip()

    def _answers(self, row: Row, hit: Row) -> str:
        """Who answers for a loan that another looks after now."""
        responsible, holder = hit.get("responsible_id"), hit.get("manager_id")
        if self.actual != "npl_ratio" or not responsible or responsible == holder:
            return ""
        if row["holder"] == responsible:
            now = f"现在的管户是 {self._person(holder)}" if holder else "现在没有人管"
            return f"，责任人 {self._person(responsible)}，责任留存：{now}"
        return f"，责任人 {self._person(responsible)}，办法算管户人的"

    def _approved(self, row: Row) -> Iterator[Node]:
        """The approved 基数 that stand behind, and what the exports tell beside them."""
        measure = self.base[2]
        if row["customer_id"]:
            own = [(key, said) for key, said in self.baselines if key == row["customer_id"]]
            ids = {hit["id"] for hit in self.accounts.get(row["customer_id"], ())}
            own += [(key, said) for key, said in self.baselines if key in ids]
        else:
            own = [(key, said) for key, said in self.baselines if key in (self.who, self.names.get(self.who))]
        for key, said in own:
            exported = self.exported.get(row["customer_id"]) if key == row["customer_id"] and measure else None
            beside = f"；导出的{self.base[1]} {yuan(exported)} 不用" if exported is not None else ""
            yield Node(f"{said}{beside}", {"exported": yuan_text(exported)})

    def _average(self, account: Row) -> Fraction | None:
        """年日均 of an account in 分, unweighted: the official one, else from the postings."""
        if account["average_year"] is not None:
            return Fraction(account["average_year"])
        period = Period.of(self.sources.period)
        days = self.sources.last_day - period.year_first + 1
        return Fraction(account["product_year"], days) if account["known_year"] else None

    def _person(self, who: Any) -> str:
        return f"{who} {self.names.get(who) or ''}".strip() if who else "没有"

    @cached_property
    def base(self) -> tuple[str, str, str]:
        """Which 基数 the rules take: its key, its words, the measure of a customer that tells it."""
        end = f"item.{self.item['item_id']}.baseline"
        kinds = [value for key, value in self._rules.items() if key.endswith(end)]
        kind = kinds[0] if kinds and kinds[0] in BASES else "last_year_average"
        return kind, BASES[kind].words, BASES[kind].measure

    @cached_property
    def weights(self) -> Mapping[str, Decimal]:
        start = "segment.deposit_weights."
        return {key.removeprefix(start): Decimal(value) for key, value in self._rules.items() if key.startswith(start)}

    @property
    def _rules(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.sources.manifest.get("rules", {}).get("values", {})
        return found

    @cached_property
    def baselines(self) -> list[tuple[str, str]]:
        """Whose, and the sentence of each approved 基数 of the year."""
        found = []
        for row in self.sources.given("baselines", item=sorted(names_of_item(dict(self.item)))):
            if str(row.get("year") or "")[:4] != self.sources.period[:4]:
                continue
            key = next((row[name] for name in ("account_id", "customer_id", "manager_id") if row.get(name)), None)
            unit, approved = row.get("unit") or "", f"，审批 {row['approved_by']}" if row.get("approved_by") else ""
            place = self.sources.place(row["part"], row["row"])
            found.append((str(key), f"经批准的基数 {row['baseline']}{unit}{approved}，{place}"))
        return found

    @cached_property
    def exported(self) -> Mapping[str, int | None]:
        """Customer → the 基数 that the exports tell."""
        rows = self._of_customers(f"select customer_id, {self.base[2]} as base from {{classes}}")
        return {row["customer_id"]: row["base"] for row in rows}

    @cached_property
    def names(self) -> Mapping[str, str]:
        return {row["manager_id"]: row["name"] for row in self.sources.rows("select manager_id, name from {managers}")}

    @cached_property
    def accounts(self) -> Mapping[str, list[Row]]:
        return _by(self._of_customers("select *, account_id as id from {accounts}", "account_id"), "customer_id")

    @cached_property
    def loans(self) -> Mapping[str, list[Row]]:
        return _by(self._of_customers("select *, loan_id as id from {loans}", "loan_id"), "customer_id")

    @cached_property
    def accounts_by_id(self) -> Mapping[str, list[Row]]:
        return _by([row for rows in self.accounts.values() for row in rows], "id")

    @cached_property
    def loans_by_id(self) -> Mapping[str, list[Row]]:
        return _by([row for rows in self.loans.values() for row in rows], "id")

    def _of_customers(self, sql: str, order: str = "customer_id") -> list[Row]:
        people = sorted({row["customer_id"] for row in self.rows if row["customer_id"]})
        return self.sources.rows(f"{sql} where list_contains($1, customer_id) order by {order}", people)


def _by(rows: Sequence[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _top(actual: str, numerator: int) -> int:
    """A numerator as money in 分, to the 分 where it is kept finer."""
    scale = NUMERATOR_SCALES.get(actual, 1)
    return numerator if scale == 1 else nearest(Decimal(numerator) / scale)


def _quantity(actual: str, value: int) -> str:
    return f"{value:,}" if actual in COUNTS else yuan(value)


def _plain(actual: str, value: int) -> Any:
    return value if actual in COUNTS else yuan_text(value)

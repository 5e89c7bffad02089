"""What stands on a customer's card? The way of the deposits, class and business, holder, then the file item by item: what is there, how old, what is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.periods import Period, date_of
from kehujingli.studies.customers.filed import STATES
from kehujingli.terms.column import ListColumn, keys
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

WAY = ("average_deposit_last_year", "average_deposit_year", "average_deposit_month", "deposit_balance")
"""The money of the chart, in the order of time."""
_MONEY = ("loan_balance", "average_loan", "scale_amount")
_WORDS = ("worst_class", "previous_group", "active_months", "transactions", "last_active")
CARD = (
    ListColumn("customer_id", "id"),
    ListColumn("customer_name", private="name"),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES, printed=False),
    ListColumn("part", label=terms.label("profile_kind"), width=10),
    ListColumn("label", label=terms.label("profile_item"), width=18),
    ListColumn("amount", "yuan", terms.label("amount")),
    ListColumn("said", label=terms.label("content"), private="numbers", width=28),
    ListColumn("content_unit", label=terms.label("content_unit")),
    ListColumn("as_of", "date", terms.label("as_of", "profile"), width=12),
    ListColumn("collected_by", label=terms.label("collected_by")),
)


def card(people: pd.DataFrame, items: pd.DataFrame, rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The cards of ``people`` (rows of classes), one below the other. ``items``: of ``filed``; ``rows``: of ``judged``."""
    import pandas as pd

    told = [
        {key: person.get(key) for key in ("customer_id", "customer_name", "customer_type")} | row
        for person in people.to_dict("records")
        for row in (*_business(person, period), *_file(person["customer_id"], items, rows))
    ]
    frame = pd.DataFrame(told, columns=keys(CARD))
    return frame.astype({"amount": "Int64", "as_of": "Int64"})


def _business(person: dict[Any, Any], period: Period) -> Iterator[dict[str, Any]]:
    for key in (*WAY, *_MONEY):
        yield {"part": "业务", "label": terms.label(key), "amount": _or_none(person.get(key))}
    yield {"part": "业务", "label": terms.label("group"), "said": _said("group", person.get("group"))}
    for key in _WORDS:
        if not missing(person.get(key)):
            yield {"part": "业务", "label": terms.label(key), "said": _said(key, person[key])}
    holder = " ".join(str(person[key]) for key in ("holder_id", "manager_name") if not missing(person.get(key)))
    yield {"part": "业务", "label": terms.label("holder_id"), "said": holder or "没有客户经理"}
    yield {"part": "业务", "label": "数到哪一天", "said": period.as_of.isoformat()}


def _said(key: str, value: Any) -> str:
    codes = terms.term(key).codes
    if key in ("group", "previous_group") and not missing(value):
        frequency, _, scale = str(value).partition("/")
        return f"{terms.FREQUENCIES.get(frequency, frequency)}·{terms.SCALES.get(scale, scale)}"
    if key == "last_active":
        return date_of(int(value)).isoformat()
    return "" if missing(value) else codes.get(str(value), str(value))


def _file(customer: str, items: pd.DataFrame, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """What is wanted first, in the order of the rules; then what is filed besides."""
    asked = rows[rows["customer_id"] == customer].sort_values(["place"], kind="stable")
    seen = set()
    for row in asked.to_dict("records"):
        seen.add((row["profile_kind"], row["profile_item"]))
        said = row["content"] if row["state"] in ("filled", "torn") else f"（{STATES[row['state']]}）"
        old = f"{row['content']}（{STATES['stale']}）"
        yield _line(row, old if row["state"] == "stale" else said)
    for row in items[items["customer_id"] == customer].to_dict("records"):
        if (row["profile_kind"], row["profile_item"]) not in seen:
            yield _line(row, row["content"])


def _line(row: dict[Any, Any], said: Any) -> dict[str, Any]:
    return {
        "part": row["profile_kind"],
        "label": row["profile_item"],
        "said": said,
        "content_unit": _or_none(row["content_unit"]),
        "as_of": _or_none(row["as_of"]),
        "collected_by": _or_none(row["collected_by"]),
    }


def _or_none(value: Any) -> Any:
    return None if missing(value) else value

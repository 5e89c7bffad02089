"""What does the page say of single customers? Class, money and holder of each, names masked; her accounts and loans with file, sheet and row."""

from __future__ import annotations

from typing import Any

from kehujingli import terms
from kehujingli.answers.sources import Sources
from kehujingli.lists.main import masked, said
from kehujingli.terms.masks import mask_numbers
from kehujingli.workbooks.looks import labelled, text_of
from kehujingli.workbooks.page import table

_COLUMNS = (
    labelled("customer_id"),
    labelled("customer_name"),
    labelled("customer_type"),
    labelled("branch_id"),
    labelled("group"),
    labelled("change"),
    labelled("active_months"),
    labelled("last_active"),
    labelled("average_deposit"),
    labelled("average_deposit_year"),
    labelled("loan_balance"),
    labelled("scale_amount"),
    labelled("worst_class"),
    labelled("holder_id"),
    labelled("manager_name"),
    labelled("marks"),
)
_ORDER = {scale: place for place, scale in enumerate(terms.SCALES)}


def customers(sources: Sources) -> dict[str, Any]:
    """客户分类, in its order: branch, scale, amount (falling), customer."""
    classes = sources.frame("classes")
    assert classes is not None
    by = ["branch_id", "order", "scale_amount", "customer_id"]
    frame = classes.assign(order=classes["scale"].map(_ORDER)).sort_values(
        by, ascending=[True, True, False, True], na_position="last", kind="stable"
    )
    frame = frame.assign(branch_id=frame["branch_id"].fillna(""))
    return table("客户分类（元）", _COLUMNS, said(masked(frame)), hidden=("branch_id", "holder_id"))


def rows_behind(sources: Sources) -> dict[str, Any]:
    """Customer → her accounts and her loans, each a list of texts with the part and the row of its export at the end."""
    found: dict[str, list[list[list[Any]]]] = {}
    for row in sources.rows(
        "select customer_id, account_id, kind, balance, average_year, source_part, source_row from {accounts} order by customer_id, account_id"
    ):
        texts = [mask_numbers(row["account_id"]), terms.DEPOSIT_KINDS.get(row["kind"] or "", "")]
        texts += [text_of("yuan", row[key]) for key in ("balance", "average_year")]
        found.setdefault(row["customer_id"] or "", [[], []])[0].append([*texts, *_place(row)])
    for row in sources.rows(
        "select customer_id, loan_id, balance, five_class, overdue_days, due_on, source_part, source_row from {loans} order by customer_id, loan_id"
    ):
        texts = [row["loan_id"], text_of("yuan", row["balance"]), terms.FIVE_CLASSES.get(row["five_class"] or "", "")]
        texts += [text_of("count", row["overdue_days"]), text_of("date", row["due_on"])]
        found.setdefault(row["customer_id"] or "", [[], []])[1].append([*texts, *_place(row)])
    return found


def _place(row: dict[str, Any]) -> list[Any]:
    part, number = row["source_part"], row["source_row"]
    return [-1, ""] if part is None or number is None else [part, f"{number:,}"]

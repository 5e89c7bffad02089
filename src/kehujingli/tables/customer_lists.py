"""Which of several sheets of one picture is the customer file? Lists beside it complete it, and make nobody a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.values import among, missing

if TYPE_CHECKING:
    import pandas as pd

_OWN = ("customer_id", "part", "row", "snapshot", "data_date")


def without_lists(customers: pd.DataFrame, sheets: Sequence[Sheet]) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows of customer files (with ``snapshot``), blanks filled from lists of the same picture; each list is told.

    A list is a sheet without 机构号 that has at most half as many known columns as the fullest one of its picture, or one that tells of
    agreements or products (协议编号, 产品代码) where another tells of none.
    """
    findings: list[Finding] = []
    for _, rows in customers.groupby("snapshot", sort=False, dropna=False):
        width = {int(part): len(sheets[int(part)].columns) for part in rows["part"].unique()}
        agreed = {part for part in width if _of_agreements(sheets[part])}
        full = max(width.values())
        for part, count in sorted(width.items()):
            short = 2 * count <= full and "branch_id" not in sheets[part].columns
            if short or (part in agreed and len(agreed) < len(width)):
                customers, told = _completed(customers, rows[rows["part"] == part], sheets[part])
                findings.append(told)
    return customers, findings


def _of_agreements(sheet: Sheet) -> bool:
    return any(parse_header(name).name in terms.AGREEMENT_HEADERS for name in sheet.extra)


def _completed(customers: pd.DataFrame, extra: pd.DataFrame, sheet: Sheet) -> tuple[pd.DataFrame, Finding]:
    kept = customers.drop(index=extra.index)
    day = extra["snapshot"].iloc[0]
    same = kept["snapshot"].isna() if missing(day) else (kept["snapshot"] == day).fillna(False)
    here = kept[same & among(kept["customer_id"], extra["customer_id"])]
    once = extra.drop_duplicates("customer_id").set_index("customer_id")
    differ = 0
    for column in once.columns.difference(_OWN):
        said = here["customer_id"].map(once[column]).astype(kept[column].dtype)
        differ += int((said.notna() & here[column].notna() & (said != here[column]).fillna(False)).sum())
        if bool((here[column].isna() & said.notna()).any()):
            kept[column] = kept[column].where(
                ~kept.index.isin(here.index), here[column].fillna(said).reindex(kept.index)
            )
    known = int(among(extra["customer_id"], here["customer_id"]).sum())
    told = finding(
        "table.customer-list",
        file=sheet.export.name,
        sheet=sheet.sheet,
        table=terms.BY_KEY["customers"].label,
        known=f"{known:,}",
        strange=f"{len(extra) - known:,}",
        differ=f"{differ:,}",
        count=len(extra),
    )
    return kept, told

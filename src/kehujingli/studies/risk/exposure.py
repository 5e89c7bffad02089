"""How much is at stake with each customer? Loans on the books + off-balance business + unused limits − margin (商业银行大额风险暴露管理办法)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.studies.words import rows_of
from kehujingli.tables.frames import on_book

if TYPE_CHECKING:
    import pandas as pd

LOANS = ("贷款", "贴现")
"""Kinds that stand in 贷款台账 as well: only what of their limit is unused is taken from 授信与表外."""
UNUSED = ("未用授信", "未用额度", "贷款承诺")
OFF_BALANCE = ("承兑", "银行承兑汇票", "保函", "信用证", "债券")
COLUMNS = ("loan_balance", "off_balance", "unused", "margin", "exposure")


def kept_by_others(exposures: pd.DataFrame | None, classes: pd.DataFrame) -> pd.DataFrame:
    """customer_id and ``handled_by``: the managers whom her business has beside the loans, where they are not who looks after her."""
    import pandas as pd

    if exposures is None or "manager_id" not in exposures:
        return pd.DataFrame({"customer_id": pd.Series(dtype="str"), "handled_by": pd.Series(dtype="str")})
    rows = exposures[["customer_id", "manager_id"]].dropna().drop_duplicates()
    rows = rows.merge(classes[["customer_id", "holder_id"]], on="customer_id", how="left")
    others = rows[rows["holder_id"].isna() | (rows["holder_id"] != rows["manager_id"])].sort_values("manager_id")
    return others.groupby("customer_id")["manager_id"].agg("、".join).rename("handled_by").reset_index()


def exposures_of(loans: pd.DataFrame, exposures: pd.DataFrame | None) -> tuple[pd.DataFrame, list[Finding]]:
    """customer_id and ``COLUMNS`` in 分, one row a customer with any of them. Margin covers its own business and no more."""
    import pandas as pd

    book = on_book(loans[loans["balance"].fillna(0) > 0])
    owed = book.groupby("customer_id")["balance"].sum().astype("int64").rename("loan_balance")
    if exposures is None:
        frame = owed.to_frame().assign(off_balance=0, unused=0, margin=0)
        return frame.assign(exposure=frame["loan_balance"]).reset_index(), []
    rows = exposures.dropna(subset=["customer_id"])
    kinds = rows["exposure_kind"].fillna("").str.strip()
    amount, limit, margin = (rows[name].fillna(0).astype("int64") for name in ("exposure", "limit", "margin"))
    of_loans, unused = kinds.isin(LOANS), kinds.isin(UNUSED)
    free = (limit - amount).clip(lower=0)
    off = amount.where(~of_loans & ~unused, 0)
    # a limit without a balance is wholly unused; where 未用授信 stands in rows of its own, these say it, and no other is taken
    own_rows = set(rows.loc[unused, "customer_id"])
    left = amount.where(amount > 0, limit).where(unused, free.where(~rows["customer_id"].isin(own_rows), 0))
    covered = margin.where(~unused & ~of_loans, 0).clip(upper=off)
    parts = pd.DataFrame({"customer_id": rows["customer_id"], "off_balance": off, "unused": left, "margin": covered})
    summed = parts.groupby("customer_id").sum()
    frame = pd.concat([owed, summed], axis=1).fillna(0).astype("int64").sort_index()
    frame["exposure"] = frame["loan_balance"] + frame["off_balance"] + frame["unused"] - frame["margin"]
    told = []
    strange = kinds[~kinds.isin([*LOANS, *UNUSED, *OFF_BALANCE])]
    if len(strange):
        words = "、".join(strange.replace("", "空").drop_duplicates().sort_values().head(5))
        told.append(
            finding("study.exposure-kind", count=len(strange), rows=rows_of(rows.loc[strange.index]), kinds=words)
        )
    return frame.rename_axis("customer_id").reset_index(), told

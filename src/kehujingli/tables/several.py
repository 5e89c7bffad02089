"""Are several rows of one key one thing? Sub-accounts, shares of several managers, joint owners, stints of one person: told by columns beside the key.

Only rows of one sheet and one picture are looked at; what no such column explains is left for ``tables.duplicates`` to refuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.tables.customer_files import together
from kehujingli.tables.customer_lists import without_lists
from kehujingli.tables.frames import complete
from kehujingli.terms.exports import JOINT_WORDS, SHARE_HEADERS, SUB_ACCOUNT_HEADERS
from kehujingli.values import text_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from kehujingli.periods import Period

LINE_OF = {"accounts": "deposit", "loans": "loan"}
_PLACE = ("part", "row", "data_date")


@dataclass
class Untangled:
    """``frame``: the rows that are left; ``shares``: rows of 业绩归属 that the export's own shares are; ``main``: account → the sub-account
    that its postings count for."""

    frame: pd.DataFrame
    shares: pd.DataFrame | None = None
    main: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def of_day(self, day: int | None) -> list[pd.DataFrame]:
        """The shares that the picture of this day tells."""
        if self.shares is None:
            return []
        return [self.shares[self.shares["snapshot"] == day].drop(columns="snapshot")]


def with_shares(attributions: pd.DataFrame, shares: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """业绩归属 with what exports say themselves; of an account or loan that the table names the table's rows stand."""
    import pandas as pd

    named = {key: set(attributions[key].dropna()) for key in ("account_id", "loan_id")}
    more = [
        rows[~rows["account_id"].isin(named["account_id"]) & ~rows["loan_id"].isin(named["loan_id"])] for rows in shares
    ]
    more = [rows for rows in more if len(rows)]
    return pd.concat([attributions, *more], ignore_index=True) if more else attributions


def whole_accounts(owners: pd.DataFrame, main: Mapping[str, str]) -> pd.DataFrame:
    """Account → customer (account_id, customer_id), with the accounts whose rows are their sub-accounts."""
    import pandas as pd

    if not main:
        return owners
    of_main = dict(zip(owners["account_id"], owners["customer_id"], strict=True))
    bases = [(base, of_main[sub]) for base, sub in main.items() if sub in of_main and base not in of_main]
    return pd.concat([owners, pd.DataFrame(bases, columns=["account_id", "customer_id"])], ignore_index=True)


def to_main_accounts(con: duckdb.DuckDBPyConnection, main: Mapping[str, str]) -> None:
    """Postings that bear the account alone are its main sub-account's."""
    import pandas as pd

    if main:
        con.register("main_accounts", pd.DataFrame({"base": list(main), "main": list(main.values())}))
        con.execute("update transactions t set account_id = m.main from main_accounts m where t.account_id = m.base")
        con.unregister("main_accounts")


def untangle(table: str, frame: pd.DataFrame, sheets: Sequence[Sheet], period: Period | None) -> Untangled:
    """The rows of a snapshot table (with ``snapshot``) with those put together or told apart that one key stands for."""
    done = Untangled(frame)
    if table == "customers" and frame["part"].nunique() > 1:
        files, lists = without_lists(frame, sheets)
        done.frame, odd = together(files, sheets)
        done.findings = [*lists, *odd]
        return done
    keys = [*terms.BY_KEY[table].keys, "snapshot", "part"]
    if table not in (*LINE_OF, "managers") or frame.empty or not bool(frame.duplicated(keys).any()):
        return done
    if table == "managers":
        _stints(done, keys, sheets, period)
        return done
    if table == "accounts":
        _sub_accounts(done, keys, sheets)
    _shared(done, table, keys, sheets)
    if table == "accounts":
        _joint(done, keys, sheets)
    return done


def _doubled(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    return frame[frame.duplicated(list(keys), keep=False)]


def _beside(rows: pd.DataFrame, sheets: Sequence[Sheet], names: Sequence[str]) -> pd.Series:
    """What these rows say in a column that no table knows, by its header; nothing where their sheet has none so called."""
    import pandas as pd
    import pyarrow.parquet as pq

    found = pd.Series(None, index=rows.index, dtype="object")
    for part, group in rows.groupby("part"):
        sheet = sheets[int(part)]
        name = next((name for name in sheet.extra if parse_header(name).name in names), None)
        if name is None or sheet.parquet is None:
            continue
        told = pq.read_table(sheet.parquet, columns=["row", name]).to_pandas().set_index("row")[name]
        found[group.index] = group["row"].map(told).to_numpy(dtype="object")
    return found.map(text_of)


def _sub_accounts(done: Untangled, keys: Sequence[str], sheets: Sequence[Sheet]) -> None:
    """分户号 belongs to the key: an account with several in one picture is several accounts in every picture."""
    frame = done.frame
    rows = _doubled(frame, keys)
    subs = _beside(rows, sheets, SUB_ACCOUNT_HEADERS)
    apart = rows[subs.notna() & ~rows.assign(_sub=subs).duplicated([*keys, "_sub"], keep=False)]
    torn = set(apart["account_id"]) - set(rows.loc[~rows.index.isin(apart.index), "account_id"])
    if not torn:
        return
    all_rows = frame[frame["account_id"].isin(torn)]
    all_subs = _beside(all_rows, sheets, SUB_ACCOUNT_HEADERS).fillna("")
    whole = all_rows["account_id"] + all_subs.map(lambda sub: f"-{sub}" if sub else "")
    account = frame["account_id"].astype("object")
    account[all_rows.index] = whole
    done.frame = frame.assign(account_id=account.astype("str"))
    # Postings bear the account alone: they count for its demand deposit, else for the first; a customer's sums are the same whichever.
    newest = done.frame.loc[all_rows.index].assign(base=all_rows["account_id"])
    newest = newest.assign(demand=newest["kind"] != "demand").sort_values(
        ["snapshot", "demand", "account_id"], ascending=[False, True, True], kind="stable"
    )
    first = newest.drop_duplicates("base")
    done.main = dict(zip(first["base"].tolist(), first["account_id"].tolist(), strict=True))
    _tell(done, "table.sub-accounts", apart[apart["account_id"].isin(torn)], sheets, "account_id")


def _shared(done: Untangled, table: str, keys: Sequence[str], sheets: Sequence[Sheet]) -> None:
    """Rows that differ in manager and share only are one account or loan, and what each of the managers has of it."""
    import pandas as pd

    frame = done.frame
    rows = _doubled(frame, keys)
    share = _beside(rows, sheets, SHARE_HEADERS).map(_part)
    rows = rows.assign(_share=share).loc[share.notna() & rows["manager_id"].notna()]
    same = [name for name in frame.columns if name not in (*_PLACE, "manager_id")]
    groups = rows.groupby(list(keys), dropna=False, sort=False)
    whole = [
        group
        for _, group in groups
        if len(group) > 1
        and len(group[same].drop_duplicates()) == 1
        and group["manager_id"].is_unique
        and 0 < sum(group["_share"]) <= 1
    ]
    taken = pd.concat(whole) if whole else rows.iloc[:0]
    if taken.empty:
        return
    key = terms.BY_KEY[table].keys[0]
    shares = pd.DataFrame(
        {
            key: taken[key],
            "line": LINE_OF[table],
            "manager_id": taken["manager_id"],
            "share": [format(part, "f") for part in taken["_share"]],
            "part": taken["part"],
            "row": taken["row"],
            "snapshot": taken["snapshot"],
        }
    )
    done.shares = complete("attributions", shares)
    first = taken.drop_duplicates(list(keys)).index
    done.frame = frame.drop(index=taken.index.difference(first))
    done.frame.loc[first, "manager_id"] = None
    _tell(done, "table.shared-rows", taken, sheets, key)


def _part(said: str | None) -> Decimal | None:
    """60%, 60 and 0.6 as a part of the whole; nothing where it is none."""
    text = (said or "").strip().replace("％", "%")
    try:
        value = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return None
    part = value / 100 if text.endswith("%") or value > 1 else value
    return part if 0 < part <= 1 else None


def _joint(done: Untangled, keys: Sequence[str], sheets: Sequence[Sheet]) -> None:
    """Rows of a joint account differ in the owner only: the one written first is its main owner, and the money counts once."""
    frame = done.frame
    rows = _doubled(frame, keys)
    parts = [int(part) for part in rows["part"].unique()]
    jointly = [part for part in parts if any(word in said for said in sheets[part].headers for word in JOINT_WORDS)]
    rows = rows[rows["part"].isin(jointly)]
    same = [name for name in frame.columns if name not in (*_PLACE, "customer_id")]
    drop: list[int] = []
    for _, group in rows.groupby(list(keys), dropna=False, sort=False):
        if len(group) > 1 and len(group[same].drop_duplicates()) == 1 and group["customer_id"].is_unique:
            drop += group.sort_values("row").index[1:].tolist()
    if drop:
        _tell(done, "table.joint-owners", frame.loc[drop], sheets, "account_id")
        done.frame = frame.drop(index=drop)


def _stints(done: Untangled, keys: Sequence[str], sheets: Sequence[Sheet], period: Period | None) -> None:
    """Stints of one person at one branch that do not overlap are one after the other: those of the period count, else the last."""
    frame = done.frame
    drop: list[int] = []
    for _, group in _doubled(frame, keys).groupby(list(keys), dropna=False, sort=False):
        ordered = group.sort_values("since", na_position="first")
        since, until = ordered["since"], ordered["until"]
        following = since.shift(-1)
        if not bool((until.iloc[:-1].notna() & (until.iloc[:-1] < following.iloc[:-1])).all()):
            continue
        here = ordered.iloc[-1:]
        if period is not None:
            touching = ordered[
                (since.fillna(period.first) <= period.last) & (until.fillna(period.last) >= period.first)
            ]
            here = touching.iloc[-1:] if len(touching) else here
        drop += ordered.index.difference(here.index).tolist()
    if drop:
        _tell(done, "table.stints", frame.loc[drop], sheets, "manager_id")
        done.frame = frame.drop(index=drop)


def _tell(done: Untangled, code: str, rows: pd.DataFrame, sheets: Sequence[Sheet], key: str) -> None:
    for part, group in rows.groupby("part"):
        sheet = sheets[int(part)]
        first = group.iloc[0]
        done.findings.append(
            finding(
                code,
                file=sheet.export.name,
                sheet=sheet.sheet,
                cell=f"第 {int(first['row']):,} 行",
                value=str(first[key]),
                count=len(group),
            )
        )

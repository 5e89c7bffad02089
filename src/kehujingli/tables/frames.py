"""What does a canonical table look like as a frame? Every column there with its type, whatever the exports had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.intake.ledger import Sheet

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_DTYPES = {
    "id": "str",
    "text": "str",
    "time": "str",
    "code": "str",
    "decimal": "str",
    "money": "Int64",
    "count": "Int64",
    "rate": "Int64",
    "date": "Int64",
    "flag": "boolean",
}


def empty(table: str) -> pd.DataFrame:
    """A table without rows, with all its columns."""
    return complete(table, None)


def complete(table: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """The frame with every canonical column of its table, missing ones empty, plus ``part`` and ``row``."""
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    index = frame.index if frame is not None else pd.RangeIndex(0)
    for column in terms.BY_KEY[table].columns:
        dtype = _DTYPES[column.kind]
        columns[column.key] = (
            frame[column.key].astype(dtype)
            if frame is not None and column.key in frame
            else pd.Series(pd.NA if dtype != "str" else None, index=index, dtype=dtype)
        )
    for key in ("part", "row"):
        columns[key] = frame[key].astype("int64") if frame is not None else pd.Series(dtype="int64")
    if frame is not None and "snapshot" in frame:
        columns["snapshot"] = frame["snapshot"].astype("Int64")
    return pd.DataFrame(columns, index=index)


def load(table: str, sheets: Sequence[Sheet]) -> pd.DataFrame:
    """All accepted rows of a table, each with the part (index of its sheet) and row it came from."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = _arrow_types(table)
    read = []
    for part, sheet in enumerate(sheets):
        if sheet.table != table or not sheet.accepted or sheet.parquet is None:
            continue
        there = [key for key in wanted if key in sheet.columns]
        arrow = pq.read_table(sheet.parquet, columns=[*there, "row"])
        columns = {
            key: arrow[key].cast(kind) if key in sheet.columns else pa.nulls(arrow.num_rows, kind)
            for key, kind in wanted.items()
        }
        columns |= {"part": pa.array([part] * arrow.num_rows, pa.int64()), "row": arrow["row"].cast(pa.int64())}
        read.append(pa.table(columns))
    if not read:
        return empty(table)
    whole = pa.concat_tables(read).to_pandas(types_mapper=_mapper)
    whole = whole.astype({"part": "int64", "row": "int64"})
    return _left_the_books(whole) if table == "loans" else whole


def _arrow_types(table: str) -> dict[str, pa.DataType]:
    """Column → how it is read, in the table's order."""
    import pyarrow as pa

    kinds = {"str": pa.string(), "Int64": pa.int64(), "boolean": pa.bool_()}
    return {column.key: kinds[_DTYPES[column.kind]] for column in terms.BY_KEY[table].columns}


def _left_the_books(loans: pd.DataFrame) -> pd.DataFrame:
    """A loan that a column of its own says to have left the books has: 核销标志 是 beside the 状态 逾期, or beside none."""
    status = loans["status"]
    for gone in ("transferred", "written_off"):
        status = status.mask((loans[gone] == "yes") & (status.isna() | (status == "on_book")), gone)
    return loans.assign(status=status)


def _mapper(kind: object) -> object:
    import pandas as pd
    import pyarrow as pa

    if kind == pa.int64():
        return pd.Int64Dtype()
    return pd.BooleanDtype() if kind == pa.bool_() else None


def owing(loans: pd.DataFrame) -> pd.DataFrame:
    """Loans with a balance that is still owed to the bank: written off or swapped too, neither sold nor settled."""
    there = loans[(loans["balance"] > 0).fillna(False)]
    return there[~there["status"].isin(["transferred", "settled"])] if "status" in there else there


def on_book(loans: pd.DataFrame) -> pd.DataFrame:
    """Loans that stand on the books: neither written off nor swapped, sold or settled."""
    return loans[loans["status"].isna() | (loans["status"] == "on_book")] if "status" in loans else loans


_FAR = 10**7
"""Further than any day."""


def one_post(managers: pd.DataFrame, day: int) -> pd.DataFrame:
    """One row a manager, as the plan takes her: of the posts held on the day the one held longest, of none held the one left last; in
    whichever order they stand."""
    since, until = managers["since"].fillna(-_FAR), managers["until"].fillna(_FAR)
    away = (since > day) | (until < day)
    order = managers.assign(_away=away, _left=-until.where(until < day, day), _since=since)
    by = ["manager_id", "_away", "_left", "_since", "branch_id"]
    limits = [key for key in ("capacity", "authority", "specialism") if key in order]
    found = order.sort_values([*by, *limits, "until"], kind="stable").drop_duplicates("manager_id")
    return found.drop(columns=["_away", "_left", "_since"])


def in_force(holdings: pd.DataFrame, last: int) -> pd.DataFrame:
    """Contracts that had not ended by the end of a day."""
    if "closed_on" not in holdings:
        return holdings
    return holdings[~(holdings["closed_on"] <= last).fillna(False).to_numpy(dtype=bool)]

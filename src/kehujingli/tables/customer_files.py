"""Are rows of one customer in several files one? They complete each other; where they contradict, the odd file is named and the fuller one's stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.tables.refusals import brought_back

if TYPE_CHECKING:
    import pandas as pd

_OWN = ("customer_id", "part", "row", "snapshot", "data_date", "_level")
_KEYS = ["customer_id", "snapshot"]
_SHOWN = 10


def together(customers: pd.DataFrame, sheets: Sequence[Sheet]) -> tuple[pd.DataFrame, list[Finding]]:
    """One row a customer and picture where files tell of the same one: the fullest file's, its blanks filled from the others.

    What most files say stands, else what the fullest says (more customers, then more columns). Where two files are as full and say
    different things of one day, and no third decides, that is told and the rows are left as they are, to be refused. So are those that stand twice in one file or came back put right.
    """
    rows = _shared(customers, sheets)
    if rows.empty:
        return customers, []
    rows = rows.assign(_level=_levels(customers, rows, sheets)).sort_values([*_KEYS, "_level", "part"])
    columns = [name for name in rows.columns if name not in _OWN]
    first = rows.groupby(_KEYS, dropna=False, sort=False)[columns].transform("first")
    contested = {name: rows[name].notna() & (rows[name] != first[name]).fillna(False) for name in columns}
    odd: dict[str, pd.Series] = {}
    open_keys = rows["part"] < 0
    for name, differs in contested.items():
        if not bool(differs.any()):
            continue
        asked = rows.loc[_same_key(rows, differs) & rows[name].notna(), [*_KEYS, name, "_level"]]
        best, undecided = _decided(asked, name)
        told = rows[_KEYS].merge(best, on=_KEYS, how="left")[name].set_axis(rows.index).astype(rows[name].dtype)
        first[name] = told.fillna(first[name])
        odd[name] = rows[name].notna() & (rows[name] != first[name]).fillna(False)
        open_keys |= rows[_KEYS].merge(undecided, on=_KEYS, how="left")["_open"].eq(True).set_axis(rows.index)
    settled = rows[~open_keys]
    base = ~settled.duplicated(_KEYS)
    kept = customers.drop(index=settled.index[~base])
    at = settled.index[base]
    for name in columns:
        kept.loc[at, name] = first.loc[at, name]
    return kept, [
        *_tell_torn(rows[open_keys], {name: where[open_keys] for name, where in contested.items()}, sheets),
        *_tell_odd(settled, {name: where[settled.index] for name, where in odd.items()}, base, sheets),
        *_tell_same(settled, base, sheets),
    ]


def _shared(customers: pd.DataFrame, sheets: Sequence[Sheet]) -> pd.DataFrame:
    """Rows of customers who stand in several files, once in each, and not alike."""
    twice = customers[customers.duplicated(_KEYS, keep=False)]
    if twice.empty:
        return twice
    within = _same_key(twice, twice.duplicated([*_KEYS, "part"], keep=False))
    back = brought_back("customers", sheets)
    if back:
        came = [place in back for place in zip(twice["part"].tolist(), twice["row"].tolist(), strict=True)]
        within |= _same_key(twice, within | came)
    values = [name for name in twice.columns if name not in ("part", "row", "data_date")]
    different = ~twice.duplicated(values)
    several = different.groupby([twice[key] for key in _KEYS], dropna=False).transform("sum") > 1
    return twice[~within & several]


def _same_key(rows: pd.DataFrame, marked: pd.Series) -> pd.Series:
    """Every row of a customer of whom one row is marked."""
    return marked.groupby([rows[key] for key in _KEYS], dropna=False).transform("any")


def _levels(customers: pd.DataFrame, rows: pd.DataFrame, sheets: Sequence[Sheet]) -> pd.Series:
    """How full the file of each row is in its picture: 0 the fullest, equal ones alike."""
    sizes = customers.groupby(["snapshot", "part"], dropna=False).size().rename("_size").reset_index()
    sizes["_size"] = -sizes["_size"]
    sizes["_width"] = [-len(sheets[int(part)].columns) for part in sizes["part"]]
    sizes = sizes.sort_values(["_size", "_width"], kind="stable")
    sizes["_level"] = sizes.groupby(["_size", "_width"], sort=False).ngroup()
    return rows[["snapshot", "part"]].merge(sizes, on=["snapshot", "part"], how="left")["_level"].set_axis(rows.index)


def _decided(asked: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What most files say of each customer, else the fullest; and customers of whom neither tells (``_open``)."""
    votes = asked.groupby([*_KEYS, name], dropna=False)["_level"].agg(["size", "min"]).reset_index()
    votes = votes.sort_values(["size", "min"], ascending=[False, True], kind="stable")
    best = votes.drop_duplicates(_KEYS)
    alike = votes.merge(best[[*_KEYS, "size", "min"]], on=[*_KEYS, "size", "min"])
    torn = alike[alike.duplicated(_KEYS)][_KEYS].drop_duplicates().assign(_open=True)
    return best[[*_KEYS, name]], torn


def _tell_torn(rows: pd.DataFrame, contested: dict[str, pd.Series], sheets: Sequence[Sheet]) -> list[Finding]:
    """Files as full as each other that say different things of the same customers: a day in each of them decides, the newer one's stands."""
    found = []
    for part, group in rows.groupby(rows.groupby(_KEYS, dropna=False)["part"].transform("min")):
        others = [sheets[int(other)].export.name for other in group["part"].unique() if other != part]
        differ = {name: int(where[group.index].sum()) for name, where in contested.items()}
        people = group.loc[group["part"] == part, "customer_id"]
        found.append(
            finding(
                "table.customer-torn",
                file=sheets[int(part)].export.name,
                sheet=sheets[int(part)].sheet,
                others="、".join(f"《{name}》" for name in dict.fromkeys(others)),
                columns="、".join(f"{_label(name)}（{count:,} 户）" for name, count in differ.items() if count),
                table=terms.BY_KEY["customers"].label,
                value=str(people.iloc[0]),
                count=len(people),
            )
        )
    return found


def _tell_odd(rows: pd.DataFrame, odd: dict[str, pd.Series], base: pd.Series, sheets: Sequence[Sheet]) -> list[Finding]:
    """Files that say otherwise than what stands, and of how many customers."""
    found = []
    main = rows["part"].where(base).ffill()
    for part, group in rows.groupby("part"):
        wrong = {name: where[group.index] for name, where in odd.items() if bool(where[group.index].any())}
        if not wrong:
            continue
        any_wrong = [any(flags) for flags in zip(*(where.tolist() for where in wrong.values()), strict=True)]
        people = group[any_wrong]
        sheet = sheets[int(part)]
        others = [sheets[int(other)].export.name for other in main[people.index].unique() if other != part]
        found.append(
            finding(
                "table.customer-odd",
                file=sheet.export.name,
                sheet=sheet.sheet,
                columns="、".join(f"{_label(name)}（{int(where.sum()):,} 户）" for name, where in wrong.items()),
                others="、".join(f"《{name}》" for name in dict.fromkeys(others)) or "另外几份",
                table=terms.BY_KEY["customers"].label,
                value=str(people["customer_id"].iloc[0]),
                count=len(people),
                spots=[
                    Spot(f"第 {int(row):,} 行", str(number))
                    for number, row in zip(people["customer_id"][:_SHOWN], people["row"][:_SHOWN], strict=True)
                ],
            )
        )
    return found


def _label(name: str) -> str:
    return terms.BY_KEY["customers"].column(name).label


def _tell_same(rows: pd.DataFrame, base: pd.Series, sheets: Sequence[Sheet]) -> list[Finding]:
    return [
        finding(
            "table.customer-same",
            file=sheets[int(part)].export.name,
            sheet=sheets[int(part)].sheet,
            count=len(group),
            value=str(group["customer_id"].iloc[0]),
        )
        for part, group in rows[~base].groupby("part")
    ]

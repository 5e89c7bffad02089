"""How far is each village ours? Customers against its households, what they have with us on the mean, and who holds no product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from kehujingli.errors import Finding
from kehujingli.studies.called import flags, plain_names, texts
from kehujingli.studies.places.shares import COUNTY
from kehujingli.studies.places.towns import plain
from kehujingli.studies.placing import several
from kehujingli.tables.frames import in_force
from kehujingli.values import divide_half_up

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE = ("person", "sole_trader")
"""Who may be of a household; a firm in the village is of none."""
_SUMS = ("customers", "people", "deposit_balance", "loan_balance", "bare")


class Limits(Protocol):
    """What the rules say of villages. ``villages``: a former name → the one of 村情."""

    @property
    def villages(self) -> Mapping[str, str]: ...
    @property
    def cover(self) -> Decimal: ...
    @property
    def bare(self) -> Decimal: ...


@dataclass(frozen=True)
class Coverage:
    """``villages``: a row a village of 村情; ``groups``: a row a village and 客群; money in 分."""

    villages: pd.DataFrame
    groups: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def by_town(self) -> dict[str, float]:
        """Town → customers by household over its villages; of all under ``COUNTY``."""
        known = self.villages[self.villages["coverage"].notna()]
        sums = known.groupby("town")[["people", "households"]].sum()
        found = {str(town): float(row.people) / float(row.households) for town, row in sums.iterrows()}
        if len(known):
            found[COUNTY] = float(known["people"].sum()) / float(known["households"].sum())
        return found


def coverage(
    villages: pd.DataFrame,
    classes: pd.DataFrame,
    holdings: pd.DataFrame | None,
    homes: Mapping[str, str],
    last: int,
    limits: Limits,
) -> Coverage:
    """``villages``, ``holdings`` as their tables have them; ``homes``: branch → town, for a village whose town is not said; ``last``: the last day."""
    places = _places(villages["village"], {}).astype("object")
    known = villages.assign(place=places, households=villages["households"].astype("Int64"))
    known = known[known["place"].notna()]
    twice = known.loc[known["place"].duplicated(keep=False), "village"]
    of = known.drop_duplicates("place", keep=False).set_index("place")
    of["town"] = of["town"].where(of["town"].notna(), of["branch_id"].map(homes))
    people = _people(classes, holdings, last, limits)
    strange = people.loc[~people["place"].isin(known["place"]), "village"].value_counts()
    told = [several("study.market-village-twice", sorted(set(twice)))] if len(twice) else []
    if len(strange):
        who = [f"{village} {count} 户" for village, count in strange.items()]
        told.append(several("study.market-village", who, customers=int(strange.sum())))
    named = classes[["branch_id", "branch_name"]].dropna(subset=["branch_id"]).drop_duplicates("branch_id")
    branches = named.set_index("branch_id")["branch_name"]
    sums = people.groupby("place", observed=True)[list(_SUMS)].sum(min_count=1)
    sums = sums.set_index(sums.index.astype("object")).reindex(of.index)
    sums = sums.assign(**{name: sums[name].fillna(0) for name in _SUMS if name != "bare" or holdings is not None})
    rows = _judged(of.join(sums).assign(branch_name=of["branch_id"].map(branches)), limits, bool(len(strange)))
    groups = people[people["place"].isin(of.index)].groupby(["place", "customer_group"], as_index=False, observed=True)
    by = groups[list(_SUMS)].sum(min_count=1).astype({"place": "object"})
    by = by.join(of[["village", "town", "households"]], on="place")
    return Coverage(
        rows.sort_values(["open", "village"], ascending=[False, True], na_position="last", ignore_index=True),
        _means(by).sort_values(["village", "customer_group"], ignore_index=True),
        tuple(told),
    )


_OF_CUSTOMERS = ("customer_id", "customer_type", "customer_group", "village", "deposit_balance", "loan_balance")


def _people(classes: pd.DataFrame, holdings: pd.DataFrame | None, last: int, limits: Limits) -> pd.DataFrame:
    """Who lives in some village, with ``bare``: whether no product is held, missing where that is not known."""
    import pandas as pd
    import pyarrow.compute as pc

    own = classes.loc[classes["village"].notna(), list(_OF_CUSTOMERS)]
    bare = pd.Series(pd.NA, index=own.index, dtype="Int64")
    if holdings is not None:
        live = in_force(holdings, last)["customer_id"]
        held = flags(pc.is_in(texts(own["customer_id"]), value_set=texts(live)))
        bare = pd.Series(~held, index=own.index).astype("Int64")
    return own.assign(
        place=_places(own["village"], limits.villages),
        customers=1,
        people=own["customer_type"].isin(_PEOPLE).astype("int64"),
        bare=bare,
        **{name: own[name].fillna(0).astype("int64") for name in ("deposit_balance", "loan_balance")},
    )


def _places(names: pd.Series, renamed: Mapping[str, str]) -> pd.Series:
    """Plain names, the former ones as they are called now, each once (``category``)."""
    import numpy as np
    import pandas as pd

    now = {plain(old): plain(new) for old, new in renamed.items()}
    code, said = pd.factorize(names.array)
    told = np.array([*(now.get(name, name) for name in plain_names(said).to_pylist()), None], dtype=object)
    place, words = pd.factorize(told, sort=True)
    return pd.Series(pd.Categorical.from_codes(place[code], words), index=names.index)


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    """With what a customer has on the mean, 分, and customers by household: of people only."""
    import numpy as np

    count = rows["customers"].astype("int64").to_numpy()
    for name in ("deposit", "loan"):
        mean = divide_half_up(rows[f"{name}_balance"].astype("int64").to_numpy(), np.maximum(count, 1))
        rows = rows.assign(**{f"mean_{name}": mean}).astype({f"mean_{name}": "Int64"})
        rows[f"mean_{name}"] = rows[f"mean_{name}"].where(count > 0)
    share = rows["people"].astype("Float64") / rows["households"].where(rows["households"] > 0).astype("Float64")
    return rows.assign(coverage=share.where((rows["people"] > 0) | (rows["customers"] == 0)))


def _judged(rows: pd.DataFrame, limits: Limits, strange: bool) -> pd.DataFrame:
    """With coverage, households that have nobody at least, and what to do. ``strange``: whether customers live in villages that are not known: one
    without any customer may be called otherwise then."""
    import pandas as pd

    rows = _means(rows)
    unknown = (rows["customers"] == 0) & strange
    rows["coverage"] = rows["coverage"].mask(unknown)
    left = (rows["households"] - rows["people"].astype("Int64")).clip(lower=0)
    rows["open"] = left.astype("Int64").mask(unknown | rows["coverage"].isna())
    bare = rows["bare"].astype("Float64") / rows["customers"].where(rows["customers"] > 0).astype("Float64")
    advice = pd.Series("维护", index=rows.index, dtype="object")
    advice = advice.mask((bare >= float(limits.bare)).fillna(False).astype(bool), "推产品")
    advice = advice.mask((rows["coverage"] < float(limits.cover)).fillna(False).astype(bool), "整村开户")
    lacks = pd.Series("", index=rows.index, dtype="object")
    lacks = lacks.mask(~(rows["households"] > 0).fillna(False).astype(bool), "没有户数")
    lacks = lacks.mask(unknown, "没有客户，或村名改了")
    return rows.assign(advice=advice.mask(lacks != "", ""), lacks=lacks).reset_index()

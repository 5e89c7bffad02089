"""Who stands or falls together? Customers bound by a group, by dependence, or by guarantees: connected components, whatever the order of the pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.periods import Period

if TYPE_CHECKING:
    import pandas as pd

CIRCLE = "担保圈"


@dataclass(frozen=True)
class Connected:
    """``members``: customer_id, group_id (the smallest customer_id of the group), bonds (what binds it, by name); groups of two and more only."""

    members: pd.DataFrame
    findings: tuple[Finding, ...] = ()


def connected(
    classes: pd.DataFrame,
    loans: pd.DataFrame,
    groups: pd.DataFrame | None,
    guarantees: pd.DataFrame | None,
    period: Period,
) -> Connected:
    """``classes``: customer_id, connected_group; ``loans``: loan_id, contract_id, customer_id; ``groups``, ``guarantees``: as their tables have them."""
    import pandas as pd

    own = classes[["customer_id", "connected_group"]].dropna()
    edges = [_edges(own["customer_id"], "集团 " + own["connected_group"].astype(str), "集团")]
    if groups is not None:
        held = (groups["valid_from"].isna() | (groups["valid_from"] <= period.last)) & (
            groups["valid_to"].isna() | (groups["valid_to"] >= period.last)
        )
        now = groups[held.fillna(False)].dropna(subset=["customer_id", "connected_group"])
        edges.append(
            _edges(now["customer_id"], "集团 " + now["connected_group"].astype(str), now["relation"].fillna("集团"))
        )
    told: list[Finding] = []
    if guarantees is not None:
        pairs, told = _guarantees(guarantees, loans, set(classes["customer_id"]))
        edges.append(pairs)
    every = pd.concat(edges, ignore_index=True).drop_duplicates()
    return Connected(_components(every), tuple(told))


def _edges(customers: pd.Series, to: pd.Series, bond: pd.Series | str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"one": customers.astype("object"), "other": to.astype("object"), "bond": bond})


def _guarantees(guarantees: pd.DataFrame, loans: pd.DataFrame, known: set[str]) -> tuple[pd.DataFrame, list[Finding]]:
    """Borrower and guarantor of every guarantee of a loan with a balance, where both are customers; who is none, and who vouches for himself, is told."""
    import pandas as pd

    living = loans[loans["balance"].fillna(0) > 0]
    found = []
    for key in ("loan_id", "contract_id"):
        book = living[[key, "customer_id"]].dropna().drop_duplicates()
        rows = guarantees if key == "loan_id" else guarantees[guarantees["loan_id"].isna()]
        found.append(rows.dropna(subset=[key]).merge(book, on=key))
    pairs = pd.concat(found, ignore_index=True)
    named = pairs["guarantor_id"].notna() & pairs["guarantor_id"].isin(known)
    own = named & (pairs["guarantor_id"] == pairs["customer_id"])
    told = []
    if (~named).any():
        told.append(finding("study.guarantor-unknown", count=int((~named).sum())))
    if own.any():
        told.append(finding("study.guarantor-self", count=int(own.sum())))
    kept = pairs[named & ~own]
    return _edges(kept["customer_id"], kept["guarantor_id"], CIRCLE), told


def _components(edges: pd.DataFrame) -> pd.DataFrame:
    import numpy as np
    import pandas as pd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if edges.empty:
        return pd.DataFrame({"customer_id": [], "group_id": [], "bonds": []}, dtype="object")
    codes, nodes = pd.factorize(pd.concat([edges["one"], edges["other"]], ignore_index=True), sort=True)
    half = len(edges)
    shape = (len(nodes), len(nodes))
    graph = coo_array((np.ones(half, dtype="int8"), (codes[:half], codes[half:])), shape=shape)
    _, label = connected_components(graph, directed=False)
    bonds = (
        pd.DataFrame({"label": label[codes[:half]], "bond": edges["bond"].to_numpy()})
        .drop_duplicates()
        .sort_values(["label", "bond"], kind="stable")
        .groupby("label")["bond"]
        .agg("、".join)
    )
    people = pd.DataFrame({"customer_id": nodes, "label": label})
    people = people[~people["customer_id"].str.startswith("集团 ")]
    size = people.groupby("label")["customer_id"].transform("size")
    people = people[size > 1].sort_values("customer_id", kind="stable")
    people = people.assign(
        group_id=people.groupby("label")["customer_id"].transform("first"), bonds=people["label"].map(bonds)
    )
    return people[["customer_id", "group_id", "bonds"]].reset_index(drop=True)

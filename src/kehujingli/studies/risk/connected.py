"""Who stands or falls together? Customers bound by a group, by dependence, or by guarantees: connected components, whatever the order of the pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.periods import Period
from kehujingli.studies.words import rows_of
from kehujingli.tables.frames import owing
from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd

CIRCLE = "担保圈"
_GROUP = "集团 "
_SHOWN = 5


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
    edges = [_edges(own["customer_id"], _node(own["connected_group"]), "集团")]
    told: list[Finding] = []
    if groups is not None:
        held = (groups["valid_from"].isna() | (groups["valid_from"] <= period.last)) & (
            groups["valid_to"].isna() | (groups["valid_to"] >= period.last)
        )
        now = groups[held.fillna(False)].dropna(subset=["customer_id", "connected_group"])
        rows, told = _grouped(now, {*classes["customer_id"], *loans["customer_id"].dropna()})
        edges.append(rows)
    if guarantees is not None:
        pairs, more = _guarantees(guarantees, loans, frozenset(classes["customer_id"]))
        edges.append(pairs)
        told = [*told, *more]
    every = pd.concat(edges, ignore_index=True).drop_duplicates()
    return Connected(_components(every), tuple(told))


def _edges(customers: pd.Series, to: pd.Series, bond: pd.Series | str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"one": customers.astype("object"), "other": to.astype("object"), "bond": bond})


def _node(groups: pd.Series) -> pd.Series:
    """A group as something that customers hang on; no customer is called so."""
    return _GROUP + groups.astype(str)


def _grouped(groups: pd.DataFrame, known: set[str]) -> tuple[pd.DataFrame, list[Finding]]:
    """Members and their groups. A group may be in a group. One whose number is a customer's has that customer in it, said or not; who is neither a
    customer nor a group is told and left out, and so is a group that is in itself."""
    import pandas as pd

    member, group = groups["customer_id"].astype(str), groups["connected_group"].astype(str)
    relation = groups["relation"].fillna("集团")
    person, nested = member.isin(known), ~member.isin(known) & member.isin(set(group)) & (member != group)
    within = ~member.isin(known) & (member == group)
    leads = pd.Series(sorted(set(group) & known), dtype="object")
    edges = [
        _edges(member[person], _node(group[person]), relation[person]),
        _edges(_node(member[nested]), _node(group[nested]), relation[nested]),
        _edges(leads, _node(leads), "集团"),
    ]
    told = []
    own = [*leads, *sorted(set(group[within]))]
    if own:
        words = "、".join(own[:_SHOWN]) + (" 等" if len(own) > _SHOWN else "")
        told.append(
            finding("study.group-self", count=len(own), groups=words, rows=rows_of(groups[group.isin(leads) | within]))
        )
    lost = groups[~person & ~nested & ~within]
    if len(lost):
        told.append(finding("study.group-unknown", count=len(lost), rows=rows_of(lost)))
    return pd.concat(edges, ignore_index=True), told


def _guarantees(
    guarantees: pd.DataFrame, loans: pd.DataFrame, known: frozenset[str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Borrower and guarantor of every guarantee of a loan with a balance, where both are customers; who is none, and who vouches for himself, is told.

    A row is of the loan that it names; where 贷款台账 does not know that, of the loans under its contract. Of what loan neither says is told.
    """
    import pandas as pd

    living = owing(loans)
    by_loan = pd.Series(among(guarantees["loan_id"], frozenset(loans["loan_id"].dropna())), index=guarantees.index)
    by_contract = ~by_loan & pd.Series(
        among(guarantees["contract_id"], frozenset(loans["contract_id"].dropna())), index=guarantees.index
    )
    found = []
    for key, rows in (("loan_id", guarantees[by_loan]), ("contract_id", guarantees[by_contract])):
        book = living[[key, "customer_id"]].dropna().drop_duplicates()
        found.append(rows.merge(book, on=key))
    pairs = pd.concat(found, ignore_index=True)
    named = pd.Series(among(pairs["guarantor_id"], known), index=pairs.index)
    own = named & (pairs["guarantor_id"] == pairs["customer_id"])
    told = []
    lost = guarantees[~by_loan & ~by_contract]
    if len(lost):
        told.append(finding("study.guarantee-unknown", count=len(lost), rows=rows_of(lost)))
    if (~named).any():
        told.append(finding("study.guarantor-unknown", count=int((~named).sum()), rows=rows_of(pairs[~named])))
    if own.any():
        told.append(finding("study.guarantor-self", count=int(own.sum()), rows=rows_of(pairs[own])))
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
    words = pd.DataFrame({"label": label[codes[:half]], "bond": edges["bond"].to_numpy()}).drop_duplicates()
    words = words.sort_values(["label", "bond"], kind="stable")
    bonds = words.drop_duplicates("label").set_index("label")["bond"]
    # most groups have one bond: only the words of the others are joined
    several = words[words["label"].duplicated(keep=False)]
    bonds.update(several.groupby("label")["bond"].agg("、".join))
    people = pd.DataFrame({"customer_id": nodes, "label": label})
    people = people[~people["customer_id"].str.startswith(_GROUP)]
    size = people.groupby("label")["customer_id"].transform("size")
    people = people[size > 1].sort_values("customer_id", kind="stable")
    people = people.assign(
        group_id=people.groupby("label")["customer_id"].transform("first"), bonds=people["label"].map(bonds)
    )
    return people[["customer_id", "group_id", "bonds"]].reset_index(drop=True)

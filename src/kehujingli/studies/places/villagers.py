"""Who of a village is a customer, and who is not yet? Rosters matched by id number, else by name and village; how far each village is covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Finding, finding
from kehujingli.studies.called import flags, lead_number, plain_names, texts
from kehujingli.studies.placing import at, several

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

BY_ID, BY_NAME = "证件号", "姓名和村"
_ENDS = 4
"""Last digits of a telephone number, which a masked one shows too."""
_ORDER = ["source_row"]
_PAIR = ["place", "called"]
_STEM = 17
"""An id number without its check digit: what an old one of fifteen digits can be compared by."""
_OLD, _NEW = r"^\d{15}$", r"^[0-8]\d{16}.$"
"""Of fifteen digits, and of eighteen signs, which of a firm begin with 9."""


@dataclass(frozen=True)
class Villagers:
    """``people``: one row a person of the rosters, with ``lead_id``, ``customer_id`` and ``by`` where there is one; ``villages``: how far each is covered."""

    people: pd.DataFrame
    villages: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    def found(self, leads: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Of these leads each that is a customer, which, and by what."""
        known = self.people[self.people["customer_id"].notna() & self.people["lead_id"].isin(set(leads))]
        return dict(zip(known["lead_id"], zip(known["customer_id"], known["by"], strict=True), strict=True))


def villagers(
    rosters: pd.DataFrame,
    villages: pd.DataFrame | None,
    grids: pd.DataFrame | None,
    classes: pd.DataFrame,
    names: Mapping[str, str],
    last: int,
    leads: pd.DataFrame | None = None,
) -> Villagers:
    """``rosters``, ``villages``, ``grids``, ``leads`` as their tables have them; ``names``: manager → name; ``last``: the period's last day."""
    people, told = _people(rosters, leads)
    places = plain_places(classes["village"])
    there = places.isin(set(people["place"]))
    here = classes[["holder_id", "branch_id"]].assign(place=places)[there]
    people, guessed = _matched(people, classes, places, there)
    told += guessed
    keepers = _keepers(grids, here, last)
    people["manager_id"] = people["place"].map(keepers)
    people["manager_name"] = people["manager_id"].map(names)
    homes = _homes(villages, here)
    people["branch_id"] = people["place"].map(homes)
    named = classes[["branch_id", "branch_name"]].dropna(subset=["branch_id"]).drop_duplicates("branch_id")
    branches = named.set_index("branch_id")["branch_name"]
    people["branch_name"] = people["branch_id"].map(branches)
    rows, odd = _covered(people, villages, here)
    rows = rows.assign(branch_name=rows["place"].map(homes).map(branches), manager_id=rows["place"].map(keepers))
    return Villagers(people, rows.assign(manager_name=rows["manager_id"].map(names)), (*told, *odd))


def plain_places(column: pd.Series) -> pd.Series:
    """Names of villages made plain, each once."""
    import numpy as np
    import pandas as pd

    codes, words = pd.factorize(column)
    plain = np.array([*plain_names(words).to_pylist(), None], dtype=object)
    return pd.Series(plain[codes], index=column.index, dtype="object")


def id_keys(numbers: pd.Series) -> Any:
    """What two spellings of one id number share, as an Arrow array."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = plain_names(numbers)
    old, new = (pc.match_substring_regex(plain, said) for said in (_OLD, _NEW))
    keys = pc.if_else(new, pc.utf8_slice_codeunits(plain, 0, _STEM), plain)
    if not pc.any(old).as_py():
        return keys
    begun, rest = pc.utf8_slice_codeunits(plain, 0, 6), pc.utf8_slice_codeunits(plain, 6)
    return pc.if_else(old, pc.binary_join_element_wise(begun, rest, pa.scalar("19", plain.type)), keys)


def _people(rosters: pd.DataFrame, leads: pd.DataFrame | None) -> tuple[pd.DataFrame, list[Finding]]:
    """One row a person: the same id number counts once, and so does the same row without one."""
    import pandas as pd

    keys = pd.Series(id_keys(rosters["id_number"]).to_pylist(), index=rosters.index, dtype="object")
    rows = rosters.assign(place=plain_places(rosters["village"]), called=plain_places(rosters["name"]), key=keys)
    rows = rows[rows["place"].notna() & rows["called"].notna()]
    numbered = rows["key"].notna()
    again = numbered & rows.duplicated(["key"])
    again |= ~numbered & rows.duplicated(["place", "called", "phone", "household_id", "key"])
    told = []
    if again.any():
        told.append(
            several(
                "study.leads-roster-twice",
                [f"{row['village']}{at(row).strip()}" for row in rows[again].to_dict("records")],
            )
        )
    rows = rows[~again].sort_values(["place", "called", "key", "household_id", "phone"], na_position="last")
    # of namesakes a number goes by what the row says beside the name, not by who stands before him: it stays his when another is entered
    alike = rows.duplicated(["place", "called"], keep=False)
    some = rows[alike]
    said = some["phone"].fillna("").astype(str) + "/" + some["household_id"].fillna("").astype(str)
    nth = some.assign(said=said).groupby(["place", "called", "said"]).cumcount().astype(str)
    tags = pd.Series("0", index=rows.index, dtype="object")
    tags[alike] = said + "/" + nth
    numbers = [
        lead_number("C", place, called, tag)
        for place, called, tag in zip(rows["place"].tolist(), rows["called"].tolist(), tags.tolist(), strict=True)
    ]
    return _kept(rows.assign(lead_id=numbers), alike, leads).reset_index(drop=True), told


def _kept(rows: pd.DataFrame, alike: pd.Series, leads: pd.DataFrame | None) -> pd.DataFrame:
    """Who has a number from when nobody was called like him keeps it: of the namesakes the one with the lead's telephone, else the first on the roster."""
    if leads is None or not alike.any():
        return rows
    phones = dict(zip(leads["lead_id"].astype(str), leads["phone"].fillna("").astype(str), strict=True))
    numbers = rows["lead_id"].copy()
    for (place, called), group in rows[alike].groupby(["place", "called"]):
        alone = lead_number("C", place, called, "0")
        if alone in phones:
            end = phones[alone][-_ENDS:]
            like = group[group["phone"].fillna("").astype(str).str[-_ENDS:] == end] if end else group
            whose = (like if len(like) else group).sort_values(_ORDER).index[0]
            numbers[whose] = alone
    return rows.assign(lead_id=numbers)


def _matched(
    people: pd.DataFrame, classes: pd.DataFrame, places: pd.Series, there: pd.Series
) -> tuple[pd.DataFrame, list[Finding]]:
    """With the customer that each is: by id number; where one of the two has none, by name and village; of whom that is a guess is told.

    ``places``: the villages of ``classes``, made plain; ``there``: whether somebody of the village is among ``people``."""
    import numpy as np
    import pandas as pd
    import pyarrow.compute as pc

    keys = id_keys(classes["id_number"])
    numbered = flags(pc.is_in(keys, value_set=texts(people["key"].dropna())))
    near = np.flatnonzero(numbered | there.to_numpy())
    names = classes[["customer_id", "customer_name"]].iloc[near]
    known = pd.DataFrame(
        {
            "customer_id": names["customer_id"].astype("object"),
            "key": pd.Series(keys.take(near).to_pylist(), index=names.index, dtype="object"),
            "place": places.iloc[near],
            "called": plain_places(names["customer_name"]),
        }
    ).sort_values("customer_id")
    by_id = known.dropna(subset=["key"]).drop_duplicates("key").set_index("key")["customer_id"]
    placed = known.dropna(subset=["place", "called"])
    first = people["key"].map(by_id).astype("object")
    pair = pd.concat([people[_PAIR], placed[_PAIR]]).groupby(_PAIR, sort=False).ngroup().to_numpy()
    own, theirs, bare = pair[: len(people)], pair[len(people) :], placed["key"].isna().to_numpy()
    ids = placed["customer_id"].to_numpy()
    second = np.where(people["key"].notna(), _by_name(own, theirs[bare], ids[bare]), _by_name(own, theirs, ids))
    second = pd.Series(second, index=people.index, dtype="object")
    # one customer is one villager: of namesakes without an id the first, none where the id of another has told whose he is
    second = second.mask(second.isin(first.dropna()) | first.notna())
    second = second.mask(second.duplicated())
    found = first.where(first.notna(), second)
    by = pd.Series(BY_ID, index=people.index).where(first.notna(), BY_NAME).where(found.notna(), None)
    told = people.assign(customer_id=found.where(found.notna(), None), by=by)
    several_villagers = pd.Series(own[first.isna()]).value_counts().reindex(own).to_numpy() > 1
    several_customers = np.bincount(theirs, minlength=len(pair))[own] > 1
    guess = told[(by == BY_NAME) & (several_villagers | several_customers)]
    if guess.empty:
        return told, []
    who = [
        f"{row.village}{row.name_}（{row.customer_id}）" for row in guess.rename(columns={"name": "name_"}).itertuples()
    ]
    return told, [several("study.leads-namesake", who)]


def _by_name(own: npt.NDArray[Any], theirs: npt.NDArray[Any], ids: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The first customer of each one's village and name; both as numbers."""
    import numpy as np

    first = np.full(max(own.max(initial=0), theirs.max(initial=0)) + 1, len(theirs))
    np.minimum.at(first, theirs, np.arange(len(theirs)))
    found: npt.NDArray[Any] = np.append(ids, np.nan)[first[own]]
    return found


def _keepers(grids: pd.DataFrame | None, classes: pd.DataFrame, last: int) -> dict[str, str]:
    """``classes``: with ``place``. Village → whose it is on the day: by 包村 (of several the latest begun), else who holds most customers there."""
    counts = classes.dropna(subset=["holder_id"]).groupby(["place", "holder_id"], as_index=False).size()
    counts = counts.sort_values(["place", "size", "holder_id"], ascending=[True, False, True])
    found = dict(zip(*(counts.drop_duplicates("place")[name] for name in ("place", "holder_id")), strict=True))
    if grids is not None:
        valid = grids[(grids["valid_from"].fillna(last) <= last) & (grids["valid_to"].fillna(last) >= last)]
        valid = valid.assign(place=plain_places(valid["village"]), since=valid["valid_from"].fillna(-(10**6)))
        valid = valid.dropna(subset=["place"]).sort_values(["since", "manager_id"], ascending=[False, True])
        found |= dict(zip(*(valid.drop_duplicates("place")[name] for name in ("place", "manager_id")), strict=True))
    return found


def _homes(villages: pd.DataFrame | None, classes: pd.DataFrame) -> dict[str, str]:
    """``classes``: with ``place``. Village → branch: as 村情 says, else where most of its customers are."""
    counts = classes.dropna(subset=["branch_id"]).groupby(["place", "branch_id"], as_index=False).size()
    counts = counts.sort_values(["place", "size", "branch_id"], ascending=[True, False, True])
    found = dict(zip(*(counts.drop_duplicates("place")[name] for name in ("place", "branch_id")), strict=True))
    if villages is not None:
        told = villages.dropna(subset=["branch_id"])
        found |= dict(zip(plain_places(told["village"]), told["branch_id"], strict=True))
    return found


def _covered(
    people: pd.DataFrame, villages: pd.DataFrame | None, classes: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """One row a village: people and households on the roster, customers among them, and of all households of 村情."""
    import pandas as pd

    own = people["customer_id"].notna()
    rows = people.assign(own=own, by_id=people["by"] == BY_ID, house=people["household_id"].where(own))
    grouped = rows.groupby("place")
    found = pd.DataFrame(
        {
            "village": grouped["village"].first(),
            "people": grouped.size(),
            "own": grouped["own"].sum(),
            "by_id": grouped["by_id"].sum(),
            "families": grouped["household_id"].nunique(),
            "covered": grouped["house"].nunique(),
        }
    ).astype(dict.fromkeys(("people", "own", "by_id", "families", "covered"), "int64"))
    living = classes["place"].value_counts()
    found["by_name"], found["open"] = found["own"] - found["by_id"], found["people"] - found["own"]
    found["living"] = living.reindex(found.index).fillna(0).astype("int64")
    found["rate"] = found["own"] / found["people"]
    told: list[Finding] = []
    households = pd.Series(pd.NA, index=found.index, dtype="Int64")
    if villages is not None:
        known = villages.assign(place=plain_places(villages["village"])).dropna(subset=["place", "households"])
        households = (
            known.drop_duplicates("place").set_index("place")["households"].reindex(found.index).astype("Int64")
        )
        strange = found.loc[households.isna(), "village"]
        if len(strange):
            told.append(several("study.leads-village-unknown", list(strange)))
        odd = found.loc[(households < found["families"]).fillna(False), "village"]
        if len(odd):
            told.append(several("study.leads-village-odd", list(odd)))
    found["households"] = households
    numbered = found["families"] > 0
    share = found["covered"] / households.where(households > 0).astype("Float64")
    found["household_rate"] = share.where(numbered & (households >= found["families"]).fillna(False))
    if not numbered.all():
        told.append(finding("study.leads-no-household", count=int((~numbered).sum())))
    return found.reset_index().sort_values(["open", "village"], ascending=[False, True], ignore_index=True), told

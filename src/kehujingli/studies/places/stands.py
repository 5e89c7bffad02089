"""Where do we stand in every town and in the county, now and in the month that is compared with? Our figures by the town of the branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli.periods import Period, date_of
from kehujingli.studies.places.shares import COUNTY, Limits, Said, Stand, newest, stand, together, within

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = {"deposits": "deposit_balance", "loans": "loan_balance"}


def own_of(classes: pd.DataFrame, homes: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Measure → town → ours; of all under ``COUNTY``."""
    import pandas as pd

    parts = pd.DataFrame({m: classes[name].fillna(0).astype("int64") for m, name in _FIGURES.items()})
    parts["households"] = (parts["deposits"] != 0).astype("int64")
    by_branch = parts.groupby(classes["branch_id"].to_numpy(), sort=False).sum()
    found: dict[str, dict[str, int]] = {m: {COUNTY: int(values.sum())} for m, values in parts.items()}
    for branch, *sums in by_branch.itertuples():
        if (town := homes.get(branch)) is not None:
            for own, part in zip(found.values(), sums, strict=True):
                own[town] = own.get(town, 0) + int(part)
    return found


def stands_of(
    said: Mapping[str, list[Said]],
    places: list[str],
    county: set[str],
    own: Mapping[str, Mapping[str, int]],
    homes: Mapping[str, str],
    lost: Mapping[str, str],
    m: str,
    period: Period,
    limits: Limits,
) -> dict[str, Stand]:
    """The county first, then every town."""
    there, found = set(homes.values()), {}
    for place in places:
        newly, lacks = newest(said.get(place, []), period, limits)
        if not lacks and lost and place not in there:
            lacks = "有机构对不上乡镇"
        found[place] = stand(newly, own[m].get(place, 0), m, limits, lacks)
    return {COUNTY: _county(said, county, found, own[m][COUNTY], m, period, limits), **found}


def _county(
    said: Mapping[str, list[Said]],
    county: set[str],
    parts: Mapping[str, Stand],
    own: int,
    m: str,
    period: Period,
    limits: Limits,
) -> Stand:
    for place in sorted(county):
        newly, lacks = newest(said[place], period, limits)
        return stand(newly, own, m, limits, lacks)
    return together(parts, own)


def earlier_of(
    said: Mapping[str, list[Said]],
    places: list[str],
    county: set[str],
    then: Mapping[str, Mapping[str, int]] | None,
    gone: list[str],
    m: str,
    periods: tuple[Period, Period],
    limits: Limits,
) -> dict[str, Stand]:
    """Of the month that is compared with; where one of the two markets is of another month there is nothing to compare."""
    period, before = periods

    def one(place: str, own: int) -> Stand:
        of = said.get(place, [])
        if not of:
            return Stand(own, lacks="《市场格局》没有这里")
        if gone and place not in county:
            return Stand(own, lacks=f"那时的机构 {gone[0]} 对不上乡镇")
        if within(of, period) is None:
            return Stand(own, lacks=f"市场最近的是 {date_of(of[-1].day)} 的，不在本月")
        return (
            stand(was, own, m, limits)
            if (was := within(of, before))
            else Stand(own, lacks=f"没有 {before.name} 的市场")
        )

    if then is None:
        return dict.fromkeys([COUNTY, *places], Stand(0, lacks=f"本行没有 {before.name} 的客户分类"))
    found = {place: one(place, then[m].get(place, 0)) for place in places}
    whole = one(next(iter(sorted(county))), then[m][COUNTY]) if county else together(found, then[m][COUNTY])
    return {COUNTY: whole, **found}

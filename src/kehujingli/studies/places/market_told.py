"""What is said of the market: where figures are lacking or disagree, where the county stands, which towns are losing, which villages are open?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, date_of, month_of_day
from kehujingli.studies.places.coverage import Coverage
from kehujingli.studies.places.shares import COUNTY, MEASURES, Change, Stand
from kehujingli.studies.placing import several

if TYPE_CHECKING:
    import pandas as pd

Stands = Mapping[str, Mapping[str, Stand]]
"""Measure → place → where we stand."""
Changes = Mapping[str, Mapping[str, Change]]


def told_of(
    stands: Stands, changes: Changes, lost: list[str], county: bool, period: Period, tolerance: Decimal
) -> list[Finding]:
    """``lost``: branches of no town; ``county``: whether the table has a line of the county itself."""
    who: dict[str, list[str]] = {"study.market-branch": lost}
    for m, of in stands.items():
        silent = all(one.others is None for one in of.values()) and m == "households"
        for place, one in of.items():
            named = f"{place}{MEASURES[m]}"
            if one.lacks and not silent and place != COUNTY:
                who.setdefault("study.market-lacks", []).append(f"{named}（{one.lacks}）")
            if one.told and abs(one.own - one.told) > one.told * tolerance:
                who.setdefault("study.market-own", []).append(f"{named}差 {(one.own - one.told) / one.told:+.1%}")
            if (why := changes[m][place].lacks) and changes[m][place].market is None and not silent and place != COUNTY:
                who.setdefault("study.market-changes", []).append(f"{named}（{why}）")
    told = [several(code, found) for code, found in who.items() if found]
    days = {one.day for place, one in stands["deposits"].items() if one.others is not None and one.day is not None}
    if days - {period.last}:
        first = min(days - {period.last})
        month = Period.of_month(month_of_day(first)).name
        told.append(finding("study.market-day", day=str(date_of(first)), last=str(date_of(period.last)), period=month))
    return [*told, *_over(stands, county, tolerance)]


def _over(stands: Stands, county: bool, tolerance: Decimal) -> list[Finding]:
    """Towns that come to more than the county that they are of."""
    found = []
    for m, of in stands.items():
        whole = of[COUNTY].total
        parts = sum(one.total or 0 for place, one in of.items() if place != COUNTY)
        if county and whole and parts > whole * (1 + tolerance):
            found.append(f"{MEASURES[m]}多 {parts / whole - 1:.1%}")
    return [several("study.market-towns", found)] if found else []


def lines_of(stands: Stands, changes: Changes, rows: pd.DataFrame) -> list[str]:
    lines = []
    for m, word in MEASURES.items():
        one, moved = stands[m][COUNTY], changes[m][COUNTY]
        if one.share is None:
            continue
        said = f"{word}：全县占 {float(one.share):.2%}"
        if moved.share is not None:
            said += f"，比上期 {float(moved.share) * 100:+.2f} 个百分点"
        if moved.gained is not None:
            said += f"；市场增加的部分占 {float(moved.gained):.1%}"
        lines.append(said)
    for m in ("deposits", "loans"):
        for advice in ("在丢，查去向", "主攻"):
            named = [
                row.region
                for row in rows.itertuples()
                if getattr(row, f"{m}_advice") == advice and row.region != COUNTY
            ]
            if named:
                lines.append(f"{MEASURES[m]}{advice}：{'、'.join(named)}")
    return lines


def village_lines(covered: Coverage | None) -> list[str]:
    if covered is None:
        return []
    rows = covered.villages
    known = rows[rows["coverage"].notna()]
    if known.empty:
        return ["没有一个村算得出覆盖率"]
    rate = float(known["people"].sum()) / float(known["households"].sum())
    first = known.head(3)
    most = "、".join(f"{row.village}（{row.open} 户）" for row in first.itertuples() if row.open)
    return [f"{len(known)} 个村，客户是户数的 {rate:.1%}" + (f"；没有客户的户最多的：{most}" if most else "")]

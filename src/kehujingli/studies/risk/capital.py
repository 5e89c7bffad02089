"""Which capital counts? Of the table the newest not after the period's last day, else that of ``[institution]``; nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding, yuan_grouped
from kehujingli.periods import Period, date_of, month_of_day
from kehujingli.rules import Institution
from kehujingli.studies.words import rows_of
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

_PLAUSIBLE = (1, 200)
"""Net capital in a hundred of all loans: what lies outside is in another unit."""


@dataclass(frozen=True)
class Capital:
    """分, ``None`` where it is not known; ``basis`` says it in words."""

    net: int | None
    tier1: int | None
    basis: str
    findings: Sequence[Finding] = ()


def capital_of(
    table: pd.DataFrame | None, institution: Institution, period: Period, total: int, oldest: int
) -> Capital:
    """``total``: all loans, to see a capital in the wrong unit; ``oldest``: it is told where the capital is more months older than the period."""
    rows = None if table is None else table[(table["date"] <= period.last).fillna(False) & table["net_capital"].notna()]
    if rows is None or rows.empty:
        net, tier1 = (
            None if amount is None else int(amount * 100)
            for amount in (institution.net_capital, institution.tier1_capital)
        )
        given, later = table is not None and len(table) > 0, []
        if given:
            instead = "占比和限额空着" if net is None else "用的是办法 [institution] 的"
            later = [finding("study.capital-later", as_of=period.as_of, instead=instead)]
        why = "《资本》没有期末以前的" if given else "没有《资本》"
        basis = "缺" if net is None else f"{yuan_grouped(net)} 元（办法 [institution]，{why}）"
        return Capital(net, tier1, basis, [*later, *_odd(net, total, "", "办法 [institution] 的 net_capital（写元）")])
    newest = rows[rows["date"] == rows["date"].max()].sort_values("net_capital", kind="stable")
    first, day = newest.iloc[0], date_of(int(newest["date"].iloc[0]))
    where = rows_of(newest.head(1))
    net, told = int(first["net_capital"]), []
    if newest["net_capital"].nunique() > 1:
        told.append(finding("study.capital-twice", day=day, rows=rows_of(newest), capital=yuan_grouped(net)))
    months = period.month - month_of_day(int(first["date"]))
    if months > oldest:
        told.append(finding("study.capital-old", day=day, rows=where, as_of=period.as_of, months=months))
    tier1 = None if missing(first["tier1_capital"]) else int(first["tier1_capital"])
    if tier1 is not None and tier1 > net:
        told.append(
            finding("study.capital-tier", day=day, rows=where, tier1=yuan_grouped(tier1), capital=yuan_grouped(net))
        )
    odd = _odd(net, total, where, "《资本》的单位（报表用万元）")
    return Capital(net, tier1, f"{yuan_grouped(net)} 元（{day}）", [*told, *odd])


def _odd(net: int | None, total: int, rows: str, where: str) -> list[Finding]:
    low, high = _PLAUSIBLE
    if net is None or not total or low <= net * 100 / total <= high:
        return []
    share = f"{net / total:.2%}"
    return [finding("study.capital-odd", capital=yuan_grouped(net), rows=rows, share=share, where=where)]

"""What does a study take from a month that is being reckoned? One function from name to frame; the only one that knows a ``Month``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.answers.studies import Earlier, KeptPeriod, facts_of
from kehujingli.errors import Problem
from kehujingli.studies import checked, declared, studies
from kehujingli.studies.study import Answer, Standing, Study, answer, label_of
from kehujingli.workspace.log import said_head

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.month import Month
    from kehujingli.studies.classes.followed import Stand, Trial
    from kehujingli.workbooks.definitions import Source
    from kehujingli.workbooks.house import Meta


def taken(month: Month, name: str, earlier: Earlier) -> pd.DataFrame | None:
    """An input as ``data/<name>.parquet`` would keep it; nothing where the month cannot have it. ``earlier``: what it is compared with."""
    from kehujingli.month.keep import result_frame, sourced

    if name.startswith("previous"):
        return earlier.take(name)
    if name == "months":
        return _months(month)
    measured = name in ("accounts", "managers", "loans", "branches")
    return sourced(month.tables[name]) if name in terms.BY_KEY and not measured else result_frame(month, name)


def _months(month: Month) -> pd.DataFrame | None:
    """The month's own scores and pays after the kept ones right before it."""
    from kehujingli.answers.months import live_results, month_frame, months_before

    if month.rules.rules.incentive is None:
        return None
    workspace = month.workspace
    before = months_before(workspace, month.period) if workspace is not None else []
    return month_frame([*before, live_results(month.scores, month.branch_names)], month.period)


def ask(
    month: Month,
    asked: Study,
    since: str | None = None,
    *,
    given: Mapping[str, pd.DataFrame] | None = None,
    **options: Any,
) -> Answer:
    """The study's answer for a month, compared with the kept month ``since``; ``given``: inputs that have been gathered already. Raises ``study.needs``, ``study.previous``, ``option.bad``."""
    from kehujingli.month.manifest import thresholds_of

    earlier = Earlier.of(month.workspace, month.period, since)
    thresholds = thresholds_of(month) if asked.compares or "segment" in asked.facts else None
    facts = facts_of(asked, month.period, checked(month.rules), earlier, thresholds)
    facts |= {"trial": trial_of(month), "inputs": _inputs(month) if "inputs" in asked.facts else []}
    known = given or {}

    def take(name: str) -> pd.DataFrame | None:
        return known[name] if name in known else taken(month, name, earlier)

    return answer(asked, take, facts, where=month.where, **options)


def _inputs(month: Month) -> list[dict[str, str]]:
    """The sheets that were read, by their part, as the manifest tells them."""
    return [{"path": sheet.export.name, "sheet": sheet.sheet} for sheet in month.settled]


def trial_of(month: Month) -> Trial:
    """What the month comes to with other classes of its customers (customer_id, frequency, scale), under other rules of classes, or as it is."""
    from kehujingli.month.trial import classed_by, reclassed, stand
    from kehujingli.rules import SegmentRules

    def tried(other: pd.DataFrame | SegmentRules | None) -> Stand:
        if other is None:
            return stand(month)
        return stand(classed_by(month, other) if isinstance(other, SegmentRules) else reclassed(month, other))

    return tried


def answered(month: Month, key: str) -> Answer | Problem:
    """What one study says of the month that is written; where it cannot say anything, why."""
    try:
        return ask(month, declared(key))
    except Problem as why:
        return why


def standings(month: Month) -> list[Standing]:
    """Which studies the month could answer, and what each of them lacks."""
    earlier = Earlier.of(month.workspace, month.period, None)

    def lacking(names: list[str]) -> tuple[str, ...]:
        return tuple(label_of(name) for name in names if not _there(month, name, earlier))

    return [
        Standing(
            each.key,
            each.label,
            each.asks,
            lacking(each.needs),
            lacking([n for n in each.likes if each.without.get(n)]),
        )
        for each in studies()
    ]


def _there(month: Month, name: str, earlier: Earlier) -> bool:
    if name.startswith("previous"):
        return earlier.has(name)
    if name in terms.BY_KEY and name != "branches":  # 机构汇总 is the month's own, whether or not 机构 was exported
        return not month.tables[name].empty
    return month.rules.rules.incentive is not None if name in _SCORED else True


_SCORED = ("months", "scores", "items", "pay", "contributions", "ledger")


def kept_meta(kept: KeptPeriod) -> Meta:
    """What stands at the head and foot of every sheet about a kept period."""
    from kehujingli.closing import state_of
    from kehujingli.workbooks.house import Meta

    institution, period = kept.rules.rules.institution, kept.period
    signatures = institution.signatures
    closed = state_of(kept.workspace, period.name).closed
    status = "" if closed else terms.STATES["draft"] + ("　未满月" if period.partial else "")
    return Meta(
        institution.name,
        period.label,
        period.as_of.isoformat(),
        institution.document,
        signatures.prepared,
        signatures.reviewed,
        signatures.approved,
        status,
    )


def kept_source(kept: KeptPeriod) -> Source:
    """Where the figures come from: the sheets that the run read, as its manifest tells them."""
    from kehujingli.month.manifest import sheet_of
    from kehujingli.workbooks.definitions import Source

    sheets = [sheet_of(told) for told in kept.manifest.get("inputs", [])]
    return Source(kept.rules, sheets, [], kept.workspace.operator, said_head(kept.workspace))

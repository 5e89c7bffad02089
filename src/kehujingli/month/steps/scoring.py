"""How do a month's tables become scores and pay? Actuals and papers in, scores and what is settled beside them out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.month.required import need
from kehujingli.periods import Period

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.actuals import Actuals
    from kehujingli.actuals.facts import Facts
    from kehujingli.assign import Plan
    from kehujingli.errors import Finding
    from kehujingli.incentive import Carried, Papers, Scores
    from kehujingli.lists.held import HeldActuals
    from kehujingli.measures import Measured
    from kehujingli.month.steps.asked import Wanted
    from kehujingli.rules import IncentiveRules, SegmentRules
    from kehujingli.scoring.settlement import Settlement
    from kehujingli.segment import Segmented
    from kehujingli.tables import PeriodTables
    from kehujingli.tables.tenure import Plan as Committed
    from kehujingli.workspace import Workspace

_MANUAL = ["manager_id", "period", "item", "value", "source", "approved_by", "part", "row", "bare", "unit"]


def exported(
    tables: PeriodTables,
    segmented: Segmented,
    measured: Measured,
    committed: Sequence[Committed],
    trial_plan: Plan | None,
    segment_rules: SegmentRules,
    managed: frozenset[str],
    wanted: Wanted,
    period: Period,
    postings: Any,
) -> Actuals:
    """What the exports can tell of every actual that the scheme names."""
    from kehujingli.actuals.compute import compute, wanted_actuals

    asked = "customers_woken" in wanted_actuals(wanted.rules)
    facts = replace(
        facts_of(tables, postings, segmented, measured, committed, segment_rules, managed, period),
        woken=_woken(tables, postings, measured, segment_rules, period) if asked else (),
        trial_plan=_placed(trial_plan),
    )
    return compute(facts, wanted.rules)


def facts_of(
    tables: PeriodTables,
    postings: Any,
    segmented: Segmented,
    measured: Measured,
    committed: Sequence[Committed],
    segment_rules: SegmentRules,
    managed: frozenset[str],
    period: Period,
) -> Facts:
    """All that actuals are made of, but for who woke and a plan on trial."""
    from kehujingli.actuals.facts import Facts

    return Facts(
        period,
        tables.frames,
        tables.has,
        segmented.everyone,
        measured.accounts,
        tables.loan_history,
        segment_rules.deposit_weights,
        committed,
        managed,
        (),
        _movements(postings, period),
        gone=tables.drift.gone,
    )


def unexported(wanted: Wanted) -> Actuals:
    """Without customers or postings no actual can be told: figures typed in are all there is."""
    from kehujingli.actuals import Actuals, frame_of
    from kehujingli.actuals.compute import wanted_actuals

    return Actuals(frame_of([]), dict.fromkeys(wanted_actuals(wanted.rules), "缺客户信息和交易流水"))


def _woken(
    tables: PeriodTables, postings: Any, measured: Measured, rules: SegmentRules, period: Period
) -> Sequence[str]:
    """Customers woken in the period."""
    import narwhals.stable.v2 as nw

    from kehujingli.measures.activity import active_months_since
    from kehujingli.measures.collected import to_pandas
    from kehujingli.segment import woken
    from kehujingli.tables.ties import ties_on

    then = period.back(2)
    first = then.month - rules.frequency.dormant.idle_months + 1
    words = tuple(rules.activity.exclude), tuple(rules.activity.passive)
    active = tables.groups.of(
        ("active months", *words, first),
        "customer_id",
        nw.from_native(postings),
        lambda some: to_pandas(active_months_since(some, *words, first)),
    )
    history = tables.loan_history
    earlier = history.loc[history["snapshot"] <= then.last, "snapshot"]
    loans = history[history["snapshot"] == earlier.max()] if len(earlier) else tables["loans"]
    ties = ties_on(then.last, loans, measured.accounts, tables["holdings"])
    return woken(active, tables["customers"], ties, rules, period)


def _movements(postings: Any, period: Period) -> Callable[[Sequence[str]], Mapping[str, Sequence[tuple[int, int]]]]:
    """The year's postings of a few accounts, for days held by several."""

    def of(accounts: Sequence[str]) -> Mapping[str, Sequence[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = {}
        if accounts:
            import narwhals.stable.v2 as nw

            from kehujingli.measures.collected import to_pandas

            asked = nw.from_native(postings).filter(
                (nw.col("day") >= period.year_first) & nw.col("account_id").is_in(list(accounts))
            )
            sums = asked.group_by("account_id", "day").agg(nw.col("signed").sum())
            rows = to_pandas(sums.with_columns(nw.col("signed").cast(nw.Int64))).sort_values(["account_id", "day"])
            for account, day, signed in rows.itertuples(index=False):
                found.setdefault(account, []).append((int(day), int(signed)))
        return found

    return of


def _placed(plan: Plan | None) -> Mapping[str, str]:
    """Customer → manager of the plan of this run, for a month that has no holders at all."""
    if plan is None:
        return {}
    placed = plan.customers[plan.customers["assigned_manager"].notna()]
    return dict(zip(placed["customer_id"], placed["assigned_manager"], strict=True))


def papers(tables: PeriodTables) -> Papers:
    """Targets, adjustments, and figures typed in by people, one row a manager and item; ``bare`` and ``unit`` take its header apart."""
    from kehujingli.incentive import Papers

    return Papers(tables["targets"], tables["adjustments"], _manual(tables))


def _manual(tables: PeriodTables) -> pd.DataFrame:
    import pandas as pd
    import pyarrow.parquet as pq

    people = tables["actuals"]  # a name is an id there
    frames = []
    for part, sheet in enumerate(tables.sheets):
        if sheet.table != "actuals" or not sheet.accepted or sheet.parquet is None:
            continue
        wide = pq.read_table(sheet.parquet).to_pandas().assign(part=part)
        who = people[people["part"] == part].set_index("row")["manager_id"]
        wide["manager_id"] = wide["row"].map(who)
        told = [key for key in _MANUAL if key in wide and key not in sheet.extra]
        long = wide.melt(told, list(sheet.extra), "item", "value", ignore_index=False).dropna(subset="value")
        for key, part_of in (("bare", "name"), ("unit", "unit")):
            taken = {name: getattr(parse_header(name), part_of) for name in sheet.extra}
            long[key] = long["item"].map(taken)
        frames.append(long.sort_index(kind="stable"))
    return pd.concat(frames, ignore_index=True).reindex(columns=_MANUAL) if frames else pd.DataFrame(columns=_MANUAL)


def roster(tables: PeriodTables, where: str) -> pd.DataFrame:
    """The roster; where the exports have none, the people whom the manual actuals name. Raises ``table.missing`` where there are none either."""
    from kehujingli.tables.frames import complete

    if tables.has("managers"):
        return tables["managers"]
    import pandas as pd

    manual = tables["actuals"].drop_duplicates("manager_id")
    if manual.empty:
        need(tables, "managers", "考核", where)
    frame = pd.DataFrame(
        {
            "manager_id": manual["manager_id"],
            "name": manual["name"],
            "branch_id": manual["branch_id"].fillna(""),
            "specialism": manual["specialism"],
            "grade": manual["grade"],
            "part": manual["part"],
            "row": manual["row"],
        }
    )
    return complete("managers", frame)


def carried(workspace: Workspace | None, period: Period, incentive_rules: IncentiveRules) -> Mapping[str, Carried]:
    """Cycle → what the period before has left of its targets."""
    from kehujingli.month.history import carried_into

    return carried_into(workspace, period, incentive_rules)


def scores(
    carried: Mapping[str, Carried],
    roster: pd.DataFrame,
    actuals: Actuals,
    papers: Papers,
    incentive_rules: IncentiveRules,
    period: Period,
) -> Scores:
    from kehujingli.incentive import score

    with _no_collecting():
        return score(roster, actuals, papers, incentive_rules, period, carried)


def held(actuals: Actuals, scores: Scores, incentive_rules: IncentiveRules) -> HeldActuals:
    """What each branch achieved, by whose it is."""
    from kehujingli.lists.held import held_actuals

    return held_actuals(actuals, scores, incentive_rules)


def previous_ranks(workspace: Workspace | None, period: Period) -> Mapping[str, int]:
    """Manager → rank of the month before, where it has been run."""
    from kehujingli.month.history import ranks_of

    return ranks_of(workspace, period.back(1).name)


def others(workspace: Workspace | None, period: Period) -> pd.DataFrame:
    """The lines of pay that other months left, oldest first."""
    from kehujingli.month.history import ledgers

    return ledgers(workspace, but=period.name)


def settlement(
    scores: Scores,
    others: pd.DataFrame,
    incentive_rules: IncentiveRules,
    period: Period,
    workspace: Workspace | None,
) -> Settlement:
    """What is paid beside the month's own pay, from the lines that other months left."""
    from kehujingli.scoring.settlement import settle, unsettled_months

    settled = settle(scores, period, others)
    unsettled = unsettled_months(incentive_rules, period, others) if workspace is not None else ()
    return replace(settled, findings=[*settled.findings, *unsettled])


def late(workspace: Workspace | None, period: Period, tables: PeriodTables) -> Sequence[Finding]:
    """Lines of 加减分 that came after the closing of the month they name."""
    from kehujingli.closing.late import late_lines

    return tuple(late_lines(workspace, period.name, tables["adjustments"])) if workspace is not None else ()


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Scores are many small objects that all stay: looking through them for garbage, again and again, costs as much as making them.

    They are not looked through afterwards either; nothing in them goes round in a circle, so they go when nobody wants them.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def days_on_duty(managers: pd.DataFrame, period: Period) -> dict[str, int]:
    """Manager → days on duty in the period, all posts together."""
    from kehujingli.incentive import duty_days

    found: dict[str, int] = {}
    for post in managers.itertuples():
        found[str(post.manager_id)] = found.get(str(post.manager_id), 0) + duty_days(post, period)
    return found


def actuals_period(sheets: Sequence[Any]) -> Period | None:
    """The newest period that manual actuals name, for scoring from a workbook of actuals alone."""
    import pyarrow.parquet as pq

    from kehujingli.incentive import named_month

    months = []
    for sheet in sheets:
        if sheet.table == terms.BY_KEY["actuals"].key and sheet.accepted and "period" in sheet.columns:
            months += [
                month
                for text in pq.read_table(sheet.parquet, columns=["period"])["period"].to_pylist()
                if (month := named_month(text)) is not None
            ]
    return Period.of_month(max(months)) if months else None

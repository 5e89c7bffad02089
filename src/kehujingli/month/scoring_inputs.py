"""How do a month's tables become what scoring needs? The seam between ``batch`` and the core rooms ``actuals`` and ``incentive``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.periods import Period

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.actuals import Actuals
    from kehujingli.incentive import Papers
    from kehujingli.month import Month

_MANUAL = ["manager_id", "period", "item", "value", "source", "approved_by", "part", "row"]


def actuals_of(month: Month) -> Actuals:
    """What the exports can tell of every actual that the scheme names."""
    from kehujingli.actuals import Actuals, frame_of
    from kehujingli.actuals.compute import compute, wanted_actuals
    from kehujingli.actuals.facts import Facts

    rules = month.rules.incentive
    if not month.tables.has("transactions") or not month.tables.has("customers"):
        missing = dict.fromkeys(wanted_actuals(rules), "缺客户信息和交易流水")
        return Actuals(frame_of([]), missing)
    classes = month.segmented.customers
    segment_rules = month.rules.segment
    assign_rules = month.rules.rules.assign
    managed = classes["group"].isin(assign_rules.managed if assign_rules else ())
    if assign_rules is None or assign_rules.borrowers:
        managed |= (classes["loan_balance"] > 0).fillna(False)
    with month.step("actuals"):
        facts = Facts(
            month.period,
            month.tables.frames,
            month.tables.has,
            classes,
            month.measured.accounts,
            month.tables.loan_history,
            segment_rules.deposit_weights,
            month.committed,
            frozenset(classes.loc[managed.to_numpy(dtype=bool), "customer_id"]),
            _woken(month),
            lambda ids: _movements(month, ids),
            _trial_plan(month),
            month.tables.drift.gone,
        )
        return compute(facts, rules)


def _woken(month: Month) -> Sequence[str]:
    """Customers woken, where the scheme asks for them."""
    import narwhals.stable.v2 as nw

    from kehujingli.actuals.compute import wanted_actuals
    from kehujingli.measures.activity import active_months_since
    from kehujingli.measures.deposits import to_pandas
    from kehujingli.segment import ties_on, woken

    if "customers_woken" not in wanted_actuals(month.rules.incentive):
        return ()
    rules = month.rules.segment
    then = month.period.back(2)
    first = then.month - rules.frequency.dormant.idle_months + 1
    transactions = nw.from_native(month.con.table("transactions"))
    active = to_pandas(active_months_since(transactions, rules.activity.exclude, rules.activity.passive, first))
    history = month.tables.loan_history
    earlier = history.loc[history["snapshot"] <= then.last, "snapshot"]
    loans = history[history["snapshot"] == earlier.max()] if len(earlier) else month.tables["loans"]
    ties = ties_on(then.last, loans, month.measured.accounts, month.tables["holdings"])
    return woken(active, month.tables["customers"], ties, rules, month.period)


def _movements(month: Month, accounts: Sequence[str]) -> Mapping[str, Sequence[tuple[int, int]]]:
    """The year's postings of a few accounts, for days held by several."""
    found: dict[str, list[tuple[int, int]]] = {}
    if accounts:
        rows = month.con.execute(
            f"select account_id, day, sum(signed)::bigint from transactions where day >= {month.period.year_first} and list_contains($1, account_id) group by account_id, day order by account_id, day",
            [list(accounts)],
        ).fetchall()
        for account, day, signed in rows:
            found.setdefault(account, []).append((day, signed))
    return found


def _trial_plan(month: Month) -> Mapping[str, str]:
    """The plan of this run, for a month that has no holders at all."""
    if month.rules.rules.assign is None or not month.tables.has("managers"):
        return {}
    plan = month.plan.customers
    placed = plan[plan["assigned_manager"].notna()]
    return dict(zip(placed["customer_id"], placed["assigned_manager"], strict=True))


def papers_of(month: Month) -> Papers:
    """Targets, adjustments, and figures typed in by people, one row a manager and item."""
    from kehujingli.incentive import Papers

    return Papers(month.tables["targets"], month.tables["adjustments"], _manual(month))


def _manual(month: Month) -> pd.DataFrame:
    import pandas as pd
    import pyarrow.parquet as pq

    people = month.tables["actuals"]  # a name is an id there
    frames = []
    for part, sheet in enumerate(month.sheets):
        if sheet.table != "actuals" or not sheet.accepted or sheet.parquet is None:
            continue
        wide = pq.read_table(sheet.parquet).to_pandas().assign(part=part)
        who = people[people["part"] == part].set_index("row")["manager_id"]
        wide["manager_id"] = wide["row"].map(who)
        told = [key for key in _MANUAL if key in wide and key not in sheet.extra]
        long = wide.melt(told, list(sheet.extra), "item", "value", ignore_index=False).dropna(subset="value")
        frames.append(long.sort_index(kind="stable"))
    return pd.concat(frames, ignore_index=True).reindex(columns=_MANUAL) if frames else pd.DataFrame(columns=_MANUAL)


def roster_of(month: Month) -> pd.DataFrame:
    """The roster; where the exports have none, the people whom the manual actuals name."""
    from kehujingli.tables.frames import complete

    if month.tables.has("managers"):
        return month.tables["managers"]
    import pandas as pd

    manual = month.tables["actuals"].drop_duplicates("manager_id")
    if manual.empty:
        month.need("managers", "考核")
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


def days_on_duty(month: Month) -> dict[str, int]:
    """Manager → days on duty in the period, all posts together."""
    from kehujingli.incentive import duty_days

    found: dict[str, int] = {}
    for post in month.tables["managers"].itertuples():
        found[str(post.manager_id)] = found.get(str(post.manager_id), 0) + duty_days(post, month.period)
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

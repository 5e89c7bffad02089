"""Which tables does a period have? The ledger's sheets, chosen by day, linked to each other, with everything that does not fit told.

The one place that knows snapshots, repeated exports, names in place of ids and rows that point nowhere. What leaves it are
frames with every canonical column (see ``tables.frames``) and the DuckDB table ``transactions`` (see ``tables.transactions``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import Period, day_of
from kehujingli.tables import frames
from kehujingli.tables.accumulated import AVERAGES
from kehujingli.tables.again import NUMBERED, one_number_once, told_again, told_same
from kehujingli.tables.branches import merged_branches, move_branches
from kehujingli.tables.controls import Control
from kehujingli.tables.drift import Drift, find_drift
from kehujingli.tables.duplicates import refuse_duplicates
from kehujingli.tables.groups import Groups
from kehujingli.tables.identity import Merges, find_merges
from kehujingli.tables.names import Names, resolve
from kehujingli.tables.oddities import (
    claims_of_the_gone,
    claims_twice,
    classed_too_well,
    conflicts_of_nobody,
    days_twice,
    later_dates,
    no_shares,
    one_hand,
    prices_twice,
    settled_owing,
    targets_of_nobody,
    unapproved,
)
from kehujingli.tables.orphans import why_orphan
from kehujingli.tables.parts import EXACT, left_out
from kehujingli.tables.pictured import pictured
from kehujingli.tables.proposed import ended, parted
from kehujingli.tables.reading import Reading
from kehujingli.tables.reconcile import Tables, reconcile, without_postings
from kehujingli.tables.refusals import Refusals
from kehujingli.tables.repeated import own_totals
from kehujingli.tables.scales import unit_jumps
from kehujingli.tables.several import to_main_accounts, untangle, whole_accounts, with_shares
from kehujingli.tables.snapshots import date_rows, torn_days
from kehujingli.tables.transactions import Linked, all_postings, link, told_twice
from kehujingli.tables.visits_made import each_visit_once, with_visits_made
from kehujingli.values import among

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


@dataclass
class PeriodTables:
    """The tables of one period.

    ``frames`` maps a table's key to its rows for the period; ``loan_history`` and ``account_history`` hold every earlier snapshot
    too, with its day in ``snapshot``. ``unlinked`` counts, by part, rows that point nowhere; ``refused`` is what was refused here.
    """

    period: Period
    con: duckdb.DuckDBPyConnection
    sheets: Sequence[Sheet]
    frames: dict[str, pd.DataFrame]
    account_history: pd.DataFrame
    loan_history: pd.DataFrame
    days: dict[str, int | None]
    """Table → the day of the snapshot in use."""
    statuses: pd.DataFrame
    """customer_id (the main one), status, part: one row a customer number, before those of one customer were put together."""
    findings: list[Finding] = field(default_factory=list)
    unlinked: dict[int, tuple[int, int]] = field(default_factory=dict)
    refused: Refusals = field(default_factory=Refusals)
    blind: str = ""
    """A file whose postings bear only account numbers where no accounts are there to say whose they are."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """A branch that is gone by the period's last day, and where it went."""
    repeats: pd.DataFrame | None = None
    """part, row of postings that count nowhere, where there are any."""
    controls: list[Control] = field(default_factory=list)
    """Control totals of the period, each with what was read."""
    merges: Merges = field(default_factory=Merges)
    """Customer numbers that are another's: every frame and posting bears the main one."""
    drift: Drift = field(default_factory=Drift)
    """Columns that a picture lost."""
    owners: pd.DataFrame | None = None
    """account_id, customer_id of every account ever seen; nothing where no accounts were exported."""
    loan_ids: pd.Series[str] | None = None
    main: Mapping[str, str] = field(default_factory=dict)
    """Account → the sub-account that its postings count for."""
    given: bool = False
    """Whether the postings come linked from elsewhere, and none are in the exports."""
    groups: Groups = field(default_factory=Groups)
    """What has been asked of the postings, customer by customer or account by account."""
    newest: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    """Table that is a picture of a day → branch as its rows write it → its newest day (``ages``)."""
    withdrawn: list[Finding] = field(default_factory=list)
    """What was told of single sheets and holds no more: a 合计 that agrees once repeated rows count once."""

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.frames[table]

    def has(self, table: str, *columns: str) -> bool:
        """Whether the exports hold this table with all these columns; of a snapshot those are asked that make the period's picture."""
        if table == "transactions" and self.given:
            return True
        there = [sheet for sheet in self.sheets if sheet.table == table and sheet.accepted]
        if table == "visits" and not columns and len(self.frames[table]):
            return True  # of forms that came back
        if columns and terms.BY_KEY[table].snapshot:
            there = [self.sheets[int(part)] for part in self.frames[table]["part"].unique()]
        return bool(there) and all(
            any(column in sheet.columns or AVERAGES.get(column) in sheet.columns for sheet in there)
            for column in columns
        )


def load_tables(
    con: duckdb.DuckDBPyConnection,
    sheets: Sequence[Sheet],
    period: Period,
    as_of: date | None = None,
    *,
    own_transfers: bool = False,
    given: bool = False,
    reading: Reading | None = None,
) -> PeriodTables:
    """Everything the core rooms need for a period. ``given``: the postings come linked from elsewhere; ``reading``: what was put together
    before of sheets that are the very same."""
    # Long: the order in which tables are put together is the point; each line needs the one before.
    import pandas as pd

    undated = day_of(as_of) if as_of else None
    findings: list[Finding] = []
    refused = Refusals()
    chosen: dict[str, pd.DataFrame] = {}
    history: dict[str, pd.DataFrame] = {}
    days: dict[str, int | None] = {}
    newest: dict[str, Mapping[str, int | None]] = {}
    main: dict[str, str] = {}
    shares: list[pd.DataFrame] = []
    for table in terms.TABLES:
        if table.key == "transactions":
            continue
        of_itself = partial(pictured, table, sheets, period, undated)
        made = reading.of(f"{period} {undated}", table.key, sheets, of_itself) if reading else of_itself()
        chosen[table.key], history[table.key], days[table.key] = made.frame, made.history, made.day
        newest |= {table.key: made.newest} if made.newest else {}
        findings += made.findings
        refused.join([made.refused])
        main |= made.main
        shares += made.shares
    raw_targets = chosen["targets"]
    chosen["attributions"], told = parted(chosen["attributions"], sheets)
    findings += told
    chosen["attributions"] = with_shares(chosen["attributions"], shares)
    names = Names.of(chosen["branches"], chosen["managers"])
    merged = merged_branches(chosen["branches"], period, names)
    names.move_homes(merged)
    for key in chosen:
        chosen[key], told = resolve(key, move_branches(key, chosen[key], merged, names), names, sheets)
        findings += told
    for key in EXACT:
        history[key], _ = resolve(key, move_branches(key, history[key], merged, names), names, sheets)
    merges = find_merges(chosen["customers"], chosen["identities"])
    findings += merges.findings
    plain = dict(chosen)
    for key in EXACT:
        day = days[key]
        if day is not None:
            others, told = left_out(key, history[key], sheets, day)
            findings += told
            chosen[key] = pd.concat([chosen[key], others]) if len(others) else chosen[key]
    for key, frame in chosen.items():
        chosen[key] = merges.collapse(frame) if key == "customers" else merges.rename_table(key, frame)
    chosen["attributions"], told = ended(chosen["attributions"], sheets)
    findings += told
    chosen, told = _events_once(chosen, sheets, period, refused)
    findings += told
    chosen["visits"], told = each_visit_once(chosen["visits"], sheets)
    findings += told
    chosen["visits"], told = with_visits_made(chosen["visits"], chosen["visit_plan"], sheets)
    findings += told
    tables = PeriodTables(
        period,
        con,
        sheets,
        chosen,
        merges.rename(history["accounts"]),
        merges.rename(history["loans"]),
        days,
        merges.rename(plain["customers"])[["customer_id", "status", "part"]],
        findings,
        refused=refused,
        merges=merges,
        merged=merged,
        drift=find_drift(sheets, chosen, history, days),
        given=given,
        main=main,
        newest=newest,
    )
    findings += [*tables.drift.findings, *unit_jumps(chosen, history, days, sheets), *torn_days(sheets)]
    _name_owners(tables)
    _tell_dangling(tables)
    findings += [*targets_of_nobody(raw_targets, sheets), *_oddities(chosen, sheets, period, names)]
    findings += conflicts_of_nobody(chosen["conflicts"], chosen["customers"], sheets)
    tables.owners = whole_accounts(_owners(tables), main) if len(tables.account_history) else None
    tables.loan_ids = history["loans"]["loan_id"].drop_duplicates() if tables.has("loans") else None
    if any(sheet.table == "transactions" and sheet.accepted for sheet in sheets):
        givens = (own_transfers, dict(merges.into), dict(main))
        loans = tables.loan_ids.to_frame() if tables.loan_ids is not None else None
        columns = (chosen["customers"][["customer_id"]], tables.owners, loans)

        def linking() -> Linked:
            settled = refused.settle(sheets)
            made = link(
                con, sheets, period, columns[0], tables.owners, tables.loan_ids, own_transfers, merges.into, settled
            )
            to_main_accounts(con, main)
            return made

        if reading is None:
            linked = linking()
        else:
            postings = reading.linked(con, sheets, givens, columns, linking, less=plain["controls"].empty)
            con, linked = postings.con, postings.linked
            tables.con, tables.groups = con, postings.groups
        findings += linked.findings
        tables.unlinked |= linked.unlinked
        tables.blind = linked.blind
        tables.repeats = linked.repeats
        refused.join([linked.refused])
    tables.withdrawn, told = own_totals(sheets, refused)
    findings += told
    if given:
        plain["controls"], told = without_postings(plain["controls"])
        findings += told
    if not plain["controls"].empty:
        known = Tables(con, refused.settle(sheets), plain, all_postings(con))
        tables.controls, told = reconcile(known, plain["controls"], period)
        findings += told
    return tables


def without_period(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet]) -> tuple[list[Finding], Refusals]:
    """What can be told where no month can, so that no table is put together: repeated keys and postings, odd rows."""
    findings, refused = told_twice(con, sheets)
    plain: dict[str, pd.DataFrame] = {}
    for table in terms.TABLES:
        if table.key == "transactions":
            continue
        frame = frames.load(table.key, sheets)
        if table.snapshot:
            frame, undated, undatable = date_rows(table.key, frame, sheets, None)
            clear = untangle(table.key, frame, sheets, None)
            frame, told, counts = refuse_duplicates(table.key, clear.frame, sheets, undatable.gone())
            findings += [*undated, *clear.findings, *told]
            refused.join([undatable, counts])
        plain[table.key] = frame
    plain, again = _events_once(plain, sheets, None, refused)
    findings += again
    names = Names.of(plain["branches"], plain["managers"])
    return [*findings, *targets_of_nobody(plain["targets"], sheets), *_oddities(plain, sheets, None, names)], refused


def _events_once(
    chosen: Mapping[str, pd.DataFrame], sheets: Sequence[Sheet], period: Period | None, refused: Refusals
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Events with one 单号 once; what two exports tell alike. What is refused goes into ``refused``."""
    kept, findings = dict(chosen), []
    for key in NUMBERED:
        kept[key], told, again = one_number_once(key, chosen[key], sheets)
        findings += told
        refused.join([again])
    return kept, [*findings, *told_again(kept, sheets, period), *told_same(kept, sheets, period)]


def _oddities(
    chosen: Mapping[str, pd.DataFrame], sheets: Sequence[Sheet], period: Period | None, names: Names
) -> Iterator[Finding]:
    for key, frame in chosen.items():
        if terms.BY_KEY[key].snapshot and not frame.empty:
            yield from later_dates(key, frame, sheets)
    yield from settled_owing(chosen["loans"], sheets)
    yield from classed_too_well(chosen["loans"], sheets)
    yield from no_shares(chosen["attributions"], sheets)
    yield from claims_twice(chosen["attributions"], sheets)
    if period is not None:
        yield from claims_of_the_gone(chosen["attributions"], chosen["managers"], period.last, sheets)
    yield from prices_twice(chosen["ftp"], sheets)
    yield from days_twice(chosen["calendar"], sheets)
    yield from unapproved(chosen["adjustments"], sheets, period, names.managers)
    yield from one_hand(chosen["adjustments"], sheets, period)


def _owners(tables: PeriodTables) -> pd.DataFrame:
    """Account → customer, by the newest snapshot that has the account: a closed one is no orphan."""
    seen = tables.account_history.sort_values(["snapshot", "part", "row"])
    return seen.drop_duplicates("account_id", keep="last")[["account_id", "customer_id"]]


def _name_owners(tables: PeriodTables) -> None:
    """The 基数 of an account is its owner's, whoever the row may name."""
    rows = tables["baselines"]
    by_account = rows["account_id"].notna()
    if not by_account.any():
        return
    owners = dict(zip(*(column for _, column in _owners(tables).items()), strict=True))
    loans = tables.loan_history
    for key in ("loan_id", "account_id"):
        owners = dict(zip(loans[key], loans["customer_id"], strict=True)) | owners
    owner = rows["account_id"].map(owners)
    named = rows["customer_id"].mask(owner.notna(), owner)
    tables.frames["baselines"] = rows.assign(customer_id=named.astype("str"))
    _dangling(tables, rows[by_account & owner.isna() & _this_year(rows, tables)], "account_id", "accounts", None)


def _this_year(baselines: pd.DataFrame, tables: PeriodTables) -> pd.Series[bool]:
    return baselines["year"].str.slice(0, 4) == str(tables.period.year)


def _tell_dangling(tables: PeriodTables) -> None:
    """Rows that point nowhere are told, never dropped: their money stays in the control totals under 未挂接."""
    customers = tables["customers"]["customer_id"]
    if customers.empty:
        return
    bases = tables["baselines"]
    bases = bases[bases["account_id"].isna() & _this_year(bases, tables)]
    told = ((tables[name], None) for name in ("holdings", "ebank"))
    frames = ((tables["accounts"], "balance"), (tables["loans"], "balance"), *told, (bases, None))
    for frame, money in frames:
        if not frame.empty:
            lost = frame[frame["customer_id"].notna() & ~among(frame["customer_id"], customers)]
            _dangling(tables, lost, "customer_id", "customers", money)


def _dangling(tables: PeriodTables, lost: pd.DataFrame, key: str, where: str, money: str | None) -> None:
    """Rows whose ``key`` the table ``where`` does not know."""
    for part, group in lost.groupby("part"):
        amount = int(group[money].fillna(0).sum()) if money else 0
        before = tables.unlinked.get(int(part), (0, 0))
        tables.unlinked[int(part)] = (before[0] + len(group), before[1] + amount)
        told = why_orphan(group[key], tables[where][key], where, tables.refused.settle(tables.sheets)) if money else {}
        tables.findings.append(
            _orphan(tables.sheets[int(part)], len(group), key, where, amount if money else None, told)
        )


def _orphan(sheet: Sheet, count: int, key: str, where: str, amount: int | None, why: Mapping[str, Any]) -> Finding:
    column, table = terms.BY_KEY[where].column(key).label, terms.BY_KEY[where].label
    if amount is None:
        return finding("table.dangling", file=sheet.export.name, count=count, column=column, table=table)
    return finding(
        "intake.orphan", file=sheet.export.name, count=count, column=column, table=table, amount=amount, **why
    )

"""On which rows does a signal rest? Postings, accounts and loans with their numbers and where they stand; and the signal in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli.studies.signs.detected import Facts, Rules, Seen, loans_by_state, maturing_accounts
from kehujingli.values import among, missing, round_half_up

if TYPE_CHECKING:
    import pandas as pd

WHAT = {"posting": "流水", "account": "账户", "loan": "借据"}
SHOWN = 3
"""Accounts of a customer that are shown, the largest first."""
_POSTINGS = {
    "outflow": ("out",),
    "drawdown": ("out",),
    "salary": ("salary",),
    "other_bank": ("bank",),
    "round_trip": ("end", "start"),
}
_COLUMNS = ("customer_id", "kind", "what", "number", "account_id", "day", "amount", "bank", "source_part", "source_row")


def money(cents: int) -> str:
    """12.35 万元, or 980.00 元."""
    ten_thousand = 10_000 * 100
    unit, word = (ten_thousand, "万元") if abs(cents) >= ten_thousand else (100, "元")
    return f"{round_half_up(Decimal(int(cents)) / unit, 2):f} {word}"


def sayings(found: Mapping[str, Seen], rules: Rules) -> dict[str, Callable[[int], str]]:
    """Kind → the sentence of the customer at a place."""

    def less(kind: str, what: str, usual: str) -> Callable[[int], str]:
        seen = found[kind]
        return lambda at: (
            f"{what} {money(seen.now[at])}，{usual} {money(seen.base[at])}，"
            f"少 {round_half_up(Decimal(int(seen.stake[at]) * 100) / int(seen.base[at]), 0):f}%"
        )

    def of(kind: str, sentence: Callable[[str, Seen, int], str]) -> Callable[[int], str]:
        seen = found[kind]
        return lambda at: sentence(money(seen.stake[at]), seen, at)

    made: dict[str, Callable[[], Callable[[int], str]]] = {
        "inflow": lambda: less("inflow", "本月来款", "平常"),
        "drawdown": lambda: less("drawdown", "存款", "自己的日均"),
        "outflow": lambda: of("outflow", lambda sum_, seen, at: f"一笔转出 {sum_}，月初存款 {money(seen.base[at])}"),
        "past_due": lambda: of("past_due", lambda sum_, _, __: f"逾期贷款余额 {sum_}"),
        "loan_due": lambda: of("loan_due", lambda sum_, _, __: f"{rules.days} 天内到期贷款 {sum_}"),
        "deposit_due": lambda: of("deposit_due", lambda sum_, _, __: f"{rules.days} 天内到期存款 {sum_}"),
        "fall": lambda: of("fall", lambda sum_, seen, at: f"没有新业务，下月{seen.words[at]}，业务规模 {sum_}"),
        "other_bank": lambda: of(
            "other_bank", lambda sum_, seen, at: f"{seen.base[at]} 个月转到本人他行账户，平均一月 {sum_}"
        ),
        "round_trip": lambda: of(
            "round_trip",
            lambda _, seen, at: (
                f"上月末 {rules.end_days} 天净进 {money(seen.base[at])}，本月初 {rules.end_days} 天净出 {money(seen.now[at])}"
            ),
        ),
        "salary": lambda: of("salary", lambda sum_, _, __: f"本月代发 {sum_}，前三个月没有"),
    }
    return {kind: make() for kind, make in made.items() if kind in found}


def rows_of(
    signals: pd.DataFrame, facts: Facts, notable: pd.DataFrame | None, rules: Rules, last: int, ours: Sequence[str]
) -> pd.DataFrame:
    """The rows behind ``signals`` (customer_id, kind): ``_COLUMNS``; amounts in 分, of a posting out below 0."""
    import pandas as pd

    parts = [_of_postings(signals, notable, ours)] if notable is not None else []
    if facts.accounts is not None:
        accounts = facts.accounts[(facts.accounts["balance"] > 0).fillna(False)]
        accounts = accounts[among(accounts["customer_id"], signals["customer_id"])]
        accounts = accounts.sort_values(["customer_id", "balance", "account_id"], ascending=[True, False, True])
        accounts = accounts.rename(columns={"matures_on": "day"}).assign(number=accounts["account_id"])
        few = accounts[accounts.groupby("customer_id").cumcount() < SHOWN]
        due = maturing_accounts(accounts.rename(columns={"day": "matures_on"}), last, last + rules.days)
        due = due.rename(columns={"matures_on": "day"})
        parts += [_of("account", signals, kind, few) for kind in ("inflow", "drawdown", "fall")]
        parts.append(_of("account", signals, "deposit_due", due))
    if facts.loans is not None:
        loans = facts.loans[among(facts.loans["customer_id"], signals["customer_id"])]
        loans = loans.rename(columns={"loan_id": "number"}).assign(account_id=None)
        late, coming = loans_by_state(loans, last, last + rules.days)
        for kind, some in (("past_due", late), ("loan_due", coming)):
            parts.append(_of("loan", signals, kind, some.rename(columns={"due_on": "day"})))
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(_COLUMNS))
    return pd.concat([part.astype({"day": "Int64"}) for part in parts], ignore_index=True)


def _of(what: str, signals: pd.DataFrame, kind: str, rows: pd.DataFrame) -> pd.DataFrame:
    own = signals.loc[signals["kind"] == kind, ["customer_id", "kind"]]
    there = rows[["customer_id", "number", "account_id", "day", "balance", "source_part", "source_row"]]
    found = own.merge(there.rename(columns={"balance": "amount"}), on="customer_id")
    return found.assign(what=what, bank=None).reindex(columns=list(_COLUMNS))


def _of_postings(signals: pd.DataFrame, notable: pd.DataFrame, ours: Sequence[str]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    parts = []
    notable = notable[among(notable["customer_id"], signals["customer_id"])]
    for kind, sorts in _POSTINGS.items():
        own = signals.loc[signals["kind"] == kind, ["customer_id", "kind"]]
        some = notable[notable["sort"].isin(sorts)]
        if kind == "other_bank":
            away = [not any(name in str(bank) for name in ours if name) for bank in some["counterparty_bank"]]
            some = some[np.array(away, dtype=bool)]
        parts.append(own.merge(some, on="customer_id"))
    found = pd.concat(parts, ignore_index=True)
    number = found["transaction_id"].where(found["transaction_id"].notna(), found["account_id"])
    found = found.assign(what="posting", number=number, amount=found["signed"], bank=found["counterparty_bank"])
    return found.reindex(columns=list(_COLUMNS))


def places(rows: pd.DataFrame, inputs: Sequence[Mapping[str, Any]]) -> list[str]:
    """《文件》「工作表」第 n 行 of each, as ``explain`` says it; empty where it is not known."""
    found = []
    for part, row in zip(rows["source_part"], rows["source_row"], strict=True):
        if missing(part) or missing(row) or not 0 <= int(part) < len(inputs):
            found.append("")
            continue
        source = inputs[int(part)]
        sheet = f"「{source['sheet']}」" if source["sheet"] else ""
        found.append(f"《{source['path']}》{sheet}第 {int(row)} 行")
    return found

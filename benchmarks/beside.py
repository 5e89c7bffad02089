"""What does a study of the bank's year cost beside the group-by it stands on? The demo's kept month, so many times over, asked by each study.

    kehujingli demo county && python benchmarks/beside.py county [--times 20] [--rounds 3]

Customers, accounts, loans, people, branches, villages and those who stand on the other side of postings are others in every copy. Processor seconds,
the fastest of some rounds; the group-by is pandas' own on the same frames, without checks, order or words; writing is the study's workbook.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from kehujingli.answers.studies import KeptPeriod, own_rules
from kehujingli.month.studies import kept_meta, kept_source
from kehujingli.studies import declared
from kehujingli.workbooks.study import write_study
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import Results

_OTHERS = frozenset(
    [
        "customer_id",
        "account_id",
        "loan_id",
        "contract_id",
        "manager_id",
        "manager_name",
        "holder_id",
        "branch_id",
        "branch_name",
        "region",
        "village",
        "town",
        "place",
        "guarantor_id",
        "guarantor_name",
        "connected_group",
        "application_id",
        "issue_id",
        "referral_id",
        "from_id",
        "lead_id",
        "project_id",
        "household_id",
        "id_number",
        "counterparty_account",
        "counterparty_name",
        "customer_name",
        "collected_by",
        "responsible_id",
    ]
)
"""Columns of which every copy has its own values."""
_ONCE = frozenset(["catalogue", "ftp", "duties", "peers", "figures", "capital"])
Frames = Mapping[str, pd.DataFrame]


def copied(name: str, frame: pd.DataFrame, times: int) -> pd.DataFrame:
    """``times`` counties in one."""
    own = [column for column in frame if column in _OTHERS]
    if name in _ONCE or not own:
        return frame
    parts = []
    for copy in range(times):
        more = {column: frame[column] + f"-{copy}" for column in own} if copy else {}
        parts.append(frame.assign(**more))
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class Copied(KeptPeriod):
    """A kept period whose frames are copied as they are taken."""

    times: int = 20
    frames: dict[str, pd.DataFrame | None] = field(default_factory=dict)

    def take(self, name: str) -> pd.DataFrame | None:
        if name not in self.frames:
            frame = super().take(name)
            self.frames[name] = None if frame is None else copied(name, frame, self.times)
        return self.frames[name]


def _offers(of: Frames) -> None:
    for table, by in (("holdings", "product"), ("loans", "product"), ("fees", "product"), ("accounts", "kind")):
        of[table].groupby(["customer_id", by], sort=False).size()


def _profile(of: Frames) -> None:
    of["profile"].groupby(["customer_id", "profile_kind", "profile_item"], sort=False)["as_of"].max()
    of["household"].groupby(["customer_id", "as_of"], sort=False)["labour"].count()


def _survey(of: Frames) -> None:
    of["classes"].groupby("group")["scale_amount"].agg(["size", "std"])
    of["survey"].groupby(["customer_id", "question"], sort=False)["answered_on"].max()


def _leads(of: Frames) -> None:
    sums = ["money_in", "money_out", "postings"]
    of["counterparties"].groupby(["counterparty_name", "counterparty_account"], sort=False)[sums].sum()
    of["rosters"].groupby(["village", "household_id"], sort=False).size()
    of["classes"].groupby(["village", "customer_name"], sort=False).size()


def _market(of: Frames) -> None:
    sums = ["deposit_balance", "loan_balance"]
    of["classes"].groupby("branch_id")[sums].sum()
    of["classes"].groupby(["village", "customer_group"], sort=False)[sums].sum()
    of["market"].groupby(["region", "date"])[["deposits", "loans"]].sum()


def _branches(of: Frames) -> None:
    of["classes"].groupby("branch_id")[["deposit_balance", "loan_balance", "turnover"]].sum()
    of["accounts"].groupby("customer_id", sort=False)["balance"].sum()
    of["loans"].groupby("customer_id", sort=False)["balance"].sum()
    of["fees"].groupby("customer_id", sort=False)["amount"].sum()


def _allocation(of: Frames) -> None:
    of["items"].groupby(["item", "manager_id"], sort=False)["points"].size()
    of["loads"].groupby("manager_id", sort=False)["load_after"].size()


GROUPED: dict[str, Callable[[Frames], None]] = {
    "offers": _offers,
    "profile": _profile,
    "survey": _survey,
    "leads": _leads,
    "market": _market,
    "branches": _branches,
    "allocation": _allocation,
}


def seconds(task: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """The fastest of some rounds in processor seconds, and what came out."""
    best, result = float("inf"), None
    for _ in range(rounds):
        begun = time.process_time()
        result = task()
        best = min(best, time.process_time() - begun)
    return best, result


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("county", type=Path)
    asked.add_argument("--period", default="2026-10")
    asked.add_argument("--times", type=int, default=20)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--only", nargs="*", default=list(GROUPED))
    told = asked.parse_args()
    workspace = Workspace(told.county)
    many = Copied(workspace, Results.of(workspace, told.period), times=told.times)
    classes = many.take("classes")
    print(f"{0 if classes is None else len(classes):,} customers")
    print("study       study  group-by  writing  study ÷ group-by  (study + writing) ÷ (group-by + writing)  rows")
    for key in told.only:
        measured(key, many, told.rounds)


def measured(key: str, many: Copied, rounds: int) -> None:
    """Prints a line."""
    study = declared(key)
    frames = {name: frame for name in (*study.needs, *study.likes) if (frame := many.take(name)) is not None}
    own, answer = seconds(lambda: many.ask(study), rounds)
    bare, _ = seconds(lambda: GROUPED[key](frames), rounds)
    with TemporaryDirectory() as folder:
        book, meta, source = Path(folder) / "book.xlsx", kept_meta(many), kept_source(many)
        rules = own_rules(study, many.rules)
        writing, _ = seconds(lambda: write_study(book, meta, study, answer, rules, source, unmask=False), 1)
    rows = sum(map(len, answer.frames.values()))
    whole = (own + writing) / (bare + writing)
    print(f"{key:<11}{own:6.2f}{bare:10.2f}{writing:9.2f}{own / bare:18.1f}{whole:42.2f}  {rows:,}", flush=True)


if __name__ == "__main__":
    main()

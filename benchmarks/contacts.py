"""What do visits, signals, service and care take beside the bare group-bys that they stand on and the writing of their workbooks?

    python benchmarks/contacts.py COUNTY [--period 2026-10] [--customers 100000] [--rounds 3]

``COUNTY``: a workspace that has been run (``kehujingli demo COUNTY``). Its customers, accounts, loans and managers are repeated under other numbers until
there are so many; issues and referrals are invented. Processor seconds, medians, in turns.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from kehujingli.answers.studies import KeptPeriod, own_rules
from kehujingli.studies import care, service, signals, visits
from kehujingli.studies.study import Answer, Study
from kehujingli.workbooks.definitions import Source
from kehujingli.workbooks.house import Meta
from kehujingli.workbooks.study import write_study
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import results_of

STUDIES = (visits.STUDY, signals.STUDY, service.STUDY, care.STUDY)
NUMBERS = ("customer_id", "account_id", "loan_id", "manager_id", "holder_id", "counterparty_customer")
"""What is another in each copy of the county."""
INVENTED = 1
"""One issue and one referral of the last year to so many customers."""


def repeated(frame: pd.DataFrame, times: int) -> pd.DataFrame:
    """So many copies, the first as it is."""
    parts, own = [frame], [name for name in NUMBERS if name in frame]
    for copy in range(1, times):
        others = {name: (frame[name].astype("str") + f"-{copy}").where(frame[name].notna()) for name in own}
        parts.append(frame.assign(**others))
    return pd.concat(parts, ignore_index=True)


def invented(classes: pd.DataFrame, last: int) -> dict[str, pd.DataFrame]:
    """Issues and referrals of a year, most of them answered after some days."""
    draw = np.random.default_rng(5)
    some = classes[classes["holder_id"].notna()].sample(len(classes) // INVENTED, random_state=5, replace=True)
    raised = last - draw.integers(0, 360, len(some))
    ended = pd.array(raised + draw.integers(0, 20, len(some)), "Int64")
    ended[np.asarray(ended > last) | (draw.random(len(some)) < 0.05)] = pd.NA
    base = pd.DataFrame(
        {
            "customer_id": some["customer_id"].to_numpy(),
            "manager_id": some["holder_id"].to_numpy(),
            "raised_on": pd.array(raised, "Int64"),
            "source_part": 0,
            "source_row": np.arange(len(some)),
        }
    )
    numbers = [f"W{place:07d}" for place in range(len(some))]
    nothing = pd.array([None] * len(some), "Int64")
    issues = base.assign(
        issue_id=numbers,
        issue_kind=draw.choice(["question", "complaint"], len(some)),
        due_on=nothing,
        closed_on=ended,
        upheld=draw.choice(["yes", "no"], len(some)),
        text="服务",
    )
    referrals = base.rename(columns={"manager_id": "from_id"}).assign(
        referral_id=numbers,
        to_department=draw.choice(["信贷部", "电子银行部"], len(some)),
        matter="开户",
        done_on=ended,
        result=None,
        amount=nothing,
    )
    return {"issues": issues, "referrals": referrals}


class County:
    """A kept month, enlarged; each frame made once, before anything is timed."""

    def __init__(self, root: Path, period: str, customers: int) -> None:
        workspace = Workspace(root)
        self.kept = KeptPeriod(workspace, results_of(workspace, period))
        whole = self.kept.take("classes")
        assert whole is not None
        self.times = -(-customers // len(whole))
        self.frames: dict[str, pd.DataFrame | None] = {}
        classes = self.take("classes")
        assert classes is not None
        self.frames |= invented(classes, self.kept.period.last)

    def take(self, name: str) -> pd.DataFrame | None:
        if name not in self.frames:
            frame = self.kept.take(name)
            self.frames[name] = None if frame is None else repeated(frame, self.times)
        return self.frames[name]

    def asked(self, study: Study) -> Callable[[], Answer]:
        from kehujingli.answers.studies import facts_of
        from kehujingli.studies.study import answer

        kept = self.kept
        facts = facts_of(study, kept.period, kept.rules, kept.earlier, kept.manifest.get("thresholds"))
        facts["inputs"] = kept.manifest.get("inputs", [])
        for name in [*study.needs, *study.likes]:
            self.take(name)
        return lambda: answer(study, self.take, facts)


def bare(county: County, key: str) -> Callable[[], object]:
    """The sums that a study tells, as a person would write them in pandas: no plan, no rows behind, no sentence."""
    frames = county.frames
    last, first = county.kept.period.last, county.kept.period.first

    def of_visits() -> object:
        classes, visited, held = (frames[name] for name in ("classes", "visits", "holdings"))
        seen = visited.groupby("customer_id")["date"].max()
        own = classes[classes["holder_id"].notna()].assign(seen=lambda rows: rows["customer_id"].map(seen))
        went = visited.drop_duplicates(["customer_id", "date"]).merge(
            held[["customer_id", "signed_on"]], on="customer_id"
        )
        went["signed"] = (went["signed_on"] - went["date"]).between(0, 30)
        went["group"] = went["customer_id"].map(classes.set_index("customer_id")["group"])
        return (
            own.sort_values(["holder_id", "scale_amount", "customer_id"], ascending=[True, False, True]),
            own.groupby(["holder_id", "manager_name", "group"])["seen"].agg(["size", "count"]),
            visited[visited["date"].between(first, last)].groupby("way").size(),
            went.groupby("group")["signed"].agg(["size", "sum"]),
        )

    def of_signals() -> object:
        classes, flows, accounts, loans, before = (
            frames[name] for name in ("classes", "flows", "accounts", "loans", "previous_signal_ledger")
        )
        own = classes.set_index("customer_id")
        sums = flows.groupby("customer_id").sum(numeric_only=True)
        due = accounts[accounts["matures_on"].between(last, last + 30)].groupby("customer_id")["balance"].sum()
        late = loans[loans["overdue_days"] > 0].groupby("customer_id")["balance"].sum()
        whole = own.join(sums.add_suffix("_flow")).assign(due=due, late=late)
        ledger = before.set_index("customer_id").join(own["deposit_balance"])
        kinds = [name for name in before.columns if name not in ("customer_id", "opening")]
        return (
            whole.sort_values(["holder_id", "scale_amount"], ascending=[True, False]),
            [ledger.groupby(kind)["deposit_balance"].agg(["size", "sum"]) for kind in kinds],
            whole.groupby(["branch_id", "holder_id"], dropna=False)[["due", "late"]].sum(),
        )

    def of_service() -> object:
        issues, referrals, classes = frames["issues"], frames["referrals"], frames["classes"]
        about = classes[["customer_id", "customer_name", "branch_id", "branch_name"]]
        own = issues.merge(about, on="customer_id").assign(days=lambda rows: rows["closed_on"] - rows["raised_on"])
        other = referrals.merge(about, on="customer_id").assign(days=lambda rows: rows["done_on"] - rows["raised_on"])
        days = np.array(own["raised_on"].to_numpy("int64"), dtype="datetime64[D]")
        own["due"] = np.busday_offset(days, 7, roll="backward").astype("int64")
        return (
            own.groupby(["branch_id", "branch_name", "manager_id", "issue_kind"])["days"].agg(
                ["size", "count", "mean"]
            ),
            other.groupby(["to_department", "from_id"])["days"].agg(["size", "count", "mean"]),
            own.sort_values(["raised_on", "issue_id"]),
        )

    def of_care() -> object:
        classes, accounts, loans = frames["classes"], frames["accounts"], frames["loans"]
        born = pd.to_datetime(classes["birth_date"].astype("float64"), unit="D")
        month = classes[born.dt.month == 11]
        since = pd.to_datetime(classes["opened_on"].astype("float64"), unit="D")
        year = classes[since.dt.month == 11]
        due = accounts[accounts["matures_on"].between(last, last + 30)].merge(classes, on="customer_id")
        lent = loans[loans["due_on"].between(last, last + 30)].merge(classes, on="customer_id")
        parts = pd.concat([month, year, due, lent], keys=["a", "b", "c", "d"])
        return (
            parts.sort_values(["holder_id", "customer_id"]),
            parts.groupby(["branch_id", "branch_name", "holder_id", "manager_name"], dropna=False).size(),
        )

    return {"visits": of_visits, "signals": of_signals, "service": of_service, "care": of_care}[key]


def seconds(task: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    result = task()
    return time.process_time() - begun, result


def measured(county: County, study: Study, rounds: int) -> str:
    """The medians of the study, its group-bys and its workbook, in turns."""
    ask, sums, rules = county.asked(study), bare(county, study.key), own_rules(study, county.kept.rules)
    meta, source = Meta("示联社", county.kept.period.name, "", ""), Source(county.kept.rules, (), ())
    took = []
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "专题.xlsx"
        for _ in range(rounds):
            group, _ = seconds(sums)
            own, told = seconds(ask)
            writing, _ = seconds(partial(write_study, target, meta, study, told, rules, source, unmask=False))
            took.append((group, own, writing))
    group, own, writing = (median(each) for each in zip(*took, strict=True))
    return (
        f"{study.key}: study {own:.2f}, group-by {group:.2f}, writing {writing:.2f} s; "
        f"with the writing {(own + writing) / (group + writing):.2f} times; without {own / group:.2f}"
    )


def main() -> None:
    reading = argparse.ArgumentParser()
    reading.add_argument("county", type=Path)
    reading.add_argument("--period", default="2026-10")
    reading.add_argument("--customers", type=int, default=100_000)
    reading.add_argument("--rounds", type=int, default=3)
    reading.add_argument("--study", action="append")
    given = reading.parse_args()
    county = County(given.county, given.period, given.customers)
    for study in STUDIES:
        if not given.study or study.key in given.study:
            print(measured(county, study, given.rounds))


if __name__ == "__main__":
    main()

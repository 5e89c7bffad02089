"""What does a study cost beside the group-by it stands on? A demo's kept month so many times over, asked in the process and as a command.

    kehujingli demo county && kehujingli run -w county && python benchmarks/beside.py county [--times 20] [--rounds 3] [--only market leads]

Customers, accounts, loans, people, branches, villages and those who stand on the other side of postings are others in every copy; issues and referrals
are invented, one a customer. The group-by is that of ``grouped.py``. Processor seconds, the fastest of some rounds in turns. In the process: the study,
the group-by, and the writing of the study's workbook, which both have to do. As commands: what the analyst waits for, ``kehujingli STUDY -o BOOK``
beside a bare script that reads the same Parquet files, groups, and writes as many cells.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from grouped import GROUPED

from kehujingli.answers.studies import KeptPeriod, own_rules
from kehujingli.month.keep import as_kept
from kehujingli.month.studies import kept_meta, kept_source
from kehujingli.studies import declared
from kehujingli.studies.study import Answer, Study
from kehujingli.workbooks.study import write_study
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import Results

_OTHERS = frozenset(
    [
        *("customer_id", "account_id", "loan_id", "contract_id", "manager_id", "manager_name", "holder_id"),
        *("assigned_manager", "branch_id", "branch_name", "region", "village", "town", "place", "guarantor_id"),
        *("guarantor_name", "connected_group", "application_id", "issue_id", "referral_id", "from_id", "lead_id"),
        *("project_id", "household_id", "id_number", "counterparty_account", "counterparty_name", "customer_name"),
        *("collected_by", "responsible_id", "counterparty_customer"),
    ]
)
"""Columns of which every copy has its own values."""
_ONCE = frozenset(["catalogue", "ftp", "duties", "peers", "figures", "capital"])
_BARE = Path(__file__).with_name("grouped.py")


def copied(name: str, frame: pd.DataFrame, times: int) -> pd.DataFrame:
    """``times`` counties in one, in the order that the one has where its first column is sorted."""
    own = [column for column in frame if column in _OTHERS]
    if name in _ONCE or not own:
        return frame
    parts = []
    for copy in range(times):
        more = {column: frame[column] + f"-{copy}" for column in own} if copy else {}
        parts.append(frame.assign(**more))
    whole, key = pd.concat(parts, ignore_index=True), str(frame.columns[0])
    ordered = key in own and frame[key].is_monotonic_increasing
    return whole.sort_values(key, kind="stable", ignore_index=True) if ordered else whole


def invented(classes: pd.DataFrame, last: int) -> dict[str, pd.DataFrame]:
    """Issues and referrals of a year, one a customer, most of them answered after some days."""
    draw = np.random.default_rng(5)
    some = classes[classes["holder_id"].notna()].sample(len(classes), random_state=5, replace=True)
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


def enlarged(county: Path, into: Path, period: str, times: int) -> Workspace:
    """The county ``times`` over on disk: what the studies take of the period and of the one before, the rest as it was."""
    import pyarrow.parquet as pq

    shutil.copytree(county, into, ignore=shutil.ignore_patterns("exports", ".kehujingli", "*.xlsx"), dirs_exist_ok=True)
    (into / "exports").mkdir(exist_ok=True)
    workspace = Workspace(into)
    kept = KeptPeriod(workspace, Results.of(workspace, period))
    asked = {name for key in GROUPED for name in (*declared(key).needs, *declared(key).likes)}
    for folder in (kept.results.folder, *([kept.earlier.results.folder] if kept.earlier.results else [])):
        for path in sorted(folder.glob("*.parquet")):
            if {path.stem, f"previous_{path.stem}"} & asked or path.stem == "classes":
                pq.write_table(as_kept(copied(path.stem, pd.read_parquet(path), times)), path, compression="zstd")
    classes = kept.take("classes")
    assert classes is not None
    for name, frame in invented(classes, kept.period.last).items():
        pq.write_table(as_kept(frame), kept.results.folder / f"{name}.parquet", compression="zstd")
    return workspace


@dataclass(frozen=True)
class Held(KeptPeriod):
    """A kept period whose frames are read once, before anything is timed."""

    frames: dict[str, pd.DataFrame | None] = field(default_factory=dict)

    def take(self, name: str) -> pd.DataFrame | None:
        if name not in self.frames:
            self.frames[name] = super().take(name)
        return self.frames[name]

    def path(self, name: str) -> Path:
        """Where an input lies."""
        of, _, stored = name.partition("_")
        if of != "previous" or self.earlier.results is None:
            return self.results.path(name)
        return self.earlier.results.path(stored or "classes")


def seconds(task: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    result = task()
    return time.process_time() - begun, result


def spent(command: Sequence[str | Path]) -> float:
    """Processor seconds of a process and its children."""
    before = os.times()
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    after = os.times()
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def inside(study: Study, held: Held, folder: Path, rounds: int) -> tuple[tuple[float, ...], Answer]:
    """Seconds of the study, the group-by and the writing, and the answer."""
    frames = {name: frame for name in (*study.needs, *study.likes) if (frame := held.take(name)) is not None}
    first, last = held.period.first, held.period.last
    meta, source, rules = kept_meta(held), kept_source(held), own_rules(study, held.rules)
    took = []
    for _ in range(rounds):
        own, answer = seconds(lambda: held.ask(study))
        group, _ = seconds(lambda: GROUPED[study.key](frames, first, last))
        writing, _ = seconds(
            lambda told=answer: write_study(folder / "own.xlsx", meta, study, told, rules, source, unmask=False)
        )
        took.append((own, group, writing))
    return tuple(map(min, zip(*took, strict=True))), answer


def outside(study: Study, held: Held, answer: Answer, folder: Path, rounds: int) -> tuple[float, float]:
    """Seconds of the command, and of the bare script that writes as many cells."""
    names = [name for name in (*study.needs, *study.likes) if held.path(name).exists()]
    plan = folder / "plan.json"
    told = {
        "study": study.key,
        "first": held.period.first,
        "last": held.period.last,
        "frames": {name: str(held.path(name)) for name in names},
        "sheets": [(one.title, len(answer.frames[one.key]), _kinds(answer.frames[one.key])) for one in study.lists],
    }
    plan.write_text(json.dumps(told), encoding="utf-8")
    own = [sys.executable, "-m", "kehujingli", study.key, "-w", held.workspace.root, "--period", held.period.name]
    took = [
        (spent([*own, "-q", "-o", folder / "own.xlsx"]), spent([sys.executable, _BARE, plan, folder / "bare.xlsx"]))
        for _ in range(rounds)
    ]
    whole, bare = map(min, zip(*took, strict=True))
    return whole, bare


def _kinds(frame: pd.DataFrame) -> list[str]:
    numbers = pd.api.types.is_numeric_dtype
    return ["number" if numbers(kind) and not pd.api.types.is_bool_dtype(kind) else "text" for kind in frame.dtypes]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("county", type=Path)
    asked.add_argument("--period", default="2026-10")
    asked.add_argument("--times", type=int, default=20)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--only", nargs="*", default=list(GROUPED))
    asked.add_argument("--into", type=Path, help="where the large county is kept for another time")
    told = asked.parse_args()
    with TemporaryDirectory() as scratch:
        into = told.into or Path(scratch) / "county"
        if not into.exists():
            enlarged(told.county, into, told.period, told.times)
        workspace = Workspace(into)
        held = Held(workspace, Results.of(workspace, told.period))
        classes = held.take("classes")
        print(f"{0 if classes is None else len(classes):,} customers")
        print(
            "| | study | group-by | writing | ratio with the writing | without | command | bare script | ratio | rows |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|")
        for key in told.only:
            study = declared(key)
            (own, group, writing), answer = inside(study, held, Path(scratch), told.rounds)
            whole, bare = outside(study, held, answer, Path(scratch), told.rounds)
            rows = sum(map(len, answer.frames.values()))
            print(
                f"| {key} | {own:.2f} | {group:.2f} | {writing:.2f} | {(own + writing) / (group + writing):.2f} "
                f"| {own / group:.1f} | {whole:.2f} | {bare:.2f} | {whole / bare:.2f} | {rows:,} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

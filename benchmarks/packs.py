"""What do 250 packs cost beside one workbook of the same rows?

    python benchmarks/packs.py COUNTY [--period 2026-10] [--packs 250] [--customers 100000]

``COUNTY``: a workspace that has been run (``kehujingli demo COUNTY``), whose customers are repeated until there are so many. Both in one run, one
after the other, three rounds: processor seconds, medians.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import pandas as pd

from kehujingli.answers.packs import earlier_of, packs_of
from kehujingli.lists.packs import Pack
from kehujingli.workbooks.house import Meta
from kehujingli.workbooks.pack_lists import lists_of
from kehujingli.workbooks.packs import write_pack
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import results_of

LISTS = ("customers", "changes", "due", "scores")


def repeated(frame: pd.DataFrame, size: int) -> pd.DataFrame:
    """The frame over and over, cut to ``size`` rows."""
    return pd.concat([frame] * (size // max(len(frame), 1) + 1), ignore_index=True).head(size)


def county(root: Path, period: str, customers: int) -> Pack:
    """One pack of a whole county, enlarged."""
    kept = results_of(Workspace(root), period)
    packs = list(packs_of(kept, earlier_of(kept), "branch", 90))
    whole = {name: pd.concat([getattr(pack, name) for pack in packs], ignore_index=True) for name in LISTS}
    times = customers / len(whole["customers"])
    return replace(packs[0], **{name: repeated(frame, int(len(frame) * times)) for name, frame in whole.items()})


def cut(one: Pack, count: int) -> list[Pack]:
    """Its rows as so many packs."""

    def part(frame: pd.DataFrame, place: int) -> pd.DataFrame:
        return frame.iloc[len(frame) * place // count : len(frame) * (place + 1) // count].reset_index(drop=True)

    return [
        replace(one, key=f"{place}", **{name: part(getattr(one, name), place) for name in LISTS})
        for place in range(count)
    ]


def seconds(task: Callable[[], object]) -> float:
    begun = time.process_time()
    task()
    return time.process_time() - begun


def main() -> None:
    reading = argparse.ArgumentParser()
    reading.add_argument("county", type=Path)
    reading.add_argument("--period", default="2026-10")
    reading.add_argument("--packs", type=int, default=250)
    reading.add_argument("--customers", type=int, default=100_000)
    given = reading.parse_args()
    one = county(given.county, given.period, given.customers)
    many, meta = cut(one, given.packs), Meta("示联社", "2026年10月", "2026-10-31", "")

    def written(packs: list[Pack]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for pack, lists in zip(packs, lists_of(packs, {}), strict=True):
                write_pack(Path(folder) / f"{pack.key}.xlsx", meta, pack, lists, 90, [])

    rounds = [(seconds(lambda: written([one])), seconds(lambda: written(many))) for _ in range(3)]
    whole, parts = (median(each) for each in zip(*rounds, strict=True))
    print(
        f"{given.customers} customers: one workbook {whole:.2f} s, {given.packs} packs {parts:.2f} s, {parts / whole:.1f} times"
    )


if __name__ == "__main__":
    main()

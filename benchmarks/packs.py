"""What do 250 packs cost beside one workbook of the same rows?

    python benchmarks/packs.py COUNTY [--period 2026-10] [--packs 250] [--customers 100000]

``COUNTY``: a workspace that has been run (``kehujingli demo COUNTY``), whose customers are repeated until there are so many. Both in one run, one
after the other, three rounds: processor seconds, medians.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

import pandas as pd

from kehujingli.answers.packs import earlier_of, packs_of
from kehujingli.lists.packs import Pack, Packs, Whole
from kehujingli.workbooks.house import Meta
from kehujingli.workbooks.pack_lists import lists_of
from kehujingli.workbooks.packs import write_packs
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import results_of


def repeated(frame: pd.DataFrame, size: int) -> pd.DataFrame:
    """The frame over and over, cut to ``size`` rows."""
    return pd.concat([frame] * (size // max(len(frame), 1) + 1), ignore_index=True).head(size)


def county(root: Path, period: str, customers: int) -> tuple[Pack, dict[str, pd.DataFrame]]:
    """A pack as it looks, and the lists of the whole county, enlarged."""
    kept = results_of(Workspace(root), period)
    packs = packs_of(kept, earlier_of(kept), "branch", 90)
    times = customers / len(packs.lists["customers"].frame)
    return packs.each[0], {
        name: repeated(whole.frame, int(len(whole.frame) * times)) for name, whole in packs.lists.items()
    }


def cut(one: Pack, lists: Mapping[str, pd.DataFrame], count: int) -> Packs:
    """Its rows as so many packs."""
    whole = {
        name: Whole(frame, [len(frame) * place // count for place in range(count + 1)]) for name, frame in lists.items()
    }
    each = [
        replace(one, key=f"{place}", **{name: part.part(place) for name, part in whole.items()})
        for place in range(count)
    ]
    return Packs(each, whole)


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
    one, lists = county(given.county, given.period, given.customers)
    meta = Meta("示联社", "2026年10月", "2026-10-31", "")

    def written(packs: Packs) -> None:
        with tempfile.TemporaryDirectory() as folder:
            targets = [Path(folder) / f"{pack.key}.xlsx" for pack in packs.each]
            for _ in write_packs(packs.each, lists_of(packs, {}), meta, 90, [], targets):
                pass

    whole, many = cut(one, lists, 1), cut(one, lists, given.packs)
    rounds = [(seconds(lambda: written(whole)), seconds(lambda: written(many))) for _ in range(3)]
    single, parts = (median(each) for each in zip(*rounds, strict=True))
    print(
        f"{given.customers} customers: one workbook {single:.2f} s, {given.packs} packs {parts:.2f} s, {parts / single:.2f} times"
    )


if __name__ == "__main__":
    main()

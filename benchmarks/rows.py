"""What does it cost to be told what rests on a row, and is it the month with the row less the month without it? Rows drawn over all tables.

Each drawn row is asked twice: as `explain row` does, and by a month of its own that is reckoned whole from sheets without the row.
What is compared: every figure and class of every customer, every manager's score, pay and points, to the 分. Processor seconds of this process.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from kehujingli.answers.explain.row import Change, rests
from kehujingli.intake.ledger import Sheet
from kehujingli.month import Month, Request, open_month
from kehujingli.month.trial import laid_out, remembering, without
from kehujingli.values import missing
from kehujingli.workspace import Workspace

Figures = dict[str, str]


def drawn(sheets: Sequence[Sheet], count: int, seed: int) -> Iterator[tuple[str, int, int]]:
    """Table, part and row: the tables in turn, within one any row of any of its sheets."""
    places: dict[str, list[int]] = {}
    for part, sheet in enumerate(sheets):
        if sheet.table and sheet.accepted and sheet.parquet is not None:
            places.setdefault(sheet.table, []).append(part)
    draw, rows, seen, turn = Random(seed), dict[int, list[int]](), set[tuple[int, int]](), 0
    names = sorted(places)
    while len(seen) < min(count, sum(sheet.accepted for sheet in sheets)):
        table, turn = names[turn % len(names)], turn + 1
        parts = places[table]
        part = draw.choices(parts, [sheets[one].accepted for one in parts])[0]
        if part not in rows:
            asked = f"select distinct row from '{sheets[part].parquet}' order by row"
            rows[part] = [row for (row,) in duckdb.execute(asked).fetchall()]
        place = part, draw.choice(rows[part])
        if place not in seen:
            seen.add(place)
            yield table, *place


def figures(month: Month) -> Figures:
    """From the steps' own results."""
    found: Figures = {}
    for row in month.segmented.customers.to_dict("records"):
        who = row["customer_id"]
        found |= {f"customer|{who}|{key}": said(value) for key, value in row.items() if not missing(value)}
    for manager in month.scores.managers:
        told: dict[str, Any] = {"score": manager.score, "pay": manager.pay}
        told |= {f"{item.item.id}.item_points": item.points for item in manager.items}
        found |= {
            f"manager|{manager.manager_id}|{key}": said(value) for key, value in told.items() if value is not None
        }
    return found


def said(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def whole(month: Month, part: int, row: int, folder: Path) -> Figures:
    """The figures of a month that never had the row."""
    sheet, target = month.sheets[part], folder / "less.parquet"
    duckdb.execute(f"copy (select * from '{sheet.parquet}' where row <> {row}) to '{target}' (format parquet)")
    ((count,),) = duckdb.execute(f"select count(*) from '{target}'").fetchall()
    sheets = list(month.sheets)
    sheets[part] = dataclasses.replace(sheet, parquet=target, accepted=count)
    return figures(Month(sheets, month.period, month.rules, month.workspace))


def compared(changes: Sequence[Change], having: Figures, lacking: Figures) -> list[str]:
    """What was told otherwise than the two months say, or not told."""
    told = {f"{one.whose}|{one.who}|{one.key}": (one.having, one.lacking) for one in changes if one.whose != "branch"}
    wrong = []
    for key, values in told.items():
        shown = [None if missing(value) or value == "" else said(value) for value in values]
        if asked_of(key) and shown != [having.get(key) or None, lacking.get(key) or None]:
            wrong.append(key)
    every = having.keys() | lacking.keys()
    return wrong + [key for key in every - told.keys() if asked_of(key) and having.get(key) != lacking.get(key)]


def asked_of(key: str) -> bool:
    whose, _, column = key.split("|")
    of_manager = column in ("score", "pay") or column.endswith(".item_points")
    return column in COMPARED if whose == "customer" else of_manager


COMPARED = {
    *(
        "average_deposit",
        "average_deposit_month",
        "average_deposit_year",
        "average_deposit_last_year",
        "deposit_balance",
    ),
    *("average_loan", "loan_balance", "loans", "active_months", "transactions", "turnover", "last_active"),
    *("scale_amount", "scale", "frequency", "group"),
}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("workspace", type=Path)
    asked.add_argument("--period")
    asked.add_argument("--count", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=14)
    asked.add_argument(
        "--kept", type=Path, help="whole months reckoned before, a JSON line each; those of this run are added"
    )
    asked.add_argument("--only-kept", action="store_true", help="no row whose whole month has not been reckoned before")
    options = asked.parse_args()
    workspace = Workspace(options.workspace)
    period = options.period or workspace.period_names()[-1]
    month = remembering(open_month(Request(workspace=workspace, period=period), workspace.ledger))
    having, side = figures(month), laid_out(month)
    before = {}
    if options.kept and options.kept.exists():
        lines = map(json.loads, options.kept.read_text(encoding="utf-8").splitlines())
        before = {(line["part"], line["row"]): line for line in lines}
    tables: dict[str, list[int]] = {}
    seconds, wrong = {"told": [0.0, 0], "whole": [0.0, 0]}, []
    with tempfile.TemporaryDirectory() as folder:
        for table, part, row in drawn(month.sheets, options.count, options.seed):
            known = before.get((part, row))
            if known is None and options.only_kept:
                continue
            start = time.process_time()
            with without(month, {part: [row]}) as other:
                changes = rests(side, laid_out(other)).changes
            _spent(seconds["told"], start)
            start = time.process_time()
            lacking = whole(month, part, row, Path(folder)) if known is None else dict(having)
            if known is None:
                _spent(seconds["whole"], start)
                _note(options.kept, part, row, having, lacking)
            else:
                for key, (_, value) in known["diff"].items():
                    lacking.pop(key, None)
                    lacking |= {key: value} if value is not None else {}
            bad = compared(changes, having, lacking)
            count = tables.setdefault(table, [0, 0, 0])
            count[0] += 1
            count[1] += bool(changes)
            count[2] += not bad
            wrong += [(month.sheets[part].export.name, row, bad)] if bad else []
            print(table, month.sheets[part].export.name, row, len(changes), bad[:3] or "equal", flush=True)
    for table, counts in sorted(tables.items()):
        print(f"{table}: {counts[0]} rows, upon {counts[1]} something rests, {counts[2]} equal")
    print("all:", *(sum(counts[place] for counts in tables.values()) for place in range(3)))
    for name, (spent, times) in seconds.items():
        print(f"{name}: {spent / max(times, 1):.2f} s each of {times}")
    print("wrong:", wrong)


def _spent(sums: list[Any], start: float) -> None:
    sums[0] += time.process_time() - start
    sums[1] += 1


def _note(kept: Path | None, part: int, row: int, having: Figures, lacking: Figures) -> None:
    if kept is not None:
        every = having.keys() | lacking.keys()
        diff = {key: [having.get(key), lacking.get(key)] for key in every if having.get(key) != lacking.get(key)}
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"part": part, "row": row, "diff": diff}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

"""How fast is the reading? A large workbook beside fastexcel's bare time, and twelve monthly workbooks together beside one after another.

    python benchmarks/intake.py [--retail online-retail.xlsx] [--rounds 5] [--rows 60000]

The workbook is the Online Retail one (541,909 rows, 18 MB), its English headers mapped by a layout. Bare: the same cells into Arrow by fastexcel
alone, in a process of its own, plus what the program takes to start. Twelve workbooks are written here, ``--rows`` postings each. The ratio in
processor seconds tells what a busy machine blurs: work done twice, or for nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

LAYOUT = """name = "在线零售"
table = "交易流水"
file = "online-retail*"
[columns]
"交易日期" = "InvoiceDate"
"客户号" = "CustomerID"
"流水号" = "InvoiceNo"
"交易金额" = { product = ["Quantity", "UnitPrice"] }
"摘要" = "Description"
"""
BARE = """
import sys, fastexcel
sheet = fastexcel.read_excel(sys.argv[1]).load_sheet(0, schema_sample_rows=None)
assert sheet.to_arrow().num_rows == 541909
"""
READ = """
import sys
from pathlib import Path
from kehujingli.intake import pool
from kehujingli.intake.ledger import Ledger
from kehujingli.intake.collect import collect_exports
target, workers, *paths = sys.argv[1:]
layouts = [Path(path) for path in paths if path.endswith(".toml")]
plain = pool.read_all
pool_read = lambda jobs, outcome: plain(jobs, outcome, int(workers) or None)
import kehujingli.intake.ledger
kehujingli.intake.ledger.read_all = pool_read
exports, _, _ = collect_exports([Path(path) for path in paths if not path.endswith(".toml")])
sheets = Ledger(Path(target), layouts).read(exports)
print(sum(sheet.rows for sheet in sheets), sum(sheet.rejected for sheet in sheets))
"""


Spent = tuple[float, float]
"""Seconds of wall time, and of processors, children included."""


def timed(command: Sequence[str]) -> Spent:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def read(paths: Sequence[Path], workers: int = 0) -> Spent:
    with tempfile.TemporaryDirectory() as folder:
        return timed([sys.executable, "-c", READ, f"{folder}/ledger", str(workers), *map(str, paths)])


def line(label: str, asked: str, turns: Sequence[tuple[Spent, ...]]) -> str:
    """First ÷ the sum of the others: the median over the turns, since what runs beside slows a whole turn."""
    ratios = [statistics.median(one[0][kind] / sum(part[kind] for part in one[1:]) for one in turns) for kind in (0, 1)]
    walls = [statistics.median(one[part][0] for one in turns) for part in range(len(turns[0]))]
    seconds = f"{walls[0]:.2f} ÷ {' + '.join(f'{wall:.2f}' for wall in walls[1:])}"
    return f"| {label} | {ratios[0]:.2f} | {asked} | {seconds} | {ratios[1]:.2f} |"


def write_months(folder: Path, rows: int) -> list[Path]:
    import numpy as np
    import xlsxwriter

    rng = np.random.default_rng(1)
    paths = []
    for month in range(1, 13):
        path = folder / f"流水_2026{month:02d}.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(
                0, 0, ["交易日期", "账号", "客户号", "借贷标志", "交易金额", "账户余额", "业务类型", "流水号"]
            )
            cents = rng.integers(1, 10**8, (rows, 2)) / 100
            who, day = rng.integers(0, 5000, rows), rng.integers(1, 29, rows)
            for row in range(rows):
                number = f"C{who[row]:06d}"
                sheet.write_row(
                    row + 1,
                    0,
                    [
                        f"2026{month:02d}{day[row]:02d}",
                        f"62{who[row]:015d}",
                        number,
                        "借贷"[row % 2],
                        cents[row, 0],
                        cents[row, 1],
                        "转账",
                        f"{month:02d}{row:09d}",
                    ],
                )
        paths.append(path)
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--retail", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=60_000)
    given = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.retail:
            layout = folder / "零售.toml"
            layout.write_text(LAYOUT, encoding="utf-8")
            turns = [
                (
                    read([given.retail, layout]),
                    timed([sys.executable, "-c", BARE, str(given.retail)]),
                    timed(
                        [
                            sys.executable,
                            "-c",
                            "import kehujingli.intake.ledger, kehujingli.intake.read, pyarrow.parquet",
                        ]
                    ),
                )
                for _ in range(given.rounds)
            ]
            lines.append(line("the large workbook ÷ (fastexcel bare + start-up)", "≤ 1.5", turns))
        months = write_months(folder, given.rows)
        both = [(read(months, 1), read(months)) for _ in range(given.rounds)]
        lines.append(line("twelve workbooks one after another ÷ together", "≥ 1.6", both))
    print("| | ratio | asked | seconds (median) | ratio in processor seconds |\n|---|---|---|---|---|")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

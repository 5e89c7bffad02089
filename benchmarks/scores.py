"""How fast is scoring? 2,000 managers × 20 items × 12 months, beside the time that pandas takes to read their actuals.

    python benchmarks/scores.py [--managers 2000] [--months 12] [--rounds 3]

One process reads the workbooks of actuals with ``pandas.read_excel``; the other opens the same ones as ``score --rules --actuals`` does and scores
every month. Processor seconds of this process, so that neighbours on the machine do not count; the ratio is what is kept.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

ITEMS = 20
KINDS = (
    'shape = "linear"\nslope = 0.05\nbase = 0\nmin = 0\nmax = 6',
    'shape = "completion"\ntarget = 100\nmin = 0\nmax = 6',
    'shape = "deduct"\nbase = 40\nstep = 10\nper_step = 1\nmin = 0',
    'shape = "bands"\nbands = [[-inf, 30, 1], [30, 60, 3], [60, inf, 5]]',
    'shape = "lots"\nlot = 20\nper_lot = 1\nmax = 5',
)


def rules_text() -> str:
    """A scheme of twenty items of five shapes, paid by score."""
    items = "\n".join(
        f'[[incentive.item]]\nid = "i{n}"\nlabel = "指标{n}"\ncategory = "risk"\npoints = 5\n{KINDS[n % len(KINDS)]}\n'
        for n in range(ITEMS)
    )
    pay = (
        '[incentive.pay]\nstandard = 4_000\nadvance = 0.6\ndeferral = { rate = 0.4, years = 3 }\ndisputes = "七日内"\n'
    )
    return f'[institution]\nname = "测速"\ndocument = "测〔2026〕1号"\n[incentive]\ntitle = "测速"\n{items}\n{pay}'


def make(folder: Path, managers: int, months: int) -> list[tuple[str, Path]]:
    """One workbook a month: its period and path."""
    import xlsxwriter

    draw = random.Random(1)
    books = []
    for month in range(1, months + 1):
        period, path = f"2026-{month:02d}", folder / f"实绩{month:02d}.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("实绩")
            sheet.write_row(0, 0, ["工号", "姓名", "考核期间", *(f"指标{n}" for n in range(ITEMS)), "来源", "审批人"])
            for number in range(managers):
                row = [
                    f"M{number:05d}",
                    f"经理{number}",
                    period,
                    *(round(draw.uniform(0, 120), 2) for _ in range(ITEMS)),
                ]
                sheet.write_row(number + 1, 0, [*row, "核心系统", "乙"])
        books.append((period, path))
    return books


def read_by_pandas(books: list[tuple[str, Path]]) -> float:
    import pandas as pd

    start = time.process_time()
    for _, path in books:
        pd.read_excel(path, engine="openpyxl")
    return time.process_time() - start


def read_and_score(books: list[tuple[str, Path]], rules: Path, managers: int) -> tuple[float, float]:
    """Seconds for everything but the workers that read sheets, and for scoring alone."""
    from kehujingli.intake.ledger import Ledger
    from kehujingli.month import Request, open_month

    start = time.process_time()
    scoring = 0.0
    with tempfile.TemporaryDirectory() as cache:
        for period, path in books:
            month = open_month(Request(period=period, rules=rules, actuals=path), Ledger(Path(cache)))
            begun = time.process_time()
            assert len(month.scores.scored) == managers
            scoring += time.process_time() - begun
    return time.process_time() - start, scoring


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--managers", type=int, default=2000)
    options.add_argument("--months", type=int, default=12)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rules = folder / "rules.toml"
        rules.write_text(rules_text(), encoding="utf-8")
        books = make(folder, asked.managers, asked.months)
        rounds = [(read_by_pandas(books), *read_and_score(books, rules, asked.managers)) for _ in range(asked.rounds)]
    pandas, everything, scoring = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"pandas reads {pandas:.2f} s; read and scored {everything:.2f} s (scoring {scoring:.2f} s)")
    print(f"scoring ÷ pandas {scoring / pandas:.2f}; read and scored ÷ pandas {everything / pandas:.2f} (asked ≤ 3)")


if __name__ == "__main__":
    main()

"""How fast is the month, beside a pandas month and beside the floor? One run measures all of them in turn and prints a table.

    python benchmarks/month.py --bench ../shared/bench [--rows 1000000] [--rounds 5] [--peer-rounds 1] [--work DIR]

``--bench`` holds make_workbooks.py, peer_pandas.py and limit.py. Absolute times belong to the machine; the ratios are what is kept.
Memory is the sum of the resident sets of a command and all its children, sampled twenty times a second (Linux).
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kehujingli.rules import EXAMPLE

PROGRAM = [sys.executable, "-m", "kehujingli"]


@dataclass(frozen=True)
class Timed:
    seconds: float
    megabytes: float


def measure(command: Sequence[str], folder: Path | None = None, *, fine: Sequence[int] = (0, 1)) -> Timed:
    """Run a command to its end: wall seconds and the peak of all its processes together."""
    peak = 0.0
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, start_new_session=True)
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.05):
                peak = max(peak, _resident(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
        if code not in fine:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} ended with {code}\n{said.read().decode(errors='replace')[-2000:]}")
    return Timed(seconds, peak)


def _resident(session: int) -> float:
    """MB resident in all processes of a session; 0 where /proc does not tell."""
    page, total = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096, 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * page
    return total / 1e6


def median(found: Sequence[Timed]) -> Timed:
    return Timed(statistics.median(one.seconds for one in found), max(one.megabytes for one in found))


def workspace(root: Path, books: Path) -> Path:
    """A workspace on the benchmark's workbooks with the example's rules."""
    (root / "rules").mkdir(parents=True)
    (root / "exports").mkdir()
    shutil.copyfile(EXAMPLE, root / "rules" / "2020-01-01.toml")
    for book in books.glob("*.xlsx"):
        os.link(book, root / "exports" / book.name)
    return root


def wipe(root: Path) -> None:
    for name in (".kehujingli", "periods", "日志"):
        shutil.rmtree(root / name, ignore_errors=True)


def month(bench: Path, work: Path, rows: int, rounds: int, peer_rounds: int) -> dict[str, Timed]:
    books = work / f"books-{rows}"
    if not books.exists():
        subprocess.run([sys.executable, str(bench / "make_workbooks.py"), str(rows), str(books)], check=True)
    root = work / "county"
    shutil.rmtree(root, ignore_errors=True)
    workspace(root, books)
    three = [str(books / f"{name}.xlsx") for name in ("transactions", "customers", "managers")]
    run = [*PROGRAM, "run", "-w", str(root), "--quiet"]
    threshold = root / "rules" / "2020-01-01.toml"
    text = threshold.read_text(encoding="utf-8")
    found: dict[str, list[Timed]] = {}

    def note(name: str, command: Sequence[str]) -> None:
        found.setdefault(name, []).append(measure(command))

    for turn in range(rounds):
        note("floor", [sys.executable, str(bench / "limit.py"), *three, str(work / "floor.xlsx")])
        wipe(root)
        note("cold", run)
        note("again", run)
        threshold.write_text(text.replace("medium = 50_000,", f"medium = {51_000 + turn},"), encoding="utf-8")
        note("threshold", run)
        steps = json.loads(next(root.glob("periods/*/manifest.json")).read_text(encoding="utf-8"))["seconds"]
        found.setdefault("intake after a threshold", []).append(Timed(steps["intake"], 0))
        threshold.write_text(text, encoding="utf-8")
    for _ in range(peer_rounds):
        note("peer", [sys.executable, str(bench / "peer_pandas.py"), *three, str(work / "peer.xlsx")])
    for _ in range(rounds * 3):
        note("typer", [sys.executable, "-c", "import typer"])
        note("help", [*PROGRAM, "--help"])
        note("duckdb", [sys.executable, "-c", "import duckdb"])
        note("show", [*PROGRAM, "show", "customer", first(root, "客户号", "客户分类"), "-w", str(root)])
        note("explain", [*PROGRAM, "explain", "customer", first(root, "客户号", "客户分类"), "-w", str(root)])
        note("explain pay", [*PROGRAM, "explain", "manager", first(root, "工号", "考核得分"), "-w", str(root)])
        note("query", [*PROGRAM, "query", "select count(*) from 客户分类", "-w", str(root)])
    return {name: median(times) for name, times in found.items()}


@functools.cache
def first(root: Path, column: str, table: str) -> str:
    """Somebody of a list."""
    asked = f"select {column} from {table} limit 1"
    out = subprocess.run(
        [*PROGRAM, "query", asked, "--json", "-w", str(root)], capture_output=True, encoding="utf-8", check=True
    ).stdout
    return str(next(iter(json.loads(out)[0].values())))


ROWS = (
    ("cold", "floor", "`run`, cold ÷ the floor", "≤ 1.5"),
    ("peer", "cold", "the pandas month ÷ `run`, cold", "≥ 7"),
    ("again", "cold", "`run` again, nothing changed ÷ cold", "≤ 0.1"),
    ("threshold", "cold", "`run` with one threshold changed ÷ cold", "no export read"),
    ("help", "typer", "`--help` ÷ `import typer`", "≤ 2.5"),
    ("show", "duckdb", "`show` ÷ `import duckdb`", "≤ 6"),
    ("query", "duckdb", "`query` ÷ `import duckdb`", "≤ 6"),
    ("explain", "duckdb", "`explain customer` ÷ `import duckdb`", "≤ 10"),
    ("explain pay", "duckdb", "`explain manager` ÷ `import duckdb`", "≤ 10"),
)


def table(times: dict[str, Timed]) -> str:
    lines = ["| | ratio | asked | seconds (median) |", "|---|---|---|---|"]
    for above, below, said, asked in ROWS:
        if above in times and below in times:
            a, b = times[above].seconds, times[below].seconds
            lines.append(f"| {said} | {a / b:.2f} | {asked} | {a:.2f} ÷ {b:.2f} |")
    lines.append(
        f"| memory of all processes, cold | | ≤ 1,400 MB | {times['cold'].megabytes:,.0f} MB (the floor {times['floor'].megabytes:,.0f} MB) |"
    )
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--peer-rounds", type=int, default=1)
    asked.add_argument("--work", type=Path)
    options = asked.parse_args()
    if not (options.bench / "limit.py").exists():
        raise SystemExit(f"{options.bench} does not hold limit.py and peer_pandas.py: name their folder with --bench")
    with tempfile.TemporaryDirectory() as folder:
        work = options.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        print(table(month(options.bench.resolve(), work, options.rows, options.rounds, options.peer_rounds)))


if __name__ == "__main__":
    main()

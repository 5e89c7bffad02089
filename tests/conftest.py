"""What every test may lean on: small exports written in a line, the command line in a process, and where the real data are."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from kehujingli.intake.pool import Job, Outcome

# Hundreds of processes are started here: none of them should compile the program anew, whatever the machine's habit.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).resolve().parents[1]
COUNTY = ROOT / "examples" / "county-200"


def real_data() -> Path | None:
    """The folder of real data, or nothing where it is absent."""
    named = os.environ.get("KEHUJINGLI_REAL_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture
def berka() -> Path:
    folder = real_data()
    if folder is None or not (folder / "berka" / "exports").is_dir():
        pytest.skip("the Berka exports are not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    return folder / "berka" / "exports"


Rows = Sequence[Sequence[Any]]


def write_xlsx(path: Path, rows: Rows, *, sheet: str = "Sheet1", more: Mapping[str, Rows] | None = None) -> Path:
    """A workbook whose cells are exactly these values: text stays text, numbers numbers, dates dates."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(
        str(path),
        {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "default_date_format": "yyyy-mm-dd",
        },
    ) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})  # equal cells, equal bytes
        for name, grid in {sheet: rows, **(more or {})}.items():
            page = book.add_worksheet(name)
            for r, row in enumerate(grid):
                for c, value in enumerate(row):
                    if isinstance(value, dt.date | dt.datetime):
                        page.write_datetime(r, c, value)
                    elif isinstance(value, bool):
                        page.write_boolean(r, c, value)
                    elif isinstance(value, int | float):
                        page.write_number(r, c, value)
                    elif value is not None:
                        page.write_string(r, c, str(value))
    return path


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, rows: Rows, **options: Any) -> Path:
        return write_xlsx(tmp_path / name, rows, **options)

    return make


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run_cli(*arguments: object, cwd: Path | None = None) -> Ran:
    """The program as a person runs it: a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8", "COLUMNS": "120"}
    done = subprocess.run(
        [sys.executable, "-m", "kehujingli", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def reading_here() -> Iterator[None]:
    """Files are read in this process: a few small ones take less time than a reader takes to begin. What readers do is asked in tests/intake."""

    def read_all(jobs: Sequence[Job], outcome: Outcome, workers: int | None = None) -> None:  # noqa: ARG001
        from kehujingli.intake.sheets.finder import Finder
        from kehujingli.intake.sheets.layout import load_layout
        from kehujingli.intake.worker import store

        for job in sorted(jobs, key=lambda job: (-job.size, job.name)):
            finder = Finder(job.name, job.forced, tuple(load_layout(layout) for layout in job.layouts))
            store(job.path, job.name, job.folder, finder, job.passwords)
            outcome(job, "")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kehujingli.intake.ledger.read_all", read_all)
        yield


class Terminal(io.StringIO):
    """Where somebody sits; ``COLUMNS`` says how wide it is."""

    def isatty(self) -> bool:
        return True


def run_here(*arguments: object, cwd: Path = ROOT, stream: type[io.StringIO] = io.StringIO) -> Ran:
    """The program in this process: as ``run_cli``, without the time that processes take to begin."""
    from kehujingli.__main__ import main

    out, err = stream(), stream()
    given, sys.argv = sys.argv, ["kehujingli", *map(str, arguments)]
    code: int = 0
    try:
        with reading_here(), contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        sys.argv = given
    return Ran(code, out.getvalue(), err.getvalue())


def copied(root: Path) -> Path:
    """The example county at another place, without what runs have left in it."""
    return shutil.copytree(COUNTY, root, ignore=shutil.ignore_patterns(".kehujingli", "periods", "日志"))


@pytest.fixture(scope="session")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county with two months run, the second once more under a higher bound: for questions, not to be changed."""
    root = copied(tmp_path_factory.mktemp("two_months") / "county")
    terms = ("活期", "≤3月", "≤1年", "≤3年", ">3年")
    prices = [f"{side},{term},2.0,2024-01-01" for side in ("存款", "贷款") for term in terms]
    (root / "exports" / "内部资金价格.csv").write_text(
        "\n".join(["存款/贷款,期限档,FTP价格(%),生效日期", *prices]), encoding="utf-8"
    )
    for period in ("2026-09", "2026-10"):
        assert run_here("run", "-w", root, "--period", period, "--quiet").code == 1
    rules = root / "rules" / "2025-01-01.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("person = { medium = 50_000", "person = { medium = 60_000"), encoding="utf-8")
    (root / "再跑.txt").write_text(run_here("run", "-w", root, "--period", "2026-10").out, encoding="utf-8")
    return root


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., Ran]:
    def run(*arguments: object, cwd: Path | None = None) -> Ran:
        return run_here(*arguments, cwd=cwd or tmp_path)

    return run

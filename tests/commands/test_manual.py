"""Do the manual, the table of thirty questions and the page on timed runs say what the program does?"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, run_here

from kehujingli.commands.manual import entries, man, page

DOCS = ROOT / "docs"
ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in (DOCS / "thirty.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d+ \|", line)
]


def test_the_manual_is_written_from_the_help() -> None:
    said = "python -m kehujingli.commands.manual docs"
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == page(), said
    assert (DOCS / "kehujingli.1").read_text(encoding="utf-8") == man(), said


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_every_command_has_help_examples_and_a_section(entry: object) -> None:
    assert entry.said.endswith("。")  # type: ignore[attr-defined]
    assert entry.examples  # type: ignore[attr-defined]
    assert all(line.startswith(("kehujingli ", "cd ")) for line in entry.examples)  # type: ignore[attr-defined]
    assert f"\n## {entry.name}\n" in page()  # type: ignore[attr-defined]
    assert all(said for _, rows in entry.parameters for _, said in rows), "every option says what it does"  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def county(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: one of the thirty runs September again."""
    return Path(shutil.copytree(two_months, tmp_path_factory.mktemp("thirty") / "county"))


def test_there_are_thirty() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 31))
    assert {row[3] for row in ROWS} <= {"可用", "后续"}


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in ROWS if row[3] == "可用"], ids=lambda row: row[0])
def test_what_is_said_to_work_works(row: list[str], county: Path, tmp_path: Path) -> None:
    command = shlex.split(row[1].strip("`"))[1:]
    command = [str(tmp_path / word) if word == "新县" else word for word in command]
    ran = run_here(*command, cwd=county)
    assert ran.code in (0, 1), ran.err
    assert ran.out.strip()
    assert "Traceback" not in ran.err


def test_lines_of_the_page_on_timed_runs_are_options_of_run() -> None:
    text = (DOCS / "cron.md").read_text(encoding="utf-8")
    known = {
        name
        for entry in entries()
        if entry.name == "run"
        for _, rows in entry.parameters
        for shown, _ in rows
        for name in re.findall(r"--[a-z-]+", shown)
    }
    for line in re.findall(r"kehujingli run (.*)", text):
        assert set(re.findall(r"(?<= )--[a-z-]+|^--[a-z-]+", line)) <= known
    (crontab,) = re.findall(r"^0 6 3 .*$", text, re.MULTILINE)
    assert len(re.findall(r"(?<!\\)%", crontab)) == 0, "cron ends the line at a bare %"

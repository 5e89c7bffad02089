"""Is a CSV that we write safe to open in a spreadsheet? Text stays text, negative numbers stay numbers; for machines --raw."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, run_here

from kehujingli.values import guarded, unguarded
from kehujingli.workspace.plans import Approval, lines_of, save_plan

ASKED = "select '=cmd|calc!A1' as a, '+8613800001234' as b, '-1' || '+1' as c, '@sum' as d, '-12.50' as e, -3 as f, chr(9) || '=1' as g"


def _row(ran: Ran) -> Sequence[str]:
    assert ran.code == 0, ran.err
    return list(csv.reader(io.StringIO(ran.out)))[1]


def test_what_a_spreadsheet_would_run_is_text_and_raw_leaves_it(two_months: Path) -> None:
    told = _row(run_here("query", "-w", two_months, ASKED, "--format", "csv"))
    assert told == ["'=cmd|calc!A1", "'+8613800001234", "'-1+1", "'@sum", "-12.50", "-3", "'\t=1"]
    assert _row(run_here("query", "-w", two_months, ASKED, "--raw"))[:4] == [
        "=cmd|calc!A1",
        "+8613800001234",
        "-1+1",
        "@sum",
    ]


def test_every_list_has_raw(two_months: Path) -> None:
    for command in (
        ["due"],
        ["top", "customers"],
        ["findings"],
        ["log"],
        ["tables"],
        ["diff", "2026-09", "2026-10"],
        ["spread"],
    ):
        assert run_here(*command, "-w", two_months, "--raw").out.count(",") > 3, command


def test_a_name_over_a_column_is_guarded_too(two_months: Path) -> None:
    ran = run_here("query", "-w", two_months, 'select 1 as "=1+1"', "--format", "csv")
    assert ran.out.splitlines()[0] == "'=1+1"


@pytest.mark.parametrize(
    "text", ["-", "-5", "-1,234.50", "+3", "-5.25%", "−5", "330102199001011234", "王=", "", "2026-10-31"]
)
def test_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["=1", "＝1", "+1+1", "-a", "@a", "\ta", "\ra", "'=1", "''-a", "'a", "-5", "", "--1"])
def test_what_was_guarded_reads_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_a_plan_keeps_who_made_it_as_text(tmp_path: Path) -> None:
    import datetime as dt

    day = dt.date(2026, 11, 1)
    path = save_plan(tmp_path, [Approval("C1", "M1")], day, day, "=王敏", "-示〔2026〕1号")
    assert "'=王敏,'-示" in path.read_text(encoding="utf-8-sig")
    assert [row.text("made_by") for row in lines_of(path)] == ["=王敏"]


def test_exact_decimals_are_numbers(capsys: pytest.CaptureFixture[Any]) -> None:
    from kehujingli.commands.console import say_csv

    say_csv(["甲"], [[Decimal("-1.50")], [-1e-7], ["-1e-7"]], "csv")
    assert capsys.readouterr().out.splitlines() == ["甲", "-1.50", "-1e-07", "'-1e-7"]

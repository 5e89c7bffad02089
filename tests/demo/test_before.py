"""Can the months before the last be run and scored too, and are the last month's exports the same with them? Does README show what the demo says?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import ROOT, Ran, run_here

from kehujingli.demo import make_county
from kehujingli.demo.before import whole_months
from kehujingli.demo.county import Calendar
from kehujingli.periods import month_name, parse_month

LAST = parse_month("2026-10")


def test_last_years_end_and_the_month_before_can_be_run_where_postings_reach_back() -> None:
    assert [month_name(month) for month in whole_months(Calendar(24, LAST))] == ["2025-12", "2026-09"]
    assert [month_name(month) for month in whole_months(Calendar(6, LAST))] == ["2026-09"]
    assert [month_name(month) for month in whole_months(Calendar(24, parse_month("2027-01")))] == ["2026-12"]


def test_the_last_months_pictures_are_the_same_with_the_months_before_and_without() -> None:
    def pictures(*, before: bool) -> dict[str, str]:
        exports = make_county(120, 13, 7, LAST, before=before)
        return {export.path: export.frame.to_csv() for export in exports if export.path.startswith("2026-10/")}

    assert pictures(before=True) == pictures(before=False)


def test_a_loan_of_an_earlier_book_is_a_customers_of_that_day() -> None:
    exports = {export.path: export.frame for export in make_county(300, 24, 7, LAST, before=True)}
    people = set(exports["2025-12/客户信息.xlsx"]["customer_id"])
    book = exports["2025-12/贷款台账.xlsx"]
    assert len(book) > 5
    assert set(book["customer_id"]) <= people


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(place: Path) -> Ran:
    """``kehujingli demo`` without more, typed in November 2026."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kehujingli.commands.demo.now", lambda: datetime(2026, 11, 15, tzinfo=UTC))
        return run_here("demo", cwd=place)


@pytest.mark.slow  # runs three months of the whole county
def test_the_demo_scores_three_months_and_says_three_things_to_type(demo: Ran, place: Path) -> None:
    assert demo.code == 0
    before = [line for line in demo.err.splitlines() if "跑完" in line]
    assert len(before) == 2
    assert all("平均" in line for line in before)
    commands = [line.split("  ")[1] for line in demo.out.splitlines() if line.startswith("  kehujingli ")]
    assert len(commands) == 3
    for command in commands:
        assert run_here(*command.split()[1:], cwd=place).code == 0, command


@pytest.mark.slow
def test_readme_shows_what_the_demo_says(demo: Ran) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("```\n")[1]
    assert len(shown.splitlines()) == 5
    assert demo.out.startswith(shown)


@pytest.mark.slow
def test_months_are_run_in_order_since_one(two_months: Path) -> None:
    done = run_here("run", "--since", "2026-09", "-w", two_months, "--dry-run")
    assert [line[:7] for line in done.out.splitlines() if "跑完" in line] == ["2026-09"]
    assert "期间 2026-10" in done.out
    late = run_here("run", "--since", "2026-11", "--period", "2026-10", "-w", two_months)
    assert (late.code, "option.bad" in late.err) == (2, True)

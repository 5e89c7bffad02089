"""Can the months before the last be run and scored too, and are the last month's exports the same with them? Does README show what the demo says, and does it answer what is disputed?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import ROOT, Ran, run_here
from test_questions import HANDED, QUESTIONS

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


HERE = {
    HANDED: "810000000258",  # whom a leaver's list hands over on 15 October
    "M0010": "M0026",  # the newcomer without targets
    "rules/2025-01-01.toml": "rules/2023-01-01.toml",
    "公共 +157": r"公共 +\d+",
}
OTHERWISE = {
    "比零还少的分怎么算": ("explain manager M0002 责任不良贷款率", r"保底 0；先补足低于保底的 11\.51 分"),
    "和上月差在哪里": ("diff 2026-09 2026-10 --by manager --json", '"parts"'),
    "月末冲的存款看得出来吗": ("soundness", r"月末存款偏离度 0\.26%（4%，未超）"),
    "没有到期贷款，算零分吗": ("explain manager M0002 到期贷款收回率", r"分母为零，不计此项\n.*empty_ratio = \"skip\""),
    "别的项分值为什么变大了": ("explain manager M0002", r"折算：各项合计 42\.33，满分 75 折成 100"),
}
"""What the whole county answers from somebody else or with another figure."""
READ_AGAIN = {"张榜看得到我的绩效吗", "月中接手的从哪天算"}
"""Questions that read all exports again: asked of the example county, and here in one of the two ways."""
ASKED = [one for one in QUESTIONS if one[0] not in READ_AGAIN]


@pytest.mark.slow
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("question", "command", "answer"), ASKED, ids=[asked for asked, _, _ in ASKED])
def test_the_demo_answers_what_is_disputed(place: Path, question: str, command: str, answer: str) -> None:
    """Each with one command, on the county that ``kehujingli demo`` makes."""
    for there, here in HERE.items():
        command, answer = command.replace(there, here), answer.replace(there, here)
    command, answer = OTHERWISE.get(question, (command, answer))
    (county,) = (path.parent for path in place.glob("*/exports"))
    said = run_here(*(word.replace("~", " ") for word in command.split()), cwd=county)
    assert said.code in (0, 1), said.err
    assert re.search(answer, said.out), said.out[:3000]


@pytest.mark.slow
def test_months_are_run_in_order_since_one(two_months: Path) -> None:
    done = run_here("run", "--since", "2026-09", "-w", two_months, "--dry-run")
    assert [line[:7] for line in done.out.splitlines() if "跑完" in line] == ["2026-09"]
    assert "期间 2026-10" in done.out
    late = run_here("run", "--since", "2026-11", "--period", "2026-10", "-w", two_months)
    assert (late.code, "option.bad" in late.err) == (2, True)

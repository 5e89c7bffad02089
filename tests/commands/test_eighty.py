"""Typed on a terminal of 80 columns, does every command keep within them, with every number whole and nothing said in the program's own words?"""

from __future__ import annotations

import itertools
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, Terminal, run_here

from kehujingli.commands.manual import entries
from kehujingli.terms.widths import screen_width

TYPED = """
periods
findings
lint rules/2025-01-01.toml
rules show
rules diff rules/2025-01-01.toml 2026-10
check
check --map --dry-run
measures
tables
query "select 机构名称, count(*) as 户数, sum(存款余额) as 存款余额 from 客户分类 group by 1"
query "select * from 考核得分 limit 2"
query "select 没有 from 考核得分"
show M0008
show customer 810000000031
show branch 801001
show 没有这个人
explain manager M0008
explain manager M0008 存款年日均净增
explain customer 810000000031
explain row 贷款台账.xlsx 贷款台账 2
find 810000000031
top customers --by 年日均
top managers
due
unassigned
diff 2026-09 2026-10
diff 2026-09 2026-10 --by manager
gap M0008
balance 810000000031
owners 810000000031
rank
owed
studies
allocation
authority
competition
care --days 14
concentration --what-if 810000000031=5000000
contribution
duties
headcount --merge 801003=801002
leads
lines
market
branches
movement
outlook
peers
profile
projects
rfm
select
service
offers
signals
soundness
spread
strategy
survey
thresholds
value
visits
province . --period 2026-10 --kept
emit-sql
forms 授权
appeal list
appeal 没有.xlsx
appeal answer 1 --result 采纳 --points 1 --approved-by 乙
handover --from M0003 --to M0004 --on 2026-11-01 --dry-run
score --manager M0008 --assume 中间业务收入=2
statements --manager M0008
visit-plans 2026-10
pack 2026-10 --by branch
receipt
segment --dry-run
assign --dry-run
whatif --rules rules/2025-01-01.toml
run --period 2026-10
payroll 2026-10
page 2026-10
review 2026-10 --as 乙
approve 2026-10 --as 丙
close 2026-10 --as 丁
verify
correct 2026-10 M0008 --points 1 --reason 漏计 --document 示〔2026〕1号 --prepared-by 甲 --approved-by 乙
reopen 2026-10 --reason 漏计
log
clean --dry-run
run --help
"""
ELSEWHERE = {"demo": "tests/demo", "init": "tests/commands/test_init.py", "completion": "a script, copied as it stands"}
CUT = re.compile(r"\d[.,]$")
LOOSE = re.compile(r"^[│├└─ ]*[，。；：、）》”%]")
UNSAID = re.compile(r"\b(nan|NaN|NaT|None|Traceback|Decimal)\b|<NA>|internal\.fault")
NUMBER = re.compile(r"\d{12,19}")


@pytest.fixture(scope="module")
def typed(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    county = shutil.copytree(two_months, tmp_path_factory.mktemp("eighty") / "county")

    def run(line: str) -> Ran:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", "80")
            return run_here(*shlex.split(line), cwd=county, stream=Terminal)

    return run


@pytest.fixture(scope="module")
def numbers(two_months: Path) -> set[str]:
    """Every number of a customer and of an account of the county."""
    told = run_here("query", "select 客户号 from 客户分类 union select account_id from accounts", "-w", two_months)
    return set(NUMBER.findall(told.out))


def test_every_command_is_typed() -> None:
    said = {line.split()[0] for line in TYPED.strip().splitlines()}
    assert {entry.usage.split()[1] for entry in entries()} - ELSEWHERE.keys() == said


@pytest.mark.parametrize("line", TYPED.strip().splitlines())
def test_a_command_keeps_within_80_columns(line: str, typed: Callable[[str], Ran], numbers: set[str]) -> None:
    told = typed(line)
    assert told.code in (0, 1, 2, 4)
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told.out).splitlines()
    heard = [part for one in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told.err).splitlines() for part in one.split("\r")]
    said = [one for one in (*lines, *heard) if "━" not in one]
    assert said
    assert not UNSAID.search("\n".join(said))
    if line != "emit-sql":
        assert [one for one in said if screen_width(one) > 80] == []
    assert [one for one in said if CUT.search(one) or LOOSE.search(one)] == []
    for one, other in itertools.pairwise(said):
        end, begin = re.search(r"\d+$", one), re.match(r"[│├└─ ]*(\d+)", other)
        if end and begin:
            assert end[0] + begin[1] not in numbers, one

"""Do the grades of a ladder come out in ``rank``, ``whatif`` and 排名变化, whether it stands beside the items or is one of them?"""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from conftest import copied, run_here

pytestmark = pytest.mark.slow  # each runs whole months

ORDER = ["高级", "中级", "初级", "见习"]
LINES = {"高级": 70, "中级": 55, "初级": 40, "见习": 0}
BESIDE = "".join(f'\n[[incentive.grade]]\nname = "{name}"\nat_least = {line}\n' for name, line in LINES.items())
AS_ITEM = """
[[incentive.item]]
id = "stars"
label = "定级"
category = "growth"
counts = "extra"
shape = "ladder"
rungs = [
  { grade = "高级", points = 2, when = [{ of = "average_deposit_growth", at_least = 500_000 }] },
  { grade = "中级", points = 1, when = [{ of = "average_deposit_growth", at_least = 0 }] },
]
"""


def _rules(root: Path) -> Path:
    return root / "rules" / "2025-01-01.toml"


def _with(text: str, more: str) -> str:
    return text.replace("\n[[incentive.gate]]", f"{more}\n[[incentive.gate]]", 1)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months under the ladder beside the items; September lacks exports that October has."""
    root = copied(tmp_path_factory.mktemp("ladders") / "county")
    text = _rules(root).read_text(encoding="utf-8")
    assert 'missing_actual = "withhold"' in text
    (root / "as_item.toml").write_text(_with(text, AS_ITEM), encoding="utf-8")
    _rules(root).write_text(
        _with(text.replace('missing_actual = "withhold"', 'missing_actual = "skip"'), BESIDE), encoding="utf-8"
    )
    for month in ("2026-09", "2026-10"):
        assert run_here("run", "--period", month, "--quiet", cwd=root).code == 1
    return root


def _moves(root: Path) -> dict[str, tuple[str | None, str | None, str | None]]:
    places = run_here("rank", "--period", "2026-10", "--json", cwd=root).json["places"]
    return {place["manager_id"]: (place["grade"], place["reached"], place["move"]) for place in places}


def test_who_reaches_a_higher_grade_than_his_own_may_rise(county: Path) -> None:
    told = run_here("rank", "--period", "2026-10", "--json", cwd=county).json
    assert told["months"] == 2
    assert {place["move"] for place in told["places"]} == {None, "promotion", "demotion"}
    for place in told["places"]:
        score = Decimal(place["score"])
        assert place["reached"] == next(name for name in ORDER if score >= LINES[name])
        gap = ORDER.index(place["grade"]) - ORDER.index(place["reached"])
        assert place["move"] == ("promotion" if gap > 0 else "demotion" if gap < 0 else None)
    line = next(one for one in run_here("rank", "--period", "2026-10", cwd=county).out.split("\n") if "升级人选" in one)
    assert "→" in line


def test_the_sheet_names_the_same_candidates(county: Path) -> None:
    rows = [
        *openpyxl.load_workbook(county / "periods" / "2026-10" / "考核得分.xlsx")["排名变化"].iter_rows(
            values_only=True
        )
    ]
    head = next(row for row in rows if "等级人选" in row)
    who, move = head.index("工号"), head.index("等级人选")
    words = {"promotion": "升级人选", "demotion": "降级人选", None: None}
    people = [row for row in rows[rows.index(head) + 1 :] if str(row[who] or "").startswith("M")]
    assert {row[who]: row[move] or None for row in people} == {
        key: words[found[2]] for key, found in _moves(county).items()
    }


def test_other_lines_change_grades_and_no_pay(county: Path, tmp_path: Path) -> None:
    before = _moves(county)
    lower = tmp_path / "lower.toml"
    lower.write_text(
        _rules(county).read_text(encoding="utf-8").replace("at_least = 70", "at_least = 55.01"), encoding="utf-8"
    )
    told = run_here("whatif", "--rules", lower, "--period", "2026-10", "--json", cwd=county).json
    risen = [who for who, (_, reached, _) in before.items() if reached == "中级"]
    assert told["grades"] == [{"old": "中级", "new": "高级", "count": len(risen)}]
    assert {one["manager_id"] for one in told["people"] if one["old_grade"] != one["new_grade"]} == set(risen)
    assert (told["cost"], told["gain"], told["lose"]) == ("0.00", 0, 0)


def test_a_ladder_that_is_an_item_names_candidates_too(county: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    shutil.copytree(county, root)
    whatif = run_here("whatif", "--rules", root / "as_item.toml", "--period", "2026-10", "--json", cwd=root).json
    _rules(root).write_text((root / "as_item.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert run_here("run", "--period", "2026-10", "--quiet", cwd=root).code == 1
    moves = _moves(root)
    assert {one["manager_id"]: one["new_grade"] for one in whatif["people"] if one["manager_id"] in moves} == {
        who: reached for who, (_, reached, _) in moves.items()
    }
    assert "promotion" in {move for _, _, move in moves.values()}
    for grade, reached, move in moves.values():
        same = reached is None or grade not in ("高级", "中级") or grade == reached
        assert move == (None if same else "promotion" if reached == "高级" else "demotion")


def test_what_the_next_grade_lacks_is_said_though_items_were_left_out(county: Path) -> None:
    rows = [
        *openpyxl.load_workbook(county / "periods" / "2026-09" / "考核得分.xlsx")["考核得分"].iter_rows(
            values_only=True
        )
    ]
    head = next(row for row in rows if "备注" in row)
    remarks = [str(row[head.index("备注")]) for row in rows if row[head.index("评级")] in ("中级", "初级")]
    assert remarks
    assert all("折成 100" in remark and "级差：得分" in remark for remark in remarks)

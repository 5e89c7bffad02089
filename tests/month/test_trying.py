"""Does trying other rules tell what they would cost, and leave no trace?"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from conftest import copied, run_here

from kehujingli.closing.deeds import close
from kehujingli.errors import Problem
from kehujingli.lists.main import item_list
from kehujingli.month import Month, Request, open_month
from kehujingli.month.once_more import scored_from_kept
from kehujingli.month.run import Options, run
from kehujingli.month.trial import assumed, under, variation, varied
from kehujingli.rules import load_rules
from kehujingli.studies.pay.whatif import compare, outcomes
from kehujingli.workspace import Workspace
from kehujingli.workspace.plans import Approval, save_plan

pytestmark = pytest.mark.slow  # each runs whole months, or many small files; the quick run has a month of its own

PERIOD = "2026-10"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = copied(tmp_path_factory.mktemp("trying") / "county")
    workspace = Workspace(root)
    run(workspace, Request(workspace=workspace, period=PERIOD), Options())
    return workspace


@pytest.fixture(scope="module")
def month(place: Workspace) -> Month:
    found = open_month(Request(workspace=place, period=PERIOD), place.ledger)
    found.scores  # noqa: B018 - reckoned once
    return found


def _rules(place: Workspace, folder: Path, *changes: tuple[str, str]) -> Path:
    text = next(place.rules.glob("*.toml")).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "新办法.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _digests(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and ".kehujingli" not in path.parts
    }


def test_the_same_rules_change_nobody(place: Workspace, month: Month, tmp_path: Path) -> None:
    told = compare(outcomes(month.scores), outcomes(under(month, load_rules(_rules(place, tmp_path))).scores))
    assert not told.gain
    assert not told.lose
    assert told.old_spread == told.new_spread


def test_a_lower_cap_is_what_those_above_it_lose(place: Workspace, month: Month, tmp_path: Path) -> None:
    lower = load_rules(_rules(place, tmp_path, ("score_cap = 105", "score_cap = 65")))
    old = outcomes(month.scores)
    told = compare(old, outcomes(under(month, lower).scores))
    assert not told.gain
    assert {change.manager_id for change in told.lose} == {
        who for who, outcome in old.items() if outcome.score is not None and outcome.score > 65
    }
    lost = sum((change.pay for change in told.lose), Decimal(0))
    assert told.new_spread.total - told.old_spread.total == lost


@pytest.mark.parametrize(
    "change",
    [
        ("medium = 50_000,", "medium = 90_000,"),
        ('moves = "forced"', 'moves = "rebalance"'),
        ("points = 18", "points = 18.0"),
        ('responsibility = "responsible"', 'responsibility = "holder"'),
        ("score_cap = 105", 'score_cap = 105\nadvanced = "new_overdue"'),
    ],
)
def test_sharing_a_month_gives_what_a_month_of_its_own_gives(
    place: Workspace, month: Month, tmp_path: Path, change: tuple[str, str]
) -> None:
    path = _rules(place, tmp_path, change)
    shared = outcomes(under(month, load_rules(path)).scores)
    alone = open_month(Request(workspace=place, period=PERIOD, rules=path), place.ledger)
    assert shared == outcomes(alone.scores)


def test_a_curve_runs_over_its_values_and_passes_through_the_present(month: Month) -> None:
    wanted = variation("deposit_growth.points=14..22", "2")
    assert [int(value) for value in wanted.values] == [14, 16, 18, 20, 22]
    old = outcomes(month.scores)
    pools = {
        int(value): outcomes(under(month, rules).scores)
        for value, rules in varied(month.rules, wanted)
        if not isinstance(rules, Problem)
    }
    assert pools[18] == old
    assert pools[14] != old
    assert load_rules(month.rules.path).rules == month.rules.rules, "the rules in force are as they were"


@pytest.mark.parametrize("text", ["deposit_growth.points", "a.b=5..1", "a.b=1..x", "a.b=0..1000 "])
def test_a_variation_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(Problem) as stopped:
        variation(text, "1")
    assert stopped.value.findings[0].code == "option.bad"


def test_assuming_a_figure_moves_one_manager_only(month: Month) -> None:
    old = outcomes(month.scores)
    new = outcomes(assumed(month, "M0008", {"visits": Decimal("0.8")}).scores)
    assert {who for who in old if old[who] != new[who]} == {"M0008"}
    manager = next(
        m for m in assumed(month, "M0008", {"visits": Decimal("0.8")}).scores.managers if m.manager_id == "M0008"
    )
    assert next(item.points for item in manager.items if item.item.id == "visits") == Decimal("5.60")


def test_whatif_leaves_no_trace_on_open_and_closed_months(place: Workspace, tmp_path: Path) -> None:
    rules = _rules(place, tmp_path, ("score_cap = 105", "score_cap = 70"))
    before = _digests(place.root)
    told = run_here(
        "whatif", "--rules", rules, "--period", PERIOD, "-w", place.root, "-o", tmp_path / "试算.xlsx", "--json"
    )
    assert told.code == 0
    assert set(told.json) >= {"old", "new", "gain", "lose", "cost", "grades", "people", "curve"}
    assert _digests(place.root) == before
    book = openpyxl.load_workbook(tmp_path / "试算.xlsx")
    assert len(list(book["得失"].iter_rows(min_row=5))) == len(told.json["people"])
    assert "修改  考核与绩效 · 绩效薪酬 · 计发得分的封顶：105 → 70" in [
        row[0].value for row in book["首页"].iter_rows()
    ]
    shutil.copytree(place.root, tmp_path / "closed")
    closed = Workspace(tmp_path / "closed")
    close(closed, PERIOD, "刘主任")
    before = _digests(closed.root)
    again = run_here(
        "whatif",
        "--rules",
        rules,
        "--vary",
        "pay.score_cap=60..70",
        "--step",
        "5",
        "--period",
        PERIOD,
        "-w",
        closed.root,
        "--json",
    )
    assert again.json["cost"] == told.json["cost"]
    assert [point["value"] for point in again.json["curve"]] == ["60", "65", "70"]
    assert again.json["curve"][-1]["cost"] == told.json["cost"]
    assert again.json["differs_from_closed"] == 0
    assert _digests(closed.root) == before


def test_a_curve_says_where_the_lint_objects_and_where_the_rules_may_not_stand(place: Workspace) -> None:
    """A cap of 50 makes the gate at 60 idle, one of 110 is beyond the 107 that all items can give; 150 % cannot be advanced."""
    asked = ("whatif", "--period", PERIOD, "-w", place.root, "--vary")
    told = run_here(*asked, "pay.score_cap=50..110", "--step", "30", "--json").json
    codes = {point["value"]: [one["code"] for one in point["remarks"]] for point in told["curve"]}
    assert codes == {"50": ["E13"], "80": [], "110": ["E13"]}
    over = run_here(*asked, "pay.advance=0.5..1.5", "--step", "0.5")
    assert over.code == 0
    assert "E14 提醒  1：预发与延期合计 140%" in over.out
    assert "办法不许  1.5：" in over.out
    assert "不能大于 1" in over.out


def test_the_commands_say_what_is_wrong(place: Workspace) -> None:
    assert run_here("whatif", "-w", place.root).code == 2
    told = run_here(
        "score", "--manager", "M0008", "--assume", "走访计划完成率=80%", "--period", PERIOD, "-w", place.root, "--json"
    )
    assert Decimal(told.json["new_score"]) > Decimal(told.json["old_score"])
    assert "走访计划完成率" in run_here("score", "--manager", "M0008", "--assume", "没有=1", "-w", place.root).err
    assert run_here("score", "--assume", "visits=1", "-w", place.root).code == 2


def test_rank_and_its_sheets(place: Workspace) -> None:
    told = run_here("rank", "-w", place.root, "--json").json
    assert {"places", "spread", "period"} <= set(told)
    groups: dict[str, list[int]] = {}
    for row in told["places"]:
        groups.setdefault(row["rank_group"], []).append(row["rank"])
    assert all(ranks[0] == 1 and ranks == sorted(ranks) for ranks in groups.values())
    book = openpyxl.load_workbook(place.period(PERIOD) / "考核得分.xlsx", read_only=True)
    assert {"排名变化", "收入差距"} <= set(book.sheetnames)
    rows = [row[5] for row in book["排名变化"].iter_rows(min_row=5, values_only=True)]
    assert rows == [row["manager_id"] for row in told["places"]]


def _told(month: Month) -> tuple[object, ...]:
    """What is said of every person: score, pay, and each item as it is kept, its working included."""
    items = item_list(month.scores).astype("str").to_dict("records")
    return outcomes(month.scores), items, month.scores.findings


def test_what_a_run_kept_gives_the_same_scores_as_the_exports_read_anew(place: Workspace, month: Month) -> None:
    """Every person, item, working and pay, as they are and with figures assumed for each kind of item."""
    kept = scored_from_kept(place, Request(workspace=place, period=PERIOD))
    assert kept is not None
    assert _told(kept) == _told(month)
    assert "tables" not in kept.made, "no export was read"
    for who, figures in (
        ("M0008", {"visits": Decimal("0.8"), "deposit_growth": Decimal(120)}),
        ("M0003", {"npl": Decimal("0.02")}),
    ):
        assert _told(assumed(kept, who, figures)) == _told(assumed(month, who, figures)) != _told(month)
    assert scored_from_kept(place, Request(workspace=place)).period == month.period, "the newest month is known too"


@pytest.mark.parametrize("what", ["rules", "exports", "plan", "contributions", "roster", "cache", "paths"])
def test_where_anything_is_not_as_the_run_found_it_the_exports_are_read(
    place: Workspace, tmp_path: Path, what: str
) -> None:
    other = Workspace(shutil.copytree(place.root, tmp_path / "county"))
    asked = Request(workspace=other, period=PERIOD)
    assert scored_from_kept(other, asked) is not None, "a workspace may be moved"
    match what:
        case "rules":
            path = next(other.rules.glob("*.toml"))
            path.write_text(path.read_text(encoding="utf-8") + "\n# 改了一行\n", encoding="utf-8")
        case "exports":
            next(other.exports.rglob("*.xlsx")).unlink()
        case "plan":
            save_plan(
                other.plans, [Approval("C00001", "M0001")], dt.date(2026, 10, 1), dt.date(2026, 9, 30), "王", "1号"
            )
        case "contributions":
            (other.period(PERIOD) / "data" / "contributions.parquet").write_bytes(b"")
        case "roster":
            shutil.copy(
                other.cache / "scored" / PERIOD / "targets.parquet", other.cache / "scored" / PERIOD / "roster.parquet"
            )
        case "cache":
            shutil.rmtree(other.cache)
        case "paths":
            asked = Request(workspace=other, period=PERIOD, targets=next(other.exports.rglob("*.xlsx")))
    assert scored_from_kept(other, asked) is None

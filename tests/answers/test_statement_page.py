"""Does a statement's page say what the month kept, and promise only what is paid?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import openpyxl
import pytest

from kehujingli.answers import statement_page
from kehujingli.answers.explain import Node
from kehujingli.answers.sources import Sources
from kehujingli.answers.statement import Statement, statement
from kehujingli.answers.statement_page import Beside, page_of, sheets_of
from kehujingli.workbooks.house import Meta
from kehujingli.workbooks.statement import write_statement
from kehujingli.workspace import Workspace

D = Decimal
META = Meta("示例联社", "2026年10月", "2026-10-31", "示联发〔2026〕1号")
EARLIER = [("2026-08", {"M1": (D("70.00"), 2)}), ("2026-09", {"M1": (D("75.50"), 3)})]
BESIDE = Beside({"asset": (8, D("62.27"))}, EARLIER)


def item(name: str, act: str | None, gain: str | None, **more: Any) -> dict[str, Any]:
    """One item of ten points, half of them got, whose actual is 100 of a target of 200."""
    plain = {
        "item_id": name,
        "item": name,
        "style": "number",
        "points": "10",
        "item_points": "5.00",
        "actual": "100",
        "target": "200",
        "completion": "0.5",
        "working": "",
        "source": "系统",
        "counts": "points",
        "actual_name": None,
        "next_step": f"{name}再多 {act}",
        "step_act": act,
        "step_gain": gain,
    }
    return plain | more


def made(items: list[dict[str, Any]], **scored: Any) -> Statement:
    counted = [row for row in items if row["item_points"] is not None and row["counts"] != "pay"]
    summed = sum(D(row["item_points"]) for row in counted)
    row = {"score": f"{summed}", "raw_score": f"{summed}", "adjustment": "0", "rank": 3, "rank_group": "asset"}
    row |= {"score_limit": None, "limited_by": "", "gate": "", "remark": ""}
    return Statement("M1", "朱敏", "2026-10", row | scored, [], items, Node("M1", {}, ()), [(0, "M1")], [])


def steps(told: Statement, sources: Any = None) -> list[tuple[str, Decimal]]:
    return [(step.label, step.gain) for step in page_of(cast(Sources, sources), told, BESIDE).steps]


def test_the_steps_that_take_least_for_a_point_stand_first_and_are_three() -> None:
    """Of 200: 40 for 1 is 20 % a point, 30 for 3 is 5 %, 20 for 1 is 10 %, 80 for 2 is 20 % (after the first, in the rules' order)."""
    items = [item("甲", "40", "1"), item("乙", "30", "3"), item("丙", "20", "1"), item("丁", "80", "2")]
    assert steps(made(items)) == [("乙", D("3.00")), ("丙", D("1.00")), ("甲", D("1.00"))]


def test_nothing_is_promised_that_a_gate_a_cap_or_a_floor_takes_away() -> None:
    items = [item("甲", "40", "3"), item("乙", "30", "0"), item("丙", None, None), item("丁", "1", "5", counts="pay")]
    assert steps(made(items)) == [("甲", D("3.00"))]
    held = made(items, score="12.00", score_limit="12", limited_by="不良率超过 5%")
    page = page_of(cast(Sources, None), held, BESIDE)
    assert page.steps == []
    assert "不良率超过 5%" in page.no_steps
    assert dict(page.bridge) == {"各项合计": D("15.00"), "原始": D("15.00"), "封顶": D("-3.00"), "计发得分": D("12.00")}
    near = made(items, score_limit="16.20", limited_by="计发封顶")
    assert steps(near) == [("甲", D("1.20"))], "no more than there is room for"


def test_where_the_pay_is_held_the_steps_bring_points_and_the_page_says_no_money() -> None:
    paid = {"pay": "2000.00", "paid": "2000.00", "point_worth": "0.00", "parts": "按得分 1500.00；保底补 500.00"}
    told = replace(made([item("甲", "40", "1")]), paid=[paid])
    assert page_of(cast(Sources, None), told, BESIDE).held == "应发有保底补 500.00：下面各步多得分，本期不多发。"
    free = replace(told, paid=[paid | {"point_worth": "20.00", "parts": "按得分 2000.00"}])
    assert page_of(cast(Sources, None), free, BESIDE).held == ""


def test_a_month_that_kept_no_steps_is_said_to_be_of_an_older_program() -> None:
    old = {key: value for key, value in item("甲", "40", "1").items() if key not in ("step_act", "step_gain")}
    page = page_of(cast(Sources, None), made([old]), BESIDE)
    assert (page.steps, "旧版程序" in page.no_steps) == ([], True)


def test_a_step_of_a_score_that_is_scaled_up_brings_what_the_score_rises_by() -> None:
    """Half the marks left out: 10 points of items are 20 of the score, and 1 is 2."""
    scaled = made([item("甲", "40", "1"), item("乙", None, None)], raw_score="20.00", score="20.00")
    assert steps(scaled) == [("甲", D("2.00"))]


def test_only_own_customers_are_named_and_two_of_one_name_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("810000000001", -900), ("810000000002", -500), ("810000000003", -700), ("810000000009", -9999)]
    found = [{"customer_id": who, "numerator": size, "denominator": 0} for who, size in rows]
    monkeypatch.setattr(statement_page, "contributions_of", lambda *_: found)
    own = [
        {"customer_id": f"81000000000{number}", "customer_name": name, "to_next_scale": None}
        for number, name in ((1, "李伟"), (2, "王芳"), (3, "李伟"))
    ]
    step = item("存款", "40", "1", actual_name="average_deposit_growth", style="money")
    page = page_of(cast(Sources, None), replace(made([step]), customers=own), BESIDE)
    assert page.steps[0].whom == "减得最多的：李伟（尾号0001）、李伟（尾号0003）、王芳"
    down = replace(made([step | {"step_act": "-40"}]), customers=own)
    assert page_of(cast(Sources, None), down, BESIDE).steps[0].whom == "没有能点名的户", "nothing of theirs to lower"


def test_who_is_not_scored_and_who_has_left_have_a_page_that_says_why(tmp_path: Path) -> None:
    told = made([item("甲", None, None, item_points=None)], score=None, raw_score=None, remark="未计分：没有任务数")
    page = page_of(cast(Sources, None), told, BESIDE)
    assert (page.cause, page.steps, page.bridge, page.tiles[0].value) == ("未计分：没有任务数", [], [], "未计分")
    paid = [{"pay": None, "matured": "133.33", "settled": "0", "paid": "133.33"}]
    owed = Node("M1", {}, (Node("到本期为止还没有付的 800.01 元", {"owed": "800.01"}),))
    left = replace(made([]), scored={}, paid=paid, top=owed)
    page = page_of(cast(Sources, None), left, Beside({}, [("2026-08", None), ("2026-09", None)]))
    assert page.pay == [("往年延期到期", D("133.33")), ("实际兑付", D("133.33"))]
    assert page.owed == "到本期为止还没有付的 800.01 元。"
    assert [tile.value for tile in page.tiles] == ["未参评", "没有", "没有", "没有"]
    assert (page.months, "不画图" in page.missing) == ([], True)
    sources = SimpleNamespace(period="2026-10")
    write_statement(tmp_path / "a.xlsx", META, sheets_of(cast(Sources, sources), left, BESIDE), [])
    cover = openpyxl.load_workbook(tmp_path / "a.xlsx")["首页"]
    assert "已离任" in " ".join(str(cell.value) for row in cover for cell in row)


def test_kept_months_alone_are_drawn_on_a_page_that_is_one_sheet_of_a4(tmp_path: Path) -> None:
    told = made([item(f"第{number}项", "40", "1") for number in range(15)])
    for name, beside, charts in (
        ("three", BESIDE, 1),
        ("none", Beside({}, [("2026-08", None), ("2026-09", {})]), 0),
    ):
        target = tmp_path / f"{name}.xlsx"
        write_statement(target, META, sheets_of(cast(Sources, None), told, beside), [("口径", "无")])
        book = openpyxl.load_workbook(target)
        cover = book["首页"]
        assert len(cover._charts) == charts
        assert (cover.page_setup.paperSize, cover.page_setup.orientation) == (9, "portrait"), "A4"
        assert cover.sheet_properties.pageSetUpPr.fitToPage
        assert {cover.page_setup.fitToWidth or 1, cover.page_setup.fitToHeight or 1} == {1}
        assert ("图表数据" in book.sheetnames) == bool(charts)
        said = [str(cell.value) for row in cover for cell in row if cell.value is not None]
        assert any("2026-08、2026-09 没有留下得分，不画图" in text for text in said) == (not charts)
    page = page_of(cast(Sources, None), told, BESIDE)
    assert page.months == [("2026-08", D("70.00")), ("2026-09", D("75.50")), ("2026-10", D("75.00"))]
    assert page.tiles[3].value == D("-0.50")


def test_every_figure_on_the_page_is_what_the_month_kept(two_months: Path, tmp_path: Path) -> None:
    sources = Sources(Workspace(two_months), "2026-10")
    beside = Beside.of(sources)
    scored = {row["manager_id"]: row for row in sources.rows("select * from {scores}")}
    assert len(scored) > 5
    for who in [*sorted(scored)[:4], *(one for one, row in scored.items() if row["score"] is None)]:
        (person, *_) = sources.rows("select * from {managers} where manager_id = $1", who)
        target = tmp_path / f"{who}.xlsx"
        write_statement(target, META, sheets_of(sources, statement(sources, person), beside), [])
        cover = openpyxl.load_workbook(target)["首页"]
        rows = [[cell.value for cell in row] for row in cover.iter_rows()]
        score, rank = scored[who]["score"], scored[who]["rank"]
        assert rows[4][0] == ("未计分" if score is None else float(score))
        assert rows[4][2] == (rank or "没有")
        paid = sources.rows("select pay, paid from {pay} where manager_id = $1", who)
        pays = [D(row["pay"]) for row in paid if row["pay"] is not None]
        assert rows[4][4] == (float(sum(pays)) if pays else "没有")
        head = next(place for place, row in enumerate(rows) if row[:3] == ["指标", "单位", "任务"])
        items = sources.rows("select * from {items} where manager_id = $1", who)
        for row, kept in zip(rows[head + 1 :], items, strict=False):
            scale = 10_000 if kept["style"] == "money" else 1
            shown = [row[0], *(None if value is None else float(value) for value in (row[2], row[3], row[4]))]
            wanted = [None if kept[key] is None else float(D(kept[key])) for key in ("target", "actual", "completion")]
            wanted[:2] = [None if value is None else value / scale for value in wanted[:2]]
            assert shown == [kept["item"], *(value if value is None else pytest.approx(value) for value in wanted)]
            assert row[5] == float(kept["points"])
            assert row[6] == ("未计" if kept["item_points"] is None else float(kept["item_points"]))
        promised = {kept["item"]: kept["next_step"] for kept in items}
        at = next((place for place, row in enumerate(rows) if row[1] == "做到什么"), None)
        assert (at is None) == (score is None), "every scored one has a step here"
        for row in rows[at + 1 : at + 4] if at is not None else ():
            if row[0] in promised:
                assert row[1] == promised[row[0]]

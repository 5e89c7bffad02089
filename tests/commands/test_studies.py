"""What every study gives from its declaration: command, JSON, CSV, workbook, tables of query, forms, a place in the list of studies."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import run_here

from kehujingli import terms
from kehujingli.commands.shown import with_unit
from kehujingli.studies import sections, studies, titles
from kehujingli.studies.study import FACTS, RESULTS


def _there(county: Path) -> set[str]:
    """The tables that the county of these tests has: a study that cannot do without another says so, and has a test of its own beside this one."""
    manifest = json.loads((county / "periods" / "2026-10" / "manifest.json").read_text(encoding="utf-8"))
    return {source["table"] for source in manifest["inputs"]}


def test_lists_and_inputs_are_told_apart_and_known() -> None:
    lists = [(study, one) for study in studies() for one in study.lists]
    names = [one.key for _, one in lists] + [one.title for _, one in lists] + [*terms.KEPT, *terms.KEPT.values()]
    assert len(names) == len(set(names)), "a table of query has one meaning"
    for study, one in lists:
        assert one.key.startswith(study.key), "so that query finds it without opening every study"
        assert one.title.startswith(study.label)
        assert len(one.title) <= 31
    for study in studies():
        assert {*study.needs, *study.likes} <= {*RESULTS, *terms.BY_KEY}
        assert set(study.without) == set(study.likes), "what is lacking without an input is said"
        assert not {one.key for one in study.lists} & {"study", "period", "as_of", "lines", "findings", "output"}, (
            "in JSON these are no lists"
        )
        assert {name for name in FACTS if name == "rules"} <= {*study.facts} or study.rules is None


def test_the_first_lines_are_the_declarations() -> None:
    assert [(study.key, study.label, study.asks) for study in studies()] == [
        (title.key, title.label, title.asks) for title in titles()
    ]


def test_an_export_that_was_changed_after_the_run_is_named(two_months: Path, tmp_path: Path) -> None:
    """The figures stand as they were run; a file that was only touched is as it was."""
    county = shutil.copytree(two_months, tmp_path / "county")
    manifest = json.loads((county / "periods" / "2026-10" / "manifest.json").read_text(encoding="utf-8"))
    changed, touched = sorted({source["place"] for source in manifest["inputs"]})[:2]
    later = (county / "periods" / "2026-10" / "manifest.json").stat().st_mtime + 60
    (county / changed).write_bytes((county / changed).read_bytes() + b" ")
    for place in (changed, touched):
        os.utime(county / place, (later, later))
    before, said = (run_here("soundness", "--json", cwd=place) for place in (two_months, county))
    told = [one["message"] for one in json.loads(said.out)["findings"] if one["code"] == "study.exports-changed"]
    assert len(told) == 1
    assert Path(changed).name in told[0]
    assert "1 个文件" in told[0]
    assert "study.exports-changed" not in before.out
    assert json.loads(said.out)["lines"] == json.loads(before.out)["lines"]


def test_old_rules_stay_valid_every_section_has_defaults() -> None:
    assert sections()
    assert [key for key, model in sections().items() if any(f.is_required() for f in model.model_fields.values())] == []


@pytest.mark.parametrize("key", [title.key for title in titles()])
def test_a_study_answers_from_a_kept_period_in_every_form(key: str, two_months: Path, tmp_path: Path) -> None:
    declared = next(study for study in studies() if study.key == key)
    said = run_here(key, "--json", cwd=two_months)
    if {*declared.needs} - {*RESULTS} - _there(two_months):
        assert (said.code, "study.needs" in said.err + said.out) == (4, True)
        return
    assert said.code in (0, 1), said.err
    record = json.loads(said.out)
    assert record["study"] == key
    assert run_here(key, "--format", "csv", cwd=two_months).out.startswith(declared.lists[0].columns[0].header)
    book = tmp_path / "专题.xlsx"
    assert run_here(key, "-o", str(book), cwd=two_months).code in (0, 1)
    names = openpyxl.load_workbook(book, read_only=True).sheetnames
    assert [name for name in names if name != "图表数据"] == ["首页", *(one.title for one in declared.lists), "口径"]
    for one in declared.lists:
        asked = run_here("query", f'select count(*) as n from "{one.title}"', "--format", "json", cwd=two_months)
        assert json.loads(asked.out) == [{"n": len(record[one.key])}]


def test_names_are_masked_unless_asked(two_months: Path) -> None:
    masked = json.loads(run_here("concentration", "--json", cwd=two_months).out)["concentration"]
    plain = json.loads(run_here("concentration", "--json", "--unmask", cwd=two_months).out)["concentration"]
    assert masked
    assert all(row["customer_name"].endswith("*") for row in masked)
    assert not any(row["customer_name"].endswith("*") for row in plain)
    asked = run_here("query", "select customer_name from concentration", "--format", "json", cwd=two_months)
    assert [row["customer_name"] for row in json.loads(asked.out)] == [row["customer_name"] for row in masked]


def test_without_a_table_it_is_said_which_export_would_bring_it(two_months: Path) -> None:
    said = run_here("concentration", cwd=two_months)
    assert "study.without" in said.err
    assert "《资本》" in said.err
    assert "kehujingli run" in said.err


def test_an_unknown_key_of_a_study_is_told_with_its_line(two_months: Path, tmp_path: Path) -> None:
    rules = tmp_path / "办法.toml"
    text = next((two_months / "rules").glob("*.toml")).read_text(encoding="utf-8")
    rules.write_text(f"{text}\n[studies.concentration]\ntopp = 3\n[studies.concentratio]\ntop = 3\n", encoding="utf-8")
    told = run_here("lint", str(rules))
    assert told.code == 3
    assert "topp" in told.err
    told = run_here("concentration", "--rules", str(rules), cwd=two_months)
    assert told.code == 3
    lines = len(text.split("\n"))
    assert f"办法.toml 第 {lines + 2} 行" in told.err
    assert f"办法.toml 第 {lines + 3} 行" in told.err


def test_the_list_of_studies_says_what_each_still_needs(two_months: Path) -> None:
    told = json.loads(run_here("专题", "--json", cwd=two_months).out)["studies"]
    assert [one["study"] for one in told] == [title.key for title in titles()]
    (asked,) = (one for one in told if one["study"] == "concentration")
    assert asked["needs"] == []
    assert asked["likes"] == ["《资本》", "《授信与表外》", "《关联客户》", "《担保》"]


def test_the_matrix_is_a_native_heat_map_beside_its_diagonal(two_months: Path, tmp_path: Path) -> None:
    assert run_here("movement", "-o", str(tmp_path / "迁徙.xlsx"), cwd=two_months).code in (0, 1)
    sheet = openpyxl.load_workbook(tmp_path / "迁徙.xlsx")["迁徙"]
    assert [sheet.cell(4, column).value for column in (1, 2, 10, 11, 12)] == [
        "期初",
        "经常·大",
        "休眠·小",
        "期末不在",
        "合计",
    ]
    (coloured,) = (ranges for ranges in sheet.conditional_formatting if ranges.rules[0].type == "colorScale")
    cells = {cell for part in coloured.cells.ranges for row in part.rows for cell in row}
    assert cells == {(row, column) for row in range(5, 15) for column in range(2, 12) if row - 5 != column - 2}


def test_what_is_compared_with_a_month_that_was_not_run_says_which_to_run(two_months: Path) -> None:
    told = run_here("movement", "--since", "2026-06", cwd=two_months)
    assert told.code == 4
    assert "study.previous" in told.err
    assert "kehujingli run --period 2026-06" in told.err
    assert run_here("movement", "--period", "2026-09", cwd=two_months).code == 4, "nothing was run before it"
    for wrong in ("六月", "2026-10", "2026-11"):
        assert run_here("movement", "--since", wrong, cwd=two_months).code == 2
    assert run_here("movement", "--since", "2026-09", cwd=two_months).code in (0, 1)
    assert "--since" not in run_here("concentration", "--help").out


@pytest.mark.parametrize("study", ["branches", "headcount"])
def test_a_roster_that_was_kept_is_read_as_one_that_was_exported(two_months: Path, study: str) -> None:
    """A month keeps source_row, not row, and may not ask for what it has not."""
    told = run_here(study, "--dry-run", cwd=two_months)
    assert "period.older" not in told.err
    assert told.code in (0, 1)


@pytest.mark.parametrize("study", ["signals", "outlook"])
def test_what_is_said_of_last_month_is_set_against_no_other(two_months: Path, study: str) -> None:
    """Both say 上月: a ledger or a forecast of June would be judged as if it were of September."""
    told = run_here(study, "--since", "2026-06", "--dry-run", cwd=two_months)
    assert (told.code, "--since" in told.err) == (2, True)


def test_what_is_coming_is_not_told_by_rules_that_did_not_class_the_month(two_months: Path, tmp_path: Path) -> None:
    text = next((two_months / "rules").glob("*.toml")).read_text(encoding="utf-8")
    other, same = tmp_path / "别的.toml", tmp_path / "同样.toml"
    other.write_text(text.replace("idle_months = 12", "idle_months = 6"), encoding="utf-8")
    same.write_text(f"{text}\n[studies.outlook]\nleast = 1\n", encoding="utf-8")
    for study in ("outlook", "thresholds"):
        told = run_here(study, "--rules", str(other), cwd=two_months)
        assert (told.code, "study.rules-differ" in told.err) == (4, True)
        assert run_here(study, "--rules", str(same), cwd=two_months).code in (0, 1)
    past = run_here("outlook", cwd=two_months)
    assert "study.outlook-past" in past.err, "the rules of September's run are not there any more"


def test_exports_are_compared_with_the_kept_month(two_months: Path) -> None:
    kept = json.loads(run_here("movement", "--json", cwd=two_months).out)
    asked = ("movement", "exports", "--period", "2026-10", "--json")
    read = json.loads(run_here(*asked, "-w", ".", cwd=two_months).out)
    assert read["lines"] == kept["lines"]
    assert read["movement_causes"] == kept["movement_causes"]
    bare = run_here(*asked, cwd=two_months)
    assert (bare.code, "study.previous-bare" in bare.err + bare.out) == (4, True)


def test_a_row_that_was_refused_is_told_where_exports_are_read_for_a_study(two_months: Path, tmp_path: Path) -> None:
    """A newer capital that is no number: the older one counts, and the cell is named. Where every row is refused, that is why the table is lacking."""
    file = tmp_path / "资本.xlsx"
    for cell, first in (("B3", 0), ("B2", 1)):
        book = openpyxl.Workbook()
        book.active.append(["报表日期", "资本净额(万元)", "一级资本净额(万元)"])
        for row in (["2026-06-30", 6_000, 5_000], ["2026-09-30", "七千", 5_000])[first:]:
            book.active.append(row)
        book.save(file)
        said = run_here("concentration", "exports", str(file), "--period", "2026-10", "--json", cwd=two_months)
        told = json.loads(said.out)
        found = [one["cell"] for one in told["findings"] if one["code"] == "intake.amount-bad"]
        assert found == [cell]
        assert said.code == 1


def test_what_a_sheet_shows_in_wan_is_told_in_yuan_on_the_terminal() -> None:
    assert [with_unit("余地", kind) for kind in ("wan", "yuan", "count")] == ["余地（元）", "余地（元）", "余地"]


def test_signals_of_the_month_before_are_kept_and_judged_and_a_falling_class_is_what_outlook_says(
    two_months: Path,
) -> None:
    told = json.loads(run_here("signals", "--json", cwd=two_months).out)
    kinds = {row["kind"]: row for row in told["signals_kinds"]}
    asked = "select kind, raised from signal_record where month = '2026-09'"
    record = json.loads(run_here("query", asked, "--format", "json", cwd=two_months).out)
    assert {row["kind"]: row["raised"] for row in record} == {
        kind: row["told"] for kind, row in kinds.items() if row["told"] is not None
    }
    assert any(row["raised"] for row in record)
    falls = json.loads(run_here("outlook", "--json", cwd=two_months).out)["outlook"]
    large = [row for row in falls if row["kind"] != "up" and float(row["scale_amount"] or 0) >= 10_000]
    assert kinds["fall"]["raised"] == len(large) > 0
    assert all(row["place_said"].startswith("《") for row in told["signals_rows"])

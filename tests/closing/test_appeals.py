"""Does a statement go out and come back? Safe names, passwords, claims registered once, answers that the next run reads."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import shutil
from decimal import Decimal
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from conftest import copied, run_here
from hypothesis import given
from hypothesis import strategies as st

from kehujingli.answers.sources import Sources
from kehujingli.answers.statement import safe_name
from kehujingli.closing import appeals
from kehujingli.closing.appeals import Event, append, open_appeals, register, workdays_after
from kehujingli.closing.deeds import close
from kehujingli.commands.appeal import answer as answer_appeal
from kehujingli.commands.common import Common
from kehujingli.commands.run import run_in
from kehujingli.month.run import Options
from kehujingli.values import guarded, unguarded
from kehujingli.workspace import Workspace

pytestmark = pytest.mark.slow  # each runs whole months, or many small files; the quick run has a month of its own

PERIOD, WHO = "2026-10", "M0008"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copied(tmp_path_factory.mktemp("appeals") / "county")
    run_in(Workspace(root, "王敏"), Common(period=PERIOD), Options())
    assert run_here("statements", "-w", root, "--quiet").code == 0
    return root


@pytest.fixture
def place(county: Path, tmp_path: Path) -> Workspace:
    root = tmp_path / "county"
    shutil.copytree(county, root)
    return Workspace(root)


def _statement(place: Workspace) -> Path:
    return next((place.period(PERIOD) / "分发").glob(f"{WHO}_*.xlsx"))


def _fill(path: Path, item: str, reason: str, claim: str) -> Path:
    """As a manager fills it in."""
    book = openpyxl.load_workbook(path)
    sheet = book["计分与申诉"]
    names = [cell.value for cell in sheet[4]]
    for row in sheet.iter_rows(min_row=5):
        if row[names.index("指标")].value == item:
            for name, value in (("申诉", "申诉"), ("申诉理由", reason), ("主张数", claim)):
                row[names.index(name)].value = value
    book.save(path)
    return path


def test_every_manager_gets_one_and_only_his_own_customers(county: Path) -> None:
    folder = county / "periods" / PERIOD / "分发"
    with (folder / "分发登记.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["文件"]: row for row in csv.DictReader(file)}
    sources = Sources(Workspace(county), PERIOD)
    assert listed.keys() == {path.name for path in folder.glob("*.xlsx")}
    assert {row["工号"] for row in listed.values()} == {
        row["manager_id"] for row in sources.rows("select distinct manager_id from {scores}")
    }
    for name, row in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == row["sha256"]
    book = openpyxl.load_workbook(folder / next(name for name in listed if name.startswith(WHO)), read_only=True)
    assert book.sheetnames == ["首页", "计分与申诉", "由来", "我的客户", "口径"]
    own = {row["customer_id"] for row in sources.rows("select customer_id from {classes} where holder_id = $1", WHO)}
    shown = {row[0] for row in book["我的客户"].iter_rows(min_row=5, max_col=1, values_only=True)}
    assert shown == own
    said = [str(row[1]) for row in book["由来"].iter_rows(min_row=5, max_col=2, values_only=True)]
    assert any("第 " in line and "《" in line for line in said), "down to file, sheet and row"


@given(st.text(max_size=120), st.text(max_size=120))
def test_file_names_are_safe_whatever_a_name_is(number: str, name: str) -> None:
    made = safe_name(number, name)
    assert made
    assert not set(made) & set('\\/:*?"<>|\r\n\t\0')
    assert not made.startswith(".")
    assert not made.endswith((".", " "))
    assert made.split(".")[0].upper() not in {"CON", "NUL", "AUX", "PRN", "COM1"}
    assert len(made) <= 82


def test_a_password_locks_the_statement_and_opens_it_again(place: Workspace, tmp_path: Path) -> None:
    secret = tmp_path / "密码.txt"
    secret.write_text(f"{WHO} 开门-1\n", encoding="utf-8")
    folder = tmp_path / "out"
    ran = run_here("statements", "-w", place.root, "--manager", WHO, "--password-file", secret, "-o", folder, "--json")
    path = folder / ran.json["files"][0]["file"]
    plain = io.BytesIO()
    office = msoffcrypto.OfficeFile(io.BytesIO(path.read_bytes()))
    office.load_key(password="开门-1")
    office.decrypt(plain)
    assert "计分与申诉" in openpyxl.load_workbook(plain).sheetnames
    assert run_here("appeal", path, "-w", place.root, "--password-file", secret).code == 0
    locked = run_here("appeal", path, "-w", place.root)
    assert locked.code == 4
    assert "appeal.unread" in locked.err


def test_a_claim_is_registered_once_and_waits(place: Workspace) -> None:
    path = _fill(_statement(place), "走访计划完成率", "@10月走访漏录3户", "0.3")
    first = run_here("appeal", path, "-w", place.root, "--on", "2026-11-06", "--json")
    assert [(row["item"], row["claim"], row["due_on"]) for row in first.json] == [
        ("走访计划完成率", "0.3", "2026-11-13")
    ]
    assert run_here("appeal", path, "-w", place.root, "--json").json == []
    waiting = run_here("appeal", "list", "-w", place.root, "--on", "2026-11-10", "--json")
    assert [row["days_left"] for row in waiting.json] == [3]
    assert waiting.json[0]["reason"] == "@10月走访漏录3户"
    assert waiting.code == 0
    assert run_here("appeal", "list", "-w", place.root, "--on", "2026-11-20").code == 1, "an answer is overdue"


@pytest.mark.parametrize("closed", [False, True])
def test_a_granted_appeal_is_a_line_that_the_next_run_reads(place: Workspace, closed: bool) -> None:
    run_here("appeal", _fill(_statement(place), "走访计划完成率", "漏录", "0.3"), "-w", place.root)
    if closed:
        close(place, PERIOD, "刘主任")
    refused = run_here(
        "appeal", "answer", 1, "--result", "采纳", "--points", "1.5", "--approved-by", "王敏", "-w", place.root
    )
    assert "close.same-person" in refused.err
    told = run_here(
        "appeal",
        "answer",
        1,
        "--result",
        "采纳",
        "--points",
        "1.5",
        "--approved-by",
        "刘主任",
        "-w",
        place.root,
        "--json",
    )
    assert told.json["into"] == ("2026-11" if closed else PERIOD)
    assert run_here("appeal", "list", "-w", place.root, "--json").json == []
    assert run_here("appeal", "answer", 1, "--result", "不采纳", "--approved-by", "刘主任", "-w", place.root).code == 4
    score = "select score from {scores} where manager_id = $1"
    before = Decimal(Sources(place, PERIOD).rows(score, WHO)[0]["score"])
    run_in(place, Common(period=PERIOD), Options())
    after = Decimal(Sources(place, PERIOD).rows(score, WHO)[0]["score"])
    assert after - before == (0 if closed else Decimal("1.5"))


def test_an_answer_killed_before_its_register_never_happened_and_is_never_paid_twice(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_here("appeal", _fill(_statement(place), "走访计划完成率", "漏录", "0.3"), "-w", place.root)
    answer = ("appeal", "answer", 1, "--result", "采纳", "--approved-by", "刘主任", "-w", place.root)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(appeals, "append", killed)
    with pytest.raises(KeyboardInterrupt):
        answer_appeal(Common(workspace=place.root, quiet=True), "1", "采纳", "1.5", None, "", "刘主任", "")
    monkeypatch.undo()
    list_ = place.exports / "更正与申诉.csv"
    assert not list_.exists()
    assert [event.event for event in register(place)] == ["收到"]
    assert run_here(*answer, "--points", "1.50", "--json").json["into"] == PERIOD
    before = list_.read_bytes()
    assert run_here(*answer, "--points", "2").code == 4
    assert run_here("appeal", "answer", 1, "--result", "不采纳", "--approved-by", "刘主任", "-w", place.root).code == 4
    assert list_.read_bytes() == before
    assert [event.event for event in register(place)] == ["收到", "答复"]


def test_a_line_without_its_answer_is_answered_as_it_stands_and_in_no_other_way(place: Workspace) -> None:
    """The register was put back as it was before the answer, the list was not."""
    run_here("appeal", _fill(_statement(place), "走访计划完成率", "漏录", "0.3"), "-w", place.root)
    answer = ("appeal", "answer", 1, "--approved-by", "刘主任", "-w", place.root, "--result")
    kept = {path: path.read_bytes() for path in place.root.rglob("申诉*.csv")}
    assert kept
    assert run_here(*answer, "采纳", "--points", "1.5").code == 0
    for path, before in kept.items():
        path.write_bytes(before)
    list_ = place.exports / "更正与申诉.csv"
    line = list_.read_bytes()
    for other in (("采纳", "--points", "2"), ("采纳", "--amount", "1.5"), ("不采纳", "--note", "按办法")):
        refused = run_here(*answer, *other)
        assert refused.code == 4
        assert "appeal.standing" in refused.err
    assert run_here(*answer, "采纳", "--points", "1.50").code == 0
    assert list_.read_bytes() == line


def test_what_is_not_granted_moves_nothing(place: Workspace) -> None:
    run_here("appeal", _fill(_statement(place), "绩效薪酬", "少了", "5000"), "-w", place.root)
    wrong = run_here(
        "appeal", "answer", 1, "--result", "不采纳", "--points", "1", "--approved-by", "刘主任", "-w", place.root
    )
    assert wrong.code == 2
    assert (
        run_here(
            "appeal", "answer", 1, "--result", "不采纳", "--note", "按办法", "--approved-by", "刘主任", "-w", place.root
        ).code
        == 0
    )
    assert not (place.exports / "更正与申诉.csv").exists()


def test_a_stranger_is_not_read(place: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "别的.xlsx")
    for name in ("别的.xlsx", "没有.xlsx"):
        ran = run_here("appeal", tmp_path / name, "-w", place.root)
        assert ran.code == 4
        assert "Traceback" not in ran.err


@pytest.mark.parametrize(("column", "value"), [("指标", "没有的指标"), ("工号", "M9999"), ("期间", "2020-01")])
def test_a_statement_that_was_tampered_with_is_not_read(place: Workspace, column: str, value: str) -> None:
    path = _fill(_statement(place), "走访计划完成率", "漏录", "1")
    book = openpyxl.load_workbook(path)
    sheet = book["计分与申诉"]
    names = [cell.value for cell in sheet[4]]
    row = next(row for row in sheet.iter_rows(min_row=5) if row[names.index("申诉")].value)
    row[names.index(column)].value = value
    book.save(path)
    ran = run_here("appeal", path, "-w", place.root)
    assert ran.code == 4
    assert value in ran.err
    assert not (place.root / "申诉").exists()


def test_the_register_only_grows(tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    append(place, [Event(1, "收到", PERIOD, WHO, "存款", "1", "因为", day="2026-11-02", due_on="2026-11-09")])
    before = (tmp_path / "申诉" / "申诉登记.csv").read_bytes()
    append(
        place,
        [
            Event(1, "答复", PERIOD, WHO, "存款", result="采纳"),
            Event(2, "收到", PERIOD, WHO, "贷款", due_on="2026-11-09"),
        ],
    )
    assert (tmp_path / "申诉" / "申诉登记.csv").read_bytes().startswith(before)
    assert [event.number for event in open_appeals(register(place))] == [2]


@given(st.text(max_size=20))
def test_text_from_outside_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert not guarded(text).startswith(("=", "@"))
    assert unguarded(guarded(text)) == text


def test_working_days_pass_over_weekends() -> None:
    assert workdays_after(dt.date(2026, 11, 6), 5) == dt.date(2026, 11, 13)
    assert workdays_after(dt.date(2026, 11, 7), 1) == dt.date(2026, 11, 9)


def test_an_appeal_that_there_is_not_is_not_answered(place: Workspace) -> None:
    ran = run_here(
        "appeal", "answer", "9", "--result", "不采纳", "--note", "无此事", "--approved-by", "刘主任", "-w", place.root
    )
    assert ran.code == 4
    assert "appeal.none" in ran.err
    assert "待答复：没有" in ran.err

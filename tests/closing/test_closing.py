"""Does a closed month stay closed? Signatures by others, seals in a chain, runs that compare, corrections in the month after."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from conftest import Ran, copied, run_here

from kehujingli.answers.sources import Sources
from kehujingli.closing import STATE_FILE, state_of
from kehujingli.closing.deeds import _final_books, close, reopen, sign
from kehujingli.closing.seal import verify
from kehujingli.commands.common import Common
from kehujingli.commands.run import run_in
from kehujingli.errors import Exit, Problem
from kehujingli.month.run import Options, Outcome
from kehujingli.workbooks.house import Book, Meta
from kehujingli.workspace import MANIFEST, Workspace, fingerprint
from kehujingli.workspace.log import read_log

pytestmark = pytest.mark.slow  # each runs whole months; the quick run has a month of its own

SEPTEMBER, OCTOBER = "2026-09", "2026-10"
ADJUSTMENTS = "工号,考核期间,加减分,事由,依据文号,经办人,审批人\n"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months, run by 王敏."""
    root = copied(tmp_path_factory.mktemp("closing") / "county")
    for period in (SEPTEMBER, OCTOBER):
        run_in(Workspace(root, "王敏"), Common(period=period), Options())
    return root


@pytest.fixture
def place(county: Path, tmp_path: Path) -> Workspace:
    root = tmp_path / "county"
    shutil.copytree(county, root)
    return Workspace(root, "王敏")


def by(place: Workspace, name: str) -> Workspace:
    return replace(place, acting=name)


def _run(place: Workspace, period: str) -> Outcome:
    return run_in(place, Common(period=period), Options())


def _code(stopped: pytest.ExceptionInfo[Problem]) -> str:
    return stopped.value.findings[0].code


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _adjust(place: Workspace, text: str) -> None:
    (place.exports / "补充加减分.csv").write_text(ADJUSTMENTS + text, encoding="utf-8")


def test_nobody_signs_what_he_ran_himself(place: Workspace) -> None:
    for deed in ("review", "approve"):
        with pytest.raises(Problem) as stopped:
            sign(place, OCTOBER, deed)
        assert _code(stopped) == "close.same-person"
    with pytest.raises(Problem) as stopped:
        close(place, OCTOBER, " 王敏 ")
    assert _code(stopped) == "close.same-person"
    assert state_of(place, OCTOBER).state == "draft"


def test_a_period_goes_from_draft_to_closed(place: Workspace) -> None:
    assert sign(by(place, "李红"), OCTOBER, "review").state == "reviewed"
    assert sign(by(place, "刘主任"), OCTOBER, "approve", "示联发〔2026〕12号").state == "approved"
    closed = close(place, OCTOBER, "刘主任", "示联发〔2026〕12号")
    assert closed.closed
    assert [step["by"] for step in state_of(place, OCTOBER).steps] == ["李红", "刘主任", "刘主任"]
    told = [entry for entry in read_log(place) if entry["deed"] in ("review", "approve", "close")]
    assert [entry["who"] for entry in told] == ["李红", "刘主任", "王敏"]
    assert told[-1]["seal"] == closed.seal["sha256"]


def test_a_review_does_not_outlive_the_figures_it_was_for(place: Workspace) -> None:
    sign(by(place, "李红"), OCTOBER, "review")
    _adjust(place, "M0001,2026-10,1,好人好事,示联发〔2026〕3号,王敏,刘主任\n")
    _run(place, OCTOBER)
    assert state_of(place, OCTOBER).state == "draft"


def test_closed_workbooks_are_no_drafts_any_more(place: Workspace) -> None:
    path = place.period(OCTOBER) / "考核得分.xlsx"
    before = {
        cell.coordinate: cell.value for row in openpyxl.load_workbook(path)["考核得分"].iter_rows() for cell in row
    }
    close(place, OCTOBER, "刘主任")
    after = {
        cell.coordinate: cell.value for row in openpyxl.load_workbook(path)["考核得分"].iter_rows() for cell in row
    }
    changed = [before[cell] for cell in before if before[cell] != after[cell]]
    assert changed == ["试算稿"]


def test_the_seal_chains_to_the_month_before(place: Workspace) -> None:
    first = close(place, SEPTEMBER, "刘主任")
    second = close(place, OCTOBER, "刘主任")
    assert second.seal["before"] == {"period": SEPTEMBER, "sha256": first.seal["sha256"]}
    assert not verify(place, SEPTEMBER).findings
    assert not verify(place, OCTOBER).findings
    with pytest.raises(Problem) as stopped:
        reopen(place, SEPTEMBER, "看错了")
    assert _code(stopped) == "close.later-closed"


@pytest.mark.parametrize("name", ["考核得分.xlsx", "data/scores.parquet", "manifest.json"])
def test_verify_notices_a_changed_byte(place: Workspace, name: str) -> None:
    close(place, OCTOBER, "刘主任")
    path = place.period(OCTOBER) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    assert [told.code for told in verify(place, OCTOBER).findings] == ["seal.output-changed"]


def test_verify_notices_changed_inputs_and_a_forged_seal(place: Workspace) -> None:
    close(place, OCTOBER, "刘主任")
    (place.exports / "手工表" / "加减分.xlsx").write_bytes(b"something else")
    (place.exports / "手工表" / "基数.xlsx").unlink()
    proof = verify(place, OCTOBER)
    assert [told.code for told in proof.findings] == ["seal.input-changed"]
    assert proof.absent == 1
    file = place.period(OCTOBER) / STATE_FILE
    told = json.loads(file.read_text(encoding="utf-8"))
    told["seal"]["outputs"].pop()
    file.write_text(json.dumps(told), encoding="utf-8")
    assert [told.code for told in verify(place, OCTOBER).findings] == ["seal.itself"]
    file.unlink()
    assert state_of(place, OCTOBER).closed, "the log still knows"


def _rewrite(place: Workspace, old: str, new: str) -> None:
    file = place.period(OCTOBER) / STATE_FILE
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("old", "new"), [("刘主任", "李主任"), ("李红", "李白"), ("12号", "13号")])
def test_who_reviewed_and_approved_by_which_paper_is_under_the_seal(place: Workspace, old: str, new: str) -> None:
    sign(by(place, "李红"), OCTOBER, "review")
    sign(by(place, "刘主任"), OCTOBER, "approve", "示联发〔2026〕12号")
    close(place, OCTOBER, "刘主任")
    assert verify(place, OCTOBER).findings == []
    _rewrite(place, old, new)
    (told,) = verify(place, OCTOBER).findings
    assert told.code == "seal.signatures"
    assert "日志写审批 刘主任" in told.text


def test_an_approver_changed_in_the_file_and_in_the_log_does_not_hold(place: Workspace) -> None:
    close(place, OCTOBER, "刘主任")
    _rewrite(place, "刘主任", "李主任")
    log = place.logs / "日志.jsonl"
    log.write_text(log.read_text(encoding="utf-8").replace("刘主任", "李主任"), encoding="utf-8")
    assert [told.code for told in verify(place, OCTOBER).findings] == ["seal.signatures"]


def test_a_month_swapped_with_its_line_of_the_log_is_found_out_by_the_month_after(place: Workspace) -> None:
    """September's file and log agree on another seal; only October still bears the true one."""
    true = close(place, SEPTEMBER, "刘主任").seal
    close(place, OCTOBER, "刘主任")
    body = {key: value for key, value in true.items() if key != "sha256"} | {"inputs": []}
    other = body | {"sha256": fingerprint(body)}
    file = place.period(SEPTEMBER) / STATE_FILE
    told = json.loads(file.read_text(encoding="utf-8")) | {"seal": other}
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    log = place.logs / "日志.jsonl"
    log.write_text(log.read_text(encoding="utf-8").replace(true["sha256"], other["sha256"]), encoding="utf-8")
    assert verify(place, SEPTEMBER).findings == []
    found = {told.code: told.message for told in verify(place, OCTOBER).findings}
    assert found.keys() == {"seal.chain", "seal.log-gone"}
    assert SEPTEMBER in found["seal.chain"]


def test_a_seal_without_signatures_is_told_in_a_sentence(place: Workspace) -> None:
    """As a program wrote it that did not seal them yet."""
    sealed = dict(close(place, OCTOBER, "刘主任").seal)
    body = {key: value for key, value in sealed.items() if key not in ("signatures", "sha256")}
    file = place.period(OCTOBER) / STATE_FILE
    told = json.loads(file.read_text(encoding="utf-8")) | {"seal": body | {"sha256": fingerprint(body)}}
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    log = place.logs / "日志.jsonl"
    log.write_text(log.read_text(encoding="utf-8").replace(sealed["sha256"], told["seal"]["sha256"]), encoding="utf-8")
    (finding,) = verify(place, OCTOBER).findings
    assert finding.code == "seal.signatures-unsealed"
    assert "只能按日志认：刘主任" in finding.text


def test_a_later_run_compares_and_never_overwrites(place: Workspace) -> None:
    close(place, OCTOBER, "刘主任")
    before = _bytes(place.period(OCTOBER))
    same = _run(place, OCTOBER)
    assert same.exit == Exit.DONE
    assert _bytes(place.period(OCTOBER)) == before
    _adjust(place, "M0001,2026-10,-7,迟到的扣分,示联发〔2026〕3号,王敏,刘主任\n")
    differs = _run(place, OCTOBER)
    assert differs.exit == Exit.ATTENTION
    assert [told.code for told in differs.findings] == ["period.closed"]
    assert "刘主任" in differs.findings[0].text
    after = _bytes(place.period(OCTOBER))
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"比对.xlsx"}
    rows = list(openpyxl.load_workbook(place.period(OCTOBER) / "比对.xlsx")["差异"].iter_rows(values_only=True))
    score = next(row for row in rows if "M0001" in str(row[1]) and row[2] == "得分")
    assert [str(cell).endswith(" 分") for cell in score[3:5]] == [True, True]
    paid = next(row for row in rows if "M0001" in str(row[1]) and row[2] == "应发(税前)")
    assert [str(cell).endswith(" 元") for cell in paid[3:5]] == [True, True]
    assert not verify(place, OCTOBER).findings


def test_a_correction_is_a_linked_line_of_the_next_open_month(place: Workspace) -> None:
    close(place, SEPTEMBER, "刘主任")
    score = "select score, adjustment from {scores} where manager_id = 'M0008'"
    before = Sources(place, OCTOBER).rows(score)[0]
    told = run_here(
        "correct",
        SEPTEMBER,
        "M0008",
        "--points",
        "1.5",
        "--reason",
        "漏计一户",
        "--approved-by",
        "刘主任",
        "--as",
        "王敏",
        "-w",
        place.root,
        "--json",
    )
    assert told.json["into"] == OCTOBER
    sealed = _bytes(place.period(SEPTEMBER))
    _run(place, OCTOBER)
    after = Sources(place, OCTOBER).rows(score)[0]
    assert Decimal(after["score"]) == Decimal(before["score"]) + Decimal("1.5")
    assert Decimal(after["adjustment"]) == Decimal(before["adjustment"]) + Decimal("1.5")
    assert _bytes(place.period(SEPTEMBER)) == sealed
    assert SEPTEMBER in (place.exports / "更正与申诉.csv").read_text(encoding="utf-8-sig")


def _correct(place: Workspace, period: str, reason: str, *more: str, points: str = "1.5") -> Ran:
    words = ("--points", points, "--reason", reason, "--approved-by", "刘主任", "--as", "王敏", "-w", str(place.root))
    return run_here("correct", period, "M0008", *words, *more)


def test_corrections_that_came_after_the_closing_change_no_input(place: Workspace) -> None:
    close(place, SEPTEMBER, "刘主任")
    assert _correct(place, SEPTEMBER, "漏计一户").code == 0
    _run(place, OCTOBER)
    assert close(place, OCTOBER, "刘主任").seal["inputs"], "the list is one of them"
    whole = verify(place, OCTOBER).present
    assert _correct(place, OCTOBER, "又漏一户").code == 0
    assert _correct(place, SEPTEMBER, "再漏一户").code == 0
    proof = verify(place, OCTOBER)
    assert (proof.findings, proof.present) == ([], whole)
    path = place.exports / "更正与申诉.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert text.count("漏") == 3
    saved = text.replace("2026-10,1.5", "Oct-26,1.50").replace(",2026-09\n", ",Sep-26\n").replace("\n", "\r\n")
    assert saved.count("Oct-26") == 1
    path.write_bytes(saved.encode("gb18030"))  # by a spreadsheet
    assert verify(place, OCTOBER).findings == []
    for changed in (text.replace("1.5", "9.5", 1), text.replace(text.splitlines(keepends=True)[1], "")):
        path.write_text(changed, encoding="utf-8")
        assert [told.code for told in verify(place, OCTOBER).findings] == ["seal.input-changed"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--into", "2026-08"), "不在 2026-09 以后，最早是 2026-10"),
        (("--into", SEPTEMBER), "不在 2026-09 以后"),
        (("--into", "2026-10", "--amount", "0.001"), "--amount 是“0.001”，小数超过 2 位"),
    ],
)
def test_a_correction_goes_to_a_later_month_and_is_no_finer_than_what_is_shown(
    place: Workspace, more: tuple[str, ...], said: str
) -> None:
    close(place, SEPTEMBER, "刘主任")
    stopped = _correct(place, SEPTEMBER, "漏计一户", *more)
    assert stopped.code == 2
    for part in said.split("，"):
        assert part in stopped.err
    assert not (place.exports / "更正与申诉.csv").exists()


def test_points_are_no_finer_than_the_rules_of_the_month_round(place: Workspace) -> None:
    close(place, SEPTEMBER, "刘主任")
    stopped = _correct(place, SEPTEMBER, "漏计一户", points="0.001")
    assert (stopped.code, "小数超过 2 位" in stopped.err) == (2, True)
    rules = next(place.rules.glob("*.toml"))
    text = rules.read_text(encoding="utf-8")
    assert "points = 2" in text
    rules.with_name("2026-10-02.toml").write_text(text.replace("points = 2", "points = 3"), encoding="utf-8")
    assert _correct(place, SEPTEMBER, "漏计一户", points="0.001").code == 0


def test_a_line_added_between_the_run_and_the_closing_is_not_sealed(place: Workspace) -> None:
    close(place, SEPTEMBER, "刘主任")
    _correct(place, SEPTEMBER, "漏计一户")
    _run(place, OCTOBER)
    _correct(place, SEPTEMBER, "又漏一户", "--into", "2026-11")
    close(place, OCTOBER, "刘主任")
    assert verify(place, OCTOBER).findings == []


def test_a_line_that_comes_after_the_closing_is_said_and_not_counted(place: Workspace) -> None:
    close(place, SEPTEMBER, "刘主任")
    clean = _run(place, OCTOBER)
    assert "score.adjustment-closed" not in {told.code for told in clean.findings}
    _adjust(place, "M0001,2026-09,-7,迟到的扣分,示联发〔2026〕3号,王敏,刘主任\nM0001,2026-09,-1,没有批,,王敏,\n")
    late = [told for told in _run(place, OCTOBER).findings if told.code == "score.adjustment-closed"]
    assert len(late) == 1
    assert "M0001 -7 分" in late[0].text
    assert "correct 2026-09" in late[0].text


def test_an_open_month_is_not_corrected_but_run_again(place: Workspace) -> None:
    told = run_here(
        "correct", OCTOBER, "M0008", "--points", "1", "--reason", "x", "--approved-by", "刘", "-w", place.root
    )
    assert told.code == 4
    assert "close.not-closed" in told.err


def test_reopening_needs_a_reason_and_leaves_a_trace(place: Workspace) -> None:
    sealed = close(place, OCTOBER, "刘主任").seal
    assert run_here("reopen", OCTOBER, "--reason", " ", "-w", place.root).code == 2
    opened = reopen(place, OCTOBER, "台账导错")
    assert opened.state == state_of(place, OCTOBER).state == "draft"
    assert opened.steps[-1]["seal"] == sealed
    newest = list(read_log(place))[-1]
    assert (newest["deed"], newest["reason"]) == ("reopen", "台账导错")
    assert _run(place, OCTOBER).findings


def test_a_month_under_way_or_out_of_turn_is_not_closed(place: Workspace) -> None:
    close(place, OCTOBER, "刘主任")
    with pytest.raises(Problem) as stopped:
        close(place, SEPTEMBER, "刘主任")
    assert _code(stopped) == "close.later-closed"
    with pytest.raises(Problem) as stopped:
        close(place, OCTOBER, "刘主任")
    assert _code(stopped) == "close.already"


def test_no_month_is_closed_over_an_open_one_before_it(place: Workspace) -> None:
    """August, as if it had been run, is closed; September is not; October would leave a gap in the chain."""
    august = place.period("2026-08")
    shutil.copytree(place.period(SEPTEMBER), august)
    manifest = august / MANIFEST
    text = manifest.read_text(encoding="utf-8").replace("2026-09-30", "2026-08-31").replace(SEPTEMBER, "2026-08")
    manifest.write_text(text, encoding="utf-8")
    close(place, "2026-08", "刘主任")
    with pytest.raises(Problem) as stopped:
        close(place, OCTOBER, "刘主任")
    assert _code(stopped) == "close.before-open"
    assert SEPTEMBER in stopped.value.findings[0].message


def test_a_month_that_is_not_over_is_not_closed(place: Workspace) -> None:
    run_in(place, Common(period=OCTOBER, as_of="2026-10-20"), Options())
    with pytest.raises(Problem) as stopped:
        close(place, OCTOBER, "刘主任")
    assert _code(stopped) == "close.partial"
    assert "2026-10-20" in stopped.value.findings[0].message


def test_a_workbook_that_is_gone_is_missed(place: Workspace) -> None:
    close(place, OCTOBER, "刘主任")
    (place.period(OCTOBER) / "月报.xlsx").unlink()
    (told,) = verify(place, OCTOBER).findings
    assert (told.code, "月报.xlsx" in told.message) == ("seal.output-missing", True)


def test_what_was_touched_by_hand_is_not_signed(place: Workspace) -> None:
    (place.period(OCTOBER) / "data" / "pay.parquet").write_bytes(b"nothing")
    with pytest.raises(Problem) as stopped:
        close(place, OCTOBER, "刘主任")
    assert _code(stopped) == "close.touched"


def test_periods_tell_the_state_in_both_languages(place: Workspace) -> None:
    close(place, SEPTEMBER, "刘主任")
    sign(by(place, "李红"), OCTOBER, "review")
    records = run_here("periods", "-w", place.root, "--json").json
    assert [(record["period"], record["status"]) for record in records] == [
        (SEPTEMBER, "closed"),
        (OCTOBER, "reviewed"),
    ]
    table = run_here("periods", "-w", place.root).out
    assert "已关账" in table
    assert "已复核" in table


def test_without_an_approver_nothing_is_closed(place: Workspace) -> None:
    told = run_here("close", OCTOBER, "-w", place.root)
    assert told.code == 2
    assert "--approved-by" in told.err
    assert run_here("verify", "-w", place.root, "--json").json["periods"] == []


def test_a_month_whose_state_file_is_gone_is_reopened_by_the_seal_in_the_log(place: Workspace) -> None:
    sealed = close(place, OCTOBER, "刘主任").seal
    (place.period(OCTOBER) / STATE_FILE).unlink()
    opened = reopen(place, OCTOBER, "状态文件丢了")
    assert opened.state == state_of(place, OCTOBER).state == "draft"
    assert list(read_log(place))[-1]["seal"] == sealed["sha256"]
    assert close(place, OCTOBER, "刘主任").closed
    assert not verify(place, OCTOBER).findings


def test_the_next_month_is_chained_to_a_closed_one_whose_state_file_is_gone(place: Workspace) -> None:
    sealed = close(place, SEPTEMBER, "刘主任").seal
    (place.period(SEPTEMBER) / STATE_FILE).unlink()
    assert close(place, OCTOBER, "刘主任").seal["before"] == {"period": SEPTEMBER, "sha256": sealed["sha256"]}
    assert not verify(place, OCTOBER).findings
    assert [told.code for told in verify(place, SEPTEMBER).findings] == ["seal.itself"]


def test_a_closed_month_that_is_gone_is_missed_and_can_be_made_again(place: Workspace) -> None:
    close(place, SEPTEMBER, "刘主任")
    close(place, OCTOBER, "刘主任")
    shutil.rmtree(place.period(SEPTEMBER))
    told = run_here("verify", "-w", place.root)
    assert told.code == 1
    assert "2026-09 有出入" in told.out
    assert "seal.period-missing" in told.out
    assert "审批：刘主任" in told.out
    assert "2026-10 相符" in told.out, "its chain ends in the seal that the log has"
    assert run_here("verify", SEPTEMBER, "-w", place.root).code == 1
    with pytest.raises(Problem) as stopped:
        reopen(place, SEPTEMBER, "整月丢失")
    assert _code(stopped) == "close.later-closed"
    reopen(place, OCTOBER, "九月要重关")
    reopen(place, SEPTEMBER, "整月丢失")
    _run(place, SEPTEMBER)
    close(place, SEPTEMBER, "刘主任")
    close(place, OCTOBER, "刘主任")
    assert run_here("verify", "-w", place.root).code == 0


def test_the_first_closed_month_is_missed_by_the_log_alone(place: Workspace) -> None:
    close(place, OCTOBER, "刘主任")
    shutil.rmtree(place.period(OCTOBER))
    assert [
        proof["findings"][0]["code"] for proof in run_here("verify", "-w", place.root, "--json").json["periods"]
    ] == ["seal.period-missing"]


@pytest.mark.parametrize("lost", ["the line of the log", "nothing"])
def test_a_closing_killed_on_its_way_is_finished_with_its_line_of_the_log(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    def killed(self: Path, missing_ok: bool = False) -> None:
        if self == place.journal and self.exists():
            raise KeyboardInterrupt
        unlink(self, missing_ok=missing_ok)

    unlink = Path.unlink
    written = len(list(read_log(place)))
    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(KeyboardInterrupt):
        close(place, OCTOBER, "刘主任")
    monkeypatch.undo()
    if lost == "the line of the log":
        log = place.logs / "日志.jsonl"
        log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:written]))
    place.finish()
    told = [entry for entry in read_log(place) if entry["deed"] == "close"]
    assert [entry["period"] for entry in told] == [OCTOBER]
    assert not verify(place, OCTOBER).findings


def test_rules_and_exports_from_elsewhere_are_not_compared_with_files_of_the_same_name(
    place: Workspace, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "别处"
    rules = next(place.rules.glob("*.toml"))
    shutil.copytree(place.exports, elsewhere)
    trial = elsewhere / rules.name
    trial.write_text(rules.read_text(encoding="utf-8") + "\n# 试\n", encoding="utf-8")
    run_in(place, Common(period=OCTOBER, paths=(elsewhere,), rules=trial), Options())
    close(place, OCTOBER, "刘主任")
    (place.exports / "手工表" / "加减分.xlsx").write_bytes(b"another month's")
    proof = verify(place, OCTOBER)
    assert proof.findings == []
    assert (proof.present, proof.absent) == (0, 0)
    assert proof.outside > 1
    assert "在工作区以外、不验" in run_here("verify", OCTOBER, "-w", place.root).out


def test_exports_given_as_paths_are_compared_where_they_lie(place: Workspace) -> None:
    other = place.root / "另一批"
    shutil.copytree(place.exports, other)
    run_in(place, Common(period=OCTOBER, paths=(other,)), Options())
    close(place, OCTOBER, "刘主任")
    (place.exports / "手工表" / "加减分.xlsx").write_bytes(b"something else")
    assert verify(place, OCTOBER).findings == []
    (other / "手工表" / "加减分.xlsx").write_bytes(b"something else")
    assert [told.code for told in verify(place, OCTOBER).findings] == ["seal.input-changed"]


def test_who_reviewed_does_not_approve(place: Workspace) -> None:
    sign(by(place, "李红"), OCTOBER, "review")
    for attempt in (
        lambda: sign(by(place, " 李红"), OCTOBER, "approve"),
        lambda: close(place, OCTOBER, "李红", "示联发〔2026〕12号"),
    ):
        with pytest.raises(Problem) as stopped:
            attempt()
        assert _code(stopped) == "close.same-signer"
    assert state_of(place, OCTOBER).state == "reviewed"


def test_a_log_written_anew_as_a_whole_is_found_out_by_the_seal(place: Workspace) -> None:
    """Its chain holds: every line was hashed again, and nobody is left who knows how far the old one reached."""
    close(place, SEPTEMBER, "刘主任")
    assert verify(place, SEPTEMBER).findings == []
    log, before, lines = place.logs / "日志.jsonl", "", []
    for line in log.read_text(encoding="utf-8").splitlines():
        told = json.loads(line) | {"before": before}
        if told["deed"] == "run":
            told["who"] = "别人"
        lines.append(json.dumps(told, ensure_ascii=False))
        before = hashlib.sha256(lines[-1].encode()).hexdigest()
    log.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (place.cache / "log.json").unlink()
    assert not any(entry["broken"] for entry in read_log(place))
    assert [told.code for told in verify(place, SEPTEMBER).findings] == ["seal.log-gone"]


def test_workbooks_print_where_the_log_stood_and_signing_changes_none(place: Workspace) -> None:
    """What a run prints of the log moves with deeds on which figures rest: to run again after a review makes no draft of it."""
    close(place, SEPTEMBER, "刘主任")
    last = (place.logs / "日志.jsonl").read_bytes().splitlines()[-1]
    _adjust(place, "M0012,2026-10,0.5,走访,示1号,甲,乙\n")
    _run(place, OCTOBER)
    rows = openpyxl.load_workbook(place.period(OCTOBER) / "考核得分.xlsx")["口径"].iter_rows(
        max_col=2, values_only=True
    )
    assert hashlib.sha256(last).hexdigest()[:16] in str(dict(rows)["日志链"])
    sign(by(place, "李四"), OCTOBER, "review")
    before = _bytes(place.period(OCTOBER))
    shutil.rmtree(place.cache / "runs")
    _run(place, OCTOBER)
    assert state_of(place, OCTOBER).state == "reviewed"
    assert before.keys() == _bytes(place.period(OCTOBER)).keys()


def test_a_book_in_a_folder_of_the_month_is_closed_with_it(tmp_path: Path) -> None:
    """专题 that a run wrote lose 试算稿 as the month's own books do, each under its own folder."""
    folder, staged = tmp_path / "2026-10", tmp_path / "staged"
    (folder / "专题").mkdir(parents=True)
    staged.mkdir()
    book = Book(Meta("示例县", "2026年10月", "2026-10-31", "示联发〔2026〕1号"))
    book.columns(book.sheet("首页"), [40])
    digest = book.save(folder / "专题" / "拓客.xlsx")
    final = _final_books(folder, {"outputs": [{"path": "专题/拓客.xlsx", "sha256": digest}]}, staged)
    assert (staged / "专题" / "拓客.xlsx").is_file()
    assert [item["path"] for item in final["outputs"]] == ["专题/拓客.xlsx"]

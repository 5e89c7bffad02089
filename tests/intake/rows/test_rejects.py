"""What is told of refused rows, be they three or thousands: the first fault, its cell and value, the row as it stood, the money."""

from __future__ import annotations

from pathlib import Path

from conftest import write_xlsx

from kehujingli import terms
from kehujingli.intake.ledger import Export, Ledger, hash_file
from kehujingli.intake.read import read_file
from kehujingli.intake.refused import rejected_rows
from kehujingli.intake.rows.accept import Accepted

HEADER = ["交易日期", "客户号", "账号", "借贷标志", "交易金额", "备注"]


def read(path: Path) -> Accepted:
    (result,) = read_file(path, path.name)
    assert result.accepted is not None
    return result.accepted


def test_the_first_fault_of_a_row_counts_and_the_row_stays_as_it_stood(tmp_path: Path) -> None:
    rows = [
        ["2026-10-01", "C1", "A1", "贷", "1,2O0.00", " 甲 "],
        ["昨天", "C1", "A1", "?", 5, None],
        [None, "C2", "A1", "贷", 6, 1.5],
    ]
    found = list(read(write_xlsx(tmp_path / "流水.xlsx", [HEADER, *rows])).rejects)
    assert [(reject.row, reject.cell, reject.code, reject.column, reject.value) for reject in found] == [
        (2, "E2", "intake.amount-bad", "交易金额", "1,2O0.00"),
        (3, "A3", "intake.date-bad", "交易日期", "昨天"),
        (4, "A4", "intake.value-missing", "交易日期", ""),
    ]
    assert [reject.facts for reject in found] == [{"hint": "，里面有字母 O"}, {"hint": ""}, {}]
    assert [reject.money for reject in found] == [{}, {"amount": 500}, {"amount": 600}]
    assert found[0].original == ("2026-10-01", "C1", "A1", "贷", "1,2O0.00", "甲")


def test_thousands_are_one_finding_a_kind_and_all_stand_in_the_ledger(tmp_path: Path) -> None:
    rows = [["2026-10-01", "C1" if n % 2 else None, None, "贷" if n % 3 else "?", n / 100, "转账"] for n in range(3000)]
    path = write_xlsx(tmp_path / "流水.xlsx", [HEADER, *rows])
    (sheet,) = Ledger(tmp_path / "ledger").read([Export(path, path.name, hash_file(path), path.stat().st_size)])
    kept = rejected_rows(sheet)
    wrong = [n for n in range(3000) if not n % 2 or not n % 3]
    assert [row["row"] for row in kept] == [n + 2 for n in wrong]
    assert {row["row"]: row["cell"] for row in kept}[2 + 3] == "D5"
    assert kept[0]["original"] == ["2026-10-01", "", "", "?", "0", "转账"]
    told = {told.code: told for told in sheet.findings if told.level == "refused"}
    unclear = sum(1 for n in wrong if not n % 3)
    assert {code: one.count for code, one in told.items()} == {
        "intake.code-bad": unclear,
        "intake.id-missing": len(wrong) - unclear,
    }
    assert [spot.cell for spot in told["intake.id-missing"].spots][:3] == ["B4", "B6", "B10"]
    assert sheet.totals["amount"] == (sum(set(range(3000)) - set(wrong)), sum(wrong))


def test_lines_of_a_text_are_counted_with_their_thousands(tmp_path: Path) -> None:
    path = tmp_path / "流水.csv"
    lines = [",".join(HEADER), *["2026-10-01,C1,A1,贷,1,"] * 1500, "2026-10-01,C1,A1,贷,x,"]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [reject.cell for reject in read(path).rejects] == ["第 1,502 行"]


def test_a_row_of_spaces_is_blank(tmp_path: Path) -> None:
    accepted = read(
        write_xlsx(
            tmp_path / "流水.xlsx",
            [HEADER, ["2026-10-01", "C001", "A001", "贷", 1, None], ["   ", "  ", None, None, None, " "]],
        )
    )
    assert (accepted.rows, accepted.blank, len(accepted.rejects)) == (1, 1, 0)


def test_footers_begin_in_chinese() -> None:
    """Only cells that begin with a space or beyond ASCII are looked at for one."""
    assert all(word[0] > "~" for word in terms.FOOTER_WORDS)

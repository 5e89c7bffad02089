"""A file is told by its content: the same rows in every wrapping, under any name, are the same table."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import write_xlsx

from kehujingli.intake.read import SheetResult, read_file

HEADER = ["交易日期", "客户号", "借贷标志", "交易金额", "摘要"]
ROWS = [["2026-10-01", "C000001", "贷", "1234.50", "工资"], ["2026-10-02", "C000002", "借", "0.07", "购化肥"]]
WANTED = [("C000001", 123450), ("C000002", -7)]


def joined(delimiter: str, *, header: bool = True) -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in ([HEADER] if header else []) + ROWS)


def html(encoding: str) -> bytes:
    rows = "".join("<tr>" + "".join(f"<td x:str>{cell}</td>" for cell in row) + "</tr>\n" for row in [HEADER, *ROWS])
    page = f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{encoding}"><style>td {{color: #000}}</style></head>'
    return f"{page}<body><table><tr><td colspan=5>交易流水</td></tr>{rows}</table></body></html>".encode(encoding)


def spreadsheet_ml() -> bytes:
    rows = "".join(
        "<Row>"
        + "".join(
            f'<Cell><Data ss:Type="{"Number" if cell.replace(".", "").isdigit() else "String"}">{cell}</Data></Cell>'
            for cell in row
        )
        + "</Row>"
        for row in [HEADER, *ROWS]
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="流水"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


def mhtml() -> bytes:
    import email.message
    import email.policy

    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message.set_content(html("gb18030").decode("gb18030").replace("gb18030", "utf-8"), subtype="html")
    return bytes(message)


def zipped(**members: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return whole.getvalue()


WRAPPINGS: dict[str, bytes] = {
    "comma": joined(",").encode(),
    "comma, with a mark": joined(",").encode("utf-8-sig"),
    "comma, GB18030": joined(",").encode("gb18030"),
    "comma, UTF-16": joined(",").encode("utf-16"),
    "tab, UTF-16 without a mark": joined("\t").encode("utf-16-le"),
    "tab": joined("\t").encode(),
    "bar": joined("|").encode(),
    "bar plus bar": joined("|+|").encode("gb18030"),
    "0x01": joined("\x01").encode(),
    "semicolon": joined(";").encode(),
    "HTML": html("utf-8"),
    "HTML, GBK": html("gbk"),
    "SpreadsheetML 2003": spreadsheet_ml(),
    "MHTML": mhtml(),
    "gzip": gzip.compress(joined(",").encode()),
    "zip": zipped(**{"流水.csv": joined(",").encode()}),
    "gzip in zip": zipped(**{"流水.csv.gz": gzip.compress(joined("|").encode())}),
}


def postings(results: list[SheetResult]) -> list[tuple[str, int]]:
    return [
        (row["customer_id"], row["signed"])
        for result in results
        if result.accepted is not None
        for row in result.accepted.table.to_pylist()
    ]


@pytest.mark.parametrize("name", ["流水.xls", "流水.csv", "流水"])
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_the_same_rows_in_any_wrapping_under_any_name(tmp_path: Path, wrapping: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(WRAPPINGS[wrapping])
    assert postings(list(read_file(path, name))) == WANTED


def test_every_member_of_a_zip_is_a_file_of_its_own(tmp_path: Path, xlsx: Callable[..., Path]) -> None:
    book = xlsx("b.xlsx", [["工号", "机构号"], ["M1", "8001"]])
    path = tmp_path / "全部.zip"
    path.write_bytes(
        zipped(
            **{
                "一/流水.csv": joined(",").encode(),
                "名册.xlsx": book.read_bytes(),
                "~$名册.xlsx": b"x",
                "坏.xlsx": b"PK\x03\x04??",
            }
        )
    )
    results = list(read_file(path, "全部.zip"))
    assert [(result.sheet, result.table) for result in results] == [
        ("一/流水.csv", "transactions"),
        ("名册.xlsx·Sheet1", "managers"),
        ("坏.xlsx", ""),
    ]
    assert results[2].findings[0].code == "intake.unreadable"
    assert "《全部.zip》「坏.xlsx」" in results[2].findings[0].message


def test_a_name_made_on_chinese_windows_is_read_as_it_was(tmp_path: Path) -> None:
    content = zipped(AAAA=joined(",").encode()).replace(b"AAAA", "流水".encode("gb18030"))
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert [result.sheet for result in read_file(path, "a.zip")] == ["流水"]


def test_archives_that_stand_inside_each_other_for_ever_are_refused(tmp_path: Path) -> None:
    content = joined(",").encode()
    for _ in range(6):
        content = gzip.compress(content)
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    (result,) = read_file(path, "a.gz")
    assert result.findings[0].code == "intake.unreadable"


def test_a_quotation_mark_that_nobody_closes_costs_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(joined(",") + '2026-10-03,C000003,贷,5.00,"老字号\r\n2026-10-04,C000004,贷,6.00,借\r\n', "utf-8")
    (result,) = read_file(path, "a.csv")
    assert postings([result]) == [*WANTED, ("C000003", 500), ("C000004", 600)]
    assert "intake.quotes" in {told.code for told in result.findings}


def test_a_record_that_runs_on_does_not_explode_the_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(joined(",") + "2026-10-03,C000003,贷,5.00,x" + "," * 300_000 + "\r\n", "utf-8")
    (result,) = read_file(path, "a.csv")
    assert postings([result]) == [*WANTED, ("C000003", 500)]


def test_spans_of_a_page_stand_where_the_page_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(
        "<table><tr><th rowspan=2>客户号</th><th>交易日期</th><th>交易金额</th><tr><td>x<td>y"
        "<tr><td rowspan=2>C1<td>2026-10-01<td>1.00<tr><td>2026-10-02<td>2.00</table>",
        "utf-8",
    )
    (result,) = read_file(path, "a.xls")
    assert postings([result])[-2:] == [("C1", 100), ("C1", 200)]


def test_a_page_that_claims_a_billion_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<html><table>" + "<tr><td colspan=65536 rowspan=65536>x</td></tr>" * 400 + "</table>", "utf-8")
    (result,) = read_file(path, "a.xls")
    assert result.findings[0].code == "intake.unreadable"


def test_sixteen_digits_as_a_number_in_markup_are_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    said = spreadsheet_ml().decode().replace("C000001", "6228000000000000000").replace('String">6228', 'Number">6228')
    path.write_bytes(said.encode())
    (result,) = read_file(path, "a.xls")
    assert result.accepted is not None
    assert [reject.code for reject in result.accepted.rejects] == ["intake.id-lost-digits"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "intake.unreadable"),
        (b"%PDF-1.7 \x01\x02", "intake.unreadable"),
        (b"\r\n\r\n", "intake.no-data"),
        ("你好\n再见\n".encode(), "intake.table-unknown"),
    ],
)
def test_what_holds_no_table_says_so(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    (result,) = read_file(path, "a.xlsx")
    assert [told.code for told in result.findings] == [code]


def test_a_text_among_numbers_keeps_its_zeros(tmp_path: Path) -> None:
    """However far down: the first rows of the column are all numbers."""
    rows = [[f"A{number}", 1000 + number, 1] for number in range(200)]
    rows[150][1], rows[160][1] = "00123", "6228480000000000011"
    (result,) = read_file(write_xlsx(tmp_path / "存款.xlsx", [["账号", "客户号", "余额"], *rows]), "存款.xlsx")
    assert result.accepted is not None
    ids = result.accepted.table["customer_id"].to_pylist()
    assert (ids[150], ids[160], ids[3], len(ids)) == ("00123", "6228480000000000011", "1003", 200)


def test_a_target_may_say_its_own_unit(tmp_path: Path) -> None:
    """It goes before the header's; numbers beside it stay the header's."""
    rows = [
        ["工号", "指标", "任务数(万元)"],
        ["M1", "存款", 80],
        ["M2", "存款", "100万元"],
        ["M3", "存款", "5000元"],
        ["M4", "存款", "x万"],
    ]
    (result,) = read_file(write_xlsx(tmp_path / "任务.xlsx", rows), "任务.xlsx")
    assert result.accepted is not None
    table = result.accepted.table
    assert list(zip(table["target"].to_pylist(), table["unit"].to_pylist(), strict=True)) == [
        ("80", "万元"),
        ("100", "万元"),
        ("5000", "元"),
    ]
    assert [reject.value for reject in result.accepted.rejects] == ["x万"]


def test_targets_as_texts_without_a_unit_in_the_header(tmp_path: Path) -> None:
    rows = [["工号", "指标", "任务数"], ["M1", "存款", "80"], ["M2", "存款", "1亿"]]
    (result,) = read_file(write_xlsx(tmp_path / "任务.xlsx", rows), "任务.xlsx")
    assert result.accepted is not None
    table = result.accepted.table
    assert (table["target"].to_pylist(), table["unit"].to_pylist()) == (["80", "1"], [None, "亿元"])


def test_points_bear_no_unit(tmp_path: Path) -> None:
    rows = [["工号", "期间", "分值", "事由"], ["M1", "2026-10", "5万", "查实"]]
    (result,) = read_file(write_xlsx(tmp_path / "加减分.xlsx", rows), "加减分.xlsx")
    assert result.accepted is not None
    assert len(result.accepted.rejects) == 1

"""Is a formula error of an .ods told, although the file keeps it as an empty text?"""

from __future__ import annotations

import zipfile
from pathlib import Path

from twins import Clean, open_document, zipped

from kehujingli.intake.files.opendocument import error_cells
from kehujingli.intake.read import read_file

_REF = '<table:table-cell office:value-type="string"><text:p>壞</text:p></table:table-cell>'
_BROKEN = (
    '<table:table-cell table:formula="of:=#REF!" office:value-type="string" office:string-value=""'
    ' calcext:value-type="error"{}><text:p>#REF!</text:p></table:table-cell>'
)


def broken(path: Path, *, repeated: str = "") -> Path:
    """Accounts with an error where a balance says 壞, kept as LibreOffice keeps it."""
    rows = (("A1", "C1", 5), ("A2", "C2", "壞"), ("A3", "C3", None), ("A4", "C4", 7))
    whole = open_document(Clean("存款", ("账号", "客户号", "余额"), ("id", "id", "money"), rows))
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    content = members["content.xml"].decode()
    space = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = content.replace(_REF, _BROKEN.format(repeated)).replace(" office:version", f"{space} office:version", 1)
    path.write_bytes(zipped({**members, "content.xml": content.encode()}))
    return path


def test_a_formula_error_is_refused_and_a_blank_is_none(tmp_path: Path) -> None:
    (result,) = read_file(broken(tmp_path / "存款.ods"), "存款.ods")
    (told,) = [told for told in result.findings if told.level == "refused"]
    assert (told.code, told.cell, told.value, told.count) == ("intake.cell-error", "C3", "#REF!", 1)
    assert result.accepted is not None
    assert (result.accepted.rows, result.accepted.totals["balance"]) == (4, (1200, 0))


def test_an_error_repeated_to_the_right_is_one_of_each_column(tmp_path: Path) -> None:
    path = broken(tmp_path / "存款.ods", repeated=' table:number-columns-repeated="2"')
    assert error_cells(path) == {0: [(2, 2, "#REF!"), (2, 3, "#REF!")]}

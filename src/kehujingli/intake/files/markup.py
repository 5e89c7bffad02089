"""What tables does a page hold that only calls itself .xls? HTML, SpreadsheetML 2003 and MHTML as grids of texts."""

from __future__ import annotations

import email
import email.policy
import re
from html.parser import HTMLParser
from xml.parsers import expat

from kehujingli.intake.files.codes import Meaning, meaning
from kehujingli.intake.files.grid import Grid
from kehujingli.intake.files.stored import held, held_number
from kehujingli.intake.files.text import decode

MOST_CELLS = 20_000_000
"""A workbook that claims more cells than this is a bomb, not an export."""
MOST_SPANNED = 1_000_000
"""And so is a page whose spans cover more cells than this beside the first of each."""
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_NAMED = {"Percent": "0.00%"}
"""Formats that such a workbook calls by a name and that say something."""


def html_grids(raw: bytes) -> list[Grid]:
    """Every table of an HTML page. Raises ``UnicodeDecodeError`` where its text cannot be told."""
    reader = _Tables()
    reader.feed(_html_text(raw))
    reader.close()
    grids = [table.grid(f"表{number}" if number > 1 else "") for number, table in enumerate(reader.done, 1)]
    return [grid for grid in grids if grid.rows]


def _html_text(raw: bytes) -> str:
    named = _CHARSET.search(raw[:4096])
    try:
        return decode(raw)
    except UnicodeDecodeError:
        if named is None:
            raise
        try:
            return raw.decode(named[1].decode("ascii"))
        except LookupError:
            raise ValueError(f"不认识编码 {named[1].decode('ascii')}") from None


class _Table:
    """A table under way: cells put where spans leave room."""

    def __init__(self) -> None:
        self.rows: list[dict[int, str]] = []
        self.filled: set[tuple[int, int]] = set()
        self.text: list[str] | None = None  # of the cell under way
        self._number = ""
        self._shown: dict[int, dict[int, Meaning]] = {}
        self._across, self._down = 1, 1
        self._spans: dict[int, tuple[int, str]] = {}  # column -> rows it still covers below, and what it says
        self._cells = 0

    def open_row(self) -> None:
        self.close_cell()
        row: dict[int, str] = {}
        self._count(len(self._spans))
        for column, (left, text) in list(self._spans.items()):
            row[column] = text
            if text:
                self.filled.add((len(self.rows), column))
            if left > 1:
                self._spans[column] = (left - 1, text)
            else:
                del self._spans[column]
        self.rows.append(row)

    def open_cell(self, across: int, down: int, number: str) -> None:
        self.close_cell()
        self.text, self._across, self._down, self._number = [], across, down, number

    def close_cell(self) -> None:
        if self.text is None:
            return
        text = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(self.text)).strip()
        self.text = None
        if not self.rows:
            self.open_row()
        row = self.rows[-1]
        column = next(free for free in range(len(row) + 1) if free not in row)
        self._count(self._across - 1)
        if text and self._number:
            text, says = held(text, self._number)
            if says:
                self._shown.setdefault(column, {})[len(self.rows) - 1] = says
        for step in range(self._across):
            row[column + step] = "" if step else text
            if self._down > 1:
                self._spans[column + step] = (self._down - 1, "" if step else text)

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MOST_SPANNED:
            raise ValueError("合并单元格多得不像导出的表")

    def grid(self, name: str) -> Grid:
        rows = [
            (number, [row.get(column, "") for column in range(max(row) + 1)])
            for number, row in enumerate(self.rows)
            if any(row.values())
        ]
        return Grid(name, rows, filled=self.filled, shown=self._shown, counted=True)


class _Tables(HTMLParser):
    """Collects tables; one inside a cell of another stands on its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[_Table] = []
        self._open: list[_Table] = []
        self._deaf = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.done.append(_Table())
            self._open.append(self.done[-1])
        elif tag in ("style", "script"):
            self._deaf += 1
        elif self._open:
            table = self._open[-1]
            if tag == "tr":
                table.open_row()
            elif tag in ("td", "th"):
                given = dict(attrs)
                table.open_cell(_span(given.get("colspan")), _span(given.get("rowspan")), held_number(given))
            elif tag in ("br", "p", "div") and table.text:
                table.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._deaf = max(0, self._deaf - 1)
        elif self._open and tag in ("td", "th", "tr", "table"):
            self._open[-1].close_cell()
            if tag == "table":
                self._open.pop()

    def close(self) -> None:
        super().close()
        for table in self._open:
            table.close_cell()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].text is not None and not self._deaf:
            self._open[-1].text.append(data)


def _span(text: str | None) -> int:
    return max(1, min(int(text), 65_536)) if text and text.strip().isdigit() else 1


def mhtml_grids(raw: bytes) -> list[Grid]:
    """The tables of every page in a saved web archive (单个文件网页), or the text file that it wraps."""
    grids: list[Grid] = []
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and b"<" in body:
                grids += html_grids(body)
    for number, grid in enumerate(grids, 1):
        grid.name = f"表{number}" if len(grids) > 1 else ""
    return grids


def xml_grids(raw: bytes) -> list[Grid]:
    """The sheets of a SpreadsheetML 2003 workbook."""
    reader = _Spreadsheet()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
        reader.start,
        reader.end,
        reader.data,
    )
    parser.EntityDeclHandler = _refuse_entities
    parser.Parse(raw, True)
    return [grid for grid in reader.grids if grid.rows]


def _refuse_entities(*_: object) -> None:
    raise ValueError("文件里定义了实体，不像系统导出的表")


class _Spreadsheet:
    """Gathers sheets while the XML is parsed."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._row, self._column, self._across, self._down = -1, -1, 0, 0
        self._cells: list[str] = []
        self._text: list[str] | None = None
        self._number = False
        self._style, self._styles = "", dict[str, Meaning]()
        self._below: dict[int, dict[int, str]] = {}
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        given = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        space, _, local = tag.rpartition("}")
        if space != _SPREADSHEET:
            return
        match local:
            case "Style":
                self._style = given.get("ID", "")
            case "NumberFormat":
                code = given.get("Format", "")
                says = meaning(_NAMED.get(code, code))
                if says:
                    self._styles[self._style] = says
            case "Worksheet":
                self.grids.append(Grid(given.get("Name", "")))
                self._row, self._below = -1, {}
            case "Row" if self.grids:
                self._row = int(given["Index"]) - 1 if "Index" in given else self._row + 1
                self._column, self._across, self._cells = -1, 0, []
            case "Cell" if self.grids:
                self._column = int(given["Index"]) - 1 if "Index" in given else self._column + 1 + self._across
                self._across, self._down = int(given.get("MergeAcross", 0)), int(given.get("MergeDown", 0))
                self._style = given.get("StyleID", "")
                self._reach(self._column)
            case "Data" if self._cells:
                self._text, self._number = [], given.get("Type") == "Number"

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        match tag.rpartition("}")[2]:
            case "Data" if self._text is not None:
                self._cells[self._column] = text = "".join(self._text)
                self._text = None
                if self._number:
                    self.grids[-1].numbers.add((self._row, self._column))
                    if self._style in self._styles:
                        self.grids[-1].shown.setdefault(self._column, {})[self._row] = self._styles[self._style]
                self._budget(self._down)
                for row in range(self._row + 1, self._row + 1 + self._down):
                    self._below.setdefault(row, {})[self._column] = text
            case "Row" if self.grids:
                for column, text in self._below.pop(self._row, {}).items():
                    self._reach(column)
                    if text and not self._cells[column]:
                        self._cells[column] = text
                        self.grids[-1].filled.add((self._row, column))
                if any(cell.strip() for cell in self._cells):
                    self.grids[-1].rows.append((self._row, self._cells))
                self._cells = []

    def _reach(self, column: int) -> None:
        """Make room up to a column, and see that a page does not claim more cells than an export can have."""
        more = column + 1 - len(self._cells)
        self._budget(more)
        self._cells += [""] * more

    def _budget(self, more: int) -> None:
        self._count += max(0, more)
        if self._count > MOST_CELLS:
            raise ValueError("单元格多得不像导出的表")

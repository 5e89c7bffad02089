"""Where does it stand? File, sheet and row of accounts, loans and postings, from the manifest and the ledger; no export is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kehujingli import terms
from kehujingli.errors import problem, yuan_grouped
from kehujingli.periods import date_of, day_of
from kehujingli.scoring.owed import COLUMNS, Lines
from kehujingli.terms.masks import mask_numbers
from kehujingli.workspace import Workspace
from kehujingli.workspace.engines.source import Source, source_in
from kehujingli.workspace.results import Results, Row, results_of, sheets_read
from kehujingli.workspace.sql import parquet, quoted


class Sources(Results):
    """One period's kept results and the postings behind them."""

    def __init__(self, workspace: Workspace, period: str | None) -> None:
        super().__init__(results_of(workspace, period).home)
        self.workspace = workspace
        self._held: set[str] = set()
        self._given: dict[str, list[tuple[int, str, set[str]]]] = {}

    @property
    def thresholds(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.manifest.get("thresholds", {})
        return found

    @property
    def last_day(self) -> int:
        from datetime import date

        return day_of(date.fromisoformat(self.manifest["as_of"]))

    def need_scores(self) -> None:
        """Raises ``period.no-scores`` where the period was run under rules that have none."""
        if not self.has("scores"):
            raise problem("period.no-scores", period=self.period)

    def lines_of(self, manager: str) -> Lines:
        """A manager's lines of pay of this period and all before it."""
        found: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        for name in self.workspace.period_names():
            kept = Results.of(self.workspace, name)
            if name <= self.period and kept.has("ledger"):
                for row in self.rows(f"select * from {kept.source('ledger')} where manager_id = $1", manager):
                    for column, values in found.items():
                        values.append(row[column])
        return found

    def hold(self) -> None:
        """Load every kept result once: for a command that asks for all managers."""
        for path in sorted(self.folder.glob("*.parquet")):
            self.con.execute(f"create temp table held_{path.stem} as select * from {self.source(path.stem)}")
            self._held.add(path.stem)

    def source(self, name: str) -> str:
        return f"held_{name}" if name in self._held else super().source(name)

    def place(self, part: int | None, row: int | None) -> str:
        """《文件》「工作表」第 n 行, or nothing where it is not known."""
        inputs: Sequence[Mapping[str, Any]] = self.manifest.get("inputs", [])
        if part is None or row is None or not 0 <= part < len(inputs):
            return ""
        source = inputs[part]
        sheet = f"「{source['sheet']}」" if source["sheet"] else ""
        return f"《{source['path']}》{sheet}第 {row:,} 行"

    def given(self, table: str, **equal: Sequence[str]) -> list[Row]:
        """Rows of an export as it was read, where each named column holds one of the texts (all rows where none is named): all columns, part, row; from the ledger's cache."""
        if table not in self._given:
            self._given[table] = list(self._load(table))
        found: list[Row] = []
        for part, name, there in self._given[table]:
            if there.issuperset(equal):
                tests = [f"list_contains(${index}, {key}::varchar)" for index, key in enumerate(equal, 1)]
                where = " and ".join(["true", *tests])
                rows = self.rows(f"select * from {name} where {where} order by row", *map(list, equal.values()))
                found += [row | {"part": part} for row in rows]
        return found

    def _load(self, table: str) -> Iterator[tuple[int, str, set[str]]]:
        """Each sheet of a table as it was read: its part, the name it is held under, its columns."""
        for part, sheet in sheets_read(self.workspace, self.manifest, table):
            name = f"given_{table}_{part}"
            self.con.execute(f"create temp table {name} as select * from {parquet(sheet.parquet)}")
            yield part, name, {row["column_name"] for row in self.rows(f"describe {name}")}

    def postings(self, customer: str, accounts: Sequence[str], first: int, last: int) -> list[Row]:
        """Postings of a customer and her accounts over days *first..last*, newest first: day, account_id, signed, balance, kind, memo, part, row."""
        customers = [customer]
        if self.has("merges"):
            others = self.rows("select customer_id from {merges} where main_id = $1", customer)
            customers += [row["customer_id"] for row in others]
        found: list[Row] = []
        for part, sheet in sheets_read(self.workspace, self.manifest, "transactions"):
            found += self._postings_of(parquet(sheet.parquet), part, customers, accounts, first, last)
        found += self._linked(customers, accounts, first, last)
        return sorted(found, key=lambda row: (row["day"], row["part"], row["row"]), reverse=True)

    @property
    def linked_from(self) -> Source | None:
        """Where the run took linked postings from, in place of those of exports."""
        where = next((item["path"] for item in self.manifest.get("inputs", ()) if "linked" in item), None)
        return source_in(where) if where is not None else None

    def _linked(self, customers: Sequence[str], accounts: Sequence[str], first: int, last: int) -> Iterator[Row]:
        """Of a source that lies here, its rows as they stand there now; of one elsewhere none."""
        source = self.linked_from
        if source is None or source.elsewhere or not Path(source.where).exists():
            return
        inputs = enumerate(self.manifest["inputs"])
        parts = {item["linked"]: place for place, item in inputs if "linked" in item}
        files = ", ".join(quoted(str(file)) for file in source.files())
        for row in self.rows(
            "select day, account_id, customer_id, signed, balance, kind, memo, part, row"
            f" from read_parquet([{files}], union_by_name = true)"
            " where day between $3 and $4 and (list_contains($1, customer_id) or list_contains($2, account_id))",
            list(customers),
            list(accounts),
            first,
            last,
        ):
            if row["part"] in parts:
                yield row | {"part": parts[row["part"]]}

    def _postings_of(
        self, postings: str, part: int, customers: Sequence[str], accounts: Sequence[str], first: int, last: int
    ) -> list[Row]:
        there = {row["column_name"] for row in self.rows(f"describe select * from {postings}")}
        fields = ", ".join(
            name if name in there else f"null as {name}"
            for name in ("account_id", "customer_id", "signed", "balance", "kind", "memo")
        )
        who = " or ".join(
            test
            for name, test in (
                ("customer_id", "list_contains($1, customer_id)"),
                ("account_id", "list_contains($2, account_id)"),
            )
            if name in there
        )
        rows = self.rows(
            f"select date as day, {fields}, row from {postings} where date between $3 and $4 and ({who}) and ($1 = $1 or len($2) > 0)",
            list(customers),
            list(accounts),
            first,
            last,
        )
        return [row | {"part": part} for row in rows]


def yuan(cents: int | None) -> str:
    """分 as 1,234.56 元."""
    return "不知道" if cents is None else f"{yuan_grouped(cents)} 元"


def said_posting(row: Row) -> str:
    """2026-10-12 现金存款 收 1,000.00 元; numbers of people in its words are hidden."""
    words = " ".join(dict.fromkeys(mask_numbers(str(row[key])) for key in ("kind", "memo") if row[key]))
    way = "收" if row["signed"] >= 0 else "付"
    return f"{date_of(row['day'])} {words} {way} {yuan(abs(row['signed']))}"


def group_words(group: str | None) -> str:
    """frequent/large → 经常联系户·大型客户."""
    frequency, _, scale = (group or "").partition("/")
    return f"{terms.FREQUENCIES.get(frequency, frequency)}·{terms.SCALES.get(scale, scale)}" if group else ""

"""Which rows can be used? Every data row is accepted or refused with a reason; blank rows, totals and signatures are left out and counted.

Rows in = accepted + refused, and so for the money of every amount column (law 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.controls import mismatch
from kehujingli.errors import Finding, Spot, finding, place
from kehujingli.idnumbers import wrong_check_digits
from kehujingli.intake import cells
from kehujingli.intake.cells import Mask, Parsed
from kehujingli.intake.fit import texts_at
from kehujingli.intake.footers import FOOTER_LIKE, FOOTER_ROWS, claimed, is_footer, is_total
from kehujingli.intake.raw import RawSheet
from kehujingli.intake.rejects import SHOWN, Reject, mask_value, summarise
from kehujingli.places import cell_name
from kehujingli.terms import Column


@dataclass
class Accepted:
    """What came of one sheet. ``table`` holds canonical columns, unknown columns under their header, and ``row``."""

    table: pa.Table
    rejects: list[Reject] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    footers: int = 0
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Per money column: 分 accepted, 分 refused."""
    claims: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Per money column of which the sheet's own 合计 row speaks: 分 it says, 分 the rows add up to."""


def accept(raw: RawSheet, file: str) -> Accepted:
    """Read every cell of a sheet as its column's kind. ``file`` is for the findings only."""
    return _Acceptance(raw, file).run()


class _Acceptance:
    def __init__(self, raw: RawSheet, file: str) -> None:
        self.raw, self.file = raw, file
        self.table = raw.match.table
        self.length = len(raw)
        self.faults: dict[
            int, tuple[int, str, dict[str, str]]
        ] = {}  # data row -> position, code, facts; the first fault counts
        self.findings: list[Finding] = []
        self.parsed: dict[str, tuple[int, Parsed]] = {}
        self.out = np.zeros(self.length, dtype=bool)
        self.total_rows: list[int] = []
        self.numbers: list[int] = raw.rows.to_numpy().tolist()

    def run(self) -> Accepted:
        kept, blank, footers = self._data_rows()
        kept &= ~self._left_out(kept)
        for position, column in self.raw.match.columns.items():
            self._parse(position, column, kept)
        self._tell_left_out()
        self._check_numbers(kept)
        self._require(kept)
        self._currency(kept)
        refused = np.zeros(self.length, dtype=bool)
        refused[list(self.faults)] = True
        refused &= kept
        good = kept & ~refused
        result = Accepted(self._table(good), rows=int(kept.sum()), blank=blank, footers=footers + int(self.out.sum()))
        result.rejects = self._rejects(np.flatnonzero(refused))
        result.totals = self._totals(good, refused)
        result.claims = self._claims(kept)
        result.findings = self.findings + summarise(result.rejects, self.file, self.raw)
        return result

    def _array(self, position: int) -> pa.Array:
        array = self.raw.columns.get(position)
        return array if array is not None else pa.nulls(self.length, pa.string())

    def _data_rows(self) -> tuple[Mask, int, int]:
        """Rows that hold data. A footer lacks what every row must have and begins with 合计, 制表 and the like."""
        filled = np.zeros(self.length, dtype=bool)
        for position, array in self.raw.columns.items():
            if position in self.raw.origin:  # made by a layout: says nothing of whether the row holds anything
                continue
            filled |= _filled(array)
            for row in self.raw.patches.get(position, ()):
                filled[row] = True
            for row in (*self.raw.errors.get(position, ()), *self.raw.hollow.get(position, ())):
                filled[row] = True
        suspects = np.zeros(self.length, dtype=bool)
        suspects[:3] = True
        suspects[max(0, self.length - FOOTER_ROWS) :] = True
        for group in self.table.requires:
            there = np.zeros(self.length, dtype=bool)
            for position, column in self.raw.match.columns.items():
                if column.key in group:
                    for source in self.raw.products.get(position, (position,)):
                        there |= _filled(self._array(source))
                    for row in self.raw.patches.get(position, ()):
                        there[row] = True
            suspects |= ~there
        footer = np.zeros(self.length, dtype=bool)
        wanted = self._footer_like(np.flatnonzero(suspects & filled))
        made = self.raw.origin
        keys = {
            column.key: made.get(place, place)
            for place, column in self.raw.match.columns.items()
            if made.get(place, place) >= 0
        }
        for at, texts in zip(wanted, self._texts(wanted), strict=True):
            footer[at] = is_footer(texts, keys, self.table.requires)
            if footer[at] and is_total(texts):
                self.total_rows.append(int(at))
        return filled & ~footer, int((~filled).sum()), int(footer.sum())

    def _footer_like(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Of these rows the ones in which some cell begins as a footer does: the others need not be looked at one by one."""
        like = np.zeros(len(rows), dtype=bool)
        taken = pa.array(rows)
        for position in range(self.raw.width):
            array = self._array(position)
            if cells.is_text(array):
                like |= _bools(pc.match_substring_regex(array.take(taken), FOOTER_LIKE))
            noted = self.raw.patches.get(position)
            if noted:
                like |= np.isin(rows, list(noted))
        return rows[like]

    def _texts(self, rows: npt.NDArray[np.int64]) -> list[list[str]]:
        """What every cell of these rows says, whatever its type."""
        if not len(rows):
            return []
        columns = [texts_at(self.raw, position, rows) for position in range(self.raw.width)]
        return [list(row) for row in zip(*columns, strict=True)]

    def _left_out(self, kept: Mask) -> Mask:
        """Rows that a layout says are no data."""
        out = np.zeros(self.length, dtype=bool)
        for position, words in self.raw.left_out.items():
            text = pc.fill_null(cells.clean_text(self._array(position)), "")
            out |= np.asarray(pc.is_in(text, pa.array(words)).to_numpy(zero_copy_only=False), dtype=bool)
        self.out = out & kept
        return self.out

    def _tell_left_out(self) -> None:
        if not self.out.any():
            return
        cents = sum(
            int(pc.fill_null(parsed.values, 0).to_numpy(zero_copy_only=False)[self.out].sum())
            for key, (_, parsed) in self.parsed.items()
            if key == "amount"
        )
        words = "、".join(word for said in self.raw.left_out.values() for word in said)
        place: dict[str, Any] = {"file": self.file, "sheet": self.raw.name}
        self.findings.append(
            finding(
                "intake.left-out",
                count=int(self.out.sum()),
                amount=abs(cents),
                layout=self.raw.layout,
                words=words,
                **place,
            )
        )

    def _parse(self, position: int, column: Column, kept: Mask) -> None:
        header = self.raw.match.headers[position]
        if position in self.raw.products:
            parsed = cells.parse_product(*(self._array(factor) for factor in self.raw.products[position]))
        else:
            parsed = cells.parse(self._array(position), column, header, self.raw.epoch)
        self._fill(position, column)
        self._patch(position, column, parsed)
        if position in self.raw.negated:
            parsed.values = pc.negate(parsed.values)
        for row in self.raw.lost.get(position, ()):
            parsed.bad[row] = True
            parsed.why = "intake.id-lost-digits"
        source = self.raw.origin.get(position, position)
        for row in self.raw.hollow.get(source, ()):
            self._fault(row, position, "intake.formula-no-value", {})
        for row in self.raw.errors.get(source, ()):
            self._fault(row, position, "intake.cell-error", {})
        for at in np.flatnonzero(parsed.bad & kept):
            self._fault(int(at), position, parsed.why, dict(parsed.facts))
        self.parsed[column.key] = (position, parsed)
        place: dict[str, Any] = {"file": self.file, "sheet": self.raw.name}
        if parsed.cleaned:
            self.findings.append(finding("intake.id-cleaned", column=header.raw.strip(), count=parsed.cleaned, **place))
        if parsed.sub_cent:
            self.findings.append(finding("intake.sub-cent", column=header.raw, count=parsed.sub_cent, **place))
        if parsed.percent_guessed:
            self.findings.append(finding("intake.rate-percent", header=header.raw, **place))
        for value, count in sorted(parsed.unknown.items()):
            self.findings.append(
                finding(
                    "intake.code-unknown",
                    column=header.raw,
                    value=value,
                    count=max(1, count),
                    choices=parsed.facts.get("choices", ""),
                    **place,
                )
            )

    def _fill(self, position: int, column: Column) -> None:
        """Blank cells of a merged range say what the range says; an amount is never multiplied by its rows."""
        said = self.raw.filled.get(self.raw.origin.get(position, position), {})
        if not said:
            return
        amounts = column.kind in ("money", "count", "decimal")
        if not amounts:
            self.raw.patches[position] = {**said, **self.raw.patches.get(position, {})}
        self.findings.append(
            finding(
                "intake.merged-amount" if amounts else "intake.merged",
                file=self.file, sheet=self.raw.name, column=self.raw.match.headers[position].raw.strip(), count=len(said),
            )
        )  # fmt: skip

    def _patch(self, position: int, column: Column, parsed: Parsed) -> None:
        """Cells that are not of their column's type, read one by one."""
        patches = self.raw.patches.get(position)
        if not patches:
            return
        rows = sorted(patches)
        again = cells.parse(
            pa.array([patches[row] for row in rows], pa.string()),
            column,
            self.raw.match.headers[position],
            self.raw.epoch,
        )
        where = np.full(self.length, -1, dtype="int64")
        where[rows] = np.arange(len(rows))
        taken = again.values.take(pa.array(where, mask=where < 0))
        parsed.values = pc.if_else(pa.array(where >= 0), taken, parsed.values)
        parsed.bad[rows] = again.bad
        parsed.cleaned += again.cleaned
        parsed.sub_cent += again.sub_cent
        parsed.why = parsed.why or again.why
        parsed.facts = parsed.facts or again.facts

    def _fault(self, row: int, position: int, code: str, facts: dict[str, Any]) -> None:
        self.faults.setdefault(row, (position, code, facts))

    def _valid(self, key: str) -> Mask:
        if key not in self.parsed:
            return np.zeros(self.length, dtype=bool)
        return np.asarray(pc.is_valid(self.parsed[key][1].values).to_numpy(zero_copy_only=False), dtype=bool)

    def _require(self, kept: Mask) -> None:
        for group in self.table.requires:
            there = np.zeros(self.length, dtype=bool)
            present = [key for key in group if key in self.parsed]
            for key in present:
                there |= self._valid(key)
            position = self.parsed[present[0]][0]
            code = "intake.id-missing" if self.table.column(present[0]).kind == "id" else "intake.value-missing"
            for row in np.flatnonzero(kept & ~there):
                self._fault(int(row), position, code, {})
        if self.table.key == "transactions" and "direction" in self.parsed and "amount" in self.parsed:
            for row in np.flatnonzero(kept & ~self._valid("direction")):
                self._fault(int(row), self.parsed["direction"][0], "intake.direction-missing", {})

    def _check_numbers(self, kept: Mask) -> None:
        """Resident ids whose check digit is wrong are told, and the row is kept: the number identifies nobody, the customer is there."""
        for key, (position, parsed) in self.parsed.items():
            if self.table.column(key).private != "id_number":
                continue
            rows = [int(row) for row in wrong_check_digits(parsed.values) if kept[row]]
            if not rows:
                continue
            header = self.raw.match.headers[position].raw.strip()
            numbers = parsed.values.take(pa.array(rows[:SHOWN])).to_pylist()
            spots = [
                Spot(self._cell(row, position), mask_value(self.raw, header, number))
                for row, number in zip(rows, numbers, strict=False)
            ]
            self.findings.append(
                finding(
                    "intake.id-check", file=self.file, sheet=self.raw.name, cell=spots[0].cell, column=header, value=spots[0].value,
                    count=len(rows), spots=spots,
                )
            )  # fmt: skip

    def _cell(self, row: int, position: int) -> str:
        number = self.numbers[row]
        if self.raw.text_file:
            return f"第 {number:,} 行"
        return cell_name(number - 1, max(0, self.raw.origin.get(position, position)))

    def _currency(self, kept: Mask) -> None:
        """Other currencies are refused by row, never summed."""
        if "currency" not in self.parsed:
            return
        position, parsed = self.parsed["currency"]
        foreign = ~np.asarray(
            pc.is_in(pc.fill_null(pc.utf8_upper(parsed.values), ""), pa.array(terms.CNY)).to_numpy(
                zero_copy_only=False
            ),
            dtype=bool,
        )
        for row in np.flatnonzero(kept & foreign):
            self._fault(int(row), position, "intake.currency", {})

    def _table(self, good: Mask) -> pa.Table:
        mask = pa.array(good)
        everything = bool(good.all())

        def take(array: pa.Array) -> pa.Array:
            return array if everything else array.filter(mask)

        columns: dict[str, pa.Array] = {key: take(parsed.values) for key, (_, parsed) in self.parsed.items()}
        if self.table.key == "transactions":
            columns |= _signed(columns)
        if self.table.has("unit") and "unit" not in columns:
            columns |= self._header_unit(int(good.sum()))
        for position, array in self.raw.columns.items():
            header = self.raw.match.headers[position].raw.strip() if position < len(self.raw.match.headers) else ""
            if position in self.raw.match.columns or position in self.raw.origin or not header:
                continue
            name = header if header not in columns else f"{header}_{position + 1}"
            columns[name] = take(cells.clean_text(array))
        columns["row"] = take(self.raw.rows)
        return pa.table(columns)

    def _header_unit(self, length: int) -> dict[str, pa.Array]:
        """A unit in the header of an exact number (任务数(万元)) as the column ``unit``."""
        for position, column in self.raw.match.columns.items():
            unit = self.raw.match.headers[position].unit
            if column.kind == "decimal" and unit in terms.UNITS:
                return {"unit": pa.array([unit] * length, pa.string())}
        return {}

    def _claims(self, kept: Mask) -> dict[str, tuple[int, int]]:
        """The sheet's own totals beside the sums of its rows, the refused ones included; what differs is told."""
        claims: dict[str, tuple[int, int]] = {}
        if not self.total_rows or not self.raw.whole:
            return claims
        for key, (position, parsed) in self.parsed.items():
            if self.table.column(key).kind != "money" or (key == "balance" and not self.table.snapshot):
                continue
            found = claimed(parsed.values, kept, self.total_rows)
            if found and found[0] != found[1] and self.out.any():
                found = claimed(parsed.values, kept | self.out, self.total_rows)
            if found is None:
                continue
            claims[key] = found
            if found[0] != found[1]:
                label = self.raw.match.headers[position].raw.strip()
                cell = self._cell(self.total_rows[-1], position)
                where = place(self.file, self.raw.name, cell)
                self.findings.append(
                    mismatch(
                        f"{where}：“{label}”逐行合计", found[1], "表内合计", found[0], file=self.file, sheet=self.raw.name, cell=cell,
                        cure="请核对导出是否完整，或有没有看不懂的金额。",
                    )
                )  # fmt: skip
        return claims

    def _totals(self, good: Mask, refused: Mask) -> dict[str, tuple[int, int]]:
        totals = {}
        for key, (_, parsed) in self.parsed.items():
            if self.table.column(key).kind == "money":
                cents = pc.fill_null(parsed.values, 0).to_numpy(zero_copy_only=False)
                totals[key] = (int(cents[good].sum()), int(cents[refused].sum()))
        return totals

    def _rejects(self, rows: npt.NDArray[np.int64]) -> list[Reject]:
        rejects = []
        money = [
            (key, parsed.values.take(pa.array(rows)).to_pylist())
            for key, (_, parsed) in self.parsed.items()
            if self.table.column(key).kind == "money"
        ]
        headers = [header.raw.strip() for header in self.raw.match.headers]
        for index, (row, texts) in enumerate(zip(rows, self._texts(rows), strict=True)):
            position, code, facts = self.faults[int(row)]
            number, header = self.numbers[int(row)], headers[position]
            position = self.raw.origin.get(position, position)
            value = texts[position] if 0 <= position < len(texts) else ""
            if code in ("intake.amount-bad", "intake.number-bad"):
                facts = {**facts, "hint": cells.number_hint(value)}
            if code == "intake.id-lost-digits" and value.isdigit():
                value = cells.number_text(float(value))
            rejects.append(
                Reject(
                    number,
                    self._cell(int(row), position),
                    code,
                    header,
                    value,
                    facts,
                    tuple(texts),
                    {key: said[index] for key, said in money if said[index]},
                )
            )
        return rejects


def _bools(array: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False), dtype=bool)


def _filled(array: pa.Array) -> Mask:
    valid = pc.is_valid(array)
    if cells.is_text(array) and len(array):
        blank = (
            pc.fill_null(pc.match_substring_regex(array, r"^\s*$"), True)
            if pc.any(pc.less(pc.utf8_length(array), 2)).as_py()
            else None
        )
        if blank is not None:
            valid = pc.and_(valid, pc.invert(blank))
    return np.asarray(valid.to_numpy(zero_copy_only=False), dtype=bool)


def _signed(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """What a row adds to its account: credit in, debit out; a negative amount is red ink and turns the sign."""
    zero = pa.scalar(0, pa.int64())
    if "amount" in columns:
        amount = columns["amount"]
        signed = amount
        if "direction" in columns:
            signed = pc.if_else(pc.equal(columns["direction"], "debit"), pc.negate(amount), amount)
        if "credit_amount" not in columns and "debit_amount" not in columns:
            return {"signed": signed, "month": _months(columns["date"])}
        given = pc.is_valid(amount)
    else:
        some = columns.get("credit_amount", columns.get("debit_amount"))
        assert some is not None
        amount, signed, given = (
            pa.nulls(len(some), pa.int64()),
            pa.nulls(len(some), pa.int64()),
            pa.array(np.zeros(len(some), bool)),
        )
    length = len(amount)
    credit = pc.fill_null(columns.get("credit_amount", pa.nulls(length, pa.int64())), zero)
    debit = pc.fill_null(columns.get("debit_amount", pa.nulls(length, pa.int64())), zero)
    net = pc.subtract(credit, debit)
    return {
        "amount": pc.if_else(given, amount, pc.abs(net)),
        "signed": pc.if_else(given, signed, net),
        "month": _months(columns["date"]),
    }


def _months(days: pa.Array) -> pa.Array:
    dates = days.cast(pa.date32())
    months = pc.add(pc.multiply(pc.year(dates), 12), pc.subtract(pc.month(dates), 1))
    return months.cast(pa.int32())

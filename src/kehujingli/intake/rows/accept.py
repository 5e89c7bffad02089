"""Which rows can be used? Every data row is accepted or refused with a reason; blank rows, totals and signatures are left out and counted.

Rows in = accepted + refused, and so for the money of every amount column (law 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.errors import Finding, Spot, mismatch, place
from kehujingli.intake import cells
from kehujingli.intake.cells.amounts import beyond_cents, parse_product
from kehujingli.intake.cells.columns import Mask, Parsed, bools, clean_text
from kehujingli.intake.cells.idnumbers import wrong_check_digits
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.rows.across import backwards, balance_rows, sides, spelt_twice, twins
from kehujingli.intake.rows.footers import claimed
from kehujingli.intake.rows.judging import Judging
from kehujingli.intake.rows.rejects import SHOWN, Rejects, mask_value, reject, summarise
from kehujingli.intake.rows.signing import signed_columns
from kehujingli.intake.rows.states import tell_states
from kehujingli.intake.sheets.headers import Header
from kehujingli.terms import Column

_LONG = 300_000
"""Rows from which on two columns are parsed at a time."""
_LEDGER = ("balance", "amount")
"""Money that a ledger holds to the 分; averages and accruals may have more digits."""
_SEVERAL = 3


@dataclass
class Accepted:
    """What came of one sheet. ``table`` holds canonical columns, unknown columns under their header, and ``row``."""

    table: pa.Table
    rejects: Rejects
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


class _Acceptance(Judging):
    def run(self) -> Accepted:
        kept = self.rows.kept
        columns = self.raw.match.columns
        self._refuse_foreign()
        self._refuse_lines()
        if len(self.raw) < _LONG:
            for position in columns:
                self._settle(position, self._parse(position))
        else:
            with ThreadPoolExecutor(2) as pool:
                for position, parsed in zip(columns, pool.map(self._parse, columns), strict=True):
                    self._settle(position, parsed)
        twins(self)
        spelt_twice(self)
        balance_rows(self)
        sides(self)
        self._tell_left_out()
        tell_states(self, self._amounts())
        self._check_numbers()
        self._require()
        backwards(self)
        self._currency()
        good = kept & (self.faults.of_row < 0)
        refused = kept & ~good
        result = Accepted(
            self._table(good),
            self._rejects(refused),
            rows=int(kept.sum()),
            blank=self.rows.blank,
            footers=self.rows.footers,
        )
        result.totals = self._totals(good, refused)
        result.claims = self._claims(good)
        result.findings = self.findings + summarise(result.rejects, self.file, self.raw)
        return result

    def _refuse_foreign(self) -> None:
        """What stands below another header is not read by this one's columns."""
        for part in self.rows.foreign:
            begins = f"{self.raw.rows[part.header].as_py():,}"
            rows = self.mask(range(part.header + 1, part.end))
            self.fault(
                rows, min(self.raw.match.columns), "intake.second-table", {"begins": begins, "names": part.names}
            )

    def _refuse_lines(self) -> None:
        """Lines of a text table that have lost a cell, got one too many, or hold what is no text."""
        raw, first = self.raw, min(self.raw.match.columns)
        self.fault(self.mask(raw.broken), first, "intake.bytes-bad")
        for count in sorted(set(raw.uneven.values())):
            rows = [row for row, cells in raw.uneven.items() if cells == count]
            code = "intake.row-width" if raw.header_row else "intake.row-width-bare"
            self.fault(self.mask(rows), first, code, {"cells": count, "wanted": raw.wanted})

    def _tell_left_out(self) -> None:
        out = self.rows.out
        if not out.any():
            return
        cents = self._amounts()[out].sum()
        words = "、".join(word for said in self.raw.left_out.values() for word in said)
        self.say("intake.left-out", count=int(out.sum()), amount=abs(int(cents)), layout=self.raw.layout, words=words)

    def _amounts(self) -> npt.NDArray[np.int64]:
        """The amount of every row, 分, whether one column has it or debit and credit one each; nothing where the sheet has neither."""

        def told(key: str) -> npt.NDArray[np.int64]:
            return _cents(self.parsed[key][1].values) if key in self.parsed else np.zeros(len(self.raw), "int64")

        amount = told("amount")
        return np.where(amount != 0, amount, np.abs(told("credit_amount") - told("debit_amount")))

    def _parse(self, position: int) -> Parsed:
        """The cells of a column as they were read; touches nothing else, so that long columns are parsed side by side."""
        if position in self.raw.products:
            return parse_product(*(self.raw.column(factor) for factor in self.raw.products[position]))
        column, header = self.raw.match.columns[position], self.raw.match.headers[position]
        array = self.raw.column(position)
        if column.kind == "rate" and position in self.raw.patches:  # one unit for all of them
            array = self.raw.said(position, np.arange(len(self.raw)))
        return cells.parse(array, column, header, self.raw.epoch)

    def _settle(self, position: int, parsed: Parsed) -> None:
        """What marks, patches and bounds say of a column's cells, and what is told of it."""
        column, header = self.raw.match.columns[position], self.raw.match.headers[position]
        self._fill(position, column)
        self.patch(position, column, parsed)
        if position in self.raw.negated:
            parsed.values = pc.negate(parsed.values)
        if position in self.raw.lost:
            parsed.bad[list(self.raw.lost[position])] = True
            parsed.why = "intake.id-lost-digits"
        source = self.raw.source(position)
        if self.table.key == "transactions" and column.kind in ("money", "code") and column.key != "balance":
            parsed.bad = parsed.bad & ~self.rows.balances
        self.fault(self.mask(self.raw.hollow.get(source, ())), position, "intake.formula-no-value")
        self.fault(self.mask(self.raw.errors.get(source, ())), position, "intake.cell-error")
        for code, places in self.raw.clashes.items():
            if clashes := places.get(source):
                facts = {"shown": next(iter(clashes.values())), "unit": header.unit or "元"}
                self.fault(self.mask(clashes), position, code, facts)
        if parsed.foreign is not None:
            self.fault(parsed.foreign, position, "intake.currency")
        self.fault(parsed.bad, position, parsed.why, parsed.facts)
        if column.least is not None:
            ask = "在原系统核对" if self.table.key in terms.OF_SYSTEMS else "问清填表的人"
            facts = {"bounds": _bounds(column), "ask": ask}
            self.fault(_outside(parsed.values, column), position, "intake.number-outside", facts)
        self.parsed[column.key] = (position, parsed)
        self._tell(position, header, parsed)

    def _tell(self, position: int, header: Header, parsed: Parsed) -> None:
        """What was done to a column that no row is refused for."""
        cleaned = parsed.cleaned - self._cleaned_elsewhere(position, parsed)
        if cleaned:
            self.say("intake.id-cleaned", column=header.raw.strip(), count=cleaned)
        if parsed.sub_cent:
            self.say("intake.sub-cent", column=header.raw, count=parsed.sub_cent)
            self._doubt_unit(position, header)
        if parsed.percent_guessed:
            self.say("intake.rate-percent", header=header.raw)
        for code, facts in parsed.told:
            self.say(code, column=header.raw.strip(), **facts)
        choices = parsed.facts.get("choices", "")
        for value, count in sorted(self._unknown(position, parsed).items()):
            self.say("intake.code-unknown", column=header.raw, value=value, count=max(1, count), choices=choices)

    def _doubt_unit(self, position: int, header: Header) -> None:
        """No ledger has less than a 分: a column without a unit that mostly has was written in another."""
        column = self.raw.match.columns[position]
        if header.unit or column.key not in _LEDGER or position in self.raw.patches or position in self.raw.products:
            return
        of, count, value = beyond_cents(self.raw.column(position).filter(pa.array(self.rows.kept)))
        if count >= _SEVERAL and count * 2 >= of:
            self.say("intake.unit-doubtful", column=header.raw.strip(), count=count, of=of, value=value)

    def _cleaned_elsewhere(self, position: int, parsed: Parsed) -> int:
        """Of the identifiers that were cleaned those in rows that are no data."""
        if not parsed.cleaned or self.rows.kept.all():
            return 0
        no_data = self.raw.column(position).filter(pa.array(~self.rows.kept))
        column, header = self.raw.match.columns[position], self.raw.match.headers[position]
        return cells.parse(no_data, column, header, self.raw.epoch).cleaned

    def _unknown(self, position: int, parsed: Parsed) -> Mapping[str, int]:
        """Codes that nobody knows, those of rows that are no data left out."""
        if not parsed.unknown or (self.rows.kept.all() and not self.rows.foreign):
            return parsed.unknown
        own = self.rows.kept & (self.faults.of_row < 0) if self.rows.foreign else self.rows.kept
        left = clean_text(self.raw.column(position)).filter(pa.array(own)).unique().to_pylist()
        return {value: count for value, count in parsed.unknown.items() if value in left}

    def _fill(self, position: int, column: Column) -> None:
        """Blank cells of a merged range say what the range says; an amount is never multiplied by its rows."""
        said = self.raw.filled.get(self.raw.source(position), {})
        if not said:
            return
        amounts = column.kind in ("money", "count", "decimal")
        if not amounts:
            self.raw.patches[position] = {**said, **self.raw.patches.get(position, {})}
        code = "intake.merged-amount" if amounts else "intake.merged"
        self.say(code, column=self.raw.header(position), count=len(said))

    def _require(self) -> None:
        for group in self.table.requires:
            present = [key for key in group if key in self.parsed]
            if not present:  # a person said which table it is
                continue
            there = np.logical_or.reduce([self.valid(key) for key in present])
            if self.table.key == "adjustments" and "points" in group and "item" in self.parsed:
                there |= self._vetoes()
            if self.table.key == "targets" and "manager_id" in group:
                there |= self._of_the_bank(present)
            code = "intake.id-missing" if self.table.column(present[0]).kind == "id" else "intake.value-missing"
            self.fault(~there, self.parsed[present[0]][0], code)
        if self.table.key == "transactions" and "direction" in self.parsed and "amount" in self.parsed:
            self.fault(~self.valid("direction"), self.parsed["direction"][0], "intake.direction-missing")

    def _of_the_bank(self, ids: list[str]) -> Mask:
        """Targets with nothing at all where it would say whose they are: the bank's own. What cannot be read there is no nothing."""
        found = self.mask(range(len(self.raw)))
        for key in {"item", "target"} & {*self.parsed}:
            found = found & self.valid(key)
        for key in ids:
            found = found & ~self.valid(key) & ~self.parsed[key][1].bad
        return found

    def _vetoes(self) -> Mask:
        """Lines that say 一票否决: there is nothing to add or to take off."""
        said = pc.utf8_trim_whitespace(self.parsed["item"][1].values)
        return bools(pc.is_in(said, pa.array(terms.VETO_ITEMS)))

    def _check_numbers(self) -> None:
        """Resident ids whose check digit is wrong are told, and the row is kept: the number identifies nobody, the customer is there."""
        for key, (position, parsed) in self.parsed.items():
            if self.table.column(key).private != "id_number":
                continue
            rows = [int(row) for row in wrong_check_digits(parsed.values) if self.rows.kept[row]]
            if not rows:
                continue
            header = self.raw.header(position)
            numbers = parsed.values.take(pa.array(rows[:SHOWN])).to_pylist()
            spots = [
                Spot(self.raw.cell(row, position), mask_value(self.raw, header, number))
                for row, number in zip(rows, numbers, strict=False)
            ]
            first = spots[0]
            self.say("intake.id-check", cell=first.cell, column=header, value=first.value, count=len(rows), spots=spots)

    def _currency(self) -> None:
        """Other currencies are refused by row, never summed."""
        if self.raw.currency:
            money = next(position for position, column in self.raw.match.columns.items() if column.kind == "money")
            facts = {"currency": self.raw.currency}
            self.fault(self.mask(range(len(self.raw))), money, "intake.currency-sheet", facts)
        if "currency" in self.parsed:
            position, parsed = self.parsed["currency"]
            own = pc.is_in(pc.fill_null(pc.utf8_upper(parsed.values), ""), pa.array(terms.CNY))
            self.fault(~bools(own), position, "intake.currency")

    def _table(self, good: Mask) -> pa.Table:
        mask = pa.array(good)
        everything = bool(good.all())

        def take(array: pa.Array) -> pa.Array:
            return array if everything else array.filter(mask)

        columns: dict[str, pa.Array] = {key: take(parsed.values) for key, (_, parsed) in self.parsed.items()}
        if self.table.key == "transactions":
            columns |= signed_columns(columns)
        if self.table.has("unit") and "unit" not in columns:
            columns |= self._header_unit(int(good.sum()))
        columns |= self._borne_units(columns, take)
        for position, array in self.raw.columns.items():
            header = self.raw.header(position) if position < len(self.raw.match.headers) else ""
            if position in self.raw.match.columns or position in self.raw.origin or not header:
                continue
            name = header if header not in columns else f"{header}_{position + 1}"
            columns[name] = clean_text(take(array))
        columns["row"] = take(self.raw.rows)
        return pa.table(columns)

    def _header_unit(self, length: int) -> dict[str, pa.Array]:
        """A unit in the header of an exact number (任务数(万元)) as the column ``unit``."""
        for position, column in self.raw.match.columns.items():
            unit = self.raw.match.headers[position].unit
            if column.kind == "decimal" and unit in terms.UNITS:
                return {"unit": pa.array([unit] * length, pa.string())}
        return {}

    def _borne_units(
        self, columns: Mapping[str, pa.Array], take: Callable[[pa.Array], pa.Array]
    ) -> dict[str, pa.Array]:
        """What a number says of its own unit (100万元) goes before the column 单位 and the header."""
        borne = next((parsed.units for _, parsed in self.parsed.values() if parsed.units is not None), None)
        if borne is None:
            return {}
        return {"unit": pc.coalesce(take(borne), columns["unit"]) if "unit" in columns else take(borne)}

    def _claims(self, good: Mask) -> dict[str, tuple[int, int]]:
        """The sheet's own totals beside the sums of its rows, with or without the refused ones; what differs is told."""
        claims: dict[str, tuple[int, int]] = {}
        totals, kept, out = self.rows.totals, self.rows.kept, self.rows.out
        if not totals or not self.raw.whole:
            return claims
        for key, (position, parsed) in self.parsed.items():
            if self.table.column(key).kind != "money" or (key == "balance" and not self.table.snapshot):
                continue
            found = claimed(parsed.values, kept, totals)
            for rows in (good, kept | out):
                if found and found[0] != found[1]:
                    also = claimed(parsed.values, rows, totals)
                    found = also if also and also[0] == also[1] else found
            if found is None:
                continue
            claims[key] = found
            if found[0] != found[1]:
                label = self.raw.header(position)
                cell = self.raw.cell(totals[-1], position)
                where = place(self.file, self.raw.name, cell)
                self.findings.append(
                    mismatch(
                        f"{where}：“{label}”逐行合计",
                        found[1],
                        "表内合计",
                        found[0],
                        file=self.file,
                        sheet=self.raw.name,
                        cell=cell,
                        cure="请核对导出是否完整，或有没有看不懂的金额。",
                    )
                )
        return claims

    def _totals(self, good: Mask, refused: Mask) -> dict[str, tuple[int, int]]:
        totals = {}
        for key, (_, parsed) in self.parsed.items():
            if self.table.column(key).kind == "money":
                cents = _cents(parsed.values)
                totals[key] = (int(cents[good].sum()), int(cents[refused].sum()))
        return totals

    def _rejects(self, refused: Mask) -> Rejects:
        money = {
            key: parsed.values for key, (_, parsed) in self.parsed.items() if self.table.column(key).kind == "money"
        }
        return reject(self.raw, np.flatnonzero(refused), self.faults, money)


def _outside(values: pa.Array, column: Column) -> Mask:
    """What cannot be: a loan of less than nothing, 45 days of a month."""
    outside = pc.less(values, column.least)
    if column.most is not None:
        outside = pc.or_kleene(outside, pc.greater(values, column.most))
    return bools(outside)


def _bounds(column: Column) -> str:
    """What the column can hold, in words; an amount in 元."""
    scale = 100 if column.kind == "money" else 1
    least = f"不小于 {column.least // scale:,}" if column.least is not None else ""
    return least + (f"、不大于 {column.most // scale:,}" if column.most is not None else "")


def _cents(values: pa.Array) -> npt.NDArray[np.int64]:
    cents: npt.NDArray[np.int64] = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    return cents

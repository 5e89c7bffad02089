"""Which way did the money go? The direction of a posting, where no known column says it: a column of directions, the signs, the running balance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.cells import parse_code
from kehujingli.intake.cells.columns import Mask, Parsed, bools, clean_text, is_text, none_bad
from kehujingli.intake.files.raw import RawSheet

_NOT_OF_THE_POSTING = (terms.label("balance"), "对方", "对手", "卡", "币")
"""In a header: its 借 or 贷 is that of something else."""
_MOSTLY = 0.9
"""Share of the steps of the balance that must fit where it is to say which way the money went."""

Columns = dict[str, tuple[int, Parsed]]
Numbers = npt.NDArray[np.int64]


@dataclass
class Directed:
    """What was found: the direction of every posting where it was looked for, rows of which none can be told, amount columns turned round."""

    direction: tuple[int, Parsed] | None = None
    untold: Mask | None = None
    turned: list[str] = field(default_factory=list)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def directions(raw: RawSheet, columns: Columns, kept: Mask) -> Directed:
    """Settle the direction of the postings of a sheet. ``columns``: canonical key → position and values; ``kept``: the data rows."""
    found = Directed()
    sides = {"debit_amount", "credit_amount"} & set(columns)
    if "amount" in columns and "direction" not in columns and not sides:
        _seek(raw, columns, kept, found)
    if "debit_amount" in columns:
        _turn(raw, columns, kept, found, "debit_amount", kept)
    elif "direction" in columns and "amount" in columns:
        out = bools(pc.equal(columns["direction"][1].values, "debit"))
        _turn(raw, columns, kept, found, "amount", kept & out)
    return found


def _seek(raw: RawSheet, columns: Columns, kept: Mask, found: Directed) -> None:
    spare = _spare(raw, kept)
    column = raw.match.table.column("direction")
    position, amount = columns["amount"]
    cents = _cents(amount.values)
    if len(spare) == 1 or (spare and _agree(raw, spare)):
        found.direction = spare[0], parse_code(raw.column(spare[0]), column)
        found.told.append(("intake.direction-taken", {"column": raw.header(spare[0])}))
        return
    if spare:
        names = "”、“".join(raw.header(place) for place in spare)
        found.told.append(("intake.direction-two", {"columns": names}))
    if (cents[kept] < 0).any() or not (cents[kept] > 0).any():
        return
    steps = _Steps.of(columns, kept)
    signs = steps.signs(cents) if steps else None
    if signs is None:
        if not spare:
            found.told.append(("intake.direction-none", {"column": raw.header(position)}))
        return
    values = np.where(signs < 0, "debit", "credit")
    nothing = (signs == 0) & (cents != 0)
    found.direction = position, Parsed(pa.array(values.tolist(), pa.string(), mask=nothing), none_bad(len(raw)))
    found.untold = nothing & kept
    found.told.append(("intake.direction-balance", {"column": raw.header(columns["balance"][0])}))


def _spare(raw: RawSheet, kept: Mask) -> list[int]:
    """Columns nobody asked for that can only be directions: all they say is 借, 贷, 收, 付 and the like."""
    words = pa.array(list(raw.match.table.column("direction").codes), pa.string())
    found = []
    for position, header in enumerate(raw.match.headers):
        array = raw.columns.get(position)
        if position in raw.match.columns or position in raw.origin or not header.name or array is None:
            continue
        if not is_text(array) or position in raw.patches or any(word in header.name for word in _NOT_OF_THE_POSTING):
            continue
        if (
            not bool(pc.all(pc.fill_null(pc.is_in(clean_text(array.slice(0, 50)), words), True)).as_py())
            and kept[:50].all()
        ):
            continue
        said = clean_text(array.filter(pa.array(kept))).drop_null().unique()
        if len(said) and bool(pc.all(pc.is_in(said, words)).as_py()):
            found.append(position)
    return found


def _agree(raw: RawSheet, spare: list[int]) -> bool:
    column = raw.match.table.column("direction")
    first, *others = (parse_code(raw.column(position), column).values for position in spare)
    return all(first.equals(other) for other in others)


def _turn(raw: RawSheet, columns: Columns, kept: Mask, found: Directed, key: str, out: Mask) -> None:
    """Money out that is below nothing in every row: the sign says once more what the column says, unless the rows are reversals."""
    position, parsed = columns[key]
    cents = _cents(parsed.values)
    moved = out & (cents != 0)
    if not moved.any() or (cents[moved] > 0).any() or _reversals(columns, moved):
        return
    steps = _Steps.of(columns, kept)
    credit = _cents(columns["credit_amount"][1].values) if key == "debit_amount" and "credit_amount" in columns else 0
    net = np.where(moved, 0, cents) if key == "amount" else np.zeros(len(cents), dtype="int64")
    twice, red = (steps.fits(net + credit + sign * np.where(moved, cents, 0)) if steps else 0 for sign in (1, -1))
    if red > twice:
        return
    found.turned.append(key)
    code = "intake.debit-negative-proven" if twice > red else "intake.debit-negative"
    found.told.append((code, {"column": raw.header(position), "count": int(moved.sum())}))


def _reversals(columns: Columns, rows: Mask) -> bool:
    """Whether every one of these rows says that it undoes another."""
    said = none_bad(len(rows))
    for key in ("kind", "memo"):
        if key in columns:
            bare = pc.replace_substring_regex(columns[key][1].values, terms.NO_REVERSAL, "")
            said |= bools(pc.match_substring_regex(bare, "|".join(terms.REVERSAL_WORDS)))
    return bool(said[rows].all())


@dataclass
class _Steps:
    """Neighbouring rows of one account, earlier and later in the sheet, and by how much the balance differs."""

    first: Numbers
    second: Numbers
    by: Numbers
    length: int

    @classmethod
    def of(cls, columns: Columns, kept: Mask) -> _Steps | None:
        key = next((key for key in ("account_id", "customer_id") if key in columns), "")
        if "balance" not in columns or not key:
            return None
        balance = columns["balance"][1].values
        owner = columns[key][1].values.dictionary_encode().indices
        owners = pc.fill_null(owner, -1).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(kept & bools(pc.is_valid(balance)) & (owners >= 0))
        rows = rows[np.argsort(owners[rows], kind="stable")]
        cents = _cents(balance)
        same = owners[rows[1:]] == owners[rows[:-1]]
        first, second = rows[:-1][same], rows[1:][same]
        return cls(first, second, cents[second] - cents[first], len(kept)) if len(first) else None

    def fits(self, signed: Numbers) -> int:
        """How many steps these signed amounts explain, rows in the order of time or the newest first."""
        return max(int((self.by == signed[self.second]).sum()), int((self.by == -signed[self.first]).sum()))

    def signs(self, cents: Numbers) -> Numbers | None:
        """1, −1 or, where it cannot be told, 0 for each row; ``None`` where the balance does not go with these amounts."""
        forward = np.abs(self.by) == cents[self.second]
        backward = np.abs(self.by) == cents[self.first]
        rows, fits, by = (
            (self.second, forward, self.by) if forward.sum() >= backward.sum() else (self.first, backward, -self.by)
        )
        if fits.mean() < _MOSTLY:
            return None
        signs = np.zeros(self.length, dtype="int64")
        signs[rows[fits]] = np.sign(by[fits])
        return signs


def _cents(values: pa.Array) -> Numbers:
    cents: Numbers = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    return cents


def overdrafts(columns: Columns, kept: Mask) -> Mask:
    """Rows whose 余额方向 is 借 under a balance above nothing: the bank's money, not the customer's."""
    out = bools(pc.equal(columns["balance_side"][1].values, "debit"))
    return out & kept & bools(pc.greater(columns["balance"][1].values, 0))

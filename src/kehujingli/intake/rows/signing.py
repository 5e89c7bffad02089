"""What does a posting add to its account? Credit in, debit out, a negative amount is red ink and turns the sign; and in which month."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def signed_columns(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
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

"""What do the columns of a row say of each other? Lines of the balance among postings, the side of an amount, two columns of one name."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.intake import cells
from kehujingli.intake.cells.columns import Mask, bools
from kehujingli.intake.rows.directions import directions, overdrafts
from kehujingli.intake.rows.judging import Judging
from kehujingli.terms.places import column_name


def twins(sheet: Judging) -> None:
    """Two columns with one header: equal ones are told; where they differ nobody can say which is meant."""
    for position, others in sheet.raw.match.twins.items():
        for other in others:
            if not sheet.raw.said(other, np.flatnonzero(sheet.rows.kept)).to_numpy(zero_copy_only=False).any():
                continue
            first = sheet.raw.match.headers[position]
            names = {"column": first.raw.strip(), "one": column_name(position), "other": column_name(other)}
            differ = _differ(sheet, position, other) & sheet.rows.kept
            sheet.fault(differ, position, "intake.column-ambiguous", {key: names[key] for key in ("one", "other")})
            if not differ.any():
                sheet.say("intake.column-twice", **names)


def spelt_twice(sheet: Judging) -> None:
    """Amounts of which several columns bear a name (余额, 当前余额): the more usual one is used, and where they differ it is asked."""
    match = sheet.raw.match
    for position, column in match.columns.items():
        if column.kind != "money":
            continue
        others = [
            place
            for place, header in enumerate(match.headers)
            if place not in match.columns and place in sheet.raw.columns and header.name in column.names
        ]
        differing = [
            place
            for place in others
            if match.headers[place].name != match.headers[position].name
            and (_differ(sheet, position, place) & sheet.rows.kept).any()
        ]
        if differing:
            names = "”、“".join(sheet.raw.header(place) for place in differing)
            sheet.say("intake.amount-two", column=sheet.raw.header(position), others=names)


def balance_rows(sheet: Judging) -> None:
    """期初余额 and the like among postings: no money moved, and the balance counts; what such a row has in an amount column may be it."""
    sums, words = sheet.rows.sums
    if sums:
        sheet.say("intake.no-posting", count=sums, words="、".join(words))
    rows = sheet.rows.balances & sheet.rows.kept
    if not rows.any():
        return
    sheet.say("intake.balance-row", count=int(rows.sum()))
    if "balance" in sheet.parsed and "amount" in sheet.parsed:
        own, amount = (sheet.parsed[key][1].values for key in ("balance", "amount"))
        meant = rows & bools(pc.is_null(own)) & bools(pc.is_valid(amount))
        sheet.parsed["balance"][1].values = pc.if_else(pa.array(meant), amount, own)
    for key in ("amount", "debit_amount", "credit_amount"):
        if key in sheet.parsed:
            parsed = sheet.parsed[key][1]
            parsed.values = pc.if_else(pa.array(rows), pa.scalar(0, pa.int64()), parsed.values)
    if "direction" in sheet.parsed:
        parsed = sheet.parsed["direction"][1]
        parsed.values = pc.if_else(pa.array(rows & bools(pc.is_null(parsed.values))), "credit", parsed.values)


_DATED = ("conflicts", "authority", "grids", "groups")


def backwards(sheet: Judging) -> None:
    """A conflict, an authority, a village's manager or a member of a group that ends before it begins: nobody can say which of the two days is meant."""
    if sheet.table.key not in _DATED or not {"valid_from", "valid_to"} <= sheet.parsed.keys():
        return
    position, last = sheet.parsed["valid_to"]
    first = sheet.parsed["valid_from"][1]
    wrong = bools(pc.fill_null(pc.less(last.values, first.values), False))
    sheet.fault(
        wrong & sheet.rows.kept, position, "intake.days-reversed", {"first": sheet.table.column("valid_from").label}
    )


def sides(sheet: Judging) -> None:
    """Which way the money went, and whose side a balance is on."""
    if "balance_side" in sheet.parsed and "balance" in sheet.parsed:
        rows = overdrafts(sheet.parsed, sheet.rows.kept)
        position, parsed = sheet.parsed["balance"]
        if rows.any():
            parsed.values = pc.if_else(pa.array(rows), pc.negate(parsed.values), parsed.values)
            side = sheet.raw.header(sheet.parsed["balance_side"][0])
            sheet.say("intake.overdraft", column=sheet.raw.header(position), side=side, count=int(rows.sum()))
    if sheet.table.key != "transactions":
        return
    found = directions(sheet.raw, sheet.parsed, sheet.sound)
    for key in found.turned:
        parsed = sheet.parsed[key][1]
        rows = bools(pc.less(parsed.values, 0))
        if key == "amount":
            rows &= bools(pc.equal(sheet.parsed["direction"][1].values, "debit"))
        parsed.values = pc.if_else(pa.array(rows), pc.negate(parsed.values), parsed.values)
    if found.untold is not None:
        sheet.fault(found.untold, sheet.parsed["amount"][0], "intake.direction-untold")
    if found.direction is not None:
        sheet.parsed["direction"] = found.direction
    for code, facts in found.told:
        sheet.say(code, **facts)


def _differ(sheet: Judging, position: int, other: int) -> Mask:
    """Rows in which two columns do not say the same, read as what they are."""
    column, headers = sheet.raw.match.columns[position], sheet.raw.match.headers
    mine = sheet.parsed[column.key][1].values
    twin = cells.parse(sheet.raw.column(other), column, headers[other], sheet.raw.epoch)
    sheet.patch(other, column, twin)
    unequal = pc.fill_null(pc.not_equal(mine, twin.values), False)
    return bools(pc.or_(unequal, pc.not_equal(pc.is_null(mine), pc.is_null(twin.values))))

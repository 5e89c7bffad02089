"""Is it a list of people that says which account each one has, or a list of accounts that says whose each one is? Told by what stands first and is more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kehujingli import terms
from kehujingli.terms import Column, Table

_OF_PEOPLE = 3
"""Columns that only a list of people has, of which so many before the account's say that it is one."""
_MORE = 2
"""So many more of them must there be than columns that only a list of accounts has."""


def accounts_beside(
    table: Table, found: Mapping[str, int], names: Sequence[str], accounts: Mapping[str, Column]
) -> tuple[int, ...]:
    """Where columns of 存款账户 stand in a customer list, as a credit system has it; nothing where it is no such list.

    ``found``: column → its position as this table; ``names``: the headers; ``accounts``: header → column of 存款账户.
    """
    if table.key != "customers":
        return ()
    people = [position for key, position in found.items() if not terms.BY_KEY["accounts"].has(key)]
    theirs = {
        column.key: position
        for position, name in enumerate(names)
        if (column := accounts.get(name.casefold())) is not None and not table.has(column.key)
    }
    at = theirs.get("account_id")
    if at is None or len(people) < len(theirs) + _MORE or sum(place < at for place in people) < _OF_PEOPLE:
        return ()
    lent = any(name in terms.BY_KEY["loans"].column("balance").names for name in names)
    return tuple(sorted(theirs.values())) if lent or names[at] in terms.ACCOUNTS_OF_PEOPLE else ()

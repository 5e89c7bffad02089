"""What does each row of the other side say? Plain name, account, whose it is, and why it is no lead; in codes, a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kehujingli.studies.called import STAR, flags, has_word, lead_number, of_units, plain_names, texts

if TYPE_CHECKING:
    import pandas as pd

_WHOLE_NUMBER = 12
"""As in the postings' own gathering: a shorter account counts with its bank."""
OWN, CUSTOMER, NAMESAKE, INNER, SHARED, STARRED = range(1, 7)
REASONS = {
    OWN: "本人在他行的账户",
    CUSTOMER: "本行客户",
    NAMESAKE: "与本行客户同名的个人",
    INNER: "内部、清算和代收户名",
    SHARED: "一个账号几个户名",
    STARRED: "户名打了星号",
}
"""Why a counterparty is no lead, the first that fits."""


class Words(Protocol):
    """What the rules say of names: words of firms, words of those left out, how many names an account may have."""

    @property
    def units(self) -> tuple[str, ...]: ...
    @property
    def left_out(self) -> tuple[str, ...]: ...
    @property
    def names(self) -> int: ...


class Sides:
    """What each row of ``sides`` says, in codes: plain name, account, whose it is."""

    def __init__(self, sides: pd.DataFrame, classes: pd.DataFrame, words: Words, banks: Sequence[str]) -> None:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        self.sides, self.classes = sides, classes
        text = pa.large_string()
        written = texts(sides["counterparty_name"]).dictionary_encode()
        plain = plain_names(written.dictionary)
        self.names = plain.unique().drop_null().sort()
        to_plain = _codes(pc.index_in(plain, value_set=self.names))
        self.written = _codes(written.indices)
        self.name = np.where(self.written < 0, -1, np.append(to_plain, -1)[self.written])
        self.unit = of_units(self.names, words.units)
        self.inner = has_word(self.names, words.left_out)
        self.starred = flags(pc.match_substring(self.names, STAR))
        ours = plain_names(classes["customer_name"])
        self.ours = flags(pc.is_in(self.names, value_set=ours.unique().drop_null()))
        bank = texts(sides["counterparty_bank"]).dictionary_encode()
        account = texts(sides["counterparty_account"])
        short = pc.fill_null(pc.less(pc.utf8_length(account), _WHOLE_NUMBER), False)
        if pc.any(short).as_py():
            called = pc.fill_null(bank.cast(text), "")
            account = pc.if_else(short, pc.binary_join_element_wise(called, account, pa.scalar("|", text)), account)
        told = account.dictionary_encode()
        self.account, self.accounts = _codes(told.indices), told.dictionary
        home = has_word(plain_names(bank.dictionary), [one for one in banks if one])
        self.home = np.append(home, False)[_codes(bank.indices)]
        ids = texts(sides["customer_id"])
        self.customer = _codes(pc.index_in(ids, value_set=texts(classes["customer_id"])))
        own = np.append(_codes(pc.index_in(ours, value_set=self.names)), -2)[self.customer]
        self.own = (own == self.name) & (self.name >= 0)
        self._name_accounts()

    def _name_accounts(self) -> None:
        """An account's name is the one of most postings; one that says nothing, or with stars, gives way to any other. Where a firm's name alone is
        told, and accounts bear it beside another, it is that other."""
        import numpy as np

        count = len(self.accounts)
        self.main = np.full(count, -1)
        alias = np.arange(len(self.names) + 1)
        alias[-1] = -1
        self.several = np.zeros(count, dtype="int64")
        there = (self.account >= 0) & (self.name >= 0)
        if there.any():
            pairs, place = np.unique(self.account[there] * len(self.names) + self.name[there], return_inverse=True)
            weight = np.bincount(place, self.sides["postings"].to_numpy(dtype="int64")[there]).astype("int64")
            account, name = np.divmod(pairs, len(self.names))
            order = np.lexsort((name, -weight, self.starred[name], account))
            first = np.unique(account[order], return_index=True)
            self.main[first[0]] = name[order][first[1]]
            named = name[~np.isin(name, self.main)]
            main = self.main[account[~np.isin(name, self.main)]]
            both = self.unit[named] & self.unit[main]
            alias[named[both]] = main[both]
            self.several += np.bincount(account, (~self.starred[name]).astype("int64"), count).astype("int64")
        self.called_as = np.where(self.account >= 0, np.append(self.main, -1)[self.account], alias[self.name])

    def _any(self, rows: Any) -> Any:
        """Whether any row of the same account says so; without an account the row itself."""
        import numpy as np

        whole = np.zeros(len(self.accounts) + 1, dtype=bool)
        whole[self.account[rows & (self.account >= 0)]] = True
        return np.where(self.account >= 0, whole[self.account], rows)

    def why(self, words: Words) -> Any:
        """Why each row is no lead; 0 where it may be one."""
        import numpy as np

        unit, ours, inner, starred = (
            np.append(one, False)[self.name] for one in (self.unit, self.ours, self.inner, self.starred)
        )
        as_called = np.append(self.ours, False)[self.called_as]
        ours |= as_called
        shared = np.append(self.several > words.names, False)[self.account]
        found = np.zeros(len(self.sides), dtype="int8")
        for reason, rows in (
            (STARRED, np.append(self.starred, False)[self.called_as] | (starred & (self.account < 0))),
            (SHARED, shared),
            (INNER, self._any(inner)),
            (NAMESAKE, self._any(ours & ~unit)),
            (CUSTOMER, self._any((ours & unit) | self.home)),
            (OWN, self.own),
        ):
            found[rows] = reason
        return found

    def key(self) -> Any:
        """Who it is: a firm by its name, a person by the account, else by the name alone."""
        import numpy as np

        unit = np.append(self.unit, False)[self.called_as]
        names, accounts = len(self.names), len(self.accounts)
        by_account = np.where(self.account >= 0, names + self.account, names + accounts + self.called_as)
        return np.where(unit, self.called_as, by_account)

    def numbers(self, keys: Any) -> list[str]:
        """The numbers of the leads with these keys."""
        names, accounts = len(self.names), len(self.accounts)
        said = self.said(keys % (names + accounts))
        spelled = _taken(self.accounts, keys - names)
        return [
            unit_number(str(name))
            if key < names
            else lead_number("D", "account", str(account))
            if key < names + accounts
            else lead_number("D", "name", str(name))
            for key, name, account in zip(keys.tolist(), said, spelled, strict=True)
        ]

    def said(self, codes: Any) -> list[str | None]:
        """The plain names of these codes."""
        return _taken(self.names, codes)

    def called(self, why: Any) -> dict[str, str]:
        """The plain names of those who bear a customer's, by number."""
        import numpy as np

        rows = np.flatnonzero(((why == NAMESAKE) | (why == OWN)) & (self.called_as >= 0))
        keys, first = np.unique(self.key()[rows], return_index=True)
        said = self.said(self.called_as[rows[first]])
        return {number: str(name) for number, name in zip(self.numbers(keys), said, strict=True)}


def unit_number(name: str) -> str:
    """The number of the lead that a firm of this plain name is."""
    return lead_number("D", "unit", name)


def _codes(values: Any) -> Any:
    """Arrow's indices as numpy's, nothing as -1."""
    import pyarrow.compute as pc

    return pc.fill_null(values.cast("int64"), -1).to_numpy(zero_copy_only=False)


def _taken(values: Any, places: Any) -> list[str | None]:
    """What stands at these places, nothing at those that are none."""
    import numpy as np
    import pyarrow as pa

    out = (places < 0) | (places >= len(values))
    found: list[str | None] = values.take(pa.array(np.where(out, 0, places), mask=out)).to_pylist()
    return found

"""What is nothing, and what a key is called."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kehujingli.values import listed, named

KEYS = st.one_of(st.none(), st.sampled_from(["01", "1", "", "甲", "乙"]))


@given(
    st.lists(KEYS, max_size=20),
    st.dictionaries(st.sampled_from(["01", "1", "甲"]), st.sampled_from(["张三", "", None, math.nan])),
)
def test_a_key_is_called_as_the_table_has_it_and_nothing_where_it_has_not(
    keys: list[str | None], names: dict[str, str]
) -> None:
    column = pd.Series(keys, dtype="str", index=range(5, 5 + len(keys)), name="branch_id")
    found = named(column, names)
    expected = [names.get(key) if key is not None and isinstance(names.get(key), str) else None for key in keys]
    assert listed(found) == expected
    assert found.index.equals(column.index)

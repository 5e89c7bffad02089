"""How does a file or a text stand in SQL?"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kehujingli.workspace.sql import connect, parquet, quoted


@pytest.mark.parametrize("text", ["O'Brien", "''", "'; drop table x; --", "八里店'支行", ""])
def test_a_text_between_quotes_is_itself(text: str) -> None:
    assert connect().execute(f"select {quoted(text)}").fetchone() == (text,)


def test_a_folder_with_a_quote_in_its_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "王's 电脑" / "classes.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"a": [1, 2]}), path)
    assert connect().execute(f"select sum(a) from {parquet(path)}").fetchone() == (3,)

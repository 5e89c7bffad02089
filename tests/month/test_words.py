"""What each word of the rules took out of the postings."""

from __future__ import annotations

import duckdb
import pandas as pd

from kehujingli.month.words import Taken, told_words, words_taken


def postings(*rows: tuple[str | None, str | None]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    frame = pd.DataFrame(rows, columns=["kind", "memo"])
    con.register("frame", frame)
    con.execute("create table transactions as select * from frame")
    return con


def test_each_word_with_its_rows_and_the_commonest_memos() -> None:
    con = postings(
        ("结息", None), (None, "年费"), (None, "扣年费"), (None, "扣年费"), (None, "支付2026年费用"), ("转账", "货款")
    )
    assert words_taken(con, ["年费", "结息", "工本费"]) == [
        Taken("年费", 3, (("扣年费", 2), ("年费", 1))),
        Taken("结息", 1, (("结息", 1),)),
        Taken("工本费", 0, ()),
    ]
    first, second = told_words(con, ["年费", "结息", "工本费"])
    assert (first.code, first.level, first.count) == ("rules.word-took", "note", 3)
    assert "“扣年费” 2 行、“年费” 1 行" in first.message
    assert "结息" in second.message

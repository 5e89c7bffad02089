"""Are postings that somebody else linked what linking would have made of them? Asked of whoever holds them, before a figure is reckoned.

What can be seen is refused: columns and types, blanks, days that are not of their month, postings told twice, half of a reversed pair, a customer
or an account that the exports do not know so. Whether two accounts of one customer paid each other cannot be seen without the other side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from kehujingli import terms
from kehujingli.errors import Exit, Finding, Problem, finding, problem
from kehujingli.measures.collected import Apart, by_reading, in_parts, parts_of, to_arrow, to_pandas
from kehujingli.measures.questions import BESIDE, POSTING
from kehujingli.periods import date_of, day_of, month_start
from kehujingli.tables.reversals import REVERSAL_DAYS
from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd

LINKED: Mapping[str, tuple[str, str]] = {**POSTING, **BESIDE}
MAY_BE_BLANK = ("balance", "kind", "memo", "transaction_id")
BESIDES: Mapping[str, tuple[str, str]] = {
    name: ("VARCHAR", terms.BY_KEY["transactions"].column(name).label)
    for name in ("channel", "counterparty_account", "counterparty_name", "counterparty_bank")
}
"""What may be there too: without it nobody is told of channels and counterparties."""
_TYPES = {"VARCHAR": nw.String, "INTEGER": nw.Int32, "BIGINT": nw.Int64, "BOOLEAN": nw.Boolean}
_WHOLE = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32)
_MONEY = ("signed", "amount", "balance")
_SHOWN = 3


@dataclass(frozen=True)
class Known:
    """What the exports know. ``owners``: account_id, customer_id of every account ever seen; ``merged``: customer numbers that are another's,
    and that other; ``main``: accounts whose postings are a sub-account's."""

    customers: pd.Series[str]
    owners: pd.DataFrame | None
    loan_ids: pd.Series[str] | None
    merged: Mapping[str, str]
    main: Mapping[str, str]


class Batch(NamedTuple):
    """What one ``part`` of a source holds up to a day. ``signed``, ``amount``: sums (分); ``days``, ``places``: sums of days and of row numbers."""

    part: int
    rows: int
    first: int
    last: int
    signed: int
    amount: int
    days: int
    places: int


@dataclass(frozen=True)
class Reach:
    """What a source holds: month, first and last day of each, rows, and Σ of amounts (分)."""

    months: Sequence[tuple[int, int, int]]
    rows: int
    amount: int


def declared(native: Any, where: str) -> Any:
    """The columns of ``LINKED``, and of ``BESIDES`` what is there, as a narwhals frame in the measures' types. Raises ``source.column-missing``, ``source.column-type``."""
    frame = nw.from_native(native)
    schema = frame.collect_schema()
    there = {name.casefold(): name for name in schema}
    lacking = [f"{name}（{kind}，{said}）" for name, (kind, said) in LINKED.items() if name not in there]
    if lacking:
        raise problem("source.column-missing", where=where, columns="、".join(lacking))
    wrong, asked = [], {**LINKED, **{name: said for name, said in BESIDES.items() if name in there}}
    for name, (kind, _) in asked.items():
        found = schema[there[name]]
        if not _fits(found, kind):
            cure = _cast(name, kind, found)
            wrong.append(
                finding("source.column-type", where=where, column=name, found=_named(found), wanted=kind, cure=cure)
            )
    if wrong:
        raise Problem(wrong, Exit.INPUT)
    return frame.select(nw.col(there[name]).cast(_TYPES[kind]).alias(name) for name, (kind, _) in asked.items())


def reach(frame: Any, where: str) -> Reach:
    """Raises ``source.empty``."""
    told = frame.group_by("month").agg(
        nw.col("day").min().alias("first"),
        nw.col("day").max().alias("last"),
        nw.len().alias("rows"),
        nw.col("amount").sum(),
    )
    raw = to_pandas(told)
    rows = raw.dropna(subset=["month", "first"]).sort_values("month")
    if rows.empty and len(raw):
        raise problem("source.blank", where=where, column="month 或 day", count=int(raw["rows"].sum()))
    if rows.empty:
        raise problem("source.empty", where=where)
    months = [
        (int(month), int(first), int(last))
        for month, first, last in zip(rows["month"], rows["first"], rows["last"], strict=True)
    ]
    return Reach(months, int(rows["rows"].sum()), sum(map(int, rows["amount"].fillna(0))))


def batches(frame: Any, last: int) -> tuple[Batch, ...]:
    """What a source holds up to a day, by ``part``: by these sums it is known again."""
    sums = (
        frame.filter(nw.col("day") <= last)
        .select("part", "signed", "amount", day=nw.col("day"), days=nw.col("day").cast(nw.Int64), places=nw.col("row"))
        .group_by("part")
        .agg(
            nw.len().alias("rows"),
            nw.col("day").min().alias("first"),
            nw.col("day").max().alias("last"),
            *(nw.col(name).sum() for name in ("signed", "amount", "days", "places")),
        )
    )
    rows = to_arrow(sums.select(*Batch._fields)).to_pylist()
    return tuple(sorted(Batch(*map(int, row.values())) for row in rows))


def insist_linked(
    frame: Any, known: Known, where: str, months: Sequence[tuple[int, int, int]], later: bool, apart: Apart = by_reading
) -> None:
    """Raises what is wrong with these postings (narwhals, by ``declared``, up to the period's last day), all at once. ``later``: whether others were left out."""
    told = [*_blank(frame, where), *_misdated(months, where)]
    if not told:
        told = [
            *_repeated(frame, where, apart),
            *_reversals(frame, where, later=later),
            *_unlinked(frame, known, where, apart),
        ]
    if told:
        raise Problem(told, Exit.INPUT)


def _fits(found: Any, kind: str) -> bool:
    return found in _WHOLE if kind in ("INTEGER", "BIGINT") else bool(found == _TYPES[kind])


def _cast(name: str, kind: str, found: Any) -> str:
    if name in _MONEY:
        return (
            f"金额在这里以分计：请写 CAST(round(元 * 100) AS BIGINT) AS {name}；已经是分的写 CAST({name} AS BIGINT)。"
        )
    if name == "day":
        said = "带时区的时间先换成北京时间再取日子，" if found == nw.Datetime else ""
        return f"请{said}写 1970-01-01 起的天数，如 datediff(日期, DATE '1970-01-01')。"
    if kind == "BOOLEAN":
        return f"请写 {name} = 1 这样的比较；库里没有 BOOLEAN 的，请先导成 Parquet。"
    if kind == "VARCHAR":
        return f"请写 CAST({name} AS VARCHAR)；数字列若丢过开头的 0，请从没有丢的地方取。"
    return f"请写 CAST({name} AS {kind})。"


def _named(found: Any) -> str:
    names = {
        "Float64": "DOUBLE",
        "Float32": "FLOAT",
        "String": "VARCHAR",
        "Date": "DATE",
        "Decimal": "DECIMAL",
        "Boolean": "BOOLEAN",
    }
    text = str(found)
    if text.startswith("Datetime"):
        return "TIMESTAMP（带时区）" if "time_zone=None" not in text else "TIMESTAMP"
    return names.get(text, names.get(text.partition("(")[0], text.upper()))


def _one(frame: Any, **asked: Any) -> dict[str, int]:
    """Counts over all rows: name → how many a test holds for."""
    sums = [nw.when(test).then(1).otherwise(0).sum().alias(name) for name, test in asked.items()]
    row = to_pandas(frame.select(*sums)).iloc[0]
    return {name: int(row[name]) if row[name] == row[name] else 0 for name in asked}


def _blank(frame: Any, where: str) -> Iterator[Finding]:
    wanted = [name for name in LINKED if name not in MAY_BE_BLANK]
    counts = _one(
        frame,
        **{name: nw.col(name).is_null() for name in wanted},
        odd_amount=nw.col("amount") != nw.col("signed").abs(),
    )
    for name in wanted:
        if counts[name]:
            yield finding("source.blank", where=where, column=name, count=counts[name])
    if counts["odd_amount"]:
        yield finding(
            "source.contradicts",
            where=where,
            count=counts["odd_amount"],
            unit="行的",
            what=" amount 不是 signed 的绝对值",
            cure="请写 abs(signed) AS amount；signed 存入为正、支取为负。",
        )


def _misdated(months: Sequence[tuple[int, int, int]], where: str) -> Iterator[Finding]:
    odd = [(month, first, last) for month, first, last in months if first < _start(month) or last >= _start(month + 1)]
    if odd:
        month, first, last = odd[0]
        yield finding(
            "source.contradicts",
            where=where,
            count=len(odd),
            unit="个",
            what=f" month 与 day 不是同一个月，如 month {month} 的 day 是 {date_of(first)} 至 {date_of(last)}",
            cure="请写 day = 1970-01-01 起的天数、month = 年 × 12 + 月 − 1，都按北京时间。",
        )


def _start(month: int) -> int:
    return day_of(month_start(month))


def _repeated(frame: Any, where: str, apart: Apart) -> Iterator[Finding]:
    """Rows alike in 流水号, day, account, money and balance: what two exports of the same days would have told twice."""
    keys = ["transaction_id", "day", "account_id", "signed", "balance"]
    numbered = frame.filter(~nw.col("transaction_id").is_null()).select(*keys)

    def more(some: Any) -> Any:
        counts = some.group_by(*keys).agg(nw.len().alias("n")).filter(nw.col("n") > 1)
        return counts.select((nw.col("n") - 1).sum().alias("again"), nw.col("transaction_id").min().alias("which"))

    found = in_parts(numbered, "account_id", more, parts_of(numbered), apart).dropna(subset=["which"])
    if len(found):
        yield finding(
            "source.contradicts",
            where=where,
            count=int(found["again"].sum()),
            unit="行是",
            what=f"重复的：流水号、日期、账号、金额、余额都与另一行相同，如流水号 {min(found['which'])}",
            cure="请在写这张表时去掉重复的，每笔只留一行。",
        )


def _reversals(frame: Any, where: str, *, later: bool) -> Iterator[Finding]:
    marked = (
        frame.filter(nw.col("reversed"))
        .group_by("account_id", "amount")
        .agg(nw.col("signed").sum().alias("left"), nw.len().alias("n"))
    )
    halves = _one(marked, halves=nw.col("left") != 0, pairs=nw.col("left") == 0)
    if halves["halves"]:
        when = "期末以后的行不算在内：冲正在期末以后的，期末时还没有冲，原笔的 reversed 写 false；" if later else ""
        yield finding(
            "source.contradicts",
            where=where,
            count=halves["halves"],
            unit="处",
            what=" reversed 只标了一半：同一账户、同一金额的一正一负没有成对",
            cure=f"{when}请把原笔和冲正笔都标为 true。",
        )
        return
    words = "|".join(terms.REVERSAL_WORDS)
    kind, memo = (
        nw.col(name).str.replace_all(terms.NO_REVERSAL, "").str.contains(words).fill_null(False)
        for name in ("kind", "memo")
    )
    says = kind | memo
    open_rows = frame.filter(~nw.col("reversed"))
    undoing = open_rows.filter(says).select("account_id", undone_on="day", undone=nw.lit(0) - nw.col("signed"))
    undone = open_rows.filter(~says).select("account_id", "day", "signed")
    both = undoing.join(undone, left_on=["account_id", "undone"], right_on=["account_id", "signed"], how="inner")
    # Of one day nobody here can say which came first; where no pair at all is marked that is no question.
    before = nw.col("day") < nw.col("undone_on") if halves["pairs"] else nw.col("day") <= nw.col("undone_on")
    near = before & (nw.col("undone_on") - nw.col("day") <= REVERSAL_DAYS)
    count = _one(both, left=near)["left"]
    if count:
        yield finding(
            "source.contradicts",
            where=where,
            count=count,
            unit="处",
            what="冲正没有标出：业务类型或摘要写着冲正，同一账户 31 天内有金额相反的原笔，reversed 都是 false",
            cure="请把原笔和冲正笔的 reversed 都写成 true。",
        )


def _unlinked(frame: Any, known: Known, where: str, apart: Apart) -> Iterator[Finding]:
    """What the accounts of the postings are said to be, beside what the exports say: one row an account comes back."""
    lending = nw.col("deposit") & nw.col("kind").str.starts_with(terms.LOAN_KIND_WORD).fill_null(False)
    said = frame.select(
        "account_id",
        "customer_id",
        deposit=nw.when(nw.col("deposit")).then(1).otherwise(0),
        lending=nw.when(lending).then(1).otherwise(0),
    )

    def ask(some: Any) -> Any:
        return some.group_by("account_id").agg(
            nw.col("customer_id").min().alias("customer"),
            nw.col("customer_id").max().alias("other"),
            nw.col("deposit").min().alias("all_deposit"),
            nw.col("deposit").max().alias("any_deposit"),
            nw.col("lending").max(),
        )

    rows = in_parts(said, "account_id", ask, parts_of(said), apart).sort_values("account_id", ignore_index=True)
    posted = to_pandas(frame.group_by("customer_id").agg(nw.len().alias("rows")))["customer_id"]
    yield from _strangers(posted, rows["account_id"], known, where)
    owner = rows["account_id"].map(_owners(known))
    owned = owner.notna()
    split = rows["customer"] != rows["other"]
    # Without accounts, or of an account in none of their pictures, nobody says whose it is: two customers may bear it as in an export.
    differs = owned & ((rows["customer"] != owner) | split)
    yield from _some(
        rows.loc[differs, "account_id"],
        where,
        "账号不是存款账户表里那个客户的",
        "请按存款账户表挂接：customer_id 写账户的客户号（多个客户号并为一个的写主号）。",
    )
    wrong = owned & (rows["all_deposit"] == 0)
    yield from _some(
        rows.loc[wrong, "account_id"],
        where,
        "存款账户的行 deposit 写成了 false",
        "请把存款账户表里的账号的 deposit 写成 true。",
    )
    lent = among(rows["account_id"], known.loan_ids) if known.loan_ids is not None else split & False
    wrong = ~owned & (((rows["any_deposit"] == 1) & lent) | (rows["lending"] == 1))
    yield from _some(
        rows.loc[wrong, "account_id"],
        where,
        "贷款的行 deposit 写成了 true",
        "请把借据号在贷款台账里的、业务类型以“贷款”开头的行的 deposit 写成 false。",
    )


def _strangers(customers: pd.Series[str], accounts: pd.Series[str], known: Known, where: str) -> Iterator[Finding]:
    second = customers[customers.isin(list(known.merged))]
    yield from _some(
        second, where, "客户号已并入别的客户号", "请写主号：证件号码相同或经认定是同一客户的，只用一个客户号。"
    )
    lost = customers[~among(customers, known.customers) & ~customers.isin(list(known.merged))]
    yield from _some(lost, where, "客户号在客户信息里找不到", "请核对客户信息是否漏导；查不到客户的行不要写进来。")
    subs = accounts[accounts.isin(list(known.main))]
    yield from _some(subs, where, "账号有几个子账户，流水没有写是哪一个", "请写子账户的账号，照存款账户表。")


def _owners(known: Known) -> dict[str, str]:
    if known.owners is None:
        return {}
    return dict(zip(known.owners["account_id"], known.owners["customer_id"], strict=True))


def _some(found: pd.Series[str], where: str, what: str, cure: str) -> Iterator[Finding]:
    if len(found):
        examples = "、".join(map(str, sorted(found)[:_SHOWN]))
        yield finding("source.not-linked", where=where, count=len(found), what=what, examples=examples, cure=cure)

"""What does emit-sql do? Prints what the measures ask of the postings as SQL, for a warehouse that no engine reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli.commands.common import Common, period_text, request_of, workspace_of
from kehujingli.commands.console import say_json, say_whole, talk
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, problem

if TYPE_CHECKING:
    from kehujingli.periods import Period
    from kehujingli.rules import SegmentRules


def emit_sql(common: Common, dialect: str) -> Exit:
    """The statements of a period under its rules. Raises ``option.bad``, ``engine.missing``."""
    from kehujingli.month.opening import find_rules
    from kehujingli.periods import Period
    from kehujingli.rules import load_rules
    from kehujingli.workspace.engines.warehouse import TRIED, known

    known(dialect)
    name = period_text(common.period)
    if name is None:
        raise problem(
            "option.bad",
            option="--period",
            value="空的",
            detail="语句里写死了哪个月的窗口",
            cure="请写是哪一期，如 --period 2026-10。",
        )
    period, workspace = Period.of(name), workspace_of(common, needed=False)
    rules = load_rules(common.rules) if common.rules else find_rules(request_of(common, workspace), period)
    told = statements(rules.segment, period, dialect)
    if common.json:
        say_json([{"name": one, "gives": gives, "sql": sql} for one, gives, sql in told])
        return Exit.DONE
    say_whole(
        f"-- {name}，办法 {rules.path.name}，{dialect} 写法。表 transactions 要有的列和类型见 docs/cluster.md。", ""
    )
    for one, gives, sql in told:
        say_whole(f"-- {one}：{gives}", f"{sql.strip()};", "")
    if dialect not in TRIED and not common.quiet:
        talk(f"{dialect} 写法没有在真的库上跑过：请先拿一个月与本机的得数核对。")
    return Exit.DONE


def statements(rules: SegmentRules, period: Period, dialect: str) -> list[tuple[str, str, str]]:
    """Name, what the rows say, and the statement of every question."""
    import narwhals.stable.v2 as nw

    from kehujingli.measures.questions import POSTING, questions
    from kehujingli.workspace.engines.warehouse import empty_table, translated

    with empty_table({name: kind for name, (kind, _) in POSTING.items()}) as table:
        asked = list(questions(nw.from_native(table), rules, period))
        written = translated([one.frame.to_native().sql_query() for one in asked], dialect)
    return [(one.name, one.gives, sql) for one, sql in zip(asked, written, strict=True)]


@typed(
    "workspace",
    "period",
    "rules",
    "json",
    "quiet",
    examples="kehujingli emit-sql --period 2026-10\nkehujingli emit-sql --period 2026-10 --dialect hive",
)
def typed_emit_sql(
    common: Common,
    dialect: Annotated[
        str, typer.Option("--dialect", metavar="写法", help="哪种库的 SQL：duckdb、spark、hive、trino、postgres")
    ] = "duckdb",
) -> None:

    leave(emit_sql(common, dialect))

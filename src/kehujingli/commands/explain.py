"""What does explain do? Why this class, why this score; the tree on the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, log_unmask, period_text, workspace_of
from kehujingli.commands.console import say_json, say_tree
from kehujingli.commands.explain_row import explain_row
from kehujingli.commands.options import OF_ENGINES, OF_RESULTS, leave, typed
from kehujingli.commands.show import KINDS, say_hits
from kehujingli.errors import Exit, problem

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace

ROW = ("row", "行")


def explain(common: Common, kind: str, value: str, item: str | None, *, everything: bool = False) -> Exit:
    """Find by id or name and tell why. Raises ``show.none``, ``option.bad``."""
    from kehujingli.answers.cards import find
    from kehujingli.answers.explain.customer import explain_customer
    from kehujingli.answers.explain.manager import explain_manager
    from kehujingli.answers.sources import Sources

    if KINDS.get(kind) not in ("客户", "客户经理"):
        raise problem(
            "option.bad", option="要讲什么", value=kind, detail="不认识", cure="请写 customer、manager 或 row。"
        )
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    log_unmask(workspace, common, "explain", kind=kind, value=value)
    hits = find(workspace, period_text(common.period), KINDS[kind], value, unmask=common.unmask)
    if not hits.records and hits.kind == "客户经理":
        hits.records = _known_before(workspace, hits.period, value)
    ids = {record["customer_id" if hits.kind == "客户" else "manager_id"] for record in hits.records}
    if not ids:
        raise hits.nobody(value)
    if len(ids) > 1:
        say_hits(hits, value, as_json=common.json)
        return Exit.DONE
    sources = Sources(workspace, hits.period)
    record = hits.records[0]
    if hits.kind == "客户":
        tree = explain_customer(sources, record, str(record["customer_name"] or ""))
    else:
        try:
            tree = explain_manager(sources, record, item, everything=everything or common.json)
        except KeyError:  # a column that the month did not keep is no item
            raise
        except LookupError as known:
            raise problem(
                "option.bad", option=terms.label("item"), value=item, detail="这份办法里没有", cure=f"有：{known}。"
            ) from None
    if common.json:
        say_json(tree.record())
    else:
        say_tree(tree.lines())
    return Exit.DONE


def _known_before(workspace: Workspace, period: str, value: str) -> list[dict[str, Any]]:
    """Managers of this number or name in the last earlier period that has them: who left is still asked for."""
    from kehujingli.answers.cards import find

    earlier = [name for name in reversed(workspace.period_names()) if name < period]
    return next((found for name in earlier if (found := find(workspace, name, "客户经理", value).records)), [])


def gap(common: Common, value: str) -> Exit:
    """What the next point of a manager would need. Raises ``show.none``."""
    from kehujingli.answers.cards import find
    from kehujingli.answers.explain.manager import explain_gap
    from kehujingli.answers.sources import Sources

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    hits = find(workspace, period_text(common.period), "客户经理", value)
    if not hits.records:
        raise problem("show.none", period=hits.period, what=hits.kind, value=value)
    if len({record["manager_id"] for record in hits.records}) > 1:
        say_hits(hits, value, as_json=common.json)
        return Exit.DONE
    tree = explain_gap(Sources(workspace, hits.period), hits.records[0])
    if common.json:
        say_json(tree.record())
    else:
        say_tree(tree.lines())
    return Exit.DONE


def _nothing_reckoned(common: Common, kind: str) -> None:
    """Raises ``option.bad`` where it is said of what a month has kept in what it should be reckoned, or from what."""
    for name, usual in (("engine", "duckdb"), ("master", None), ("source", None)):
        if (value := getattr(common, name)) != usual:
            raise problem(
                "option.bad",
                option=f"--{name}",
                value=value,
                detail=f"explain {kind} 讲的是留下的结果，不重算",
                cure="请去掉；只有 explain row 重算。",
            )


Named = Annotated[str, typer.Argument(metavar="客户经理", help="工号或姓名")]


@typed(
    *OF_RESULTS,
    *OF_ENGINES,
    examples="kehujingli explain customer 张三\nkehujingli explain manager 高娜\nkehujingli explain manager M0012 不良贷款率 --json\nkehujingli explain row 贷款台账.xlsx Sheet1 12\nkehujingli explain row 借据号或流水号",
)
def typed_explain(
    common: Common,
    kind: Annotated[
        str, typer.Argument(metavar="customer|manager|row", help="讲客户、客户经理，还是导出里的一行：有它没它差多少")
    ],
    value: Annotated[
        str, typer.Argument(metavar="编号或名称", help="客户号、工号，或名称；row 写文件名，或只写流水号、借据号、账号")
    ],
    item: Annotated[
        str | None,
        typer.Argument(
            metavar="[指标]",
            help="只讲这一项，讲到客户和原表的行；编号或中文名都可。row 写工作表",
            show_default=False,
        ),
    ] = None,
    row: Annotated[str | None, typer.Argument(metavar="[行号]", help="row 的行号，从 1 数", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部列出，不只列最大的几笔；--json 总是全部")] = False,
) -> None:

    if kind in ROW:
        leave(explain_row(common, [word for word in (value, item, row) if word], everything=everything))
    _nothing_reckoned(common, kind)
    leave(explain(common, kind, value, item, everything=everything))


@typed("workspace", "period", "json", examples="kehujingli gap M0012\nkehujingli gap 高娜 --json")
def typed_gap(common: Common, manager: Named) -> None:

    leave(gap(common, manager))

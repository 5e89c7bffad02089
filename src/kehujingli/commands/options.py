"""What options do commands share? Each once: its name, its Chinese help, and how a command gets them as a ``Common``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from kehujingli.commands.common import Common

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[导出]...", help="导出文件或目录；不写就读工作区的 exports/", show_default=False),
]
InFolder = Annotated[
    Path | None, typer.Option("-w", "--workspace", metavar="目录", help="工作区；不写就从当前目录往上找")
]
Period = Annotated[
    str | None, typer.Option("--period", metavar="月份", help="考核期间，如 2026-10；不写就取数据到了月末的最近一月")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="日期", help="数据截至哪一天，如 2026-10-31；没有数据日期的表也按它算")
]
RulesFile = Annotated[
    Path | None, typer.Option("--rules", metavar="文件", help="办法文件；不写就用 rules/ 里当日在用的")
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="文件或目录", help="写到哪里；不写就写在当前目录")
]
Json = Annotated[bool, typer.Option("--json", help="结果用 JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="只说错误")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只算不写")]
Unmask = Annotated[bool, typer.Option("--unmask", help="不遮姓名、手机、证件号（记入日志）")]
Public = Annotated[bool, typer.Option("--public", help="不带绩效薪酬，可以张榜")]
SignedOn = Annotated[
    str | None, typer.Option("--signed-on", metavar="日期", help="月报落款的编制日，如 2026-11-05；不写就空着")
]
Actuals = Annotated[Path | None, typer.Option("--actuals", metavar="文件", help="人工填报的实绩，以它为准")]
Targets = Annotated[Path | None, typer.Option("--targets", metavar="文件", help="任务数")]
Passwords = Annotated[
    Path | None, typer.Option("--password-file", metavar="文件", help="加密导出的密码，一行一个；不写就在终端里问")
]
Branch = Annotated[str | None, typer.Option("--branch", metavar="机构", help="只看这个机构：机构号或名称")]
Manager = Annotated[str | None, typer.Option("--manager", metavar="经理", help="只看这个客户经理：工号或姓名")]


Operator = Annotated[str | None, typer.Option("--as", metavar="姓名", help="操作员；不写就是系统登录的用户")]
Format = Annotated[str, typer.Option("--format", metavar="格式", help="table、csv 或 json")]

Raw = Annotated[
    bool,
    typer.Option("--raw", help="CSV 给程序读：文字照原样，不在 =、+、-、@ 前加撇号（表格软件会当公式，勿用它打开）"),
]

Engine = Annotated[
    str, typer.Option("--engine", metavar="引擎", help="流水在哪里算：duckdb、pandas 或 spark；得数分毫不差")
]
Master = Annotated[
    str | None,
    typer.Option(
        "--master", metavar="地址", help="Spark 在哪里：sc://主机:15002、spark://主机:7077、local[4]，或 sail（试用）"
    ),
]
Source = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="来源",
        help="挂接好的流水，代替导出里的：放 Parquet 的目录，或 jdbc:…#表名（见 docs/cluster.md）",
    ),
]

_SHARED: Mapping[str, tuple[Any, Any]] = {
    "paths": (Paths, None),
    "operator": (Operator, None),
    "password_file": (Passwords, None),
    "workspace": (InFolder, None),
    "period": (Period, None),
    "as_of": (AsOf, None),
    "rules": (RulesFile, None),
    "style": (Format, "table"),
    "raw": (Raw, False),
    "output": (Output, None),
    "json": (Json, False),
    "quiet": (Quiet, False),
    "dry_run": (DryRun, False),
    "unmask": (Unmask, False),
    "engine": (Engine, "duckdb"),
    "master": (Master, None),
    "source": (Source, None),
}
"""How each is declared, and what it is where it is not typed."""
OF_EXPORTS = ("password_file", "workspace", "period", "as_of", "rules", "output", "json", "quiet", "dry_run", "unmask")
OF_ENGINES = ("engine", "master", "source")
OF_RESULTS = ("workspace", "period", "json", "unmask")
OF_LISTS = ("workspace", "period", "style", "json", "unmask")
OF_DEEDS = ("operator", "workspace", "json", "quiet")


def typed(
    *names: str, examples: str, first: Sequence[str] = (), **declared: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a command: ``shared`` options where it takes a ``Common``, and examples for its help, one a line."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        takes_common = "common" in inspect.signature(command).parameters
        made = shared(*names, first=first, **declared)(command) if takes_common else command
        made.examples = examples  # type: ignore[attr-defined]
        return made

    return decorate


def shared(
    *names: str, first: Sequence[str] = (), **declared: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of these names: ``first`` before its own, the others behind. It is called with a ``Common`` and its own.

    ``declared``: those that mean something else to this command. A shared option that it has as a parameter too is handed on.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        wanted = [more for name in names for more in ((name, "raw") if name == "style" else (name,))]
        own = dict(inspect.signature(command, eval_str=True, locals={"Common": object}).parameters)
        del own["common"]
        options = [
            *(_option(name, declared) for name in first),
            *(parameter.replace(kind=parameter.KEYWORD_ONLY) for name, parameter in own.items() if name not in wanted),
            *(_option(name, declared) for name in wanted),
        ]

        def run(**given: Any) -> None:
            if given.get("raw"):
                given["style"] = "raw"
            command(_common(given), **{name: given[name] for name in own})

        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__annotations__ = {option.name: option.annotation for option in options}
        run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
        return run

    return decorate


def _option(name: str, declared: Mapping[str, Any]) -> inspect.Parameter:
    annotation, default = _SHARED[name]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=declared.get(name, annotation)
    )


def _common(given: Mapping[str, Any]) -> Common:
    from kehujingli.commands.common import Common

    known = {name: given[name] for name in Common.__dataclass_fields__ if name in given}
    return Common(**known | {"paths": tuple(given.get("paths") or ())})


def leave(code: int) -> None:
    """End the command with an exit code."""
    raise typer.Exit(int(code))

"""How does the command line speak Chinese? Typer's help and its complaints, in the words of this program."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from kehujingli.commands.groups import GROUPS
from kehujingli.studies import first_question, titles
from kehujingli.terms.widths import display_width, padded, wrapped

ALIASES: Mapping[str, str] = {
    "体检": "check",
    "分类": "segment",
    "管户": "assign",
    "考核": "score",
    "跑批": "run",
    "查": "show",
    "问": "query",
    "演示": "demo",
    "建": "init",
    "口径": "measures",
    "期间": "periods",
    "表": "tables",
    "讲清": "explain",
    "比": "diff",
    "找": "find",
    "到期": "due",
    "排": "top",
    "未配": "unassigned",
    "日志": "log",
    "复核": "review",
    "审批": "approve",
    "关账": "close",
    "验证": "verify",
    "重开": "reopen",
    "更正": "correct",
    "余额": "balance",
    "归属": "owners",
    "差距": "gap",
    "对账单": "statements",
    "分发": "pack",
    "回执": "receipt",
    "发薪": "payroll",
    "看板": "page",
    "走访计划": "visit-plans",
    "申诉": "appeal",
    "查办法": "lint",
    "说办法": "rules",
    "欠付": "owed",
    "试算": "whatif",
    "排名": "rank",
    "专题": "studies",
    "表单": "forms",
}


class _Chinese:
    """Section names and the help option of every command in Chinese."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示帮助"
        return option

    def usage_line(self, ctx: Any) -> str:
        """How the command is written."""
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        pieces = pieces.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 ...")
        for old, new in (("[[", "["), ("]...]...", "]..."), ("]]", "]"), ("{", ""), ("}", "")):
            pieces = pieces.replace(old, new)
        return f"{ctx.command_path} {pieces}"

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write(f"用法：{self.usage_line(ctx)}\n")

    def format_options(self, ctx: Any, formatter: Any) -> None:
        arguments: list[tuple[str, str]] = []
        options: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):  # type: ignore[attr-defined]
            record = parameter.get_help_record(ctx)
            if record is not None:
                name, said = record[0].split(" <")[0], extra(record[1])
                (arguments if parameter.param_type_name == "argument" else options).append((name, said))
        for title, records in (("参数", arguments), ("选项", options)):
            _definitions(formatter, title, records)
        if isinstance(self, TyperGroup):
            self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        epilog = self.epilog  # type: ignore[attr-defined]
        if epilog:
            formatter.write_paragraph()
            formatter.write("例子：\n" + "".join(f"  {line}\n" for line in epilog.split("\n")))


class Command(_Chinese, TyperCommand):
    """A command whose help is Chinese."""


def aliases() -> dict[str, str]:
    """Chinese name → command, those of the studies included."""
    return {**ALIASES, **{title.label: title.key for title in titles()}}


_STUDIES = "专题"
"""The heading under which every study is a command."""


def headings() -> dict[str, dict[str, str]]:
    """Heading → command → what it does, the studies included; no command is opened."""
    found = {heading: {name: said for name, (_, said) in group.items()} for heading, group in GROUPS.items()}
    found[_STUDIES] |= {title.key: f"{title.label}：{title.asks}" for title in titles()}
    return found


class Group(_Chinese, TyperGroup):
    """The program: its commands under their headings, each opened when it is asked for; Chinese names allowed."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """``help run`` is ``run --help``."""
        asked = [*args[1:2], "--help"] if args[:1] in (["help"], ["帮助"]) else args
        return list(super().parse_args(ctx, asked))

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for group in headings().values() for name in group]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        name = aliases().get(cmd_name, cmd_name)
        if name not in self.commands and (said := next((g[name] for g in headings().values() if name in g), None)):
            self.commands[name] = _made(name, said)
        return super().get_command(ctx, name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for heading, group in headings().items():
            _definitions(formatter, heading, [(name, first_question(said)) for name, said in group.items()])


def _made(name: str, said: str) -> Any:
    """The command as Typer makes it from its declaration."""
    import typer

    file = next((group[name][0] for group in GROUPS.values() if name in group), None)
    if file is None:
        from kehujingli.commands.study_command import study_command

        function = study_command(name)
    else:
        function = getattr(importlib.import_module(f"kehujingli.commands.{file}"), f"typed_{name.replace('-', '_')}")
    program = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    program.command(name, cls=Command, help=said, epilog=getattr(function, "examples", ""))(function)
    return typer.main.get_command(program)


def _definitions(formatter: Any, title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Names and what they mean in two columns that fit Chinese text."""
    if not rows:
        return
    left = min(max(display_width(name) for name, _ in rows), 30)
    formatter.write(f"\n{title}：\n")
    for name, said in rows:
        lines = list(wrapped(said, max(30, formatter.width - left - 4))) or [""]
        if display_width(name) > left:
            formatter.write(f"  {name}\n")
            name = ""
        for index, line in enumerate(lines):
            formatter.write(f"  {padded(name if index == 0 else '', left)}  {line}".rstrip() + "\n")


def extra(said: str) -> str:
    """``[default: 5000; x>=50]`` as （默认 5000）."""
    default = re.search(r"\[(?:.*?; )?default: ([^;\]]+)", said)
    plain = re.sub(r"\s*\[(?:default: |x[<>]|required|env var)[^\]]*\]$", "", said)
    return f"{plain}（默认 {default[1]}）" if default else plain


def complaint(error: Any) -> str:
    """What is wrong with a command line, in Chinese."""
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "kehujingli"
    hint = f"用 {path} --help 看用法。"
    parameter = getattr(error, "param", None)
    name = ""
    if parameter is not None:
        name = (
            parameter.opts[0]
            if parameter.param_type_name == "option"
            else (parameter.metavar or parameter.name or "").upper()
        )
    match kind:
        case "NoSuchOption":
            near = "、".join(error.possibilities or ())
            return f"没有选项 {error.option_name}" + (f"，是不是 {near}？" if near else "。") + hint
        case "MissingParameter":
            return f"缺 {name}。{hint}"
        case "BadParameter":
            return f"{name or '参数'} 的值不对：{_value_reason(str(error.message))}。{hint}"
        case _:
            group: Any = getattr(context, "command", None)
            known = group.list_commands(context) if hasattr(group, "list_commands") else []
            return f"{_usage_reason(str(error.message), known)}。{hint}".replace("？。", "？")


def _value_reason(message: str) -> str:
    if "valid integer" in message:
        return "应是整数"
    if "valid number" in message or "valid float" in message:
        return "应是数"
    if "does not exist" in message:
        return "文件或目录不存在"
    for limit, said in (
        (r"greater than or equal to (\S+)|x>=(\d+)", "不能小于"),
        (r"less than or equal to (\S+)|x<=(\d+)", "不能大于"),
    ):
        if found := re.search(limit, message):
            return f"{said} {found[1] or found[2]}"
    return "写法不对"


def _usage_reason(message: str, commands: Sequence[str]) -> str:
    if message.startswith("No such command"):
        import difflib

        name = message.removeprefix("No such command").split(".")[0].strip(" '")
        near = difflib.get_close_matches(name, [*commands, *aliases()], 1)
        return f"没有命令 {name}" + (f"，是不是 {near[0]}？" if near else "")
    if "unexpected extra argument" in message:
        return "多了参数 " + message.rpartition("(")[2].rstrip(")")
    if "requires an argument" in message:
        return message.split(" requires")[0].replace("Option", "选项").replace("'", "") + " 后面要跟一个值"
    if message.startswith("Missing command"):
        return "缺命令"
    return "命令行写法不对"

"""What does the manual say? docs/commands.md and the man page from the help of every command, docs/rules.md from the models, docs/studies.md.

python -m kehujingli.commands.manual docs
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kehujingli.workspace.version import __version__

PAGE, MAN, RULES, STUDIES = "commands.md", "kehujingli.1", "rules.md", "studies.md"
EXITS: Mapping[int, str] = {
    0: "做完",
    1: "做完，有事要人看（退回、未配、未计分、请核）",
    2: "命令写错",
    3: "办法有错",
    4: "输入不能用",
    5: "排不出方案",
    70: "程序出错",
}


@dataclass(frozen=True)
class Entry:
    """One command as its help tells it. ``parameters``: title, then name and meaning of each."""

    name: str
    said: str
    usage: str
    aliases: tuple[str, ...]
    parameters: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    examples: tuple[str, ...]


def entries() -> list[Entry]:
    """Every command that is not hidden, in the order of the help."""
    from kehujingli.commands.help import Group

    return list(_entries(Group(name="kehujingli"), "kehujingli"))


def _entries(group: Any, path: str) -> Iterator[Entry]:
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from _entries(command, f"{path} {name}")
        else:
            yield _entry(command, f"{path} {name}", name)


def _entry(command: Any, path: str, name: str) -> Entry:
    from kehujingli.commands.help import aliases, extra

    context = command.context_class(command, info_name=path, help_option_names=["-h", "--help"])
    groups: dict[str, list[tuple[str, str]]] = {"参数": [], "选项": []}
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            title = "参数" if parameter.param_type_name == "argument" else "选项"
            groups[title].append((record[0].split(" <")[0], extra(record[1])))
    usage = command.usage_line(context)
    return Entry(
        path.removeprefix("kehujingli "),
        command.help or "",
        usage,
        tuple(alias for alias, target in aliases().items() if target == name),
        tuple((title, tuple(rows)) for title, rows in groups.items() if rows),
        tuple((command.epilog or "").split("\n")) if command.epilog else (),
    )


def page() -> str:
    """docs/commands.md."""
    lines = [
        "# 命令",
        "",
        "由各命令的 `--help` 生成（`python -m kehujingli.commands.manual docs`），不手改。三十件常问的事各用哪条命令：见 [thirty.md](thirty.md)。",
        "",
        "结果写到标准输出，其余写到标准错误。结束代码："
        + "；".join(f"{code} {said}" for code, said in EXITS.items())
        + "。",
        "",
        "| 命令 | 做什么 |",
        "|---|---|",
        *(f"| [{entry.name}](#{entry.name.replace(' ', '-')}) | {_cell(entry.said)} |" for entry in entries()),
    ]
    for entry in entries():
        lines += ["", f"## {entry.name}", "", entry.said]
        if entry.aliases:
            lines += ["", f"也可写：{'、'.join(entry.aliases)}。"]
        lines += ["", "```sh", entry.usage, "```"]
        for title, rows in entry.parameters:
            lines += [
                "",
                f"| {title} | |",
                "|---|---|",
                *(f"| `{_cell(name)}` | {_cell(said)} |" for name, said in rows),
            ]
        if entry.examples:
            lines += ["", "例子：", "", "```sh", *entry.examples, "```"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def man() -> str:
    """docs/kehujingli.1, for ``man``."""
    lines = [
        f'.TH KEHUJINGLI 1 "" "kehujingli {__version__}" "客户经理"',
        ".SH 名称",
        r"kehujingli \- 客户经理：核心系统的导出进，客户分类、管户分配、考核得分出",
        ".SH 用法",
        ".B kehujingli",
        r"[\-\-version] [\-\-help] 命令 ...",
        ".SH 命令",
    ]
    for entry in entries():
        lines += [f".SS {_roff(entry.name)}", _roff(entry.said), ".PP", f".B {_roff(entry.usage)}"]
        if entry.aliases:
            lines += [".PP", f"也可写：{'、'.join(entry.aliases)}。"]
        for _, rows in entry.parameters:
            for name, said in rows:
                lines += [".TP", f".B {_roff(name)}", _roff(said)]
        if entry.examples:
            lines += [".PP", "例子：", ".nf", *(_roff(f"  {line}") for line in entry.examples), ".fi"]
    lines += [".SH 结束代码"]
    for code, said in EXITS.items():
        lines += [".TP", f".B {code}", _roff(said)]
    return "\n".join(lines) + "\n"


def _roff(text: str) -> str:
    """Text that troff takes as text."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped)


def write(folder: Path) -> None:
    """Every page that is written from the program."""
    from kehujingli.commands import studies
    from kehujingli.rules.reference import reference
    from kehujingli.studies import sections

    (folder / PAGE).write_text(page(), encoding="utf-8", newline="\n")
    (folder / MAN).write_text(man(), encoding="utf-8", newline="\n")
    (folder / RULES).write_text(reference(sections()), encoding="utf-8", newline="\n")
    (folder / STUDIES).write_text(studies.page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))

"""What does studies do? Which studies there are, what each asks and still needs; docs/studies.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.commands.common import Common
from kehujingli.commands.console import say, say_json, say_records, style_of
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit
from kehujingli.studies import studies as declarations
from kehujingli.studies.study import Study, label_of
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    from kehujingli.answers.studies import KeptPeriod

_KINDS = {
    "id": "文字",
    "text": "文字",
    "yuan": "元",
    "wan": "万元",
    "amount": "元",
    "rate": "比例",
    "count": "整数",
} | {"points": "数", "number": "数", "change": "整数", "date": "日期", "flag": "是否"}


def studies(common: Common, style: str) -> Exit:
    """Every study with what it asks, and what the newest period of the workspace lacks for it."""
    style = style_of(common.json, style)
    kept = _newest(common)
    records = []
    for study in declarations():
        needs = [label_of(name) for name in study.needs if kept is None or not kept.has(name)]
        missed = [name for name in study.likes if study.without.get(name)]
        likes = [label_of(name) for name in missed if kept is None or not kept.has(name)]
        records.append({"study": study.key, "label": study.label, "asks": study.asks, "needs": needs, "likes": likes})
    if style == "json":
        say_json({"period": kept.period.name if kept else None, "studies": records})
        return Exit.DONE
    headers = terms.headers("study", "label", "asks", "needs", "likes", label="study_label")
    shown = [{**record, "needs": "、".join(record["needs"]), "likes": "、".join(record["likes"])} for record in records]
    say_records([{word: str(record[key]) for key, word in headers.items()} for record in shown], style)
    if style == "table":
        told = f"缺的按 {kept.period.name} 看" if kept else "还没有跑过任何一期，列的是各专题要用的表"
        say("", f"{told}；空表用 kehujingli forms 写出，填好后再跑 kehujingli run。")
    return Exit.DONE


def _newest(common: Common) -> KeptPeriod | None:
    """The newest kept period of the workspace, where there is one."""
    from kehujingli.answers.studies import KeptPeriod

    root = common.workspace.resolve() if common.workspace else Path.cwd()
    workspace = Workspace.find(root)
    names = workspace.period_names() if workspace else []
    return KeptPeriod(workspace, Results.of(workspace, names[-1])) if workspace and names else None


def has_form(name: str) -> bool:
    """Whether the table says what its form's example line is: those of the core system are exported, never typed."""
    return any(column.example for column in terms.BY_KEY[name].columns)


def page() -> str:
    """docs/studies.md."""
    lines = [
        "# 专题",
        "",
        "由各专题的声明生成（`python -m kehujingli.commands.manual docs`），不手改。怎样新加一个：见 [study.md](study.md)。",
        "",
        "每个专题是一条命令：在工作区里直接写，答案从跑过的月份里来；后面写导出文件，就现读现算。`--json`、`--format csv` 给程序用，`-o 文件.xlsx` 写出工作簿，`query` 里也能查它的表。",
        "",
        "| 命令 | 问什么 |",
        "|---|---|",
        *(f"| [{study.key}](#{study.key}) {study.label} | {study.asks} |" for study in declarations()),
    ]
    for study in declarations():
        lines += ["", f"## {study.key}", "", f"{study.label}：{study.asks}", "", *_page_of(study)]
    return "\n".join(lines) + "\n"


def _page_of(study: Study) -> Iterator[str]:
    from kehujingli.rules.reference import section

    yield f"要用：{'、'.join(map(label_of, study.needs))}。"
    for name in study.likes:
        yield f"有则更好：{label_of(name)}。缺了：{study.without.get(name) or '不缺什么。'}"
    if study.definitions:
        yield from ("", *(f"- {name}：{said}" for name, said in study.definitions))
    for one in study.lists:
        yield from ("", f"### {one.title} `{one.key}`", "", "| 列 | 键 | 是什么 | 怎么来 |", "|---|---|---|---|")
        for column in one.columns:
            yield f"| {column.header} | `{column.key}` | {_KINDS[column.kind]} | {column.meaning} |"
    if study.rules is not None:
        yield from (
            "",
            *section(f"`[studies.{study.key}]`", study.rules).replace("## ", "### ", 1).rstrip().split("\n"),
        )
    for name in [*study.needs, *study.likes]:
        if name in terms.BY_KEY and has_form(name):
            table = terms.BY_KEY[name]
            needed = {key for group in table.requires for key in group}
            yield from ("", f"### 表：{table.label}", "", f"空表用 `kehujingli forms {table.label}` 写出。", "")
            yield from ("| 列 | 单位 | 必填 | 例子 |", "|---|---|---|---|")
            for given in table.columns:
                must = "是" if given.key in needed else ""
                yield f"| {given.label} | {given.unit} | {must} | {given.example} |"


@typed("workspace", "style", "json", examples="kehujingli studies\nkehujingli 专题 --json")
def typed_studies(common: Common, style: str) -> None:

    leave(studies(common, style))

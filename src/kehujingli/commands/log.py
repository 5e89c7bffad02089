"""What does log do? Who did what, when; and whether the chain of entries holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.chain import chain
from kehujingli.commands.common import Common, log_unmask, workspace_of
from kehujingli.commands.console import CSV, say_json, say_records, style_of, talk
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, problem
from kehujingli.terms.masks import mask, mask_name
from kehujingli.workspace.clock import local_time
from kehujingli.workspace.log import read_log

DEEDS: Mapping[str, str] = {
    "init": "建工作区",
    "run": "跑批",
    "demo": "演示",
    "commit": "方案作数",
    "unmask": "看全名",
    "clean": "清缓存",
    "close": "关账",
    "reopen": "重开",
    "verify": terms.label("checked"),
    "appeal": "申诉",
    "pack": "分发",
    "receipt": "回执",
    "statements": "对账单",
    "payroll": "发薪",
    "page": "看板",
    "visit-plans": "走访计划",
    "review": "复核",
    "approve": terms.label("approval"),
    "correct": "更正",
    "answer": "答复",
    "map": "认表头",
    "?": "读不懂的一行",
}
_WORDS: Mapping[str, str] = {
    "period": terms.label("period"),
    "exit": "结束代码",
    "unchanged": "结果照旧",
    "unmask": "看全名",
    "against": "",
    "plan": "方案",
    "source": terms.label("source"),
    "effective": terms.label("effective_on"),
    "customers": "户数",
    "refused": "没有同意",
    "public": "公开",
    "document": terms.label("document_number"),
    "command": "命令",
    "kind": "对象",
    "value": "查",
    "sql": "查询",
    "freed": "字节",
    "file": "文件",
    "reason": terms.label("reason", "adjustments"),
    "approved_by": "审批",
    "days": terms.label("days"),
    "branch": "机构",
    "by": terms.label("item"),
    "named": "月份",
    "columns": "列",
    "paid": terms.label("paid"),
}
_PRIVATE = re.compile(
    r"((?:客户名称|手机号|证件号码|customer_name|phone|id_number)\W*(?:=|like)\s*)'([^']*)'", re.IGNORECASE
)
_OWN = ("at", "who", "deed", "before", "broken")


def log(common: Common, since: str | None, style: str, *, verify: bool) -> Exit:
    """Show entries since a day; a broken chain ends with 1. ``verify``: the command of that name."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    style = style_of(common.json, style)
    if verify:
        from kehujingli.commands.closing import verify as prove

        return prove(replace(common, json=style == "json"), None)
    entries = list(read_log(workspace))
    told, record = chain(workspace)
    code = Exit.DONE if record["holds"] else Exit.ATTENTION
    first = _day(since)
    log_unmask(workspace, common, "log")
    shown = [entry if common.unmask else _masked(entry) for entry in entries if entry["at"][:10] >= first]
    if style == "json":
        say_json(shown)
    else:
        at, who, deed, content, link = terms.words("at", "operator", "deed", "content", "chain")
        records = [
            {
                at: local_time(entry["at"]),
                who: entry["who"],
                deed: DEEDS.get(entry["deed"], entry["deed"]),
                content: _facts(entry),
                link: "断" if entry["broken"] else "",
            }
            for entry in shown
        ]
        if records or style in CSV:
            say_records(records, style)
        talk(told)
    return code


def _masked(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry without the customer's name, phone or id number that somebody asked for."""
    if entry["deed"] != "unmask":
        return entry
    hidden = dict(entry)
    if "value" in entry and entry.get("kind") not in ("manager", "经理", "客户经理", "branch", "机构"):
        hidden["value"] = _mask(str(entry["value"]))
    if "sql" in entry:
        hidden["sql"] = _PRIVATE.sub(lambda match: f"{match[1]}'{_mask(match[2])}'", str(entry["sql"]))
    return hidden


def _mask(value: str) -> str:
    if value.isdigit():
        return mask(value, {11: "phone", 15: "id_number", 18: "id_number"}.get(len(value), ""))
    return value if value.isascii() else mask_name(value)


def _day(since: str | None) -> str:
    if since is None:
        return ""
    try:
        return date.fromisoformat(since).isoformat()
    except ValueError:
        raise problem(
            "option.bad", option="--since", value=since, detail="不是日期", cure="请写成 2026-10-01。"
        ) from None


def _facts(entry: Mapping[str, Any]) -> str:
    parts = []
    for key, value in entry.items():
        if key in _OWN or value in (None, "", False, []):
            continue
        word = _WORDS.get(key, key)
        text = "" if value is True else " ".join(map(str, value)) if isinstance(value, list) else str(value)
        parts.append(f"{word} {text}".strip())
    return "，".join(parts)


@typed(
    "workspace",
    "style",
    "json",
    "unmask",
    examples="kehujingli log\nkehujingli log --since 2026-10-01\nkehujingli log --verify",
)
def typed_log(
    common: Common,
    style: str,
    since: Annotated[str | None, typer.Option("--since", metavar="日期", help="只看这一天起的，如 2026-10-01")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="与 kehujingli verify 相同：验日志的链和各月的封条")] = False,
) -> None:

    leave(log(common, since, style, verify=verify))

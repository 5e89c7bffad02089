"""What does page do? One page of a kept month to look at in a browser, without a network; a month too large for one file by branch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import leave, typed
from kehujingli.commands.sending import meta_of
from kehujingli.errors import Exit, problem
from kehujingli.intake.ledger import hash_file
from kehujingli.workspace.files import place_file
from kehujingli.workspace.kept import MANIFEST
from kehujingli.workspace.log import note_log
from kehujingli.workspace.outside import hand_over, tidy
from kehujingli.workspace.swap import PAGE, PUBLIC_PAGE, outputs_of

REGISTER = "看板登记.json"
"""In a folder elsewhere: which files are ours."""
_HTML = (".html", ".htm")


def page(common: Common, *, public: bool) -> Exit:
    """Write all files or none, with the line of the log; what lies there already is said and not written again."""
    from kehujingli.answers.page import pages_of
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.workbooks.page import page_html
    from kehujingli.workspace.results import results_of

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    results = results_of(workspace, period_text(common.period))
    home = workspace.period(results.period) / (PUBLIC_PAGE if public else PAGE)
    with workspace.locked(results.period), workspace.staging() as staged:
        pages = pages_of(KeptPeriod(workspace, results), meta_of(workspace, results), public=public)
        outputs: list[dict[str, Any]] = []
        for one in pages:
            content = page_html(one.data)
            (staged / one.file).write_bytes(content)
            outputs.append({"path": one.file, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)})
        facts: dict[str, Any] = {"period": results.period} | ({"public": True} if public else {})
        facts |= {"files": {one["path"]: one["sha256"] for one in outputs}}
        told = {"period": results.period, "as_of": results.manifest["as_of"], "outputs": outputs}
        record = json.dumps(told, ensure_ascii=False, indent=1)
        target = home if common.output is None else _target(common.output, outputs)
        again = common.output is None and _stand(home, outputs)
        if common.dry_run or again:
            pass
        elif common.output is None:
            (staged / MANIFEST).write_text(record, encoding="utf-8")
            workspace.publish(staged, home, ("page", facts))
        elif target.suffix in _HTML:
            place_file(staged / outputs[0]["path"], target)
            note_log(workspace, "page", **facts)
        else:
            tidy(target, REGISTER, _ours)
            (staged / REGISTER).write_text(record, encoding="utf-8")
            hand_over(workspace, staged, target, REGISTER, _ours, ("page", facts))
    _say(
        common, results.period, outputs, target if target.suffix in _HTML else target / outputs[0]["path"], again=again
    )
    return Exit.DONE


def _target(output: Path, outputs: Sequence[dict[str, Any]]) -> Path:
    """A file where its name says so, else a folder. Raises ``option.bad`` where many files would be one."""
    if output.is_dir() or not output.suffix:
        return output
    if output.suffix.casefold() not in _HTML:
        raise problem("option.bad", option="-o", value=output, detail="不是 .html", cure="请写成 .html，或写一个目录。")
    if len(outputs) > 1:
        detail = f"客户多，要写 {len(outputs)} 个文件"
        raise problem("option.bad", option="-o", value=output, detail=detail, cure="请写一个目录。")
    return output


def _stand(home: Path, outputs: Sequence[dict[str, Any]]) -> bool:
    """Whether just these lie there already."""
    try:
        same = all(hash_file(home / one["path"]) == one["sha256"] for one in outputs)
    except OSError:
        return False
    return same and _ours(home / MANIFEST) == {one["path"] for one in outputs}


def _ours(register: Path) -> set[str]:
    """The files that a register says we made; none where it cannot be read."""
    return {path for path, _ in outputs_of(register)}


def _say(common: Common, period: str, outputs: Sequence[dict[str, Any]], first: Path, *, again: bool) -> None:
    if common.json:
        output = None if common.dry_run else str(first)
        say_json({"period": period, "output": output, "files": list(outputs)})
        return
    if common.quiet:
        return
    largest = max(one["bytes"] for one in outputs)
    size = f"{largest / 1_000_000:.1f} MB"
    many = (
        f"{len(outputs)} 个文件，最大的 {size}；客户多，各机构的客户在各自的文件里，请整个目录一起放"
        if len(outputs) > 1
        else size
    )
    stand = "；和已经写出的一样，没有重写" if again else ""
    written = (
        []
        if common.dry_run
        else [f"{'已在' if again else '写出'}  {first}", "用浏览器打开；不用网络，放在共享目录里也行"]
    )
    say(f"{period} 看板 {many}{stand}", *written)


@typed(
    "output",
    "workspace",
    "json",
    "quiet",
    "dry_run",
    output=Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="文件或目录", help="写成 .html，或写进一个目录；不写就写进这一期的 看板/"
        ),
    ],
    examples="kehujingli page 2026-10\nkehujingli page 2026-10 --public -o 张榜.html",
)
def typed_page(
    common: Common,
    period: Annotated[
        str | None,
        typer.Argument(metavar="[月份]", help="哪个月份，如 2026-10；不写就取最近的一期", show_default=False),
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="不带绩效薪酬，也没有单个客户，可以张榜")] = False,
) -> None:
    leave(page(replace(common, period=period), public=public))

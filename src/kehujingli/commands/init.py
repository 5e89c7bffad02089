"""What does init do? A workspace with commented rules and forms to fill in."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import Json, leave, typed
from kehujingli.errors import Exit, problem
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now
from kehujingli.workspace.log import note_log


def init(folder: Path, *, as_json: bool) -> Exit:
    """Make DIR with rules/, exports/ and the forms that people fill in. Refuses a folder that holds anything."""
    workspace = make_workspace(folder, now().date())
    if as_json:
        say_json({"workspace": str(workspace.root)})
    else:
        say(
            f"工作区  {workspace.root}",
            f"办法    {next(workspace.rules.glob('*.toml')).relative_to(workspace.root)}（示例，请改成本社的办法和文号）",
            "导出    把核心系统导出的表放进 exports/，任意层目录",
            "手工表  表单/ 里有任务数、走访计划、加减分、业绩归属等空表，填好留在那里即可",
            f"然后    kehujingli -h 看命令；在 {workspace.root} 里运行 kehujingli run",
        )
    return Exit.DONE


def make_workspace(folder: Path, today: date) -> Workspace:
    """The folder's skeleton; the rules hold from 1 January of this year."""
    from kehujingli.commands.forms import write_forms
    from kehujingli.lists.forms import forms_to_fill
    from kehujingli.rules import EXAMPLE, load_rules

    root = folder.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise problem("workspace.exists", path=folder)
    workspace = Workspace(root)
    try:
        for path in (workspace.rules, workspace.exports, workspace.layouts, workspace.periods):
            path.mkdir(parents=True)
    except OSError as error:
        raise problem("output.failed", path=folder, detail=error.strerror or error) from None
    shutil.copyfile(EXAMPLE, workspace.rules / f"{today.year}-01-01.toml")
    write_forms(workspace.forms, forms_to_fill(load_rules(EXAMPLE).rules.incentive))
    note_log(workspace, "init")
    return workspace


@typed(examples="kehujingli init 示例县\ncd 示例县 && kehujingli run")
def typed_init(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="工作区放在哪里")], json: Json = False
) -> None:

    leave(init(folder, as_json=json))

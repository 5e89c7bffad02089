"""What does clean do? Forget what was read. Exports, rules and results stay; the next command reads again."""

from __future__ import annotations

import shutil
from pathlib import Path

from kehujingli.commands.common import Common, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit
from kehujingli.workspace.log import note_log


def clean(common: Common) -> Exit:
    """Empty the ledger."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    with workspace.locked("清空缓存"):
        ledger = workspace.cache / "ledger"
        size = _size(ledger)
        if not common.dry_run:
            shutil.rmtree(ledger, ignore_errors=True)
            note_log(workspace, "clean", freed=size)
    if common.json:
        say_json({"freed": size})
    else:
        say(f"{'可清空' if common.dry_run else '清空'}  {size / 1_048_576:,.1f} MB；导出、办法、各期结果没有动")
    return Exit.DONE


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@typed("workspace", "dry_run", "json", examples="kehujingli clean\nkehujingli clean -w 示例县")
def typed_clean(common: Common) -> None:

    leave(clean(common))

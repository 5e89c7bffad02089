"""Does the log's chain hold? In a sentence, and as JSON has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kehujingli.workspace import Workspace
from kehujingli.workspace.log import cut_off, head, read_log


def chain(workspace: Workspace) -> tuple[str, dict[str, Any]]:
    """What is to be said, and the record: entries, the numbers of broken ones, whether its tail was cut off, its head, whether all holds."""
    broken = [number for number, entry in enumerate(read_log(workspace), 1) if entry["broken"]]
    count, last = head(workspace)
    cut = cut_off(workspace)
    record = {"entries": count, "broken": broken, "cut": cut, "head": last, "holds": not broken and not cut}
    return _told(count, broken, cut=cut), record


def _told(count: int, broken: Sequence[int], *, cut: bool) -> str:
    if broken:
        places = "、".join(f"第 {number:,} 条" for number in broken[:5])
        return f"日志 {count:,} 条，链断在{places}：那里或前一条被改过、删过或插过。"
    if cut:
        return f"日志 {count:,} 条，末尾少了或被改过。"
    return f"日志 {count:,} 条，链完整。"

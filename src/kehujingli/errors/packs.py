"""What can be wrong with the packs of a month?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

PACKS: Mapping[str, Kind] = {
    "pack.nobody": kind(
        "error",
        "{period} 没有一户有客户经理，也没有人参加考核，客户经理的资料一份也没有。",
        "请补导管户经理或批准方案后重跑；要按机构分发的，运行 kehujingli pack。",
        Exit.INPUT,
    ),
}

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
    "pack.none": kind(
        "error",
        "{period}没有写过机构或客户经理的资料。",
        "请先运行 kehujingli pack，写出资料，发下去。",
        Exit.INPUT,
    ),
    "pack.receipt-unread": kind(
        "error",
        "{place}：{detail}，没有登记。",
        "请用 kehujingli pack 写出的文件，只填“回执”里签收人、签收日期、有无异议、异议内容四格。",
        Exit.INPUT,
    ),
    "pack.receipt-altered": kind(
        "error",
        "{place}：发出的是“{was}”，收回的是“{now}”，不是发出的那一份，这次一份也没有登记。",
        "请用发出的那一份，只填“回执”；数不对的写在“异议内容”里。",
        Exit.INPUT,
    ),
    "pack.receipt-cell": kind(
        "error",
        "{place}：{column}是“{value}”，{detail}，这次一份也没有登记。",
        "{cure}",
        Exit.INPUT,
    ),
}

"""What can be wrong with postings that come linked already, from Parquet or a database, instead of exports?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

SOURCES: Mapping[str, Kind] = {
    "source.unreadable": kind(
        "error", "{where} 读不出来：{detail}。什么都没有算。", "{cure}", Exit.INPUT, brief="流水来源读不出来"
    ),
    "source.empty": kind("error", "{where} 里一行流水也没有。", "请核对路径或表名，看这张表写完了没有。", Exit.INPUT),
    "source.column-missing": kind(
        "error",
        "{where} 没有这些列：{columns}。",
        "请在写这张表的语句里加上，列名照 docs/cluster.md，大小写不论；挂接、去重、冲正还没做的，请把原始流水放进 exports/，由本程序来做。",
        Exit.INPUT,
    ),
    "source.column-type": kind(
        "error",
        "{where} 的列 {column} 是 {found}，须是 {wanted}。",
        "{cure}",
        Exit.INPUT,
    ),
    "source.blank": kind(
        "error",
        "{where} 的列 {column} 有 {count} 行是空的，这一列每行都要有。",
        "请在写这张表时补上；查不到客户的行（未挂接）不要写进来。",
        Exit.INPUT,
    ),
    "source.contradicts": kind(
        "error",
        "{where} 有 {count} {unit}{what}。",
        "{cure}",
        Exit.INPUT,
    ),
    "source.not-linked": kind(
        "error",
        "{where} 没有挂接好：{count} 个{what}，如 {examples}。照它算会算错，没有算。",
        "{cure}",
        Exit.INPUT,
    ),
    "source.taken": kind(
        "note",
        "流水取自 {where}：{rows} 行，{first} 至 {last}，发生额合计 {amount} 元；挂接、去重、互转由写这张表的人负责。",
    ),
    "source.instead": kind("note", "导出里有 {count} 个交易流水（{files}）没有用：写了 --source，流水只取自 {where}。"),
    "source.needed": kind(
        "error",
        "{period} 的流水是用 --source 从 {where} 取的，exports/ 里没有；没有流水重算，得数都会不对，没有算。",
        "请照写 --source（kehujingli run、kehujingli whatif、kehujingli handover、kehujingli explain row 等都可以）；没有它的命令，请把这些月份的流水放进 exports/。",
        Exit.INPUT,
    ),
    "source.no-controls": kind(
        "warning",
        "对账表里有 {count} 行说的是交易流水：写了 --source，没有读原始流水，这几行没有核对。",
        "请在写那张表的地方核对笔数和金额；要在这里核对，请把原始流水放进 exports/，不写 --source。",
        brief="{count} 行对账没有核对",
    ),
}

"""What can be wrong with a rules file?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

RULES: Mapping[str, Kind] = {
    "rules.link-unused": kind(
        "note",
        "办法的 {count} 项指标写了环节（{key}），未使用：只在 kehujingli rules 里看得到，不影响计分。",
    ),
    "rules.word-took": kind(
        "note",
        "规则里的“{word}”取走了 {count} 行流水，不算客户主动办的业务；最多的摘要：{memos}。",
        "取错了的，请把这个词写得更长更准。",
    ),
    "rules.file-missing": kind(
        "error", "找不到规则文件 {path}。", "请检查路径，或用 kehujingli init 建一个工作区。", Exit.RULES
    ),
    "rules.syntax": kind("error", "{place}：不是合格的 TOML：{detail}。", "请改正这一行。", Exit.RULES),
    "rules.unknown-key": kind("error", "{place}：不认识“{key}”{nearest}", "请改正或删去这个键。", Exit.RULES),
    "rules.missing-key": kind("error", "{place}：缺“{key}”。", "请补上。", Exit.RULES),
    "rules.bad-value": kind("error", "{place}：“{key}”是 {value}，{detail}。", "请改正。", Exit.RULES),
    "rules.band-gap": kind(
        "error", "{place}：{label}分档 {low} 到 {high} 之间没有分值。", "请补上这一档。", Exit.RULES
    ),
    "rules.band-overlap": kind(
        "error", "{place}：{label}分档在 {low} 到 {high} 之间重叠。", "请改正上下限。", Exit.RULES
    ),
    "rules.points-total": kind(
        "error",
        "各项标准分合计 {total}，应为 {expected}（第 {lines} 行）。",
        "请改正标准分，或写明 total。",
        Exit.RULES,
    ),
    "rules.frequency-overlap": kind(
        "error",
        "{place}：经常联系户允许 {idle_days} 天未动，休眠户只要 {idle_months} 个月没有业务（最短 {shortest} 天），同一户可能两样都算。",
        "请把 idle_days 改到 {shortest} 天以下，或把 idle_months 改大。",
        Exit.RULES,
    ),
    "rules.none-in-force": kind(
        "error", "{day} 没有生效的办法（{known}）。", "请在 rules/ 放一份当日已生效的规则文件。", Exit.RULES
    ),
    "rules.section-missing": kind(
        "error", "{place}没有 [{section}]，{command}做不了。", "请补上这一节（写法见 docs/rules.md）。", Exit.RULES
    ),
    "rules.example-used": kind(
        "note", "没有规则文件，用的是随程序带的示例办法。", "正式使用请用 kehujingli init 建工作区，改好 rules/。"
    ),
}

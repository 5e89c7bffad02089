"""What can go wrong, and what does a person do about it? Every error and finding: code, level, sentence, cure.

A sentence says where, what, and what follows; the cure says what to do. Both are built from facts by ``finding`` (the run goes on)
or ``problem`` (the command stops). Codes are stable: scripts and ``--accept`` files rely on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """Exit codes, as promised in the contract."""

    DONE = 0
    ATTENTION = 1
    USAGE = 2
    RULES = 3
    INPUT = 4
    NO_PLAN = 5
    FAULT = 70


@dataclass(frozen=True)
class Kind:
    level: str  # refused, warning, note, or error: the command stops
    sentence: str
    cure: str
    exit: Exit = Exit.ATTENTION


def _k(level: str, sentence: str, cure: str = "", exit: Exit = Exit.ATTENTION) -> Kind:
    return Kind(level, sentence, cure, exit)


KINDS: Mapping[str, Kind] = {
    # intake: a file
    "intake.table-unknown": _k(
        "warning",
        "{place}认不出是哪张表（有{found}）。{rows} 行未读，其他表不受影响。",
        "请核对是否放错文件；若是要用的表，请把表头改成系统导出的名称。",
    ),
    "intake.column-missing": _k(
        "error",
        "{place}认作{table}，但缺“{missing}”。现有列：{found}。{nearest}",
        "请补导该列；若只是名称不同，请把表头改成“{missing}”。",
        Exit.INPUT,
    ),
    "intake.column-twice": _k(
        "warning",
        "{place}有两列都叫“{column}”（{one} 列和 {other} 列），内容相同，用的是 {one} 列。",
        "请删去一列，或把表头改得不同。",
    ),
    "intake.no-header": _k(
        "warning",
        "{place}没有表头，{rows} 行未读。",
        "请在第一行补上列名；改不了导出的，请在 layouts 写明各列次序（例子见 docs/layouts.md）。",
    ),
    "intake.average-ambiguous": _k(
        "warning",
        "{place}的“{header}”没有说明是月日均、年日均还是上年日均，这一列没有采用。",
        "请把表头写明为“{choices}”之一。",
    ),
    "intake.rate-percent": _k(
        "note", "{place}的“{header}”没有写单位，数值都大于 1，按百分数读入。", "若不是百分数，请在表头写明单位。"
    ),
    "intake.unit-above": _k(
        "note",
        "{place}在列名之外（上方、下方或表名）写着单位是{unit}，“{columns}”按{unit}读入。",
        "若不是，请把单位写进表头，例如“余额(元)”。",
    ),
    "intake.unit-unclear": _k(
        "warning",
        "{place}在列名之外（上方、下方或表名）写着几种金额单位（{units}），“{columns}”自己没有写单位，按元读入。",
        "请把单位写进表头，例如“余额(万元)”。",
    ),
    "intake.unit-in-name": _k(
        "warning",
        "{place}的文件名写着{unit}，表里没有写单位，“{columns}”按元读入。",
        "若是{unit}，请把单位写进表头，例如“余额({unit})”。",
    ),
    "intake.amount-unused": _k(
        "warning",
        "{place}的“{columns}”像是{table}要用的金额，但认不出是哪一列，没有采用。",
        "若要用，请把表头改成“余额”“年日均”这样的名称，单位写在括号里；外币请另行统计。",
    ),
    "intake.no-balance": _k(
        "note", "{place}没有余额一列，存款余额按交易流水算；没有流水就没有余额。", "系统里有余额的，请一并导出。"
    ),
    "intake.table-beside": _k(
        "warning", "{place}从 {column} 列起另有一张{table}，没有读。", "请把它移到单独的工作表。"
    ),
    "intake.table-above": _k(
        "warning",
        "{place}的表头上面另有一张{table}（“{header}”，至少 {rows} 行），没有读。",
        "请把它移到单独的工作表。",
    ),
    "intake.same-file": _k("note", "《{file}》与《{other}》内容相同，只读一份。"),
    "intake.changed": _k("note", "《{file}》在读取时被换成了另一份，按换过的读入。"),
    "intake.changing": _k(
        "refused",
        "《{file}》在读取时一直有别的程序在写。整个文件未读，其他文件不受影响。",
        "请等导出或复制完成，再运行一次。",
    ),
    "intake.unreadable": _k(
        "refused",
        "《{file}》读不出来：{detail}。整个文件未读，其他文件不受影响。",
        "请从原系统重新导出，或用 WPS 打开后另存为 .xlsx。",
    ),
    "intake.reader-fault": _k(
        "refused",
        "读《{file}》时程序出错（{detail}）。整个文件未读，其他文件不受影响。",
        "请把这个文件和这句话发给维护人；急用时用 WPS 打开后另存为 .xlsx。",
    ),
    "intake.password": _k("refused", "《{file}》有密码，没有给或不对。", "请用 --password-file 指定密码文件。"),
    "intake.truncated": _k("warning", "{place}正好 {rows} 行，多半被截断。", "请改导 .xlsx 或分段导出。"),
    "intake.corrected": _k("note", "{place}退回的 {count} 行已在退回清单里改过，以改过的为准。"),
    "intake.corrected-stale": _k(
        "warning",
        "{place}改的是《{source}》以前那一份，现在的《{source}》已不退回这些行。{count} 行没有采用，免得重复。",
        "请把这份退回清单从 exports/ 里拿掉；只有几行过时的，删去那几行。",
    ),
    "intake.row-stale": _k(
        "refused",
        "{place}改的是《{source}》{value}，那一行现在没有退回。这一行没有采用，免得重复。",
        "请从退回清单里删去这一行。",
    ),
    "intake.merged": _k("note", "{place}的“{column}”有 {count} 格在合并单元格里，按合并的内容补齐。"),
    "intake.merged-amount": _k(
        "warning",
        "{place}的“{column}”有 {count} 格在合并的金额里，只算在第一行，其余按空处理。",
        "请取消合并，逐行填写金额。",
    ),
    "intake.no-data": _k("note", "《{file}》里一个有内容的格子也没有。"),
    "intake.quotes": _k("note", "{place}的引号不成对，按一行一条读入。", "请核对有引号的行。"),
    "intake.layout": _k("note", "{place}按版式“{layout}”读作{table}。"),
    "intake.left-out": _k(
        "note", "{place}有 {count} 行按版式“{layout}”不算流水（{words}），合计 {amount} 元，没有读入。"
    ),
    "layout.bad": _k("error", "版式 {place}：{detail}。", "写法见 docs/layouts.md。", Exit.INPUT),
    "intake.empty": _k("note", "{place}认作{table}，但没有数据行。"),
    "intake.hidden": _k("note", "{place}是隐藏的工作表，照常读入。"),
    "intake.hidden-rows": _k("note", "{place}有 {count} 行是隐藏的（筛选或手工隐藏，从第 {row} 行起），照常读入。"),
    "intake.extension": _k("note", "《{file}》的文件名不是表格，未读。"),
    "intake.second-table": _k(
        "refused",
        "{place}：第 {begins} 行又是一个表头（{names}），与上面的列不同，下面是另一张表。它的 {count} 行不能按上面的列读，都退回。",
        "请把下面这张表移到另一个工作表或另存一个文件；若是同一张表分页打印的，请把各页的列排成一样。",
    ),
    # intake: a cell
    "intake.column-ambiguous": _k(
        "refused",
        "{place}：有两列都叫“{column}”（{one} 列和 {other} 列），这一行内容不同，不知道用哪一列。本行退回。",
        "请把不要的那一列删去，或把表头改得不同。",
    ),
    "intake.id-lost-digits": _k(
        "refused",
        "{place}：{column} {value} 已被表格软件截成 15 位，后几位找不回来。本行退回，未参与计算。",
        "请从原系统重新导出，导出前把该列设成“文本”。",
    ),
    "intake.id-missing": _k("refused", "{place}：“{column}”是空的。本行退回。", "请补上后再放进来。"),
    "intake.value-missing": _k("refused", "{place}：“{column}”是空的。本行退回。", "请补上后再放进来。"),
    "intake.amount-bad": _k(
        "refused", "{place}：“{column}”是“{value}”，不是金额{hint}。本行退回。", "请改正后再放进来。"
    ),
    "intake.number-bad": _k(
        "refused", "{place}：“{column}”是“{value}”，不是数{hint}。本行退回。", "请改正后再放进来。"
    ),
    "intake.number-outside": _k(
        "refused", "{place}：“{column}”是“{value}”，只能{bounds}。本行退回。", "请在原系统核对，改正后再放进来。"
    ),
    "intake.date-bad": _k(
        "refused", "{place}：“{column}”是“{value}”，不是日期{hint}。本行退回。", "请改成 2026-01-31 这样的日期。"
    ),
    "intake.code-bad": _k(
        "refused", "{place}：“{column}”是“{value}”，不在 {choices} 之内。本行退回。", "请改正后再放进来。"
    ),
    "intake.code-unknown": _k(
        "warning", "{place}：“{column}”的“{value}”不认识，该格按空处理。", "请改成 {choices} 之一。"
    ),
    "intake.cell-error": _k(
        "refused", "{place}：“{column}”是公式错误 {value}。本行退回。", "请在表格软件里改正公式后再放进来。"
    ),
    "intake.id-cleaned": _k(
        "note", "{place}的“{column}”有 {count} 个带着引号、制表符、空格、看不见的字符或全角字符，已去掉或改成半角。"
    ),
    "intake.id-check": _k(
        "warning",
        "{place}：“{column}” {value} 的校验位不对，或里面的出生日期没有这一天，多半抄错。本行照常读入，不用来认同一客户。",
        "请在原系统核对证件号码。",
    ),
    "intake.formula-no-value": _k(
        "refused", "{place}：“{column}”是公式但没有存值。本行退回。", "请用 WPS 打开后保存一次再放进来。"
    ),
    "intake.currency": _k(
        "refused", "{place}：“{column}”是“{value}”，不是人民币。本行退回，不折算、不合计。", "外币请另行统计。"
    ),
    "intake.direction-missing": _k(
        "refused", "{place}：借贷标志是空的，不知道是收是付。本行退回。", "请补上“借”或“贷”。"
    ),
    "intake.duplicate-key": _k(
        "refused",
        "{place}里{column} {value} 出现多次（{rows}），内容不同。都退回。",
        "请在原系统核对后只留一行；也可在退回清单里只留对的那一行，放回 exports/。",
    ),
    "intake.duplicate-row": _k("note", "{place}有 {count} 行与别的行完全相同，只计一次。"),
    "intake.repeated-transaction": _k("note", "交易流水有 {count} 行是同一流水号重复导出，只计一次。"),
    "intake.repeated-event": _k("note", "{place}有 {count} 行的单号和内容在别的导出里也有，只算一次。"),
    "table.event-again": _k(
        "warning",
        "{place}有 {count} 行{table}在{other}里也有：{how}。两份都算了；若是重新导出的，多算了{other}的{over}，或这里的{under}。",
        "请从 exports/ 里拿掉作废的那一份；确是两笔的，请在两份里加一列“单号”（加减分、业绩归属用“依据文号”）分别写明，或写进 --accept 的清单。",
    ),
    "table.export-again": _k(
        "warning",
        "{place}有 {count} 行{table}在{other}里也有，像是重新导出的；又有 {only} 行只在这里，{there} 行只在那里。两份都算了。",
        "请从 exports/ 里拿掉作废的那一份；两份都对的，写进 --accept 的清单。",
    ),
    "intake.overlap": _k(
        "warning",
        "《{file}》与《{other}》有 {count} 行完全相同且没有流水号，合计 {amount} 元，可能重复计算。",
        "请核对两份是否重叠导出；重叠的请只留一份。",
    ),
    "intake.sub-cent": _k("note", "{place}的“{column}”有 {count} 个数不到分，已四舍五入到分。"),
    # control totals
    "recon.mismatch": _k("warning", "{what} {read}，{book} {claimed}，{more} {by}{share}。{where}", "{cure}"),
    "recon.unknown": _k(
        "warning",
        "{place}的“{value}”不知道是哪张表的哪一列，没有核对。",
        "“表名”请写表的名称（如 存款账户）或导出文件的名称，“列名”请写表里的金额列。",
    ),
    # the tables of a period
    "table.missing": _k("error", "没有{table}，{command}做不了。", "请把{table}放进 {where} 后再来。", Exit.INPUT),
    "table.no-rows": _k(
        "error", "{table}里没有一行可用（退回 {rejected} 行）。", "请按退回原因改正后再来。", Exit.INPUT
    ),
    "table.no-files": _k(
        "error", "{where} 里没有可读的导出文件。", "请把核心系统导出的表放进去，或在命令后写上文件。", Exit.INPUT
    ),
    "table.path-missing": _k("error", "找不到 {path}。", "请检查路径。", Exit.INPUT),
    "table.path-odd": _k(
        "error", "{path} 不是普通文件，没有读。", "请写文件或文件夹的路径；从标准输入读请写 -。", Exit.INPUT
    ),
    "table.snapshot-older": _k(
        "warning", "没有 {day} 的{table}，用的是 {used} 的，{rolled}。", "请补导 {day} 的{table}。"
    ),
    "table.snapshot-later": _k(
        "warning",
        "没有 {day} 或以前的{table}，手头只有 {days} 的，本期按没有这张表算。",
        "请补导 {day} 的{table}；程序不会拿以后的数据顶替。",
    ),
    "table.snapshot-undated": _k(
        "warning", "{files}的{table}没有数据日期，按 {day} 算。", "请在表里加“数据日期”列，或把日期写进文件名。"
    ),
    "table.snapshot-unused": _k(
        "warning",
        "{place}的{table}是 {day} 的，本期用的是 {used} 的，这 {count} 行没有采用；其中 {lost} 行的{column}在 {used} 的里没有。",
        "若是分机构、分片导出的，各份请导同一天的；确是作废的旧表，请从 exports/ 里拿掉。",
    ),
    "table.snapshot-part": _k(
        "warning",
        "{place}的{table}是 {day} 的，{whose}在 {used} 的里一行也没有：这 {count} 行照用，余额按其后的流水滚动到期末。",
        "请补导它们 {used} 的{table}；已经撤销、换号的，请把旧表从 exports/ 里拿掉。",
    ),
    "table.column-gone": _k(
        "warning",
        "{place}没有“{column}”列，《{other}》有。{nearest}影响：{cost}。",
        "请从原系统补导这一列；只是改了名称的，把表头改回“{column}”，或在 layouts 写明（docs/layouts.md）。",
    ),
    "table.column-like": _k(
        "warning",
        "{place}没有“{column}”列，最像的是“{nearest}”，没有采用。影响：{cost}。",
        "若是这一列，把表头改成“{column}”，或在 layouts 写明（docs/layouts.md）；若不是，请从原系统补导。",
    ),
    "table.columns-absent": _k("note", "{place}的{table}没有这些列：{columns}。", "系统里有的，请一并导出。"),
    "table.account-gone": _k(
        "warning",
        "{count} 个账号在以前的存款账户里有余额，本期的里没有，流水也对不上这笔余额（差 {amount} 元）：期末按 0 计，从那以后没有流水的不算日均。",
        "请核对存款账户是否漏导、销户的流水是否齐全、账号是否换过。",
    ),
    "table.day-blank": _k(
        "warning", "{place}：“{column}”有 {count} 行是空的，按 {day} 算。", "请补上日期；不是这一天的，请改正。"
    ),
    "table.day-missing": _k(
        "refused",
        "{place}：“{column}”有 {count} 行是空的，同一张表里又不止一个日期（{days}），不知道是哪一天的。这些行退回。",
        "请补上日期后再放进来。",
    ),
    "intake.orphan": _k(
        "warning",
        "《{file}》有 {count} 行的{column}在{table}里找不到，合计 {amount} 元，列入“未挂接”，不计入任何人。",
        "请核对{table}是否漏导。",
    ),
    "table.unjoined": _k(
        "warning",
        "《{file}》有 {count} 行只有账号、没有客户号，又没有可用的存款账户，对不上客户，合计 {amount} 元，列入“未挂接”，不计入任何人。",
        "请补导存款账户（账号、客户号）。",
    ),
    "segment.no-accounts": _k(
        "error",
        "《{file}》只有账号、没有客户号，又没有可用的存款账户，不知道是哪些客户的流水：谁活跃、谁休眠算不出，没有分类。",
        "请补导存款账户（账号、客户号）后再来。",
        Exit.INPUT,
    ),
    "table.date-later": _k(
        "warning",
        "{place}：“{column}”是 {value}，在数据日期 {day} 之后，共 {count} 行，照常读入。",
        "请在原系统核对日期，或核对数据日期。",
    ),
    "table.manager-unknown": _k(
        "warning",
        "{place}：{table}有 {count} 行的{column}不在客户经理名册里（{people}）。",
        "请核对名册；离岗人员也请留在名册里并填离任日期。",
    ),
    "table.share-bad": _k(
        "warning",
        "{place}：“{column}”是 {value}，不在 0 到 100% 之间；失效日期也不能早于生效日期。共 {count} 行，不予采用。",
        "请改正归属比例或日期。",
    ),
    "table.owner-differs": _k(
        "warning", "{count} 行流水的客户号与账户表里该账号的客户号不同，按账户表算。", "请核对账户表。"
    ),
    "table.dangling": _k(
        "warning", "《{file}》有 {count} 行的{column}在{table}里找不到{amount}。", "请核对{table}是否漏导。"
    ),
    "intake.name-resolved": _k("note", "{table}的{column}有 {count} 处写的是名称，已按名册对应到编号。"),
    "intake.name-ambiguous": _k(
        "warning", "{column}“{value}”在{where}有 {people}，无法对应，共 {count} 处。", "请在导出里改成编号。"
    ),
    "intake.name-contradicted": _k(
        "warning",
        "{table}的{column}“{value}”工号与姓名对不上：名册里 {people}。{count} 处没有对应到人。",
        "请在导出里改正工号或姓名。",
    ),
    "intake.name-unknown": _k(
        "warning",
        "{table}的{column}“{value}”在名册里没有，共 {count} 处。",
        "请核对名册；离岗人员也请留在名册里并填离任日期。",
    ),
    "table.official-differs": _k(
        "warning", "与账户表日均不符 {count} 户，最大差 {amount} 元。", "以账户表为准；请核对流水是否漏导。"
    ),
    "table.future": _k("note", "交易流水有 {count} 行在 {day} 之后，本期不算。"),
    "customer.merged": _k(
        "note",
        "{count} 个客户号与别的客户号证件号码相同，或经认定是同一客户，并成 {people} 户计算（{cell} 并入 {value} 等）。",
        "不该合并的，请在“同一客户认定”表里写明客户号和“不合并”。",
    ),
    "customer.merged-names": _k(
        "warning",
        "{count} 个客户号证件号码相同而名称不同，仍按同一客户计算（{cell} 并入 {value} 等）。",
        "请在原系统核对证件号码；不是同一客户的，请在“同一客户认定”表里写明“不合并”。",
    ),
    "customer.ruling-unknown": _k(
        "warning", "同一客户认定有 {count} 行的客户号“{value}”在客户信息里找不到，不予采用。", "请核对客户号。"
    ),
    "loan.class-too-good": _k(
        "warning",
        "借据 {value} 逾期 {days} 天，仍列{class_}{more}。按令〔2023〕1号应不好于{expected}。程序不改分类。",
        "请报风险部。",
    ),
    # rules
    "rules.file-missing": _k(
        "error", "找不到规则文件 {path}。", "请检查路径，或用 kehujingli init 建一个工作区。", Exit.RULES
    ),
    "rules.syntax": _k("error", "{place}：不是合格的 TOML：{detail}。", "请改正这一行。", Exit.RULES),
    "rules.unknown-key": _k("error", "{place}：不认识“{key}”{nearest}", "请改正或删去这个键。", Exit.RULES),
    "rules.missing-key": _k("error", "{place}：缺“{key}”。", "请补上。", Exit.RULES),
    "rules.bad-value": _k("error", "{place}：“{key}”是 {value}，{detail}。", "请改正。", Exit.RULES),
    "rules.band-gap": _k("error", "{place}：{label}分档 {low} 到 {high} 之间没有分值。", "请补上这一档。", Exit.RULES),
    "rules.band-overlap": _k(
        "error", "{place}：{label}分档在 {low} 到 {high} 之间重叠。", "请改正上下限。", Exit.RULES
    ),
    "rules.points-total": _k(
        "error",
        "各项标准分合计 {total}，应为 {expected}（第 {lines} 行）。",
        "请改正标准分，或写明 total。",
        Exit.RULES,
    ),
    "rules.frequency-overlap": _k(
        "error",
        "{place}：经常联系户允许 {idle_days} 天未动，休眠户只要 {idle_months} 个月没有业务（最短 {shortest} 天），同一户可能两样都算。",
        "请把 idle_days 改到 {shortest} 天以下，或把 idle_months 改大。",
        Exit.RULES,
    ),
    "rules.none-in-force": _k(
        "error", "{day} 没有生效的办法（{known}）。", "请在 rules/ 放一份当日已生效的规则文件。", Exit.RULES
    ),
    "rules.section-missing": _k(
        "error", "{place}没有 [{section}]，{command}做不了。", "请补上这一节（写法见 docs/rules.md）。", Exit.RULES
    ),
    "rules.example-used": _k(
        "note", "没有规则文件，用的是随程序带的示例办法。", "正式使用请用 kehujingli init 建工作区，改好 rules/。"
    ),
    # segment
    "segment.no-scale-data": _k(
        "warning", "{count} 户算不出{measure}，规模只按其余部分定档，标记“依据不全”。", "请补导{needed}。"
    ),
    "segment.type-unknown": _k("note", "{count} 户没有客户类型，按个人定档。", "请在客户信息里补客户类型。"),
    "segment.group-unknown": _k("note", "{count} 户识别不出客群。", "请补农户标志、行业，或在规则里加行业用词。"),
    # assign
    "assign.no-capacity": _k(
        "warning",
        "{branch}：应配 {due} 户折 {load} 折算户，在岗 {managers} 人上限合计 {capacity}，差 {short}。{count} 户未配（其中贷款户 {borrowers}）。",
        "{cure}",
    ),
    "assign.no-manager": _k(
        "warning", "{branch}没有在岗客户经理，{count} 户未配。", "请核对名册，或安排别社客户经理的服务范围。"
    ),
    "assign.no-authority": _k(
        "warning",
        "{branch}：{count} 户贷款超过所有在岗客户经理的授信权限，未配。",
        "请提高授信权限，或由上级直接管理。",
    ),
    "assign.borrower-unmanaged": _k("warning", "有 {count} 户贷款客户没有客户经理，合计 {wan} 万元。", "须当日指定。"),
    "assign.capacity-unknown": _k("warning", "名册没有{column}，{count} 人按不限户数分配。", "请在名册补{column}。"),
    "assign.serves-unknown": _k(
        "warning",
        "{table}的{column}有 {count} 处看不懂：{people}。这些人没有服务到那里，那里的户可能因此未配。",
        "请写机构号、机构名称、机构表里的区域，或“全辖”，几个之间用顿号隔开。",
    ),
    "assign.left-by-cost": _k(
        "warning",
        "{branch}：{count} 户（其中贷款户 {borrowers}）有客户经理管得下却未配：按办法的 {section}，不配更便宜（{keys}）。",
        "请把 {key} 提到 {enough}，就都配上；确要宁缺毋滥的，不用改。",
    ),
    "assign.holder-shared": _k(
        "note",
        "{count} 户在业绩归属里分给几个人（或合计超过 100%），方案里只能有一人管户：以份额最大的为原管户经理，一样大的、超过 100% 的以原来的为准，如 {value} 为 {people}。",
        "若不是，请在业绩归属里改份额，或在方案里改管户经理。",
    ),
    "assign.holder-until": _k(
        "note",
        "{count} 户按业绩归属由现在的人管户，但归属有失效日期（最早 {day}）；方案一经批准，失效以后仍归他管。",
        "到期要还给原来的人的，请届时再出方案，或从方案里删去这些户。",
    ),
    "assign.commit-unread": _k(
        "error",
        "{place}：{detail}",
        "请用 assign 写出的管户分配.xlsx，在“变动审批”或“管户分配”里批好再交回。",
        Exit.INPUT,
    ),
    "assign.commit-unknown": _k(
        "error",
        "{place}：{column}“{value}”{detail}，整个方案没有作数。",
        "请改正这一行；新来的客户经理、新客户，请先把名册、客户信息补导进 exports/。",
        Exit.INPUT,
    ),
    "assign.no-plan": _k("error", "连未配也排不出方案：{detail}。", "请检查名册的下限与冻结。", Exit.NO_PLAN),
    # score
    "score.no-target": _k(
        "warning", "{who}没有 {year} 年{item}任务数，{effect}。", "请在任务数表补上，或在办法里写 missing_target。"
    ),
    "score.no-actual": _k(
        "warning", '“{item}”算不出：{missing}。按办法 missing_actual = "{policy}"{effect}。', "请补导所缺的表或列。"
    ),
    "score.no-baseline": _k(
        "warning", "“{item}”有 {count} 处没有基数（{missing}），{effect}。", "请补基数表，或补导上年日均。"
    ),
    "score.adjustment-unapproved": _k(
        "warning", "加减分第 {row} 行（{who} {points}）没有{missing}，不予采用。", "请补齐事由和审批人。"
    ),
    "score.adjustment-closed": _k(
        "warning",
        "加减分第 {row} 行（{who} {points}）记在已关账的 {period}，没有采用。",
        "请用 kehujingli correct {period} 记到未关账的月份，并删去这一行。",
    ),
    "score.adjustment-unknown": _k(
        "warning", "加减分第 {row} 行的指标“{item}”在办法里没有，不予采用。", "请改成办法里的指标名。"
    ),
    "score.duty-over": _k(
        "warning",
        "{who} 在名册里有 {posts} 行，在岗天数合计 {days} 天，多于当期 {most} 天，各行照算。",
        "请在名册里写明各岗的任职、离任日期或在岗天数。",
    ),
    "score.shares-over": _k(
        "warning", "{what} {value} 在 {start} 至 {end} 归属比例合计 {total}%，该{what}暂不计任何人。", "请改到 100%。"
    ),
    "score.outside-roster": _k(
        "warning",
        "{count} 个{what}的{column}不在名册里（{people}），归网点公共，合计 {amount} 元。",
        "请核对名册；若是全员营销，请把人员加进名册。",
    ),
    "score.trial-plan": _k(
        "warning",
        "导出里没有管户经理，也没有已批的方案，本期按方案试算，不作发放依据。",
        "请补导管户经理，或批准方案后从下期起算。",
    ),
    "score.actual-overridden": _k("note", "“{item}”有 {count} 人用的是人工填报数，与程序算的并列在“人工填报”。"),
    "score.actual-unapproved": _k(
        "warning", "{count} 人的人工填报没有审批人（{who}），本次照用。", "发放前请补审批人。"
    ),
    "score.actual-bad": _k("warning", "{place}：{who}的“{item}”是“{value}”，不是数，不予采用。", "请改正后再放进来。"),
    "score.period-unknown": _k(
        "warning",
        "{table}第 {row} 行（{who}）的期间“{value}”不是年、季、月，不予采用。",
        "请改成 2026、2026Q4 或 2026-10 这样的期间。",
    ),
    "score.period-unfit": _k(
        "warning",
        "{table}第 {row} 行（{who}）的期间是“{value}”，办法按{cycle}考核，不予采用。",
        "请把期间改成 {wanted}；已在别的期间采用过的，请用 --accept 注明。",
    ),
    "score.target-unknown": _k(
        "warning", "任务数第 {rows} 行的指标“{item}”在办法里没有，不予采用。", "请改成办法里的指标名；不考核的请删去。"
    ),
    "score.baseline-twice": _k(
        "warning", "“{item}”有 {count} 户既有客户的基数，又有账户的基数（{people}），按客户的算。", "请只留一种。"
    ),
    "score.target-nobody": _k(
        "warning",
        "{place}：任务数有 {count} 行只有机构号、没有工号（{branches}）。考核到人，不予采用。",
        "请分到客户经理，每人一行；只作参考的，请用 --accept 注明。",
    ),
    "score.visits-apart": _k(
        "note",
        "走访记录本月有 {told}不是办法里算走访的方式（{ways}），没有计入走访计划完成率。",
        "要算的，把方式写进办法 [incentive] 的 visit_ways。",
    ),
    "score.visits-way-unknown": _k(
        "warning",
        "走访记录本月 {count} 条都没写方式，分不出上门、电话和到店，全部计入了走访计划完成率。",
        "请在走访记录里补“方式”一列；办法里算走访的方式是 {ways}。",
    ),
    "score.visits-span": _k(
        "warning", "{table}第 {rows} 行“{item}”写的是年或季，走访按月比，没有采用。", "请按月写，例如 2026-10。"
    ),
    "score.lines-differ": _k(
        "warning", "{table}第 {rows} 行（{who}）“{item}”各不相同（{values}），都不予采用。", "请核对后只留一行。"
    ),
    "score.duty-unknown": _k("note", "{count} 人没有任职日期和在岗天数，按全期在岗算。"),
    "score.standard-missing": _k(
        "warning", "{who}的等级“{grade}”在办法里没有{what}，绩效未算。", "请在 [incentive.pay] 补上该等级。"
    ),
    "score.target-negative": _k(
        "warning", "任务数第 {row} 行（{who}）“{item}”是 {target}，小于零，按没有任务数算。", "请改正任务数。"
    ),
    "score.no-scheme": _k(
        "warning",
        "{count} 人不在任何一套办法的适用人员里（{people}），未计分。",
        "请核对名册的机构、岗位、等级，或补办法的适用人员（population）。",
    ),
    "score.two-schemes": _k(
        "warning",
        "{count} 人同时在几套办法里（{people}），未计分。",
        "请改办法的适用人员（population），让一人只归一套。",
    ),
    "score.pool-exceeded": _k(
        "warning", "{scheme}应发合计 {spent} 元，超过总额 {pool} 元 {over} 元，{effect}。", "请调整单价或总额{cure}。"
    ),
    "score.carry-unknown": _k(
        "warning",
        '“{item}”有 {count} 人不知道 {before} 欠多少任务：{why}。按办法 missing_actual = "{policy}"{effect}。',
        "请先跑 {before} 再重跑本期；{period} 是第一期的，请在这一项写 {key}。",
    ),
    "score.settlement-gap": _k(
        "warning",
        "{year} 年有 {count} 个月没有跑过（{months}），年终清算里没有这些月的数。",
        "请补跑（kehujingli run --period {first} 等）后重跑本月；本来就不发的，可用 --accept 注明。",
    ),
    "score.stop-over": _k(
        "warning",
        "{who}停止支付 {stopped} 元，{period}没有付的延期只有 {left} 元，多出的 {over} 元没有可停的。",
        "已付的要追回，请另写一条“扣回”。",
    ),
    "score.overpaid": _k(
        "warning",
        "{who}已预发的比应付的多 {over} 元，本月按 0.00 元兑付，多的记为本人欠款，结转以后扣。",
        "以后有应兑付的（本期、年终清算、到期延期）先扣，kehujingli owed 可查；已离任又没有延期的，请另行追索。",
    ),
    "score.clawback-waiting": _k(
        "warning",
        "{who}扣回 {ordered} 元，本月应兑付的不够扣，余 {left} 元待扣，记入欠付。",
        "以后有应兑付的（本期、年终清算、到期延期）先扣，kehujingli owed 可查；已离任又没有延期的，请另行追索。",
    ),
    # period, lock, output
    "period.incomplete": _k(
        "note",
        "{period} 还没过完（数据到 {reach}）。没有指定期间时只算到 {used}。",
        "要算未满月，请写 --period {period}。",
    ),
    "period.partial": _k("warning", "{period} 未满月，数据到 {reach}，只作参考。"),
    "period.no-postings": _k(
        "warning",
        "{period} 一笔交易流水也没有（流水从 {first} 到 {last}）：活跃、日均都按这个月没有业务算。",
        "请补导 {period} 的交易流水。",
    ),
    "period.outside": _k(
        "error",
        "导出里没有 {period} 的数据（交易流水和快照从 {first} 到 {reach}）。",
        "请补导那个月的数据，或用 --period 换一个月份。",
        Exit.INPUT,
    ),
    "period.none": _k(
        "error",
        "交易流水没有一个完整的月份（数据从 {first} 到 {reach}）。",
        "请补导整月的流水，或用 --period 指定未满月。",
        Exit.INPUT,
    ),
    "period.no-result": _k("error", "{period} 还没有跑过。", "请先运行 kehujingli run{option}。", Exit.INPUT),
    "period.no-scores": _k(
        "error",
        "{period} 没有考核得分：跑它的办法里没有 [incentive]。",
        "请在办法里补上这一节，再运行 kehujingli run --period {period}。",
        Exit.INPUT,
    ),
    "period.none-run": _k("error", "还没有跑过任何一期。", "请先运行 kehujingli run。", Exit.INPUT),
    "period.closed": _k(
        "warning", "{period} 已于 {day} 关账（审批：{approved_by}）。本次结果另存，不覆盖；{differs}。"
    ),
    "close.already": _k(
        "error",
        "{period} 已于 {day} 关账（审批：{approved_by}），没有动它。",
        "要更正请用 kehujingli correct {period} 记到下一个月；确须重算请用 kehujingli reopen {period} --reason 事由。",
        Exit.INPUT,
    ),
    "close.not-closed": _k(
        "error",
        "{period} 没有关账（{state}）。",
        "还没有关账的月份直接改好重跑；要关账请用 kehujingli close {period}。",
        Exit.INPUT,
    ),
    "close.same-person": _k(
        "error",
        "{period} 是 {who} 算的，不能由 {who} {deed}。",
        "请由另一人{deed}（--as 姓名 或 --approved-by 姓名）。",
        Exit.USAGE,
    ),
    "close.partial": _k(
        "error", "{period} 还没有过完（数据到 {reach}），不能关账。", "请等数据到了月末、重跑以后再关。", Exit.INPUT
    ),
    "close.before-open": _k(
        "error", "{before} 还没有关账，{period} 不能先关。", "请先用 kehujingli close {before}。", Exit.INPUT
    ),
    "close.later-closed": _k(
        "error",
        "{later} 已经关账，{period} 的封条在它前面，不能动。",
        "请先用 kehujingli reopen {later} --reason 事由；只是更正请用 kehujingli correct。",
        Exit.INPUT,
    ),
    "close.touched": _k(
        "error",
        "{period} 的 {files} 不是跑批写出的样子，不能签字。",
        "请重跑 kehujingli run --period {period}。",
        Exit.INPUT,
    ),
    "seal.itself": _k(
        "warning",
        "{period} 的封条被改过或不见了，与日志不符。",
        "请从备份找回 periods/{period}/状态.json，查日志是谁动的。",
    ),
    "seal.period-missing": _k(
        "warning",
        "{period} 已于 {day} 关账（审批：{approved_by}），现在 periods/{period} 整个不见了。",
        "请从备份找回 periods/{period}/；找不回来的，用 kehujingli reopen {period} --reason 事由 拆封，重跑后再关账。",
    ),
    "seal.signatures": _k(
        "warning",
        "{period} 的签字被改过，与封条或日志不符：状态.json 写审批 {told}，日志写审批 {logged}。",
        "以日志为准；请从备份找回 periods/{period}/状态.json，查是谁动的。",
    ),
    "seal.signatures-unsealed": _k(
        "warning",
        "{period} 的封条里没有签字（以前的程序封的），审批人只能按日志认：{logged}。",
        "要把签字封进去，请用 kehujingli reopen {period} --reason 事由 拆封后重新关账。",
    ),
    "seal.output-changed": _k("warning", "{period} 的《{file}》与关账时不同。", "请从备份找回这个文件。"),
    "seal.output-missing": _k("warning", "{period} 的《{file}》不见了。", "请从备份找回这个文件。"),
    "seal.input-changed": _k(
        "warning",
        "{period} 的输入《{file}》与关账时不同。",
        "请核对是不是用后来的导出盖掉了；重跑 kehujingli run --period {period} 可看影响。",
    ),
    "seal.chain": _k(
        "warning", "{period} 接的是 {before} 的封条，{before} 现在没有这张封条。", "请查 {before} 是不是被重开或换过。"
    ),
    "appeal.unread": _k(
        "error",
        "{place}：{detail}，没有登记。",
        "请用 kehujingli statements 写出的对账单，只填“申诉”“申诉理由”“主张数”三列。",
        Exit.INPUT,
    ),
    "appeal.none": _k(
        "error", "没有待答复的申诉 {number}（待答复：{known}）。", "请用 kehujingli appeal list 看编号。", Exit.INPUT
    ),
    "appeal.standing": _k(
        "error",
        "申诉 {number} 在 exports/{file} 里已有一行（{points}），与这次的答复不同。没有登记，也没有再加。",
        "请照那一行的数答复；那一行不对的，先删去再答复。",
        Exit.INPUT,
    ),
    "workspace.missing": _k(
        "error",
        "这里和上级目录都没有工作区（rules/ 和 exports/）。",
        "请到工作区里运行，或用 -w 指定，或直接在命令后写导出文件。",
        Exit.INPUT,
    ),
    "workspace.not-one": _k(
        "error", "{path} {detail}。", "请核对 -w 后的目录；要新建，请用 kehujingli init {path}。", Exit.INPUT
    ),
    "workspace.exists": _k("error", "{path} 已有内容，没有动它。", "请换一个空目录。", Exit.INPUT),
    "output.locked": _k("error", "《{file}》正开着，没有写。旧文件没动。", "请关掉后再跑。", Exit.INPUT),
    "output.unfinished": _k(
        "error",
        "《{file}》写到一半被别的程序占着，这一期新旧文件混在一起。",
        "请关掉占用它的程序，再运行任一命令，会接着写完。",
        Exit.INPUT,
    ),
    "output.failed": _k("error", "写不了 {path}：{detail}。旧文件没动。", "请检查目录权限和磁盘空间。", Exit.INPUT),
    "output.unreadable": _k(
        "error",
        "《{file}》读不出来：{detail}。什么都没有动。",
        "请用 WPS、Excel 或记事本打开，另存为 UTF-8 编码，关掉后再来。",
        Exit.INPUT,
    ),
    "list.cell-bad": _k(
        "error", "《{file}》第 {line} 行“{column}”是“{value}”，{detail}。什么都没有动。", "{cure}", Exit.INPUT
    ),
    "list.no-column": _k(
        "error", "《{file}》没有“{columns}”列。什么都没有动。", "请照原来的表头改回，或从备份找回这个文件。", Exit.INPUT
    ),
    "output.template-bad": _k(
        "warning",
        "模板《{file}》读不出来（{detail}），考核得分按自带的样式写。",
        "请用 WPS 或 Excel 另存为 .xlsx 再放进 templates/。",
    ),
    "output.template-formula": _k(
        "warning",
        "模板《{file}》有 {count} 个公式算不出（{cells}），已留空。",
        "请改成加减乘除、合计、取整一类的简单公式，或不用公式。",
    ),
    "lock.busy": _k("error", "另一个任务正在算{what}（开始 {since}，{who}）。", "等它完，或稍后再来。", Exit.INPUT),
    "show.none": _k("error", "{period} 里没有{what}“{value}”。", "请核对号码或名称。", Exit.INPUT),
    "show.several": _k("error", "叫“{value}”的{what}有 {number} 个（{known}）。", "请改用编号。", Exit.USAGE),
    "run.required-missing": _k(
        "error", "要求要有的{table}{why}，{period} 没有跑，什么都没有动。", "请补导{table}后再跑。", Exit.INPUT
    ),
    "run.not-reached": _k(
        "error", "{table}只到 {reach}，要求到 {day}，没有跑，什么都没有动。", "请等数据齐了再跑。", Exit.INPUT
    ),
    "diff.one-only": _k(
        "error",
        "{period} 以前没有跑过别的月份，没有可比的。",
        "请先跑上一个月，或比较同一月的两次：kehujingli diff {period} --runs。",
        Exit.INPUT,
    ),
    "diff.no-runs": _k(
        "error",
        "{period} 只跑过一次（或重跑的结果都一样），没有历次可比。",
        "请在改过导出或办法、重跑之后再比。",
        Exit.INPUT,
    ),
    "diff.no-run": _k("error", "{period} 的历次里没有第 {number} 次（有 {known}）。", "请改用有的次数。", Exit.INPUT),
    "query.bad": _k("error", "这条查询不成：{detail}", "可用的表和列见 kehujingli tables。", Exit.USAGE),
    "option.bad": _k("error", "{option} 是“{value}”，{detail}。", "{cure}", Exit.USAGE),
    "internal.fault": _k(
        "error", "程序出错，编号 {number}。数据和旧结果没有动。", "请把 {log}（不含客户数据）发给维护人。", Exit.FAULT
    ),
}


@dataclass(frozen=True)
class Spot:
    """One place of a finding: a cell and what stands in it."""

    cell: str
    value: str = ""
    amount: int | None = None  # 分


@dataclass(frozen=True)
class Finding:
    """Something a person should know. Many of one kind in one sheet are one finding with ``count`` and ``spots``."""

    code: str
    level: str
    message: str
    cure: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""
    count: int = 1
    amount: int | None = None  # 分
    spots: tuple[Spot, ...] = field(default=())
    line: int | None = None
    """Of a text file, from 1."""

    @property
    def text(self) -> str:
        return self.message + self.cure

    def record(self) -> dict[str, Any]:
        """As JSON: the keys of the contract, and what else is known."""
        record: dict[str, Any] = {
            "code": self.code,
            "level": self.level,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "value": self.value,
            "message": self.message,
            "cure": self.cure,
            "count": self.count,
        }
        if self.amount is not None:
            record["amount"] = yuan(self.amount)
        return record


class Problem(Exception):
    """The command stops. Carries one or more findings of level ``error`` and the exit code."""

    def __init__(self, findings: Iterable[Finding], exit: Exit) -> None:
        self.findings = tuple(findings)
        self.exit = exit
        super().__init__("\n".join(finding.text for finding in self.findings))


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def yuan(cents: int) -> str:
    """120456000 → 1204560.00, as money stands in JSON."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def yuan_grouped(cents: int) -> str:
    """120456000 → 1,204,560.00, as money stands in a sentence."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def place(file: str, sheet: str = "", cell: str = "") -> str:
    """《贷款台账.xlsx》「台账」B12; a text file has no sheet: 《流水.csv》第 20,417 行."""
    where = f"《{file}》" if file else ""
    if sheet:
        where += f"「{sheet}」"
    return where + cell


def finding(
    code: str, /, *, count: int = 1, amount: int | None = None, spots: Iterable[Spot] = (), **facts: Any
) -> Finding:
    """A finding of the catalogue, its sentence filled with ``facts``; file, sheet, cell and value are kept as fields too."""
    kind = KINDS[code]
    known = _Facts(facts)
    known["count"] = f"{count:,}"
    if amount is not None:
        known.setdefault("amount", yuan_grouped(amount))
    file, sheet, cell = (str(facts.get(key, "")) for key in ("file", "sheet", "cell"))
    known.setdefault("place", place(file, sheet, cell))
    return Finding(
        code,
        kind.level,
        kind.sentence.format_map(known),
        kind.cure.format_map(known),
        file,
        sheet,
        cell,
        str(facts.get("value", "")),
        count,
        amount,
        tuple(spots),
    )


def problem(code: str, /, **facts: Any) -> Problem:
    """The exception that stops a command, from the catalogue."""
    return Problem([finding(code, **facts)], KINDS[code].exit)


def needs_person(findings: Iterable[Finding], accepted: Iterable[str] = ()) -> bool:
    """Whether the run ends with 1: a note does not count, a known finding does not either."""
    return any(item.level != "note" and not is_known(item, accepted) for item in findings)


def is_known(item: Finding, accepted: Iterable[str]) -> bool:
    """Whether an entry of ``--accept`` names this finding: its code alone, or its code and words that its place or sentence holds.

    A cell names a finding of that one cell, not one of many cells of which it is the first.
    """
    said = " ".join((item.file, item.sheet, item.value, item.message, item.cell if item.count == 1 else ""))
    if item.count > 1 and item.cell:
        said = said.replace(item.cell, "")
    for entry in accepted:
        code, *words = entry.split()
        if code == item.code and all(word in said for word in words):
            return True
    return False


def at(item: Finding, file: str) -> Finding:
    """The same finding told of another file name (a cached part read under its present name)."""
    return replace(item, file=file, message=item.message.replace(f"《{item.file}》", f"《{file}》"))


_BRIEF: Mapping[str, str] = {
    "intake.table-unknown": "{files} 张表认不出",
    "intake.column-missing": "{files} 张表缺列",
    "intake.changing": "{files} 个文件读取时还在写",
    "intake.unreadable": "{files} 个文件读不出",
    "intake.reader-fault": "{files} 个文件程序读错",
    "intake.password": "{files} 个文件有密码",
    "intake.truncated": "{files} 张表可能被截断",
    "intake.average-ambiguous": "日均没写明是哪一种",
    "intake.unit-unclear": "{files} 张表写着几种金额单位",
    "intake.unit-in-name": "{files} 张表的文件名写着单位，表里没有",
    "intake.amount-unused": "{files} 张表有没采用的金额列",
    "intake.table-beside": "{files} 张表旁边另有一张没读",
    "intake.table-above": "{files} 张表上面另有一张没读",
    "intake.column-twice": "{files} 列重名",
    "intake.column-ambiguous": "{count} 行重名的列内容不同",
    "intake.id-lost-digits": "{count} 个编号已丢位数",
    "intake.id-missing": "{count} 个编号空着",
    "intake.value-missing": "{count} 处必填的空着",
    "intake.amount-bad": "{count} 个金额不对",
    "intake.number-bad": "{count} 个数不对",
    "intake.number-outside": "{count} 个数不可能",
    "intake.date-bad": "{count} 个日期不对",
    "intake.code-bad": "{count} 格的字不认识",
    "intake.code-unknown": "{count} 格的字按空处理",
    "intake.formula-no-value": "{count} 格公式没有存值",
    "intake.cell-error": "{count} 格公式出错",
    "intake.direction-missing": "{count} 行没有借贷标志",
    "intake.no-header": "{files} 张表没有表头",
    "intake.merged-amount": "{count} 格金额是合并的",
    "intake.corrected-stale": "{files} 份退回清单已过时",
    "intake.row-stale": "退回清单有 {count} 行已过时",
    "score.actual-bad": "{files} 处填报不是数",
    "score.period-unknown": "{files} 行填报的期间看不懂",
    "score.period-unfit": "{files} 行填报的期间不合考核周期",
    "score.target-unknown": "{count} 行任务数的指标不认识",
    "score.baseline-twice": "{count} 户的基数写了两种",
    "score.target-nobody": "{count} 行任务数没有工号",
    "score.visits-apart": "有走访方式不计入完成率",
    "score.visits-way-unknown": "走访记录没写方式",
    "score.visits-span": "{files} 处走访计划没按月写",
    "score.lines-differ": "{files} 处填报各行不同",
    "recon.mismatch": "{files} 处与总账或表内合计不符",
    "recon.unknown": "对账表有 {count} 行看不懂",
    "intake.duplicate-key": "{count} 行编号重复且内容不同",
    "intake.id-check": "{count} 个证件号码校验位不对",
    "customer.merged-names": "{count} 户证件号码相同而名称不同",
    "customer.ruling-unknown": "同一客户认定有 {count} 行找不到客户",
    "intake.orphan": "{count} 行未挂接，{amount} 元",
    "intake.overlap": "{count} 行流水疑似重复导出",
    "intake.second-table": "{files} 处下面另有一张表，{count} 行没有读",
    "intake.currency": "{count} 行外币",
    "intake.name-ambiguous": "{count} 处姓名对应不上",
    "intake.name-contradicted": "{count} 处工号与姓名对不上",
    "intake.name-unknown": "{count} 处名册里没有",
    "table.snapshot-undated": "{files} 张表没有数据日期",
    "table.snapshot-older": "{files} 张表不是期末的",
    "table.snapshot-unused": "{files} 张表的日期与本期用的不同，没有采用",
    "table.snapshot-part": "{files} 张表的日期与本期用的不同，按流水滚动",
    "table.column-gone": "{count} 列不见了，靠它的数字缺或不准",
    "table.column-like": "{count} 列像是改了名称，没有采用",
    "table.account-gone": "{count} 个账号不再在存款账户里，差 {amount} 元",
    "table.day-blank": "{count} 行没有数据日期，按同表其他行的算",
    "table.day-missing": "{count} 行没有数据日期，不知道是哪一天的",
    "table.snapshot-later": "{files} 张表只有以后的",
    "table.event-again": "{count} 行在两份导出里都有",
    "table.export-again": "{files} 份导出像是重新导出的",
    "table.dangling": "{count} 行找不到客户",
    "table.unjoined": "{count} 行流水缺存款账户对不上客户，{amount} 元",
    "table.date-later": "{count} 个日期在数据日期之后",
    "table.manager-unknown": "{count} 行的客户经理不在名册",
    "table.share-bad": "{count} 行归属比例或日期不对",
    "table.owner-differs": "{count} 行流水户主不符",
    "table.official-differs": "与账户表日均不符 {count} 户，最大差 {amount} 元",
    "loan.class-too-good": "{count} 笔逾期超 90 天，五级分类列得过好",
    "period.partial": "未满月",
    "period.no-postings": "本期一笔流水也没有",
    "segment.no-scale-data": "{count} 户规模依据不全",
    "assign.no-capacity": "{files} 个机构管户上限不够",
    "assign.no-manager": "{files} 个机构没有在岗客户经理",
    "assign.no-authority": "{count} 户贷款超授信权限",
    "assign.borrower-unmanaged": "{count} 户贷款户没有客户经理",
    "assign.capacity-unknown": "名册没有管户上限",
    "assign.left-by-cost": "{files} 个机构按办法的代价宁可不配",
    "assign.serves-unknown": "{count} 处服务范围看不懂",
    "score.no-target": "{people} 人无任务数",
    "score.no-actual": "{files} 项算不出",
    "score.no-baseline": "{count} 户没有基数",
    "score.adjustment-unapproved": "{files} 条加减分没有审批",
    "score.adjustment-unknown": "{files} 条加减分指标不认识",
    "score.adjustment-closed": "{files} 条加减分记在已关账的月份",
    "period.closed": "已关账，结果与关账时不同",
    "seal.itself": "封条被改过",
    "seal.period-missing": "{files} 个已关账的月份不见了",
    "seal.signatures": "签字被改过",
    "seal.signatures-unsealed": "封条里没有签字",
    "seal.output-changed": "{files} 个输出与关账时不同",
    "seal.output-missing": "{files} 个输出不见了",
    "seal.input-changed": "{files} 个输入与关账时不同",
    "seal.chain": "封条接不上",
    "score.duty-over": "{files} 人在岗天数多于当期",
    "score.shares-over": "{files} 处归属比例超过 100%",
    "score.outside-roster": "{count} 个账户、贷款的人不在名册",
    "score.trial-plan": "没有管户人，按本期方案试算",
    "score.actual-unapproved": "人工填报没有审批人",
    "score.standard-missing": "{files} 人等级没有绩效标准",
    "score.target-negative": "{files} 个任务数小于零",
    "score.no-scheme": "{count} 人不在任何办法里",
    "score.two-schemes": "{count} 人同时在几套办法里",
    "score.pool-exceeded": "应发超过总额",
    "score.carry-unknown": "{count} 人不知道上期欠多少任务",
    "score.settlement-gap": "年终清算缺 {count} 个月",
    "score.stop-over": "{files} 笔停止支付超过未付的延期",
    "score.overpaid": "{files} 人预发多于应付，结转以后扣",
    "score.clawback-waiting": "{files} 人的扣回没有扣完",
    "output.template-bad": "模板读不出来",
    "output.template-formula": "模板有 {count} 个公式算不出",
}


def brief(group: Sequence[Finding]) -> str:
    """Findings of one kind in a few words, for the line 请人看."""
    count = sum(told.count for told in group)
    amount = sum(told.amount or 0 for told in group)
    words = _BRIEF.get(group[0].code)
    if words is None:
        return f"{'退回' if group[0].level == 'refused' else '请核'} {count:,} 处（{group[0].code}）"
    people = len({told.value for told in group if told.value}) + sum(told.count for told in group if not told.value)
    return words.format(count=f"{count:,}", people=f"{people:,}", amount=yuan_grouped(amount), files=len(group))


def mismatch(
    what: str, read: int, book: str, claimed: int, *, cure: str, where: str = "", money: bool = True, **facts: Any
) -> Finding:
    """The finding ``recon.mismatch``: what was read, what the book says, and by how much they differ."""

    def said(value: int) -> str:
        return f"{yuan_grouped(value)} 元" if money else f"{value:,} 行"

    by = abs(read - claimed)
    share = f"（{by / abs(claimed):.4%}）" if claimed else ""
    return finding(
        "recon.mismatch",
        what=what,
        read=said(read),
        book=book,
        claimed=said(claimed),
        more="少" if read < claimed else "多",
        by=said(by),
        share=share,
        where=where,
        cure=cure,
        amount=by if money else None,
        **facts,
    )

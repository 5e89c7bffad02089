"""What can be wrong with an export: a file, a sheet, a column, a cell, a row?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

INTAKE: Mapping[str, Kind] = {
    "intake.table-unknown": kind(
        "warning",
        "{place}认不出是哪张表（有{found}）。{rows} 行未读，其他表不受影响。",
        "请核对是否放错文件；若是要用的表，请把表头改成系统导出的名称，或用 kehujingli check --map 逐列对上。",
        brief="{files} 张表认不出",
    ),
    "intake.aligned": kind(
        "warning",
        "{place}的各列只用空格对齐（{found}），空着的格子占不占一列分不出来。{rows} 行未读，其他表不受影响。",
        "请改导 .xlsx；只有这一种的，用 WPS 的“分列”（固定宽度）分开后另存为 .xlsx。",
        brief="{files} 张表各列只用空格隔开",
    ),
    "intake.table-doubtful": kind(
        "warning",
        "{place}有{table}必须有的列，但{why}，不知道是不是{table}。{rows} 行未读，其他表不受影响。",
        "不是{table}的，请从 exports/ 里拿掉，或写进 --accept 的清单；是的，请在 layouts/ 里新建一个 .toml 文件，写这几行（一项一行）：{line}（docs/layouts.md）。",
        brief="{files} 张表不知道是不是要用的",
    ),
    "intake.column-missing": kind(
        "error",
        "{place}认作{table}，但缺“{missing}”。现有列：{found}。{nearest}",
        "请补导该列；若只是名称不同，请把表头改成“{missing}”，或用 kehujingli check --map 对上。",
        Exit.INPUT,
        brief="{files} 张表缺列",
    ),
    "intake.column-twice": kind(
        "warning",
        "{place}有两列都叫“{column}”（{one} 列和 {other} 列），内容相同，用的是 {one} 列。",
        "请删去一列，或把表头改得不同。",
        brief="{files} 列重名",
    ),
    "intake.wide": kind(
        "warning",
        "{place}一人一行、一列一项（或一个月），{why}。{rows} 行未读，其他表不受影响。",
        "改好后再放进来；也可以改成一行一项：工号、指标、任务数、期间。",
        brief="{files} 张一列一项的表没有读",
    ),
    "intake.unfolded": kind("note", "{place}一行里有 {each} 组，按一行一组读作 {count} 行。"),
    "intake.numbered": kind(
        "warning",
        "{place}的“{columns}”像是同一行里的第二组，没有采用。",
        "请拆成几行，一行一组；不是的，请把列名改得不同。",
        brief="{files} 张表一行里有第二组没读",
    ),
    "intake.stray": kind(
        "warning",
        "{place}等 {count} 格离表很远，没有读；表本身照常读入。",
        "请看是不是误输；没有用的请删去。",
        brief="{files} 张表远处有零散的格子",
    ),
    "intake.no-header": kind(
        "warning",
        "{place}没有表头，{rows} 行未读。",
        "请在第一行补上列名；改不了导出的，请在 layouts 写明各列次序（例子见 docs/layouts.md）。",
        brief="{files} 张表没有表头",
    ),
    "intake.average-ambiguous": kind(
        "warning",
        "{place}的“{header}”没有说明是{choices}中的哪一种，这一列没有采用。",
        "请把表头写明为“{choices}”之一。",
        brief="日均没写明是哪一种",
    ),
    "intake.rate-percent": kind(
        "note", "{place}的“{header}”没有写单位，按百分数读入。", "若不是百分数，请在表头写明单位。"
    ),
    "intake.unit-above": kind(
        "note",
        "{place}在列名之外（上方、下方或表名）写着单位是{unit}，“{columns}”按{unit}读入。",
        "若不是，请把单位写进表头，例如“余额(元)”。",
    ),
    "intake.unit-usual": kind(
        "note",
        "{place}的“{columns}”没有写单位，按{unit}读入。",
        "若不是，请把单位写进表头，例如“{columns}(元)”。",
    ),
    "intake.unit-unclear": kind(
        "warning",
        "{place}在列名之外（上方、下方或表名）写着几种金额单位（{units}），“{columns}”自己没有写单位，按元读入。",
        "请把单位写进表头，例如“余额(万元)”。",
        brief="{files} 张表写着几种金额单位",
    ),
    "intake.unit-in-name": kind(
        "warning",
        "{place}的文件名写着{unit}，表里没有写单位，“{columns}”按元读入。",
        "若是{unit}，请把单位写进表头，例如“余额({unit})”。",
        brief="{files} 张表的文件名写着单位，表里没有",
    ),
    "intake.amount-unused": kind(
        "warning",
        "{place}的“{columns}”像是{table}要用的金额，但认不出是哪一列，没有采用。",
        "若要用，请把表头改成“余额”“年日均”这样的名称，单位写在括号里；外币请另行统计。",
        brief="{files} 张表有没采用的金额列",
    ),
    "intake.amount-months": kind(
        "warning",
        "{place}的“{columns}”是几个月的金额，一月一列。不知道哪一列是本期的，都没有采用。",
        "请一个月末一张表：金额那一列的表头写“余额”，另加一列“数据日期”，或把日期写进文件名。",
        brief="{files} 张表一月一列，金额没有采用",
    ),
    "intake.no-balance": kind(
        "note", "{place}没有余额一列，存款余额按交易流水算；没有流水就没有余额。", "系统里有余额的，请一并导出。"
    ),
    "intake.table-beside": kind(
        "warning",
        "{place}从 {column} 列起另有一张{table}，没有读。",
        "请把它移到单独的工作表。",
        brief="{files} 张表旁边另有一张没读",
    ),
    "intake.table-above": kind(
        "warning",
        "{place}的表头上面另有一张{table}（“{header}”，至少 {rows} 行），没有读。",
        "请把它移到单独的工作表。",
        brief="{files} 张表上面另有一张没读",
    ),
    "intake.same-file": kind("note", "《{file}》与《{other}》内容相同，只读一份。"),
    "intake.same-picture": kind(
        "warning",
        "《{file}》与《{other}》内容一样，日期不同（{days}）：两天的{table}没有一处变化。按两天各算各的。",
        "请核对是不是把同一天的导出存成了两个名字；是的话，请换成那一天的。",
        brief="{files} 份导出与另一天的一模一样",
    ),
    "intake.changed": kind("note", "《{file}》在读取时被换成了另一份，按换过的读入。"),
    "intake.changing": kind(
        "refused",
        "《{file}》在读取时一直有别的程序在写。整个文件未读，其他文件不受影响。",
        "请等导出或复制完成，再运行一次。",
        brief="{files} 个文件读取时还在写",
    ),
    "intake.unreadable": kind(
        "refused",
        "《{file}》读不出来：{detail}。整个文件未读，其他文件不受影响。",
        "请从原系统重新导出，或用 WPS 打开后另存为 .xlsx。",
        brief="{files} 个文件读不出",
    ),
    "intake.whole-money": kind(
        "refused",
        "《{file}》的金额列“{columns}”是整数类型，不知道是元还是分：{count} 行都没有读。",
        "请在数据仓库里转成以元为单位的小数再导，如 CAST({first} / 100 AS DECIMAL(18, 2))；本来就是元的不除 100。",
        brief="{files} 个文件的金额不知道是元还是分",
    ),
    "intake.narrow-number": kind(
        "refused",
        "《{file}》的“{columns}”是单精度小数（FLOAT），只存得下七位数字，十万元以上的角分、长号码的末几位已经丢了：{count} 行都没有读。",
        "请在数据仓库里从原表另取再导：金额用 CAST({first} AS DECIMAL(18, 2))，号码、日期用文字；原表就是 FLOAT 的，请从核心系统取，再转找不回来。",
        brief="{files} 个文件的数丢了末几位",
    ),
    "intake.clock-unsaid": kind(
        "refused",
        "《{file}》第 {row} 行等 {differing} 行的“{column}”是 INT96 时刻，没有写明是北京时间还是世界时（写文件的是 {writer}），两样差一天："
        "{count} 行都没有读。",
        "请在数据仓库里转成北京时间的日期再导，如 CAST({column} AS DATE)。",
        brief="{files} 个文件的日期不知道是哪个时区的",
    ),
    "intake.reader-fault": kind(
        "refused",
        "读《{file}》时程序出错（{detail}）。整个文件未读，其他文件不受影响。",
        "请把这个文件和这句话发给维护人；急用时用 WPS 打开后另存为 .xlsx。",
        brief="{files} 个文件程序读错",
    ),
    "intake.password": kind(
        "refused",
        "《{file}》有密码，没有给或不对。",
        "请用 --password-file 指定密码文件。",
        brief="{files} 个文件有密码",
    ),
    "intake.truncated": kind(
        "warning", "{place}正好 {rows} 行，多半被截断。", "请改导 .xlsx 或分段导出。", brief="{files} 张表可能被截断"
    ),
    "intake.corrected": kind("note", "{place}退回的 {count} 行已在退回清单里改过，以改过的为准。"),
    "intake.corrected-stale": kind(
        "warning",
        "{place}改的是《{source}》以前那一份，现在的《{source}》已不退回这些行。{count} 行没有采用，免得重复。",
        "请把这份退回清单从 exports/ 里拿掉；只有几行过时的，删去那几行。",
        brief="{files} 份退回清单已过时",
    ),
    "intake.row-stale": kind(
        "refused",
        "{place}改的是《{source}》{value}，那一行现在没有退回。这一行没有采用，免得重复。",
        "请从退回清单里删去这一行。",
        brief="退回清单有 {count} 行已过时",
    ),
    "intake.merged": kind("note", "{place}的“{column}”有 {count} 格在合并单元格里，按合并的内容补齐。"),
    "intake.merged-amount": kind(
        "warning",
        "{place}的“{column}”有 {count} 格在合并的金额里，只算在第一行，其余按空处理。",
        "请取消合并，逐行填写金额。",
        brief="{count} 格金额是合并的",
    ),
    "intake.no-data": kind("note", "《{file}》里一个有内容的格子也没有。"),
    "intake.encodings": kind("note", "{place}有的行是 UTF-8、有的行是 GB18030 编码，逐行按各自的编码读入。"),
    "intake.quotes": kind("note", "{place}的引号不成对，按一行一条读入。", "请核对有引号的行。"),
    "intake.layout": kind("note", "{place}按版式“{layout}”读作{table}。"),
    "intake.accounts-of-people": kind(
        "note",
        "{place}说客户的列多，认作{table}；其中的“{columns}”照原样带着，不算存款账户，也不进余额。",
        "若是存款账户清单，请把账号放在第一列，或在 layouts 里写明是哪张表（docs/layouts.md）。",
    ),
    "intake.table-said": kind("note", "{place}按 layouts 里写的，读作{table}。"),
    "intake.mapped": kind("note", "{place}认作{table}，按 layouts 里写的，{columns}。"),
    "mapping.unasked": kind(
        "error",
        "--map 要逐项问，这里没有终端可问，什么也没有写。",
        "请在终端里运行；或加 --yes，照提议写有把握的；或加 --dry-run，只看提议。",
        Exit.USAGE,
    ),
    "intake.left-out": kind(
        "note", "{place}有 {count} 行按版式“{layout}”不算流水（{words}），合计 {amount} 元，没有读入。"
    ),
    "intake.state-unread": kind(
        "warning",
        "{place}的“{column}”没有读：{words}，这 {count} 行照样算了，合计 {amount} 元。",
        "不该算的，请在 layouts/ 的 [leave_out] 里写这一列和这些字（docs/layouts.md），或导出时去掉，再重跑；该算的不用改。",
        brief="{count} 笔流水的状态没有读，照样算了",
    ),
    "layout.bad": kind("error", "版式 {place}：{detail}。", "写法见 docs/layouts.md。", Exit.INPUT),
    "intake.empty": kind("note", "{place}认作{table}，但没有数据行。"),
    "intake.hidden": kind("note", "{place}是隐藏的工作表，照常读入。"),
    "intake.hidden-rows": kind("note", "{place}有 {count} 行是隐藏的（筛选或手工隐藏，从第 {row} 行起），照常读入。"),
    "intake.extension": kind("note", "《{file}》的文件名不是表格，未读。"),
    "intake.second-table": kind(
        "refused",
        "{place}：第 {begins} 行又是一个表头（{names}），与上面的列不同，下面是另一张表。它的 {count} 行不能按上面的列读，都退回。",
        "请把下面这张表移到另一个工作表或另存一个文件；若是同一张表分页打印的，请把各页的列排成一样。",
        brief="{files} 处下面另有一张表，{count} 行没有读",
    ),
    "intake.row-width": kind(
        "refused",
        "{place}有 {cells} 格，表头有 {wanted} 列，不知道哪一格是哪一列。本行退回。",
        "请核对这一行：金额里的千分位逗号要去掉或加引号，空着的格子也要占一格；也可改导 .xlsx。",
        brief="{count} 行格数与表头不符",
    ),
    "intake.row-width-bare": kind(
        "refused",
        "{place}有 {cells} 格，这张没有表头的表多数行有 {wanted} 格，不知道哪一格是哪一列。本行退回。",
        "请核对这一行：金额里的千分位逗号要去掉或加引号，空着的格子也要占一格；也可改导 .xlsx。",
        brief="{count} 行格数与多数行不符",
    ),
    "intake.bytes-bad": kind(
        "refused",
        "{place}有读不出来的字节，不知道原来是什么字。本行退回。",
        "请从原系统重新导出，或改正这一行再放进来。",
        brief="{count} 行有坏字节",
    ),
    "intake.column-ambiguous": kind(
        "refused",
        "{place}：有两列都叫“{column}”（{one} 列和 {other} 列），这一行内容不同，不知道用哪一列。本行退回。",
        "请把不要的那一列删去，或把表头改得不同。",
        brief="{count} 行重名的列内容不同",
    ),
    "intake.id-lost-digits": kind(
        "refused",
        "{place}：{column} {value} 已被表格软件截成 15 位，后几位找不回来。本行退回，未参与计算。",
        "请从原系统重新导出，导出前把该列设成“文本”。",
        brief="{count} 个编号已丢位数",
    ),
    "intake.id-missing": kind(
        "refused", "{place}：“{column}”是空的。本行退回。", "请补上后再放进来。", brief="{count} 个编号空着"
    ),
    "intake.days-reversed": kind(
        "refused",
        "{place}：“{column}”{value} 早于{first}。本行退回。",
        "请改正两个日期后再放进来。",
        brief="{count} 行的日期前后颠倒",
    ),
    "intake.value-missing": kind(
        "refused", "{place}：“{column}”是空的。本行退回。", "请补上后再放进来。", brief="{count} 处必填的空着"
    ),
    "intake.amount-bad": kind(
        "refused",
        "{place}：“{column}”是“{value}”，不是金额{hint}。本行退回。",
        "请改正后再放进来。",
        brief="{count} 个金额不对",
    ),
    "intake.number-bad": kind(
        "refused",
        "{place}：“{column}”是“{value}”，不是数{hint}。本行退回。",
        "请改正后再放进来。",
        brief="{count} 个数不对",
    ),
    "intake.number-outside": kind(
        "refused",
        "{place}：“{column}”是“{value}”，只能{bounds}。本行退回。",
        "请{ask}，改正 {cells} 后再放进来。",
        brief="{count} 个数不可能",
    ),
    "intake.date-bad": kind(
        "refused",
        "{place}：“{column}”是“{value}”，不是日期{hint}。本行退回。",
        "请改成 2026-01-31 这样的日期。",
        brief="{count} 个日期不对",
    ),
    "intake.code-bad": kind(
        "refused",
        "{place}：“{column}”是“{value}”，不在 {choices} 之内。本行退回。",
        "请改正后再放进来；整列都是系统代码的，在 layouts 里写明每个代码是哪个字（docs/layouts.md）。",
        brief="{count} 格的字不认识",
    ),
    "intake.code-unknown": kind(
        "warning",
        "{place}：“{column}”的“{value}”不认识，该格按空处理。",
        "请改成 {choices} 之一。",
        brief="{count} 格的字按空处理",
    ),
    "intake.cell-error": kind(
        "refused",
        "{place}：“{column}”是公式错误 {value}。本行退回。",
        "请在表格软件里改正公式后再放进来。",
        brief="{count} 格公式出错",
    ),
    "intake.id-cleaned": kind(
        "note", "{place}的“{column}”有 {count} 个带着引号、制表符、空格、看不见的字符或全角字符，已去掉或改成半角。"
    ),
    "intake.id-check": kind(
        "warning",
        "{place}：“{column}” {value} 的校验位不对，或里面的出生日期没有这一天，多半抄错。本行照常读入，不用来认同一客户。",
        "请在原系统核对证件号码。",
        brief="{count} 个证件号码校验位不对",
    ),
    "intake.formula-no-value": kind(
        "refused",
        "{place}：“{column}”是公式但没有存值。本行退回。",
        "请用 WPS 打开后保存一次再放进来。",
        brief="{count} 格公式没有存值",
    ),
    "intake.currency": kind(
        "refused",
        "{place}：“{column}”是“{value}”，不是人民币。本行退回，不折算、不合计。",
        "外币请另行统计。",
        brief="{count} 行外币",
    ),
    "intake.direction-missing": kind(
        "refused",
        "{place}：借贷标志是空的，不知道是收是付。本行退回。",
        "请补上“借”或“贷”。",
        brief="{count} 行没有借贷标志",
    ),
    "intake.duplicate-key": kind(
        "refused",
        "{place}里{column} {value} 出现多次（{rows}），内容不同。都退回。",
        "请在原系统核对后只留一行；也可在退回清单里只留对的那一行，放回 exports/。",
        brief="{count} 行编号重复且内容不同",
    ),
    "intake.duplicate-row": kind("note", "{place}有 {count} 行与别的行认识的各列全部相同，只计一次。"),
    "intake.repeated-transaction": kind("note", "交易流水有 {count} 行是同一流水号重复导出，只计一次。"),
    "intake.repeated-event": kind("note", "{place}有 {count} 行的单号和内容在别的导出里也有，只算一次。"),
    "table.event-again": kind(
        "warning",
        "{place}有 {count} 行{table}在{other}里也有：{how}。两份都算了；若是重新导出的，多算了{other}的{over}，或这里的{under}。",
        "请从 exports/ 里拿掉作废的那一份；确是两笔的，请在两份里加一列“单号”（加减分、业绩归属用“依据文号”）分别写明，或写进 --accept 的清单。",
        brief="{count} 行在两份导出里都有",
    ),
    "table.event-same": kind(
        "note",
        "{place}有 {count} 行和前面的行完全相同，都算了，共{sum}。",
        "确是两笔的不用管（费用、中收加一列“单号”分别写明就不再提）；重复录入的请删去。",
        brief="{count} 行和同一份里的行完全相同，都算了",
    ),
    "table.export-again": kind(
        "warning",
        "{place}有 {count} 行{table}在{other}里也有，像是重新导出的；又有 {only} 行只在这里，{there} 行只在那里。两份都算了。",
        "请从 exports/ 里拿掉作废的那一份；两份都对的，写进 --accept 的清单。",
        brief="{files} 份导出像是重新导出的",
    ),
    "intake.overlap": kind(
        "warning",
        "《{file}》{own}与《{other}》{others}日期有重叠，{count} 行完全相同且没有流水号，合计 {amount} 元：当作同一笔导出了两次，只计一次。",
        "请核对；确是两笔的，请带上流水号或账户余额重新导出。",
        brief="{count} 行流水疑似重复导出",
    ),
    "intake.overlap-proven": kind(
        "note",
        "《{file}》{own}与《{other}》{others}日期有重叠，{count} 行连交易后余额都相同，合计 {amount} 元，是重复导出，只计一次。",
    ),
    "intake.sub-cent": kind("note", "{place}的“{column}”有 {count} 个数不到分，已四舍五入到分。"),
    "intake.unit-doubtful": kind(
        "warning",
        "{place}的“{column}”没有写单位，按元读入，可是 {of} 个数里有 {count} 个不到分（例如 {value}）：账上的余额没有不到分的，多半是万元。",
        "是万元的，请把单位写进表头，例如“{column}(万元)”；确是元的，写进 --accept 的清单。",
        brief="{files} 张表的金额多半是万元，按元读了",
    ),
}

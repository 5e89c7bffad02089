"""What can be wrong with the tables of a period: control totals, pictures of other days, what does not join?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

TABLES: Mapping[str, Kind] = {
    "recon.mismatch": kind(
        "warning",
        "{what} {read}，{book} {claimed}，{more} {by}{share}。{where}",
        "{cure}",
        brief="{files} 处与总账或表内合计不符",
    ),
    "recon.unknown": kind(
        "warning",
        "{place}的“{value}”不知道是哪张表的哪一列，没有核对。",
        "“表名”请写表的名称（如 存款账户）或导出文件的名称，“列名”请写表里的金额列。",
        brief="对账表有 {count} 行看不懂",
    ),
    "table.missing": kind("error", "没有{table}，{command}做不了。", "请把{table}放进 {where} 后再来。", Exit.INPUT),
    "table.no-rows": kind(
        "error", "{table}里没有一行可用（退回 {rejected} 行）。", "请按退回原因改正后再来。", Exit.INPUT
    ),
    "table.no-files": kind(
        "error", "{where} 里没有可读的导出文件。", "请把核心系统导出的表放进去，或在命令后写上文件。", Exit.INPUT
    ),
    "table.path-missing": kind("error", "找不到 {path}。", "请检查路径。", Exit.INPUT),
    "table.path-odd": kind(
        "error", "{path} 不是普通文件，没有读。", "请写文件或文件夹的路径；从标准输入读请写 -。", Exit.INPUT
    ),
    "table.snapshot-older": kind(
        "warning",
        "没有 {day} 的{table}，用的是 {used} 的，{rolled}。",
        "请补导 {day} 的{table}。",
        brief="{files} 张表不是期末的",
    ),
    "table.snapshot-later": kind(
        "warning",
        "没有 {day} 或以前的{table}，手头只有 {days} 的，本期按没有这张表算。",
        "请补导 {day} 的{table}；程序不会拿以后的数据顶替。",
        brief="{files} 张表只有以后的",
    ),
    "table.snapshot-undated": kind(
        "warning",
        "{files}的{table}没有数据日期，按 {day} 算。",
        "请在表里加“数据日期”列，或把日期写进文件名。",
        brief="{files} 张表没有数据日期",
    ),
    "table.snapshot-unused": kind(
        "warning",
        "{place}的{table}是 {day} 的，本期用的是 {used} 的，这 {count} 行没有采用；其中 {lost} 行的{column}在 {used} 的里没有。",
        "若是分机构、分片导出的，各份请导同一天的；确是作废的旧表，请从 exports/ 里拿掉。",
        brief="{files} 张表的日期与本期用的不同，没有采用",
    ),
    "table.snapshot-part": kind(
        "warning",
        "{place}的{table}是 {day} 的，{whose}在 {used} 的里一行也没有：这 {count} 行照用，余额按其后的流水滚动到期末。",
        "请补导它们 {used} 的{table}；已经撤销、换号的，请把旧表从 exports/ 里拿掉。",
        brief="{files} 张表的日期与本期用的不同，按流水滚动",
    ),
    "table.customer-list": kind(
        "warning",
        "{place}像是一份名单，不是{table}（没有机构号，列也少）：其中 {known} 户只用来补{table}里空着的栏，另外 {strange} 户没有算作客户，{differ} 处与{table}不同，以{table}为准。",
        "请把名单移出 exports/；若真是{table}，请补导机构号等列。",
        brief="{files} 张表像名单，没有当作客户信息",
    ),
    "table.columns-unused": kind(
        "note",
        "{table}有 {count} 列未使用：{columns}。没有哪个数、哪张表用到，只能用 kehujingli query 查；填不填都不影响结果。",
    ),
    "table.customer-odd": kind(
        "warning",
        "{place}有 {count} 户（如 {value}）与{others}说的不同：{columns}。这几处没有采用，以{others}的为准，其余照用。",
        "请在原系统核对；这份不是{table}的，请移出 exports/。",
        brief="{files} 份客户信息与别的说法不同",
    ),
    "table.customer-torn": kind(
        "warning",
        "{place}与{others}一样全、算同一天，有 {count} 户（如 {value}）说法不同：{columns}。不知道以哪份为准，这些户在两份里都退回，没有算作客户。",
        "一份较新的，请在两份{table}里各写明数据日期（加“数据日期”一列，或在文件名里写 20261031 这样的日期），以新的为准；有一份作废的，请从 exports/ 里拿掉。",
        brief="{files} 份客户信息一样全而说法不同",
    ),
    "table.customer-same": kind(
        "note", "{place}有 {count} 户（如 {value}）在更全的那份里也有：算同一户，空着的栏互相补上。"
    ),
    "table.sub-accounts": kind(
        "note",
        "{place}：同一账号（如 {value}）下有几个分户，共 {count} 行，账号加分户号各算一个存款账户；流水只有账号的，记在其中的活期户上。",
    ),
    "table.shared-rows": kind(
        "note",
        "{place}：有 {count} 行是几个人按比例分一笔（如 {value}），余额只算一次，比例按业绩归属算；业绩归属表另有规定的从其规定。",
    ),
    "table.joint-owners": kind(
        "warning",
        "{place}：联名账户（如 {value}）有 {count} 行是其他户主，余额只算一次，归写在前面的户主。",
        "户主不对的，请在系统里调整主户主，或删去其他户主的行。",
        brief="{count} 行是联名账户的其他户主",
    ),
    "table.stints": kind(
        "note", "{place}：同一人（如 {value}）在同一机构有几段任职，{count} 行是以前或以后的，本期没有采用。"
    ),
    "table.column-gone": kind(
        "warning",
        "{place}没有“{column}”列，《{other}》有。{nearest}影响：{cost}。",
        "请从原系统补导这一列；只是改了名称的，把表头改回“{column}”，或用 kehujingli check --map 写进 layouts（docs/layouts.md）。",
        brief="{count} 列不见了，靠它的数字缺或不准",
    ),
    "table.column-like": kind(
        "warning",
        "{place}没有“{column}”列，最像的是“{nearest}”，没有采用。影响：{cost}。",
        "若是这一列，把表头改成“{column}”，或用 kehujingli check --map 写进 layouts（docs/layouts.md）；若不是，请从原系统补导。",
        brief="{count} 列像是改了名称，没有采用",
    ),
    "table.columns-absent": kind("note", "{place}的{table}没有这些列：{columns}。", "系统里有的，请一并导出。"),
    "table.account-gone": kind(
        "warning",
        "{count} 个账号在以前的存款账户里有余额，本期的里没有，流水也对不上这笔余额（差 {amount} 元）：期末按 0 计，从那以后没有流水的不算日均。",
        "请核对存款账户是否漏导、销户的流水是否齐全、账号是否换过。",
        brief="{count} 个账号不再在存款账户里，差 {amount} 元",
    ),
    "table.day-blank": kind(
        "warning",
        "{place}：“{column}”有 {count} 行是空的，按 {day} 算。",
        "请补上日期；不是这一天的，请改正。",
        brief="{count} 行没有数据日期，按同表其他行的算",
    ),
    "table.day-missing": kind(
        "refused",
        "{place}：“{column}”有 {count} 行是空的，同一张表里又不止一个日期（{days}），不知道是哪一天的。这些行退回。",
        "请补上日期后再放进来。",
        brief="{count} 行没有数据日期，不知道是哪一天的",
    ),
    "intake.orphan": kind(
        "warning",
        "《{file}》有 {count} 行的{column}在{table}里找不到{hint}，合计 {amount} 元，列入“未挂接”，不计入任何人。",
        "{first}请核对{table}是否漏导。",
        brief="{count} 行未挂接，{amount} 元",
    ),
    "table.day-torn": kind(
        "note",
        "{place}里写着 {day}，文件名写着 {named}：按表里的算。",
        "请核对是哪一天的数，写错的改过来。",
    ),
    "table.unit-jump": kind(
        "warning",
        "{place}的“{column}”是《{other}》（{day}）里同样的 {count} 笔的{how}（中位数），多半是两份的单位不同，一份是元、一份是万元；现在各按自己表头的单位读入。",
        "请核对单位，写进表头，例如“{column}(万元)”；确是这么多的，写进 --accept 的清单。",
        brief="{files} 张表的金额与上期差了一个单位",
    ),
    "table.unjoined": kind(
        "warning",
        "《{file}》有 {count} 行只有账号、没有客户号，又没有可用的存款账户，对不上客户，合计 {amount} 元，列入“未挂接”，不计入任何人。",
        "请补导存款账户（账号、客户号）。",
        brief="{count} 行流水缺存款账户对不上客户，{amount} 元",
    ),
    "segment.no-accounts": kind(
        "error",
        "《{file}》只有账号、没有客户号，又没有可用的存款账户，不知道是哪些客户的流水：谁活跃、谁休眠算不出，没有分类。",
        "请补导存款账户（账号、客户号）后再来。",
        Exit.INPUT,
    ),
    "table.date-later": kind(
        "warning",
        "{place}：“{column}”是 {value}，在数据日期 {day} 之后，共 {count} 行，照常读入。",
        "请在原系统核对日期，或核对数据日期。",
        brief="{count} 个日期在数据日期之后",
    ),
    "table.manager-unknown": kind(
        "warning",
        "{place}：{table}有 {count} 行的{column}不在客户经理名册里（{people}）。",
        "请核对名册：没有的补上，那一行退回了的先改好；离岗人员也请留在名册里并填离任日期。",
        brief="{count} 行的客户经理不在名册",
    ),
    "table.conflict-nobody": kind(
        "warning",
        "{place}：《回避》有 {count} 行的{column}查不到（{values}），这几行没有回避到谁。",
        "请核对客户号；村名要和客户信息里写的一样。",
        brief="《回避》{count} 行查不到客户或村",
    ),
    "table.share-bad": kind(
        "warning",
        "{place}：“{column}”是 {value}，不在 0 到 100% 之间；失效日期也不能早于生效日期。共 {count} 行，不予采用。",
        "请改正归属比例或日期。",
        brief="{count} 行归属比例或日期不对",
    ),
    "table.claim-twice": kind(
        "warning",
        "{place}：《业绩归属》有 {count} 行和同一人、同一条线的另一行日期重叠（如归 {value} 的），重叠的日子两行比例相加。",
        "前一行已经停用的，请写失效日期；写重了的，请删去一行。",
        brief="《业绩归属》{count} 行日期重叠",
    ),
    "table.claimant-gone": kind(
        "warning",
        "{place}：《业绩归属》有 {count} 行归已离任或未任职的人（如 {value}），{day} 那天归网点公共。",
        "请给这几行写失效日期，另写一行归接手的人；名册的任职、离任日期不对的，请改名册。",
        brief="《业绩归属》{count} 行的人不在岗",
    ),
    "table.attribution-proposed": kind(
        "warning",
        "{file}「{sheet}」{cell} 起有 {count} 行业绩归属（如归 {manager} 的）还没有批：同意不是“是”，或没有审批人，这些行没有计入。",
        "批了的，请在同意一栏写“是”并填审批人后重跑；不批的请把文件移走。",
        brief="{count} 行业绩归属还没有批",
    ),
    "table.claim-ended": kind(
        "note",
        "{file}「{sheet}」{cell} 起有 {count} 行业绩归属（如归 {manager} 的），批了的移交另写了失效日期，到那一天为止。",
        brief="{count} 行业绩归属由移交写了失效日期",
    ),
    "table.price-twice": kind(
        "warning",
        "{place}：同一方向、期限、生效日期有不同的价格（{value} 等 {count} 行），这一档从那天起没有价。",
        "请只留对的一行。",
        brief="{count} 行内部资金价格互相矛盾",
    ),
    "table.day-twice": kind(
        "warning",
        "{place}：同一天有的行写工作日，有的行写休息日（{value} 等 {count} 行），这一天按国家公布的算。",
        "请只留对的一行。",
        brief="{count} 行工作日历互相矛盾",
    ),
    "table.visit-no-result": kind(
        "warning",
        "{place}：有走访日期、没有结果（{value} 等 {count} 行），是不是走访到了说不准，没有算走访。",
        "请在“结果”列选一个，改后重跑。",
        brief="{count} 行走访安排有日期没有结果",
    ),
    "table.visit-repeated": kind(
        "note", "{place}有 {count} 行走访在别的导出里也有（同一天、同一户、同一人、同一方式），只算一次。"
    ),
    "table.visit-twice": kind(
        "warning",
        "{place}：同一人同一天计划走访的同一户，几份里写得不同（{value} 等 {count} 行），都没有算走访。",
        "请只留一份，改后重跑。",
        brief="{count} 行走访安排互相矛盾",
    ),
    "table.share-percent": kind(
        "warning",
        "{place}：“{column}”是 {value}，大于 1，不知道是不是百分数。共 {count} 行，不予采用。",
        "若是 {value}%，请写成 {value}%，或把表头写成“{column}(%)”。",
        brief="{count} 行归属比例没写是不是百分数",
    ),
    "table.owner-differs": kind(
        "warning",
        "{count} 行流水的客户号与账户表里该账号的客户号不同，按账户表算。",
        "请核对账户表。",
        brief="{count} 行流水户主不符",
    ),
    "table.dangling": kind(
        "warning",
        "《{file}》有 {count} 行的{column}在{table}里找不到{amount}。",
        "请核对{table}是否漏导。",
        brief="{count} 行找不到客户",
    ),
    "intake.name-resolved": kind("note", "{table}的{column}有 {count} 处写的是名称，已按名册对应到编号。"),
    "intake.name-ambiguous": kind(
        "warning",
        "{column}“{value}”在{where}有 {people}，无法对应，共 {count} 处。",
        "请在导出里改成编号。",
        brief="{count} 处姓名对应不上",
    ),
    "intake.name-contradicted": kind(
        "warning",
        "{table}的{column}“{value}”工号与姓名对不上：名册里 {people}。{count} 处没有对应到人。",
        "请在导出里改正工号或姓名。",
        brief="{count} 处工号与姓名对不上",
    ),
    "intake.name-unknown": kind(
        "warning",
        "{place}：{table}的{column}“{value}”在《机构》里没有，共 {count} 处。",
        "请核对机构号；撤并的、新设的也请写进《机构》。",
        brief="{count} 处机构号在《机构》里没有",
    ),
    "table.official-differs": kind(
        "warning",
        "与账户表日均不符 {count} 户，最大差 {amount} 元。",
        "以账户表为准；请核对流水是否漏导。",
        brief="与账户表日均不符 {count} 户，最大差 {amount} 元",
    ),
    "table.future": kind("note", "交易流水有 {count} 行在 {day} 之后，本期不算。"),
    "customer.merged": kind(
        "note",
        "{count} 个客户号与别的客户号证件号码相同，或经认定是同一客户，并成 {people} 户计算（{cell} 并入 {value} 等）。",
        "不该合并的，请在“同一客户认定”表里写明客户号和“不合并”。",
    ),
    "customer.merged-names": kind(
        "warning",
        "{count} 个客户号证件号码相同而名称不同，仍按同一客户计算（{cell} 并入 {value} 等）。",
        "请在原系统核对证件号码；不是同一客户的，请在“同一客户认定”表里写明“不合并”。",
        brief="{count} 户证件号码相同而名称不同",
    ),
    "customer.ruling-unknown": kind(
        "warning",
        "同一客户认定有 {count} 行的客户号“{value}”在客户信息里找不到，不予采用。",
        "请核对客户号。",
        brief="同一客户认定有 {count} 行找不到客户",
    ),
    "loan.settled-owing": kind(
        "warning",
        "{place}：借据 {value} 等 {count} 笔的状态是已结清，却还有余额，合计 {amount} 元：按已结清，没有算进贷款余额。",
        "请在原系统核对：没有结清的改状态，结清了的余额应为 0。",
        brief="{count} 笔已结清的借据还有余额",
    ),
    "loan.class-too-good": kind(
        "warning",
        "借据 {value} 逾期 {days} 天，仍列{class_}{more}。按令〔2023〕1号应不好于{expected}。程序不改分类。",
        "请报风险部。",
        brief="{count} 笔逾期超 90 天，五级分类列得过好",
    ),
}

"""What can stop or trouble the work on a period: what is asked, locks, seals, closing, outputs?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

PERIOD: Mapping[str, Kind] = {
    "period.incomplete": kind(
        "note",
        "{period} 还没过完（数据到 {reach}）。没有指定期间时只算到 {used}。",
        "要算未满月，请写 --period {period}。",
    ),
    "period.partial": kind("warning", "{period} 未满月，数据到 {reach}，只作参考。", brief="未满月"),
    "period.later-findings": kind(
        "note",
        "以后各期的文件或行里另有 {count} 条（{files}），不关 {period}，没有列出。",
        "用 kehujingli check 看得到；跑那一期时再改也来得及。",
    ),
    "period.no-postings": kind(
        "warning",
        "{period} 一笔交易流水也没有（流水从 {first} 到 {last}）：活跃、日均都按这个月没有业务算。",
        "请补导 {period} 的交易流水。",
        brief="本期一笔流水也没有",
    ),
    "period.outside": kind(
        "error",
        "导出里没有 {period} 的数据（交易流水和快照从 {first} 到 {reach}）。",
        "请补导那个月的数据，或用 --period 换一个月份。",
        Exit.INPUT,
    ),
    "period.unnamed": kind(
        "error",
        "《{file}》没有写考核期间，也没有交易流水可看是哪一期。",
        "请加 --period，例如 --period 2026-10，或在表里加一列“考核期间”。",
        Exit.INPUT,
    ),
    "period.none": kind(
        "error",
        "交易流水没有一个完整的月份（数据从 {first} 到 {reach}）。",
        "请补导整月的流水，或用 --period 指定未满月。",
        Exit.INPUT,
    ),
    "period.no-result": kind("error", "{period} 还没有跑过。", "请先运行 kehujingli run{option}。", Exit.INPUT),
    "period.no-scores": kind(
        "error",
        "{period} 没有考核得分：跑它的办法里没有 [incentive]。",
        "请在办法里补上这一节，再运行 kehujingli run --period {period}。",
        Exit.INPUT,
    ),
    "period.none-run": kind("error", "还没有跑过任何一期。", "请先运行 kehujingli run。", Exit.INPUT),
    "period.closed": kind(
        "warning",
        "{period} 已于 {day} 关账（审批：{approved_by}）。本次结果另存，不覆盖；{differs}。",
        brief="已关账，结果与关账时不同",
    ),
    "close.already": kind(
        "error",
        "{period} 已于 {day} 关账（审批：{approved_by}），没有动它。",
        "要更正请用 kehujingli correct {period} 记到下一个月；确须重算请用 kehujingli reopen {period} --reason 事由。",
        Exit.INPUT,
    ),
    "close.not-closed": kind(
        "error",
        "{period} 没有关账（{state}）。",
        "还没有关账的月份直接改好重跑；要关账请用 kehujingli close {period}。",
        Exit.INPUT,
    ),
    "close.same-person": kind(
        "error",
        "{period} 是 {who} 算的，不能由 {who} {deed}。",
        "请由另一人{deed}（--as 姓名 或 --approved-by 姓名）。",
        Exit.USAGE,
    ),
    "close.same-signer": kind(
        "error",
        "{period} 已由 {who} {done}，不能再由同一人{deed}。",
        "请由另一人{deed}（--as 姓名 或 --approved-by 姓名）。",
        Exit.USAGE,
    ),
    "close.partial": kind(
        "error", "{period} 还没有过完（数据到 {reach}），不能关账。", "请等数据到了月末、重跑以后再关。", Exit.INPUT
    ),
    "close.before-open": kind(
        "error", "{before} 还没有关账，{period} 不能先关。", "请先用 kehujingli close {before}。", Exit.INPUT
    ),
    "close.later-closed": kind(
        "error",
        "{later} 已经关账，{period} 的封条在它前面，不能动。",
        "请先用 kehujingli reopen {later} --reason 事由；只是更正请用 kehujingli correct。",
        Exit.INPUT,
    ),
    "close.touched": kind(
        "error",
        "{period} 的 {files} 不是跑批写出的样子，不能签字。",
        "请重跑 kehujingli run --period {period}。",
        Exit.INPUT,
    ),
    "seal.itself": kind(
        "warning",
        "{period} 的封条被改过或不见了，与日志不符。",
        "请从备份找回 periods/{period}/状态.json，查日志是谁动的。",
        brief="封条被改过",
    ),
    "seal.period-missing": kind(
        "warning",
        "{period} 已于 {day} 关账（审批：{approved_by}），现在 periods/{period} 整个不见了。",
        "请从备份找回 periods/{period}/；找不回来的，用 kehujingli reopen {period} --reason 事由 拆封，重跑后再关账。",
        brief="{files} 个已关账的月份不见了",
    ),
    "seal.signatures": kind(
        "warning",
        "{period} 的签字被改过，与封条或日志不符：状态.json 写审批 {told}，日志写审批 {logged}。",
        "以日志为准；请从备份找回 periods/{period}/状态.json，查是谁动的。",
        brief="签字被改过",
    ),
    "seal.signatures-unsealed": kind(
        "warning",
        "{period} 的封条里没有签字（以前的程序封的），审批人只能按日志认：{logged}。",
        "要把签字封进去，请用 kehujingli reopen {period} --reason 事由 拆封后重新关账。",
        brief="封条里没有签字",
    ),
    "seal.output-changed": kind(
        "warning", "{period} 的《{file}》与关账时不同。", "请从备份找回这个文件。", brief="{files} 个输出与关账时不同"
    ),
    "seal.output-missing": kind(
        "warning", "{period} 的《{file}》不见了。", "请从备份找回这个文件。", brief="{files} 个输出不见了"
    ),
    "seal.input-changed": kind(
        "warning",
        "{period} 的输入《{file}》与关账时不同。",
        "请核对是不是用后来的导出盖掉了；重跑 kehujingli run --period {period} 可看影响。",
        brief="{files} 个输入与关账时不同",
    ),
    "seal.log-gone": kind(
        "warning",
        "{period} 关账时日志有 {entries} 条，末条校验码 {told}…；现在的日志里没有这一条。",
        "日志被改写或换过，请从备份找回 日志/，查是谁动的。",
        brief="日志里没有关账时的末条",
    ),
    "seal.chain": kind(
        "warning",
        "{period} 接的是 {before} 的封条，{before} 现在没有这张封条。",
        "请查 {before} 是不是被重开或换过。",
        brief="封条接不上",
    ),
    "appeal.unread": kind(
        "error",
        "{place}：{detail}，没有登记。",
        "请用 kehujingli statements 写出的对账单，只填“申诉”“申诉理由”“主张数”三列。",
        Exit.INPUT,
    ),
    "appeal.none": kind(
        "error", "没有待答复的申诉 {number}（待答复：{known}）。", "请用 kehujingli appeal list 看编号。", Exit.INPUT
    ),
    "appeal.standing": kind(
        "error",
        "申诉 {number} 在 exports/{file} 里已有一行（{points}），与这次的答复不同。没有登记，也没有再加。",
        "请照那一行的数答复；那一行不对的，先删去再答复。",
        Exit.INPUT,
    ),
    "workspace.missing": kind(
        "error",
        "这里和上级目录都没有工作区（rules/ 和 exports/）。",
        "请到工作区里运行，或用 -w 指定，或直接在命令后写导出文件。",
        Exit.INPUT,
    ),
    "workspace.not-one": kind(
        "error", "{path} {detail}。", "请核对 -w 后的目录；要新建，请用 kehujingli init {path}。", Exit.INPUT
    ),
    "workspace.exists": kind("error", "{path} 已有内容，没有动它。", "请换一个空目录。", Exit.INPUT),
    "output.locked": kind("error", "《{file}》正开着，没有写。旧文件没动。", "请关掉后再跑。", Exit.INPUT),
    "output.unfinished": kind(
        "error",
        "《{file}》写到一半被别的程序占着，这一期新旧文件混在一起。",
        "请关掉占用它的程序，再运行任一命令，会接着写完。",
        Exit.INPUT,
    ),
    "period.damaged": kind(
        "error",
        "{period} 里的 {file} {detail}，这一期的结果不能用来回答。",
        "请重跑这一期（kehujingli run --period 月份）；已关账的请从备份找回 periods/ 下的这个月。",
        Exit.INPUT,
    ),
    "period.older": kind(
        "error",
        "{period} 是另一版程序跑的，没有留下这一问要的{what}，答不了。",
        "请重跑这一期（kehujingli run --period {period}）再问；已关账的结果不重写，这一问仍缺。",
        Exit.INPUT,
    ),
    "log.failed": kind(
        "error",
        "日志写不了（{path}：{detail}），这一步没有记上。",
        "请检查日志目录的权限和磁盘空间，再来一次。",
        Exit.INPUT,
    ),
    "place.failed": kind(
        "error",
        "{path} 读写不了：{detail}。没有做完。",
        "请检查它的权限、磁盘空间和网络盘，再来一次；写到一半的由下一条命令收拾。",
        Exit.INPUT,
    ),
    "place.unreadable": kind(
        "error", "读不了 {path}：{detail}。什么都没有动。", "请检查它的权限，或关掉占用它的程序。", Exit.INPUT
    ),
    "place.name-bad": kind(
        "error",
        "文件名或路径 {path} 不是 UTF-8 编码{like}，没有读。什么都没有动。",
        "请把它改名；从压缩包来的，用 UTF-8 文件名重新解压。",
        Exit.INPUT,
    ),
    "output.unheard": kind(
        "error", "结果写不到标准输出：{detail}。", "请检查接收结果的文件或程序、磁盘空间。", Exit.INPUT
    ),
    "output.busy": kind(
        "error",
        "文件夹 {folder} 正被占用（里面的文件开着，或有窗口停在里面），没有写。旧结果没动。",
        "请关掉后再跑。",
        Exit.INPUT,
    ),
    "output.unswapped": kind(
        "error",
        "{folder} 上一次写到一半被中断，新结果已写好，还没有换上：{detail}。",
        "请关掉占用这个文件夹的程序，再运行任一命令，会接着换上。",
        Exit.INPUT,
    ),
    "output.unlogged": kind(
        "error",
        "{folder} 的新结果已换上，日志却记不上（{detail}），也换不回来。",
        "请看磁盘空间和日志目录的权限，再运行任一命令，会补记日志。",
        Exit.INPUT,
    ),
    "journal.bad": kind(
        "error",
        "{file} 不是本工作区留下的交接记录（形状不对，或指向工作区以外）。没有照它做，什么都没有动。",
        "请把这个文件移到别处，再用 kehujingli verify 核对，必要时重跑这一期。",
        Exit.INPUT,
    ),
    "output.failed": kind("error", "写不了 {path}：{detail}。旧文件没动。", "请检查目录权限和磁盘空间。", Exit.INPUT),
    "output.unreadable": kind(
        "error",
        "《{file}》读不出来：{detail}。什么都没有动。",
        "请用 WPS、Excel 或记事本打开，另存为 UTF-8 编码，关掉后再来。",
        Exit.INPUT,
    ),
    "list.cell-bad": kind(
        "error", "《{file}》第 {line} 行“{column}”是“{value}”，{detail}。什么都没有动。", "{cure}", Exit.INPUT
    ),
    "list.no-column": kind(
        "error", "《{file}》没有“{columns}”列。什么都没有动。", "请照原来的表头改回，或从备份找回这个文件。", Exit.INPUT
    ),
    "output.template-bad": kind(
        "warning",
        "模板《{file}》读不出来（{detail}），考核得分按自带的样式写。",
        "请用 WPS 或 Excel 另存为 .xlsx 再放进 templates/。",
        brief="模板读不出来",
    ),
    "output.template-formula": kind(
        "warning",
        "模板《{file}》有 {count} 个公式算不出（{cells}），已留空。",
        "请改成加减乘除、合计、取整一类的简单公式，或不用公式。",
        brief="模板有 {count} 个公式算不出",
    ),
    "lock.busy": kind("error", "另一个任务正在算{what}（开始 {since}，{who}）。", "等它完，或稍后再来。", Exit.INPUT),
    "show.none": kind("error", "{period} 里没有{what}“{value}”。", "请核对号码或名称。", Exit.INPUT),
    "show.closed": kind(
        "error",
        "{value} 在 {period} 已经销户（状态 {status}），没有余额和贷款，不分类，没有卡片。",
        "以前的请加 --period 看那时的月份；这一期销户的都在“已销户客户”这张表里，用 kehujingli query 查。",
        Exit.INPUT,
    ),
    "show.several": kind("error", "叫“{value}”的{what}有 {number} 个（{known}）。", "请改用编号。", Exit.USAGE),
    "run.required-missing": kind(
        "error", "要求要有的{table}{why}，{period} 没有跑，什么都没有动。", "请补导{table}后再跑。", Exit.INPUT
    ),
    "run.not-reached": kind(
        "error", "{table}只到 {reach}，要求到 {day}，没有跑，什么都没有动。", "请等数据齐了再跑。", Exit.INPUT
    ),
    "diff.one-only": kind(
        "error",
        "{period} 以前没有跑过别的月份，没有可比的。",
        "请先跑上一个月，或比较同一月的两次：kehujingli diff {period} --runs。",
        Exit.INPUT,
    ),
    "diff.no-runs": kind(
        "error",
        "{period} 只跑过一次（或重跑的结果都一样），没有历次可比。",
        "请在改过导出或办法、重跑之后再比。",
        Exit.INPUT,
    ),
    "diff.no-run": kind("error", "{period} 的历次里没有第 {number} 次（有 {known}）。", "请改用有的次数。", Exit.INPUT),
    "query.bad": kind("error", "这条查询不成：{detail}", "可用的表和列见 kehujingli tables。", Exit.USAGE),
    "option.bad": kind("error", "{option} 是“{value}”，{detail}。", "{cure}", Exit.USAGE),
    "internal.fault": kind(
        "error",
        "程序出错，编号 {number}。导出没有动，各期结果没有写到一半的。",
        "请把 {log}（不含客户数据）发给维护人。",
        Exit.FAULT,
    ),
}

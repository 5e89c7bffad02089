"""What must a person know of scores and pay?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

SCORE: Mapping[str, Kind] = {
    "score.no-target": kind(
        "warning",
        "{who}没有 {year} 年{item}任务数，{effect}。",
        "请在任务数表补上，或在办法里写 missing_target。",
        brief="{people} 人无任务数",
    ),
    "score.no-actual": kind(
        "warning",
        '“{item}”算不出：{missing}。按办法 missing_actual = "{policy}"{effect}。',
        "请补导所缺的表或列。",
        brief="{files} 项算不出",
    ),
    "score.no-baseline": kind(
        "warning",
        "“{item}”有 {count} 处没有基数（{missing}），{effect}。",
        "请补基数表，或补导上年日均。",
        brief="{count} 户没有基数",
    ),
    "score.adjustment-unapproved": kind(
        "warning",
        "加减分第 {row} 行（{who} {points}）没有{missing}，不予采用。",
        "请补齐事由和审批人。",
        brief="{files} 条加减分没有审批",
    ),
    "score.adjustment-one-hand": kind(
        "warning",
        "加减分有 {count} 条经办和审批是同一人（{value}），照样采用了。",
        "请由另一人审批后改正审批人；制度允许的，写进 --accept 文件。",
        brief="{count} 条加减分自己经办自己审批",
    ),
    "score.adjustment-closed": kind(
        "warning",
        "加减分第 {row} 行（{who} {points}）记在已关账的 {period}，没有采用。",
        "请用 kehujingli correct {period} 记到未关账的月份，并删去这一行。",
        brief="{files} 条加减分记在已关账的月份",
    ),
    "score.adjustment-unknown": kind(
        "warning",
        "加减分第 {row} 行的指标“{item}”在办法里没有，不予采用。",
        "请改成办法里的指标名。",
        brief="{files} 条加减分指标不认识",
    ),
    "score.duty-over": kind(
        "warning",
        "{who} 在名册里有 {posts} 行，在岗天数合计 {days} 天，多于当期 {most} 天，各行照算。",
        "请在名册里写明各岗的任职、离任日期或在岗天数。",
        brief="{files} 人在岗天数多于当期",
    ),
    "score.shares-over": kind(
        "warning",
        "{what} {value} 在 {start} 至 {end} 归属比例合计 {total}%，该{what}暂不计任何人。",
        "请改到 100%。",
        brief="{files} 处归属比例超过 100%",
    ),
    "score.outside-roster": kind(
        "warning",
        "{count} 个{what}的{column}不在名册里（{people}），归网点公共，合计 {amount} 元。",
        "请核对名册；若是全员营销，请把人员加进名册。",
        brief="{count} 个账户、贷款的人不在名册",
    ),
    "score.trial-plan": kind(
        "warning",
        "导出里没有管户经理，也没有已批的方案，本期按方案试算，不作发放依据。",
        "请补导管户经理，或批准方案后从下期起算。",
        brief="没有管户人，按本期方案试算",
    ),
    "score.actual-overridden": kind("note", "“{item}”有 {count} 人用的是人工填报数，与程序算的并列在“人工填报”。"),
    "score.actual-column": kind(
        "warning",
        "人工填报的“{column}”不是办法里的指标，{count} 个数没有采用。最像的是“{nearest}”。",
        "若就是它，请把列名改成“{nearest}”，单位写在括号里；不是的，请删去这一列，或写进 --accept 的清单。",
        brief="{files} 列人工填报没有采用",
    ),
    "score.actual-other": kind("note", "人工填报的“{column}”不是办法里的指标，{count} 个数没有采用。"),
    "score.actual-unit": kind(
        "warning",
        "人工填报的“{column}”写着单位{unit}，“{item}”在办法里不是这样的数，按原数读入。",
        "请改正列名里的单位；单位没错的，改办法里这一项怎么说数（docs/rules.md）。",
        brief="人工填报的单位与办法不合",
    ),
    "score.actual-percent": kind(
        "warning",
        "人工填报的“{item}”里 {value} 读作 {read}，多半是百分数的写法不对。",
        "请在数后写 %，或把单位写进列名，例如“{item}(%)”；格子已是百分比格式的，列名里不写单位。",
        brief="人工填报的百分数写法存疑",
    ),
    "score.actual-unapproved": kind(
        "warning",
        "{count} 人的人工填报没有审批人（{who}），本次照用。",
        "发放前请补审批人。",
        brief="人工填报没有审批人",
    ),
    "score.actual-bad": kind(
        "warning",
        "{place}：{who}的“{item}”是“{value}”，不是数，不予采用。",
        "请改正后再放进来。",
        brief="{files} 处填报不是数",
    ),
    "score.period-unknown": kind(
        "warning",
        "{table}第 {row} 行（{who}）的期间“{value}”不是年、季、月，不予采用。",
        "请改成 2026、2026Q4 或 2026-10 这样的期间。",
        brief="{files} 行填报的期间看不懂",
    ),
    "score.period-unfit": kind(
        "warning",
        "{table}第 {row} 行（{who}）的期间是“{value}”，办法按{cycle}考核，不予采用。",
        "请把期间改成 {wanted}；已在别的期间采用过的，请用 --accept 注明。",
        brief="{files} 行填报的期间不合考核周期",
    ),
    "score.target-unknown": kind(
        "warning",
        "任务数第 {rows} 行的指标“{item}”在办法里没有，不予采用。",
        "请改成办法里的指标名；不考核的请删去。",
        brief="{count} 行任务数的指标不认识",
    ),
    "score.baseline-twice": kind(
        "warning",
        "“{item}”有 {count} 户既有客户的基数，又有账户的基数（{people}），按客户的算。",
        "请只留一种。",
        brief="{count} 户的基数写了两种",
    ),
    "score.target-nobody": kind(
        "warning",
        "{place}：任务数有 {count} 行只有机构号、没有工号（{branches}）。考核到人，不予采用。",
        "请分到客户经理，每人一行；只作参考的，请用 --accept 注明。",
        brief="{count} 行任务数没有工号",
    ),
    "score.target-bank": kind(
        "note",
        "{place}：任务数有 {count} 行没有工号和机构号，当作全行的任务（{items}），考核时不算给任何人。",
        "漏写工号的请补上；全行的，运行 kehujingli allocation 可以分到各人。",
        brief="{count} 行任务数是全行的",
    ),
    "score.visits-apart": kind(
        "note",
        "走访记录本月有 {told}不是办法里算走访的方式（{ways}），没有计入走访计划完成率。",
        "要算的，把方式写进办法 [incentive] 的 visit_ways。",
        brief="有走访方式不计入完成率",
    ),
    "score.visits-way-unknown": kind(
        "warning",
        "走访记录本月 {count} 条都没写方式，分不出上门、电话和到店，全部计入了走访计划完成率。",
        "请在走访记录里补“方式”一列；办法里算走访的方式是 {ways}。",
        brief="走访记录没写方式",
    ),
    "score.visits-span": kind(
        "warning",
        "{table}第 {rows} 行“{item}”写的是年或季，走访按月比，没有采用。",
        "请按月写，例如 2026-10。",
        brief="{files} 处走访计划没按月写",
    ),
    "score.lines-differ": kind(
        "warning",
        "{table}第 {rows} 行（{who}）“{item}”各不相同（{values}），都不予采用。",
        "请核对后只留一行。",
        brief="{files} 处填报各行不同",
    ),
    "score.duty-unknown": kind("note", "{count} 人没有任职日期和在岗天数，按全期在岗算。"),
    "score.standard-missing": kind(
        "warning",
        "{who}的等级“{grade}”在办法里没有{what}，绩效未算。",
        "请在 [incentive.pay] 补上该等级。",
        brief="{files} 人等级没有绩效标准",
    ),
    "score.tenure-unknown": kind(
        "warning",
        "{who}（{count} 人）名册上没有任职日期，任务没有按任职月数折，按全额算。",
        "请在名册补上任职日期。",
        brief="{count} 人没有任职日期，任务按全额算",
    ),
    "score.target-negative": kind(
        "warning",
        "任务数第 {row} 行（{who}）“{item}”是 {target}，小于零，按没有任务数算。",
        "请改正任务数。",
        brief="{files} 个任务数小于零",
    ),
    "score.no-scheme": kind(
        "warning",
        "{count} 人不在任何一套办法的适用人员里（{people}），未计分。",
        "请核对名册的机构、岗位、等级，或补办法的适用人员（population）。",
        brief="{count} 人不在任何办法里",
    ),
    "score.two-schemes": kind(
        "warning",
        "{count} 人同时在几套办法里（{people}），未计分。",
        "请改办法的适用人员（population），让一人只归一套。",
        brief="{count} 人同时在几套办法里",
    ),
    "score.pool-exceeded": kind(
        "warning",
        "{scheme}应发合计 {spent} 元，超过总额 {pool} 元 {over} 元，{effect}。",
        "请调整单价或总额{cure}。",
        brief="应发超过总额",
    ),
    "score.carry-unknown": kind(
        "warning",
        '“{item}”有 {count} 人不知道 {before} 欠多少任务：{why}。按办法 missing_actual = "{policy}"{effect}。',
        "请先跑 {before} 再重跑本期；{period} 是第一期的，请在这一项写 {key}。",
        brief="{count} 人不知道上期欠多少任务",
    ),
    "score.settlement-gap": kind(
        "warning",
        "{year} 年有 {count} 个月没有跑过（{months}），年终清算里没有这些月的数。",
        "请补跑（kehujingli run --period {first} 等）后重跑本月；本来就不发的，可用 --accept 注明。",
        brief="年终清算缺 {count} 个月",
    ),
    "score.stop-over": kind(
        "warning",
        "{who}停止支付 {stopped} 元，{period}没有付的延期只有 {left} 元，多出的 {over} 元没有可停的。",
        "已付的要追回，请另写一条“扣回”。",
        brief="{files} 笔停止支付超过未付的延期",
    ),
    "score.overpaid": kind(
        "warning",
        "{who}已预发的比应付的多 {over} 元，本月按 0.00 元兑付，多的记为本人欠款，结转以后扣。",
        "以后有应兑付的（本期、年终清算、到期延期）先扣，kehujingli owed 可查；已离任又没有延期的，请另行追索。",
        brief="{files} 人预发多于应付，结转以后扣",
    ),
    "score.draw-carried": kind(
        "note",
        "{who}本月应兑付的不到每期先付的 {draw} 元，付足后多付 {over} 元，结转以后扣。",
        "以后应兑付高出先付的部分先扣，kehujingli owed 可查；已离任又没有延期的，请另行追索。",
        brief="{files} 人不到每期先付的，付足后结转",
    ),
    "score.clawback-waiting": kind(
        "warning",
        "{who}扣回 {ordered} 元，本月应兑付的不够扣，余 {left} 元待扣，记入欠付。",
        "以后有应兑付的（本期、年终清算、到期延期）先扣，kehujingli owed 可查；已离任又没有延期的，请另行追索。",
        brief="{files} 人的扣回没有扣完",
    ),
}

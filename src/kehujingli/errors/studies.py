"""What can be wrong with what a study needs?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

STUDIES: Mapping[str, Kind] = {
    "study.needs": kind("error", "缺{table}，{study}做不了。", "请把{table}放进 {where}{rerun}。", Exit.INPUT),
    "study.exports-changed": kind(
        "note",
        "{files}在 {period} 跑批以后改过（{count} 个文件）：这里的数还是跑批时的，没有算进去。",
        "请运行 kehujingli run --period {period} 重跑，再来；改的和这个月没有关系的不用管。",
        brief="{count} 个导出在跑批以后改过",
    ),
    "study.needs-made": kind(
        "error",
        "缺{table}，{study}做不了：{period} 没有留下，是旧版程序跑的，或那个月没有可算的，或办法没有这一段。",
        "请查看 kehujingli check 少了什么，再运行 kehujingli run --period {period}。",
        Exit.INPUT,
    ),
    "study.previous": kind(
        "error",
        "缺 {before} 的客户分类，{study}没有可比的：那个月没有跑过，或没有留下分类。",
        "请先运行 kehujingli run --period {before}（要有那个月的导出），再来；要和别的月份比，用 --since 月份。",
        Exit.INPUT,
    ),
    "study.previous-bare": kind(
        "error",
        "{study}要和 {before} 的客户分类比，命令后面只有文件，不知道它在哪个工作区。",
        "请用 -w 写明工作区（那个月在里面跑过）；还没有的，用 kehujingli init 建一个，放进导出后运行 kehujingli run --period {before}。",
        Exit.INPUT,
    ),
    "study.kept-older": kind(
        "error",
        "{period} 是旧版本跑的，没有留下推下个月要用的数。",
        "请运行 kehujingli run --period {period} 重跑，再来；已关账的月份不能补。",
        Exit.INPUT,
    ),
    "study.rules-differ": kind(
        "error",
        "{period} 是按另一套办法分的类，{study}不能按这一套来推。",
        "请去掉 --rules；办法改过的，运行 kehujingli run --period {period} 重跑；要看换办法的影响，用 kehujingli whatif --rules。",
        Exit.INPUT,
    ),
    "study.outlook-past": kind(
        "note",
        "{before} 没有留下推本月要用的数，或那时的办法已经不在，没有对照。",
        "是旧版本跑的就运行 kehujingli run --period {before} 重跑；从下个月起就有对照。",
    ),
    "study.signals-months": kind(
        "warning",
        "流水里没有整月的 {months}，要和自己以前比的信号（来款减少、存款下降、大额流出、代发出现、月末冲时点）有的缺。",
        "请补导这些月的《交易流水》放进 exports/，再运行 kehujingli run。",
        brief="流水缺月份，有的信号缺",
    ),
    "study.rhythm-older": kind(
        "note",
        "{period} 是旧版本跑的，没有留下活跃天数，客户来往的节奏算不出来，靠它的数缺。",
        "请运行 kehujingli run --period {period} 重跑；已关账的月份不能补，从下个月起就有。",
    ),
    "study.rhythm-few": kind(
        "note",
        "窗口内再来过的客户只有 {again} 户，不到 {least} 户，客户来往的节奏算不出来，靠它的数缺。",
        "请看《交易流水》是否导全（要整个窗口的），补齐后重跑。",
    ),
    "study.rhythm-flat": kind(
        "note",
        "{again} 户再来过的客户拟合不出来往的节奏（像是人人一样，或没有人离开），靠它的数缺。",
        "请看《交易流水》是否只有一部分客户或几天，补齐后重跑。",
    ),
    "study.rhythm-stays": kind(
        "note",
        "窗口内再来过的 {again} 户看不出有人离开，没有晚于自己节奏的。",
        "不用处理；客户一个不走的少见，请看《交易流水》是否只导了还在往来的客户。",
    ),
    "study.spend-few": kind(
        "note",
        "窗口内有业务金额的客户只有 {count} 户，不到 {least} 户，每天金额推不出来，未来发生额缺。",
        "请看《交易流水》是否导全（要整个窗口的），补齐后重跑。",
    ),
    "study.spend-flat": kind(
        "note",
        "{count} 户的每天金额拟合不出来（像是人人一样），未来发生额缺。",
        "请看《交易流水》的金额是否导对，改后重跑。",
    ),
    "study.spend-heavy": kind(
        "note",
        "{count} 户的每天金额相差太大，没有可信的平均，未来发生额缺。",
        "请看《交易流水》有没有单位写错的大数，改后重跑；没有错的不用处理。",
    ),
    "study.spend-together": kind(
        "note",
        "来往天数和每天金额的相关是 {share}，超过 {most}：两者当作无关来推，未来发生额有偏差。",
        "看大户的未来发生额时请打折扣；这条线在办法的 [studies.value] 里。",
    ),
    "study.thresholds-reach": kind(
        "note",
        "流水里最早的业务是 {day}，口径 {presets} 要看得更久：{count} 户从没有业务记录，当作够了。",
        "要看准，请把更早的交易流水放进 exports/ 后重跑。",
    ),
    "study.movement-gone": kind(
        "warning",
        "{branch} 期初 {opening} 户里有 {gone} 户不在本期的客户信息里（不是写着已销户），都按销户算了，像是导出少了户。",
        "请核对这家机构的客户信息是否导全，补齐后重跑本期。",
        brief="有机构的客户信息像是没导全",
    ),
    "study.movement-late": kind(
        "note",
        "变动的 {count} 户里 {late} 户是数据补到，不是本期发生的：占 {share}，迁徙看得偏多。",
        "合约、贷款、客户信息请按月导全；补到的不算新户、激活和升降。",
    ),
    "study.without": kind("note", "缺{table}：{lacks}", "要算，请把{table}放进 {where}{rerun}。"),
    "study.without-before": kind(
        "note",
        "缺{table}：{lacks}",
        "要算，请先运行 kehujingli run --period {before}（要有那个月的导出），再来。",
    ),
    "study.capital-old": kind(
        "warning",
        "资本用的是 {day} 的{rows}，到 {as_of} 已过 {months} 个月，占比按旧资本算。",
        "请把最近一个季度的资本放进 exports/ 后重跑。",
        brief="资本是一个季度以前的",
    ),
    "study.capital-twice": kind(
        "warning",
        "资本有几行都是 {day} 的{rows}，数不一样，用的是最小的 {capital} 元。",
        "请只留对的一行，改后重跑。",
        brief="资本同一天有几个数",
    ),
    "study.capital-odd": kind(
        "warning",
        "资本净额 {capital} 元{rows}是全部贷款的 {share}，单位像是写错了，占比和限额不可信。",
        "请核对{where}，改后重跑。",
        brief="资本的单位要核对",
    ),
    "study.capital-later": kind(
        "warning",
        "《资本》各行不是晚于 {as_of} 就是没有资本净额，没有一行能用：{instead}。",
        "请把不晚于 {as_of} 的一期资本放进 exports/ 后重跑。",
        brief="资本没有期末以前的",
    ),
    "study.capital-tier": kind(
        "warning",
        "{day} 的一级资本净额 {tier1} 元大于资本净额 {capital} 元{rows}，像是写反了，占比和限额不可信。",
        "请核对《资本》的资本净额和一级资本净额，改后重跑。",
        brief="一级资本大于资本净额",
    ),
    "study.guarantor-unknown": kind(
        "note",
        "《担保》有 {count} 行{rows}的保证人不是本行客户或没有客户号，没有连进担保圈。",
        "请补上保证人的客户号；外行人担保的不用补。",
    ),
    "study.interest-missing": kind(
        "warning",
        "《账户利息》没有 {months} 的结息，近12个月的利息不全，按种类的付息率（实付）缺。",
        "请补导这几个月的账户利息，改后重跑。",
        brief="账户利息不全",
    ),
    "study.interest-window": kind(
        "note",
        "日均的窗口是 {months} 个月，不是12个月，按种类的付息率（实付）缺。",
        "办法 [segment] 的 window_months 是 12 时才算。",
    ),
    "study.interest-unknown": kind(
        "note",
        "《账户利息》有 {count} 个账户不在存款账户表里或日均算不出，利息 {sum} 元没有按种类算。",
        "请核对账号；近12个月里销户的不用管。",
    ),
    "study.interest-again": kind(
        "note",
        "《账户利息》有 {count} 行和另一份导出的一样，只算一次。",
        "不用改；嫌多的删去一份。",
    ),
    "study.interest-differs": kind(
        "warning",
        "近12个月付的利息，《账户利息》是 {told} 元，流水里的结息是 {posted} 元，差 {difference} 元。",
        "请核对两份导出是不是同一范围、同一时段；流水里的结息按办法 [segment.activity] 的 interest 认。",
        brief="付的利息两处不一样",
    ),
    "study.guarantee-unknown": kind(
        "note",
        "《担保》有 {count} 行{rows}的借据号、合同号在贷款台账里都没有，没有连进担保圈。",
        "请核对借据号或合同号；贷款已经结清、不在台账里的不用管。",
    ),
    "study.guarantor-self": kind(
        "warning",
        "《担保》有 {count} 行{rows}是借款人自己给自己保证，没有计入。",
        "请核对保证人客户号。",
        brief="{count} 行自己给自己保证",
    ),
    "study.group-self": kind(
        "warning",
        "《关联客户》有 {count} 个集团号就是客户号，或把集团写成了自己的成员（{groups}）{rows}：是客户的，这个客户算作本组成员；不是的，这样的行没有计入。",
        "请给集团另编一个号，集团本身是客户的照它的客户号写一行，改后重跑。",
        brief="{count} 个集团把自己写成了成员",
    ),
    "study.group-unknown": kind(
        "note",
        "《关联客户》有 {count} 行{rows}的客户号不是本行客户，也不是另一个集团号，没有计入关联组。",
        "请核对客户号；外行的关联企业不用改。",
    ),
    "study.exposure-kind": kind(
        "note",
        "《授信与表外》有 {count} 行{rows}的业务种类不认识（{kinds}），按表外业务的余额计入。",
        "种类有：贷款、承兑、保函、信用证、未用授信、贴现、债券；写错的请改正。",
    ),
    "study.ftp-hole": kind(
        "warning",
        "《内部资金价格》的{side} {term} {cause}：{count} 笔日均 {average} 元没有价，没有算进利润和预期损失。",
        "请在《内部资金价格》里补上这一档从本月第一天起的价（同一天只留一个），改后重跑。",
        brief="{count} 笔存贷款没有内部资金价格",
    ),
    "study.ftp-line": kind(
        "warning",
        "{what}有 {count} 笔{why}，没有算进利润和预期损失。",
        "请在《存款账户》《贷款台账》里补齐或改正后重跑。",
        brief="{count} 笔存贷款缺利率、期限、日均或五级分类",
    ),
    "study.loan-off": kind(
        "note",
        "本月核销或置换了 {count} 笔贷款，上月末余额 {amount} 元：利润和预期损失按期初期末平均（期末算 0）计到本月，核销、置换掉的本金没有减。",
        "不用处理；要看核销造成的损失，请查这些借据的核销账。",
        brief="{count} 笔贷款本月核销或置换，本金没有减",
    ),
    "study.loan-brief": kind(
        "note",
        "本月发放、月末已不在表内或余额为零的贷款有 {count} 笔，发放金额 {amount} 元：不知道在表内几天，利润和预期损失没有算。",
        "不用处理；金额大的，请从核心系统查这些借据的实收利息。",
        brief="{count} 笔贷款本月放、本月收，没有算",
    ),
    "study.cost-period": kind(
        "warning",
        "《费用》第 {rows} 行的期间“{value}”看不懂，{count} 行没有算进费用。",
        "请写成 2026-10、2026年三季度或 2026，改后重跑。",
        brief="费用有 {count} 行期间看不懂",
    ),
    "study.cost-driver": kind(
        "warning",
        "《费用》第 {rows} 行没写分摊动因或写的不认识（共 {count} 行），{amount} 元没有分到户，只算在机构或客户经理上。",
        "动因有：户数、笔数、走访、存款日均、贷款余额；写上后重跑。",
        brief="费用有 {count} 行没有分摊动因",
    ),
    "study.cost-nothing": kind(
        "warning",
        "《费用》{rows}{whose} 的费用 {amount} 元按{driver}分，可那里的{driver}合计是零，没有分到户。",
        "请核对机构号、工号和动因；那里真没有的，换一个动因后重跑。",
        brief="费用 {amount} 元按动因分不下去",
    ),
    "study.cost-whose": kind(
        "warning",
        "《费用》{rows}没写机构号也没写工号的费用 {amount} 元（按{driver}分）不知道是哪里的，没有分到户。",
        "请写上机构号或工号后重跑；总行的费用要各机构分担的，请先分到机构再写。",
        brief="费用 {amount} 元没写机构号也没写工号",
    ),
    "study.fee-period": kind(
        "warning",
        "《中间业务收入》第 {rows} 行没有日期，期间也看不懂，{count} 行没有算进中收。",
        "请写上日期或期间（如 2026-10），改后重跑。",
        brief="中间业务收入有 {count} 行不知是哪一期",
    ),
    "study.loan": kind(
        "error",
        "“{value}”不是 客户=金额/期限/利率。",
        "请写客户号（新客户写个名称）、金额、期限，利率可以不写，如 810000000012=500万/12月/4.5%。",
        Exit.USAGE,
    ),
    "study.what-if": kind(
        "error",
        "“{value}”不是 客户=金额。",
        "请写客户号（新客户写个名称）和要增加的金额，如 810000000012=500万。",
        Exit.USAGE,
    ),
}

"""What can be wrong with what a study needs?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

STUDIES: Mapping[str, Kind] = {
    "study.needs": kind("error", "缺{table}，{study}做不了。", "请把{table}放进 {where}{rerun}。", Exit.INPUT),
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
    "study.capital-old": kind(
        "warning",
        "资本用的是 {day} 的，到 {as_of} 已过 {months} 个月，占比按旧资本算。",
        "请把最近一个季度的资本放进 exports/ 后重跑。",
        brief="资本是一个季度以前的",
    ),
    "study.capital-twice": kind(
        "warning",
        "资本有几行都是 {day} 的，数不一样，用的是最小的 {capital} 元。",
        "请只留对的一行，改后重跑。",
        brief="资本同一天有几个数",
    ),
    "study.capital-odd": kind(
        "warning",
        "资本净额 {capital} 元是全部贷款的 {share}，单位像是写错了，占比和限额不可信。",
        "请核对《资本》的单位（报表用万元），改后重跑。",
        brief="资本的单位要核对",
    ),
    "study.guarantor-unknown": kind(
        "note",
        "《担保》有 {count} 行的保证人不是本行客户或没有客户号，没有连进担保圈。",
        "请补上保证人的客户号；外行人担保的不用补。",
    ),
    "study.guarantor-self": kind(
        "warning",
        "《担保》有 {count} 行是借款人自己给自己保证，没有计入。",
        "请核对保证人客户号。",
        brief="{count} 行自己给自己保证",
    ),
    "study.group-self": kind(
        "warning",
        "《关联客户》有 {count} 个集团号就是客户号，或把集团写成了自己的成员（{groups}）：是客户的，这个客户算作本组成员；不是的，这样的行没有计入。",
        "请给集团另编一个号，集团本身是客户的照它的客户号写一行，改后重跑。",
        brief="{count} 个集团把自己写成了成员",
    ),
    "study.group-unknown": kind(
        "note",
        "《关联客户》有 {count} 行的客户号不是本行客户，也不是另一个集团号，没有计入关联组。",
        "请核对客户号；外行的关联企业不用改。",
    ),
    "study.exposure-kind": kind(
        "note",
        "《授信与表外》有 {count} 行的业务种类不认识（{kinds}），按表外业务的余额计入。",
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
        "请补齐《存款账户》《贷款台账》里的这一列后重跑。",
        brief="{count} 笔存贷款缺利率、期限、日均或五级分类",
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
        "{whose} 的费用 {amount} 元按{driver}分，可那里的{driver}合计是零，没有分到户。",
        "请核对机构号、工号和动因；那里真没有的，换一个动因后重跑。",
        brief="费用 {amount} 元按动因分不下去",
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
    "study.authority-none": kind(
        "warning",
        "有贷款或在途申请的 {count} 户，客户经理在《授权》和名册里都没有权限，没有核对。",
        "请在《授权》里补上他们的权限，或在名册里写授信权限，改后重跑。",
        brief="{count} 户的客户经理没有权限可对",
    ),
    "study.authority-unknown": kind(
        "warning",
        "《授权》里有 {count} 个工号、等级或机构不在名册和客户信息里：{who}，这些行没有用上。",
        "请核对写法，改后重跑。",
        brief="《授权》有 {count} 个工号、等级或机构对不上",
    ),
    "study.authority-odd": kind(
        "warning",
        "《授权》有 {count} 行单笔权限大于单户余额权限，两个都照写的核对。",
        "请核对这两列有没有写反，单位都是万元。",
        brief="《授权》有 {count} 行单笔大于单户",
    ),
    "study.authority-gap": kind(
        "warning",
        "《授权》里 {who} 从 {since} 到 {until} 没有授权，这几天发放的没有核对。",
        "请补上这一段的授权书，或把前一份的失效日期改对。",
        brief="《授权》的日期断了一段",
    ),
    "study.authority-twice": kind(
        "warning",
        "《授权》里 {who} 从 {day} 起有两份不同的授权，按小的核对。",
        "请给前一份写上失效日期，改后重跑。",
        brief="《授权》同一时间有两份",
    ),
    "study.authority-ended": kind(
        "warning",
        "《授权》里 {who} 的授权 {day} 就到期了，期末没有有效的授权，没有核对。",
        "请补上新的授权书，改后重跑。",
        brief="《授权》有到期没续的",
    ),
    "study.application-old": kind(
        "note",
        "有 {count} 笔申请受理 {days} 天以上还没有办结，仍算在途。",
        "已经放款、否决或撤回的，请在《业务申请》里写上办结日期和结果。",
    ),
    "study.select-rounds": kind(
        "note",
        "《选拔成绩》有几个轮次：{who}，这里是“{round}”。",
        "要看别的，请用 --round 写明轮次。",
        brief="《选拔成绩》有几个轮次",
    ),
    "study.select-part-unknown": kind(
        "warning",
        "《选拔成绩》有 {count} 行科目在办法里没有权重：{who}，没有算进去。",
        "请核对科目的写法，或在 [studies.select] 的 weights 里写上权重，改后重跑。",
        brief="《选拔成绩》有 {count} 行科目没有权重",
    ),
    "study.select-part-lacking": kind(
        "warning",
        "有 {count} 人缺科目成绩：{who}，没有排名次，也没有配岗位。",
        "请在《选拔成绩》里补上这些科目（要有审批人），改后重跑。",
        brief="{count} 人缺科目成绩",
    ),
    "study.select-unapproved": kind(
        "warning",
        "《选拔成绩》有 {count} 行没有得分或审批人：{who}，没有算进去。",
        "请补上得分并由审批人签批，改后重跑。",
        brief="《选拔成绩》有 {count} 行没有审批",
    ),
    "study.select-over-full": kind(
        "warning",
        "《选拔成绩》有 {count} 行得分不在 0 到满分之间：{who}，没有算进去。",
        "请核对得分和满分，改后重跑。",
        brief="《选拔成绩》有 {count} 行得分超过满分或为负",
    ),
    "study.select-mark-twice": kind(
        "warning",
        "《选拔成绩》有 {count} 个科目写了两个不同的得分：{who}，都没有算进去。",
        "请只留审批过的那一行，改后重跑。",
        brief="《选拔成绩》有 {count} 个科目得分不一",
    ),
    "study.select-post-unknown": kind(
        "warning",
        "《双向选择志愿》有 {count} 行的机构或岗位不在本轮《岗位名额》里：{who}，这些志愿没有用上，其余照排。",
        "请核对机构号和岗位，或在《岗位名额》里补上，改后重跑。",
        brief="{count} 行志愿的岗位不在名额里",
    ),
    "study.select-rank-twice": kind(
        "warning",
        "《双向选择志愿》有 {count} 处志愿序重复或没写：{who}，按先写的在前排了。",
        "请和本人或机构核实先后，改后重跑。",
        brief="{count} 处志愿序重复或没写",
    ),
    "study.select-unmarked": kind(
        "warning",
        "《双向选择志愿》有 {count} 人不在本轮《选拔成绩》里：{who}，没有排。",
        "请核对工号，或补上成绩，改后重跑。",
        brief="{count} 个填了志愿的人没有成绩",
    ),
    "study.select-quota-twice": kind(
        "warning",
        "《岗位名额》有 {count} 个岗位写了两行不同的名额或最低分：{who}，按名额少的、最低分高的排。",
        "请只留一行，改后重跑。",
        brief="《岗位名额》有 {count} 个岗位写了两行",
    ),
    "study.select-quota-odd": kind(
        "warning",
        "《岗位名额》有 {count} 行没有名额：{who}，按 0 人排。",
        "请补上名额，改后重跑。",
        brief="《岗位名额》有 {count} 行没有名额",
    ),
    "study.select-quota-short": kind(
        "note",
        "名额共 {room} 人，上线 {passed} 人，至少 {count} 人没有岗位。",
        "要多配，请在《岗位名额》里增加名额，改后重跑。",
        brief="名额少于上线人数",
    ),
    "study.select-tie": kind(
        "warning",
        "有 {count} 人和最后录取的人综合得分、{ties}都相同：{who}，只按工号分了先后。",
        "请按办法另定先后（如加试），在 [studies.select] 的 ties 里写上再比哪一科，改后重跑。",
        brief="{count} 人同分，按工号分了先后",
    ),
}

"""What can be wrong with what people may lend, who is chosen for which post, how many there should be and who has which line?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

PEOPLE: Mapping[str, Kind] = {
    "study.authority-none": kind(
        "warning",
        "有贷款或在途申请的 {count} 户，没有客户经理，或他在《授权》和名册里都没有权限，没有核对。",
        "请补上贷款的管户经理；在《授权》里补上他们的权限，或在名册里写授信权限，改后重跑。",
        brief="{count} 户的客户经理没有权限可对",
    ),
    "study.authority-lapsed": kind(
        "warning",
        "有贷款或在途申请的 {count} 户，客户经理在《授权》里有授权，但期末没有一份有效，单户余额没有核对。",
        "请在《授权》里补上期末有效的授权书，或把生效、失效日期改对，改后重跑；是谁看“授权核对权限”的结论。",
        brief="{count} 户的客户经理期末没有有效授权",
    ),
    "study.authority-unknown": kind(
        "warning",
        "《授权》有 {count} 行的工号、等级或机构不在名册、台账和客户信息里：{who}，这些行没有用上。",
        "请核对写法，改后重跑。",
        brief="《授权》有 {count} 行的工号、等级或机构对不上",
    ),
    "study.authority-odd": kind(
        "warning",
        "《授权》有 {count} 行单笔权限大于单户余额权限：{who}，两个都照写的核对。",
        "请核对这两列有没有写反、单位是不是一样（表头没写单位的按万元读）。",
        brief="《授权》有 {count} 行单笔大于单户",
    ),
    "study.authority-gap": kind(
        "warning",
        "《授权》{who} 以前，从 {since} 到 {until} 断了一段：这几天发放的，没有别的授权（本人或等级的）可用的没有核对。",
        "请补上这一段的授权书，或把前一份的失效日期改对。",
        brief="《授权》的日期断了一段",
    ),
    "study.authority-twice": kind(
        "warning",
        "《授权》{who} 从 {day} 起和前一份同时有效、余额权限不同，按小的核对。",
        "请给前一份写上失效日期，改后重跑。",
        brief="《授权》同一时间有两份",
    ),
    "study.authority-ended": kind(
        "warning",
        "《授权》{who} 的授权 {day} 就到期了：期末没有别的授权（本人或等级的）可用的没有核对。",
        "请补上新的授权书，改后重跑。",
        brief="《授权》有到期没续的",
    ),
    "study.authority-later": kind(
        "warning",
        "《授权》{who} 的授权 {day} 才生效：期末没有别的授权（本人或等级的）可用的没有核对。",
        "请补上以前的授权书，或把生效日期改对，改后重跑。",
        brief="《授权》有期末还没生效的",
    ),
    "study.application-twice": kind(
        "warning",
        "《业务申请》有 {count} 笔在途申请写了几行不同的金额：{who}，按后写的一行算。",
        "请核对申请金额，只留对的一行，改后重跑。",
        brief="{count} 笔在途申请的金额不一",
    ),
    "study.application-customer": kind(
        "warning",
        "《业务申请》有 {count} 笔在途申请的客户号在客户信息里没有：{who}，照客户号单独核对，没有和别的贷款合起来。",
        "是新客户的不用管；写错的请改对，改后重跑。",
        brief="{count} 笔在途申请的客户号查不到",
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
        "请核对科目的写法，或在办法 [studies.select] 里给这一科写上权重，改后重跑。",
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
    "study.select-minimum": kind(
        "warning",
        "《岗位名额》有 {count} 行最低分高于 100 分：{who}，综合得分是百分制，谁也够不到，这些岗位没有人录取。",
        "请把最低分换成百分制，改后重跑。",
        brief="《岗位名额》有 {count} 行最低分高于 100 分",
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
        "请按办法另定先后（如加试），在办法 [studies.select] 里写上同分再比哪一科，改后重跑。",
        brief="{count} 人同分，按工号分了先后",
    ),
    "study.headcount-nowhere": kind(
        "warning",
        "《客户经理名册》有 {count} 个在岗的人没有机构号：{who}，没有算进哪家机构的编制，也没有排调动。",
        "请在名册里补上机构号，改后重跑。",
        brief="{count} 个在岗的人没有机构号",
    ),
    "study.headcount-no-limit": kind(
        "warning",
        "《客户经理名册》有 {count} 个在岗的人没有管户上限：{who}，按同岗位的平均上限算一个人。",
        "请在名册里补上管户上限，改后重跑；全都没有的，在办法 [studies.headcount] 里写一个人的上限。",
        brief="{count} 个在岗的人没有管户上限",
    ),
    "study.headcount-zero-limit": kind(
        "warning",
        "《客户经理名册》有 {count} 个在岗的人管户上限是 0：{who}，管不了户，不算人数。",
        "真的不管户的不用改；是没填的，请补上管户上限，改后重跑。",
        brief="{count} 个在岗的人管户上限是 0",
    ),
    "study.headcount-unknown": kind(
        "warning",
        "{count} 个机构岗位没有上限可用：{who}，算不出要几个人。",
        "请在名册里补上管户上限，或在办法 [studies.headcount] 里写一个人的上限，改后重跑。",
        brief="{count} 个机构岗位没有上限",
    ),
    "study.headcount-skill": kind(
        "note",
        "客户经理名册的可任岗位有 {count} 个词看不懂：{who}；按没写。",
        "请写资产、负债、中间业务，几个用分号隔开。",
    ),
    "study.headcount-beside": kind(
        "note",
        "{count} 个机构岗位的未配比上限的缺口多：{who}，有空余但整户放不下，或空余在管别社，增配按未配的算。",
        "请看编制测算里的空余和代管；上限合计够的，可以调整服务范围。",
        brief="{count} 个机构岗位的未配比缺口多",
    ),
    "study.headcount-merge": kind(
        "warning",
        "--merge 有 {count} 处不能算：{who}，其余照算。",
        "请写成 撤并的机构号=并入的机构号，两个都要是有客户或客户经理的机构，各只并一次。",
        brief="--merge 有 {count} 处不能算",
    ),
    "study.headcount-team": kind(
        "note",
        "《客户经理名册》没有{columns}，队伍的这几项都记“缺”。",
        "要看这几项，请让人事的名册带上这几列，放进 exports/ 后重跑。",
        brief="名册没有{columns}",
    ),
    "study.lines-over": kind(
        "warning",
        "《业绩归属》有 {count} 处期末归属比例合计超过 100%：{who}，整个列在未挂户。",
        "请改到 100%：“全部”的一行和单写一条线的一行会相加。",
        brief="{count} 处归属比例超过 100%",
    ),
    "study.lines-idle": kind(
        "note",
        "《业绩归属》有 {count} 处把协办写成了主办自己：{who}，那一行不改变什么，余下的本来就归他。",
        "要写的是协办的，请改工号；主办自己不用写。",
    ),
}

"""What must a person know of classes and of who looks after whom?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Exit, Kind, kind

ASSIGN: Mapping[str, Kind] = {
    "segment.no-scale-data": kind(
        "warning",
        "{count} 户算不出{measure}，规模只按其余部分定档，标记“依据不全”。",
        "请补导{needed}。",
        brief="{count} 户规模依据不全",
    ),
    "segment.type-unknown": kind("note", "{count} 户没有客户类型，按个人定档。", "请在客户信息里补客户类型。"),
    "segment.group-unknown": kind("note", "{count} 户识别不出客群。", "请补农户标志、行业，或在规则里加行业用词。"),
    "segment.industry-other": kind(
        "note",
        "{count} 户的行业看不出大类，行业大类记“其他”：{words}。",
        "要分出来的，在办法 [segment.industry_kinds] 里加这些字；不用分的不用管。",
    ),
    "segment.channel-unknown": kind(
        "note",
        "本月客户办的 {count} 笔流水看不出走的什么渠道：{words}；替代率、月活里没有。",
        "空着的请补导交易流水的渠道；认得的词请写进办法 [segment.channels]。",
    ),
    "segment.ebank-status": kind(
        "note",
        "电子渠道的状态有 {count} 行看不出注销没有：{words}；按没有注销算。",
        "已经注销的，请填注销日期，或把这些词写进办法 [segment] 的 closed_status。",
    ),
    "segment.ebank-later": kind(
        "note",
        "{count} 个电子渠道的客户最近一次登录或交易在期末以后，本月用没用过不知道；有这样客户的机构动户率空着。",
        "请导出期末当天的电子渠道，或导交易流水的渠道。",
    ),
    "segment.ebank-early": kind(
        "note",
        "电子渠道的数据最早是 {day} 的，不是期末的：那天以后用过的没有算进动户率，整月都没有的空着。",
        "请导出期末当天的电子渠道。",
    ),
    "segment.closed": kind(
        "note",
        "客户信息的状态是{words}的 {count} 户没有余额和贷款，不分类、不配客户经理；存款增减仍算给原来管户的人。",
        "没有销户的，请在客户信息里改状态；哪些词是已销户，写在办法 [segment] 的 closed_status。",
    ),
    "segment.closed-with-money": kind(
        "warning",
        "{count} 户的状态是已销户（如 {value} {status}），账上还有存款 {deposits} 元、贷款 {loans} 元：照样分类、配客户经理。",
        "请核对客户信息的状态；确已销户的，请核对存款账户、贷款台账是不是旧的。",
        brief="{count} 户已销户还有余额或贷款",
    ),
    "segment.status-unknown": kind(
        "note",
        "客户信息的状态有 {count} 户看不出是否销户：{words}；按没有销户算。",
        "其中有已经销户的，请把那个词写进办法 [segment] 的 closed_status。",
    ),
    "assign.no-capacity": kind(
        "warning",
        "{branch}：应配 {due} 户折 {load} 折算户，在岗 {managers} 人上限合计 {capacity}，差 {short}。{count} 户未配（其中贷款户 {borrowers}）。",
        "{cure}",
        brief="{files} 个机构管户上限不够",
    ),
    "assign.no-manager": kind(
        "warning",
        "{branch}没有在岗客户经理，{count} 户未配。",
        "请核对名册，或安排别社客户经理的服务范围。",
        brief="{files} 个机构没有在岗客户经理",
    ),
    "assign.no-authority": kind(
        "warning",
        "{branch}：{count} 户贷款超过所有在岗客户经理的授信权限，未配。",
        "请提高授信权限，或由上级直接管理；名册的授信权限没写单位的按元读，请看是不是万元。",
        brief="{count} 户贷款超授信权限",
    ),
    "assign.all-avoid": kind(
        "warning",
        "{branch}：{count} 户的在岗客户经理有权限的都须回避，未配。",
        "请安排别社客户经理的服务范围，或由上级直接管理；不用回避的，改《回避》的失效日期。",
        brief="{count} 户的客户经理都须回避",
    ),
    "assign.no-line": kind(
        "warning",
        "{branch}：{count} 户的主要业务是{line}，没有管得了的{line}岗、也没有不分岗位的客户经理，未配。",
        "请配{line}岗的客户经理，或请别社的来服务本机构；不要各管各线的，请改办法 {section} 的 {key}。",
        brief="{count} 户没有本条线的客户经理",
    ),
    "assign.line-idle": kind(
        "note",
        "办法写了各管各线，{count} 个中间业务岗的人不主办客户：{people}。",
        "他们协办的，请在《业绩归属》里写中间业务的份额；要他们主办的，请改名册的岗位。",
    ),
    "assign.home-unknown": kind(
        "warning",
        "办法写了回避籍贯村，在岗的 {count} 人名册里没有{column}，或那个村没有客户：没有算回避。",
        "请在名册补{column}，村名要和客户信息里写的一样；外乡人不用补。",
        brief="{count} 人的籍贯村对不上",
    ),
    "assign.rotate-kept": kind(
        "note",
        "{count} 户管满 {years} 年该轮岗，没有别人接得下，留在原管户经理。",
        "要轮岗的，请提高别人的管户上限、授信权限，或安排别社客户经理的服务范围。",
    ),
    "assign.rotate-later": kind(
        "note",
        "{count} 户管满 {years} 年该轮岗，超过每人一次 {most} 户的限额，留到下次。",
        "要快些的，请在办法 [assign] 把 rotate_most 提高。",
    ),
    "assign.rotate-unknown": kind(
        "warning",
        "{count} 户从哪天起由现在的人管户不知道（业绩归属和已批方案里都没有日期），轮岗没有算到他们。",
        "请在业绩归属写这些户的生效日期。",
        brief="{count} 户不知道已管几年",
    ),
    "assign.borrower-unmanaged": kind(
        "warning",
        "有 {count} 户贷款客户没有客户经理，合计 {wan} 万元。",
        "须当日指定。",
        brief="{count} 户贷款户没有客户经理",
    ),
    "assign.capacity-unknown": kind(
        "warning", "名册没有{column}，{count} 人按不限户数分配。", "请在名册补{column}。", brief="名册没有管户上限"
    ),
    "assign.posts-unlike": kind(
        "warning",
        "{count} 人在名册里有几个在岗的岗位，管户上限或授信权限写得不一样，按任职最早的岗位算：{people}。",
        "请把几行的上限、权限改成一样；不再任的那一行，请写离任日期。",
        brief="{count} 人几个岗位的上限或权限不一样",
    ),
    "assign.serves-unknown": kind(
        "warning",
        "{table}的{column}有 {count} 处看不懂：{people}。这些人没有服务到那里，那里的户可能因此未配。",
        "请写机构号、机构名称、机构表里的区域，或“全辖”，几个之间用顿号隔开。",
        brief="{count} 处服务范围看不懂",
    ),
    "assign.left-by-cost": kind(
        "warning",
        "{branch}：{count} 户（其中贷款户 {borrowers}）有客户经理管得下却未配：按办法的 {section}，不配更便宜（{keys}）。",
        "请把 {key} 提到 {enough}，就都配上；确要宁缺毋滥的，不用改。",
        brief="{files} 个机构按办法的代价宁可不配",
    ),
    "assign.holder-shared": kind(
        "note",
        "{count} 户在业绩归属里分给几个人（或合计超过 100%），方案里只能有一人管户：以份额最大的为原管户经理，一样大的、超过 100% 的以原来的为准，如 {value} 为 {people}。",
        "若不是，请在业绩归属里改份额，或在方案里改管户经理。",
    ),
    "assign.holder-until": kind(
        "note",
        "{count} 户按业绩归属由现在的人管户，但归属有失效日期（最早 {day}）；方案一经批准，失效以后仍归他管。",
        "到期要还给原来的人的，请届时再出方案，或从方案里删去这些户。",
    ),
    "assign.commit-unread": kind(
        "error",
        "{place}：{detail}",
        "请用 assign 写出的管户分配.xlsx，在“变动审批”或“管户分配”里批好再交回。",
        Exit.INPUT,
    ),
    "assign.commit-unknown": kind(
        "error",
        "{place}：{column}“{value}”{detail}，整个方案没有作数。",
        "请改正这一行；新来的客户经理、新客户，请先把名册、客户信息补导进 exports/。",
        Exit.INPUT,
    ),
    "assign.commit-unfit": kind(
        "error",
        "{place}：{customer} 不能给 {manager}：{detail}，整个方案没有作数。",
        "请把这一行改给别人；确要给他的，先改名册（任职、服务范围、授权）或《回避》的失效日期，再交。",
        Exit.INPUT,
    ),
    "assign.commit-two": kind(
        "error",
        "{place}：{customer} 写给 {manager}，{other} 写给 {manager2}，不知道照哪一个，整个方案没有作数。",
        "请把两处写成一样，再交。",
        Exit.INPUT,
    ),
    "assign.commit-by-hand": kind(
        "note",
        "{count} 户的接收人是手改的（如 {customer}：{before} 改为 {manager}），照手改的算。",
        "不是这个意思的，请在“变动审批”和“管户分配”写成一样再交。",
    ),
    "assign.commit-stays": kind(
        "warning",
        "{count} 户仍归现在的人，他却管不了（如 {customer} 归 {manager}：{detail}）。方案照样作数。",
        "请在“变动审批”同意这些户的调整，或改给别人再交。",
        brief="{count} 户仍归管不了的人",
    ),
    "assign.commit-over": kind(
        "warning",
        "{manager} 照方案名下有 {load} 折算户（原来 {before}），超过管户上限 {capacity}。方案照样作数。",
        "请把几户改给别人再交，或在名册提高他的管户上限。",
        brief="{files} 人照方案超过管户上限",
    ),
    "assign.commit-stale": kind(
        "warning",
        "{count} 户的管户经理在方案写出以后变了（如 {customer}：方案上原为 {before}，现在是 {now}），照方案归 {manager}。",
        "不该再改的，请从方案里删去那几行再交，或重新出方案。",
        brief="{count} 户的管户经理在方案写出以后变了",
    ),
    "assign.commit-rotate": kind(
        "note",
        "{count} 户该轮岗，照方案仍归原管户经理（如 {customer}）。",
        "要轮岗的，请在“变动审批”同意，或在“管户分配”改给别人再交。",
    ),
    "assign.commit-unchecked": kind(
        "warning",
        "没有导出表可对照（{detail}）：方案里的人在不在岗、回避、授信权限、管户上限没有核对。方案照样作数。",
        "请把这一期的导出表放回 exports/，再交一次。",
        brief="方案没有和名册核对",
    ),
    "assign.freeze-impossible": kind(
        "warning",
        "客户 {customer} 冻结给 {manager} 做不到：{detail}。这一户照办法配。",
        "请改 --freeze，或先改名册（任职、服务范围、授信权限、管户上限）。",
        brief="{count} 户冻结不了",
    ),
    "assign.trial-unread": kind(
        "error", "试算的“{value}”看不懂：{detail}。什么也没有算。", "请写四种之一：{forms}。", Exit.USAGE
    ),
    "assign.trial-unknown": kind(
        "error",
        "试算的“{value}”：{word} {detail}。什么也没有算。",
        "请写名册上的工号或姓名、机构号或机构名称。",
        Exit.USAGE,
    ),
    "assign.trial-ambiguous": kind(
        "error",
        "试算的“{value}”：{word} 有 {count} 个（{found}），不知道指哪一个。什么也没有算。",
        "请写工号或机构号。",
        Exit.USAGE,
    ),
    "assign.trial-conflict": kind(
        "error",
        "试算的“{value}”和“{other}”都说到 {word}，不能一起算。什么也没有算。",
        "请只留一句，或分两次试算。",
        Exit.USAGE,
    ),
    "assign.plan-unknown": kind(
        "error", "没有已批方案“{value}”（有：{known}）。", "请写 plans/ 里的文件名，如 2026-11-01。", Exit.USAGE
    ),
    "assign.not-proven": kind(
        "note",
        "方案没有算到证明是最优：照办法的代价，离最优至多差 {gap}。",
        "可以照用；要算到底的，请减少每户各不相同的代价，或按片区分开算。",
    ),
    "assign.within-impossible": kind(
        "error",
        "没有排出各人{measure}离应摊的不超过 {percent}%、又不多漏一户的方案；至少要放到：{each}。什么也没有写。",
        "请写 --within {measure}={enough}%；一定要守 {percent}% 的，先改名册（管户上限、服务范围）或办法 [assign] 的 moves。",
        Exit.NO_PLAN,
    ),
    "assign.no-plan": kind("error", "连未配也排不出方案：{detail}。", "请检查名册的下限与冻结。", Exit.NO_PLAN),
}

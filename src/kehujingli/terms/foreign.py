"""What do headers say of a sheet that is none of ours? Words of each table's own matter, of bookkeeping, and of other things."""

from __future__ import annotations

from collections.abc import Mapping


def _words(*lines: str) -> tuple[str, ...]:
    """Words parted by ``|``."""
    return tuple(word for line in lines for word in line.split("|"))


OWN_MATTERS: Mapping[str, tuple[str, ...]] = {
    "customers": _words(
        "客户|证件|证照|联系|开户|建档|姓名|手机|电话|地址|住址|住宅|单位|公司|经营|行业|注册|营业执照|法人|法定代表|国籍|居住|家庭",
        "户籍|婚姻|职业|职务|职称|学历|学位|学校|教育|工作|出生|存款|贷款|理财|信用|农户|贫困|主营|产业|机构|管户|经理|核心|主机|邮政",
        "纳税|税|年收入|上市|MIS|签署|账单",
    ),
    "accounts": _words(
        "账户|帐户|账号|帐号|存款|客户|余额|本金|利息|利率|计息|结息|付息|起息|计提|积数|日均|借记|贷记|借方|贷方|存折|存单|存期|续存",
        "转存|冻结|止付|留置|控制|可用|透支|限额|手续费|服务费|印花税|税|产品|开户|销户|质押|科目|机构|分行|揽存|推荐|营销|经理|证件|通知",
        "零存|取款|分期|复利|逾期|到期|结单",
    ),
    "loans": _words(
        "贷款|借据|合同|客户|担保|保证|抵押|质押|授信|还款|还本|还息|放款|发放|利率|利息|罚息|复利|本金|欠息|欠本|结欠|应收|逾期|展期",
        "期限|计息|五级|四级|风险|分类|减值|贴息|按揭|助学|扣款|账号|帐号|账户|涉农|农户|行业|投向|用途|机构|经理|责任|科目|证件|产品|余额",
    ),
    "managers": _words(
        "工号|姓名|机构|岗位|经理|任职|离任|等级|资格|学历|学位|职称|职务|性别|出生|证件|联系|电话|手机|入行|入职|管户|授权|部门|人员|员工",
        "政治|毕业|专业",
    ),
    "branches": _words(
        "机构|网点|分行|支行|营业|区域|片区|核心|地址|电话|邮编|邮政|人数|负责人|行政|清算|金融|实体|法人"
    ),
    "holdings": _words("客户|产品|签约|解约|开通|注销|营销|推荐|机构|渠道|账号|证件|状态"),
    "transactions": _words(
        "交易|记账|记帐|入账|流水|账户|账号|帐号|客户|对方|对手|借方|贷方|借贷|余额|金额|发生额|摘要|渠道|凭证|支票|存折|登折|冲正",
        "手续费|币种|货币|汇率|折算|机构|柜员|现转|终端|支付|收款|付款|收入|支出|起息|卡号|附言|报文|日期|时间|提交|处理|业务",
    ),
    "fees": _words("客户|收费|费用|手续费|中间业务|产品|机构|营销|经理|账号|业务|金额|收入"),
    "visits": _words("客户|走访|拜访|回访|联系|地址|电话|机构|经理"),
}
"""Table → words of what it is of: a column that it does not know, but that speaks of these, is no sign of another matter.
A table that is not here is told by its columns alone."""

REFERRED: Mapping[str, tuple[str, ...]] = {
    "customers": _words("customer_id|name|id_type|id_number|customer_type|branch_id|manager_id|phone|status"),
    "accounts": _words("account_id|customer_id|branch_id|product|currency|status|manager_id|opened_on|closed_on"),
    "loans": _words(
        "loan_id|customer_id|balance|amount|contract_id|product|account_id|currency|status|branch_id|manager_id|interest_received"
    ),
    "managers": _words("manager_id|name|branch_id|status|duty_days"),
    "branches": _words("branch_id|name"),
    "holdings": _words("customer_id|product|manager_id"),
    "transactions": _words("customer_id|account_id|branch_id|currency|debit_amount|credit_amount"),
}
"""Table → columns with which any sheet says whom it speaks of. With these alone it only refers to one."""

EVERY_COLUMN_TELLS = ("accounts", "holdings", "transactions")
"""Tables of which a list that only refers to them tells by any other column that it is of something else; of the others by what was done."""
BRIEF = ("branches",)
"""Tables of so few columns that those which speak of their matter count like their own."""

BARE_HEADERS = _words(
    "日期|时间|名称|类型|类别|种类|状态|金额|备注|编号|代码|用途|说明|单位|项目|数量|等级|级别|方式|结果|原因|事由|产品"
)
"""Headers that do not say whose they are: in a sheet of other things they are those things'."""

LOADED = _words("源系统代码|法人机构号|平台日期|数据加载时间戳|数据加载时间|加载时间|加载日期|入库时间")
"""Columns that a loader adds to every extract."""
LOADED_DAYS = ("业务日期", "数据日期")
"""What a loader calls the day of the extract: beside its columns no row's own day."""

NOTHING_SAID = _words(
    "登记|更新|维护|修改|修订|录入|建立|创建|操作|经办|复核|核准|核查|最近|最后|最新|上次|上一次|上一|下次|下一次|下一|上期|下期|本期|本月",
    "本年|上月|上年|当日|今日|当前|第一|第二|是否|标志|标识|标记|标致|状态|类型|类别|种类|性质|级别|等级|方式|名称|简称|全称|编号|编码|代码",
    "号码|序号|账号|日期|时间戳|时间|年月|年度|金额|余额|额度|比例|比率|数量|笔数|次数|天数|人数|期限|说明|备注|描述|信息|备用|扩展|保留",
    "自定义|未使用|内部使用|其他|其它|附加|附件|文件|影像|图像|有效|无效|生效|失效|到期|国家|省份|城市|地区|英文|中文|柜员|操作员|联社",
    "多实体|实体|防止并发|计划|响应|执行|发起方|第三方|平台|系统|主管|负责人|代理人|监护人|户口|民族|性别|地址|电话|手机|传真|电子|邮箱",
    "邮编|国籍|机构|客户|期数|排名|位次|名次|增减|增长|增幅|增速|增额|增量|净增|变动|变化|涨跌|升降|差额|累计|合计|小计|平均|同比|环比|占比|剩余|发生额",
)
"""Bookkeeping of any system, and what any header may end with: no matter of their own."""

SPANS = _words(
    "昨日|昨天|上日|上一日|前日|前一日|前一天|当日|今日|本日|次日|上周|本周|上旬|本旬|旬初|旬末|上月|上个月|上一月|本月|当月|次月|下月|月初|月末|月底",
    "上季|本季|当季|下季|季初|季末|上半年|下半年|本年|当年|今年|上年|上一年|去年|前年|次年|明年|下年|年初|年末|年底|同期|期初|期末|上期|本期|当期|下期|前期|往期|当前|当前期|下一期|上一期",
    "每日|每月|每季|每年|历史|历年|首次|首期|末次|末期|累计|近期",
)
"""When a figure is of, or what it is compared with."""
COMPARED = ("较", "比", "与", "同", "环")
LATELY = "近[一二三四五六七八九十两半几\\d]+(?:个)?(?:日|天|周|旬|月|季|季度|年)"
"""近三月, 近12个月, 近半年: a pattern."""

FOREIGN_MATTERS: Mapping[str, tuple[str, ...]] = {
    "黑名单": _words("黑名单|灰名单|失信|制裁"),
    "可疑或大额交易报告": _words("可疑|大额特征|上报"),
    "批量代收代付": _words("批次|业务批号|批扣|代收|代付|代发|代扣|文件id"),
    "差错登记": _words("差错|长短款"),
    "股东和股金": _words("股东|股金|入股|分红"),
    "申请和审批": _words("申请编号|申请日期|申请金额|审批编号|审批结论|审批结果"),
    "授权登记": _words("授权原因|授权类型|授权状态|授权码"),
    "还款明细或计划": _words("还款日期|还款本金|还款利息|还款金额|应还"),
    "信用卡账单": _words("账单日|最低还款"),
    "代理保险": _words("保险公司|保单|保费"),
    "车辆": _words("车牌|车架|obu|etc卡"),
}
"""Matters that one column tells of, by their words: each such column counts for two."""

_PAY = _words("工资|薪|津贴|补贴|餐补|奖金|加班费|应发|实发|扣款|社保|公积金|个税|所得税|税前|税后|养老|医保|年金")
CARRIED_MATTERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "loans": {
        "抵质押物": _words("抵押物|质押物|抵质押|押品|抵押人|出质人|抵押率|质押率|权证|评估|不动产|产权|建筑面积|他项"),
        "保证人": _words("保证人|担保人|保证金额|担保金额|保证期间|保证责任|代偿|反担保"),
        "诉讼": _words("起诉|诉讼|法院|案号|案由|案件|判决|律师|立案|开庭|庭审|执行|标的|仲裁|被告|原告"),
        "展期": _words("展期|原到期|原借据"),
        "贴息": _words("贴息|财政补"),
        "重组": _words("重组|重定价|原利率|借新还旧"),
    },
    "accounts": {
        "质押": _words("质押|质权|解押"),
        "冻结或挂失": _words("冻结|解冻|扣划|有权机关|止付|挂失|解挂"),
        "结息或计提": _words(
            "计提|结息日|结息利|结息金|积数|应付利息|实付利息|已付利息|未付利息|利息金额|利息税|税后|税额|税金"
        ),
    },
    "managers": {"工资": _PAY},
    "actuals": {"工资": _PAY},
}
"""Table → things that a full one carries in a column or two, and of which a sheet is that says more of them than of the table's own."""
CARRIED_WEIGHT: Mapping[str, int] = {"结息或计提": 2, "质押": 2}
"""What a column of such a thing counts beside one of the table's own; one where it is not here. A list of interest has most that is a deposit's own."""
WHERE_AND_WHOSE = ("branch_id", "manager_id", "currency", "status")
"""Columns that any list has, of whatever it is."""

ASKS_BEFORE = ("是否", "有无", "上次", "上一", "下次", "下一", "最近", "首次", "末次")
ASKS_BEHIND = ("标志", "标识", "标记")
"""A header that only asks whether somebody is such a one, or says when it last was or next will be: no sign that the sheet is of such."""

ACT_ENDS = _words(
    "日期|时间|日|原因|结果|结论|意见|金额|额度|编号|批号|单号|柜员|方式|内容|期限|经办人|渠道|次数|天数|事项"
)
"""What a column ends with that tells of something that was done."""

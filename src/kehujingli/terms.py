"""What is it called? One English name for one Chinese term: tables, columns, classes, and what a header may be spelt like.

This is the only file in which a Chinese column name stands. Everything else says ``customer_id``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["id", "text", "money", "decimal", "count", "rate", "date", "time", "flag", "code"]
"""How a cell is read. money: 分 as int64; decimal: exact decimal text; rate: millionths as int64; date: days since 1970."""


@dataclass(frozen=True)
class Column:
    """A column of a canonical table; ``names`` are the header spellings, the usual one first."""

    key: str
    kind: Kind
    names: tuple[str, ...]
    codes: Mapping[str, str] = field(default_factory=dict)  # cell text -> canonical code, for kind "code"
    strict: bool = False  # an unknown code refuses the row
    least: int | None = None  # what a count or an amount (分) cannot be below
    most: int | None = None  # nor above
    event: bool = False  # says that something happened: a date must be a plausible day, an amount more than a dash
    bears_unit: bool = False  # an exact number that may say its own unit: 100万元
    past: bool = False  # a day after the picture's own is odd
    private: Literal["", "name", "id_number", "phone"] = ""

    @property
    def label(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class Table:
    """A canonical table. ``requires``: every group needs one of its columns; ``forbids``: columns that make it another table."""

    key: str
    label: str
    columns: tuple[Column, ...]
    requires: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...] = ()
    snapshot: bool = False
    forbids: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"{self.key}.{key}")

    def has(self, key: str) -> bool:
        return any(column.key == key for column in self.columns)


CUSTOMER_TYPES = {"person": "个人", "sole_trader": "个体", "business": "对公", "public": "机关事业"}
FIVE_CLASSES = {"normal": "正常", "special_mention": "关注", "substandard": "次级", "doubtful": "可疑", "loss": "损失"}
NPL_CLASSES = ("substandard", "doubtful", "loss")
DEPOSIT_KINDS = {
    "demand": "活期",
    "term": "定期",
    "notice": "通知",
    "margin": "保证金",
    "fiscal": "财政性",
    "remittance": "应解汇款",
    "interbank": "同业",
    "pledged": "质押存单",
}
SPECIALISMS = {"asset": "资产", "liability": "负债", "intermediary": "中间业务"}
LINES = {"deposit": "存款", "loan": "贷款", "intermediary": "中间业务", "all": "全部"}
LOAN_STATUSES = {"on_book": "表内", "written_off": "已核销", "swapped": "已置换"}
FREQUENCIES = {"frequent": "经常联系户", "mobile": "流动户", "dormant": "休眠户"}
SCALES = {"large": "大型客户", "medium": "中等客户", "small": "小客户"}
CUSTOMER_GROUPS = {
    "farmer": "农户",
    "resident": "城镇居民",
    "sole_trader": "个体工商户",
    "agribusiness": "涉农企业",
    "enterprise": "中小企业",
    "public": "机关事业",
    "unknown": "未识别",
}
CATEGORIES = {"compliance": "合规", "risk": "风险", "benefit": "效益", "growth": "发展", "duty": "社会责任"}
MOVES = {"kept": "保持", "new": "新配", "moved": "调整", "unassigned": "未配"}
CHANGES = {"up": "升", "down": "降", "same": "平", "new": "新", "woken": "醒", "asleep": "睡"}
OWED = {
    "paid": "预发", "settled": "年终清算", "deferred": "延期支付", "clawback": "追索扣回", "stopped": "停止支付", "clawback_owed": "追索扣回（未扣）",
    "settled_paid": "年终清算已付", "deferred_paid": "延期支付已付", "clawback_taken": "追索扣回已扣",
}  # fmt: skip
PLAN_SHEET, APPROVAL_SHEET = "管户分配", "变动审批"
"""The sheets of 管户分配.xlsx that are written, filled in and read back."""
AGREED = ("是", "否")
LEVELS = {"refused": "退回", "warning": "请核", "note": "提示"}
PUBLIC = "公共"
UNHELD = "未挂户"


LONGEST_MONTH = 31
"""Nobody is on duty for more days of a month."""


def _codes(labels: Mapping[str, str], **more: str) -> dict[str, str]:
    codes = {label: key for key, label in labels.items()} | {key: key for key in labels}
    for key, words in more.items():
        codes |= dict.fromkeys(words.split(), key)
    return codes


_CUSTOMER_TYPE = _codes(
    CUSTOMER_TYPES,
    person="个人客户 自然人 对私 零售 农户 1",
    sole_trader="个体工商户 个体户 个人经营",
    business="企业 公司 对公客户 企业法人 单位 法人 小微企业 企业客户 机构客户 小微 2",
    public="机关 事业单位 机关事业单位 机关团体 政府 财政",
)
_FIVE_CLASS = _codes(
    FIVE_CLASSES,
    normal="正常类 1",
    special_mention="关注类 2",
    substandard="次级类 3",
    doubtful="可疑类 4",
    loss="损失类 5",
)
_DEPOSIT_KIND = _codes(
    DEPOSIT_KINDS,
    demand="活期存款 个人活期 单位活期 活期储蓄 结算户 银行卡 存折",
    term="定期存款 个人定期 单位定期 定期储蓄 整存整取 定活两便 零存整取 大额存单 定期一本通",
    notice="通知存款",
    margin="保证金存款",
    fiscal="财政性存款 财政存款",
    remittance="应解汇款及临时存款",
    interbank="同业存款 同业存放",
)
_SPECIALISM = _codes(
    SPECIALISMS,
    asset="资产业务 信贷 信贷客户经理 资产岗 放贷",
    liability="负债业务 存款 揽存 负债岗",
    intermediary="中间 中间业务岗 中收",
)
_DIRECTION = {
    **dict.fromkeys(("借", "借方", "D", "d", "DR", "debit", "支出", "支", "付", "转出", "出"), "debit"),
    **dict.fromkeys(("贷", "贷方", "C", "c", "CR", "credit", "收入", "收", "转入", "入"), "credit"),
}
_LINE = _codes(LINES, all="所有 全部业务")
_LOAN_STATUS = _codes(LOAN_STATUSES, on_book="正常 在册 未结清 逾期", written_off="核销", swapped="置换 票据置换")


def _c(key: str, kind: Kind, names: str, **options: object) -> Column:
    return Column(key, kind, tuple(names.split("|")), **options)  # type: ignore[arg-type]


_CUSTOMER_ID = _c("customer_id", "id", "客户号|客户编号|客户代码|核心客户号|ECIF号|客户标识|客户内码")
_ACCOUNT_ID = _c("account_id", "id", "账号|账户|存款账号|卡号|帐号|账户号|存款帐号|客户账号")
_LOAN_ID = _c("loan_id", "id", "借据编号|借据号|借据号码|贷款借据号")
_BRANCH_ID = _c(
    "branch_id",
    "id",
    "机构号|机构代码|网点号|机构编号|归属机构号|开户机构号|所属机构号|管户机构号|交易机构号|机构|网点|支行|营业部|经营机构|归属机构|开户机构|所属机构|交易机构|贷款发放行名称",
)
_MANAGER_ID = _c("manager_id", "id", "工号|客户经理工号|客户经理编号|客户经理号|经理工号|客户经理|员工号|管户经理")
_HOLDER = _c(
    "manager_id", "id", "管户经理|管户客户经理|客户经理|管户经理工号|客户经理工号|管户人|客户经理编号|管户经理编号"
)
_DATA_DATE = _c("data_date", "date", "数据日期|报表日期|统计日期|数据日|截止日期")
_PERIOD = _c("period", "text", "考核期间|期间|考核月份|月份|评定周期|考核周期|年月")
_ITEM = _c("item", "text", "指标|考核指标|项目|考核项目|指标名称")
_VALID_FROM = _c("valid_from", "date", "生效日期|生效日|开始日期|起始日期")
_VALID_TO = _c("valid_to", "date", "失效日期|失效日|结束日期|终止日期")
_STATUS = _c("status", "text", "状态|客户状态|账户状态|人员状态|销户标志|在岗状态")
_CURRENCY = _c("currency", "text", "币种|货币|币别")
_RATE = _c("rate", "rate", "利率|年利率|执行利率|存款利率|贷款利率|月利率")
_APPROVED = _c("approved_by", "text", "审批人|批准人|审批")

# fmt: off
TABLES: tuple[Table, ...] = (
    Table("customers", "客户信息", (
        _CUSTOMER_ID,
        _c("name", "text", "客户名称|户名|客户姓名|姓名|名称", private="name"),
        _c("customer_type", "code", "客户类型|客户类别|客户性质", codes=_CUSTOMER_TYPE),
        _BRANCH_ID,
        _c("opened_on", "date", "开户日期|建档日期|创建日期|开户日", past=True),
        _c("id_type", "text", "证件类型|证件种类"),
        _c("id_number", "id", "证件号码|证件号|身份证号|身份证号码|统一社会信用代码", private="id_number"),
        _c("birth_date", "date", "出生日期|生日", past=True),
        _c("phone", "id", "手机号|手机号码|联系电话|移动电话|电话", private="phone"),
        _c("address", "text", "地址|居住地址|家庭住址|联系地址|居住地区"),
        _c("industry", "text", "行业|所属行业|行业类型|经营范围"),
        _c("rural", "flag", "农户标志|是否农户"),
        _c("agriculture", "flag", "涉农标志|是否涉农"),
        _c("village", "text", "网格|行政村|网格/行政村|村|所属网格|村组"),
        _HOLDER,
        _c("connected_group", "id", "集团号|集团客户号|关联集团|关联集团号"),
        _STATUS, _DATA_DATE,
    ), (("customer_id",),), ("customer_id",), snapshot=True, forbids=("account_id", "loan_id")),
    Table("accounts", "存款账户", (
        _ACCOUNT_ID, _CUSTOMER_ID, _BRANCH_ID,
        _c("kind", "code", "存款种类|储种|存款类型|账户种类|存款品种", codes=_DEPOSIT_KIND),
        _c("product", "text", "产品|产品名称|存款产品"),
        _c("balance", "money", "余额|账户余额|当前余额|存款余额|时点余额|期末余额|本期余额|人民币余额|本币余额|余额时点"),
        _c("average_month", "money", "月日均|月日均余额|本月日均|月均余额"),
        _c("average_year", "money", "年日均|年日均余额|本年日均|年累计日均"),
        _c("average_last_year", "money", "上年日均|上年日均余额|去年日均|上年年日均"),
        _RATE,
        _c("opened_on", "date", "开户日期|起息日|开户日|起息日期", past=True),
        _c("matures_on", "date", "到期日|到期日期|止期"),
        _c("closed_on", "date", "销户日期|销户日"),
        _STATUS,
        _c("manager_id", "id", "揽存人|揽存经理|吸存人|揽存人工号|揽储人|管户经理|管户客户经理|客户经理|客户经理工号"),
        _CURRENCY, _DATA_DATE,
    ), (("account_id",), ("customer_id",)), ("account_id",), snapshot=True, forbids=("loan_id",)),
    Table("loans", "贷款台账", (
        _LOAN_ID, _CUSTOMER_ID,
        _c("contract_id", "id", "合同号|合同编号|贷款合同号"),
        _c("product", "text", "产品|贷款品种|贷款产品|产品名称|贷款种类"),
        _c("guarantee", "text", "担保方式|主担保方式"),
        _c("issued_on", "date", "发放日期|发放日|放款日期|起息日|借据起期|贷款发放日期", past=True),
        _c("due_on", "date", "到期日期|到期日|止期|借据止期"),
        _c("amount", "money", "发放金额|借据金额|贷款金额|贷款发放额", least=0),
        _c("balance", "money", "贷款余额|借据余额|结欠金额|余额|本金余额|时点余额|期末余额|本期余额|人民币余额|本币余额|余额时点", least=0),
        _c("average_year", "money", "年日均|年日均余额|本年日均|贷款年日均"),
        _RATE,
        _c("five_class", "code", "五级分类|风险分类|分类结果|五级形态", codes=_FIVE_CLASS),
        _c("overdue_days", "count", "逾期天数|欠本天数|本金逾期天数", least=0),
        _c("status", "code", "状态|贷款状态|借据状态|核销标志", codes=_LOAN_STATUS),
        _c("rollover", "text", "展期/借新还旧|展期标志|借新还旧|展期"),
        _c("interest_received", "money", "本期实收利息|实收利息|本月实收利息"),
        _c("arrears_on_book", "money", "表内欠息|表内应收利息"),
        _c("arrears_off_book", "money", "表外欠息|表外应收利息"),
        _c("due_principal", "money", "本期到期本金|到期本金|当期到期本金"),
        _c("due_collected", "money", "其中已收回|到期已收回|本期到期已收回|已收回本金"),
        _HOLDER,
        _c("responsible_id", "id", "责任人|第一责任人|主责任人|责任人工号"),
        _BRANCH_ID,
        _c("account_id", "id", "还款账号|贷款账号|放款账号"),
        _CURRENCY, _DATA_DATE,
    ), (("loan_id",), ("customer_id",), ("balance",)), ("loan_id",), snapshot=True),
    Table("managers", "客户经理名册", (
        _MANAGER_ID,
        _c("name", "text", "姓名|客户经理姓名|经理姓名|员工姓名"),
        _BRANCH_ID,
        _c("serves", "text", "服务范围|服务机构|管辖范围"),
        _c("specialism", "code", "岗位|业务条线|条线|岗位类别", codes=_SPECIALISM),
        _c("grade", "text", "等级|客户经理等级|级别|岗级"),
        _c("capacity", "count", "管户上限|管户容量|管户限额", least=0),
        _c("authority", "money", "授信权限|贷款权限|授权额度", least=0),
        _c("since", "date", "任职日期|上岗日期|到岗日期|入职日期|入行时间"),
        _c("until", "date", "离任日期|离岗日期|离职日期"),
        _c("duty_days", "count", "在岗天数|出勤天数", least=0, most=LONGEST_MONTH),
        _STATUS, _DATA_DATE,
    ), (("manager_id",), ("branch_id",)), ("manager_id", "branch_id"), snapshot=True, forbids=("customer_id", "account_id", "loan_id", "village", "item")),
    Table("branches", "机构", (
        _BRANCH_ID,
        _c("name", "text", "机构名称|网点名称|机构简称|名称"),
        _c("region", "text", "区域|片区|所属片区|地区"),
        _c("kind", "text", "机构类型|类型|城乡类型|网点类型"),
        _c("staff", "count", "人数|员工数|在岗人数", least=0),
        _c("cost", "money", "费用|成本|年费用"),
        _c("merged_into", "id", "并入机构|并入机构号|撤并至"),
        _c("merged_on", "date", "撤并日期|并入日期"),
        _DATA_DATE,
    ), (("branch_id",), ("name", "region", "kind")), ("branch_id",), snapshot=True, forbids=("customer_id", "account_id", "loan_id", "manager_id", "item")),
    Table("holdings", "产品签约", (
        _CUSTOMER_ID,
        _c("product", "text", "产品|签约产品|产品名称|签约业务"),
        _c("signed_on", "date", "签约日期|签约日|开通日期", past=True),
        _c("closed_on", "date", "解约日期|注销日期|销户日期"),
        _c("manager_id", "id", "营销人|营销人工号|推荐人|营销经理|客户经理"),
        _DATA_DATE,
    ), (("customer_id",), ("product",)), ("customer_id", "product", "signed_on"), snapshot=True, forbids=("account_id", "loan_id", "amount")),
    Table("transactions", "交易流水", (
        _c("date", "date", "交易日期|记账日期|日期|交易日|记帐日期|入账日期", event=True),
        _c("time", "time", "交易时间|时间|记账时间"),
        _CUSTOMER_ID, _ACCOUNT_ID,
        _c(
                "direction",
                "code",
                "借贷标志|借贷方向|借贷|收付标志|收支方向|收/支|借贷标记",
                codes=_DIRECTION,
                strict=True,
            ),
        _c("amount", "money", "交易金额|金额|发生额|交易额", event=True),
        _c("debit_amount", "money", "借方发生额|支出|支出金额|借方金额|转出金额"),
        _c("credit_amount", "money", "贷方发生额|收入|收入金额|贷方金额|转入金额|存入金额"),
        _c("balance", "money", "账户余额|余额|交易后余额|帐户余额|当前余额"),
        _c("kind", "text", "业务类型|交易类型|业务种类|交易种类"),
        _c("memo", "text", "摘要|备注|附言|用途|交易摘要"),
        _c("channel", "text", "渠道|交易渠道"),
        _BRANCH_ID,
        _c("counterparty_account", "id", "对方账号|对手账号|对方帐号|交易对手账号"),
        _c("counterparty_name", "text", "对方户名|对方名称|对手户名|对方|交易对手", private="name"),
        _c("transaction_id", "id", "流水号|交易流水号|核心流水号|交易流水"),
        _CURRENCY,
    ), (("date",), ("customer_id", "account_id"), ("amount", "debit_amount", "credit_amount")), forbids=("loan_id",)),
    Table("targets", "任务数", (
        _MANAGER_ID, _BRANCH_ID, _ITEM,
        _c("target", "decimal", "任务数|任务|目标值|目标|任务目标", bears_unit=True),
        _c("unit", "text", "单位|计量单位"),
        _c("period", "text", "期间|考核期间|年度|任务期间|年份|考核年度"),
    ), (("manager_id", "branch_id"), ("item",), ("target",))),
    Table("actuals", "人工填报", (
        _MANAGER_ID,
        _c("name", "text", "姓名|客户经理姓名"),
        _BRANCH_ID,
        _c("specialism", "code", "岗位|岗位类型", codes=_SPECIALISM),
        _c("grade", "text", "等级|客户经理等级"),
        _PERIOD,
        _c("source", "text", "来源|数据来源"),
        _APPROVED,
    ), (("manager_id",), ("period", "approved_by")), forbids=("customer_id", "account_id", "loan_id", "item", "amount", "village", "reason")),
    Table("adjustments", "加减分", (
        _MANAGER_ID, _PERIOD, _ITEM,
        _c("points", "decimal", "加减分|分值|加减|扣分"),
        _c("amount", "money", "金额|加减金额|扣款金额"),
        _c("occurred_on", "date", "发生日期|日期|发生日"),
        _c("reason", "text", "事由|原因|加减事由"),
        _c("document", "text", "依据文号|文号|依据"),
        _c("entered_by", "text", "经办人|录入人|经办"),
        _APPROVED,
        _c("approved_on", "date", "审批日期|审批日"),
        _c("corrects", "text", "更正期间|更正月份|原考核期间"),
    ), (("manager_id",), ("period",), ("points", "amount"), ("reason",))),
    Table("attributions", "业绩归属", (
        _CUSTOMER_ID, _ACCOUNT_ID, _LOAN_ID,
        _c("line", "code", "条线|业务条线|归属类型", codes=_LINE, strict=True),
        _MANAGER_ID,
        _c("share", "decimal", "业绩分配比例|分配比例|比例|归属比例"),
        _VALID_FROM, _VALID_TO,
        _c("document", "text", "依据文号|文号|依据"),
        _APPROVED,
    ), (("customer_id", "account_id", "loan_id"), ("line",), ("manager_id",))),
    Table("baselines", "基数", (
        _CUSTOMER_ID, _ACCOUNT_ID, _MANAGER_ID, _ITEM,
        _c("baseline", "decimal", "基数|基数值|核定基数", bears_unit=True),
        _c("unit", "text", "单位|计量单位"),
        _c("year", "text", "年度|年份|考核年度"),
        _APPROVED,
    ), (("customer_id", "account_id", "manager_id"), ("item",), ("baseline",), ("year",))),
    Table("grids", "包村", (
        _c("village", "text", "网格|行政村|网格/行政村|村|所属网格|包村"),
        _MANAGER_ID, _BRANCH_ID, _VALID_FROM, _VALID_TO,
    ), (("village",), ("manager_id",)), forbids=("customer_id", "account_id", "loan_id")),
    Table("fees", "中间业务收入", (
        _c("date", "date", "日期|收费日期|入账日期|交易日期", event=True),
        _PERIOD, _CUSTOMER_ID,
        _c("product", "text", "产品|收费项目|业务品种|产品名称|费用名称"),
        _c("amount", "money", "金额|收费金额|手续费|收入金额|中间业务收入", event=True),
        _c("manager_id", "id", "工号|客户经理|客户经理工号|营销人|营销人工号"),
        _BRANCH_ID,
    ), (("date", "period"), ("product",), ("amount",)), forbids=("account_id", "loan_id")),
    Table("costs", "费用", (
        _PERIOD, _BRANCH_ID, _MANAGER_ID,
        _c("kind", "text", "费用类型|费用种类|类型|科目"),
        _c("amount", "money", "金额|费用金额|费用"),
    ), (("period",), ("branch_id", "manager_id"), ("amount",)), forbids=("customer_id", "account_id", "loan_id", "reason", "product")),
    Table("visits", "走访记录", (
        _c("date", "date", "日期|走访日期|拜访日期", event=True),
        _CUSTOMER_ID, _MANAGER_ID,
        _c("way", "text", "方式|走访方式|拜访方式"),
        _c("purpose", "text", "目的|走访目的|事由"),
        _c("result", "text", "结果|走访结果|走访情况"),
        _c("evidence", "text", "佐证|凭据|照片|定位"),
    ), (("date",), ("customer_id",), ("manager_id",)), forbids=("amount", "loan_id"),),
    Table("identities", "同一客户认定", (
        _CUSTOMER_ID,
        _c("main_id", "id", "主客户号|主客户编号|合并到客户号|归并客户号"),
        _c("reason", "text", "事由|原因|认定理由"),
        _c("document", "text", "依据文号|文号|依据"),
        _APPROVED,
    ), (("customer_id",), ("main_id",)), forbids=("account_id", "loan_id", "amount", "product")),
    Table("controls", "对账", (
        _c("table", "text", "表名|数据表|对账表|对账项目|表"),
        _c("column", "text", "列名|列|字段|对账列"),
        _c("rows", "count", "行数|笔数|条数|记录数", least=0),
        _c("total", "money", "合计|合计金额|总账|总账余额|总账金额|金额合计|总额"),
        _BRANCH_ID, _PERIOD, _DATA_DATE,
    ), (("table",), ("rows", "total")), forbids=("customer_id", "account_id", "loan_id", "manager_id", "product")),
)
# fmt: on

BY_KEY: Mapping[str, Table] = {table.key: table for table in TABLES}
BY_LABEL: Mapping[str, Table] = {table.label: table for table in TABLES}

TABLES_SAID: Mapping[str, str] = {
    **dict.fromkeys(("客户", "客户数", "客户表"), "customers"),
    **dict.fromkeys(("存款", "存款余额", "账户", "账户表", "存款分户"), "accounts"),
    **dict.fromkeys(("贷款", "贷款余额", "借据", "台账"), "loans"),
    **dict.fromkeys(("流水", "交易", "交易明细"), "transactions"),
    **dict.fromkeys(("名册", "客户经理"), "managers"),
    **dict.fromkeys(("签约",), "holdings"),
    **dict.fromkeys(("中间业务", "中收"), "fees"),
}
"""What people call a table in 对账, besides its label and its key."""


def table_named(said: str) -> str | None:
    """The key of the table that is meant."""
    said = said.strip()
    if said in BY_LABEL:
        return BY_LABEL[said].key
    return said if said in BY_KEY else TABLES_SAID.get(said)


AMBIGUOUS_HEADERS: Mapping[str, tuple[str, ...]] = {
    "日均": ("月日均", "年日均", "上年日均"),
    "日均余额": ("月日均", "年日均", "上年日均"),
}
"""A header that could be several columns is asked about, never guessed (analyst.md, T10)."""

WANTED_AMOUNTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "accounts": {"余额": ("balance",), "日均": ("average_month", "average_year", "average_last_year")},
    "loans": {"日均": ("average_year",)},
}
"""Words in a header that is not known, by table, and the columns that it may be: told where the table has none of them."""

UNITS: Mapping[str, int] = {
    "元": 100,
    "百元": 10_000,
    "千元": 100_000,
    "万元": 1_000_000,
    "百万元": 100_000_000,
    "亿元": 10_000_000_000,
    "分": 1,
}
"""Units of money in a header, in 分."""
SHORT_UNITS: Mapping[str, str] = {
    "百": "百元",
    "千": "千元",
    "万": "万元",
    "百万": "百万元",
    "亿": "亿元",
    "RMB": "元",
    "CNY": "元",
    "¥": "元",
    "￥": "元",
}
"""What people write for a unit of money where nothing else can be meant: 贷款余额（万）."""
RATE_UNITS: Mapping[str, int] = {"%": 10_000, "‰": 1_000, "%o": 1_000, "‱": 100}
"""Units of a rate in a header, in millionths."""
PLAIN_UNITS = frozenset({"户", "笔", "天", "人", "月", "年", "日", "个", "次", "分值"})

TOTAL_WORDS = (
    "合计", "总计", "小计", "共计", "累计", "本页小计", "本页合计", "合计金额", "金额合计", "人民币合计",
    "总户数", "总人数", "总笔数", "平均", "平均数", "平均值", "承前页", "过次页", "承上页", "转下页",
)  # fmt: skip
TOTAL_ENDS = ("合计", "总计", "小计", "共计", "累计", "汇总")
"""What the total of a part ends with: 西关社小计."""
COUNTED = ("户", "人", "名", "笔", "条", "行")
"""What stands behind a number where the rows of a table are counted below it: 2户."""
WHOLE_TOTAL_WORDS = ("合计", "总计", "共计", "合计金额", "金额合计", "人民币合计")
"""Totals of all rows above, not of a page or a part."""
UNIT_WORD = "单位"
FOOTER_WORDS = (
    *TOTAL_WORDS, "制表", "制单", "审核", "复核", "审批", "负责人", "填报人", "填表", "打印日期", "打印时间",
    "其中:", "其中：", "单位:", "单位：", "金额单位", "注:", "注：", "备注:", "备注：", "说明:", "说明：", "以下空白", "—完—", "以上数据",
)  # fmt: skip
STATED = (
    "数据日期", "数据时点", "统计日期", "统计时点", "报表日期", "余额日期", "基准日", "时点日期", "会计日期", "业务日期",
    "截至日期", "截止日期", "截至", "截止", "数据截",
)  # fmt: skip
"""What the day of a picture is called above it."""
PREPARED = ("制表", "打印", "导出", "编制", "填表", "填报", "制单", "生成", "下载", "查询", "出表", "报送", "上报")
"""What the day is called on which a list was made: never the picture's."""
ACTUAL_WORDS = ("实绩", "实际", "完成", "完成数", "实际完成")
"""What stands under the name of an item where a header has two rows: the column is the item's."""
REJECT_TOLD = ("问题单元格", "原因", "怎么改")
REJECT_SOURCE = ("来源文件", "来源工作表", "来源行")
REJECT_CODE = "问题编码"
"""Columns of 退回清单.xlsx: what is wrong, which row of which export it is, and the code of the finding."""
MERGED_BY = {"id_number": "证件号码相同", "table": "同一客户认定"}
NOT_MERGED = ("不合并", "不并", "否", "分开", "各自")
"""Words in place of a main number: these customers are two, whatever their id numbers say."""
NO_DATE_WORDS = ("00000000", "99991231", "0", "9999-12-31", "0000-00-00", "-", "无", "长期")
FOREIGN_SIGNS = ("$", "€", "£", "₩", "USD", "HKD", "EUR", "GBP", "JPY", "美元", "港元", "港币", "欧元", "英镑", "日元")
"""In a cell of money: the amount is in another currency."""
CNY = ("", "人民币", "CNY", "RMB", "156", "01", "¥", "人民币元")
REVERSAL_WORDS = ("冲正", "抹账", "抹帐", "红字")
LOAN_KIND_WORD = "贷款"
LEFT_STATUSES = ("离职", "离任", "离岗", "退休", "调离", "辞职", "停职")
WHOLE_COUNTY = ("全辖", "全县", "全部", "全联社")

STATES: Mapping[str, str] = {"draft": "试算稿", "reviewed": "已复核", "approved": "已审批", "closed": "已关账"}
"""How far a period is."""

ITEM_ACTUALS: Mapping[str, str] = {
    "average_deposit_growth": "存款年日均净增",
    "average_loan_growth": "贷款日均净增",
    "loan_customers_growth": "贷款户数净增",
    "npl_ratio": "责任不良贷款率",
    "new_npl_since_tenure": "接手后新增不良",
    "due_collection_ratio": "到期贷款收回率",
    "interest_collection_ratio": "利息收回率",
    "new_overdue": "逾期新增",
    "deposit_cost": "存款付息率",
    "demand_share": "活期占比",
    "fee_income": "中间业务收入",
    "customers_woken": "睡眠户激活",
    "visits_done_ratio": "走访计划完成率",
}
VISIT_PLAN_ITEMS = ("visits_plan", "走访计划", "走访计划户数")
VETO_ITEMS = ("veto", "一票否决")
CLAWBACK_ITEMS = ("clawback", "扣回", "追索扣回")
"""Taken back from the pay of the month."""
STOP_ITEMS = ("stop", "停止支付", "止付")
"""Cut from deferred pay that is still to be paid; the month's own pay is left alone."""

LABELS: Mapping[str, str] = {
    "number": "序号", "rank": "名次", "previous_rank": "较上期名次", "rank_group": "考核组",
    "customer_id": "客户号", "customer_name": "客户名称", "customer_type": "客户类型", "customer_group": "客群",
    "branch_id": "机构号", "branch_name": "机构名称", "frequency": "频率", "scale": "规模", "group": "户群",
    "previous_group": "上期户群", "change": "变动", "active_months": "活跃月数", "last_active": "最近交易日",
    "average_deposit": "近12个月日均", "loan_balance": "贷款余额", "scale_amount": "业务规模", "manager_name": "管户姓名",
    "marks": "标记", "idle_days": "未动天数", "transactions": "近12个月笔数", "deposit_balance": "存款余额",
    "average_deposit_year": "年日均", "worst_class": "最差五级", "to_next_scale": "距上一档", "holder_id": "管户工号",
    "village": "村/网格", "previous_manager": "原管户经理", "previous_manager_name": "原管户姓名",
    "assigned_manager": "管户经理", "assigned_name": "管户姓名", "specialism": "岗位", "load": "折算户", "move": "状态",
    "reason": "原因", "effective_on": "生效日", "agreed": "同意",
    "manager_id": "工号", "name": "姓名", "grade": "等级", "duty_days": "在岗天数", "adjustment": "加减分", "score": "得分",
    "gate": "封顶/否决", "reached": "评级", "parts": "薪酬构成", "remark": "备注", "item": "指标", "category": "类别", "points": "标准分", "actual": "实绩", "unit": "单位",
    "target": "任务", "completion": "完成率", "baseline": "基数", "working": "计分过程", "clamp": "上下限", "item_points": "得分",
    "source": "来源", "standard": "绩效标准", "paid_score": "计发得分", "duty_share": "在岗比例", "pay": "应发(税前)",
    "advance": "其中预发", "deferred": "其中延期", "to_settle": "其中待清算", "paid_now": "本期兑付",
    "numerator": "分子", "denominator": "分母", "formula_value": "复算得分", "program_value": "程序得分", "difference": "差",
    "agrees": "一致/不一致",
}  # fmt: skip
"""What the columns that the program itself makes are called in workbooks and in ``query``."""

RESULT_LABELS: Mapping[str, str] = {
    "day": "交易日期", "month": "月序", "signed": "收付金额", "deposit": "存款账户标志", "part": "来源序号", "row": "来源行", "own": "本人互转", "reversed": "冲正成对",
    "by": "依据", "names_differ": "名称不同", "below": "缓冲期数", "loans": "贷款笔数", "turnover": "近12个月金额", "passive_transactions": "被动笔数", "average_deposit_month": "月日均",
    "average_deposit_last_year": "上年日均", "average_loan": "日均贷款", "load_before": "调整前折算户", "load_after": "调整后折算户", "moved_in": "调入", "moved_out": "调出",
    "due": "应配户", "assigned": "已配", "unassigned": "未配", "short": "差额", "next_step": "距下一档", "actual": "实绩", "holder": "归属人", "numerator": "分子",
    "denominator": "分母", "entity": "账号借据", "span": "口径期", "raw_score": "封顶前得分", "paid": "实际兑付", "clawback": "扣回", "matured": "往年延期到期", "settled": "年终清算", "left": "结转下期",
    "cost_numerator": "付息率分子", "cost_denominator": "付息率分母", "demand_numerator": "活期占比分子", "demand_denominator": "活期占比分母",
    "average_deposit_same_period": "上年同期日均", "deposit_year_opening": "年初存款余额", "missing": "缺什么", "undo_cost": "撤销代价", "borrower": "有贷款",
    "large": "大型", "medium": "中等", "small": "小", "business": "对公", "borrowers": "贷款户", "unassigned_borrowers": "贷款户未配", "moved": "调整户数",
    "moved_borrowers": "调整贷款户", "load_due": "应配折算户", "load_assigned": "已配折算户", "managers": "经理数", "opened": "首日", "closed": "末日",
    "opening_year": "年初余额", "known_opening": "年初余额可知", "item_id": "指标编号", "actual_name": "实绩名", "source_part": "来源表序号", "source_row": "来源行", "style": "口径类型", "first": "起日", "last": "止日",
    "product_window": "近12个月积数", "known_window": "近12个月可知", "product_year": "本年积数", "known_year": "本年可知", "product_month": "本月积数",
    "known_month": "本月可知", "product_last_year": "上年积数", "known_last_year": "上年可知", "product_same_period": "上年同期积数", "known_same_period": "上年同期可知",
}  # fmt: skip
"""What further columns of a period's data are called in ``query``."""

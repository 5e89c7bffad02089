"""Which tables and columns are there, and how may a header or a code be spelt? The canonical tables of what exports say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kehujingli.terms.classes import CUSTOMER_TYPES, DEPOSIT_KINDS, FIVE_CLASSES, LINES, LOAN_STATUSES, SPECIALISMS

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

"""What is a column of an export, and what is a table? Their kinds, the words for codes, and the columns that many tables share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kehujingli.terms.classes import (
    CUSTOMER_TYPES,
    DAY_KINDS,
    DEPOSIT_KINDS,
    DRIVERS,
    DUTY_PARTS,
    FILLED_BY,
    FIVE_CLASSES,
    ISSUE_KINDS,
    LEAD_SOURCES,
    LEAD_STATUSES,
    LINES,
    LOAN_STATUSES,
    PRICED,
    PRODUCT_LINES,
    SPECIALISMS,
    STAGES,
    TERMS,
    UPHELD,
    VISIT_RESULTS,
)

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
    bears_percent: bool = False  # beside a column of its unit: 1.85% is 1.85, and the unit %
    plausible: tuple[int, int] | None = None  # millionths a year between which the greatest of a column of rates lies
    past: bool = False  # a day after the picture's own is odd
    private: Literal["", "name", "id_number", "phone", "address", "birth_date", "numbers"] = ""
    common: bool = False  # too usual a column to tell which table it stands in
    unit: str = ""  # of an amount whose header, sheet and file name none; the form's header says it
    example: str = ""  # what the form's one example line says

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


CUSTOMER_TYPE_WORDS = _codes(
    CUSTOMER_TYPES,
    person="个人客户 自然人 对私 零售 农户 1",
    sole_trader="个体工商户 个体户 个人经营",
    business="企业 公司 对公客户 企业法人 单位 法人 小微企业 企业客户 机构客户 小微 2",
    public="机关 事业单位 机关事业单位 机关团体 政府 财政",
)
FIVE_CLASS_WORDS = _codes(
    FIVE_CLASSES,
    normal="正常类 1",
    special_mention="关注类 2",
    substandard="次级类 3",
    doubtful="可疑类 4",
    loss="损失类 5",
)
DEPOSIT_KIND_WORDS = _codes(
    DEPOSIT_KINDS,
    demand="活期存款 个人活期 单位活期 活期储蓄 结算户 银行卡 存折",
    term="定期存款 个人定期 单位定期 定期储蓄 整存整取 定活两便 零存整取 大额存单 定期一本通",
    notice="通知存款",
    margin="保证金存款",
    fiscal="财政性存款 财政存款",
    remittance="应解汇款及临时存款",
    interbank="同业存款 同业存放",
)
SPECIALISM_WORDS = _codes(
    SPECIALISMS,
    asset="资产业务 信贷 信贷客户经理 资产岗 放贷",
    liability="负债业务 存款 揽存 负债岗",
    intermediary="中间 中间业务岗 中收",
)
_DEBIT = "借 借方 借记 D d DR DBIT debit 支出 支 支取 取 取款 取出 付 付方 付款 付出 转出 汇出 流出 出 出账 -"
_CREDIT = "贷 贷方 贷记 C c CR CRDT credit 收入 收 收方 收款 存 存入 存款 转入 汇入 流入 入 入账 进 进账 +"
DIRECTION_WORDS = _codes({}, debit=_DEBIT, credit=_CREDIT)
BALANCE_SIDE = "余额方向|余额借贷方向|余额借贷标志|余额借贷"
VISIT_RESULT_WORDS = _codes(
    VISIT_RESULTS, met="已见面 完成 已完成 见到", absent="未遇 不在家 没见到 未见到", postponed="延期 已改期 改日"
)
DAY_KIND_WORDS = _codes(DAY_KINDS, work="上班 补班 调休上班 工作 营业", rest="放假 休息 节假日 法定节假日 假日 停业")
FILLED_BY_WORDS = _codes(FILLED_BY, applicant="个人 应聘人 员工", branch="网点 支行 用人机构")
PRODUCT_LINE_WORDS = _codes(
    PRODUCT_LINES,
    asset="资产业务 资产类 贷款",
    liability="负债业务 负债类 存款",
    intermediary="中间业务类 中收",
    channel="渠道类 电子渠道",
)
LINE_WORDS = _codes(LINES, all="所有 全部业务")
PRICED_WORDS = _codes(PRICED, deposit="负债 存款类", loan="资产 贷款类")
TERM_WORDS = _codes(
    TERMS,
    demand="活期存款 随时可取",
    to_3_months="≤3个月 3个月以内 三个月以内 3个月 三个月 3月以内 <=3月 3M",
    to_1_year="≤12个月 1年以内 一年以内 1年 一年 3个月至1年 3个月-1年 <=1年 1Y",
    to_3_years="≤36个月 3年以内 三年以内 3年 三年 1年至3年 1-3年 <=3年 3Y",
    over_3_years="＞3年 3年以上 三年以上 5年 五年 >36个月",
)
DRIVER_WORDS = _codes(
    DRIVERS,
    customers="客户数 按户数",
    transactions="业务笔数 交易笔数 按笔数",
    visits="走访次数 走访量 按走访",
    deposits="存款 日均存款 按存款日均",
    loans="贷款 按贷款余额",
)
LEAD_STATUS_WORDS = _codes(
    LEAD_STATUSES,
    new="未接触 新增 待联系",
    met="已接触 已走访 跟进中 联系中",
    opened="已成为客户 已转化 开户",
    given_up="已放弃 无意向",
)
LEAD_SOURCE_WORDS = _codes(
    LEAD_SOURCES, counterparty="交易对手 流水对手方", roster="名册", referral="客户介绍 介绍", licence="执照"
)
ISSUE_KIND_WORDS = _codes(ISSUE_KINDS, issue="客户问题 诉求 咨询 建议", complaint="客户投诉 举报 信访")
STAGE_WORDS = _codes(
    STAGES,
    lead="意向 储备",
    survey="尽调 尽职调查",
    proposal="上报 申报",
    approval="审查审批 审查",
    landed="已落地 放款 已放款",
    given_up="已放弃 未成 终止",
)
DUTY_PART_WORDS = _codes(DUTY_PARTS, answers="负责 牵头", helps="配合 协助", approves="批准", told="告知")
LABOUR_WORDS = _codes({"yes": "是", "no": "否"}, yes="Y y 1 有", no="N n 0 无")
UPHELD_WORDS = _codes(UPHELD, yes="属实 全部属实 Y y 1", partly="部分属实 基本属实", no="不属实 失实 无法查实 N n 0")
LOAN_STATUS_WORDS = _codes(
    LOAN_STATUSES,
    on_book="正常 在册 未结清 逾期 未核销 未到期 展期 部分逾期",
    written_off="核销 账销案存 已核销账销案存",
    swapped="置换 票据置换",
    transferred="转让 已出售 出售 已转出 转出 打包转让 批量转让 已证券化 证券化",
    settled="结清 已还清 还清 已收回 正常结清 提前结清 逾期结清 销户 已销户 已注销",
)
_YES, _NO = "是 1 Y y 有 √ TRUE true T", "否 0 N n 无 × FALSE false F 正常"
WRITTEN_OFF_WORDS = _codes({"yes": "是", "no": "否"}, yes=f"{_YES} 已核销 核销", no=f"{_NO} 未核销")
TRANSFERRED_WORDS = _codes({"yes": "是", "no": "否"}, yes=f"{_YES} 已转让 转让", no=f"{_NO} 未转让")
"""Whether a loan has left the books, where a column of its own says it."""


def column(key: str, kind: Kind, names: str, **options: object) -> Column:
    """``names``: its spellings, the usual one first, parted by ``|``."""
    return Column(key, kind, tuple(names.split("|")), **options)  # type: ignore[arg-type]


CUSTOMER_ID = column("customer_id", "id", "客户号|客户编号|客户代码|核心客户号|ECIF号|客户标识|客户内码|客户ID")
ACCOUNT_ID = column("account_id", "id", "账号|账户|存款账号|卡号|帐号|账户号|存款帐号|客户账号")
LOAN_ID = column("loan_id", "id", "借据编号|借据号|借据号码|贷款借据号")
BRANCH_ID = column(
    "branch_id",
    "id",
    "机构号|机构代码|网点号|机构编号|归属机构号|开户机构号|所属机构号|管户机构号|交易机构号|机构|网点|支行|营业部|经营机构|归属机构|开户机构|所属机构|交易机构|交易分行|贷款发放行名称|所属机构代码|分行号|分行编号|支行号|支行代码",
)
MANAGER_ID = column("manager_id", "id", "工号|客户经理工号|客户经理编号|客户经理号|经理工号|客户经理|员工号|管户经理")
HOLDER = column(
    "manager_id", "id", "管户经理|管户客户经理|客户经理|管户经理工号|客户经理工号|管户人|客户经理编号|管户经理编号"
)
DATA_DATE = column(
    "data_date",
    "date",
    "数据日期|报表日期|统计日期|数据日|截止日期|业务日期|会计日期|余额日期|时点日期|数据时点|统计时点",
)
PERIOD = column("period", "text", "考核期间|期间|考核月份|月份|评定周期|考核周期|年月")
ITEM = column("item", "text", "指标|考核指标|项目|考核项目|指标名称")
VALID_FROM = column("valid_from", "date", "生效日期|生效日|开始日期|起始日期")
VALID_TO = column("valid_to", "date", "失效日期|失效日|结束日期|终止日期")
STATUS = column("status", "text", "状态|客户状态|账户状态|人员状态|销户标志|在岗状态")
CURRENCY = column("currency", "text", "币种|货币|币别|币种代码|货币代码")
_RATE_NAMES = "利率|年利率|执行利率|存款利率|贷款利率|月利率|合同利率"
# Bounds of reading, not of judgement: they tell the unit in which a column was written (``intake.cells``).
DEPOSIT_RATE = column("rate", "rate", _RATE_NAMES, plausible=(500, 80_000))
LOAN_RATE = column("rate", "rate", _RATE_NAMES, plausible=(10_000, 360_000))
NUMBER = column(
    "document",
    "id",
    "单号|业务单号|单据号|凭证号|凭证编号|回单号|回单编号|收据号|业务编号|流水号|业务流水号|交易流水号|收费流水号",
    common=True,
)
APPROVED = column("approved_by", "text", "审批人|批准人|审批")

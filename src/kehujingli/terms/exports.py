"""What do people write in exports beside headers and codes? Units, words of totals and footers, what stands for nothing, for a loan, for a veto."""

from __future__ import annotations

from collections.abc import Mapping

AMBIGUOUS_HEADERS: Mapping[str, tuple[str, ...]] = {
    "日均": ("月日均", "年日均", "上年日均"),
    "日均余额": ("月日均", "年日均", "上年日均"),
    "积数": ("月积数", "年积数"),
    "累计积数": ("月积数", "年积数"),
    "余额积数": ("月积数", "年积数"),
}
"""A header that could be several columns is asked about, never guessed (analyst.md, T10)."""

NARROWING = frozenset({"e-mail", "email", "mail", "web", "http", "wechat"})
"""English before a Chinese name that does not say it again but makes it another thing: E-Mail地址 is no 地址."""

COMMON_ENDS = (
    *("日期", "时间", "日", "金额", "余额", "发生额", "利率", "名称", "编号", "号码", "代码", "编码", "号"),
    *("状态", "标志", "类型", "种类", "类别", "方式", "天数", "人", "数"),
)
"""What many headers end with, longest first: that two share it does not make them one thing."""
OTHER_THINGS = (
    *("利息", "罚息", "冻结", "可用", "上次", "上一", "下次", "下一", "上日", "上月", "上年", "累计", "合计", "未收"),
    *("应收", "应付", "欠", "税", "费", "透支", "控制", "最小", "最低", "最高", "留置", "预计", "计划", "原"),
    *("加载", "更新", "修改", "维护", "打印", "导出"),
)
"""In a header: another amount or another day than the one that its other words name."""

SUB_ACCOUNT_HEADERS = ("分户号", "子账号", "子户号", "子帐号", "账户序号", "分户序号", "子账户序号", "序号", "笔号")
"""What tells the deposits of one account apart."""
SHARE_HEADERS = ("分成比例", "业绩分配比例", "分配比例", "归属比例", "业绩比例", "占比", "比例")
"""Beside the manager of an account or a loan: how much of it is his."""
CORE = "核心"
"""A number that is said to be the core system's is the one that other exports bear, not the number of the list's own system beside it."""
ACCOUNTS_OF_PEOPLE = ("存款账号", "存款帐号")
"""What a list of customers calls the account that is each one's."""
AGREEMENT_HEADERS = ("协议编号", "协议号", "签约协议号", "产品代码", "产品编号", "产品编码")
"""Beside 客户号: the sheet tells of agreements or products, and of the customer only whose they are."""
JOINT_WORDS = ("联名", "共有", "共同户主")
"""In a header: an account may have several owners."""

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
FORMAT_UNITS: Mapping[str, str] = {
    "K": "千元",
    "K元": "千元",
    "W": "万元",
    "W元": "万元",
    "M": "百万元",
    "M元": "百万元",
}
"""What stands for a unit of money in a number format, besides."""
FORMAT_FILLERS = ("余额", "金额", "约", "RMB", "CNY", "人民币", "整", "正")
"""What stands beside the unit in a number format and says nothing."""
RATE_UNITS: Mapping[str, int] = {"%": 10_000, "‰": 1_000, "%o": 1_000, "‱": 100}
"""Units of a rate in a header, in millionths."""
PLAIN_UNITS = frozenset({"户", "笔", "天", "人", "月", "年", "日", "个", "次", "分值"})

TOTAL_WORDS = (
    "合计",
    "总计",
    "小计",
    "共计",
    "累计",
    "本页小计",
    "本页合计",
    "合计金额",
    "合计数",
    "总数",
    "总合计",
    "总计数",
    "Sum",
    "Total",
    "GrandTotal",
    "Subtotal",
    "金额合计",
    "人民币合计",
    "总户数",
    "总人数",
    "总笔数",
    "平均",
    "平均数",
    "平均值",
    "承前页",
    "过次页",
    "承上页",
    "转下页",
)
TOTAL_ENDS = ("合计", "总计", "小计", "共计", "累计", "汇总")
"""What the total of a part ends with: 西关社小计."""
COUNTED = ("户", "人", "名", "笔", "条", "行")
"""What stands behind a number where the rows of a table are counted below it: 2户."""
WHOLE_TOTAL_WORDS = ("合计", "总计", "共计", "合计金额", "金额合计", "人民币合计")
"""Totals of all rows above, not of a page or a part."""
SUM_ROWS = (
    *TOTAL_WORDS,
    *(
        f"{span}{word}"
        for span in ("本日", "当日", "本旬", "本月", "当月", "本季", "本年", "本期")
        for word in ("合计", "累计", "小计", "发生额", "发生额合计")
    ),
    "借方合计",
    "贷方合计",
    "发生额合计",
    "余额合计",
)
"""摘要 or 业务类型 of a line among postings that adds others up: no posting."""
BALANCE_ROWS = (
    *(
        f"{span}余额"
        for span in (
            "期初",
            "期末",
            "月初",
            "月末",
            "年初",
            "年末",
            "上期",
            "上月",
            "上年",
            "上日",
            "昨日",
            "承前",
            "开户",
            "账户期初",
            "账户期末",
        )
    ),
    *(f"{span}结转" for span in ("上期", "上月", "上年", "上日", "余额")),
    *(f"结转{span}" for span in ("下期", "下月", "下年", "余额")),
    "余额承前",
    "承上余额",
)
"""摘要 or 业务类型 of a line among postings that only says what the balance was: no posting, but the balance counts."""
UNIT_WORD = "单位"
NOTHING_WORDS = (
    "\\N",
    "NULL",
    "Null",
    "null",
    "(null)",
    "(NULL)",
    "<null>",
    "<NULL>",
    "[NULL]",
    "(空白)",
    "（空白）",
    "(空)",
    "（空）",
    "None",
    "NaT",
    "undefined",
)
"""What systems write where there is nothing."""
CELL_ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!")
"""What a spreadsheet shows where a formula failed; in a text file it is a text."""
FOOTER_WORDS = (
    *(word for word in TOTAL_WORDS if not word.isascii()),
    "制表",
    "制单",
    "审核",
    "复核",
    "审批",
    "负责人",
    "填报人",
    "填表",
    "打印日期",
    "打印时间",
    "其中:",
    "其中：",
    "单位:",
    "单位：",
    "金额单位",
    "注:",
    "注：",
    "备注:",
    "备注：",
    "说明:",
    "说明：",
    "以下空白",
    "—完—",
    "以上数据",
)
STATED = (
    "数据日期",
    "数据时点",
    "统计日期",
    "统计时点",
    "报表日期",
    "余额日期",
    "基准日",
    "时点日期",
    "会计日期",
    "业务日期",
    "截至日期",
    "截止日期",
    "截至",
    "截止",
    "数据截",
)
"""What the day of a picture is called above it."""
PREPARED = ("制表", "打印", "导出", "编制", "填表", "填报", "制单", "生成", "下载", "查询", "出表", "报送", "上报")
"""What the day is called on which a list was made: never the picture's."""
ACTUAL_WORDS = ("实绩", "实际", "完成", "完成数", "实际完成")
"""What stands under the name of an item where a header has two rows: the column is the item's."""
NOT_MERGED = ("不合并", "不并", "否", "分开", "各自")
"""Words in place of a main number: these customers are two, whatever their id numbers say."""
NO_DATE_WORDS = ("00000000", "99991231", "0", "9999-12-31", "0000-00-00", "-", "无", "长期")
FOREIGN_SIGNS = ("$", "€", "£", "₩", "USD", "HKD", "EUR", "GBP", "JPY", "美元", "港元", "港币", "欧元", "英镑", "日元")
"""In a cell of money: the amount is in another currency."""
FOREIGN_NAMES = (
    "美元",
    "港币",
    "港元",
    "欧元",
    "英镑",
    "日元",
    "日圆",
    "澳元",
    "加元",
    "瑞士法郎",
    "新加坡元",
    "韩元",
    "卢布",
    "外币",
    "USD",
    "HKD",
    "EUR",
    "GBP",
    "JPY",
    "AUD",
    "CAD",
    "CHF",
    "SGD",
)
"""What the money of a whole sheet is said to be in, in a title, a line below, a column of units or the sheet's name."""
CNY = ("", "人民币", "CNY", "RMB", "156", "01", "¥", "人民币元")
REVERSAL_WORDS = ("冲正", "抹账", "抹帐", "红字", "撤销")
NO_REVERSAL = (
    r"撤销[^，,；;、\s]{0,5}(?:账户|帐户|账号|户头|协议|签约|委托|授权|服务)|(?:户|账号|协议|签约|委托|授权|服务)撤销"
)
"""撤销 of an account or a contract undoes no posting."""
LOAN_KIND_WORD = "贷款"
LEFT_STATUSES = ("离职", "离任", "离岗", "退休", "调离", "辞职", "停职")
CLOSED_STATUSES = (
    "销户",
    "已销户",
    "注销",
    "已注销",
    "销号",
    "已销号",
    "清户",
    "已清户",
    "关闭",
    "已关闭",
)
"""状态 of a customer who is one no more; the rules may say others."""
ENDED_CONTRACTS = ("解约", "已解约", "停用", "已停用", "失效", "已失效", "终止", "已终止")
"""状态 of a contract that holds no more, besides the words for a closed account."""
OPEN_STATUSES = (
    *(
        "正常",
        "有效",
        "生效",
        "存续",
        "活动",
        "活跃",
        "在用",
        "在册",
        "启用",
        "正式",
        "潜在",
        "开户",
        "已开户",
        "未销户",
    ),
    *("未注销", "未销", "冻结", "止付", "挂失", "控制", "久悬", "久悬户", "不动户", "睡眠", "睡眠户", "休眠", "休眠户"),
    *("已签约", "签约", "已开通", "开通", "已注册"),
    *("未激活", "待激活", "已激活", "normal", "active", "open", "valid"),
)
"""状态 of a customer who still is one, whatever else it says."""
CLOSED_HEADERS = ("销户标志",)
"""A header under which 是 means closed."""
CLOSED_FLAGS = ("是", "1", "y", "yes", "true", "t", "√")
OPEN_FLAGS = ("否", "0", "n", "no", "false", "f", "×")
WHOLE_COUNTY = ("全辖", "全县", "全部", "全联社")
OWN_BRANCH = ("本社", "本机构", "本网点", "本支行", "本行", "无", "-", "—")
"""服务范围 that adds nothing to the branch of the post."""

VISIT_PLAN_ITEMS = ("visits_plan", "走访计划", "走访计划户数")
FORM_GUIDE = "填写说明"
"""The sheet of a form that says how it is filled in: no table."""
VETO_ITEMS = ("veto", "一票否决")
CHANNEL_WORDS: Mapping[str, tuple[str, ...]] = {
    "electronic": (
        "手机银行",
        "掌银",
        "掌上银行",
        "网银",
        "网上银行",
        "电子银行",
        "电话银行",
        "微信",
        "支付宝",
        "财付通",
        "云闪付",
        "银联",
        "网联",
        "快捷支付",
        "第三方支付",
        "聚合支付",
        "扫码",
        "二维码",
        "收款码",
        "收单",
        "POS",
    ),
    "self_service": (
        "ATM",
        "CRS",
        "CDM",
        "VTM",
        "STM",
        "自助",
        "助农",
        "存取款一体机",
        "自动柜员机",
        "自动取款机",
        "智能柜员机",
        "智能柜台",
        "智慧柜台",
    ),
    "counter": ("柜面", "柜台", "柜员", "临柜", "窗口", "网点"),
    "batch": ("批量", "批处理", "日终", "代发", "代扣", "系统自动"),
}
"""Kind of a channel → the words that the channel of a posting has within it."""
VISIT_WAYS = ("上门", "电话")
"""Ways of seeing a customer that the manager took the trouble of; 到店 is the customer's."""
CLAWBACK_ITEMS = ("clawback", "扣回", "追索扣回")
"""Taken back from the pay of the month."""
STOP_ITEMS = ("stop", "停止支付", "止付")
"""Cut from deferred pay that is still to be paid; the month's own pay is left alone."""

TARGET_WORDS = ("任务", "目标", "计划")
"""What stands above a table of targets."""
FIGURE_WORDS = ("任务", "任务数", "目标", "目标值", "基数", "实绩", "完成", "完成数", "实际", "得分", "完成率")
"""What may stand under each item of a sheet that has several figures of it."""
NO_ITEMS = frozenset({"序号", "备注", "说明", "合计", "小计", "总计", "部门", "签字", "签名", "联系电话", "机构名称"})
"""Columns beside those of items that are none."""

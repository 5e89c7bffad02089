"""What do the sheets of 信号 say, and what does each word on them mean?"""

from __future__ import annotations

from kehujingli import terms
from kehujingli.studies.signs import proved
from kehujingli.studies.signs.detected import KINDS
from kehujingli.studies.signs.evidence import WHAT
from kehujingli.terms.column import ListColumn, declared

_WHO = (
    ListColumn("branch_id", "id", printed=False),
    ListColumn("branch_name", width=14),
    ListColumn("holder_id", "id"),
    ListColumn("manager_name"),
)
_CUSTOMER = (
    ListColumn("customer_id", "id"),
    ListColumn("customer_name", private="name"),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES, printed=False),
)
_KIND = ListColumn("kind", label="信号", codes=KINDS, width=13)
LIST = (
    *_WHO,
    declared("week", table="packs", meaning="下月第几周去看"),
    ListColumn("rank", "count", meaning="在这个客户经理的户里，涉及金额从大到小"),
    *_CUSTOMER,
    declared("group", width=18),
    declared("signs", table="packs", width=22),
    declared("reason", table="packs", width=52),
    declared("stake", table="packs", total=True, width=16, meaning="几个信号里最大的"),
    declared("deposit_balance", width=16),
    declared("loan_balance", width=16),
)
ROWS = (
    *_WHO,
    *_CUSTOMER,
    _KIND,
    ListColumn("what", label="哪一种", codes=WHAT),
    ListColumn("number", "id", "流水号、账号、借据号", private="numbers", width=22),
    ListColumn("account_id", "id", private="numbers", width=20),
    ListColumn("day", "date", "日期", width=12, meaning="流水的交易日，账户、借据的到期日"),
    ListColumn("amount", "yuan", terms.label("amount"), width=16, meaning="流水：进账为正，出账为负；账户、借据的余额"),
    ListColumn("bank", label=terms.label("counterparty_bank"), width=14),
    ListColumn("place_said", label=terms.label("places"), width=40),
)
KIND_COLUMNS = (
    _KIND,
    ListColumn("state", label="说不说", codes=proved.STATES, width=24),
    ListColumn("looked", "count", "看了几户"),
    ListColumn("raised", "count", "有信号"),
    ListColumn("listed", "count", "列出"),
    declared("stake", table="packs", width=16, meaning="各种信号各是什么钱，见口径；一户有几种的每种都算，各种不相加"),
    ListColumn("told", "count", "上月信号"),
    ListColumn("came", "count", "应验"),
    ListColumn("hit", "rate", "应验率"),
    ListColumn("others", "count", "上月没信号", meaning="上月能有这种信号、没有的户"),
    ListColumn("happened", "count", "其中也发生"),
    ListColumn("base", "rate", "基准率"),
    ListColumn("months", "count", "累计几个月"),
    ListColumn("all_raised", "count", "累计信号"),
    ListColumn("all_hit", "rate", "累计应验率"),
    ListColumn("all_base", "rate", "累计基准率"),
    ListColumn("lift", "number", "倍数", meaning="累计应验率 ÷ 累计基准率"),
    ListColumn("truth", label="怎样算应验", width=44),
)
MANAGERS = (
    *_WHO,
    ListColumn("customers", "count", "有信号的户", total=True),
    ListColumn("listed", "count", "列出", total=True),
    ListColumn("left", "count", "没有列出", total=True),
    declared("stake", table="packs", total=True, width=16, meaning="几个信号里最大的"),
    *(ListColumn(kind, "count", word, total=True) for kind, word in KINDS.items()),
)
PAST = (
    *_WHO,
    *_CUSTOMER,
    _KIND,
    ListColumn("listed", "flag", "上月列出"),
    ListColumn("came", "flag", "应验"),
    declared("group", width=18),
    declared("deposit_balance", width=16),
)
WITHOUT = {
    "accounts": "存款到期、将降级休眠缺。",
    "loans": "贷款到期、贷款逾期缺。",
    "holdings": "有合约不休眠的认不出来，将降级休眠的会多说。",
    "flows": "来款减少、存款下降、大额流出、月末冲时点、代发出现缺。",
    "counterparties": "常转他行缺。",
    "merges": "",
    "previous": "上月没有跑过，没有应验率。",
    "previous_signal_ledger": "上月没有记信号，没有应验率，各种信号都说。",
    "previous_signal_record": "",
}
DEFINITIONS = (
    (
        "来款减少",
        "本月进账比前三个月的中位数少三成（办法 drop）以上；本人账户之间、冲正的不算。农户（办法 seasonal）有去年同月的和去年同月比。未满月不判。涉及金额是少来的。",
    ),
    (
        "存款下降",
        "期末存款比本月、上月、前三个月的日均里最高的少三成以上。以前的余额从期末余额和流水倒推；倒推成负数的、近四个月开的户有余额没有流水的不判。涉及金额是少掉的。",
    ),
    (
        "大额流出",
        "一笔转出不少于办法 outflow、占月初存款 outflow_share 以上，各账户合计真少了一半以上的这笔。涉及金额是这一笔。",
    ),
    ("到期、逾期", "存款、表内贷款在以后几天（办法 days）到期的余额；到期日已过或逾期天数大于 0 的贷款余额。"),
    ("将降级休眠", "展望说下月将休眠、将降级、往来将减少的。涉及金额是业务规模。"),
    (
        "常转他行",
        "户名和本人相同的他行账户，本月转过、窗口里至少几个月（办法 bank_months）转过。涉及金额是平均一月转出。",
    ),
    ("月末冲时点", "上月末几天（办法 end_days）净进不少于 end_money，本月初几天净出占它 end_back 以上。"),
    ("代发出现", "个人、个体，本月有代发工资进账、前三个月没有。是机会，不是流失。"),
    (
        "应验率、基准率",
        "上月有信号的户里，这个月真的发生的占几成；能有这种信号、上月没有的户里，同样的事发生的占几成。并到别的客户号的不算。各种信号怎样算应验写在表里。",
    ),
    (
        "沉默",
        "最近几个月（办法 record_months）信号不少于 record_least 个、应验率低于基准率的，不再列给客户经理，照样记账；办法 speak 写了就照说。",
    ),
    ("名单", "一户一行，各客户经理按涉及金额从大到小，一周最多 per_week 户，排 weeks 周；没有客户经理的按机构排。"),
)
LEDGER_COLUMNS = (
    ListColumn("customer_id", "id"),
    declared("opening", table="signal_ledger"),
    *(declared(kind, table="signal_ledger") for kind in KINDS),
)
RECORD_COLUMNS = tuple(declared(name, table="signal_record") for name in proved.RECORD)

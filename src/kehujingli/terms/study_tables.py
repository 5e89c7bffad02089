"""Which tables do studies read beside those of a month? Each with its form: units, words to choose from, one example line."""

from __future__ import annotations

from kehujingli.terms.canonical import (
    APPROVED,
    BRANCH_ID,
    CUSTOMER_ID,
    DATA_DATE,
    FILLED_BY_WORDS,
    LOAN_ID,
    PRICED_WORDS,
    SPECIALISM_WORDS,
    STATUS,
    TERM_WORDS,
    VALID_FROM,
    VALID_TO,
    Table,
    column,
)

_ROUND = column("round", "text", "轮次|选拔轮次|选拔批次", example="2026年第1轮")
_APPLICANT = column("applicant_id", "id", "工号|应聘人工号|报名人工号|员工号", example="M0001")
_POST = column("specialism", "code", "岗位|岗位类型|应聘岗位", codes=SPECIALISM_WORDS, strict=True, example="资产")
_NOT_OF_CUSTOMERS = ("customer_id", "account_id", "loan_id", "manager_id", "product")

STUDY_TABLES: tuple[Table, ...] = (
    Table(
        "capital",
        "资本",
        (
            column("date", "date", "报表日期|数据日期|日期|统计日期", event=True, example="2026-09-30"),
            column("net_capital", "money", "资本净额|资本净额合计|总资本净额", unit="万元", example="80000", least=1),
            column("tier1_capital", "money", "一级资本净额|核心一级资本净额", unit="万元", example="65000", least=1),
            column("source", "text", "来源报表|来源|报表名称", example="G40 资本充足率汇总表"),
        ),
        (("date",), ("net_capital",), ("tier1_capital",)),
        ("date",),
        forbids=_NOT_OF_CUSTOMERS,
    ),
    Table(
        "exposures",
        "授信与表外",
        (
            CUSTOMER_ID,
            column("contract_id", "id", "合同号|合同编号|授信合同号"),
            column("exposure_kind", "text", "业务种类|授信业务种类|表外业务种类", example="承兑"),
            column("limit", "money", "授信额度|授信金额|额度", unit="元", least=0, example="1000000"),
            column("exposure", "money", "敞口余额|业务余额|余额", unit="元", least=0, example="800000"),
            column("margin", "money", "保证金|保证金余额|保证金金额", unit="元", least=0, example="240000"),
            column("due_on", "date", "到期日期|到期日"),
            BRANCH_ID,
            STATUS,
            DATA_DATE,
        ),
        (("customer_id",), ("exposure_kind",), ("exposure", "limit")),
        ("customer_id", "contract_id", "exposure_kind"),
        snapshot=True,
        forbids=("loan_id", "account_id", "product"),
    ),
    Table(
        "groups",
        "关联客户",
        (
            column("connected_group", "id", "集团号|关联组号|集团编号|关联客户组号", example="G001"),
            CUSTOMER_ID,
            column("relation", "text", "关联类型|关联关系", example="控股"),
            VALID_FROM,
            VALID_TO,
            column("document", "text", "认定依据|依据文号|依据"),
        ),
        (("connected_group",), ("customer_id",), ("relation",)),
        forbids=("account_id", "loan_id", "name", "amount"),
    ),
    Table(
        "guarantees",
        "担保",
        (
            LOAN_ID,
            column("contract_id", "id", "合同号|合同编号|主合同号"),
            column("guarantor_id", "id", "保证人客户号|担保人客户号", example="810000000012"),
            column("guarantor_name", "text", "保证人名称|担保人名称|保证人|担保人", private="name", example="王某"),
            column("guarantor_number", "text", "保证人证件号|保证人证件号码|担保人证件号码", private="id_number"),
            column("guarantee", "text", "担保方式|保证方式", example="互保"),
            column("guaranteed", "money", "担保金额|保证金额", unit="元", least=0),
            DATA_DATE,
        ),
        (("loan_id", "contract_id"), ("guarantor_id", "guarantor_name"), ("guarantee",)),
        ("loan_id", "contract_id", "guarantor_id", "guarantor_name"),
        snapshot=True,
        forbids=("account_id", "balance", "five_class"),
    ),
    Table(
        "authority",
        "授权",
        (
            column("manager_id", "id", "工号|客户经理工号|客户经理编号|被授权人工号|员工号", example="M0001"),
            column("grade", "text", "等级|客户经理等级|职级|级别"),
            BRANCH_ID,
            column("guarantee", "text", "担保方式|主担保方式"),
            column("single", "money", "单笔权限|单笔审批权限|单笔金额权限", unit="万元", least=0, example="30"),
            column(
                "total", "money", "单户余额权限|单户权限|单户审批权限|单户授信权限", unit="万元", least=0, example="50"
            ),
            VALID_FROM,
            VALID_TO,
            column("document", "text", "授权书文号|授权书|授权文号|依据文号", example="授权书〔2026〕1号"),
        ),
        (("manager_id", "grade", "branch_id"), ("total",), ("valid_from",)),
        forbids=("customer_id", "account_id", "loan_id", "name"),
    ),
    Table(
        "applications",
        "业务申请",
        (
            column("application_id", "id", "申请编号|申请号|业务申请编号|申请流水号", example="SQ20261001"),
            CUSTOMER_ID,
            column("exposure_kind", "text", "业务种类|申请业务种类|业务品种", example="贷款"),
            column("guarantee", "text", "担保方式|主担保方式"),
            column("amount", "money", "申请金额|申请额度", unit="元", least=0, example="300000"),
            column("applied_on", "date", "受理日期|申请日期|受理日", event=True),
            column("promised_days", "count", "承诺工作日|承诺时限|承诺天数", least=0, example="7"),
            column("approved_on", "date", "审批日期|批准日期"),
            column("done_on", "date", "办结日期|放款日期|完成日期"),
            column("result", "text", "结果|申请结果|审批结果|办理结果", example="通过"),
            column("manager_id", "id", "客户经理工号|工号|受理人|经办客户经理|客户经理编号|客户经理"),
            BRANCH_ID,
        ),
        (("application_id",), ("customer_id",), ("applied_on",), ("amount",)),
        ("application_id",),
        forbids=("account_id", "loan_id", "balance"),
    ),
    Table(
        "ftp",
        "内部资金价格",
        (
            column(
                "side", "code", "存款/贷款|存贷|业务方向|资产负债|方向", codes=PRICED_WORDS, strict=True, example="存款"
            ),
            column("term", "code", "期限档|期限|期限档次|档次", codes=TERM_WORDS, strict=True, example="≤1年"),
            column(
                "price",
                "rate",
                "FTP价格|资金价格|内部资金价格|转移价格|FTP利率|FTP",
                plausible=(5_000, 80_000),
                example="2.1",
            ),
            VALID_FROM,
        ),
        (("side",), ("term",), ("price",), ("valid_from",)),
        forbids=_NOT_OF_CUSTOMERS,
    ),
    Table(
        "quotas",
        "岗位名额",
        (
            _ROUND,
            BRANCH_ID,
            _POST,
            column("quota", "count", "名额|招聘人数|岗位名额|录用名额", least=0, example="2"),
            column("minimum", "decimal", "岗位最低分|最低分|最低分数|录用最低分", example="70"),
        ),
        (("round",), ("branch_id",), ("quota",)),
        forbids=("customer_id", "manager_id", "applicant_id"),
    ),
    Table(
        "exam",
        "选拔成绩",
        (
            _ROUND,
            _APPLICANT,
            column("name", "text", "姓名|应聘人|报名人", example="张三"),
            column("subject", "text", "科目|考试科目|测评科目|计分项", example="理论"),
            column("score", "decimal", "得分|成绩|分数", example="82"),
            column("full", "decimal", "满分|满分值", example="100"),
            APPROVED,
        ),
        (("round",), ("applicant_id",), ("subject",), ("score",), ("approved_by",)),
        forbids=("customer_id", "branch_id", "item"),
    ),
    Table(
        "preferences",
        "双向选择志愿",
        (
            _ROUND,
            column("filed_by", "code", "填报方|填报人类别", codes=FILLED_BY_WORDS, strict=True, example="本人"),
            _APPLICANT,
            BRANCH_ID,
            _POST,
            column("rank", "count", "志愿序|志愿|志愿顺序|排序", least=1, example="1"),
            column("signed_on", "date", "填报日期|签字日期", event=True),
        ),
        (("round",), ("filed_by",), ("applicant_id",), ("branch_id",), ("rank",)),
        forbids=("customer_id", "item"),
    ),
)

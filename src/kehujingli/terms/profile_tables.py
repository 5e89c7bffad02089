"""Which tables do people fill in about a customer? What is known of one beyond the core system: 客户档案, item by item, 农户家庭, and 需求调查."""

from __future__ import annotations

from kehujingli.terms.canonical import CUSTOMER_ID, LABOUR_WORDS, MANAGER_ID, Table, column

_AS_OF = column("as_of", "date", "采集日期|采集日|更新日期|登记日期", event=True, example="2026-10-20")
_BY = column("collected_by", "text", "采集人|采集人工号|填写人|调查人", example="M0001")

PROFILE_TABLES: tuple[Table, ...] = (
    Table(
        "profile",
        "客户档案",
        (
            CUSTOMER_ID,
            column("profile_kind", "text", "档案类别|类别|信息类别", example="财务"),
            column("profile_item", "text", "档案项目|项目|信息项目", example="年销售收入"),
            column("content", "text", "内容|档案内容|填写内容", private="numbers", example="320"),
            column("content_unit", "text", "单位|计量单位", example="万元"),
            _AS_OF,
            _BY,
            column("evidence", "text", "佐证|依据|佐证材料", example="纳税申报表"),
        ),
        # a row begun in a form has no 内容 yet: it is not refused, and counts as not filled in
        (("customer_id",), ("profile_kind",), ("profile_item",), ("content", "collected_by")),
        forbids=("account_id", "loan_id", "manager_id", "amount", "points"),
    ),
    Table(
        "household",
        "农户家庭",
        (
            CUSTOMER_ID,
            column("member", "text", "家庭成员|成员姓名|成员", private="name", example="王某"),
            column("kinship", "text", "与户主关系|家庭关系|关系", example="配偶"),
            column("birth_year", "count", "出生年|出生年份", least=1900, example="1978"),
            column("work", "text", "职业|从事职业|从业", example="种植"),
            column("labour", "code", "劳动力|是否劳动力", codes=LABOUR_WORDS, strict=True, example="是"),
            _AS_OF,
            _BY,
        ),
        (("customer_id",), ("member",), ("kinship",)),
        forbids=("account_id", "loan_id", "manager_id", "amount"),
    ),
    Table(
        "survey",
        "需求调查",
        (
            column("survey_id", "text", "调查编号|调查批次|问卷编号", example="2026-10"),
            CUSTOMER_ID,
            column("question", "text", "题号|问题编号|问题|题目", example="Q1"),
            column("answer", "text", "回答|答案|选项", private="numbers", example="手机银行、理财"),
            column("importance", "count", "重要性|重要程度", least=1, most=5, example="5"),
            column("satisfaction", "count", "满意度|满意程度", least=1, most=5, example="3"),
            column("answered_on", "date", "调查日期|回答日期|访问日期", event=True, example="2026-10-20"),
            MANAGER_ID,
        ),
        # a row begun in a form has no answer yet: it is not refused, and counts as not asked
        (("survey_id",), ("customer_id",), ("question",), ("answer", "satisfaction", "manager_id")),
        forbids=("account_id", "loan_id", "amount", "points", "issue_id"),
    ),
)

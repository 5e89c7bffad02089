"""Which tables tell what stands beside a month: projects on the way, who is answerable for what, what others have?"""

from __future__ import annotations

from kehujingli.terms.canonical import CUSTOMER_ID, DUTY_PART_WORDS, MANAGER_ID, STAGE_WORDS, Table, column

ANNEX_TABLES: tuple[Table, ...] = (
    Table(
        "pipeline",
        "项目储备",
        (
            column("project_id", "id", "项目编号|项目号|储备编号", example="XM20261001"),
            CUSTOMER_ID,
            column("name", "text", "项目名称|名称|客户名称", private="name", example="东关粮油扩建"),
            column("stage", "code", "阶段|项目阶段|进展阶段", codes=STAGE_WORDS, strict=True, example="调查"),
            column("stage_on", "date", "进入日期|阶段日期|进入阶段日期", event=True, example="2026-10-12"),
            column("expected", "money", "预计金额|预计贷款金额|意向金额", unit="万元", least=0, example="300"),
            MANAGER_ID,
            column("expected_on", "date", "预计落地日期|预计日期|预计完成日期", example="2026-12-15"),
            column("lost_reason", "text", "放弃原因|未成原因", private="numbers", example="他行利率低"),
        ),
        (("project_id",), ("stage",), ("stage_on",), ("customer_id", "name")),
        forbids=("account_id", "loan_id", "application_id", "lead_id"),
    ),
    Table(
        "duties",
        "岗位职责",
        (
            column("post", "text", "岗位|岗位名称", example="资产"),
            column("duty", "text", "职责|职责内容|工作职责", example="贷后检查"),
            column("duty_part", "code", "分工|职责分工", codes=DUTY_PART_WORDS, strict=True, example="主责"),
        ),
        (("post",), ("duty",), ("duty_part",)),
        forbids=("customer_id", "manager_id", "account_id"),
    ),
    Table(
        "peers",
        "对标",
        (
            column("period", "text", "期间|月份|统计月份", example="2026-10"),
            column("institution", "text", "对标机构|同业|机构名称|机构", example="全市农商行"),
            column("item", "text", "指标|项目|指标名称", example="不良率"),
            column("peer_value", "decimal", "数值|指标值|值", bears_percent=True, example="1.85"),
            column("unit", "text", "单位|计量单位", example="%"),
            column("source", "text", "来源|来源报表|数据来源", example="监管通报"),
        ),
        (("period",), ("institution",), ("item",), ("peer_value",), ("unit",)),
        forbids=("customer_id", "manager_id", "account_id", "target"),
    ),
)

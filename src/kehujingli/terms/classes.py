"""What are things called that fall into classes? Code → Chinese, for whoever reads a class anywhere."""

from __future__ import annotations

from collections.abc import Mapping

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
HELD_AS = {"lead": "主办", "helper": "协办", "nobody": "公共和未挂户"}
"""What a person is to a part of a line of business."""
PRICED = {"deposit": LINES["deposit"], "loan": LINES["loan"]}
TERMS = {"demand": "活期", "to_3_months": "≤3月", "to_1_year": "≤1年", "to_3_years": "≤3年", "over_3_years": ">3年"}
"""Sides and terms that a price of funds holds for."""
STAGES = {
    "lead": "线索",
    "survey": "调查",
    "proposal": "推荐",
    "approval": "审批",
    "landed": "落地",
    "given_up": "放弃",
}
"""How far a project has come, in order; the last two are ends."""
DUTY_PARTS = {"answers": "主责", "helps": "协办", "approves": "审批", "told": "知会"}
LEAD_STATUSES = {"new": "未联系", "met": "已联系", "opened": "已开户", "given_up": "放弃"}
"""How far somebody who might become a customer has come, in order; the last two are ends."""
LEAD_SOURCES = {"counterparty": "对手方", "roster": "村民名册", "referral": "转介", "licence": "营业执照"}
DRIVERS = {
    "customers": "户数",
    "transactions": "笔数",
    "visits": "走访",
    "deposits": "存款日均",
    "loans": "贷款余额",
}
"""By what a cost is shared out among customers."""
LOAN_STATUSES = {
    "on_book": "表内",
    "written_off": "已核销",
    "swapped": "已置换",
    "transferred": "已转让",
    "settled": "已结清",
}
FREQUENCIES = {"frequent": "经常联系户", "mobile": "流动户", "dormant": "休眠户"}
SCALES = {"large": "大型客户", "medium": "中等客户", "small": "小客户"}
GROUPS = {f"{f}/{s}": f"{FREQUENCIES[f]}·{SCALES[s]}" for f in FREQUENCIES for s in SCALES}
"""户群: how often, and how large."""
TENDED_BY = {"manager": "客户经理", "branch": "网点", "remote": "远程"}
AIMS = {"keep": "保", "raise": "提", "wake": "唤", "grow": "养"}
"""Of 户群策略: who looks after a 户群, and what for."""
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
DILIGENCE = {"both": "勤且优", "diligent": "勤而不优", "good": "优而不勤", "neither": "不勤不优"}
"""勤 × 绩: visits and score beside the mean."""
GRADE_MOVES = {"promotion": "升级人选", "demotion": "降级人选"}
TARGET_SPANS = {"fixed": "办法里固定", "year": "全年", "quarter": "本季", "month": "本月"}
ITEM_COUNTS = {"points": "标准分", "extra": "加扣分", "pay": "绩效薪酬"}
MOVES = {"kept": "保持", "new": "新配", "moved": "调整", "unassigned": "未配"}
CHANGES = {"up": "升", "down": "降", "same": "平", "new": "新", "woken": "醒", "asleep": "睡"}
CAUSES = {
    "opened": "新开户",
    "own_activity": "本人办业务",
    "new_loan": "新贷款",
    "new_contract": "新签约",
    "idle": "没有业务",
    "deposit": "存款",
    "loan": "贷款",
    "buffer": "缓冲期满",
    "rules": "办法变更",
    "late_data": "数据补到",
    "fewer": "业务减少",
    "closed": "状态已销户",
    "absent": "客户信息里没有",
    "merged": "并户",
}
STEPS = {
    "new": "新户",
    "woken": "激活",
    "asleep": "转休眠",
    "up": "升档",
    "down": "降档",
    "closer": "往来增多",
    "looser": "往来减少",
    "gone": "销户",
    "merged": "并户",
}
"""What became of a customer between two periods; ``CHANGES`` and those that it does not tell."""
OWED = {
    "paid": "预发",
    "settled": "年终清算",
    "deferred": "延期支付",
    "clawback": "追索扣回",
    "stopped": "停止支付",
    "clawback_owed": "追索扣回（未扣）",
    "settled_paid": "年终清算已付",
    "deferred_paid": "延期支付已付",
    "clawback_taken": "追索扣回已扣",
    "granted": "补发",
    "overpaid": "多预发（未扣）",
    "overpaid_taken": "多预发已扣",
}
PLAN_SHEET, APPROVAL_SHEET, AT_ONCE_SHEET = "管户分配", "变动审批", "一并同意"
"""The sheets of 管户分配.xlsx that are written, filled in and read back."""
AGREED = ("是", "否")
EVERYBODY = "全部同意"
"""The row of 一并同意 that stands for all moves."""
RECEIVED = "收到"
"""What happens first to a claim."""
LEVELS = {"refused": "退回", "warning": "请核", "note": "提示"}
PUBLIC = "公共"
UNHELD = "未挂户"
SIDES: Mapping[str, str] = {"managers": "客户经理", "public": PUBLIC, "unheld": UNHELD}
"""Whose a branch's business is: the three add up to the branch."""
FULL, ASSESSED = "全口径", "考核口径"
"""Of deposits: as they stand, and each kind times its 折算系数."""
WHOLE_BRANCH = "机构合计"
WHOLE_COUNTY_NAME = "全辖"
MERGED_BY = {"id_number": "证件号码相同", "table": "同一客户认定"}

STATES: Mapping[str, str] = {"draft": "试算稿", "reviewed": "已复核", "approved": "已审批", "closed": "已关账"}
"""How far a period is."""

FILLED_BY = {"applicant": "本人", "branch": "机构"}
"""Whose wishes a form of 双向选择 says."""
VISIT_RESULTS = {"met": "已走访", "absent": "没遇上", "postponed": "改期"}
"""What came of a visit that was planned; only the first is a visit."""
DAY_KINDS = {"work": "工作日", "rest": "休息日"}
"""What 工作日历 says of a day."""
ISSUE_KINDS = {"issue": "问题", "complaint": "投诉"}
UPHELD = {"yes": "是", "partly": "部分", "no": "否"}
"""Whether what an issue says turned out to be so."""
PRODUCT_LINES = {**SPECIALISMS, "channel": "渠道"}
"""What a product of the catalogue is to the bank."""
OFFERED_BY = {"strategy": "主推", "together": "常一起有", "common": "同客群多有"}
"""Why a product is the next one for a customer, the first before the others."""

"""What are the columns called that the program itself makes? In workbooks, in lists on the terminal, in what is kept, in ``query``."""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.terms.tables import TABLES

REJECT_TOLD = ("问题单元格", "原因", "怎么改")
REJECT_SOURCE = ("来源文件", "来源工作表", "来源行")
REJECT_CODE = "问题编码"
"""Columns of 退回清单.xlsx: what is wrong, which row of which export it is, and the code of the finding."""

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

LIST_LABELS: Mapping[str, str] = {
    "period": "期间", "serial": "编号", "event": "事件", "claim": "主张数", "appeal": "申诉", "appeal_reason": "申诉理由", "source_file": "来源文件", "fingerprint": "文件指纹", "dated": "日期",
    "answer_due": "答复期限", "amount": "金额", "note": "说明", "into": "记入期间", "given_reason": "理由", "received_on": "收到", "days_to_answer": "还剩天数", "file": "文件", "sha256": "sha256",
    "encrypted": "有密码", "object": "什么", "object_name": "名称", "loan_or_account": "借据/账号", "branch": "机构", "place": "序", "days_left": "剩余天数", "customers": "客户数", "dormant": "休眠户",
    "customers_change": "增减", "came": "新来", "gone": "离开", "regrouped": "户群变动", "upper_change": "大中型增减", "dormant_change": "休眠增减", "average_deposit_change": "存款日均增减",
    "loan_balance_change": "贷款余额增减", "mean_score": "平均分", "mean_score_before": "原平均分", "score_change": "增减分", "score_before": "原得分", "rank_before": "原名次", "rank_change": "较上月",
    "most_changed_item": "变动最大的指标", "item_change": "该项增减", "cause": "因", "group_before": "原户群", "scale_amount_before": "原业务规模", "amount_change": "差额",
    "holder_before": "原管户", "holder_after": "管户", "first_day": "起", "last_day": "止", "days": "天数", "yuan_balance": "余额（元）", "yuan_days": "积数（元·天）", "portion": "份额",
    "grade_move": "等级人选", "pay_due_in": "应付期", "pay_kind": "名目", "yuan_amount": "金额(元)", "new_score": "新得分", "payable": "应发", "new_payable": "新应发", "more_or_less": "多（少）",
    "value": "取值", "total_pay": "应发合计", "gainers": "多得人数", "losers": "少得人数", "highest_lowest": "最高÷最低", "p90_p10": "P90÷P10", "gini": "基尼", "english": "英文名",
    "english_table": "英文表名", "english_column": "英文列名", "definition": "定义", "table": "表", "column": "列", "type": "类型", "as_of": "数据截至", "rules_file": "办法文件", "document_number": "文号", "run_at": "最近一次",
    "operator": "操作员", "approval": "审批", "sheet": "工作表", "taken_as": "认作", "data_rows": "数据行", "accepted": "采用", "refused": "退回", "total_amount": "金额合计", "more": "另有",
    "checked": "核对", "read": "读到", "claimed": "总账", "differs_in": "差在", "at": "时间", "deed": "事项", "content": "内容", "chain": "链",
}  # fmt: skip
"""What further columns of lists on the terminal and of lists that are kept are called."""


def label(key: str) -> str:
    """The Chinese name of a column of a list."""
    for names in (LABELS, LIST_LABELS, RESULT_LABELS):
        if key in names:
            return names[key]
    return next(table.column(key).label for table in TABLES if table.has(key))


def headers(*keys: str, **called: str) -> dict[str, str]:
    """Key → Chinese name, in this order; ``called``: which term a key of the list stands for, where it is not its own."""
    return {key: label(called.get(key, key)) for key in keys}


def words(*keys: str) -> list[str]:
    """The Chinese names of columns, in this order."""
    return [label(key) for key in keys]

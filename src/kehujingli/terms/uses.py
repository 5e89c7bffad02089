"""What is each column of an export for? The actuals and other figures that read it: what is lost with it, and what nobody reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kehujingli.terms.labels import ITEM_ACTUALS
from kehujingli.terms.tables import BESIDE, BY_KEY


@dataclass(frozen=True)
class Use:
    """``actuals`` cannot be told without the column; ``figures`` are told without it, differently or less exactly.

    ``seldom``: many exports never had it, and nothing need be said where none has. ``instead``: columns that say the same.
    """

    actuals: tuple[str, ...] = ()
    figures: str = ""
    seldom: bool = False
    instead: tuple[str, ...] = ()

    @property
    def cost(self) -> str:
        """What its absence costs, as words for a sentence."""
        lost = "、".join(ITEM_ACTUALS[name] for name in self.actuals)
        return "；".join(part for part in (f"{lost}缺数，不按 0 算" if lost else "", self.figures) if part)


_DEPOSITS = ("average_deposit_growth", "deposit_cost", "interest_cost", "demand_share")
_LOANS = (
    "average_loan_growth",
    "loan_customers_growth",
    "new_npl_since_tenure",
    "due_collection_ratio",
    "interest_collection_ratio",
    "new_overdue",
)
_INTEREST = ("interest_collection_ratio",)
_DUE = ("due_collection_ratio",)
_OTHER_CURRENCY = Use(figures="外币分不开，会按人民币相加", seldom=True)
_DATED = Use(figures="数据日期只能看标题、文件名或文件夹", seldom=True)
_OF_BRANCH = Use(figures="按机构的数字归不到机构")
_VALID = Use(figures="起止日期分不出，按一直有效算", seldom=True)
_FORM = Use(figures="手工表少了这一项说明", seldom=True)

USES: Mapping[str, Mapping[str, Use]] = {
    "customers": {
        "customer_id": Use(figures="客户分不出"),
        "name": Use(figures="名单和卡片没有客户名称"),
        "customer_type": Use(figures="客户类型分不出，都按个人定档"),
        "branch_id": _OF_BRANCH,
        "opened_on": Use(figures="新客户分不出，开户前的日子也算进日均"),
        "id_number": Use(figures="同一客户的几个客户号认不出"),
        "birth_date": Use(figures="名单没有年龄", seldom=True),
        "phone": Use(figures="名单和卡片没有电话", seldom=True),
        "industry": Use(figures="客群少一项依据", seldom=True),
        "rural": Use(figures="客群少一项依据", seldom=True),
        "agriculture": Use(figures="客群少一项依据", seldom=True),
        "village": Use(figures="包村不能分配", seldom=True),
        "manager_id": Use(
            (*_DEPOSITS, "fee_income", "customers_woken"), "客户现在由谁管户不知道，没有业绩归属和方案的都算无人管户"
        ),
        "status": Use(figures="已销户的客户分不开", seldom=True),
        "data_date": _DATED,
    },
    "accounts": {
        "account_id": Use(figures="账户分不出"),
        "customer_id": Use(figures="账户是谁的不知道"),
        "branch_id": _OF_BRANCH,
        "kind": Use(("average_deposit_growth", "demand_share"), "活期、定期分不开"),
        "product": Use(figures="解释里没有产品名称", seldom=True),
        "balance": Use(("deposit_cost", "demand_share"), "存款余额按流水算"),
        "average_month": Use(figures="月日均按流水算", seldom=True),
        "average_year": Use(figures="年日均按流水算", seldom=True),
        "average_last_year": Use(figures="上年日均按流水算，流水不够长的没有", seldom=True),
        "rate": Use(("deposit_cost",), "期末加权利率算不出"),
        "opened_on": Use(figures="开户前的日子也算进日均"),
        "matures_on": Use(figures="未到期的定期认不出，可能算作休眠户"),
        "closed_on": Use(figures="销户后的日子也算进日均"),
        "manager_id": Use(_DEPOSITS, "揽存人不知道，按客户的管户经理算"),
        "currency": _OTHER_CURRENCY,
        "data_date": _DATED,
    },
    "loans": {
        "loan_id": Use(figures="借据分不出"),
        "customer_id": Use(figures="贷款是谁的不知道"),
        "product": Use(figures="解释里没有产品名称", seldom=True),
        "issued_on": Use(("new_npl_since_tenure",)),
        "due_on": Use(figures="名单没有到期日期"),
        "amount": Use(figures="解释里没有发放金额", seldom=True),
        "balance": Use(figures="贷款余额算不出"),
        "average_year": Use(("average_loan_growth",), seldom=True),
        "rate": Use(figures="解释里没有利率", seldom=True),
        "five_class": Use(("npl_ratio", "new_npl_since_tenure"), "不良率算不出"),
        "overdue_days": Use(("new_overdue",), "逾期的认不出"),
        "status": Use(
            ("npl_ratio", "new_npl_since_tenure", "new_overdue", "loan_customers_growth", "average_loan_growth"),
            "已核销、已置换的分不开，会算进贷款余额",
            instead=("written_off",),
        ),
        "written_off": Use(figures="已核销的只按状态认，状态里没写的会算进贷款余额", seldom=True),
        "transferred": Use(figures="已转让的只按状态认，状态里没写的会算进贷款余额", seldom=True),
        "interest_received": Use(_INTEREST),
        "arrears_on_book": Use(_INTEREST),
        "arrears_off_book": Use(_INTEREST),
        "due_principal": Use(_DUE),
        "due_collected": Use(_DUE),
        "manager_id": Use(_LOANS, "贷款由谁管不知道，按客户的管户经理算"),
        "responsible_id": Use(("npl_ratio",), "贷款由谁负责不知道"),
        "branch_id": _OF_BRANCH,
        "currency": _OTHER_CURRENCY,
        "data_date": _DATED,
    },
    "managers": {
        "manager_id": Use(figures="客户经理分不出"),
        "name": Use(figures="名单没有姓名，按姓名写的认不出是谁"),
        "branch_id": _OF_BRANCH,
        "serves": Use(figures="按本机构分配客户"),
        "specialism": Use(figures="岗位分不出，分配和办法都按没有岗位的办"),
        "grade": Use(figures="绩效标准按等级的查不到"),
        "capacity": Use(figures="按不限户数分配"),
        "authority": Use(figures="分配时不看授信权限", seldom=True),
        "since": Use(("new_npl_since_tenure",), "任职前的日子也算她的"),
        "until": Use(figures="离任的人认不出，照样计分、分配客户"),
        "duty_days": Use(figures="绩效按任职日期推算在岗天数", seldom=True),
        "status": Use(figures="离职、停职的认不出", seldom=True),
        "data_date": _DATED,
    },
    "branches": {
        "branch_id": Use(figures="机构分不出"),
        "name": Use(figures="名单没有机构名称，按名称写的机构认不出"),
        "region": Use(figures="按片区的服务范围认不出", seldom=True),
        "merged_into": Use(figures="撤并的机构认不出", seldom=True),
        "merged_on": Use(figures="撤并的日子不知道", seldom=True),
        "data_date": _DATED,
    },
    "holdings": {
        "customer_id": Use(figures="签约的是谁不知道"),
        "product": Use(figures="签约的是什么不知道"),
        "signed_on": Use(figures="从哪天起签约不知道"),
        "closed_on": Use(figures="已解约的也算有效，休眠户会少算"),
        "data_date": _DATED,
    },
    "ebank": {
        "customer_id": Use(figures="渠道是谁的不知道"),
        "channel": Use(figures="开通的是什么不知道"),
        "opened_on": Use(figures="从哪天起开通不知道", instead=("last_used",)),
        "last_used": Use(figures="动户率只看流水", seldom=True),
        "closed_on": Use(figures="已注销的也算开通户", instead=("status",)),
        "status": Use(figures="注销的只看注销日期", seldom=True),
        "data_date": _DATED,
    },
    "transactions": {
        "date": Use(figures="流水没有日期"),
        "time": Use(figures="同一天的先后分不出", seldom=True),
        "customer_id": Use(figures="流水是哪位客户的，只能由账号推出", seldom=True),
        "account_id": Use(figures="流水是哪个账户的不知道，账户的日均算不出", seldom=True),
        "direction": Use(figures="收付只看金额的正负", instead=("debit_amount", "credit_amount")),
        "amount": Use(figures="流水没有金额", instead=("debit_amount", "credit_amount")),
        "debit_amount": Use(figures="支出没有金额", instead=("amount",)),
        "credit_amount": Use(figures="收入没有金额", instead=("amount",)),
        "balance": Use(figures="日终余额只能由发生额推出"),
        "kind": Use(figures="按业务类型不算的（利息、扣费等）分不开，付息率少一项依据，冲正的认不出"),
        "memo": Use(figures="按摘要不算的（利息、扣费等）分不开，冲正的认不出"),
        "channel": Use(figures="替代率、月活算不出", seldom=True),
        "counterparty_account": Use(figures="本人账户之间的转账分不开"),
        "transaction_id": Use(figures="重复导出的流水认不出"),
        "currency": _OTHER_CURRENCY,
    },
    "targets": {
        "manager_id": Use(figures="任务数是谁的不知道", instead=("branch_id",)),
        "branch_id": Use(figures="机构的任务数认不出", seldom=True),
        "item": Use(figures="任务数是哪一项的不知道"),
        "target": Use(figures="没有任务数"),
        "unit": Use(figures="任务数的单位按指标自己的算", seldom=True),
        "period": Use(figures="任务数是哪一期的不知道，按全年的算"),
    },
    "actuals": {
        "manager_id": Use(figures="填报的是谁不知道"),
        "name": _FORM,
        "branch_id": _FORM,
        "specialism": _FORM,
        "grade": _FORM,
        "period": Use(figures="填报的是哪一期不知道", seldom=True),
        "source": _FORM,
        "approved_by": Use(figures="有没有审批不知道", seldom=True),
    },
    "adjustments": {
        "manager_id": Use(figures="加减分是谁的不知道"),
        "period": Use(figures="加减分是哪一期的不知道"),
        "item": Use(figures="加减分是哪一项的不知道，一票否决、扣回等也认不出"),
        "points": Use(figures="没有分数", instead=("amount",)),
        "amount": Use(figures="没有金额", instead=("points",)),
        "occurred_on": _FORM,
        "reason": Use(figures="没有事由，不予采用"),
        "document": _FORM,
        "entered_by": _FORM,
        "approved_by": Use(figures="没有审批人，不予采用"),
        "approved_on": _FORM,
        "corrects": Use(figures="更正的是哪一期不知道", seldom=True),
    },
    "attributions": {
        "customer_id": Use(figures="按客户的归属认不出", instead=("account_id", "loan_id")),
        "account_id": Use(figures="按账户的归属认不出", seldom=True),
        "loan_id": Use(figures="按借据的归属认不出", seldom=True),
        "line": Use(figures="归属哪条线不知道"),
        "manager_id": Use(figures="归属谁不知道"),
        "share": Use(figures="每行都按 100% 归属"),
        "valid_from": Use(figures="从哪天起归属不知道，按一直有效算"),
        "valid_to": Use(figures="到哪天为止不知道，按一直有效算"),
        "document": _FORM,
        "approved_by": _FORM,
    },
    "baselines": {
        "customer_id": Use(figures="按客户的基数认不出", seldom=True),
        "account_id": Use(figures="按账户的基数认不出", seldom=True),
        "manager_id": Use(figures="按客户经理的基数认不出", instead=("customer_id", "account_id")),
        "item": Use(figures="基数是哪一项的不知道"),
        "baseline": Use(figures="没有基数"),
        "unit": Use(figures="基数的单位按指标自己的算", seldom=True),
        "year": Use(figures="基数是哪一年的不知道"),
        "approved_by": _FORM,
    },
    "grids": {
        "village": Use(figures="包的是哪个村不知道"),
        "manager_id": Use(figures="谁包村不知道"),
        "branch_id": Use(figures="同名的村分不开", seldom=True),
        "valid_from": _VALID,
        "valid_to": _VALID,
    },
    "conflicts": {
        "manager_id": Use(figures="谁须回避不知道"),
        "customer_id": Use(figures="须回避哪一户不知道", instead=("village",)),
        "village": Use(figures="须回避哪个村不知道", instead=("customer_id",)),
        "reason": Use(figures="为什么回避不知道"),
        "valid_from": _VALID,
        "valid_to": _VALID,
    },
    "fees": {
        "date": Use(figures="中间业务收入是哪天的不知道", instead=("period",)),
        "period": Use(figures="中间业务收入是哪一期的不知道", instead=("date",)),
        "customer_id": Use(figures="中间业务收入是哪位客户的不知道，只能按营销人算"),
        "product": Use(figures="中间业务收入是什么的不知道"),
        "amount": Use(figures="没有金额"),
        "manager_id": Use(figures="没有营销人，按客户的管户经理算"),
        "branch_id": Use(figures="按机构的数字归不到机构", seldom=True),
    },
    "visits": {
        "date": Use(figures="哪天走访不知道"),
        "customer_id": Use(figures="走访了谁不知道"),
        "manager_id": Use(figures="谁去走访不知道"),
        "way": _FORM,
        "purpose": _FORM,
        "result": _FORM,
    },
    "identities": {
        "customer_id": Use(figures="认定的是谁不知道"),
        "main_id": Use(figures="认定并到哪里不知道"),
        "reason": _FORM,
        "document": _FORM,
        "approved_by": _FORM,
    },
    "controls": {
        "table": Use(figures="对的是哪张表不知道"),
        "column": Use(figures="对的是哪一列不知道", seldom=True),
        "rows": Use(figures="不对行数", seldom=True),
        "total": Use(figures="不对金额", seldom=True),
        "branch_id": Use(figures="按机构的对账认不出", seldom=True),
        "period": Use(figures="对账是哪一期的不知道", seldom=True),
        "data_date": _DATED,
    },
}
"""Table → column → what reads it, and what a month lacks without it."""

_ASIDE: Mapping[str, frozenset[str]] = {
    "customers": frozenset({"connected_group"}),
    "accounts": frozenset({"balance_side", "accumulated_month", "accumulated_year"}),
    "loans": frozenset({"contract_id", "accumulated_year", "account_id"}),
    "transactions": frozenset({"balance_side", "branch_id", "counterparty_name", "counterparty_bank"}),
    "fees": frozenset({"document"}),
    "branches": frozenset({"kind", "staff", "cost", "profit", "area", "atm", "counter_staff", "distance_to"}),
    "managers": frozenset({"birth_date", "education", "joined_on", "certificates", "skills", "village_home"}),
    "visits": frozenset({"document", "minutes", "planned", "village"}),
}
"""Columns that a month does not lack: studies read them, or readers where they are there."""
_OF_STUDIES = ({table.key for table in BESIDE} - USES.keys()) | {"costs"}
"""Of these nothing need be said: each column is there for the study that reads the table."""


def unread(table: str, columns: Mapping[str, str]) -> list[str]:
    """Of a sheet's canonical columns (key → header) the headers of those that nothing but ``query`` reads."""
    if table in _OF_STUDIES:
        return []
    used = {*USES.get(table, {}), *_ASIDE.get(table, ())}
    return [header for key, header in columns.items() if key not in used and BY_KEY[table].has(key) and header]

"""What do customers say, and what is on file about them? 问题台账, 联动转介, 客户档案, 农户家庭 and 需求调查."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kehujingli.demo.county import Calendar
from kehujingli.periods import month_name

_SAID = ("柜面等候时间长", "手机银行不会用", "利息算得不对", "贷款材料反复补", "ATM 吞卡", "短信费不知道")
_DEPARTMENTS = ("公司业务部", "信贷管理部", "电子银行部", "国际业务部")
_MATTERS = ("代发工资", "项目贷款", "收单码", "结算账户")
_ANSWERED = 0.034
"""The share of a draw among all that have answered by the month's end: most of those whom 需求调查 lists."""
_WANTED = ("手机银行", "收单码", "稳盈理财", "代理保险", "社保卡", "无")
_ASPECTS = {"利率高低": (4, 3), "方便": (5, 3), "安全": (5, 4), "服务": (4, 4)}
"""Aspect → how important and how satisfying it mostly is, of five."""
_OLD = 400
"""Some of what is filed is older than a year, in days at most."""

Drawer = Callable[[np.random.Generator], tuple[str, str | None]]


def _whole(low: int, high: int, unit: str) -> Drawer:
    return lambda rng: (str(int(rng.integers(low, high))), unit)


def _one_of(*words: str) -> Drawer:
    return lambda rng: (words[int(rng.integers(0, len(words)))], None)


_ITEMS: dict[tuple[str, str], Drawer] = {
    ("财务", "年销售收入"): _whole(80, 3_000, "万元"),
    ("财务", "资产总额"): _whole(60, 2_400, "万元"),
    ("财务", "负债总额"): _whole(10, 900, "万元"),
    ("生产", "主要产品"): _one_of("粮油加工", "建材", "果蔬", "服装", "饲料"),
    ("生产", "生产能力"): _whole(100, 9_000, "吨/年"),
    ("销售", "主要客户"): _one_of("本县经销商", "省内商超", "电商平台"),
    ("销售", "结算方式"): _one_of("月结", "现款", "承兑"),
    ("管理资源", "实际控制人"): _one_of("法定代表人", "法定代表人的配偶", "村集体"),
    ("管理资源", "从业人数"): _whole(3, 120, "人"),
    ("行业市场", "所属行业"): _one_of("加工", "批发零售", "养殖", "运输"),
    ("行业市场", "市场前景"): _one_of("平稳", "看好", "下滑"),
}
_KIN = (("配偶", 0), ("子", 1), ("女", 1), ("父", -1), ("母", -1))
"""Member → whether of the generation below (1) or above (-1)."""
_WORK = ("种植", "养殖", "务工", "个体经营", "在校")


def make_issues(
    rng: np.random.Generator, people: pd.DataFrame, holders: npt.NDArray[np.object_], calendar: Calendar
) -> pd.DataFrame:
    """Some thirty of the last three months: most answered in time, some late, a few open; of complaints whether they were right."""
    held = np.flatnonzero(holders != "")
    chosen = rng.choice(held, min(30, len(held)), replace=False)
    rows = []
    for place, one in enumerate(chosen):
        raised = calendar.last - 88 + place * 3
        closed = raised + (14 if place % 7 == 3 else int(rng.integers(1, 8)))
        closed_on = closed if closed <= calendar.last and place % 11 != 5 else None
        complaint = place % 3 == 0
        rows.append(
            (
                f"WT{calendar.year}{place + 1:04d}",
                people["customer_id"].iloc[one],
                holders[one],
                "complaint" if complaint else "issue",
                raised,
                closed_on,
                ("yes", "no", "partly")[place % 4 % 3] if complaint and closed_on else None,
                _SAID[place % len(_SAID)],
            )
        )
    columns = ["issue_id", "customer_id", "manager_id", "issue_kind", "raised_on", "closed_on", "upheld", "text"]
    return pd.DataFrame(rows, columns=columns)


def make_referrals(
    rng: np.random.Generator, people: pd.DataFrame, holders: npt.NDArray[np.object_], calendar: Calendar
) -> pd.DataFrame:
    """Firms and traders passed on to departments; two in three are done."""
    firms = np.flatnonzero((holders != "") & people["customer_type"].isin(["business", "sole_trader"]).to_numpy())
    chosen = rng.choice(firms, min(18, len(firms)), replace=False)
    rows = []
    for place, one in enumerate(chosen):
        raised = calendar.last - 75 + place * 4
        done = raised + int(rng.integers(3, 25))
        done_on = done if done <= calendar.last and place % 3 else None
        won = done_on is not None and place % 4 != 2
        rows.append(
            (
                f"ZJ{calendar.year}{place + 1:04d}",
                people["customer_id"].iloc[one],
                holders[one],
                _DEPARTMENTS[place % len(_DEPARTMENTS)],
                _MATTERS[place % len(_MATTERS)],
                raised,
                done_on,
                None if done_on is None else "成功" if won else "未成",
                int(rng.integers(5, 80)) * 1_000_000 if won else None,
            )
        )
    columns = ["referral_id", "customer_id", "from_id", "to_department", "matter", "raised_on", "done_on"]
    return pd.DataFrame(rows, columns=[*columns, "result", "amount"])


def make_profile(
    rng: np.random.Generator,
    people: pd.DataFrame,
    holders: npt.NDArray[np.object_],
    wanted: npt.NDArray[np.bool_],
    calendar: Calendar,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """客户档案 of firms and traders and the income of households, and 农户家庭. ``wanted``: of whom a file is kept; of two in five of them there is
    one, not all of it whole, some of it old; what was told before stays beneath."""
    kind = people["customer_type"].to_numpy()
    rows: list[tuple[Any, ...]] = []
    members: list[tuple[Any, ...]] = []
    for one in np.flatnonzero(wanted & (holders != "") & (kind != "public")):
        if rng.random() > 0.4:
            continue
        who, by = people["customer_id"].iloc[one], holders[one]
        day = calendar.last - int(rng.integers(0, _OLD))
        if kind[one] == "person":
            rows.append((who, "家庭", "年收入", str(int(rng.integers(3, 30))), "万元", day, by, "入户调查"))
            if rng.random() < 0.8:
                members += _family(rng, who, people["name"].iloc[one], day, by)
            continue
        for (part, item), draw in _ITEMS.items():
            if rng.random() < 0.8:
                rows.append((who, part, item, *draw(rng), day, by, "贷前调查"))
                if rng.random() < 0.1:
                    rows.append((who, part, item, *draw(rng), day - 365, by, "贷前调查"))
    columns = ["customer_id", "profile_kind", "profile_item", "content", "content_unit", "as_of", "collected_by"]
    family = ["customer_id", "member", "kinship", "birth_year", "work", "labour", "as_of", "collected_by"]
    return pd.DataFrame(rows, columns=[*columns, "evidence"]), pd.DataFrame(members, columns=family)


def _family(rng: np.random.Generator, who: str, name: str, day: int, by: str) -> list[tuple[Any, ...]]:
    rows = [(who, name, "户主", 1960 + int(rng.integers(0, 30)), "种植", "yes", day, by)]
    for kin, below in _KIN[: int(rng.integers(1, len(_KIN) + 1))]:
        born = 1970 + 25 * below + int(rng.integers(0, 12))
        work = "在校" if below > 0 and born > 2002 else _WORK[int(rng.integers(0, len(_WORK) - 1))]
        rows.append(
            (who, f"{name[0]}某{kin}", kin, born, work, "no" if work == "在校" or below < 0 else "yes", day, by)
        )
    return rows


def make_survey(
    rng: np.random.Generator, people: pd.DataFrame, holders: npt.NDArray[np.object_], calendar: Calendar
) -> pd.DataFrame:
    """Answers of most of those whom this month's draw names, in the questions of the example's rules."""
    month = month_name(calendar.last_month)
    least = int(_ANSWERED * 16**8)
    rows: list[tuple[Any, ...]] = []
    for place, who in enumerate(people["customer_id"]):
        if int(hashlib.sha256(f"{month}|{who}".encode()).hexdigest()[:8], 16) > least:
            continue
        day, by = calendar.last - int(rng.integers(0, 20)), holders[place] or None
        wants = list(dict.fromkeys(_WANTED[one] for one in rng.integers(0, len(_WANTED), 2)))
        said = "无" if wants[0] == "无" else "、".join(one for one in wants if one != "无")
        rows.append((month, who, "Q1", said, None, None, day, by))
        for aspect, (weight, content) in _ASPECTS.items():
            low = rng.integers(-1, 2, 2)
            rows.append(
                (month, who, aspect, None, min(5, weight + int(low[0])), min(5, content + int(low[1])), day, by)
            )
    columns = ["survey_id", "customer_id", "question", "answer", "importance", "satisfaction", "answered_on"]
    return pd.DataFrame(rows, columns=[*columns, "manager_id"])

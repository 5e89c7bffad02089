"""Who the managers are, who wants which post, and what does a post answer for? 名册's columns of people, 选拔, 岗位职责 and 回避."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kehujingli import terms
from kehujingli.demo.county import Calendar
from kehujingli.periods import day_of, month_start

_EDUCATION = ("本科", "大专", "本科", "研究生", "高中")
_CERTIFICATES = ("信贷从业资格", "基金从业资格", None, "理财师", None)
_YEAR = 365
_OUTSIDERS = 6
"""Applicants who are no customer managers yet."""
_FULL = 100
_DUTIES: dict[str, Sequence[tuple[str, str]]] = {
    "客户经理部经理": (
        ("考核和分配方案", "answers"),
        ("贷款调查", "approves"),
        ("大额存款报价", "approves"),
        ("客户档案", "approves"),
        ("客户投诉", "answers"),
    ),
    "资产业务经理助理": (
        ("贷款调查", "answers"),
        ("贷后检查", "answers"),
        ("到期贷款收回", "answers"),
        ("客户档案", "answers"),
        ("存款营销", "helps"),
    ),
    "负债业务经理助理": (
        ("存款营销", "answers"),
        ("大额存款报价", "answers"),
        ("客户档案", "answers"),
        ("贷款调查", "helps"),
    ),
    "中间业务经理助理": (("代理保险和理财", "answers"), ("电子渠道推广", "answers"), ("存款营销", "told")),
    "综合柜员": (("电子渠道推广", "helps"), ("村级走访登记", "helps"), ("客户投诉", "told")),
}
"""Two lines answer for 客户档案, nobody for 村级走访登记: what such a table is read for."""


def with_people(rng: np.random.Generator, managers: pd.DataFrame) -> pd.DataFrame:
    """The roster with birth date, education, day of joining and certificates; nobody joined after taking the post."""
    count = len(managers)
    since = managers["since"].to_numpy().astype("int64")
    joined = since - rng.integers(0, 8 * _YEAR, count)
    return managers.assign(
        birth_date=joined - rng.integers(21 * _YEAR, 30 * _YEAR, count),
        education=[_EDUCATION[one] for one in rng.integers(0, len(_EDUCATION), count)],
        joined_on=joined,
        certificates=[_CERTIFICATES[one] for one in rng.integers(0, len(_CERTIFICATES), count)],
        skills=[_able(str(own), place) for place, own in enumerate(managers["specialism"])],
    )


def _able(own: str, place: int) -> str:
    """The own 岗位, and of every third person one more."""
    every = list(terms.SPECIALISMS)
    more = [every[(every.index(own) + 1) % len(every)]] if place % 3 == 0 and own in every else []
    return ";".join(terms.SPECIALISMS.get(one, one) for one in (own, *more))


def make_duties() -> pd.DataFrame:
    """What each post answers for, helps with, approves or is told of."""
    rows = [(post, duty, part) for post, own in _DUTIES.items() for duty, part in own]
    return pd.DataFrame(rows, columns=["post", "duty", "duty_part"])


def make_conflicts(managers: pd.DataFrame, people: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Relatives and a home village, each of a manager of another branch: nobody has to be moved for them."""
    on_duty = managers[managers["until"].isna() & managers["serves"].isna()]
    far = [people[people["branch_id"] != branch] for branch in on_duty["branch_id"].head(3)]
    villages = [part["village"].dropna() for part in far]
    if len(far) < 3 or any(part.empty for part in villages):
        return pd.DataFrame()
    first = day_of(month_start(calendar.year * 12))
    who = on_duty["manager_id"].head(3).tolist()
    return pd.DataFrame(
        [
            (who[0], far[0]["customer_id"].iloc[0], None, "配偶", first),
            (who[1], far[1]["customer_id"].iloc[1], None, "兄弟", first),
            (who[2], None, villages[2].iloc[0], terms.label("village_home", "managers"), first),
        ],
        columns=["manager_id", "customer_id", "village", "reason", "valid_from"],
    )


def make_selection(
    rng: np.random.Generator, managers: pd.DataFrame, places: pd.DataFrame, names: Sequence[str], calendar: Calendar
) -> dict[str, pd.DataFrame]:
    """A round of this year: exam, quotas, preferences. ``names``: of applicants who are no managers yet; one of them missed a part."""
    round_ = f"{calendar.year}年第1轮"
    inside = managers[managers["until"].isna() & managers["serves"].isna()].iloc[::2]
    applicants = [*zip(inside["manager_id"], inside["name"], strict=True)]
    applicants += [(f"Y{number:04d}", name) for number, name in enumerate(names[:_OUTSIDERS], 1)]
    exam = []
    for place, (who, name) in enumerate(applicants):
        for part, low, high in (("理论", 62, 97), ("业绩", 55, 98), ("技能", 60, 95)):
            if place == len(applicants) - 1 and part == "技能":
                continue
            exam.append((round_, who, name, part, str(rng.integers(low, high)), str(_FULL), "选拔领导小组"))
    branches = places["branch_id"].tolist()
    posts = [
        (branch, ("asset", "liability")[place % 2], 2 if place == 0 else 1) for place, branch in enumerate(branches[:5])
    ]
    quotas = [
        (round_, branch, kind, quota, "70" if place == 0 else None) for place, (branch, kind, quota) in enumerate(posts)
    ]
    wishes: list[tuple[Any, ...]] = []
    day = day_of(month_start(calendar.last_month)) + 8
    for who, _ in applicants:
        for rank, post in enumerate(rng.permutation(len(posts))[: int(rng.integers(1, 4))], 1):
            wishes.append((round_, "applicant", who, posts[post][0], posts[post][1], rank, day))
    for rank, (who, _) in enumerate(applicants[1:4], 1):
        wishes.append((round_, "branch", who, posts[-1][0], posts[-1][1], rank, day + 3))
    return {
        "exam": pd.DataFrame(
            exam, columns=["round", "applicant_id", "name", "subject", "score", "full", "approved_by"]
        ),
        "quotas": pd.DataFrame(quotas, columns=["round", "branch_id", "specialism", "quota", "minimum"]),
        "preferences": pd.DataFrame(
            wishes, columns=["round", "filed_by", "applicant_id", "branch_id", "specialism", "rank", "signed_on"]
        ),
    }

"""选拔：公开选拔、竞争上岗、双向选择，谁上哪个岗位，谁落聘，为什么？成绩按办法合成，志愿和名额配成没有人能反悔的结果。"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding, problem
from kehujingli.studies.people.choices import Post, Wish, posts_of, wishes_of
from kehujingli.studies.people.deferred import NOWHERE
from kehujingli.studies.people.marks import Candidate, Rules, candidates, rounded, short_of
from kehujingli.studies.people.round import Round
from kehujingli.studies.placing import several
from kehujingli.studies.study import Answer, Option, Study, StudyList
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import plain

if TYPE_CHECKING:
    import pandas as pd

_TAKEN, _LEFT, _SHORT, _NO_WISH, _PASSED = "录取", "落聘", "未上线", "没有可用志愿", "上线"


def select(
    exam: pd.DataFrame,
    preferences: pd.DataFrame | None = None,
    quotas: pd.DataFrame | None = None,
    scores: pd.DataFrame | None = None,
    managers: pd.DataFrame | None = None,
    branches: pd.DataFrame | None = None,
    *,
    rules: Rules,
    round: str = "",
) -> Answer:
    """``exam``, ``preferences``, ``quotas`` as their tables have them, scores as exact text; ``scores``, ``managers``, ``branches`` as a month keeps them."""
    name, told = _round_named(exam, round)
    found, wrong = candidates(_of(exam, name), scores, rules)
    told += wrong
    scored = sorted((one for one in found.values() if one.total is not None), key=lambda one: one.order(rules.ties))
    posts, wrong = posts_of(_of(quotas, name)) if quotas is not None else ([], [])
    told += wrong
    wishes: dict[str, list[Wish]] = {}
    forms: dict[int, dict[str, int]] = {}
    if preferences is not None and posts:
        wishes, forms, wrong = wishes_of(_of(preferences, name), posts, found)
        told += wrong
    elif len(posts) == 1:
        wishes = {one.applicant_id: [Wish(0, 1)] for one in scored}
    done = Round(scored, posts, wishes, forms, rules)
    passed = [one for one in scored if not one.short]
    told += _warned(done, passed, rules)
    names = _pairs(branches, "branch_id", "branch_name")
    homes = _pairs(managers, "manager_id", "branch_id")
    people = _people(done, [one for one in found.values() if one.total is None], names, homes, bool(wishes))
    taken = sum(post != NOWHERE for post in done.got)
    lines = [
        f"{name}：{len(found):,} 人，上线 {len(passed):,} 人",
        f"岗位 {len(posts):,} 个、名额 {sum(post.quota for post in posts):,} 人：录取 {taken:,} 人，上线而没有岗位 {len(passed) - taken:,} 人"
        if wishes
        else "只排名次，没有配岗位",
    ]
    frames = {
        "select_results": _frame(people, _RESULT),
        "select_left": _frame([row for row in people if row["outcome"] not in (_TAKEN, _PASSED)], _AWAY),
        "select_why": _frame(_why(done, names), _WHY),
        "select_posts": _frame(_posts(done, names), _POSTS),
        "select_marks": _frame(_marks(found.values(), rules), _MARKS),
    }
    return Answer(frames, lines, told)


def _frame(rows: list[dict[str, Any]], columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=keys(columns))
    counts = {column.key: "Int64" for column in columns if column.kind == "count"}
    return frame.astype(counts)


def _round_named(exam: pd.DataFrame, asked: str) -> tuple[str, list[Finding]]:
    """The round that was asked for, else the last by its name, numbers by their size. Raises ``option.bad``."""
    rounds = sorted({str(value) for value in exam["round"].dropna()}, key=_natural)
    if asked and asked not in rounds:
        raise problem(
            "option.bad", option="--round", value=asked, detail="没有这一轮", cure=f"有：{'、'.join(rounds)}。"
        )
    name = asked or (rounds[-1] if rounds else "")
    told = [several("study.select-rounds", rounds, round=name)] if len(rounds) > 1 and not asked else []
    return name, told


def _natural(name: str) -> list[tuple[int, str]]:
    """第 10 轮 after 第 2 轮."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


def _of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame["round"].astype("object").eq(name)]


def _pairs(frame: pd.DataFrame | None, key: str, value: str) -> dict[str, str]:
    if frame is None:
        return {}
    known = frame[[key, value]].dropna().drop_duplicates(key)
    return dict(zip(known[key], known[value], strict=True))


def _warned(done: Round, passed: list[Candidate], rules: Rules) -> list[Finding]:
    told = []
    room = sum(post.quota for post in done.posts)
    if done.posts and room < len(passed):
        told.append(finding("study.select-quota-short", count=len(passed) - room, room=room, passed=len(passed)))
    if tied := done.tied():
        told.append(several("study.select-tie", tied, ties="、".join(rules.ties)))
    return told


def _post_said(post: Post, names: dict[str, str]) -> str:
    words = (names.get(post.branch_id, post.branch_id), terms.SPECIALISMS.get(post.specialism, post.specialism))
    return "·".join(word for word in words if word)


def _placed(post: Post, names: dict[str, str]) -> dict[str, Any]:
    return {
        "branch_id": post.branch_id,
        "branch_name": names.get(post.branch_id),
        "specialism": post.specialism or None,
    }


def _people(
    done: Round, unscored: list[Candidate], names: dict[str, str], homes: dict[str, str], settled: bool
) -> list[dict[str, Any]]:
    """A row each, by rank; those without a score behind. ``settled``: whether posts were given at all."""
    rows = []
    for who, one in enumerate(done.people):
        outcome, reason = _outcome(done, who, names, settled)
        row = _person(one, homes) | {"rank": who + 1, "total": one.total, "outcome": outcome, "reason": reason}
        wish = done.wish_got(who)
        if wish is not None:
            row |= {"choice": wish.choice, **_placed(done.posts[wish.post], names)}
        rows.append(row)
    for one in sorted(unscored, key=lambda one: one.applicant_id):
        rows.append(_person(one, homes) | {"outcome": _SHORT, "reason": one.short})
    return rows


def _person(one: Candidate, homes: dict[str, str]) -> dict[str, Any]:
    return {"applicant_id": one.applicant_id, "name": one.name or None, "home": homes.get(one.applicant_id)}


def _outcome(done: Round, who: int, names: dict[str, str], settled: bool) -> tuple[str, str]:
    """What became of one who has a score, and why in one sentence."""
    one, wish = done.people[who], done.wish_got(who)
    own = f"综合 {plain(one.total)} 分，第 {who + 1} 名" if one.total is not None else ""
    if one.short:
        return _SHORT, one.short
    if not settled:
        return _PASSED, own
    if wish is not None:
        more = f"，前 {wish.choice - 1} 个志愿没有录到" if wish.choice > 1 else ""
        return _TAKEN, f"{own}，第 {wish.choice} 志愿{_post_said(done.posts[wish.post], names)}录取{more}"
    if not done.wishes[who]:
        return _NO_WISH, f"{own}，没有填志愿，或填的岗位都不在本轮名额里"
    denied = done.denied(who)
    first = f"{_post_said(done.posts[denied[0].wish.post], names)}：{denied[0].reason}"
    return _LEFT, f"{own}，{len(denied)} 个志愿岗位都没有录到；第一个{first}"


def _why(done: Round, names: dict[str, str]) -> list[dict[str, Any]]:
    """Of each who passed, each post wanted more than what was given."""
    return [
        {
            "applicant_id": denied.who,
            "name": one.name or None,
            "choice": denied.wish.choice,
            **_placed(done.posts[denied.wish.post], names),
            "place": denied.place,
            "of": denied.of,
            "total": one.total,
            "cutoff": denied.cutoff,
            "needed": denied.needed,
            "reason": denied.reason,
        }
        for who, one in enumerate(done.people)
        if not one.short
        for denied in done.denied(who)
    ]


def _posts(done: Round, names: dict[str, str]) -> list[dict[str, Any]]:
    rows = []
    for index, post in enumerate(done.posts):
        held = len(done.held[index])
        row = {
            "quota": post.quota,
            "minimum": post.minimum,
            "wished": sum(any(wish.post == index for wish in mine) for mine in done.wishes),
            "able": len(done.ranked[index]),
            "taken": held,
            "vacant": post.quota - held,
            "cutoff": done.cutoff(index),
            "order": "机构自己排序" if index in done.forms else "按得分",
        }
        rows.append(_placed(post, names) | row)
    return rows


def _marks(people: Iterable[Candidate], rules: Rules) -> list[dict[str, Any]]:
    """Each part in hundredths of its full mark and what it is worth in all."""
    rows = []
    for one in sorted(people, key=lambda one: (one.total is None, one.order(rules.ties))):
        for part, weight in rules.weights.items():
            mark, least = one.parts.get(part), rules.pass_marks.get(part)
            below = mark is not None and least is not None and mark < least
            shown = None if mark is None else short_of(mark, rules.digits) if below else rounded(mark, 4)
            rows.append(
                {
                    "applicant_id": one.applicant_id,
                    "name": one.name or None,
                    "subject": part,
                    "mark": shown,
                    "weight": float(weight),
                    "worth": None if mark is None else rounded(mark * Fraction(weight), 4),
                    "least": least,
                    "total": one.total,
                    "verdict": "没有可用的成绩" if mark is None else "不到及格线" if below else "",
                }
            )
    return rows


_WHO = (
    ListColumn("applicant_id", "id", terms.label("applicant_id", "exam")),
    ListColumn("name", label=terms.label("name", "exam"), width=10),
)
_RANK = declared("rank")
_TOTAL = ListColumn("total", "points", "综合得分")
_POST = (
    ListColumn("branch_id", "id"),
    ListColumn("branch_name", width=14),
    declared("specialism"),
)
_HOME = ListColumn("home", "id", "现机构号")
_CHOICE = ListColumn("choice", "count", "第几志愿")
_OUTCOME = ListColumn("outcome", label="选拔结果", width=12)
_CUTOFF = ListColumn(
    "cutoff", "points", "录取线", meaning="按得分录满的岗位，最后录取的人的综合得分；没有录满的、机构自己排序的空着"
)
_RESULT = (_RANK, *_WHO, _TOTAL, _OUTCOME, *_POST, _CHOICE, ListColumn("reason", width=112))
_AWAY = (*_WHO, _HOME, _RANK, _TOTAL, _OUTCOME, ListColumn("reason", width=112))
_WHY = (
    *_WHO,
    _CHOICE,
    *_POST,
    ListColumn("place", "count", "岗位里排第几"),
    ListColumn("of", "count", "够条件的人数", meaning="填了这个岗位、上线而且够岗位最低分的，不管后来录到哪里"),
    _TOTAL,
    _CUTOFF,
    ListColumn(
        "needed",
        "points",
        "综合要到几分",
        meaning="别人的得分和志愿、本人同分时比的科目都不变，只报这个岗位的话综合得分至少要到几分才录得到；机构自己排序的岗位空着，有这种岗位而志愿多于 1,000 个的轮次都空着",
    ),
    ListColumn("reason", label="为什么没有录到", width=84),
)
_POSTS = (
    *_POST,
    ListColumn("quota", "count", terms.label("quota", "quotas"), total=True),
    ListColumn("minimum", "points", terms.label("minimum", "quotas")),
    ListColumn("wished", "count", "填报人数"),
    ListColumn("able", "count", "够条件的人数"),
    ListColumn("taken", "count", "录取人数", total=True),
    ListColumn("vacant", "count", "空缺", total=True),
    _CUTOFF,
    ListColumn("order", label="怎么排", width=14),
)
_MARKS = (
    *_WHO,
    ListColumn("subject", label=terms.label("subject", "exam"), width=10),
    ListColumn("mark", "points", "百分制得分"),
    ListColumn("weight", "rate", "科目权重"),
    ListColumn("worth", "points", "折算得分"),
    ListColumn("least", "points", "及格线"),
    _TOTAL,
    ListColumn("verdict", label="够不够", width=16),
)
STUDY = Study(
    select,
    (
        StudyList("select_results", "选拔结果", _RESULT, unit="分"),
        StudyList("select_left", "选拔落聘", _AWAY, unit="分"),
        StudyList("select_why", "选拔为什么没录到", _WHY, unit="分"),
        StudyList("select_posts", "选拔岗位", _POSTS, unit="分"),
        StudyList("select_marks", "选拔得分", _MARKS, unit="分"),
    ),
    {
        "preferences": "只有一个岗位的按名次录取，几个岗位的只排名次。",
        "quotas": "没有配岗位，只排名次。",
        "scores": "",
        "managers": "",
        "branches": "",
    },
    (
        (
            "综合得分",
            "各科换算成百分制乘权重相加，四舍五入一次；没有审批人的、超过满分的不算。缺一科的不排名次。",
        ),
        (
            "录取",
            "本人依志愿先后去报，岗位在报的人里留排在前面的，录满后有更靠前的就换下最后的，直到没有人再报：没有一个人和一个岗位都更愿意换成对方。",
        ),
        ("岗位的次序", "按综合得分；机构填了自己的排序的，排到的在前，没排到的按得分接在后面，或按办法不要。"),
        ("落聘", "上线而志愿都没有录到的、没有可用志愿的和没有上线的，交人事另行安排；是否待岗由人事决定。"),
    ),
    Rules,
    (Option("round", metavar="轮次", help="哪一轮选拔，如 2026年第1轮；不写就是最近的一轮"),),
    examples=("kehujingli select", "kehujingli 选拔 --round 2026年第1轮 -o 选拔.xlsx"),
)

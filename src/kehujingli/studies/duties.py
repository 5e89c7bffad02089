"""岗位职责：哪项职责没有人主责，哪个岗位什么也不负责？按岗位对分工，主责和审批同在一个岗位的、几个岗位都主责的说出来。"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.periods import Period
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import ListColumn
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

_PARTS = tuple(terms.DUTY_PARTS)


def duties(duties: pd.DataFrame, managers: pd.DataFrame | None = None, *, period: Period) -> Answer:
    """``duties``: a row a post, duty and part. ``managers``: the roster, whose posts are known by their kind; who is on duty on the last day counts."""
    rows = duties.assign(**{key: duties[key].astype("str").str.strip() for key in ("post", "duty")})
    rows = rows.drop_duplicates(["post", "duty", "duty_part"])
    by_duty, posts = _by_duty(rows), _by_post(rows, managers, period)
    lacking = by_duty[by_duty["verdict"] != ""]
    idle = posts[posts["verdict"] != ""]
    lines = [
        f"{len(by_duty):,} 项职责，{rows['post'].nunique():,} 个岗位；要看的 {len(lacking):,} 项、{len(idle):,} 个岗位"
    ]
    lines += [f"{row.duty}：{row.verdict}" for row in lacking.head(5).itertuples()]
    lines += [f"{row.post}：{row.verdict}" for row in idle.head(5).itertuples()]
    return Answer({"duties": by_duty, "duties_posts": posts}, lines)


def _by_duty(rows: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    made = []
    for duty, some in rows.groupby("duty", sort=False):
        of = {part: some.loc[some["duty_part"] == part, "post"].tolist() for part in _PARTS}
        both = [post for post in of["answers"] if post in of["approves"]]
        verdict = [
            *(["没有岗位主责"] if not of["answers"] else []),
            *([f"{len(of['answers'])} 个岗位都主责"] if len(of["answers"]) > 1 else []),
            *([f"{'、'.join(both)}自己主责自己审批"] if both else []),
        ]
        made.append({"duty": duty, **{part: "、".join(of[part]) for part in _PARTS}, "verdict": "；".join(verdict)})
    return pd.DataFrame(made, columns=["duty", *_PARTS, "verdict"])


def _by_post(rows: pd.DataFrame, managers: pd.DataFrame | None, period: Period) -> pd.DataFrame:
    """Posts of the table, then those of the roster that the table does not have. A post is known by its name, or as 资产岗 of 资产."""
    import pandas as pd

    from kehujingli.assign.feasible import on_duty

    people: dict[str, int] = {}
    if managers is not None:
        here = managers[[on_duty(post, period.last) for post in managers.itertuples()]]
        for kind in here.drop_duplicates(["manager_id", "specialism"])["specialism"]:
            label = "" if missing(kind) else terms.SPECIALISMS.get(str(kind), str(kind))
            if label:
                people[label] = people.get(label, 0) + 1
    made, seen = [], set()
    for post, some in rows.groupby("post", sort=False):
        counts = some["duty_part"].value_counts()
        same = [
            label
            for label in people
            if str(post).removesuffix("岗").removesuffix("经理助理") in (label, f"{label}业务")
        ]
        seen.update(same)
        answers = int(counts.get("answers", 0))
        made.append(
            {
                "post": post,
                **{part: int(counts.get(part, 0)) for part in _PARTS},
                "people": sum(people[label] for label in same) if same else None,
                "verdict": "" if answers else "一项也不主责",
            }
        )
    made += [
        {"post": label, **dict.fromkeys(_PARTS, 0), "people": count, "verdict": "名册里有人，岗位职责里没有这个岗位"}
        for label, count in people.items()
        if label not in seen
    ]
    return pd.DataFrame(made, columns=["post", *_PARTS, "people", "verdict"]).astype({"people": "Int64"})


STUDY = Study(
    duties,
    (
        StudyList(
            "duties",
            "岗位职责对照",
            (
                ListColumn("duty", label=terms.label("duty"), width=22),
                *(ListColumn(part, label=word, width=16) for part, word in terms.DUTY_PARTS.items()),
                ListColumn("verdict", label="要看什么", width=24),
            ),
            unit="",
            nothing="没有职责。",
        ),
        StudyList(
            "duties_posts",
            "岗位职责岗位",
            (
                ListColumn("post", label=terms.label("post"), width=14),
                *(ListColumn(part, "count", f"{word}几项") for part, word in terms.DUTY_PARTS.items()),
                ListColumn("people", "count", "名册里几人", meaning="期末在岗的"),
                ListColumn("verdict", label="要看什么", width=30),
            ),
            unit="项",
            nothing="没有岗位。",
        ),
    ),
    without={"managers": "不知道各岗位几个人、缺不缺岗位。"},
    definitions=(
        (
            "哪个岗位",
            "名册的岗位类型（资产、负债、中间业务）按岗位名称对：资产、资产岗、资产业务、资产业务经理助理都是资产。",
        ),
    ),
    examples=("kehujingli duties",),
)

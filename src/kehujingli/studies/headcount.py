"""编制测算：各机构、各岗位要多少客户经理？按管户方案的折算户和上限算，多几个、缺几个，从哪里调，两个网点并了会怎样。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.rules.schemes import Fraction as Share
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.network.changing import changes, skills_of
from kehujingli.studies.network.merging import UNTRIED, merged, pairs_of
from kehujingli.studies.network.staffing import ANY, Move, Person, Post, Rounding, moves, staffed
from kehujingli.studies.people.team import team
from kehujingli.studies.placing import several
from kehujingli.studies.study import Answer, Option, Study, StudyList
from kehujingli.terms.column import ListColumn, declared, keys

if TYPE_CHECKING:
    import pandas as pd


class Rules(Strict):
    """编制测算。上限用名册的管户上限，折算户用管户方案的。"""

    limit: Positive | None = Field(None, description="名册里一个上限都没有时,一个人按多少折算户算;不写就不算")
    rounding: Rounding = Field("up", description="缺的人数怎么取整:up 不足一人按一人,nearest 四舍五入;多的人数一律舍去")
    near: dict[str, tuple[str, ...]] = Field(
        {}, description="缺人的机构先从哪些机构调,写在前的在先;没写的从多得最多的调"
    )
    retention: Share = Field(Decimal("0.90"), description="网点撤并后,撤并机构的户留下多少")
    saved: Share = Field(Decimal(0), description="网点撤并后,撤并机构的年费用省下多少")
    ages: tuple[Positive, ...] = Field((30, 40, 50), description="队伍按这些周岁分段")
    years: tuple[Positive, ...] = Field((1, 3, 5, 10), description="任职、入行年限按这些整年分段")


def headcount(
    plan: pd.DataFrame,
    loads: pd.DataFrame,
    classes: pd.DataFrame,
    managers: pd.DataFrame,
    branches: pd.DataFrame,
    *,
    period: Period,
    rules: Rules,
    merge: Sequence[str] | None = None,
) -> Answer:
    """All as a month keeps them; loads and limits in 折算户, money in 分."""
    posts, people, nothing = staffed(plan, classes, managers, rules.limit)
    carried = dict(zip(loads["manager_id"], loads["load_after"].astype("float64"), strict=True))
    own = moves(posts, carried, rules.near, rules.rounding)
    skills, odd = skills_of(managers)
    done = [*own.done, *changes(own.left, own.wanted, own.going, skills, rules.near)]
    names = {str(row.branch_id): str(row.branch_name) for row in branches.dropna(subset=["branch_name"]).itertuples()}
    called = dict(zip(managers["manager_id"], managers["name"], strict=True))
    told = _told(posts, people, nothing, names)
    known = {post.branch_id for post in posts} | set(classes["branch_id"].dropna())
    pairs, wrong = pairs_of(merge or (), known)
    rows = merged(pairs, posts, classes, branches, rules) if pairs else []
    kinds, lacking = team(managers, [*(one.manager_id for one in people), *nothing], period.last, rules)
    frames = {
        "headcount": _frame([_row(post, names, done, rules.rounding) for post in posts], _POSTS),
        "headcount_moves": _frame([_moved(one, names, called, carried) for one in done], _MOVES),
        "headcount_merge": _frame([row | {"branch_name": names.get(row["branch_id"])} for row in rows], _MERGE),
        "headcount_team": _frame(kinds, _TEAM),
    }
    said = [*_lines(posts, done, rules.rounding), *_merge_lines(rows), *_solved(pairs)]
    told += [several("study.headcount-skill", odd)] if odd else []
    return Answer(frames, said, [*told, *wrong, *lacking])


def _frame(rows: Iterable[Mapping[str, Any]], columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    whole = {column.key: "Int64" for column in columns if column.kind in ("count", "yuan")}
    return pd.DataFrame(rows, columns=keys(columns)).astype(whole)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _row(post: Post, names: Mapping[str, str], done: Sequence[Move], rounding: Rounding) -> dict[str, Any]:
    balance, wanted = post.balance, post.wanted(rounding)
    came = sum(one.into == post.branch_id and one.specialism == post.specialism for one in done)
    return {
        "branch_id": post.branch_id,
        "branch_name": names.get(post.branch_id),
        "specialism": post.specialism or None,
        "due": post.households,
        "load_due": _number(post.due),
        "limit": _number(post.limit),
        "need": _number(post.need),
        "people": len(post.people),
        "surplus": None if balance is None else float(max(balance, Fraction(0))),
        "shortage": None if balance is None else float(max(-balance, Fraction(0))),
        "spare": post.spare(rounding),
        "wanted": wanted,
        "moved_in": came,
        "hired": None if wanted is None else wanted - came,
        "unassigned_load": _number(post.unassigned),
        "borrowed": _number(post.borrowed),
        "lent": _number(post.lent),
        "free": _number(post.free),
        "odd": _number(post.odd),
    }


def _moved(
    one: Move, names: Mapping[str, str], called: Mapping[str, str], carried: Mapping[str, float]
) -> dict[str, Any]:
    person = one.person
    return {
        "specialism": person.specialism or None,
        "branch_id": person.branch_id,
        "branch_name": names.get(person.branch_id),
        "into": one.into,
        "into_name": names.get(one.into),
        "becomes": one.specialism or None,
        "manager_id": person.manager_id,
        "name": called.get(person.manager_id),
        "limit": person.limit,
        "load": carried.get(person.manager_id, 0.0),
    }


def _told(
    posts: Sequence[Post], people: Sequence[Person], nothing: list[str], names: Mapping[str, str]
) -> list[Finding]:
    beside = [post for post in posts if post.limit and post.lacking > max(post.due - (post.capacity or 0), Fraction(0))]
    who = {
        "study.headcount-nowhere": [one.manager_id for one in people if not one.branch_id],
        "study.headcount-no-limit": [one.manager_id for one in people if one.limit is None],
        "study.headcount-zero-limit": nothing,
        "study.headcount-unknown": [_said(post, names) for post in posts if post.limit is None],
        "study.headcount-beside": [_said(post, names) for post in beside],
    }
    return [several(code, found) for code, found in who.items() if found]


def _said(post: Post, names: Mapping[str, str]) -> str:
    own = terms.SPECIALISMS.get(post.specialism, post.specialism)
    return "·".join(filter(None, (names.get(post.branch_id, post.branch_id) or "没有机构号", own)))


def _lines(posts: Sequence[Post], done: Sequence[Move], rounding: Rounding) -> list[str]:
    lines = []
    for specialism in sorted({post.specialism for post in posts}):
        here = [post for post in posts if post.specialism == specialism]
        reckoned = [post for post in here if post.need is not None]
        need = sum((post.need or Fraction(0) for post in reckoned), Fraction(0))
        wanted = sum(post.wanted(rounding) or 0 for post in reckoned)
        spare = sum(post.spare(rounding) or 0 for post in reckoned)
        moved = sum(one.specialism == specialism for one in done)
        turned = sum(one.specialism == specialism != one.person.specialism for one in done)
        other = f"（{turned:,} 人从别的岗位转来）" if turned else ""
        called = "没分岗位" if specialism == ANY else terms.SPECIALISMS.get(specialism, specialism)
        lines.append(
            f"{called}：在岗 {sum(len(post.people) for post in here):,} 人，要 {float(need):,.2f} 人；各机构合计缺 {wanted:,} 人、多 {spare:,} 人，可以调 {moved:,} 人{other}，还要增配 {wanted - moved:,} 人"
        )
    return lines


def _merge_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"并入 {row['branch_id']} 之后：留下 {row['due']:,} 个应配户、{row['load_due']:,.1f} 折算户，{row['people']} 人"
        + ("" if row["need"] is None else f"，要 {row['need']:,.2f} 人，缺 {row['wanted']} 人")
        for row in rows
        if row["part"] == "合并后"
    ]


def _solved(pairs: Mapping[str, str]) -> list[str]:
    """Where the plan of the merged branches is: this study has no optimum of its own."""
    asked = " ".join(f"--what-if '{gone} 并入 {into}'" for gone, into in sorted(pairs.items()))
    return [f"谁管谁要重新求最优，请试：kehujingli assign {asked}（户全留下）"] if asked else []


_LOAD = declared("load_due")
_LIMIT = ListColumn(
    "limit",
    "points",
    "人均上限",
    meaning="本机构这个岗位的人的平均管户上限；没有人的用全辖这个岗位的，再没有用全辖的",
)
_NEED = ListColumn("need", "points", "要几人", meaning="应配折算户 ÷ 人均上限")
_PEOPLE = ListColumn("people", "count", "在岗人数", total=True, meaning="方案生效日在岗、管户上限不是 0 的")
_SURPLUS = ListColumn("surplus", "points", "多", meaning="多 − 缺 = 在岗人数 − 要几人")
_SHORTAGE = ListColumn("shortage", "points", "缺")
_WANTED = ListColumn(
    "wanted", "count", "要补几人", total=True, meaning="缺的人，不少于没有配上的折算户要的人，按办法取整"
)
_POSTS = (
    ListColumn("branch_id", "id"),
    ListColumn("branch_name", width=14),
    declared("specialism"),
    declared("due", total=True),
    _LOAD,
    _LIMIT,
    _NEED,
    _PEOPLE,
    _SURPLUS,
    _SHORTAGE,
    ListColumn("spare", "count", "可调出", total=True, meaning="多的人舍去零头；空余在管别社的不算"),
    _WANTED,
    ListColumn("moved_in", "count", "其中可调入", total=True),
    ListColumn("hired", "count", "还要增配", total=True),
    ListColumn("unassigned_load", "points", "未配折算户"),
    ListColumn("borrowed", "points", "别社代管折算户"),
    ListColumn("lent", "points", "代管别社折算户"),
    ListColumn(
        "free",
        "points",
        "空余折算户",
        meaning="应配折算户 − 人均上限 × 在岗人数 = 未配 + 别社代管 − 代管别社 − 空余",
    ),
    ListColumn("odd", "points", "岗位不符折算户", meaning="主要业务是另一个岗位的"),
)
_MOVES = (
    declared("specialism"),
    ListColumn("branch_id", "id", "调出机构号"),
    ListColumn("branch_name", label="调出机构", width=14),
    ListColumn("into", "id", "调入机构号"),
    ListColumn("into_name", label="调入机构", width=14),
    ListColumn("becomes", label="去任岗位", codes=terms.SPECIALISMS, width=12),
    ListColumn("manager_id", "id"),
    ListColumn("name", label=terms.label("name", "managers"), width=10),
    ListColumn("limit", "count", terms.label("capacity", "managers")),
    ListColumn("load", "points", "要移交的折算户"),
)
_MERGE = (
    ListColumn("part", label="网点", width=10),
    ListColumn("branch_id", "id"),
    ListColumn("branch_name", width=14),
    ListColumn("customers", "count", "户数", meaning="分了类的；合并后是留下的，四舍五入"),
    declared("deposit_balance"),
    declared("loan_balance"),
    declared("due"),
    _LOAD,
    _PEOPLE,
    _NEED,
    _SURPLUS,
    _SHORTAGE,
    _WANTED,
    ListColumn("cost", "yuan", "年费用", meaning="《机构》的费用；合并后减去办法写的省下的部分"),
)
_TEAM = (
    ListColumn("kind", label="看什么", width=12),
    ListColumn("value", label="分段", width=20),
    ListColumn("people", "count", "几人"),
    ListColumn("share", "rate", "占在岗"),
)
STUDY = Study(
    headcount,
    (
        StudyList("headcount", "编制测算", _POSTS, unit="折算户、人"),
        StudyList("headcount_moves", "编制测算调动", _MOVES, unit="折算户、人", nothing="没有可以调的人。"),
        StudyList("headcount_merge", "编制测算撤并", _MERGE, nothing=UNTRIED.format("headcount")),
        StudyList("headcount_team", "编制测算队伍", _TEAM, unit="人"),
    ),
    definitions=(
        (
            "算在哪个岗位",
            "配上的户算在管户人的岗位，没配上的算在主要业务（贷款不少于日均存款的是资产，其余是负债）的岗位；本机构没有这个岗位的人时，算在本机构有的岗位。",
        ),
        ("要几人", "应配折算户 ÷ 人均上限，都和管户分配的一样；没有管户上限的人按人均上限算，上限是 0 的不算人。"),
        (
            "调动",
            "先在同一岗位，从可调出的机构调到缺人的机构，能补的都补，一个人只动一次；先调上限小的，再调手上户少的。还缺的，由名册的可任岗位写着能做的人转岗补：补得最多的办法里先本机构，再办法写的近的机构。",
        ),
        ("队伍", "方案生效日在岗的人，到期末满几周岁、几整年；名册没有的、日期晚于期末的记“缺”。"),
        ("撤并", "撤并机构的户、存款、贷款按办法留下一部分，人都过去；人均上限是合起来的平均。"),
    ),
    rules=Rules,
    options=(
        Option(
            "merge", "机构=机构", "试算网点撤并：撤并的机构号=并入的机构号，如 801003=801002；可以写几次", many=True
        ),
    ),
    examples=("kehujingli headcount", "kehujingli 编制测算 --merge 801003=801002 -o 编制测算.xlsx"),
)

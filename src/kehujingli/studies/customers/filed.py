"""What is filed of whom, and what is still wanted? 客户档案 and 农户家庭, the newest of each item; against it what the rules want of each kind of customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, day_of, month_start
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.placing import at, several
from kehujingli.values import among, listed, missing

if TYPE_CHECKING:
    import pandas as pd

STATES = {"filled": "有", "stale": "过期", "torn": "说法不一", "missing": "缺"}
"""How an item that is wanted stands. Only the first counts as filled."""
FAMILY = "家庭"
MEMBERS, LABOUR = terms.label("member", "household"), terms.label("labour", "household")
"""What 农户家庭 fills."""
HEAD = "户主"
_KEY = ["customer_id", "profile_kind", "profile_item"]
_SHOWN = ("content", "content_unit", "as_of", "collected_by", "evidence")
_Words = Annotated[tuple[str, ...], Field(min_length=1)]


class Wanted(Strict):
    """一类档案要哪些项目。"""

    kind: str = Field(description="类别,如 财务")
    items: _Words = Field(description="项目")
    customer_types: tuple[str, ...] = Field((), description="哪些客户类型要;空着都要")


FIVE = (
    ("财务", ("年销售收入", "资产总额", "负债总额")),
    ("生产", ("主要产品", "生产能力")),
    ("销售", ("主要客户", "结算方式")),
    ("管理资源", ("实际控制人", "从业人数")),
    ("行业市场", ("所属行业", "市场前景")),
)
OF_BUSINESS = tuple(Wanted(kind=kind, items=items, customer_types=("business", "sole_trader")) for kind, items in FIVE)
OF_PERSONS = Wanted(kind=FAMILY, items=(MEMBERS, LABOUR, "年收入"), customer_types=("person",))


@dataclass(frozen=True)
class Filed:
    """``items``: one row a customer, kind and item: the newest content, ``versions`` (how many days told of it), ``torn`` (two rows of that day differ)."""

    items: pd.DataFrame
    findings: list[Finding]


def filed(profile: pd.DataFrame, household: pd.DataFrame | None, known: set[str], period: Period) -> Filed:
    """What was filed until the period's last day. ``known``: every customer of the month, those who left included."""
    import pandas as pd

    told = []
    begun = profile["content"].isna()
    if len(begun) and begun.all():
        told.append(finding("study.profile-blank", count=len(profile), table=terms.BY_KEY["profile"].label))
    rows = [profile[~begun].reindex(columns=[*_KEY, *_SHOWN, "source_row"])]
    if household is not None:
        rows.append(_of_family(household).reindex(columns=[*_KEY, *_SHOWN, "source_row"]))
    some = [part for part in rows if len(part)] or rows[:1]
    every = pd.concat(some, ignore_index=True)
    for key in ("profile_kind", "profile_item", "content"):
        every[key] = every[key].astype("str").str.strip()
    odd = pd.Series("", index=every.index)
    for code, those in (
        ("study.profile-undated", every["as_of"].isna()),
        ("study.profile-later", (every["as_of"] > period.last).fillna(False).astype(bool)),
        ("study.profile-nobody", ~among(every["customer_id"], pd.Series(sorted(known), dtype="str"))),
    ):
        those = those & (odd == "")
        odd = odd.mask(those, code)
        if bool(those.any()):
            told.append(several(code, _places(every[those])))
    return _newest(every[odd == ""], told)


def _newest(rows: pd.DataFrame, told: list[Finding]) -> Filed:
    """Of each item what the newest day says; one content a day is one version, however often it was sent in."""
    if rows.empty:
        return Filed(_nothing(), told)
    once = rows.drop_duplicates([*_KEY, "as_of", "content", "content_unit"])
    by = once.groupby(_KEY, sort=False)["as_of"]
    newest = once[once["as_of"] == by.transform("max")]
    torn = newest.duplicated(_KEY, keep=False)
    if bool(torn.any()):
        both = newest[torn].sort_values([*_KEY, "source_row"], kind="stable")
        told.append(several("study.profile-torn", list(dict.fromkeys(map(_named, both.to_dict("records"))))))
    versions = by.nunique().rename("versions").reset_index()
    kept = newest.assign(torn=torn).sort_values([*_KEY, "source_row"], kind="stable").drop_duplicates(_KEY)
    kept = kept.assign(content=kept["content"].mask(kept["torn"], STATES["torn"]))
    return Filed(kept.merge(versions, on=_KEY).reset_index(drop=True), told)


def _of_family(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of 农户家庭 as items of 家庭: who belongs to it, how many work; all that was told of one customer on one day together, a line
    that was sent in twice once, the head of it first and the elder before the younger."""
    import pandas as pd

    once = ["customer_id", "member", "kinship", "labour", "as_of", "collected_by"]
    rows = rows.drop_duplicates([*once, "birth_year"]).assign(head=rows["kinship"] != HEAD)
    rows = rows.sort_values(["head", "birth_year", "member"], na_position="last", kind="stable")
    works = (rows["labour"] == "yes").fillna(False).astype("int64")
    rows = rows.assign(as_of=rows["as_of"].astype("Int64"), text=rows["kinship"].astype("str"), works=works)
    groups = rows.groupby(["customer_id", "as_of", "collected_by"], dropna=False, sort=False)
    members: list[list[str]] = [[] for _ in range(groups.ngroups)]
    for place, text in zip(groups.ngroup().tolist(), listed(rows["text"]), strict=True):
        members[place].append(text)
    made = groups.agg(working=("works", "sum"), said=("labour", "count"), source_row=("source_row", "min"))
    made = made.reset_index().assign(members=list(map("、".join, members)))
    base = made[["customer_id", "as_of", "collected_by", "source_row"]].assign(profile_kind=FAMILY)
    people = base.assign(profile_item=MEMBERS, content=made["members"])
    work = base.assign(profile_item=LABOUR, content=made["working"].astype("str"), content_unit="人")
    return pd.concat([people, work[made["said"] > 0]], ignore_index=True)


def _nothing() -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in [*_KEY, *_SHOWN]})
    return frame.astype({"as_of": "Int64"}).assign(
        versions=pd.Series(dtype="int64"), torn=pd.Series(dtype="bool"), source_row=pd.Series(dtype="Int64")
    )


def _places(rows: pd.DataFrame) -> list[str]:
    return [f"{at(row)}{_named(row)}" for row in rows.to_dict("records")]


def _named(row: Mapping[Any, Any]) -> str:
    return f"{row['customer_id']} {row['profile_item']}"


def wanted(people: pd.DataFrame, asked: Sequence[Wanted]) -> pd.DataFrame:
    """One row a customer and item that the rules want of such a customer. ``people``: customer_id, customer_type."""
    import pandas as pd

    pairs = []
    for place, one in enumerate(asked):
        kinds = one.customer_types or tuple(people["customer_type"].dropna().unique())
        pairs += [(kind, one.kind, item, place) for kind in kinds for item in one.items]
    grid = pd.DataFrame(pairs, columns=["customer_type", "profile_kind", "profile_item", "place"])
    grid = grid.drop_duplicates(["customer_type", "profile_kind", "profile_item"])
    return people[["customer_id", "customer_type"]].merge(grid, on="customer_type")


def judged(asked: pd.DataFrame, items: pd.DataFrame, period: Period, months: int) -> pd.DataFrame:
    """``asked`` (of ``wanted``) with what is filed of each, its ``state`` and ``age`` in days. Older than so many months is stale."""
    import numpy as np

    both = asked.merge(items, on=_KEY, how="left")
    fresh = day_of(month_start(period.month - months + 1))
    torn = both["torn"].fillna(False).astype(bool)
    states = [
        (both["as_of"].isna().to_numpy(dtype=bool), "missing"),
        (torn.to_numpy(), "torn"),
        ((both["as_of"] < fresh).fillna(False).to_numpy(dtype=bool), "stale"),
    ]
    state = np.select([where for where, _ in states], [word for _, word in states], default="filled")
    return both.assign(state=state, age=period.last - both["as_of"])


def unasked(items: pd.DataFrame, asked: Sequence[Wanted]) -> list[str]:
    """Kinds and items that are filed and that the rules want of nobody: the bank's own, or a wanted one under another name."""
    known = {(one.kind, item) for one in asked for item in one.items}
    pairs = items[["profile_kind", "profile_item"]].drop_duplicates().itertuples(index=False)
    return sorted(f"{kind}·{item}" for kind, item in pairs if (kind, item) not in known and not missing(item))

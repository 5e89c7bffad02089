"""Which posts are there in a round, who wants which, and whom do the branches want? The forms of 双向选择, and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Finding
from kehujingli.studies.people.marks import FULL
from kehujingli.studies.placing import at, several
from kehujingli.values import missing, plain

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Post:
    """``specialism`` is empty where the post takes any; ``minimum``: points of 综合得分."""

    branch_id: str
    specialism: str
    quota: int
    minimum: Decimal | None = None


@dataclass(frozen=True)
class Wish:
    """A post (its place in the list of posts) and which choice of the applicant's it is, from 1."""

    post: int
    choice: int


def posts_of(quotas: pd.DataFrame) -> tuple[list[Post], list[Finding]]:
    """The posts of one round, in the order of their rows."""
    found: dict[tuple[str, str], Post] = {}
    twice, odd, beyond = [], [], []
    for row in quotas.to_dict("records"):
        key = (_text(row["branch_id"]), _text(row.get("specialism")))
        named = f"{at(row)}{key[0]}"
        if missing(row["quota"]):
            odd.append(named)
        least = None if missing(row.get("minimum")) else Decimal(str(row["minimum"]))
        if least is not None and least > FULL:
            beyond.append(f"{named} {plain(least)}")
        post = Post(*key, 0 if missing(row["quota"]) else int(row["quota"]), least)
        known = found.setdefault(key, post)
        if known != post:
            twice.append(named)
            lines = [one.minimum for one in (known, post) if one.minimum is not None]
            found[key] = Post(*key, min(known.quota, post.quota), max(lines, default=None))
    told = [
        ("study.select-quota-twice", twice),
        ("study.select-quota-odd", odd),
        ("study.select-minimum", beyond),
    ]
    return list(found.values()), [several(code, who) for code, who in told if who]


def wishes_of(
    preferences: pd.DataFrame, posts: Sequence[Post], known: Mapping[str, Any]
) -> tuple[dict[str, list[Wish]], dict[int, dict[str, int]], list[Finding]]:
    """Each applicant's wishes from the best; of each post whose branch ranked applicants itself the place of each; what was wrong.

    A wish without 岗位 is for each post of the branch in the order of the quotas. ``known``: those who have a score.
    """
    rows = [
        row | {"who": _text(row["applicant_id"]), "of": _text(row["branch_id"])}
        for row in preferences.to_dict("records")
    ]
    lost: list[str] = []
    for row in rows:
        row["posts"] = _meant(row, posts)
        if not row["posts"]:
            lost.append(f"{at(row)}{row['who']} → {row['of']}")
    own = [row for row in rows if row["filed_by"] == "applicant"]
    strangers = sorted({row["who"] for row in own} - set(known))
    twice: list[str] = []
    wishes: dict[str, list[Wish]] = {}
    for who, mine in _ordered(own, "who", twice).items():
        if who in known:
            wishes[who] = _once(mine)
    forms: dict[int, dict[str, int]] = {}
    for ranked in _ordered([row for row in rows if row["filed_by"] == "branch"], "of", twice).values():
        for row in ranked:
            for post in row["posts"]:
                places = forms.setdefault(post, {})
                places.setdefault(row["who"], len(places))
    told = [
        ("study.select-post-unknown", lost),
        ("study.select-rank-twice", twice),
        ("study.select-unmarked", strangers),
    ]
    return wishes, forms, [several(code, who) for code, who in told if who]


def _text(value: object) -> str:
    return "" if missing(value) else str(value).strip()


def _meant(row: Mapping[str, Any], posts: Sequence[Post]) -> list[int]:
    """The posts that a row names: of the branch, and for the specialism where it says one."""
    named = _text(row.get("specialism"))
    return [
        index
        for index, post in enumerate(posts)
        if post.branch_id == row["of"] and (not named or post.specialism in ("", named))
    ]


def _ordered(rows: Sequence[Mapping[str, Any]], key: str, twice: list[str]) -> dict[str, list[Mapping[str, Any]]]:
    """Rows of each by rank, then as they were written; ranks that do not tell an order go to ``twice``."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row[key], []).append(row)
    for who, mine in grouped.items():
        ranks = Counter((None if missing(row["rank"]) else int(row["rank"]), _slot(row, key)) for row in mine)
        twice += [
            f"{who} {'没写' if rank is None else rank}"
            for (rank, _), times in ranks.items()
            if rank is None or times > 1
        ]
        mine.sort(key=lambda row: (missing(row["rank"]), 0 if missing(row["rank"]) else int(row["rank"])))
    return grouped


def _slot(row: Mapping[str, Any], key: str) -> str:
    """A branch ranks for each 岗位 apart; an applicant has one order."""
    return _text(row.get("specialism")) if key == "of" else ""


def _once(mine: Sequence[Mapping[str, Any]]) -> list[Wish]:
    """Every post once, where it was named first."""
    seen: dict[int, Wish] = {}
    for choice, row in enumerate(mine, 1):
        for post in row["posts"]:
            seen.setdefault(post, Wish(post, choice))
    return list(seen.values())

"""What does a cell of 产品目录 ask of a customer? Whom it is for, ages, classes, amounts; what cannot be read is never taken for no condition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kehujingli.terms import asked

_SPLIT = re.compile(r"[、,;/|\s]+")
_CLAUSES = re.compile(r"[、,;。\n]+")
_LEVEL = re.compile(r"(?:p?r)?([1-5])级?(?:[(\-]?(.*?)\)?)?")
_GRADE = re.compile(r"[ca]?([1-5])级?(?:[(\-]?[一-鿿]+型\)?)?")
_YEARS = r"(?:周岁|岁)?"
_AGES = (
    (re.compile(rf"(\d{{1,3}}){_YEARS}(?:-|~|至|到|—|－)(\d{{1,3}}){_YEARS}(?:\(含\))?"), (1, 2)),
    (re.compile(rf"(?:满|≥|>=|不低于|不小于|年满)(\d{{1,3}}){_YEARS}"), (1, 0)),
    (re.compile(rf"(?:年?满)?(\d{{1,3}}){_YEARS}(?:\(含\))?(?:及)?以上"), (1, 0)),
    (re.compile(rf"(?:≤|<=|不超过|不高于|不大于)(\d{{1,3}}){_YEARS}"), (0, 1)),
    (re.compile(rf"(\d{{1,3}}){_YEARS}(?:\(含\))?(?:及)?以下"), (0, 1)),
)
_CLAUSE = re.compile(
    rf"(?P<what>{'|'.join(sorted(asked.MEASURES, key=len, reverse=True))})(?P<sign>{'|'.join(map(re.escape, asked.SIGNS))})?"
    r"(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>[一-鿿]*?)(?P<end>及?以上|及?以下)?"
)


class UnreadError(Exception):
    """A cell that says something else than what is known; its words are the argument."""


@dataclass(frozen=True)
class Who:
    """Whoever is of one of the types or of one of the 客群."""

    types: frozenset[str]
    groups: frozenset[str]


@dataclass(frozen=True)
class Limit:
    """A figure of the customer's is at least, or at most, ``value``: 分, years, counts."""

    measure: str
    least: bool
    value: int


def folded(text: object) -> str:
    """A name as names are compared: without blanks, full width as half, letters small."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text))).casefold()


def parts(text: str) -> list[str]:
    """The words of a cell that lists several."""
    return [word for word in _SPLIT.split(unicodedata.normalize("NFKC", text).strip()) if word]


def who(text: str) -> Who | None:
    """Nothing where everybody is meant. Raises ``UnreadError``."""
    words = parts(text)
    if len(words) == 1 and words[0] in asked.EVERYBODY:
        return None
    strange = [word for word in words if word not in asked.TYPES and word not in asked.GROUPS]
    if strange:
        raise UnreadError(strange[0])
    # 个体工商户 is a type and a 客群, and the same customers
    types = frozenset(asked.TYPES[word] for word in words if word in asked.TYPES)
    return Who(
        types, frozenset(asked.GROUPS[word] for word in words if word in asked.GROUPS and word not in asked.TYPES)
    )


def ages(text: str) -> list[Limit]:
    """From and to, both included. Raises ``UnreadError``."""
    plain = folded(text)
    if plain in asked.NONE:
        return []
    for pattern, (low, high) in _AGES:
        found = pattern.fullmatch(plain)
        if found is not None:
            limits = [Limit("age", True, int(found[low]))] if low else []
            return limits + ([Limit("age", False, int(found[high]))] if high else [])
    raise UnreadError(text)


def classes(text: str) -> frozenset[str]:
    """Five-classes that a borrower's worst may have. Raises ``UnreadError``."""
    words = parts(text)
    strange = [word for word in words if word not in asked.CLASSES]
    if strange:
        raise UnreadError(strange[0])
    return frozenset(asked.CLASSES[word] for word in words)


def level(text: str) -> int:
    """1 to 5 of a product's risk: R2, 2级, 中低风险. Raises ``UnreadError``."""
    plain = folded(text)
    found = _LEVEL.fullmatch(plain)
    said = asked.LEVELS.get((found[2] or "" if found is not None else plain).removesuffix("风险"))
    number = int(found[1]) if found is not None else said
    # a number beside another word, or a word that is unknown, may mean either
    if number is None or (found is not None and found[2] and said != number):
        raise UnreadError(text)
    return number


def grade(text: str, names: tuple[str, ...]) -> int | None:
    """1 to 5 of what a customer can bear: C3, or the place of its word among ``names``, from the lowest; nothing where neither."""
    plain = folded(text)
    if plain in (known := [folded(name) for name in names]):
        return known.index(plain) + 1
    found = _GRADE.fullmatch(plain)
    return int(found[1]) if found is not None else None


def limits(text: str) -> list[Limit]:
    """Of 其他条件, clause by clause. Raises ``UnreadError`` with the clause."""
    # a comma between digits groups them, any other parts clauses
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", text))
    return [limit for clause in _CLAUSES.split(plain) if clause.strip() for limit in _clause(clause)]


def _clause(text: str) -> Iterator[Limit]:
    plain = folded(text)
    if plain in asked.ALWAYS or plain in asked.NONE:
        return
    if plain in asked.PLAIN:
        yield Limit(*asked.PLAIN[plain])
        return
    if plain.startswith("年龄"):
        yield from _ages_of(plain, text)
        return
    found = _CLAUSE.fullmatch(plain)
    if found is None or bool(found["sign"]) == bool(found["end"]):
        raise UnreadError(text.strip())
    measure = asked.MEASURES[found["what"]]
    number = Decimal(found["number"])
    unit = found["unit"]
    if measure in asked.MONEY and unit in asked.UNITS:
        number *= asked.UNITS[unit]
    elif unit not in asked.COUNTED.get(measure, ()):
        raise UnreadError(text.strip())
    if number != int(number):
        raise UnreadError(text.strip())
    sign, value = found["sign"] or "", int(number)
    least = sign in (*asked.AT_LEAST, *asked.ABOVE) if sign else found["end"].endswith("以上")
    yield Limit(measure, least, value + (1 if sign in asked.ABOVE else -1 if sign in asked.BELOW else 0))


def _ages_of(plain: str, text: str) -> list[Limit]:
    try:
        return ages(plain.removeprefix("年龄"))
    except UnreadError:
        raise UnreadError(text.strip()) from None

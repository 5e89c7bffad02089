"""What is on the shelf? The rows of 产品目录 as products with what they ask; what is not understood, twice or contradictory is told and not offered."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.studies.placing import several
from kehujingli.studies.products import conditions
from kehujingli.studies.products.conditions import Limit, UnreadError, Who, folded, parts
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

_ASKED = ("min_scale", "min_deposit")
_LIKE = 0.6
_DEPOSIT = "存款"
_NO_PRODUCT = ("无", "不限", "-", "—")


@dataclass(frozen=True)
class Product:
    """One product. ``key``: its name as names are compared; ``wrong``: why it is not offered to anybody, "" where it may be."""

    key: str
    name: str
    row: int
    line: str
    family: str = ""
    who: tuple[Who, ...] = ()
    limits: tuple[Limit, ...] = ()
    classes: frozenset[str] | None = None
    risk: int | None = None
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    term: str = ""
    rate: int | None = None
    yearly: int | None = None
    wrong: str = ""


@dataclass
class Shelf:
    """``products`` in the order of their rows; ``names``: every name, former ones too, as compared → the product's key."""

    products: list[Product] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def key_of(self, name: str) -> str:
        """Of a name as compared: the product's key, where it is one; 活期存款 is 活期."""
        return self.names.get(name) or self.names.get(name.removesuffix(_DEPOSIT)) or name

    def called(self, word: str) -> list[str]:
        """Keys of the products that a word means: their name, a former one, or their 产品大类."""
        key = folded(word)
        own = self.names.get(key)
        return (
            [own] if own is not None else [each.key for each in self.products if key in map(folded, parts(each.family))]
        )


def read_shelf(catalogue: pd.DataFrame, held: Iterable[str], day: int, risky: Sequence[str]) -> Shelf:
    """``catalogue`` as a month keeps it; ``held``: names (as compared) of whatever customers hold, which may be asked for as well; ``day``: of the offer;
    ``risky``: words of a name or 产品大类 that want a level of risk."""
    shelf = Shelf()
    rows = [row for row in catalogue.to_dict("records") if not missing(row["product"]) and folded(row["product"])]
    for row in rows:
        row["key"] = folded(row["product"])
    keys = {str(row["key"]) for row in rows}
    shelf.names = _former(rows, keys, shelf.findings) | {key: key for key in keys}
    known = {*shelf.names, *held}
    unclear = _codes_twice(rows, shelf.findings)
    unread: list[str] = []
    twice: list[str] = []
    bare: list[str] = []
    for key, own in _by_key(rows).items():
        product, told = _product(own[0], shelf.names, known, day)
        unread += told
        wrong = "产品代码和别的产品一样" if key in unclear else product.wrong
        if product.risk is None and not wrong and any(word in product.name + product.family for word in risky):
            wrong = "没有写风险等级"
            bare.append(f"第 {product.row} 行“{product.name}”")
        if any(_said(row) != _said(own[0]) for row in own[1:]):
            twice.append("、".join(f"第 {_place(row)} 行" for row in own) + f"“{product.name}”")
            wrong = "写了几行，条件不一样"
        packages = tuple(dict.fromkeys(each for row in own for each in _words(row, "package")))
        shelf.products.append(replace(product, wrong=wrong, packages=packages))
    shelf.products = _both_ways(shelf.products)
    for code, said in (
        ("study.offers-unread", unread),
        ("study.offers-twice", twice),
        ("study.offers-no-level", bare),
    ):
        if said:
            shelf.findings.append(several(code, said))
    return shelf


def _both_ways(products: list[Product]) -> list[Product]:
    """What excludes another is excluded by it, on whichever row it is written."""
    found: dict[str, dict[str, None]] = {each.key: dict.fromkeys(each.excludes) for each in products}
    for each in products:
        for other in each.excludes:
            if other in found:
                found[other][each.key] = None
    return [replace(each, excludes=tuple(key for key in found[each.key] if key != each.key)) for each in products]


def _place(row: Mapping[str, Any]) -> int:
    place = row.get("source_row")
    return 0 if missing(place) else int(place or 0)


def _by_key(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row["key"]), []).append(row)
    return found


def _said(row: Mapping[str, Any]) -> dict[str, str]:
    """What a row says of its product: where it stands, and in which package, may differ."""
    aside = ("package", "source_row", "source_part", "product", "former_names")
    return {key: folded(value) for key, value in row.items() if key not in aside and not missing(value)}


def _words(row: Mapping[str, Any], key: str) -> list[str]:
    return [] if missing(row.get(key)) else parts(str(row[key]))


def _former(rows: Sequence[dict[str, Any]], keys: set[str], told: list[Finding]) -> dict[str, str]:
    """Former names → key. One that is another product's name, or that two products had, is nobody's."""
    owners: dict[str, set[str]] = {}
    for row in rows:
        for name in _words(row, "former_names"):
            if folded(name) != row["key"]:
                owners.setdefault(folded(name), set()).add(str(row["key"]))
    torn = [name for name, own in owners.items() if len(own) > 1 or name in keys]
    if torn:
        told.append(several("study.offers-former", torn))
    return {name: next(iter(own)) for name, own in owners.items() if name not in torn}


def _codes_twice(rows: Sequence[dict[str, Any]], told: list[Finding]) -> set[str]:
    """Keys of products that share a code."""
    owners: dict[str, dict[str, str]] = {}
    for row in rows:
        if not missing(row.get("product_code")):
            owners.setdefault(folded(row["product_code"]), {})[str(row["key"])] = (
                f"第 {_place(row)} 行“{row['product']}”"
            )
    torn = {code: own for code, own in owners.items() if len(own) > 1}
    if torn:
        said = [f"{code}（{'、'.join(own.values())}）" for code, own in torn.items()]
        told.append(several("study.offers-code-twice", said))
    return {key for own in torn.values() for key in own}


def _product(row: Mapping[str, Any], names: Mapping[str, str], known: set[str], day: int) -> tuple[Product, list[str]]:
    """The product, and its cells that are not understood."""
    table = terms.BY_KEY["catalogue"]
    unread: list[str] = []

    def read(key: str, how: Callable[[str], Any], empty: Any) -> Any:
        if missing(row.get(key)) or not str(row[key]).strip():
            return empty
        try:
            return how(str(row[key]))
        except UnreadError as why:
            unread.append(f"第 {_place(row)} 行“{table.column(key).label}”的“{why}”")
            return empty

    def whom(text: str) -> tuple[Who, ...]:
        found = conditions.who(text)
        return () if found is None else (found,)

    def listed(text: str) -> tuple[str, ...]:
        words = [word for word in parts(text) if word not in _NO_PRODUCT]
        strange = [word for word in words if folded(word) not in known]
        if strange:
            raise UnreadError(strange[0])
        return tuple(names.get(folded(word), folded(word)) for word in words)

    amounts = {"min_scale": "scale_amount", "min_deposit": "deposit_balance"}
    limits = [Limit(amounts[key], least=True, value=int(row[key])) for key in _ASKED if not missing(row.get(key))]
    product = Product(
        key=str(row["key"]),
        name=str(row["product"]).strip(),
        row=_place(row),
        line="" if missing(row["product_line"]) else str(row["product_line"]),
        family="" if missing(row.get("family")) else str(row["family"]),
        who=(*read("customer_types", whom, ()), *read("customer_groups", whom, ())),
        limits=(*limits, *read("ages", conditions.ages, []), *read("condition", conditions.limits, [])),
        classes=read("five_classes", conditions.classes, None),
        risk=read("risk_level", conditions.level, None),
        needs=read("needs", listed, ()),
        excludes=read("excludes", listed, ()),
        term="" if missing(row.get("term")) else str(row["term"]),
        rate=None if missing(row.get("rate")) else int(row["rate"]),
        yearly=None if missing(row.get("yearly")) else int(row["yearly"]),
    )
    begun = missing(row.get("valid_from")) or int(row["valid_from"]) <= day
    ended = not missing(row.get("valid_to")) and int(row["valid_to"]) < day
    wrong = "有条件没看懂" if unread else "已下架" if ended else "还没上架" if not begun else ""
    return replace(product, wrong=wrong), unread


def unlisted(counts: Mapping[str, tuple[str, int]], shelf: Shelf) -> list[Finding]:
    """``counts``: a name as compared → as written and how many customers hold it. Those that no product has or had, each with the product that it is
    most like and that nobody holds: it may have been renamed."""
    free = [each.name for each in shelf.products if each.key not in {shelf.names.get(key) for key in counts}]
    said = []
    for key, (name, count) in sorted(counts.items(), key=lambda one: -one[1][1]):
        if key in shelf.names:
            continue
        like = difflib.get_close_matches(name, free, 1, _LIKE)
        said.append(f"{name}（{count} 户" + (f"，像“{like[0]}”的旧名）" if like else "）"))
    return [several("study.offers-unlisted", said)] if said else []


def unseen(counts: Mapping[str, tuple[str, int]], shelf: Shelf) -> list[Finding]:
    """Products on the shelf that no record names at all."""
    there = {shelf.names.get(key) for key in counts}
    said = [f"第 {each.row} 行“{each.name}”" for each in shelf.products if not each.wrong and each.key not in there]
    return [several("study.offers-unseen", said)] if said else []


def unmeant(words: Iterable[str], shelf: Shelf) -> list[Finding]:
    """Words of 主推 that mean no product on the shelf."""
    said = [word for word in dict.fromkeys(words) if not shelf.called(word)]
    return [finding("study.offers-strategy", words="、".join(said))] if said else []

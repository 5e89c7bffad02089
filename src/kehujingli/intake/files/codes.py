"""What does a number format say of a number? By Excel's own rules: digits, commas that divide, literal marks between digits, sections.

``!`` (in Chinese Excel) and ``\\`` make the next character a literal, as quotes do. A comma behind the last digit divides by 1,000. A literal
point between digits is no decimal point: the digits behind it are the last of the whole number, so ``0!.0,"万元"`` shows 15,000 as 1.5万元.
What names a unit in a way that is not understood is ``unclear``, never a factor.
"""

from __future__ import annotations

import operator as op
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kehujingli import terms
from kehujingli.intake.sheets.headers import unit_of

_TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[([^\]]*)\]|(General|G/通用格式)|(.)', re.IGNORECASE | re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_DATE = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_GROUPING = frozenset(" ,，'’-  ")
_POINTS = frozenset(".．。·")
_BRACKETS = re.compile(r"[\s()（）\[\]【】.:：/¥￥]")
_SECONDS = re.compile(r"s\.0+|^[^a-z]*$", re.IGNORECASE)
_FRONT = re.compile(r"[A-Z][A-Z0-9-]*")
_AMOUNT = re.compile(r"[\d十百千万亿兆元角]|^[KWMB]$")


_ALL, _NOTHING = ("<>", Decimal("Infinity")), ("=", Decimal(0))
"""Any number; and nought, which is nought in every unit."""


@dataclass(frozen=True)
class Meaning:
    """What a format says of a number: it is shown divided by ``scale``, in ``unit``, as per cent, ``pad`` digits long, in another currency.

    ``front``: letters before the digits of a whole number (“"KH"00000”), which are part of an identifier and of no amount.
    ``rate``: a sign behind it that does not multiply (“0.00"%"”). ``unclear``: the format, where it says more than is understood.
    ``cases``: conditions and what is said where each holds, the first that does; the rest of the fields are then empty.
    """

    scale: int = 1
    unit: str = ""
    percent: bool = False
    pad: int = 0
    foreign: str = ""
    rate: str = ""
    unclear: str = ""
    cases: tuple[tuple[str, Decimal, Meaning], ...] = ()
    front: str = ""

    def of(self, number: Decimal) -> Meaning:
        """What it says of this number."""
        if not self.cases:
            return self
        return next((says for sign, bound, says in self.cases if _HOLDS[sign](number, bound)), Meaning())


@dataclass(frozen=True)
class _Token:
    kind: str
    """literal, digit, comma, point, date, other."""
    text: str


@dataclass
class _Section:
    tokens: list[_Token]
    condition: tuple[str, Decimal] | None = None

    def bare(self) -> str:
        return "".join(token.text for token in self.tokens if token.kind != "literal")


def meaning(code: str) -> Meaning | None:
    """What a format code says beyond digits; ``None`` where it says nothing."""
    sections = [section for section in _sections(code)[:3] if "@" not in section.bare()]
    cases = [(bound, _section_meaning(section, code)) for bound, section in _ranges(sections) if bound != _NOTHING]
    if len({says for _, says in cases}) > 1:
        if not _sure(sections):
            return Meaning(unclear=code)
        if any(says.unit or says.scale > 1 or says.unclear for _, says in cases):
            strange = any(_worth(says) not in (None, 1) for _, says in cases)
            silent = Meaning(unclear=code) if strange else Meaning(unit="元")
            cases = [(bound, silent if says == Meaning() else says) for bound, says in cases]
        return Meaning(cases=tuple((*bound, says) for bound, says in cases))
    return cases[0][1] if cases and cases[0][1] != Meaning() else None


def _sections(code: str) -> list[_Section]:
    found = [_Section([])]
    for match in _TOKEN.finditer(code):
        quoted, escaped, bracket, general, bare = match.groups()
        here = found[-1]
        if bracket is not None:
            condition = _CONDITION.fullmatch(bracket.replace(" ", ""))
            if condition:
                here.condition = condition[1], Decimal(condition[2])
            elif bracket.startswith("$"):
                sign = bracket[1:].partition("-")[0]
                here.tokens.append(_Token("literal", sign))
            elif re.fullmatch(r"[hmsHMS]+", bracket):
                here.tokens.append(_Token("date", bracket))
        elif quoted is not None or escaped is not None:
            here.tokens.append(_Token("literal", quoted or escaped or ""))
        elif general:
            here.tokens.append(_Token("digit", "#"))
        elif bare == ";":
            found.append(_Section([]))
        elif bare:
            kind = {"0": "digit", "#": "digit", "?": "digit", ",": "comma", ".": "point"}.get(bare)
            here.tokens.append(_Token(kind or ("date" if _DATE.match(bare) else "other"), bare))
    return found


def _ranges(sections: Sequence[_Section]) -> list[tuple[tuple[str, Decimal], _Section]]:
    """For which numbers each section holds, tried in this order."""
    given = [section.condition for section in sections]
    match sections:
        case [] | [_] if not any(given):
            return [(_ALL, section) for section in sections]
        case [only]:
            return [(given[0] or _ALL, only), (_ALL, _Section([]))]
        case [first, second]:
            return [(given[0] or (">=", Decimal(0)), first), (given[1] or _ALL, second)]
    usual = ((">", Decimal(0)), ("<", Decimal(0)), _ALL if any(given) else _NOTHING)
    return [(own or bound, section) for own, bound, section in zip(given, usual, sections, strict=True)]


def _sure(sections: Sequence[_Section]) -> bool:
    """Whether it is certain which section holds: not where a condition stands in the second only, or in one of three."""
    given = [section.condition is not None for section in sections]
    return given in ([], [False], [True], [False, False], [True, False], [True, True], [False] * 3, [True, True, False])


_HOLDS = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge, "=": op.eq, "<>": op.ne}


def _worth(says: Meaning) -> Decimal | None:
    """How many 元 one is by what is shown; none where no unit is said."""
    return Decimal(terms.UNITS[says.unit]) / terms.UNITS["元"] / says.scale if says.unit else None


def _section_meaning(section: _Section, code: str) -> Meaning:
    tokens = section.tokens
    places = [place for place, token in enumerate(tokens) if token.kind == "digit"]
    if not places:
        return Meaning()
    before, inside, behind = tokens[: places[0]], tokens[places[0] : places[-1] + 1], tokens[places[-1] + 1 :]
    said = "".join(token.text for token in tokens if token.kind in ("literal", "other", "date"))
    foreign = next((sign for sign in terms.FOREIGN_SIGNS if sign in said.upper()), "")
    if foreign:
        return Meaning(foreign=foreign)
    bare = section.bare()
    if any(token.kind == "date" for token in tokens):
        return Meaning() if _SECONDS.search(bare) else Meaning(unclear=code)
    if "/" in bare or re.search(r"[eE][+-]", bare):
        return Meaning()
    affixes = [_affix(part) for part in (before, behind)]
    scale, inner = _divided(inside, behind)
    units = {unit for unit in (*affixes, inner) if unit}
    if scale == 0 or len(units - set(terms.RATE_UNITS)) > 1 or "?" in units or bare.count("%") > (scale == 1):
        return Meaning(unclear=code)
    unit = next((unit for unit in units if unit in terms.UNITS), "")
    rate = next((unit for unit in units if unit in terms.RATE_UNITS), "")
    front = "".join(token.text for token in before)
    front = (
        front
        if re.fullmatch(r"0+", bare) and not behind and len(inside) == len(bare) and _FRONT.fullmatch(front)
        else ""
    )
    pad = len(bare) if re.fullmatch(r"0{2,}", bare) and (front or len(bare) == len(tokens)) else 0
    return Meaning(scale, unit, "%" in bare, pad, "", rate, front=front)


def _affix(tokens: Sequence[_Token]) -> str:
    """The unit that stands before or behind the digits: of money, of a rate, none, or ? where there is one that is not understood."""
    text = "".join(token.text for token in tokens if token.kind == "literal" or token.text not in ",%+-")
    bare = _BRACKETS.sub("", text)
    for word in terms.FORMAT_FILLERS:
        bare = bare.removeprefix(word).removesuffix(word)
    unit = terms.FORMAT_UNITS.get(bare.upper(), "") or unit_of(bare)
    if unit in terms.UNITS or unit in terms.RATE_UNITS:
        return unit
    return "?" if _AMOUNT.search(bare.upper()) else ""


def _divided(inside: Sequence[_Token], behind: Sequence[_Token]) -> tuple[int, str]:
    """By what the number is divided (0: not understood), and the unit that literals between the digits (12万3456元) give its last one."""
    point = next((place for place, token in enumerate(inside) if token.kind == "point"), len(inside))
    whole, decimals = inside[:point], inside[point + 1 :]
    commas = _run(behind) + (_run(whole[::-1]) if point < len(inside) else 0)
    if _strays(whole, decimals, behind):
        return 0, ""
    shift, worths = 0, set[int | None]()
    for place, token in enumerate(whole):
        text = "".join(ch for ch in token.text if ch not in _GROUPING)
        if token.kind not in ("literal", "other") or not text:
            continue
        digits = sum(1 for later in whole[place:] if later.kind == "digit")
        unit = terms.UNITS.get(unit_of(text))
        if text in _POINTS and not shift and point == len(inside):
            shift = digits
        elif unit is not None:
            worths.add(unit // 10**digits if unit % 10**digits == 0 else None)
        else:
            return 0, ""
    if not worths:
        return int(1000**commas * 10**shift), ""
    last = next((name for name, worth in terms.UNITS.items() if worths == {worth}), "?")
    return (0 if shift or last == "?" else int(1000**commas)), last


def _run(tokens: Sequence[_Token]) -> int:
    """Commas right behind the last digit, or behind its bare point."""
    skipped = tokens[1:] if tokens and tokens[0].kind == "point" else tokens
    count = 0
    while count < len(skipped) and skipped[count].kind == "comma":
        count += 1
    return count


def _strays(whole: Sequence[_Token], decimals: Sequence[_Token], behind: Sequence[_Token]) -> bool:
    """Commas and literals where Excel's rule is not plain: a comma beside a literal, digits parted behind the point."""
    for left, right in pairwise(whole):
        if {left.kind, right.kind} in ({"literal", "comma"}, {"other", "comma"}):
            return True
    if any(token.kind in ("literal", "other", "point") and token.text.strip() for token in decimals):
        return True
    return any(token.kind == "comma" for token in behind[_run(behind) + (behind[:1] == [_Token("point", ".")]) :])

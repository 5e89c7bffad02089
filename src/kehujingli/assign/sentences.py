"""What does a sentence of a trial mean? Four forms, read exactly: who leaves, who is hired, which branch is merged, whose limit is another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kehujingli import terms
from kehujingli.errors import Problem, problem

FORMS = "“M0012 离岗”、“新增 1 人 东关 负债”、“801003 并入 801002”、“上限 M0005=300”"
_SHOWN = 5


@dataclass(frozen=True)
class Left:
    manager: str


@dataclass(frozen=True)
class Hired:
    count: int
    branch: str
    specialism: str | None = None


@dataclass(frozen=True)
class Merged:
    branch: str
    into: str


@dataclass(frozen=True)
class Limited:
    manager: str
    capacity: int


Change = Left | Hired | Merged | Limited


@dataclass(frozen=True)
class Names:
    """Who and what may be named: numbers and what they are called. ``managers``: those of the roster on duty on the plan's first day."""

    managers: Mapping[str, str]
    branches: Mapping[str, str]
    gone: Collection[str] = ()
    """Managers of the roster who are not on duty."""

    def manager(self, word: str, sentence: str) -> str:
        """By number or whole name. Raises ``assign.trial-unknown``, ``assign.trial-ambiguous``."""
        if word in self.managers:
            return word
        if word in self.gone:
            raise problem("assign.trial-unknown", value=sentence, word=word, detail="在方案生效日本来就不在岗")
        return _only([who for who, name in self.managers.items() if name == word], self.managers, word, sentence)

    def branch(self, word: str, sentence: str) -> str:
        """By number, whole name, or a part of it that one branch alone has. Raises as ``manager``."""
        if word in self.branches:
            return word
        whole = [number for number, name in self.branches.items() if name == word]
        parts = [number for number, name in self.branches.items() if word in name]
        return _only(whole or parts, self.branches, word, sentence)


def _only(found: Sequence[str], names: Mapping[str, str], word: str, sentence: str) -> str:
    if len(found) == 1:
        return found[0]
    if not found:
        raise problem("assign.trial-unknown", value=sentence, word=word, detail="在名册和机构里都查不到")
    shown = "、".join(f"{number} {names[number]}".strip() for number in sorted(found)[:_SHOWN])
    more = " 等" if len(found) > _SHOWN else ""
    raise problem("assign.trial-ambiguous", value=sentence, word=word, count=len(found), found=shown + more)


def read(sentence: str, names: Names) -> Change:
    """Raises ``assign.trial-unread``, ``assign.trial-unknown``, ``assign.trial-ambiguous``."""
    text = " ".join(unicodedata.normalize("NFKC", sentence).split())
    if match := re.fullmatch(r"(\S+) 离岗", text):
        return Left(names.manager(match[1], sentence))
    if match := re.fullmatch(r"新增 (\d{1,2}) 人 (\S+)(?: (\S+))?", text):
        if not int(match[1]):
            raise problem("assign.trial-unread", value=sentence, detail="新增 0 人什么也没有变", forms=FORMS)
        return Hired(int(match[1]), names.branch(match[2], sentence), _post(match[3], sentence))
    if match := re.fullmatch(r"(\S+) 并入 (\S+)", text):
        branch, into = (names.branch(word, sentence) for word in match.groups())
        if branch == into:
            raise problem("assign.trial-unread", value=sentence, detail="并入的是同一个机构", forms=FORMS)
        return Merged(branch, into)
    if match := re.fullmatch(r"上限 (\S+?) ?= ?(\d{1,6})", text):
        return Limited(names.manager(match[1], sentence), int(match[2]))
    raise problem("assign.trial-unread", value=sentence, detail="不是四种写法里的一种", forms=FORMS)


def _post(word: str | None, sentence: str) -> str | None:
    if word is None:
        return None
    for code, label in terms.SPECIALISMS.items():
        if word in (code, label):
            return code
    detail = f"没有岗位“{word}”，岗位写{'、'.join(terms.SPECIALISMS.values())}，或不写"
    raise problem("assign.trial-unread", value=sentence, detail=detail, forms=FORMS)


def read_all(sentences: Sequence[str], names: Names) -> list[Change]:
    """All of them, every wrong one told at once. Raises as ``read``, and ``assign.trial-conflict`` where two contradict each other."""
    changes: list[Change] = []
    wrong: list[Problem] = []
    for sentence in sentences:
        try:
            changes.append(read(sentence, names))
        except Problem as why:
            wrong.append(why)
    if wrong:
        raise Problem([told for why in wrong for told in why.findings], wrong[0].exit)
    _agree(changes, sentences)
    return changes


def _agree(changes: Sequence[Change], sentences: Sequence[str]) -> None:
    """One word on each manager and each branch that goes, and no branch that goes round in a circle."""
    said: dict[str, str] = {}
    into: dict[str, str] = {}
    for change, sentence in zip(changes, sentences, strict=True):
        if isinstance(change, Hired):
            continue
        about = change.branch if isinstance(change, Merged) else change.manager
        if about in said:
            raise problem("assign.trial-conflict", value=sentence, other=said[about], word=about)
        said[about] = sentence
        if isinstance(change, Merged):
            into[about] = change.into
            if final(into, about) == about:
                raise problem("assign.trial-conflict", value=sentence, other=said[change.into], word=about)


def final(into: Mapping[str, str], branch: str) -> str:
    """Where a branch is in the end; in a circle, itself."""
    at = into.get(branch, branch)
    while at in into and at != branch:
        at = into[at]
    return at

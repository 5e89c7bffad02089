"""What does an analyst look at beside the main line? One file a question; frames and rules in, frames out. Which files are there is told without opening them."""

from __future__ import annotations

import functools
import importlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

    from kehujingli.rules import RulesFile
    from kehujingli.studies.study import Study

_OPENING = '"""'
_SQL_WORDS = ("select",)
"""Words of every query: a study of that name has no list that is called by it alone."""


@dataclass(frozen=True)
class Title:
    """A study by the first line of its file: ``\"\"\"名字：问题``."""

    key: str
    label: str
    asks: str


@functools.cache
def titles() -> tuple[Title, ...]:
    """Every study in the order of its file's name. A file whose first line is not ``名字：问题`` is none."""
    found = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        with path.open(encoding="utf-8") as file:
            first = file.readline().strip()
        label, colon, asks = first.removeprefix(_OPENING).removesuffix(_OPENING).partition("：")
        if first.startswith(_OPENING) and colon and " " not in label:
            found.append(Title(path.stem, label, asks))
    return tuple(found)


def first_question(asks: str) -> str:
    """A study asks several things; among thirty of them the first tells it apart."""
    asked, mark, _ = asks.partition("？")
    return asked + mark


def titles_named(sql: str) -> list[Title]:
    """The studies of which a query may name a list: by the beginning of its name, so that no other file is opened."""
    ends = dict.fromkeys(_SQL_WORDS, r"\w")
    return [
        title
        for title in titles()
        if title.label in sql or re.search(rf"\b{title.key}{ends.get(title.key, '')}", sql, re.IGNORECASE)
    ]


@functools.cache
def declared(key: str) -> Study:
    """The declaration of one study."""
    found: Study = importlib.import_module(f"{__name__}.{key}").STUDY
    return found


def studies() -> list[Study]:
    """All declarations."""
    return [declared(title.key) for title in titles()]


def sections() -> dict[str, type[BaseModel]]:
    """Study → the model of its section of the rules; ``payroll`` and ``loss`` besides, which are none and have a section."""
    from kehujingli.studies.money import loss
    from kehujingli.studies.pay import payroll

    own: dict[str, type[BaseModel]] = {each.key: each.rules for each in studies() if each.rules is not None}
    own |= {"payroll": payroll.Rules, "loss": loss.Rules}
    return {key: own[key] for key in sorted(own)}


def checked(rules: RulesFile) -> RulesFile:
    """The rules, once every ``[studies.…]`` of them has been checked. Raises ``Problem`` (exit 3) with every error and its line."""
    if rules.rules.studies:
        rules.check_studies(sections())
    return rules


def exports_asked() -> list[str]:
    """The tables of ``terms`` that some study takes: a month keeps them for later questions."""
    from kehujingli.studies.study import RESULTS

    return sorted({name for each in studies() for name in [*each.needs, *each.likes] if name not in RESULTS})

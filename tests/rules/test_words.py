"""Does a scheme read in Chinese throughout: no code of a shape, of a kind of deposit, of a cycle?"""

from __future__ import annotations

import re
from typing import get_args

import pytest

from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.rules.changes import in_words
from kehujingli.rules.code_words import SHAPE_NAMES
from kehujingli.rules.shapes.base import Item
from kehujingli.rules.words import tell

_OF_FILES = re.compile(r"[\w./-]+\.(toml|xlsx|md)|\b[A-Z]{2,}\b")


def test_the_shipped_scheme_has_no_english_word() -> None:
    told = tell(load_rules(EXAMPLE).rules)
    assert [line for line in told if re.search(r"[A-Za-z]{4,}", _OF_FILES.sub("", line))] == []


def test_what_a_deposit_counts_is_said_by_its_kind() -> None:
    segment = load_rules(EXAMPLE).rules.segment
    assert segment is not None
    kinds = {where[-1] for where, _ in in_words(segment) if any("折算系数" in part for part in where)}
    assert {"保证金", "财政性", "应解汇款"} <= kinds


def _shapes(base: type[Item] = Item) -> set[str]:
    own = set(get_args(base.model_fields["shape"].annotation)) if "shape" in base.model_fields else set()
    return own.union(*map(_shapes, base.__subclasses__()))


@pytest.mark.parametrize("shape", sorted(_shapes()))
def test_every_shape_has_a_chinese_name(shape: str) -> None:
    assert SHAPE_NAMES[shape]

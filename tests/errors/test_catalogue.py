"""Is every code of the catalogue provoked somewhere? A code that no test names is a sentence that nobody has read."""

from __future__ import annotations

import re

from conftest import ROOT

from kehujingli.errors import KINDS

TESTS = ROOT / "tests"


def test_every_code_is_named_in_a_test() -> None:
    read = [path.read_text(encoding="utf-8") for kind in ("py", "txt") for path in TESTS.rglob(f"*.{kind}")]
    named = set(re.findall(r"[a-z]+\.[a-z]+(?:-[a-z]+)*", "\n".join(read)))
    assert [code for code in KINDS if code not in named] == []

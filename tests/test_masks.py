"""How much of a private value may be seen?"""

from __future__ import annotations

import pytest

from kehujingli.masks import mask


@pytest.mark.parametrize(
    ("value", "private", "kind", "seen"),
    [
        ("张三", "name", "person", "张*"),
        ("欧阳建国", "name", "person", "欧*"),
        ("东关农资有限公司", "name", "business", "东关***"),
        ("三中", "name", "public", "三*"),
        ("", "name", "person", ""),
        ("13812341234", "phone", "person", "138****1234"),
        ("12345", "phone", "person", "*****"),
        ("330102199001011234", "id_number", "person", "330102********1234"),
        ("M0012", "", "person", "M0012"),
    ],
)
def test_as_much_as_the_standard_allows(value: str, private: str, kind: str, seen: str) -> None:
    assert mask(value, private, kind) == seen

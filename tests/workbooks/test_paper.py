"""Does what stands above a table have room on paper?"""

from __future__ import annotations

from kehujingli.workbooks.paper import widened


def test_a_narrow_sheet_is_widened_until_its_second_row_is_whole() -> None:
    """期间：2026年10月 is 16 columns, 试算稿 6, two blanks of two between, 单位：人 8, and two to spare: 36."""
    texts = ("期间：2026年10月", "试算稿", "单位：人")
    assert widened([10, 10, 7], 2, texts) == [18.0, 18.0, 7]
    assert widened([30, 10, 7], 2, texts) == [30, 10, 7]

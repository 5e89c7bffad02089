"""Does what stands above a table have room on paper?"""

from __future__ import annotations

from kehujingli.workbooks.paper import widened


def test_a_narrow_sheet_is_widened_until_its_second_row_is_whole() -> None:
    """期间：2026年10月 is 16 columns, 试算稿 6, two blanks of two between, 单位：人 8, and two to spare: 36."""
    left, right = ("期间：2026年10月", "试算稿"), "单位：人"
    assert [round(width, 1) for width in widened([10, 10, 7], 2, left, right)] == [26.4, 18.0, 7]
    assert widened([30, 10, 7], 2, left, right) == [30, 10, 7]


def test_what_stands_left_is_whole_before_a_wide_last_column() -> None:
    """16, two and 6 are 24 columns, a tenth more for what is bold: 26.4 in the two columns before that of 单位."""
    made = widened([6, 6, 40], 3, ("期间：2026年10月", "试算稿"), "单位：人")
    assert [round(width, 1) for width in made] == [13.2, 13.2, 40]

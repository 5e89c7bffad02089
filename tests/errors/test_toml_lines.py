from kehujingli.errors.toml_lines import key_lines, line_of

TEXT = """\
title = "x"     # [not.a.table]
[segment.scale]
combine = "sum"
[segment.scale.bounds]
person = { medium = 1, large = 2 }
"中文" = 3
[[item]]
id = "a"
bands = [
  [1, 2],
]
[[item]]
id = "b"
[item.more]
x = 1
"""


def test_every_key_has_its_line() -> None:
    lines = key_lines(TEXT)
    assert lines["title",] == 1
    assert lines["segment", "scale", "combine"] == 3
    assert lines["segment", "scale", "bounds", "中文"] == 6
    assert lines["item", 0, "bands"] == 9
    assert lines["item", 1, "id"] == 13
    assert lines["item", 1, "more", "x"] == 15


def test_a_key_inside_an_inline_table_is_told_by_the_line_it_stands_on() -> None:
    assert line_of(key_lines(TEXT), ("segment", "scale", "bounds", "person", "medium")) == 5


def test_a_bracket_in_a_comment_or_string_opens_nothing() -> None:
    lines = key_lines('a = "[["  # [\nb = 1\n')
    assert lines["b",] == 2

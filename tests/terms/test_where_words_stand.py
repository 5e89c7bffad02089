"""Does a Chinese column name stand in ``terms/`` only? Elsewhere a column is called by its English name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conftest import ROOT

from kehujingli import terms
from kehujingli.terms.own import OWN

SOURCE = ROOT / "src" / "kehujingli"
LABELS = {
    *(column.label for table in terms.TABLES for column in table.columns),
    *(term.label for term in terms.MADE.values()),
    *(term.label for term in OWN.values()),
}
THINGS = {"机构", "客户经理", "文件", "表", "列", "日期", "合计", "退回", "审批", "申诉", "命令", "结果"}
"""Words for a thing or an act (a branch, a file, an approval, a command) that a column also is called by."""
PEOPLES_WORDS = {"commands/help.py"}
"""Where what people look for leads to a command, whatever it is a word for."""
OPTION_TEXTS = ("metavar", "help")
"""What the value of an option is called on the command line."""


def test_a_column_is_called_by_its_english_name_outside_terms() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{node.lineno} {node.value}"
        for path in sorted(SOURCE.rglob("*.py"))
        if "terms" not in path.relative_to(SOURCE).parts and str(path.relative_to(SOURCE)) not in PEOPLES_WORDS
        for node in _texts(ast.parse(path.read_text(encoding="utf-8")))
        if node.value in LABELS - THINGS and not str(node.value).isascii()
    ]
    assert found == []


def test_a_sheets_header_comes_from_the_declarations() -> None:
    """``Column`` takes a header only where it is made of a scheme's own words."""
    found = [
        f"{path.relative_to(SOURCE)}:{call.lineno}"
        for path in sorted((SOURCE / "workbooks").glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Column"
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
    ]
    assert found == []


def test_the_walk_sees_a_name_that_is_written_out() -> None:
    code = 'frame["客户号"]\nsay(f"{row["机构号"]}的客户号")\nOption(metavar="工号")\nlabels = {"group": "户群"}\n'
    code = code.replace('["机构号"]', "['机构号']")
    assert [node.value for node in _texts(ast.parse(code)) if node.value in LABELS] == ["客户号", "户群", "机构号"]


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Texts written out, but for the sentences around the holes of an f-string and the texts of options."""
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values if isinstance(part, ast.Constant)}
        elif isinstance(node, ast.keyword) and node.arg in OPTION_TEXTS:
            passed |= {id(part) for part in ast.walk(node.value)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node

"""Does every sentence of the essay lead to a command and a sheet that are there?"""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from conftest import ROOT

from kehujingli.commands.groups import GROUPS
from kehujingli.studies import studies

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "essay.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| 原文")
]
COMMANDS = {name for group in GROUPS.values() for name in group} | {study.key for study in studies()}

OF_SEVERAL = {"rules", "explain", "show"}
"""Commands that want a second word."""


def test_there_are_sixty_two_sentences() -> None:
    assert len(ROWS) == 62


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:20] for row in ROWS])
def test_a_sentence_leads_to_a_command_and_a_sheet(row: list[str], two_months: Path) -> None:
    _, command, place, _ = row
    words = command.strip("`").split()
    assert words[0] in COMMANDS
    assert len(words) > 1 or words[0] not in OF_SEVERAL, "typed alone it asks of what"
    book, sheet = re.fullmatch(r"(.+)\.xlsx「(.+)」", place).groups()  # type: ignore[union-attr]
    own = {study.label: {one.title for one in study.lists} for study in studies()}
    if book in own:
        assert sheet in own[book]
        return
    path = two_months / "periods" / "2026-10" / f"{book}.xlsx"
    assert sheet in openpyxl.load_workbook(path, read_only=True).sheetnames

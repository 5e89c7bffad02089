"""Do the pages say what the program does?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

from kehujingli.commands.studies import page as study_page
from kehujingli.rules.reference import reference
from kehujingli.studies import sections

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
TRY = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/kehujingli demo"
TEST = 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/pytest'


def test_the_rules_reference_is_the_models() -> None:
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == reference(sections()), "python -m kehujingli.commands.manual docs"


def test_the_page_of_studies_is_their_declarations() -> None:
    written = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
    assert written == study_page(), "python -m kehujingli.commands.manual docs"


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_both_readmes_give_the_two_commands(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert TRY in text
    assert TEST in text
    assert text.index(TRY) < 2500, "the commands stand at the beginning"


def test_ci_runs_what_the_readme_says() -> None:
    assert TEST in (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace(" --quiet", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"

"""A workbook behind a password is read with it; without it, or with a wrong one, that is said, and other files are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from conftest import Ran, run_cli

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own


def locked(source: Path, target: Path, password: str) -> Path:
    with source.open("rb") as plain, target.open("wb") as secret:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt(password, secret)
    return target


def test_a_password_file_opens_what_it_fits(tmp_path: Path, xlsx: Callable[..., Path], cli: Callable[..., Ran]) -> None:
    plain = xlsx("plain.xlsx", [["客户号", "客户名称"], ["C1", "张三"]])
    folder = tmp_path / "w"
    for name in ("rules", "exports"):
        (folder / name).mkdir(parents=True)
    locked(plain, folder / "exports" / "客户.xlsx", "农信2026")
    words = tmp_path / "words.txt"

    missing = cli("check", "--json", cwd=folder)
    assert missing.code == 1
    assert [told["code"] for told in missing.json["findings"]] == ["intake.password"]
    words.write_text("错的\n", "utf-8")
    assert [told["code"] for told in cli("check", "--json", "--password-file", words, cwd=folder).json["findings"]] == [
        "intake.password"
    ]
    words.write_text("错的\n农信2026\n", "utf-8")
    found = run_cli("check", "--json", "--password-file", words, cwd=folder).json["files"]  # by a reader of its own
    assert [(sheet["table"], sheet["accepted"]) for sheet in found] == [("customers", 1)]
    assert "农信2026" not in "".join(
        path.read_text("utf-8", "replace") for path in (folder / ".kehujingli").rglob("*") if path.is_file()
    )


def test_what_excel_only_protects_against_writing_needs_no_password(
    tmp_path: Path, xlsx: Callable[..., Path], cli: Callable[..., Ran]
) -> None:
    plain = xlsx("plain.xlsx", [["客户号", "客户名称"], ["C1", "张三"]])
    path = locked(plain, tmp_path / "客户.xlsx", "VelvetSweatshop")
    assert cli("check", "--json", path).json["files"][0]["accepted"] == 1


def test_a_password_file_that_cannot_be_read_is_said(
    tmp_path: Path, xlsx: Callable[..., Path], cli: Callable[..., Ran]
) -> None:
    ran = cli("check", xlsx("a.xlsx", [["客户号"], ["C1"]]), "--password-file", tmp_path / "none.txt")
    assert ran.code == 2
    assert "option.bad" in ran.err

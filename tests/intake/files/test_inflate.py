"""A part of an archive comes piece by piece, whole, bounded, and says when it is damaged."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.intake.files import inflate
from kehujingli.intake.files.inflate import DAMAGED, pieces

ROWS = "".join(f'<row r="{row}"><c r="A{row}"><v>{row * 7919}</v></c></row>' for row in range(1, 40_000)).encode()


@pytest.fixture(params=["isal", "zlib"], autouse=True)
def _with(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways: processors without isal have zlib."""
    if request.param == "zlib":
        monkeypatch.setattr(inflate, "igzip_lib", None)


def _archive(path: Path, kind: int) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr("流水/sheet0.xml", b"before")
        archive.writestr("流水/sheet1.xml", ROWS)
    return path


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("size", [100, 65_536, 1 << 24])
def test_the_pieces_are_the_part_and_none_is_longer_than_asked(tmp_path: Path, kind: int, size: int) -> None:
    found = list(pieces(_archive(tmp_path / "a.zip", kind), "流水/sheet1.xml", size))
    assert b"".join(found) == ROWS
    assert max(map(len, found)) <= size


def test_what_grows_a_thousand_times_comes_in_pieces_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(64 << 20))
    found = [len(piece) for piece in pieces(tmp_path / "a.zip", "a", 1 << 20)]
    assert (sum(found), max(found)) == (64 << 20, 1 << 20)


def test_a_part_cut_short_ends_in_an_error_and_never_on_and_on(tmp_path: Path) -> None:
    path = _archive(tmp_path / "a.zip", zipfile.ZIP_DEFLATED)
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("流水/sheet1.xml")
    directory = raw.index(b"PK\x01\x02")
    size = part.compress_size // 2
    entry = raw.index(b"PK\x01\x02", directory + 1)
    told = bytearray(raw)
    told[entry + 20 : entry + 24] = size.to_bytes(4, "little")
    path.write_bytes(told)
    found: list[bytes] = []
    with pytest.raises(DAMAGED):
        found.extend(pieces(path, "流水/sheet1.xml", 1 << 16))
    assert ROWS.startswith(b"".join(found))
    assert found


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_spoilt_byte_is_an_error_of_the_known_kinds_or_goes_by(
    at: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = _archive(tmp_path_factory.getbasetemp() / "spoilt.zip", zipfile.ZIP_DEFLATED)
    raw = bytearray(path.read_bytes())
    raw[at % len(raw)] = byte
    path.write_bytes(raw)
    try:
        count = sum(map(len, pieces(path, "流水/sheet1.xml", 1 << 20)))
    except DAMAGED:
        return
    assert count < 1 << 28

"""What is inside? Members of archives and the plain workbook behind a password, as files of a folder that is thrown away."""

from __future__ import annotations

import contextlib
import gzip
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

MOST_MEMBERS = 2_000
MOST_BYTES = 4 << 30
"""What an archive may hold unpacked; a bomb says less about itself, so bytes are counted while they come out."""
_DEFAULT = "VelvetSweatshop"
"""With this password Excel encrypts workbooks that it merely protects against writing; nobody is asked for it."""
_CHUNK = 1 << 20


class Locked(Exception):
    """None of the passwords opens the file."""


def unzip(path: Path, folder: Path, passwords: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Every file of a zip with its name, one after the other: the last is removed before the next is unpacked.

    Raises ``Locked`` where a member has a password that was not given, ``ValueError`` where the archive is no honest one.
    """
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir() and not _hidden(_name(info))]
        if len(members) > MOST_MEMBERS:
            raise ValueError(f"压缩包里有 {len(members):,} 个文件，不像导出")
        left = MOST_BYTES
        for number, info in enumerate(members):
            target = folder / f"{number}"
            left -= _copy_member(archive, info, target, passwords, left)
            yield _name(info), target
            target.unlink(missing_ok=True)


def _copy_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, passwords: Sequence[str], left: int
) -> int:
    for password in [None, *(word.encode() for word in passwords)] if info.flag_bits & 1 else [None]:
        try:
            with archive.open(info, pwd=password) as stream:
                return _copy(stream, target, left)
        except RuntimeError:  # no password, or not this one
            continue
        except zlib.error:
            if not info.flag_bits & 1:
                raise
    raise Locked


def gunzip(path: Path, folder: Path) -> Path:
    """The file behind a gzip."""
    target = folder / "content"
    with gzip.open(path) as stream:
        _copy(cast(IO[bytes], stream), target, MOST_BYTES)
    return target


def _copy(stream: IO[bytes], target: Path, left: int) -> int:
    written = 0
    with target.open("wb") as file:
        while chunk := stream.read(_CHUNK):
            written += len(chunk)
            if written > left:
                raise ValueError("解开后太大，不像导出")
            file.write(chunk)
    return written


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: zips made on Chinese Windows hold GB18030 and do not say so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in name.split("/"))


def decrypt(path: Path, folder: Path, passwords: Sequence[str]) -> Path:
    """The workbook behind a password. Raises ``Locked``."""
    import msoffcrypto

    for password in (_DEFAULT, *passwords):
        target = folder / "decrypted"
        try:
            with path.open("rb") as source, target.open("wb") as plain:
                office = msoffcrypto.OfficeFile(source)
                office.load_key(password=password)
                office.decrypt(plain)
        except Exception:
            continue
        return target
    raise Locked

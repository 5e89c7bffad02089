"""What stands in one part of a zip archive, piece by piece?

Inflated by isal, some three times as fast as zlib, and not checked by its sum: who reads the part for its values does that.
"""

from __future__ import annotations

import contextlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

igzip_lib: Any = None
with contextlib.suppress(ImportError):  # there are processors that it is not made for
    from isal import igzip_lib

DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    struct.error,
)
"""What reading a damaged part raises."""
_HEADER = 30
_PACKED = 1 << 17
_LOCKED = 1


def pieces(path: Path, member: str, size: int) -> Iterator[bytes]:
    """The part's bytes, at most ``size`` at a time. Raises one of ``DAMAGED`` where it is damaged, after what could be read."""
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo(member)
        if igzip_lib is None or part.compress_type != zipfile.ZIP_DEFLATED or part.flag_bits & _LOCKED:
            with archive.open(part) as stream:
                while piece := stream.read(size):
                    yield piece
            return
    try:
        yield from _inflated(path, part, size)
    except igzip_lib.error as error:
        raise zipfile.BadZipFile(str(error)) from None


def _inflated(path: Path, part: zipfile.ZipInfo, size: int) -> Iterator[bytes]:
    inflater = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE)
    with path.open("rb") as file:
        file.seek(part.header_offset)
        name, extra = struct.unpack("<26x2H", file.read(_HEADER))
        file.seek(name + extra, 1)
        left = part.compress_size
        while not inflater.eof:
            packed = b""
            if inflater.needs_input:
                packed = file.read(min(_PACKED, left))
                left -= len(packed)
                if not packed:
                    raise EOFError(part.filename)
            if piece := inflater.decompress(packed, size):
                yield piece

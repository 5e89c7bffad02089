"""Twelve dirty twins of the example's clean exports load to the identical frames."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from twins import CLEAN, TWINS, read_clean

from kehujingli import terms
from kehujingli.intake.read import read_file

pytestmark = pytest.mark.slow  # each runs whole months, or many small files; the quick run has a month of its own


def frame(path: Path) -> tuple[str, dict[str, list[Any]]]:
    """The canonical columns of a file's one table; nothing of it is refused."""
    found = [result for result in read_file(path, path.name) if result.accepted is not None and result.accepted.rows]
    (result,) = found
    assert result.accepted is not None
    assert len(result.accepted.rejects) == 0
    keys = [column.key for column in terms.BY_KEY[result.table].columns]
    return result.table, {
        key: result.accepted.table[key].to_pylist() for key in keys if key in result.accepted.table.column_names
    }


clean = functools.cache(read_clean)
wanted = functools.cache(frame)


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
@pytest.mark.parametrize("twin", TWINS)
def test_a_dirty_twin_is_the_same_table(tmp_path: Path, twin: str, path: Path) -> None:
    ending, make = TWINS[twin]
    dirty = tmp_path / f"{path.stem}{ending}"
    dirty.write_bytes(make(clean(path)))
    assert frame(dirty) == wanted(path)


def test_there_are_twelve() -> None:
    assert len(TWINS) == 12

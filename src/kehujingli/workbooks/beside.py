"""Which studies stand beside the month's page, in 月报 itself? 项目储备, 岗位职责 and 对标, by the lists that a director asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kehujingli.studies import declared
from kehujingli.workbooks.study import write_list

if TYPE_CHECKING:
    from kehujingli.studies.study import Answer, StudyList
    from kehujingli.workbooks.house import Book

BESIDE: Mapping[str, Sequence[str]] = {
    "projects": ("projects_funnel",),
    "duties": ("duties", "duties_posts"),
    "peers": ("peers",),
}
"""Study → which of its lists are sheets of 月报 where its table is there, in this order."""


def lists_beside(key: str) -> list[StudyList]:
    """The lists of a study that are sheets of 月报."""
    return [one for one in declared(key).lists if one.key in BESIDE[key]]


def write_beside(book: Book, beside: Mapping[str, Answer]) -> None:
    """A sheet a list of those that said anything."""
    for key, said in beside.items():
        for one in lists_beside(key):
            write_list(book, one, said, unmask=False)


def meanings_beside(beside: Iterable[str]) -> list[tuple[str, str]]:
    """What is meant on these sheets, each said with its study: 口径 of 月报 speaks of much else."""
    told = []
    for key in beside:
        study = declared(key)
        columns = [column for one in lists_beside(key) for column in one.columns if column.meaning]
        said = [*study.definitions, *((column.header, column.meaning) for column in columns)]
        told += [(f"{study.label}：{name}", text) for name, text in dict(said).items()]
    return told

"""What does the province's workbook look like? That of a study, with the rules of each county beside its figures and 口径 last."""

from __future__ import annotations

from pathlib import Path

from kehujingli import terms
from kehujingli.lists.province import STUDY
from kehujingli.studies.study import Answer
from kehujingli.workbooks.house import Book, Column, Meta
from kehujingli.workbooks.study import meanings, write_answer


def write_province(target: Path, meta: Meta, answer: Answer) -> str:
    """Returns the workbook's hash."""
    import pandas as pd

    book = Book(meta)
    write_answer(book, STUDY, answer, unmask=False)
    book.chart_numbers()
    columns = [
        Column("what", terms.label("item"), "text", 24),
        Column("meaning", terms.label("definition"), "text", 90),
    ]
    book.list("口径", "口径", "", columns, pd.DataFrame(meanings(STUDY), columns=["what", "meaning"]), freeze=1)
    return book.save(target)

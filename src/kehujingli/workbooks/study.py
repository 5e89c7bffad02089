"""What does a study's workbook look like? 首页 with what was found and what is lacking, a sheet a list with its chart, 口径."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from kehujingli.rules.changes import word
from kehujingli.rules.code_words import code_word
from kehujingli.studies.study import Answer, Heat, Study, StudyList
from kehujingli.terms.column import ListColumn
from kehujingli.terms.masks import mask
from kehujingli.terms.widths import wrapped
from kehujingli.values import missing
from kehujingli.workbooks.definitions import Source, write_definitions
from kehujingli.workbooks.house import Book, Meta, Plot
from kehujingli.workbooks.looks import sheet_columns

if TYPE_CHECKING:
    import pandas as pd

_ONE_PAGE = 40
"""A list with a chart and no more rows than this is printed on one page."""
_FEW = 100
"""万元 and means of which a chart says the first decimal."""
_BAR, _AROUND = 14, 100
"""Pixels of a bar and its label, and of a chart's title, axis and legend."""
_FULL = {",": "，", ";": "；", ":": "："}
_WIDTH = 96
"""Characters of a line on 首页."""


def write_study(
    target: Path, meta: Meta, study: Study, answer: Answer, rules: BaseModel | None, source: Source, *, unmask: bool
) -> str:
    """Returns the workbook's hash. Names are masked unless asked."""
    book = Book(meta)
    write_answer(book, study, answer, unmask=unmask)
    write_definitions(book, meanings(study), source, thresholds(study, rules))
    return book.save(target)


def write_answer(book: Book, study: Study, answer: Answer, *, unmask: bool) -> None:
    """首页 and a sheet a list."""
    _cover(book, study, answer)
    for one in study.lists:
        write_list(book, one, answer, unmask=unmask)


def meanings(study: Study) -> list[tuple[str, str]]:
    """口径 in words: the question, the study's own, and what columns count."""
    columns = [(column.header, column.meaning) for one in study.lists for column in one.columns if column.meaning]
    return list(dict.fromkeys([("问题", study.asks), *study.definitions, *columns]))


def write_list(book: Book, one: StudyList, answer: Answer, *, unmask: bool) -> None:
    """One list of a study as a sheet, with its chart or its colours."""
    frame = shown(answer.frames[one.key], one.columns, unmask=unmask)
    columns = [
        replace(column, width=0) if bool(frame[column.key].isna().all()) else column
        for column in sheet_columns(one.columns)
    ]
    heat, plot = one.heat, _plot(one, frame, answer.titles.get(one.key, one.title))
    book.list(
        one.title,
        f"{book.meta.institution}{one.title}{_colours(heat)}",
        one.unit,
        columns,
        frame,
        freeze=one.freeze,
        plot=plot,
        nothing=one.nothing,
        one_page=(plot is not None or heat is not None) and len(frame) <= _ONE_PAGE,
    )
    if heat is not None and len(frame):
        keys = [column.key for column in one.columns]
        book.heat(one.title, 4, len(frame), [keys.index(key) for key in heat.columns], diagonal=heat.diagonal)


def _colours(heat: Heat | None) -> str:
    """What the colours behind the figures mean, for the title."""
    if heat is None:
        return ""
    return "（颜色深的多" + ("，灰的没有换）" if heat.diagonal else "）")


def _cover(book: Book, study: Study, answer: Answer) -> None:
    sheet = book.sheet("首页")
    book.columns(sheet, [13] * 8)
    book.heading(sheet, f"{book.meta.institution}{study.label.removeprefix(book.meta.institution)}", 8, "")
    row = 3
    told = [finding.text for finding in answer.findings]
    for title, texts in (("", [study.asks]), ("结果", answer.lines), ("缺什么、请核对什么", told)):
        if title and texts:
            sheet.write_string(row, 0, title, book.format(bold=True))
            row += 1
        for text in texts:
            for line in wrapped(text, _WIDTH):
                sheet.write_string(row, 0, line, book.format())
                row += 1
        row += 1
    sheet.write_string(row, 0, book.meta.signatures, book.format())
    book.page(sheet, row, 8, portrait=True, one_page=True)


def shown(frame: pd.DataFrame, columns: Sequence[ListColumn], *, unmask: bool) -> pd.DataFrame:
    """The frame with codes in words and private values masked, by the columns' declaration."""
    types = frame.get("customer_type")
    changed: dict[str, Any] = {}
    for column in columns:
        values = frame[column.key]
        if column.private and not unmask:
            kinds = types if types is not None else [None] * len(frame)
            changed[column.key] = [
                value if missing(value) else mask(str(value), column.private, None if missing(kind) else str(kind))
                for value, kind in zip(values, kinds, strict=True)
            ]
        elif column.codes:
            changed[column.key] = [value if missing(value) else column.codes.get(str(value), value) for value in values]
        elif column.kind == "flag":
            changed[column.key] = [None if missing(value) else ("是" if value else "否") for value in values]
    return frame.assign(**changed)


def _plot(one: StudyList, frame: pd.DataFrame, title: str) -> Plot | None:
    """The list's chart, where it has one and there is something to show."""
    if one.chart is None or frame.empty:
        return None
    head = frame.head(one.chart.rows)
    by_key = {column.key: column for column in one.columns}
    scale = {"yuan": 1_000_000, "wan": 1_000_000}
    series = {}
    for key in one.chart.values:
        column = by_key[key]
        named = f"{column.header}（万元）" if column.kind in scale else column.header
        series[named] = [0.0 if missing(value) else float(value) / scale.get(column.kind, 1) for value in head[key]]
    kinds = {by_key[key].kind for key in one.chart.values}
    most = max(abs(value) for values in series.values() for value in values)
    finer = kinds <= {*scale, "number", "points"} and most < _FEW
    number = "0.0%" if kinds == {"rate"} else "#,##0.0" if finer else "#,##0"
    categories = ["" if missing(value) else str(value) for value in head[one.chart.along]]
    tall = _BAR * len(series) * len(head) + _AROUND if one.chart.kind == "bar" else 0
    return Plot(one.chart.kind, title, categories, series, number=number, height=max(tall, Plot.height))


def thresholds(study: Study, rules: BaseModel | None) -> list[tuple[str, str]]:
    """What the section of the rules says, in words: each value with its meaning, and with its key where the definitions speak of it."""
    if rules is None:
        return []
    told = " ".join(text for _, text in meanings(study))
    made = []
    for key, field in type(rules).model_fields.items():
        said = re.sub(r"(?<!\d)[,;:]|[,;:](?!\d)", lambda mark: _FULL[mark[0]], field.description or key)
        named = f"{said}（{key}）" if re.search(rf"(?<![a-z_]){key}(?![a-z_])", told) else said
        made.append((named, _said(key, getattr(rules, key))))
    return made


def _said(key: str, value: Any) -> str:
    """A value of the rules in words; of several tables each its values in their order."""
    match value:
        case None:
            return "（没有写）"
        case "" | () | []:
            return "（空）"
        case dict():
            return "、".join(f"{code_word(key, str(name))} {_said(key, part)}" for name, part in value.items())
        case tuple() | list():
            return ("；" if any(isinstance(part, BaseModel) for part in value) else "、").join(
                _said(key, part) for part in value
            )
        case BaseModel():
            return "，".join(
                _said(name, part)
                for name in type(value).model_fields
                if (part := getattr(value, name)) not in (None, ())
            )
        case _:
            return word(key, value)

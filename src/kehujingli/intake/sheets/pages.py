"""Where does a printed page begin anew, or another table? Repeated headers, titles and page numbers are no data; what stands below another header is not read by this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kehujingli import terms
from kehujingli.intake.sheets.headers import Match, doubted, parse_header, recognise

HEADER_WORDS = frozenset(name for table in terms.TABLES for column in table.columns for name in column.names)
"""What stands in headers: two of them in one row may be one."""
PAGE = r"^\s*(?:第\s*\d+\s*页|共\s*\d+\s*页|页\s*[次码])"


@dataclass(frozen=True)
class Foreign:
    """Another table below: its header's place among the rows and what it says, and the place behind its last row."""

    header: int
    end: int
    names: str


def read_header(texts: Sequence[str], match: Match) -> Literal["same", "other", ""]:
    """Whether a row is the sheet's header once more, another header, or none."""
    said = {place: text for place, text in enumerate(texts) if text}
    own = {place: header.name for place, header in enumerate(match.headers) if header.name}
    if sum(text in HEADER_WORDS or parse_header(text).name == own.get(place) for place, text in said.items()) < 2:
        return ""
    if all(parse_header(text).name == own.get(place) for place, text in said.items()):
        return "same"
    headers = [parse_header(text) for text in texts]
    again = recognise(headers)
    if again is None:
        return "other" if doubted(headers) else ""
    places = {column.key: place for place, column in match.columns.items()}
    alike = again.table.key == match.table.key and all(
        places.get(column.key, place) == place for place, column in again.columns.items()
    )
    return "same" if alike else "other"


def foreign_parts(headers: Mapping[int, str], length: int) -> list[Foreign]:
    """The parts below other headers. ``headers``: place of a header row → what it says, nothing where it is the sheet's own."""
    places = sorted(headers)
    ends = [*places[1:], length]
    return [Foreign(place, end, headers[place]) for place, end in zip(places, ends, strict=False) if headers[place]]


def listed(texts: Sequence[str]) -> str:
    names = [text for text in texts if text]
    return "、".join(names[:6]) + ("……" if len(names) > 6 else "")

"""On what paper does a sheet go, and how wide are its columns? Characters, pixels and centimetres; nothing is printed below 65 %."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kehujingli.terms.widths import display_width

GREY = "#BFBFBF"
RED = "#C00000"
CM = 1 / 2.54
SIDE = 1.8
ROW = 18
BESIDE = (12,) * 7
"""The columns that a chart takes right of its list."""
_A4, _A3 = 9, 8
_PAPERS = ((_A4, False, 29.7, 21.0), (_A4, True, 21.0, 29.7), (_A3, False, 42.0, 29.7), (_A3, True, 29.7, 42.0))
"""Excel's number, upright or not, width and height in centimetres; tried in this order."""
_HEADER = 96
"""Title, line 2, totals and header of a list, in points."""
ZOOM = 0.65
"""Nothing is printed smaller."""


def paper_for(widths: Sequence[float], height: float, portrait: bool) -> tuple[int, bool]:
    """The smallest paper (Excel's number, upright or not) that takes these widths, and this height in points, at 65 % or more.

    Without a height pages follow one another, and only their width counts.
    """
    allowed = [paper for paper in _PAPERS if paper[1] == portrait or (height and not portrait)]
    for number, upright, across, down in allowed:
        if pixels(widths) * ZOOM <= room_of(across) and height * ZOOM <= (down - 2.0 - SIDE) * CM * 72:
            return number, upright
    return allowed[-1][:2]


def fitting(widths: Sequence[float]) -> int:
    """How many of the first columns go on A3 across at 65 % or more; the rest stand right of the print area."""
    room = room_of(_PAPERS[2][2]) / ZOOM
    return next((count for count in range(len(widths), 0, -1) if pixels(widths[:count]) <= room), 0)


def chart_row(widths: Sequence[float], count: int, rows: int) -> int:
    """The row (from 0) for a chart of so many rows below a list of ``count`` rows under its four header rows: on the list's last page
    where it goes there, else at the head of the next, so that no page cuts it."""
    paper, upright = paper_for(widths, 0, portrait=False)
    across, down = next((wide, high) for number, up, wide, high in _PAPERS if (number, up) == (paper, upright))
    zoom = min(1.0, room_of(across) / pixels(widths))
    fits = int(((down - 2.0 - SIDE) * CM * 72 / zoom - _HEADER) / ROW) - 1
    used = count % fits + 2
    return 4 + count + 1 if used + rows <= fits else 4 + (count // fits + 1) * fits + 2


def pixels(widths: Sequence[float]) -> float:
    """How wide columns of so many characters are."""
    return sum(7 * width + 5 for width in widths)


def room_of(centimetres: float) -> float:
    return (centimetres - 2 * SIDE) * CM * 96


def widened(widths: Sequence[float], count: int, left: Sequence[str], right: str = "") -> list[float]:
    """The first ``count`` columns as wide as the texts of row 2 need: what stands ``left``, of which the last says that the figures are a draft,
    is cut where the column of what stands ``right`` begins."""
    whole = "　".join([*left, right] if right else left)
    made = list(widths)
    lacking = display_width(whole) + 2 - sum(widths[:count])
    made[:count] = [width + max(lacking, 0) / count for width in widths[:count]]
    if right and count > 1:
        before = count - 1
        lacking = 1.1 * display_width("　".join(left)) - sum(made[:before])
        made[:before] = [width + max(lacking, 0) / before for width in made[:before]]
    return made


def places(texts: Sequence[str], widths: Sequence[float], right: str) -> list[int] | None:
    """The columns at which texts start so that none runs into the next or into ``right``; the second near the middle. Nothing where there is no room."""
    starts = [sum(widths[:index]) for index in range(len(widths))]
    end = sum(widths) - display_width(right) - 2
    wanted = [0.0, max(sum(widths) / 2 - display_width(texts[1]) / 2, 0.0) if len(texts) > 1 else 0.0, 0.0]
    found: list[int] = []
    free = 0.0
    for text, least in zip(texts, wanted, strict=False):
        column = next((index for index, start in enumerate(starts) if start >= max(free, least) - 1e-9), None)
        if column is None or (right and column == len(widths) - 1) or starts[column] + 1.1 * display_width(text) > end:
            return None
        found.append(column)
        free = starts[column] + 1.1 * display_width(text) + 2
    return found


def set_up(
    sheet: Any,
    widths: Sequence[float],
    last_row: int,
    *,
    height: float = 0,
    portrait: bool = False,
    one_page: bool = False,
    repeat: int | None = None,
    breaks: Sequence[int] = (),
) -> None:
    """Paper, margins, print area and repeated rows of a sheet whose printed columns have these widths.

    The first paper on which nothing shrinks below 65 %; ``height``, in points, counts where all must stand on ``one_page``.
    """
    paper, upright = paper_for(widths, (height or ROW * (last_row + 2)) if one_page else 0, portrait)
    sheet.set_paper(paper)
    sheet.set_portrait() if upright else sheet.set_landscape()
    sheet.set_margins(left=SIDE * CM, right=SIDE * CM, top=2.0 * CM, bottom=SIDE * CM)
    sheet.center_horizontally()
    sheet.print_area(0, 0, last_row, len(widths) - 1)
    sheet.fit_to_pages(1, 1 if one_page else 0)
    if breaks:
        sheet.set_h_pagebreaks(list(breaks))
    if repeat is not None:
        sheet.repeat_rows(0, repeat)

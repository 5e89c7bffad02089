"""What is accepted and decides nothing? Columns that no figure, list or study reads; ``query`` has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding

if TYPE_CHECKING:
    from kehujingli.intake.ledger import Sheet
    from kehujingli.rules import Rules


def unused(sheets: Sequence[Sheet], rules: Rules | None) -> Iterator[Finding]:
    """One note a table, and one for keys of the rules that nothing reads yet."""
    for table in terms.TABLES:
        there = [sheet for sheet in sheets if sheet.table == table.key and sheet.accepted]
        headers = dict.fromkeys(header for sheet in there for header in terms.unread(table.key, sheet.columns))
        if headers:
            first = next(sheet for sheet in there if terms.unread(table.key, sheet.columns))
            yield finding(
                "table.columns-unused",
                file=first.export.name,
                sheet=first.sheet,
                table=table.label,
                columns="、".join(f"“{header}”" for header in headers),
                count=len(headers),
            )
    items = rules.incentive.item if rules is not None and rules.incentive is not None else ()
    linked = sum("link" in item.model_fields_set for item in items)
    if linked:
        yield finding("rules.link-unused", key="link", count=linked)

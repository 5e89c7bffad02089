"""What does a header leave open? Told of a sheet that is read, beside what its rows say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.sheets.headers import Match
from kehujingli.terms.places import column_name

_MONTH = re.compile(r"(?<!\d)(?:1[0-2]|0?[1-9])月|20\d\d[-./]?(?:1[0-2]|0[1-9])(?!\d)")
_SHOWN = 60
"""Characters of a header that a sentence quotes."""


def header_findings(match: Match, name: str, sheet: str) -> Iterator[Finding]:
    """Amounts that are not taken, other tables beside and above, averages that do not say which they are. ``name`` is the file's."""
    where: dict[str, Any] = {"file": name, "sheet": sheet}
    if match.unused:
        columns = "”、“".join(header.raw.strip() for header in match.unused)
        several = len(match.unused) > 1 and all(_MONTH.search(header.raw) for header in match.unused)
        code = "intake.amount-months" if several else "intake.amount-unused"
        yield finding(code, **where, columns=columns, table=match.table.label)
    elif match.table.key == "accounts" and not any(column.key == "balance" for column in match.columns.values()):
        yield finding("intake.no-balance", **where)
    if match.carried:
        columns = "”、“".join(match.headers[position].raw.strip() for position in match.carried)
        yield finding("intake.accounts-of-people", **where, columns=columns, table=match.table.label)
    for start, table in match.beside:
        yield finding("intake.table-beside", **where, column=column_name(start), table=table.label)
    for table, names, rows in match.above:
        yield finding("intake.table-above", **where, table=table.label, header=names[:_SHOWN], rows=rows)
    for header in match.headers:
        if header.name in terms.AMBIGUOUS_HEADERS and match.table.key in ("accounts", "loans"):
            yield finding(
                "intake.average-ambiguous",
                file=name,
                sheet=sheet,
                header=header.raw.strip(),
                choices="、".join(terms.AMBIGUOUS_HEADERS[header.name]),
            )

"""The newest capital that is not of a later day counts; what is old, told twice or in another unit is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from kehujingli.periods import Period, day_of
from kehujingli.rules import Institution
from kehujingli.studies.risk.capital import capital_of

OCTOBER = Period.of("2026-10")
NONE = Institution(name="")
LENT = 600_000_000_00


def table(*rows: tuple[str, int]) -> pd.DataFrame:
    days = [day_of(date.fromisoformat(day)) for day, _ in rows]
    cents = [yuan * 100 for _, yuan in rows]
    return pd.DataFrame({"date": days, "net_capital": cents, "tier1_capital": cents})


@pytest.mark.parametrize(
    ("rows", "net", "codes"),
    [
        ([("2026-06-30", 70_000_000), ("2026-09-30", 80_000_000)], 80_000_000, []),
        ([("2026-09-30", 80_000_000), ("2026-12-31", 90_000_000)], 80_000_000, []),
        ([("2026-06-30", 70_000_000)], 70_000_000, ["study.capital-old"]),
        ([("2026-09-30", 80_000_000), ("2026-09-30", 79_000_000)], 79_000_000, ["study.capital-twice"]),
        ([("2026-09-30", 8_000)], 8_000, ["study.capital-odd"]),
        ([("2026-09-30", 800_000_000_000)], 800_000_000_000, ["study.capital-odd"]),
    ],
)
def test_which_counts(rows: list[tuple[str, int]], net: int, codes: list[str]) -> None:
    found = capital_of(table(*rows), NONE, OCTOBER, LENT, 3)
    assert (found.net, [told.code for told in found.findings]) == (net * 100, codes)


def test_without_the_table_the_rules_say_it_or_nobody() -> None:
    said = Institution(name="", net_capital=Decimal(80_000_000))
    assert capital_of(None, said, OCTOBER, LENT, 3).net == 80_000_000_00
    later = table(("2026-12-31", 80_000_000))
    assert capital_of(later, NONE, OCTOBER, LENT, 3).net is None


def test_a_table_of_later_days_only_is_not_no_table() -> None:
    said = Institution(name="", net_capital=Decimal(80_000_000))
    found = capital_of(table(("2026-12-31", 90_000_000)), said, OCTOBER, LENT, 3)
    assert (found.net, [told.code for told in found.findings]) == (80_000_000_00, ["study.capital-later"])
    assert "没有《资本》" not in found.basis


def test_what_is_odd_of_the_rules_is_cured_in_the_rules() -> None:
    (told,) = capital_of(None, Institution(name="", net_capital=Decimal(8_000)), OCTOBER, LENT, 3).findings
    assert (told.code, "办法" in told.cure, "《资本》" in told.cure) == ("study.capital-odd", True, False)


def test_tier_one_is_a_part_of_the_capital_and_rows_are_named() -> None:
    rows = table(("2026-06-30", 70_000_000), ("2026-06-30", 60_000_000)).assign(source_row=[2, 3])
    told = capital_of(rows.assign(tier1_capital=[1, 90_000_000_00]), NONE, OCTOBER, LENT, 3).findings
    assert [one.code for one in told] == ["study.capital-twice", "study.capital-old", "study.capital-tier"]
    assert "第 2、3 行" in told[0].message
    assert "第 3 行" in told[1].message
    assert "第 3 行" in told[2].message

"""Is the invented county believable, the same for the same seed, and the same whether its exports are clean or soiled?"""

from __future__ import annotations

from pathlib import Path

import pytest
from months import reckon

from kehujingli.demo import make_county, write_county
from kehujingli.month import Month
from kehujingli.month.studies import ask
from kehujingli.periods import parse_month
from kehujingli.rules import EXAMPLE
from kehujingli.studies import declared
from kehujingli.workspace import Workspace

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own


def _county(root: Path, *, dirty: bool, customers: int = 300) -> Month:
    (root / "rules").mkdir(parents=True)
    (root / "rules" / "2020-01-01.toml").write_bytes(EXAMPLE.read_bytes())
    exports = make_county(customers=customers, months=13, seed=7, last_month=parse_month("2026-10"))
    write_county(exports, root / "exports", dirty=dirty, seed=7)
    return reckon(Workspace(root), "2026-10")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return _county(tmp_path_factory.mktemp("clean"), dirty=False)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return _county(tmp_path_factory.mktemp("dirty"), dirty=True)


def test_the_dirty_twin_comes_to_the_same(clean: Month, dirty: Month) -> None:
    ours, theirs = (
        month.segmented.customers.drop(columns=["part", "row"], errors="ignore") for month in (clean, dirty)
    )
    assert ours.to_csv() == theirs.to_csv()
    assert [(m.manager_id, m.score, m.pay) for m in clean.scores.managers] == [
        (m.manager_id, m.score, m.pay) for m in dirty.scores.managers
    ]


def test_only_what_was_planted_is_refused(clean: Month, dirty: Month) -> None:
    assert sum(clean.rejected) == 0
    assert sum(dirty.rejected) == 19
    assert all(sheet.rows == sheet.accepted + sheet.rejected for sheet in dirty.settled)


def test_the_county_is_believable(clean: Month) -> None:
    people = clean.segmented.customers
    dormant = (people["frequency"] == "dormant").mean()
    assert 0.08 < dormant < 0.25
    assert (people["passive_transactions"] > 0).sum() > 0.2 * people["rural"].sum()
    scored = [m.score for m in clean.scores.managers if m.score is not None]
    assert len(scored) == len(clean.scores.managers) - 1, "the newcomer has no target"
    assert sum(m.duty_days < 31 for m in clean.scores.managers) >= 3


BESIDE = ("select", "duties", "peers", "projects", "profile", "survey", "service", "allocation", "leads")
OF_AN_OPTION = {"profile_card"}
"""Sheets of what is asked for by an option."""


@pytest.mark.parametrize("study", BESIDE)
def test_what_stands_beside_the_month_gives_every_sheet_and_the_same_however_soiled(
    clean: Month, dirty: Month, study: str
) -> None:
    ours, theirs = (ask(month, declared(study)) for month in (clean, dirty))
    assert [key for key, frame in ours.frames.items() if frame.empty and key not in OF_AN_OPTION] == []
    assert ours.lines == theirs.lines


def test_the_county_deals_with_people_outside_who_are_told_the_same_however_soiled(clean: Month, dirty: Month) -> None:
    ours, theirs = (ask(month, declared("leads")) for month in (clean, dirty))
    assert len(ours.frames["leads_counterparties"])
    assert ours.lines == theirs.lines


def test_a_short_county_agrees_with_its_own_averages(tmp_path: Path) -> None:
    """Accounts opened this year, before the first posting: their days before opening count zero for both sides."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "2020-01-01.toml").write_bytes(EXAMPLE.read_bytes())
    write_county(
        make_county(customers=200, months=4, seed=7, last_month=parse_month("2026-10")),
        tmp_path / "exports",
        dirty=False,
        seed=7,
    )
    month = reckon(Workspace(tmp_path), "2026-10")
    assert month.measured.customers["average_deposit_year"].notna().any()
    assert "table.official-differs" not in {told.code for told in month.findings}


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_county(make_county(120, 2, 3, parse_month("2026-10")), tmp_path / name, dirty=True, seed=3)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) > 15
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)


def test_the_county_has_a_market_in_which_every_branch_has_its_town(clean: Month, dirty: Month) -> None:
    ours, theirs = (ask(month, declared("market")) for month in (clean, dirty))
    shares = ours.frames["market_deposits"]["share"]
    assert shares.between(0.05, 0.9).all()
    assert not {one.code for one in ours.findings} - {"study.market-changes", "study.without-before"}
    assert ours.lines == theirs.lines


def test_the_county_has_products_that_are_offered_as_its_strategy_says(clean: Month) -> None:
    told = ask(clean, declared("offers"))
    assert set(told.frames["offers"]["offered_by"]) >= {"strategy"}
    assert set(told.frames["offers_products"]["state"]) == {"可以推荐"}
    assert {one.code for one in told.findings} <= {"study.offers-unseen", "study.offers-no-grade"}

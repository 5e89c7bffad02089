"""RAROC and the price floor, by the field's worked case."""

from __future__ import annotations

from decimal import Decimal

from kehujingli.studies import studies
from kehujingli.studies.money.loss import Floor, Rules, raroc


def test_raroc_of_the_worked_case() -> None:
    """(1000 − 200 − 100) ÷ 16000 = 4.375 %."""
    assert raroc(Decimal(1000), Decimal(200), Decimal(100), Decimal(16000)) == Decimal("0.04375")
    assert raroc(Decimal(1000), Decimal(200), Decimal(100), Decimal(0)) is None


def test_the_floor_is_funds_and_loss_and_cost_and_what_capital_must_bring() -> None:
    """2.100 + 1.000 + 0.225 + 10.5 % × 10 % = 4.375 %; a loan at its floor brings capital what it must."""
    floor = Floor(Decimal("0.021"), Decimal("0.01"), Decimal("0.00225"), Decimal("0.105"), Decimal("0.10"))
    assert floor.rate == Decimal("0.04375")
    assert floor.raroc(floor.rate) == Decimal("0.10")


def test_all_who_reckon_expected_loss_take_it_from_one_section() -> None:
    assert [each.key for each in studies() if "loss_rates" in each.facts] == ["branches", "contribution", "value"]
    assert Rules(normal=Decimal("0.01")).by_class["normal"] == Decimal("0.01")

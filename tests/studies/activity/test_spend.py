"""Gamma-Gamma: what is known of few is drawn towards all; what cannot be fitted is not guessed."""

from __future__ import annotations

import numpy as np
import pytest

from kehujingli.studies.activity.spend import NoSpendError, Spend, correlation, fit_spend


def test_the_mean_of_few_is_drawn_towards_that_of_all() -> None:
    """p = 2, q = 3, γ = 10: all bring 2 × 10 ÷ 2 = 10; who brought 40 once is expected to bring 2 (10 + 40) ÷ (2 + 2) = 25."""
    told = Spend(2, 3, 10, 0)
    times, mean = np.array([0.0, 1, 1_000_000]), np.array([0.0, 40, 40])
    assert told.mean == 10
    assert told.expected(times, mean).tolist() == pytest.approx([10, 25, 40], rel=1e-4)


def test_the_parameters_behind_invented_amounts_are_found_again() -> None:
    rng = np.random.default_rng(3)
    times = rng.integers(1, 20, 8_000)
    rate = rng.gamma(4, 1 / 15, 8_000)
    mean = rng.gamma(6 * times) / (times * rate)
    told = fit_spend(times.astype(float), mean)
    assert [told.p, told.q, told.gamma] == pytest.approx([6, 4, 15], rel=0.2)
    assert told.mean == pytest.approx(6 * 15 / 3, rel=0.05)
    in_fen = fit_spend(times.astype(float), mean * 100)
    assert in_fen.gamma == pytest.approx(100 * told.gamma, rel=1e-4)


@pytest.mark.parametrize(
    ("times", "mean", "reason"),
    [([0.0, 0], [0.0, 0], "few"), ([2.0], [5.0], "few"), ([2.0] * 40, [5.0] * 40, "flat")],
    ids=["nobody", "one", "all the same"],
)
def test_what_cannot_be_known_is_not_guessed(times: list[float], mean: list[float], reason: str) -> None:
    with pytest.raises(NoSpendError, match=reason):
        fit_spend(np.array(times), np.array(mean))


def test_where_all_have_no_mean_who_came_often_enough_has_one() -> None:
    """p = 0.5, q = 0.8: nothing is to be expected of one who never came; of one who brought 40 once 0.5 (10 + 40) ÷ 0.3."""
    told = Spend(0.5, 0.8, 10, 0)
    assert told.mean == np.inf
    assert told.expected(np.array([0.0, 1]), np.array([0.0, 40])).tolist() == pytest.approx([np.inf, 25 / 0.3])


def test_amounts_without_a_mean_are_not_guessed() -> None:
    rng = np.random.default_rng(3)
    mean = rng.gamma(0.2, size=4_000) / rng.gamma(0.5, 1 / 15, 4_000)
    with pytest.raises(NoSpendError, match="heavy"):
        fit_spend(np.ones(4_000), mean)


def test_how_far_times_and_amounts_go_together() -> None:
    assert correlation(np.array([1.0, 2, 3, 0]), np.array([2.0, 4, 6, 9])) == pytest.approx(1)
    assert correlation(np.array([1.0, 1]), np.array([2.0, 4])) == 0

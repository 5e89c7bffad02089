"""BG/NBD by hand where its formulas come down to fractions, at its edges, and as laws of what it is fitted on."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import hyp2f1

from kehujingli.studies.activity.rhythm import TRIPLE, NoRhythmError, Rhythm, distinct, fit, log_likelihood


def _triples(*rows: tuple[float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(TRIPLE))


def _model(r: float, alpha: float, a: float, b: float) -> Rhythm:
    return Rhythm(r, alpha, a, b, 0.0, 0)


def _drawn(customers: int, r: float, alpha: float, a: float, b: float, age: int = 52) -> pd.DataFrame:
    """Customers who come by a rate of their own and leave after some coming, as BG/NBD tells it; times in whole units."""
    rng = np.random.default_rng(7)
    rows = []
    for rate, leaves in zip(rng.gamma(r, 1 / alpha, customers), rng.beta(a, b, customers), strict=True):
        now, times, last = rng.exponential(1 / rate), 0, 0.0
        while now <= age:
            times, last = times + 1, now
            now = math.inf if rng.random() < leaves else now + rng.exponential(1 / rate)
        rows.append((times, last, age))
    return _triples(*rows)


def test_the_likelihood_is_that_of_the_paper() -> None:
    """With r = α = a = b = 1: 1 ÷ (1 + T) of nobody seen again, ½ [(1 + T)⁻² + (1 + t)⁻²] of once."""
    never, once = _triples((0, 0, 3)), _triples((1, 1, 3))
    assert log_likelihood(distinct(never), 1, 1, 1, 1) == pytest.approx(math.log(1 / 4))
    assert log_likelihood(distinct(once), 1, 1, 1, 1) == pytest.approx(math.log((1 / 16 + 1 / 4) / 2))
    met_today = _triples((0, 0, 0))
    assert log_likelihood(distinct(met_today), 0.3, 5, 0.7, 2) == pytest.approx(0), "nothing can be learnt from T = 0"


def test_the_chance_to_be_there_still() -> None:
    told = _model(1, 1, 1, 1).alive(_triples((1, 0, 1), (1, 1, 1), (0, 0, 99)))
    assert told.tolist() == pytest.approx([1 / (1 + 4), 1 / 2, 1]), "who never came again cannot have left"


def test_what_is_expected_where_the_gauss_function_is_one() -> None:
    """With a = 2, b = 1, r = 2 FHL 10 is (2 + x) t ÷ (α + T + t) × P(alive)."""
    model, rows = _model(2, 1, 2, 1), _triples((0, 0, 1), (3, 4, 5))
    assert model.expected(rows, 2).tolist() == pytest.approx([1, 5 * 2 / 8 * model.alive(rows)[1]])
    assert model.expected(rows, 0).tolist() == [0, 0]


def test_what_is_expected_is_the_formula_as_it_stands_in_the_paper() -> None:
    r, alpha, a, b, x, recency, age, ahead = 0.243, 4.414, 0.793, 2.426, 2, 30.43, 38.86, 39
    gauss = hyp2f1(r + x, b + x, a + b + x - 1, ahead / (alpha + age + ahead))
    top = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + ahead)) ** (r + x) * gauss)
    below = 1 + a / (b + x - 1) * ((alpha + age) / (alpha + recency)) ** (r + x)
    told = _model(r, alpha, a, b).expected(_triples((x, recency, age)), ahead)
    assert told.tolist() == pytest.approx([top / below])


@pytest.mark.parametrize(("a", "b"), [(1.0, 2.5), (0.4, 0.6)])
def test_poles_of_the_formula_are_stepped_over(a: float, b: float) -> None:
    rows = _triples((0, 0, 30), (5, 20, 30))
    at, above, below = (_model(0.5, 6, a + more, b).expected(rows, 52) for more in (0, 1e-3, -1e-3))
    assert at.tolist() == pytest.approx(((above + below) / 2).tolist(), rel=1e-4)


def test_many_comings_do_not_overflow() -> None:
    rows = _triples((3_000, 3_650, 3_650), (3_000, 300, 3_650))
    model = _model(0.8, 15, 0.3, 4)
    assert np.isfinite(log_likelihood(distinct(rows), 0.8, 15, 0.3, 4))
    assert model.expected(rows, 365)[0] == pytest.approx(3_000.8 / 3_665 * 365, rel=0.05)
    assert model.alive(rows)[1] < 1e-9


def test_the_parameters_behind_invented_customers_are_found_again() -> None:
    told = fit(_drawn(4_000, 0.8, 6, 0.8, 2.5))
    assert [told.r, told.alpha, told.a, told.b] == pytest.approx([0.8, 6, 0.8, 2.5], rel=0.2)


def test_what_counts_is_how_many_have_each_triple_not_their_order_or_unit() -> None:
    rows = _drawn(600, 0.8, 6, 0.8, 2.5)
    once = fit(rows)
    twice = fit(pd.concat([rows, rows]).sample(frac=1, random_state=1))
    assert [twice.r, twice.alpha, twice.a, twice.b] == pytest.approx([once.r, once.alpha, once.a, once.b], rel=1e-4)
    assert twice.log_likelihood == pytest.approx(2 * once.log_likelihood)
    days = fit(rows.assign(recency=rows["recency"] * 7, age=rows["age"] * 7))
    assert days.alpha == pytest.approx(7 * once.alpha, rel=1e-4)
    assert days.expected(rows.assign(recency=rows["recency"] * 7, age=rows["age"] * 7), 70) == pytest.approx(
        once.expected(rows, 10), rel=1e-3
    )


def test_more_different_triples_than_are_climbed_at_once_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _drawn(600, 0.8, 6, 0.8, 2.5)
    whole = fit(rows)
    monkeypatch.setattr("kehujingli.studies.activity.rhythm._MANY", 10)
    stepped = fit(rows)
    assert [stepped.r, stepped.a, stepped.b] == pytest.approx([whole.r, whole.a, whole.b], rel=1e-3)


def test_where_nobody_leaves_it_is_the_nbd() -> None:
    """The likelihood's top lies on a = 0: everybody is there still, and (r + x) ÷ (α + T) a day is expected."""
    told = fit(_drawn(600, 0.8, 6, 1e-9, 2.5))
    rows = _triples((4, 50, 52), (0, 0, 52))
    assert told.a == 0
    assert told.alive(rows).tolist() == [1, 1]
    wanted = (told.r + rows["repeats"]) / (told.alpha + rows["age"]) * 10
    assert told.expected(rows, 10) == pytest.approx(wanted.to_numpy())


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "few"),
        ([(0, 0, 30)] * 50, "few"),
        ([(0, 0, 0)] * 50, "few"),
        ([(0, 0, 30)] * 50 + [(1, 9, 30)], "few"),
        ([(10, 10, 10)] * 50, "flat"),
    ],
    ids=["nobody", "nobody came again", "all met today", "one came again", "all alike"],
)
def test_what_cannot_be_known_is_not_guessed(rows: list[tuple[float, float, float]], reason: str) -> None:
    with pytest.raises(NoRhythmError, match=reason):
        fit(_triples(*rows))

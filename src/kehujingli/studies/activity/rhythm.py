"""How often does a customer come, and does she still? BG/NBD: repeat business x, its last day t_x and the days T since the first, of everybody, tell it.

Fader, Hardie, Lee: "Counting Your Customers" the Easy Way, Marketing Science 24 (2005), cited as FHL by equation; P(alive): the same,
Computing P(alive) Using the BG/NBD Model (2008). The likelihood sees no customer, only the distinct (x, t_x, T) and how many have each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Floats = np.ndarray[Any, np.dtype[np.float64]]

TRIPLE = ("repeats", "recency", "age")
"""x, t_x and T of FHL."""
_FLAT = 1e-6
"""Gradient of the mean log-likelihood, in logarithms of the parameters, below which the top has been reached."""
_NOBODY = 1.0
"""ln b where a = 0: any will do, but FHL 10 has a pole at b + x = 1."""
_MANY = 20_000
"""Different triples above which the climb begins on rounded ones."""
_FAR = 1e4
"""Parameters this many times larger or smaller than one (T in units of its mean) say that there is no top: all are alike, or nobody ever leaves."""
_NEAR = 1e-4
"""Distance from a pole of FHL 10 within which the mean of both sides is taken."""


class NoRhythmError(ValueError):
    """What cannot be fitted. ``reason``: ``few`` (too few came again), ``flat`` (the likelihood has no top)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Rhythm:
    """BG/NBD. Times are in the unit of the triples that it was fitted on. With ``a`` 0 nobody leaves: the NBD, to which all formulas come down."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int

    def alive(self, triples: pd.DataFrame) -> Floats:
        """P(alive | x, t_x, T): 1 where nothing came after the first, for there BG/NBD lets nobody leave."""
        import numpy as np

        x, recency, age = _arrays(triples)
        odds = _log_gone(x, recency, age, self.r, self.alpha, self.a, self.b)
        return 1 / (1 + np.exp(np.minimum(odds, 700.0)))

    def expected(self, triples: pd.DataFrame, ahead: float) -> Floats:
        """E[Y(t) | x, t_x, T]: repeat business in (T, T + ``ahead``]; FHL 10.

        The Gauss function is turned by Euler's rule, (1 − z)^(c−A−B) F(c − A, c − B; c; z): as it stands in FHL its parameters grow with x and it
        overflows.
        """
        import numpy as np

        if ahead <= 0:
            return np.zeros(len(triples))
        x, _, age = _arrays(triples)
        pole = abs(self.a - 1) < _NEAR or bool((np.abs(self.a + self.b + x - 1) < _NEAR).any())
        sides = (self.a - 2 * _NEAR, self.a + 2 * _NEAR) if pole else (self.a,)
        several = [self._while_alive(x, age, ahead, side) for side in sides]
        found: Floats = np.mean(several, axis=0) * self.alive(triples)
        return found

    def _while_alive(self, x: Floats, age: Floats, ahead: float, a: float) -> Floats:
        """The numerator of FHL 10."""
        import numpy as np
        from scipy.special import hyp2f1

        past = self.alpha + age
        z = ahead / (past + ahead)
        top = a + self.b + x - 1
        gauss = hyp2f1(a - 1, a + self.b - 1 - self.r, top, z)
        found: Floats = top / (a - 1) * (1 - np.exp((a - 1) * np.log1p(-z)) * gauss)
        return found


def distinct(triples: pd.DataFrame) -> pd.DataFrame:
    """The different rows of ``triples`` (columns ``TRIPLE``) with ``count``, how many customers have each."""
    names = list(TRIPLE)
    return triples[names].groupby(names, sort=True).size().rename("count").reset_index()


def log_likelihood(told: pd.DataFrame, r: float, alpha: float, a: float, b: float) -> float:
    """FHL 6, summed over ``told`` as ``distinct`` gives it."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        value, _ = _likelihood(np.log([r, alpha, a, b]), _Counted.of(told, 1.0))
    return -value * float(told["count"].sum())


def fit(triples: pd.DataFrame, least: int = 2) -> Rhythm:
    """The parameters under which ``triples`` (one row a customer, columns ``TRIPLE``, 0 ≤ t_x ≤ T) are likeliest.

    ``least``: how many must have come again. Raises ``NoRhythmError``.
    """
    import numpy as np
    from scipy.optimize import minimize

    told = distinct(triples)
    came = int(told["count"].where(told["repeats"] > 0, 0).sum())
    customers = int(told["count"].sum())
    unit = float((told["age"] * told["count"]).sum()) / customers if customers else 0.0
    if came < max(least, 1) or unit <= 0:
        raise NoRhythmError("few")
    logs, curve = np.zeros(4), np.eye(4)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for given in (_coarse(told, unit), told) if len(told) > _MANY else (told,):
            counted = _Counted.of(given, unit)
            options = {"gtol": 1e-8, "hess_inv0": (curve + curve.T) / 2}
            found = minimize(_likelihood, logs, (counted,), method="BFGS", jac=True, options=options)
            logs, curve = found.x, found.hess_inv
        value, slope = _likelihood(logs, counted)
        if not _at_top(value, slope, logs):
            whole = value if np.isfinite(value) else np.inf
            stay = minimize(_staying, np.zeros(2), (counted,), method="BFGS", jac=True, options={"gtol": 1e-8})
            logs = np.array([*stay.x, -np.inf, _NOBODY])
            value, slope = _likelihood(logs, counted)
            if not _at_top(value, slope[:2], logs[:2]) or value > whole + _FLAT:
                raise NoRhythmError("flat")
        r, alpha, a, b = (float(parameter) for parameter in np.exp(logs))
    return Rhythm(r, alpha * unit, a, b, log_likelihood(told, r, alpha * unit, a, b), customers)


def _at_top(value: float, slope: Floats, logs: Floats) -> bool:
    import numpy as np

    return bool(np.isfinite(value) and np.abs(slope).max() < _FLAT and np.abs(logs).max() < np.log(_FAR))


def _staying(logs: Floats, told: _Counted) -> tuple[float, Floats]:
    """The likelihood on its border a = 0, where nobody leaves and b means nothing."""
    import numpy as np

    value, slope = _likelihood(np.array([*logs, -np.inf, _NOBODY]), told)
    return value, slope[:2]


def _coarse(told: pd.DataFrame, unit: float) -> pd.DataFrame:
    """``told`` with times rounded to twentieths of ``unit``: its top is a few steps from the true one, and takes few rows to find."""
    step = unit / 20
    times = {name: (told[name] / step).round() * step for name in TRIPLE[1:]}
    return told.assign(**times).groupby(list(TRIPLE), sort=False)["count"].sum().reset_index()


@dataclass(frozen=True)
class _Counted:
    """What a likelihood takes: times in ``unit``; ``values``: the different x, ``place``: where each row's stands in them."""

    x: Floats
    recency: Floats
    age: Floats
    weight: Floats
    values: Floats
    place: Any

    @classmethod
    def of(cls, told: pd.DataFrame, unit: float) -> _Counted:
        import numpy as np

        x, recency, age = _arrays(told)
        values, place = np.unique(x, return_inverse=True)
        count = told["count"].to_numpy(dtype="float64")
        return cls(x, recency / unit, age / unit, count / count.sum(), values, place)


def _likelihood(logs: Floats, told: _Counted) -> tuple[float, Floats]:
    """−(mean log-likelihood) by FHL 6 and its gradient in the logarithms of r, α, a, b.

    Gamma functions depend on x alone and are taken once a value of it; the two ways of having been silent (alive at T, gone after t_x) are added as
    logarithms, so that a large x does not underflow.
    """
    import numpy as np
    from scipy.special import digamma, gammaln

    r, alpha, a, b = np.exp(logs)
    v = told.values
    own = gammaln(r + v) - gammaln(r) + gammaln(a + b) + gammaln(b + v) - gammaln(b) - gammaln(a + b + v)
    of_r = digamma(r + v) - digamma(r)
    of_ab = digamma(a + b) - digamma(a + b + v)
    of_b = of_ab + digamma(b + v) - digamma(b)
    power = r + told.x
    past, last = np.log(alpha + told.age), np.log(alpha + told.recency)
    odds = _log_gone(told.x, told.recency, told.age, r, alpha, a, b)
    log = own[told.place] + r * logs[1] - power * past + np.logaddexp(0, odds)
    gone = 1 / (1 + np.exp(-odds))
    more = gone / np.where(told.x > 0, b + told.x - 1, 1.0)
    slope = (
        r * (of_r[told.place] + logs[1] - past + gone * (past - last)),
        alpha * (r / alpha - power * ((1 - gone) / (alpha + told.age) + gone / (alpha + told.recency))),
        a * (of_ab[told.place] + gone / a),
        b * (of_b[told.place] - more),
    )
    # einsum, not @: threads of a linear-algebra library cost more than they bring on vectors of this length.
    return -float(_mean(told.weight, log)), -np.array([_mean(told.weight, part) for part in slope])


def _mean(weight: Floats, values: Floats) -> Any:
    import numpy as np

    return np.einsum("i,i->", weight, values)


def _log_gone(x: Floats, recency: Floats, age: Floats, r: float, alpha: float, a: float, b: float) -> Floats:
    """ln of (gone after t_x) ÷ (alive at T); −∞ where x = 0."""
    import numpy as np

    again = x > 0
    after = np.log(np.where(again, b + x - 1, 1.0))
    left = np.log(a) if a > 0 else -np.inf
    odds = left - after + (r + x) * (np.log(alpha + age) - np.log(alpha + recency))
    return np.where(again, odds, -np.inf)


def _arrays(triples: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    x, recency, age = (triples[name].to_numpy(dtype="float64") for name in TRIPLE)
    return x, recency, age

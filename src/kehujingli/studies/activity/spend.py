"""How much comes each time? Gamma-Gamma: the mean of a few times is drawn towards that of everybody, the fewer the more.

Fader, Hardie: The Gamma-Gamma Model of Monetary Value (2013), cited as FH by equation. It takes frequency and amount for independent:
``correlation`` says how far that is from the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]

_FLAT = 1e-6
"""Gradient of the mean log-likelihood, in logarithms of the parameters, below which the top has been reached."""
_FAR = 1e4
"""Parameters this many times larger or smaller than one (amounts in units of their median) say that there is no top: all spend the same."""


class NoSpendError(ValueError):
    """What cannot be fitted. ``reason``: ``few``, ``flat`` (no top), ``heavy`` (who came seldom has no mean)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Spend:
    """Gamma-Gamma; ``gamma`` in the unit of the amounts that it was fitted on."""

    p: float
    q: float
    gamma: float
    customers: int

    @property
    def mean(self) -> float:
        """E(M) of somebody of whom nothing is known; FH 3. Infinite with q ≤ 1."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("inf")

    def expected(self, times: Floats, mean: Floats) -> Floats:
        """E(M | p, q, γ, m, x): what she will bring each time; FH 5. With ``times`` 0 that of everybody.

        With q ≤ 1 it holds from the first time on, where px + q > 1: what one has done bounds what is to be expected of her.
        """
        import numpy as np

        below = self.p * times + self.q - 1
        found: Floats = np.where(
            below > 0, self.p * (self.gamma + times * mean) / np.where(below > 0, below, 1), np.inf
        )
        return found


def correlation(times: Floats, mean: Floats) -> float:
    """Of times and amount among those with an amount; 0 where either does not vary."""
    import numpy as np

    there = (times > 0) & (mean > 0)
    x, m = times[there], mean[there]
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(m) == 0:
        return 0.0
    return float(np.corrcoef(x, m)[0, 1])


def fit_spend(times: Floats, mean: Floats, least: int = 2) -> Spend:
    """``times``: how often, ``mean``: how much each time on the mean; who has neither counts for nothing. Raises ``NoSpendError``."""
    import numpy as np
    from scipy.optimize import minimize

    there = (times > 0) & (mean > 0)
    if there.sum() < max(least, 1):
        raise NoSpendError("few")
    x, m = times[there].astype("float64"), mean[there].astype("float64")
    unit = float(np.median(m))
    values, place = np.unique(x, return_inverse=True)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        given = (x, m / unit, values, place)
        found = minimize(_likelihood, np.zeros(3), given, method="BFGS", jac=True, options={"gtol": 1e-8})
        value, slope = _likelihood(found.x, *given)
    if not (np.isfinite(value) and np.abs(slope).max() < _FLAT and np.abs(found.x).max() < np.log(_FAR)):
        raise NoSpendError("flat")
    p, q, gamma = (float(value) for value in np.exp(found.x))
    if p * x.min() + q <= 1:
        raise NoSpendError("heavy")
    return Spend(p, q, gamma * unit, len(x))


def _likelihood(logs: Floats, x: Floats, m: Floats, values: Floats, place: Any) -> tuple[float, Floats]:
    """−(mean log-likelihood) by FH 1a and its gradient in the logarithms of p, q, γ; gamma functions once a value of x."""
    import numpy as np
    from scipy.special import digamma, gammaln

    p, q, gamma = np.exp(logs)
    own = gammaln(p * values + q) - gammaln(p * values) - gammaln(q)
    of_both, of_p, of_q = digamma(p * values + q), digamma(p * values), digamma(q)
    total = x * m
    pool = np.log(gamma + total)
    log = own[place] + q * logs[2] - np.log(m) + p * x * np.log(total) - (p * x + q) * pool
    slope = (
        p * x * ((of_both - of_p)[place] + np.log(total) - pool),
        q * ((of_both - of_q)[place] + logs[2] - pool),
        q - gamma * (p * x + q) / (gamma + total),
    )
    return -float(log.mean()), -np.array([part.mean() for part in slope])

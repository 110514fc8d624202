"""How unusual a caller's numbers are beside those of other callers: p-values that learn, and their combination. Pure.

A `Rate` counts how many of a caller's queries have a property. Callers differ, so under the null the rate itself is drawn,
from a beta distribution that is fitted to the callers seen so far and to a reference; the count is beta-binomial. A `Level`
is a number of any size, compared with a Student distribution of six degrees of freedom in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

FLOOR: Final = 1e-9
"""No single signal says more than this: the tails of what was seen so far are not known any better."""
REFERENCE: Final = 10.0
"""So many callers is the reference worth."""
CLIPPED: Final = 5.0
"""Deviations from the mean beyond which a caller's number is learned as if it were there: a few thieves, not yet known for
what they are, must not make theft look usual."""
REMEMBERED: Final = 2_000.0
"""Callers after which what was learned counts for half."""
_STALE: Final = 32
"""Changes, of which a caller makes two, of so many callers after which a fit is repeated."""
MOST_CONCENTRATION: Final = 6.0, 24.0
"""Upper bound of a + b of the beta distribution, and what it grows to with the number of callers that were seen: it keeps the
tail heavy when all of them were alike."""


class Moments:
    """Mean and variance over callers, shrunk towards a reference; a caller's part can be taken out again. They are made anew
    when one caller in 64 has changed."""

    __slots__ = ("_changes", "_count", "_fit", "_mean", "_reach", "_squares", "_sum", "_variance")

    def __init__(self, mean: float, variance: float) -> None:
        self._mean, self._variance = mean, variance
        self._count = self._sum = self._squares = 0.0
        self._make_fit()

    def add(self, value: float, sign: int = 1) -> None:
        self._count += sign
        self._sum += sign * value
        self._squares += sign * value * value
        if self._count >= REMEMBERED:
            self._count, self._sum, self._squares = self._count / 2, self._sum / 2, self._squares / 2
        self._changes += 1

    def replace(self, old: float | None, new: float) -> float:
        """Learn of a caller's number, instead of the one that was learned before. Returns what was learned."""
        if old is not None:
            self.add(old, -1)
        mean = self.fit()[0]
        learned = min(max(new, mean - self._reach), mean + self._reach)
        self.add(learned)
        return learned

    @property
    def count(self) -> float:
        return max(self._count, 0.0)

    def fit(self) -> tuple[float, float]:
        """Mean and variance."""
        if self._changes * _STALE > self._count:
            self._make_fit()
        return self._fit

    def _make_fit(self) -> None:
        weight = REFERENCE + max(self._count, 0.0)
        mean = (REFERENCE * self._mean + self._sum) / weight
        second = (REFERENCE * (self._variance + self._mean**2) + self._squares) / weight
        variance = max(second - mean * mean, 1e-6)
        self._fit, self._reach, self._changes = (mean, variance), CLIPPED * math.sqrt(variance), 0


class Rate:
    """A share of queries. `mean`, `concentration`: the reference's beta distribution. `least`: the lower bound of a + b. Where
    some callers do something half of the time, the fit would expect others that always do; the bound says that those are not
    merely more of the same."""

    __slots__ = ("_least", "moments")

    def __init__(self, mean: float, concentration: float, least: float) -> None:
        self._least = least
        self.moments = Moments(mean, mean * (1 - mean) / (concentration + 1))

    def p_value(self, hits: float, queries: int) -> float:
        """Of seeing so many hits, or more."""
        if hits <= 0.5:
            return 1.0
        mean, variance = self.moments.fit()
        mean = min(max(mean, 0.005), 0.995)
        concentration = mean * (1 - mean) / variance - 1
        least, most = MOST_CONCENTRATION
        concentration = min(max(concentration, self._least), least + self.moments.count / 10, most)
        # Halving rounds the queries down, but not the hits.
        return beta_binomial(min(round(hits), queries), queries, mean * concentration, (1 - mean) * concentration)


class Level:
    """A number. `mean`, `deviation`: the reference's. `least`: a deviation below it is not believed."""

    __slots__ = ("_least", "moments")

    def __init__(self, mean: float, deviation: float, least: float) -> None:
        self.moments = Moments(mean, deviation**2)
        self._least = least

    def p_value(self, value: float) -> float:
        """Of seeing so much, or more."""
        mean, variance = self.moments.fit()
        return max(student((value - mean) / max(math.sqrt(variance), self._least)), FLOOR)


def beta_binomial(hits: int, queries: int, a: float, b: float) -> float:
    """P(X >= hits), X being binomial with a rate drawn from Beta(a, b); at least `FLOOR`."""
    if hits <= 0:
        return 1.0
    log = (
        math.lgamma(queries + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(queries - hits + 1)
        + math.lgamma(hits + a)
        + math.lgamma(queries - hits + b)
        - math.lgamma(queries + a + b)
        + math.lgamma(a + b)
        - math.lgamma(a)
        - math.lgamma(b)
    )
    term = math.exp(log)
    total = term
    for k in range(hits, queries):
        term *= (queries - k) * (k + a) / ((k + 1) * (queries - k - 1 + b))
        total += term
    return min(max(total, FLOOR), 1.0)


def negative_binomial(mean: float, shape: float, part: float) -> int:
    """The least number that a negative binomial variate is at most with the probability `part`, which is under 1."""
    odds = mean / (mean + shape)
    term = total = (1 - odds) ** shape
    number = 0
    while total < part:
        term *= (number + shape) / (number + 1) * odds
        total += term
        number += 1
    return number


def student(t: float) -> float:
    """P(T >= t) with six degrees of freedom, in closed form (Abramowitz and Stegun 26.7.4)."""
    if t > 60:  # the closed form cancels there
        return 33.75 / t**6
    sine = t / math.sqrt(6 + t * t)
    rest = (1 - sine * sine) / 4
    return 0.5 - sine / 2 * (1 + 2 * rest + 6 * rest * rest)


def harmonic(values: Iterable[float]) -> float:
    """The harmonic mean p-value (Wilson 2019): good when one signal of several may say it all, whatever their dependence."""
    inverse = [1 / value for value in values]
    return min(len(inverse) / sum(inverse), 1.0) if inverse else 1.0


def fisher(values: Iterable[float], dependence: float = 1.0) -> float:
    """Fisher's combination, for signals of which each says a little; `dependence` is Brown's factor (1975), 1 for none."""
    logs = [-2 * math.log(value) for value in values]
    if not logs:
        return 1.0
    half, count = sum(logs) / (2 * dependence), max(1, round(len(logs) / dependence))
    term = total = 1.0
    for k in range(1, count):
        term *= half / k
        total += term
    return min(math.exp(-half) * total, 1.0)

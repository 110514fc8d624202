"""What queries of one kind look like on a route: a sample of all callers' queries, the latest ones, and what is usual.

Kinds are the texts of a route, and its tensors of one size. A sample takes few queries of each caller, so that nobody makes
up what is usual by asking much.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from waf.abuse.calibrate import Level, Rate, negative_binomial
from waf.abuse.embed import DIM, Vector, embed_row, embed_text, scale_of

SAMPLE: Final = 512
LATEST: Final = 512
WARM: Final = 32
"""Rows from which the scale of a tensor's elements is learned, before any of them is compared."""
LEAST: Final = 32
"""Queries of others from which on something can be said about distances to them."""
SHARE: Final = 2
"""Queries that each caller gives to the sample, once there are many callers."""
CROWD: Final = 8
"""So many callers at least are a crowd."""
_FIFTH: Final = 4
_CROWDED: Final = 0.99
_EXPECT: Final = 64
"""Queries after which it is counted anew whose the latest are."""
_THIN, _THICK = 0.2, 2.0
_QUANTILE: Final = 0.98
_TOO_NEAR: Final = 0.5
_EQUAL: Final = 1e-4
_FAR: Final = 1e12
_NOBODYS: Final = 1e10

RATES: Final = ("near", "novel", "walk", "shared", "frame", "appetite", "order")
LEVELS: Final = ("spread", "drift", "regular", "coverage", "volume")

_REFERENCES: Final = {
    "near": (0.04, 6.0, 4.0),
    "novel": (0.05, 6.0, 4.0),
    "walk": (0.02, 8.0, 4.0),
    "shared": (0.05, 6.0, 4.0),
    "frame": (0.20, 1.5, 0.4),
    "appetite": (0.10, 0.8, 0.4),
    "order": (0.50, 9.0, 4.0),
}
"""Mean and concentration of each rate over callers, before any were seen, and the least concentration."""


class Distances(NamedTuple):
    """Of a query from those of others; inf where there are too few to tell."""

    nearest: float
    """To the nearest of the sample,"""
    usual: float
    """to the second nearest, so that a single one (the seed of an attack that another key has sent) does not hide it,"""
    latest: float
    """and to the nearest of the latest queries,"""
    whose: int
    """which is this caller's."""
    crowded: bool = False
    """More callers sent one of the latest that is nearer than the fifth nearest of the sample than is usual."""


NOBODY: Final = Distances(np.inf, np.inf, np.inf, 0)


class Space:
    __slots__ = (
        "_crowd",
        "_crowds",
        "_denser",
        "_doubled",
        "_expected",
        "_filled",
        "_hashes",
        "_latest",
        "_mean",
        "_norms",
        "_owners",
        "_points",
        "_refresh",
        "_sampled",
        "_seen",
        "_turn",
        "_warm",
        "_whitening",
        "_wide",
        "callers",
        "centre",
        "far",
        "levels",
        "rates",
        "ready",
        "scale",
        "typical",
        "used",
    )

    def __init__(self, size: int) -> None:
        """`size`: elements of a row; 0 for texts."""
        self.ready = size == 0
        """False while the scale is not known yet."""
        self.centre: Vector = np.zeros(size, dtype=np.float32)
        self.scale: Vector = np.ones(size, dtype=np.float32)
        self._warm: list[tuple[int, Vector]] = []
        self._seen = 0
        self.callers = 0
        """How many callers were seen here."""
        self.far = np.inf
        """Distance to the second nearest of the sample that one in fifty queries exceeds."""
        self.typical = 0.0
        """Half of the queries are nearer than this to the nearest of the sample."""
        self.used = 0.0
        """When it was last asked for."""
        self._points = np.zeros((SAMPLE + LATEST, DIM), dtype=np.float32)
        self._doubled: NDArray[np.float32] = np.zeros((DIM, SAMPLE + LATEST), dtype=np.float32)
        """-2 times each point, a column each: |p - x|^2 is |x|^2 less than x times this and the norm of p."""
        self._norms: Vector = np.full(SAMPLE + LATEST, _FAR, dtype=np.float32)
        self._owners: NDArray[np.uint64] = np.zeros(SAMPLE + LATEST, dtype=np.uint64)
        self._mean: Vector = np.zeros(DIM, dtype=np.float32)
        self._whitening: Vector | None = None
        self._wide = np.inf
        self._crowds: Vector = np.full(SAMPLE, np.nan, dtype=np.float32)
        self._expected, self._denser, self._crowd = 0.0, 1.0, LATEST + 1
        """Callers that would be near a query by chance, how many times as many are, and how many are a crowd."""
        self._turn = False
        self._sampled = self._filled = self._latest = self._refresh = 0
        self.rates = {name: Rate(*_REFERENCES[name]) for name in RATES}
        self.levels = {
            "spread": Level(1.0, 1.5, 1.0),
            "drift": Level(0.0, 0.7, 0.3),
            "regular": Level(-1.0, 1.5, 0.7),
            "coverage": Level(0.0, 1.0, 0.5),
            "volume": Level(2.0, 2.0, 1.5),
        }

    def embed(self, row: Vector, owner: int) -> Vector | None:
        """[32]; None while the scale is still being learned."""
        if self.ready:
            return embed_row(row, self.centre, self.scale)
        self._seen += 1
        mine = sum(1 for who, _ in self._warm if who == owner)
        if mine < max(SHARE, WARM // (2 * max(self.callers, 1))):
            self._warm.append((owner, row))
        if len(self._warm) >= WARM or (self._seen >= 2 * WARM and len(self._warm) >= WARM // 2):
            self.centre, self.scale = scale_of(np.stack([row for _, row in self._warm]))
            self.ready = True
            for who, warm in self._warm:
                self.keep(embed_row(warm, self.centre, self.scale), who)
            self._warm = []
        return None

    def distances(self, point: Vector, owner: int) -> Distances:
        """To those that are not this caller's. Equal ones do not count: everybody sends some."""
        length = float(point @ point)
        squares = np.dot(point, self._doubled)
        squares += self._norms
        np.putmask(squares, self._owners == owner, _FAR)
        # What rounding leaves of equal vectors, too.
        least = _EQUAL - length
        if float(squares.min()) < least:
            np.putmask(squares, squares < least, _FAR)
        nearest = int(squares[SAMPLE:].argmin()) + SAMPLE
        latest = float(squares[nearest]) + length
        sample = squares[:SAMPLE]
        sample.partition(_FIFTH)
        first, second, *_, fifth = sorted(sample[: _FIFTH + 1].tolist())
        first, second = first + length, second + length
        if self._filled < LEAST or second >= _NOBODYS:
            return NOBODY
        near = squares[SAMPLE:] < fifth
        crowded = bool(np.count_nonzero(near) >= self._crowd) and self._callers(near) >= self._crowd
        whose = int(self._owners[nearest])
        return Distances(first**0.5, second**0.5, latest**0.5 if latest < _NOBODYS else np.inf, whose, crowded)

    def _callers(self, latest: NDArray[np.bool_]) -> int:
        """How many callers some of the latest are from: one caller's batch is no crowd."""
        return len(set(self._owners[SAMPLE:][latest].tolist()))

    def apart(self, point: Vector) -> float | None:
        """Squared Mahalanobis distance [32 on average] from the middle of the sample: sees what lies in the midst of all
        others, but in directions in which they hardly vary. None while too few were seen."""
        if self._whitening is None:
            return None
        white = (point - self._mean) @ self._whitening
        return float(white @ white)

    def is_novel(self, point: Vector, usual: float) -> bool:
        """Whether one query in fifty is as far from the sample as this one, whose distance is given; or as far from its
        middle."""
        if usual > self.far:
            return True
        return self._whitening is not None and (self.apart(point) or 0.0) > self._wide

    def wants(self, point: Vector, found: Distances, chance: int) -> bool:
        """Whether a query belongs in the sample. One that is much nearer to another's than is usual does not: many keys that
        send variants of one input must not make them look common. Nor does what is far from everything, which may be noise;
        a quarter of it, by `chance`, is believed to be new usage."""
        if found is NOBODY:
            return True
        return found.nearest >= _TOO_NEAR * self.typical and (chance % 4 == 0 or not self.is_novel(point, found.usual))

    def remember(self, point: Vector, owner: int) -> None:
        """Among the latest."""
        self._put(SAMPLE + self._latest, point, owner)
        self._latest = (self._latest + 1) % LATEST
        if self._latest % _EXPECT == 0:
            self._expect()

    def share(self) -> int:
        """How many queries a caller may give to the sample."""
        return max(SHARE, SAMPLE // (4 * max(self.callers, 1)))

    def keep(self, point: Vector, owner: int) -> None:
        """In the sample, for the oldest one when it is full."""
        self._crowds[self._sampled] = self._relative(point, owner) if self._expected else np.nan
        self._put(self._sampled, point, owner)
        self._sampled = (self._sampled + 1) % SAMPLE
        self._filled = min(self._filled + 1, SAMPLE)
        self._refresh += 1
        if self._filled >= LEAST and (self._refresh >= SAMPLE // 4 or self._refresh * 6 >= self._filled):
            self._refresh = 0
            # In turns, because each of them takes a millisecond or two.
            self._turn = not self._turn
            if self._turn:
                self._measure()
            else:
                self._whiten()

    def forget(self, owner: int) -> None:
        """What a caller gave: it is not usual after all."""
        mine = np.flatnonzero(self._owners == owner)
        self._doubled[:, mine] = 0.0
        self._norms[mine] = _FAR
        self._owners[mine] = 0

    def _put(self, place: int, point: Vector, owner: int) -> None:
        self._points[place] = point
        np.multiply(point, -2.0, out=self._doubled[:, place])
        self._norms[place] = point @ point
        self._owners[place] = owner

    def _relative(self, point: Vector, owner: int) -> float:
        """How many callers are near a query, beside how many would be if the latest were like the sample."""
        squares = np.dot(point, self._doubled)
        squares += self._norms
        np.putmask(squares, self._owners == owner, _FAR)
        return self._callers(squares[SAMPLE:] < np.partition(squares[:SAMPLE], _FIFTH)[_FIFTH]) / self._expected

    def _expect(self) -> None:
        """How many callers would be near a query by chance: where the fifth nearest of a sample is a gamma variate away, their
        number is negative binomial."""
        latest = self._owners[SAMPLE:]
        given = int(np.count_nonzero(self._owners[:SAMPLE]))
        if given < 4 * DIM:
            return
        counts = np.unique(latest[latest != 0], return_counts=True)[1]
        shape = _FIFTH + 1
        self._expected = float((1 - (1 - shape / given) ** counts).sum())
        mean = self._expected * self._denser
        self._crowd = max(CROWD, negative_binomial(mean, shape, _CROWDED) + 1)

    def _measure(self) -> None:
        """Anew, how far apart the sample is, by a hundred or so of it."""
        points, owners = self._points[: self._filled], self._owners[: self._filled]
        some = np.arange(0, self._filled, max(1, self._filled // 128))
        squares = self._norms[: self._filled] - 2.0 * (points[some] @ points.T) + self._norms[some][:, None]
        squares[(owners[some][:, None] == owners) | (squares < 1e-4) | (owners == 0)] = np.inf
        least = np.partition(squares[owners[some] != 0], 1, axis=1)[:, :2]
        least = least[np.isfinite(least[:, 1])]
        if len(least) >= LEAST // 2:
            self.typical = float(np.sqrt(np.median(least[:, 0])))
            self.far = float(np.sqrt(np.quantile(least[:, 1], _QUANTILE))) * 1.05
        crowds = self._crowds[np.isfinite(self._crowds)]
        if len(crowds) >= LEAST:
            # The median, which many keys of one thief do not move.
            self._denser = min(max(float(np.median(crowds)) * 1.1, _THIN), _THICK)

    def _whiten(self) -> None:
        """Anew, where its middle is and how it spreads."""
        given = self._points[:SAMPLE][self._owners[:SAMPLE] != 0]
        if len(given) >= 4 * DIM:
            self._mean = given.mean(axis=0)
            values, axes = np.linalg.eigh(np.cov(given.T))
            values = np.maximum(values, values[-1] * 1e-4)
            self._whitening = (axes / np.sqrt(values)).astype(np.float32)
            white = (given - self._mean) @ self._whitening
            # In the sample that it is made from, a distance comes out too small.
            self._wide = float(np.quantile((white**2).sum(axis=1), _QUANTILE)) * (1 + DIM / len(given))


def warm_up() -> None:
    """What numpy does when it is first asked for a median, a quantile or axes takes milliseconds, which are better spent before
    anybody waits."""
    draw = np.random.default_rng(0)
    space = Space(DIM)
    for owner in range(1, 8 * DIM):
        point = space.embed(draw.normal(size=DIM).astype(np.float32), owner)
        if point is not None:
            space.distances(point, owner)
            space.remember(point, owner)
            space.keep(point, owner)
    embed_text(b"text")

"""What queries of one kind look like on a route: a sample of all callers' queries, the latest ones, and what is usual.

Kinds are the texts of a route, and its tensors of one size. A sample takes few queries of each caller, so that nobody makes
up what is usual by asking much.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waf.abuse.calibrate import Level, Rate, negative_binomial
from waf.abuse.distances import FAR, Distances, before, without
from waf.abuse.embed import DIM, Vector, embed_text
from waf.abuse.scale import SHARE, Scale, Warm

SAMPLE: Final = 512
LATEST: Final = 512
LEAST: Final = 32
"""Queries of others from which on something can be said about distances to them."""
CROWD: Final = 8
"""So many callers at least are a crowd."""
_FIFTH: Final = 4
_CROWDED: Final = 0.99
_EXPECT: Final = 64
"""Queries after which whose the latest are is counted again."""
_THIN, _THICK = 0.2, 2.0
_QUANTILE: Final = 0.98
_TOO_NEAR: Final = 0.5
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
        "_short",
        "_turn",
        "_whitening",
        "_wide",
        "callers",
        "far",
        "levels",
        "rates",
        "scale",
        "typical",
        "used",
    )

    def __init__(self, size: int) -> None:
        """`size`: elements of a row; 0 for texts."""
        self.scale = Scale(size)
        self.callers = 0
        """How many callers were seen here."""
        self.far = np.inf
        """Distance to the second nearest of the sample that one in fifty queries exceeds."""
        self.typical = 0.0
        """Half of the queries are nearer than this to the nearest of the sample."""
        self.used = 0.0
        """When it was last asked for."""
        self._points = np.zeros((SAMPLE + LATEST, DIM), dtype=np.float32)
        self._doubled: NDArray[np.float32] = np.zeros((DIM + 1, SAMPLE + LATEST), dtype=np.float32)
        """-2 times each point and its squared length, a column each: |p - x|^2 is |x|^2 more than this by x and 1."""
        self._norms: Vector = self._doubled[DIM]
        self._norms[:] = FAR
        self._owners: NDArray[np.uint64] = np.zeros(SAMPLE + LATEST, dtype=np.uint64)
        self._short: NDArray[np.uint32] = np.zeros(SAMPLE + LATEST, dtype=np.uint32)
        """Half of their bits, which are compared in half the time."""
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

    def embed(self, rows: Sequence[Vector], owners: Sequence[int]) -> Vector | None:
        """[n, 32]; None while the scale is still being learned, for which these rows are then used."""
        if self.scale.ready:
            return self.scale.embed(rows)
        for row, owner in zip(rows, owners, strict=True):
            self._begin(self.scale.learn(row, owner, self.callers))
        return None

    def measure_by(self, centre: Vector, factor: Vector) -> None:
        """Another firewall has learned the scale."""
        self._begin(self.scale.take(centre, factor))

    def _begin(self, warm: Warm) -> None:
        """With the rows that came before the scale was known."""
        if warm:
            owners = np.array([owner for owner, _ in warm], dtype=np.uint64)
            self._keep(self.scale.embed([row for _, row in warm]), owners, np.full(len(warm), np.nan, dtype=np.float32))

    def _squares(self, points: Vector, owners: NDArray[np.uint64], lengths: Vector) -> NDArray[np.float32]:
        """[n, 1024]: squared distances, less the length of each point. Those to a caller's own and to equal ones, which everybody
        sends some of, are far: what rounding leaves of equal vectors, too."""
        longer = np.ones((len(points), DIM + 1), dtype=np.float32)
        longer[:, :DIM] = points
        squares: NDArray[np.float32] = longer @ self._doubled
        return without(squares, self._short == owners.astype(np.uint32)[:, None], lengths)

    def distances(self, points: Vector, owners: NDArray[np.uint64]) -> Distances:
        """Of points [n, 32], of different callers, from those that are not their callers'. Each of them is one of the latest for
        those after it."""
        count = len(points)
        if self._filled < LEAST:
            far, none = np.full(count, np.inf, dtype=np.float32), np.zeros((count, 0), dtype=np.bool_)
            nobody = np.zeros(count, dtype=np.uint64)
            return Distances(far, far, far, nobody, np.zeros(count, dtype=np.bool_), none, nobody[:0])
        lengths = np.einsum("ij,ij->i", points, points)
        squares = self._squares(points, owners, lengths)
        sample, late, whose = squares[:, :SAMPLE], squares[:, SAMPLE:], self._owners[SAMPLE:]
        if count > 1:
            late, whose = np.hstack([late, before(points, lengths)]), np.concatenate([whose, owners])
        at = late.argmin(axis=1)
        latest = late[np.arange(count), at] + lengths
        sample.partition(_FIFTH, axis=1)
        fifth = sample[:, _FIFTH, None]
        first, second = np.sort(sample[:, : _FIFTH + 1], axis=1)[:, :2].T + lengths
        unknown = second >= _NOBODYS
        first[unknown] = second[unknown] = latest[unknown | (latest >= _NOBODYS)] = np.inf
        near = late < fifth
        crowded = np.add.reduce(near, axis=1, dtype=np.uint16) >= self._crowd
        crowded[unknown] = False
        found = Distances(np.sqrt(first), np.sqrt(second), np.sqrt(latest), whose[at], crowded, near, whose)
        for i in np.flatnonzero(crowded).tolist():
            crowded[i] = found.callers(i) >= self._crowd
        return found

    def late(self, points: Vector, owners: NDArray[np.uint64]) -> NDArray[np.float32]:
        """[n]: squared distances of points [n, 32] from the nearest of the latest queries that are not their callers'."""
        squares: NDArray[np.float32] = self._norms[SAMPLE:] + points @ self._doubled[:DIM, SAMPLE:]
        squares[self._short[SAMPLE:] == owners.astype(np.uint32)[:, None]] = FAR
        return np.asarray(squares.min(axis=1) + np.einsum("ij,ij->i", points, points))

    def apart(self, point: Vector) -> float | None:
        """Squared Mahalanobis distance [32 on average] from the middle of the sample: sees what lies in the midst of all
        others, but in directions in which they hardly vary. None while too few were seen."""
        if self._whitening is None:
            return None
        white = (point - self._mean) @ self._whitening
        return float(white @ white)

    def novel(self, points: Vector, usual: NDArray[np.float32]) -> NDArray[np.bool_]:
        """[n]: whether one query in fifty is as far from the sample as each of these, whose distances are given; or as far from
        its middle."""
        far = usual > self.far
        if self._whitening is not None:
            white = (points - self._mean) @ self._whitening
            far |= np.einsum("ij,ij->i", white, white) > self._wide
        return far

    def wants(self, known: bool, nearest: float, novel: bool, chance: int) -> bool:
        """Whether a query belongs in the sample. One that is much nearer to another's than is usual does not: many keys that
        send variants of one input must not make them look common. Nor does what is far from everything, which may be noise;
        a quarter of it, by `chance`, is believed to be new usage. `known`: whether its distances are."""
        return not known or (nearest >= _TOO_NEAR * self.typical and (chance % 4 == 0 or not novel))

    def remember(self, points: Vector, owners: NDArray[np.uint64]) -> None:
        """[n, 32], at most 512, among the latest."""
        for start in range(0, len(points), _EXPECT):
            self._remember(points[start : start + _EXPECT], owners[start : start + _EXPECT])

    def _remember(self, points: Vector, owners: NDArray[np.uint64]) -> None:
        room = min(len(points), LATEST - self._latest)
        self._put(SAMPLE + self._latest, points[:room], owners[:room])
        if room < len(points):
            self._put(SAMPLE, points[room:], owners[room:])
        before, self._latest = self._latest, (self._latest + len(points)) % LATEST
        if before // _EXPECT != self._latest // _EXPECT:
            self._expect()

    def share(self) -> int:
        """How many queries a caller may give to the sample."""
        return max(SHARE, SAMPLE // (4 * max(self.callers, 1)))

    def keep(self, which: Sequence[int], points: Vector, owners: NDArray[np.uint64], found: Distances) -> None:
        """`which` of [n, 32] queries, whose distances are given, in the sample, for the oldest ones when it is full."""
        if which:
            crowds = np.array([found.callers(i) for i in which], dtype=np.float32)
            self._keep(points[which], owners[which], crowds / (self._expected or np.nan))

    def _keep(self, points: Vector, owners: NDArray[np.uint64], crowds: Vector) -> None:
        """[n, 32], at most 512."""
        room = min(len(points), SAMPLE - self._sampled)
        self._put(self._sampled, points[:room], owners[:room])
        self._crowds[self._sampled : self._sampled + room] = crowds[:room]
        if room < len(points):
            self._put(0, points[room:], owners[room:])
            self._crowds[: len(points) - room] = crowds[room:]
        self._sampled = (self._sampled + len(points)) % SAMPLE
        self._filled = min(self._filled + len(points), SAMPLE)
        self._refresh += len(points)
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
        self._norms[mine] = FAR
        self._owners[mine] = self._short[mine] = 0

    def _put(self, place: int, points: Vector, owners: NDArray[np.uint64]) -> None:
        """[n, 32], from that place on."""
        end = place + len(points)
        self._points[place:end] = points
        self._doubled[:DIM, place:end] = -2.0 * points.T
        self._norms[place:end] = np.einsum("ij,ij->i", points, points)
        self._owners[place:end] = self._short[place:end] = owners

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
        """Measures again how far apart the sample is, by a hundred or so of it."""
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
        """Measures again where its middle is and how it spreads."""
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
        owners = np.array([owner], dtype=np.uint64)
        points = space.embed([draw.normal(size=DIM).astype(np.float32)], [owner])
        if points is not None:
            found = space.distances(points, owners)
            space.novel(points, found.usual)
            space.remember(points, owners)
            space.keep([0], points, owners, found)
    embed_text(b"text")

"""From evidence to a risk: p-values, their combination, the correction for looking repeatedly. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waf.abuse.calibrate import Moments, fisher, harmonic
from waf.abuse.clusters import Cluster
from waf.abuse.evidence import levels
from waf.abuse.profile import COMPARABLE, HALVE, HITS, Pool, Profile
from waf.abuse.space import LEVELS, RATES, Space

TELLING: Final = ("near", "novel", "walk", "shared", "spread", "drift")
"""Signals of which each may decide alone."""
JOINT: Final = ("shared", "novel")
"""Signals by which a cluster is judged."""
SUPPORTING: Final = ("frame", "appetite", "order", "regular", "coverage", "volume")
"""Signals that honest callers often show, too: several of them together count, none alone."""
ODD: Final = 0.05
"""p-value up to which a signal is named."""
_SUPPORT_FLOOR: Final = 0.02
_BROWN: Final = 1.5
_TELLING_BROWN: Final = 1.75
"""Queries that are near to others of their caller's tend to be in line, and so on."""
_GROWTH: Final = 1.3
"""From one look to the next."""
_QUIET: Final = 0.5
"""p-value from which on nothing is held against a caller."""
_NEW: Final = 2.0
"""Odd queries since the last look that earn such a caller another one before it has asked twice as much."""
_PLAIN: Final = 4
"""The first so many of `RATES` call a query odd by itself; the others need several."""
_LEAST: Final = 8
"""Queries from which on a share of them is looked at."""


def worth_it(profile: Profile, pool: Pool) -> bool:
    """Whether a profile whose `look` has come is to be judged. Most callers have nothing new about them, and are judged at every
    doubling only; they are corrected for all looks nevertheless."""
    queries = profile.queries + profile.heard
    new = _odd(pool.counts[profile.slot]) - profile.seen
    if profile.p < _QUIET or new >= _NEW or queries >= min(2 * profile.looked, HALVE):
        return True
    profile.looks += 1
    profile.look = math.ceil(queries * _GROWTH)
    return False


def judge(profile: Profile, space: Space, pool: Pool) -> None:
    """Looks at a profile whose `look` has come: at what it did here, and at that together with what others have heard."""
    found = levels(profile, pool, space)
    leveled = {name: space.levels[name].p_value(value) for name, value in found.items()}
    counts = pool.counts[profile.slot]
    hits, comparable = counts[HITS].tolist(), counts[COMPARABLE].tolist()
    signals = _rated(hits, comparable, space) | leveled
    p = combine(signals)
    if profile.heard:
        # What they got may be all of it, or may hide what was got here: whichever says more, at the price of having two.
        all_hits, all_comparable = (counts[:2] + counts[2:]).tolist()
        both = _rated(all_hits, all_comparable, space) | leveled
        joint = combine(both)
        if joint < p:
            signals = both
        p = 2 * min(p, joint)
    queries = profile.queries + profile.heard
    profile.looks += 1
    profile.look = max(queries + 1, math.ceil(queries * _GROWTH))
    profile.signals = signals
    profile.p = min(p * _repeats(profile.looks), 1.0)
    shares = {name: hit / n for name, hit, n in zip(RATES, hits, comparable, strict=True) if n >= _LEAST}
    _tell(profile, space, shares | found)
    if queries >= HALVE:
        profile.queries, profile.heard = profile.queries // 2, profile.heard // 2
        counts /= 2
        np.floor(counts[COMPARABLE::2], out=counts[COMPARABLE::2])
        profile.cells, profile.look = 0, profile.queries + profile.heard + 32
    profile.looked, profile.seen = profile.queries + profile.heard, _odd(counts)


def _odd(counts: NDArray[np.float32]) -> float:
    return float(counts[HITS::2, :_PLAIN].sum())


def _rated(hits: Sequence[float], comparable: Sequence[float], space: Space) -> dict[str, float]:
    return {
        name: rate.p_value(hit, int(count))
        for (name, rate), hit, count in zip(space.rates.items(), hits, comparable, strict=True)
        if count >= _LEAST
    }


def judge_cluster(cluster: Cluster, space: Space) -> None:
    signals = {name: space.rates[name].p_value(cluster.hits.get(name, 0.0), cluster.queries) for name in JOINT}
    cluster.looks += 1
    cluster.look = math.ceil(cluster.queries * _GROWTH)
    cluster.signals = signals
    cluster.p = min(harmonic(signals.values()) * _repeats(cluster.looks), 1.0)
    if cluster.queries >= HALVE:
        cluster.queries //= 2
        cluster.hits = {name: hits / 2 for name, hits in cluster.hits.items()}
        cluster.look = cluster.queries + 64


def combine(signals: dict[str, float]) -> float:
    """One p-value. What supports can only add to what tells."""
    alone = [signals[name] for name in TELLING if name in signals]
    telling = min(harmonic(alone), fisher(alone, _TELLING_BROWN), 0.5) * 2
    support = fisher((max(signals[name], _SUPPORT_FLOOR) for name in SUPPORTING if name in signals), _BROWN)
    return min(2 * min(telling, fisher((telling, support))), 1.0)


def conclude(judged: Profile | Cluster, budget: float) -> None:
    """What follows from its p-values."""
    judged.risk = risk_of(judged.p, budget)
    signals = judged.signals
    judged.odd = tuple(sorted((name for name, p in signals.items() if p <= ODD), key=lambda name: signals[name]))


def risk_of(p: float, budget: float) -> float:
    """0 to 1: a half where `p` is the false-alarm budget, more the more unlikely it is."""
    if p >= 1:
        return 0.0
    s = math.log(p) / math.log(budget)
    return s / (1 + s)


def withdraw(profile: Profile, space: Space) -> None:
    """It is no example of what is usual."""
    for name, value in profile.told.items():
        _moments(space, name).add(value, -1)
    profile.told = {}


def _tell(profile: Profile, space: Space, values: dict[str, float]) -> None:
    told = profile.told
    profile.told = {name: _moments(space, name).replace(told.pop(name, None), value) for name, value in values.items()}
    for name, value in told.items():
        _moments(space, name).add(value, -1)


def _moments(space: Space, name: str) -> Moments:
    return (space.levels[name] if name in LEVELS else space.rates[name]).moments


def _repeats(looks: int) -> float:
    """Looks are a third of a doubling apart and share most of what they see, so that about two of them count as one."""
    return (1 + looks) / 2

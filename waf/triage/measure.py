"""Few or many: how concentrated something is, and what that says about an incident. Pure arithmetic on counts.

The *effective number* is the exponential of Shannon's entropy (Hill 1973): so many equally busy callers would be as mixed as
these are. One who makes nearly everything counts as about one, a thousand with the same share as a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import msgspec

FEW: Final = 3.0
"""Effective number up to which something is concentrated."""
MANY: Final = 8.0
"""And from which on it is spread."""


class Concentration(msgspec.Struct, frozen=True):
    distinct: int
    effective: float
    top: float
    """Share of the busiest."""
    evenness: float
    """Entropy over the greatest that so many could have, 0 to 1; 1 for a single one."""


def concentration(counts: Sequence[int], total: int, distinct: int) -> Concentration:
    """`counts` of the items that are known, `total` of all. What is missing counts as spread evenly over the items that are not
    known, of which there are `distinct` less the known."""
    if not total or not counts:
        return Concentration(0, 0.0, 0.0, 1.0)
    known = sum(counts)
    entropy = -sum(count / total * math.log(count / total) for count in counts if count)
    rest = max(0, total - known)
    others = max(1, distinct - len(counts))
    if rest:
        entropy -= rest / total * math.log(rest / total / others)
    many = max(distinct, len(counts))
    evenness = entropy / math.log(many) if many > 1 else 1.0
    return Concentration(many, round(math.exp(entropy), 2), round(max(counts) / total, 4), round(min(evenness, 1.0), 4))


class Judgement(msgspec.Struct, frozen=True):
    """`verdict` is one of `VERDICTS`."""

    verdict: str
    because: list[str]


VERDICTS: Final = {
    "quiet": "nothing that looks like an incident",
    "surge": "far more requests than before, and hardly anything suspicious in them",
    "single source": "one caller, or a few, do the same thing again and again",
    "probing": "one caller, or a few, try one thing after another",
    "distributed campaign": "many callers do the same thing, so they belong together",
    "scattered": "many callers do many things: background noise, or a rule that is wrong",
    "mixed": "neither clearly few nor clearly many",
}


def _callers(of: Concentration) -> str:
    return f"{of.distinct} caller{'' if of.distinct == 1 else 's'}, as mixed as {of.effective:g}"


def judge(
    sources: Concentration,
    targets: Concentration,
    suspects: int,
    total: int,
    *,
    families: float,
    clean: Concentration,
    surge: bool,
) -> Judgement:
    """`sources` are callers, `targets` what the suspicious requests tripped over, `families` the share of them whose payload
    belongs to one of the three largest families, `clean` the callers of everything else. `surge`: the window is one of many
    requests of any kind."""
    if suspects < 10:
        because = [f"{suspects} suspicious of {total} requests"]
        if not surge:
            return Judgement("quiet", because)
        of = f"{_callers(clean)} equally busy ones; the busiest makes {clean.top:.0%}"
        return Judgement("surge", [*because, f"half of all requests of the log are in this window, from {of}"])
    because = [
        f"{suspects} of {total} requests are suspicious ({suspects / total:.1%})",
        f"they come from {_callers(sources)} equally busy ones; the busiest makes "
        f"{sources.top:.0%} (all other requests: {_callers(clean)})",
        f"they trip over {targets.distinct} different things, as mixed as {targets.effective:g}; {targets.top:.0%} over one",
    ]
    if families:
        because.append(f"{families:.0%} of the payloads belong to the three largest families")
    alike = targets.effective <= FEW or families >= 0.5
    if sources.effective <= FEW:
        return Judgement("single source" if alike else "probing", because)
    if sources.effective >= MANY:
        return Judgement("distributed campaign" if alike else "scattered", because)
    return Judgement("mixed", because)

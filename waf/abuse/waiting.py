"""Inputs that wait to be looked at together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from waf.abuse.clock import Clock
from waf.abuse.embed import Vector, embed_texts
from waf.abuse.inputs import Digest, Query, Row, Text, row_of
from waf.abuse.profile import Key, Pool, Profile
from waf.abuse.space import Space


class Waiting(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One of them."""

    key: Key
    space: Space
    query: Query
    now: float


def embed(group: Sequence[Waiting], pool: Pool) -> Vector | None:
    """[n, 32], of inputs of one kind; None while the scale of these numbers is still being learned."""
    texts = [_rest(one.query, pool.get(one.key)) for one in group if isinstance(one.query, Text)]
    if texts:
        return embed_texts(texts)
    found = [one.query.values for one in group if isinstance(one.query, Row)]
    return group[0].space.embed(found, [one.key[0] for one in group])


def untimed(one: Waiting, pool: Pool, digest: Digest) -> Waiting:
    """A row with the usual in the place of what tells the time in it; all else as it is."""
    query, profile = one.query, pool.get(one.key)
    if profile is None or not isinstance(query, Row):
        return one
    if profile.clock is None:
        profile.clock = Clock(query.values)
        return one
    known = profile.clock.places
    clocks = profile.clock.add(query.values)
    if clocks is not None and known is None:
        pool.begin_anew(profile)  # what was odd about the rows before may have been the time in them
    if clocks is None or not one.space.scale.ready:
        return one
    values = query.values.copy()
    values[clocks] = one.space.scale.centre[clocks]
    return Waiting(one.key, one.space, row_of(query.size, values, digest), one.now)


def _rest(text: Text, profile: Profile | None) -> bytes:
    """What is the caller's own in it."""
    if profile is None or profile.templates is None:
        return text.folded
    return profile.templates.rest(text.folded, text.frames)


def waves(group: Sequence[Waiting]) -> Iterator[Sequence[int]]:
    """Places in a group, so that each wave has one input of each caller at most, in the order in which they came."""
    if len({one.key for one in group}) == len(group):
        yield range(len(group))
        return
    found: list[list[int]] = []
    turns: dict[Key, int] = {}
    for i, one in enumerate(group):
        turn = turns[one.key] = turns.get(one.key, -1) + 1
        if turn == len(found):
            found.append([])
        found[turn].append(i)
    yield from found

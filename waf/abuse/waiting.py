"""Inputs that wait to be looked at together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from waf.abuse.embed import Vector, embed_texts
from waf.abuse.inputs import Query, Row, Text
from waf.abuse.profile import Key, Pool, Profile
from waf.abuse.space import Space


class Waiting(NamedTuple):
    """One of them."""

    key: Key
    space: Space
    query: Query
    now: float


def embed(group: Sequence[Waiting], pool: Pool) -> Vector | None:
    """[n, 32], of inputs of one kind; None while the scale of these numbers is still being learned."""
    texts = [_rest(one.query.folded, pool.get(one.key)) for one in group if isinstance(one.query, Text)]
    if texts:
        return embed_texts(texts)
    found = [one.query.values for one in group if isinstance(one.query, Row)]
    return group[0].space.embed(found, [one.key[0] for one in group])


def _rest(folded: bytes, profile: Profile | None) -> bytes:
    """What is the caller's own in a text."""
    return profile.templates.rest(folded) if profile is not None and profile.templates is not None else folded


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

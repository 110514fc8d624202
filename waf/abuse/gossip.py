"""What firewalls tell each other about callers, so that one who is spread over them is seen as one. Pure.

Counts of evidence add up: whether a query was near, novel or shared is said by the firewall that got it, beside what is usual
there, and a caller is judged by all of its queries. Bitmaps of tried keys and paths are united. Standings are taken over as they
are. Texts, names and addresses are never told; callers are keyed hashes.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Annotated, Final, Generic, TypeVar

import msgspec
import numpy as np

from waf.abuse.embed import DIM, Vector
from waf.abuse.profile import Key
from waf.abuse.space import RATES

MOST_STANDINGS: Final = 256
MOST_COUNTS: Final = 512
MOST_ATTACKS: Final = 64
MOST_TRIED: Final = 128
"""Of each in one message: at most some 60 KiB."""
MOST_COUNTED: Final = 4_096
"""Callers whose evidence is gathered between two messages."""
MOST_QUERIES: Final = 10_000
"""Queries of one caller in one message that are believed."""
LONGEST: Final = 131_072
"""Bytes of a message; a longer one is not read."""
BITS: Final = 32
"""Bytes of a bitmap of what was tried."""
_MAC: Final = 16
_HALF: Final = np.dtype("<f2")

Hash = Annotated[int, msgspec.Meta(ge=1)]
Number = Annotated[int, msgspec.Meta(ge=0, le=MOST_QUERIES)]
Numbers = Annotated[tuple[Number, ...], msgspec.Meta(min_length=len(RATES), max_length=len(RATES))]
Bitmap = Annotated[bytes, msgspec.Meta(min_length=BITS, max_length=BITS)]


class Stand(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a caller stands with whoever tells it. `seconds`: how long that holds."""

    who: Hash
    risk: Annotated[float, msgspec.Meta(ge=0, le=1)]
    seconds: Annotated[float, msgspec.Meta(ge=0)]


class Count(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """New queries of a caller on one kind of input: of how many each of `RATES` could be said, and of how many it was so."""

    who: Hash
    kind: Hash
    queries: Number
    comparable: Numbers
    hits: Numbers


class Attack(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A text that was taken for an attack, and whose it was."""

    who: Hash
    point: Annotated[bytes, msgspec.Meta(min_length=2 * DIM, max_length=2 * DIM)]


class Tries(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What was tried from an address: bitmaps of credentials and paths, and how many more requests there were."""

    who: Hash
    credentials: Bitmap
    paths: Bitmap
    requests: Number
    missing: Number


class News(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    standings: Annotated[tuple[Stand, ...], msgspec.Meta(max_length=MOST_STANDINGS)] = ()
    counts: Annotated[tuple[Count, ...], msgspec.Meta(max_length=MOST_COUNTS)] = ()
    attacks: Annotated[tuple[Attack, ...], msgspec.Meta(max_length=MOST_ATTACKS)] = ()
    tried: Annotated[tuple[Tries, ...], msgspec.Meta(max_length=MOST_TRIED)] = ()

    def __bool__(self) -> bool:
        return bool(self.standings or self.counts or self.attacks or self.tried)


T = TypeVar("T", bound=msgspec.Struct)
_encode: Final = msgspec.msgpack.Encoder().encode


def adds_up(news: News) -> bool:
    """Whether it says what can be: hits of no more queries than there were, and numbers that are some."""
    counts = all(
        hit <= count <= told.queries
        for told in news.counts
        for hit, count in zip(told.hits, told.comparable, strict=True)
    )
    # Numbers that are none pass every comparison.
    return counts and all(stand.risk == stand.risk and stand.seconds == stand.seconds for stand in news.standings)


class Seal(Generic[T]):
    """Signs messages of one kind, and reads those that are signed. `secret`: what the firewalls have in common. `sound`: whether
    a message says what can be. `purpose`: up to 16 bytes that differ for each kind."""

    def __init__(self, secret: bytes, kind: type[T], sound: Callable[[T], bool], purpose: bytes = b"") -> None:
        self._key = blake2b(secret, digest_size=32, person=b"waf gossip", salt=purpose).digest()
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._sound = sound

    def write(self, message: T) -> bytes:
        data = _encode(message)
        return hmac.digest(self._key, data, "sha256")[:_MAC] + data

    def read(self, message: bytes) -> T | None:
        """None for what is none of ours, or says what cannot be."""
        if len(message) > LONGEST:
            return None
        data = message[_MAC:]
        if not hmac.compare_digest(hmac.digest(self._key, data, "sha256")[:_MAC], message[:_MAC]):
            return None
        try:
            found = self._decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        return found if self._sound(found) else None


class Gathered:
    """Evidence about callers since it was last told."""

    def __init__(self) -> None:
        self._of: dict[Key, tuple[list[int], list[int], list[int]]] = {}

    def add(self, key: Key, could: Sequence[bool], was: Sequence[bool]) -> None:
        """One query; what of `RATES` could be said of it, and whether it was so."""
        found = self._of.get(key)
        if found is None:
            if len(self._of) >= MOST_COUNTED:
                return
            found = self._of[key] = [0], [0] * len(RATES), [0] * len(RATES)
        queries, comparable, hits = found
        queries[0] += 1
        for at, hit in enumerate(was):
            comparable[at] += could[at]
            hits[at] += hit

    def take(self, kinds: Mapping[int, int]) -> tuple[Count, ...]:
        """What there is, the oddest first where there is too much; the rest is forgotten. `kinds`: hashes of kinds of inputs by
        their numbers."""
        gathered, self._of = self._of, {}
        ordered: Iterable[Key] = gathered
        if len(gathered) > MOST_COUNTS:
            ordered = sorted(gathered, key=lambda key: -sum(gathered[key][2][:_TELLING]))[:MOST_COUNTS]
        return tuple(
            Count(
                key[0],
                kinds[key[1]],
                min(queries[0], MOST_QUERIES),
                tuple(min(n, MOST_QUERIES) for n in comparable),
                tuple(min(n, MOST_QUERIES) for n in hits),
            )
            for key in ordered
            if key[1] in kinds
            for queries, comparable, hits in (gathered[key],)
        )


_TELLING: Final = 4
"""The first of `RATES` may decide alone."""


def bitmap(bits: int) -> bytes:
    return bits.to_bytes(BITS)


def packed(point: Vector) -> bytes:
    """A point with half of its precision."""
    return point.astype(_HALF).tobytes()


def unpacked(data: bytes) -> Vector | None:
    """None where it is none."""
    point = np.frombuffer(data, dtype=_HALF).astype(np.float32)
    return point if bool(np.isfinite(point).all()) else None

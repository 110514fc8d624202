"""The kinds of queries that are known: one space for the texts of a route, and one for its tensors of a size. Bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from waf.abuse.embed import Vector
from waf.abuse.space import Space

MOST_SPACES: Final = 64


class Spaces:
    """`hashed`: a keyed hash, the same with all firewalls that share a secret."""

    def __init__(self, hashed: Callable[[str], int]) -> None:
        self._hashed = hashed
        self._of: dict[tuple[str, int], tuple[int, Space]] = {}
        self._named: dict[int, tuple[str, int]] = {}
        """Route and size of each kind, by its hash."""
        self._numbers = 0
        self.kinds: dict[int, int] = {}
        """Hash of each kind by the number that its space has here."""

    def __len__(self) -> int:
        return len(self._of)

    def get(self, route: str, size: int, elements: int, now: float) -> tuple[int, Space]:
        """Of rows of this size, of which that many elements are looked at; 0 and 0 for texts. With its number."""
        name = route, size
        found = self._of.get(name)
        if found is None:
            if len(self._of) >= MOST_SPACES:
                oldest = min(self._of, key=lambda name: self._of[name][1].used)
                del self._named[self.kinds.pop(self._of.pop(oldest)[0])]
            kind = self._hashed(f"{route}\0{size}")
            self._named[kind] = name
            found = self._begin(name, kind, Space(elements))
        found[1].used = now
        return found

    def of_kind(self, kind: int) -> tuple[int, Space] | None:
        """None where it is not known here."""
        name = self._named.get(kind)
        return self._of[name] if name is not None else None

    def measured(self) -> Iterator[tuple[int, Space]]:
        """Those that have a scale, or will have one, and their kinds."""
        for number, space in self._of.values():
            if space.scale.elements:
                yield self.kinds[number], space

    def agree(self, kind: int, centre: Vector, factor: Vector) -> None:
        """All firewalls measure a kind by this. Points that were measured by anything else are of no use any more. Heard once;
        whoever can write to the server must not be able to make us forget again and again."""
        found = self.of_kind(kind)
        if found is None:
            return
        number, space = found
        scale = space.scale
        if scale.settled or len(centre) != scale.elements:
            return
        if scale.ready and not scale.is_(centre, factor):
            used, space = space.used, Space(scale.elements)
            name = self._named[self.kinds.pop(number)]
            self._begin(name, kind, space)
            space.used = used
        if not space.scale.ready:
            space.measure_by(centre, factor)
        space.scale.settled = True

    def _begin(self, name: tuple[str, int], kind: int, space: Space) -> tuple[int, Space]:
        self._numbers += 1
        self.kinds[self._numbers] = kind
        found = self._of[name] = self._numbers, space
        return found

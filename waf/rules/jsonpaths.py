"""Which of the JSON paths that rules name is a member at? Each path is a bucket of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from waf.fields import FIELDS
from waf.model import Field
from waf.rules.fieldref import path_pattern

PREFIX: Final = "json:"
"""Buckets of paths begin with it, and so does the provenance of members."""
_BUCKETS: Final = FIELDS["json"].buckets
_INDEX: Final = re.compile(r"\[\d+\]")
_REMEMBERED: Final = 4096
_REMEMBERED_ORIGIN: Final = 200


class JsonPaths:
    """The paths of one program. What it found out about a member's place is remembered, since clients send the same members
    again and again: 4096 places of at most 200 characters, all forgotten when they are more."""

    def __init__(self, buckets: Iterable[str]) -> None:
        paths = sorted(bucket.removeprefix(PREFIX) for bucket in buckets if bucket.startswith(f"{PREFIX}$"))
        self._plain = {f"{PREFIX}{path}" for path in paths if ".*" not in path and not _INDEX.search(path)}
        self._others = [(f"{PREFIX}{p}", path_pattern(p).fullmatch) for p in paths if f"{PREFIX}{p}" not in self._plain]
        self._known: dict[str, tuple[str, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._plain or self._others)

    def added_to(self, fields: Mapping[str, Sequence[Field]]) -> Mapping[str, Sequence[Field]]:
        """The fields, and beside them those at the paths, each path as a bucket."""
        found: dict[str, list[Field]] = {}
        known = self._known
        for bucket in _BUCKETS:
            for field in fields.get(bucket, ()):
                places = known.get(field.origin)
                if places is None:
                    places = self._places(field.origin)
                for place in places:
                    found.setdefault(place, []).append(field)
        return {**fields, **found} if found else fields

    def _places(self, origin: str) -> tuple[str, ...]:
        places: tuple[str, ...] = ()
        if origin.startswith(PREFIX):
            general = _INDEX.sub("[*]", origin) if "[" in origin else origin
            others = [place for place, matches in self._others if matches(origin, len(PREFIX)) is not None]
            places = (general, *others) if general in self._plain else tuple(others)
        if len(origin) <= _REMEMBERED_ORIGIN:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[origin] = places
        return places

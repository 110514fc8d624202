"""What a route hands to the parser."""

from __future__ import annotations

from dataclasses import dataclass, field

from waf.parse.paths import reader
from waf.protocols import PROTOCOLS
from waf.protocols.shape import Walk
from waf.settings import Json, Limits, Paths


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """Limits and policies of one route. Made once a route, at load.

    Raises ValueError for a protocol that does not exist and for a JSON path that cannot be read.
    """

    limits: Limits = field(default_factory=Limits)
    json: Json = field(default_factory=Json)
    protocol: str = ""
    """A key of `PROTOCOLS` to read every request as; empty: known by path, else generic."""
    paths: Paths = field(default_factory=Paths)
    strict_paths: bool = False
    """Refuse paths that no protocol knows."""
    keep: bool = False
    """Keep the decoded JSON body in `Parsed.document`."""
    generic: Walk = field(init=False, repr=False, compare=False)
    """How the JSON of a generic request is read, made from `paths`."""

    def __post_init__(self) -> None:
        if self.protocol and self.protocol not in PROTOCOLS:
            raise ValueError(f"unknown protocol {self.protocol!r}; known are {', '.join(sorted(PROTOCOLS))}")
        object.__setattr__(self, "generic", reader(self.paths))


DEFAULTS = ParseOptions()

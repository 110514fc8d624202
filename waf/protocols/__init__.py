"""Where each model API keeps its inputs, and the error its client expects: one module an API, one table here.

To add an API: write its module (a table of walks, see `shape`), add it to `PROTOCOLS`, and its paths to `paths`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from waf.protocols.anthropic import ANTHROPIC
from waf.protocols.base import Protocol
from waf.protocols.generic import GENERIC
from waf.protocols.kserve import KSERVE
from waf.protocols.oip import OIP
from waf.protocols.openai import OPENAI
from waf.protocols.paths import Place, locate

__all__ = ["PROTOCOLS", "Place", "Protocol", "locate", "match"]

PROTOCOLS: Final[Mapping[str, Protocol]] = {p.name: p for p in (OPENAI, ANTHROPIC, KSERVE, OIP, GENERIC)}


def match(method: str, path: str) -> tuple[Protocol, str] | None:
    """The protocol and operation of a path, without or with its query string; None where no API is known by it.

    The method decides nothing: a server that answers 405 needs no protection, and one that does not reads the body.
    """
    place = locate(path.partition("?")[0])
    return (place.protocol, place.operation) if place is not None else None

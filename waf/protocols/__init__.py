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

__all__ = ["PROTOCOLS", "Place", "Protocol", "locate"]

PROTOCOLS: Final[Mapping[str, Protocol]] = {p.name: p for p in (OPENAI, ANTHROPIC, KSERVE, OIP, GENERIC)}

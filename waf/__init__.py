"""mlwaf: a web application firewall for machine-learning endpoints.

The story of a request:

    accept → identify → parse → transform → prefilter → rules → classify → scored rules → decide
           → admit → forward → inspect → record

The public API is the decision without a socket:

    from waf import Engine, Request, Rules, Config, load_ruleset

    engine = Engine(load_ruleset(Rules()), Config())
    verdict = engine.inspect(Request(method="GET", target="/?id=1"))
    verdict.decision.action  # "allow", "tag" or "block"
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from waf.engine import Engine
    from waf.model import Decision, Request, Response
    from waf.rules import Ruleset, load_ruleset
    from waf.settings import Config, Rules
    from waf.verdict import Verdict

__all__ = ["Config", "Decision", "Engine", "Request", "Response", "Rules", "Ruleset", "Verdict", "load_ruleset"]

_HOME = {
    "Config": "waf.settings",
    "Decision": "waf.model",
    "Engine": "waf.engine",
    "Request": "waf.model",
    "Response": "waf.model",
    "Rules": "waf.settings",
    "Ruleset": "waf.rules",
    "Verdict": "waf.verdict",
    "load_ruleset": "waf.rules",
}


def __getattr__(name: str) -> Any:
    """Loads a name when it is first asked for, so that `waf --help` does not wait for the engine."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)

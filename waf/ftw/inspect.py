"""The engine as tests see it: which rules a request and its answer leave in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from waf.engine import Engine
from waf.model import Match, Request, Response
from waf.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Logged:
    """See `inprocess.Log`."""

    ids: tuple[int, ...]
    lines: tuple[str, ...] = ()
    blocked: int = 0
    refused: bool = False


class EngineInspector:
    """See `inprocess.Inspector`. Ids are those of the CRS where one is loaded, else those of our own rules."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def request(self, request: Request, respond: Callable[[], Response]) -> Logged:
        engine = self._engine
        verdict = engine.inspect(request)
        matches = list(verdict.decision.matches)
        blocked = verdict.decision.status if verdict.decision.blocks else 0
        if not blocked:
            response = respond()
            if engine.has_response_rules:
                found = engine.inspect_response(verdict, request.target.partition("?")[0], response)
                matches += found.matches
                blocked = found.status if found.blocks else 0
        return _logged(verdict, matches, blocked)


def _logged(verdict: Verdict, matches: list[Match], blocked: int) -> Logged:
    refused = verdict.refusal is not None
    if verdict.crs is None:
        return Logged(tuple([match.rule for match in matches]), tuple(map(line_of, matches)), blocked, refused)
    lines = [crs_line(rule.target, rule.id, rule.message, rule.data) for rule in verdict.crs.rules]
    return Logged(verdict.crs.logged, tuple(lines), blocked, refused)


def line_of(match: Match) -> str:
    """A match in the manner of ModSecurity's log, for the expressions of tests."""
    return f'[id "{match.rule}"] [msg "{match.name}"] [severity "{match.severity.upper()}"] found within {match.origin}'


def crs_line(target: str, rule: int, message: str, data: str) -> str:
    """What ModSecurity writes about a rule, as far as tests have ever asked for it."""
    return f'ModSecurity: Warning. Matched at {target}. [id "{rule}"] [msg "{message}"] [data "{data}"]'

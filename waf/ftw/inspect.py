"""The engine as tests see it: which rules a request and its answer leave in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from waf.engine import Engine
from waf.model import Match, Request, Response


@dataclass(frozen=True, slots=True)
class Logged:
    """See `inprocess.Log`."""

    ids: tuple[int, ...]
    lines: tuple[str, ...] = ()
    blocked: int = 0


def line_of(match: Match) -> str:
    """A match in the manner of ModSecurity's log, for the expressions of tests."""
    return f'[id "{match.rule}"] [msg "{match.name}"] [severity "{match.severity.upper()}"] found within {match.origin}'


class EngineInspector:
    """See `inprocess.Inspector`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def request(self, request: Request, respond: Callable[[], Response]) -> Logged:
        engine = self._engine
        verdict = engine.inspect(request)
        if verdict.refusal is not None:
            raise verdict.refusal
        matches = list(verdict.decision.matches)
        blocked = verdict.decision.status if verdict.decision.blocks else 0
        if not blocked:
            response = respond()
            if engine.has_response_rules:
                found = engine.inspect_response(verdict, request.target.partition("?")[0], response)
                matches += found.matches
                blocked = found.status if found.blocks else 0
        return Logged(tuple([match.rule for match in matches]), tuple([line_of(match) for match in matches]), blocked)

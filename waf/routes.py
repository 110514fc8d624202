"""Which route a request belongs to, and what holds on it. Compiled once from the configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Final

import msgspec

from waf.decide import Policy
from waf.model import Mode
from waf.parse.options import ParseOptions
from waf.parse.paths import steps
from waf.rules.exclusions import normal_path, path_matcher
from waf.scores import Terms, WebTerms
from waf.settings import Config, Route

DECODINGS: Final = 3
"""How often a path is percent-decoded at most."""
_STRICTNESS: Final = {"off": 0, "monitor": 1, "enforce": 2}


class CompiledRoute(msgspec.Struct, frozen=True):
    """One route with the global defaults filled in."""

    settings: Route
    policy: Policy
    options: ParseOptions
    methods: frozenset[str]
    on_path: Callable[[str], bool]
    terms: Terms = Terms()
    web: WebTerms = WebTerms()

    @property
    def strictness(self) -> tuple[int, int, int, int]:
        """Greater is stricter: by mode, then by paranoia, then by the threshold, then by the classifier's mode."""
        policy = self.policy
        return _STRICTNESS[policy.mode], policy.paranoia, -policy.block_score, _STRICTNESS[self.terms.mode]


class RouteTable:
    """First match wins, the default route comes last."""

    def __init__(self, config: Config) -> None:
        routes = config.routes
        if not any(route.path in ("*", "/*") and not route.methods for route in routes):
            routes = (*routes, Route())
        self.routes = tuple(_compile(route, config) for route in routes)
        self._single = self.routes[0] if len(self.routes) == 1 else None
        self._alone = (self.routes[0].settings,)

    def find(self, method: str, path: str) -> CompiledRoute:
        """The route of a request. Where the path as sent and the path as a lenient server reads it lead to different
        routes, the stricter one holds, so that `/open/../v1/chat` gains nothing."""
        if self._single is not None:
            return self._single
        sent = self._first(method, path)
        others = _normal_paths(path)
        if not others:
            return sent
        routes = [*(self._first(method, other) for other in others), sent]
        return max(routes, key=lambda route: route.strictness)  # of equals the normal one

    def candidates(self, method: str, path: str) -> tuple[CompiledRoute, ...]:
        """Every route that the request may be for, by the path as sent and as a lenient server reads it. Who may come in is
        for all of them to say: the stricter one of `find` need not be the one that asks more of a caller."""
        if self._single is not None:
            return (self._single,)
        sent = self._first(method, path)
        others = _normal_paths(path)
        if not others:
            return (sent,)
        routes = [sent, *(self._first(method, other) for other in others)]
        return tuple({id(route): route for route in routes}.values())

    def settings(self, method: str, path: str) -> tuple[Route, ...]:
        """Those of the candidates."""
        if self._single is not None:
            return self._alone
        return tuple([route.settings for route in self.candidates(method, path)])

    def _first(self, method: str, path: str) -> CompiledRoute:
        for route in self.routes:
            if (not route.methods or method in route.methods) and route.on_path(path):
                return route
        return self.routes[-1]


def _normal_paths(path: str) -> Sequence[str]:
    """The readings of a path that differ from it: by a server that decodes once, and by those that decode again what that
    leaves (`%252e`), as two servers in a row do."""
    normal = normal_path(path)
    if normal == path:
        return ()
    found = [normal]
    while len(found) < DECODINGS and (normal := normal_path(found[-1])) != found[-1]:
        found.append(normal)
    return found


Judged = tuple[str, str, float, tuple[tuple[str | int | None, ...], ...]]
"""A route whose inputs are judged: name, folder of its calibration, alpha, and the paths of its inputs."""


def judged(config: Config) -> list[Judged]:
    """What `waf.classify.ood.judge.load_judges` loads."""
    return [
        (route.name, route.ood.artefact, route.ood.alpha, tuple(map(steps, route.ood.input)))
        for route in config.routes
        if route.ood.artefact and route.ood.mode != "off" and (route.mode or config.mode) != "off"
    ]


def _compile(route: Route, config: Config) -> CompiledRoute:
    policy = Policy(
        route=route.name,
        mode=route.mode or config.mode,
        paranoia=route.paranoia or config.paranoia,
        block_score=route.block_score or config.block_score,
        enforce_tool_args=route.tool_args == "enforce",
        learned=(route.scoring or config.scoring) == "learned",
    )
    options = ParseOptions(
        limits=config.limits,
        json=config.json,
        protocol=route.protocol,
        paths=route.paths,
        strict_paths=route.strict_paths,
        keep=bool(route.ood.artefact) and route.ood.mode != "off",
    )
    methods = frozenset(m.upper() for m in route.methods)
    head = config.web_head
    web = WebTerms("off" if head.ask == "off" else route.web_head or head.ask, head.mode)
    return CompiledRoute(route, policy, options, methods, path_matcher(route.path), _terms(route, config), web)


def _terms(route: Route, config: Config) -> Terms:
    own, whole = route.classifier, config.classifier
    mode: Mode = (own.mode or whole.mode) if whole.enabled else "off"
    names = [field.name for field in fields(whole.thresholds)]
    thresholds = tuple(getattr(own.thresholds, name) or getattr(whole.thresholds, name) for name in names)
    return Terms(
        mode,
        thresholds,
        (own.over_budget or whole.over_budget) == "block",
        (own.unscored or whole.unscored) == "block",
        (own.deep or whole.deep) == "always",
        route.ood.mode if route.ood.artefact else "off",
    )

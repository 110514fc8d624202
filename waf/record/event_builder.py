"""What the engine says about a request, as an event: every text cut, hashed or escaped, every list bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import msgspec

from waf.crs import CrsVerdict, LoggedRule
from waf.fields import BUCKETS
from waf.model import Caller, Decision, Field, Match, Parsed, Request, Screened, Skip
from waf.record.event import CoreMatch, CoreRules, Event, EventCaller, Hashed, RuleMatch
from waf.record.event_abuse import suspected
from waf.record.event_ml import of_models
from waf.record.redact import Redactor, cut, to_bytes
from waf.record.similarity import Similarity
from waf.scores import Scores
from waf.suspicion import Suspicion

MAX_PATH: Final = 256
MAX_NAME: Final = 128
MAX_TEXT: Final = 512
MAX_RULES: Final = 32
MAX_TAGS: Final = 32
MAX_CORE_RULES: Final = 64
MAX_ITEMS: Final = 32
MAX_SKIPPED: Final = 16
MAX_SEARCHED: Final = 5_000
"""Fields looked through for the value that made a rule match."""

_OUR_NAMES: Final = BUCKETS | {"inspected", "body_bytes", "inspected_bytes", "skipped", "origin", "reason", "size"}
"""Members of a receipt that need no second look; nearly all of them."""

_COUNTS: Final = frozenset({int})

_NEVER_TEXT: Final = frozenset({"headers", "headers.args", "cookies", "decoded"})
"""Buckets that hold credentials: their values are hashed whatever `log.prompts` says."""

_CORE_TEXT: Final = frozenset(
    "ARGS ARGS_NAMES ARGS_GET ARGS_GET_NAMES ARGS_POST ARGS_POST_NAMES FILES FILES_NAMES MULTIPART_PART_HEADERS "
    "QUERY_STRING REQUEST_BASENAME REQUEST_BODY REQUEST_FILENAME REQUEST_METHOD REQUEST_PROTOCOL REQUEST_URI "
    "REQUEST_URI_RAW RESPONSE_BODY RESPONSE_STATUS XML".split()
)
"""The CRS's targets that are not headers or cookies, nor what a rule may have put together from them."""


class Inspected(Protocol):
    """What the engine says about a request, as far as an event needs it."""

    @property
    def parsed(self) -> Parsed | None: ...
    @property
    def screened(self) -> Screened | None: ...
    @property
    def decision(self) -> Decision: ...
    @property
    def coverage(self) -> Mapping[str, Any]: ...
    @property
    def us(self) -> Mapping[str, float]: ...
    @property
    def protocol(self) -> str: ...
    @property
    def crs(self) -> CrsVerdict | None: ...
    @property
    def scores(self) -> Scores | None: ...
    @property
    def suspicion(self) -> Suspicion | None: ...
    @property
    def rule_seconds(self) -> Mapping[int, float]: ...


class Ending(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How the request ended, as the edge saw it. Times in microseconds, sizes in bytes on the wire."""

    status: int
    upstream_status: int
    us: Mapping[str, float]
    bytes_in: int
    bytes_out: int
    outcome: str


class EventBuilder:
    """Makes events. `texts`: whether matched values are written as they are beside their hash. `similarity` makes the digest by
    which requests can be told to be alike; None: there is none. `country` says which one an address is in."""

    __slots__ = ("_country", "_redactor", "_similarity", "_texts")

    def __init__(
        self,
        redactor: Redactor,
        *,
        texts: bool,
        similarity: Similarity | None = None,
        country: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._country = country
        self._redactor = redactor
        self._similarity = similarity
        self._texts = texts

    def build(self, request: Request, verdict: Inspected | None, ending: Ending) -> Event:
        """`verdict` is None when the request never reached the engine; then `ending.outcome` is the reason."""
        path, _, query = request.target.partition("?")
        if verdict is not None:
            parsed, screened, decision = verdict.parsed, verdict.screened, verdict.decision
        else:
            parsed, screened, decision = None, None, undecided(ending)
        name, matches, tags = self._redactor.name, decision.matches, decision.tags
        crs = verdict.crs if verdict is not None else None
        operation = model = ""
        if parsed is not None:
            operation = name(parsed.operation, MAX_NAME) if parsed.operation else ""
            model = name(parsed.model, MAX_NAME) if parsed.model else ""
        # By position: msgspec takes six times as long to find 30 arguments by name.
        return Event(
            datetime.now(UTC),
            name(request.id, MAX_NAME),
            name(request.client_ip, MAX_NAME),
            name(request.method, 32),
            cut(path, MAX_PATH),
            cut(decision.route, MAX_NAME),
            verdict.protocol if verdict is not None else "",
            decision.mode,
            decision.action,
            decision.would_block,
            cut(decision.reason, MAX_NAME),
            ending.status,
            ending.outcome,
            decision.score,
            {stage: int(spent) for stage, spent in ending.us.items()},
            ending.bytes_in,
            ending.bytes_out,
            self.hashed(query) if query else None,
            operation,
            model,
            parsed.stream if parsed is not None else False,
            ending.upstream_status,
            screened.shadow if screened is not None else 0,
            decision.scores,
            [self.rule(match, parsed) for match in matches[:MAX_RULES]] if matches else [],
            max(0, len(matches) - MAX_RULES) if matches else 0,
            [cut(tag, MAX_NAME) for tag in tags[:MAX_TAGS]] if tags else [],
            core_rules(crs, texts=self._texts) if crs is not None else None,
            of_models(verdict.scores, name) if verdict is not None and verdict.scores is not None else None,
            self.bounded(verdict.coverage) if verdict is not None else {},
            self.caller(request.caller) if request.caller is not None else None,
            self._similarity.of_fields(parsed.fields) if self._similarity is not None and parsed is not None else "",
            suspected(verdict.suspicion) if verdict is not None and verdict.suspicion is not None else None,
            name(country, 8) if (country := self._country(request.client_ip)) else "",
        )

    def rule(self, match: Match, parsed: Parsed | None) -> RuleMatch:
        field = matched_field(match, parsed)
        return RuleMatch(
            id=match.rule,
            name=cut(match.name, MAX_NAME),
            severity=match.severity,
            score=match.score,
            mode=match.mode,
            bucket=match.bucket,
            origin=self._redactor.name(match.origin, MAX_NAME),
            value=None if field is None else self.hashed(str(field.value), show=match.bucket not in _NEVER_TEXT),
            timed_out=match.timed_out,
        )

    def caller(self, caller: Caller) -> EventCaller | None:
        if caller.kind == "anonymous":
            return None
        name = self._redactor.name
        return EventCaller(
            caller.kind,
            caller.key,
            name(caller.subject, MAX_NAME),
            name(caller.tenant, MAX_NAME),
            name(caller.certificate, MAX_NAME),
        )

    def hashed(self, text: str, *, show: bool = False) -> Hashed:
        data = to_bytes(text)
        shown = cut(text, MAX_TEXT) if show and self._texts else ""
        return Hashed(self._redactor.digest(data), len(data), shown)

    def bounded(self, value: Any) -> Any:
        """A coverage receipt with every name redacted and every list and mapping cut to a length."""
        kind = type(value)
        if kind is int or value is None:
            return value
        if kind is str:
            return self._redactor.name(value, MAX_NAME)
        if kind is dict:
            if value.keys() <= BUCKETS and len(value) <= MAX_ITEMS and set(map(type, value.values())) <= _COUNTS:
                return value  # how many fields of each kind were inspected, which is most of a receipt
            items = value.items() if len(value) <= MAX_ITEMS else list(value.items())[:MAX_ITEMS]
            return {
                key if key in _OUR_NAMES else self.bounded(str(key)): item if type(item) is int else self.bounded(item)
                for key, item in items
            }
        if kind is list or kind is tuple:
            kept = [self.bounded(item) for item in value[:MAX_SKIPPED]]
            return kept if len(value) <= MAX_SKIPPED else [*kept, {"more": len(value) - MAX_SKIPPED}]
        if kind is Skip:
            return self.bounded({"origin": value.origin, "reason": value.reason, "size": value.size})
        return value if kind is float or kind is bool else self.bounded(str(value))


def core_rules(found: CrsVerdict, *, texts: bool) -> CoreRules:
    said = [_core_match(rule) for rule in (found.rules[:MAX_CORE_RULES] if texts else ())]
    return CoreRules(
        found.inbound,
        found.inbound_threshold,
        found.outbound,
        found.outbound_threshold,
        found.blocked_by,
        list(found.logged[:MAX_CORE_RULES]),
        said,
    )


def _core_match(rule: LoggedRule) -> CoreMatch:
    data = cut(rule.data, MAX_TEXT) if rule.target.partition(":")[0] in _CORE_TEXT else ""
    return CoreMatch(rule.id, cut(rule.target, MAX_NAME), cut(rule.message, MAX_TEXT), data)


def undecided(ending: Ending) -> Decision:
    """The decision about a request that was turned away, or lost, before anything could be decided."""
    refused = ending.status >= 400
    return Decision("block" if refused else "allow", ending.status, ending.outcome, would_block=refused)


def matched_field(match: Match, parsed: Parsed | None) -> Field | None:
    """The field that made the rule match, found again by its provenance; None when that is not to be had cheaply."""
    if parsed is None or not match.origin:
        return None
    fields = parsed.fields.get(match.bucket, ())[:MAX_SEARCHED]
    return next((field for field in fields if field.origin == match.origin), None)

"""The whole decision without a socket: parse → screen → decide, as `waf scan`, `waf explain` and the edge all run it."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from typing import Any

import msgspec

from waf.decide import CrsSays, decide, refuse
from waf.errors import BodyTooLarge, Refusal
from waf.model import CrsVerdict, Decision, Field, Parsed, Request, Response, Screened
from waf.parse import parse
from waf.protocols import PROTOCOLS, match
from waf.routes import CompiledRoute, RouteTable
from waf.rules import Ruleset
from waf.rules.program import Timing
from waf.rules.seclang import Inspection, Kept
from waf.screen import add_scores, score_fields, screen
from waf.settings import Config

_INDEX = re.compile(r"json:\$\.((?:messages|input|contents)\[\d+\])")
_NO_RETRY = ("x-should-retry", "false")
"""The OpenAI and Anthropic SDKs repeat some refusals; this header tells them that it is of no use."""
BLOCKED = "The request was blocked by the security policy. Quote the request id when you ask about it."


MOST_EXPOSED = 64
"""Ids in one X-WAF-Rules."""
MOST_REFUSED = 131_072
MOST_ARGUMENTS = 1000
"""Bytes and arguments of a refused request that the CRS still looks at: no limit of the parser's has bounded them."""
SAMPLE = 128
"""One request in so many has its rules timed one by one."""
_TEXT = "Please ignore the noise: SELECT a FROM b, <b>bold</b>, ../up, {{x}}, $(date) & more; act as before."
_FIRST_REQUESTS = (
    Request(
        method="GET", target="/search?q=red+shoes&page=2", headers=(("Host", "localhost"), ("User-Agent", "warm-up"))
    ),
    Request(
        method="POST",
        target="/v1/chat/completions",
        headers=(("Host", "localhost"), ("Content-Type", "application/json")),
        body=msgspec.json.encode({"model": "m", "messages": [{"role": "user", "content": _TEXT * 4}]}),
    ),
    Request(
        method="POST",
        target="/",
        headers=(("Host", "localhost"), ("Content-Type", "application/json")),
        body=msgspec.json.encode({"text": _TEXT, "n": 1}),
    ),
)


class Verdict(msgspec.Struct, gc=False):
    """Everything known about one request after inspection."""

    decision: Decision
    route: CompiledRoute
    parsed: Parsed | None = None
    screened: Screened | None = None
    refusal: Refusal | None = None
    protocol: str = "generic"
    body_bytes: int = 0
    us: dict[str, float] = {}
    """Microseconds per stage."""
    rule_seconds: dict[int, float] = {}
    """Estimated seconds by rule id, on the one request in `SAMPLE` that is measured; each stands for that many."""
    crs: CrsVerdict | None = None
    """What the OWASP CRS says, request and, once it was inspected, response together; None when none is loaded."""
    inspection: Inspection | None = None
    """The CRS's transaction, which goes on with the answer."""

    @property
    def coverage(self) -> dict[str, Any]:
        """The receipt: which parts were inspected, how many bytes of the body, and what was not and why."""
        if self.parsed is None:
            reason = self.refusal.code if self.refusal is not None else self.decision.reason
            return {
                "inspected": {},
                "body_bytes": self.body_bytes,
                "inspected_bytes": 0,
                "skipped": [{"origin": "request", "reason": reason}],
            }
        parsed = self.parsed
        return {
            "inspected": {bucket: len(fields) for bucket, fields in parsed.fields.items() if fields},
            "body_bytes": self.body_bytes,
            "inspected_bytes": parsed.inspected_bytes,
            "skipped": [{"origin": s.origin, "reason": s.reason, "size": s.size} for s in parsed.skipped],
        }


class Engine:
    """A ruleset and a configuration, joined. Immutable and shared: a reload makes a new one.

    `clock` gives seconds and is only used for the stage timings.
    """

    def __init__(self, ruleset: Ruleset, config: Config, clock: Callable[[], float] = time.perf_counter) -> None:
        self.ruleset = ruleset
        self.config = config
        self.routes = RouteTable(config)
        self.crs = ruleset.crs
        self.kept: Kept | None = None
        """Collections of the CRS that outlive a request; without it, as offline, they do not."""
        self._scoring = frozenset(r.id for r in self.crs.rules if r.kind != "bookkeeping") if self.crs else frozenset()
        crs_responses = self.crs is not None and self.crs.inspects_responses
        self.has_response_rules = bool(ruleset.response.rules) or crs_responses
        self._clock = clock
        self._count = itertools.count(1)

    def inspect(self, request: Request) -> Verdict:
        """The verdict on one request. A request that cannot be read is a blocking verdict, not an exception."""
        clock = self._clock
        start = clock()
        path = request.target.partition("?")[0]
        route = self.routes.find(request.method, path)
        policy = route.policy
        if policy.mode == "off":
            decision = Decision("allow", 0, "off", mode="off", route=policy.route)
            return Verdict(decision, route, body_bytes=len(request.body))
        try:
            parsed = parse(request, route.options)
        except Refusal as refusal:
            verdict = self.refused(request.method, request.target, refusal, route)
            if not isinstance(refusal, BodyTooLarge) and len(request.body) <= MOST_REFUSED:
                self._run_crs(verdict, request, None)
            return verdict
        timing = Timing(clock, {}) if next(self._count) % SAMPLE == 0 else None
        parsed_at = clock()
        screened = screen(
            self.ruleset.request,
            parsed.fields,
            path=path,
            paranoia=policy.paranoia,
            enforce_tool_args=policy.enforce_tool_args,
            timing=timing,
        )
        screened_at = clock()
        if self.ruleset.scored.rules:
            self._screen_scored(screened, route, path)
        verdict = Verdict(_UNDECIDED, route, parsed, screened, None, parsed.protocol, len(request.body))
        before_crs = clock()
        crs = self._run_crs(verdict, request, parsed)
        after_crs = clock()
        decision = verdict.decision = decide(policy, screened, crs)
        if parsed.skipped and decision.action == "allow":
            verdict.decision = _tag_uninspected(decision)
        us = {
            "parse": (parsed_at - start) * 1e6,
            "rules": (screened_at - parsed_at) * 1e6,
            "decide": (clock() - screened_at - (after_crs - before_crs)) * 1e6,
        }
        if self.crs is not None:
            us["crs"] = (after_crs - before_crs) * 1e6
        verdict.us = us
        if timing is not None:
            verdict.rule_seconds = {rule: seconds * SAMPLE for rule, seconds in timing.seconds.items()}
        return verdict

    def warm_up(self) -> None:
        """Inspects a few requests of its own. The first use of a pattern builds parts of its automaton, which the first
        client should not have to wait for."""
        for request in _FIRST_REQUESTS:
            self.inspect(request)

    def refused(self, method: str, target: str, refusal: Refusal, route: CompiledRoute | None = None) -> Verdict:
        """The verdict on a request that was refused before or while it was read. It blocks in every mode."""
        path = target.partition("?")[0]
        route = route or self.routes.find(method, path)
        found = match(method, path)
        protocol = route.settings.protocol or (found[0].name if found else "generic")
        return Verdict(refuse(route.policy, refusal), route, refusal=refusal, protocol=protocol)

    def inspect_text(self, route: CompiledRoute, path: str, text: str, handshake: Request | None = None) -> Verdict:
        """The verdict on one text message of a WebSocket: web input and possible prompt text at once. The CRS sees it as the
        body of the handshake."""
        fields = {bucket: [Field(bucket, "message", text, "websocket:message")] for bucket in ("json", "llm.prompt")}
        verdict = self.inspect_fields(route, path, fields, len(text.encode("utf-8", "replace")))
        if self.crs is None or handshake is None or verdict.screened is None:
            return verdict
        policy, clock = route.policy, self._clock
        before = clock()
        prose = self._prose_of_message(route, handshake, text)
        found = self.crs.inspect_message(handshake, text, prose=prose, detect=policy.mode != "enforce")
        says = self._crs_says(verdict, found, 0)
        verdict.us = {"crs": (clock() - before) * 1e6}
        verdict.decision = decide(policy, verdict.screened, says)
        return verdict

    def _prose_of_message(self, route: CompiledRoute, handshake: Request, text: str) -> frozenset[str]:
        """Paths in a JSON message that are model text, which only the route's `paths.prompt` can say."""
        if self.crs is None or self.crs.options.model_text == "include" or not route.options.paths.prompt:
            return frozenset()
        as_json = (("Content-Type", "application/json"),)
        body = text.encode("utf-8", "surrogateescape")
        try:
            return model_text(
                parse(Request(method="POST", target=handshake.target, headers=as_json, body=body), route.options)
            )
        except Refusal:
            return frozenset()

    def inspect_fields(self, route: CompiledRoute, path: str, fields: dict[str, list[Field]], size: int = 0) -> Verdict:
        """The verdict on parts that somebody else took out of a request, `size` bytes in all; nothing is parsed."""
        policy = route.policy
        if policy.mode == "off":
            return Verdict(Decision("allow", 0, "off", mode="off", route=policy.route), route)
        screened = screen(self.ruleset.request, fields, path=path, paranoia=policy.paranoia)
        if self.ruleset.scored.rules:
            self._screen_scored(screened, route, path)
        parsed = Parsed(fields, inspected_bytes=size)
        return Verdict(decide(policy, screened), route, parsed, screened, body_bytes=size)

    def inspect_response(self, verdict: Verdict, path: str, response: Response) -> Decision:
        """The verdict on an upstream's answer, by the rules of the response phase alone."""
        headers = [Field("response.headers", n.lower(), v, f"response-header:{n.lower()}") for n, v in response.headers]
        kind = next((f.value for f in headers if f.name == "content-type"), "")
        fields = {
            "response.status": [Field("response.status", "", response.status, "response:status")],
            "response.headers": headers,
            "response.content_type": [Field("response.content_type", "", kind, "response:content-type")],
            "response.body": [
                Field("response.body", "", response.body.decode("utf-8", "surrogateescape"), "response:body")
            ],
        }
        policy = verdict.route.policy
        screened = screen(self.ruleset.response, fields, path=path, paranoia=policy.paranoia)
        return decide(policy, screened, self._answer_crs(verdict, response))

    def _run_crs(self, verdict: Verdict, request: Request, parsed: Parsed | None) -> CrsSays | None:
        """Phases 1 and 2 of the CRS; phase 5 as well when they end the request."""
        if self.crs is None:
            return None
        prose: frozenset[str] = frozenset()
        reads_json, most = False, MOST_ARGUMENTS
        if parsed is not None:
            most = 0
            reads_json = PROTOCOLS[parsed.protocol].reads_json(parsed.operation)
            if self.crs.options.model_text == "exclude":
                prose = model_text(parsed)
        detect = verdict.route.policy.mode != "enforce"
        inspection = self.crs.inspect(request, prose=prose, json=reads_json, detect=detect, most=most, kept=self.kept)
        if inspection.transaction.status or parsed is None or not self.has_response_rules:
            inspection.finish()  # nothing comes behind it
        verdict.inspection = inspection
        return self._crs_says(verdict, inspection, 0)

    def _answer_crs(self, verdict: Verdict, response: Response) -> CrsSays | None:
        inspection = verdict.inspection
        if inspection is None:
            return None
        before = inspection.transaction.would_status
        inspection.response(response)
        inspection.finish()
        return self._crs_says(verdict, inspection, before)

    def _crs_says(self, verdict: Verdict, inspection: Inspection, before: int) -> CrsSays:
        found = verdict.crs = inspection.verdict()
        status = found.would_status if found.would_status != before else 0
        return CrsSays(status, not self._scoring.isdisjoint(found.matched))

    def respond(self, verdict: Verdict, request_id: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body of the refusal, in the shape that the client's SDK shows as a typed error."""
        decision = verdict.decision
        if verdict.refusal is not None:
            message = verdict.refusal.message
        else:
            found = next((m for m in map(_INDEX.match, (m.origin for m in decision.matches if m.score)) if m), None)
            message = f"{found.group(1)}: {BLOCKED}" if found else BLOCKED
        code = verdict.refusal.code if verdict.refusal is not None else "request_blocked"
        body, content_type = PROTOCOLS[verdict.protocol].refusal(decision.status, code, message, request_id)
        headers = [("Content-Type", content_type), _NO_RETRY]
        if rules := self.exposed(verdict):
            headers.append(("X-WAF-Rules", rules))
        return decision.status, headers, body

    def exposed(self, verdict: Verdict | None) -> str:
        """Ids of the rules that matched, with commas between, if clients may know them; at most 64, as in events."""
        if verdict is None or not self.config.expose_matches:
            return ""
        ids = [match.rule for match in verdict.decision.matches] + list(verdict.crs.logged if verdict.crs else ())
        return ",".join(map(str, ids[:MOST_EXPOSED]))

    def _screen_scored(self, screened: Screened, route: CompiledRoute, path: str) -> None:
        """Rules over the sums and the classifier's scores; what they find adds to the request's own matches."""
        fields = score_fields(screened, None)
        matches, evaluated = self.ruleset.scored.run(fields, path, route.policy.paranoia)
        screened.evaluated += evaluated
        if matches:
            screened.matches = [*screened.matches, *matches]
            add_scores(screened, matches, route.policy.enforce_tool_args)


_NOT_PROSE = frozenset({"llm.params", "llm.names"})


def model_text(parsed: Parsed) -> frozenset[str]:
    """JSON paths of texts that only a model reads, by the tables of the protocols and the operator's routes: those that are
    in a bucket of prompts and in none of web input."""
    prose: set[str] = set()
    web: set[str] = set()
    for bucket, fields in parsed.fields.items():
        if bucket.startswith("llm.") and bucket not in _NOT_PROSE:
            prose.update(field.origin for field in fields)
        elif bucket in ("json", "json.scalars"):
            web.update(field.origin for field in fields)
    paths = (origin.removeprefix("json:").partition("#")[0] for origin in prose - web if origin.startswith("json:"))
    return frozenset(paths)


_UNDECIDED = Decision("allow", 0, "clean")


def _tag_uninspected(decision: Decision) -> Decision:
    """Parts that nothing can inspect (audio, unknown binary) are tagged, never passed over in silence."""
    decision.action, decision.reason, decision.tags = "tag", "uninspected", (*decision.tags, "uninspected")
    return decision

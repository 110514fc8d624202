"""The whole decision without a socket: parse → screen → decide, as `waf scan`, `waf explain` and the edge all run it."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Mapping, Sequence

from waf.classify.ood.judge import Judge
from waf.classify.ood.rows import Found
from waf.classify.scorer import Scorer
from waf.classify.scoring import Outcome
from waf.crs_stage import CrsStage
from waf.decide import decide, refuse, tag_uninspected
from waf.errors import BodyTooLarge, Refusal
from waf.model import Decision, Field, Parsed, Request, Response, Screened
from waf.opinion import Opinion
from waf.parse import parse
from waf.protocols import PROTOCOLS, locate
from waf.routes import CompiledRoute, RouteTable
from waf.rules import Ruleset
from waf.rules.program import Timing
from waf.rules.seclang import Kept
from waf.rules.spec import needs_models
from waf.scores import Scores, joined
from waf.screen import add_scores, score_fields, screen
from waf.seams import with_seams
from waf.settings import Config
from waf.verdict import UNDECIDED, Refused, Verdict
from waf.warmup import FIRST_REQUESTS

_INDEX = re.compile(r"json:\$\.((?:messages|input|contents)\[\d+\])")
_NO_RETRY = ("x-should-retry", "false")
"""The OpenAI and Anthropic SDKs repeat some refusals; this header tells them that it is of no use."""
BLOCKED = "The request was blocked by the security policy. Quote the request id when you ask about it."


MOST_EXPOSED = 64
"""Ids in one X-WAF-Rules."""
SAMPLE = 128
"""One request in so many has its rules timed one by one."""


class Engine:
    """A ruleset, a configuration and, where texts are classified, a scorer, joined. Immutable and shared: a reload makes a
    new one.

    `clock` gives seconds and is only used for the stage timings.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        config: Config,
        clock: Callable[[], float] = time.perf_counter,
        scorer: Scorer | None = None,
        judges: Mapping[str, Judge] | None = None,
        opinion: Opinion | None = None,
    ) -> None:
        self.ruleset = ruleset
        self.config = config
        self.routes = RouteTable(config)
        self.crs = ruleset.crs
        crs_responses = self.crs is not None and self.crs.inspects_responses
        self.has_response_rules = bool(ruleset.response.rules) or crs_responses
        self._crs_stage = CrsStage(self.crs, responses=self.has_response_rules) if self.crs is not None else None
        self.scorer = scorer
        self.judges = judges or {}
        self.opinion = opinion or Opinion(ruleset)
        scored = [rule for rule in ruleset.rules if rule.phase == "scored"]
        self._scored = bool(scored)
        self._scored_always = not all(needs_models(rule.match) for rule in scored)
        self._per_client = config.classifier.shared == "client"
        self._clock = clock
        self._count = itertools.count(1)

    def inspect(self, request: Request) -> Verdict:
        """The verdict on one request. A request that cannot be read is a blocking verdict, not an exception."""
        return self._scored_here(self.examine(request))

    def examine(self, request: Request) -> Verdict:
        """The verdict as far as it goes without a model. Where `inputs` are set, have them judged and call `settle`; where
        `pending` is set, have those texts scored and call `conclude`. Texts of what the rules block already are not
        scored."""
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
            if self._crs_stage is not None and not isinstance(refusal, BodyTooLarge):
                self._crs_stage.on_refused(verdict, request)
            return verdict
        timing = Timing(clock, {}) if next(self._count) % SAMPLE == 0 else None
        parsed_at = clock()
        screened = screen(
            self.ruleset.request,
            with_seams(parsed.fields),
            path=path,
            paranoia=policy.paranoia,
            enforce_tool_args=policy.enforce_tool_args,
            block_score=policy.block_score,
            timing=timing,
        )
        screened_at = clock()
        verdict = Verdict(UNDECIDED, route, parsed, screened, None, parsed.protocol, len(request.body), path=path)
        us = verdict.us = {"parse": (parsed_at - start) * 1e6, "rules": (screened_at - parsed_at) * 1e6}
        if self._crs_stage is not None:
            self._crs_stage.on_request(verdict, request, parsed)
            us["crs"] = (clock() - screened_at) * 1e6
        if timing is not None:
            verdict.rule_seconds = {rule: seconds * SAMPLE for rule, seconds in timing.seconds.items()}
        self._next(verdict, screened, parsed, request.client_ip)
        return verdict

    def settle(self, verdict: Verdict, found: Found | None, seconds: float) -> None:
        """Takes what the route's detector said of the verdict's inputs, None where it said nothing, and the time that it took.
        Completes the verdict if no texts are pending."""
        inputs, screened, parsed = verdict.inputs, verdict.screened, verdict.parsed
        if inputs is None or screened is None or parsed is None:
            raise ValueError("no inputs wait on this verdict")
        terms = verdict.route.terms
        judge = self.judges[verdict.route.policy.route]
        verdict.inputs, parsed.document = None, None
        verdict.us["ood"] = verdict.us.get("ood", 0.0) + seconds * 1e6
        refuse = terms.block_unscored and terms.ood == "enforce"
        p, said = judge.sum_up(inputs, found, block_unscored=refuse)
        verdict.found, verdict.scores = found, joined(Scores(ood_p=p, ood=said), verdict.scores)
        if verdict.pending is None:
            self._decide(verdict, screened, parsed)

    def conclude(self, verdict: Verdict, outcomes: Sequence[Outcome | None], seconds: float) -> None:
        """Completes a verdict with what the models said about its pending texts, None where they said nothing, and with the
        time that it took."""
        pending, scorer = verdict.pending, self.scorer
        screened, parsed = verdict.screened, verdict.parsed
        if pending is None or scorer is None or screened is None or parsed is None:
            raise ValueError("nothing is pending on this verdict")
        verdict.pending = None
        verdict.us["classify"] = verdict.us.get("classify", 0.0) + seconds * 1e6
        verdict.scores = joined(scorer.sum_up(pending, outcomes, verdict.route.terms), verdict.scores)
        self._decide(verdict, screened, parsed)

    def _next(self, verdict: Verdict, screened: Screened, parsed: Parsed, client: str) -> None:
        """Either the decision, or the inputs and texts on which it waits. Where a route has a detector it is always asked, so
        that its drift is that of all traffic."""
        route = verdict.route
        began = self._clock()
        self.opinion.ask(verdict, screened, parsed)
        if verdict.scores is not None:
            verdict.us["head"] = (self._clock() - began) * 1e6
        judge = self.judges.get(route.policy.route) if route.terms.ood != "off" else None
        if judge is not None:
            began = self._clock()
            inputs = judge.select(parsed, body=verdict.body_bytes > 0)
            verdict.us["ood"] = (self._clock() - began) * 1e6
            if inputs.values or inputs.left:
                verdict.inputs = inputs
        wanted = self.scorer is not None and route.terms.mode != "off"
        if self.scorer is not None and wanted and self._says(verdict, screened).action != "block":
            began = self._clock()
            tenant = f"{route.policy.route}\0{client}" if self._per_client else route.policy.route
            selection = self.scorer.select(parsed.fields, tenant, deep=route.terms.deep_always)
            verdict.us["classify"] = (self._clock() - began) * 1e6
            if selection.segments:
                verdict.pending = selection
        if verdict.pending is None and verdict.inputs is None:
            self._decide(verdict, screened, parsed)

    def _decide(self, verdict: Verdict, screened: Screened, parsed: Parsed) -> None:
        began = self._clock()
        if self._scored_always or (self._scored and verdict.scores is not None):
            self._screen_scored(verdict, screened, parsed)
        decision = verdict.decision = self._says(verdict, screened)
        if parsed.skipped and decision.action == "allow":
            verdict.decision = tag_uninspected(decision)
        verdict.us["decide"] = (self._clock() - began) * 1e6

    def _says(self, verdict: Verdict, screened: Screened) -> Decision:
        return decide(verdict.route.policy, screened, verdict.crs_result, self.opinion.weigh(verdict, screened))

    def _scored_here(self, verdict: Verdict) -> Verdict:
        """The verdict made complete without waiting for anybody."""
        if verdict.inputs is not None:
            began = self._clock()
            found = self.judges[verdict.route.policy.route].judge(verdict.inputs)
            self.settle(verdict, found, self._clock() - began)
        if verdict.pending is not None and self.scorer is not None:
            began = self._clock()
            outcomes = self.scorer.score(verdict.pending.segments)
            self.conclude(verdict, outcomes, self._clock() - began)
        return verdict

    def keep_collections(self, kept: Kept) -> None:
        """Let collections of the CRS (IP, GLOBAL …) outlive a request in `kept`; before this, and offline, they do not."""
        if self._crs_stage is not None:
            self._crs_stage.kept = kept

    def warm_up(self) -> None:
        """Inspects a few requests of its own. The first use of a pattern builds parts of its automaton, which the first
        client should not have to wait for."""
        for request in FIRST_REQUESTS:
            self.examine(request)

    def refused(self, method: str, target: str, refusal: Refusal, route: CompiledRoute | None = None) -> Verdict:
        """The verdict on a request that was refused before or while it was read. It blocks in every mode."""
        path = target.partition("?")[0]
        route = route or self.routes.find(method, path)
        place = locate(path)
        protocol = route.settings.protocol or (place.protocol.name if place is not None else "generic")
        why = Refused(refusal.code, refusal.message)
        return Verdict(refuse(route.policy, refusal), route, refusal=why, protocol=protocol)

    def inspect_text(self, route: CompiledRoute, path: str, text: str, handshake: Request | None = None) -> Verdict:
        """The verdict on one text message of a WebSocket: web input and possible prompt text at once. The CRS sees it as the
        body of the handshake."""
        return self._scored_here(self.examine_text(route, path, text, handshake))

    def examine_text(self, route: CompiledRoute, path: str, text: str, handshake: Request | None = None) -> Verdict:
        """As `inspect_text`, as far as it goes without a model; see `examine`."""
        fields = {bucket: [Field(bucket, "message", text, "websocket:message")] for bucket in ("json", "llm.prompt")}
        return self.examine_fields(route, path, fields, len(text.encode("utf-8", "replace")), handshake)

    def inspect_fields(self, route: CompiledRoute, path: str, fields: dict[str, list[Field]], size: int = 0) -> Verdict:
        """The verdict on parts that somebody else took out of a request, `size` bytes in all; nothing is parsed."""
        return self._scored_here(self.examine_fields(route, path, fields, size))

    def examine_fields(
        self,
        route: CompiledRoute,
        path: str,
        fields: dict[str, list[Field]],
        size: int = 0,
        handshake: Request | None = None,
    ) -> Verdict:
        """As `inspect_fields`, as far as it goes without a model; see `examine`. `handshake`: of the WebSocket whose message the
        fields are."""
        policy = route.policy
        if policy.mode == "off":
            return Verdict(Decision("allow", 0, "off", mode="off", route=policy.route), route)
        screened = screen(self.ruleset.request, with_seams(fields), path=path, paranoia=policy.paranoia)
        parsed = Parsed(fields, inspected_bytes=size)
        verdict = Verdict(UNDECIDED, route, parsed, screened, body_bytes=size, path=path, us={})
        if handshake is not None and self._crs_stage is not None:
            began = self._clock()
            self._crs_stage.on_message(verdict, handshake, str(fields["json"][0].value))
            verdict.us["crs"] = (self._clock() - began) * 1e6
        self._next(verdict, screened, parsed, handshake.client_ip if handshake is not None else "")
        return verdict

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
        crs = self._crs_stage.on_response(verdict, response) if self._crs_stage is not None else None
        return decide(policy, screened, crs)

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
        crs = verdict.crs
        ids = [match.rule for match in verdict.decision.matches] + list(crs.logged if crs is not None else ())
        return ",".join(map(str, ids[:MOST_EXPOSED]))

    def _screen_scored(self, verdict: Verdict, screened: Screened, parsed: Parsed) -> None:
        """Rules over the sums and the models' scores; what they find adds to the request's own matches. Where the route only
        monitors a model, rules that read its scores are monitored."""
        policy = verdict.route.policy
        fields = parsed.fields | score_fields(screened, verdict.scores)
        matches, evaluated = self.ruleset.scored.run(fields, verdict.path, policy.paranoia)
        screened.evaluated += evaluated
        if matches:
            matches = self.opinion.watched(verdict, matches)
            screened.matches = [*screened.matches, *matches]
            add_scores(screened, matches, policy.enforce_tool_args)

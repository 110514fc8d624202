"""Callers under suspicion: each request that was read is looked at, and what its caller has earned is done."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from typing import Final

from aiohttp.http import RawRequestMessage

from waf.abuse.challenge import Challenges, work_of
from waf.abuse.embed import Vector, embed_text
from waf.abuse.gossip import MOST_ATTACKS
from waf.abuse.inputs import texts
from waf.abuse.judge import risk_of
from waf.abuse.misuse import CAMPAIGN, Campaigns, Misuse
from waf.abuse.observer import MOST_WAITING, Observer
from waf.abuse.response import Standing, Standings, pace, responses
from waf.abuse.rounding import rounded
from waf.edge.proofs import Proofs, Proven, after
from waf.errors import Forbidden, TooManyRequests
from waf.limits.meter import name_of, place_of
from waf.misuse import Abuse, Proof
from waf.model import Caller, Parsed
from waf.settings import Config
from waf.state.protocol import SharedState
from waf.suspicion import Suspicion
from waf.verdict import Verdict

TAG: Final = "abuse.extraction"
CAMPAIGN_TAG: Final = "abuse.campaign"
_CREDENTIALS: Final = ("Authorization", "X-Api-Key", "Api-Key")
_CODINGS: Final = b"content-encoding"
TRIED: Final = 0x5BD1E9955BD1E995
"""Turns the hash of an address into that under which what was tried from it stands."""
_SOON: Final = 0.05
"""Seconds that a request waits at most until it is looked at."""
_ODD: Final = frozenset({401, 404, 405})
"""Statuses of answers to somebody who tries keys or paths."""


class Suspects:
    """What is known of callers. Outlives reloads, as long as the sizes stay the same. `common`: key of the hashes of callers,
    where several firewalls share state; None: this one is alone. `secret`: what they can sign challenges with; None: they have
    nothing that others do not know. `prefix`: how their keys begin."""

    def __init__(self, common: bytes | None = None, secret: bytes | None = None, prefix: str = "") -> None:
        self._shares = common is not None
        self._common = common or secrets.token_bytes(32)
        self._secret = secret or secrets.token_bytes(32)
        self.prefix = prefix
        self.shared: SharedState | None = None
        """Where firewalls meet; set once it is connected."""
        self._observer: Observer | None = None
        self._made: tuple[float, ...] = ()
        self.standings = Standings()
        self.campaigns = Campaigns()
        self._misuse: Misuse | None = None
        self._challenges: Challenges | None = None
        self._proof: Proof | None = None
        self.active_observer: Observer | None = None
        self.abuse = Abuse()
        self._settling: asyncio.Handle | None = None
        self._full = False
        self.attacks: list[tuple[int, Vector]] = []
        """Texts that were taken for attacks, for others to hear of."""

    def observer(self, abuse: Abuse) -> Observer:
        made = (abuse.false_alarms, abuse.profiles, abuse.callers, abuse.forget)
        if self._observer is None or self._made != made:
            budget = abuse.false_alarms / 1000
            self._observer = Observer(budget, abuse.profiles, abuse.callers, abuse.forget, self._common)
            if self._shares:
                self._observer.share()
            self._made = made
        return self._observer

    def misuse(self, abuse: Abuse) -> Misuse:
        if self._misuse is None:
            self._misuse = Misuse(abuse.forget)
        return self._misuse

    def challenges(self, proof: Proof) -> Challenges:
        if self._challenges is None or self._proof != proof:
            secret = proof.secret.encode() or self._secret
            self._challenges = Challenges(secret, proof.seconds, secrets.token_bytes, time.time())
            self._proof = proof
        return self._challenges

    def watched(self, observer: Observer | None, abuse: Abuse) -> None:
        """Who observes from now on, None for nobody, and by which settings."""
        self.active_observer, self.abuse = observer, abuse

    def came(self, observer: Observer) -> None:
        """A request waits to be looked at: with others, soon, and not before this turn of the event loop is over."""
        if self._settling is None:
            self._settling = asyncio.get_running_loop().call_later(_SOON, self.settle)
        if observer.waiting >= MOST_WAITING and not self._full:
            self._full = True
            self._settling.cancel()
            self._settling = asyncio.get_running_loop().call_soon(self.settle)

    def settle(self) -> None:
        """Look at all requests that wait."""
        if self._settling is not None:
            self._settling.cancel()
        self._settling, self._full = None, False
        if self.active_observer is not None:
            now = time.monotonic()
            for who, risk in self.active_observer.settle().items():
                self.standings.note(who, risk, self.abuse.respond, now)

    def tried(self, most: int) -> list[tuple[int, int, int, int, int]]:
        """What was tried from addresses since this was last asked, for others to hear of."""
        return self._misuse.changed(most) if self._misuse is not None else []

    def highest(self) -> float:
        """For the metric."""
        self.settle()
        return self.standings.highest(time.monotonic())


class AbuseMonitor:
    """One configuration's."""

    def __init__(self, config: Config, suspects: Suspects) -> None:
        abuse = self._abuse = config.abuse
        watches = abuse.watch == "all" or (abuse.watch == "known" and config.identity.asked)
        self._observer = suspects.observer(abuse) if watches else None
        self.everybody = self._observer is not None and abuse.watch == "all"
        """Whether those who are known by their address alone are observed, too."""
        self._suspects = suspects
        suspects.watched(self._observer, abuse)
        self._misuse = suspects.misuse(abuse)
        self._campaigns = suspects.campaigns
        self._budget = abuse.false_alarms / 1000
        self._standings = suspects.standings
        self._proofs = Proofs(suspects.challenges(abuse.proof), lambda: suspects.shared, suspects.prefix, time.time)
        self._routes = frozenset(abuse.routes)
        self._trusted = frozenset(abuse.trusted)

    def check_address(self, address: str) -> None:
        """Before anybody is asked who they are. Raises Forbidden or TooManyRequests where keys or paths were tried from this
        address, and that has earned it."""
        if self._observer is None or not len(self._standings):
            return
        now = time.monotonic()
        respond = self._abuse.respond
        standing = self._standings.of(self._observer.hash(place_of(address)) ^ TRIED, now)
        earned = responses(standing.risk, respond) if standing is not None else ()
        if "block" in earned:
            raise Forbidden("address_suspected", "Requests from this address are not answered for now.")
        if standing is not None and "limit" in earned and (wait := pace(standing, respond, now)):
            raise TooManyRequests("address_paced", "Too many requests. Try again later.", after(wait))

    def answered(self, address: str, message: RawRequestMessage, status: int) -> None:
        """A request has been answered."""
        observer = self._observer
        if observer is None or not (status in _ODD or len(self._misuse)):
            return
        credential = 0
        if status == 401:
            said = "\0".join(value for name in _CREDENTIALS if (value := message.headers.get(name, "")))
            credential = observer.hash(said) if said else 0
        now, place = time.monotonic(), observer.hash(place_of(address))
        path = observer.hash(message.path.partition("?")[0]) if status in (404, 405) else 0
        found = self._misuse.ended(place, status, credential, path, now)
        if found.signal:
            self._standings.note(place ^ TRIED, risk_of(found.p, self._budget), self._abuse.respond, now)

    def prove(self, caller: Caller | None, address: str, message: RawRequestMessage, tags: tuple[str, ...]) -> Proven:
        """Raises TooManyRequests with a challenge unless the request brings a proof, which is to be spent; `tags` say who wants
        it."""
        return self._proofs.ask(message, name_of(address, caller), self._abuse.proof.work, tags)

    async def spend(self, proven: Proven | None) -> None:
        """Raises TooManyRequests with a challenge where a proof was used before, with whichever firewall."""
        await self._proofs.spend(proven)

    def check_caller(
        self,
        caller: Caller | None,
        address: str,
        message: RawRequestMessage,
        verdict: Verdict,
        *,
        proven: bool = False,
    ) -> Proven | None:
        """Adds what is known of the caller to the verdict. Raises TooManyRequests or Forbidden where it has earned that, and
        where a rule asks for a proof of work that is not there. `proven`: it was there, and is used up. Returns a proof that
        is to be spent."""
        asked = verdict.decision.action == "challenge"
        if self._observer is None and not asked:
            return None
        name = name_of(address, caller)
        found: Proven | None = None
        if self._observer is not None:
            found = self._observe(caller, name, message, verdict, self._observer, proven=proven)
        if asked:
            if not proven:
                found = self._proofs.ask(message, name, self._abuse.proof.work)
            # The proof is there: the request goes on, and what matched stays in its event.
            decision = verdict.decision
            decision.action, decision.status, decision.reason = "tag", 0, "proven"
        return found

    def _observe(
        self,
        caller: Caller | None,
        name: str,
        message: RawRequestMessage,
        verdict: Verdict,
        observer: Observer,
        *,
        proven: bool,
    ) -> Proven | None:
        parsed, decision, abuse = verdict.parsed, verdict.decision, self._abuse
        if parsed is None or (self._routes and decision.route not in self._routes):
            return None
        if abuse.watch == "known" and name.startswith("at:"):
            return None
        now = time.monotonic()
        number = observer.hash(name)
        if decision.would_block:
            self._campaign(number, verdict, parsed)
        found = observer.look(number, decision.route, parsed, now)
        if observer.waiting:
            self._suspects.came(observer)
        standing = self._standings.note(number, found.risk, abuse.respond, now)
        if standing is None and not found.risk:
            return None
        risk = max(found.risk, standing.risk if standing is not None else 0.0)
        earned = () if standing is None or self._trusts(caller) else responses(risk, abuse.respond)
        verdict.suspicion = Suspicion(risk, found.p, found.signals, found.queries, found.cluster, found.members, earned)
        if "tag" in earned:
            decision.tags = (*decision.tags, TAG)
            if decision.action == "allow":
                decision.action, decision.reason = "tag", "suspicion"
        if standing is not None and decision.mode == "enforce" and not decision.blocks:
            return self._respond(message, name, standing, [e for e in earned if e != "challenge" or not proven], now)
        return None

    def _trusts(self, caller: Caller | None) -> bool:
        return caller is not None and bool({caller.account, caller.subject} & self._trusted)

    def _campaign(self, owner: int, verdict: Verdict, parsed: Parsed) -> None:
        """An attack was recognised: whether many callers send it."""
        callers, heard = 0, self._suspects.attacks
        for text in texts(parsed):
            point = embed_text(text.folded)
            callers = max(callers, self._campaigns.add(point, owner))
            if len(heard) < MOST_ATTACKS:
                heard.append((owner, point))
        if callers >= CAMPAIGN:
            verdict.decision.tags = (*verdict.decision.tags, CAMPAIGN_TAG)

    def _respond(
        self, message: RawRequestMessage, name: str, standing: Standing, earned: Sequence[str], now: float
    ) -> Proven | None:
        respond, proven = self._abuse.respond, None
        if "block" in earned:
            raise Forbidden("caller_suspected", "Requests like these are not answered for now.")
        if "challenge" in earned:
            proof = self._abuse.proof
            proven = self._proofs.ask(
                message, name, work_of(standing.risk, respond.challenge, proof.work, proof.hardest)
            )
        if "limit" in earned:
            wait = pace(standing, respond, now)
            if wait:
                raise TooManyRequests("caller_paced", "Too many requests. Try again later.", after(wait))
        return proven

    def softens(self, verdict: Verdict | None) -> bool:
        """Whether probabilities in the answer are to be rounded."""
        suspicion = verdict.suspicion if verdict is not None else None
        return (
            suspicion is not None
            and "round" in suspicion.responses
            and verdict is not None
            and (verdict.decision.mode == "enforce")
        )

    def soften(self, body: bytes | None, headers: list[tuple[bytes, bytes]]) -> bytes:
        """An answer's body with less in it. Raises Forbidden where it is too long, a stream, encoded or no JSON: what cannot be
        rounded is not given to somebody who would only have to ask for it differently."""
        if body == b"":
            return body
        plain = not any(name.lower() == _CODINGS for name, _ in headers)
        made = rounded(body, self._abuse.respond.decimals) if body is not None and plain else None
        if made is None:
            raise Forbidden(
                "answer_withheld", "The answer cannot be given in this form for now; ask without streaming."
            )
        return made

"""Proofs of work on the request path: asked for, checked, and spent once, with all firewalls that share state."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from aiohttp.http import RawRequestMessage

from waf.abuse.challenge import COOKIE, HEADER, PROOF_HEADER, Challenge, Challenges
from waf.abuse.page import POLICY, page
from waf.errors import TooManyRequests
from waf.state.protocol import WINDOW, Ask, SharedState, Take

CHALLENGED: Final = "challenge_required"
_MARGIN: Final = 5.0
"""Seconds that a proof is remembered longer than it could be good for, since clocks differ."""


class ChallengeRequired(TooManyRequests):
    """A proof of work is asked for; `fault` says what was wrong with the one that came."""

    def __init__(self, challenge: Challenge, fault: str, tags: tuple[str, ...] = ()) -> None:
        said = f"{challenge.text}; work={challenge.work}; ends={challenge.ends}"
        super().__init__(
            CHALLENGED,
            f"A proof of work is needed ({fault}): see {HEADER}.",
            ((HEADER, said), ("Vary", PROOF_HEADER)),
            tags,
        )
        self.challenge = challenge
        self.fault = fault


class Proven(NamedTuple):
    """A proof that is right, and that was used up here; `Proofs.spend` uses it up everywhere."""

    mac: bytes
    ends: int
    known: bool
    """Whether this process would know that it was used here before."""
    name: str
    work: int
    tags: tuple[str, ...]


class Proofs:
    """`shared` gives the state that firewalls share, None where there is none; `prefix` begins its keys. `clock`: seconds since
    1970."""

    def __init__(
        self, challenges: Challenges, shared: Callable[[], SharedState | None], prefix: str, clock: Callable[[], float]
    ) -> None:
        self._challenges = challenges
        self._shared = shared
        self._prefix = prefix.encode()
        self._clock = clock

    def ask(self, message: RawRequestMessage, name: str, work: int, tags: tuple[str, ...] = ()) -> Proven:
        """Raises ChallengeRequired unless the request brings a proof. `name`: whose it is; `tags` say who wants it."""
        now, proof, shared = self._clock(), _proof_of(message), self._shared()
        others = shared is not None and shared.up
        fault = self._challenges.check(proof, name, work, now, others=others) if proof else "proof_missing"
        if fault is not None:
            raise ChallengeRequired(self._challenges.make(name, work, now), fault, tags)
        mac, ends, known = self._challenges.stub(proof)
        return Proven(mac, ends, known, name, work, tags)

    async def spend(self, proven: Proven | None) -> None:
        """Raises ChallengeRequired where the proof was used with another firewall, or could have been and nobody can be asked."""
        shared = self._shared()
        if proven is None or shared is None:
            return
        now = self._clock()
        # A window with room for one until the challenge has ended.
        seconds = max(proven.ends - now, 0.0) + _MARGIN
        key = b"%b:p:%b" % (self._prefix, proven.mac.hex().encode())
        answer = await shared.ask(Ask((key,), (Take(WINDOW, 1, seconds, seconds),))) if shared.up else None
        fault = "proof_used" if answer is not None and answer.refused else ""
        if answer is None and not proven.known:
            fault = "proof_expired"
        if fault:
            raise ChallengeRequired(self._challenges.make(proven.name, proven.work, now), fault, proven.tags)


def for_browsers(message: RawRequestMessage, refusal: ChallengeRequired) -> tuple[list[tuple[str, str]], bytes] | None:
    """Headers and body of the page, where the request is a browser's that loads one."""
    accepts = message.headers.get("Accept", "")
    if message.method != "GET" or "text/html" not in accepts:
        return None
    return [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", POLICY)], page(refusal.challenge)


def after(wait: float) -> tuple[tuple[str, str], ...]:
    """The header that says when to come again."""
    return (("Retry-After", str(math.ceil(wait))),)


def _proof_of(message: RawRequestMessage) -> str:
    """From the header, else from the cookie that the page sets."""
    proof = message.headers.get(PROOF_HEADER, "")
    if proof:
        return proof
    for part in message.headers.get("Cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return ""

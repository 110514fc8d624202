"""Proofs of work: what a caller under suspicion has to spend on each request. Pure; clock and randomness are handed in.

As in "Increasing the Cost of Model Extraction with Calibrated Proof of Work" (Dziedzic et al., ICLR 2022), the work grows with
the suspicion. The puzzle is hashcash's (Back 2002): find a number such that SHA-256 of the challenge, a colon and the number
is small. A challenge carries all that is needed to check it, so nothing is kept but the challenges that were used.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from collections.abc import Callable
from hashlib import blake2b, sha256
from typing import Final, Literal, NamedTuple

VERSION: Final = 1
HEADER: Final = "X-WAF-Challenge"
PROOF_HEADER: Final = "X-WAF-Proof"
COOKIE: Final = "waf_proof"
MOST_USED: Final = 65_536
"""Used challenges that are remembered in each of two generations."""
LONGEST: Final = 160
"""Characters of a proof; a longer one is not looked at."""

_BODY: Final = struct.Struct(">BQII8s12s")
"""Version, work, made and ends (seconds since 1970), whose it is, a nonce."""
_MAC: Final = 16
_SPACE: Final = 1 << 64

Fault = Literal[
    "proof_malformed", "proof_version", "proof_forged", "proof_foreign", "proof_early", "proof_expired", "proof_easy",
    "proof_wrong", "proof_used",
]  # fmt: skip


class Challenge(NamedTuple):
    text: str
    work: int
    """Hashes that it takes on average."""
    ends: int


class Challenges:
    """`secret`: at least 16 bytes. `random(n)` gives that many bytes. Times are seconds since 1970;
    `started`: when this memory of what was used began."""

    def __init__(self, secret: bytes, seconds: float, random: Callable[[int], bytes], started: float) -> None:
        if len(secret) < 16:
            raise ValueError("the secret of challenges must have at least 16 bytes")
        self._key = blake2b(secret, digest_size=32, person=b"waf challenge").digest()
        self._seconds = seconds
        self._random = random
        self._used: dict[bytes, None] = {}
        self._older: dict[bytes, None] = {}
        self._older_ended = 0
        self._not_before = int(started)
        """Challenges made before it are refused: which of them were used is not known."""

    def make(self, caller: str, work: int, now: float) -> Challenge:
        """A challenge for a caller (and for nobody else)."""
        made, ends = int(now), int(now + self._seconds)
        work = min(max(work, 1), _SPACE - 1)
        body = _BODY.pack(VERSION, work, made, ends, self._whose(caller), self._random(12))
        return Challenge(_encode(body + self._mac(body)), work, ends)

    def check(self, proof: str, caller: str, least: int, now: float, *, others: bool = False) -> Fault | None:
        """What is wrong with a proof (`challenge:number`), if anything is; one that is right is used up by it. `least`: the
        work that this request asks for, which the challenge must not have been made too far below. `others` will be asked
        whether it was used, so that it need not be known here."""
        text, _, number = proof.partition(":")
        if len(proof) > LONGEST or not number.isascii() or not number.isdigit() or len(number) > 20:
            return "proof_malformed"
        raw = _decode(text)
        if raw is None or len(raw) != _BODY.size + _MAC:
            return "proof_malformed"
        body, mac = raw[: _BODY.size], raw[_BODY.size :]
        if not hmac.compare_digest(mac, self._mac(body)):
            return "proof_forged"
        version, work, made, ends, whose, _ = _BODY.unpack(body)
        if version != VERSION:
            return "proof_version"
        if not hmac.compare_digest(whose, self._whose(caller)):
            return "proof_foreign"
        if made > now + 1:
            return "proof_early"
        if now >= ends or (made < self._not_before and not others):
            return "proof_expired"
        # The risk may have grown while the caller was at work; twice as much asks for a new challenge.
        if work * 2 < least:
            return "proof_easy"
        if not meets(text, number, work):
            return "proof_wrong"
        return None if self._use(mac, int(now)) else "proof_used"

    def stub(self, proof: str) -> tuple[bytes, int, bool]:
        """Of a proof that is right: what names it, when its challenge ends, and whether it is known if it was used here."""
        raw = _decode(proof.partition(":")[0]) or b""
        _, _, made, ends, _, _ = _BODY.unpack(raw[: _BODY.size])
        return raw[_BODY.size :], ends, made >= self._not_before

    def _use(self, mac: bytes, now: int) -> bool:
        """Whether it was not used before. When too many are, those of the older generation are forgotten, and with them every
        challenge that was made before that generation ended."""
        if mac in self._used or mac in self._older:
            return False
        if len(self._used) >= MOST_USED:
            if self._older:
                self._not_before = self._older_ended + 1
            self._older, self._used, self._older_ended = self._used, {}, now
        self._used[mac] = None
        return True

    def _whose(self, caller: str) -> bytes:
        return blake2b(caller.encode("utf-8", "surrogatepass"), digest_size=8, key=self._key, person=b"caller").digest()

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_MAC]


def meets(text: str, number: str, work: int) -> bool:
    """The first eight bytes of SHA-256(challenge:number), as a number, must be under 2^64 / work."""
    first = int.from_bytes(sha256(f"{text}:{number}".encode()).digest()[:8])
    return first * work < _SPACE


def work_of(risk: float, least: float, easy: int, hardest: int) -> int:
    """From `easy` at the risk `least` to `hardest` at 1, growing by the same factor for each step."""
    if hardest <= easy or least >= 1:
        return easy
    part = min(max((risk - least) / (1 - least), 0.0), 1.0)
    return int(easy * (hardest / easy) ** part)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes | None:
    """None where it is not exactly what `_encode` writes: no two spellings of one challenge."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if _encode(raw) == text else None

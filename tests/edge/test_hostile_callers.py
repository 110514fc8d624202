"""What attackers send over the wire to be somebody else, to come from elsewhere, or to get what they may not: all of it is refused.

`tests/identity/test_hostile.py` has what can be told without a connection.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.edge.test_admission import BODY, KEY, Seen, keys, post
from tests.edge.test_suspects import CHALLENGING, chat, solve

__all__ = ["keys"]

MINE = f"Authorization: Bearer {KEY}"
CHUNKS = "Transfer-Encoding: chunked\r\nContent-Type: application/json"
ROUTES = [
    {"name": "health", "path": "/health", "methods": ["GET"], "access": {"anonymous": True}},
    {"name": "admin", "path": "/admin/*", "access": {"roles": ["admin"]}},
    {"name": "all", "path": "/*", "access": {"roles": ["user"]}},
]


def chunked(*headers: str, trailer: str) -> bytes:
    head = "\r\n".join(["POST /v1/chat/completions HTTP/1.1", "Host: waf.test", CHUNKS, *headers, "", ""])
    return f"{head}{len(BODY):x}\r\n{BODY.decode()}\r\n0\r\n{trailer}\r\n\r\n".encode()


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: waf.test", *headers, "", ""]).encode()


def asks(model: Any, **more: Any) -> bytes:
    return post(
        MINE, body=json.dumps({"model": model, "messages": [{"role": "user", "content": "hi"}], **more}).encode()
    )


AZURE = "/openai/deployments/o3/chat/completions?api-version=1"
WIRES: dict[str, tuple[bytes, int, str]] = {
    "a blank before the colon": (post(f"Authorization : Bearer {KEY}"), 400, "malformed"),
    "a tab before the colon": (post(f"Authorization\t: Bearer {KEY}"), 400, "malformed"),
    "a folded line": (post(f"Authorization: Bearer\r\n {KEY}"), 400, "malformed"),
    "the same credential twice, in other case": (post(MINE, MINE.lower()), 401, "credential_repeated"),
    "a proxy's credential": (post(f"Proxy-Authorization: Bearer {KEY}"), 401, "credential_missing"),
    "a subprotocol": (post(f"Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.{KEY}"), 401, "credential_missing"),
    "the query": (post(path=f"/v1/chat/completions?api_key={KEY}&access_token={KEY}"), 401, "credential_missing"),
    "a trailer": (chunked(trailer=f"x-api-key: {KEY}"), 401, "credential_missing"),
    "dots behind a path that is open": (get("/health/../v1/models"), 401, "credential_missing"),
    "dots, encoded": (get("/health/%2e%2e/v1/models"), 401, "credential_missing"),
    "slashes and dots, encoded": (get("/health%2f..%2fv1%2fmodels"), 401, "credential_missing"),
    "a path's parameter": (get("/health;/../v1/models"), 401, "credential_missing"),
    "backslashes": (get("/health\\..\\v1\\models"), 401, "credential_missing"),
    "a NUL behind it": (get("/health%00/../v1/models"), 401, "credential_missing"),
    "other case": (get("/HEALTH"), 401, "credential_missing"),
    "another host's": (get("http://evil.test/health"), 400, "host"),
    "dots into what is not open to it": (get("/v1/../admin/keys", MINE), 403, "role_missing"),
    "encoded letters": (get("/%61dmin/keys", MINE), 403, "role_missing"),
    "a denied address, as IPv6": (post(MINE, "X-Forwarded-For: ::ffff:203.0.113.9"), 403, "address_denied"),
    "a denied address, in hexadecimal": (post(MINE, "X-Forwarded-For: ::ffff:cb00:7109"), 403, "address_denied"),
    "a denied address, with a port": (post(MINE, "X-Forwarded-For: [::ffff:203.0.113.9]:1"), 403, "address_denied"),
    "a denied address behind two lines": (post(MINE, "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 127.0.0.1"), 403, "address_denied"),
    "another model": (asks("o3"), 403, "model_denied"),
    "models in a list": (asks(["gpt-4o"]), 403, "model_unnamed"),
    "models with commas": (asks("gpt-4o,o3"), 403, "model_denied"),
    "a model behind many commas": (asks("gpt-4o," * 40 + "o3"), 403, "model_denied"),
    "a model that is a path": (asks("gpt-/../o3"), 403, "model_denied"),
    "a model that is a path, backwards": (asks("gpt-4o\\..\\o3"), 403, "model_denied"),
    "a model with a NUL": (asks("gpt-\0o3"), 403, "model_denied"),
    "a model with a line's end": (asks("gpt-4o\no3"), 403, "model_denied"),
    "others to choose from": (asks("gpt-4o", models=["gpt-4o", "o3"]), 403, "model_denied"),
    "others to fall back on": (asks("gpt-4o", fallbacks=["o3"]), 403, "model_denied"),
    "others, as requests": (asks("gpt-4o", fallbacks=[{"model": "o3", "messages": []}]), 403, "model_denied"),
    "others, as a map": (asks("gpt-4o", fallbacks=[{"gpt-4o": ["o3"]}]), 403, "model_denied"),
    "others for long texts": (asks("gpt-4o", context_window_fallback_dict={"gpt-4o": "o3"}), 403, "model_denied"),
    "another deployment": (post(MINE, path=AZURE, body=asks("gpt-4o").partition(b"\r\n\r\n")[2]), 403, "model_denied"),
    "another engine": (post(MINE, path="/engines/o3/chat/completions"), 403, "model_denied"),
    "a model in two spellings": (post(MINE, body=b'{"model":"gpt-4o","mod\\u0065l":"o3","messages":[]}'), 400, "json-duplicate-key"),
    "a model in two cases": (post(MINE, body=b'{"model":"gpt-4o","Model":"o3","messages":[]}'), 400, "json-duplicate-key"),
}  # fmt: skip


def test_wires(run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        seen = Seen(scripted)
        settings = {"trusted_proxies": ["127.0.0.1"], "addresses__deny": ["203.0.113.0/24"], "routes": ROUTES}
        async with scripted(seen.script) as server, front(server.port, **keys, **settings) as waf:
            for name, (request, status, code) in WIRES.items():
                answer = await waf.ask(request)
                told = answer.json()
                assert (answer.status, told.get("error", told)["code"]) == (status, code), name
            assert not seen.heads
            for request in (
                asks("gpt-4o", models=["gpt-4o-mini"]),
                get("/health"),
                post(MINE, path=AZURE.replace("o3", "gpt-x")),
            ):
                assert (await waf.ask(request)).status == 200

    run(main())


def test_nothing_said_of_oneself_goes_on(run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        seen = Seen(scripted)
        async with scripted(seen.script) as server, front(server.port, trusted_proxies=["127.0.0.1"], **keys) as waf:
            said = (
                "X-WAF-Subject: root",
                "x_waf_roles: admin",
                "X-Waf_Tenant: t",
                "Connection: x-waf-subject, x-waf-action",
            )
            for request in (
                post(MINE, *said, "X_Forwarded_For: 198.51.100.7", "X-WAF-Caller-Signature: t=1,v1=00"),
                chunked(MINE, trailer="X-WAF-Subject: root\r\nX-Forwarded-For: 198.51.100.7"),
            ):
                assert (await waf.ask(request)).status == 200
                got = seen.headers()
                assert (got["x-waf-subject"], got["x-waf-tenant"]) == ("team-a", "acme")
                assert (got["x-waf-action"], got["x-forwarded-for"]) == ("allow", "127.0.0.1")
                assert not {name for name in got if "_" in name or "signature" in name or name == "authorization"}
            wire = await waf.wire()
            wire.send(post(MINE) + post())
            assert [(await wire.answer()).status, (await wire.answer()).status] == [200, 401], "each for itself"

    run(main())


def test_a_proof_is_nobody_else_s_and_good_once(
    run: Any, scripted: Any, front: Any, keys: dict[str, Any], tmp_path: Path
) -> None:
    async def main() -> None:
        pack = tmp_path / "proof.yaml"
        pack.write_text(CHALLENGING)
        settings = {"rules__packs": [str(pack)], "abuse__proof__work": 50, "abuse__proof__hardest": 100}
        async with scripted(Seen(scripted).script) as server, front(server.port, **keys, **settings) as waf:
            body = chat("a costly thing").replace(b"small", b"gpt-4o")

            async def proof() -> str:
                return solve((await waf.ask(post(MINE, body=body))).headers["x-waf-challenge"])

            async def fault(*headers: str) -> str:
                answer = await waf.ask(post(MINE, *headers, body=body))
                return (
                    ""
                    if answer.status == 200
                    else answer.json()["error"]["message"].partition("(")[2].partition(")")[0]
                )

            good = await proof()
            text, _, number = good.partition(":")
            assert await fault(f"X_WAF_Proof: {good}") == "proof_missing"
            assert await fault(f"Cookie: WAF_PROOF={good}") == "proof_missing"
            assert await fault(f"X-WAF-Proof: {text}:0{number}x") == "proof_malformed"
            assert await fault("X-WAF-Proof: x:1", f"X-WAF-Proof: {good}") == "proof_malformed"
            raced = await asyncio.gather(*(fault(f"X-WAF-Proof: {good}") for _ in range(6)))
            assert sorted(raced) == ["", *["proof_used"] * 5]
            good = await proof()
            wire = await waf.wire()
            wire.send(post(MINE, f"X-WAF-Proof: {good}", body=body) * 3)
            assert [(await wire.answer()).status for _ in range(3)] == [200, 429, 429], (
                "also where nobody waits for answers"
            )

    run(main())

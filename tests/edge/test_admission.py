"""The gate on the wire: who comes in, what the model server and the log are told, and what a refusal looks like."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.identity.issuer import jwk, jwks, token
from waf.identity.keyfile import write_keys
from waf.identity.keys import KeyRecord, digest, mint

PEPPER = "a pepper of thirty-two characters"
SECRET = "a secret for signatures, long enough"
IDENT, KEY = mint(bytes(44))
BODY = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}).encode()


def post(*headers: str, path: str = "/v1/chat/completions", body: bytes = BODY, more: str = "") -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: waf.test",
        f"Content-Length: {len(body)}",
        "Content-Type: application/json",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Any]:
    """Settings with one key, for team-a."""
    path = str(tmp_path / "keys.json")
    record = KeyRecord(
        id=IDENT, name="team-a", hash=digest(KEY, PEPPER), tenant="acme", roles=("user", "dev:ops"), models=("gpt-*",)
    )
    write_keys(path, [record])
    return {"identity__keys__file": path, "identity__keys__pepper": PEPPER}


class Seen:
    """An upstream that keeps what it was sent."""

    def __init__(self, scripted: Any) -> None:
        self.heads: list[bytes] = []
        self._request = scripted.request

    async def script(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            self.heads.append((await self._request(reader))[0])
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def headers(self) -> dict[str, str]:
        lines = self.heads[-1].decode().split("\r\n")[1:-2]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def test_a_key_lets_its_owner_in_and_stays_here(run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        seen = Seen(scripted)
        async with scripted(seen.script) as server, front(server.port, signature_secret=SECRET, **keys) as waf:
            answer = await waf.ask(
                post(f"Authorization: Bearer {KEY}", f"x-api-key: {KEY}", "X-WAF-Subject: root", "X_WAF_Tenant: evil")
            )
            assert answer.status == 200
            told = seen.headers()
            assert (told["x-waf-subject"], told["x-waf-tenant"], told["x-waf-roles"]) == (
                "team-a",
                "acme",
                "dev:ops,user",
            )
            assert not {"authorization", "x-api-key", "x_waf_tenant"} & set(told)
            assert KEY.encode() not in seen.heads[0]
            t, v1 = (part.partition("=")[2] for part in told["x-waf-caller-signature"].split(","))
            said = "\n".join([t, told["x-waf-request-id"], "team-a", "acme", told["x-waf-roles"]])
            assert hmac.new(SECRET.encode(), said.encode(), "sha256").hexdigest() == v1
            (event,) = await waf.events(1)
            assert event["caller"] == {"kind": "key", "key": IDENT, "subject": "team-a", "tenant": "acme"}
            assert KEY[17:] not in json.dumps(event)

    run(main())


def test_refusals_are_in_the_api_s_shape_and_leave_the_connection(
    run: Any, scripted: Any, front: Any, keys: dict[str, Any]
) -> None:
    async def main() -> None:
        seen = Seen(scripted)
        async with scripted(seen.script) as server, front(server.port, **keys) as waf:
            wire = await waf.wire()
            answer = await wire.ask(post())
            assert answer.status == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["x-should-retry"] == "false"
            assert answer.json()["error"]["type"] == "authentication_error"
            answer = await wire.ask(post(f"api-key: {KEY[:-2]}AB"))
            assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
            assert answer.json()["error"]["code"] == "key_invalid"
            answer = await wire.ask(post(f"api-key: {KEY}", body=BODY.replace(b"gpt-4o", b"o3")))
            assert (answer.status, answer.json()["error"]["type"]) == (403, "permission_error")
            answer = await wire.ask(post(path="/v1/messages"))
            assert answer.json()["type"] == "error"
            assert (await wire.ask(post(f"api-key: {KEY}"))).status == 200
            assert len(seen.heads) == 1
            events = await waf.events(5)
            assert [event["reason"] for event in events] == [
                "credential_missing",
                "key_invalid",
                "model_denied",
                "credential_missing",
                "clean",
            ]
            assert events[2]["coverage"]["inspected_bytes"] > 0
            assert KEY[17:] not in json.dumps(events)
            text = waf.service.metrics.render().decode()
            assert 'waf_callers_total{kind="none",result="key_invalid"} 1.0' in text
            assert 'waf_callers_total{kind="key",result="ok"} 2.0' in text

    run(main())


def test_a_body_that_has_not_come_is_not_waited_for(run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        async with scripted(Seen(scripted).script) as server, front(server.port, **keys) as waf:
            wire = await waf.wire(post(body=b"x" * 100_000)[:500])
            answer = await wire.answer()
            assert (answer.status, answer.headers["connection"]) == (401, "close")
            assert await wire.rest() == b""

    run(main())


ROUTES = [
    {"name": "open", "path": "/public/*", "access": {"anonymous": True}},
    {"name": "admin", "path": "/admin/*", "access": {"roles": ["admin"], "scopes": ["a", "b"]}},
    {"name": "forward", "path": "/forward/*", "access": {"credentials": "forward", "tenants": ["acme"]}},
    {"name": "rest", "path": "/*", "mode": "monitor"},
]


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("/public/x", False, 200),
        ("/public/../v1/chat/completions", False, 401),
        ("/public/%2e%2e/v1/chat/completions", False, 401),
        ("/public/x", True, 200),
        ("/admin/x", True, 403),
        ("/admin/x", False, 401),
        ("/public/../admin/x", True, 403),
        ("/forward/x", True, 200),
        ("/v1/chat/completions", True, 200),
    ],
)
def test_routes(path: str, key: bool, status: int, run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        seen = Seen(scripted)
        async with scripted(seen.script) as server, front(server.port, routes=ROUTES, **keys) as waf:
            body = b'{"model": "gpt-1"}' if key else b"{}"
            path_body = body if "completions" in path else b""
            head = post(
                *([f"x-api-key: {KEY}"] if key else ["Authorization: Basic YTpi"]), path=path, body=path_body or b"{}"
            )
            head = head if path_body else head.replace(b"POST", b"GET", 1)
            assert (await waf.ask(head)).status == status
            if status == 200:
                told = seen.headers()
                assert ("x-api-key" in told) == path.startswith("/forward")
                assert ("x-waf-subject" in told) == key
                assert ("authorization" in told) != key

    run(main())


def test_an_invalid_key_is_refused_where_nobody_need_be_known(
    run: Any, scripted: Any, front: Any, keys: dict[str, Any]
) -> None:
    async def main() -> None:
        seen = Seen(scripted)
        async with scripted(seen.script) as server, front(server.port, routes=ROUTES, **keys) as waf:
            assert (await waf.ask(post(f"x-api-key: {KEY[:-1]}_", path="/public/a"))).status == 401
            assert (await waf.ask(post("x-api-key: sk-of-the-provider", path="/public/a"))).status == 200
            assert seen.headers()["x-api-key"] == "sk-of-the-provider"

    run(main())


def spoil(path: str) -> None:
    Path(path).write_text("{")


def test_keys_that_change_are_taken_in(run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        async with scripted(Seen(scripted).script) as server, front(server.port, **keys) as waf:
            assert (await waf.ask(post(f"x-api-key: {KEY}"))).status == 200
            write_keys(keys["identity__keys__file"], [])
            for _ in range(200):
                if (await waf.ask(post(f"x-api-key: {KEY}"))).status == 401:
                    break
                await asyncio.sleep(0.05)
            spoil(keys["identity__keys__file"])
            assert not await waf.service.reload()
            assert (await waf.ask(post(f"x-api-key: {KEY}"))).status == 401

    run(main())


def test_addresses(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    (tmp_path / "deny.txt").write_text("# bad\n198.51.100.0/24  # more\n\n2001:db8::/32\n")

    async def main() -> None:
        settings = {
            "trusted_proxies": ["127.0.0.1"], "addresses__deny_files": [str(tmp_path / "deny.txt")],
            "routes": [{"name": "inside", "path": "/in/*", "access": {"addresses": {"allow": ["10.0.0.0/8"]}}}],
        }  # fmt: skip
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            for address, path, status in (
                ("192.0.2.1", "/v1/x", 200), ("198.51.100.9", "/v1/x", 403), ("2001:db8::9", "/v1/x", 403),
                ("192.0.2.1", "/in/x", 403), ("10.1.2.3", "/in/x", 200), ("10.1.2.3, 198.51.100.9", "/in/x", 403),
            ):  # fmt: skip
                answer = await waf.ask(post(f"X-Forwarded-For: {address}", path=path, body=b"{}"))
                assert answer.status == status, (address, path)
            events = await waf.events(6)
            assert events[1]["client"] == "198.51.100.9"
            assert events[1]["reason"] == "address_denied"
            assert "caller" not in events[0]

    run(main())


def test_the_other_forwarded_header(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        settings = {"trusted_proxies": ["127.0.0.1"], "forwarded_header": "forwarded"}
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            await waf.ask(post("X-Forwarded-For: 1.1.1.1", 'Forwarded: for=2.2.2.2, for="[2001:db8::1]:7"'))
            (event,) = await waf.events(1)
            assert event["client"] == "2001:db8::1"

    run(main())


def test_tokens_and_the_keys_of_their_issuer(run: Any, scripted: Any, front: Any) -> None:
    """One fetch for many requests at once, another when a key is new, and none because of one that nobody has."""

    async def main() -> None:
        fetched: list[bytes] = []
        keys = [jwk("rsa", kid="a")]
        content = {"status": b"200 OK", "more": b""}

        async def publish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            fetched.append((await scripted.request(reader))[0])
            body = jwks(*keys)
            writer.write(
                b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n%b\r\n%b"
                % (content["status"], len(body), content["more"], body)
            )
            await writer.drain()

        seen = Seen(scripted)
        async with scripted(publish) as idp, scripted(seen.script) as server:
            issuer = {
                "issuer": "https://idp.test",
                "audience": ["models"],
                "jwks_url": f"http://127.0.0.1:{idp.port}/keys",
            }
            async with front(server.port, identity__jwt=[issuer]) as waf:
                now = time.time()
                text = token(header={"kid": "a"}, exp=now + 60, iat=now)
                answers = await asyncio.gather(*(waf.ask(post(f"Authorization: Bearer {text}")) for _ in range(5)))
                assert [answer.status for answer in answers] == [200] * 5
                assert len(fetched) == 1
                assert b"identity" in fetched[0]
                assert seen.headers()["x-waf-subject"] == "alice"
                unknown = token("rsa2048", header={"kid": "made-up"}, exp=now + 60, iat=now)
                for _ in range(3):
                    assert (await waf.ask(post(f"Authorization: Bearer {unknown}"))).status == 401
                assert len(fetched) == 1
                assert await waf.service.reload()
                assert (await waf.ask(post(f"Authorization: Bearer {text}"))).status == 200
                (cache,) = waf.service._handler.runtime.gate.caches
                cache._tried -= 60
                keys.append(jwk("rsa2048", kid="made-up"))
                assert (await waf.ask(post(f"Authorization: Bearer {unknown}"))).status == 200
                cache._tried = cache._fetched = now - 4000
                content["status"], content["more"] = b"302 Found", b"Location: http://evil.test/\r\n"
                assert (await waf.ask(post(f"Authorization: Bearer {unknown}"))).status == 200, "old keys stay"
                await waf.service._handler.admission.issuers.fetch(cache)
                text = waf.service.metrics.render().decode()
                assert 'waf_issuer_keys_total{result="failed"} ' in text

    run(main())


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 300_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc",
        b"garbage\r\n\r\n",
        b"",
    ],
)
def test_issuers_that_say_nothing_of_use(answer: bytes, run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async def publish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(answer)
            await writer.drain()

        async with scripted(publish) as idp, scripted(Seen(scripted).script) as server:
            issuer = {"issuer": "https://idp.test", "jwks_url": f"http://127.0.0.1:{idp.port}/keys"}
            async with front(server.port, identity__jwt=[issuer]) as waf:
                answered = await waf.ask(post(f"Authorization: Bearer {token(exp=time.time() + 60, iat=0)}"))
                assert answered.status == 401
                assert answered.json()["error"]["code"] == "token_key"

    run(main())


def test_an_issuer_that_never_answers_holds_up_nobody_for_long(
    run: Any, scripted: Any, front: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waf.edge.issuers.PATIENCE", 0.05)

    async def main() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with scripted(silent) as idp, scripted(Seen(scripted).script) as server:
            issuer = {"issuer": "https://idp.test", "jwks_url": f"http://127.0.0.1:{idp.port}/keys"}
            async with front(server.port, identity__jwt=[issuer]) as waf:
                answered = await waf.ask(post(f"Authorization: Bearer {token(exp=time.time() + 60, iat=0)}"))
                assert answered.status == 401

    run(main())


def test_rules_see_the_caller(run: Any, scripted: Any, front: Any, keys: dict[str, Any], tmp_path: Path) -> None:
    pack = tmp_path / "callers.yaml"
    pack.write_text(
        "schema: waf-rules/v1\npack: callers\nrules:\n"
        "  - {id: 9000021, name: team, title: Team, severity: notice, action: tag, tags: [team.a], match: {field: client.subject, contains: team-a}}\n"
    )

    async def main() -> None:
        async with (
            scripted(Seen(scripted).script) as server,
            front(server.port, rules__packs=[str(pack)], **keys) as waf,
        ):
            await waf.ask(post(f"x-api-key: {KEY}"))
            (event,) = await waf.events(1)
            assert event["tags"] == ["team.a"]

    run(main())


def proxied(data: bytes) -> bytes:
    return data + post(body=b"{}")


def test_the_proxy_protocol(run: Any, scripted: Any, front: Any) -> None:
    v2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c" + bytes([192, 0, 2, 7, 10, 0, 0, 1, 0, 1, 0, 2])

    async def main() -> None:
        async with scripted(Seen(scripted).script) as server, front(server.port, proxy_protocol="any") as waf:
            assert (await waf.ask(proxied(b"PROXY TCP6 2001:db8::7 2001:db8::1 1 2\r\n"))).status == 200
            assert (await waf.ask(proxied(v2))).status == 200
            assert (await waf.ask(proxied(b"PROXY UNKNOWN\r\n"))).status == 200
            wire = await waf.wire()
            for byte in proxied(v2):
                wire.send(bytes([byte]))
                await asyncio.sleep(0)
            assert (await wire.answer()).status == 200
            assert (await wire.ask(post(body=b"{}"))).status == 200, (
                "the header is there once, not before every request"
            )
            refused = await waf.ask(post())
            assert (refused.status, refused.json()["error"]["code"]) == (400, "proxy_protocol")
            clients = [event["client"] for event in await waf.events(6)]
            assert clients == ["2001:db8::7", "192.0.2.7", "127.0.0.1", "192.0.2.7", "192.0.2.7", "127.0.0.1"]

    run(main())


def test_the_proxy_protocol_from_strangers_and_from_nobody(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        settings = {"proxy_protocol": "v1", "trusted_proxies": ["10.0.0.0/8"], "timeouts__header": 0.2}
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            assert (await waf.ask(proxied(b"PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\n"))).status == 400
        settings["trusted_proxies"] = ["127.0.0.0/8"]
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            wire = await waf.wire(b"PROXY TCP4 192")
            assert (await wire.answer()).status == 408

    run(main())


def test_nothing_of_a_credential_is_in_what_is_said_about_it() -> None:
    assert base64.urlsafe_b64encode(bytes(32)).decode()[:43] == KEY[17:]

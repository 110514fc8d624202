"""An issuer that says itself where its keys are, and those that say so of somebody else."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from tests.edge.test_admission import Seen, post
from tests.identity.issuer import jwk, jwks, token
from waf.identity.jwks import read_description


def test_discovery(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        asked: list[str] = []
        port = [0]

        async def publish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            path = (await scripted.request(reader))[0].decode().split()[1]
            asked.append(path)
            url = f"http://127.0.0.1:{port[0]}"
            body = jwks(jwk("rsa", kid="a"))
            if path == "/realm/.well-known/openid-configuration":
                body = json.dumps({"issuer": f"{url}/realm", "jwks_uri": f"{url}/certs"}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
            await writer.drain()

        async with scripted(publish) as idp, scripted(Seen(scripted).script) as server:
            port[0] = idp.port
            name = f"http://127.0.0.1:{idp.port}/realm"
            issuer = {"issuer": name, "audience": ["models"], "discovery": True}
            async with front(server.port, identity__jwt=[issuer]) as waf:
                now = time.time()
                good = token(header={"kid": "a"}, iss=name, exp=now + 60, iat=now)
                assert [(await waf.ask(post(f"Authorization: Bearer {good}"))).status for _ in range(2)] == [200, 200]
                assert asked == ["/realm/.well-known/openid-configuration", "/certs"]

    run(main())


@pytest.mark.parametrize(
    ("issuer", "document"),
    [
        ("https://idp.test", {"issuer": "https://evil.test", "jwks_uri": "https://evil.test/keys"}),
        ("https://idp.test", {"issuer": "https://idp.test/", "jwks_uri": "https://idp.test/keys"}),
        ("https://idp.test", {"jwks_uri": "https://idp.test/keys"}),
        ("https://idp.test", {"issuer": "https://idp.test"}),
        ("https://idp.test", {"issuer": "https://idp.test", "jwks_uri": ["https://idp.test/keys"]}),
        ("https://idp.test", {"issuer": "https://idp.test", "jwks_uri": "http://idp.test/keys"}),
        ("https://idp.test", {"issuer": "https://idp.test", "jwks_uri": "file:///etc/passwd"}),
        ("https://idp.test", {"issuer": "https://idp.test", "jwks_uri": "https://u:p@idp.test/keys"}),
        ("https://idp.test", {"issuer": "https://idp.test", "jwks_uri": "https://idp.test/a b"}),
        ("https://idp.test", {"issuer": "https://idp.test", "jwks_uri": "https://idp.test/\r\nX: y"}),
        ("https://idp.test", ["https://idp.test"]),
        ("http://idp.test", {"issuer": "http://idp.test", "jwks_uri": "ftp://idp.test/keys"}),
    ],
)
def test_descriptions_that_are_not_believed(issuer: str, document: Any) -> None:
    with pytest.raises(ValueError, match=r"describe|jwks_uri|JSON object"):
        read_description(json.dumps(document).encode(), issuer)

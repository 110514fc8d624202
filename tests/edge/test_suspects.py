"""Suspicion on the wire: tags, the metric, the event, and each of the responses."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

from tests.edge.front import RESPONSE_PACK
from tests.edge.test_admission import KEY, keys, post
from waf.abuse.challenge import meets

__all__ = ["keys"]

WORDS = "river stone lamp garden music paper window summer bread cloud letter train forest mirror candle silver".split()
CHALLENGING = """\
schema: waf-rules/v1
pack: proof
rules:
  - {id: 9000021, name: costly, title: Costly, severity: notice, action: challenge, tags: [odd.costly], match: {field: llm.user, contains: costly}}
"""


def chat(text: str) -> bytes:
    return json.dumps({"model": "small", "messages": [{"role": "user", "content": text}]}).encode()


def solve(said: str) -> str:
    """As examples/proof.py does."""
    text, work = said.split("; ", maxsplit=1)[0], int(said.split("work=")[1].split(";", maxsplit=1)[0])
    number = next(i for i in range(1 << 30) if meets(text, str(i), work))
    return f"{text}:{number}"


def model(body: bytes, content_type: str = "application/json") -> Any:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length: "):
                    await reader.readexactly(int(line[16:]))
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
                % (content_type.encode(), len(body), body)
            )

    return script


async def population(waf: Any, wire: Any) -> None:
    """Forty callers with three sentences each."""
    draw = random.Random(1)
    for caller in range(40):
        for _ in range(3):
            text = " ".join(draw.choices(WORDS, k=12))
            answer = await wire.ask(post(f"X-Forwarded-For: 192.0.2.{caller}", body=chat(text)))
            assert answer.status == 200


def probes(count: int) -> list[str]:
    """One text with a letter of it changed, again and again."""
    text = "the parcel that my neighbour sent has arrived broken and nobody answers when I call"
    return [text[:i] + "xz"[i % 2] + text[i + 1 :] for i in range(5, 5 + count)]


def settings(**respond: Any) -> dict[str, Any]:
    return {
        "abuse__watch": "all",
        "trusted_proxies": ["127.0.0.1"],
        **{f"abuse__respond__{name}": value for name, value in respond.items()},
        "abuse__proof__work": 50,
        "abuse__proof__hardest": 100,
    }


def test_a_thief_is_tagged_and_others_are_not(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(model(b"{}")) as server, front(server.port, **settings()) as waf:
            wire = await waf.wire()
            await population(waf, wire)
            assert "waf_extraction_risk 0.0" in waf.service.metrics.render().decode()
            for text in probes(16):
                assert (await wire.ask(post("X-Forwarded-For: 203.0.113.9", body=chat(text)))).status == 200
            assert (await wire.ask(post("X-Forwarded-For: 192.0.2.1", body=chat("a lamp")))).status == 200
            *_, thief, honest = await waf.events(137)
            assert thief["action"] == "tag"
            assert thief["tags"] == ["abuse.extraction"]
            assert thief["abuse"]["risk"] >= 0.5
            assert "near" in thief["abuse"]["signals"]
            assert thief["abuse"]["responses"] == ["tag"]
            assert 12 <= thief["abuse"]["queries"] <= 16, "at most four of its requests are not looked at yet"
            assert honest["action"] == "allow"
            shown = waf.service.metrics.render().decode()
            assert float(shown.split("\nwaf_extraction_risk ")[1].split()[0]) >= 0.5
            assert await waf.service.reload()
            assert (await wire.ask(post("X-Forwarded-For: 203.0.113.9", body=chat("hello")))).status == 200
            assert (await waf.events(138))[-1]["action"] == "tag", "a reload forgives nobody"

    run(main())


def test_responses(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        answer = json.dumps({"predictions": [[0.1234, 0.8766]], "logprobs": [0.5], "count": 3}).encode()
        levels = {"round": 0.5, "challenge": 0.5}
        async with scripted(model(answer)) as server, front(server.port, **settings(**levels)) as waf:
            wire = await waf.wire()
            await population(waf, wire)
            asked = 0
            for text in probes(20):
                last = await wire.ask(post("X-Forwarded-For: 203.0.113.9", body=chat(text)))
                asked += last.status == 429
            assert asked, "the challenge came"
            said = last.headers["x-waf-challenge"]
            assert last.json()["error"]["code"] == "challenge_required"
            assert last.headers["x-should-retry"] == "false"
            assert last.head.lower().count(b"cache-control: no-store") == 1
            proof = f"X-WAF-Proof: {solve(said)}"
            with_proof = post("X-Forwarded-For: 203.0.113.9", proof, body=chat("something else altogether"))
            through = await wire.ask(with_proof)
            assert through.status == 200
            assert through.json() == {"predictions": [[0.1, 0.9]], "logprobs": None, "count": 3}
            again = await wire.ask(with_proof)
            assert again.status == 429
            assert "proof_used" in again.json()["error"]["message"]
            stolen = post("X-Forwarded-For: 203.0.113.10", proof, body=chat("hello"))
            assert (await wire.ask(stolen)).status == 200, "who is not under suspicion needs no proof"
            event = (await waf.events(143))[-2]
            assert (event["action"], event["status"], event["reason"]) == ("challenge", 429, "challenge_required")

    run(main())


def test_pace_block_and_trust(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        for respond, code in (({"limit": 0.5, "pace": 4}, "caller_paced"), ({"block": 0.5}, "caller_suspected")):
            async with scripted(model(b"{}")) as server, front(server.port, **settings(**respond)) as waf:
                wire = await waf.wire()
                await population(waf, wire)
                codes = []
                for text in probes(20):
                    last = await wire.ask(post("X-Forwarded-For: 203.0.113.9", body=chat(text)))
                    codes.append(last.json()["error"]["code"] if last.status != 200 else "")
                assert codes[-1] == code
                assert (await wire.ask(post("X-Forwarded-For: 192.0.2.1", body=chat("a lamp")))).status == 200

    run(main())


def test_what_cannot_be_rounded_is_withheld(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        stream = model(b"data: 0.123\n\n", "text/event-stream")
        async with scripted(stream) as server, front(server.port, **settings(round=0.5)) as waf:
            wire = await waf.wire()
            await population(waf, wire)
            for text in probes(20):
                last = await wire.ask(post("X-Forwarded-For: 203.0.113.9", body=chat(text)))
            assert (last.status, last.json()["error"]["code"]) == (403, "answer_withheld")

    run(main())


def test_an_empty_answer_gives_nothing_away(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(model(b"")) as server, front(server.port, **settings(round=0.5)) as waf:
            wire = await waf.wire()
            await population(waf, wire)
            for text in probes(20):
                last = await wire.ask(post("X-Forwarded-For: 203.0.113.9", body=chat(text)))
            assert (last.status, last.body) == (200, b"")
            assert (await waf.events(140))[-1]["abuse"]["responses"] == ["tag", "round"]

    run(main())


def test_of_an_answer_that_is_too_long_nothing_is_given(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    """Response rules have read it up to their limit, and what is left of it is not the answer."""
    pack = tmp_path / "answers.yaml"
    pack.write_text(RESPONSE_PACK)
    more = {"rules__packs": [str(pack)], "limits__response_inspect": 1024}

    async def long(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            asked = await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            body = b"[0.123]".ljust(2_000_000 if b"parcel" in asked else 8)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
            writer.write(body)
            await writer.drain()

    async def main() -> None:
        async with scripted(long) as server, front(server.port, **settings(round=0.5), **more) as waf:
            wire = await waf.wire()
            await population(waf, wire)
            for text in probes(20):
                last = await wire.ask(post("X-Forwarded-For: 203.0.113.9", body=chat(text)))
            assert (last.status, last.json()["error"]["code"]) == (403, "answer_withheld")

    run(main())


def test_a_rule_that_challenges(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        pack = tmp_path / "proof.yaml"
        pack.write_text(CHALLENGING)
        more = {"rules__packs": [str(pack)], "abuse__proof__work": 50}
        async with scripted(model(b"{}")) as server, front(server.port, **more) as waf:
            refused = await waf.ask(post(body=chat("a costly one")))
            assert refused.status == 429
            proof = f"X-WAF-Proof: {solve(refused.headers['x-waf-challenge'])}"
            assert (await waf.ask(post(proof, body=chat("a costly one")))).status == 200
            assert (await waf.ask(post(body=chat("a cheap one")))).status == 200
            first, second, third = await waf.events(3)
            assert (first["action"], first["rules"][0]["id"], first["status"]) == ("challenge", 9000021, 429)
            assert (second["action"], second["reason"], second["rules"][0]["id"]) == ("tag", "proven", 9000021)
            assert third["action"] == "allow"
            page = await waf.ask(
                b"GET /v1/chat/completions?costly HTTP/1.1\r\nHost: waf.test\r\nAccept: text/html\r\n\r\n"
            )
            assert page.status == 200, "nothing matched"

    run(main())


def test_a_browser_gets_a_page_and_its_cookie_counts(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        pack = tmp_path / "proof.yaml"
        pack.write_text(CHALLENGING.replace("llm.user", "request.args.get"))
        async with (
            scripted(model(b"{}")) as server,
            front(server.port, rules__packs=[str(pack)], abuse__proof__work=20) as waf,
        ):

            def get(*headers: str) -> bytes:
                return "\r\n".join(["GET /page?q=costly HTTP/1.1", "Host: waf.test", *headers, "", ""]).encode()

            page = await waf.ask(get("Accept: text/html,*/*"))
            assert page.status == 429
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert "default-src 'none'" in page.headers["content-security-policy"]
            proof = solve(page.headers["x-waf-challenge"])
            assert proof.partition(":")[0].encode() in page.body
            assert (await waf.ask(get("Accept: text/html", f"Cookie: a=b; waf_proof={proof}"))).status == 200
            assert (await waf.ask(get("Accept: text/html", "Cookie: a=b"))).status == 429
            assert (await waf.ask(get("Accept: application/json"))).headers["content-type"] == "application/json"

    run(main())


def test_keys_that_are_tried_have_a_price(run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        for respond, status, code in (
            ({"block": 0.5}, 403, "address_suspected"),
            ({"limit": 0.5, "pace": 4}, 429, "address_paced"),
        ):
            more = settings(**respond) | keys | {"abuse__watch": "known"}
            async with scripted(model(b"{}")) as server, front(server.port, **more) as waf:
                wire = await waf.wire()
                for i in range(60):
                    last = await wire.ask(post(f"x-api-key: waf_guess{i}", "X-Forwarded-For: 203.0.113.9"))
                assert (last.status, last.json()["error"]["code"]) == (status, code)
                honest = await wire.ask(post(f"x-api-key: {KEY}", "X-Forwarded-For: 192.0.2.1"))
                assert honest.status == 200
                for _ in range(60):
                    last = await wire.ask(post("x-api-key: waf_wrong", "X-Forwarded-For: 192.0.2.7"))
                assert last.status == 401, "one wrong key, again and again, is no guessing"

    run(main())


def test_a_campaign_and_a_trusted_caller(run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        async with scripted(model(b"{}")) as server, front(server.port, **settings()) as waf:
            wire = await waf.wire()
            for i in range(6):
                await wire.ask(
                    post(f"X-Forwarded-For: 192.0.2.{i}", body=chat(f"an evil plan that somebody has copied {i}"))
                )
            tags = [event["tags"] for event in await waf.events(6)]
            assert ["abuse.campaign" in given for given in tags] == [False] * 4 + [True] * 2
        more = settings(block=0.5) | {"abuse__trusted": ["team-a"], **keys}
        routes = [{"name": "all", "path": "/*", "access": {"anonymous": True}}]
        async with scripted(model(b"{}")) as server, front(server.port, routes=routes, **more) as waf:
            wire = await waf.wire()
            await population(waf, wire)
            for text in probes(20):
                answer = await wire.ask(post(f"x-api-key: {KEY}", body=chat(text).replace(b"small", b"gpt-x")))
                assert answer.status == 200
            event = (await waf.events(140))[-1]
            assert event["abuse"]["risk"] >= 0.5
            assert "responses" not in event["abuse"]
            assert event["action"] == "allow"

    run(main())


def test_monitor_mode_and_other_routes(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        for more, tagged in (({"mode": "monitor"}, True), ({"abuse__routes": ["other"], "routes": ROUTES}, False)):
            async with scripted(model(b"{}")) as server, front(server.port, **settings(block=0.5), **more) as waf:
                wire = await waf.wire()
                await population(waf, wire)
                for text in probes(20):
                    answer = await wire.ask(post("X-Forwarded-For: 203.0.113.9", body=chat(text)))
                    assert answer.status == 200
                event = (await waf.events(140))[-1]
                assert (event.get("tags", []) == ["abuse.extraction"]) == tagged

    run(main())


ROUTES = [{"name": "all", "path": "/v1/*"}, {"name": "other", "path": "/*"}]

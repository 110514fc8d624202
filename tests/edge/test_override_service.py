"""Policy that is changed while the firewall runs: over its own listener, into the file, and out again."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.edge.test_admission import IDENT, KEY, Seen, keys, post
from waf.cli import main
from waf.cli.admin_client import AdminClient
from waf.overrides.file import read_entries

__all__ = ["keys"]

TOKEN = "a token that is long enough"
DENY = {"action": "deny", "match": {"key": IDENT}, "why": "leaked", "seconds": 3600}


def client_of(waf: Any) -> Any:
    os.environ["WAF_ADMIN_TOKEN"] = TOKEN
    try:
        return AdminClient.of(waf.service.admin_address, None, None)
    finally:
        del os.environ["WAF_ADMIN_TOKEN"]


async def ask(waf: Any, method: str, body: Any = None) -> tuple[int, Any]:
    data = json.dumps(body).encode() if body is not None else None
    status, answer = await asyncio.to_thread(client_of(waf).ask, method, "/admin/overrides", data)
    return status, json.loads(answer) if answer.startswith(b"{") else answer


async def raw(waf: Any, *lines: str, body: bytes = b"") -> int:
    """The status of the answer to a request as written."""
    host, port = waf.service.admin_address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = "\r\n".join([*lines, "Host: x", f"Content-Length: {len(body)}", "Connection: close", "", ""])
    writer.write(head.encode() + body)
    found = await reader.readuntil(b"\r\n")
    writer.close()
    return int(found.split()[1])


def test_applied_and_withdrawn(
    run: Any, scripted: Any, front: Any, keys: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "overrides.json")
    asked = post(f"x-api-key: {KEY}")
    settings = {"overrides": path, "admin__listen": "127.0.0.1:0", "admin__token": TOKEN, **keys}

    async def story() -> None:
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            assert (await waf.ask(asked)).status == 200
            assert await ask(waf, "GET") == (200, {"schema": "waf-overrides/v1", "entries": []})
            status, done = await ask(waf, "POST", {"who": "ann", "apply": [DENY]})
            assert status == 200
            assert (await waf.ask(asked)).status == 403, "at once"
            (entry,) = read_entries(path)
            assert (done["applied"][0]["id"], done["withdrawn"]) == (entry.id, [])
            assert (entry.who, entry.why, str(entry.match)) == ("ann", "leaked", f"key={IDENT}")
            status, shown = await ask(waf, "GET")
            assert [one["id"] for one in shown["entries"]] == [entry.id]

            status, done = await ask(waf, "POST", {"who": "b", "why": "x", "apply": [DENY], "withdraw": ["cccccccc"]})
            assert status == 404
            assert "'cccccccc'" in done["problems"][0]
            assert read_entries(path) == (entry,), "all or nothing"
            status, done = await ask(waf, "POST", {"who": "bob", "why": "a mistake", "withdraw": [entry.id]})
            assert (status, done) == (200, {"applied": [], "withdrawn": [entry.id]})
            assert (await waf.ask(asked)).status == 200

            status, done = await ask(waf, "POST", {"who": "ann", "apply": [{**DENY, "match": {}}]})
            assert (status, len(done["problems"])) == (400, 1)
            assert "apply[0].match" in done["problems"][0]
            (tmp_path / "overrides.json").write_text("spoiled")
            assert (await ask(waf, "POST", {"who": "ann", "apply": [DENY]}))[0] == 400
            os.unlink(path)
            os.mkdir(path)
            assert (await ask(waf, "POST", {"who": "ann", "apply": [DENY]}))[0] in (400, 503)

    run(story())
    said = "".join(capsys.readouterr())
    assert "override applied" in said
    assert "override withdrawn" in said
    for word in ("by", "ann", "bob", "a mistake", "127.0.0.1", IDENT):
        assert word in said
    assert KEY not in said


@pytest.mark.parametrize(
    ("lines", "body", "status"),
    [
        (["POST /admin/overrides HTTP/1.1", "Content-Type: application/json"], b"{}", 401),
        (["GET /admin/overrides HTTP/1.1"], b"", 401),
        (["POST /admin/overrides HTTP/1.1", "Authorization: Bearer wrong", "Content-Type: application/json"], b"{}", 401),
        (["POST /admin/overrides HTTP/1.1", f"Authorization: Bearer {TOKEN}", "Content-Type: text/plain"], b"{}", 415),
        (["PUT /admin/overrides HTTP/1.1", f"Authorization: Bearer {TOKEN}", "Content-Type: application/json"], b"{}", 405),
        (["DELETE /admin/overrides HTTP/1.1", f"Authorization: Bearer {TOKEN}"], b"", 405),
        (["POST /admin/overrides HTTP/1.1", f"Authorization: Bearer {TOKEN}", "Content-Type: application/json"], b"{}", 400),
        (["POST /admin/overrides HTTP/1.1", f"Authorization: Bearer {TOKEN}", "Content-Type: application/json"], b" " * ((1 << 20) + 1), 400),
        (["POST /admin/events HTTP/1.1", f"Authorization: Bearer {TOKEN}", "Content-Type: application/json"], b"{}", 404),
    ],
)  # fmt: skip
def test_who_may_and_how(
    lines: list[str], body: bytes, status: int, run: Any, scripted: Any, front: Any, tmp_path: Path
) -> None:
    settings = {"overrides": str(tmp_path / "o.json"), "admin__listen": "127.0.0.1:0", "admin__token": TOKEN}

    async def story() -> None:
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            assert await raw(waf, *lines, body=body) == status
            assert not (tmp_path / "o.json").exists()

    run(story())


def test_without_a_file_there_is_nothing_to_change(run: Any, scripted: Any, front: Any) -> None:
    settings = {"admin__listen": "127.0.0.1:0", "admin__token": TOKEN}

    async def story() -> None:
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            status, answer = await ask(waf, "GET")
            assert status == 404
            assert "set `overrides`" in answer["problems"][0]

    run(story())


def test_by_hand_and_by_triage(
    run: Any, scripted: Any, front: Any, keys: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands, against a firewall that runs, over its Unix socket."""
    socket, path = str(tmp_path / "admin.sock"), str(tmp_path / "o.json")
    settings = {"overrides": path, "admin__socket": socket, "trusted_proxies": ["127.0.0.1"]}

    async def waf_(*arguments: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, main, list(arguments))

    async def story() -> None:
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            here, asked = ("--socket", socket), post("X-Forwarded-For: 198.51.100.7")
            found = await waf_("deny", "add", *here, "--address", "198.51.100.0/24", "--why", "x", "--by", "ann")
            assert found.exit_code == 0, found.output
            assert (await waf.ask(asked)).status == 403
            listed = json.loads((await waf_("overrides", "list", *here, "--json")).stdout)
            assert [(one["action"], one["who"]) for one in listed] == [("deny", "ann")]
            ident = listed[0]["id"]
            assert f"\n{ident}: deny address=198.51.100.0/24 until " in f"\n{found.stdout}"
            assert "there is no deny with the id" in (await waf_("deny", "remove", *here, "cccccccc")).stderr
            assert (await waf_("deny", "remove", *here, ident)).exit_code == 0
            assert (await waf.ask(asked)).status == 200
            wrong = await waf_("deny", "add", *here, "--file", path, "--subject", "a", "--why", "x")
            assert "either --config or --file, or --admin" in wrong.stderr
            for number in range(40):
                evil = post(f"X-Forwarded-For: 203.0.113.{number % 4}", body=b'{"prompt": "evil %d"}' % number)
                assert (await waf.ask(evil)).status == 403
            await waf.events(42)
            found = await waf_("triage", *here, "--everything", "--apply", "--yes", "--by", "bob")
            assert "deny address=203.0.113.0/24" in found.stderr, found.output
            answer = await waf.ask(post("X-Forwarded-For: 203.0.113.200"))
            assert answer.json()["error"]["code"] == "override_denied"
            assert [one.who for one in read_entries(path)] == ["bob"]

    run(story())

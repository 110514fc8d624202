"""An incident from its first request to its end: real traffic through a firewall, triage over its own listener, the proposal
applied, the next request refused, and all of it over when the entry ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner, Result

from tests.edge.front import Front
from tests.edge.test_admission import PEPPER, post
from waf.cli import main
from waf.identity.keyfile import write_keys
from waf.identity.keys import KeyRecord, digest, mint

TOKEN = "a token that is long enough"
HARMLESS = [mint(bytes([number, 1]) * 22) for number in range(8)]
EVIL = [mint(bytes([number, 2]) * 22) for number in range(20)]


def body(text: str) -> bytes:
    return json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}).encode()


def sent(key: str, text: str, address: str) -> bytes:
    return post(f"x-api-key: {key}", f"X-Forwarded-For: {address}", body=body(text))


async def waf_command(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, main, list(arguments), prog_name="waf")


@asynccontextmanager
async def firewall(folder: Path) -> AsyncIterator[Front]:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.json_response({})

    records = [
        KeyRecord(id=ident, name=f"k{number}", hash=digest(key, PEPPER), tenant=f"t{number}")
        for number, (ident, key) in enumerate([*HARMLESS, *EVIL])
    ]
    write_keys(str(folder / "keys.json"), records)
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = {
        "identity.keys.file": str(folder / "keys.json"), "identity.keys.pepper": PEPPER, "trusted_proxies": ["127.0.0.1"],
        "overrides": str(folder / "overrides.json"), "admin.listen": "127.0.0.1:0", "admin.token": TOKEN,
        "admin.socket": str(folder / "admin.sock"), "log.similarity": True,
    }  # fmt: skip
    try:
        async with Front(folder, runner.addresses[0][1], settings) as waf:
            yield waf
    finally:
        await runner.cleanup()


async def traffic(waf: Front, evil: Callable[[int], bytes], count: int = 60) -> None:
    """Harmless requests first, then the attack between others."""
    wire = await waf.wire()
    for number in range(80):
        if number >= 20 and number - 20 < count:
            assert (await wire.ask(evil(number))).status == 403
        key = HARMLESS[number % len(HARMLESS)][1]
        assert (await wire.ask(sent(key, f"What is {number} and {number}?", "192.0.2.9"))).status == 200
    wire.close()


async def until(waf: Front, request: bytes, status: int, code: str = "") -> None:
    """Until a request is answered so; the test's own limit ends it when it never is."""
    while True:
        answer = await waf.ask(request)
        if answer.status == status and (not code or answer.json()["error"]["code"] == code):
            return
        await asyncio.sleep(0.05)


async def test_one_key(tmp_path: Path) -> None:
    ident, key = EVIL[0]
    async with asyncio.timeout(30), firewall(tmp_path) as waf:
        await traffic(waf, lambda number: sent(key, f"an evil text, attempt {number}", "198.51.100.1"))
        result = await waf_command("triage", "--socket", str(tmp_path / "admin.sock"), "--json", "--everything")
        found = json.loads(result.stdout)
        assert found["judgement"]["verdict"] == "single source"
        assert found["top"]["caller"][0]["name"] == f"key:{ident}"
        (family,) = [family for family in found["families"] if family["suspects"]]
        assert (family["suspects"], family["callers"], family["sample"]) == (60, 1, ""), (
            "alike by digest, without a text"
        )
        applied = await waf_command(
            "triage", "--socket", str(tmp_path / "admin.sock"), "--everything", "--apply", "--yes",
            "--file", str(tmp_path / "overrides.json"), "--for", "3s", "--by", "ann",
        )  # fmt: skip
        assert f"deny key={ident}" in applied.stderr
        harmless = sent(key, "hello, a harmless text", "198.51.100.77")
        await until(waf, harmless, 403, "override_denied")
        assert (await waf.ask(sent(HARMLESS[0][1], "hello", "198.51.100.77"))).status == 200
        await until(waf, harmless, 200)
        shown = await waf_command("deny", "list", "--file", str(tmp_path / "overrides.json"), "--json")
        assert [entry["state"] for entry in json.loads(shown.stdout)] == ["expired"]


async def test_many_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAF_ADMIN_TOKEN", TOKEN)

    def evil(number: int) -> bytes:
        text = f"please be evil and send everything to box {number % 5} now"
        return sent(EVIL[number % len(EVIL)][1], text, f"203.0.113.{number % len(EVIL)}")

    async with asyncio.timeout(30), firewall(tmp_path) as waf:
        await traffic(waf, evil)
        arguments = (
            "triage",
            "--admin",
            waf.service.admin_address,
            "--everything",
            "--file",
            str(tmp_path / "overrides.json"),
        )
        found: Any = json.loads((await waf_command(*arguments, "--json")).stdout)
        assert found["judgement"]["verdict"] == "distributed campaign"
        assert found["clusters"][0]["callers"] == len(EVIL)
        assert {member.partition(":")[2] for member in found["clusters"][0]["members"]} == {ident for ident, _ in EVIL}
        assert found["top"]["network"][0]["name"] == "203.0.113.0/24"
        await waf_command(*arguments, "--apply", "--yes", "--by", "ann")
        (proposal,) = found["proposals"]
        denied = {scope["key"] for scope in [proposal["match"], *proposal["others"]]}
        assert denied == {ident for ident, _ in EVIL}
        for _, key in EVIL:
            await until(waf, sent(key, "hello", "192.0.2.1"), 403, "override_denied")
        assert (await waf.ask(sent(HARMLESS[0][1], "hello", "192.0.2.1"))).status == 200
        added = await waf_command(
            "deny",
            "add",
            "--file",
            str(tmp_path / "overrides.json"),
            "--address",
            "203.0.113.0/24",
            "--why",
            "the network",
        )
        assert added.exit_code == 0
        await until(waf, sent(HARMLESS[0][1], "hello", "203.0.113.200"), 403, "override_denied")
        monkeypatch.setenv("WAF_ADMIN_TOKEN", "another token that is wrong")
        refused = await waf_command(*arguments)
        assert (refused.exit_code, "does not take the token" in refused.stderr) == (2, True)

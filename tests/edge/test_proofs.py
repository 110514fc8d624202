"""A proof of work is spent once, with whichever of several firewalls, and also when the others cannot be asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.edge.front import Front
from tests.edge.test_admission import Seen, post
from tests.edge.test_overrides import entry
from tests.edge.test_suspects import solve
from tests.state.server import Server, one_server, redis
from waf.overrides.file import write_entries

__all__ = ["one_server", "redis"]

SECRET = "a secret that all firewalls have"


@pytest.fixture
def fronts(tmp_path: Path) -> Any:
    """`fronts(port, url)`: two firewalls with a common secret, both of which ask everybody for a proof."""
    path = str(tmp_path / "overrides.json")
    write_entries(path, [entry("challenge", address="127.0.0.0/8")])

    def make(port: int, url: str, **settings: Any) -> tuple[Front, Front]:
        made = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            shared = {"state.redis.url": url, "state.redis.timeout": 0.5, "state.redis.secret": SECRET}
            proof = {"abuse.proof.work": 50, "abuse.proof.hardest": 100, "overrides": path}
            made.append(Front(folder, port, {**shared, **proof, **settings}))
        return made[0], made[1]

    return make


async def challenged(waf: Front) -> bytes:
    """A request with a proof for a challenge that this firewall made."""
    said = (await waf.ask(post())).headers["x-waf-challenge"]
    return post(f"X-WAF-Proof: {solve(said)}")


async def fault(waf: Front, request: bytes) -> str:
    """What is wrong with the proof; empty when it is taken."""
    answer = await waf.ask(request)
    if answer.status == 200:
        return ""
    assert answer.status == 429
    return str(answer.json()["error"]["message"]).partition("(")[2].partition(")")[0]


def test_spent_once_everywhere(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    async def main() -> None:
        async with scripted(Seen(scripted).script) as server:
            one, two = fronts(server.port, redis.url)
            async with one, two:
                for first, second in ((one, two), (two, one), (one, one)):
                    proven = await challenged(one)
                    assert await fault(first, proven) == ""
                    assert await fault(second, proven) == "proof_used"
                proven = await challenged(two)
                found = await asyncio.gather(*(fault(waf, proven) for waf in (one, two) for _ in range(5)))
                assert Counter(found) == {"": 1, "proof_used": 9}

    run(main())


def test_made_before_the_other_was_there(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    async def main() -> None:
        async with scripted(Seen(scripted).script) as server:
            one, two = fronts(server.port, redis.url)
            async with one:
                used, fresh, late = [await challenged(one) for _ in range(3)]
                assert await fault(one, used) == ""
                async with two:
                    challenges = two.service._accounts.suspects._challenges
                    challenges._not_before += 3600
                    assert await fault(two, used) == "proof_used"
                    assert await fault(two, fresh) == ""
                    two.service._accounts.shared.up = False
                    assert await fault(two, late) == "proof_expired", "nobody can say whether it was used"
                    # Earlier than by what was added: a second may have begun between its making and this one's start.
                    challenges._not_before -= 7200
                    assert await fault(two, late) == "", "a dead server costs no request"
                    two.service._accounts.shared.up = True

    run(main())


def test_without_a_common_secret(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    async def main() -> None:
        async with scripted(Seen(scripted).script) as server:
            one, two = fronts(server.port, redis.url, **{"state.redis.secret": ""})
            async with one, two:
                proven = await challenged(one)
                assert await fault(two, proven) == "proof_forged"
                assert await fault(one, proven) == ""

    run(main())

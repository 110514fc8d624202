"""Countries in events, by a database that is read again when it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.edge.test_admission import Seen, post
from tests.identity.mmdb import database


def test_the_event_says_where_a_client_is(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    file = tmp_path / "countries.mmdb"
    file.write_bytes(
        database(
            {"192.0.2.0/24": {"country": {"iso_code": "DE"}}, "198.51.100.0/24": {"country": {"iso_code": "a\nb" * 9}}}
        )
    )
    settings = {"geoip": str(file), "trusted_proxies": ["127.0.0.1"], "abuse__watch": "all"}

    async def main() -> None:
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            for address in ("192.0.2.1", "10.0.0.1", "198.51.100.1"):
                assert (await waf.ask(post(f"X-Forwarded-For: {address}"))).status == 200
            assert (await waf.ask(post("X-Forwarded-For: 192.0.2.1", body=b'{"prompt": "evil"}'))).status == 403
            file.write_bytes(database({"192.0.2.0/24": {"country": {"iso_code": "FR"}}}))
            assert await waf.service.reload()
            assert (await waf.ask(post("X-Forwarded-For: 192.0.2.1"))).status == 200
            found = [event.get("country") for event in await waf.events(5)]
            assert found[:2] == ["DE", None]
            assert "~" in found[2]
            assert found[3:] == ["DE", "FR"]

    run(main())

"""/admin: closed without a token, open with it and over the Unix socket, and nothing besides."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector, UnixConnector

from waf.admin import AdminListener, State, admin_of
from waf.admin.listener import bind_unix
from waf.errors import ConfigError
from waf.observability import Admin
from waf.record import Metrics
from waf.record.recent import Recent

TOKEN = "a token that is long enough"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "admin.sock")


def recent() -> Recent:
    kept = Recent(100)
    for number in range(50):
        kept.add(b"%09d\n" % number)
    return kept


@pytest.fixture
async def listener(path: str) -> AsyncIterator[AdminListener]:
    made = admin_of(Admin(listen="127.0.0.1:0", token=TOKEN, socket=path), Metrics(), State(), recent())
    assert made is not None
    await made.start()
    yield made
    await made.close()


async def ask(
    listener: AdminListener,
    where: str = "/admin/events",
    *,
    method: str = "GET",
    path: str = "",
    tokens: tuple[str, ...] = (),
) -> tuple[int, bytes]:
    connector = UnixConnector(path) if path else TCPConnector()
    headers = [("Authorization", token) for token in tokens]
    async with (
        ClientSession(connector=connector) as session,
        session.request(method, f"http://{listener.address}{where}", headers=headers) as answer,
    ):
        assert answer.headers["Server"] == "waf"
        if answer.status in (200, 401):
            assert answer.headers["Cache-Control"] == "no-store"
        return answer.status, await answer.read()


def mode_of(path: str) -> int | None:
    """None for what is not there."""
    return stat.S_IMODE(os.stat(path).st_mode) if os.path.exists(path) else None


async def test_with_the_token(listener: AdminListener) -> None:
    status, body = await ask(listener, tokens=(f"Bearer {TOKEN}",))
    assert (status, body.splitlines()) == (200, [b"%09d" % number for number in range(40, 50)]), "the latest that fit"
    assert (await ask(listener, tokens=(f"bearer {TOKEN}",)))[0] == 200
    assert (await ask(listener, "/admin/else", tokens=(f"Bearer {TOKEN}",)))[0] == 404
    assert (await ask(listener, method="POST", tokens=(f"Bearer {TOKEN}",)))[0] == 404


@pytest.mark.parametrize(
    "tokens",
    [
        (), ("Bearer",), ("Bearer ",), (TOKEN,), (f"Basic {TOKEN}",), (f"Bearer {TOKEN}x",), (f"Bearer  {TOKEN}",),
        (f"Bearer {TOKEN[:-1]}",), (f"Bearer {TOKEN.upper()}",), ("Bearer \xff",), (f"Bearer {TOKEN}", f"Bearer {TOKEN}"),
    ],
)  # fmt: skip
async def test_without_it_nobody_learns_what_is_there(listener: AdminListener, tokens: tuple[str, ...]) -> None:
    for where in ("/admin/events", "/admin/else"):
        assert await ask(listener, where, tokens=tokens) == (401, b"the token is needed\n")


async def test_the_socket_needs_no_token(listener: AdminListener, path: str) -> None:
    assert mode_of(path) == 0o600
    assert (await ask(listener, path=path))[0] == 200
    assert (await ask(listener, "/healthz", path=path))[0] == 200
    await listener.close()
    assert mode_of(path) is None


async def test_a_socket_opens_nothing_on_the_address(path: str) -> None:
    listener = admin_of(Admin(listen="127.0.0.1:0", socket=path), Metrics(), State(), recent())
    assert listener is not None
    await listener.start()
    try:
        assert (await ask(listener))[0] == 404
        assert (await ask(listener, tokens=("Bearer ",)))[0] == 404
        assert (await ask(listener, path=path))[0] == 200
    finally:
        await listener.close()


async def test_a_socket_alone(path: str) -> None:
    assert admin_of(Admin(listen=""), Metrics(), State(), None) is None
    listener = admin_of(Admin(listen="", socket=path), Metrics(), State(), recent())
    assert listener is not None
    await listener.start()
    assert listener.address == ""
    again = AdminListener("", Metrics(), State(), socket=path)
    with pytest.raises(ConfigError, match=r"admin\.socket: error: cannot listen on .*another process listens there"):
        await again.start()
    await listener.close()


def test_sockets_that_were_left_behind_and_files_that_are_none(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(path)
    bind_unix(path).close()
    os.unlink(path)
    Path(path).write_text("something else")
    with pytest.raises(OSError, match="there is a file of that name"):
        bind_unix(path)
    assert Path(path).read_text() == "something else"
    with pytest.raises(OSError, match="too long"):
        bind_unix(path + "x" * 200)

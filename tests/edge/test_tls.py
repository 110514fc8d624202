"""TLS towards clients, and contexts that take new certificates while running."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from pathlib import Path
from typing import Any

import pytest

from tests.edge.front import Wire
from waf.edge.tls import listener_context, renew, upstream_context
from waf.errors import ConfigError
from waf.settings import Tls, UpstreamTls

DATA = Path(__file__).parent / "data"
GET = b"GET / HTTP/1.1\r\nHost: waf.test\r\nConnection: close\r\n\r\n"


def copy(folder: Path, name: str) -> Tls:
    """The certificate `name` under names that stay the same."""
    for kind in ("cert", "key"):
        shutil.copy(DATA / f"{name}_{kind}.pem", folder / f"{kind}.pem")
    return Tls(str(folder / "cert.pem"), str(folder / "key.pem"))


def trusting(name: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=DATA / f"{name}_cert.pem")


async def connect(port: int, context: ssl.SSLContext) -> Wire:
    return Wire(*await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="waf.test"))


async def ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def settings(tls: Tls) -> dict[str, Any]:
    return {"tls__certificate": tls.certificate, "tls__key": tls.key}


def test_requests_over_tls(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        heads: list[bytes] = []

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append((await scripted.request(reader))[0])
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        tls = copy(tmp_path, "listener")
        async with scripted(script) as server, front(server.port, **settings(tls)) as waf:
            assert waf.service.url.startswith("https://")
            wire = await connect(waf.port, trusting("listener"))
            assert wire.writer.get_extra_info("ssl_object").selected_alpn_protocol() is None
            assert (await wire.ask(GET)).body == b"ok"
            assert b"\r\nX-Forwarded-Proto: https\r\n" in heads[0]
            wire.close()

    run(main())


def test_http_2_is_not_offered(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port, **settings(copy(tmp_path, "listener"))) as waf:
            context = trusting("listener")
            context.set_alpn_protocols(["h2", "http/1.1"])
            wire = await connect(waf.port, context)
            assert wire.writer.get_extra_info("ssl_object").selected_alpn_protocol() == "http/1.1"
            wire.close()

    run(main())


def test_a_refused_body_over_tls(run: Any, scripted: Any, front: Any, until: Any, tmp_path: Path) -> None:
    """TLS cannot be half-closed; the answer arrives all the same."""

    async def main() -> None:
        async with scripted(ok) as server, front(server.port, **settings(copy(tmp_path, "listener"))) as waf:
            wire = await connect(waf.port, trusting("listener"))
            head = b"POST / HTTP/1.1\r\nHost: waf.test\r\nContent-Length: 9999999\r\n\r\n"
            answer = await wire.ask(head + b"a" * 9_999_999)
            assert (answer.status, answer.headers["connection"]) == (413, "close")
            wire.close()
            await until(lambda: waf.service.open == 0)

    run(main())


def test_a_drain_that_ends_over_tls(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        asked = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            asked.set()
            await reader.read()

        tls = copy(tmp_path, "listener")
        async with scripted(script) as server, front(server.port, timeouts__drain=0.1, **settings(tls)) as waf:
            wire = await connect(waf.port, trusting("listener"))
            wire.send(GET)
            await asked.wait()
            await waf.stop()
            assert await wire.rest() == b""
            wire.close()

    run(main())


def test_plain_http_on_a_tls_port_is_survived(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port, **settings(copy(tmp_path, "listener"))) as waf:
            plain = await waf.wire(GET)
            assert b"HTTP/1.1 200" not in await plain.rest()
            wire = await connect(waf.port, trusting("listener"))
            assert (await wire.ask(GET)).status == 200
            wire.close()

    run(main())


def test_a_reload_takes_new_certificates_and_keeps_connections(
    run: Any, scripted: Any, front: Any, tmp_path: Path
) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port, **settings(copy(tmp_path, "listener"))) as waf:
            old = await connect(waf.port, trusting("listener"))
            copy(tmp_path, "renewed")
            assert await waf.service.reload()
            new = await connect(waf.port, trusting("renewed"))
            assert (await new.ask(GET)).status == 200
            assert (await old.ask(GET)).status == 200
            with pytest.raises(ssl.SSLCertVerificationError):
                await connect(waf.port, trusting("listener"))
            old.close()
            new.close()

    run(main())


@pytest.mark.parametrize("broken", ["cert.pem", "key.pem"])
def test_files_that_do_not_fit_change_nothing(run: Any, scripted: Any, front: Any, tmp_path: Path, broken: str) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port, **settings(copy(tmp_path, "listener"))) as waf:
            shutil.copy(DATA / f"renewed_{broken}", tmp_path / broken)
            assert not await waf.service.reload()
            wire = await connect(waf.port, trusting("listener"))
            assert (await wire.ask(GET)).status == 200
            wire.close()

    run(main())


def test_an_https_upstream(run: Any, scripted: Any, front: Any) -> None:
    """With a CA of its own, a client certificate, and a name that is not the URL's."""

    async def main() -> None:
        peers: list[Any] = []

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            peers.append(writer.get_extra_info("peercert"))
            await ok(reader, writer)

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(DATA / "upstream_cert.pem", DATA / "upstream_key.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(DATA / "client_cert.pem")
        async with scripted(script, ssl=context) as server:
            towards = {
                "upstream__url": f"https://127.0.0.1:{server.port}",
                "upstream__tls__ca": str(DATA / "upstream_cert.pem"),
                "upstream__tls__certificate": str(DATA / "client_cert.pem"),
                "upstream__tls__key": str(DATA / "client_key.pem"),
                "upstream__tls__server_name": "model.test",
            }
            async with front(server.port, **towards) as waf:
                assert (await waf.ask(GET)).status == 200
                assert await waf.service.reload()
                assert (await waf.ask(GET)).status == 200
                assert len(peers) == 2  # connections of before the reload are not used again
                assert all(peers)

    run(main())


def test_upstream_context() -> None:
    strict = upstream_context(UpstreamTls())
    assert (strict.verify_mode, strict.check_hostname) == (ssl.CERT_REQUIRED, True)
    lax = upstream_context(UpstreamTls(verify=False))
    assert (lax.verify_mode, lax.check_hostname) == (ssl.CERT_NONE, False)
    assert lax.minimum_version == strict.minimum_version == ssl.TLSVersion.TLSv1_2


def test_no_certificate_means_plain_http() -> None:
    assert listener_context(Tls()) is None


ENCRYPTED = """-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiWrLNQF1MvWQICCAAw
-----END ENCRYPTED PRIVATE KEY-----
"""


@pytest.mark.parametrize(
    ("certificate", "key", "says"),
    [
        ("missing.pem", "key.pem", "No such file"),
        ("cert.pem", "missing.pem", "No such file"),
        ("cert.pem", "other.pem", "key values mismatch"),
        ("noise.pem", "key.pem", "cannot be used"),
        ("cert.pem", "encrypted.pem", "cannot be used"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, certificate: str, key: str, says: str) -> None:
    copy(tmp_path, "listener")
    shutil.copy(DATA / "renewed_key.pem", tmp_path / "other.pem")
    (tmp_path / "noise.pem").write_text("not a certificate")
    (tmp_path / "encrypted.pem").write_text(ENCRYPTED)
    tls = Tls(str(tmp_path / certificate), str(tmp_path / key))
    with pytest.raises(ConfigError, match=says) as wrong:
        listener_context(tls)
    assert wrong.value.problems[0].file == "tls.certificate"
    with pytest.raises(ConfigError, match=says):
        renew(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), tls)
    with pytest.raises(ConfigError, match=says):
        upstream_context(UpstreamTls(certificate=tls.certificate, key=tls.key))


def test_a_missing_ca(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"upstream\.tls\.ca.*No such file"):
        upstream_context(UpstreamTls(ca=str(tmp_path / "none.pem")))

"""Clients' certificates on the wire: who is let in, as whom, and who cannot even connect."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.edge.front import Wire
from waf.edge.reload import watched
from waf.identity.certificates import subject

DATA = Path(__file__).parent / "data"
GET = b"GET / HTTP/1.1\r\nHost: waf.test\r\n\r\n"
NOW = datetime.datetime.now(datetime.UTC)


class Authority:
    """A CA that signs anything."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (
            self._builder(self.subject, self.key)
            .add_extension(x509.BasicConstraints(True, None), True)
            .sign(self.key, hashes.SHA256())
        )
        self.file = str(folder / f"{name}.pem")
        Path(self.file).write_bytes(self.certificate.public_bytes(ser.Encoding.PEM))

    def _builder(self, who: x509.Name, key: Any) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(who).issuer_name(self.subject).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(NOW - datetime.timedelta(days=1))
        return builder.not_valid_after(NOW + datetime.timedelta(days=1))

    def sign(self, common: str, *names: x509.GeneralName) -> tuple[ssl.SSLContext, int]:
        """A client's context with a new certificate, and its serial number."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)]), key)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
        certificate = builder.sign(self.key, hashes.SHA256())
        path = self.folder / f"client-{certificate.serial_number}.pem"
        path.write_bytes(
            certificate.public_bytes(ser.Encoding.PEM)
            + key.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())
        )
        context = ssl.create_default_context(cafile=DATA / "listener_cert.pem")
        context.load_cert_chain(path)
        return context, certificate.serial_number

    def revoke(self, serial: int) -> str:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW).build()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.subject)
            .last_update(NOW - datetime.timedelta(hours=1))
        )
        crl = (
            builder.next_update(NOW + datetime.timedelta(days=1))
            .add_revoked_certificate(revoked)
            .sign(self.key, hashes.SHA256())
        )
        path = self.folder / "crl.pem"
        path.write_bytes(crl.public_bytes(ser.Encoding.PEM))
        return str(path)


def settings(authority: Authority, **more: Any) -> dict[str, Any]:
    return {
        "tls__certificate": str(DATA / "listener_cert.pem"),
        "tls__key": str(DATA / "listener_key.pem"),
        "tls__client_ca": authority.file,
        "identity__certificates": {
            "subjects": ["spiffe://prod/*", "*.clients.test", "plain"],
            "tenant": "acme",
            "roles": ["batch"],
        },
        **more,
    }


async def ask(port: int, context: ssl.SSLContext) -> int:
    """The status of an answer, 0 when there is none."""
    try:
        wire = Wire(*await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="waf.test"))
        return (await wire.ask(GET)).status
    except (OSError, asyncio.IncompleteReadError):
        return 0
    finally:
        if "wire" in locals():
            wire.close()


async def upstream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(head), head))


def test_names_in_certificates(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    spiffe = x509.UniformResourceIdentifier("spiffe://prod/scorer")

    async def main() -> None:
        async with scripted(upstream) as server, front(server.port, **settings(ours)) as waf:
            revoked, _ = ours.sign("plain")
            for (context, _), status in (
                (ours.sign("x", spiffe, x509.DNSName("a.clients.test")), 200),
                (ours.sign("x", x509.DNSName("a.clients.test")), 200),
                (ours.sign("plain"), 200),
                (ours.sign("other"), 403),
                (ours.sign("plain", spiffe, x509.UniformResourceIdentifier("spiffe://prod/b")), 401),
                (theirs.sign("plain"), 0),
            ):
                assert await ask(waf.port, context) == status
            assert await ask(waf.port, ssl.create_default_context(cafile=DATA / "listener_cert.pem")) == 401
            assert await ask(waf.port, revoked) == 200
            event = next(e for e in await waf.events(5) if e["status"] == 200)
            assert event["caller"] == {
                "kind": "certificate",
                "subject": "spiffe://prod/scorer",
                "tenant": "acme",
                "certificate": "spiffe://prod/scorer",
            }

    run(main())


def test_those_without_one_and_those_that_are_revoked(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "ours")
    good, _ = authority.sign("plain")
    bad, serial = authority.sign("plain")

    async def main() -> None:
        more = {"tls__client_crl": authority.revoke(serial), "tls__client_certificate": "required"}
        async with scripted(upstream) as server, front(server.port, **settings(authority, **more)) as waf:
            assert await ask(waf.port, good) == 200
            assert await ask(waf.port, bad) == 0
            assert await ask(waf.port, ssl.create_default_context(cafile=DATA / "listener_cert.pem")) == 0

    run(main())


def test_the_ca_and_revocations_are_read_again(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    """Without a restart and without a connection lost: for new connections a key that was revoked is of no use, nor is a
    ticket from before."""
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    (good, _), (bad, serial), (other, another) = ours.sign("plain"), ours.sign("plain"), theirs.sign("plain")
    ca = tmp_path / "ca.pem"
    ca.write_bytes(Path(ours.file).read_bytes())
    others = Path(theirs.file).read_bytes()

    async def main() -> None:
        more = {"tls__client_crl": ours.revoke(1), "tls__client_ca": str(ca)}
        async with scripted(upstream) as server, front(server.port, **settings(ours, **more)) as waf:
            stays = Wire(*await asyncio.open_connection("127.0.0.1", waf.port, ssl=bad, server_hostname="waf.test"))
            assert (await stays.ask(GET)).status == 200
            assert [await ask(waf.port, context) for context in (good, bad, other)] == [200, 200, 0]
            ours.revoke(serial)
            assert await waf.service.reload()
            assert [await ask(waf.port, context) for context in (good, bad, other)] == [200, 0, 0]
            assert (await stays.ask(GET)).status == 200
            stays.close()
            theirs.revoke(another + 1)
            ca.write_bytes(others)
            assert await waf.service.reload()
            assert [await ask(waf.port, context) for context in (good, bad, other)] == [0, 0, 200]
            ca.write_bytes(b"nothing")
            assert not await waf.service.reload()
            assert await ask(waf.port, other) == 200
            assert str(ca) in map(str, watched(waf.service._handler.runtime, None))

    run(main())


@pytest.mark.parametrize(
    ("certificate", "name"),
    [
        ({}, ""),
        ({"subject": ((("commonName", "a"),), (("commonName", "b"),))}, ""),
        ({"subject": ((("organizationName", "a"),),)}, ""),
        ({"subject": ((("commonName", "a\r\nb"),),)}, ""),
        ({"subject": ((("commonName", "ä"),),)}, ""),
        ({"subject": ((("commonName", "a" * 257),),)}, ""),
        ({"subject": ((("commonName", "a"),),), "subjectAltName": (("DNS", "b"), ("DNS", "c"))}, "b"),
        (
            {
                "subject": ((("commonName", "a"),),),
                "subjectAltName": (("URI", "https://b"), ("IP Address", "192.0.2.1")),
            },
            "a",
        ),
    ],
)
def test_which_name_counts(certificate: dict[str, Any], name: str) -> None:
    assert subject(certificate) == name

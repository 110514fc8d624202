"""`waf keys`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click import UsageError
from click.testing import Result

from tests.state.server import Server
from waf.cli.keys_file import KeyServer
from waf.errors import ConfigError, Unauthorized
from waf.identity.keyfile import parse_keys, read_keys, write_keys
from waf.identity.keys import KeyRecord, KeyStore, mint
from waf.state.redis import SharedDocument
from waf.usage import Redis

Run = Callable[..., Result]
PEPPER = "a pepper of thirty-two characters"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WAF_KEY_PEPPER", PEPPER)
    return str(tmp_path / "keys.json")


def store(file: str) -> KeyStore:
    return KeyStore(read_keys(file), PEPPER)


@pytest.mark.parametrize(
    "command", [("keys", "add", "n"), ("deny", "add", "--address", "192.0.2.1", "--why", "full")], ids=["keys", "deny"]
)
def test_where_the_disk_is_full(run: Run, file: str, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    result = run(*command, "--file", file)
    assert result.exit_code == 2
    assert result.stderr.endswith(f"{file}: No space left on device\n")
    assert os.listdir(Path(file).parent) == ["keys.json.lock"]


def test_the_life_of_a_key(run: Run, file: str) -> None:
    made = run(
        "keys",
        "add",
        "team-a",
        "--file",
        file,
        "--tenant",
        "acme",
        "--role",
        "user",
        "--role",
        "ops",
        "--model",
        "gpt-*",
    )
    assert made.exit_code == 0, made.output
    first = made.stdout.strip()
    assert re.fullmatch(r"waf_[a-z2-7]{12}_[A-Za-z0-9_-]{43}", first)
    assert first not in made.stderr
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    content = Path(file).read_text()
    assert first[17:] not in content
    now = time.time()
    caller = store(file).check(first, now)
    assert (caller.subject, caller.tenant, caller.roles, caller.models) == (
        "team-a",
        "acme",
        {"user", "ops"},
        ("gpt-*",),
    )

    again = run("keys", "add", "team-a", "--file", file)
    assert again.exit_code == 2
    assert "rotate" in again.stderr

    rotated = run("keys", "rotate", "team-a", "--file", file, "--overlap", "1h", "--expires", "90d")
    second = rotated.stdout.strip()
    assert rotated.exit_code == 0, rotated.output
    assert store(file).check(first, now).roles == store(file).check(second, now).roles
    with pytest.raises(Unauthorized, match="key_expired"):
        store(file).check(first, now + 3601)
    assert run("keys", "rotate", first[4:16], "--file", file).exit_code == 2, "two live keys are enough"

    assert run("keys", "revoke", first[4:16], "--file", file).stderr == "revoked 1 key\n"
    with pytest.raises(Unauthorized, match="key_revoked"):
        store(file).check(first, now)
    assert run("keys", "rotate", "team-a", "--file", file, "--overlap", "0s").exit_code == 0

    listed = json.loads(run("keys", "list", "--file", file, "--json").stdout)
    assert [key["state"] for key in listed] == ["revoked", "expired", "live"]
    assert not any("hash" in key for key in listed)
    table = run("keys", "list", "--file", file).stdout
    assert re.search(rf"^{first[4:16]}  team-a +revoked +team-a +acme +user,ops +gpt-\*", table, re.MULTILINE)
    assert run("keys", "revoke", "team-a", "--file", file).stderr == "revoked 2 keys\n"
    assert run("keys", "rotate", "team-a", "--file", file).exit_code == 2
    assert run("keys", "add", "team-a", "--file", file, "--expires", "1h").exit_code == 0


def test_the_configuration_names_file_and_pepper(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAF_KEY_PEPPER", raising=False)
    monkeypatch.setenv("PEPPER", PEPPER)
    config = tmp_path / "waf.yaml"
    config.write_text("identity:\n  keys: {file: keys.json, pepper: '${env:PEPPER}'}\n")
    checked = run("check-config", str(config))
    assert checked.exit_code == 1
    assert "`waf keys add` makes it" in checked.stdout
    made = run("keys", "add", "a", "--config", str(config))
    assert store(str(tmp_path / "keys.json")).check(made.stdout.strip(), time.time())
    assert run("check-config", str(config)).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list"], "no such file; waf keys add makes it"),
        (["add", "a b"], "no name"),
        (["add", "a", "--role", "x,y"], "no name"),
        (["add", "a", "--model", "x y"], "no pattern"),
        (["add", "a", "--expires", "tomorrow"], "span of time"),
        (["rotate", "nobody"], "no key"),
        (["revoke", "nobody"], "no key"),
    ],
)
def test_wrong_use(arguments: list[str], said: str, run: Run, file: str) -> None:
    result = run("keys", *arguments, "--file", file)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not Path(file).exists()


def test_without_a_file_or_a_pepper(run: Run, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "name the file" in run("keys", "list").stderr
    monkeypatch.setenv("WAF_KEY_PEPPER", "short")
    assert "WAF_KEY_PEPPER" in run("keys", "add", "a", "--file", file).stderr


RECORD = KeyRecord(id="a" * 12, name="n", hash="0" * 64)


@pytest.mark.parametrize(
    "record",
    [
        {"id": "A" * 12}, {"id": "a"}, {"hash": "0" * 63}, {"hash": "0" * 63 + "G"}, {"name": "a\nb"}, {"name": ""}, {"roles": ("a b",)},
        {"models": ("",)}, {"expires": -1}, {"more": 1}, {"tenant": 7},
    ],
)  # fmt: skip
def test_files_that_are_wrong(record: dict[str, object], file: str) -> None:
    known = {"id": "a" * 12, "name": "n", "hash": "0" * 64}
    Path(file).write_text(json.dumps({"schema": "waf-keys/v1", "keys": [{**known, **record}]}))
    with pytest.raises(ConfigError):
        read_keys(file)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"schema": "waf-keys/v2", "keys": []}', '{"schema": "waf-keys/v1"}', "\xff"]
)
def test_files_that_are_none(content: str, file: str) -> None:
    Path(file).write_text(content, "latin-1")
    with pytest.raises(ConfigError, match="keys"):
        read_keys(file)


def test_one_id_twice_and_a_write_that_fails(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_keys(file, [RECORD, RECORD])
    with pytest.raises(ConfigError, match="twice"):
        read_keys(file)
    before = Path(file).read_bytes()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        write_keys(file, [])
    assert Path(file).read_bytes() == before
    assert [path.name for path in Path(file).parent.iterdir()] == ["keys.json"]
    with pytest.raises(ValueError, match="44"):
        mint(b"")
    assert len(store_of(RECORD)) == 1


def store_of(*records: KeyRecord) -> KeyStore:
    return KeyStore(records, PEPPER)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("WAF_KEY_PEPPER", PEPPER)
    server = Server(tmp_path)
    try:
        yield server.start()
    finally:
        server.stop()


def test_keys_on_a_server(run: Run, server: Server, tmp_path: Path) -> None:
    made = run("keys", "add", "team-a", "--redis", server.url, "--tenant", "acme")
    assert made.exit_code == 0, made.output
    key = made.stdout.strip()
    assert run("keys", "add", "team-a", "--redis", server.url).exit_code == 2, "it has a live key"
    assert run("keys", "rotate", "team-a", "--redis", server.url).exit_code == 0
    listed = json.loads(run("keys", "list", "--redis", server.url, "--json").stdout)
    assert [(record["name"], record["state"]) for record in listed] == [("team-a", "live")] * 2
    config = tmp_path / "waf.yaml"
    config.write_text(
        f"state: {{redis: {{url: '{server.url}'}}}}\n"
        "identity: {keys: {file: keys.json, shared: true, pepper: '${env:WAF_KEY_PEPPER}'}}\n"
    )
    assert "revoked 2 keys" in run("keys", "revoke", "team-a", "--config", str(config)).stderr
    assert not (tmp_path / "keys.json").exists()
    number, data = SharedDocument(Redis(url=server.url), "keys").read()
    assert number == 3
    records = parse_keys(data, "x")
    assert [bool(record.revoked) for record in records] == [True, True]
    assert key.encode() not in data


def test_two_who_change_keys_on_a_server_at_once(server: Server) -> None:
    one, two = KeyServer(Redis(url=server.url)), KeyServer(Redis(url=server.url))
    assert one.records == two.records == ()
    one.write([])
    with pytest.raises(UsageError, match="somebody else"):
        two.write([])
    assert two.records == ()
    two.write([])


def test_a_server_with_keys_that_is_none(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAF_KEY_PEPPER", PEPPER)
    for words, message in (
        (("--redis", "redis://127.0.0.1:1"), "cannot be asked"),
        (("--redis", "http://h"), "redis://"),
        (("--redis", "redis://h", "--file", "f"), "--file or --redis"),
    ):
        done = run("keys", "add", "team-a", *words)
        assert done.exit_code == 2
        assert message in done.stderr
    with pytest.raises(UsageError, match="cannot be asked"):
        KeyServer(Redis(url="redis://127.0.0.1:1")).write([])
    with pytest.raises(ConfigError, match=r"state\.redis\.url"):
        KeyServer(Redis(url="redis://h?socket_timeout=soon"))
    monkeypatch.setitem(sys.modules, "waf.state.redis", None)
    assert "mlwaf[redis]" in run("keys", "list", "--redis", "redis://127.0.0.1:1").stderr

"""`waf deny|allow|limit` and `waf overrides`: what they write, show and refuse."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import Result

from tests.state.server import Server, one_server, redis
from waf.cli.overrides_schema import overrides_schema
from waf.overrides.entry import Entry
from waf.overrides.file import read_entries, write_entries

__all__ = ["one_server", "redis"]

Run = Callable[..., Result]
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "overrides.json")


def added(run: Run, file: str, action: str = "deny", *more: str) -> str:
    result = run(action, "add", "--file", file, "--why", "a campaign", "--by", "ann", *more)
    assert result.exit_code == 0, result.output
    found = re.match(r"([a-z2-7]{10}): ", result.stdout)
    assert found
    return found[1]


def test_adding_listing_removing(run: Run, file: str) -> None:
    assert json.loads(run("deny", "list", "--file", file, "--json").stdout) == []
    denied = added(run, file, "deny", "--address", "192.0.2.0/24")
    limited = added(run, file, "limit", "--tenant", "acme", "--model", "gpt-*", "--rate", "10/1m", "--for", "2h")
    allowed = added(run, file, "allow", "--key", "abcdefghijkl")
    deny, limit, allow = read_entries(file)
    assert [deny.id, limit.id, allow.id] == [denied, limited, allowed]
    assert (deny.who, deny.why, str(deny.match)) == ("ann", "a campaign", "address=192.0.2.0/24")
    assert (deny.until - deny.at).total_seconds() == 86_400
    assert ((limit.until - limit.at).total_seconds(), str(limit.limit)) == (7200, "10 in 60 s")
    (shown,) = json.loads(run("limit", "list", "--file", file, "--json").stdout)
    assert (shown["id"], shown["state"], shown["limit"]["requests"]) == (limited, "live", 10)
    lines = run("overrides", "list", "--file", file).stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [[denied, "deny"], [limited, "limit"], [allowed, "allow"]]
    assert run("deny", "list", "--file", file).stdout.count("192.0.2.0/24") == 1
    wrong = run("allow", "remove", denied, "--file", file)
    assert (wrong.exit_code, len(read_entries(file))) == (2, 3)
    assert "there is no allow with the id" in wrong.stderr
    assert run("deny", "remove", denied, "--file", file).stderr == "removed 1 entry\n"
    assert [entry.id for entry in read_entries(file)] == [limited, allowed]


def test_what_has_expired_is_shown_and_pruned(run: Run, file: str) -> None:
    added(run, file, "deny", "--subject", "ann")
    (entry,) = read_entries(file)
    old = Entry(**{name: getattr(entry, name) for name in entry.__struct_fields__} | {
        "id": "expiredd", "at": entry.at.replace(year=2024), "until": entry.until.replace(year=2024),
    })  # fmt: skip
    write_entries(file, [old, entry])
    assert [e["state"] for e in json.loads(run("overrides", "list", "--file", file, "--json").stdout)] == [
        "expired",
        "live",
    ]
    assert "expired" in run("deny", "list", "--file", file).stdout
    assert run("overrides", "prune", "--file", file).stderr == "1 expired, 1 kept\n"
    assert read_entries(file) == (entry,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["deny", "add", "--why", "x"], "names nobody, which would be everybody"),
        (["deny", "add", "--why", "x", "--key", "waf_abcdefghijkl_secret"], "never the key itself"),
        (["deny", "add", "--why", "x", "--address", "192.0.2.1/24"], "bits set past its prefix"),
        (["deny", "add", "--why", "x", "--address", "0.0.0.0/0"], "wider than /8"),
        (["deny", "add", "--why", "a\nb", "--key", "abcdefghijkl"], "not one line of text"),
        (["deny", "add", "--key", "abcdefghijkl"], "Missing option '--why'"),
        (
            ["deny", "add", "--why", "x", "--key", "abcdefghijkl", "--for", "400d"],
            "--for: is not after `at`, or more than 366",
        ),
        (["deny", "add", "--why", "x", "--key", "abcdefghijkl", "--for", "ever"], "is no span of time"),
        (["limit", "add", "--why", "x", "--key", "abcdefghijkl"], "Missing option '--rate'"),
        (["limit", "add", "--why", "x", "--key", "abcdefghijkl", "--rate", "fast"], "is no rate"),
        (
            ["limit", "add", "--why", "x", "--key", "abcdefghijkl", "--rate", "0/1m"],
            "--rate: is not from 1 to 1,000,000 (deny lets none",
        ),
        (["allow", "add", "--why", "x", "--model", "m"], "No such option"),
        (["deny", "remove"], "Missing argument"),
    ],
)
def test_what_is_refused(arguments: list[str], message: str, run: Run, file: str) -> None:
    result = run(*arguments, "--file", file)
    assert (result.exit_code, Path(file).exists()) == (2, False)
    assert message in result.stderr


def test_which_file(run: Run, tmp_path: Path, pack: Path) -> None:
    assert "name the file of overrides" in run("deny", "list").stderr
    config = tmp_path / "waf.yaml"
    config.write_text(f"overrides: overrides.json\nrules: {{packs: [{pack}]}}\n")
    assert run("deny", "add", "-c", config, "--why", "x", "--by", "ann", "--subject", "bob").exit_code == 0
    assert len(read_entries(str(tmp_path / "overrides.json"))) == 1
    assert run("check-config", config).exit_code == 0
    (tmp_path / "overrides.json").write_text("schema: waf-overrides/v1\nentries: [{action: drop}]\n")
    result = run("check-config", config)
    assert result.exit_code == 1
    assert "overrides.json:2:20: error: Invalid enum value 'drop'" in result.stdout


def test_who_without_a_name(run: Run, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    assert run("deny", "add", "--file", file, "--why", "x", "--subject", "bob").exit_code == 0
    assert read_entries(file)[0].who == "root"

    def nobody() -> str:
        raise OSError("no such account")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert "--by NAME" in run("deny", "add", "--file", file, "--why", "x", "--subject", "bob").stderr


def test_the_schema_is_the_published_one(run: Run) -> None:
    printed = run("overrides", "schema").stdout
    assert json.loads(printed) == overrides_schema()
    assert (DOCS / "waf-overrides.schema.json").read_text() == printed, "`waf overrides schema` prints it anew"


def test_on_the_server_that_firewalls_share(run: Run, tmp_path: Path, pack: Path, redis: Server) -> None:
    config = tmp_path / "waf.yaml"
    config.write_text(
        f"overrides: copy.json\nstate: {{overrides: true, redis: {{url: '{redis.url}'}}}}\nrules: {{packs: [{pack}]}}\n"
    )
    common = ("-c", config)
    result = run("deny", "add", *common, "--subject", "bob", "--why", "x", "--by", "ann")
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "copy.json").exists(), "that is the firewall's"
    (shown,) = json.loads(run("overrides", "list", *common, "--json").stdout)
    assert (shown["match"], shown["who"]) == ({"subject": "bob"}, "ann")
    assert run("deny", "remove", *common, shown["id"]).exit_code == 0
    assert json.loads(run("overrides", "list", *common, "--json").stdout) == []
    config.write_text(config.read_text().replace(redis.url, "redis://127.0.0.1:1"))
    away = run("deny", "add", *common, "--subject", "bob", "--why", "x", "--by", "ann")
    assert away.exit_code != 0
    assert "cannot be reached" in away.stderr
    assert json.loads(run("deny", "list", "--file", tmp_path / "copy.json", "--json").stdout) == []


class _Answers(BaseHTTPRequestHandler):
    """A firewall's own listener that gives the same answer to everything."""

    answer: ClassVar[tuple[int, bytes]] = (200, b"")

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, b""), "does not take the token"),
        ((404, b"not found\n"), "no policy can be changed there"),
        ((404, b'{"problems": ["no file of overrides is configured: set `overrides`"]}'), "set `overrides`"),
        ((400, b'{"problems": ["order: error: `who` is not one line", "b"]}'), "`who` is not one line; b"),
        ((503, b'{"problems": 5}'), "no policy can be changed"),
        ((200, b"{}"), "is no list of overrides"),
    ],
)
def test_answers_of_a_firewall(
    answer: tuple[int, bytes], message: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAF_ADMIN_TOKEN", "a token that is long enough")
    monkeypatch.setattr(_Answers, "answer", answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            result = run("deny", "list", "--admin", f"127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()
    assert result.exit_code != 0
    assert message in result.stderr

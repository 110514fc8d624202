"""`waf replay`: recordings of other programs are read, and changed rules are told apart by what they would do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from waf.cli import recordings as room
from waf.cli.recordings import Partial, Recorded, recordings
from waf.cli.replay import KEPT
from waf.engine import Engine
from waf.errors import InputError
from waf.model import Request
from waf.record.event_builder import Ending, EventBuilder
from waf.record.redact import Redactor
from waf.rules import load_ruleset
from waf.settings import Config, Rules

Run = Callable[..., Result]
Write = Callable[..., Path]


@pytest.fixture
def log(tmp_path: Path) -> Write:
    def write(*lines: Any, name: str = "log") -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(x if isinstance(x, bytes) else json.dumps(x).encode() + b"\n" for x in lines))
        return path

    return write


def har(*requests: dict[str, Any]) -> dict[str, Any]:
    return {"log": {"version": "1.2", "entries": [{"request": request} for request in requests]}}


def one(path: Path) -> Request:
    (recorded,) = recordings(path)
    assert isinstance(recorded.item, Request), recorded.error
    return recorded.item


class TestHar:
    def test_a_request(self, log: Write) -> None:
        request = one(
            log(har({
                "method": "POST", "url": "https://h.example/a/b?q=1%202#top", "httpVersion": "h2",
                "headers": [{"name": ":authority", "value": "h.example"}, {"name": "content-length", "value": "999"},
                            {"name": "Content-Encoding", "value": "gzip"}, {"name": "X-A", "value": "b"}],
                "postData": {"mimeType": "application/json", "text": '{"a": "é"}'},
            }))
        )  # fmt: skip
        assert (request.method, request.target, request.body.decode()) == ("POST", "/a/b?q=1%202", '{"a": "é"}')
        assert request.headers == (
            ("Host", "h.example"), ("X-A", "b"), ("Content-Type", "application/json"), ("Content-Length", "11"),
        )  # fmt: skip

    def test_a_form_that_is_only_there_as_parameters(self, log: Write) -> None:
        params = [{"name": "a", "value": "x y"}, {"name": "b"}]
        kind = "application/x-www-form-urlencoded"
        request = one(
            log(har({"method": "POST", "url": "http://h/", "postData": {"mimeType": kind, "params": params}}))
        )
        assert request.body == b"a=x+y&b="

    def test_the_least(self, log: Write) -> None:
        request = one(log(har({"method": "GET", "url": "http://h"})))
        assert (request.target, request.headers) == ("/", (("Host", "h"),))

    def test_an_entry_that_is_none_does_not_hide_the_others(self, log: Write) -> None:
        path = log(har({"method": "GET"}, {"method": 1, "url": "http://h"}, {"method": "GET", "url": "http://h/ok"}))
        errors = [recorded.error for recorded in recordings(path)]
        assert ["not a HAR entry" in error for error in errors] == [True, True, False]

    @pytest.mark.parametrize("text", [b'{"log": {"entries": 1}}', b'{"log": {', b' {"log":\n{}}'])
    def test_not_a_har(self, log: Write, text: bytes) -> None:
        with pytest.raises(InputError, match="not a HAR"):
            list(recordings(log(text)))

    def test_too_large(self, log: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(room, "MAX_HAR", 20)
        with pytest.raises(InputError, match="more than 20 bytes"):
            list(recordings(log(har({"method": "GET", "url": "http://h"}))))


@pytest.mark.parametrize(
    ("record", "method", "target", "headers", "body"),
    [
        ({"method": "POST", "path": "/a?b", "headers": [["X-A", "b"]], "body": "c"}, "POST", "/a?b", {"X-A": "b"}, b"c"),
        ({"path": "/a", "body_b64": "/w=="}, "POST", "/a", {}, b"\xff"),
        ({"request_method": "GET", "request_uri": "/a?b=1", "remote_addr": "192.0.2.1", "http_user_agent": "x", "http_referer": "-"}, "GET", "/a?b=1", {"User-Agent": "x"}, b""),
        ({"request": "PUT /a HTTP/1.1", "request_body": "hello", "http_host": "h"}, "PUT", "/a", {"Host": "h"}, b"hello"),
        ({"request": {"method": "GET", "uri": "/c", "headers": {"Accept": ["a", "b"], "User-Agent": "x"}, "remote_ip": "192.0.2.1"}, "status": 200}, "GET", "/c", {"Accept": "b", "User-Agent": "x"}, b""),
        ({"RequestMethod": "GET", "RequestPath": "/t", "ClientHost": "192.0.2.1"}, "GET", "/t", {}, b""),
        ({"method": "GET", "uri": "/a", "args": "b=1"}, "GET", "/a?b=1", {}, b""),
        ({"method": "GET", "uri": "/a?c", "args": "b=1"}, "GET", "/a?c", {}, b""),
        ({"url": "http://h.example/a?b", "method": "GET"}, "GET", "/a?b", {"Host": "h.example"}, b""),
        ({"path": "/a", "request_body": {"prompt": "x"}, "content_type": "application/json"}, "POST", "/a", {"Content-Type": "application/json"}, b'{"prompt":"x"}'),
        ({"path": "/a", "method": "GET", "headers": {"Content-Length": "77", "Transfer-Encoding": "chunked"}}, "GET", "/a", {}, b""),
    ],
)  # fmt: skip
def test_lines(log: Write, record: Any, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
    request = one(log(record))
    assert (request.method, request.target, request.body) == (method, target, body)
    sent = dict(request.headers)
    assert {name: sent.pop(name) for name in headers} == headers
    assert set(sent) <= {"Host", "Content-Length"}


def test_a_forced_protocol_is_kept(log: Write) -> None:
    assert one(log({"path": "/x", "protocol": "openai"})).protocol == "openai"
    assert one(log({"request_uri": "/x", "protocol": "HTTP/1.1"})).protocol is None


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{\n", "not JSON"), (b"[1]\n", "not a JSON object"), (b'{"a": 1}\n', "no path"), (b'{"path": "/", "body_b64": "!"}\n', "base64"),
        (b'{"path": "/", "headers": [["a"]]}\n', "unpack"), (b'{"path": "/", "client_ip": "x"}\n', "address"),
    ],
)  # fmt: skip
def test_lines_that_are_none(log: Write, line: bytes, error: str) -> None:
    (recorded,) = recordings(log(line))
    assert recorded.item is None
    assert error in recorded.error


def test_a_line_that_is_too_long(log: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.cli.scan.lines.__defaults__", (10,))
    first, second = recordings(log(b'{"path": "/aaaaaaaa"}\n', b"{}\n"))
    assert (first.error, second.number) == ("the line is too long", 2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["log", "entries", "request", "url", "method", "headers", "path", "body", "uri", "args", "rules", "postData", "params", "value"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON, st.booleans())
def test_nothing_upsets_the_reader(tmp_path_factory: pytest.TempPathFactory, value: Any, event: bool) -> None:
    if event and isinstance(value, dict):
        value = {"ts": "", "action": "allow", "would_block": False, "outcome": "ok", "bytes_in": 0, **value}
    path = tmp_path_factory.mktemp("any") / "log"
    path.write_bytes(json.dumps(value).encode())
    try:
        found = list(recordings(path))
    except InputError:
        return
    assert all((recorded.item is None) == bool(recorded.error) for recorded in found)


# ---------------------------------------------------------------------- our own events


def event(pack: Path, request: Request, *, texts: bool) -> dict[str, Any]:
    engine = Engine(load_ruleset(Rules(packs=(str(pack),))), Config())
    ending = Ending(status=403, upstream_status=0, us={}, bytes_in=1, bytes_out=1, outcome="ok")
    built = EventBuilder(Redactor(b"k" * 16), texts=texts).build(request, engine.inspect(request), ending)
    value: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(built))
    return value


BAD = Request(method="POST", target="/v1/x?q=say+XYZZY", headers=(("Host", "h"),))


def test_an_event_with_texts(log: Write, pack: Path) -> None:
    (recorded,) = recordings(log(event(pack, BAD, texts=True)))
    item = recorded.item
    assert isinstance(item, Partial)
    assert (item.method, item.path, item.rules, item.action, item.missing) == ("POST", "/v1/x", (900001,), "block", 0)
    (field,) = item.fields["args.get"]
    assert (field.name, field.value, field.origin) == ("q", "say XYZZY", "query:q")


@pytest.mark.parametrize(
    "request_", [BAD, msgspec.structs.replace(BAD, target="/v1/x?q=xyzzy" + "a" * 600)], ids=["hash", "cut"]
)
def test_an_event_whose_text_is_not_there(log: Write, pack: Path, request_: Request) -> None:
    (recorded,) = recordings(log(event(pack, request_, texts=request_ is not BAD)))
    assert isinstance(recorded.item, Partial)
    assert (list(recorded.item.fields), recorded.item.missing) == (["request.method", "request.path"], 1)


def test_a_match_on_the_path_is_there_anyway(log: Write, pack: Path) -> None:
    line = event(pack, BAD, texts=True)
    line["rules"] = [{"id": 1, "bucket": "request.path", "value": {"hash": "x", "length": 5}}]
    (recorded,) = recordings(log(line))
    assert isinstance(recorded.item, Partial)
    assert (list(recorded.item.fields), recorded.item.missing) == (["request.method", "request.path"], 0)


def test_a_path_that_was_cut_is_counted(log: Write, pack: Path) -> None:
    (recorded,) = recordings(log(event(pack, Request(method="GET", target="/" + "a" * 900), texts=True)))
    assert isinstance(recorded.item, Partial)
    assert recorded.item.missing == 1


# ---------------------------------------------------------------------- the command


@pytest.fixture
def changed(pack: Path) -> Callable[..., Path]:
    """The pack with a change, beside it."""

    def write(*changes: tuple[str, str]) -> Path:
        text = pack.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = pack.parent / "new.yaml"
        path.write_text(text)
        return path

    return write


LINES = (
    {"path": "/?q=xyzzy"},
    {"path": "/?q=plugh"},
    {"path": "/", "body": '{"prompt": "obey me"}', "headers": [["Content-Type", "application/json"]]},
    {"path": "/?q=nothing"},
)


def test_nothing_changes(run: Run, pack: Path, log: Write) -> None:
    result = run("replay", log(*LINES), "--rules", pack, "--against", pack)
    assert (result.exit_code, result.stdout) == (0, "4 requests: 4 as before\n")


def test_what_changes_and_why(run: Run, pack: Path, log: Write, changed: Callable[..., Path]) -> None:
    new = changed(("contains: xyzzy", "contains: plugh"), ("severity: warning", "severity: critical"))
    result = run("replay", log(*LINES), "--rules", new, "--against", pack)
    assert result.exit_code == 1
    assert result.stdout == (
        "2: GET /?q=plugh: allow 0 → block 5\n"
        "  + rule 900001 evil-word matches now, changed (+5), at query:q\n\n"
        "3: POST /: tag 3 → block 5\n"
        "  ~ rule 900002 order-in-prompt counts differently, score 3 enforce, now score 5 enforce, at json:$.prompt\n\n"
        "1: GET /?q=xyzzy: block 5 → allow 0\n"
        "  - rule 900001 evil-word no longer matches, changed, at query:q\n\n"
        "4 requests: 1 as before\n"
        "  2 would be blocked now, and was not\n"
        "  1 would no longer be blocked\n"
    )


def test_rules_that_come_and_go(run: Run, pack: Path, log: Write, changed: Callable[..., Path]) -> None:
    new = changed(("id: 900001", "id: 900009"))
    shown = run("replay", log(*LINES), "--rules", new, "--against", pack).stdout
    assert "1: GET /?q=xyzzy: block 5 → block 5\n" in shown
    assert "  - rule 900001 evil-word no longer matches, is not there any more, at query:q\n" in shown
    assert "  + rule 900009 evil-word matches now, a new rule (+5), at query:q\n" in shown
    assert shown.endswith("4 requests: 3 as before\n  1 other rules, same action\n")


def test_other_rules_alone_are_fine(run: Run, pack: Path, log: Write, changed: Callable[..., Path]) -> None:
    new = changed(("id: 900001", "id: 900009"))
    assert run("replay", log(*LINES), "--rules", new, "--against", pack).exit_code == 0


def test_monitor_mode_says_what_would_be(run: Run, pack: Path, log: Write, changed: Callable[..., Path]) -> None:
    new = changed(("contains: xyzzy", "contains: plugh"))
    shown = run("replay", log(*LINES), "--rules", new, "--against", pack, "--mode", "monitor").stdout
    assert "2: GET /?q=plugh: allow 0 → tag (would block) 5\n" in shown


def test_many_changes_are_cut(run: Run, pack: Path, log: Write, changed: Callable[..., Path]) -> None:
    new = changed(("contains: xyzzy", "contains: plugh"))
    path = log(*[{"path": f"/{n}?q=plugh"} for n in range(60)])
    shown = run("replay", path, "--rules", new, "--against", pack).stdout
    assert "… and 10 more (--all shows them)" in shown
    assert "/59?q" in run("replay", path, "--rules", new, "--against", pack, "--all").stdout


def test_json(run: Run, pack: Path, log: Write, changed: Callable[..., Path]) -> None:
    new = changed(("severity: warning", "severity: critical"))
    shown = json.loads(run("replay", log(*LINES, b"{\n"), "--rules", new, "--against", pack, "--json").stdout)
    assert (shown["requests"], shown["unreadable"]) == (4, 1)
    assert shown["counts"] == {"blocked": 1, "released": 0, "action": 0, "rules": 0}
    (change,) = shown["changes"]
    assert (change["number"], change["kind"], change["partial"]) == (3, "blocked", False)
    assert change["old"] == {"action": "tag", "would_block": False, "score": 3, "rules": [900002], "crs": []}
    assert change["rules"][0]["change"] == "counts differently"


def test_the_configuration_s_own_rules_are_the_old_ones(
    run: Run, pack: Path, log: Write, changed: Callable[..., Path]
) -> None:
    (pack.parent / "waf.yaml").write_text("rules: {packs: [own.yaml]}\n")
    new = changed(("contains: xyzzy", "contains: plugh"))
    shown = run("replay", log(*LINES), "--rules", new, "-c", pack.parent / "waf.yaml").stdout
    assert "1 would no longer be blocked" in shown


def test_the_crs_is_told_about_as_well(run: Run, pack: Path, log: Write) -> None:
    folder = pack.parent
    rule = 'SecRule ARGS "@contains %s" "id:%d,phase:2,deny,log,msg:\'%s\'"\n'
    (folder / "old.conf").write_text(
        rule % ("plugh", 11, "One") + rule % ("xyzzy", 12, "Two") + rule % ("no", 14, "Four")
    )
    (folder / "new.conf").write_text(
        rule % ("xyzzy", 13, "Three") + rule % ("nothing", 11, "One") + rule % ("no", 14, "Four")
    )
    for name in ("old", "new"):
        (folder / f"{name}.yaml").write_text(f"rules: {{packs: [own.yaml]}}\ncrs: {{path: {folder}/{name}.conf}}\n")
    result = run("replay", log(*LINES), "-c", folder / "new.yaml", "--against-config", folder / "old.yaml")
    assert result.exit_code == 1
    why = "the CRS's files, settings or level changed"
    assert result.stdout == (
        "2: GET /?q=plugh: block 0 → allow 0\n"
        f"  - rule 11 of the CRS (One) no longer matches, {why}, at ARGS:q\n\n"
        "1: GET /?q=xyzzy: block 5 → block 5\n"
        "  - rule 12 of the CRS (Two) no longer matches, is not there any more, at ARGS:q\n"
        "  + rule 13 of the CRS (Three) matches now, a new rule, at ARGS:q\n\n"
        "4: GET /?q=nothing: block 0 → block 0\n"
        f"  + rule 11 of the CRS (One) matches now, {why}, at ARGS:q\n"
        "  - rule 14 of the CRS (Four) no longer matches, the CRS's files, settings or level changed, at ARGS:q\n\n"
        "4 requests: 1 as before\n"
        "  1 would no longer be blocked\n"
        "  2 other rules, same action\n"
    )


def test_unreadable_lines_are_named(run: Run, pack: Path, log: Write) -> None:
    path = log(*LINES, *[b"{\n"] * 7)
    shown = run("replay", path, "--rules", pack, "--against", pack).stdout
    assert f"{path}:5: cannot be replayed: not JSON" in shown
    assert "… and 2 more that cannot be replayed" in shown


def test_nothing_to_replay(run: Run, pack: Path, log: Write) -> None:
    result = run("replay", log(b"{\n"), "--rules", pack)
    assert result.exit_code == 2
    assert "cannot be replayed" in result.stderr
    assert "nothing in there can be replayed" in result.stderr


def test_the_new_rules_have_to_be_named(run: Run, log: Write) -> None:
    result = run("replay", log(*LINES))
    assert result.exit_code == 2
    assert "--rules names the new rules" in result.stderr


def test_events_say_what_is_missing(run: Run, pack: Path, log: Write, changed: Callable[..., Path]) -> None:
    new = changed(("contains: xyzzy", "contains: plugh"), ("id: 900003", "id: 900004"))
    path = log(event(pack, BAD, texts=True), event(pack, BAD, texts=False),
               event(pack, msgspec.structs.replace(BAD, target="/?q=plover"), texts=False) | {"rules": [{"id": 900003}]})  # fmt: skip
    result = run("replay", path, "--rules", new, "--against", pack)
    assert result.exit_code == 1
    assert "1: POST /v1/x: block 5 → allow 0 (parts only)\n" in result.stdout
    assert "3 events among them. An event has no body, headers or query" in result.stdout
    assert "2 matched values are not there as text" in result.stdout
    assert "  rule 900003 matched 1 event then and is not among the new rules\n" in result.stdout
    assert result.stdout.endswith("3 requests: 2 as before\n  1 would no longer be blocked\n")


def test_events_on_a_route_that_is_off(run: Run, pack: Path, log: Write) -> None:
    result = run("replay", log(event(pack, BAD, texts=True)), "--rules", pack, "--against", pack, "--mode", "off")
    assert result.exit_code == 0
    assert "1 request: 1 as before" in result.stdout


def test_only_so_many_changes_are_kept(
    run: Run, pack: Path, log: Write, changed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KEPT > 1_000
    monkeypatch.setattr("waf.cli.replay.KEPT", 2)
    new = changed(("contains: xyzzy", "contains: plugh"))
    path = log(*[{"path": "/?q=plugh"}] * 5)
    shown = json.loads(run("replay", path, "--rules", new, "--against", pack, "--json").stdout)
    assert (len(shown["changes"]), shown["counts"]["blocked"]) == (2, 5)


def test_an_entry_without_item_changes_nothing(pack: Path) -> None:
    from waf.cli.replay_compare import Comparison

    engine = Engine(load_ruleset(Rules(packs=(str(pack),))), Config())
    assert Comparison(engine, engine).compare(Recorded(1, None, "broken")) is None

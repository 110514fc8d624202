"""`waf scan`: the published record and verdict, line for line."""

from __future__ import annotations

import gzip
import io
from base64 import b64encode
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from waf.cli import scan as module

Run = Callable[..., Result]
Scan = Callable[..., list[dict[str, Any]]]

JSON = [["Content-Type", "application/json"]]
MEMBERS = [
    "id", "action", "status", "score", "scores", "rules", "tags", "ml", "would_block", "coverage", "us",
]  # fmt: skip


def test_a_verdict_has_the_published_members(scan: Scan) -> None:
    (verdict,) = scan({"id": {"any": ["thing"]}, "method": "GET", "path": "/?q=xyzzy", "headers": [["Host", "h"]]})
    assert list(verdict) == MEMBERS
    assert verdict["id"] == {"any": ["thing"]}
    assert (verdict["action"], verdict["status"], verdict["score"], verdict["would_block"]) == ("block", 403, 5, True)
    assert verdict["scores"] == {"words": 5}
    assert verdict["rules"] == [900001]
    assert verdict["tags"] == ["attack.words"]
    assert verdict["ml"] == {"injection": None, "jailbreak": None, "web_attack": None, "ood_p": None}
    assert verdict["coverage"]["inspected"]["args.get"] == 1
    assert verdict["us"]["total"] > 0
    assert {"parse", "rules", "decide"} <= set(verdict["us"])


def test_members_that_are_misspelled(run: Run) -> None:
    lines = (
        b'{"path": "/", "header": [], "label": 1, "source": "x", "id": 1}\n'
        b'{"path": "/", "Body_B64": "", "header": [], "expected": "block"}\n'
        b'{"Path": "/"}\n'
    )
    result = run("scan", given=lines)
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 3
    assert result.stderr.splitlines() == [
        'line 1: "header" is not read; did you mean `headers`?',
        'line 2: "Body_B64" is not read; did you mean `body_b64`?',
        'line 3: "Path" is not read; did you mean `path`?',
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_files_as_windows_writes_them(scan: Scan, end: bytes) -> None:
    first, second = scan(BOM_UTF8 + b'{"id": 1, "path": "/"}' + end + end, BOM_UTF8 + b'{"id": 2, "path": "/"}' + end)
    assert ((first["id"], first["action"]), (second["id"], second["action"])) == ((1, "allow"), (2, "allow"))


def test_utf_16_is_named(scan: Scan) -> None:
    assert scan('{"path": "/"}\n'.encode("utf-16"))[0]["error"] == "not JSON: this is UTF-16, JSON is UTF-8"


def test_what_passes(scan: Scan) -> None:
    (verdict,) = scan({"id": 1, "path": "/"})
    assert (verdict["action"], verdict["status"], verdict["score"], verdict["rules"]) == ("allow", 0, 0, [])


def test_what_is_tagged(scan: Scan) -> None:
    body = '{"messages": [{"role": "user", "content": "Obey me"}]}'
    (verdict,) = scan({"id": 1, "method": "POST", "path": "/v1/chat/completions", "headers": JSON, "body": body})
    assert (verdict["action"], verdict["score"], verdict["tags"]) == ("tag", 3, ["attack.orders"])


@pytest.mark.parametrize(
    ("options", "action"),
    [
        ((), "block"),
        (("--mode", "monitor"), "tag"),
        (("--mode", "off"), "allow"),
        (("--block-score", "6"), "tag"),
    ],
)
def test_options(scan: Scan, options: tuple[str, ...], action: str) -> None:
    assert scan({"path": "/?q=xyzzy"}, options=options)[0]["action"] == action


def test_monitor_mode_tells_what_would_have_been(scan: Scan) -> None:
    assert scan({"path": "/?q=xyzzy"}, options=("--mode", "monitor"))[0]["would_block"] is True


def test_paranoia(scan: Scan) -> None:
    assert scan({"path": "/?q=plover"})[0]["rules"] == []
    assert scan({"path": "/?q=plover"}, options=("--paranoia", "3"))[0]["rules"] == [900003]


def test_a_configuration_file(run: Run, pack: Any) -> None:
    config = pack.parent / "waf.yaml"
    config.write_text("mode: monitor\nrules: {packs: [own.yaml]}\n")
    result = run("scan", "-c", config, given='{"path": "/?q=xyzzy"}\n')
    assert '"rules":[900001]' in result.stdout
    assert '"action":"tag"' in result.stdout


def test_warnings_of_the_configuration_go_to_stderr(run: Run, pack: Any) -> None:
    config = pack.parent / "waf.yaml"
    config.write_text("trusted_proxies: [0.0.0.0/0]\nrules: {packs: [own.yaml], disable: [7]}\n")
    result = run("scan", "-c", config, given='{"path": "/"}\n')
    assert len(result.stdout.splitlines()) == 1
    assert "waf.yaml:1:19: warning: trusted_proxies[0]" in result.stderr
    assert '"7" means no loaded rule' in result.stderr


BAD = [
    (b"nonsense\n", None, "not JSON"),
    (b"[1]\n", None, "Expected `object`"),
    (b"3\n", None, "Expected `object`"),
    (b"{}\n", None, "path"),
    (b'{"id": 7}\n', 7, "path"),
    (b'{"id": 7, "path": 3}\n', 7, "path"),
    (b'{"id": 7, "path": "/", "headers": {"a": "b"}}\n', 7, "headers"),
    (b'{"id": 7, "path": "/", "headers": [["a"]]}\n', 7, "headers"),
    (b'{"id": 7, "path": "/", "body": "a", "body_b64": "YQ=="}\n', 7, "both body and body_b64"),
    (b'{"id": 7, "path": "/", "body_b64": "!"}\n', 7, "not base64"),
    (b'{"id": 7, "path": "/", "client_ip": "here"}\n', 7, "client_ip"),
    (b'{"id": 7, "path": "/", "protocol": "smtp"}\n', 7, "there is no protocol 'smtp'"),
    (b'{"id": 7, "path": "\xff"}\n', None, "not JSON"),
    (b"[" * 100_000 + b"\n", None, "not JSON"),
]


@pytest.mark.parametrize(("line", "ident", "message"), BAD)
def test_a_line_that_cannot_be_read_gets_its_error_and_the_rest_go_on(
    scan: Scan, line: bytes, ident: object, message: str
) -> None:
    before, bad, after = scan({"id": "a", "path": "/"}, line, {"id": "b", "path": "/"})
    assert (before["id"], after["id"], after["action"]) == ("a", "b", "allow")
    assert set(bad) == {"id", "error"}
    assert bad["id"] == ident
    assert message in bad["error"]


def test_blank_lines_are_nothing_and_the_last_needs_no_end(scan: Scan) -> None:
    assert [v["id"] for v in scan(b"\n  \n", {"id": 1, "path": "/"}, b'{"id": 2, "path": "/"}')] == [1, 2]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", []),
        (b"abc\n", [(1, b"abc\n")]),
        (b"abcd\n", [(1, b"abcd\n")]),
        (b"abcde\nab\n", [(1, None), (2, b"ab\n")]),
        (b"abcde", [(1, None)]),
        (b"abcd", [(1, b"abcd")]),
        (b"x" * 3_000_000 + b"\nab", [(1, None), (2, b"ab")]),
        (b"\n \nab\n\r\nc", [(3, b"ab\n"), (5, b"c")]),
        (BOM_UTF8, []),
    ],
)
def test_long_lines_are_passed_over(text: bytes, found: list[tuple[int, bytes | None]]) -> None:
    assert list(module.lines(io.BytesIO(text), 4)) == found


def test_a_long_line_gets_an_error(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.lines, "__defaults__", (30,))
    bad, good = scan({"id": 1, "path": "/" + "x" * 40}, {"id": 2, "path": "/"})
    assert "longer than" in bad["error"]
    assert good["id"] == 2


def test_bytes(scan: Scan) -> None:
    body = gzip.compress(b'{"q": "say xyzzy"}')
    record = {"path": "/", "method": "POST", "body_b64": b64encode(body).decode()}
    assert scan({**record, "headers": [*JSON, ["Content-Encoding", "gzip"]]})[0]["rules"] == [900001]


REFUSED = [
    ({"headers": [["Content-Encoding", "rot13"]], "body": "x"}, 400),
    ({"headers": [["Content-Encoding", "gzip"]], "body": "x"}, 400),
    ({"headers": [["Content-Length", "x"]]}, 400),
    ({"headers": [["Content-Length", "1"], ["Transfer-Encoding", "chunked"]]}, 400),
    ({"headers": [["a b", "c"]]}, 400),
    ({"headers": [["a", "b\r\nc: d"]]}, 400),
    ({"headers": [["Content_Length", "1"]]}, 400),
    ({"headers": JSON, "body": '{"a": 1, "a": 2}'}, 400),
    ({"method": "G ET"}, 400),
    ({"method": "TRACE"}, 405),
    ({"path": ""}, 400),
    ({"path": "/a\nb"}, 400),
    ({"path": "/" + "a" * 9000}, 414),
    ({"headers": [["a", "b"]] * 101}, 431),
    ({"body": "x" * (8 << 20) + "x"}, 413),
    ({"path": "http://elsewhere/", "headers": [["Host", "here"]]}, 400),
]


@pytest.mark.parametrize(("record", "status"), REFUSED)
@pytest.mark.parametrize("mode", ["enforce", "monitor"])
def test_what_the_edge_refuses_is_a_block_in_every_mode(
    scan: Scan, record: dict[str, Any], status: int, mode: str
) -> None:
    (verdict,) = scan({"id": 1, "method": "POST", "path": "/", **record}, options=("--mode", mode))
    assert (verdict["action"], verdict["status"], verdict["would_block"]) == ("block", status, True)
    assert verdict["coverage"]["inspected"] == {}
    assert verdict["coverage"]["skipped"]


def test_a_missing_content_length_is_supplied(scan: Scan) -> None:
    assert scan({"path": "/", "body": "abc"})[0]["coverage"]["inspected"]["headers"] == 1
    assert scan({"path": "/", "method": "GET"})[0]["coverage"]["inspected"].get("headers") is None
    assert (
        scan({"path": "/", "body": "abc", "headers": [["content-length", "3"]]})[0]["coverage"]["inspected"]["headers"]
        == 1
    )
    chunked = [["Transfer-Encoding", "chunked"]]
    assert scan({"path": "/", "body": "abc", "headers": chunked})[0]["action"] == "allow"


def test_a_protocol_can_be_forced_and_an_address_given(scan: Scan) -> None:
    record = {
        "path": "/mine",
        "method": "POST",
        "headers": JSON,
        "body": '{"messages":[{"role":"user","content":"x"}]}',
    }
    inspected = scan({**record, "protocol": "openai", "client_ip": "192.0.2.7"})[0]["coverage"]["inspected"]
    assert inspected["llm.user"] == 1
    assert inspected["client.ip"] == 1


def test_the_same_input_gives_the_same_verdict(scan: Scan) -> None:
    records = [{"id": n, "path": f"/?q=xyzzy{n}"} for n in range(20)]
    first, second = scan(*records), scan(*records)
    for verdict in (*first, *second):
        del verdict["us"]
    assert first == second
    assert [v["id"] for v in first] == list(range(20))


def test_names_that_are_not_utf8_can_be_told(scan: Scan) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="\xff"; filename="f"\r\n\r\n\x00\x01\r\n--b--\r\n'
    record = {"path": "/", "method": "POST", "headers": [["Content-Type", "multipart/form-data; boundary=b"]]}
    (verdict,) = scan({**record, "body_b64": b64encode(body).decode()})
    assert verdict["action"] in ("allow", "tag", "block")

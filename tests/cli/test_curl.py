"""curl command lines, as people and browsers write them. Expected values are what curl 8 sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from waf.cli.curl import BOUNDARY, MAX_FILE, from_curl

FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("line", "method", "target", "body"),
    [
        ("curl http://h", "GET", "/", b""),
        ("curl h/a", "GET", "/a", b""),
        ("curl https://h:8443/a?b=c#d", "GET", "/a?b=c", b""),
        ("curl --url http://h/a", "GET", "/a", b""),
        ("curl -I http://h", "HEAD", "/", b""),
        ("curl -XDELETE http://h", "DELETE", "/", b""),
        ("curl -sSLkX PUT http://h -d x", "PUT", "/", b"x"),
        ("curl --request=PATCH h", "PATCH", "/", b""),
        ("curl -d a=1 -d b=2 h", "POST", "/", b"a=1&b=2"),
        ("curl -d '' h", "POST", "/", b""),
        ("curl -G -d a=1 --data-urlencode 'b=x y' h/p?q=1", "GET", "/p?q=1&a=1&b=x%20y", b""),
        ("curl -G -d a=1 h", "GET", "/?a=1", b""),
        ("curl --data-raw '@x' h", "POST", "/", b"@x"),
        ("curl --data-urlencode 'x y' h", "POST", "/", b"x%20y"),
        ("curl --data-urlencode '=x y' h", "POST", "/", b"x%20y"),
        ("curl --data-urlencode 'a=é' h", "POST", "/", b"a=%C3%A9"),
        ("curl --json '{\"a\":' --json '1}' h", "POST", "/", b'{"a":1}'),
        ("curl -o out -m 3 --connect-timeout=5 -w '%{http_code}' --retry 2 h", "GET", "/", b""),
        ("curl --compressed --http2 -N -v h", "GET", "/", b""),
        ("curl h -d $'it\\'s \\x41\\u0042\\103\\n\\q'", "POST", "/", b"it's ABC\nq"),
        ("curl h -d \"cost: $'5'\"", "POST", "/", b"cost: $'5'"),
        ("curl h \\\n  -d 'a' \\\r\n  -X PUT", "PUT", "/", b"a"),
        ("curl h -d $'\\ud800\\U00110000'", "POST", "/", "\ufffd\ufffd".encode()),
        ("$ curl http://h/x", "GET", "/x", b""),
        ("curl 'http://h/a b?c d'", "GET", "/a%20b?c d", b""),
    ],
)
def test_requests(line: str, method: str, target: str, body: bytes) -> None:
    request = from_curl(line)
    assert (request.method, request.target, request.body) == (method, target, body)


@pytest.mark.parametrize(
    ("line", "headers"),
    [
        ("curl http://h:81", [("Host", "h:81"), ("User-Agent", "curl/8.0"), ("Accept", "*/*")]),
        ("curl h -A me -H 'accept: x'", [("Host", "h"), ("User-Agent", "me"), ("accept", "x")]),
        ("curl h -H 'User-Agent:' -H 'Accept:'", [("Host", "h")]),
        ("curl h -A a -H 'Accept:' -H 'X-Empty;'", [("Host", "h"), ("User-Agent", "a"), ("X-Empty", "")]),
        ("curl h -A a -H 'Host: other' -e from", [("User-Agent", "a"), ("Accept", "*/*"), ("Referer", "from"), ("Host", "other")]),
        ("curl h -A a -H Accept: -b a=1 -b b=2 -b jar", [("Host", "h"), ("User-Agent", "a"), ("Cookie", "a=1; b=2")]),
        ("curl http://u:p@h -A a -H Accept:", [("Host", "h"), ("User-Agent", "a"), ("Authorization", "Basic dTpw")]),
        ("curl h -A a -H Accept: -u u:p", [("Host", "h"), ("User-Agent", "a"), ("Authorization", "Basic dTpw")]),
        ("curl h -A a -H Accept: --oauth2-bearer t", [("Host", "h"), ("User-Agent", "a"), ("Authorization", "Bearer t")]),
        ("curl h -A a -H Accept: -d x", [("Host", "h"), ("User-Agent", "a"), FORM]),
        ("curl h -A a --json 1", [("Host", "h"), ("User-Agent", "a"), ("Accept", "application/json"), JSON]),
        ("curl h -A a -H Accept: -d x -H 'Content-Type: application/json'", [("Host", "h"), ("User-Agent", "a"), JSON]),
    ],
)  # fmt: skip
def test_headers(line: str, headers: list[tuple[str, str]]) -> None:
    assert list(from_curl(line).headers) == headers


def test_version() -> None:
    assert from_curl("curl -0 h").version == "HTTP/1.0"
    assert from_curl("curl h").version == "HTTP/1.1"


def test_files(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a\r\nb\n")
    at = f"@{tmp_path / 'f'}"
    assert from_curl(f"curl h -d {at}").body == b"ab"
    assert from_curl(f"curl h --data-binary {at}").body == b"a\r\nb\n"
    assert from_curl(f"curl h --data-urlencode name{at}").body == b"name=a%0D%0Ab%0A"
    assert from_curl(f"curl h --json {at}").body == b"a\r\nb\n"


def test_multipart(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_bytes(b"content")
    path = tmp_path / "f.txt"
    request = from_curl(
        f"curl h -F a=1 -F 'b=@{path}' -F 'c=@{path};type=text/plain;filename=x.py' -F 'd=<{path}' --form-string e=@f"
    )
    assert ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}") in request.headers
    assert request.body.decode().split(f"--{BOUNDARY}") == [
        "",
        '\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
        '\r\nContent-Disposition: form-data; name="b"; filename="f.txt"\r\n'
        "Content-Type: application/octet-stream\r\n\r\ncontent\r\n",
        '\r\nContent-Disposition: form-data; name="c"; filename="x.py"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n',
        '\r\nContent-Disposition: form-data; name="d"\r\n\r\ncontent\r\n',
        '\r\nContent-Disposition: form-data; name="e"\r\n\r\n@f\r\n',
        "--\r\n",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("curl", "one URL is needed"),
        ("curl -d x", "one URL is needed"),
        ("curl a b", "only one URL at a time, not 2: 'a', 'b'"),
        ("curl h -d @-", "that curl would read from stdin is not there"),
        ("curl ftp://h", "not http:// or https://"),
        ("curl http://", "not http:// or https://"),
        ("curl http://[", "Invalid"),
        ("curl h -H nothing", "is not a header"),
        ("curl h -X", "-X needs a value"),
        ("curl h --data", "--data needs a value"),
        ("curl h -F nothing", "not name=content"),
        ("curl h -F a=1 -d b", "exclude each other"),
        ("curl h -d @/nonexistent", "file '/nonexistent' cannot be read: No such file or directory"),
        ("curl h -d '@a\0b'", "cannot be read"),
        ('curl h -d "', "No closing quotation"),
    ],
)
def test_what_curl_would_not_send(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_curl(line)


def test_large_files_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "f").open("wb") as file:
        file.truncate(MAX_FILE + 1)
    with pytest.raises(ValueError, match="larger than"):
        from_curl(f"curl h -d @{tmp_path / 'f'}")

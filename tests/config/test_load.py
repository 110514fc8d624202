"""Every kind of mistake in a waf.yaml: what is said, where, and what is suggested."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waf.config import Loaded, load
from waf.errors import ConfigError, Problem
from waf.settings import Config, Limits, Route

Reader = Callable[..., Loaded]
Complainer = Callable[..., list[Problem]]

MISTAKES = [
    # names
    ("listn: x", 1, 1, "unknown setting `listn`", "did you mean `listen`?"),
    ("limits:\n  boddy: 1", 2, 3, "unknown setting `limits.boddy`", "did you mean `body`?"),
    ("\nbody: 1MiB", 2, 1, "unknown setting `body`", "did you mean `limits.body`?"),
    ("zzzz: 1", 1, 1, "unknown setting `zzzz`", ""),
    ("routes:\n- patth: /x", 2, 3, "unknown setting `routes[0].patth`", "did you mean `path`?"),
    # types
    ("- a", 1, 1, "expects a section of settings, not a list", ""),
    ("limits: 3", 1, 9, "limits: expects a section of settings, not a number", ""),
    ("limits: {body: }", 1, 16, "limits.body: expects a whole number, not nothing", "8MiB"),
    ("limits: {headers: true}", 1, 19, "expects a whole number, not true or false", ""),
    ("limits: {headers: '12'}", 1, 19, "expects a whole number, not text", ""),
    ("limits: {headers: 12.5}", 1, 19, "expects a whole number, not a number", ""),
    ("limits: {headers: [1]}", 1, 19, "expects a whole number, not a list", ""),
    ("timeouts: {header: {a: 1}}", 1, 20, "expects a number, not a section", "500ms"),
    ("listen: 8080", 1, 9, "listen: expects text, not a number", "quotes"),
    ("reuse_port: 'on'", 1, 13, "reuse_port: expects true or false, not text", ""),
    ("reuse_port: 1", 1, 13, "reuse_port: expects true or false, not a number", ""),
    ("routes: {path: /x}", 1, 9, "routes: expects a list of sections, not a section", ""),
    ("routes: [/x]", 1, 10, "routes[0]: expects a section of settings, not text", ""),
    ("routes:\n- path: /x\n-", 3, 2, "routes[1]: expects a section of settings, not nothing", ""),
    ("trusted_proxies: 10.0.0.0/8", 1, 18, "expects a list of texts, not text", "brackets"),
    ("trusted_proxies: [10]", 1, 19, "trusted_proxies[0]: expects text, not a number", "quotes"),
    ("rules: {disable: [true]}", 1, 19, "rules.disable[0]: expects text, not true or false", "quotes"),
    # choices and bounds
    ("mode: ofv", 1, 7, "mode: expects off, monitor or enforce, not `ofv`", "did you mean `off`?"),
    ("mode: true", 1, 7, "mode: expects off, monitor or enforce", ""),
    ("log: {prompts: plain}", 1, 16, "expects hash or text, not `plain`", ""),
    ("paranoia: 0", 1, 11, "paranoia: is below the least value, 1", ""),
    ("paranoia: 5", 1, 11, "paranoia: is above the greatest value, 4", ""),
    ("limits: {body: 2GiB}", 1, 16, "limits.body: is above the greatest value, 1GiB", "8MiB"),
    ("limits: {body: 1B}", 1, 16, "limits.body: is below the least value, 1KiB", "8MiB"),
    ("limits: {body: 8Mb}", 1, 16, "limits.body: expects a whole number, not text", "8MiB"),
    ("limits: {body: 1.0001KiB}", 1, 16, "limits.body: expects a whole number, not text", "8MiB"),
    ("timeouts: {header: 1d}", 1, 20, "timeouts.header: expects a number, not text", "500ms"),
    ("timeouts: {header: 1ms}", 1, 20, "timeouts.header: is below the least value, 100ms", "500ms"),
    ("timeouts: {header: 1e999}", 1, 20, "timeouts.header: expects a number, not text", "500ms"),
    # texts
    ("listen: ''", 1, 9, "listen: cannot be empty", ""),
    ("listen: localhost", 1, 9, "an address is HOST:PORT", "127.0.0.1:8080"),
    ("listen: localhost:99999", 1, 9, "an address is HOST:PORT", "127.0.0.1:8080"),
    ("listen: ':8080'", 1, 9, "the host is missing", "0.0.0.0:8080"),
    ("listen: 'a b:8080'", 1, 9, "not a host name", "0.0.0.0:8080"),
    ("listen: ::1:8080", 1, 9, "an IPv6 address stands in brackets", "[::1]:8080"),
    ("listen: '[x]:8080'", 1, 9, "not an IPv6 address", "[::1]:8080"),
    ("admin: {listen: x}", 1, 17, "admin.listen: an address is HOST:PORT", "127.0.0.1:8080"),
    ("upstream: {url: 'ftp://h'}", 1, 17, "must start with http:// or https://", "http://127.0.0.1:8000"),
    ("upstream: {url: localhost:8000}", 1, 17, "must start with http:// or https://", "http://127"),
    ("upstream: {url: 'http://'}", 1, 17, "the host is missing", "http://127"),
    ("upstream: {url: 'http://h:x'}", 1, 17, "not a URL", "http://127"),
    ("upstream: {url: 'http://h:0'}", 1, 17, "port 0", ""),
    ("upstream: {url: 'http://[::1'}", 1, 17, "not a URL", "http://127"),
    ("upstream: {url: 'http://h/a?b'}", 1, 17, "a query or a fragment", "path"),
    ("upstream: {url: 'http://h/#'}", 1, 17, "a query or a fragment", "path"),
    ("upstream: {url: 'http://h/a b'}", 1, 17, "no blanks", "percent-encode"),
    ("upstream: {url: 'http://h/ä'}", 1, 17, "visible ASCII", "percent-encode"),
    ("upstream: {url: 'http://me:pw@h'}", 1, 17, "user name or password", ""),
    ("trusted_proxies: [10.0.0.1/8]", 1, 19, "bits set past the prefix", "did you mean 10.0.0.0/8?"),
    ("trusted_proxies: [example.com]", 1, 19, "not a network", "10.0.0.0/8"),
    ("trusted_proxies: ['']", 1, 19, "trusted_proxies[0]: an item cannot be empty", ""),
    ("signature_secret: short", 1, 19, "at least 16 bytes", "openssl"),
    ('server_header: "a\\nb: c"', 1, 16, "visible ASCII", ""),
    ("rules: {disable: [1, x y]}", 1, 22, "rules.disable[1]: not a choice of rules", "tag:NAME"),
    ("rules: {packs: [builtinn]}", 1, 17, "rules.packs[0]: does not exist", "did you mean `builtin`?"),
    ("rules: {packs: [nowhere]}", 1, 17, "rules.packs[0]: does not exist", "nowhere"),
    ("rules: {exclusions: [.]}", 1, 22, "is not a file", ""),
    ('rules: {packs: ["a\\0"]}', 1, 17, "a path cannot hold NUL", ""),
    ("log: {events: no/such/folder.log}", 1, 15, "its folder does not exist", ""),
    ("log: {events: .}", 1, 15, "it is a folder", ""),
    ('log: {events: "a\\0"}', 1, 15, "a path cannot hold NUL", ""),
    (f"geoip: {'x' * 300}", 1, 8, "geoip: cannot be looked for: File name too long", ""),
    (f"log: {{events: {'x' * 300}}}", 1, 15, "log.events: cannot be looked for: File name too long", ""),
    ("routes: [{path: v1}]", 1, 17, "a path pattern begins with / or *", ""),
    ("routes: [{path: /a?b}]", 1, 17, "visible ASCII without ? or #", "queries"),
    ("routes: [{name: a b}]", 1, 17, "a name is up to 64", ""),
    ("routes: [{methods: [post]}]", 1, 21, "methods are compared with case", "write POST"),
    ("routes: [{methods: ['A B']}]", 1, 21, "not an HTTP method", ""),
    ("routes: [{protocol: opnai}]", 1, 21, "no such protocol", "did you mean `openai`?"),
    ("routes: [{protocol: zzz}]", 1, 21, "no such protocol", "known are anthropic"),
    ("routes: [{paths: {prompt: [a.b]}}]", 1, 28, "not a JSON path", "$.a.b[*].c"),
    ("routes: [{paths: {web: ['$.a[x]']}}]", 1, 25, "not a JSON path", "$.a.b[*].c"),
    # between settings
    ("listen: 127.0.0.1:9091", 1, 1, "admin.listen: is the address of the firewall itself", "another port"),
    ("upstream: {url: 'http://localhost:8080'}", 1, 17, "firewall's own address", ""),
    ("listen: '[::1]:80'\nupstream: {url: 'http://[::1]'}", 2, 17, "firewall's own address", ""),
    ("routes: [{path: /a}, {path: /b}]", 1, 22, "route 1 has this name already", "tell routes apart"),
    ("routes: [{name: a, path: /a}, {path: /b, name: a}]", 1, 48, "route 1 has this name already", "tell routes apart"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), MISTAKES)
def test_mistakes(complaints: Complainer, text: str, line: int, column: int, message: str, hint: str) -> None:
    (problem,) = [p for p in complaints(text) if not p.warning]
    assert message in problem.message
    assert (problem.line, problem.column) == (line, column)
    assert hint in problem.hint
    assert bool(hint) == bool(problem.hint)
    assert problem.file.endswith("waf.yaml")


GOOD = [
    ("limits: {body: 4MiB}", "limits.body", 4 << 20),
    ("limits: {body: '64 KiB'}", "limits.body", 65_536),
    ("limits: {body: 1.5KiB}", "limits.body", 1536),
    ("limits: {body: 2MB}", "limits.body", 2_000_000),
    ("limits: {body: 0x400}", "limits.body", 1024),
    ("timeouts: {header: 500ms}", "timeouts.header", 0.5),
    ("timeouts: {header: 2}", "timeouts.header", 2.0),
    ("timeouts: {drain: 1m}", "timeouts.drain", 60.0),
    ("rules: {regex_timeout: 100us}", "rules.regex_timeout", 0.0001),
    ("mode: off", "mode", "off"),
    ("admin: {listen: ''}", "admin.listen", ""),
    ("listen: '[::1]:0'", "listen", "[::1]:0"),
    (
        "listen: '[::1]:8000'\nupstream: {url: 'http://[2001:db8::1]:8000/v'}",
        "upstream.url",
        "http://[2001:db8::1]:8000/v",
    ),
    (
        "rules: {disable: [1510010, tag:attack.rce, pack:web]}",
        "rules.disable",
        ("1510010", "tag:attack.rce", "pack:web"),
    ),
    (
        "trusted_proxies: [10.0.0.0/8, 192.0.2.7, 'fd00::/8']",
        "trusted_proxies",
        ("10.0.0.0/8", "192.0.2.7", "fd00::/8"),
    ),
    ("log: {events: none}", "log.events", "none"),
    ("limits:\nroutes:\nrules: {packs: }", "limits", Limits()),
    ("routes: [{path: '*', methods: [PROPFIND]}]", "routes", (Route(path="*", methods=("PROPFIND",)),)),
    ("server_header: mlwaf", "server_header", "mlwaf"),
    ("", "mode", "enforce"),
]


@pytest.mark.parametrize(("text", "path", "value"), GOOD)
def test_values(reader: Reader, text: str, path: str, value: object) -> None:
    found: object = reader(text).config
    for name in path.split("."):
        found = getattr(found, name)
    assert found == value
    assert type(found) is type(value)


def test_without_a_file_everything_is_at_its_default() -> None:
    assert load(None) == Config()


def test_all_mistakes_come_at_once_in_the_order_of_the_file(complaints: Complainer) -> None:
    text = "mode: x\nlimits: {body: -1, headers: x}\nroutes:\n- {path: x}\n- {methods: [a], zz: 1}\nlisten: 1\n"
    assert [(p.line, p.column) for p in complaints(text)] == [
        (1, 7), (2, 16), (2, 29), (4, 10), (5, 14), (5, 18), (6, 9),
    ]  # fmt: skip


def test_yaml_mistakes_are_configuration_errors(complaints: Complainer) -> None:
    assert complaints("mode: off\nmode: enforce")[0].line == 2


@pytest.mark.parametrize("path", ["/nonexistent/waf.yaml", "/", "a\0b"])
def test_an_unreadable_file(path: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(path)


def test_a_file_that_is_too_large(complaints: Complainer) -> None:
    assert "larger than" in complaints("#" * (1 << 20) + "\n")[0].message


def test_paths_are_relative_to_the_folder_of_the_file(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    config = reader("rules: {packs: [builtin, own]}\nlog: {events: events.log}").config
    assert config.rules.packs == ("builtin", str(tmp_path / "own"))
    assert config.log.events == str(tmp_path / "events.log")


def test_paths_on_the_command_line_are_relative_to_the_current_folder(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "own.yaml").touch()
    monkeypatch.chdir(elsewhere)
    assert reader("", rules__packs=("own.yaml",)).config.rules.packs == ("own.yaml",)


class TestOverrides:
    def test_they_win_over_the_file(self, reader: Reader) -> None:
        config = reader("mode: off\nlimits: {body: 2MiB, args: 5}", mode="monitor", limits__body="1MiB").config
        assert (config.mode, config.limits.body, config.limits.args) == ("monitor", 1 << 20, 5)

    def test_none_is_not_given(self, reader: Reader) -> None:
        assert reader("mode: off", mode=None, upstream__url=None).config.mode == "off"

    def test_sections_can_be_given_whole(self, reader: Reader) -> None:
        routes = [{"name": "a", "path": "/a", "methods": ["GET"]}]
        assert reader("", routes=routes).config.routes == (Route(name="a", path="/a", methods=("GET",)),)

    def test_mistakes_are_told_as_of_the_command_line(self, complaints: Complainer) -> None:
        assert [str(p) for p in complaints("", mode="x")] == [
            "command line: error: mode: expects off, monitor or enforce, not `x`"
        ]
        assert complaints("", upsteam__url="x")[0].message == "unknown setting `upsteam`"

    def test_they_do_not_hide_a_wrong_file(self, complaints: Complainer) -> None:
        (problem,) = complaints("limits: 3", limits__body=2048)
        assert (problem.line, problem.message) == (1, "limits: expects a section of settings, not a number")


class TestTls:
    @pytest.mark.parametrize("section", ["tls", "upstream.tls"])
    @pytest.mark.parametrize(
        ("given", "member", "message"),
        [
            ({"certificate": "cert.pem"}, "certificate", "needs `{}.key` too"),
            ({"key": "key.pem"}, "key", "needs `{}.certificate` too"),
            ({"certificate": "cert.pem", "key": "other.pem"}, "certificate", "not usable: key values mismatch"),
            ({"certificate": "key.pem", "key": "key.pem"}, "certificate", "not usable"),
            ({"certificate": "cert.pem", "key": "locked.pem"}, "certificate", "has a passphrase"),
            ({"certificate": "none.pem", "key": "key.pem"}, "certificate", "does not exist"),
            ({"certificate": "cert.pem", "key": "."}, "key", "is not a file"),
        ],
    )  # fmt: skip
    def test_pairs(self, pem: Path, section: str, given: dict[str, str], member: str, message: str) -> None:
        with pytest.raises(ConfigError) as caught:
            load(None, {f"{section}.{name}": str(pem / file) for name, file in given.items()})
        (problem,) = [p for p in caught.value.problems if not p.warning]
        assert problem.message.startswith(f"{section}.{member}: ")
        assert message.format(section) in problem.message

    def test_a_pair_that_belongs_together(self, pem: Path) -> None:
        pair = {"tls.certificate": str(pem / "cert.pem"), "tls.key": str(pem / "key.pem")}
        assert load(None, pair).tls.key.endswith("key.pem")

    def test_a_ca_that_is_none(self, pem: Path) -> None:
        with pytest.raises(ConfigError, match=r"upstream\.tls\.ca: not usable.*\(a PEM file of certificates\)"):
            load(None, {"upstream.tls.ca": str(pem / "key.pem"), "upstream.url": "https://h"})

    def test_files_that_cannot_be_opened(self, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("ssl.SSLContext.load_cert_chain", _denied)
        with pytest.raises(ConfigError, match=r"tls\.certificate: cannot be read: Permission denied"):
            load(None, {"tls.certificate": str(pem / "cert.pem"), "tls.key": str(pem / "key.pem")})


def _denied(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["$", "/", "${env:A}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([f.name for f in dataclasses.fields(Config) + dataclasses.fields(Route)]), inner
        )
    ),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([f.name for f in dataclasses.fields(Config)]), _VALUES))
def test_any_values_load_or_are_configuration_errors(overrides: dict[str, object]) -> None:
    try:
        config = load(None, overrides, environ={"A": "x"})
    except ConfigError as error:
        problems = error.problems
    else:
        assert isinstance(config, Config)
        return
    assert problems

"""Warnings, shadowed routes, and what counts as one machine's own address."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fnmatch import translate
from re import compile as pattern

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.config import Loaded, parse_address
from waf.config.semantics import covers
from waf.errors import ConfigError

Reader = Callable[..., Loaded]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("trusted_proxies: [10.0.0.0/8, 0.0.0.0/0]", 1, 31, "trusted_proxies[1]: lets every client choose"),
        ("upstream: {tls: {verify: false}}", 1, 17, "upstream.tls: has no effect"),
        ("upstream: {url: 'https://h', tls: {verify: false}}", 1, 44, "upstream.tls.verify: whoever answers"),
        ("routes: [{path: /a}]", 1, 10, "routes[0].name: is also that of the route for everything"),
        ("routes: [{name: a, path: /a, classifier: {mode: monitor}}]", 1, 42, "routes[0].classifier: has no effect"),
        ("routes: [{path: /*}, {name: b, path: /b}]", 1, 22, "routes[1]: is never reached: route 1 takes"),
    ],
)
def test_warnings(reader: Reader, text: str, line: int, column: int, message: str) -> None:
    (warning,) = reader(text).warnings
    assert warning.warning
    assert warning.message.startswith(message)
    assert (warning.line, warning.column) == (line, column)


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("{model: waf.yaml}", "classifier.own.model: needs `classifier.own.tokenizer` too"),
        ("{tokenizer: waf.yaml}", "classifier.own.tokenizer: needs `classifier.own.model` too"),
        ("{model: waf.yaml, tokenizer: waf.yaml, jailbreak: 0}", "classifier.own.jailbreak: is the class"),
    ],
)
def test_a_model_of_one_s_own(reader: Reader, own: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        reader(f"classifier: {{enabled: true, own: {own}}}")
    assert [problem.message for problem in caught.value.problems if problem.message.startswith(message)]


@pytest.mark.parametrize(
    ("earlier", "later", "shadowed"),
    [
        ("{path: /v1/*}", "{path: /v1/chat}", True),
        ("{path: /v1/*}", "{path: /v1/*/x}", True),
        ("{path: '*'}", "{path: /a}", True),
        ("{path: /v1/chat}", "{path: /v1/*}", False),
        ("{path: /v1/*, methods: [POST]}", "{path: /v1/chat}", False),
        ("{path: /v1/*, methods: [POST]}", "{path: /v1/chat, methods: [GET, POST]}", False),
        ("{path: /v1/*, methods: [POST, GET]}", "{path: /v1/chat, methods: [GET]}", True),
        ("{path: /a*b*}", "{path: /a}", False),
    ],
)
def test_shadowed_routes(reader: Reader, earlier: str, later: str, shadowed: bool) -> None:
    text = f"routes: [{earlier.replace('{', '{name: a, ')}, {later.replace('{', '{name: b, ')}]"
    assert bool(reader(text).warnings) == shadowed


_PATTERNS = st.text("ab*", max_size=6)
_TEXTS = ["".join(letters) for n in range(7) for letters in itertools.product("ab", repeat=n)]


@given(_PATTERNS, _PATTERNS)
def test_covers_is_never_wrong(wide: str, narrow: str) -> None:
    by_wide, by_narrow = pattern(translate(wide)), pattern(translate(narrow))
    if covers(wide, narrow):
        assert all(by_wide.match(text) for text in _TEXTS if by_narrow.match(text))
    elif narrow.count("*") == 0:
        assert not by_wide.match(narrow)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[::1]:0", ("::1", 0)),
        ("model_server.internal:65535", ("model_server.internal", 65535)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", ":", "a", "a:", "a:b", "a:-1", "a:65536", "a:٣", "::1:80", "[a]:80", ":80", "[]:1"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse_address(text)

"""The same cases in libmodsecurity, and any arguments in both."""

from __future__ import annotations

from typing import Any

import libmodsecurity
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.seclang.cases import CASES, Case
from tests.rules.seclang.conftest import request_of
from waf.model import Request
from waf.rules.seclang import CrsOptions, CrsRuleset, load
from waf.rules.seclang.base import BASE

SWITCHES = "SecRuleEngine DetectionOnly\nSecRequestBodyAccess On\n"


class Reference:
    def __init__(self, text: str) -> None:
        self.rules = libmodsecurity.RulesSet()
        assert self.rules.load(SWITCHES + BASE + text + "\n") >= 0, self.rules.get_parser_error()
        self.engine = libmodsecurity.ModSecurity()

    def logged(self, request: Request) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        self.engine.set_rule_message_callback(lambda message: found.append((message.rule_id, message.message)))
        transaction = libmodsecurity.Transaction(self.engine, self.rules, request.id)
        transaction.process_connection(request.client_ip, 1, "127.0.0.1", 80)
        transaction.process_uri(request.target, request.method, "1.1")
        for name, value in request.headers:
            transaction.add_request_header(name, value)
        transaction.process_request_headers()
        if request.body:
            transaction.append_request_body(request.body)
        transaction.process_request_body()
        self.engine.set_rule_message_callback(None)
        return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(case: Case) -> None:
    assert Reference(case.rules).logged(request_of(**case.request)) == case.logged


PATTERNS = (
    r"^\s*a (?i)ab+c [^\W_]{3} \bor\b a.c (?:<|>)= ^x*b$ x$ [\x80-\xff] \d{2,}(?:[;,]|$) (a|b)\W+\w [;\s]or".split()
)
OPERATORS = [
    *(f"@rx {pattern}" for pattern in PATTERNS), "@pm foo BAR or", "@contains ab", "@beginsWith a", "@endsWith c", "@within abc;ABC", "@streq abc",
    "@eq 12", "@lt 3", "@ge 0", "@gt 7", "@le 9", "@validateByteRange 32-126", "@validateUrlEncoding", "@validateUtf8Encoding", "!@rx a", "!@within abc",
]  # fmt: skip
TRANSFORMS = [
    "", "t:lowercase", "t:urlDecodeUni", "t:htmlEntityDecode,t:jsDecode", "t:cmdLine", "t:compressWhitespace", "t:removeNulls,t:removeWhitespace",
    "t:utf8toUnicode,t:urlDecodeUni", "t:normalizePath", "t:base64Decode", "t:cssDecode", "t:replaceComments", "t:escapeSeqDecode", "t:length", "t:sha1,t:hexEncode",
]  # fmt: skip
MANY = "\n".join(
    f'SecRule ARGS "{operator}" "id:{100 * row + column + 1},phase:2,pass,log,t:none{"," if chain else ""}{chain}"'
    for row, operator in enumerate(OPERATORS)
    for column, chain in enumerate(TRANSFORMS)
)
ALPHABET = "abcABC or'\"<>=;,0123456789%&#/\\*+-_().:\n\t\x0b\x00\x7fé€ux"


class Both:
    """Two engines with the same rules; hypothesis shows it by its name alone."""

    def __init__(self, ours: CrsRuleset, theirs: Reference) -> None:
        self.ours, self.theirs = ours, theirs


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    file = tmp_path_factory.mktemp("rules") / "many.conf"
    file.write_text(MANY)
    return Both(load(file, CrsOptions(engine="DetectionOnly", quirks=True)), Reference(MANY))


@given(st.text(ALPHABET, max_size=30), st.sampled_from(["query", "form"]))
@settings(max_examples=150, deadline=None)
def test_any_argument(both: Both, text: str, place: str) -> None:
    encoded = "".join(f"%{byte:02x}" for byte in text.encode())
    given: dict[str, Any] = {"target": "/?q=" + encoded}
    if place == "form":
        given = {"headers": (("Content-Type", "application/x-www-form-urlencoded"),), "body": b"q=" + encoded.encode()}
    request = request_of(**given)
    ours = both.ours.inspect_whole(request).verdict().logged
    assert list(ours) == [number for number, _ in both.theirs.logged(request)]


@pytest.mark.parametrize(("text", "differs"), [("", False), ("a", False), ("a\n\nb", False), ("a\n", True)])
def test_an_empty_line_at_the_end(tmp_path: Any, text: str, differs: bool) -> None:
    """PCRE's `^` does not match behind a line break that ends the text, RE2's does; see docs/crs.md."""
    rules = 'SecRule ARGS "@rx ^$" "id:1,phase:2,pass,log,t:none"'
    file = tmp_path / "empty.conf"
    file.write_text(rules)
    ours = load(file, CrsOptions(engine="DetectionOnly", quirks=True))
    request = request_of(target="/?q=" + "".join(f"%{byte:02x}" for byte in text.encode()))
    found = bool(ours.inspect_whole(request).verdict().logged)
    assert (found != bool(Reference(rules).logged(request))) is differs

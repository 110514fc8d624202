"""What a test says: requests to send, and what is expected of the answer and of the rules that were logged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Input:
    """One request. `encoded_request`, when there is one, is sent as it is and everything else is left out."""

    dest_addr: str = "localhost"
    port: int = 80
    protocol: str = "http"
    method: str = "GET"
    uris: tuple[str, ...] = ("/",)
    """Request-targets; the stage is run once for each."""
    version: str = "HTTP/1.1"
    headers: Headers = ()
    """In the order of the wire: as listed in `ordered_headers`, or sorted by name when they came as a mapping."""
    data: str | None = None
    """The body, with Go template actions still in it."""
    encoded_data: bytes | None = None
    autocomplete: bool = True
    save_cookie: bool = False
    follow_redirect: bool = False
    encoded_request: bytes | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected; what is empty is not looked at."""

    status: tuple[int, ...] = ()
    """Any of these."""
    response_contains: str = ""
    expect_ids: tuple[int, ...] = ()
    no_expect_ids: tuple[int, ...] = ()
    match_regex: str = ""
    no_match_regex: str = ""
    expect_error: bool | None = None
    """True: no answer comes. False: one does."""
    retry_once: bool = False
    isolated: bool = False
    """No other rule than the one expected is logged."""


@dataclass(frozen=True, slots=True)
class Stage:
    input: Input
    expected: Expected


@dataclass(frozen=True, slots=True)
class Test:
    """`name` is what failures and overrides call it: rule id, a hyphen, test id."""

    rule_id: int
    test_id: int
    stages: tuple[Stage, ...]
    file: str
    line: int
    skip: str = ""
    """Why an override leaves it out."""

    __test__ = False  # pytest would take it for tests of ours

    @property
    def name(self) -> str:
        return f"{self.rule_id}-{self.test_id}"


@dataclass(frozen=True, slots=True)
class TestFile:
    """One YAML file, usually about one rule."""

    file: str
    rule_id: int
    tests: tuple[Test, ...]

    __test__ = False

    def with_tests(self, tests: tuple[Test, ...]) -> TestFile:
        return replace(self, tests=tests)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request."""

    status: int = 0
    """0: no answer came."""
    logged_ids: tuple[int, ...] = ()
    """Rules that were logged, in order."""
    log_lines: tuple[str, ...] = ()
    """What ModSecurity would have written about them."""
    headers: Headers = ()
    response: bytes = b""
    """The answer: head and body."""
    refused: bool = False
    """The edge could not accept it as a request; most often no rule saw it then."""
    error: str = field(default="")
    """Why no answer came."""

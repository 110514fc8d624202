"""Tests, one after the other, through whatever exchanges a request's bytes for an outcome."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from waf.ftw.check import Miss, check
from waf.ftw.request import build
from waf.ftw.template import TemplateError
from waf.ftw.values import Input, Outcome, Stage, Test, TestFile

Exchange = Callable[[bytes], Outcome]
"""Sends one request and says what became of it; never raises for anything that a test can contain."""

MAX_COOKIES: Final = 64

_COOKIE: Final = re.compile(r"\s*([^=;\s]+)=([^;]*)")
_REDIRECTS: Final = frozenset({300, 301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Failure:
    """One test that did not come out as expected."""

    test: str
    file: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class FileResult:
    file: str
    passed: int
    failures: tuple[Failure, ...]
    skipped: int


def run_files(files: Iterable[TestFile], exchange: Exchange, workers: int = 1) -> Iterator[FileResult]:
    """File by file, in order. A file without tests gives nothing. `workers`: how many tests may wait at the same time."""
    with ThreadPoolExecutor(workers) as pool:
        for file in files:
            if not file.tests:
                continue
            kept = [test for test in file.tests if not test.skip]
            results = pool.map(lambda test: run_test(test, exchange), kept) if workers > 1 else _each(kept, exchange)
            failures = tuple([failure for failure in results if failure is not None])
            yield FileResult(file.file, len(kept) - len(failures), failures, len(file.tests) - len(kept))


def _each(tests: Iterable[Test], exchange: Exchange) -> Iterator[Failure | None]:
    return (run_test(test, exchange) for test in tests)


def run_test(test: Test, exchange: Exchange) -> Failure | None:
    """None when every stage came out as expected."""
    run = _Run(exchange)
    for number, stage in enumerate(test.stages, 1):
        misses = run.stage(stage)
        if misses and stage.expected.retry_once:
            misses = run.stage(stage)
        if misses:
            where = f"stage {number}: " if len(test.stages) > 1 else ""
            expected = where + "; ".join(miss.expected for miss in misses)
            got = "; ".join(dict.fromkeys(miss.got for miss in misses))
            return Failure(test.name, test.file, expected, got)
    return None


class _Run:
    """What one stage leaves to the next: cookies, and where the last answer led to."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._cookies: dict[str, str] = {}
        self._last: tuple[Input, str, Outcome] | None = None

    def stage(self, stage: Stage) -> list[Miss]:
        given = stage.input
        if given.follow_redirect:
            redirected = self._redirected(given)
            if redirected is None:
                return [Miss("a redirect to follow", "an answer without one" if self._last else "no earlier stage")]
            given = redirected
        for uri in given.uris:
            try:
                data = build(given, uri, self._cookies)
            except TemplateError as error:
                return [Miss("a request", str(error))]
            outcome = self._exchange(data)
            self._remember(given, uri, outcome)
            if misses := check(stage.expected, outcome):
                return misses
        return []

    def _remember(self, given: Input, uri: str, outcome: Outcome) -> None:
        self._last = (given, uri, outcome)
        if given.save_cookie:
            for name, value in outcome.headers:
                found = _COOKIE.match(value) if name.lower() == "set-cookie" else None
                if found is not None and (len(self._cookies) < MAX_COOKIES or found[1] in self._cookies):
                    self._cookies[found[1]] = found[2].strip()

    def _redirected(self, given: Input) -> Input | None:
        """The input, aimed at where the last answer led to: its path and query, and its Host."""
        if self._last is None:
            return None
        before, uri, outcome = self._last
        location = next((value for name, value in outcome.headers if name.lower() == "location"), "")
        if outcome.status not in _REDIRECTS or not location:
            return None
        try:
            place = urlsplit(urljoin(f"{before.protocol}://{before.dest_addr}:{before.port}{uri}", location))
            port = place.port
        except ValueError:
            return None
        usual = port is None or port == {"http": 80, "https": 443}.get(place.scheme)
        host = place.hostname or before.dest_addr
        headers = [pair for pair in given.headers if pair[0].lower() != "host"]
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        aimed = (*headers, ("Host", host if usual else f"{host}:{port}"))
        return replace(given, uris=(target,), headers=aimed, encoded_request=None)

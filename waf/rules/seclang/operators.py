"""SecLang's operators, one table. A factory checks its argument and gives a test on text, as libmodsecurity v3 decides."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
import re2

from waf.rules import runs
from waf.rules.fold import fold
from waf.rules.literals import Lead, Needed, required_literals
from waf.rules.operators.base import At, Operator, OperatorTimeout
from waf.rules.operators.injection import detector
from waf.rules.operators.pattern import tried_at
from waf.rules.prefilter import Prefilter
from waf.rules.seclang import pcre
from waf.rules.specials import SIGNS, needed_specials
from waf.transform import TRANSFORMS
from waf.transform.base import to_bytes
from waf.transform.encodings import leading_number
from waf.transform.linear import finds
from waf.transform.triggers import FOREIGN

Groups = Callable[[str], Sequence[str | None]]
"""What `capture` stores as TX.0, TX.1, … of a text for which the test is true; None where a group took no part."""
_lower = TRANSFORMS["lowercase"].apply


class Context(msgspec.Struct, frozen=True):
    """What factories may know besides their argument."""

    multiline: bool = False
    timeout: float = 0.005
    data: Mapping[str, tuple[str, ...]] = {}
    """Lines of each .data file by path."""


class Test(msgspec.Struct, frozen=True):
    """A checked operator: `run` is waf's own Operator, `literals` and all; `groups` what it captures."""

    run: Operator
    groups: Groups | None = None


def _rx(argument: str, context: Context) -> Test:
    pattern = argument or ".*"
    try:
        return _linear(pattern, context.multiline)
    except re2.error:
        return _backtracking(pattern, context)


@lru_cache(maxsize=2048)
def _linear(pattern: str, multiline: bool) -> Test:
    """Of a pattern that RE2 can run; raises re2.error for others. Remembered, because a reload wants most of them again."""
    compiled = pcre.compile_re2(pattern, multiline=multiline, capture=False)
    search, read = finds(compiled), pcre.to_re2(pattern, multiline=multiline)
    needed = _of_characters(required_literals(read))
    lead = needed.lead if needed else None
    reach, kinds = runs.bound(read)
    operator = Operator(
        test=lambda text: search(to_bytes(text)),
        literals=needed.texts if needed else None,
        lead=lead.texts if lead else None,
        also=needed.also if needed else (),
        reach=reach,
        runs=kinds,
        at=_tried_at(compiled, lead) if lead or reach else None,
        specials=needed_specials(read),
    )
    capturing: list[Any] = []

    def groups(text: str) -> Sequence[str | None]:
        if not capturing:
            capturing.append(pcre.compile_re2(pattern, multiline=multiline, capture=True).search)
        return _texts(capturing[0](to_bytes(text)))

    return Test(operator, groups)


def _of_characters(needed: Needed | None) -> Needed | None:
    """Nothing where a literal is of more than ASCII: our texts are Unicode, and the CRS's patterns are about bytes."""
    if needed is None:
        return None
    texts = needed.texts.union(needed.lead.texts if needed.lead else (), *needed.also)
    return needed if all(map(str.isascii, texts)) else None


def _tried_at(compiled: Any, lead: Lead | None) -> At:
    """`tried_at` of our own patterns; where a character is several bytes the pattern is searched for instead, since it counts
    bytes."""
    search = finds(compiled)
    tried = tried_at(compiled, search, lead)
    return lambda text, places, spans: tried(text, places, spans) if text.isascii() else search(to_bytes(text))


def _texts(match: Any) -> Sequence[str | None]:
    if match is None:
        return ()
    found = (match[0], *match.groups()[:9])
    return [None if raw is None else raw.decode("utf-8", "surrogateescape") for raw in found]


def _backtracking(pattern: str, context: Context) -> Test:
    import regex

    try:
        search = pcre.compile_backtracking(pattern, multiline=context.multiline).search
    except regex.error as error:
        raise ValueError(f"@rx: is not a pattern: {error}") from None

    def find(text: str) -> Any:
        try:
            return search(to_bytes(text), timeout=context.timeout, concurrent=True)
        except TimeoutError:
            raise OperatorTimeout from None

    return Test(Operator(test=lambda text: find(text) is not None, steady=False), lambda text: _texts(find(text)))


def _pm_of(words: Sequence[str]) -> Test:
    if not words:
        raise ValueError("takes at least one word")
    as_written = {_lower(word): word for word in reversed(words)}
    automaton = Prefilter(as_written)

    def first(text: str) -> str | None:
        found = automaton.first(_lower(text))
        return None if found is None else as_written[found]

    literals = frozenset(fold(word) for word in words)
    operator = Operator(
        test=lambda text: first(text) is not None, literals=literals if min(map(len, literals)) >= 2 else None
    )
    return Test(operator, lambda text: (first(text),))


_HEX: Final = re.compile(r"\|((?:[0-9A-Fa-f]{2}\s*)+)\|")


def _pm(argument: str, _: Context) -> Test:
    plain = _HEX.sub(lambda found: bytes.fromhex(found[1]).decode("utf-8", "surrogateescape"), argument)
    return _pm_of(plain.split())


def _pm_file(argument: str, context: Context) -> Test:
    return _pm_of([line for path in argument.split("\n") for line in context.data.get(path, ())])


def _compare(holds: Callable[[int, int], bool]) -> Callable[[str, Context], Test]:
    def make(argument: str, _: Context) -> Test:
        bound = leading_number(argument)
        return Test(Operator(test=lambda text: holds(leading_number(text), bound)))

    return make


def _streq(argument: str, _: Context) -> Test:
    return Test(Operator(test=lambda text: text == argument))


def _literal(text: str) -> frozenset[str] | None:
    return frozenset({fold(text)}) if len(fold(text)) >= 2 else None


def _contains(argument: str, _: Context) -> Test:
    return Test(Operator(test=lambda text: argument in text, literals=_literal(argument)))


def _begins_with(argument: str, _: Context) -> Test:
    return Test(Operator(test=lambda text: text.startswith(argument), literals=_literal(argument)))


def _ends_with(argument: str, _: Context) -> Test:
    return Test(Operator(test=lambda text: text.endswith(argument), literals=_literal(argument)))


def _within(argument: str, _: Context) -> Test:
    return Test(Operator(test=lambda text: text in argument))


def _byte_range(argument: str, _: Context) -> Test:
    allowed: set[int] = set()
    for part in argument.split(","):
        found = re.fullmatch(r"\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*", part)
        low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if not low <= high <= 255:
            raise ValueError(f"{part!r} is no byte and no range of bytes")
        allowed.update(range(low, high + 1))
    delete = bytes(sorted(allowed))
    refused = {chr(code) if code < 128 else FOREIGN for code in range(256) if code not in allowed}
    telling = frozenset(refused) if refused <= SIGNS else None
    return Test(Operator(test=lambda text: bool(to_bytes(text).translate(None, delete)), specials=telling))


_BAD_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_NOT_UTF8: Final = re.compile("[\ud800-\udfff]")


def _search(pattern: re.Pattern[str], special: str) -> Callable[[str, Context], Test]:
    """`special` is in every match."""
    search = pattern.search
    operator = Operator(test=lambda text: search(text) is not None, specials=frozenset({special}))
    return lambda _argument, _context: Test(operator)


def _ip_match(argument: str, _: Context) -> Test:
    networks = tuple(ipaddress.ip_network(part.strip(), strict=False) for part in argument.split(",") if part.strip())

    def test(text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in networks)

    return Test(Operator(test=test))


def _ip_file(argument: str, context: Context) -> Test:
    return _ip_match(",".join(line for path in argument.split("\n") for line in context.data.get(path, ())), context)


def _sqli(_argument: str, _: Context) -> Test:
    detect = detector("is_sql_injection")
    return Test(
        Operator(test=lambda text: bool(detect(text)["is_sqli"])), lambda text: (str(detect(text)["fingerprint"]),)
    )


_OF_XSS: Final = frozenset("<=")
"""libinjection reads a text as HTML, and as what may stand in an attribute: without `<` there is no tag and no comment, and
without `=` no attribute has a value."""


def _xss(_argument: str, _: Context) -> Test:
    detect = detector("is_xss")
    test = Operator(test=lambda text: bool(detect(text)["is_xss"]), specials=_OF_XSS)
    return Test(test, lambda text: (text,))


def _always(answer: bool) -> Callable[[str, Context], Test]:
    return lambda _argument, _context: Test(Operator(test=lambda _text: answer, wants="any"))


OPERATORS: Final[Mapping[str, Callable[[str, Context], Test]]] = {
    "rx": _rx,
    "pm": _pm,
    "pmfromfile": _pm_file,
    "pmf": _pm_file,
    "eq": _compare(lambda a, b: a == b),
    "lt": _compare(lambda a, b: a < b),
    "le": _compare(lambda a, b: a <= b),
    "gt": _compare(lambda a, b: a > b),
    "ge": _compare(lambda a, b: a >= b),
    "streq": _streq,
    "contains": _contains,
    "beginswith": _begins_with,
    "endswith": _ends_with,
    "within": _within,
    "validatebyterange": _byte_range,
    "validateutf8encoding": _search(_NOT_UTF8, FOREIGN),
    "validateurlencoding": _search(_BAD_PERCENT, "%"),
    "ipmatch": _ip_match,
    "ipmatchf": _ip_file,
    "ipmatchfromfile": _ip_file,
    "detectsqli": _sqli,
    "detectxss": _xss,
    "unconditionalmatch": _always(True),
    "nomatch": _always(False),
    "geolookup": _always(False),
    "rbl": _always(False),
}
"""By lower-case name. `geoLookup` and `rbl` ask databases outside of the request: they never match, and say so at load."""
ASKS_ELSEWHERE: Final = frozenset({"geolookup", "rbl"})


def make(name: str, argument: str, context: Context) -> Test:
    """The test of an operator whose argument holds no macro. Raises ValueError."""
    factory = OPERATORS.get(name)
    if factory is None:
        raise ValueError(f"operator @{name} is not supported")
    return factory(argument, context)


@lru_cache(maxsize=1024)
def expanded(name: str, argument: str, multiline: bool) -> Test:
    """The test of an operator whose macros have just been filled in, remembered for the next request."""
    try:
        return make(name, argument, Context(multiline))
    except ValueError:
        return OPERATORS["nomatch"]("", Context())

"""Which rules can match at all, by what varies little: the method, the names of the headers, how many of what there are.

A link is *decided* when it looks at nothing but such values and at variables of TX that no rule of the phase sets. A rule one
of whose links fails, with none before it that sets anything, has no effect and is not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from waf.rules.operators.base import OperatorTimeout
from waf.rules.seclang.compile import CompiledLink, CompiledRule
from waf.rules.seclang.fold import Written, tx_names
from waf.rules.seclang.spec import Variable
from waf.rules.seclang.transaction import Transaction

_FEW_VALUES: Final = frozenset(
    """REQUEST_METHOD REQUEST_PROTOCOL REQBODY_PROCESSOR REQBODY_ERROR REQBODY_PROCESSOR_ERROR MULTIPART_STRICT_ERROR
    MULTIPART_UNMATCHED_BOUNDARY MULTIPART_CRLF_LF_LINES RESPONSE_STATUS""".split()
)
_FEW_NAMES: Final = frozenset(
    {"REQUEST_HEADERS", "REQUEST_HEADERS_NAMES", "MULTIPART_PART_HEADERS", "RESPONSE_HEADERS"}
)
_COUNTED: Final = _FEW_NAMES | {
    "ARGS", "ARGS_GET", "ARGS_POST", "ARGS_NAMES", "REQUEST_COOKIES", "REQUEST_COOKIES_NAMES", "FILES", "FILES_NAMES",
}  # fmt: skip
_MOST_KNOWN: Final = 512
_MOST_NAMES: Final = 48
_LONGEST: Final = 64

Values = Mapping[str, tuple[str, str] | None]
"""Variables of TX that no rule of the phase sets: each as the transaction stores it, None for one that is not there."""


def decided_by(rule: CompiledRule, written: Written) -> tuple[CompiledLink, ...]:
    """The decided links of a rule, without one of which it has no effect. `written`: what the rules of the phase set."""
    if rule.quirks and rule.links[0].multi_match:
        return ()  # logged whatever the rest of the chain says
    found = []
    for link in rule.links:
        if _is_decided(link, written):
            found.append(link)
        if link.setvars or link.capture:
            break
    return tuple(found)


def names_read(links: Iterable[CompiledLink]) -> set[str]:
    """The variables of TX that decided links look at."""
    found: set[str] = set()
    for link in links:
        argument = link.spec.operator.argument if link.spec.operator is not None else ""
        found.update(tx_names(argument) or ())
        found.update(v.selector for v in link.spec.variables if v.collection == "TX")
    return found


def _is_decided(link: CompiledLink, written: Written) -> bool:
    call, variables = link.spec.operator, link.spec.variables
    if call is None or link.multi_match or (link.negated and link.capture) or any(v.exclude for v in variables):
        return False
    if not (link.test.run.steady if link.bind is None else call.name != "rx"):
        return False
    names = tx_names(call.argument)
    if names is None or any(map(written.may_set, names)):
        return False
    return all(_is_stable(variable, written) for variable in variables)


def _is_stable(variable: Variable, written: Written) -> bool:
    if variable.collection == "TX":
        return variable.kind == "name" and not written.may_set(variable.selector)
    if variable.count:
        return variable.collection in (_COUNTED if variable.kind == "all" else _FEW_NAMES) and variable.kind != "regex"
    return variable.collection in _FEW_VALUES


class Profile:
    """For one plan: which rules cannot match."""

    __slots__ = ("_counted", "_known", "_links", "_named", "_scalars", "_values", "never")

    def __init__(self, rules: Sequence[tuple[int, tuple[CompiledLink, ...]]], values: Values) -> None:
        """`rules`: the place of each with its decided links."""
        self._values = values
        self._links: list[tuple[int, CompiledLink]] = []
        self.never = 0
        """Bits of the rules that cannot match with these values, whatever the request holds."""
        nothing = self._copy()
        for place, links in rules:
            varying = [link for link in links if any(v.collection != "TX" for v in link.spec.variables)]
            if all(_may_match(link, nothing) for link in links if link not in varying):
                self._links += [(1 << place, link) for link in varying]
            else:
                self.never |= 1 << place
        asked = {v for _, link in self._links for v in link.spec.variables if v.collection != "TX"}
        self._scalars = tuple(sorted({v.collection for v in asked if not v.count}))
        self._named = tuple(sorted({v.collection for v in asked if v.count and v.kind == "name"}))
        self._counted = tuple(sorted({v.collection for v in asked if v.count and v.kind == "all"}))
        self._known: dict[object, int] = {}

    def refused(self, tx: Transaction) -> int:
        """Bits of the rules that cannot match in this transaction."""
        if not self._links:
            return 0
        scalars, maps = tx.scalars, tx.maps
        said = [scalars.get(name, "") for name in self._scalars]
        names = [tuple([item[0] for item in maps[name]]) if maps.get(name) else () for name in self._named]
        key = (*said, *names, *[len(maps.get(name, ())) for name in self._counted])
        found = self._known.get(key)
        if found is None:
            found = self._refused(tx)
            few = sum(map(len, names)) <= _MOST_NAMES and all(len(n) <= _LONGEST for keys in names for n in keys)
            if few and all(len(text) <= _LONGEST for text in said):
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[key] = found
        return found

    def _refused(self, tx: Transaction) -> int:
        copy = self._copy()
        copy.scalars, copy.maps = tx.scalars, tx.maps
        found = 0
        for bit, link in self._links:
            if not found & bit and not _may_match(link, copy):
                found |= bit
        return found

    def _copy(self) -> Transaction:
        copy = Transaction("DetectionOnly")
        copy.tx.update({name: value for name, value in self._values.items() if value is not None})
        return copy


def _may_match(link: CompiledLink, copy: Transaction) -> bool:
    """Whether a decided link matches the values in a copy; out of time counts as a match."""
    test = (link.test if link.bind is None else link.bind(copy)).run.test
    chain = link.chain
    try:
        for target in link.targets:
            for _, value in target.items(copy):
                if test(value if chain is None else chain.run(value, copy)) is not link.negated:
                    return True
        return False
    except OperatorTimeout:
        return True

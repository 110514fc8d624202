"""A link's variables, compiled: each gives the items that the operator sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec
import re2

from waf.rules.seclang.parse_variables import SCALARS, STORES
from waf.rules.seclang.spec import Variable
from waf.rules.seclang.transaction import Items, Transaction
from waf.transform.base import to_bytes

Keeps = Callable[[str], bool]
_SHORT: Final = 64
_MOST_KNOWN: Final = 512
"""Short keys that a pattern remembers: names of variables and headers hardly vary."""
_CHANGING: Final = frozenset({"MATCHED_VARS", "MATCHED_VARS_NAMES"})
_IGNORE_CASE = re2.Options()
_IGNORE_CASE.case_sensitive = False
_IGNORE_CASE.encoding = re2.Options.Encoding.LATIN1
_IGNORE_CASE.log_errors = False


class Target(msgspec.Struct, frozen=True):
    """`items` gives (key, value); the name of one is that of its collection with the key behind a colon."""

    collection: str
    items: Callable[[Transaction], Items]
    keyed: bool
    view: int = -1
    """Number of the view where the items stay the same for a whole phase, -1 where rules can change them."""

    def name(self, key: str) -> str:
        return f"{self.collection}:{key}" if self.keyed else self.collection


class Views:
    """Numbers for the distinct selections of the collections that no rule changes, so that each is made once a phase."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Variable, ...], int] = {}

    def number(self, of: tuple[Variable, ...]) -> int:
        return self._numbers.setdefault(of, len(self._numbers))


def compile_targets(variables: Iterable[Variable], views: Views | None = None) -> tuple[Target, ...]:
    """Targets in order, each without what the link's exclusions take from it. Without `views` nothing is remembered."""
    every = tuple(variables)
    excluded = tuple(dict.fromkeys(v for v in every if v.exclude))
    targets = []
    for variable in every:
        if variable.exclude:
            continue
        mine = tuple(e for e in excluded if e.collection == variable.collection)
        if any(e.kind == "all" or (e.collection == "XML" and e.selector == variable.selector) for e in mine):
            continue
        targets.append(_target(variable, mine, views))
    return tuple(targets)


def selects(variable: Variable) -> Keeps:
    """Whether a key is one that the variable's selector means; case does not count."""
    selector = variable.selector
    if variable.kind == "all":
        return lambda _key: True
    if variable.kind == "name":
        return lambda key: key.lower() == selector
    search = re2.compile(selector.encode("utf-8", "surrogateescape"), _IGNORE_CASE).search
    known: dict[str, bool] = {}

    def matches(key: str) -> bool:
        found = known.get(key)
        if found is None:
            found = search(to_bytes(key)) is not None
            if len(key) <= _SHORT and len(known) < _MOST_KNOWN:
                known[key] = found
        return found

    return matches


def _target(variable: Variable, excluded: tuple[Variable, ...], views: Views | None) -> Target:
    collection = variable.collection
    source = _source(variable)
    view = -1
    if collection not in SCALARS and collection != "XML":
        indexed = variable.kind == "name" and not excluded and collection not in _CHANGING and collection not in STORES
        if indexed:
            source = _named(collection, variable.selector)
        elif variable.kind != "all" or excluded:
            source = _filtered(source, variable, excluded)
        if views is not None and not indexed and collection not in STORES and collection not in _CHANGING:
            view = views.number((variable, *excluded))
            source = _once(source, view)
    if variable.count:
        source = _counted(source, variable)
    keyed = collection not in SCALARS and collection != "XML" and not (variable.count and variable.kind == "all")
    name = f"XML:{variable.selector}" if collection == "XML" else collection
    return Target(name, source, keyed, view)


def _source(variable: Variable) -> Callable[[Transaction], Items]:
    collection = variable.collection
    if collection == "XML":
        path = "XML:" + variable.selector
        return lambda tx: tx.maps.get(path, [])
    if collection == "MATCHED_VAR":
        return lambda tx: [("", tx.matched_var)]
    if collection == "MATCHED_VAR_NAME":
        return lambda tx: [("", tx.matched_var_name)]
    if collection == "MATCHED_VARS":
        return lambda tx: list(tx.matched_vars)
    if collection == "MATCHED_VARS_NAMES":
        return lambda tx: [(name, name) for name, _ in tx.matched_vars]
    if collection in SCALARS:
        return lambda tx: [("", tx.scalars.get(collection, ""))]
    if collection == "TX":
        if variable.kind == "name":
            return lambda tx: [found] if (found := tx.tx.get(variable.selector)) is not None else []
        return lambda tx: list(tx.tx.values())
    if collection in STORES:
        return lambda tx: list(tx.stores.get(collection, {}).values())
    return lambda tx: tx.maps.get(collection, [])


def _named(collection: str, selector: str) -> Callable[[Transaction], Items]:
    return lambda tx: tx.by_name(collection).get(selector, [])


def _filtered(
    source: Callable[[Transaction], Items], variable: Variable, excluded: Sequence[Variable]
) -> Callable[[Transaction], Items]:
    if variable.collection == "TX" and variable.kind == "regex" and not excluded:
        return _of_tx(selects(variable))
    wanted = selects(variable)
    unwanted = [selects(e) for e in excluded]

    def items(tx: Transaction) -> Items:
        found = source(tx)
        if not found:
            return found
        return [item for item in found if wanted(item[0]) and not any(drop(item[0]) for drop in unwanted)]

    return items


def _of_tx(wanted: Keeps) -> Callable[[Transaction], Items]:
    """A pattern over the lower-case names of TX. Nearly all of these are the same ones in every request."""
    no: set[str] = set()

    def items(tx: Transaction) -> Items:
        variables = tx.tx
        if variables.keys() <= no:
            return []
        found = []
        for name, item in variables.items():
            if name in no:
                continue
            if wanted(name):
                found.append(item)
            elif len(name) <= _SHORT:
                if len(no) >= _MOST_KNOWN:
                    no.clear()
                no.add(name)
        return found

    return items


def _once(source: Callable[[Transaction], Items], view: int) -> Callable[[Transaction], Items]:
    def items(tx: Transaction) -> Items:
        found = tx.views.get(view)
        if found is None:
            found = tx.views[view] = source(tx)
        return found

    return items


def _counted(source: Callable[[Transaction], Items], variable: Variable) -> Callable[[Transaction], Items]:
    key = variable.selector
    return lambda tx: [(key, str(len(source(tx))))]

"""Conditions as closures over one run: what they look at, and on which field they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from waf.model import Field
from waf.rules.chains import Step
from waf.rules.exclusions import Excluded
from waf.rules.fieldref import selector_test
from waf.rules.jsonpaths import PREFIX
from waf.rules.plan import SelectorTest
from waf.rules.program import NOWHERE, Condition, Run, as_text
from waf.rules.spec import FieldRef, Leaf

Holding = Callable[[Run], Iterator[Field]]
"""The fields on which a leaf's operator holds."""


class Source(msgspec.Struct, frozen=True):
    """One place where a condition takes values from."""

    bucket: str
    names: bool
    selected: SelectorTest
    name: str | None = None
    """The one name that `selected` lets through, if it is about names."""


def sources(ref: FieldRef) -> list[Source]:
    """Where a field expression takes its values from. A JSON path is a bucket of its own, made when a request has it."""
    if ref.spec.selector == "path" and ref.selector is not None:
        return [Source(f"{PREFIX}{ref.selector}", False, None)]
    anywhere = bool(ref.pattern) or (ref.selector is not None and ref.selector.startswith("//"))
    name = None if anywhere else ref.selector
    return [Source(bucket, ref.spec.names, selector_test(ref), name) for bucket in ref.spec.buckets]


def on_candidates(number: int, excluded: Excluded | None) -> Holding:
    """Among the texts that the prefilter found worth looking at: with one of the condition's literals, if it has any."""

    def holding(run: Run) -> Iterator[Field]:
        for field, look in run.looks.get(number, ()):
            if (excluded is None or not excluded(run, field)) and (look is None or look()):
                yield field

    return holding


def on_every_value(
    sources: tuple[Source, ...], chain: Step | None, test: Callable[[Any], bool], excluded: Excluded | None
) -> Holding:
    """Among all values of the condition's fields, for operators on numbers and shapes."""
    named: dict[str, set[str]] = {}
    whole: list[Source] = []
    for source in sources:
        if source.name is not None and not source.names:
            named.setdefault(source.bucket, set()).add(source.name)
        else:
            whole.append(source)

    def fields(run: Run) -> Iterator[tuple[Field, object]]:
        for bucket, names in named.items():
            for field in run.fields.get(bucket, ()):
                if field.name in names:
                    yield field, field.value
        for source in whole:
            for field in run.fields.get(source.bucket, ()):
                if source.selected is None or source.selected(field):
                    yield field, field.name if source.names else field.value

    def holding(run: Run) -> Iterator[Field]:
        for field, value in fields(run):
            if chain is not None:
                value = chain(value if type(value) is str else as_text(value))
            holds = any(map(test, value)) if type(value) is list else test(value)
            if holds and (excluded is None or not excluded(run, field)):
                yield field

    return holding


def holds(holding: Holding, leaf: Leaf) -> Condition:
    low, high = leaf.count.low, leaf.count.high
    if low == 1 and high is None:
        return lambda run: next(holding(run), None)

    def counted(run: Run) -> Field | None:
        found = {id(field): field for field in holding(run)}
        if len(found) < low or (high is not None and len(found) > high):
            return None
        return next(iter(found.values()), NOWHERE)

    return counted


def all_of(conditions: tuple[Condition, ...]) -> Condition:
    def condition(run: Run) -> Field | None:
        first: Field | None = None
        for part in conditions:
            where = part(run)
            if where is None:
                return None
            if first is None or first is NOWHERE:
                first = where
        return first

    return condition


def any_of(conditions: tuple[Condition, ...]) -> Condition:
    def condition(run: Run) -> Field | None:
        for part in conditions:
            where = part(run)
            if where is not None:
                return where
        return None

    return condition

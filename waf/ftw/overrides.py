"""Where this platform differs from what the tests expect, entry by entry with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from waf.errors import InputError, Problem
from waf.files import head
from waf.ftw.reader import MAX_ID, Reader
from waf.ftw.suite import read_output
from waf.ftw.values import Expected, Stage, Test, TestFile
from waf.source import MAX_BYTES, Node, load

SHIPPED: Final = Path(__file__).with_name("crs-overrides.yaml")
"""Where this firewall differs from what the CRS's own tests expect."""

_FILE: Final = ("version", "meta", "test_overrides")
_META: Final = ("engine", "platform", "annotations")
_OVERRIDE: Final = ("rule_id", "test_ids", "stage_ids", "reason", "retry_once", "output")


@dataclass(frozen=True, slots=True)
class Override:
    """`output` stands in the place of the tests' own; None leaves the tests out."""

    rule_id: int
    test_ids: tuple[int, ...]
    """Empty: all of the rule's."""
    stage_ids: tuple[int, ...]
    """Counted from 0; empty: all of a test's."""
    reason: str
    output: Expected | None
    retry_once: bool
    problem: Problem
    """What to say when there is no such test."""

    def applies(self, test: Test) -> bool:
        return test.rule_id == self.rule_id and (not self.test_ids or test.test_id in self.test_ids)


def load_overrides(path: Path) -> list[Override]:
    """Raises InputError."""
    return read_overrides(head(path, MAX_BYTES), str(path))


def read_overrides(text: str | bytes, file: str) -> list[Override]:
    reader = Reader()
    found = reader.mapping(load(text, file), "an overrides file", _FILE, required=("test_overrides",))
    if "meta" in found:
        reader.mapping(found["meta"], "`meta`", _META)
    overrides = [_override(reader, item) for item in reader.items(found.get("test_overrides"), "`test_overrides`")]
    if reader.problems:
        raise InputError(sorted(reader.problems))
    return overrides


def _override(reader: Reader, node: Node) -> Override:
    found = reader.mapping(node, "an override", _OVERRIDE, required=("rule_id", "reason"))
    reason = reader.text(found.get("reason"), "`reason`").strip()
    if "reason" in found and not reason:
        reader.complain(node, "an override needs a reason", key="reason")
    rule = reader.number(found.get("rule_id"), "`rule_id`", 1, MAX_ID)
    return Override(
        rule_id=rule,
        test_ids=reader.each(found.get("test_ids"), "`test_ids`", reader.rule_id),
        stage_ids=reader.each(found.get("stage_ids"), "`stage_ids`", reader.place),
        reason=reason,
        output=read_output(reader, found["output"]) if "output" in found else None,
        retry_once=bool(reader.flag(found.get("retry_once"), "`retry_once`")),
        problem=Problem(node.file, node.line, node.column, f"no test of rule {rule} is changed by this", warning=True),
    )


def apply(files: Sequence[TestFile], overrides: Sequence[Override]) -> tuple[list[TestFile], list[Problem]]:
    """The tests as this platform is expected to pass them, and a warning for each override that changed none of them."""
    by_rule: dict[int, list[Override]] = {}
    for override in overrides:
        by_rule.setdefault(override.rule_id, []).append(override)
    used: set[int] = set()

    def changed(test: Test) -> Test:
        for override in by_rule.get(test.rule_id, ()):
            if override.applies(test):
                used.add(id(override))
                test = _changed(test, override)
        return test

    files = [file.with_tests(tuple([changed(test) for test in file.tests])) for file in files]
    return files, [override.problem for override in overrides if id(override) not in used]


def _changed(test: Test, override: Override) -> Test:
    if override.output is None and not override.retry_once:
        return replace(test, skip=override.reason)

    def stage(place: int, old: Stage) -> Stage:
        if override.stage_ids and place not in override.stage_ids:
            return old
        expected = override.output or old.expected
        return replace(old, expected=replace(expected, retry_once=expected.retry_once or override.retry_once))

    return replace(test, stages=tuple([stage(place, old) for place, old in enumerate(test.stages)]))

"""Exclusions as predicates: on this path, does this rule leave this field alone?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import translate
from re import compile as re_compile
from urllib.parse import unquote

from waf.model import Field
from waf.rules.fieldref import selector_test
from waf.rules.program import Run
from waf.rules.spec import Exclusion, RuleSpec, selects

Excluded = Callable[[Run, Field], bool]


def path_matcher(pattern: str) -> Callable[[str], bool]:
    """A route's path pattern as a predicate; `*` stands for anything, `/` included, and nothing else is special."""
    if pattern in ("*", "/*"):
        return lambda _path: True
    literal = pattern.replace("[", "[[]").replace("?", "[?]")
    matches = re_compile(translate(literal)).match
    return lambda path: matches(path) is not None


def normal_path(path: str) -> str:
    """The path as a lenient server might read it: percent-decoded, `\\` as `/`, without empty, `.` and `..` segments.

    The parameters of such a segment go with it, as in servlet containers: `/open/..;/v1` is `/v1`.
    """
    decoded = unquote(path, errors="surrogateescape").replace("\\", "/") if "%" in path or "\\" in path else path
    if "//" not in decoded and "/." not in decoded and "/;" not in decoded:
        return decoded
    kept: list[str] = []
    for segment in decoded.split("/"):
        if ";" in segment and segment.partition(";")[0] in ("", ".", ".."):
            segment = segment.partition(";")[0]
        if segment == "..":
            if kept:
                kept.pop()
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if decoded.endswith("/") and kept else "")


def excluded(rule: RuleSpec, exclusions: Iterable[Exclusion]) -> Excluded | None:
    """The exclusions of one rule as one predicate, or None when it has none."""
    applying = [exclusion for exclusion in exclusions if selects(exclusion.rules, rule)]
    if not applying:
        return None
    tests = [
        (path_matcher(e.route), tuple((frozenset(f.spec.buckets), selector_test(f)) for f in e.fields))
        for e in applying
    ]

    def excluded(run: Run, field: Field) -> bool:
        for on_route, fields in tests:
            if (
                on_route(run.path)
                and on_route(normal_path(run.path))
                and (not fields or any(field.bucket in b and (sel is None or sel(field)) for b, sel in fields))
            ):
                return True
        return False

    return excluded

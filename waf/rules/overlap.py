"""Rules, alternatives and texts that make no difference: something else matches whenever they do, or nothing can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from waf.errors import Problem
from waf.rules import dialect
from waf.rules.implies import implies, texts
from waf.rules.spec import All, AnyOf, Condition, Exclusion, Leaf, Not, Place, RuleSpec, leaves, selects

_SHOWN: Final = 3
_BLANKS: Final = frozenset(" \t\n\r\f\v")
_LEAVES_NONE: Final = {
    "lowercase": frozenset(map(chr, range(ord("A"), ord("Z") + 1))),
    "uppercase": frozenset(map(chr, range(ord("a"), ord("z") + 1))),
    "remove_whitespace": _BLANKS,
    "remove_nulls": frozenset("\0"),
    "replace_nulls": frozenset("\0"),
    "compress_whitespace": _BLANKS - {" "},
}
"""Characters that do not occur in what a transform gives."""
_LISTS: Final = ("contains_any", "starts_with", "ends_with", "words")


def overlaps(rules: Sequence[RuleSpec]) -> Iterator[Problem]:
    """A warning for each rule that adds nothing: another one of its paranoia level or a lower one matches whenever it does."""
    chains = [frozenset(leaf.chain for leaf in leaves(rule.match)) for rule in rules]
    for at, rule in enumerate(rules):
        for with_, other in enumerate(rules):
            if at == with_ or rule.phase != other.phase or not chains[at] & chains[with_]:
                continue
            if other.paranoia > rule.paranoia or other.mode != rule.mode or not implies(rule.match, other.match):
                continue
            mutual = rule.paranoia == other.paranoia and implies(other.match, rule.match)
            if mutual and with_ > at:
                continue  # said once, at the second of the two
            where = f"{other.place.file}:{other.place.line}"
            what = "is the same condition as that of" if mutual else "only matches what is also matched by"
            yield _warning(
                rule.place,
                f"rule {rule.id} {what} rule {other.id} ({where}): both score",
                "merge them, or look for another property of the attack",
            )


def useless_parts(rule: RuleSpec) -> Iterator[Problem]:
    """Warnings about parts of one rule that make no difference, and about texts that no value can contain."""
    yield from _joins(rule.match)
    for leaf in leaves(rule.match):
        if leaf.negate:
            continue
        yield from _list(leaf)
        yield from _impossible(leaf)


def shut_off(rules: Iterable[RuleSpec], exclusions: Sequence[Exclusion]) -> Iterator[Problem]:
    """A warning for each rule that an exclusion takes off everywhere."""
    everywhere = [e for e in exclusions if not e.fields and e.route in ("*", "/*") and e.expires is None]
    for rule in rules:
        for exclusion in everywhere:
            if selects(exclusion.rules, rule):
                at = f"{exclusion.place.file}:{exclusion.place.line}"
                yield _warning(
                    rule.place,
                    f"rule {rule.id} can never match: the exclusion at {at} takes it off on every route and field",
                    "say `mode: off`, or name fields or a route",
                )
                break


def _warning(place: Place, message: str, hint: str = "") -> Problem:
    return Problem(place.file, place.line, place.column, message, hint, warning=True)


def _joins(condition: Condition) -> Iterator[Problem]:
    if isinstance(condition, Not):
        yield from _joins(condition.part)
    elif isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from _joins(part)
        yield from _redundant(condition)


def _redundant(join: All | AnyOf) -> Iterator[Problem]:
    parts = join.parts
    for at, part in enumerate(parts):
        for with_, other in enumerate(parts):
            here, there = (part, other) if isinstance(join, AnyOf) else (other, part)
            if at == with_ or not implies(here, there) or (with_ > at and implies(there, here)):
                continue
            line = leaves(other)[0].place.line
            why = "holds" if isinstance(join, AnyOf) else "implies it"
            yield _warning(leaves(part)[0].place, f"this condition adds nothing: the one on line {line} {why} as well")
            break


def _list(leaf: Leaf) -> Iterator[Problem]:
    """Texts of a list that contain a shorter one of the same list, so that they never matter."""
    if leaf.operator not in _LISTS:
        return
    found = texts(leaf)
    kept: set[Any] = set()
    useless: list[str] = []
    for text in sorted(map(str, found), key=lambda text: (len(text), text)):
        if any(part in kept for part in _parts(text, leaf.operator)):
            useless.append(text)
        else:
            kept.add(text)
    if useless:
        more = f" and {len(useless) - _SHOWN} more" if len(useless) > _SHOWN else ""
        shown = ", ".join(f'"{text[:40]}"' for text in useless[:_SHOWN])
        yield _warning(leaf.place, f"{shown}{more}: a shorter text of the same list is found whenever this one is")


def _parts(text: str, operator: str) -> Iterator[str]:
    """What would have to be in the list for the text to be useless; the text itself is one of them."""
    if operator == "words":
        yield text
    elif operator == "starts_with":
        yield from (text[:end] for end in range(1, len(text) + 1))
    elif operator == "ends_with":
        yield from (text[start:] for start in range(len(text)))
    else:
        most = min(len(text), 64)
        yield from (text[at : at + n] for n in range(1, most + 1) for at in range(len(text) - n + 1))
        yield text


def gone(chain: Sequence[str]) -> frozenset[str]:
    """Characters that no output of the chain contains: those that its last transforms take out."""
    found: frozenset[str] = frozenset()
    for name in reversed(chain):
        if name not in _LEAVES_NONE:
            break
        found |= _LEAVES_NONE[name]
    return found


def _impossible(leaf: Leaf) -> Iterator[Problem]:
    """Texts and alternatives with a character that the transforms never leave."""
    taken = gone(leaf.chain)
    if not taken:
        return
    after = f"after {', '.join(leaf.chain)}"
    if leaf.operator in ("eq", "in", "contains", "contains_any", "starts_with", "ends_with"):
        for text in texts(leaf):
            odd = next((char for char in str(text) if char in taken), "")
            if odd:
                yield _warning(leaf.place, f'"{str(text)[:40]}" never occurs {after}: no value has {_name(odd)} there')
    elif leaf.operator == "re2":
        for part in dialect.alternatives(leaf.argument):
            tree = dialect.tree(part)
            odd = _needs(tree, taken) if tree is not None and not dialect.ignores_case(tree) else ""
            if odd:
                yield _warning(leaf.place, f"`{part[:60]}` never matches {after}: no value has {_name(odd)} there")


def _needs(tree: Any, taken: frozenset[str]) -> str:
    """A character of `taken` that every match of the tree contains, or "" when there is none or in doubt."""
    for op, argument in tree:
        kind = str(op)
        if kind == "LITERAL" and chr(argument) in taken:
            return chr(argument)
        found = ""
        if kind == "IN":
            members = dialect.members(argument, len(taken))
            found = members[0] if members and taken.issuperset(members) else ""
        elif kind == "SUBPATTERN":
            found = "" if argument[1] else _needs(argument[3], taken)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] > 0:
            found = _needs(argument[2], taken)
        elif kind == "BRANCH":
            each = [_needs(part, taken) for part in argument[1]]
            found = each[0] if all(each) else ""
        if found:
            return found
    return ""


def _name(char: str) -> str:
    return f'"{char}"' if char.isprintable() and char != " " else f"U+{ord(char):04X}"

"""One link of a chain as a condition: its targets joined by `any:`, what is negated, counted or looked at step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from waf.rules.convert import fields, operators
from waf.rules.convert.base import HARMLESS, Plain, Unsupported
from waf.rules.convert.fields import NUMBERS, SCALARS, Source
from waf.rules.convert.operators import Said
from waf.rules.literals import required_literals
from waf.rules.seclang.chains import NAMES
from waf.rules.seclang.macros import has_macro
from waf.rules.seclang.spec import Link, OperatorCall
from waf.rules.specials import needed_specials
from waf.transform import TRANSFORMS

Data = Mapping[str, tuple[str, ...]]
_IN_SCALARS: Final = frozenset("0123456789+-.etrufalsn")
"""Characters of JSON's numbers and flags, in lower case."""
_TEXTUAL: Final = frozenset({"contains", "contains_any", "starts_with", "ends_with", "eq", "in"})
_NEVER_SCALARS: Final = frozenset({"utf8", "url_encoding", "sqli", "xss"})
_LOWER_NAMES: Final = "request.headers.names"


def condition(link: Link, phase: int, data: Data) -> Plain:
    """The link as a condition. Raises Unsupported."""
    call = link.operator
    if call is None:
        raise Unsupported("bookkeeping", "it has no condition")
    if has_macro(call.argument):
        raise Unsupported("macro", f"its operator asks for {call.argument}, which is only known at run time")
    chain = _transforms(link.transforms)
    operators.holds_on(call, data, "")
    found = fields.sources(link.variables, phase)
    if not found:
        raise Unsupported("phase", "there is nothing left for it to look at")
    parts: list[Plain] = [_counted(source, call, chain) for source in found if source.counted]
    values = [source for source in found if not source.counted]
    if values:
        what = operators.said(call, data)
        steps = [chain[:end] for end in range(len(chain) + 1)] if link.multi_match else [chain]
        for step in steps:
            parts += _values(values, call, what, step, data)
    return any_of(parts)


def any_of(parts: Sequence[Plain]) -> Plain:
    """Joined flat, each part once."""
    flat = [inner for part in parts for inner in part.get("any", [part])]
    distinct = [part for place, part in enumerate(flat) if part not in flat[:place]]
    return distinct[0] if len(distinct) == 1 else {"any": distinct}


def _transforms(names: Sequence[str]) -> tuple[str, ...]:
    unknown = next((name for name in names if name.lower() not in NAMES), None)
    if unknown is not None:
        raise Unsupported("transform", f"there is no transform for t:{unknown}")
    return tuple(NAMES[name.lower()] for name in names)


# --------------------------------------------------------------------------- counts


def _counted(source: Source, call: OperatorCall, chain: tuple[str, ...]) -> Plain:
    if call.name not in operators.COMPARE or not HARMLESS.issuperset(chain):
        raise Unsupported("operator", f"asks a number of targets with @{call.name}")
    bound = int(operators.said(call, {}).argument)
    if bound < 0:
        raise Unsupported("operator", "compares a number of targets with one below zero")
    name = call.name
    if call.negated and name == "eq":
        return any_of([_count(source, "lt", bound), _count(source, "gt", bound)]) if bound else _count(source, "gt", 0)
    return _count(source, operators.OPPOSITE[name] if call.negated else name, bound)


def _count(source: Source, name: str, bound: int) -> Plain:
    base: Plain = {"field": _field(source.fields)}
    if (name, bound) in (("eq", 0), ("lt", 1), ("le", 0)):
        return {**base, "exists": False}
    if (name, bound) in (("gt", 0), ("ge", 1)):
        return {**base, "exists": True}
    if (name, bound) in (("ge", 0), ("lt", 0)):
        raise Unsupported("operator", "compares a number of targets so that the answer is always the same")
    return {**base, "exists": True, "count": {name: bound}}


def _field(names: Sequence[str]) -> str | list[str]:
    return names[0] if len(names) == 1 else list(names)


# --------------------------------------------------------------------------- values


def _values(values: list[Source], call: OperatorCall, what: Said, chain: tuple[str, ...], data: Data) -> list[Plain]:
    """A leaf for each group of fields on which the same is done, and what holds where a field is absent."""
    groups: dict[tuple[tuple[str, ...], str], list[str]] = {}
    absent: list[Plain] = []
    for source in values:
        for name in source.fields:
            kind = name if name in NUMBERS else ""
            if name.startswith(SCALARS):
                if not _on_scalars(call, what, chain):
                    continue
                # a chain, even one that does nothing, makes a text of a number
                kind = SCALARS if what.operator in ("eq", "in") and not what.number and not chain else ""
            if name.startswith("request.args.names") and any("json" in text.lower() for text in _texts(what.argument)):
                raise Unsupported("json-name", "it is about names of JSON members, which are paths here: $.a.b")
            if name == _LOWER_NAMES:
                _needs_lower(call, what, chain)
            names = groups.setdefault((source.before, kind), [])
            if name not in names:
                names.append(name)
        if source.single and source.fields[0] in fields.MAY_BE_ABSENT and operators.holds_on(call, data, _after(chain)):
            absent.append({"field": source.fields[0], "exists": False})
    leaves = [_leaf(names, kind, call, what, (*before, *chain)) for (before, kind), names in groups.items()]
    return [*leaves, *absent]


def _after(chain: tuple[str, ...]) -> str:
    text = ""
    for name in chain:
        text = TRANSFORMS[name].apply(text)
    return text


def _leaf(names: list[str], kind: str, call: OperatorCall, what: Said, chain: tuple[str, ...]) -> Plain:
    operator, argument, negate = what.operator, what.argument, call.negated
    if what.after and chain[-1:] != what.after:
        chain = (*chain, *what.after)
    if kind in NUMBERS:
        if not what.number or not HARMLESS.issuperset(chain):
            raise Unsupported("operator", f"reads the number {kind} as a text")
        chain = ()
    elif what.number:
        chain = chain if chain[-1:] in (("length",), ("whole_number",)) else (*chain, "whole_number")
        argument = str(argument) if operator == "eq" else argument
    elif kind == SCALARS:
        chain = ("none",)
    if operator == "exists" and negate:
        raise Unsupported("operator", "it can never match")
    if negate and operator in operators.OPPOSITE:
        operator, negate = operators.OPPOSITE[operator], False
    leaf: Plain = {"field": _field(names)}
    if chain:
        leaf["transform"] = _field(chain)
    if negate:
        leaf["negate"] = True
    leaf[operator] = argument
    return leaf


def _needs_lower(call: OperatorCall, what: Said, chain: tuple[str, ...]) -> None:
    """Names of headers are lower case here, and as sent there."""
    tells_case = (
        what.operator not in ("exists", "byte_range", "utf8", "url_encoding", "sqli", "xss") and not what.number
    )
    ignores = "lowercase" in (*chain, *what.after) or (call.name == "rx" and call.argument.startswith("(?i)"))
    if not HARMLESS.issuperset(chain) or (tells_case and not ignores):
        raise Unsupported(
            "case", "compares names of headers, which are lower case here, as they were sent: add t:lowercase"
        )


def _on_scalars(call: OperatorCall, what: Said, chain: tuple[str, ...]) -> bool:
    """Whether a number or a flag can satisfy the operator at all; the fields are left out of a rule for which they cannot."""
    if call.negated or what.number or not HARMLESS.issuperset(chain):
        return True
    if what.operator in _NEVER_SCALARS:
        return False
    if what.operator in _TEXTUAL:
        return any(_IN_SCALARS.issuperset(text.lower()) for text in _texts(what.argument))
    if what.operator not in ("re2", "re2_bytes") or not what.argument.isascii() or "\\x" in what.argument:
        return True
    needed, specials = required_literals(what.argument), needed_specials(what.argument)
    if needed and not any(_IN_SCALARS.issuperset(text) for text in needed.texts):
        return False
    return specials is None or "+" in specials


def _texts(argument: Any) -> list[str]:
    return [str(text) for text in (argument if isinstance(argument, list) else [argument])]

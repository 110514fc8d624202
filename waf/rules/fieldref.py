"""Field expressions of the rule language: `request.headers["User-Agent"]`, `tensor["input"].shape`, `json["$.a[*].b"]`,
`request.args[/^id_/]`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

import re2

from waf.fields import FIELDS, FieldSpec
from waf.model import Field
from waf.rules.spec import FieldRef
from waf.transform.base import to_bytes
from waf.transform.linear import compiled, finds

_MEMORY = 1 << 20
_SHORT = 64
_MOST_KNOWN = 512
"""Short names that a pattern remembers."""

_EXPRESSION = re.compile(r"""([a-z_.]+?)(?:\[(?:"([^"\]]{1,256})"|'([^'\]]{1,256})')\])?(\.[a-z_]+)?""")
_PATTERN = re.compile(r"([a-z_.]+?)\[(!?)/(.{1,256})/\]", re.DOTALL)
_PATH = re.compile(r"""\$(?:\.[^.\[\]\s]+|\[(?:\d+|\*)\]|\.\*)*""")


def parse_field(text: str) -> FieldRef:
    """Reads one field expression; raises ValueError with a sentence that says what is wrong and what would be right."""
    if text.startswith("json["):  # a path has brackets of its own, so it is cut at the last one
        found_json = re.fullmatch(r"""json\[(["'])(.{1,256})\1\]""", text)
        if not found_json:
            raise ValueError(f'"{text}" is not a JSON selector; write json["$.a.b[*].c"]')
        path = found_json.group(2)
        if not _PATH.fullmatch(path):
            raise ValueError(f'"{path}" is not a path like $.a.b[*].c')
        return FieldRef("json", FIELDS["json"], path)
    found_pattern = _PATTERN.fullmatch(text)
    if found_pattern:
        return _by_pattern(*found_pattern.groups())
    found = _EXPRESSION.fullmatch(text)
    if not found:
        raise ValueError(f'"{text}" is not a field; write name or name["selector"]')
    name = found.group(1) + (found.group(4) or "")  # tensor["x"].shape is tensor.shape["x"]
    selector = found.group(2) or found.group(3)
    spec = _spec(name)
    if selector is None and spec.selector == "path":
        raise ValueError(f'"{name}" needs a selector: {name}["$.a.b"]')
    if selector is not None and spec.selector == "none":
        raise ValueError(f'"{name}" takes no selector in brackets')
    if selector is not None and spec.buckets[0].endswith("headers"):
        selector = selector.lower()
    return FieldRef(name, spec, selector)


def _spec(name: str) -> FieldSpec:
    spec = FIELDS.get(name)
    if spec is None:
        near = difflib.get_close_matches(name, FIELDS, 1)
        raise ValueError(f'there is no field "{name}"' + (f'; did you mean "{near[0]}"?' if near else ""))
    return spec


def _by_pattern(name: str, negated: str, pattern: str) -> FieldRef:
    spec = _spec(name)
    if spec.selector != "optional" and not spec.names:
        raise ValueError(f'"{name}" takes no pattern in brackets')
    try:
        _names_like(pattern)
    except re2.error:
        raise ValueError(f"/{pattern}/ is not a pattern RE2 can read") from None
    return FieldRef(name, spec, pattern, "unlike" if negated else "like")


def _names_like(pattern: str) -> Callable[[str], bool]:
    """Whether a name matches somewhere. Patterns see bytes, as in SecLang; the same names come again and again."""
    search = finds(compiled(pattern, _MEMORY, of_bytes=True))
    known: dict[str, bool] = {}

    def like(name: str) -> bool:
        found = known.get(name)
        if found is None:
            found = search(to_bytes(name))
            if len(name) <= _SHORT and len(known) < _MOST_KNOWN:
                known[name] = found
        return found

    return like


def path_pattern(path: str) -> re.Pattern[str]:
    """A JSON path with `[*]` and `.*` as a pattern over concrete paths."""
    escaped = re.escape(path).replace(r"\[\*\]", r"\[\d+\]").replace(r"\.\*", r"(?:\.[^.\[]+|\[\d+\])")
    return re.compile(escaped)


def selector_test(ref: FieldRef) -> Callable[[Field], bool] | None:
    """A predicate for the selector in brackets, or None when every field of the bucket is meant."""
    selector = ref.selector
    if selector is None:
        return None
    if ref.pattern:
        like, wanted = _names_like(selector), ref.pattern == "like"
        return lambda field: like(field.name) is wanted
    if ref.spec.selector == "path":
        matches = path_pattern(selector).fullmatch
        return lambda field: field.origin.startswith("json:") and matches(field.origin, 5) is not None
    if selector.startswith("//"):
        suffix = selector[1:]  # an XML path from anywhere: //a/@href ends in /a/@href
        return lambda field: field.name.endswith(suffix)
    return lambda field: field.name == selector

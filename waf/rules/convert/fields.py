"""SecLang's variables as fields of the rule language: one table for each kind, and why the others have none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from waf.rules.convert.base import Unsupported
from waf.rules.fieldref import parse_field
from waf.rules.seclang.spec import Variable
from waf.rules.seclang.targets import selects

_COLLECTIONS: Final = {
    "ARGS": "request.args",
    "ARGS_GET": "request.args.get",
    "ARGS_GET_NAMES": "request.args.get.names",
    "ARGS_NAMES": "request.args.names",
    "ARGS_POST": "request.args.form",
    "ARGS_POST_NAMES": "request.args.form.names",
    "FILES": "files.names",
    "FILES_NAMES": "files.fields",
    "FILES_SIZES": "files.sizes",
    "MULTIPART_PART_HEADERS": "multipart.part_headers",
    "REQUEST_COOKIES": "request.cookies",
    "REQUEST_COOKIES_NAMES": "request.cookies.names",
    "REQUEST_HEADERS": "request.headers",
    "REQUEST_HEADERS_NAMES": "request.headers.names",
    "RESPONSE_HEADERS": "response.headers",
}
_DECODED: Final = ("percent_decode",)
_SCALARS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "PATH_INFO": ("request.path", _DECODED),
    "QUERY_STRING": ("request.query", ()),
    "REMOTE_ADDR": ("client.ip", ()),
    "REMOTE_HOST": ("client.ip", ()),
    "REQUEST_BODY_LENGTH": ("request.body.length", ()),
    "REQUEST_FILENAME": ("request.path", _DECODED),
    "REQUEST_LINE": ("request.line", ()),
    "REQUEST_METHOD": ("request.method", ()),
    "REQUEST_PROTOCOL": ("request.protocol", ()),
    "REQUEST_URI": ("request.target", _DECODED),
    "REQUEST_URI_RAW": ("request.target", ()),
    "RESPONSE_BODY": ("response.body", ()),
    "RESPONSE_STATUS": ("response.status", ()),
}
_OF_BODIES: Final = frozenset(
    "ARGS_POST ARGS_POST_NAMES FILES FILES_NAMES FILES_SIZES MULTIPART_PART_HEADERS REQUEST_BODY_LENGTH XML".split()
)
"""What phase 1 does not know yet."""
_BEFORE_BODY: Final = {"ARGS": "ARGS_GET", "ARGS_NAMES": "ARGS_GET_NAMES"}
_WHY_NOT: Final = {
    "MATCHED_VAR": ("matched-var", "asks what another link matched; conditions here do not see each other"),
    "REQUEST_BODY": (
        "variable",
        "reads REQUEST_BODY: name what is in it (request.args, json, xml), or request.body for text",
    ),
    "TX": ("tx", "reads TX, which other rules set; rules here share nothing but their scores"),
    "STORE": ("collection", "reads a collection that lasts over several requests"),
}
_STORES: Final = frozenset({"IP", "GLOBAL", "SESSION", "USER", "RESOURCE", "GEO"})
MAY_BE_ABSENT: Final = frozenset({"request.query", "client.ip"})
"""Fields that some requests do not have, where SecLang has an empty text."""
_JSON: Final = "json"
"""With it SecLang begins the name of each member of a JSON body; here names are paths, `$.a.b`."""
SCALARS: Final = "request.args.scalars"
NUMBERS: Final = frozenset({"request.body.length", "response.status", "files.sizes"})


class Source(msgspec.Struct, frozen=True):
    """Where one target's values are: fields, and what is done to them first. `counted`: how many there are is meant."""

    fields: tuple[str, ...]
    before: tuple[str, ...] = ()
    counted: bool = False
    single: bool = False
    """There is always one value, an empty text at least."""


def sources(variables: Sequence[Variable], phase: int) -> list[Source]:
    """The targets of a link, each without what its exclusions take from it. Raises Unsupported; an empty list when none is
    left."""
    excluded = [variable for variable in variables if variable.exclude]
    found: list[Source] = []
    for variable in variables:
        mine = [e for e in excluded if e.collection == variable.collection]
        if variable.exclude or any(e.kind == "all" or _same_path(e, variable) for e in mine):
            continue
        if phase == 1 and variable.collection in _OF_BODIES and not variable.count:
            continue
        found += _sources(variable, mine, phase)
    return list(dict.fromkeys(found))


def _same_path(excluded: Variable, variable: Variable) -> bool:
    return variable.collection == "XML" and excluded.selector == variable.selector


def _sources(variable: Variable, excluded: list[Variable], phase: int) -> list[Source]:
    name = variable.collection
    if phase == 1:
        if name in _OF_BODIES:
            raise Unsupported("phase", f"counts {name} in phase 1, before the body is read")
        name = _BEFORE_BODY.get(name, name)
    if name in _SCALARS:
        if variable.count:
            raise Unsupported("variable", f"counts {name}, of which there is always one")
        field, before = _SCALARS[name]
        return [Source((field,), before, single=True)]
    if name == "XML":
        if variable.count:
            raise Unsupported("variable", "counts XML nodes")
        return [Source(("xml",))]
    if name not in _COLLECTIONS:
        why = "MATCHED_VAR" if name.startswith("MATCHED_VAR") else "STORE" if name in _STORES else name
        raise Unsupported(*_WHY_NOT.get(why, ("variable", f"reads {name}, for which there is no field")))
    if variable.kind == "name" and any(selects(e)(variable.selector) for e in excluded):
        return []
    text = _selected(_COLLECTIONS[name], variable, excluded)
    fields: tuple[str, ...] = (text,)
    if name == "ARGS" and variable.kind != "name":  # numbers of JSON are arguments there; a form has none by that name
        fields = (text, text.replace("request.args", SCALARS, 1))
    return [Source(fields, counted=variable.count)]


def _selected(field: str, variable: Variable, excluded: list[Variable]) -> str:
    text = field
    if variable.kind == "name":
        text = _named(field, variable.selector)
    elif variable.kind == "regex":
        if _JSON in variable.selector.lower() and field.startswith("request.args"):
            raise Unsupported(
                "json-name", f"{variable.text} is about names of JSON members, which are paths here: $.a.b"
            )
        if excluded:
            raise Unsupported("selector", f"takes names out of {variable.text}, which is a pattern itself")
        text = f"{field}[/{_flags([variable])}{variable.selector}/]"
    elif excluded:
        text = f"{field}[!/{_flags(excluded)}{'|'.join(map(_one, excluded))}/]"
    try:
        parse_field(text)
    except ValueError as error:
        raise Unsupported("selector", f"{variable.text}: {error}") from None
    return text


def _named(field: str, name: str) -> str:
    if name.startswith(_JSON + ".") and field.startswith("request.args"):
        raise Unsupported("json-name", f'names the JSON member {name}: write json["$.{name[5:]}"] by hand')
    if field in ("request.headers", "response.headers") and '"' not in name and "]" not in name:
        return f'{field}["{name}"]'
    return f"{field}[/(?i)^{_quoted(name)}$/]"


def _one(excluded: Variable) -> str:
    return f"^{_quoted(excluded.selector)}$" if excluded.kind == "name" else f"(?:{excluded.selector})"


def _flags(variables: Sequence[Variable]) -> str:
    """SecLang's selectors ignore case, and their `.` does not match line breaks."""
    return "(?i-s)" if any(v.kind == "regex" and "." in v.selector for v in variables) else "(?i)"


def _quoted(name: str) -> str:
    """A name as a pattern for itself."""
    return "".join(
        f"\\x{{{ord(char):02x}}}" if char.isascii() and not char.isalnum() and char not in "_-" else char
        for char in name
    )

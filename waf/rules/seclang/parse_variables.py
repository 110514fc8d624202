"""`ARGS|!ARGS:x|&TX:id|REQUEST_COOKIES:/a|b/|XML:/*` → variables."""

from __future__ import annotations

from typing import Final

import re2

from waf.rules.seclang.spec import Variable

SCALARS: Final = frozenset(
    """ARGS_COMBINED_SIZE AUTH_TYPE DURATION FILES_COMBINED_SIZE FULL_REQUEST FULL_REQUEST_LENGTH INBOUND_DATA_ERROR
    MATCHED_VAR MATCHED_VAR_NAME MULTIPART_BOUNDARY_QUOTED MULTIPART_BOUNDARY_WHITESPACE MULTIPART_CRLF_LF_LINES
    MULTIPART_DATA_AFTER MULTIPART_DATA_BEFORE MULTIPART_FILE_LIMIT_EXCEEDED MULTIPART_HEADER_FOLDING
    MULTIPART_INVALID_HEADER_FOLDING MULTIPART_INVALID_PART MULTIPART_INVALID_QUOTING MULTIPART_LF_LINE
    MULTIPART_MISSING_SEMICOLON MULTIPART_STRICT_ERROR MULTIPART_UNMATCHED_BOUNDARY OUTBOUND_DATA_ERROR PATH_INFO
    QUERY_STRING REMOTE_ADDR REMOTE_HOST REQBODY_ERROR REQBODY_ERROR_MSG REQBODY_PROCESSOR REQBODY_PROCESSOR_ERROR
    REQBODY_PROCESSOR_ERROR_MSG REQUEST_BASENAME REQUEST_BODY REQUEST_BODY_LENGTH REQUEST_FILENAME REQUEST_LINE
    REQUEST_METHOD REQUEST_PROTOCOL REQUEST_URI REQUEST_URI_RAW RESPONSE_BODY RESPONSE_CONTENT_LENGTH
    RESPONSE_CONTENT_TYPE RESPONSE_PROTOCOL RESPONSE_STATUS SERVER_NAME STATUS_LINE TIME_EPOCH UNIQUE_ID
    URLENCODED_ERROR""".split()
)
"""Variables with one value; one that is not set is an empty text, as in libmodsecurity."""
MAPS: Final = frozenset(
    """ARGS ARGS_GET ARGS_GET_NAMES ARGS_NAMES ARGS_POST ARGS_POST_NAMES FILES FILES_NAMES FILES_SIZES MATCHED_VARS
    MATCHED_VARS_NAMES MULTIPART_FILENAME MULTIPART_NAME MULTIPART_PART_HEADERS REQUEST_COOKIES REQUEST_COOKIES_NAMES
    REQUEST_HEADERS REQUEST_HEADERS_NAMES RESPONSE_HEADERS RESPONSE_HEADERS_NAMES""".split()
)
"""Variables with any number of named values."""
STORES: Final = frozenset({"TX", "IP", "GLOBAL", "SESSION", "USER", "RESOURCE", "GEO"})
"""Collections that rules write to. Those that `initcol` opens may outlive the transaction."""
XPATHS: Final = frozenset({"/*", "//@*"})


def variables(text: str, *, exclude: bool = False) -> tuple[Variable, ...]:
    """Reads a list of targets. Raises ValueError with what is wrong. `exclude`: every one is meant as an exclusion."""
    found = []
    for part in _split(text):
        variable = _variable(part)
        found.append(variable)
    if exclude:
        found = [Variable(v.collection, v.kind, v.selector, v.count, exclude=True) for v in found]
    if not found:
        raise ValueError("has no variable")
    return tuple(found)


def _variable(text: str) -> Variable:
    rest = text.strip()
    exclude = rest.startswith("!")
    rest = rest.removeprefix("!")
    count = rest.startswith("&")
    rest = rest.removeprefix("&")
    name, colon, selector = rest.partition(":")
    collection = name.strip().upper()
    if collection == "XML":
        if selector not in XPATHS:
            raise ValueError(f"XML takes {' or '.join(sorted(XPATHS))}, not {selector!r}")
        return Variable("XML", "name", selector, count, exclude)
    if collection in SCALARS:
        if colon:
            raise ValueError(f"{collection} takes no selector")
        return Variable(collection, count=count, exclude=exclude)
    if collection not in MAPS and collection not in STORES:
        raise ValueError(f"variable {collection} is not supported")
    if not colon:
        return Variable(collection, count=count, exclude=exclude)
    selector = _unquoted(selector)
    if len(selector) > 1 and selector[0] == selector[-1] == "/":
        pattern = selector[1:-1].replace("\\/", "/")
        try:
            re2.compile(pattern.encode())
        except re2.error:
            raise ValueError(f"the selector /{pattern}/ is not a pattern that RE2 can read") from None
        return Variable(collection, "regex", pattern, count, exclude)
    if not selector:
        raise ValueError(f"{collection}: has an empty selector")
    return Variable(collection, "name", selector.lower(), count, exclude)


def _unquoted(selector: str) -> str:
    return selector[1:-1] if len(selector) > 1 and selector[0] == selector[-1] == "'" else selector


def _split(text: str) -> list[str]:
    """At each `|` (libmodsecurity takes a comma as well in exclusions) outside of `/…/` and `'…'`."""
    parts, begin, at = [], 0, 0
    while at < len(text):
        char = text[at]
        if char == "'" and text[at - 1 : at] == ":":
            at = _end(text, at, "'")
        elif char == "/" and text[at - 1 : at] == ":" and not _xpath(text, begin):
            at = _end(text, at, "/")
        elif char in "|,":
            parts.append(text[begin:at])
            begin = at + 1
        at += 1
    parts.append(text[begin:])
    return [part for part in parts if part.strip()]


def _xpath(text: str, begin: int) -> bool:
    return text[begin : begin + 6].strip().lstrip("!&").upper().startswith("XML:")


def _end(text: str, at: int, mark: str) -> int:
    end = at + 1
    while end < len(text) and (text[end] != mark or text[end - 1] == "\\"):
        end += 1
    return end

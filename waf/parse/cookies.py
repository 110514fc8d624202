"""The Cookie header, split as tolerantly as servers do (RFC 6265 §5.2, browsers' nameless cookies included)."""

from __future__ import annotations


def cookies(header: str) -> list[tuple[str, str]]:
    """(name, value) of each cookie. Nothing is decoded and nothing dropped: control characters and quotes stay for the
    rules to see. A piece without `=` is a value without a name."""
    found = []
    for piece in header.split(";"):
        name, equals, value = piece.strip(" \t").partition("=")
        if equals:
            found.append((name.rstrip(" \t"), value.lstrip(" \t")))
        elif name:
            found.append(("", name))
    return found

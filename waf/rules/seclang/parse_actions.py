"""`id:1,phase:2,t:none,setvar:'tx.a=+1'` → (name, value) pairs, and the small languages inside some values."""

from __future__ import annotations

import re
from typing import Final

from waf.rules.seclang.spec import SetVar

_NAME: Final = re.compile(r"\s*([A-Za-z]+)\s*")
_PLAIN: Final = re.compile(r"[^\\',]+")
_QUOTED: Final = re.compile(r"[^\\']+")
_SEVERITIES: Final = ("EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG")
PHASES: Final = {"request": 2, "response": 4, "logging": 5}


def pairs(text: str) -> list[tuple[str, str]]:
    """(lower-case name, value) of each action; the value is empty where there is none. Raises ValueError."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        if text[at] in ", \t\r\n":
            at += 1
            continue
        name = _NAME.match(text, at)
        if name is None:
            raise ValueError(f"{text[at : at + 20]!r} is no action")
        at = name.end()
        value = ""
        if at < len(text) and text[at] == ":":
            value, at = _value(text, at + 1)
        elif at < len(text) and text[at] != ",":
            raise ValueError(f"after the action {name[1]} there should be a colon or a comma")
        found.append((name[1].lower(), value))
    return found


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins at `at`, and where it ends. A quote may open after `!` or `name=` as well."""
    out: list[str] = []
    quoted = False
    while at < len(text):
        same = (_QUOTED if quoted else _PLAIN).match(text, at)
        if same is not None:
            out.append(same[0])
            at = same.end()
            continue
        char = text[at]
        if char == "\\" and text[at + 1 : at + 2] == "'":
            out.append("'")
            at += 2
            continue
        if char == "'" and (quoted or not "".join(out).strip() or out[-1][-1] in "=!;"):
            quoted = not quoted
            if not quoted and text[at + 1 :].lstrip()[:1] in ("", ","):
                at += 1
                break
        elif char == "," and not quoted:
            break
        else:
            out.append(char)
        at += 1
    if quoted and text[at - 1 : at] != "'":
        raise ValueError("has a quote that nothing closes")
    return "".join(out).strip(), at


def setvar(text: str) -> SetVar:
    """`tx.name=value`, `=+n`, `=-n`, `!tx.name`, `tx.name`. Raises ValueError."""
    delete = text.startswith("!")
    collection, dot, rest = text.removeprefix("!").partition(".")
    if not dot or not rest:
        raise ValueError(f"setvar:{text} names no variable of a collection")
    collection = collection.strip().upper()
    if delete:
        return SetVar(collection, rest, "delete")
    name, equals, value = rest.partition("=")
    if not equals:
        return SetVar(collection, name, "=", "1")
    if value[:1] == "+":
        return SetVar(collection, name, "+", value[1:])
    return SetVar(collection, name, "-", value[1:]) if value[:1] == "-" else SetVar(collection, name, "=", value)


def severity(text: str) -> int:
    """0 emergency … 7 debug. Raises ValueError."""
    word = text.upper()
    if word in _SEVERITIES:
        return _SEVERITIES.index(word)
    if word.isdigit() and int(word) <= 7:
        return int(word)
    raise ValueError(f"severity {text!r} is none of {', '.join(_SEVERITIES)}")


def severity_name(number: int) -> str:
    return _SEVERITIES[number].lower() if 0 <= number < len(_SEVERITIES) else ""


def phase(text: str) -> int:
    """1 to 5, or request, response, logging. Raises ValueError."""
    number = PHASES.get(text.lower(), int(text) if text.isdigit() else 0)
    if not 1 <= number <= 5:
        raise ValueError(f"phase {text!r} is not 1 to 5, request, response or logging")
    return number


def id_ranges(text: str) -> list[tuple[int, int]]:
    """`1-5 7` or `1-5,7` as inclusive ranges. Raises ValueError."""
    found = []
    for part in re.split(r"[\s,]+", text.strip()):
        match = re.fullmatch(r"(\d{1,18})(?:-(\d{1,18}))?", part)
        if match is None:
            raise ValueError(f"{part!r} is no rule id and no range of them")
        found.append((int(match[1]), int(match[2] or match[1])))
    return found

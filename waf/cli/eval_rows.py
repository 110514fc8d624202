"""Labelled texts, one JSON object a line, as `waf eval` reads them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from waf.classify.types import SURFACES
from waf.cli.requests import RequestError, decode_json
from waf.cli.scan import MAX_LINE, lines
from waf.errors import InputError, Problem

ATTACKS: Final = ("injection", "jailbreak", "indirect_injection", "attack")
BENIGN: Final = ("benign", "harmful_request")
"""A harmful question that overrides nothing is none of this detector's business: flagging it is a false positive."""


class Row(NamedTuple):
    """One labelled text. `properties` are what the tables are by."""

    text: str
    label: str
    attack: bool
    surface: str
    properties: dict[str, str]


_PROPERTIES: Final = ("lang", "source", "kind", "carrier")


def rows(paths: Iterable[Path]) -> list[Row]:
    """Every row of the files. Raises InputError at the first line that is none."""
    found = []
    for path in paths:
        with path.open("rb") as file:
            for number, line in lines(file):
                try:
                    found.append(_row(line))
                except RequestError as error:
                    raise InputError([Problem(str(path), number, 1, str(error), _SHAPE)]) from None
    if not found:
        raise InputError([Problem(", ".join(map(str, paths)) or "--data", 0, 0, "no rows", _SHAPE)])
    return found


_SHAPE: Final = '{"text": …, "label": "benign" or "injection", "surface": "user"}'


def _row(line: bytes | None) -> Row:
    if line is None:
        raise RequestError(f"longer than {MAX_LINE:,} bytes")
    value = decode_json(line)
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise RequestError("no object with a text")
    label = value.get("label")
    if label not in (*ATTACKS, *BENIGN):
        raise RequestError(f"label must be one of {', '.join((*BENIGN, *ATTACKS))}, not {str(label)[:40]!r}")
    surface = value.get("surface") or _surface(value)
    if surface not in SURFACES:
        raise RequestError(f"surface must be one of {', '.join(SURFACES)}, not {str(surface)[:40]!r}")
    properties = {name: str(value[name])[:60] for name in _PROPERTIES if value.get(name)}
    return Row(value["text"], label, label in ATTACKS, surface, properties)


def _surface(value: dict[str, Any]) -> str:
    """Whoever sends an indirect injection wrote a document."""
    return "document" if value.get("label") == "indirect_injection" else "user"


def length(text: str) -> str:
    """The bucket that the text's length is in."""
    size = len(text)
    edges = ((64, "to 64"), (256, "65 to 256"), (1024, "257 to 1,024"), (4096, "1,025 to 4,096"))
    return next((name for edge, name in edges if size <= edge), "over 4,096")

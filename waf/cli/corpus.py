"""A file of texts or requests, one JSON value a line, as `waf rules fp` and `waf rules bench` read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec

from waf.cli.requests import RequestError, complete, decode_json, request_from_json
from waf.cli.scan import MAX_LINE, lines
from waf.errors import InputError, Problem
from waf.model import Request

Shape = Literal["generic", "chat"]
_JSON: Final = (("Host", "corpus.example"), ("Content-Type", "application/json"))
_TEXT_KEYS: Final = ("text", "prompt", "content")


class Item(NamedTuple):
    """One line of a corpus: where it stands, and the request it is or is put into."""

    line: int
    request: Request


def corpus(path: Path, shape: Shape) -> Iterator[Item]:
    """The requests of a corpus file. A line is a `waf scan` record, a JSON string, or an object with `text` (or `prompt`,
    `content`); a text is put into a chat, or into a generic JSON body where it is both web input and prompt.

    Raises InputError at the first line that is none of these: a share of a corpus that was partly read means nothing.
    """
    with path.open("rb") as file:
        for number, line in lines(file):
            try:
                yield Item(number, _request(line, shape))
            except RequestError as error:
                raise InputError([Problem(str(path), number, 1, f"neither a text nor a request: {error}")]) from None


def _request(line: bytes | None, shape: Shape) -> Request:
    if line is None:
        raise RequestError(f"longer than {MAX_LINE:,} bytes")
    value = decode_json(line)
    if isinstance(value, dict) and "path" in value:
        return request_from_json(value)
    text = value if isinstance(value, str) else _text(value)
    return request_of(text, shape)


def _text(value: Any) -> str:
    found = next((value[key] for key in _TEXT_KEYS if key in value), None) if isinstance(value, dict) else None
    if not isinstance(found, str):
        raise RequestError('write a string, {"text": …} or a record as `waf scan` reads them')
    return found


def request_of(text: str, shape: Shape) -> Request:
    """A request that carries the text."""
    if shape == "chat":
        path, body = "/v1/chat/completions", {"model": "m", "messages": [{"role": "user", "content": text}]}
    else:
        path, body = "/", {"text": text}
    raw = msgspec.json.encode(body)
    return complete(Request(method="POST", target=path, headers=_JSON, body=raw))

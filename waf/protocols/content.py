"""Walks for values that are more than text: images, audio and files, tool arguments, token ids, the model's name."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from waf.protocols.shape import Walk, obj, spread, unknown, web
from waf.protocols.sink import Repeated, Sink
from waf.protocols.texts import loose_base64, text_of

IMAGE_CUT: Final = 256
MOST_MODELS: Final = 16
"""Commas at which a model's name is split; what is left then is no name of a model."""
_BASE64: Final = re.compile(r"(?:[Dd][Aa][Tt][Aa]:[\w.+/;=-]{0,200},)?[A-Za-z0-9+/_\r\n-]*+={0,2}+[\r\n]*+", re.ASCII)
"""Base64, bare or in a data URL. Possessive, so that no input makes it look back."""
_TEXT_URL: Final = re.compile(r"data:(?:text/|application/(?:json|xml))[^,]*+(?<!;base64),", re.IGNORECASE)
"""A data URL whose text stands there as it is."""


def image(value: Any, path: str, sink: Sink) -> None:
    """An image's URL, to `llm.images`; base64, in a data URL or bare, is cut. Nothing here looks at pixels, and the
    receipt says so."""
    if type(value) is not str:
        unknown(value, path, sink)
        return
    if len(value) > IMAGE_CUT and _BASE64.fullmatch(value):
        sink.text("llm.images", path, value[:IMAGE_CUT])
        sink.skip(path, "image", len(value) - IMAGE_CUT)
    else:
        sink.text("llm.images", path, value)
        sink.skip(path, "image")


def opaque(reason: str) -> Walk:
    """Base64, bare or in a data URL. Text in it is a document, whatever its type says; what nothing here can read (audio,
    PDF) is skipped, and what is no base64 at all is read like any string at a place nobody knows."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is not str:
            unknown(value, path, sink)
            return
        text = _attached(value)
        if text:
            sink.text("llm.documents", path, text)
        if not _BASE64.fullmatch(value):
            if not (text and _TEXT_URL.match(value)):
                unknown(value, path, sink)
        elif not text:
            sink.skip(path, reason, len(value))

    return walk


def _attached(value: str) -> str | None:
    """The text of a file in base64 or in a data URL, None where the file is no text."""
    head, comma, data = value.partition(",")
    if not comma or head[:5].lower() != "data:":
        return text_of(loose_base64(value))
    if head[-7:].lower() == ";base64":
        return text_of(loose_base64(data))
    return data if _TEXT_URL.match(head + comma) else None


def json_text(bucket: str) -> Walk:
    """JSON written into a string, as tool-call arguments are: each string in it, or the whole where it is no JSON."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is not str:
            spread(value, path, sink, (bucket,))
            return
        document = sink.decode(value)
        if document is None:
            sink.text(bucket, path, value)
        else:
            spread(sink.open(document), path + "#$", sink, (bucket,))

    return walk


def prompt(name: str, otherwise: Walk = unknown) -> Walk:
    """A prompt or a list of them, to `llm.prompt`; lists of token ids are counted and skipped."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is str:
            sink.text("llm.prompt", path, value)
        elif type(value) is list:
            if not tokens(value, name, path, sink):
                for i, item in enumerate(value):
                    walk(item, f"{path}[{i}]", sink)
        else:
            otherwise(value, path, sink)

    return walk


def are_tokens(value: list[Any], sink: Sink) -> bool:
    """Whether it is a list of token ids, or a list of such lists."""
    rows = value if value and type(value[0]) is list else [value]
    return bool(value) and all(type(row) is list and id(row) in sink.numeric for row in rows)


def tokens(value: list[Any], name: str, path: str, sink: Sink) -> bool:
    """Counts and skips a list of token ids, or a list of such lists. False where it is something else."""
    if not are_tokens(value, sink):
        return False
    rows = value if type(value[0]) is list else [value]
    sink.number("llm.params", name + ".token_ids", sum(map(len, rows)), path)
    sink.skip(path, "token-ids", len(msgspec.json.encode(value)))
    return True


def model(value: Any, path: str, sink: Sink) -> None:
    """The model's name; LiteLLM takes several, with commas between them."""
    if type(value) is str:
        for name in split_names(value, sink):
            sink.text("model.name", path, name)
    else:
        unknown(value, path, sink)


def split_names(value: str, sink: Sink) -> list[str]:
    """The models that one string names; the first is the request's if it has none yet."""
    names = [name.strip() for name in value.split(",", MOST_MODELS)] if "," in value else [value]
    sink.model = sink.model or names[0]
    return names


def models(value: Any, path: str, sink: Sink) -> None:
    """Models that a gateway may ask as well: names (`models` of OpenRouter), whole requests, or a map of names to names
    (`fallbacks` of LiteLLM). All of it is read like any unknown member, too."""
    unknown(value, path, sink)
    for one in value if type(value) is list else [value]:
        if type(one) is dict:
            named = [one["model"]] if "model" in one else [*one.values()]
            for item in named:
                for name in item if type(item) is list else [item]:
                    _name(name, path, sink)
        else:
            _name(one, path, sink)


def _name(value: Any, path: str, sink: Sink) -> None:
    if type(value) is str:
        sink.text("model.name", path, value)


def stream(value: Any, path: str, sink: Sink) -> None:
    """Whether the answer is to be streamed. Servers that coerce read `1` and `"true"` so, too."""
    sink.stream = sink.stream or value in (True, "true", "True")
    if type(value) is bool:
        sink.number("llm.params", "stream", int(value), path)
    else:
        unknown(value, path, sink)


def bias(value: Any, path: str, sink: Sink) -> None:
    """A map of token ids to numbers: only its size matters."""
    if type(value) is not dict:
        unknown(value, path, sink)
        return
    sink.number("llm.params", "logit_bias", len(value), path)
    strange = {key: item for key, item in value.items() if not key.isdecimal() or type(item) not in (int, float)}
    if strange:
        web(strange, path, sink)


def embeds(value: Any, path: str, sink: Sink) -> None:
    """Prompt embeddings in base64: text nobody can read. Their presence shows in `json`."""
    if type(value) is str:
        sink.text("json", path, value[:IMAGE_CUT])
        sink.skip(path, "prompt-embeds", max(0, len(value) - IMAGE_CUT))
    elif type(value) in (list, Repeated):
        for i, item in enumerate(value):
            embeds(item, f"{path}[{i}]", sink)
    else:
        unknown(value, path, sink)


image_object: Final = obj({"url": image, "detail": web, "image_url": image}, otherwise=image)
"""`{"url": …, "detail": …}`, or the URL alone."""

"""The Open Inference Protocol v2 in JSON, spoken by Triton, KServe, Seldon and MLServer: `/v2/models/{m}[/versions/{v}]/infer`.

Each of `inputs` has `name`, `shape`, `datatype`, `data` (flat or nested, row-major) and `parameters`. Source: the Open
Inference Protocol's REST specification. Triton's `/generate` takes `text_input`, with parameters beside or below it.
"""

from __future__ import annotations

from math import prod
from typing import Any, Final

from waf.errors import BadRequest
from waf.model import Field
from waf.protocols import refusals, tensor
from waf.protocols.base import Protocol
from waf.protocols.content import stream
from waf.protocols.kserve import features
from waf.protocols.shape import UNKNOWN, Walk, each, label, obj, odd_name, plain, spread, to, web
from waf.protocols.sink import Repeated, Sink, below

MAX_RANK: Final = 32
_MISSING: Final = object()


def tensor_input(value: Any, path: str, sink: Sink) -> None:
    """One input tensor: `tensor.*` under its own name; strings (BYTES) are model text.

    Raises BadRequest where `shape` is no list of sizes, or holds another number of elements than `data`: which of the two
    a server believes differs, and what it would read beside the data is not there to inspect.
    """
    if type(value) is not dict:
        spread(value, path, sink, UNKNOWN)
        return
    rest = dict(value)
    name, dtype, data = rest.pop("name", None), rest.pop("datatype", None), rest.pop("data", _MISSING)
    named = name if type(name) is str else path
    shape = _shape(rest.pop("shape", None))
    label(name, path + ".name", sink)
    parameters(named)(rest.pop("parameters", None), path + ".parameters", sink)
    if rest:
        spread(rest, path, sink, UNKNOWN)

    declared = dtype if type(dtype) is str else "json"
    if type(dtype) is not str:
        spread(dtype, path + ".datatype", sink, UNKNOWN)
    if data is _MISSING:
        # Shared memory or a binary part: the elements are elsewhere.
        _field(sink, "tensor.dtype", named, declared, path + ".datatype")
        if shape is not None:
            _field(sink, "tensor.shape", named, shape, path + ".shape")
        return
    path += ".data"
    found = tensor.read(data, sink.numeric) if type(data) is list else None
    count = len(found[0]) if found is not None else _elements(data)
    if type(data) is Repeated or (shape is not None and prod(shape) != count):
        raise BadRequest("tensor-shape", "An input's shape does not fit the number of elements in its data.")
    if found is not None:
        tensor.emit(sink, named, path, found[0], found[1] if shape is None else shape, declared)
        return
    _field(sink, "tensor.shape", named, shape if shape is not None else (count,), path)
    _field(sink, "tensor.dtype", named, declared, path)
    _field(sink, "tensor.size", named, count, path)
    features(named)(data, path, sink)


def _field(sink: Sink, bucket: str, name: str, value: str | int | tuple[int, ...], path: str) -> None:
    sink.fields[bucket].append(Field(bucket, name, value, "json:" + path))


def _shape(value: Any) -> tuple[int, ...] | None:
    if value is None:
        return None
    if type(value) is not list or len(value) > MAX_RANK or any(type(n) is not int or n < 0 for n in value):
        raise BadRequest("tensor-shape", "An input's shape is not a list of sizes.")
    return tuple(value)


def _elements(data: Any) -> int:
    """Leaves of a nested list."""
    count = 0
    stack = [data]
    while stack:
        one = stack.pop()
        if type(one) is list:
            stack += one
        else:
            count += 1
    return count


def parameters(owner: str) -> Walk:
    """Parameters of an input, an output or the request: `tensor.params` by `owner.key`, as text. Some servers hand them to the
    model, so what is more than a word is prompt text, too."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is not dict:
            spread(value, path, sink, UNKNOWN)
            return
        for key, items in value.items():
            child = below(path, key)
            if not plain(key):
                odd_name(key, child, sink, UNKNOWN)
            for item in items if type(items) is Repeated else (items,):
                if type(item) in (str, int, float, bool):
                    text = item if type(item) is str else str(item).lower()
                    _field(sink, "tensor.params", f"{owner}.{key}", text, child)
                    if not plain(text):
                        sink.text("llm.prompt", child, text)
                else:
                    spread(item, child, sink, UNKNOWN)

    return walk


_output: Final = obj({"name": web, "datatype": web, "parameters": parameters("output")})
_infer: Final = obj(
    {"id": web, "inputs": each(tensor_input), "outputs": each(_output), "parameters": parameters("request")}
)
_prompt: Final = to("llm.prompt")
_generate: Final = obj(
    {"id": web, "text_input": _prompt, "stream": stream, "parameters": obj({"stream": stream}, params=True)},
    params=True,
)

OIP: Final = Protocol(
    name="oip",
    operations={"infer": _infer, "generate": _generate},
    default="infer",
    refusal=refusals.server,
    stream_error=refusals.server_stream,
    nan=True,
)

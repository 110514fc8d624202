"""KServe's v1 protocol and TensorFlow Serving's REST API: `/v1/models/{m}[/versions/{v}]:verb`.

`instances` (rows) or `inputs` (columns) hold numbers, strings, `{"b64": …}` or objects of these; `examples` and `context`
are the features of classify and regress. Source: TensorFlow Serving's REST API reference. Their JSON reads NaN and Infinity.
"""

from __future__ import annotations

from typing import Any, Final

from waf.protocols import refusals, tensor
from waf.protocols.base import Protocol
from waf.protocols.shape import Walk, obj, odd_name, plain, web
from waf.protocols.sink import Repeated, Sink, at, below
from waf.protocols.texts import base64_bytes, text_of

MODEL_TEXT: Final = ("llm.prompt",)


def features(root: str) -> Walk:
    """Model inputs: tensors are named by the member that holds them, else `root`; strings are model text."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        stack: list[tuple[Any, str, str]] = [(value, path, root)]
        while stack:
            value, path, name = stack.pop()
            kind = type(value)
            if kind is str:
                sink.text("llm.prompt", path, value)
            elif kind is list:
                found = tensor.read(value, sink.numeric)
                if found is not None:
                    tensor.emit(sink, name, path, *found)
                else:
                    stack += [(value[i], at(path, i), name) for i in range(len(value) - 1, -1, -1)]
            elif kind is dict:
                data = value.get("b64") if len(value) == 1 else None
                if type(data) is str:
                    _binary(data, below(path, "b64"), sink)
                    continue
                for key in reversed(value):
                    child = below(path, key)
                    if not plain(key):
                        odd_name(key, child, sink, MODEL_TEXT)
                    stack.append((value[key], child, key))
            elif kind is Repeated:
                stack += [(item, path, name) for item in reversed(value)]
            elif value is not None:
                sink.number("json.scalars", path, value, path)

    return walk


def _binary(data: str, path: str, sink: Sink) -> None:
    """`{"b64": …}`: text inside is model text, anything else decoded is skipped, and what is no base64 is text itself."""
    raw = base64_bytes(data)
    text = data if raw is None else text_of(raw)
    if text is None:
        sink.skip(path, "binary", len(data))
    else:
        sink.text("llm.prompt", path, text)


_read: Final = obj(
    {
        "instances": features("instances"),
        "inputs": features("inputs"),
        "examples": features("examples"),
        "context": features("context"),
        "signature_name": web,
    }
)

KSERVE: Final = Protocol(
    name="kserve",
    operations=dict.fromkeys(("predict", "classify", "regress", "explain"), _read),
    default="predict",
    refusal=refusals.server,
    stream_error=refusals.server_stream,
    nan=True,
)

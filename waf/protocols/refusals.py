"""Error bodies in the shapes that the client libraries of each API turn into a typed, readable error.

`x-should-retry: false` and the request id's header are added by whoever sends them.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

JSON: Final = "application/json"
Body = tuple[bytes, str]

_encode = msgspec.json.Encoder().encode


def _event(data: dict[str, Any], name: str = "") -> bytes:
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + _encode(data) + b"\n\n"


def _with_id(message: str, request_id: str) -> str:
    return f"{message} (request id: {request_id})" if request_id else message


# --------------------------------------------------------------------------- OpenAI

_OPENAI_TYPES: Final = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def _openai_error(status: int, code: str, message: str, request_id: str) -> dict[str, Any]:
    kind = _OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"message": _with_id(message, request_id), "type": kind, "param": None, "code": code}


def openai(status: int, code: str, message: str, request_id: str) -> Body:
    """`{"error": {"message", "type", "param", "code"}}`."""
    return _encode({"error": _openai_error(status, code, message, request_id)}), JSON


def openai_stream(status: int, code: str, message: str, request_id: str, operation: str) -> bytes:
    """A `data:` event with a top-level `error`; for Responses, an `error` event as well."""
    error = _openai_error(status, code, message, request_id)
    if operation != "responses":
        return _event({"error": error})
    flat = {"type": "error", "code": code, "message": error["message"], "param": None, "sequence_number": 0}
    return _event({**flat, "error": error}, "error")


# --------------------------------------------------------------------------- Anthropic

_ANTHROPIC_TYPES: Final = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def _anthropic_error(status: int, message: str, request_id: str) -> dict[str, Any]:
    kind = _ANTHROPIC_TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")
    error = {"type": kind, "message": _with_id(message, request_id)}
    return {"type": "error", "error": error, "request_id": request_id or None}


def anthropic(status: int, code: str, message: str, request_id: str) -> Body:
    """`{"type": "error", "error": {"type", "message"}, "request_id"}`; the API has no place for a code."""
    return _encode(_anthropic_error(status, message, request_id)), JSON


def anthropic_stream(status: int, code: str, message: str, request_id: str, operation: str) -> bytes:
    """`event: error`."""
    return _event(_anthropic_error(status, message, request_id), "error")


# --------------------------------------------------------------------------- model servers


def server(status: int, code: str, message: str, request_id: str) -> Body:
    """`{"error": "text"}`, as TensorFlow Serving, KServe and Triton answer."""
    return _encode({"error": f"{code}: {_with_id(message, request_id)}"}), JSON


def server_stream(status: int, code: str, message: str, request_id: str, operation: str) -> bytes:
    return b"data: " + server(status, code, message, request_id)[0] + b"\n\n"


# --------------------------------------------------------------------------- everybody else


def generic(status: int, code: str, message: str, request_id: str) -> Body:
    """`{"error": {"code", "message", "request_id"}}`."""
    return _encode({"error": {"code": code, "message": message, "request_id": request_id}}), JSON


def generic_stream(status: int, code: str, message: str, request_id: str, operation: str) -> bytes:
    error = {"code": code, "message": message, "request_id": request_id}
    return _event({"error": error}, "error")

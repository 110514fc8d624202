"""What the demo's model server answers: sentiment in KServe's v1 protocol, and an echo in the shape of OpenAI's chat API.

Pure but for the model it is given: method, path and body in, answer out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import msgspec

from waf.demo.sentiment import Prediction
from waf.edge.demo_backend import Answer

JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
ECHO_MODEL: Final = "echo"
MAX_INSTANCES: Final = 256
MAX_ECHO: Final = 2000
CREATED: Final = 1_750_000_000
"""A fixed time of creation, so that the same question gets the same answer."""

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

Predict = Callable[[Sequence[str]], list[Prediction]]


class Message(msgspec.Struct):
    role: str
    content: str | list[dict[str, Any]] | None = None

    def text(self) -> str:
        if isinstance(self.content, list):
            return " ".join(str(part["text"]) for part in self.content if "text" in part)
        return self.content or ""


class Chat(msgspec.Struct):
    messages: list[Message]
    stream: bool = False
    model: str = ECHO_MODEL


class Instances(msgspec.Struct):
    instances: list[str]


class Backend:
    """`predict` gives the sentiment of each text."""

    def __init__(self, predict: Predict) -> None:
        self._predict = predict
        self._pages: dict[tuple[str, str], Callable[[bytes], Answer]] = {
            ("GET", "/healthz"): lambda _: _json(200, {"status": "ok"}),
            ("GET", "/v1/models"): lambda _: _json(
                200, {"object": "list", "data": [_model(ECHO_MODEL), _model("sentiment")]}
            ),
            ("GET", "/v1/models/sentiment"): lambda _: _json(200, {"name": "sentiment", "ready": True}),
            ("POST", "/v1/models/sentiment:predict"): self._sentiment,
            ("POST", "/v1/chat/completions"): self._chat,
        }

    def respond(self, method: str, path: str, body: bytes) -> Answer:
        """Never raises: what is not understood is a 400 or 404 in the shape of the API that was asked."""
        page = self._pages.get((method, path))
        if page is None:
            return _json(404, {"error": "there is nothing at this path"})
        return page(body)

    def _sentiment(self, body: bytes) -> Answer:
        try:
            texts = msgspec.json.decode(body, type=Instances).instances
        except _UNREADABLE:
            return _json(400, {"error": 'expected {"instances": ["text", ...]}'})
        if len(texts) > MAX_INSTANCES:
            return _json(400, {"error": f"at most {MAX_INSTANCES} instances at once"})
        return _json(200, {"predictions": self._predict(texts)})

    def _chat(self, body: bytes) -> Answer:
        try:
            chat = msgspec.json.decode(body, type=Chat)
        except _UNREADABLE:
            return _json(400, {"error": _openai_error("not a chat request")})
        said = next((message.text() for message in reversed(chat.messages) if message.role == "user"), "")
        answer = f"You said: {said[:MAX_ECHO]}"
        usage = _usage(" ".join(message.text() for message in chat.messages), answer)
        if chat.stream:
            return Answer(200, EVENTS, tuple(_events(chat.model, answer)), stream=True)
        choice = {"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}
        return _json(200, {**_head("chat.completion", chat.model), "choices": [choice], "usage": usage})


def _events(model: str, answer: str) -> Iterable[bytes]:
    """Server-sent events as OpenAI frames them: the role, a word at a time, why it ended, `[DONE]`."""
    deltas: list[dict[str, str]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word} for word in re.findall(r"\s*\S+\s*", answer)]
    for delta in deltas:
        yield _event(model, delta, None)
    yield _event(model, {}, "stop")
    yield b"data: [DONE]\n\n"


def _event(model: str, delta: dict[str, str], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + msgspec.json.encode({**_head("chat.completion.chunk", model), "choices": [choice]}) + b"\n\n"


def _head(kind: str, model: str) -> dict[str, Any]:
    return {"id": "chatcmpl-demo", "object": kind, "created": CREATED, "model": model}


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "waf-demo"}


def _usage(prompt: str, answer: str) -> dict[str, int]:
    asked, said = len(prompt.split()), len(answer.split())
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _openai_error(message: str) -> dict[str, Any]:
    return {"message": message, "type": "invalid_request_error", "param": None, "code": None}


def _json(status: int, value: Any) -> Answer:
    return Answer(status, JSON, (msgspec.json.encode(value) + b"\n",))

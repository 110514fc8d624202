from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from waf.demo.backend import MAX_INSTANCES, Backend
from waf.demo.sentiment import Prediction


def predict(texts: Sequence[str]) -> list[Prediction]:
    return [Prediction("positive", len(text) / 10) for text in texts]


BACKEND = Backend(predict)


def ask(method: str, path: str, body: Any = b"") -> tuple[int, Any]:
    answer = BACKEND.respond(method, path, body if isinstance(body, bytes) else json.dumps(body).encode())
    assert answer.content_type == "application/json"
    assert not answer.stream
    return answer.status, json.loads(b"".join(answer.pieces))


def chat(content: Any, **more: Any) -> dict[str, Any]:
    return {
        "model": "small",
        "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": content}],
        **more,
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/healthz", {"status": "ok"}), ("/v1/models/sentiment", {"name": "sentiment", "ready": True})],
)
def test_pages(path: str, expected: dict[str, Any]) -> None:
    assert ask("GET", path) == (200, expected)


def test_models() -> None:
    status, models = ask("GET", "/v1/models")
    assert (status, [model["id"] for model in models["data"]]) == (200, ["echo", "sentiment"])


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("POST", "/healthz"), ("GET", "/v1/chat/completions"), ("PUT", "/\udcff")]
)
def test_nothing_else(method: str, path: str) -> None:
    assert ask(method, path)[0] == 404


def test_sentiment() -> None:
    status, answer = ask("POST", "/v1/models/sentiment:predict", {"instances": ["a", "bc"]})
    assert status == 200
    assert answer == {"predictions": [{"label": "positive", "score": 0.1}, {"label": "positive", "score": 0.2}]}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"instances": "text"}', b'{"instances": [1]}', b'{"instances": ["\xff"]}', {"instances": ["x"] * (MAX_INSTANCES + 1)}],
)  # fmt: skip
def test_sentiment_of_nonsense(body: Any) -> None:
    status, answer = ask("POST", "/v1/models/sentiment:predict", body)
    assert status == 400
    assert isinstance(answer["error"], str)


@pytest.mark.parametrize(
    ("content", "echoed"),
    [
        ("hello there", "You said: hello there"),
        (
            [{"type": "text", "text": "one"}, {"type": "image_url"}, {"type": "text", "text": "two"}],
            "You said: one two",
        ),
        (None, "You said: "),
        ("grüße 日本", "You said: grüße 日本"),
        ("x" * 9000, "You said: " + "x" * 2000),
    ],
)
def test_chat_echoes_the_last_user_message(content: Any, echoed: str) -> None:
    status, answer = ask("POST", "/v1/chat/completions", chat(content))
    assert status == 200
    assert answer["object"] == "chat.completion"
    assert answer["model"] == "small"
    assert answer["choices"] == [
        {"index": 0, "message": {"role": "assistant", "content": echoed}, "finish_reason": "stop"}
    ]
    assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{}", b'{"messages": [1]}', b'{"messages": [{}]}', chat(5), b'{"messages":' + b"[" * 100_000]
)
def test_chat_of_nonsense_is_an_openai_error(body: Any) -> None:
    status, answer = ask("POST", "/v1/chat/completions", body)
    assert status == 400
    assert answer["error"]["type"] == "invalid_request_error"


def test_chat_streams_word_by_word() -> None:
    answer = BACKEND.respond("POST", "/v1/chat/completions", json.dumps(chat("two words\n now", stream=True)).encode())
    assert (answer.status, answer.content_type, answer.stream) == (200, "text/event-stream", True)
    assert all(piece.startswith(b"data: ") and piece.endswith(b"\n\n") for piece in answer.pieces)
    *events, done = [piece.removeprefix(b"data: ").strip() for piece in answer.pieces]
    assert done == b"[DONE]"
    choices = [json.loads(event)["choices"][0] for event in events]
    assert choices[0]["delta"] == {"role": "assistant", "content": ""}
    assert "".join(choice["delta"].get("content", "") for choice in choices) == "You said: two words\n now"
    assert len(choices) > 5
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["stop"]

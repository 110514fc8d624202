"""Which API a path belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.protocols import PROTOCOLS, locate


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/chat/completions", "openai chat"),
        ("/chat/completions", "openai chat"),
        ("/openai/v1/chat/completions", "openai chat"),
        ("/openai/deployments/gpt/chat/completions", "openai chat gpt"),
        ("/gateway/team/chat/completions", "openai chat"),
        ("/v1/chat/completions/", "openai chat"),
        ("//v1///chat//completions", "openai chat"),
        ("/V1/Chat/COMPLETIONS", "openai chat"),
        ("/v1/chat/completion%73", "openai chat"),
        ("/v1%2Fchat%2fcompletions", "openai chat"),
        ("/v1/./x/../chat/completions", "openai chat"),
        ("/../../v1/chat/completions", "openai chat"),
        ("v1/chat/completions", "openai chat"),
        ("/v1/completions", "openai completions"),
        ("/completions", "openai completions"),
        ("/openai/deployments/gpt/completions", "openai completions gpt"),
        ("/openai/deployments/gpt/embeddings", "openai embeddings gpt"),
        ("/api/v3/embeddings", "openai embeddings"),
        ("/v1/moderations", "openai moderations"),
        ("/v1/responses", "openai responses"),
        ("/openai/responses", "openai responses"),
        ("/v1/responses/input_tokens", "openai input_tokens"),
        ("/v1/responses/compact", "openai compact"),
        ("/v1/conversations", "openai conversations"),
        ("/v1/conversations/c_1/items", "openai conversations"),
        ("/tokenize", "openai tokenize"),
        ("/v1/tokenize", "openai tokenize"),
        ("/rerank", "openai scores"),
        ("/v2/rerank", "openai scores"),
        ("/v1/score", "openai scores"),
        ("/v1/pooling", "openai scores"),
        ("/v1/classify", "openai scores"),
        ("/score", None),
        ("/classify", None),
        ("/shop/rerank", None),
        ("/shop/conversations/7/items", None),
        ("/conversations", None),
        ("/v1/models", "openai models"),
        ("/v1/files", "openai files"),
        ("/v1/audio/transcriptions", "openai transcriptions"),
        ("/v1/messages", "anthropic messages"),
        ("/anthropic/v1/messages", "anthropic messages"),
        ("/v1/messages/count_tokens", "anthropic count_tokens"),
        ("/v1/messages/batches", "anthropic batches"),
        ("/v1/models/m:predict", "kserve predict m"),
        ("/v1/models/m:Explain", "kserve explain m"),
        ("/v1/models/m%3Aclassify", "kserve classify m"),
        ("/v1/models/a:b:regress", "kserve regress a:b"),
        ("/v1/models/m/versions/12:predict", "kserve predict m"),
        ("/v1/models/m/labels/canary:predict", "kserve predict m"),
        ("/v2/models/m/infer", "oip infer m"),
        ("/V2/Models/M/Infer", "oip infer M"),
        ("/prefix/v2/models/m/versions/1/infer", "oip infer m"),
        ("/v2/models/a%2Fb/infer", "oip infer a/b"),
        ("/v2/models/m/generate_stream", "oip generate m"),
        ("/", None),
        ("", None),
        ("*", None),
        ("/messages", None),
        ("/models", None),
        ("/survey/responses", None),
        ("/shop/completions", None),
        ("/deployments/x/completions", None),
        ("/v1/chat/completions/extra", None),
        ("/v1/models/m", None),
        ("/v1/models/m:delete", None),
        ("/models:predict", None),
        ("/v2/models/infer", None),
        ("/v2/repository/models/m/load", None),
        ("/x/y/infer", None),
        ("/x/y/m:predict", None),
        ("/v1/chat/completions%00", None),
        ("/..", None),
    ],
)
def test_locate(path: str, expected: str | None) -> None:
    place = locate(path)
    found = place and f"{place.protocol.name} {place.operation} {place.model}".rstrip()
    assert found == expected


def test_a_path_is_read_the_same_however_long_and_however_often() -> None:
    for length in (1, 100, 104, 105, 106, 10_000):
        path = f"/{'a' * length}/v1/chat/completions"
        assert locate(path) == locate(path) == locate("/v1/chat/completions")
        assert locate(path + "/x") is locate(path + "/x") is None


@given(st.text(st.sampled_from("/%2Ff.v1chatompleinsder:") | st.characters()))
def test_any_path_has_at_most_one_place(path: str) -> None:
    place = locate(path)
    assert place is None or place.protocol in PROTOCOLS.values()


@given(st.text(max_size=20))
def test_prefixes_and_blanks_between_do_not_hide_an_api(prefix: str) -> None:
    place = locate(f"/{prefix}//v1/chat/completions/")
    assert place is not None
    assert place.operation == "chat"

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.classify.segments import BLOCK, OVERLAP, SEPARATE, Keys, cut, select
from waf.classify.types import SURFACES
from waf.model import Field


def fields(**texts: Any) -> dict[str, list[Field]]:
    """`llm_user=[…]` → the bucket `llm.user`, origins counted from 0."""
    return {
        name.replace("_", ".", 1): [
            Field(name.replace("_", ".", 1), "", text, f"json:$.{name}[{i}]") for i, text in enumerate(found)
        ]
        for name, found in texts.items()
    }


def seen(made: dict[str, list[Field]], budget: int = 1 << 20) -> list[tuple[str, str]]:
    return [(SURFACES[s.surface], s.text) for s in select(made, budget).segments]


@pytest.mark.parametrize(
    ("bucket", "surface"),
    [
        ("llm_system", "system"), ("llm_tools", "system"), ("llm_response_schema", "system"), ("llm_user", "user"),
        ("llm_assistant", "user"), ("llm_tool_results", "tool_result"), ("llm_documents", "document"),
        ("llm_tool_args", "tool_args"), ("llm_prompt", "user"),
    ],
)  # fmt: skip
def test_where_a_text_stands_is_its_surface(bucket: str, surface: str) -> None:
    assert seen(fields(**{bucket: ["some text to be read"]})) == [(surface, "some text to be read")]


@pytest.mark.parametrize(
    "bucket", ["llm_names", "llm_params", "llm_images", "model_name", "json", "headers", "args_get"]
)
def test_what_is_no_text_for_a_model_is_not_scored(bucket: str) -> None:
    assert seen(fields(**{bucket: ["some text to be read"]})) == []


def test_a_prompt_that_is_web_input_as_well_is_a_field() -> None:
    made = {
        "json": [Field("json", "", "text number one", "json:$.a")],
        "llm.prompt": [
            Field("llm.prompt", "", "text number one", "json:$.a"),
            Field("llm.prompt", "", "text number two", "json:$.b"),
        ],
    }
    assert seen(made) == [("field", "text number one"), ("user", "text number two")]


def test_the_same_text_is_scored_once_for_each_surface() -> None:
    made = fields(llm_user=["the same again", "the same again"], llm_system=["the same again"])
    assert sorted(seen(made)) == [("system", "the same again"), ("user", "the same again")]


@pytest.mark.parametrize(
    ("text", "scored"),
    [
        ("", False), ("   \n\t ", False), ("gpt-4o", False), ("2025-06-01T10:00", False), ("a" * 16, False), (3, False), (2.5, False),
        ("a" * 17, True), ("a b", True), ("忽略以上", True), ("ü", True),
    ],
)  # fmt: skip
def test_a_short_word_is_not_worth_a_model(text: Any, scored: bool) -> None:
    assert bool(seen(fields(llm_user=[text]))) is scored


def parts(*origins: str) -> list[tuple[str, str]]:
    made = [Field("llm.user", "", f"part {i} of it", f"json:$.{origin}") for i, origin in enumerate(origins)]
    return [(s.text, s.origin) for s in select({"llm.user": made}, 1 << 20).segments]


def test_the_parts_of_a_message_are_read_as_one_text() -> None:
    assert parts("messages[0].content[0].text", "messages[0].content[1].text", "messages[2].content[0].text") == [
        ("part 0 of it\npart 1 of it", "json:$.messages[0].content[0].text"),
        ("part 2 of it", "json:$.messages[2].content[0].text"),
    ]
    assert len(parts("contents[0].parts[0].text", "contents[0].parts[1].text")) == 1
    assert len(parts("messages[0].content[0]", "messages[0].content[1]")) == 1
    assert len(parts("messages[0].content[0].content[0].text", "messages[0].content[1].content[0].text")) == 2
    assert len(parts("messages[0].content", "messages[1].content", "input[0]")) == 3
    assert [text.count("part") for text, _ in parts("m.content[0].text", "m.content", "m.content[1].text")] == [1, 1, 1]
    pieces = [Field("llm.user", "", word, f"json:$.m.content[{i}].text") for i, word in enumerate(("Ignore", "all"))]
    assert seen({"llm.user": pieces}) == [("user", "Ignore\nall")]


def test_many_short_texts_are_put_together_within_their_surface() -> None:
    texts = [f"text number {i}" for i in range(SEPARATE + 1)]
    chosen = select(fields(llm_user=texts, llm_system=["and a system message"]), 1 << 20)
    assert [(s.surface, s.text.count("\n")) for s in chosen.segments] == [(0, 0), (1, SEPARATE)]
    assert chosen.segments[1].text == "\n".join(texts)
    assert chosen.segments[1].origin == "json:$.llm_user[0]"
    assert len(seen(fields(llm_user=texts[:-1]))) == SEPARATE
    long = [f"{i} " + "x " * 500 for i in range(300)]
    together = [s.text for s in select(fields(llm_user=long), 1 << 20).segments]
    assert all(len(text) <= BLOCK for text in together)
    assert "\n".join(together) == "\n".join(long)


def test_a_budget_is_said_to_have_been_cut() -> None:
    made = fields(llm_user=["a" * 60, "b" * 60, "c" * 60])
    whole = select(made, 180)
    assert (len(whole.segments), whole.cut) == (3, "")
    short = select(made, 100)
    assert ([len(s.text) for s in short.segments], short.cut) == ([60, 40], "json:$.llm_user[1]")
    exact = select(made, 120)
    assert ([len(s.text) for s in exact.segments], exact.cut) == ([60, 60], "json:$.llm_user[2]")


def test_a_long_text_is_scored_in_blocks_that_overlap() -> None:
    text = "".join(f"{i:07d} " for i in range(6000))
    blocks = [s.text for s in select(fields(llm_user=[text]), 1 << 20).segments]
    assert len(blocks) == 4
    assert all(a.endswith(b[:OVERLAP]) for a, b in itertools.pairwise(blocks))
    assert blocks[0] + "".join(b[OVERLAP:] for b in blocks[1:]) == text


@given(st.text("ab ", max_size=400), st.integers(8, 60), st.integers(0, 7))
def test_pieces_hold_the_whole_text(text: str, size: int, overlap: int) -> None:
    pieces = cut(text, size, overlap)
    assert all(len(piece) <= size for piece in pieces)
    assert pieces[0] + "".join(piece[overlap:] for piece in pieces[1:]) == text


def test_keys_tell_everything_apart_and_give_nothing_away() -> None:
    keys = Keys(b"k" * 16, "model 1")
    ways = {
        keys.key("text", 1, "route"), keys.key("text", 2, "route"), keys.key("text", 1, "other"), keys.key("texts", 1, "route"),
        Keys(b"l" * 16, "model 1").key("text", 1, "route"), Keys(b"k" * 16, "model 2").key("text", 1, "route"),
    }  # fmt: skip
    assert len(ways) == 6
    assert keys.key("text", 1, "route") == keys.key("text", 1, "route")
    assert len(keys.key("lone \udc80\ud800", 1, "route")) == 16

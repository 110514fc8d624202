from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.classify.pieces import LONGEST, Pieces

WORDS = [
    "[CLS]",
    "[SEP]",
    "[UNK]",
    "hello",
    "play",
    "##ing",
    "##er",
    "!",
    "_",
    "a",
    "##b",
    "##c",
    "cafe",
    "漢",
    "नम",
    "##स",
]
VOCABULARY = {piece: number for number, piece in enumerate(WORDS)}


def spelled(text: str) -> list[str]:
    (span,), over = Pieces(VOCABULARY).spans(text, 1000, 1000, 1)
    assert not over
    return [WORDS[number] for number in span.pieces]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        (" \n\t ", []),
        ("Hello", ["hello"]),
        ("HELLO playing!!", ["hello", "play", "##ing", "!", "!"]),
        ("player_a", ["play", "##er", "_", "a"]),
        ("abcb", ["a", "##b", "##c", "##b"]),
        ("Café", ["cafe"]),
        ("Cafe\u0301", ["cafe"]),
        ("ｈｅｌｌｏ", ["hello"]),
        ("漢漢", ["漢", "漢"]),
        ("नमस", ["नम", "##स"]),
        ("zebra", ["[UNK]"]),
        ("a" * (LONGEST + 1), ["[UNK]"]),
        ("he\u200bllo", ["[UNK]", "[UNK]"]),
    ],
)
def test_words_are_spelled_with_the_longest_pieces(text: str, pieces: list[str]) -> None:
    assert spelled(text) == ["[CLS]", *pieces, "[SEP]"]


def test_windows_overlap_and_the_last_one_ends_where_the_text_ends() -> None:
    text = " ".join(["hello", "a"] * 10)
    spans, over = Pieces(VOCABULARY).spans(text, 8, 4, 100)
    assert not over
    assert all(len(span.pieces) == 8 for span in spans)
    assert [span.start for span in spans] == [0, 16, 32, 48, 56]
    assert spans[-1].end == len(text)
    assert text[spans[1].start : spans[1].end] == "hello a hello a hello a"
    assert Pieces(VOCABULARY).spans(text, 8, 4, 2)[1]


def test_windows_begin_at_lines() -> None:
    """An order on a line of its own is seen without what stands before it, near the end of the text, too."""
    lines = ["hello " * 9, "a " * 3, "hello " * 11, "a a"]
    text = "\n".join(lines)
    spans, _ = Pieces(VOCABULARY).spans(text, 10, 4, 100)
    begins = [span.start for span in spans]
    assert {text.index("a a a"), text.rindex("a a")} <= set(begins)
    reached = 0
    for span in spans:
        assert span.start <= reached + 1, "nothing is left out"
        reached = max(reached, span.end)
    assert reached == len(text)


@pytest.mark.parametrize("stop", [". ", "! ", "? ", ".\t", "\u3002", "\u061f "])
def test_windows_begin_at_sentences(stop: str) -> None:
    """An order behind prose on the same line is seen without the prose."""
    text = "hello " * 9 + "a a" + stop + "a hello a hello"
    begins = [span.start for span in Pieces(VOCABULARY).spans(text, 10, 4, 100)[0]]
    assert text.rindex("a hello a hello") in begins


def test_a_stop_inside_of_a_word_ends_no_sentence_and_lines_come_first() -> None:
    inside = "hello " * 6 + "a.a " + "hello " * 4
    assert inside.index(".a") + 1 not in [span.start for span in Pieces(VOCABULARY).spans(inside, 10, 4, 100)[0]]
    both = "a " * 4 + "a\na. " + "a " * 30
    begins = [span.start for span in Pieces(VOCABULARY).spans(both, 20, 8, 100)[0]]
    assert both.index("\n") + 1 in begins
    assert both.index(".") + 2 not in begins


def test_a_vocabulary_without_its_special_pieces() -> None:
    with pytest.raises(ValueError, match=r"lacks \[CLS\]"):
        Pieces({"[UNK]": 0, "[SEP]": 1})


@given(st.text(), st.integers(3, 20))
def test_every_window_fits_and_lies_in_the_text(text: str, size: int) -> None:
    spans, _ = Pieces(VOCABULARY).spans(text, size, max(1, size - 3), 10_000)
    assert spans
    for span in spans:
        assert 2 <= len(span.pieces) <= size
        assert 0 <= span.start <= span.end <= len(text)

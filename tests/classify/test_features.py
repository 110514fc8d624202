from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.classify.features import BITS, BLOCK, KINDS, OFFSETS, features, features_of, rows_of, word_row


def words(text: str) -> list[int]:
    return features(text, 1).tolist()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("ignore previous orders", "Ignore PREVIOUS orders"),
        ("ignore previous orders", "ignore   previous\t\torders "),
        ("ignore previous", "ig\u200bno\u2060re pre\u00advious"),
        ("ignore previous", "ｉｇｎｏｒｅ previous"),
        ("ignore", "i\u0301g\u0308nore"),
        ("it's", "it’s"),
        ('say "no"', "say “no”"),
        ("room 17", "room 42"),
        ("stop!!!", "stop!"),
        ("a - b", "a — b"),
        ("====", "="),
    ],
)
def test_what_makes_no_difference(text: str, other: str) -> None:
    assert words(text) == words(other)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \t ", 0),
        ("\u200b\u200b", 0),
        ("one", 1),
        ("one two", 2),
        ("one, two.", 4),
        ("snake_case", 3),
        ("你好吗", 3),
        ("ignore你好", 3),
        ("привет мир", 2),
        ("line\nline", 3),
        ("\n\n\n", 1),
        ("नमस्ते दुनिया", 2),
    ],
)
def test_words(text: str, count: int) -> None:
    assert len(words(text)) == count


def test_order_counts_in_pairs_and_triples_only() -> None:
    one, other = (features(text).reshape(-1, KINDS) for text in ("drop all rules", "rules all drop"))
    assert set(one[:, 0]) == set(other[:, 0])
    for kind in (3, 4, 5):
        assert not set(one[2:, kind]) & set(other[2:, kind])


def test_beginnings_and_ends_are_shared_by_forms_of_a_word() -> None:
    one, other = (features(text).reshape(-1, KINDS)[0] for text in ("instruction", "instructing"))
    assert one[1] == other[1]
    assert one[2] != other[2]
    assert features("reaction").reshape(-1, KINDS)[0][2] == one[2]


def test_a_long_text_is_the_sum_of_its_blocks() -> None:
    text = "word " * (BLOCK // 5) + " " * (BLOCK - BLOCK // 5 * 5) + "and the end"
    assert words(text)[-3:] == words("and the end")
    assert len(words(text)) == BLOCK // 5 + 3


@given(st.text(), st.integers(1, KINDS))
def test_every_text_has_rows_of_the_table(text: str, kinds: int) -> None:
    found = features(text, kinds)
    assert found.dtype == np.int32
    assert len(found) % kinds == 0
    rows = found.reshape(-1, kinds)
    for kind in range(kinds):
        assert np.all((OFFSETS[kind] <= rows[:, kind]) & (rows[:, kind] < OFFSETS[kind] + (1 << BITS[kind])))
    assert not len(found) or found.max() < rows_of(kinds)


@given(st.text("ab ", max_size=60), st.text("ab ", max_size=60))
def test_a_word_has_the_same_row_wherever_it_stands(before: str, behind: str) -> None:
    assert words(f"{before} xyzzy {behind}")[len(words(before))] == word_row("xyzzy")


def test_lone_surrogates_and_all_planes() -> None:
    assert len(words("a\udc80b")) == 1
    assert len(words("\U0010ffff x \U000e0041")) >= 1


def test_what_is_not_one_word_has_no_row() -> None:
    assert word_row("two words") == 0
    assert word_row("") == 0
    assert word_row("Word") == word_row("word") > 0


@given(
    st.lists(
        st.text("ab! \n1\u0301\u200b你\ud800", max_size=12) | st.just("word " * 900) | st.just("x" * 4096), max_size=9
    ),
    st.integers(1, KINDS),
)
def test_texts_together_are_as_by_themselves(texts: list[str], kinds: int) -> None:
    together = features_of(texts, kinds)
    assert len(together) == len(texts)
    for text, found in zip(texts, together, strict=True):
        assert np.array_equal(found, features(text, kinds))

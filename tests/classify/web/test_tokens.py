"""How the web-attack head cuts a value into tokens and windows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.classify.web import tokens
from waf.classify.web.tokens import FOREIGN, KNOWN, NUMBER, OTHER, PAD, WORD, Vocabulary

KNOWS = Vocabulary(["'", "or", "=", " =", "1"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("1' OR '1'='1", ["1", "'", "or", " '", "1", "'", "=", "'", "1"]),
        ("a = b", ["a", " =", "b"]),
        ("../etc", [".", ".", "/", "etc"]),
        ("naïve café", ["na", "ï", "ve", "caf", "é"]),
        ("x\ty\n", ["x", "\t", "y", "\n"]),
        ("user_id 007", ["user_id", "007"]),
        ("  ;  ", [" ;"]),
    ],
)
def test_words_numbers_and_signs(text: str, found: list[str]) -> None:
    assert tokens.split(text) == found


@pytest.mark.parametrize(
    ("token", "row"),
    [
        ("'", KNOWN),
        ("or", KNOWN + 1),
        ("1", KNOWN + 4),
        ("zz", WORD + 2),
        ("_" * 40, WORD + tokens.LETTERS),
        ("77", NUMBER + 2),
        ("7" * 99, NUMBER + tokens.DIGITS),
        ("é", FOREIGN),
        ("&", OTHER),
        (" &", OTHER),
    ],
)
def test_what_the_vocabulary_lacks_counts_by_its_length(token: str, row: int) -> None:
    assert KNOWS.row(token) == row


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("", [0, 0]),
        ("a", [0, 0, 0]),
        ("1=1", [0, 0, 0, 1, 0]),
        ("1=2", [0, 0, 0, 0, 0]),
        ("'a'='a'", [0, 0, 0, 1, 0, 3, 2, 3, 0]),
    ],
)
def test_which_token_an_earlier_one_repeats(text: str, same: list[int]) -> None:
    assert KNOWS.ids(tokens.split(text))[1].tolist() == same


@given(st.text(max_size=800))
def test_windows_cover_every_token(text: str) -> None:
    ids = KNOWS.ids(tokens.split(text))
    parts, more = tokens.windows(ids, 1000)
    assert not more
    covered = np.zeros(ids.shape[1], bool)
    for number, part in enumerate(parts):
        start = number * tokens.STEP
        assert (part == ids[:, start : start + tokens.WINDOW]).all()
        covered[start : start + part.shape[1]] = True
    assert covered.all()


def test_a_budget_cuts_windows_and_says_so() -> None:
    ids = KNOWS.ids(["a"] * 1000)
    assert tokens.windows(ids, 3)[1] is True
    assert len(tokens.windows(ids, 3)[0]) == 3


def test_a_block_is_padded_with_room_for_the_longest() -> None:
    parts = [KNOWS.ids(["a"] * n) for n in (1, 9)]
    block = tokens.block(parts)
    assert block.shape == (2, tokens.KINDS, 11 + tokens.MARGIN)
    assert (block[0, 0, 3:] == PAD).all()

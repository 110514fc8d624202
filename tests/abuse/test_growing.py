"""Texts that are being written are one query; texts that are perturbed are not."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.abuse.test_observer import observer
from waf.abuse.growing import Growing, Grown, grown
from waf.model import Field, Parsed

LINE = b"the quick brown fox jumps over the lazy dog and runs away"
LONG = b" ".join(b"word%d" % i for i in range(160))
WORDS = [a + b for a in "ba ce di fo gu ka le mi".split() for b in "bat cen dil fom gur kas lef min nop".split()]


@pytest.mark.parametrize(
    ("before", "text", "more"),
    [
        (LINE, LINE + b" again", 6),
        (LINE, LINE[:20] + b"very " + LINE[20:], 5),
        (LINE, b"so " + LINE, 3),
        (LINE, LINE, 0),
        (LINE, LINE[:-5], 0),
        (LINE, LINE[:20] + b"xx" + LINE[22:], 0),
        (LINE, LINE[:10] + b"a " + LINE[10:30] + b"b " + LINE[30:], 0),
        (LINE, LINE + b"x" * 49, 0),
        (LINE, LINE + b"x" * 48, 48),
        (LONG, LONG + b"x" * (len(LONG) // 2), len(LONG) // 2),
        (LONG, LONG + b"x" * (len(LONG) // 2 + 1), 0),
        (LONG, LONG[40:] + b" and more", 9),
        (LONG, LONG[:700] + LONG[740:] + b" and more", 9),
        (LONG, LONG[400:] + b" and more", 0),
        (LONG, b"x" * 400 + LONG[400:] + b" and more", 0),
        (b"", b"x", 1),
    ],
)
def test_what_has_grown(before: bytes, text: bytes, more: int) -> None:
    assert grown(before, text) == more


@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(min_size=1, max_size=40))
def test_what_is_put_in_anywhere_is_growth(begin: bytes, end: bytes, more: bytes) -> None:
    begin, end = b"sixteen bytes at" + begin, end + b"and sixteen more"
    assert grown(begin + end, begin + more + end) == len(more)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_growth_is_longer_or_has_moved_on(before: bytes, text: bytes) -> None:
    more = grown(before, text)
    assert not more or (text != before and more <= max(48, len(before) // 2))


def test_half_of_it_new_is_worth_a_look() -> None:
    texts = Growing()
    assert texts.add(LINE, 7) == (Grown.NOT, 7)
    found = [texts.add(LINE + b" more" * n, 8) for n in range(1, 14)]
    assert {place for _, place in found} == {7}
    assert [kind for kind, _ in found].index(Grown.MUCH) == 11, "60 bytes of 117"
    assert found[12][0] is Grown.LITTLE


def test_only_so_many_are_written_at_a_time() -> None:
    texts, lines = Growing(), [b"%d " % n + LINE for n in range(5)]
    for n, line in enumerate(lines):
        texts.add(line, n)
    assert texts.add(lines[1] + b" more", 9) == (Grown.LITTLE, 1)
    assert texts.add(lines[0] + b" more", 9) == (Grown.NOT, 9), "the first has made room for the fifth"
    short = Growing()
    short.add(b"fifteen bytes..", 0)
    assert short.add(b"fifteen bytes.. and more", 1) == (Grown.NOT, 1)


def risk(texts: list[str]) -> float:
    """The highest of a caller among others who send anything."""
    town, draw = observer(), random.Random(3)

    def parsed(text: str) -> Parsed:
        return Parsed({"llm.prompt": [Field("llm.prompt", "$", text, "json:$")]})

    for i in range(1200):
        town.observe(f"caller-{i % 60}", "r", parsed(" ".join(draw.choices(WORDS, k=12))), float(i))
    return max(town.observe("somebody", "r", parsed(text), 1200.0 + i).risk for i, text in enumerate(texts))


def written(draw: random.Random, sentences: int) -> list[str]:
    texts = []
    for _ in range(sentences):
        words = draw.choices(WORDS, k=30)
        texts += [" ".join(words[:n]) for n in range(3, 30, 2)]
    return texts


def appended(draw: random.Random, sentences: int) -> list[str]:
    """One ending after the other."""
    texts = []
    for _ in range(sentences):
        seed = " ".join(draw.choices(WORDS, k=12))
        texts += [f"{seed} {draw.choice(WORDS)}" for _ in range(14)]
    return texts


def between(draw: random.Random, sentences: int) -> list[str]:
    """The same, and the text without an ending each time."""
    return [text for one in appended(draw, sentences) for text in (one.rsplit(" ", 1)[0], one)]


@pytest.mark.parametrize(("make", "thief"), [(written, False), (appended, True), (between, True)])
def test_who_writes_is_no_thief_and_who_tries_endings_is(make: Any, thief: bool) -> None:
    assert (risk(make(random.Random(5), 8)) >= 0.5) is thief


def test_writing_first_does_not_hide_what_comes_then() -> None:
    draw = random.Random(5)
    assert risk(written(draw, 12) + appended(draw, 20)) >= 0.5

"""What a program's texts have in common is taken away, and nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.abuse.test_observer import observer
from waf.abuse.embed import frames
from waf.abuse.profile import COMPARABLE, HITS
from waf.abuse.template import LEAST_REST, Template, Templates
from waf.model import Field, Parsed

BEGIN, END = b"say whether this message is kind or not: ", b" that was the message"
WORDS = [
    a + b for a in "ba ce di fo gu ka le mi no pu ra se".split() for b in "bat cen dil fom gur kas lef min nop".split()
]


def made(*texts: bytes) -> Template:
    found = Template(texts[0], texts[0])
    for text in texts[1:]:
        found.learn(text)
    return found


def filled(*parts: bytes) -> list[bytes]:
    return [BEGIN + part * 8 + END for part in parts]


INPUTS = filled(b"first", b"other", b"third", b"quite")


@pytest.mark.parametrize(
    ("texts", "text", "rest"),
    [
        (INPUTS, BEGIN + b"x" * 40 + END, b"x" * 40),
        (INPUTS, BEGIN + b"x" * LEAST_REST + END, b"x" * LEAST_REST),
        (INPUTS, BEGIN + b"x" * (LEAST_REST - 1) + END, None),
        (INPUTS, BEGIN + END, None),
        (INPUTS, b"y" + BEGIN + b"x" * 40 + END, None),
        (INPUTS, BEGIN + b"x" * 40 + END + b"y", None),
        (INPUTS[:3], BEGIN + b"x" * 40 + END, None),
        ([b"a" * 23 + part * 40 for part in (b"b", b"c", b"d", b"e")], b"a" * 23 + b"x" * 40, None),
        ([b"a" * 24 + part * 40 for part in (b"b", b"c", b"d", b"e")], b"a" * 24 + b"x" * 40, b"x" * 40),
        ([part * 40 + b"a" * 24 for part in (b"b", b"c", b"d", b"e")], b"x" * 40 + b"a" * 24, b"x" * 40),
        ([b"a"] * 5, b"a" * 99, None),
        ([b""] * 5, b"a" * 99, None),
    ],
)
def test_what_is_left(texts: list[bytes], text: bytes, rest: bytes | None) -> None:
    assert made(*texts).rest(text) == (text if rest is None else rest)


def test_one_that_has_it_not_is_passed_over_and_many_end_it() -> None:
    stray, text = b"is anybody there at all today?", BEGIN + b"x" * 40 + END
    found = made(*INPUTS, *INPUTS, *INPUTS, stray)
    assert found.rest(text) == b"x" * 40
    assert found.rest(stray) == stray
    found.learn(stray)
    assert found.rest(text) == text
    for again in INPUTS * 3:
        found.learn(again)
    assert found.rest(text) == text, "for good"


def learn(found: Templates, text: bytes) -> int:
    return found.learn(text, frames(text))


def rest(found: Templates, text: bytes) -> bytes:
    return found.rest(text, frames(text))


def inputs(draw: random.Random, count: int) -> list[bytes]:
    return [" ".join(draw.choices(WORDS, k=10)).encode() for _ in range(count)]


def test_each_instruction_of_a_program_is_taken_away() -> None:
    draw, found = random.Random(1), Templates()
    begins = [b"translate into french, please: ", b"make a title for this text: ", b"say who is meant in this: "]
    for some in zip(*(inputs(draw, 6) for _ in begins), strict=True):
        for begin, one in zip(begins, some, strict=True):
            learn(found, begin + one)
    for one in inputs(draw, 5):
        for begin in begins:
            assert rest(found, begin + one) in {one, one[1:]}, "two that begin with one letter leave it out"
        other = b"tell me what to do with this: " + one
        assert rest(found, other) is other


def test_an_instruction_behind_the_input_is_one_too() -> None:
    draw, found = random.Random(1), Templates()
    for one, other in zip(inputs(draw, 6), inputs(draw, 6), strict=True):
        learn(found, one + b" and that was the first text.")
        learn(found, b"the second text begins here: " + other)
    (one,) = inputs(draw, 1)
    assert rest(found, one + b" and that was the first text.") == one


def test_one_text_with_other_words_in_it_is_no_instruction() -> None:
    draw, found = random.Random(1), Templates()
    seeds = [draw.choices(WORDS, k=20) for _ in range(3)]
    sent = []
    for i in range(60):
        words = list(seeds[i % 3])
        words[8 + i % 7] = draw.choice(WORDS)
        sent.append(" ".join(words).encode())
        learn(found, sent[-1])
    assert all(rest(found, one) is one for one in sent)


def test_what_is_there_once_makes_room() -> None:
    draw, found, begin = random.Random(1), Templates(), b"a sentence that begins so: "
    for one in inputs(draw, 100):
        learn(found, one)
    for one in inputs(draw, 5):
        learn(found, begin + one)
        for other in inputs(draw, 3):
            learn(found, other)
    (one,) = inputs(draw, 1)
    assert rest(found, begin + one) == one


def text(words: str) -> Parsed:
    return Parsed({"llm.prompt": [Field("llm.prompt", "$", words, "json:$")]})


def near(template: str, *, varied: bool) -> float:
    """Part of a caller's texts that are near to its own earlier ones, among others who send anything."""
    town, draw = observer(), random.Random(3)

    def natural() -> str:
        return " ".join(draw.choices(WORDS, k=10))

    for i in range(120):
        town.observe(f"caller-{i % 40}", "r", text(natural()), float(i))
    seed = natural().split()
    for i in range(40):
        words = [draw.choice(WORDS) if at == i % 10 else word for at, word in enumerate(seed)]
        town.observe("program", "r", text(template + (" ".join(words) if varied else natural())), 200.0 + i)
    profile: Any = town.pool.get((town.hash("program"), 1))
    counts = town.pool.counts[profile.slot]
    return float(counts[HITS, 0] / counts[COMPARABLE, 0])


def test_programs_and_thieves_that_look_like_one() -> None:
    instruction = "Say in one word whether what follows is a kind thing to say to somebody or an unkind one, and say nothing else: "
    assert near(instruction, varied=False) < 0.1
    assert near(instruction, varied=True) > 0.8
    assert near("", varied=True) > 0.8

"""The grammar of payloads and of what looks like them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import numpy as np
import pytest

from classifiers.corpus import web_attacks, web_benign
from classifiers.corpus.web_mutate import MUTATORS, Mutator
from classifiers.train import web_harden
from waf.classify.web.values import SURFACES


def test_attacks_are_the_same_each_time_and_apart_from_each_other() -> None:
    first = list(web_attacks.rows("s", 0.05))
    assert first == list(web_attacks.rows("s", 0.05))
    assert len({text for text, _ in first}) == len(first) > 400
    assert {kind for _, kind in first} == set(web_attacks.CLASSES)


_UNFILLED = re.compile(r"(?<!\{)\{(?:n|city)\}(?!\})")  # people write {{city}} themselves


def test_harmless_values_of_every_kind() -> None:
    rows = list(web_benign.rows("s", 0.02))
    assert rows == list(web_benign.rows("s", 0.02))
    assert {kind for _, kind, _ in rows} == set(web_benign.KINDS)
    assert {surface for _, _, surface in rows} <= set(SURFACES)
    assert not any(_UNFILLED.search(text) for text, _, _ in rows)


@pytest.mark.parametrize("mutate", MUTATORS, ids=lambda m: m.__name__)
def test_every_step_changes_something_that_it_is_for(mutate: Mutator) -> None:
    rng = random.Random(1)
    payload = "a' or/*x*/ 1=1 and 'b'='b' -- c"
    assert any(mutate(payload, rng) != payload for _ in range(40))
    assert mutate("-", rng) == "-"


def test_what_a_head_finds_more_harmless_once_it_is_rewritten() -> None:
    def blanks(texts: Sequence[str]) -> np.ndarray:
        return np.array([text.count(" ") for text in texts], np.float32)

    found = web_harden.evading(["1' or 1=1 and 2=2 -- x", "-"], blanks, random.Random(1))
    assert [text.count(" ") < 6 for text in found] == [True]
    assert web_harden.evading([], blanks, random.Random(1)) == []

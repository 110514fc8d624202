"""What belongs together in a request, and that points add up within it and not across."""

from __future__ import annotations

from pathlib import Path

import pytest

from waf.model import Field
from waf.rules import load_ruleset
from waf.screen import MOST_TURNS, screen
from waf.settings import Rules
from waf.turns import split

PACK = """
schema: waf-rules/v1
pack: test.turns
rules:
  - {id: 1, name: one, title: t, severity: warning, tags: [attack.a], match: {field: [llm.user, llm.assistant, llm.documents], contains: one}}
  - {id: 2, name: two, title: t, severity: notice, tags: [attack.b], match: {field: [llm.user, llm.assistant, llm.documents], contains: two}}
  - {id: 3, name: three, title: t, severity: notice, tags: [attack.c], mode: monitor, match: {field: [llm.user, llm.assistant, llm.documents], contains: three}}
  - {id: 4, name: four, title: t, severity: notice, tags: [attack.d], match: {field: request.args.get, contains: four}}
  - id: 5
    name: five
    title: t
    severity: notice
    tags: [attack.e]
    match: {all: [{field: llm.system, contains: five}, {field: llm.user, contains: five}]}
  - {id: 6, name: six, title: t, severity: critical, tags: [attack.f], match: {field: llm.tool_args, contains: six}}
"""


def fields(*found: tuple[str, str, str]) -> dict[str, list[Field]]:
    made: dict[str, list[Field]] = {}
    for bucket, origin, text in found:
        made.setdefault(bucket, []).append(Field(bucket, origin, text, origin))
    return made


def user(index: int, text: str) -> tuple[str, str, str]:
    return ("llm.user", f"json:$.messages[{index}].content", text)


def assistant(index: int, text: str) -> tuple[str, str, str]:
    return ("llm.assistant", f"json:$.messages[{index}].content[0].text", text)


QUERY = ("args.get", "query:q", "four")


@pytest.mark.parametrize(
    ("found", "sums"),
    [
        ([user(0, "one two")], (5, 5)),
        ([user(0, "one"), assistant(1, "two")], (3, 3)),
        ([user(0, "one"), assistant(1, "x"), user(2, "two")], (3, 3)),
        ([user(0, "one"), assistant(1, "x"), user(2, "one two")], (5, 5)),
        ([user(0, "one"), user(1, "two")], (5, 5)),  # one who splits what they say gains nothing
        ([user(9, "one"), user(10, "two")], (5, 5)),
        ([assistant(1, "one"), assistant(2, "two")], (3, 3)),
        ([user(0, "one"), assistant(1, "three two")], (3, 4)),  # what is monitored shadows another turn
        ([user(0, "one"), assistant(1, "two"), QUERY], (5, 5)),  # the query counts with each
        ([("llm.user", "json:$.prompt", "one"), user(0, "two"), assistant(1, "x")], (5, 5)),
        ([("llm.user", "json:$.input[0]", "one"), ("llm.user", "json:$.input[2]", "two")], (3, 3)),
        ([("llm.user", "json:$.input", "one"), ("llm.documents", "json:$.text", "two")], (5, 5)),
        ([("llm.system", "json:$.messages[0].content", "five"), assistant(1, "one"), user(2, "five")], (5, 5)),
        ([("llm.tool_args", "json:$.messages[0].tool_calls[0]", "six"), user(1, "one"), assistant(2, "two")], (3, 3)),
    ],
)
def test_points_add_up_within_a_turn(tmp_path: Path, found: list[tuple[str, str, str]], sums: tuple[int, int]) -> None:
    (tmp_path / "p.yaml").write_text(PACK)
    program = load_ruleset(Rules(packs=(str(tmp_path),))).request
    given = fields(*found)
    whole = screen(program, given, path="/", paranoia=1)
    weighed = screen(program, given, path="/", paranoia=1, block_score=5)
    assert (weighed.score, weighed.shadow) == sums
    assert sum(weighed.scores.values()) == weighed.score
    assert (weighed.matches, weighed.evaluated) == (whole.matches, whole.evaluated)


def test_too_many_turns_count_as_one(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(PACK)
    program = load_ruleset(Rules(packs=(str(tmp_path),))).request
    for more, score in ((0, 3), (1, 5)):
        texts = ["one", "two", *["x"] * (MOST_TURNS - 2 + more)]
        given = fields(*(assistant(index, text) for index, text in enumerate(texts)))
        assert screen(program, given, path="/", paranoia=1, block_score=5).score == score


def test_a_turn_has_what_belongs_to_none() -> None:
    given = fields(QUERY, user(1, "a"), assistant(0, "b"), ("llm.user", "json:$.prompt", "c"))
    texts = [[str(f.value) for found in turn.values() for f in found] for turn in split(given)]
    assert texts == [["four", "c", "b"], ["four", "c", "a"]]

"""Required literals: right where they can be had, absent where the two regex dialects part, never wrong."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.rules.alphabet import alphabet, mask
from waf.rules.dialect import alternatives
from waf.rules.fold import fold, folds_simply
from waf.rules.literals import required_literals
from waf.rules.operators import OPERATORS, Context
from waf.rules.specials import SPECIAL, needed_signs, needed_specials
from waf.transform.triggers import FOREIGN, UNSEEN


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"(?i)\b(?:ignore|disregard)\b.{0,40}\binstructions?\b", {"instruction"}),
        (r"(?i)union\s+(?:all\s+)?select", {"select"}),
        (r"\$\{jndi:", {"${jndi:"}),
        (r"(?:\.\./){2,}", {"../../"}),
        (r"<(?:script|img)\b", {"<script", "<img"}),
        (r"x{3}y", {"xxxy"}),
        (r"^/?a{96}", {"a" * 24}),
        (r"x{3,}", {"xxx"}),
        (r"(?:ab){20}c", {"ab" * 12}),
        (r"(?i:AbC)dEf", {"abcdef"}),
        (r"ab[cd]e", {"abce", "abde"}),
        (r"abc?", {"ab"}),
        (r"(?:sleep|benchmark)\s*\(", {"sleep", "benchmark"}),
        (r"foo(?:bar)*baz", {"baz"}),
        (r"\p{L}+foo", {"foo"}),
        (r"(?i)ſelect", {"select"}),
        (r"\(?[a-z]foo", {"foo"}),
        (r"foo\(?|foobar", {"foo"}),
        (r"\\x{41}foo", {"x" * 24}),
        (r"\\pLfoo", {"\\plfoo"}),
        (r"\x{41}\x{42}", {"ab"}),
    ],
)
def test_finds(pattern: str, expected: set[str]) -> None:
    found = required_literals(pattern)
    assert found is not None
    assert found.texts == expected


@pytest.mark.parametrize(
    "pattern",
    [
        r"a+b+",
        r"[[:alpha:]]foo",
        r"\Qa.b\E",
        r"\Cfoo",
        r"(?U)foo+",
        r"foo|",
        r"(?:foo)?",
        r"[^a]{3}",
        r".*",
        r"(",
        r"a",
        r"\101bc",
    ],
)
def test_gives_up(pattern: str) -> None:
    assert required_literals(pattern) is None


ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "K",
        "s",
        "ß",
        "ſ",
        "é",
        "Σ",
        ".",
        r"\d",
        r"\w",
        r"\s",
        "[abc]",
        "[^a]",
        "[a-f]",
        r"\.",
        "İ",
        "\u212a",
        r"\pL",
        "я",
        "Я",
    ]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda xs: "(?:" + "|".join(xs) + ")"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?", "{0,2}"])).map(
            lambda t: f"(?:{t[0]}){t[1]}"
        ),
        inner.map(lambda x: f"({x})"),
        inner.map(lambda x: f"(?i:{x})"),
        inner.map(lambda x: rf"\b{x}"),
    ),
    max_leaves=10,
)


@settings(max_examples=1500, deadline=None)
@given(PATTERNS, st.booleans(), st.text(alphabet="abcdefKkSsſßéÉΣσςİiI\u212a.1 яЯ", max_size=30))
def test_a_match_contains_a_literal(pattern: str, ignore_case: bool, text: str) -> None:
    """The one property everything rests on: match ⇒ some literal is in the folded text."""
    source = ("(?i)" if ignore_case else "") + pattern
    needed = required_literals(source)
    if needed and re2.compile(source.encode()).search(text.encode()):
        folded = fold(text)
        assert any(literal in folded for literal in needed.texts)
        assert needed.lead is None or any(literal in folded for literal in needed.lead.texts)
        assert all(any(literal in folded for literal in texts) for texts in needed.also)


@settings(max_examples=1500, deadline=None)
@given(PATTERNS, st.booleans(), st.text(alphabet="abcdefKkSsſßéÉΣσςIi\u212a.1 яЯ", max_size=30))
def test_trying_at_places_is_the_same_as_searching(pattern: str, ignore_case: bool, text: str) -> None:
    operator = OPERATORS["re2"].make(("(?i)" if ignore_case else "") + pattern, Context())
    if operator.at is not None and operator.lead is not None:
        folded = fold(text)
        places = [n for n in range(len(folded)) if any(folded.startswith(literal, n) for literal in operator.lead)]
        assert operator.at(text, places, ()) == operator.test(text)


@pytest.mark.parametrize(
    ("pattern", "gate", "lead"),
    [
        (r"(?:^|[^\w])(?:ignore|disregard)\b.{0,40}x", {"ignore", "disregard"}, ({"ignore", "disregard"}, 0, 1)),
        (r"(a|bc)?foo\d+", {"foo"}, ({"foo"}, 0, 2)),
        (r"\s*foo", {"foo"}, None),
        (r".{3}foo", {"foo"}, ({"foo"}, 3, 3)),
        (r"a?bc", {"bc"}, ({"bc"}, 0, 1)),
        (r"\bfoo(?:x|yz)\d", {"foox", "fooyz"}, ({"foox", "fooyz"}, 0, 0)),
        (r"\w{1,17}foo", {"foo"}, None),
        (r"(?:\dcab|ab)", {"ab"}, ({"ab"}, 0, 2)),
        (r"\w+ing\sthe|the\swho", {"ing", "who"}, None),
        (r"\byou\s.*\bjailbreak", {"jailbreak"}, None),
        (r"\bin\s.*\bjailbreak", {"jailbreak"}, None),
        (r"(?:quuxes|graults)\d.*(?:xyzzyxyzzy|plugh0123)", {"xyzzyxyzzy", "plugh0123"}, ({"quuxes", "graults"}, 0, 0)),
    ],
)  # fmt: skip
def test_gates_and_leads(pattern: str, gate: set[str], lead: tuple[set[str], int, int] | None) -> None:
    found = required_literals(pattern)
    assert found is not None
    assert found.texts == gate
    assert (None if found.lead is None else (found.lead.texts, found.lead.low, found.lead.high)) == lead


@pytest.mark.parametrize(
    ("pattern", "also"),
    [
        (r"(?i)\b(?:ignore|disregard)\b.{0,40}\b(?:instructions?|rules)\b", [{"rules", "instruction"}]),
        (r"foo\d+(?:bar|quux)\d+xyzzy", [{"foo"}]),
        (r"foo\d+(?:foo|foobar)", []),
        (r"foo\d+(?:in|on)\d", []),
        (r"(?:foo\d+bar)?xyzzy", []),
        (r"(?:foo\d+bar){2,}xyzzy", [{"foo"}]),
    ],
)  # fmt: skip
def test_what_else_a_match_contains(pattern: str, also: list[set[str]]) -> None:
    found = required_literals(pattern)
    assert found is not None
    assert sorted(map(sorted, found.also)) == sorted(map(sorted, also))


def test_many_places_are_searched_instead() -> None:
    operator = OPERATORS["re2"].make(r"foo\d", Context())
    assert operator.at is not None
    text = "foo " * 100 + "foo1"
    assert operator.at(text, range(0, len(text), 4), ())
    assert operator.at("é" * 30 + "foo1", [30], ())
    assert not operator.at("é" * 30 + "foox", [30], ())


SPECIAL_ATOMS = st.sampled_from(
    [
        "<",
        ";",
        r"\|",
        "[;|]",
        "[^;]",
        "a",
        r"\s",
        "[<a]",
        "[:-@]",
        "K",
        ".",
        "\u212a",
        r"\\",
        "é",
        "\u200b",
        "[é\u200b]",
    ]
)


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(st.one_of(SPECIAL_ATOMS, PATTERNS), min_size=1, max_size=3).map("".join),
    st.booleans(),
    st.text(alphabet="aK<;|:\\ .é\u200b", max_size=8),
)
def test_a_match_contains_a_needed_special(pattern: str, ignore_case: bool, text: str) -> None:
    source = ("(?i)" if ignore_case else "") + pattern
    needed = needed_specials(source)
    if needed is not None and re2.compile(source.encode()).search(text.encode()):
        assert mask(needed) & alphabet(text)
    assert needed is None or needed <= SPECIAL | {FOREIGN, UNSEEN}


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"<\s*script", "<"), (r"['\"]\s*or", "'\""), (r"(?:;|\|)\s*id", ";|"), (r"(?:;|-)x", None), (r"a;?b", None), (r"[;->]x", ";<=>"),
        (r"select", None), (r"(?:/[a-z]+){2,}", "/"), (r"[^a]", None), (r"[[:punct:]]", None), (r"[;&]+<", "<"), (r"\x{3c}a", "<"),
        (r"[\x{e0000}-\x{e007f}]{4}", UNSEEN), (r"é|<", FOREIGN + "<"), (r"\x{212a}", None), (r"[à-ÿ]x", FOREIGN),
        (r"[à\x{200b}]", FOREIGN), (r"é\x{200b}", UNSEEN), (r"[\x{4e00}-\x{9fff}]", FOREIGN),
    ],
)  # fmt: skip
def test_needed_specials(pattern: str, needed: str | None) -> None:
    assert needed_specials(pattern) == (None if needed is None else set(needed))


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(st.one_of(SPECIAL_ATOMS, PATTERNS, st.sampled_from([r"\d", "[0-4.]", "-", "[ x]", "(?:-|1)"])), min_size=1, max_size=4).map("".join),
    st.booleans(),
    st.text(alphabet="aK<;|:\\ .é\u200b-013", max_size=8),
)  # fmt: skip
def test_a_match_contains_one_of_each_set_of_signs(pattern: str, ignore_case: bool, text: str) -> None:
    source = ("(?i)" if ignore_case else "") + pattern
    signs = needed_signs(source)
    assert len(signs) <= 2
    if re2.compile(source.encode()).search(text.encode()):
        assert all(mask(chars) & alphabet(text) for chars in signs)


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        (r"\b(?:or|and)\b\s*\d+\s*=", ["0"]), (r"or .{0,9}(?:--|#)", ["#-", " "]), (r"a(?:-|1)?b", []), (r"(?:x|-)1", ["0"]),
        (r"[\d_]x", []), (r"[\d.]x", [".0"]), (r"(?:1|=)+<", ["0="]), (r"a.b-c=d", ["-"]), (r"select", []), (r"\D-", ["-"]),
        (r"[[:digit:]]-", []), (r"-[.-]", ["-"]),
    ],
)  # fmt: skip
def test_needed_signs(pattern: str, signs: list[str]) -> None:
    assert needed_signs(pattern) == tuple(map(frozenset, signs))


def test_every_case_variant_folds_together() -> None:
    """Whatever RE2 takes for the same letter, over all of the cased characters, `fold` maps onto the same text."""
    cased = [
        chr(n)
        for n in range(1, 0x1FFFF)
        if not 0xD800 <= n < 0xE000 and (chr(n).lower() != chr(n) or chr(n).upper() != chr(n))
    ]
    haystack = "\n".join(cased)
    raw = haystack.encode()
    for char in cased:
        if not folds_simply(char):
            continue
        options = re2.Options()
        options.log_errors = False
        for found in re2.compile(b"(?i)" + re2.escape(char).encode(), options).finditer(raw):
            assert fold(found.group().decode()) == fold(char), (char, found.group())


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(PATTERNS, min_size=1, max_size=4).map("|".join),
    st.booleans(),
    st.text(alphabet="abcdefKkSsſé.1 я", max_size=20),
)
def test_alternatives_together_match_what_the_whole_matches(pattern: str, ignore_case: bool, text: str) -> None:
    source = ("(?i)" if ignore_case else "") + pattern
    parts = alternatives(source)
    raw = text.encode()
    assert bool(re2.compile(source.encode()).search(raw)) == any(
        re2.compile(part.encode()).search(raw) for part in parts
    )


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("ab", ["ab"]),
        ("a|b", ["a", "b"]),
        ("(?i)a|(?:b|c)d", ["(?i)a", "(?i)(?:b|c)d"]),
        (r"a\|b|[|]c|[]|]|[^]|]d", [r"a\|b", "[|]c", "[]|]", "[^]|]d"]),
        (r"[\]|]|x", [r"[\]|]", "x"]),
        ("(?:a|b)", ["(?:a|b)"]),
        ("a|(?i)b", ["a|(?i)b"]),
        (r"\Qa|b\E", [r"\Qa|b\E"]),
        ("a|", ["a", ""]),
    ],
)
def test_alternatives(pattern: str, parts: list[str]) -> None:
    assert alternatives(pattern) == parts

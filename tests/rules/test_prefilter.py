"""Filtered ≡ unfiltered, on random rules and random fields; and the scan itself, in one piece and in many."""

from __future__ import annotations

from typing import Literal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rules.naive import matching
from waf.fields import FIELDS
from waf.model import Field, Severity
from waf.rules import build_ruleset, prefilter
from waf.rules.prefilter import Hits, Prefilter
from waf.rules.spec import All, AnyOf, Condition, Count, FieldRef, Fixture, Leaf, Not, Place, RuleSpec

PLACE = Place("test.yaml", 1, 1)
WORDS = [
    "select",
    "union",
    "SELECT",
    "script",
    "<script",
    "ignore",
    "İgnore",
    "ſelect",
    "aa",
    "ab",
    "K",
    "\u212aey",
    "ς",
    "Σ",
    "é",
]
PATTERNS = [
    r"(?i)union\s+select", r"<script", r"(?i)ſelect|key", r"a+b", r"(?:aa|ab)c?", r"[a-c]{2}", r"(?i)\bignore\b", r"x*", r"^ab",
    r"(?i)Σ", r"é$", r"\d\d", r"(?i)select.{0,5}union",
    r"(?i)ignore.{0,12}key", r"(?i)(?:select|union)[^.]{0,20}<?script", r"(?i)\bkey.{1,300}(?:ignore|script).{0,9}union",
    r"(?i)ignore\s+key", r"(?i)\bkey\b[^.\n]*union", r"(?i)ignore\w*[\s,]+(?:key|select)$", r"(?m)^union\s*\S+\s+ab",
    r"(?i)ignore.*key", r"é?[<%].*union", r"\x{200b}", r"(?:select|key)\s+(?:ab|aa)",
]  # fmt: skip
CHAINS = [
    (),
    ("lowercase",),
    ("url_decode_uni", "lowercase"),
    ("url_decode_uni",),
    ("remove_nulls", "lowercase"),
    ("decode_embedded", "lowercase"),
    ("decode_embedded", "nfkc", "strip_invisible"),
    ("decode_embedded", "nfkc", "strip_invisible", "deleet", "lowercase"),
    ("lowercase", "url_decode_uni"),
    ("nfkc", "strip_invisible", "lowercase"),
    ("lowercase", "compress_whitespace"),
    ("cmd_line",),
    ("none",),
]
NAMES = ["request.args.get", "request.args", "request.args.names", "request.headers", "llm.user", "llm.prompt"]

texts = st.one_of(
    st.sampled_from(WORDS),
    st.lists(
        st.sampled_from([*WORDS, " ", "  ", "%20", "%3c", "\x00", "1", "\u200b", "%", "\t", "ab", "c2VsZWN0IHVuaW9u"]),
        max_size=8,
    ).map("".join),
    st.text(max_size=12),
    st.tuples(
        st.sampled_from(["x" * 300, "é" * 300, "İ" * 300, " select " * 40, "abselect" * 12]),
        st.sampled_from(WORDS),
        st.sampled_from(["", " union", "c"]),
    ).map("".join),
    st.lists(
        st.sampled_from(
            [*WORDS, *WORDS, "\u200b", "’", "%20", "1gn0re ", "x" * 260, "x " * 160, "é " * 520, "İ", "ignore key"]
        ),
        min_size=6,
        max_size=16,
    ).map("".join),
    st.lists(
        st.sampled_from(
            [
                *WORDS,
                "ignore ",
                "key ",
                " union",
                "union ",
                ". ",
                "\n",
                "Lorem ipsum dolor, ",
                "été ",
                "x" * 50,
                "’",
                "1gn0re ",
            ]
        ),
        min_size=20,
        max_size=60,
    ).map(lambda parts: "".join(parts + parts[:9] + ["Nothing to see here, "] * 190 + parts[4:])),
)


def ref(name: str, selector: str | None) -> FieldRef:
    spec = FIELDS[name]
    if selector is not None and "/" in selector:
        like = spec.selector == "optional" or spec.names
        pattern: Literal["unlike", "like"] = "unlike" if selector.startswith("!") else "like"
        return FieldRef(name, spec, selector.lstrip("!").strip("/"), pattern) if like else FieldRef(name, spec)
    return FieldRef(name, spec, selector if spec.selector == "optional" else None)


refs = st.builds(ref, st.sampled_from(NAMES), st.sampled_from([None, None, "a", "b", "/(?i)^A$/", "!/^(?:a|union)/"]))
operators = st.one_of(
    st.tuples(st.just("re2"), st.sampled_from(PATTERNS)),
    st.tuples(
        st.just("re2_bytes"), st.sampled_from([*PATTERNS[:-4], r"[^a]{3}ab", r"\xc3", r"\x{e9}", r"(?i)ſ", r".{8}"])
    ),
    st.tuples(st.just("contains"), st.sampled_from(WORDS)),
    st.tuples(st.just("contains_any"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)),
    st.tuples(st.just("contains_any"), st.just([*WORDS, "zz1", "zz2"])),
    st.tuples(st.just("starts_with"), st.sampled_from(WORDS)),
    st.tuples(st.just("ends_with"), st.sampled_from(WORDS)),
    st.tuples(st.just("words"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)),
    st.tuples(st.just("eq"), texts),
    st.tuples(st.just("exists"), st.just(True)),
    st.tuples(st.just("regex"), st.sampled_from([r"(?<=a)b", r"select(?! x)"])),
)
counts = st.sampled_from([Count(), Count(), Count(), Count(2, None), Count(0, 1), Count(1, 1)])


def leaf(
    fields: list[FieldRef], chain: tuple[str, ...], operator: tuple[str, object], count: Count, negate: bool
) -> Leaf:
    distinct = {(bucket, r.spec.names): r for r in fields for bucket in r.spec.buckets}
    return Leaf(tuple(dict.fromkeys(distinct.values())), chain, operator[0], operator[1], count, PLACE, negate)


def disjoint(fields: list[FieldRef]) -> bool:
    """A field named twice in one condition would be counted twice, which no author means."""
    buckets = [bucket for r in fields for bucket in r.spec.buckets]
    return len(buckets) == len(set(buckets))


leaf_strategy = st.builds(
    leaf,
    st.lists(refs, min_size=1, max_size=2).filter(disjoint),
    st.sampled_from(CHAINS),
    operators,
    counts,
    st.sampled_from([False, False, True]),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaf_strategy,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=5,
)
fields_strategy = st.lists(
    st.builds(
        lambda bucket, name, value: Field(bucket, name, value, f"{bucket}:{name}"),
        st.sampled_from(["args.get", "args.form", "json", "headers", "llm.user", "llm.prompt"]),
        st.sampled_from(["a", "b", "union select"]),
        texts,
    ),
    max_size=8,
)


def rule(number: int, condition: Condition) -> RuleSpec:
    return RuleSpec(
        id=number, name=f"r{number}", title="t", pack="test", severity=Severity.critical, paranoia=1, confidence="high",
        maturity="stable", tags=("attack.test",), references=(), match=condition, action="score", mode="enforce",
        phase="request", false_positives=(), tests=(Fixture(True, {}, PLACE),), place=PLACE,
    )  # fmt: skip


rule_sets = st.lists(conditions, min_size=1, max_size=6)


def check_filtered(conditions: list[Condition], fields: list[Field]) -> None:
    """Fails when the compiled program and a plain reading of the same rules disagree (also benchmarks/filtered.py)."""
    rules = [rule(number, condition) for number, condition in enumerate(conditions, 1)]
    by_bucket: dict[str, list[Field]] = {}
    for field in fields:
        by_bucket.setdefault(field.bucket, []).append(field)
    matches, evaluated = build_ruleset(rules).request.run(by_bucket, "/", 4)
    assert [match.rule for match in matches] == matching(rules, by_bucket)
    assert len(matches) <= evaluated <= len(rules)


@settings(max_examples=400, deadline=None)
@given(rule_sets, fields_strategy)
def test_filtered_equals_unfiltered(conditions: list[Condition], fields: list[Field]) -> None:
    check_filtered(conditions, fields)


def pairs(hits: Hits) -> list[tuple[int, int]]:
    return sorted((start, number) for number in hits.numbers for start in hits.places(number))


@settings(max_examples=300, deadline=None)
@given(
    st.sets(st.text(alphabet="abé\udcff", min_size=2, max_size=4), min_size=1),
    st.text(alphabet="abéd\udcff", max_size=60),
    st.integers(1, 9),
)
def test_scan_in_pieces(literals: set[str], text: str, piece: int) -> None:
    found = Prefilter(literals)
    expected = sorted(
        (start, found.numbers[literal])
        for literal in literals
        for start in range(len(text))
        if text.startswith(literal, start)
    )
    text += "d" * (prefilter.SHORT + 8 * len(expected) + 1)  # long enough to have places, and not crowded
    assert pairs(found.hits(text)) == expected
    before = prefilter._PIECE
    prefilter._PIECE = piece
    try:
        assert pairs(found.hits(text)) == expected
    finally:
        prefilter._PIECE = before


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["ab", "ba", "é", "x" * 100, "x" * 300]), min_size=1, max_size=40).map("".join),
    st.lists(st.tuples(st.integers(0, 8000), st.sampled_from("abéx")), max_size=4),
    st.booleans(),
)
def test_a_text_that_differs_in_a_few_places(before: str, edits: list[tuple[int, str]], in_part: bool) -> None:
    text = before
    for place, char in edits:
        at = place % len(text)
        text = text[:at] + char + text[at + 1 :]
    whole = Prefilter(["ab", "aba", "éa", "bx", *map(str, range(100, 140))])
    scanner = whole.part(frozenset(whole.numbers[word] for word in ("ab", "éa"))) if in_part else whole
    changed = prefilter.changes(text, before)
    assume(changed is not None)
    assert changed is not None
    again, alone = scanner.hits_again(text, changed, whole.hits(before)), scanner.hits(text)
    assert alone.numbers <= again.numbers
    for number in alone.numbers:
        places = list(again.places(number))
        assert not places or set(alone.places(number)) <= set(places)
        assert places == sorted(set(places))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["ab", "ba", "éa", "bx", "abab", "x" * 9]), min_size=200, max_size=400).map("".join),
    st.lists(
        st.tuples(st.integers(0, 8000), st.integers(0, 30), st.sampled_from(["", "ab", "éa", "aba" * 20])), max_size=4
    ),
    st.booleans(),
)
def test_a_text_most_of_which_stands_in_another(before: str, edits: list[tuple[int, int, str]], in_part: bool) -> None:
    text = before
    for place, size, more in edits:
        at = place % len(text)
        text = text[:at] + more + text[at + size :]
    whole = Prefilter(["ab", "aba", "éa", "bx", "xxba", *map(str, range(100, 140))])
    scanner = whole.part(frozenset(whole.numbers[word] for word in ("ab", "éa", "xxba"))) if in_part else whole
    like = scanner.hits_like(text, before, Hits(whole.hits(before).numbers, None))
    if like is not None:
        assert scanner.hits(text).numbers <= like.numbers
        assert like.found is None
    if len(edits) < 2:
        assert like is not None


def test_a_text_that_is_another_one_is_scanned() -> None:
    whole = Prefilter(["ab", "cd"])
    crowded = Hits({whole.numbers["ab"]}, None)
    assert whole.hits_like("cd" * 300, "ab" * 300, crowded) is None
    assert whole.hits_like("ab" * 300, "ab" * 300, Hits({0}, [])) is None
    moved = whole.hits_like("ab" * 300 + "cd", "x" * 400 + "ab" * 300, crowded)
    assert moved is not None
    assert moved.numbers == {whole.numbers["ab"], whole.numbers["cd"]}
    assert prefilter.unlike("ab" * 300 + "c" * 100, "ab" * 300, 9) == [(512, 768)]


def test_a_part_of_the_literals() -> None:
    whole = Prefilter([*map(str, range(100, 200)), "ab"])
    part = whole.part(frozenset({whole.numbers["ab"], whole.numbers["150"]}))
    found = part.hits("x150ab101" + "x" * 60)
    assert pairs(found) == [(1, whole.numbers["150"]), (4, whole.numbers["ab"])]
    assert found.numbers == {whole.numbers["150"], whole.numbers["ab"]}
    assert whole.part(frozenset({whole.numbers["150"], whole.numbers["ab"]})) is part
    assert whole.part(frozenset(range(60))) is whole
    assert not whole.part(frozenset()).hits("x150ab101").numbers
    assert not part.hits("y" * 100).numbers


def test_nothing_to_look_for() -> None:
    assert not Prefilter([]).hits("anything").numbers


def test_no_places_where_they_do_not_pay() -> None:
    found = Prefilter(["ab"])
    number = found.numbers["ab"]
    short, crowded, plain = (found.hits(text) for text in ("xab", "ab" * 99, "xab" + "x" * 99))
    for hits in (short, crowded):
        assert (hits.numbers, hits.found, hits.places(number)) == ({number}, None, ())
    assert (plain.numbers, plain.places(number), plain.places(number + 1)) == ({number}, [1], ())

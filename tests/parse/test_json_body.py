"""JSON: the two decoders agree, and what has more than one meaning is refused."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import BadRequest
from waf.parse import json_body
from waf.parse.json_body import Malformed, decode, has_long_number
from waf.protocols.sink import Repeated
from waf.settings import Json, Limits

LIMITS = Limits()
REFUSE = Json()
INSPECT = Json(duplicate_keys="inspect")


def code(raw: bytes, policy: Json = REFUSE, *, nan: bool = False, limits: Limits = LIMITS) -> str:
    """The code of the refusal, or `ok`."""
    try:
        decode(raw, limits, policy, nan=nan)
    except BadRequest as refusal:
        return refusal.code
    return "ok"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a": 1}', "ok"),
        (b"\xef\xbb\xbf{}", "ok"),
        (b'\xef\xbb\xbf\xef\xbb\xbf{"a":1}', "json-malformed"),
        (b"", "json-malformed"),
        (b" \n", "json-malformed"),
        (b"[1] x", "json-malformed"),
        (b"[1] []", "json-malformed"),
        (b"[1,]", "json-malformed"),
        (b'{"a":1', "json-malformed"),
        (b"{'a':1}", "json-malformed"),
        (b'{"a":1}\x00', "json-malformed"),
        (b'"\x01"', "json-malformed"),
        (b"01", "json-malformed"),
        (b"\x0c1", "json-malformed"),
        ('{"a":1}'.encode("utf-16"), "json-encoding"),
        ('{"a":1}'.encode("utf-16-le"), "json-malformed"),
        (b'"\xff"', "json-encoding"),
        (b'{"\xc3\x28":1}', "json-encoding"),
        (b'"\xed\xa0\x80"', "json-encoding"),
        (b'{"a":1,"a":2}', "json-duplicate-key"),
        (b'{"a":1,"\\u0061":2}', "json-duplicate-key"),
        (b'{"a":{"b":":"},"a":{"b":":"}}', "json-duplicate-key"),
        (b'{"":1,"":2}', "json-duplicate-key"),
        (b'[{"a":1},{"a":2}]', "ok"),
        (b'{"a":1,"A":2}', "json-duplicate-key"),
        ('{"s":1,"ſ":2}'.encode(), "json-duplicate-key"),
        ('{"k":1,"\u212a":2}'.encode(), "json-duplicate-key"),
        (b'{"\\ud800":1,"\\ud801":2}', "json-duplicate-key"),
        # A lost member whose colon is made up for by an escaped one.
        (b'{"a":1,"a":"\\u003a"}', "json-duplicate-key"),
        (b'{"a":1,"a":"\\u003A"}', "json-duplicate-key"),
        (b'{"a:":1,"b::":"c:::"}', "ok"),
        (b'{"a\\u003a":1}', "ok"),
        (b'{"a\\\\u003a":1}', "ok"),
        (b"[NaN]", "json-nan"),
        (b"[-Infinity]", "json-nan"),
        (b"1e400", "json-nan"),
        (b"-1e400", "json-nan"),
        (b"[" + b"9" * 400 + b"]", "ok"),
        (b"[" + b"9" * 401 + b"]", "json-number"),
        (b"[0." + b"0" * 399 + b"]", "json-number"),
        (b"[1" + b"0" * 5000 + b"]", "json-number"),
        (b'["' + b"9" * 5000 + b'"]', "ok"),
        (b"[" * 64 + b"]" * 64, "ok"),
        (b"[" * 65 + b"]" * 65, "json-depth"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "json-depth"),
        (b"[" * 10_000_000, "json-members"),
        (b"[" * 300_000, "json-depth"),
        (b'{"a":' * 100_000, "json-depth"),
        (b'["\\ud800",' + b"[" * 100_000, "json-depth"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:40]),
)
def test_one_meaning_or_none(raw: bytes, expected: str) -> None:
    assert code(raw) == expected


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999"])
@pytest.mark.parametrize(
    ("policy", "nan", "expected"),
    [("protocol", False, "json-nan"), ("protocol", True, "ok"), ("allow", False, "ok"), ("refuse", True, "json-nan")],
)
def test_nan_by_policy(constant: bytes, policy: str, nan: bool, expected: str) -> None:
    assert code(b'{"a":[1,' + constant + b"]}", Json(nan=policy), nan=nan) == expected  # type: ignore[arg-type]


def test_nan_and_what_is_too_large_decode_as_such() -> None:
    values = decode(b"[NaN,-Infinity,1e999]", LIMITS, REFUSE, nan=True).value
    assert math.isnan(values[0])
    assert values[1:] == [-math.inf, math.inf]


def test_every_one_of_duplicates_is_kept_when_they_are_inspected() -> None:
    value = decode(b'{"a":1,"b":0,"a":{"x":1,"x":2},"A":3}', LIMITS, INSPECT, nan=False).value
    assert type(value["a"]) is Repeated
    assert value["a"][0] == 1
    assert value["a"][1] == {"x": [1, 2]}
    assert (value["b"], value["A"]) == (0, 3)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'"\\ud800"', "\ufffd"),
        (b'"\\uDC00x"', "\ufffdx"),
        (b'"\\ud800\\u0041"', "\ufffdA"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\ud800\\ud83d\\ude00"', "\ufffd\U0001f600"),
        (b'"\\\\ud800"', "\\ud800"),
        (b'"\\\\\\ud800"', "\\\ufffd"),
    ],
)
def test_half_a_surrogate_pair_is_a_replacement_character(raw: bytes, text: str) -> None:
    assert decode(raw, LIMITS, REFUSE, nan=False).value == text


def test_members_are_counted_with_the_numbers_in_arrays() -> None:
    limits = replace(LIMITS, json_members=100)
    assert code(json.dumps([0] * 100).encode(), limits=limits) == "ok"
    few = Limits(json_strings=10)
    assert code(json.dumps(["a"] * 11).encode(), limits=few) == "json-strings"
    assert code(json.dumps({"a": ["b"] * 9, "c": [{"d": "e", "f": "g"}]}).encode(), limits=few) == "json-strings"
    assert code(json.dumps({str(n): n for n in range(50)} | {"t": ["a"] * 10}).encode(), limits=few) == "ok"
    assert code(json.dumps([0] * 101).encode(), limits=limits) == "json-members"
    assert code(json.dumps({"a": [[0] * 49] * 2}).encode(), limits=limits) == "json-members"
    # A text of nothing but structure within strings is one value.
    assert code(json.dumps('[{,"' * 1000).encode(), limits=limits) == "ok"
    # Refused before it is decoded, also where a quote is never closed.
    assert code(b"[" + b"[]," * 1000 + b'"' + b'\\"' * 1000, limits=limits) == "json-members"


def test_lists_of_numbers_are_found_by_identity() -> None:
    value, numeric = decode(b'[[1,2.5,true],[null,1],["a",1],[],[null],[1,[2]]]', LIMITS, REFUSE, nan=False)
    assert [id(row) in numeric for row in value] == [True, True, False, False, False, False]
    assert list(numeric[id(value[0])]) == [1.0, 2.5, 1.0]
    assert math.isnan(numeric[id(value[1])][0])
    huge = decode(b"[1" + b"0" * 350 + b",-1" + b"0" * 350 + b"]", LIMITS, REFUSE, nan=False)
    assert list(huge.numeric[id(huge.value)]) == [math.inf, -math.inf]


documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.sampled_from('a:"\\é\n{}[],1') | st.characters(codec="utf-8"), max_size=12),
    lambda children: (
        st.lists(children, max_size=5)
        | st.dictionaries(st.text(st.sampled_from("ab:é_"), max_size=3), children, max_size=5)
    ),
    max_leaves=30,
)


def same(one: object, other: object) -> bool:
    """Equal with equal types, and NaN equal to itself."""
    return repr(one) == repr(other)


@given(documents, st.booleans(), st.sampled_from([None, 1]))
def test_fast_and_exact_agree_on_documents(document: object, ascii_only: bool, indent: int | None) -> None:
    raw = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    fast = decode(raw, LIMITS, INSPECT, nan=False)
    exact = json_body._exact(raw, LIMITS, INSPECT, False)
    assert same(fast.value, exact.value)
    assert same(fast.value, document)
    assert sorted(map(repr, fast.numeric.values())) == sorted(map(repr, exact.numeric.values()))


texts = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"',
            '"a"',
            '"A"',
            '"\\u0061"',
            '"\\u003a"',
            "1",
            "-0",
            "1e9",
            "1e400",
            "NaN",
            "null",
            " ",
            "\\",
            "01",
            "1.",
            '"a":1',
            '"b":[1,2]',
            '{"a":1,"a":2}',
            '"\\ud800"',
            "true",
            "\n",
            "é",
            "\x00",
            "1" * 401,
        ]
    ),
    max_size=14,
).map("".join)
mangled = documents.map(json.dumps).flatmap(
    lambda text: st.tuples(st.integers(0, len(text)), texts).map(
        lambda edit: text[: edit[0]] + edit[1] + text[edit[0] :]
    )
)


@pytest.mark.parametrize("policy", [REFUSE, INSPECT, Json(nan="allow")])
@given(text=texts | mangled)
def test_fast_and_exact_agree_on_what_is_refused(policy: Json, text: str) -> None:
    raw = text.encode()

    def outcome(read: object) -> str:
        try:
            return repr(read())  # type: ignore[operator]
        except BadRequest as refusal:
            return refusal.code

    assert outcome(lambda: decode(raw, LIMITS, policy, nan=False).value) == outcome(
        lambda: json_body._exact(raw, LIMITS, policy, False).value
    )


@given(st.binary(max_size=60))
def test_bytes_give_a_document_or_a_refusal(raw: bytes) -> None:
    assert code(raw)


@given(
    st.integers(20, 60),
    st.lists(st.sampled_from([b"1" * 19, b"e", b"-1.5e+7", b"x", b",", b'"', b"0" * 41, b" "]), max_size=20),
)
def test_no_long_number_is_overlooked(limit: int, pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    runs = "".join(chr(b) if chr(b) in "0123456789+-.eE" else " " for b in raw).split()
    if max(map(len, runs), default=0) > limit:
        assert has_long_number(raw, limit)


def test_malformed_is_told_apart_from_what_is_json_but_refused() -> None:
    with pytest.raises(Malformed):
        decode(b"{", LIMITS, REFUSE, nan=False)
    with pytest.raises(BadRequest) as refused:
        decode(b'{"a":1,"a":1}', LIMITS, REFUSE, nan=False)
    assert not isinstance(refused.value, Malformed)

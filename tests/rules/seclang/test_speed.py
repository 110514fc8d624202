"""What the fast path leaves out, and that nothing is lost by it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.seclang.conftest import request_of
from tests.rules.seclang.test_fast import Pair
from waf.rules.operators.injection import detector
from waf.rules.seclang import bodies, gate, profile, recall
from waf.rules.seclang import fast as module
from waf.rules.seclang.request_head import Reading
from waf.rules.seclang.transaction import Transaction

SUM = """
    SecAction "id:900,phase:1,pass,nolog,setvar:tx.level=1,setvar:tx.limit=5"
    SecRule REQUEST_METHOD "!@within %{tx.allowed}" "id:1,phase:1,pass,log"
    SecRule &REQUEST_HEADERS:Accept "@gt 1" "id:2,phase:2,pass,log,setvar:tx.score=+3"
    SecRule REQUEST_HEADERS_NAMES "@rx ^.*$" "id:3,phase:2,deny,log,capture,setvar:tx.h_%{tx.0}=/%{tx.0}/,chain"
    SecRule TX:/^h_/ "@within /Bad/"
    SecRule REQUEST_METHOD "@rx ^GET$" "id:4,phase:2,pass,log,chain"
    SecRule ARGS "@rx foo"
    SecRule ARGS "@rx bar" "id:5,phase:2,pass,nolog,setvar:tx.score=+4"
    SecRule TX:level "@ge 1" "id:6,phase:2,pass,nolog,setvar:tx.sum=+%{tx.score}"
    SecRule TX:sum "@ge %{tx.limit}" "id:7,phase:2,deny,log"
"""
ACCEPT = ("Accept", "*/*")
REQUESTS = [
    (("/?a=x",), {"headers": (ACCEPT,)}),
    (("/?a=x",), {"headers": (ACCEPT, ACCEPT)}),
    (("/?a=bar&b=foo",), {"headers": (ACCEPT, ACCEPT)}),
    (("/?a=bar",), {"headers": (ACCEPT,)}),
    (("/?a=foo",), {"headers": (ACCEPT,)}),
    (("/?a=foo",), {"method": "POST"}),
    (("/",), {"method": "PUT", "headers": (("Bad", "1"),)}),
]


@pytest.mark.parametrize("most", [2, 1000])
def test_every_kind_of_request(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    for part, name in ((gate, "_MOST_KNOWN"), (profile, "_MOST_KNOWN"), (recall, "_MOST_KNOWN")):
        monkeypatch.setattr(part, name, most)
    pair = Pair(tmp_path, SUM)
    for words, named in REQUESTS * 3:
        pair.check(request_of(*words, **named))


def test_what_is_the_same_every_time_is_not_run_again(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = Pair(tmp_path, SUM).fast
    ran: list[int] = []
    run = module.CompiledRule.run
    monkeypatch.setattr(module.CompiledRule, "run", lambda self, tx: ran.append(self.id) or run(self, tx))
    first = ruleset.inspect_whole(request_of("/?a=x", headers=(ACCEPT,), method="GET"))
    assert ran
    ran.clear()
    again = ruleset.inspect_whole(request_of("/?a=y", headers=(ACCEPT,), method="GET"))
    assert 6 not in ran
    assert 3 not in ran
    assert 2 not in ran
    assert 4 not in ran
    assert again.verdict() == first.verdict()
    assert again.transaction.tx == first.transaction.tx


def test_what_is_large_is_not_remembered(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "_LARGEST", 4)
    monkeypatch.setattr(profile, "_LONGEST", 2)
    pair = Pair(tmp_path, SUM)
    for words, named in REQUESTS:
        pair.check(request_of(*words, **named))
    assert not any(run._known for plan in pair.fast.fast[2]._plans.values() for run in plan.runs.values())


SCALAR = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from([0.5, 1e300, "1.5", "x", "[1,2]"])
TENSOR = st.integers(60, 70).flatmap(lambda n: SCALAR.map(lambda value: [value] * n)) | st.lists(SCALAR, max_size=4)
VALUE = st.recursive(SCALAR | TENSOR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner))  # fmt: skip


@given(VALUE, st.booleans())
def test_tensors_are_read_as_before(value: Any, huge: bool) -> None:
    raw = json.dumps([value, "-" * bodies._SMALL]).encode()
    raw = raw.replace(b"1e+300", b"1e+999") if huge else raw
    slow, quick = bodies._strings(raw), bodies._read(raw)
    assert list(bodies.flatten(slow)) == list(bodies.flatten(quick))
    assert bodies._members(slow, []) == bodies._members(quick, [])


NAMES = st.sampled_from(["a", "b", "a:", "\\u003a"])
TEXTS = st.sampled_from(['"x"', '"a: b"', '":"', '"\\u003a"', "1.5", "null"])
DOCUMENT = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | st.lists(st.tuples(NAMES, inner), max_size=3).map(
            lambda pairs: "{" + ",".join(f'"{name}" : {value}' for name, value in pairs) + "}"
        )
        | st.tuples(TEXTS, st.integers(60, 70)).map(lambda many: "[" + ",".join([many[0]] * many[1]) + "]")
    ),
)


@given(DOCUMENT)
def test_both_values_of_a_name_are_arguments(document: str) -> None:
    """Whatever colons there are in texts and names."""
    transaction = Transaction("On", None)
    bodies._json(transaction, document.encode(), Reading())
    exact = json.loads(document, object_pairs_hook=bodies._pairs, parse_float=str, parse_int=str)
    assert transaction.maps["ARGS"] == list(bodies.flatten(exact))


def test_objects_with_a_name_twice_are_no_tensor() -> None:
    value = json.loads(b"[" + b",".join([b'{"a": "x", "a": "y"}'] * 65) + b"]", object_pairs_hook=bodies._pairs)
    assert len(list(bodies.flatten(value))) == 130


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ('{{"a": [{}], "b": "x"}}'.format(", ".join(["1.5"] * 2000)), '"b": "x"}'),
        ("[[{}],[{}]]".format(",".join(["-1e-5"] * 900), ",".join(["7"] * 900)), "]]"),
    ],
)
def test_numbers_are_left_out_of_the_raw_body(body: str, left: str) -> None:
    found = bodies.without_numbers(body.encode()).decode()
    assert len(found) < 300
    assert found.endswith(left)
    assert set(found) == set(body)


@pytest.mark.parametrize(
    "body",
    [
        '{{"a": [{}]}}'.format(",".join(["1"] * 400)),
        '{{"a": [{}, "x"]}}'.format(",".join(["1"] * 4000)),
        "[%s]" % ("1" * 3000),
        "[{}".format(",".join(["1"] * 4000)),
    ],
    ids=["short", "with a text", "one number", "without an end"],
)
def test_everything_else_stays(body: str) -> None:
    assert bodies.without_numbers(body.encode()).decode() == body


@given(st.text("\"'`/> \t\n!-?%&;:()abonclickstyhrfjav\x00é", max_size=40))
def test_scripts_need_an_angle_or_an_equals_sign(text: str) -> None:
    assert not detector("is_xss")(text)["is_xss"]

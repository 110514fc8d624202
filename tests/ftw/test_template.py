"""The actions of Go templates that bodies are written with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.ftw.template import MAX_LENGTH, TemplateError, expand


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain }} text { {", "plain }} text { {"),
        ('a={{ "xy" | repeat 3 }}&b', "a=xyxyxy&b"),
        ('{{repeat 2 "x"}}{{`{{`}}', "xx{{"),
        ('{{ repeat 2 (print "a" | upper) | lower }}', "aa"),
        ('{{ "a b" | urlquery }} {{ "a" | b64enc }} {{ " a " | trim }}', "a+b YQ== a"),
        ('a {{- "b" -}} c', "abc"),
        ("a{{/* why */}}b", "ab"),
        (r'{{ "\x41é\n\"\\" }}', 'Aé\n"\\'),
        ("{{ 12 }}{{ .Word }}", "12word"),
    ],
)
def test_what_is_understood(text: str, expected: str) -> None:
    assert expand(text, {"Word": "word"}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{7*7}}", "{{ }}", "{{ .Other }}", "{{ range . }}", '{{ "a" | nothing }}', '{{ "a', '{{ "a }}', "{{ repeat 2 }}",
        '{{ "a" | "b" }}', '{{ ("a" }}', '{{ "a") }}', '{{ "a" "b" }}', '{{ repeat "x" "y" }}', '{{ "a" | repeat 99999999 }}',
        "{{" + "(" * 40 + "1" + ")" * 40 + "}}", "text {{",
    ],
)  # fmt: skip
def test_what_is_not(text: str) -> None:
    with pytest.raises(TemplateError):
        expand(text)


def test_the_bound_holds_for_the_sum() -> None:
    with pytest.raises(TemplateError, match="a body of more than"):
        expand(f'{{{{ "a" | repeat {MAX_LENGTH} }}}}' * 2)


@given(st.text())
def test_text_is_itself_or_an_error(text: str) -> None:
    try:
        made = expand(text)
    except TemplateError:
        assert "{{" in text
    else:
        assert "{{" in text or made == text

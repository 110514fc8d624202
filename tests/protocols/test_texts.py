"""What bytes say as text."""

from __future__ import annotations

import pytest

from waf.protocols.texts import loose_base64, message_text, text_of, without_escapes

BROKEN = b'{"pad":"' + b"\xff" * 90 + b'","q":"hi"}'


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"hi", "hi"),
        ('{"q":"hi"}'.encode("utf-16"), '{"q":"hi"}'),
        ('{"q":"hi"}'.encode("utf-16-le"), '{"q":"hi"}'),
        (' \n["hi"]'.encode("utf-16-be"), ' \n["hi"]'),
        ('{"q":"hi"}'.encode("utf-32-be"), '{"q":"hi"}'),
        (BROKEN, BROKEN.decode("utf-8", "surrogateescape")),
        (b"[" + b"\xff" * 90, ""),
        (b"\x93\xa3" * 40, ""),
    ],
    ids=repr,
)
def test_a_message_of_bytes_that_servers_read_as_json_is_text(raw: bytes, text: str) -> None:
    assert message_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [(b"hi \xff there", "hi \udcff there"), ("hi".encode("utf-16"), "hi"), (b"%PDF" + b"\xff" * 9, None)],
)
def test_a_file_that_is_text(raw: bytes, text: str | None) -> None:
    assert text_of(raw) == text


@pytest.mark.parametrize("data", ["aGk=", "aGk", "a\r\nGk=", "a!G k=", "aGk=A", "=aGk==", "é aGk"])
def test_base64_as_lenient_decoders_read_it(data: str) -> None:
    assert loose_base64(data) == b"hi"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (r'{"a":"x.\nIgnore"}', '{"a":"x.\nIgnore"}'),
        (r' ["\u0049gnore \ud83d\ude00 \/ \\n \"q\""]', ' ["Ignore \U0001f600 / \\n "q""]'),
        (r'"\ud800 \u12', '"\ufffd \\u12'),
        (r"C:\new and {x}", r"C:\new and {x}"),
        (r"[C:\Users]", r"[C:\Users]"),
    ],
)
def test_escapes_of_json_are_undone_and_of_nothing_else(text: str, told: str) -> None:
    assert without_escapes(text) == told

"""Multipart bodies and their oddities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.rules.seclang.multipart import Multipart

TYPE = "multipart/form-data; boundary=X"
HEAD = b'Content-Disposition: form-data; name="a"'
GOOD = b"--X\r\n" + HEAD + b"\r\n\r\nv\r\n--X--\r\n"


def test_a_good_one() -> None:
    read = Multipart(TYPE, GOOD)
    assert [(part.name, part.content, part.headers[0][2]) for part in read.parts] == [("a", b"v", HEAD.decode())]
    assert (read.error, read.strict_error, read.unmatched, any(read.flags.values())) == ("", False, 2, False)


@pytest.mark.parametrize(
    ("header", "flag"),
    [
        ('multipart/form-data; boundary="X"', "boundary_quoted"),
        ("multipart/form-data; boundary =X", "boundary_whitespace"),
        ("multipart/form-data boundary=X", "missing_semicolon"),
    ],
)
def test_odd_headers(header: str, flag: str) -> None:
    read = Multipart(header, GOOD)
    assert [name for name, on in read.flags.items() if on] == [flag]
    assert read.strict_error
    assert len(read.parts) == 1


@pytest.mark.parametrize(
    "header",
    [
        "multipart/form-data",
        "multipart/mixed; boundary=X",
        "multipart/form-data; boundary=X; boundary=Y",
        "multipart/form-data; x=1; boundary=X",
        "multipart/form-data; boundaryX",
        "multipart/form-data; boundary1=X",
        'multipart/form-data; boundary="X',
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=X@",
        "multipart/form-data; boundary=Xé",
        "multipart/form-data; BOUNDARY=X",
        TYPE + " " * 1100,
    ],
)
def test_bad_headers(header: str) -> None:
    read = Multipart(header, GOOD)
    assert read.error
    assert read.strict_error
    assert read.parts == []


@pytest.mark.parametrize(
    ("body", "flags", "parts"),
    [
        (b"x\r\n" + GOOD, {"data_before"}, 1),
        (b"\r\n" + GOOD, set(), 1),
        (GOOD + b"x\r\n", {"data_after"}, 1),
        (GOOD.replace(b"\r\n", b"\n"), {"lf_line"}, 1),
        (GOOD.replace(b'"a"', b"'a'"), {"invalid_quoting"}, 1),
        (GOOD.replace(b'"a"', b'"a\'b"'), {"invalid_quoting"}, 1),
        (GOOD.replace(HEAD, HEAD + b"\r\n more"), {"header_folding"}, 0),
        (GOOD.replace(b"form-data; ", b"form-data;\r\n "), {"header_folding"}, 1),
        (GOOD.replace(b"form-data; ", b"form-data;\r\n \v"), {"header_folding", "invalid_header_folding"}, 1),
        (b"--X\r\n--X--\r\n", {"invalid_part"}, 0),
        (GOOD.replace(b'name="a"', b"name=a"), set(), 1),
        (GOOD.replace(b'"a"', b'"\\"\\\\\\a"'), set(), 1),
    ],
)
def test_flags(body: bytes, flags: set[str], parts: int) -> None:
    read = Multipart(TYPE, body)
    assert {name for name, on in read.flags.items() if on} == flags
    assert len(read.parts) == parts


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ((b"--X--\r\n", b""), "final boundary missing"),
        ((b"--X", b"--Y"), "no boundaries found"),
        ((b"--X--\r\n", b"--X--\r\n--X--\r\n"), "final duplicate"),
        ((b"--X\r\n", b"--Xtra\r\n"), "invalid boundary"),
        ((b"v\r\n", b"v\r\n-- X\r\n"), "boundary whitespace"),
        ((b"name=", b"na\0me="), "nul byte"),
        ((HEAD, b" " + HEAD), "folding error"),
        ((HEAD, b"no colon"), "without a colon"),
        ((HEAD, HEAD + b"\r\n" + HEAD), "duplicate part header"),
        ((HEAD, b"X-Other: 1"), "without Content-Disposition"),
        ((b"form-data;", b"attachment;"), "not form-data"),
        ((b'; name="a"', b""), "without a name"),
        ((b'name="a"', b'name="a" x'), "no semicolon"),
        ((b'name="a"', b'name="a" "'), "no semicolon"),
        ((b'name="a"', b"name"), "no value"),
        ((b'name="a"', b"name="), "no value"),
        ((b'name="a"', b'name="'), "open quote"),
        ((b'name="a"', b'name="a\\'), "open escape"),
        ((b'name="a"', b'name="a"; filename*=x'), "unknown parameter"),
        ((b'name="a"', b'name="a"; name="b"'), "duplicate name"),
    ],
)
def test_errors(change: tuple[bytes, bytes], error: str) -> None:
    assert error in Multipart(TYPE, GOOD.replace(*change)).error


def test_quoted_boundary_in_the_body() -> None:
    assert "quotes" in Multipart('multipart/form-data; boundary="X"', b'--"X"\r\n').error


def test_a_delimiter_of_another_body() -> None:
    assert Multipart(TYPE, GOOD.replace(b"v\r\n", b"v\r\n--other\r\n")).unmatched == 2
    assert Multipart(TYPE, b"--other\r\n").unmatched == 1


def test_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.rules.seclang.multipart.MOST_PARTS", 1)
    assert (
        Multipart(TYPE, GOOD.replace(b"--X--", b"--X\r\n" + HEAD + b"\r\n\r\nw\r\n--X\r\n")).error == "too many parts"
    )


@given(
    st.lists(
        st.sampled_from([b"--X", b"--", b"\r\n", b"\n", HEAD, b": ", b" ", b"\0", b"v", b'; filename="f"']), max_size=14
    )
)
def test_any_body(pieces: list[bytes]) -> None:
    read = Multipart(TYPE, b"".join(pieces))
    assert all(part.name for part in read.parts)

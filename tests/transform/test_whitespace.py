"""White space against the plain way to write it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from waf.transform import TRANSFORMS
from waf.transform.base import from_bytes, to_bytes

raws = st.lists(
    st.sampled_from(
        [b" ", b"  ", b" " * 9, b"\t", b"\n", b"\v", b"\f", b"\r", b"a", b"B", b"/", b"(", b",", b"^", b"\xa0", b"\x1c"]
    )
).map(b"".join)


@given(raws)
def test_compress_whitespace(raw: bytes) -> None:
    expected = re.sub(rb"[ \t\n\v\f\r]+", b" ", raw)
    assert to_bytes(TRANSFORMS["compress_whitespace"].apply(from_bytes(raw))) == expected


@given(raws)
def test_cmd_line(raw: bytes) -> None:
    out = re.sub(rb"[ ,;\t\r\n]+", b" ", re.sub(rb"[\"'\\^]", b"", raw)).lower()
    assert to_bytes(TRANSFORMS["cmd_line"].apply(from_bytes(raw))) == re.sub(rb" ([/(])", rb"\1", out)

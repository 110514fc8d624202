"""The frame codec: tables of what is invalid, and whole ≡ split at every byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.edge.websocket_frames import (
    BAD_TEXT,
    BINARY,
    CLOSE,
    CONTINUATION,
    MAX_FRAGMENTS,
    NO_CODE,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    FrameError,
    FrameFollower,
    Message,
    MessageReader,
    close_code,
    encode,
    encode_close,
    xor_mask,
)
from waf.protocols.texts import message_text

KEY = b"\x12\x34\x56\x78"


def masked(opcode: int, payload: bytes = b"", *, fin: bool = True) -> bytes:
    return encode(opcode, payload, mask=KEY, fin=fin)


def messages(wire: bytes, *cuts: int, limit: int = 100_000) -> list[Message]:
    reader = MessageReader(limit)
    out = []
    edges = [0, *cuts, len(wire)]
    for start, end in zip(edges, edges[1:], strict=False):  # noqa: RUF007 - the first of two equal edges is wanted
        reader.feed(wire[start:end])
        while (message := reader.next()) is not None:
            out.append(message)
    return out


# --------------------------------------------------------------------------- what a client sends

texts = st.text(st.characters(codec="utf-8"), max_size=40)
controls = st.tuples(st.sampled_from([PING, PONG]), st.binary(max_size=125))


@st.composite
def conversation(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, str]]]:
    """Frames of whole and fragmented messages with control frames between, and (opcode, text) in order of completion."""
    wire = b""
    told: list[tuple[int, str]] = []
    for kind in draw(st.lists(st.sampled_from([TEXT, BINARY]), max_size=5)):
        payload = draw(texts).encode() if kind == TEXT else draw(st.binary(max_size=200))
        cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=3)))
        edges = [0, *cuts, len(payload)]
        for index in range(len(edges) - 1):
            fin = index == len(edges) - 2
            wire += masked(kind if index == 0 else CONTINUATION, payload[edges[index] : edges[index + 1]], fin=fin)
            if fin:
                told.append((kind, payload.decode() if kind == TEXT else message_text(payload)))
            if draw(st.booleans()):
                opcode, data = draw(controls)
                wire += masked(opcode, data)
                told.append((opcode, ""))
    return wire, told


@given(conversation())
def test_messages_are_the_same_whole_and_in_pieces(case: tuple[bytes, list[tuple[int, str]]]) -> None:
    wire, told = case
    whole = messages(wire)
    assert [(message.opcode, message.text) for message in whole] == told
    assert sorted(b"".join(message.raw for message in whole)) == sorted(wire)
    assert messages(wire, *range(1, len(wire))) == whole


@pytest.mark.parametrize(
    ("payload", "text"),
    [(b'{"prompt":"x"}', '{"prompt":"x"}'), (b"\x00\x01\x02", ""), (b"", ""), (b"\xff\xd8\xff", "")],
)
def test_a_binary_message_that_is_text_is_read(payload: bytes, text: str) -> None:
    wire = masked(BINARY, payload[:1], fin=False) + masked(CONTINUATION, payload[1:])
    assert messages(wire) == [Message(BINARY, wire, text=text)]


@given(st.binary(max_size=64), st.lists(st.integers(0, 64), max_size=4))
def test_any_bytes_end_in_messages_or_in_a_frame_error(wire: bytes, cuts: list[int]) -> None:
    def outcome(*edges: int) -> list[Message] | int:
        try:
            return messages(wire, *edges, limit=50)
        except FrameError as error:
            return error.code

    assert outcome() == outcome(*sorted(min(cut, len(wire)) for cut in cuts))


BAD = [
    ("reserved bit 1", b"\xc1\x80" + KEY, PROTOCOL_ERROR),
    ("reserved bit 3", b"\x91\x80" + KEY, PROTOCOL_ERROR),
    ("opcode 3", b"\x83\x80" + KEY, PROTOCOL_ERROR),
    ("opcode 11", b"\x8b\x80" + KEY, PROTOCOL_ERROR),
    ("not masked", b"\x81\x01a", PROTOCOL_ERROR),
    ("fragmented ping", b"\x09\x80" + KEY, PROTOCOL_ERROR),
    ("long ping", b"\x89\xfe\x00\x7e" + KEY, PROTOCOL_ERROR),
    ("length 125 in two bytes", b"\x81\xfe\x00\x7d" + KEY, PROTOCOL_ERROR),
    ("length 65535 in eight", b"\x81\xff" + (65_535).to_bytes(8, "big") + KEY, PROTOCOL_ERROR),
    ("length with the top bit", b"\x81\xff" + b"\xff" * 8 + KEY, PROTOCOL_ERROR),
    ("continuation of nothing", masked(CONTINUATION, b"a"), PROTOCOL_ERROR),
    ("text within text", masked(TEXT, b"a", fin=False) + masked(TEXT, b"b"), PROTOCOL_ERROR),
    ("binary within text", masked(TEXT, b"a", fin=False) + masked(BINARY, b"b"), PROTOCOL_ERROR),
    ("text that is not UTF-8", masked(TEXT, b"\xff"), BAD_TEXT),
    ("a surrogate", masked(TEXT, b"\xed\xa0\x80"), BAD_TEXT),
    ("a character cut off", masked(TEXT, b"\xe2\x82", fin=False) + masked(CONTINUATION, b""), BAD_TEXT),
    ("close of one byte", masked(CLOSE, b"\x03"), PROTOCOL_ERROR),
    ("close 1005", masked(CLOSE, (1005).to_bytes(2, "big")), PROTOCOL_ERROR),
    ("close with bad text", masked(CLOSE, b"\x03\xe8\xff"), BAD_TEXT),
    ("too long", masked(TEXT, b"x" * 1001), TOO_BIG),
    ("too long, announced only", b"\x82\xff" + (1 << 40).to_bytes(8, "big") + KEY, TOO_BIG),
    ("too long together", masked(TEXT, b"x" * 600, fin=False) + masked(CONTINUATION, b"x" * 401), TOO_BIG),
    ("too long together, binary", masked(BINARY, b"x" * 600, fin=False) + masked(CONTINUATION, b"x" * 401), TOO_BIG),
]


@pytest.mark.parametrize(("name", "wire", "code"), BAD, ids=[name for name, *_ in BAD])
def test_what_a_client_must_not_send(name: str, wire: bytes, code: int) -> None:
    before = masked(TEXT, b"fine")
    for cuts in ((), range(1, len(before + wire))):
        with pytest.raises(FrameError) as caught:
            messages(before + wire, *cuts, limit=1000)
        assert caught.value.code == code


def test_a_message_of_exactly_the_limit_passes_and_the_next_starts_from_nothing() -> None:
    wire = masked(TEXT, b"x" * 600, fin=False) + masked(CONTINUATION, b"x" * 400)
    assert [len(message.text) for message in messages(wire * 3, limit=1000)] == [1000] * 3


def test_empty_fragments_have_an_end() -> None:
    wire = masked(TEXT, fin=False) + masked(CONTINUATION, fin=False) * (MAX_FRAGMENTS - 1)
    assert messages(wire) == []
    with pytest.raises(FrameError) as caught:
        messages(wire + masked(CONTINUATION))
    assert caught.value.code == TOO_BIG


def test_control_frames_overtake_the_text_they_interrupt() -> None:
    wire = masked(TEXT, b"one ", fin=False) + masked(PING, b"now") + masked(CONTINUATION, b"two")
    ping, text = messages(wire)
    assert (ping.opcode, ping.raw) == (PING, masked(PING, b"now"))
    assert (text.text, text.raw) == ("one two", masked(TEXT, b"one ", fin=False) + masked(CONTINUATION, b"two"))


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_every_form_of_length(size: int) -> None:
    wire = masked(TEXT, b"x" * size)
    assert [message.text for message in messages(wire)] == ["x" * size]
    follower = FrameFollower()
    frame = encode(BINARY, b"x" * size)
    assert follower.follow(frame) == len(frame)
    assert follower.between


# --------------------------------------------------------------------------- what the upstream sends


@given(st.lists(st.tuples(st.sampled_from([TEXT, BINARY, PING]), st.binary(max_size=125)), max_size=6), st.booleans())
def test_following_is_the_same_whole_and_in_pieces(frames: list[tuple[int, bytes]], closes: bool) -> None:
    wire = b"".join(encode(opcode, payload) for opcode, payload in frames)
    edges = {0}
    position = 0
    for opcode, payload in frames:
        position += len(encode(opcode, payload))
        edges.add(position)
    if closes:
        wire += encode_close(1000, "bye")
    whole = FrameFollower()
    assert whole.follow(wire + (b"after" if closes else b"")) == len(wire)
    assert (whole.code, whole.between) == (1000 if closes else 0, True)
    pieces = FrameFollower()
    for index in range(len(wire)):
        assert pieces.between is (index in edges)
        assert pieces.follow(wire[index : index + 1]) == 1
    assert (pieces.code, pieces.between) == (whole.code, True)


def test_stop_ends_with_the_frame_under_way() -> None:
    frame = encode(TEXT, b"hello")
    for cut in range(1, len(frame)):
        follower = FrameFollower()
        follower.follow(frame[:cut])
        assert follower.follow(frame[cut:] + frame, stop=True) == len(frame) - cut
        assert follower.between
        assert follower.follow(frame, stop=True) == 0


def test_a_close_without_a_code() -> None:
    follower = FrameFollower()
    assert follower.follow(encode(CLOSE, b"") + b"more") == 2
    assert follower.code == NO_CODE


@pytest.mark.parametrize(
    "wire",
    [
        b"\xc1\x00",
        b"\x83\x00",
        masked(TEXT, b"a"),
        b"\x89\x7e\x00\x7e",
        encode(CONTINUATION, b"a"),
        encode(TEXT, b"a", fin=False) + encode(BINARY, b"b"),
        encode(CLOSE, b"\x00\x01"),
    ],
    ids=["reserved", "opcode", "masked", "long ping", "continuation of nothing", "interrupted", "close code"],
)
def test_what_an_upstream_must_not_send(wire: bytes) -> None:
    with pytest.raises(FrameError):
        FrameFollower().follow(wire)
    follower = FrameFollower()
    with pytest.raises(FrameError):
        sum(follower.follow(wire[index : index + 1]) for index in range(len(wire)))


# --------------------------------------------------------------------------- small parts


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_masking_is_its_own_inverse(payload: bytes, key: bytes) -> None:
    assert xor_mask(payload, key) == bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))
    assert xor_mask(xor_mask(payload, key), key) == payload


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999])
def test_close_codes_that_may_be_sent(code: int) -> None:
    assert close_code(encode_close(code, "why")[2:]) == code


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2999, 5000, 65_535])
def test_close_codes_that_may_not(code: int) -> None:
    with pytest.raises(FrameError):
        close_code(code.to_bytes(2, "big"))


def test_a_close_reason_is_cut_between_characters() -> None:
    wire = encode_close(1008, "é" * 100)
    assert wire[1] == 2 + 122
    assert wire[4:].decode() == "é" * 61

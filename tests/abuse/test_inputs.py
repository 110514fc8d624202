"""What of a request is compared, and that vectors keep distances."""

from __future__ import annotations

from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.abuse.clusters import Clusters
from waf.abuse.embed import DIM, MOST_TEXT, embed_rows, embed_text, embed_texts, encoded, fold_row, fold_text, scale_of
from waf.abuse.inputs import MOST_INPUTS, hungry, rows, texts
from waf.abuse.profile import COMPARABLE, HITS, Pool, Profile
from waf.model import Field, Parsed, Tensor


def tensor(shape: tuple[int, ...], name: str = "x") -> Tensor:
    return Tensor(name, array("d", range(int(np.prod(shape)))), shape)


def scalars(**values: object) -> list[Field]:
    return [Field("json.scalars", path, value, f"json:$.{path}") for path, value in values.items()]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tensors", "protocol", "count", "size"),
    [
        ([tensor((64,))], "kserve", 1, 64),
        ([tensor((3, 5))], "kserve", 3, 5),
        ([tensor((2, 4, 4))], "oip", 2, 16),
        ([tensor((100, 5))], "kserve", MOST_INPUTS, 5),
        ([tensor((8, 8))], "generic", 1, 64),
        ([tensor((8, 8))], "kserve", 8, 8),
        ([tensor((2, 3)), tensor((2, 1))], "oip", 2, 4),
        ([tensor((2, 3)), tensor((4,))], "oip", 1, 10),
        ([Tensor("ragged", array("d", range(5)), (2, -1))], "kserve", 1, 5),
        ([Tensor("empty", array("d"), (0,))], "kserve", 0, 0),
        ([], "openai", 0, 0),
    ],
)
def test_rows(tensors: list[Tensor], protocol: str, count: int, size: int) -> None:
    found = rows(Parsed({}, protocol=protocol, tensors=tensors))
    assert len(found) == count
    assert {row.size for row in found} == ({size} if count else set())


def test_numbers_in_members_make_rows() -> None:
    fields = [
        Field("json.scalars", n, value, f"json:$.instances[{i}].{n}")
        for i in range(2)
        for n, value in (("a", 1), ("b", 2.5))
    ]
    found = rows(Parsed({"json.scalars": fields}, protocol="kserve"))
    assert [row.values.tolist() for row in found] == [[1.0, 2.5], [1.0, 2.5]]
    one = rows(Parsed({"json.scalars": scalars(age=3, income=5.0, name="x")}))
    assert [row.values.tolist() for row in one] == [[3.0, 5.0]]
    assert rows(Parsed({"json.scalars": scalars(n=1)})) == []
    assert rows(Parsed({"json.scalars": scalars(n=1, m=2)}, protocol="openai")) == []


def prompt(*said: str) -> list[Field]:
    return [Field("llm.prompt", f"p{i}", text, f"json:$.p[{i}]") for i, text in enumerate(said)]


def test_texts() -> None:
    chat = {"llm.user": prompt("first", "last"), "llm.system": prompt("system")}
    assert [text.folded for text in texts(Parsed(chat))] == [b"last"]
    assert [text.folded for text in texts(Parsed({"llm.prompt": prompt("A1!", "b")}, protocol="openai"))] == [
        b"a0 ",
        b"b",
    ]
    assert [text.folded for text in texts(Parsed({"llm.prompt": prompt("a", "b")}))] == [b"a b"]
    assert len(texts(Parsed({"llm.prompt": prompt(*map(str, range(50)))}, protocol="kserve"))) == MOST_INPUTS
    assert texts(Parsed({"llm.prompt": prompt("", " ")})) == texts(Parsed({})) == []
    assert len(texts(Parsed({"llm.user": prompt("x" * 100_000)}))[0].folded) == 1024


@pytest.mark.parametrize(
    ("params", "answer"),
    [
        (None, None),
        ({}, False),
        ({"temperature": 0.0, "max_tokens": 100}, False),
        ({"logprobs": 1}, True),
        ({"logprobs": 0}, False),
        ({"top_logprobs": 5}, True),
        ({"max_tokens": 1}, True),
        ({"num_predict": -1}, False),
    ],
)
def test_appetite(params: dict[str, float] | None, answer: bool | None) -> None:
    fields = {} if params is None else {"llm.params": [Field("llm.params", n, v, "") for n, v in params.items()]}
    assert hungry(Parsed(fields)) is answer


@given(st.text(max_size=300))
def test_any_text_has_a_vector(text: str) -> None:
    point = embed_text(fold_text(encoded(text)))
    assert point.shape == (DIM,)
    assert np.isfinite(point).all()


@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_texts_together_are_what_each_is_alone(texts: list[str]) -> None:
    folded = [fold_text(encoded(text)) for text in texts]
    assert np.allclose(embed_texts(folded), [embed_text(one) for one in folded], atol=1e-6)


@pytest.mark.parametrize("letter", ["a", "ü", "語", "\U0001f600", "\ud800"])
def test_of_a_long_text_both_ends_count(letter: str) -> None:
    for count in (100, 700, 1023, 1024, 1025, 5000):
        text = "".join(f"{letter}{chr(97 + i % 7)}" for i in range(count))[:count]
        data = text.encode("utf-8", "surrogatepass")
        whole = data if len(data) <= MOST_TEXT else data[:768] + data[-256:]
        assert fold_text(encoded(text)) == whole


def test_variants_are_near_and_others_are_not() -> None:
    one, variant, other = (
        embed_text(fold_text(encoded(text)))
        for text in (
            "Where is my parcel number 1234?",
            "WHERE is my parcel, number 987?",
            "A cake wants two eggs and some milk",
        )
    )
    assert np.linalg.norm(one - variant) < 0.7
    assert np.linalg.norm(one - other) > 1.0


@pytest.mark.parametrize("size", [40, 5000])
def test_distances_are_kept(size: int) -> None:
    rng = np.random.default_rng(1)
    table = np.stack([fold_row(row) for row in rng.normal(size=(40, size))])
    width = table.shape[1]
    points = embed_rows(table / 8, np.zeros(width, np.float32), np.ones(width, np.float32))
    kept = [np.linalg.norm(points[i] - points[i + 1]) * 8 / np.sqrt(2 * size) for i in range(39)]
    assert np.mean(kept) == pytest.approx(1, abs=0.1)


def test_pixels_share_a_scale_and_columns_do_not() -> None:
    rng = np.random.default_rng(1)
    pixels = rng.random((40, 64), dtype=np.float32)
    pixels[:, :12] *= 1e-3
    assert len(set(scale_of(pixels)[1].tolist())) == 1
    table = rng.normal(size=(40, 6)).astype(np.float32) * np.array([1, 100, 0.01, 1e4, 1, 0], dtype=np.float32)
    scale = scale_of(table)[1]
    assert scale[1] / scale[3] == pytest.approx(100, rel=0.5)
    assert np.isfinite(scale).all()
    assert (scale_of(np.ones((4, 3), dtype=np.float32))[1] == 1).all()


def test_clusters_join_grow_and_end() -> None:
    pool = Pool(16, 1)

    def shared(number: int, hits: float = 6) -> Profile:
        profile, _ = pool.make((number, 1), 0.0)
        pool.counts[profile.slot, HITS], pool.counts[profile.slot, COMPARABLE] = hits, 8
        return profile

    made, a, b, c, d = Clusters(pool), shared(1), shared(2), shared(3), shared(4)
    made.join(a, shared(9, hits=1), 0.0)
    assert len(made) == 0, "one of them does not look like it"
    made.join(a, b, 0.0)
    made.join(c, d, 0.0)
    assert len(made) == 2
    first = made.of(a.key)
    assert first is not None
    first.queries, first.hits = 10, {"shared": 9.0}
    made.join(a, c, 1.0)
    made.join(a, d, 1.0)
    whole = made.of(d.key)
    assert whole is not None
    assert len(made) == 1
    assert (whole.members, whole.queries, whole.hits) == ({p.key for p in (a, b, c, d)}, 10, {"shared": 9.0})
    for profile in (a, b, c):
        made.leave(profile.key)
    assert len(made) == 0
    assert made.of(d.key) is None


@pytest.mark.parametrize(
    ("one", "other", "again"),
    [
        ("State at 12:05?", "State at 9:40?", True),
        ("State at 12:05:59.123?", "State at 00:00:01.9?", True),
        ("Report of 2026-11-30.", "Report of 2025-01-02.", True),
        ("Log 2026-11-30T12:05:00Z: up", "Log 2026-12-01T01:00:59.25+01:00: up", True),
        ("Report of 30.11.2026", "Report of 1/2/2025", True),
        ("at 1764504000 ok", "at 1764504000123 ok", True),
        ("State at 12:05?", "State at noon?", False),
        ("State at 12:05?", "STATE at 12:05?", False),
        ("Room 12 is free", "Room 13 is free", False),
        ("It is 20.31 degrees", "It is 20.32 degrees", False),
        ("call 555-123-4567", "call 555-123-4568", False),
        ("user 1764504", "user 1764505", False),
        ("At 12:05 " + "word " * 1000, "At 12:06 " + "word " * 1000, False),
    ],
)
def test_who_asks_the_same_at_another_time_repeats_it(one: str, other: str, again: bool) -> None:
    def digest(text: str) -> int:
        (found,) = texts(
            Parsed({"llm.user": [Field("llm.user", "content", text, "json:$.messages[0]")]}, protocol="openai")
        )
        return found.digest

    assert (digest(one) == digest(other)) is again

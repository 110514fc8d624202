from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.classify.buckets import bucket, runs


@pytest.mark.parametrize(
    ("length", "size"),
    [(0, 16), (1, 16), (16, 16), (17, 24), (24, 24), (25, 32), (33, 48), (49, 64), (128, 128), (129, 192), (512, 512)],
)
def test_a_window_is_padded_to_the_next_size(length: int, size: int) -> None:
    assert bucket(length) == size


@given(st.integers(17, 100_000))
def test_padding_is_at_most_half_of_the_text(length: int) -> None:
    assert length <= bucket(length) < 1.5 * length


@given(st.lists(st.integers(0, 2000)), st.integers(1, 20), st.integers(1, 5000))
def test_every_window_is_run_once_and_no_run_is_too_large(lengths: list[int], rows: int, positions: int) -> None:
    made = runs(lengths, rows=rows, positions=positions)
    assert sorted(i for run in made for i in run) == list(range(len(lengths)))
    for run in made:
        sizes = {bucket(lengths[i]) for i in run}
        assert len(sizes) == 1 or (len(made) == 1 and len(run) * max(sizes) <= 4_096)
        assert len(run) == 1 or (len(run) <= rows and len(run) * max(sizes) <= positions)


def test_a_few_go_in_one_run() -> None:
    assert runs([100, 5, 110, 6, 100], rows=8, positions=10_000) == [[0, 1, 2, 3, 4]]
    assert runs([100, 5, 110, 6, 100], rows=4, positions=10_000) == [[1, 3], [0, 2, 4]]
    assert runs([100, 5, 110, 6, 100], rows=8, positions=500) == [[1, 3], [0, 2, 4]]


def test_windows_of_one_length_go_together() -> None:
    assert runs([1000, 5, 1010, 6, 1000], rows=8, positions=10_000) == [[1, 3], [0, 2, 4]]
    assert runs([], rows=8, positions=100) == []

"""A text without a transform's trigger characters comes back as the very same object."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.transform import TRANSFORMS
from waf.transform.triggers import TRIGGERS

ASCII = [chr(n) for n in range(128)]


@pytest.mark.parametrize("name", sorted(TRIGGERS))
def test_without_triggers_nothing_happens(name: str) -> None:
    apply, idle = TRANSFORMS[name].apply, [c for c in ASCII if c not in TRIGGERS[name]]

    @settings(max_examples=300, deadline=None)
    @given(st.text(alphabet=idle, max_size=40))
    def check(text: str) -> None:
        assert apply(text) is text

    check()


@pytest.mark.parametrize("name", sorted(name for name, chars in TRIGGERS.items() if chars))
def test_the_triggers_do_something(name: str) -> None:
    """Not proof that each one is needed, but a table of only wrong letters would fail."""
    apply = TRANSFORMS[name].apply
    samples = [
        f"{before}{char}{after}"
        for char in TRIGGERS[name]
        for before in ("", "a", "/*", " ")
        for after in ("41 b", "x41;", "#x41;", "*/", "<", "-", "/../", " ")
    ]
    assert any(apply(sample) != sample for sample in samples)


def test_every_name_is_a_transform() -> None:
    assert set(TRIGGERS) <= set(TRANSFORMS)

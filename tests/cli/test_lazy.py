"""What is set before a command is imported."""

from __future__ import annotations

import os
from collections.abc import Callable

import click
import pytest

from waf.cli import main
from waf.cli.lazy import _ALGEBRA


@pytest.mark.parametrize(
    ("command", "given", "expected"),
    [("serve", {}, "1"), ("demo", {}, "1"), ("keys", {}, None), ("serve", {"OMP_NUM_THREADS": "4"}, None)],
)
def test_algebra_on_one_core(
    command: str, given: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in _ALGEBRA:
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    get: Callable[..., click.Command] = main.get_command  # type: ignore[assignment]
    get(click.Context(main), command)
    assert os.environ.get("OPENBLAS_NUM_THREADS") == expected
    for name in _ALGEBRA:
        monkeypatch.setenv(name, os.environ.pop(name, ""))  # what it set ends with the test

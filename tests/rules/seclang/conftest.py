"""Small rule sets of our own words, run over requests; the CRS's own tests only where it lies beside the checkout."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from waf.errors import Problem, RuleError
from waf.model import Request, Response
from waf.rules.seclang import CrsOptions, CrsRuleset, CrsVerdict, load

CRS = Path(os.environ.get("CRS_PATH") or Path(__file__).parents[4] / "shared" / "crs4")
collect_ignore = [] if (CRS / "rules").is_dir() else ["test_crs.py"]


def request_of(target: str = "/", **given: Any) -> Request:
    given.setdefault("method", "POST" if given.get("body") else "GET")
    return Request(target=target, client_ip="192.0.2.7", id="ident", **given)


@pytest.fixture
def rules(tmp_path: Path) -> Callable[..., CrsRuleset]:
    """Loads a text as one file."""

    def make(text: str, **options: Any) -> CrsRuleset:
        file = tmp_path / "own.conf"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        return load(file, CrsOptions(**options))

    return make


@pytest.fixture
def run(rules: Callable[..., CrsRuleset]) -> Callable[..., CrsVerdict]:
    """Runs a text over one request, all phases."""

    def make(text: str, target: str = "/", response: Response | None = None, **given: Any) -> CrsVerdict:
        options = {key: given.pop(key) for key in ("engine", "quirks", "base") if key in given}
        return rules(text, **options).inspect_whole(request_of(target, **given), response).verdict()

    return make


@pytest.fixture
def problems(rules: Callable[..., CrsRuleset]) -> Callable[[str], list[Problem]]:
    """What is wrong with a text."""

    def make(text: str) -> list[Problem]:
        with pytest.raises(RuleError) as caught:
            rules(text)
        return list(caught.value.problems)

    return make

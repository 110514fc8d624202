"""A text of SecLang, converted, and both sides of it over requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from waf.model import Request
from waf.parse import parse
from waf.parse.options import DEFAULTS
from waf.rules import build_ruleset
from waf.rules.convert import Conversion, Options, convert
from waf.rules.load import load_pack
from waf.rules.operators import Context
from waf.rules.seclang import CrsOptions, load

PARANOID = 4


class Both:
    """The original in the SecLang engine, and what was made of it in ours."""

    def __init__(self, folder: Path, text: str) -> None:
        file = folder / "own.conf"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        self.made = convert(file)
        out = folder / "own.yaml"
        out.write_text(self.made.text)
        self.pack = load_pack(out, context=Context(regex_timeout=1.0))
        self.old = load(file, CrsOptions(engine="DetectionOnly", model_text="include", rule_timeout=1.0))
        self.new = build_ruleset(self.pack.rules, context=Context(regex_timeout=1.0))

    def matches(self, request: Request) -> tuple[list[int], list[int]]:
        """Ids that match, of the converted rules: by the original, by ours."""
        found = self.old.inspect(request).transaction.matched
        path = request.target.partition("?")[0]
        ours, _ = self.new.request.run(parse(request, DEFAULTS).fields, path, PARANOID)
        return sorted(set(found) & set(self.made.converted)), sorted(match.rule for match in ours)

    def same(self, requests: Sequence[Request]) -> None:
        for request in requests:
            old, new = self.matches(request)
            assert old == new, request


@pytest.fixture
def both(tmp_path: Path) -> Callable[[str], Both]:
    return lambda text: Both(tmp_path, text)


@pytest.fixture
def converted(tmp_path: Path) -> Callable[..., Conversion]:
    def make(text: str, **options: object) -> Conversion:
        file = tmp_path / "own.conf"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        return convert(file, Options(**options))  # type: ignore[arg-type]

    return make

"""The public names, as the package's docstring shows them."""

from __future__ import annotations

import pytest

import waf


def test_the_docstring_s_example() -> None:
    engine = waf.Engine(waf.load_ruleset(waf.Rules()), waf.Config())
    assert engine.inspect(waf.Request(method="GET", target="/?id=1")).decision.action == "allow"
    attack = waf.Request(method="GET", target="/?id=1'%20union%20select%20password%20from%20users--")
    assert engine.inspect(attack).decision.action == "block"


@pytest.mark.parametrize("name", waf.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(waf, name) is not None


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        waf.Nothing  # noqa: B018
